package aggregator

import (
	"fmt"
	"testing"

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
		o := offers(int64(rapid.IntRange(50, 250).Draw(t, "price")) * 100).Offers[0]
		flight := rapid.IntRange(0, 3).Draw(t, "flight")
		s := o.Itinerary.Slices[0].Segments[0]
		s.Marketing.Number = fmt.Sprint(100 + flight)
		s.Operating = s.Marketing
		s.Arrives.Unix += int64(flight) * 1800
		o.Itinerary.Slices = []travel.Slice{{Segments: []travel.Segment{s}}}
		o.PartnerRef, o.Fare.Brand = fmt.Sprint(i), fmt.Sprint("fare ", i)
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

// first is what the view puts first, and the page.
func first(t *rapid.T, all []travel.Offer, v view.Flights) (string, *FlightPage) {
	a := travel.Answer{Partner: "heron", Offers: append([]travel.Offer(nil), all...)}
	s := marketSnapshot([]*merge.Prepared{merge.Prepare(a, merge.Context{SearchID: "search", Micros: fx.Embedded().EURMicros})})
	p, err := s.Flights(v, fx.Embedded())
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
