package providers

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/semaphore"

	"fanfare/providers/fault"
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
	cfg := Config{Name: "heron", Deadline: 8 * time.Second, MaxConcurrency: 4, Breaker: DefaultBreaker, CacheAllowed: true}
	if change != nil {
		change(&cfg)
	}
	return New(cfg, client, Deps{Atlas: places.Default(), Now: time.Now})
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

func TestBreakerOpensOnConsecutiveFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &scripted{ask: always(fault.HTTP5xx)}
		p := provider(c, nil)
		for range 5 { // far apart: the library would have forgotten the first by the fifth
			wantOutcome(t, p, "error_http/http_5xx")
			time.Sleep(4 * time.Second)
		}
		wantOutcome(t, p, "circuit_open/http_5xx")
		if c.calls != 5 {
			t.Errorf("%d calls, want 5: an open breaker makes none", c.calls)
		}
	})
}

func TestBreakerOpensOnRatio(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &scripted{ask: func(_ context.Context, n int) (travel.Answer, error) {
			if n%4 != 0 { // never five in a row
				return travel.Answer{}, fault.New(fault.Reset, nil)
			}
			return travel.Answer{}, nil
		}}
		p := provider(c, nil)
		for range 30 {
			outcome(p)
			time.Sleep(100 * time.Millisecond)
		}
		wantOutcome(t, p, "circuit_open/reset")
		if c.calls < 20 || c.calls > 22 {
			t.Errorf("opened after %d calls, want soon after min_calls (20)", c.calls)
		}
	})
}

func TestBreakerReopensForLongerAndCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		healthy := false
		c := &scripted{}
		c.ask = func(ctx context.Context, n int) (travel.Answer, error) {
			if healthy {
				return travel.Answer{}, nil
			}
			return always(fault.HTTP5xx)(ctx, n)
		}
		p := provider(c, nil)
		opened := func() time.Duration {
			t.Helper()
			for i := 0; outcome(p) != "circuit_open/http_5xx"; i++ {
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
			wantOutcome(t, p, "no_hit/no_inventory")
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
			wantOutcome(t, p, "no_hit/no_inventory")
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
		c := &scripted{ask: func(ctx context.Context, _ int) (travel.Answer, error) {
			if hang {
				<-ctx.Done()
				return travel.Answer{}, context.Cause(ctx)
			}
			return travel.Answer{}, fault.New(fault.HTTP5xx, nil)
		}}
		p := provider(c, nil)
		for range 6 {
			outcome(p)
		}
		hang = true
		time.Sleep(7 * time.Second)
		wantOutcome(t, p, "timeout/deadline") // the probe ends with its deadline
		wantOutcome(t, p, "circuit_open/deadline")
		c.ask = always(fault.None)
		time.Sleep(15 * time.Second)
		wantOutcome(t, p, "no_hit/no_inventory")
	})
}

func TestWhatCountsNeitherWayDoesNotOpen(t *testing.T) {
	for _, cause := range []fault.Cause{fault.HTTP4xx, fault.Cancelled, fault.Blocked} {
		synctest.Test(t, func(t *testing.T) {
			c := &scripted{ask: always(cause)}
			p := provider(c, nil)
			for range 50 {
				outcome(p)
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
			c := &scripted{ask: func(_ context.Context, n int) (travel.Answer, error) {
				if n > 1 {
					return travel.Answer{}, nil
				}
				e := fault.New(fault.HTTP429, nil)
				e.RetryAfter = test.retryAfter
				return travel.Answer{}, e
			}}
			p := provider(c, nil)
			wantOutcome(t, p, "rate_limited/http_429")
			time.Sleep(test.want - time.Millisecond)
			wantOutcome(t, p, "rate_limited/http_429")
			if c.calls != 1 {
				t.Errorf("%d calls in the pause, want none", c.calls-1)
			}
			time.Sleep(2 * time.Millisecond)
			wantOutcome(t, p, "no_hit/no_inventory")
			if h := p.Health()[0]; h.Breaker != Closed {
				t.Errorf("Health() = %+v after the pause", h)
			}
		})
	}
}

func TestUnauthorizedHoldsUntilOneProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &scripted{ask: always(fault.Unauthorized)}
		p := provider(c, nil)
		wantOutcome(t, p, "error_http/unauthorized")
		time.Sleep(9 * time.Minute)
		wantOutcome(t, p, "circuit_open/unauthorized")
		time.Sleep(2 * time.Minute)
		wantOutcome(t, p, "error_http/unauthorized")
		wantOutcome(t, p, "circuit_open/unauthorized")
		if c.calls != 2 {
			t.Errorf("%d calls, want one and one probe", c.calls)
		}
		c.ask = always(fault.None)
		time.Sleep(11 * time.Minute)
		wantOutcome(t, p, "no_hit/no_inventory")
		wantOutcome(t, p, "no_hit/no_inventory")
	})
}

func TestBreakersArePerProduct(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := provider(&scripted{ask: always(fault.HTTP5xx)}, nil)
		for range 6 {
			outcome(p)
		}
		a := p.Ask(context.Background(), travel.Query{Product: travel.Hotels})
		if status, _ := fault.Judge(0, a.Err); status != fault.ErrorHTTP {
			t.Errorf("hotels: %s while the breaker of flights is open", status)
		}
	})
}

func TestBulkheadAndOutbound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &scripted{ask: func(ctx context.Context, _ int) (travel.Answer, error) {
			time.Sleep(time.Second)
			return travel.Answer{}, nil
		}}
		p := provider(c, func(cfg *Config) { cfg.MaxConcurrency = 1 })
		go outcome(p)
		synctest.Wait()
		wantOutcome(t, p, "budget_skipped/bulkhead")
		p.deps.Outbound = semaphore.NewWeighted(0)
		time.Sleep(2 * time.Second)
		wantOutcome(t, p, "budget_skipped/overload")
		p.deps.Outbound = nil
		wantOutcome(t, p, "no_hit/no_inventory")
	})
}

func TestQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := provider(&scripted{}, func(cfg *Config) { cfg.Rate = RateConfig{PerSecond: 2, PerDay: 4} })
		wantOutcome(t, p, "no_hit/no_inventory")
		wantOutcome(t, p, "no_hit/no_inventory")
		wantOutcome(t, p, "budget_skipped/quota")
		time.Sleep(time.Second)
		wantOutcome(t, p, "no_hit/no_inventory")
		wantOutcome(t, p, "no_hit/no_inventory")
		time.Sleep(time.Minute)
		a := p.Ask(context.Background(), flights())
		if e := fault.Of(a.Err); e == nil || e.Cause != fault.Quota || a.RetryAt.Format(time.DateTime) != "2000-01-02 00:00:00" {
			t.Errorf("beyond the day's quota: %v, retry at %v; want quota until midnight", a.Err, a.RetryAt)
		}
		time.Sleep(24 * time.Hour)
		wantOutcome(t, p, "no_hit/no_inventory")
	})
}

func TestPanicIsAFailedPartner(t *testing.T) {
	p := provider(&scripted{ask: func(context.Context, int) (travel.Answer, error) { panic("boom") }}, nil)
	wantOutcome(t, p, "error_parse/panic")
}

func TestDeadlineEndsTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := provider(&scripted{ask: func(ctx context.Context, _ int) (travel.Answer, error) {
			<-ctx.Done()
			return travel.Answer{}, ctx.Err()
		}}, func(cfg *Config) { cfg.Deadline = 3 * time.Second })
		start := time.Now()
		wantOutcome(t, p, "timeout/deadline")
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("ended after %v, want the deadline, 3s", took)
		}
	})
}

func TestApplicable(t *testing.T) {
	coverage := Coverage{Products: []travel.Product{travel.Flights}, Origins: []travel.Airport{"LON"}, Destinations: []travel.Airport{"JFK"}, Markets: []travel.Country{"GB"}}
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
			p := provider(&scripted{}, func(cfg *Config) { cfg.Coverage = coverage })
			if got := p.Applicable(test.q); got != test.want {
				t.Errorf("Applicable = %q, want %q", got, test.want)
			}
		})
	}
	if got := provider(&scripted{capable: fault.Passengers}, nil).Applicable(flights()); got != fault.Passengers {
		t.Errorf("Applicable = %q, want what the protocol says", got)
	}
}

func TestAcceptDropsAnswersToOtherQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock stands at 2000-01-01
		good := func() travel.Offer {
			departs := time.Date(2000, 4, 10, 9, 0, 0, 0, time.UTC)
			return travel.Offer{
				Itinerary: travel.Itinerary{Slices: []travel.Slice{{Segments: []travel.Segment{{
					Marketing: travel.Flight{Carrier: "BA", Number: "177"}, Origin: "LHR", Destination: "JFK",
					Departs: travel.LocalTimeOf(departs), Arrives: travel.LocalTimeOf(departs.Add(8 * time.Hour)),
				}}}}},
				Price: travel.Price{Total: travel.Money{Minor: 10_000, Currency: "GBP"}},
			}
		}
		segment := func(o *travel.Offer) *travel.Segment { return &o.Itinerary.Slices[0].Segments[0] }
		for _, test := range []struct {
			rule   string
			change func(*travel.Offer)
		}{
			{"", func(*travel.Offer) {}},
			{travel.RuleTestOffer, func(o *travel.Offer) { o.Test = true }},
			{travel.RuleExpired, func(o *travel.Offer) { o.ExpiresAt = time.Now().Add(-time.Second) }},
			{travel.RuleWrongRoute, func(o *travel.Offer) { segment(o).Destination = "EWR" }},
			{travel.RuleWrongRoute, func(o *travel.Offer) { o.Itinerary.Slices = append(o.Itinerary.Slices, o.Itinerary.Slices[0]) }},
			{travel.RuleWrongDate, func(o *travel.Offer) { segment(o).Departs.Unix += 86400 }},
			{travel.RulePast, func(o *travel.Offer) { segment(o).Departs.Unix = time.Now().Unix() - 60 }},
		} {
			o := good()
			test.change(&o)
			p := provider(&scripted{ask: func(context.Context, int) (travel.Answer, error) {
				return travel.Answer{Offers: []travel.Offer{o, good()}, OffersIn: 2}, nil
			}}, nil)
			a := p.Ask(context.Background(), flights())
			kept := 2
			if test.rule != "" {
				kept = 1
			}
			if len(a.Offers) != kept || (test.rule != "" && a.Drops[test.rule] != 1) {
				t.Errorf("rule %q: kept %d, drops %v", test.rule, len(a.Offers), a.Drops)
			}
		}
	})
}

func TestNothingKeptIsAContractError(t *testing.T) {
	wrong := func(context.Context, int) (travel.Answer, error) {
		a := travel.Answer{OffersIn: 3}
		a.Drop(travel.RuleZeroPrice, 3)
		return a, nil
	}
	wantOutcome(t, provider(&scripted{ask: wrong}, nil), "error_contract/invalid_offers")
	only := func(context.Context, int) (travel.Answer, error) {
		a := travel.Answer{OffersIn: 3}
		a.Drop(travel.RulePackageOnly, 3)
		return a, nil
	}
	wantOutcome(t, provider(&scripted{ask: only}, nil), "no_hit/no_inventory")
}

// A call that was not made costs no quota: neither the day's when the second's is
// used up, nor any while the breaker's probes are out.
func TestRefusedCallsCostNoQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := provider(&scripted{}, func(cfg *Config) { cfg.Rate = RateConfig{PerSecond: 1}; cfg.SearchesPerDay = 2 })
		wantOutcome(t, p, "no_hit/no_inventory")
		for range 5 {
			wantOutcome(t, p, "budget_skipped/quota") // the second's
		}
		time.Sleep(time.Second)
		wantOutcome(t, p, "no_hit/no_inventory")
		time.Sleep(time.Second)
		wantOutcome(t, p, "budget_skipped/quota") // the day's
	})
	synctest.Test(t, func(t *testing.T) {
		fail := true
		c := &scripted{}
		c.ask = func(context.Context, int) (travel.Answer, error) {
			if fail {
				return travel.Answer{}, fault.New(fault.HTTP5xx, nil)
			}
			time.Sleep(time.Second)
			return travel.Answer{}, nil
		}
		p := provider(c, func(cfg *Config) { cfg.MaxConcurrency, cfg.SearchesPerDay = 64, 5+probes+1 })
		for range 5 {
			outcome(p)
		}
		fail = false
		time.Sleep(7 * time.Second)
		for range probes {
			go outcome(p)
		}
		synctest.Wait()
		for range 10 {
			wantOutcome(t, p, "circuit_open/http_5xx") // three are out
		}
		time.Sleep(2 * time.Second)
		wantOutcome(t, p, "no_hit/no_inventory")
		wantOutcome(t, p, "budget_skipped/quota")
	})
}

// The day of a quota is the business clock's, as is the instant at which it is over.
func TestQuotaGoesByTheBusinessClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the machine's clock stands at midnight
		cfg := Config{Name: "heron", Deadline: 8 * time.Second, MaxConcurrency: 4, Breaker: DefaultBreaker, SearchesPerDay: 1}
		p := New(cfg, &scripted{}, Deps{Atlas: places.Default(), Now: func() time.Time { return time.Now().Add(22 * time.Hour) }})
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
		if got := retry(p); got != unauthorizedHold {
			t.Errorf("refused key: again in %v, want %v", got, unauthorizedHold)
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
		for range probes {
			go outcome(p)
		}
		synctest.Wait()
		if got := retry(p); got < 0 {
			t.Errorf("while probes are out: again %v ago", -got)
		}
		time.Sleep(9 * time.Second)
	})
}

// A late answer does not shorten how long calls are kept away.
func TestPausesDoNotShortenAHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &scripted{ask: func(_ context.Context, n int) (travel.Answer, error) {
			if n == 1 {
				time.Sleep(time.Second)
				e := fault.New(fault.HTTP429, nil)
				e.RetryAfter = time.Second
				return travel.Answer{}, e
			}
			return travel.Answer{}, fault.New(fault.Unauthorized, nil)
		}}
		p := provider(c, nil)
		go outcome(p)
		synctest.Wait()
		wantOutcome(t, p, "error_http/unauthorized")
		time.Sleep(5 * time.Second)
		wantOutcome(t, p, "circuit_open/unauthorized")
	})
}

// A hold is ended by one probe at a time.
func TestOneProbeEndsAHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &scripted{ask: always(fault.Unauthorized)}
		p := provider(c, nil)
		outcome(p)
		time.Sleep(unauthorizedHold + time.Second)
		c.ask = func(context.Context, int) (travel.Answer, error) {
			time.Sleep(time.Second)
			return travel.Answer{}, nil
		}
		go outcome(p)
		synctest.Wait()
		wantOutcome(t, p, "circuit_open/unauthorized")
		time.Sleep(2 * time.Second)
		wantOutcome(t, p, "no_hit/no_inventory")
	})
}

// Calls that take longer than the window still count.
func TestBreakerCountsCallsLongerThanItsWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &scripted{ask: func(_ context.Context, n int) (travel.Answer, error) {
			time.Sleep(15 * time.Second)
			if n%2 == 0 {
				return travel.Answer{}, nil
			}
			return travel.Answer{}, fault.New(fault.HTTP5xx, nil)
		}}
		p := provider(c, func(cfg *Config) { cfg.Deadline, cfg.MaxConcurrency = 20*time.Second, 64 })
		for range 40 {
			go outcome(p)
		}
		time.Sleep(16 * time.Second)
		wantOutcome(t, p, "circuit_open/http_5xx")
	})
}

func TestOpenTimesGrowToTheirMaximum(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := provider(&scripted{ask: always(fault.HTTP5xx)}, nil)
		for range 5 {
			outcome(p)
		}
		for range 8 {
			time.Sleep(73 * time.Second)
			wantOutcome(t, p, "error_http/http_5xx") // a probe
		}
		if left := time.Until(p.Health()[0].RetryAt); left < 48*time.Second || left > 72*time.Second {
			t.Errorf("open for %v in the end, want open_for_max (1m) and 20 %% jitter", left)
		}
	})
}

func TestAcceptDropsLowerCabinsAndChangesOfCity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock stands at 2000-01-01
		segment := func(from, to travel.Airport, hour int) travel.Segment {
			departs := time.Date(2000, 4, 10, hour, 0, 0, 0, time.UTC)
			return travel.Segment{Marketing: travel.Flight{Carrier: "BA", Number: "177"}, Origin: from, Destination: to,
				Departs: travel.LocalTimeOf(departs), Arrives: travel.LocalTimeOf(departs.Add(2 * time.Hour))}
		}
		for _, test := range []struct {
			name     string
			cabins   []travel.Cabin
			segments []travel.Segment
			rule     string
		}{
			{"as asked", []travel.Cabin{travel.Business}, []travel.Segment{segment("LHR", "JFK", 9)}, ""},
			{"unknown cabin", nil, []travel.Segment{segment("LHR", "JFK", 9)}, ""},
			{"lower cabin", []travel.Cabin{travel.Economy}, []travel.Segment{segment("LHR", "JFK", 9)}, travel.RuleWrongCabin},
			{"mixed cabins", []travel.Cabin{travel.Economy, travel.Business}, []travel.Segment{segment("LHR", "CDG", 9), segment("CDG", "JFK", 13)}, ""},
			{"another airport of the city", nil, []travel.Segment{segment("LHR", "CDG", 9), segment("ORY", "JFK", 15)}, ""},
			{"another city", nil, []travel.Segment{segment("LHR", "CDG", 9), segment("MAD", "JFK", 15)}, travel.RuleWrongRoute},
		} {
			p := provider(&scripted{ask: func(context.Context, int) (travel.Answer, error) {
				o := travel.Offer{Itinerary: travel.Itinerary{Slices: []travel.Slice{{Segments: test.segments}}}, Fare: travel.Fare{Cabin: test.cabins}}
				return travel.Answer{Offers: []travel.Offer{o}, OffersIn: 1}, nil
			}}, nil)
			q := flights()
			q.Cabin = travel.Business
			a := p.Ask(context.Background(), q)
			if test.rule == "" && len(a.Offers) != 1 || test.rule != "" && a.Drops[test.rule] != 1 {
				t.Errorf("%s: kept %d, drops %v; want rule %q", test.name, len(a.Offers), a.Drops, test.rule)
			}
		}
	})
}

func TestAcceptDropsStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := travel.Query{Product: travel.Hotels, Market: "GB"}
		q.StayQuery.Destination = travel.Destination{Place: "PAR", Lat: 48.85, Lon: 2.35, RadiusKM: 15}
		for _, test := range []struct {
			rule   string
			change func(*travel.Stay)
		}{
			{"", func(*travel.Stay) {}},
			{"", func(s *travel.Stay) { s.Property.HasGeo = false }},
			{travel.RuleNoContent, func(s *travel.Stay) { s.Property.Name = "" }},
			{travel.RuleOutOfArea, func(s *travel.Stay) { s.Property.Lat = 49.5 }},
			{travel.RuleTestOffer, func(s *travel.Stay) { s.Rates[0].Test = true }},
			{travel.RuleExpired, func(s *travel.Stay) { s.Rates[0].ExpiresAt = time.Now() }},
		} {
			s := travel.Stay{Property: travel.Property{ID: "1", Name: "Grand", Lat: 48.85, Lon: 2.35, HasGeo: true}, Rates: make([]travel.Rate, 1)}
			test.change(&s)
			p := provider(&scripted{ask: func(context.Context, int) (travel.Answer, error) {
				return travel.Answer{Stays: []travel.Stay{s}, OffersIn: 1}, nil
			}}, nil)
			a := p.Ask(context.Background(), q)
			if test.rule == "" && a.OffersKept() != 1 || test.rule != "" && a.Drops[test.rule] != 1 {
				t.Errorf("rule %q: kept %d, drops %v", test.rule, a.OffersKept(), a.Drops)
			}
		}
		p := provider(&scripted{}, func(cfg *Config) { cfg.Coverage.Destinations = []travel.Airport{"LON"} })
		if got := p.Applicable(q); got != fault.Route {
			t.Errorf("a place that is not covered: %q, want route", got)
		}
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
