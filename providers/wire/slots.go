package wire

import (
	"context"
	"sync"
	"time"
)

// Slots bounds how many bodies are decoded at once, over all partners: decoding is
// our own CPU time, while waiting for partners costs none. When there are more, the body
// that came last goes first: under overload those that have waited long are the ones whose
// searches have ended already, and serving them in turn would make every one late. It is
// safe for concurrent use.
type Slots struct {
	observe func(waited time.Duration)

	mu      sync.Mutex // guards the fields below
	free    int
	waiting []*waiter // the newest last
}

// waiter is a body that waits; ready is closed with a slot in hand.
type waiter struct {
	since time.Time
	ready chan struct{}
}

// overloadFor is how long a body waits before that is overload (design 4).
const overloadFor = time.Second

// NewSlots has room for n decoders, at least one. observe may be nil; it is told how
// long each ready body waited for its slot.
func NewSlots(n int, observe func(waited time.Duration)) *Slots {
	if observe == nil {
		observe = func(time.Duration) {}
	}
	return &Slots{free: max(n, 1), observe: observe}
}

// take waits for a slot, or for the end of ctx. Each success is followed by one release.
func (s *Slots) take(ctx context.Context) error {
	s.mu.Lock()
	if s.free > 0 {
		s.free--
		s.mu.Unlock()
		s.observe(0)
		return nil
	}
	w := &waiter{time.Now(), make(chan struct{})}
	s.waiting = append(s.waiting, w)
	s.mu.Unlock()
	select {
	case <-w.ready:
	case <-ctx.Done():
		if !s.leave(w) {
			<-w.ready // the slot came at the same moment: it goes to the next
			s.release()
		}
		s.observe(time.Since(w.since))
		return ctx.Err()
	}
	s.observe(time.Since(w.since))
	return nil
}

// leave takes a waiter out; false if it has been given a slot.
func (s *Slots) leave(w *waiter) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.waiting {
		if s.waiting[i] == w {
			s.waiting = append(s.waiting[:i], s.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// release hands the slot to whoever came last, or back.
func (s *Slots) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.waiting)
	if n == 0 {
		s.free++
		return
	}
	close(s.waiting[n-1].ready)
	s.waiting[n-1] = nil
	s.waiting = s.waiting[:n-1]
}

// Overloaded tells whether there has been a queue for a second now: the moment to refuse new
// searches. With the newest first, some always get their slot soon; what tells is how long
// the oldest has waited, which is there until the queue has been empty.
func (s *Slots) Overloaded() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.waiting) > 0 && time.Since(s.waiting[0].since) > overloadFor
}
