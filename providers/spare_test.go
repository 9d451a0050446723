package providers

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// TestSpareCallsLeaveHalfOfEachLimit: what nobody has asked for is given up first.
func TestSpareCallsLeaveHalfOfEachLimit(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Config)
		spare  int // of ten spare calls, so many go out
		cause  fault.Cause
		own    int // of ten of travellers' own calls after them
	}{
		{"no limits", nil, 10, fault.None, 10},
		{"not to be combined", func(c *Config) { c.Combine = false }, 0, fault.Quota, 10},
		{"the day's calls", func(c *Config) { c.Rate.PerDay = 8 }, 4, fault.Quota, 4},
		{"look-to-book", func(c *Config) { c.SearchesPerDay = 6 }, 3, fault.Quota, 3},
		{"the second's calls", func(c *Config) { c.Rate.PerSecond = 8 }, 4, fault.Quota, 4},
		{"one call a second", func(c *Config) { c.Rate.PerSecond = 1 }, 0, fault.Quota, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &scripted{ask: func(context.Context, int) (travel.Answer, error) { return travel.Answer{}, nil }}
				var reported []Call
				p := provider(s, func(c *Config) {
					c.Combine = true
					if test.change != nil {
						test.change(c)
					}
				})
				p.deps.Called = func(c Call) { reported = append(reported, c) }
				for range 10 {
					a := p.AskSpare(t.Context(), flights())
					if refused := fault.Of(a.Err); refused != nil && (refused.Cause != test.cause || !a.Unasked) {
						t.Errorf("refused with %s after %d attempts, want %s and none", refused.Cause, a.Attempts, test.cause)
					}
				}
				if s.calls != test.spare || len(reported) != test.spare {
					t.Errorf("%d spare calls, %d reported; want %d", s.calls, len(reported), test.spare)
				}
				for range 10 {
					p.Ask(t.Context(), flights())
				}
				if own := s.calls - test.spare; own != test.own {
					t.Errorf("%d calls of travellers' own, want %d", own, test.own)
				}
			})
		})
	}
}

// TestSpareCallsInFlight: they fill half of the bulkhead, and travellers' own the rest.
func TestSpareCallsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{ask: func(context.Context, int) (travel.Answer, error) {
			time.Sleep(time.Second)
			return travel.Answer{}, nil
		}}
		p := provider(s, func(c *Config) { c.Combine, c.MaxConcurrency = true, 4 })
		for range 6 {
			go p.AskSpare(t.Context(), flights())
		}
		synctest.Wait()
		if s.calls != 2 {
			t.Errorf("%d spare calls in flight, want half of 4", s.calls)
		}
		for range 6 {
			go p.Ask(t.Context(), flights())
		}
		synctest.Wait()
		if s.calls != 4 {
			t.Errorf("%d calls in flight, want all 4", s.calls)
		}
		time.Sleep(time.Minute)
	})
}

// TestSpareCallsAreNotTriedAgain: a retry is extra load for something extra already.
func TestSpareCallsAreNotTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{ask: always(fault.Refused)}
		p := provider(s, func(c *Config) { c.Combine = true })
		if a := p.AskSpare(t.Context(), flights()); s.calls != 1 || a.Attempts != 1 || fault.Of(a.Err).Partner != p.Name() {
			t.Errorf("%d calls, %d attempts, %v; want one", s.calls, a.Attempts, a.Err)
		}
	})
}
