package providers

import (
	"context"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// spareShare divides what a partner's limits allow: one part in spareShare is what spare
// calls may use, the rest is kept for what travellers themselves ask.
const spareShare = 2

// Combinable tells whether the contract lets the partner be asked for one-way parts of a
// trip, to be combined with those of others, and whether it bounds the calls of a day.
func (p *Provider) Combinable() (allowed, budgeted bool) {
	return p.cfg.Combine, p.cfg.quota().PerDay > 0
}

// AskSpare is Ask for a question that no traveller has asked: it is made only while the
// partner's limits leave room for travellers' own searches (half of the day's calls, of
// the second's and of those in flight), once, without retry or hedge. What it is refused
// is nobody's failure: the Answer is Unasked, and the metrics do not hear of it.
func (p *Provider) AskSpare(ctx context.Context, q travel.Query) travel.Answer {
	start := time.Now()
	a, attempts := p.byAirports(ctx, q, p.guardedSpare)
	p.complete(&a, q, start, attempts)
	if a.Unasked = attempts == 0; !a.Unasked {
		p.report(&a)
	}
	return a
}

func (p *Provider) guardedSpare(ctx context.Context, q travel.Query) (a travel.Answer, attempts int) {
	if !p.cfg.Combine {
		return travel.Answer{Err: fault.Newf(fault.Quota, "not to be asked for parts of a trip")}, 0
	}
	if !p.spare.TryAcquire(1) {
		return travel.Answer{Err: fault.Newf(fault.Bulkhead, "no spare call left")}, 0
	}
	defer p.spare.Release(1)
	if all := p.deps.Spare; all != nil {
		if !all.TryAcquire(1) {
			return travel.Answer{Err: fault.Newf(fault.Overload, "too many spare calls in flight")}, 0
		}
		defer all.Release(1)
	}
	one, refused := p.admitted(p.breakers[q.Product], p.quota.takeSpare)
	if refused != nil {
		return travel.Answer{Err: refused}, 0
	}
	ctx, cancel := context.WithTimeoutCause(ctx, p.cfg.Deadline, p.late)
	defer cancel()
	return p.try(ctx, q, one), 1
}
