package aggregator

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// A search whose trip can be put together from several tickets has parts: one-way searches
// active in their own right, with the query's passengers, cabin and market, so that equal
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

const (
	// partRetain is how long a part is active that nobody needs any more; its answers stay
	// for others.
	partRetain = time.Minute
	// gather is how long answers for parts wait for each other to make one revision: they
	// are many and nobody waits for one of them.
	gather = 250 * time.Millisecond
)

// parts is what a search is put together from. But for notifyScheduled it is guarded by the lock
// of the search.
type parts struct {
	plans     []plan             // how the trip can be put together; set once, before parts are asked for
	searches  map[string]*Search // of the plans, by id
	refreshes int                // of parts, since a traveller last asked

	notifyScheduled atomic.Bool // a look at the parts is on its way
}

func (p *parts) add(part *Search) {
	if p.searches == nil {
		p.searches = map[string]*Search{}
	}
	p.searches[part.ID] = part
}

// need notes that the search still needs its parts, and forgets those that were dropped.
func (p *parts) need(now time.Time) {
	for id, part := range p.searches {
		part.parents.lastNeeded.Store(now.UnixNano())
		if part.dropped.Load() {
			delete(p.searches, id)
		}
	}
}

// trips are the plans of which every part has something to sell.
func (p *parts) trips() []trip {
	var all []trip
	for _, plan := range p.plans {
		t := trip{connect: plan.connect}
		for _, q := range plan.parts {
			part := p.searches[q.ID()]
			if part == nil || part.dropped.Load() {
				break
			}
			if newest := part.newest.Load(); newest.Offers() > 0 {
				t.parts = append(t.parts, newest)
			}
		}
		if len(t.parts) == len(plan.parts) {
			all = append(all, t)
		}
	}
	return all
}

// parents is whose part a search is. But for lastNeeded it is guarded by the lock of the search.
type parents struct {
	searches   []*Search
	lastNeeded atomic.Int64 // when one of them last needed it, in Unix nanoseconds
}

func (p *parents) add(parent *Search, now time.Time) {
	p.lastNeeded.Store(now.UnixNano())
	if !slices.Contains(p.searches, parent) {
		p.searches = append(p.searches, parent)
	}
}

// any reports whether the search is a part.
func (p *parents) any() bool { return len(p.searches) > 0 }

// forgetDropped forgets those that were dropped.
func (p *parents) forgetDropped() {
	p.searches = slices.DeleteFunc(p.searches, func(s *Search) bool { return s.dropped.Load() })
}

// unneeded reports whether no search has needed this one lately.
func (p *parents) unneeded(now time.Time) bool {
	return now.Sub(time.Unix(0, p.lastNeeded.Load())) > partRetain
}

// gatherParts makes the search's parts active, and asks for what of them is due. Nothing is
// asked under overload: parts are dropped first, like refreshes. Of the partners, those are
// asked for which worth holds.
func (s *Search) gatherParts(worth func(p *partner, now time.Time) bool) {
	for _, p := range s.parts.plans {
		if !slices.ContainsFunc(*s.agg.partners.Load(), combinable(p.connect)) {
			continue
		}
		for _, q := range p.parts {
			if s.agg.busy() {
				return
			}
			part := s.askPart(q, p.connect, worth)
			s.mu.Lock()
			s.parts.add(part)
			s.mu.Unlock()
		}
	}
	s.takeParts() // of what other searches have asked already
}

// askPart is the active search of a part: one that is there, or a new one in the background. Its
// partners are asked for which worth holds.
func (s *Search) askPart(q travel.Query, connect bool, worth func(p *partner, now time.Time) bool) *Search {
	for {
		part, isNew := s.agg.searchFor(q, true)
		if !isNew {
			part.mu.Lock()
		}
		served := part.serveLocked(s, isNew, connect, worth)
		part.mu.Unlock()
		if served {
			return part
		} // else dropped meanwhile
	}
}

// serveLocked is a parent asking for the search as its part. It is false if the search is dropped.
func (s *Search) serveLocked(parent *Search, isNew, connect bool, worth func(p *partner, now time.Time) bool) bool {
	if s.dropped.Load() {
		return false
	}
	now := s.agg.now()
	s.parents.add(parent, now)
	switch {
	case isNew:
		s.startInBackgroundLocked(now)
	case s.background.Load() && s.reconcileLocked(true):
		s.publishLocked() // what partners have said that SetPartners has replaced is gone
	}
	s.askInBackgroundLocked(now, combinable(connect), worth)
	return true
}

// startInBackgroundLocked is start for a part: no partner is asked yet.
func (s *Search) startInBackgroundLocked(now time.Time) {
	s.round.terminal, s.round.reported = true, true
	for _, source := range *s.agg.partners.Load() {
		if p := s.addLocked(source, now); p.status == fault.Asking {
			p.status = fault.Queued
		}
	}
	s.publishLocked()
}

// askInBackgroundLocked asks, by background calls, those of the partners that are worth one.
func (s *Search) askInBackgroundLocked(now time.Time, may func(Partner) bool, worth func(p *partner, now time.Time) bool) {
	var targets []*partner
	for _, p := range s.partners {
		// A traveller's search takes in replaced partners only when it is asked again.
		if worth(p, now) && may(p.source) && s.agg.current(p.source) {
			targets = append(targets, p)
		}
	}
	s.callLocked(targets, true)
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
	s.parts.plans = plansOf(s.Query, s.agg.cfg.Atlas)
	s.askedNowLocked(now)
	s.beginRoundLocked(now)
	return true
}

// notifyParentsLocked lets searches of which this is a part know of a new revision. They take it
// later, on a goroutine of their own, as no search waits for another's lock with its own held.
func (s *Search) notifyParentsLocked() {
	s.parents.forgetDropped()
	for _, p := range s.parents.searches {
		if p.parts.notifyScheduled.CompareAndSwap(false, true) {
			time.AfterFunc(gather, p.takeParts)
		}
	}
}

// takeParts makes a revision if the parts make other combinations than the newest one has.
func (s *Search) takeParts() {
	s.parts.notifyScheduled.Store(false)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.dropped.Load() && !sameTrips(s.parts.trips(), s.newest.Load().trips) {
		s.publishLocked()
	}
}

// keepPartsLocked notes that the search needs its parts, and reports whether what they say has
// changed.
func (s *Search) keepPartsLocked(now time.Time) (changed bool) {
	s.parents.forgetDropped()
	s.parts.need(now)
	return !sameTrips(s.parts.trips(), s.newest.Load().trips)
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
	refresh := s.refreshableLocked(now) && s.parts.refreshes < s.agg.cfg.Refreshes
	if refresh {
		s.parts.refreshes++
	}
	s.mu.Unlock()
	if refresh {
		s.gatherParts((*partner).priceStaleOrNew)
	}
}
