package wire

import (
	"context"
	"sync"
	"time"
)

// Slots bounds how many bodies are decoded at once, over all partners: decoding is
// our own CPU time, while waiting for partners costs none. It is safe for
// concurrent use.
type Slots struct {
	free    chan struct{}
	observe func(waited time.Duration)

	mu      sync.Mutex // guards the fields below
	waiting int
	good    time.Time // when a body last got its slot soon, or nobody waited
}

// The signal for admission (design 4): ready bodies wait over soon, for overloadFor.
const (
	soon        = 100 * time.Millisecond
	overloadFor = time.Second
)

// NewSlots has room for n decoders, at least one. observe may be nil; it is told how
// long each ready body waited for its slot.
func NewSlots(n int, observe func(waited time.Duration)) *Slots {
	if observe == nil {
		observe = func(time.Duration) {}
	}
	return &Slots{free: make(chan struct{}, max(n, 1)), observe: observe, good: time.Now()}
}

// take waits for a slot, or for the end of ctx. Each success is followed by one release.
func (s *Slots) take(ctx context.Context) error {
	select {
	case s.free <- struct{}{}:
		s.took(0)
		return nil
	default:
	}
	s.mu.Lock()
	if s.waiting == 0 {
		s.good = time.Now() // the queue begins here
	}
	s.waiting++
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.waiting--
		s.mu.Unlock()
	}()
	start := time.Now()
	select {
	case s.free <- struct{}{}:
		s.took(time.Since(start))
		return nil
	case <-ctx.Done():
		s.observe(time.Since(start))
		return ctx.Err()
	}
}

func (s *Slots) took(waited time.Duration) {
	if waited <= soon {
		s.mu.Lock()
		s.good = time.Now()
		s.mu.Unlock()
	}
	s.observe(waited)
}

func (s *Slots) release() { <-s.free }

// Overloaded tells whether, for a second now, every ready body has waited more than
// 100 ms for a slot: the moment to refuse new searches.
func (s *Slots) Overloaded() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.waiting > 0 && time.Since(s.good) > overloadFor
}
