package aggregator

import (
	"time"

	"fanfare/aggregator/merge"
	"fanfare/providers/travel"
)

// setBudgetLocked sees to it that the search turns terminal in time. The lock is held.
func (s *Search) setBudgetLocked() {
	if !s.terminal {
		s.budget = time.AfterFunc(s.agg.cfg.Budget, s.overBudget)
	}
}

// overBudget makes the search terminal for those who wait, although calls go on.
func (s *Search) overBudget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.terminal {
		s.terminal = true
		s.publishLocked()
	}
}

// coalesce is how long answers that come close together wait for each other to make
// one revision. The first and the last do not wait.
const coalesce = 50 * time.Millisecond

// scheduleLocked publishes a revision now if nothing is left to wait for, else soon. The
// lock is held.
func (s *Search) scheduleLocked() {
	wait := coalesce - time.Since(s.published)
	if s.asking == 0 || s.newest.Load().Status == Pending || wait <= 0 {
		s.publishLocked()
		return
	}
	if s.pending == nil {
		s.pending = time.AfterFunc(wait, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.pending != nil {
				s.publishLocked()
			}
		})
	}
}

// publishLocked makes the next revision. The lock is held.
func (s *Search) publishLocked() {
	if s.pending != nil {
		s.pending.Stop()
		s.pending = nil
	}
	if s.asking == 0 {
		s.terminal = true
	}
	s.published = time.Now()
	now, rates := s.agg.now(), s.agg.cfg.Rates()
	s.renewAnswersLocked(now, rates)
	next := &Snapshot{ID: s.ID, Query: s.Query, CreatedAt: s.created, UpdatedAt: now, Revision: time.Now().UnixMilli(), Rates: rates}
	if last := s.newest.Load(); last != nil {
		next.Revision = max(next.Revision, last.Revision+1)
	}
	if s.begun == 0 {
		s.begun = next.Revision
	}
	states := make([]merge.PartnerState, len(s.partners))
	next.Partners = make([]PartnerView, len(s.partners))
	for i, p := range s.partners {
		next.Partners[i] = p.view(s.terminal)
		states[i] = merge.PartnerState{Name: p.source.Name(), Status: string(next.Partners[i].Status), Prepared: p.standing}
		if p.standing != nil {
			next.answers = append(next.answers, p.standing)
		}
	}
	next.trips = s.tripsLocked()
	next.setValidUntil()
	next.StateHash = merge.StateHash(s.ID, states)
	next.Status = judge(next.Partners, s.terminal)
	next.estimate(s.agg.past)
	next.mergeOnce(&s.merger, s.agg.doNotMergePairs(), func() { s.agg.accountMerged(s, next) })
	next.pages.Memo = s.agg.memo(s, next)
	next.combineOnce(s.agg.cfg.Atlas, func(n int) { s.agg.accountCombined(s, next, n) })
	s.newest.Store(next)
	if s.changed != nil {
		close(s.changed)
	}
	s.changed = make(chan struct{})
	s.agg.cache.RemovePrefix(s.ID, madePrefix) // of older revisions
	s.agg.accountLocked(s, now)
	if s.terminal {
		s.releaseLocked()
	}
	s.setExpiryLocked()
	s.notifyParentsLocked()
	if s.terminal && !s.terminalReported {
		s.terminalReported = true
		if s.Query.Product == travel.Flights {
			s.agg.past.learn(routeOf(&s.Query), next.answers)
		}
		s.agg.searched(next)
	}
}
