package aggregator

import (
	"time"

	"fanfare/aggregator/merge"
	"fanfare/aggregator/page"
	"fanfare/providers/travel"
)

// coalesce is how long answers that come close together wait for each other to make
// one revision. The first and the last do not wait.
const coalesce = 50 * time.Millisecond

// timers are what a search does by itself. Each is nil while it has nothing to do.
type timers struct {
	pending *time.Timer // makes a revision that waits for answers close behind
	budget  *time.Timer // turns the search terminal; stopped when it is, or it would keep the search alive
	expiry  *time.Timer // replaces the newest snapshot when it is outdated, while somebody watches
}

// stop stops a timer, if there is one, and forgets it.
func stop(t **time.Timer) {
	if *t != nil {
		(*t).Stop()
		*t = nil
	}
}

// setBudgetLocked sees to it that the search turns terminal in time.
func (s *Search) setBudgetLocked() {
	if !s.round.terminal {
		s.timers.budget = time.AfterFunc(s.agg.cfg.Budget, s.overBudget)
	}
}

// overBudget makes the search terminal for those who wait, although calls go on.
func (s *Search) overBudget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.round.terminal {
		s.round.terminal = true
		s.publishLocked()
	}
}

// scheduleLocked publishes a revision now if nothing is left to wait for, else soon.
func (s *Search) scheduleLocked() {
	wait := coalesce - time.Since(s.published)
	if s.inFlight.count == 0 || s.newest.Load().Status == Pending || wait <= 0 {
		s.publishLocked()
		return
	}
	if s.timers.pending == nil {
		s.timers.pending = time.AfterFunc(wait, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.timers.pending != nil {
				s.publishLocked()
			}
		})
	}
}

// publishLocked makes the next revision the newest, and lets all who wait for it know.
func (s *Search) publishLocked() {
	stop(&s.timers.pending)
	if s.inFlight.count == 0 {
		s.round.terminal = true
	}
	s.published = time.Now()
	next := s.nextLocked()
	s.newest.Store(next)
	if s.changed != nil {
		close(s.changed)
	}
	s.changed = make(chan struct{})
	s.kept.removeMade() // of older revisions
	s.accountLocked(next.UpdatedAt)
	if s.round.terminal {
		s.releaseLocked()
	}
	s.setExpiryLocked()
	s.notifyParentsLocked()
	if s.round.terminal && !s.round.reported {
		s.round.reported = true
		if s.Query.Product == travel.Flights {
			s.agg.past.learn(routeOf(&s.Query), next.answers)
		}
		s.agg.searched(next)
	}
}

// nextLocked is the revision that follows the newest.
func (s *Search) nextLocked() *Snapshot {
	now, rates := s.agg.now(), s.agg.cfg.Rates()
	s.renewAnswersLocked(now, rates)
	next := &Snapshot{ID: s.ID, Query: s.Query, CreatedAt: s.round.began, UpdatedAt: now, Revision: time.Now().UnixMilli(), Rates: rates}
	if last := s.newest.Load(); last != nil {
		next.Revision = max(next.Revision, last.Revision+1)
	}
	if s.round.first == 0 {
		s.round.first = next.Revision
	}
	states := make([]merge.PartnerState, len(s.partners))
	next.Partners = make([]PartnerView, len(s.partners))
	for i, p := range s.partners {
		next.Partners[i] = p.view(s.round.terminal)
		states[i] = merge.PartnerState{Name: p.source.Name(), Status: string(next.Partners[i].Status), Prepared: p.standing}
		if p.standing != nil {
			next.answers = append(next.answers, p.standing)
		}
	}
	next.trips = s.parts.trips()
	next.setValidUntil()
	next.StateHash = merge.StateHash(s.ID, states)
	next.Status = judge(next.Partners, s.round.terminal)
	next.estimate(s.agg.past)
	next.mergeOnce(&s.merger, s.agg.doNotMergePairs(), func() {
		if s.isNewest(next) {
			s.kept.putMerged(next)
		}
	})
	next.pages.Memo = s.memo(next)
	next.combineOnce(s.agg.cfg.Atlas, func(n int) {
		if s.isNewest(next) {
			s.kept.putCombined(next, n)
		}
	})
	return next
}

// memo keeps the newest ranking of a snapshot as long as that is the newest itself.
func (s *Search) memo(of *Snapshot) page.Memo {
	return page.Memo{
		Get: func() *page.Ranking { return s.kept.ranking(of) },
		Put: func(r *page.Ranking) {
			if s.isNewest(of) {
				s.kept.putRanking(of, r)
			}
		},
	}
}

// isNewest reports whether a snapshot is the newest of an active search: only what is made of that
// is kept.
func (s *Search) isNewest(of *Snapshot) bool { return !s.dropped.Load() && s.newest.Load() == of }

// releaseLocked lets go of what only a search in progress needs.
func (s *Search) releaseLocked() {
	stop(&s.timers.budget)
	s.inFlight.cancel = nil
}
