package aggregator

import "context"

// callContext is what calls of the search run under: the aggregator's, but while the search is
// not terminal Abandon may end them. ended is called once they have. The lock is held.
func (s *Search) callContext() (ctx context.Context, ended func()) {
	if s.terminal {
		return s.agg.base, func() {}
	}
	ctx, cancel := context.WithCancel(s.agg.base)
	before := s.hangUp
	s.hangUp = func() {
		cancel()
		if before != nil {
			before()
		}
	}
	return ctx, cancel
}

// settled lets go of what only a search in progress needs. The lock is held.
func (s *Search) settled() {
	if s.budget != nil {
		s.budget.Stop()
		s.budget = nil
	}
	s.hangUp = nil
}

// Abandon is a one-shot's traveller who left before the end, having seen a snapshot. If all who
// asked have left, and nobody knows the search's id nor needs it as a part, its calls are ended
// and it is forgotten: it counts nowhere. What partners have answered is kept for whoever asks
// next.
func (s *Search) Abandon(seen *Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if seen.Status.Terminal() || seen.Revision < s.begun { // the question has been asked anew since
		return
	}
	if s.gone++; s.gone < s.asked || s.known || s.terminal || s.dead.Load() || len(s.parents) > 0 {
		return
	}
	s.agg.drop(s)
	if s.hangUp != nil { // nil if all calls are those of a background search
		s.hangUp()
	}
	s.terminal, s.reported = true, true
	s.settled()
}

// Known notes that somebody has been told the search's id, and may come back for it.
func (s *Search) Known() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known = true
}
