package aggregator

import (
	"maps"
	"slices"
	"time"

	"fanfare/aggregator/fx"
)

// No snapshot shows a price past its own hard limit, and none shows prices that were ranked
// with other exchange rates than the newest (docs/definitions.md 6). Both make a snapshot
// outdated. It is replaced when somebody reads it; while somebody watches, a timer does not
// let it get that far.

// outdated reports whether a price in the snapshot is past its hard limit at now, or was
// ranked with other exchange rates than rates.
func (s *Snapshot) outdated(now time.Time, rates *fx.Table) bool {
	return s.Rates != rates || !s.validUntil.IsZero() && !now.Before(s.validUntil) ||
		slices.ContainsFunc(s.trips, func(t trip) bool { return !t.rankedWith(rates) })
}

// renew replaces the newest snapshot if it is outdated. Parts come first, because their
// prices stand in the search's combinations.
func (s *Search) renew() {
	newest, now := s.newest.Load(), s.agg.now()
	if newest == nil || !newest.outdated(now, s.agg.cfg.Rates()) {
		return
	}
	for _, part := range s.allParts() {
		part.renewOwn(now)
	}
	s.renewOwn(now)
}

// renewOwn is renew without the parts.
func (s *Search) renewOwn(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.newest.Load().outdated(now, s.agg.cfg.Rates()) {
		s.publishLocked()
	}
}

// allParts returns the searches of the parts, in no order.
func (s *Search) allParts() []*Search {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.parts.searches))
}

// setExpiryLocked starts the timer that replaces the newest snapshot as soon as it is outdated,
// while somebody watches.
func (s *Search) setExpiryLocked() {
	stop(&s.timers.expiry)
	newest := s.newest.Load()
	if s.travellers.watchers == 0 || newest == nil || newest.validUntil.IsZero() {
		return
	}
	s.timers.expiry = time.AfterFunc(max(newest.validUntil.Sub(s.agg.now()), time.Millisecond), func() {
		s.renew()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.setExpiryLocked() // the business clock may be behind the timer's
	})
}

// setValidUntil notes when the first price of the snapshot's answers passes its hard limit, and the
// first of its combinations. Those have the parts' own prices, not what parts are combined to.
func (s *Snapshot) setValidUntil() {
	for _, answer := range s.answers {
		s.ownValidUntil = earlier(s.ownValidUntil, answer.Until())
	}
	s.validUntil = s.ownValidUntil
	for _, t := range s.trips {
		for _, part := range t.parts {
			s.validUntil = earlier(s.validUntil, part.ownValidUntil)
		}
	}
}

// earlier returns the earlier of two times, of which zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// renewAnswersLocked takes out of the partners' answers what is past its hard limit at now, and
// ranks them with the exchange rates.
func (s *Search) renewAnswersLocked(now time.Time, rates *fx.Table) {
	for _, p := range s.partners {
		if p.standing == nil {
			continue
		}
		current := s.again(p.standing, now, rates)
		if current == p.standing {
			continue
		}
		if current.Offers() > 0 {
			p.standing = current
			s.keep(p.source, current)
			continue
		}
		p.lapse(s.again(p.partial, now, rates))
	}
}
