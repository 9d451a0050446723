package providers

import (
	"context"
	"time"

	"fanfare/providers/travel"
)

// backgroundShare divides what a partner's limits allow: one part in spareShare is what spare
// calls may use, the rest is kept for what travellers themselves ask.
const backgroundShare = 2

// Combinable reports whether the contract lets the partner be asked for one-way parts of a
// trip, to be combined with those of others, and whether it bounds the calls of a day.
func (p *Provider) Combinable() (allowed, budgeted bool) {
	return p.cfg.Combine, p.cfg.quota().PerDay > 0
}

// AskBackground is Ask for a question that no traveller has asked: it is made only while the
// partner's limits leave room for travellers' own searches (half of the day's calls, of
// the second's and of those in flight), once, without retry or hedge. It reads the breaker:
// it is refused unless that is closed, so that it is never the probe of a half-open one, and
// of its outcomes only some count there (entry.counted). What it is refused
// is nobody's failure: the Answer is Unasked, and the metrics do not hear of it.
func (p *Provider) AskBackground(ctx context.Context, q travel.Query) travel.Answer {
	start := time.Now()
	a, attempts := p.ask(ctx, q, true)
	p.complete(&a, q, start, attempts)
	if a.Unasked = attempts == 0; !a.Unasked {
		p.report(&a)
	}
	return a
}
