package providers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/guard"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

func route(codes ...string) travel.Query {
	q := flights()
	q.Slices = nil
	for i, code := range codes {
		from, to, _ := strings.Cut(code, "-")
		q.Slices = append(q.Slices, travel.SliceQuery{Origin: travel.Airport(from), Destination: travel.Airport(to), Date: travel.NewDate(2000, 4, 10+i)})
	}
	return q
}

func routes(queries []travel.Query) []string {
	var all []string
	for _, q := range queries {
		text := ""
		for _, s := range q.Slices {
			text += fmt.Sprintf(" %s-%s", s.Origin, s.Destination)
		}
		all = append(all, strings.TrimSpace(text))
	}
	return all
}

func TestAirportQueries(t *testing.T) {
	for _, test := range []struct {
		name string
		q    travel.Query
		want []string
		left int
	}{
		{"airports", route("LHR-JFK"), []string{"LHR-JFK"}, 0},
		{"an area of one airport", route("ANK-LHR"), []string{"ESB-LHR"}, 0},
		{"an area", route("PAR-LHR"), []string{"CDG-LHR", "ORY-LHR", "BVA-LHR"}, 0},
		{"two areas, the main airports first", route("LON-NYC"), []string{"LHR-JFK", "LHR-EWR", "LGW-JFK", "LHR-LGA"}, 20},
		{"back to where it left", route("PAR-LHR", "LHR-PAR"), []string{"CDG-LHR LHR-CDG", "ORY-LHR LHR-ORY", "BVA-LHR LHR-BVA"}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			queries, left := airportQueries(test.q, places.Default())
			if got := routes(queries); !slices.Equal(got, test.want) || left != test.left {
				t.Errorf("airportQueries = %v and %d more, want %v and %d", got, left, test.want, test.left)
			}
		})
	}
}

// routed answers by route: two offers that answer and one that does not, or an error.
type routed struct {
	mu    sync.Mutex
	asked []string
	fails map[string]fault.Cause
	hangs string // the route that is not answered before the call's deadline

	nothing bool // there is nothing on routes that do not fail
}

func (c *routed) Capable(travel.Query) fault.Cause { return fault.None }

func (c *routed) Ask(ctx context.Context, q travel.Query) (travel.Answer, error) {
	s := q.Slices[0]
	name := string(s.Origin + "-" + s.Destination)
	c.mu.Lock()
	c.asked = append(c.asked, name)
	cause := c.fails[name]
	c.mu.Unlock()
	switch {
	case cause != fault.None:
		return travel.Answer{}, fault.New(cause, nil)
	case name == c.hangs:
		<-ctx.Done()
		return travel.Answer{}, context.Cause(ctx)
	case c.nothing:
		return travel.Answer{}, nil
	}
	var a travel.Answer
	for _, from := range []travel.Airport{s.Origin, s.Origin, "MUC"} {
		departs := s.Date.Time()
		a.Offers = append(a.Offers, travel.Offer{Price: travel.Price{Total: travel.Money{Minor: 100, Currency: "EUR"}},
			Itinerary: travel.Itinerary{Slices: []travel.Slice{{Segments: []travel.Segment{{Marketing: travel.NewFlight("BA", "1"), Origin: from, Destination: s.Destination,
				Departs: travel.LocalTimeOf(departs.Add(3600e9)), Arrives: travel.LocalTimeOf(departs.Add(7200e9))}}}}}})
	}
	a.OffersIn = len(a.Offers)
	return a, nil
}

func TestMetroAreasAreAskedForByTheirAirports(t *testing.T) {
	for _, test := range []struct {
		name     string
		only     bool
		fails    map[string]fault.Cause
		asked    []string
		attempts int
		kept     int
		note     int
		cause    fault.Cause
	}{
		{"as they are", false, nil, []string{"PAR-LHR"}, 1, 2, 0, fault.None},
		{"by airports", true, nil, []string{"BVA-LHR", "CDG-LHR", "ORY-LHR"}, 3, 6, 0, fault.None},
		{"one of them fails", true, map[string]fault.Cause{"ORY-LHR": fault.HTTP4xx}, []string{"BVA-LHR", "CDG-LHR", "ORY-LHR"}, 3, 4, 1, fault.HTTP4xx},
		{"the first failure in the order of the question", true, map[string]fault.Cause{"BVA-LHR": fault.HTTP4xx, "ORY-LHR": fault.Malformed},
			[]string{"BVA-LHR", "CDG-LHR", "ORY-LHR"}, 3, 2, 2, fault.Malformed},
		{"all fail", true, map[string]fault.Cause{"ORY-LHR": fault.HTTP4xx, "CDG-LHR": fault.Malformed, "BVA-LHR": fault.HTTP4xx},
			[]string{"BVA-LHR", "CDG-LHR", "ORY-LHR"}, 3, 0, 0, fault.Malformed},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := &routed{fails: test.fails}
			var a travel.Answer
			synctest.Test(t, func(t *testing.T) {
				a = provider(c, func(cfg *Config) { cfg.AirportsOnly = test.only }).Ask(t.Context(), route("PAR-LHR"))
			})
			slices.Sort(c.asked)
			if !slices.Equal(c.asked, test.asked) || a.Attempts != test.attempts || len(a.Offers) != test.kept || a.Notes[NoteMetroFailed] != test.note {
				t.Errorf("asked %v in %d attempts, %d offers kept, notes %v", c.asked, a.Attempts, len(a.Offers), a.Notes)
			}
			if e := fault.Of(a.Err); (e == nil) != (test.cause == fault.None) || e != nil && e.Cause != test.cause {
				t.Errorf("error %v, want %q", a.Err, test.cause)
			}
			dropped := 0
			for _, n := range a.Drops {
				dropped += n
			}
			if a.OffersIn != a.OffersKept()+dropped {
				t.Errorf("%d offers in, %d kept and %d dropped", a.OffersIn, a.OffersKept(), dropped)
			}
			if e := fault.Of(a.Err); e != nil && (e.Partial != (test.kept > 0) || e.Partner != "heron") {
				t.Errorf("%v is partial: %v, with %d offers", e, e.Partial, test.kept)
			}
			if want := test.only; (len(a.AskedAs) == 3) != want {
				t.Errorf("asked as %v", a.AskedAs)
			}
		})
	}
}

// TestMetroCallsArePaidFor: each airport's call is one of the partner's quota.
func TestMetroCallsArePaidFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &routed{}
		p := provider(c, func(cfg *Config) { cfg.AirportsOnly, cfg.Rate.PerDay = true, 2 })
		a := p.Ask(t.Context(), route("PAR-LHR"))
		if e := fault.Of(a.Err); e == nil || e.Cause != fault.Quota || !e.Partial || a.RetryAt.IsZero() || len(c.asked) != 2 || a.Notes[NoteMetroFailed] != 1 {
			t.Errorf("%d calls of 2, %v, again at %v, notes %v; want the third refused", len(c.asked), a.Err, a.RetryAt, a.Notes)
		}
		if a.Notes[NoteMetroNotAsked] != 1 || !slices.Equal(a.AskedAs, []string{"CDG-LHR", "ORY-LHR"}) {
			t.Errorf("asked as %v, notes %v; want the main airports, and one not asked", a.AskedAs, a.Notes)
		}
	})
}

// TestPartOfAMetroAnswerIsNoWholeOne: a partner that errs on most pairs and has nothing on the
// last has not said that there is nothing.
func TestPartOfAMetroAnswerIsNoWholeOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &routed{nothing: true, fails: map[string]fault.Cause{"CDG-LHR": fault.HTTP5xx, "ORY-LHR": fault.HTTP5xx}}
		var calls []Call
		p := provider(c, func(cfg *Config) { cfg.AirportsOnly = true })
		p.deps.Called = func(call Call) { calls = append(calls, call) }
		a := p.Ask(t.Context(), route("PAR-LHR"))
		if status, cause := fault.Judge(a.OffersKept(), a.Err); status != fault.ErrorHTTP || cause != fault.HTTP5xx {
			t.Errorf("ended %s/%s, want the failure of the first pair", status, cause)
		}
		if len(calls) != 1 || calls[0].Status != fault.ErrorHTTP || calls[0].Cause != fault.HTTP5xx {
			t.Errorf("reported %+v, want one failure", calls)
		}
	})
}

// TestMetroQuestionIsOneEntry: a partner that sells one pair of airports is well, whatever it
// does on the others, and one that sells none opens its breaker by the question.
func TestMetroQuestionIsOneEntry(t *testing.T) {
	for _, test := range []struct {
		name  string
		fails map[string]fault.Cause
		hang  string
		asked int // of 12 questions, so many were asked
	}{
		{"one pair sells", map[string]fault.Cause{"CDG-LHR": fault.HTTP5xx, "BVA-LHR": fault.PartnerError}, "", 12},
		{"one pair sells, the others hang", nil, "BVA-LHR", 12},
		{"all fail", map[string]fault.Cause{"CDG-LHR": fault.HTTP5xx, "ORY-LHR": fault.HTTP4xx, "BVA-LHR": fault.Malformed}, "", guard.DefaultBreaker.Consecutive},
		{"failures that do not count", map[string]fault.Cause{"CDG-LHR": fault.HTTP4xx, "ORY-LHR": fault.HTTP4xx, "BVA-LHR": fault.HTTP4xx}, "", 12},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &routed{fails: test.fails, hangs: test.hang}
				p := provider(c, func(cfg *Config) { cfg.AirportsOnly, cfg.Breaker.MinCalls = true, 5 })
				for range 12 {
					p.Ask(t.Context(), route("PAR-LHR"))
				}
				if len(c.asked) != 3*test.asked {
					t.Errorf("%d calls, want those of %d questions of three", len(c.asked), test.asked)
				}
			})
		})
	}
}

// TestMetroProbe: of a half-open breaker a question takes one probe's place, with all its calls.
func TestMetroProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &routed{fails: map[string]fault.Cause{"CDG-LHR": fault.HTTP5xx, "ORY-LHR": fault.HTTP5xx, "BVA-LHR": fault.HTTP5xx}}
		p := provider(c, func(cfg *Config) { cfg.AirportsOnly, cfg.MaxConcurrency = true, 64 })
		for range guard.DefaultBreaker.Consecutive {
			p.Ask(t.Context(), route("PAR-LHR"))
		}
		wantOutcome(t, p, "circuit_open/http_5xx")
		time.Sleep(2 * guard.DefaultBreaker.OpenFor)
		c.mu.Lock()
		c.fails, c.asked = map[string]fault.Cause{"CDG-LHR": fault.HTTP5xx}, nil
		c.mu.Unlock()
		for range 9 {
			go p.Ask(t.Context(), route("PAR-LHR"))
		}
		synctest.Wait()
		if h := p.Health()[0]; h.Breaker != guard.Closed || len(c.asked) < 9 {
			t.Errorf("breaker %v after %d calls of three probes that succeeded in part", h.Breaker, len(c.asked))
		}
	})
}

// TestAccountFailureOfOnePair: a rate limit is the account's, whatever the other pairs brought.
func TestAccountFailureOfOnePair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &routed{fails: map[string]fault.Cause{"CDG-LHR": fault.HTTP5xx, "BVA-LHR": fault.HTTP429}}
		p := provider(c, func(cfg *Config) { cfg.AirportsOnly = true })
		if a := p.Ask(t.Context(), route("PAR-LHR")); fault.Of(a.Err).Cause != fault.HTTP5xx || a.OffersKept() == 0 || a.RetryAt.Sub(a.AsOf) != time.Minute {
			t.Errorf("%v, %d kept, again in %v", a.Err, a.OffersKept(), a.RetryAt.Sub(a.AsOf))
		}
		wantOutcome(t, p, "rate_limited/http_429")
		time.Sleep(time.Minute + time.Second)
		if a := p.Ask(t.Context(), route("PAR-LHR")); a.Attempts != 3 {
			t.Errorf("%d attempts after the pause", a.Attempts)
		}
	})
}
