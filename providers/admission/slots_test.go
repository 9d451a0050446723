package admission

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestSlots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var waits []time.Duration
		s := New(1, func(d time.Duration) { waits = append(waits, d) })
		if err := s.Take(t.Context()); err != nil || s.Overloaded() {
			t.Fatalf("first: %v, overloaded %v", err, s.Overloaded())
		}
		done := make(chan error)
		go func() { done <- s.Take(t.Context()) }()
		time.Sleep(900 * time.Millisecond)
		synctest.Wait()
		if s.Overloaded() {
			t.Error("overloaded within a second")
		}
		time.Sleep(200 * time.Millisecond)
		if !s.Overloaded() {
			t.Error("not overloaded after a second of waiting")
		}
		s.Release(time.Now())
		if err := <-done; err != nil || s.Overloaded() {
			t.Errorf("second: %v, overloaded %v", err, s.Overloaded())
		}
		// It has been overload: within a second it is again as soon as work waits too long.
		again := make(chan error)
		go func() { again <- s.Take(t.Context()) }()
		time.Sleep(200 * time.Millisecond)
		if !s.Overloaded() {
			t.Error("not overloaded, so soon after overload")
		}
		s.Release(time.Now())
		<-again
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := s.Take(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("third: %v, want the end of its context", err)
		}
		if !slices.Equal(waits, []time.Duration{0, 1100 * time.Millisecond, 200 * time.Millisecond, time.Second}) {
			t.Errorf("waits = %v", waits)
		}
	})
}

// TestSlotsNewestFirst: the body that came last goes first, and one that leaves hands its
// slot on.
func TestSlotsNewestFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(1, nil)
		if err := s.Take(t.Context()); err != nil {
			t.Fatal(err)
		}
		var order []int
		leaving, leave := context.WithCancel(t.Context())
		for n := range 4 {
			ctx := t.Context()
			if n == 2 {
				ctx = leaving
			}
			go func() {
				if s.Take(ctx) == nil {
					order = append(order, n)
					s.Release(time.Now())
				}
			}()
			synctest.Wait()
		}
		leave()
		synctest.Wait()
		s.Release(time.Now())
		synctest.Wait()
		if !slices.Equal(order, []int{3, 1, 0}) || s.free != 1 || s.Overloaded() {
			t.Errorf("order %v, %d slots free, want 3 1 0 and one", order, s.free)
		}
	})
}
