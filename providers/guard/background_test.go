package guard

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// TestBackgroundCallsLeaveHalfOfEachLimit: what nobody has asked for is given up first.
func TestBackgroundCallsLeaveHalfOfEachLimit(t *testing.T) {
	for _, test := range []struct {
		name       string
		change     func(*Config)
		background int // of ten background calls, so many go out
		cause      fault.Cause
		own        int // of ten of travellers' own calls after them
	}{
		{"no limits", nil, 10, fault.None, 10},
		{"the day's calls", func(c *Config) { c.Rate.PerDay = 8 }, 4, fault.Quota, 4},
		{"look-to-book", func(c *Config) { c.SearchesPerDay = 6 }, 3, fault.Quota, 3},
		{"the second's calls", func(c *Config) { c.Rate.PerSecond = 8 }, 4, fault.Quota, 4},
		{"one call a second", func(c *Config) { c.Rate.PerSecond = 1 }, 1, fault.Quota, 0},
		{"a call in ten seconds", func(c *Config) { c.Rate.PerSecond = .1 }, 1, fault.Quota, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &fake{ask: func(context.Context, int) (travel.Answer, error) { return travel.Answer{}, nil }}
				p := guarded(s, test.change)
				for range 10 {
					a := p.AskBackground(t.Context())
					if refused := fault.Of(a.Err); refused != nil && (refused.Cause != test.cause || a.Attempts != 0) {
						t.Errorf("refused with %s after %d attempts, want %s and none", refused.Cause, a.Attempts, test.cause)
					}
				}
				if s.calls != test.background {
					t.Errorf("%d background calls, want %d", s.calls, test.background)
				}
				for range 10 {
					p.Ask(t.Context())
				}
				if own := s.calls - test.background; own != test.own {
					t.Errorf("%d calls of travellers' own, want %d", own, test.own)
				}
			})
		})
	}
}

// TestBackgroundCallsInFlight: they fill half of the bulkhead, and travellers' own the rest.
func TestBackgroundCallsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fake{ask: func(context.Context, int) (travel.Answer, error) {
			time.Sleep(time.Second)
			return travel.Answer{}, nil
		}}
		p := guarded(s, func(c *Config) { c.MaxConcurrency = 4 })
		for range 6 {
			go p.AskBackground(t.Context())
		}
		synctest.Wait()
		if s.calls != 2 {
			t.Errorf("%d background calls in flight, want half of 4", s.calls)
		}
		for range 6 {
			go p.Ask(t.Context())
		}
		synctest.Wait()
		if s.calls != 4 {
			t.Errorf("%d calls in flight, want all 4", s.calls)
		}
		time.Sleep(time.Minute)
	})
}

// TestBackgroundCallsAreNotTriedAgain: a retry is extra load for something extra already.
func TestBackgroundCallsAreNotTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fake{ask: failsWith(fault.Refused)}
		p := guarded(s, nil)
		if a := p.AskBackground(t.Context()); s.calls != 1 || a.Attempts != 1 {
			t.Errorf("%d calls, %d attempts, %v; want one", s.calls, a.Attempts, a.Err)
		}
	})
}

// TestBackgroundCallsOfASlowQuota: where a second has one call or less, a background call goes out
// only after a time in which two travellers could have asked.
func TestBackgroundCallsOfASlowQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fake{}
		p := guarded(s, func(c *Config) { c.Rate.PerSecond = 1 })
		wantEnd(t, p, "no_hit/no_inventory")
		wantEnd(t, p, "budget_skipped/quota")
		for wait, granted := range map[time.Duration]bool{time.Second: false, 2 * time.Second: true, 1500 * time.Millisecond: false} {
			time.Sleep(10 * time.Second)
			wantEnd(t, p, "no_hit/no_inventory")
			time.Sleep(wait)
			if a := p.AskBackground(t.Context()); (a.Attempts > 0) != granted {
				t.Errorf("%v after a traveller's call: made %v, want %v", wait, a.Attempts > 0, granted)
			}
		}
		time.Sleep(10 * time.Second)
		wantEnd(t, p, "no_hit/no_inventory")
		wantEnd(t, p, "budget_skipped/quota") // what was saved is no burst of travellers'
	})
}

// TestBackgroundCallsHurtNobody: of their outcomes only those count that a traveller's call would
// have met too.
func TestBackgroundCallsHurtNobody(t *testing.T) {
	for cause, want := range map[fault.Cause]fault.Cause{
		fault.InvalidOffers: fault.None, fault.Malformed: fault.None, fault.Truncated: fault.None, fault.TooLarge: fault.None,
		fault.Panic: fault.None, fault.PartnerError: fault.None, fault.HTTP4xx: fault.None,
		fault.Deadline: fault.Deadline, fault.ConnectTimeout: fault.ConnectTimeout, fault.Refused: fault.Refused, fault.Reset: fault.Reset,
		fault.TLS: fault.TLS, fault.DNS: fault.DNS, fault.HTTP5xx: fault.HTTP5xx, fault.Unauthorized: fault.Unauthorized, fault.HTTP429: fault.HTTP429,
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &fake{ask: failsWith(cause)}
			p := guarded(s, nil)
			for range 20 {
				p.AskBackground(t.Context())
			}
			if h := p.Health()[0]; h.OpenedBy != want || (want == fault.None) != (s.calls == 20) {
				t.Errorf("20 background calls that end %s: %d made, breaker opened by %q, want %q", cause, s.calls, h.OpenedBy, want)
			}
		})
	}
}

// TestBackgroundCallsAreNoProbes: while a breaker is not closed they are not made.
func TestBackgroundCallsAreNoProbes(t *testing.T) {
	for _, cause := range []fault.Cause{fault.HTTP5xx, fault.Unauthorized, fault.HTTP429} {
		synctest.Test(t, func(t *testing.T) {
			s := &fake{ask: failsWith(cause)}
			p := guarded(s, nil)
			for range DefaultBreaker.Consecutive {
				ended(p)
			}
			s.ask = nil
			before := s.calls
			for range 20 {
				time.Sleep(time.Minute)
				if a := p.AskBackground(t.Context()); a.Attempts != 0 {
					t.Fatalf("%s: a background call went out through a breaker that is not closed", cause)
				}
			}
			for range probes {
				wantEnd(t, p, "no_hit/no_inventory")
			}
			if a := p.AskBackground(t.Context()); a.Attempts == 0 || s.calls != before+probes+1 {
				t.Errorf("%s: a background call after the breaker has closed: %v", cause, a.Err)
			}
		})
	}
}
