package aggregator

import (
	"sync"
	"time"
)

// travellers is what those who ask for a search and look at it have done. It is guarded by the
// lock of its search.
type travellers struct {
	watchers    int
	askers      int  // who asked the question in this round
	departed    int  // of them, those who left before the end
	idDisclosed bool // somebody may come back for the search by its id
	lastUse     time.Time
	lastAct     time.Time // POST, one-shot, change of view: prices are kept fresh from then on
	views       map[string]bool
	doneSent    int64 // the revision of which some stream was told that the search is done
}

// ask notes that a traveller asks the question.
func (t *travellers) ask(now time.Time) {
	t.askers++
	t.lastUse, t.lastAct = now, now
}

// beginRound notes that the question is asked anew, by one traveller. Who still watches waits for
// the new round, too; the others who asked before do not count any more.
func (t *travellers) beginRound() { t.askers, t.departed = 1+t.watchers, 0 }

// leave notes that one who asked has left, and reports whether nobody is left to come back.
func (t *travellers) leave() (deserted bool) {
	t.departed++
	return t.departed >= t.askers && !t.idDisclosed
}

// watch reports whether somebody looks at the search, or polls it.
func (t *travellers) watch(now time.Time) bool {
	return t.watchers > 0 || t.idDisclosed && now.Sub(t.lastUse) < polledLately
}

// maxViews bounds how many changes of view extend how long prices are kept fresh.
const maxViews = 200

// view notes which view is looked at. One not seen before is an act.
func (t *travellers) view(hash string, now time.Time) {
	t.lastUse = now
	if t.views[hash] || len(t.views) >= maxViews {
		return
	}
	if t.views == nil {
		t.views = map[string]bool{}
	}
	t.views[hash] = true
	t.lastAct = now
}

// Watch keeps the search alive and refreshed while somebody looks; call the function
// returned when they leave.
func (s *Search) Watch() (leave func()) {
	s.mu.Lock()
	s.travellers.watchers++
	s.setExpiryLocked()
	s.mu.Unlock()
	var once sync.Once
	return func() {
		once.Do(func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.travellers.watchers--
			s.travellers.lastUse = s.agg.now()
			if s.travellers.watchers == 0 {
				s.setExpiryLocked()
			}
		})
	}
}

// View notes which view is looked at. One not seen before is an act of the traveller's: prices
// are kept fresh for longer, but not more often.
func (s *Search) View(hash string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.travellers.view(hash, s.agg.now())
}

// DiscloseID notes that somebody has been told the search's id, and may come back for it.
func (s *Search) DiscloseID() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.travellers.idDisclosed = true
}

// found notes that somebody came back for the search by its id.
func (s *Search) found() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.travellers.lastUse, s.travellers.idDisclosed = s.agg.now(), true
}

// ClaimDone reports whether a stream must still say that the search is done at the revision,
// to a client that has seen that revision already; and notes that it will.
func (s *Search) ClaimDone(revision int64) (unsaid bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	unsaid = s.travellers.doneSent != revision
	s.travellers.doneSent = revision
	return unsaid
}

// Leave is a one-shot's traveller who left before the end, having seen a snapshot. If all who
// asked have left, and nobody knows the search's id nor needs it as a part, its calls are ended
// and it is forgotten: it counts nowhere. What partners have answered is kept for whoever asks
// next.
func (s *Search) Leave(seen *Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if seen.Status.Terminal() || seen.Revision < s.round.first { // the question has been asked anew since
		return
	}
	if deserted := s.travellers.leave(); !deserted || s.round.terminal || s.dropped.Load() || s.parents.any() {
		return
	}
	s.dropLocked()
	if s.inFlight.cancel != nil { // nil if all calls are those of a background search
		s.inFlight.cancel()
	}
	s.round.terminal, s.round.reported = true, true
	s.releaseLocked()
}
