package guard

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// declared makes the guard of an account that outlives it.
func declared(accounts *Accounts, f *fake, change func(*Config)) *partner {
	return guardedWith(f, func(c *Config) {
		c.Account, c.MaxConcurrency = "host and key", 64
		if change != nil {
			change(c)
		}
	}, Deps{Now: time.Now, Accounts: accounts})
}

// TestQuotaOutlivesADeclaration: what was used counts against the limits of the next one.
func TestQuotaOutlivesADeclaration(t *testing.T) {
	perDay := func(n int) func(*Config) { return func(c *Config) { c.Rate.PerDay = n } }
	for _, test := range []struct {
		name   string
		before func(*Config)
		after  func(*Config)
		left   int // of 10 questions after 3 before, so many are asked
	}{
		{"another name", perDay(5), func(c *Config) { c.Name, c.Rate.PerDay = "osprey", 5 }, 2},
		{"another deadline", perDay(5), func(c *Config) { c.Deadline, c.Rate.PerDay = time.Second, 5 }, 2},
		{"a lower limit", perDay(9), perDay(4), 1},
		{"a limit below what was used", perDay(9), perDay(2), 0},
		{"a higher limit", perDay(3), perDay(7), 4},
		{"a limit for the first time", nil, perDay(4), 1},
		{"look-to-book instead", perDay(5), func(c *Config) { c.SearchesPerDay = 5 }, 2},
		{"other credentials", perDay(5), func(c *Config) { c.Account, c.Rate.PerDay = "host and another key", 5 }, 5},
		{"the second's calls", func(c *Config) { c.Rate.PerSecond = 10 }, func(c *Config) { c.Rate.PerSecond = 8 }, 7},
		{"fewer of the second's calls", func(c *Config) { c.Rate.PerSecond = 10 }, func(c *Config) { c.Rate.PerSecond = 2 }, 2},
		{"one of the products", perDay(5), func(c *Config) { c.Rate.PerDay, c.Products = 5, []travel.Product{travel.Flights} }, 2},
		{"the other product", perDay(5), func(c *Config) { c.Rate.PerDay, c.Products = 5, []travel.Product{travel.Hotels} }, 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				accounts := NewAccounts()
				s := &fake{}
				before := declared(accounts, s, test.before)
				accounts.Use([]*Guard{before.Guard})
				for range 3 {
					wantEnd(t, before, "no_hit/no_inventory")
				}
				after := declared(accounts, s, test.after)
				accounts.Use([]*Guard{after.Guard})
				s.calls = 0
				for range 10 {
					after.AskFor(t.Context(), after.cfg.Products[0])
				}
				if s.calls != test.left {
					t.Errorf("%d calls after the change, want %d", s.calls, test.left)
				}
			})
		})
	}
}

// TestBreakerOutlivesADeclaration: what opened or holds it stays until its time; then it is
// half-open, as it would have been.
func TestBreakerOutlivesADeclaration(t *testing.T) {
	for _, test := range []struct {
		name   string
		cause  fault.Cause
		after  func(*Config)
		probes int // of ten calls at once when its time is over
	}{
		{"another name", fault.HTTP5xx, func(c *Config) { c.Name = "osprey" }, probes},
		{"other limits", fault.HTTP5xx, func(c *Config) { c.Rate.PerDay, c.MaxConcurrency = 1000, 16 }, probes},
		{"another deadline", fault.HTTP5xx, func(c *Config) { c.Deadline = 20 * time.Second }, probes},
		{"another window", fault.HTTP5xx, func(c *Config) { c.Breaker.Window = time.Minute }, probes},
		{"a longer open time", fault.HTTP5xx, func(c *Config) { c.Breaker.OpenFor = time.Minute }, probes},
		{"a very short open time", fault.HTTP5xx, func(c *Config) { c.Breaker.OpenFor = 20 * time.Millisecond }, probes},
		{"more failures in a row", fault.HTTP5xx, func(c *Config) { c.Breaker.Consecutive = 100 }, probes},
		{"a suspension", fault.Unauthorized, func(c *Config) { c.Name, c.Breaker.Window = "osprey", time.Minute }, 1},
		{"a pause", fault.HTTP429, func(c *Config) { c.Name, c.Breaker.Window = "osprey", time.Minute }, 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				accounts := NewAccounts()
				s := &fake{ask: failsWith(test.cause)}
				before := declared(accounts, s, nil)
				accounts.Use([]*Guard{before.Guard})
				for range DefaultBreaker.Consecutive {
					ended(before)
				}
				was := before.Health()[0]
				after := declared(accounts, s, test.after)
				accounts.Use([]*Guard{after.Guard})
				if h := after.Health()[0]; h.Breaker != Open || h.RetryAt != was.RetryAt || h.Since != was.Since || h.OpenedBy != test.cause {
					t.Fatalf("after the change %+v, before it %+v", h, was)
				}
				calls := s.calls
				time.Sleep(time.Until(was.RetryAt) - time.Millisecond)
				if ended(after); s.calls != calls {
					t.Fatalf("a call went out before %v", was.RetryAt)
				}
				s.ask = func(context.Context, int) (travel.Answer, error) {
					time.Sleep(time.Second)
					return travel.Answer{}, fault.New(fault.HTTP5xx, nil)
				}
				time.Sleep(2 * time.Millisecond)
				for range 10 {
					go ended(after)
				}
				synctest.Wait()
				if made := s.calls - calls; made != test.probes {
					t.Errorf("%d calls at once when the time is over, want %d", made, test.probes)
				}
				time.Sleep(time.Second)
				synctest.Wait()
				if h := after.Health()[0]; h.Breaker != Open && test.probes > 1 {
					t.Errorf("after calls that failed the breaker is %v", h.Breaker)
				}
			})
		})
	}
}

// TestOtherCredentialsBeginAnew: they end a suspension of those that were refused, and what the old
// ones were known for is forgotten.
func TestOtherCredentialsBeginAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		accounts := NewAccounts()
		s := &fake{ask: failsWith(fault.Unauthorized)}
		before := declared(accounts, s, nil)
		accounts.Use([]*Guard{before.Guard})
		wantEnd(t, before, "error_http/unauthorized")
		wantEnd(t, before, "circuit_open/unauthorized")
		s.ask = nil
		after := declared(accounts, s, func(c *Config) { c.Account = "host and another key" })
		accounts.Use([]*Guard{after.Guard})
		wantEnd(t, after, "no_hit/no_inventory")
		if states := accounts.States(); len(states) != 1 || states[0].Account != "host and another key" {
			t.Errorf("accounts %+v, want the one in use", states)
		}
		again := declared(accounts, s, nil)
		accounts.Use([]*Guard{again.Guard})
		wantEnd(t, again, "no_hit/no_inventory")
	})
}

// TestFailedReload: guards that are never used change no settings.
func TestFailedReload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		accounts := NewAccounts()
		s := &fake{ask: failsWith(fault.HTTP5xx)}
		p := declared(accounts, s, nil)
		accounts.Use([]*Guard{p.Guard})
		declared(accounts, s, func(c *Config) { c.Breaker.Consecutive = 2 })
		for range 20 {
			ended(p)
		}
		if s.calls != DefaultBreaker.Consecutive {
			t.Errorf("%d calls until the breaker opened, want %d", s.calls, DefaultBreaker.Consecutive)
		}
	})
}

// TestNewSettingsCountWhatWas: failures in a row, and slow calls, are counted on.
func TestNewSettingsCountWhatWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		accounts := NewAccounts()
		s := &fake{ask: failsWith(fault.HTTP5xx)}
		before := declared(accounts, s, nil)
		accounts.Use([]*Guard{before.Guard})
		for range 3 {
			ended(before)
		}
		after := declared(accounts, s, func(c *Config) { c.Breaker.Consecutive, c.Deadline = 4, time.Minute })
		accounts.Use([]*Guard{after.Guard})
		wantEnd(t, after, "error_http/http_5xx")
		wantEnd(t, after, "circuit_open/http_5xx")
	})
	synctest.Test(t, func(t *testing.T) {
		accounts := NewAccounts()
		s := &fake{ask: func(context.Context, int) (travel.Answer, error) {
			time.Sleep(7 * time.Second)
			return travel.Answer{}, nil
		}}
		before := declared(accounts, s, func(c *Config) { c.MaxConcurrency = 100 })
		accounts.Use([]*Guard{before.Guard})
		for range 15 {
			go ended(before)
		}
		time.Sleep(8 * time.Second)
		after := declared(accounts, s, func(c *Config) { c.MaxConcurrency, c.Breaker.Window = 100, 20*time.Second })
		accounts.Use([]*Guard{after.Guard})
		for range 10 {
			go ended(after)
		}
		time.Sleep(8 * time.Second)
		wantEnd(t, after, "circuit_open/deadline")
	})
}

// TestCallsInFlightOutliveADeclaration: the old declaration's calls are the partner's load too.
func TestCallsInFlightOutliveADeclaration(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		accounts := NewAccounts()
		s := &fake{ask: func(context.Context, int) (travel.Answer, error) {
			time.Sleep(time.Second)
			return travel.Answer{}, nil
		}}
		before := declared(accounts, s, nil)
		for range 63 {
			go ended(before)
		}
		synctest.Wait()
		after := declared(accounts, s, nil)
		accounts.Use([]*Guard{after.Guard})
		go ended(after)
		synctest.Wait()
		wantEnd(t, after, "budget_skipped/bulkhead")
		time.Sleep(2 * time.Second)
		wantEnd(t, after, "no_hit/no_inventory")
	})
}

// TestPartnersOfOneAccount: two partners with one access share it; each stops at its own limits,
// and the first one's settings hold. Products have breakers of their own.
func TestPartnersOfOneAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		accounts := NewAccounts()
		s := &fake{}
		sells := func(name string, product travel.Product, perDay, consecutive int) *partner {
			return declared(accounts, s, func(c *Config) {
				c.Name, c.Products, c.Rate.PerDay, c.Breaker.Consecutive = name, []travel.Product{product}, perDay, consecutive
			})
		}
		first, second := sells("heron", travel.Flights, 5, 2), sells("osprey", travel.Flights, 3, 100)
		stays := sells("dormouse", travel.Hotels, 5, 5)
		accounts.Use([]*Guard{first.Guard, second.Guard, stays.Guard})
		for range 3 {
			wantEnd(t, first, "no_hit/no_inventory")
		}
		wantEnd(t, second, "budget_skipped/quota")
		s.ask = failsWith(fault.HTTP5xx)
		wantEnd(t, first, "error_http/http_5xx")
		wantEnd(t, first, "error_http/http_5xx")
		time.Sleep(24 * time.Hour)
		wantEnd(t, second, "error_http/http_5xx") // the first two were a day ago; it is half-open
		wantEnd(t, second, "circuit_open/http_5xx")
		wantEnd(t, first, "circuit_open/http_5xx")
		if a := stays.AskFor(t.Context(), travel.Hotels); fault.Of(a.Err).Status != fault.ErrorHTTP {
			t.Errorf("stays: %v, want a call of their own", a.Err)
		}
		states := accounts.States()
		if len(states) != 1 || states[0].Used[travel.Flights] != 1 || states[0].Used[travel.Hotels] != 1 || states[0].Day != "2000-01-02" ||
			states[0].Breakers[travel.Flights].OpenedBy != fault.HTTP5xx || states[0].Breakers[travel.Flights].Reopened != 2 ||
			states[0].Breakers[travel.Hotels].OpenedBy != fault.None {
			t.Errorf("states %+v", states)
		}
	})
}
