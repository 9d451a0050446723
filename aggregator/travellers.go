package aggregator

import (
	"sync"
	"time"
)

// Watch keeps the search alive and refreshed while somebody looks; call the function
// returned when they leave.
func (s *Search) Watch() (leave func()) {
	s.mu.Lock()
	s.watchers++
	s.setExpiryLocked()
	s.mu.Unlock()
	var once sync.Once
	return func() {
		once.Do(func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.watchers--
			s.lastUse = s.agg.now()
			if s.watchers == 0 {
				s.setExpiryLocked()
			}
		})
	}
}

// askedNowLocked notes that a traveller has asked the question: prices are kept fresh from now on,
// with as many refreshes as for a new search. The lock is held.
func (s *Search) askedNowLocked(now time.Time) {
	s.askers++
	s.lastUse, s.lastAct, s.partRefreshes = now, now, 0
	for _, p := range s.partners {
		p.refreshes = 0
	}
}

// maxViews bounds how many changes of view extend how long prices are kept fresh.
const maxViews = 200

// View notes which view is looked at. One not seen before is an act of the traveller's: prices
// are kept fresh for longer, but not more often.
func (s *Search) View(hash string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.agg.now()
	s.lastUse = now
	if s.views[hash] || len(s.views) >= maxViews {
		return
	}
	if s.views == nil {
		s.views = map[string]bool{}
	}
	s.views[hash] = true
	s.lastAct = now
}

// ClaimDone reports whether a stream must still say that the search is done at the revision,
// to a client that has seen that revision already; and notes that it will.
func (s *Search) ClaimDone(revision int64) (unsaid bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	unsaid = s.doneSent != revision
	s.doneSent = revision
	return unsaid
}
