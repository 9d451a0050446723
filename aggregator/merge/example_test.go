package merge_test

import (
	"fmt"
	"time"

	"fanfare/aggregator/merge"
	"fanfare/providers/travel"
)

// One flight, which its own airline sells as BA177 and a partner of that airline as AA6134, is one
// result with both sellers.
func ExampleFlights() {
	departs := time.Date(2027, 3, 1, 10, 5, 0, 0, time.UTC)
	answer := func(partner, carrier, number string, euros int64) *merge.Prepared {
		a := travel.Answer{Partner: partner, Offers: []travel.Offer{{
			Itinerary: travel.Itinerary{Slices: []travel.Slice{{Segments: []travel.Segment{{
				Marketing: travel.NewFlight(carrier, number), Operating: travel.NewFlight("BA", "177"),
				Origin: "LHR", Destination: "JFK",
				Departs: travel.LocalTimeOf(departs), Arrives: travel.LocalTimeOf(departs.Add(8 * time.Hour)),
			}}}}},
			Price: travel.Price{Total: travel.Money{Minor: euros * 100, Currency: "EUR"}},
		}}}
		return merge.Prepare(a, merge.Context{SearchID: "example", Micros: func(m travel.Money) (int64, bool) { return m.Minor * 10_000, true }})
	}
	for _, r := range merge.Flights([]*merge.Prepared{answer("heron", "AA", "6134", 390), answer("albatross", "BA", "177", 412)}) {
		s := r.Slices[0][0]
		fmt.Println(s.Marketing, s.SoldAs)
		for _, q := range r.Quotes { // cheapest first
			fmt.Println(q.Partner, q.Offer.Price.Total.Decimal())
		}
	}
	// Output:
	// BA177 [AA6134]
	// heron 390.00
	// albatross 412.00
}
