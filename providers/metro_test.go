package providers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"fanfare/providers/fault"
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
	}{
		{"airports", route("LHR-JFK"), []string{"LHR-JFK"}},
		{"an area of one airport", route("ANK-LHR"), []string{"ESB-LHR"}},
		{"an area", route("PAR-LHR"), []string{"CDG-LHR", "ORY-LHR", "BVA-LHR"}},
		{"two areas, the main airports first", route("LON-NYC"), []string{"LHR-JFK", "LHR-EWR", "LGW-JFK", "LHR-LGA"}},
		{"back to where it left", route("PAR-LHR", "LHR-PAR"), []string{"CDG-LHR LHR-CDG", "ORY-LHR LHR-ORY", "BVA-LHR LHR-BVA"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := routes(airportQueries(test.q, places.Default())); !slices.Equal(got, test.want) {
				t.Errorf("airportQueries = %v, want %v", got, test.want)
			}
		})
	}
}

// routed answers by route: two offers that answer and one that does not, or an error.
type routed struct {
	mu    sync.Mutex
	asked []string
	fails map[string]fault.Cause
}

func (c *routed) Capable(travel.Query) fault.Cause { return fault.None }

func (c *routed) Ask(_ context.Context, q travel.Query) (travel.Answer, error) {
	s := q.Slices[0]
	name := string(s.Origin + "-" + s.Destination)
	c.mu.Lock()
	c.asked = append(c.asked, name)
	c.mu.Unlock()
	if cause := c.fails[name]; cause != fault.None {
		return travel.Answer{}, fault.New(cause, nil)
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
		{"one of them fails", true, map[string]fault.Cause{"ORY-LHR": fault.HTTP4xx}, []string{"BVA-LHR", "CDG-LHR", "ORY-LHR"}, 3, 4, 1, fault.None},
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
		if a := p.Ask(t.Context(), route("PAR-LHR")); a.Err != nil || len(c.asked) != 2 || a.Notes[NoteMetroFailed] != 1 {
			t.Errorf("%d calls of 2, %v, notes %v", len(c.asked), a.Err, a.Notes)
		}
	})
}
