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

// Search is one held search: the question, each partner's newest answer, and the
// newest snapshot. Everybody with the same question shares it.
type Search struct {
	ID    string
	Query travel.Query

	agg     *Aggregator
	created time.Time
	newest  atomic.Pointer[Snapshot]
	merger  merge.Merger // what has been merged of this search, for the next revision
	dropped atomic.Bool  // no longer held; it goes on for those who still wait

	background      atomic.Bool  // a part that no traveller has asked for; see parts.go
	lastNeeded      atomic.Int64 // when another search last needed it as a part, in Unix nanoseconds
	notifyScheduled atomic.Bool  // a look at its parts is on its way

	mu               sync.Mutex // guards the fields below
	partners         []*partner // sorted by name
	changed          chan struct{}
	terminal         bool // for those who wait: all have ended, or the budget is over
	asking           int  // calls in flight, refreshes included
	published        time.Time
	pending          *time.Timer // a revision that waits for answers close behind
	budget           *time.Timer // turns the search terminal; stopped when it is, or it would keep the search alive
	expiry           *time.Timer // replaces the newest snapshot when it is outdated; nil while nobody watches
	accounted        int64       // bytes, under the cache's bound
	lastUse          time.Time   // of any request
	lastAct          time.Time   // of the traveller: POST, one-shot, change of view
	watchers         int
	askers           int    // travellers who asked the question
	departed         int    // of them, those who left before the end
	idDisclosed      bool   // somebody may come back for it by its id
	cancelCalls      func() // ends the calls of a search that nobody waits for; nil once it is terminal
	terminalReported bool   // that it turned terminal
	begun            int64  // the first revision since the question was last asked anew
	views            map[string]bool
	doneSent         int64 // the revision of which some stream was told that the search is done

	plans         []plan             // how its trip can be put together; set once
	parts         map[string]*Search // of the plans, by id
	partRefreshes int                // of parts, since the traveller's last act
	parents       []*Search          // whose part it is
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

// join is a traveller asking for a held search: partners are asked again whose answer
// is not good any more. A search without an answer that could be shown, because it has failed or
// expired or all its partners were replaced, starts anew if that asks a partner or waits for a
// background call, so that the traveller waits as for a new one. It is false if the search is not held any more, or not yet a
// traveller's.
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
	if (status == Failed || status == Expired || s.terminal && !stands) &&
		slices.ContainsFunc(s.partners, func(p *partner) bool { return p.awaited(now) && (p.inBackground || !p.asking) }) {
		s.beginLocked(now)
		return true
	}
	if changed { // by partners that SetPartners has replaced, and whom it will find done
		defer s.publishLocked()
	}
	s.askLocked(s.selectPartners((*partner).shouldAsk, now))
	return true
}

// beginLocked asks the question anew: the search is pending again, and those who asked it before and do
// not watch it do not count any more. The lock is held.
func (s *Search) beginLocked(now time.Time) {
	s.reconcileLocked(true)
	s.created, s.begun, s.terminalReported, s.terminal = now, 0, false, true
	s.askers, s.departed = 1+s.watchers, 0 // who still waits will wait for this, too
	for _, p := range s.partners {
		if p.awaited(now) {
			p.standing, p.partial, p.failed, p.ended, p.late = nil, nil, nil, false, false
			p.status, p.cause = fault.Asking, fault.None
			s.terminal = false
		}
	}
	s.askLocked(s.selectPartners((*partner).shouldAsk, now))
	s.publishLocked()
	s.setBudgetLocked()
}

// startLocked asks every applicable partner without a usable kept answer. The lock is held.
func (s *Search) startLocked() {
	now := s.agg.now()
	for _, source := range *s.agg.partners.Load() {
		s.addLocked(source, now)
	}
	targets := s.selectPartners((*partner).shouldAsk, now)
	s.terminal = true
	for _, p := range targets {
		s.terminal = s.terminal && !p.awaited(now) // a kept answer stands meanwhile: nobody waits for its refresh
	}
	s.plans = plansOf(s.Query, s.agg.cfg.Atlas)
	s.askLocked(targets) // their answers wait for our lock
	s.publishLocked()
	s.setBudgetLocked()
}
