package aggregator

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"fanfare/aggregator/cache"
	"fanfare/aggregator/fanout"
	"fanfare/aggregator/merge"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// askLocked starts the calls to the given partners, on goroutines that the aggregator owns.
// The lock is held; partners are marked asking.
func (s *Search) askLocked(targets []*partner) { s.askPartnersLocked(targets, false) }

// askPartnersLocked is ask, by background calls where no traveller has asked. The lock is held.
func (s *Search) askPartnersLocked(targets []*partner, inBackground bool) {
	if len(targets) == 0 {
		return
	}
	s.asking += len(targets)
	sources := make([]Partner, len(targets))
	for i, p := range targets {
		p.asking, p.inBackground, p.late = true, inBackground, s.terminal
		if (p.status == fault.Queued || p.status == fault.Expired) && !inBackground {
			p.status = fault.Asking
		}
		sources[i] = p.source
	}
	s.agg.fanOut(s, sources, inBackground, func(i int, prepared *merge.Prepared) { s.deliver(targets[i], prepared) })
}

// fanOut asks partners, by background calls if nobody has asked, prepares what they say, keeps it
// and hands it to deliver.
func (a *Aggregator) fanOut(s *Search, partners []Partner, inBackground bool, deliver func(i int, prepared *merge.Prepared)) {
	running := &a.live
	sources := make([]fanout.Source, len(partners))
	for i, p := range partners {
		sources[i] = p
		if inBackground {
			running, sources[i] = &a.backgroundLive, backgroundSource{p.(BackgroundPartner)} // see combinable
		}
	}
	ctx, ended := a.base, func() {} // nobody waits for a background call
	if !inBackground {
		ctx, ended = s.callContextLocked()
	}
	running.Add(1)
	a.calls.Go(func() {
		defer running.Add(-1)
		defer ended()
		fanout.All(ctx, s.Query, sources, func(i int, answer travel.Answer) {
			deliver(i, a.prepare(s, partners[i], answer))
		})
	})
}

// retryAfterFailure is when a failed partner is asked again, if neither its breaker
// nor the partner itself says (docs/definitions.md 1).
const retryAfterFailure = 30 * time.Second

// prepare completes an answer's times, prepares it and keeps a good one.
func (a *Aggregator) prepare(s *Search, source Partner, answer travel.Answer) *merge.Prepared {
	_, maxAge := source.Cacheable()
	answer.FreshUntil, answer.HardUntil = cache.Lifetime(s.Query, answer.AsOf, answer.OffersKept() == 0, maxAge)
	if answer.Err != nil && answer.RetryAt.IsZero() {
		answer.RetryAt = answer.AsOf.Add(retryAfterFailure)
	}
	kept := answer.OffersKept()
	prepared := merge.Prepare(answer, prepareContext(s.ID, time.Time{}, a.cfg.Rates()))
	if kept > 0 && prepared.Answer.OffersKept() == 0 {
		prepared.Answer.Err = &fault.Error{Partner: source.Name(), Op: "search " + string(s.Query.Product), Status: fault.ErrorContract,
			Cause: fault.InvalidOffers, Err: errors.New("no exchange rate for any offer's currency")}
		prepared.Answer.RetryAt = answer.AsOf.Add(retryAfterFailure)
	}
	a.keep(s, source, prepared)
	a.logCall(s, &prepared.Answer)
	return prepared
}

// keep puts a whole answer into the cache, if the partner's contract allows it and the partner
// is still declared as it was when it answered.
func (a *Aggregator) keep(s *Search, source Partner, prepared *merge.Prepared) {
	if allowed, _ := source.Cacheable(); prepared.Answer.Err == nil && allowed && a.current(source) {
		a.cache.Put(s.ID, answerKey(source), prepared, prepared.Bytes(), prepared.Answer.HardUntil.Sub(a.now()))
	}
}

// logCall is one line a call: the partner's own words stand here and nowhere else.
func (a *Aggregator) logCall(s *Search, answer *travel.Answer) {
	if !a.cfg.Log.Enabled(context.Background(), slog.LevelDebug) {
		return
	}
	status, cause := fault.Judge(answer.OffersKept(), answer.Err)
	facts := []any{"search", s.ID, "partner", answer.Partner, "status", status, "cause", cause, "took", answer.Took}
	if e := fault.Of(answer.Err); e != nil {
		facts = append(facts, "http_status", e.HTTPStatus, "code", e.Code, "detail", e.Detail)
	}
	a.cfg.Log.Debug("partner call", facts...)
}

// deliver takes one partner's answer into the search.
func (s *Search) deliver(p *partner, prepared *merge.Prepared) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.asking = false
	s.asking--
	if a := &prepared.Answer; a.Unasked {
		if p.status == fault.Asking && slices.Contains(s.partners, p) { // by a traveller, meanwhile
			s.askLocked([]*partner{p})
		}
		if s.asking == 0 && !s.terminal {
			s.publishLocked()
		}
		return
	}
	p.apply(prepared, s.agg.now()) // a partner removed meanwhile is none of ours any more
	s.scheduleLocked()
}
