package aggregator

import (
	"context"
	"slices"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// A search whose trip can be put together from several tickets has parts: one-way searches
// held in their own right, with the query's passengers, cabin and market, so that equal
// ones are shared with each other and with travellers who ask the same. Their partners are
// asked by background calls only. What they answer makes combinations, which stand neither in
// this search's partners nor in its state hash, and never keep it from being terminal.
//
// A part that no traveller has asked for is in the background: it cannot be found by its
// id, counts as no search, and is dropped soon after the last search that needs it.

// BackgroundPartner is a Partner that may also be asked what no traveller has asked.
type BackgroundPartner interface {
	Partner
	// Combinable reports whether the partner may be asked for parts of a trip, and budgeted
	// whether it is declared how many questions it takes a day.
	Combinable() (allowed, budgeted bool)
	// AskBackground is Ask as long as the partner's limits leave room for it; an
	// Unasked answer says that they do not.
	AskBackground(ctx context.Context, q travel.Query) travel.Answer
}

// combinable reports whether a partner may be asked for parts. For directions of a return any
// may that allows it; for legs over hubs, which are more and win less often, only one of
// which is known that its budget has room: an undeclared one is not.
func combinable(connect bool) func(Partner) bool {
	return func(p Partner) bool {
		spare, ok := p.(BackgroundPartner)
		if !ok {
			return false
		}
		allowed, budgeted := spare.Combinable()
		return allowed && (budgeted || !connect)
	}
}

// backgroundSource makes background calls of a partner's calls.
type backgroundSource struct{ BackgroundPartner }

func (s backgroundSource) Ask(ctx context.Context, q travel.Query) travel.Answer {
	return s.AskBackground(ctx, q)
}

// The bounds of the extra questions of one search: a return asks 2, a trip of six slices
// 6, a one-way through two hubs 4, each of every partner that may be asked. More hubs would
// cost as much again and find less, as the nearest to the way come first.
const (
	maxHubs = 2
	// partRetain is how long a part is held that nobody needs any more; its answers stay
	// for others.
	partRetain = time.Minute
	// gather is how long answers for parts wait for each other to make one revision: they
	// are many and nobody waits for one of them.
	gather = 250 * time.Millisecond
)

// gatherParts makes the search's parts held, and asks for what of them is due. Nothing is
// asked under overload: parts are dropped first, like refreshes. Of the partners, those are
// asked for which worth holds.
func (s *Search) gatherParts(worth func(p *partner, now time.Time) bool) {
	for _, p := range s.plans {
		if !slices.ContainsFunc(*s.agg.partners.Load(), combinable(p.connect)) {
			continue
		}
		for _, q := range p.parts {
			if s.agg.busy() {
				return
			}
			part := s.agg.part(q, s, p.connect, worth)
			s.mu.Lock()
			if s.parts == nil {
				s.parts = map[string]*Search{}
			}
			s.parts[part.ID] = part
			s.mu.Unlock()
		}
	}
	s.takeParts() // of what other searches have asked already
}

// part is the held search of a part of parent: one that is there, or a new one in the
// background. Its partners are asked for which worth holds.
func (a *Aggregator) part(q travel.Query, parent *Search, connect bool, worth func(p *partner, now time.Time) bool) *Search {
	for {
		s, isNew := a.searchFor(q, true)
		if !isNew {
			s.mu.Lock()
		}
		if s.dropped.Load() {
			s.mu.Unlock()
			continue // dropped meanwhile
		}
		now := a.now()
		s.lastNeeded.Store(now.UnixNano())
		if !slices.Contains(s.parents, parent) {
			s.parents = append(s.parents, parent)
		}
		switch {
		case isNew:
			s.startInBackgroundLocked(now)
		case s.background.Load() && s.reconcileLocked(true):
			s.publishLocked() // what partners have said that SetPartners has replaced is gone
		}
		s.askInBackground(now, combinable(connect), worth)
		s.mu.Unlock()
		return s
	}
}

// startInBackgroundLocked is start for a part: no partner is asked yet. The lock is held.
func (s *Search) startInBackgroundLocked(now time.Time) {
	s.terminal, s.terminalReported = true, true
	for _, source := range *s.agg.partners.Load() {
		if p := s.addLocked(source, now); p.status == fault.Asking {
			p.status = fault.Queued
		}
	}
	s.publishLocked()
}

// askInBackground asks, by background calls, those of the partners that are worth one. The lock is held.
func (s *Search) askInBackground(now time.Time, may func(Partner) bool, worth func(p *partner, now time.Time) bool) {
	var targets []*partner
	for _, p := range s.partners {
		// A traveller's search takes in replaced partners only when it is asked again.
		if worth(p, now) && may(p.source) && s.agg.current(p.source) {
			targets = append(targets, p)
		}
	}
	s.askPartnersLocked(targets, true)
}

// promote makes a search in the background one of a traveller's: partners that it has not
// asked are asked as for a new one. It is false if the
// search is dropped, or is somebody else's already.
func (s *Search) promote() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dropped.Load() || !s.background.CompareAndSwap(true, false) {
		return false
	}
	now := s.agg.now()
	s.plans = plansOf(s.Query, s.agg.cfg.Atlas)
	s.askedNowLocked(now)
	s.beginLocked(now)
	return true
}

// notifyParentsLocked lets searches of which this is a part know of a new revision. The lock is
// held, so that they take it later, on a goroutine of their own.
func (s *Search) notifyParentsLocked() {
	s.parents = slices.DeleteFunc(s.parents, func(p *Search) bool { return p.dropped.Load() })
	for _, p := range s.parents {
		if p.notifyScheduled.CompareAndSwap(false, true) {
			time.AfterFunc(gather, p.takeParts)
		}
	}
}

// takeParts makes a revision if the parts make other combinations than the newest one has.
func (s *Search) takeParts() {
	s.notifyScheduled.Store(false)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.dropped.Load() && !sameTrips(s.tripsLocked(), s.newest.Load().trips) {
		s.publishLocked()
	}
}

// keepPartsLocked notes that the search needs its parts, forgets those that were dropped, and
// reports whether what they say has changed. The lock is held.
func (s *Search) keepPartsLocked(now time.Time) (changed bool) {
	s.parents = slices.DeleteFunc(s.parents, func(p *Search) bool { return p.dropped.Load() })
	for id, part := range s.parts {
		part.lastNeeded.Store(now.UnixNano())
		if part.dropped.Load() {
			delete(s.parts, id)
		}
	}
	return !sameTrips(s.tripsLocked(), s.newest.Load().trips)
}

// refreshParts asks the parts again whose prices are past fresh, for who watches the search: as
// often as the search itself.
func (s *Search) refreshParts() {
	now := s.agg.now()
	isStale := func(part *Search) bool {
		part.mu.Lock()
		defer part.mu.Unlock()
		return part.staleLocked(now)
	}
	if !slices.ContainsFunc(s.allParts(), isStale) {
		return
	}
	s.mu.Lock()
	refresh := s.refreshableLocked(now) && s.partRefreshes < s.agg.cfg.Refreshes
	if refresh {
		s.partRefreshes++
	}
	s.mu.Unlock()
	if refresh {
		s.gatherParts((*partner).priceStaleOrNew)
	}
}

// unneededLocked reports whether the search is in the background, and no search has needed it lately.
func (s *Search) unneededLocked(now time.Time) bool {
	return s.background.Load() && now.Sub(time.Unix(0, s.lastNeeded.Load())) > partRetain
}
