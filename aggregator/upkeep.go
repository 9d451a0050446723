package aggregator

import (
	"context"
	"time"
)

const (
	tick = time.Second
	// polledLately makes a search that is only polled count as watched between two polls.
	polledLately = 35 * time.Second // a long-poll of the longest wait, and the way back
	// lapseAfter is how long prices may be past their hard limit in a search that nobody looks at
	// before their memory is given back.
	lapseAfter = time.Minute
)

// Run refreshes watched searches and drops forgotten ones, until ctx ends.
func (a *Aggregator) Run(ctx context.Context) {
	t := time.NewTicker(tick)
	defer t.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		for _, s := range a.active.all() {
			s.maintain()
		}
		if n%30 == 0 {
			a.cache.Sweep()
		}
	}
}

// maintain drops the search if nobody asked for it lately, or refreshes it if somebody watches.
func (s *Search) maintain() {
	watched := s.maintainOwn()
	now := s.agg.now()
	if !watched {
		now = now.Add(-lapseAfter)
	}
	if s.newest.Load().outdated(now, s.agg.cfg.Rates()) {
		s.renew()
	}
	if watched {
		s.refreshParts()
	}
}

// maintainOwn is maintain without what waits for the parts. It reports whether somebody watches
// the search, which it refreshes then; false too if it has dropped the search.
func (s *Search) maintainOwn() (watched bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.agg.now()
	if s.travellers.watchers == 0 && s.inFlight.count == 0 && s.forgottenLocked(now) {
		s.dropLocked()
		return false
	}
	watched = !s.background.Load() && s.travellers.watch(now)
	if watched {
		s.refreshLocked(now)
	}
	if s.keepPartsLocked(now) {
		s.publishLocked()
	}
	if s.bytesLocked(now) != s.accounted { // an answer has become too old to be kept for others
		s.accountLocked(now)
	}
	return watched
}

// forgottenLocked reports whether nobody has asked for the search lately, or needed it as a part.
func (s *Search) forgottenLocked(now time.Time) bool {
	if s.background.Load() {
		return s.parents.unneeded(now)
	}
	return now.Sub(s.travellers.lastUse) > s.agg.cfg.Retain
}

// dropLocked forgets the search; its answers stay for others while they may. Under the lock, who
// has just found the search learns that it is dropped.
func (s *Search) dropLocked() {
	s.kept.removeSearch()
	s.agg.active.remove(s)
}
