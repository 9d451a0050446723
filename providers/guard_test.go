package providers

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// failing is an error of the cause, with what the network would say beside it.
func failing(cause fault.Cause, status int, change func(*fault.Error)) error {
	e := fault.New(cause, errors.New("scripted"))
	e.HTTPStatus = status
	if change != nil {
		change(e)
	}
	return e
}

// TestRetry: what the table of causes allows is tried once more, and nothing else.
func TestRetry(t *testing.T) {
	for _, c := range []struct {
		name     string
		err      error
		attempts int
	}{
		{"refused", failing(fault.Refused, 0, nil), 2},
		{"reset before the body", failing(fault.Reset, 0, nil), 2},
		{"reset in the body", failing(fault.Reset, 0, func(e *fault.Error) { e.InBody = true }), 1},
		{"502", failing(fault.HTTP5xx, 502, nil), 2},
		{"503", failing(fault.HTTP5xx, 503, nil), 2},
		{"503 that says when", failing(fault.HTTP5xx, 503, func(e *fault.Error) { e.RetryAfter = time.Second }), 1},
		{"504", failing(fault.HTTP5xx, 504, nil), 2},
		{"500", failing(fault.HTTP5xx, 500, nil), 1},
		{"deadline", failing(fault.Deadline, 0, nil), 1},
		{"connect timeout", failing(fault.ConnectTimeout, 0, nil), 1},
		{"tls", failing(fault.TLS, 0, nil), 1},
		{"dns", failing(fault.DNS, 0, nil), 1},
		{"4xx", failing(fault.HTTP4xx, 404, nil), 1},
		{"malformed", failing(fault.Malformed, 0, nil), 1},
		{"429", failing(fault.HTTP429, 429, nil), 1},
		{"unauthorized", failing(fault.Unauthorized, 401, nil), 1},
		{"error document", failing(fault.PartnerError, 0, nil), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &scripted{ask: func(_ context.Context, n int) (travel.Answer, error) {
					if n == 1 {
						return travel.Answer{}, c.err
					}
					return travel.Answer{}, nil
				}}
				start := time.Now()
				a := provider(s, nil).Ask(context.Background(), flights())
				if s.calls != c.attempts || a.Attempts != c.attempts || (a.Err == nil) != (c.attempts == 2) {
					t.Errorf("%d calls, attempts %d, %v; want %d", s.calls, a.Attempts, a.Err, c.attempts)
				}
				if waited := time.Since(start); c.attempts == 2 && (waited < retrySoonest || waited >= retryLatest) {
					t.Errorf("the retry came after %s", waited)
				}
			})
		})
	}
}

// TestRetryOnce: a retry that fails is not tried again, and the later failure is the answer.
func TestRetryOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{ask: func(_ context.Context, n int) (travel.Answer, error) {
			return travel.Answer{}, failing(fault.HTTP5xx, 501+n, nil)
		}}
		a := provider(s, nil).Ask(context.Background(), flights())
		if e := fault.Of(a.Err); s.calls != 2 || e == nil || e.HTTPStatus != 503 {
			t.Errorf("%d calls, %v; want 2 and the second failure", s.calls, a.Err)
		}
	})
}

// TestRetryWithinTheDeadline: there is no retry where it could not end in time.
func TestRetryWithinTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{ask: func(_ context.Context, n int) (travel.Answer, error) {
			time.Sleep(7990 * time.Millisecond)
			return travel.Answer{}, failing(fault.HTTP5xx, 503, nil)
		}}
		if a := provider(s, nil).Ask(context.Background(), flights()); a.Attempts != 1 {
			t.Errorf("%d attempts with 10 ms left, want 1", a.Attempts)
		}
	})
}

// TestRetryBudget: a partner of which every tenth call fails is retried every time; one
// that mostly fails is not, and its breaker has not had more attempts than it allows.
func TestRetryBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mostly := &scripted{ask: func(_ context.Context, n int) (travel.Answer, error) {
			if n%4 == 0 {
				return travel.Answer{}, nil
			}
			return travel.Answer{}, failing(fault.HTTP5xx, 503, nil)
		}}
		p := provider(mostly, func(c *Config) { c.Breaker.FailureRatio, c.Breaker.Consecutive = 1, 1000 })
		for range 300 {
			outcome(p)
			time.Sleep(50 * time.Millisecond)
		}
		if extra := mostly.calls - 300; extra > 12 {
			t.Errorf("%d retries at a partner that mostly fails", extra)
		}
		now := 0
		seldom := &scripted{ask: func(_ context.Context, n int) (travel.Answer, error) {
			if now++; now%12 == 0 {
				return travel.Answer{}, failing(fault.Refused, 0, nil)
			}
			return travel.Answer{}, nil
		}}
		p = provider(seldom, nil)
		for range 240 {
			wantOutcome(t, p, "no_hit/no_inventory")
			time.Sleep(50 * time.Millisecond)
		}
		down := &scripted{ask: always(fault.Refused)}
		p = provider(down, nil)
		for range 20 {
			outcome(p)
		}
		if down.calls != DefaultBreaker.Consecutive {
			t.Errorf("%d attempts at a partner that is down, want those that open the breaker: %d", down.calls, DefaultBreaker.Consecutive)
		}
	})
}

// TestRetryTakesQuota: every attempt is a search at the partner.
func TestRetryTakesQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{ask: always(fault.Refused)}
		p := provider(s, func(c *Config) { c.Rate.PerDay = 3 })
		wantOutcome(t, p, "error_network/refused")
		wantOutcome(t, p, "error_network/refused")
		wantOutcome(t, p, "budget_skipped/quota")
		if s.calls != 3 {
			t.Errorf("%d attempts of a quota of 3", s.calls)
		}
	})
}

// straggling answers in 10 ms, but for the calls that are late.
func straggling(late func(n int) time.Duration) *scripted {
	return &scripted{ask: func(ctx context.Context, n int) (travel.Answer, error) {
		select {
		case <-time.After(10*time.Millisecond + late(n)):
			return travel.Answer{}, nil
		case <-ctx.Done():
			return travel.Answer{}, fault.New(fault.Cancelled, context.Cause(ctx))
		}
	}}
}

func hedging(c *Config) { c.Hedge, c.MaxConcurrency = true, 64 }

func TestHedge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := map[int]bool{}
		s := straggling(func(n int) time.Duration {
			if slow[n] {
				return 2 * time.Second
			}
			return 0
		})
		p := provider(s, hedging)
		ask := func() (time.Duration, int) {
			start := time.Now()
			a := p.Ask(context.Background(), flights())
			if a.Err != nil {
				t.Fatal(a.Err)
			}
			return time.Since(start), a.Attempts
		}
		slow[50] = true
		for range 130 {
			if took, attempts := ask(); attempts != 1 || took > time.Second && s.calls != 50 {
				t.Fatalf("call %d took %s in %d attempts", s.calls, took, attempts)
			}
		}
		slow[s.calls+1] = true
		if took, attempts := ask(); took != hedgeFloor+10*time.Millisecond || attempts != 2 {
			t.Errorf("a straggler took %s in %d attempts, want a second after %s that wins", took, attempts, hedgeFloor)
		}
		if state, _, _, _ := p.account.products[travel.Flights].breaker.now(); state != Closed || s.calls != 132 {
			t.Errorf("the loser counted: %v after %d calls", state, s.calls)
		}
	})
}

// TestHedgeOff: not without the feed's word, not while too little is known, and not for an
// outage, where more calls would only be more load.
func TestHedgeOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := false
		late := func(int) time.Duration {
			if slow {
				return 600 * time.Millisecond
			}
			return 0
		}
		run := func(p *Provider, calls int) (extra int) {
			for range calls {
				extra += p.Ask(context.Background(), flights()).Attempts - 1
			}
			return extra
		}
		unasked := provider(straggling(late), nil)
		run(unasked, 150)
		slow = true
		if n := run(unasked, 20); n != 0 {
			t.Errorf("%d hedges that no feed asked for", n)
		}
		fresh := provider(straggling(late), hedging)
		if n := run(fresh, 90); n != 0 {
			t.Errorf("%d hedges before enough calls were known", n)
		}
		slow = false
		outage := provider(straggling(late), hedging)
		run(outage, 200)
		slow = true
		if n := run(outage, 100); n == 0 || n > 5 {
			t.Errorf("%d hedges in 100 calls of an outage, want a few at its beginning", n)
		}
	})
}

// TestHedgeBothFail: then the failure is the answer.
func TestHedgeBothFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := false
		s := &scripted{}
		s.ask = func(_ context.Context, n int) (travel.Answer, error) {
			time.Sleep(10 * time.Millisecond)
			if bad {
				time.Sleep(200 * time.Millisecond)
				return travel.Answer{}, failing(fault.HTTP5xx, 500, nil)
			}
			return travel.Answer{}, nil
		}
		p := provider(s, hedging)
		for range 120 {
			outcome(p)
		}
		bad = true
		if a := p.Ask(context.Background(), flights()); a.Attempts != 2 || fault.Of(a.Err) == nil || fault.Of(a.Err).Cause != fault.HTTP5xx {
			t.Errorf("%d attempts, %v; want 2 and the failure", a.Attempts, a.Err)
		}
	})
}

// TestSlowCallsOpen: calls that take nearly the whole deadline open the breaker, good or not.
func TestSlowCallsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		took := 7 * time.Second
		s := &scripted{ask: func(context.Context, int) (travel.Answer, error) {
			time.Sleep(took)
			return travel.Answer{}, nil
		}}
		p := provider(s, func(c *Config) { c.MaxConcurrency = 100 })
		for range 40 {
			go outcome(p)
			time.Sleep(200 * time.Millisecond)
		}
		time.Sleep(4 * time.Second)
		wantOutcome(t, p, "circuit_open/deadline")
		time.Sleep(DefaultBreaker.OpenForMax)
		wantOutcome(t, p, "no_hit/no_inventory") // a probe that is slow ...
		wantOutcome(t, p, "circuit_open/deadline")
		took = time.Second
		time.Sleep(DefaultBreaker.OpenForMax)
		for range 5 { // ... and those that are not
			wantOutcome(t, p, "no_hit/no_inventory")
		}
		if h := p.Health()[0]; h.Breaker != Closed {
			t.Errorf("breaker = %v after good and quick probes", h.Breaker)
		}
	})
}

// TestSlowAnswersNow: some slow calls among many open nothing.
func TestSlowAnswersNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{ask: func(_ context.Context, n int) (travel.Answer, error) {
			if n%2 == 0 {
				time.Sleep(7 * time.Second)
			}
			return travel.Answer{}, nil
		}}
		p := provider(s, func(c *Config) { c.MaxConcurrency = 100 })
		for range 100 {
			go outcome(p)
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(7 * time.Second)
		wantOutcome(t, p, "no_hit/no_inventory")
	})
}

// TestProbeLease: a probe that never ends does not pin the breaker.
func TestProbeLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		mode := "fail"
		s := &scripted{}
		s.ask = func(ctx context.Context, n int) (travel.Answer, error) {
			switch mode {
			case "fail":
				return travel.Answer{}, failing(fault.HTTP5xx, 500, nil)
			case "hang":
				<-hang // deaf to its context
			}
			return travel.Answer{}, nil
		}
		p := provider(s, nil)
		for range 5 {
			outcome(p)
		}
		wantOutcome(t, p, "circuit_open/http_5xx")
		time.Sleep(10 * time.Second)
		mode = "hang"
		for range 3 {
			go outcome(p)
		}
		synctest.Wait()
		wantOutcome(t, p, "circuit_open/http_5xx") // all probes are out
		mode = "good"
		time.Sleep(2 * time.Minute) // leases end, and what they opened again does too
		for range 4 {
			wantOutcome(t, p, "no_hit/no_inventory")
		}
		close(hang)
		synctest.Wait()
		if h := p.Health()[0]; h.Breaker != Closed {
			t.Errorf("breaker = %v, want closed by the probes behind the hung ones", h.Breaker)
		}
	})
}

// TestClientsThatSucceedInPart: what came is kept beside the failure, which is no failure to
// the breaker, is not made again and holds the account where it concerns it.
func TestClientsThatSucceedInPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		others := []*fault.Error(nil)
		s := &scripted{ask: func(ctx context.Context, n int) (travel.Answer, error) {
			time.Sleep(7900 * time.Millisecond) // as long as the last of its calls was waited for
			a, _ := (&routed{}).Ask(ctx, flights())
			e := failing(fault.HTTP5xx, 503, func(e *fault.Error) { e.Partial, e.Others = true, others })
			return a, e
		}}
		p := provider(s, func(c *Config) { c.MaxConcurrency = 64 })
		for range 20 {
			go func() {
				a := p.Ask(context.Background(), flights())
				if e := fault.Of(a.Err); e == nil || e.Cause != fault.HTTP5xx || e.Partner != "heron" || a.OffersKept() != 2 || a.OffersIn != 3 {
					t.Errorf("%d of %d kept, %v", a.OffersKept(), a.OffersIn, a.Err)
				}
			}()
		}
		time.Sleep(10 * time.Second)
		if h := p.Health()[0]; h.Breaker != Closed || s.calls != 20 {
			t.Errorf("breaker %v after %d calls", h.Breaker, s.calls)
		}
		others = []*fault.Error{{Cause: fault.HTTP429, Status: fault.RateLimited, RetryAfter: 7 * time.Second}}
		outcome(p)
		wantOutcome(t, p, "rate_limited/http_429")
		if h := p.Health()[0]; time.Until(h.RetryAt) != 7*time.Second {
			t.Errorf("held for %v, want what the partner said", time.Until(h.RetryAt))
		}
	})
}

// TestHedgeKeepsWhatCame: of two attempts that fail, one that succeeded in part is the answer.
func TestHedgeKeepsWhatCame(t *testing.T) {
	for _, partFirst := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			bad := false
			s := &scripted{}
			s.ask = func(ctx context.Context, n int) (travel.Answer, error) {
				time.Sleep(10 * time.Millisecond)
				if !bad {
					return travel.Answer{}, nil
				}
				time.Sleep(200 * time.Millisecond)
				if (n == 121) != partFirst {
					return travel.Answer{}, failing(fault.HTTP5xx, 500, nil)
				}
				a, _ := (&routed{}).Ask(ctx, flights())
				return a, failing(fault.HTTP5xx, 501, func(e *fault.Error) { e.Partial = true })
			}
			p := provider(s, hedging)
			for range 120 {
				outcome(p)
			}
			bad = true
			if a := p.Ask(context.Background(), flights()); a.Attempts != 2 || a.OffersKept() == 0 || fault.Of(a.Err).HTTPStatus != 501 {
				t.Errorf("in part first %v: %d attempts, %d offers, %v", partFirst, a.Attempts, a.OffersKept(), a.Err)
			}
		})
	}
}
