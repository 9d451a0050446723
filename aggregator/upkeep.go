package aggregator

import (
	"context"
	"time"
)

const (
	tick = time.Second
	// polledLately makes a search that is only polled count as watched between two polls.
	polledLately = 35 * time.Second // a long-poll of the longest wait, and the way back
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
		for _, s := range a.all() {
			a.maintain(s)
		}
		if n%30 == 0 {
			a.cache.Sweep()
		}
	}
}

// lapseAfter is how long prices may be past their hard limit in a search that nobody looks at
// before their memory is given back.
const lapseAfter = time.Minute

// maintain drops the search if nobody asked for it lately, or refreshes it if somebody watches.
func (a *Aggregator) maintain(s *Search) {
	watched := s.maintainWatched()
	now, newest := a.now(), s.newest.Load()
	if !watched {
		now = now.Add(-lapseAfter)
	}
	if newest.outdated(now, a.cfg.Rates()) {
		s.renew()
	}
	if watched {
		s.refreshParts()
	}
}

// maintainWatched reports whether somebody watches the search, which it refreshes then. It is false too
// if the search has been dropped.
func (s *Search) maintainWatched() (watched bool) {
	a := s.agg
	s.mu.Lock()
	defer s.mu.Unlock()
	now := a.now()
	if s.watchers == 0 && s.asking == 0 && s.forgottenLocked(now) {
		a.dropLocked(s)
		return false
	}
	watched = !s.background.Load() && (s.watchers > 0 || s.idDisclosed && now.Sub(s.lastUse) < polledLately)
	if watched {
		s.refreshLocked(now)
	}
	if s.keepPartsLocked(now) {
		s.publishLocked()
	}
	if s.bytesLocked(now) != s.accounted { // an answer has become too old to be kept for others
		a.accountLocked(s, now)
	}
	return watched
}

// forgottenLocked reports whether nobody has asked for the search lately, or needed it as a part.
// The lock is held.
func (s *Search) forgottenLocked(now time.Time) bool {
	if s.background.Load() {
		return s.unneededLocked(now)
	}
	return now.Sub(s.lastUse) > s.agg.cfg.Retain
}

// Relieve gives back what is kept, bytes of it but at least an eighth, to a process that runs
// short of memory.
func (a *Aggregator) Relieve(bytes int64) {
	kept := a.cache.Bytes()
	a.cache.Shrink(kept - max(bytes, kept/8))
}
