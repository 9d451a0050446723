package aggregator

import "context"

// callContextLocked is what calls of the search run under: the aggregator's, but while the search is
// not terminal Abandon may end them. ended is called once they have. The lock is held.
func (s *Search) callContextLocked() (ctx context.Context, ended func()) {
	if s.terminal {
		return s.agg.base, func() {}
	}
	ctx, cancel := context.WithCancel(s.agg.base)
	before := s.cancelCalls
	s.cancelCalls = func() {
		cancel()
		if before != nil {
			before()
		}
	}
	return ctx, cancel
}

// releaseLocked lets go of what only a search in progress needs. The lock is held.
func (s *Search) releaseLocked() {
	if s.budget != nil {
		s.budget.Stop()
		s.budget = nil
	}
	s.cancelCalls = nil
}

// Leave is a one-shot's traveller who left before the end, having seen a snapshot. If all who
// asked have left, and nobody knows the search's id nor needs it as a part, its calls are ended
// and it is forgotten: it counts nowhere. What partners have answered is kept for whoever asks
// next.
func (s *Search) Leave(seen *Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if seen.Status.Terminal() || seen.Revision < s.begun { // the question has been asked anew since
		return
	}
	if s.departed++; s.departed < s.askers || s.idDisclosed || s.terminal || s.dropped.Load() || len(s.parents) > 0 {
		return
	}
	s.agg.dropLocked(s)
	if s.cancelCalls != nil { // nil if all calls are those of a background search
		s.cancelCalls()
	}
	s.terminal, s.terminalReported = true, true
	s.releaseLocked()
}

// DiscloseID notes that somebody has been told the search's id, and may come back for it.
func (s *Search) DiscloseID() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idDisclosed = true
}
