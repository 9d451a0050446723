package guard

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

func TestBreakerOpensOnConsecutiveFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &fake{ask: failsWith(fault.HTTP5xx)}
		p := guarded(c, nil)
		for range 5 { // far apart: the library would have forgotten the first by the fifth
			wantEnd(t, p, "error_http/http_5xx")
			time.Sleep(4 * time.Second)
		}
		wantEnd(t, p, "circuit_open/http_5xx")
		if c.calls != 5 {
			t.Errorf("%d calls, want 5: an open breaker makes none", c.calls)
		}
	})
}

func TestBreakerOpensOnRatio(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &fake{ask: func(_ context.Context, n int) (travel.Answer, error) {
			if n%4 != 0 { // never five in a row
				return travel.Answer{}, fault.New(fault.Reset, nil)
			}
			return travel.Answer{}, nil
		}}
		p := guarded(c, nil)
		for range 30 {
			ended(p)
			time.Sleep(100 * time.Millisecond)
		}
		wantEnd(t, p, "circuit_open/reset")
		if c.calls < 20 || c.calls > 22 {
			t.Errorf("opened after %d calls, want soon after min_calls (20)", c.calls)
		}
	})
}

func TestBreakerReopensForLongerAndCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		healthy := false
		c := &fake{}
		c.ask = func(ctx context.Context, n int) (travel.Answer, error) {
			if healthy {
				return travel.Answer{}, nil
			}
			return failsWith(fault.HTTP5xx)(ctx, n)
		}
		p := guarded(c, nil)
		opened := func() time.Duration {
			t.Helper()
			for i := 0; ended(p) != "circuit_open/http_5xx"; i++ {
				if i > 10 {
					t.Fatal("does not open")
				}
			}
			h := p.Health()[0]
			if h.Breaker != Open || h.OpenedBy != fault.HTTP5xx || h.Since.IsZero() {
				t.Errorf("Health() = %+v while open", h)
			}
			return time.Until(h.RetryAt)
		}
		first := opened()
		if first < 4*time.Second || first > 6*time.Second {
			t.Errorf("open for %v, want 5 s and 20 %% jitter", first)
		}
		time.Sleep(first + time.Second)
		second := opened() // one failing probe is enough
		if second < 8*time.Second || second > 12*time.Second {
			t.Errorf("reopened for %v, want 10 s and 20 %% jitter", second)
		}
		healthy = true
		time.Sleep(second + time.Second)
		for range 3 {
			wantEnd(t, p, "no_hit/no_inventory")
		}
		if h := p.Health()[0]; h.Breaker != Closed {
			t.Errorf("Health() = %+v after three good probes, want closed", h)
		}
		healthy = false
		third := opened()
		if third < 16*time.Second || third > 24*time.Second {
			t.Errorf("open for %v right after having closed, want 20 s: it flaps", third)
		}
		healthy = true
		time.Sleep(third + time.Second)
		for range 3 {
			wantEnd(t, p, "no_hit/no_inventory")
		}
		time.Sleep(21 * time.Second) // well for as long as it was kept away
		healthy = false
		if again := opened(); again > 6*time.Second {
			t.Errorf("open for %v after having been well for long, want 5 s again", again)
		}
	})
}

func TestHungProbeDoesNotPinTheBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := false
		c := &fake{ask: func(ctx context.Context, _ int) (travel.Answer, error) {
			if hang {
				<-ctx.Done()
				return travel.Answer{}, context.Cause(ctx)
			}
			return travel.Answer{}, fault.New(fault.HTTP5xx, nil)
		}}
		p := guarded(c, nil)
		for range 6 {
			ended(p)
		}
		hang = true
		time.Sleep(7 * time.Second)
		wantEnd(t, p, "timeout/deadline") // the probe ends with its deadline
		wantEnd(t, p, "circuit_open/deadline")
		c.ask = failsWith(fault.None)
		time.Sleep(15 * time.Second)
		wantEnd(t, p, "no_hit/no_inventory")
	})
}

func TestWhatCountsNeitherWayDoesNotOpen(t *testing.T) {
	for _, cause := range []fault.Cause{fault.HTTP4xx, fault.Cancelled, fault.Blocked} {
		synctest.Test(t, func(t *testing.T) {
			c := &fake{ask: failsWith(cause)}
			p := guarded(c, nil)
			for range 50 {
				ended(p)
			}
			if c.calls != 50 {
				t.Errorf("%s: %d of 50 calls went out", cause, c.calls)
			}
		})
	}
}

func TestRateLimitPausesWithoutFailing(t *testing.T) {
	for _, test := range []struct{ retryAfter, want time.Duration }{{3 * time.Second, 3 * time.Second}, {time.Hour, time.Minute}, {0, time.Minute}} {
		synctest.Test(t, func(t *testing.T) {
			c := &fake{ask: func(_ context.Context, n int) (travel.Answer, error) {
				if n > 1 {
					return travel.Answer{}, nil
				}
				e := fault.New(fault.HTTP429, nil)
				e.RetryAfter = test.retryAfter
				return travel.Answer{}, e
			}}
			p := guarded(c, nil)
			wantEnd(t, p, "rate_limited/http_429")
			time.Sleep(test.want - time.Millisecond)
			wantEnd(t, p, "rate_limited/http_429")
			if c.calls != 1 {
				t.Errorf("%d calls in the pause, want none", c.calls-1)
			}
			time.Sleep(2 * time.Millisecond)
			wantEnd(t, p, "no_hit/no_inventory")
			if h := p.Health()[0]; h.Breaker != Closed {
				t.Errorf("Health() = %+v after the pause", h)
			}
		})
	}
}

func TestUnauthorizedHoldsUntilOneProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &fake{ask: failsWith(fault.Unauthorized)}
		p := guarded(c, nil)
		wantEnd(t, p, "error_http/unauthorized")
		time.Sleep(9 * time.Minute)
		wantEnd(t, p, "circuit_open/unauthorized")
		time.Sleep(2 * time.Minute)
		wantEnd(t, p, "error_http/unauthorized")
		wantEnd(t, p, "circuit_open/unauthorized")
		if c.calls != 2 {
			t.Errorf("%d calls, want one and one probe", c.calls)
		}
		c.ask = failsWith(fault.None)
		time.Sleep(11 * time.Minute)
		wantEnd(t, p, "no_hit/no_inventory")
		wantEnd(t, p, "no_hit/no_inventory")
	})
}

func TestBreakersArePerProduct(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := guarded(&fake{ask: failsWith(fault.HTTP5xx)}, nil)
		for range 6 {
			ended(p)
		}
		a := p.AskFor(context.Background(), travel.Hotels)
		if status, _ := fault.Judge(0, a.Err); status != fault.ErrorHTTP {
			t.Errorf("hotels: %s while the breaker of flights is open", status)
		}
	})
}

// A late answer does not shorten how long calls are kept away.
func TestPausesDoNotShortenAHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &fake{ask: func(_ context.Context, n int) (travel.Answer, error) {
			if n == 1 {
				time.Sleep(time.Second)
				e := fault.New(fault.HTTP429, nil)
				e.RetryAfter = time.Second
				return travel.Answer{}, e
			}
			return travel.Answer{}, fault.New(fault.Unauthorized, nil)
		}}
		p := guarded(c, nil)
		go ended(p)
		synctest.Wait()
		wantEnd(t, p, "error_http/unauthorized")
		time.Sleep(5 * time.Second)
		wantEnd(t, p, "circuit_open/unauthorized")
	})
}

// A suspension is ended by one probe at a time.
func TestOneProbeEndsAHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &fake{ask: failsWith(fault.Unauthorized)}
		p := guarded(c, nil)
		ended(p)
		time.Sleep(unauthorizedHold + time.Second)
		c.ask = func(context.Context, int) (travel.Answer, error) {
			time.Sleep(time.Second)
			return travel.Answer{}, nil
		}
		go ended(p)
		synctest.Wait()
		wantEnd(t, p, "circuit_open/unauthorized")
		time.Sleep(2 * time.Second)
		wantEnd(t, p, "no_hit/no_inventory")
	})
}

// Calls that take longer than the window still count.
func TestBreakerCountsCallsLongerThanItsWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &fake{ask: func(_ context.Context, n int) (travel.Answer, error) {
			time.Sleep(15 * time.Second)
			if n%2 == 0 {
				return travel.Answer{}, nil
			}
			return travel.Answer{}, fault.New(fault.HTTP5xx, nil)
		}}
		p := guarded(c, func(cfg *Config) { cfg.Deadline, cfg.MaxConcurrency = 20*time.Second, 64 })
		for range 40 {
			go ended(p)
		}
		time.Sleep(16 * time.Second)
		wantEnd(t, p, "circuit_open/http_5xx")
	})
}

func TestOpenTimesGrowToTheirMaximum(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := guarded(&fake{ask: failsWith(fault.HTTP5xx)}, nil)
		for range 5 {
			ended(p)
		}
		for range 8 {
			time.Sleep(73 * time.Second)
			wantEnd(t, p, "error_http/http_5xx") // a probe
		}
		if left := time.Until(p.Health()[0].RetryAt); left < 48*time.Second || left > 72*time.Second {
			t.Errorf("open for %v in the end, want open_for_max (1m) and 20 %% jitter", left)
		}
	})
}

// TestSlowCallsOpen: calls that take nearly the whole deadline open the breaker, good or not.
func TestSlowCallsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		took := 7 * time.Second
		s := &fake{ask: func(context.Context, int) (travel.Answer, error) {
			time.Sleep(took)
			return travel.Answer{}, nil
		}}
		p := guarded(s, func(c *Config) { c.MaxConcurrency = 100 })
		for range 40 {
			go ended(p)
			time.Sleep(200 * time.Millisecond)
		}
		time.Sleep(4 * time.Second)
		wantEnd(t, p, "circuit_open/deadline")
		time.Sleep(DefaultBreaker.OpenForMax)
		wantEnd(t, p, "no_hit/no_inventory") // a probe that is slow ...
		wantEnd(t, p, "circuit_open/deadline")
		took = time.Second
		time.Sleep(DefaultBreaker.OpenForMax)
		for range 5 { // ... and those that are not
			wantEnd(t, p, "no_hit/no_inventory")
		}
		if h := p.Health()[0]; h.Breaker != Closed {
			t.Errorf("breaker = %v after good and quick probes", h.Breaker)
		}
	})
}

// TestSlowAnswersNow: some slow calls among many open nothing.
func TestSlowAnswersNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fake{ask: func(_ context.Context, n int) (travel.Answer, error) {
			if n%2 == 0 {
				time.Sleep(7 * time.Second)
			}
			return travel.Answer{}, nil
		}}
		p := guarded(s, func(c *Config) { c.MaxConcurrency = 100 })
		for range 100 {
			go ended(p)
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(7 * time.Second)
		wantEnd(t, p, "no_hit/no_inventory")
	})
}

// TestProbeLease: a probe that never ends does not pin the breaker.
func TestProbeLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		mode := "fail"
		s := &fake{}
		s.ask = func(ctx context.Context, n int) (travel.Answer, error) {
			switch mode {
			case "fail":
				return travel.Answer{}, failing(fault.HTTP5xx, 500, nil)
			case "hang":
				<-hang // deaf to its context
			}
			return travel.Answer{}, nil
		}
		p := guarded(s, nil)
		for range 5 {
			ended(p)
		}
		wantEnd(t, p, "circuit_open/http_5xx")
		time.Sleep(10 * time.Second)
		mode = "hang"
		for range 3 {
			go ended(p)
		}
		synctest.Wait()
		wantEnd(t, p, "circuit_open/http_5xx") // all probes are out
		mode = "good"
		time.Sleep(2 * time.Minute) // leases end, and what they opened again does too
		for range 4 {
			wantEnd(t, p, "no_hit/no_inventory")
		}
		close(hang)
		synctest.Wait()
		if h := p.Health()[0]; h.Breaker != Closed {
			t.Errorf("breaker = %v, want closed by the probes behind the hung ones", h.Breaker)
		}
	})
}
