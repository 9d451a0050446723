package web_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/travel"
	"fanfare/web/api"
)

const awayAndBack = oneWay + "&return_date=2000-03-08"

// part is an offer of one flight for one slice of a query.
func part(s travel.SliceQuery, carrier string, hour int, price string) travel.Offer {
	departs := s.Date.Time().Add(time.Duration(hour) * time.Hour)
	f := travel.NewFlight(carrier, "7")
	return travel.Offer{Price: travel.Price{Total: cash(price), Kind: travel.Live}, Seller: travel.Seller{Code: carrier},
		Itinerary: travel.Itinerary{Slices: []travel.Slice{{Segments: []travel.Segment{{Marketing: f, Operating: f, Origin: s.Origin, Destination: s.Destination,
			Departs: travel.LocalTimeOf(departs), Arrives: travel.LocalTimeOf(departs.Add(8 * time.Hour))}}}}}}
}

// combiningPartners sell the whole trip for 500 and 520, and its parts: the first the way
// out cheaper and in pounds, the second the way back in dollars.
func combiningPartners() []*partner {
	whole := func(carrier, price string) travel.Answer {
		out := part(travel.SliceQuery{Origin: "LHR", Destination: "JFK", Date: travel.NewDate(2000, 3, 1)}, carrier, 10, price)
		back := part(travel.SliceQuery{Origin: "JFK", Destination: "LHR", Date: travel.NewDate(2000, 3, 8)}, carrier, 18, price)
		out.Itinerary.Slices = append(out.Itinerary.Slices, back.Itinerary.Slices...)
		return flights(out)
	}
	first := whole("BA", "GBP 500.00")
	first.AskedAs = []string{"LHR-JFK"} // for the record of what a partner can have
	a, b := asks("albatross", 0, first), asks("bluebird", 0, whole("VS", "GBP 520.00"))
	a.parts = func(q travel.Query) travel.Answer {
		if q.Slices[0].Origin == "LHR" {
			return flights(part(q.Slices[0], "BA", 10, "GBP 120.33"))
		}
		return flights(part(q.Slices[0], "BA", 18, "GBP 400.00"))
	}
	b.parts = func(q travel.Query) travel.Answer {
		if q.Slices[0].Origin == "LHR" {
			return flights(part(q.Slices[0], "VS", 9, "USD 600.00"))
		}
		return flights(part(q.Slices[0], "VS", 18, "USD 99.99"))
	}
	return []*partner{a, b}
}

// TestCombinationsOnThePage: a combination lists its tickets, says what it risks, and
// costs what they cost; combine=0 shows what there is without, and nothing of it is in the
// state hash.
func TestCombinationsOnThePage(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, combiningPartners()...)
		id := b.get(awayAndBack + "&wait=1s").want(200).view().ID
		time.Sleep(time.Second)
		synctest.Wait()
		at := flightPath + "/" + id + "?sort=cheapest&currency=EUR"
		with, without := decode[api.FlightView](b.get(at)), decode[api.FlightView](b.get(at+"&combine=0"))
		if with.StateHash != without.StateHash || len(without.Results) != 2 || len(with.Partners) != 2 {
			t.Errorf("state hashes %s and %s, %d results without combinations", with.StateHash, without.StateHash, len(without.Results))
		}
		best := with.Results[0]
		if best.Combination == nil || best.Combination.Kind != "separate_tickets" || best.Combination.Tickets != 2 || !strings.Contains(best.Combination.Risk, "wo separate tickets") {
			t.Fatalf("the cheapest is %+v, want a combination", best)
		}
		o := best.Offers[0]
		if o.Partner != "albatross+bluebird" || len(o.Tickets) != 2 || o.Tickets[0].Partner != "albatross" || o.Tickets[1].Partner != "bluebird" || o.SelfTransfer {
			t.Errorf("offer %+v", o)
		}
		if got, want := amount(t, o.Price.Total), new(big.Rat).Add(amount(t, o.Tickets[0].Price.Total), amount(t, o.Tickets[1].Price.Total)); got.Cmp(want) != 0 {
			t.Errorf("total %s, want the sum of its tickets %s", got, want)
		}
		if o.Price.Original.Known() || o.Tickets[1].Price.Original != cash("USD 99.99") {
			t.Errorf("originals %v and %v; want none for the sum of two currencies", o.Price.Original, o.Tickets[1].Price.Original)
		}
		// What is left are the results on one ticket, in the same order.
		own := slices.DeleteFunc(with.Results, func(r api.FlightResult) bool { return r.Combination != nil })
		if len(own) != 2 || own[0].ID != without.Results[0].ID || own[1].ID != without.Results[1].ID {
			t.Errorf("results on one ticket differ: %d", len(own))
		}
		only := decode[api.FlightView](b.get(at + "&combined_only=1"))
		if only.Counts.Matching != with.Counts.Matching-2 || only.Counts.Results != with.Counts.Results-2 || only.Results[0].Combination == nil {
			t.Errorf("%d of %d results on several tickets alone, want %d", only.Counts.Matching, only.Counts.Results, with.Counts.Matching-2)
		}
		// Each view counts both sorts, as its own choice is another filter's.
		want := []api.TextFacet{{Value: "one", Name: "one", Count: 2, From: own[0].Price}, {Value: "several", Name: "several", Count: only.Counts.Matching, From: best.Price}}
		for _, v := range []api.FlightView{with, without, only} {
			if !slices.Equal(v.Facets.Tickets, want) {
				t.Errorf("tickets %+v, want %+v", v.Facets.Tickets, want)
			}
		}
		// A filter by partner leaves what can be bought from it alone.
		for _, r := range decode[api.FlightView](b.get(at + "&partners=albatross")).Results {
			for _, o := range r.Offers {
				if strings.Contains(o.Partner, "bluebird") {
					t.Errorf("partners=albatross shows an offer of %s", o.Partner)
				}
			}
		}
		if got := decode[api.FlightView](b.get(at + "&partners=albatross,bluebird")).Counts.Matching; got != with.Counts.Matching {
			t.Errorf("%d results of both partners, want %d", got, with.Counts.Matching)
		}
		limit := decode[api.FlightView](b.get(at + "&max_price=" + best.Price.Decimal()))
		if len(limit.Results) != 1 || limit.Results[0].ID != best.ID {
			t.Errorf("%d results at the combination's price, want itself", len(limit.Results))
		}
	})
}

func amount(t *testing.T, m travel.Money) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(m.Decimal())
	if !ok {
		t.Fatalf("amount %v", m)
	}
	return r
}

// TestAPartIsNoSearchOfItsOwn: it cannot be found before somebody asks for it, and then it
// is asked in full, as a new one.
func TestAPartIsNoSearchOfItsOwn(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		partners := combiningPartners()
		partners = append(partners, asks("condor", 0, flights(direct(1, "GBP 90.00"))))
		b := newBench(t, noConfig, partners...)
		b.get(awayAndBack).want(200)
		time.Sleep(time.Second)
		q := travel.Query{Product: travel.Flights, Market: "GB"}
		q.Slices = []travel.SliceQuery{{Origin: "LHR", Destination: "JFK", Date: travel.NewDate(2000, 3, 1)}}
		q.Passengers, q.Cabin = travel.Passengers{Adults: 1, ChildAges: []int{}}, travel.Economy
		b.get(flightPath + "/" + q.ID()).problem(404)
		b.post(flightPath, flightBody).want(201)
		time.Sleep(time.Second)
		v := b.get(flightPath + "/" + q.ID()).view()
		if v.ID != q.ID() || v.Status != "complete" || v.Coverage.Answered != 3 {
			t.Errorf("the part's own search is %s with %d answers", v.Status, v.Coverage.Answered)
		}
	})
}

// disagreeing are partners that state times of one flight which are 20 minutes apart.
func disagreeing() []*partner {
	late := direct(1, "GBP 100.00")
	s := &late.Itinerary.Slices[0].Segments[0]
	s.Departs.Unix += 20 * 60
	s.Arrives.Unix += 20 * 60
	return []*partner{asks("albatross", 0, flights(direct(1, "GBP 90.00"))), asks("bluebird", 0, flights(late))}
}

// TestNearMissesAreMarked: one flight at two times stays two results that know of each other.
func TestNearMissesAreMarked(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		v := decode[api.FlightView](newBench(t, noConfig, disagreeing()...).get(oneWay))
		if len(v.Results) != 2 {
			t.Fatalf("%d results, want 2", len(v.Results))
		}
		for i := range v.Results {
			if want := []api.Link{{ID: v.Results[1-i].ID, Why: "schedule_conflict"}}; !slices.Equal(v.Results[i].Linked, want) {
				t.Errorf("linked %v, want %v", v.Results[i].Linked, want)
			}
		}
	})
}
