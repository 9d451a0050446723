package aggregator

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"fanfare/aggregator/cache"
	"fanfare/aggregator/fanout"
	"fanfare/aggregator/fx"
	"fanfare/aggregator/merge"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// The way of one answer: askLocked marks the partner and calls it, prepare makes the answer ready
// for merging, keep puts it into the cache, deliver takes it into the search, and scheduleLocked
// (publish.go) makes a revision of it.

// inFlight is the calls of a search that have not ended. It is guarded by the lock of its search.
type inFlight struct {
	count  int    // refreshes included
	cancel func() // ends those that travellers wait for; nil once nobody waits
}

// context is what calls run under that a traveller waits for: base, but cancel ends it. ended is
// called once they have ended.
func (f *inFlight) context(base context.Context) (ctx context.Context, ended func()) {
	ctx, cancel := context.WithCancel(base)
	before := f.cancel
	f.cancel = func() {
		cancel()
		if before != nil {
			before()
		}
	}
	return ctx, cancel
}

// askLocked starts the calls to the given partners, and marks them as asked.
func (s *Search) askLocked(targets []*partner) { s.callLocked(targets, false) }

// askAgainLocked asks the partners for which again holds.
func (s *Search) askAgainLocked(again func(p *partner, now time.Time) bool, now time.Time) {
	changed := s.reconcileLocked(true)
	s.askLocked(s.selectPartnersLocked(again, now))
	if changed { // by partners that SetPartners has replaced, and whom it will find done
		s.publishLocked()
	}
}

// callLocked is askLocked, by background calls where no traveller has asked. The calls run on a
// goroutine that the aggregator waits for.
func (s *Search) callLocked(targets []*partner, inBackground bool) {
	if len(targets) == 0 {
		return
	}
	s.inFlight.count += len(targets)
	sources := make([]fanout.Source, len(targets))
	for i, p := range targets {
		p.asking, p.inBackground, p.late = true, inBackground, s.round.terminal
		if (p.status == fault.Queued || p.status == fault.Expired) && !inBackground {
			p.status = fault.Asking
		}
		sources[i] = p.source
		if inBackground {
			sources[i] = backgroundSource{p.source.(BackgroundPartner)} // see combinable
		}
	}
	ctx, ended := s.agg.calls.base, func() {}
	if !inBackground && !s.round.terminal { // else nobody waits for it
		ctx, ended = s.inFlight.context(ctx)
	}
	s.agg.calls.start(inBackground, func() {
		defer ended()
		fanout.All(ctx, s.Query, sources, func(i int, answer travel.Answer) {
			s.deliver(targets[i], s.prepare(targets[i].source, answer))
		})
	})
}

// retryAfterFailure is when a failed partner is asked again, if neither its breaker
// nor the partner itself says (docs/definitions.md 1).
const retryAfterFailure = 30 * time.Second

// prepare completes an answer's times, prepares it and keeps a good one.
func (s *Search) prepare(source Partner, answer travel.Answer) *merge.Prepared {
	_, maxAge := source.Cacheable()
	answer.FreshUntil, answer.HardUntil = cache.Lifetime(s.Query, answer.AsOf, answer.OffersKept() == 0, maxAge)
	if answer.Err != nil && answer.RetryAt.IsZero() {
		answer.RetryAt = answer.AsOf.Add(retryAfterFailure)
	}
	kept := answer.OffersKept()
	prepared := merge.Prepare(answer, prepareContext(s.ID, time.Time{}, s.agg.cfg.Rates()))
	if kept > 0 && prepared.Answer.OffersKept() == 0 {
		prepared.Answer.Err = &fault.Error{Partner: source.Name(), Op: "search " + string(s.Query.Product), Status: fault.ErrorContract,
			Cause: fault.InvalidOffers, Err: errors.New("no exchange rate for any offer's currency")}
		prepared.Answer.RetryAt = answer.AsOf.Add(retryAfterFailure)
	}
	s.keep(source, prepared)
	s.logCall(&prepared.Answer)
	return prepared
}

// keep puts a whole answer into the cache, if the partner's contract allows it and the partner
// is still declared as it was when it answered.
func (s *Search) keep(source Partner, prepared *merge.Prepared) {
	if allowed, _ := source.Cacheable(); prepared.Answer.Err == nil && allowed && s.agg.current(source) {
		s.kept.putAnswer(source, prepared, prepared.Answer.HardUntil.Sub(s.agg.now()))
	}
}

// logCall is one line a call: the partner's own words stand here and nowhere else.
func (s *Search) logCall(answer *travel.Answer) {
	log := s.agg.cfg.Log
	if !log.Enabled(context.Background(), slog.LevelDebug) {
		return
	}
	status, cause := fault.Judge(answer.OffersKept(), answer.Err)
	facts := []any{"search", s.ID, "partner", answer.Partner, "status", status, "cause", cause, "took", answer.Took}
	if e := fault.Of(answer.Err); e != nil {
		facts = append(facts, "http_status", e.HTTPStatus, "code", e.Code, "detail", e.Detail)
	}
	log.Debug("partner call", facts...)
}

// deliver takes one partner's answer into the search.
func (s *Search) deliver(p *partner, prepared *merge.Prepared) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.asking = false
	s.inFlight.count--
	if a := &prepared.Answer; a.Unasked {
		if p.status == fault.Asking && slices.Contains(s.partners, p) { // by a traveller, meanwhile
			s.askLocked([]*partner{p})
		}
		if s.inFlight.count == 0 && !s.round.terminal {
			s.publishLocked()
		}
		return
	}
	p.apply(prepared, s.agg.now()) // a partner removed meanwhile is none of ours any more
	s.scheduleLocked()
}

// again returns the answer as it may be shown at now: itself if nothing has changed, and nil
// for nil.
func (s *Search) again(prepared *merge.Prepared, now time.Time, rates *fx.Table) *merge.Prepared {
	if prepared == nil || prepared.Offers() == 0 { // nothing is never too old, and has no price
		return prepared
	}
	if prepared.PreparedWith(rates) && now.Before(prepared.Until()) {
		return prepared
	}
	return prepared.PrepareAgain(prepareContext(s.ID, now, rates))
}

// prepareContext is how answers are prepared for a search.
func prepareContext(searchID string, now time.Time, rates *fx.Table) merge.Context {
	return merge.Context{SearchID: searchID, Micros: rates.EURMicros, Rates: rates, Now: now}
}
