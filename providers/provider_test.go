package providers

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/guard"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// scripted is a client whose answers are a function of the call's number.
type scripted struct {
	mu      sync.Mutex // guards calls
	calls   int
	capable fault.Cause
	ask     func(ctx context.Context, n int) (travel.Answer, error)
}

func (c *scripted) Capable(travel.Query) fault.Cause { return c.capable }

func (c *scripted) Ask(ctx context.Context, _ travel.Query) (travel.Answer, error) {
	c.mu.Lock()
	c.calls++
	n := c.calls
	c.mu.Unlock()
	if c.ask == nil {
		return travel.Answer{}, nil
	}
	return c.ask(ctx, n)
}

func always(cause fault.Cause) func(context.Context, int) (travel.Answer, error) {
	return func(context.Context, int) (travel.Answer, error) {
		if cause == fault.None {
			return travel.Answer{}, nil
		}
		return travel.Answer{}, fault.New(cause, nil)
	}
}

func provider(client Client, change func(*Config)) *Provider {
	cfg := Config{CacheAllowed: true, Config: guard.Config{Name: "heron", Deadline: 8 * time.Second, MaxConcurrency: 4, Breaker: guard.DefaultBreaker}}
	if change != nil {
		change(&cfg)
	}
	return New(cfg, client, Deps{Atlas: places.Default(), Deps: guard.Deps{Now: time.Now}})
}

func flights() travel.Query {
	q := travel.Query{Product: travel.Flights, Market: "GB"}
	q.Slices = []travel.SliceQuery{{Origin: "LON", Destination: "JFK", Date: travel.NewDate(2000, 4, 10)}}
	q.Passengers, q.Cabin = travel.Passengers{Adults: 1}, travel.Economy
	return q
}

// outcome asks once and says how it ended.
func outcome(p *Provider) string {
	a := p.Ask(context.Background(), flights())
	status, cause := fault.Judge(a.OffersKept(), a.Err)
	return string(status) + "/" + string(cause)
}

func wantOutcome(t *testing.T, p *Provider, want string) {
	t.Helper()
	if got := outcome(p); got != want {
		t.Errorf("Ask ended %s, want %s", got, want)
	}
}

func TestApplicable(t *testing.T) {
	coverage := Coverage{Origins: []travel.Airport{"LON"}, Destinations: []travel.Airport{"JFK"}, Markets: []travel.Country{"GB"}}
	with := func(change func(*travel.Query)) travel.Query {
		q := flights()
		change(&q)
		return q
	}
	for _, test := range []struct {
		name string
		q    travel.Query
		want fault.Cause
	}{
		{"covered", flights(), fault.None},
		{"an airport of a covered metro area", with(func(q *travel.Query) { q.Slices[0].Origin = "LGW" }), fault.None},
		{"a metro area with a covered airport", with(func(q *travel.Query) { q.Slices[0].Destination = "NYC" }), fault.None},
		{"another origin", with(func(q *travel.Query) { q.Slices[0].Origin = "CDG" }), fault.Route},
		{"another destination", with(func(q *travel.Query) { q.Slices[0].Destination = "LAX" }), fault.Route},
		{"a foreign market", with(func(q *travel.Query) { q.Market = "FR" }), fault.Market},
		{"another product", travel.Query{Product: travel.Hotels, Market: "GB"}, fault.Product},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := provider(&scripted{}, func(cfg *Config) { cfg.Products, cfg.Coverage = []travel.Product{travel.Flights}, coverage })
			if got := p.Applicable(test.q); got != test.want {
				t.Errorf("Applicable = %q, want %q", got, test.want)
			}
		})
	}
	if got := provider(&scripted{capable: fault.Passengers}, nil).Applicable(flights()); got != fault.Passengers {
		t.Errorf("Applicable = %q, want what the protocol says", got)
	}
}

// The day of a quota is the business clock's, as is the instant at which it is over.
func TestQuotaGoesByTheBusinessClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the machine's clock stands at midnight
		cfg := Config{Config: guard.Config{Name: "heron", Deadline: 8 * time.Second, MaxConcurrency: 4, Breaker: guard.DefaultBreaker, SearchesPerDay: 1}}
		p := New(cfg, &scripted{}, Deps{Atlas: places.Default(), Deps: guard.Deps{Now: func() time.Time { return time.Now().Add(22 * time.Hour) }}})
		wantOutcome(t, p, "no_hit/no_inventory")
		a := p.Ask(context.Background(), flights())
		if got := a.RetryAt.UTC().Format(time.DateTime); got != "2000-01-02 00:00:00" {
			t.Errorf("retry at %s, want the business clock's midnight", got)
		}
		time.Sleep(2 * time.Hour)
		wantOutcome(t, p, "no_hit/no_inventory")
	})
}

// Who waits for a failed partner is told the breaker's time where it keeps calls away,
// and none that is past.
func TestRetryAtIsTheBreakers(t *testing.T) {
	retry := func(p *Provider) time.Duration {
		a := p.Ask(context.Background(), flights())
		if a.RetryAt.IsZero() {
			return 0
		}
		return a.RetryAt.Sub(a.AsOf)
	}
	synctest.Test(t, func(t *testing.T) {
		p := provider(&scripted{ask: always(fault.Unauthorized)}, nil)
		if got := retry(p); got != 10*time.Minute {
			t.Errorf("refused key: again in %v, want 10 min", got)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		c := &scripted{ask: always(fault.HTTP5xx)}
		p := provider(c, func(cfg *Config) { cfg.MaxConcurrency = 64 })
		for i := range 4 {
			if got := retry(p); got != 0 {
				t.Errorf("failure %d: again in %v, want nothing said", i, got)
			}
		}
		if got := retry(p); got < 4*time.Second || got > 6*time.Second {
			t.Errorf("the failure that opened it: again in %v, want when it is half-open", got)
		}
		c.ask = func(ctx context.Context, _ int) (travel.Answer, error) {
			<-ctx.Done()
			return travel.Answer{}, ctx.Err()
		}
		time.Sleep(7 * time.Second)
		for range 3 { // probes
			go outcome(p)
		}
		synctest.Wait()
		if got := retry(p); got < 0 {
			t.Errorf("while probes are out: again %v ago", -got)
		}
		time.Sleep(9 * time.Second)
	})
}

// A call that was ended because its traveller left is not reported: neither as a time-out nor with
// how long it took.
func TestACallThatWasLeftIsNotReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := provider(&scripted{ask: func(ctx context.Context, _ int) (travel.Answer, error) {
			<-ctx.Done()
			return travel.Answer{}, context.Cause(ctx)
		}}, nil)
		var reported []Call
		p.deps.Called = func(c Call) { reported = append(reported, c) }
		ctx, leave := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, leave)
		if a := p.Ask(ctx, flights()); fault.Of(a.Err).Cause != fault.Cancelled {
			t.Fatalf("Ask ended %v, want it to be left", a.Err)
		}
		if len(reported) != 0 {
			t.Errorf("reported %+v", reported)
		}
		if a := p.Ask(t.Context(), flights()); fault.Of(a.Err).Cause != fault.Deadline || len(reported) != 1 {
			t.Errorf("then %v with %d reported, want the deadline, and it reported", a.Err, len(reported))
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
			return a, &fault.Error{Status: fault.ErrorHTTP, Cause: fault.HTTP5xx, HTTPStatus: 503, Partial: true, Others: others}
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
		if h := p.Health()[0]; h.Breaker != guard.Closed || s.calls != 20 {
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

// TestBackgroundCallsThatAreNotMade: they are Unasked, and not reported.
func TestBackgroundCallsThatAreNotMade(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Config)
		made   int // of ten background calls
		own    int // of ten of travellers' own calls after them
	}{
		{"no limits", nil, 10, 10},
		{"not to be combined", func(c *Config) { c.Combine = false }, 0, 10},
		{"the day's calls", func(c *Config) { c.Rate.PerDay = 8 }, 4, 4},
		{"look-to-book", func(c *Config) { c.SearchesPerDay = 6 }, 3, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &scripted{}
				var reported []Call
				p := provider(s, func(c *Config) {
					c.Combine = true
					if test.change != nil {
						test.change(c)
					}
				})
				p.deps.Called = func(c Call) { reported = append(reported, c) }
				for range 10 {
					a := p.AskBackground(t.Context(), flights())
					if refused := fault.Of(a.Err); refused != nil && (refused.Cause != fault.Quota || refused.Partner != p.Name() || !a.Unasked) {
						t.Errorf("refused with %v after %d attempts, want %s and none", refused, a.Attempts, fault.Quota)
					}
				}
				if s.calls != test.made || len(reported) != test.made {
					t.Errorf("%d background calls, %d reported; want %d", s.calls, len(reported), test.made)
				}
				for range 10 {
					p.Ask(t.Context(), flights())
				}
				if own := s.calls - test.made; own != test.own {
					t.Errorf("%d calls of travellers' own, want %d", own, test.own)
				}
			})
		})
	}
}

// TestBackgroundCallsThatFail: the failure is the partner's, and the call is not made again.
func TestBackgroundCallsThatFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{ask: always(fault.Refused)}
		p := provider(s, func(c *Config) { c.Combine = true })
		if a := p.AskBackground(t.Context(), flights()); s.calls != 1 || a.Attempts != 1 || fault.Of(a.Err).Partner != p.Name() {
			t.Errorf("%d calls, %d attempts, %v; want one", s.calls, a.Attempts, a.Err)
		}
	})
}

// TestProtocolThatPanics: it is a failed partner.
func TestProtocolThatPanics(t *testing.T) {
	p := provider(&scripted{ask: func(context.Context, int) (travel.Answer, error) { panic("boom") }}, nil)
	wantOutcome(t, p, "error_parse/panic")
}

// TestBackgroundAnswersToOtherQuestions: what does not answer a background question opens nothing,
// and leaves the retries of travellers' calls.
func TestBackgroundAnswersToOtherQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		elsewhere := true
		s := &scripted{}
		s.ask = func(_ context.Context, n int) (travel.Answer, error) {
			if !elsewhere {
				return travel.Answer{}, fault.New(fault.Refused, nil)
			}
			return travel.Answer{OffersIn: 1, Drops: map[string]int{travel.RuleWrongRoute: 1}}, nil
		}
		p := provider(s, func(c *Config) { c.Combine = true })
		for range 30 {
			if a := p.AskBackground(t.Context(), flights()); fault.Of(a.Err).Cause != fault.InvalidOffers || a.Unasked {
				t.Fatalf("ended %v", a.Err)
			}
		}
		elsewhere = false
		if a := p.Ask(t.Context(), flights()); a.Attempts != 2 {
			t.Errorf("a traveller's call had %d attempts, want a retry", a.Attempts)
		}
	})
}
