// Package admission schedules the one resource that is ours, the processor: how much is decoded
// and ranked at once, in what order, and when there is so much that new searches are refused.
package admission

import (
	"context"
	"sync"
	"time"
)

// Slots bounds how much is decoded and ranked at once, over all partners and searches: that is
// our own CPU time, while waiting for partners costs none. When there is more, what came last
// goes first: under overload those that have waited long are the ones whose searches have
// ended already, and serving them in turn would make every one late. What ends a search (Do)
// goes before what begins its work. It is safe for concurrent use.
type Slots struct {
	n       int
	observe func(waited time.Duration)

	mu           sync.Mutex // guards the fields below
	free         int
	bodies       []*waiter     // the newest last
	pages        []*waiter     // what Do waits for; the newest last
	meanHeld     time.Duration // how long a slot is held: a moving mean
	overdueSince time.Time     // since when work waits too long, zero when it does not
	lastOverdue  time.Time     // when it last did
	refused      bool          // new searches are refused whenever work waits too long
}

// waiter is work that waits; ready is closed with a slot in hand.
type waiter struct {
	since time.Time
	ready chan struct{}
}

const (
	// tooLong is how long ready work may wait for a slot, and overloadFor for how long that may
	// last before it is overload (docs/reliability.md 3). Once it has been, it is overload again at once,
	// until there has been none for overloadFor: else each return to normal would let in
	// a second's worth of what cannot be served.
	tooLong     = 100 * time.Millisecond
	overloadFor = time.Second

	// smoothing of the moving mean: about the last twenty count.
	smoothing = 20
)

// New has room for n at once, at least one. observe may be nil; it is told how long each
// waited for its slot.
func New(n int, observe func(waited time.Duration)) *Slots {
	if observe == nil {
		observe = func(time.Duration) {}
	}
	return &Slots{n: max(n, 1), free: max(n, 1), observe: observe}
}

// Do runs what makes a page out of answers, on a slot. The error is that of ctx, which ended
// first.
func (s *Slots) Do(ctx context.Context, work func()) error {
	if err := s.wait(ctx, &s.pages); err != nil {
		return err
	}
	began := time.Now()
	defer func() { s.Release(began) }()
	work()
	return nil
}

// Take waits for a slot for a body, or for the end of ctx, which is the error. Each success is
// followed by one Release.
func (s *Slots) Take(ctx context.Context) error { return s.wait(ctx, &s.bodies) }

func (s *Slots) wait(ctx context.Context, queue *[]*waiter) error {
	s.mu.Lock()
	if s.free > 0 {
		s.free--
		s.mu.Unlock()
		s.observe(0)
		return nil
	}
	w := &waiter{time.Now(), make(chan struct{})}
	*queue = append(*queue, w)
	s.updateLocked(w.since)
	s.mu.Unlock()
	select {
	case <-w.ready:
	case <-ctx.Done():
		if !s.leave(w, queue) {
			<-w.ready // the slot came at the same moment: it goes to the next
			s.handOff()
		}
		s.observe(time.Since(w.since))
		return ctx.Err()
	}
	s.observe(time.Since(w.since))
	return nil
}

// leave takes a waiter out; false if it has been given a slot.
func (s *Slots) leave(w *waiter, queue *[]*waiter) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range *queue {
		if other == w {
			*queue = append((*queue)[:i], (*queue)[i+1:]...)
			return true
		}
	}
	return false
}

// Release hands on a slot that has been held since began.
func (s *Slots) Release(began time.Time) {
	s.mu.Lock()
	mean(&s.meanHeld, time.Since(began))
	s.mu.Unlock()
	s.handOff()
}

// handOff gives a slot to what came last, or back.
func (s *Slots) handOff() {
	s.mu.Lock()
	defer s.mu.Unlock()
	queue := &s.pages
	if len(*queue) == 0 {
		queue = &s.bodies
	}
	if n := len(*queue); n > 0 {
		close((*queue)[n-1].ready)
		(*queue)[n-1] = nil
		*queue = (*queue)[:n-1]
	} else {
		s.free++
	}
	s.updateLocked(time.Now())
}

func mean(m *time.Duration, d time.Duration) {
	if *m == 0 {
		*m = d
	}
	*m += (d - *m) / smoothing
}

// updateLocked notes since when work waits too long: what has, or what will by the time that
// work takes.
func (s *Slots) updateLocked(now time.Time) {
	first := now // since when the oldest waits
	for _, queue := range [][]*waiter{s.bodies, s.pages} {
		if len(queue) > 0 && queue[0].since.Before(first) {
			first = queue[0].since
		}
	}
	waited := max(now.Sub(first), time.Duration(len(s.bodies)+len(s.pages))*s.meanHeld/time.Duration(s.n))
	if waited <= tooLong {
		s.overdueSince = time.Time{}
		s.refused = s.refused && now.Sub(s.lastOverdue) <= overloadFor
		return
	}
	if s.overdueSince.IsZero() {
		s.overdueSince = now
		if began := first.Add(tooLong); began.Before(now) {
			s.overdueSince = began
		}
	}
	s.lastOverdue = now
	s.refused = s.refused || now.Sub(s.overdueSince) >= overloadFor-tooLong
}

// Overloaded reports whether a new search is to be refused.
func (s *Slots) Overloaded() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updateLocked(time.Now())
	if !s.refused {
		return false
	}
	return !s.overdueSince.IsZero()
}

// Waiting is how many bodies and pages wait for a slot.
func (s *Slots) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.bodies) + len(s.pages)
}
