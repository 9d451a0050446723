package aggregator

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"fanfare/aggregator/merge"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// Search is one active search: the question, each partner's newest answer, and the
// newest snapshot. Everybody with the same question shares it.
//
// A method whose name ends in Locked is called with mu held. Nobody waits for a search's lock with
// another search's held. The cache's lock comes after it, and that of activeSearches last.
type Search struct {
	ID    string
	Query travel.Query

	agg        *Aggregator
	kept       cacheGroup
	newest     atomic.Pointer[Snapshot]
	merger     merge.Merger // what has been merged of this search, for the next revision
	dropped    atomic.Bool  // no longer active; it goes on for those who still wait
	background atomic.Bool  // a part that no traveller has asked for; see parts.go

	mu         sync.Mutex // guards the fields below
	partners   []*partner // sorted by name
	changed    chan struct{}
	published  time.Time // when the newest revision was
	accounted  int64     // bytes, under the cache's bound
	round      round
	inFlight   inFlight
	timers     timers
	travellers travellers
	parts      parts
	parents    parents
}

// round is one asking of the question, until those who wait have nothing left to wait for. A
// search that is asked again with nothing to show begins another.
type round struct {
	began    time.Time
	first    int64 // its first revision, 0 before that
	terminal bool  // for those who wait: all calls have ended, or the budget is over
	reported bool  // that it turned terminal
}

// newSearchLocked is a search without partners. It is returned locked, as nobody may see a search
// before its first snapshot.
func newSearchLocked(a *Aggregator, id string, q travel.Query, background bool) *Search {
	s := &Search{ID: id, Query: q, agg: a, kept: cacheGroup{a.cache, id}}
	s.background.Store(background)
	s.round.began = a.now()
	s.travellers.lastUse, s.travellers.lastAct = s.round.began, s.round.began
	s.mu.Lock()
	return s
}

// startAndUnlock asks every applicable partner without a usable kept answer, for the traveller who
// has asked first. The search is new, and so locked.
func (s *Search) startAndUnlock() {
	defer s.mu.Unlock()
	now := s.agg.now()
	s.travellers.askers = 1
	for _, source := range *s.agg.partners.Load() {
		s.addLocked(source, now)
	}
	targets := s.selectPartnersLocked((*partner).shouldAsk, now)
	s.round.terminal = true
	for _, p := range targets {
		s.round.terminal = s.round.terminal && !p.awaited(now) // a kept answer stands meanwhile: nobody waits for its refresh
	}
	s.parts.plans = plansOf(s.Query, s.agg.cfg.Atlas)
	s.askLocked(targets) // their answers wait for our lock
	s.publishLocked()
	s.setBudgetLocked()
}

// join is a traveller asking for an active search: partners are asked again whose answer
// is not good any more. A search without an answer that could be shown, because it has failed or
// expired or all its partners were replaced, starts anew if that asks a partner or waits for a
// background call, so that the traveller waits as for a new one. It is false if the search is not
// active any more, or not yet a traveller's.
func (s *Search) join() bool {
	s.renew()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dropped.Load() || s.background.Load() {
		return false
	}
	now := s.agg.now()
	s.askedNowLocked(now)
	changed := s.reconcileLocked(true)
	status := s.newest.Load().Status
	stands := slices.ContainsFunc(s.partners, func(p *partner) bool { return p.standing != nil })
	if (status == Failed || status == Expired || s.round.terminal && !stands) &&
		slices.ContainsFunc(s.partners, func(p *partner) bool { return p.awaited(now) && (p.inBackground || !p.asking) }) {
		s.beginRoundLocked(now)
		return true
	}
	if changed { // by partners that SetPartners has replaced, and whom it will find done
		defer s.publishLocked()
	}
	s.askLocked(s.selectPartnersLocked((*partner).shouldAsk, now))
	return true
}

// askedNowLocked notes that a traveller has asked the question: prices are kept fresh from now on,
// with as many refreshes as for a new search.
func (s *Search) askedNowLocked(now time.Time) {
	s.travellers.ask(now)
	s.parts.refreshes = 0
	for _, p := range s.partners {
		p.refreshes = 0
	}
}

// beginRoundLocked asks the question anew: the search is pending again.
func (s *Search) beginRoundLocked(now time.Time) {
	s.reconcileLocked(true)
	s.round = round{began: now, terminal: true}
	s.travellers.beginRound()
	for _, p := range s.partners {
		if p.awaited(now) {
			p.standing, p.partial, p.failed, p.ended, p.late = nil, nil, nil, false, false
			p.status, p.cause = fault.Asking, fault.None
			s.round.terminal = false
		}
	}
	s.askLocked(s.selectPartnersLocked((*partner).shouldAsk, now))
	s.publishLocked()
	s.setBudgetLocked()
}

// republish makes a revision without anything new, as what it is made with has changed.
func (s *Search) republish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.publishLocked()
}

// Snapshot returns the newest revision, never nil. None of its prices is past its hard limit.
func (s *Search) Snapshot() *Snapshot {
	s.renew()
	return s.newest.Load()
}

// Changed returns a channel that is closed when there is a revision newer than the
// snapshot returned with it, which is as Snapshot returns it.
func (s *Search) Changed() (*Snapshot, <-chan struct{}) {
	s.renew()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newest.Load(), s.changed
}

// Wait returns the first snapshot for which done holds, or the newest when ctx ends.
func (s *Search) Wait(ctx context.Context, done func(*Snapshot) bool) *Snapshot {
	for {
		snapshot, changed := s.Changed()
		if done(snapshot) {
			return snapshot
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return s.Snapshot()
		}
	}
}

// Active reports whether the search can still be found.
func (s *Search) Active() bool { return !s.dropped.Load() }
