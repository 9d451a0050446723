package page

import (
	"testing"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

// The prices of a page are those of the offers that stand on it and of what its labels point at,
// which may stand on another page.
func TestPricesAreThoseShown(t *testing.T) {
	var all []travel.Offer
	for flight, prices := range [][]int64{{300, 310}, {100}, {200}} {
		for _, minor := range prices {
			o := travel.Offer{Price: travel.Price{Total: travel.Money{Minor: minor * 100, Currency: "EUR"}, Kind: travel.Live}}
			o.Itinerary.Slices = []travel.Slice{{Segments: []travel.Segment{flightNumber(flight)}}}
			o.Fare.Brand = string(rune('A' + len(all)))
			all = append(all, o)
		}
	}
	p, err := OfFlights(sourceOf(all), view.Flights{Currency: "EUR", Sort: "fastest", Limit: 1}, fx.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Rows) != 1 || len(p.Rows[0].Offers) != 2 || len(p.Labels) != 3 {
		t.Fatalf("%d rows, %d labels; want the fastest with 2 offers, and 3 labels", len(p.Rows), len(p.Labels))
	}
	count := 0
	for partner := range p.Prices() {
		if partner != "heron" {
			t.Errorf("a price of %s", partner)
		}
		count++
	}
	if want := 2 + 3; count != want {
		t.Errorf("%d prices, want %d", count, want)
	}
	for range p.Prices() { // who has enough may stop
		break
	}
}
