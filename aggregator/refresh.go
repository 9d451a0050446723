package aggregator

import (
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// Prices are kept fresh while somebody watches a search: for Config.LiveFor after the
// traveller's last act, and at most Config.Refreshes times a partner since the question was
// last asked. A change of view is an act, but gives no new refreshes. A partner that has
// nothing is not asked again, because there is no price to keep fresh.

// latencyKnown is a Partner that knows how long its calls take.
type latencyKnown interface {
	// Latency95 returns the 95th percentile of how long calls for a product take, false if too
	// few are known.
	Latency95(travel.Product) (time.Duration, bool)
}

// refreshMargin is what a refresh may come late by: Run looks once a tick, and prices may leave
// a second before their hard limit. Prices that live shorter than ten margins get a tenth of
// their life.
const refreshMargin = 2 * tick

// refreshAt returns when a watched answer is asked for again: when it stops being fresh, or
// earlier if the partner would otherwise answer after the hard limit. A call is taken to last
// one and a half times the partner's 95th percentile, or, while too few calls are known, as
// the last one.
func (p *partner) refreshAt(a *travel.Answer) time.Time {
	took, product := a.Took, travel.Flights
	if len(a.Stays) > 0 {
		product = travel.Hotels
	}
	if known, ok := p.source.(latencyKnown); ok {
		if p95, enough := known.Latency95(product); enough {
			took = p95
		}
	}
	latest := a.HardUntil.Add(-took*3/2 - min(refreshMargin, a.HardUntil.Sub(a.AsOf)/10))
	if latest.Before(a.FreshUntil) {
		return latest
	}
	return a.FreshUntil
}

// wantsRefresh reports whether a watched search should ask the partner again: its answer has
// prices that are past fresh, or has expired, or the partner is new. shown is the earliest time
// at which a price of the partner that somebody sees stops being fresh; zero is none.
func (p *partner) wantsRefresh(now, shown time.Time) bool {
	switch {
	case p.asking || p.failed != nil && (p.standing == nil || now.Before(p.failed.RetryAt)):
		return false
	case p.status == fault.Queued || p.status == fault.Expired:
		return true
	case p.standing == nil || p.standing.Offers() == 0:
		return false
	}
	if p.priceStale(now) {
		return true
	}
	a := &p.standing.Answer
	// A price that is fresh for less than its answer asks again at most once in the answer's
	// own fresh time, or scarce seats would multiply the calls.
	return !shown.IsZero() && !now.Before(shown) && now.Sub(p.offerRefresh) >= a.FreshUntil.Sub(a.AsOf)
}

// refreshLocked asks the partners again whose prices should be fresher.
func (s *Search) refreshLocked(now time.Time) {
	if !s.refreshableLocked(now) {
		return
	}
	shown := s.newest.Load().seen.all()
	s.askAgainLocked(func(p *partner, now time.Time) bool {
		if p.refreshes >= s.agg.cfg.Refreshes || !p.wantsRefresh(now, shown[p.source.Name()]) {
			return false
		}
		p.refreshes++
		if p.standing != nil && !p.priceStale(now) {
			p.offerRefresh = now
		}
		return true
	}, now)
}

// refreshableLocked reports whether refreshes are made at all: the search has ended, its traveller
// has done something lately, and we are not short of anything.
func (s *Search) refreshableLocked(now time.Time) bool {
	return s.round.terminal && now.Sub(s.travellers.lastAct) < s.agg.cfg.LiveFor && !s.agg.busy()
}

// staleLocked reports whether a priced answer is past fresh.
func (s *Search) staleLocked(now time.Time) bool {
	return slices.ContainsFunc(s.partners, func(p *partner) bool { return p.priceStale(now) })
}

// priceStale reports whether the partner's answer has prices and is past fresh.
func (p *partner) priceStale(now time.Time) bool {
	return p.standing != nil && p.standing.Offers() > 0 &&
		!now.Before(p.refreshAt(&p.standing.Answer))
}

// priceStaleOrNew reports whether a part asks the partner again for who watches: for fresher
// prices, or because nothing stands. What failed or has nothing is left alone.
func (p *partner) priceStaleOrNew(now time.Time) bool {
	return !p.asking && (p.priceStale(now) || p.status == fault.Queued || p.status == fault.Expired)
}

// seen is which prices of a snapshot somebody has been shown. It is safe for concurrent use.
type seen struct {
	mu    sync.Mutex // guards fresh
	fresh map[string]time.Time
}

// note takes in prices that are shown: their partners, and until when they are fresh.
func (s *seen) note(prices iter.Seq2[string, time.Time]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for partner, fresh := range prices {
		if first, known := s.fresh[partner]; known && !fresh.Before(first) {
			continue
		}
		if s.fresh == nil {
			s.fresh = map[string]time.Time{}
		}
		s.fresh[partner] = fresh
	}
}

// all returns, by partner, when the first of its prices that are shown stops being fresh.
func (s *seen) all() map[string]time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.fresh)
}
