package page

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/merge"
	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

// drawFares draws offers of a few flights: several fares each, with bags, bags at a stated
// price, or nothing said of bags.
func drawFares(t *rapid.T) (all []travel.Offer) {
	currency := rapid.SampledFrom([]travel.Currency{"EUR", "GBP", "JPY"})
	for i := range rapid.IntRange(2, 8).Draw(t, "offers") {
		o := travel.Offer{PartnerRef: fmt.Sprint(i), Fare: travel.Fare{Brand: fmt.Sprint("fare ", i)}}
		o.Price = travel.Price{Total: travel.Money{Minor: int64(rapid.IntRange(50, 250).Draw(t, "price")) * 100}, Kind: travel.Live}
		o.Itinerary.Slices = []travel.Slice{{Segments: []travel.Segment{flightNumber(rapid.IntRange(0, 3).Draw(t, "flight"))}}}
		o.Price.Total.Currency = currency.Draw(t, "currency")
		o.Fare.CabinBags, o.Fare.CheckedBags = travel.Pieces(rapid.IntRange(0, 2).Draw(t, "cabin")), travel.Pieces(rapid.IntRange(0, 2).Draw(t, "checked"))
		price := func(name string) travel.Money {
			m := travel.Money{Minor: int64(rapid.IntRange(0, 80).Draw(t, name)) * 100, Currency: o.Price.Total.Currency}
			if m.Minor == 0 {
				return travel.Money{}
			}
			return m
		}
		o.Fare.CabinBagPrice, o.Fare.CheckedBagPrice = price("cabin price"), price("checked price")
		all = append(all, o)
	}
	return all
}

// flightNumber is one of a morning's flights: the higher its number, the longer it takes.
func flightNumber(n int) travel.Segment {
	departs := time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)
	flight := travel.Flight{Carrier: "BA", Number: fmt.Sprint(100 + n)}
	return travel.Segment{
		Marketing: flight, Operating: flight, Origin: "LHR", Destination: "JFK",
		Departs: travel.LocalTimeOf(departs), Arrives: travel.LocalTimeOf(departs.Add(8*time.Hour + time.Duration(n)*30*time.Minute)),
	}
}

// sourceOf has one partner's offers for a return.
func sourceOf(all []travel.Offer) *Source {
	q := travel.Query{Product: travel.Flights, Market: "GB"}
	day := travel.NewDate(2027, 3, 1)
	q.Slices = []travel.SliceQuery{{Origin: "LHR", Destination: "JFK", Date: day}, {Origin: "JFK", Destination: "LHR", Date: day + 7}}
	q.Passengers, q.Cabin = travel.Passengers{Adults: 1, ChildAges: []int{}}, travel.Economy
	a := merge.Prepare(travel.Answer{Partner: "heron", Offers: slices.Clone(all)}, merge.Context{SearchID: "search", Micros: fx.Embedded().EURMicros})
	results := FactsOf(merge.Flights([]*merge.Prepared{a}))
	return &Source{SearchID: "search", Query: &q, Flights: func() FlightResults { return results }}
}

// first is what the view puts first, and the page.
func first(t *rapid.T, all []travel.Offer, v view.Flights) (string, *Flights) {
	p, err := OfFlights(sourceOf(all), v, fx.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Rows) == 0 {
		return "", p
	}
	return p.Rows[0].Result.ID, p
}

// At first_at a result is first when its cheapest offer really has that price, and one
// minor unit above it is not, with and without bags, in every order.
func TestFirstAtHoldsWhenThePriceIsSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawFares(t)
		v := view.Flights{Currency: rapid.SampledFrom([]travel.Currency{"EUR", "GBP", "JPY"}).Draw(t, "display"), Limit: 20, Explain: true,
			Sort:     rapid.SampledFrom([]string{"best", "cheapest", "fastest", "departure", "arrival"}).Draw(t, "sort"),
			CabinBag: rapid.Bool().Draw(t, "cabin bag"), CheckedBag: rapid.Bool().Draw(t, "checked bag"), Strict: rapid.IntRange(0, 3).Draw(t, "strict") == 0}
		_, p := first(t, all, v)
		for _, row := range p.Rows {
			if row.Explain.FirstAt == nil {
				continue
			}
			at := func(minor int64) string {
				changed := append([]travel.Offer(nil), all...)
				for i := range changed {
					if changed[i].PartnerRef == row.Offers[0].Offer.PartnerRef {
						changed[i].Price.Total = travel.Money{Minor: minor, Currency: v.Currency}
					}
				}
				id, _ := first(t, changed, v)
				return id
			}
			price := row.Explain.FirstAt.Minor
			if at(price) != row.Result.ID {
				t.Fatalf("at %v the result is not first (%+v)", row.Explain.FirstAt, v)
			}
			if at(price+1) == row.Result.ID {
				t.Fatalf("above %v the result is still first (%+v)", row.Explain.FirstAt, v)
			}
		}
	})
}
