package assemble

import (
	"slices"
	"testing"
	"time"

	"fanfare/providers/travel"
)

// What is over the limit goes, but never the shortest nor the one with the fewest stops,
// however dear they are.
func TestLimitOffersKeepsTheBestOfEachCriterion(t *testing.T) {
	at := time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)
	offer := func(ref string, euros int64, hours ...int) travel.Offer {
		o := travel.Offer{PartnerRef: ref, Price: travel.Price{Total: travel.Money{Minor: euros * 100, Currency: "EUR"}}}
		slice, from := travel.Slice{}, at
		for _, h := range hours {
			to := from.Add(time.Duration(h) * time.Hour)
			slice.Segments = append(slice.Segments, travel.Segment{Departs: travel.LocalTimeOf(from), Arrives: travel.LocalTimeOf(to)})
			from = to
		}
		o.Itinerary.Slices = []travel.Slice{slice}
		return o
	}
	all := []travel.Offer{
		offer("dear and straight", 900, 9), offer("dear and short", 800, 3, 4), offer("a", 100, 5, 5, 5), offer("b", 110, 5, 5, 5),
		offer("c", 120, 5, 5, 5), offer("d", 130, 5, 5, 5), offer("e", 140, 5, 5),
	}
	for _, test := range []struct {
		name  string
		limit int
		want  []string
	}{
		{"all fit", 7, []string{"dear and straight", "dear and short", "a", "b", "c", "d", "e"}},
		{"two places are theirs", 4, []string{"dear and straight", "dear and short", "a", "b"}},
		{"no place for anything else", 2, []string{"dear and straight", "dear and short"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := travel.Answer{Offers: slices.Clone(all), OffersIn: len(all)}
			LimitOffers(&a, test.limit)
			var got []string
			for _, o := range a.Offers {
				got = append(got, o.PartnerRef)
			}
			if !slices.Equal(got, test.want) || a.Drops[travel.RuleTooMany] != len(all)-test.limit {
				t.Errorf("LimitOffers to %d = %v with drops %v, want %v", test.limit, got, a.Drops, test.want)
			}
		})
	}
}

func TestCheapest(t *testing.T) {
	eur := func(n int64) travel.Money { return travel.Money{Minor: n, Currency: "EUR"} }
	prices := []travel.Money{eur(5), eur(1), {Minor: 900, Currency: "JPY"}, eur(3), eur(1), {Minor: 950, Currency: "JPY"}}
	keep := Cheapest(prices, 3)
	want := []bool{false, true, true, false, true, false}
	for i := range want {
		if keep[i] != want[i] {
			t.Fatalf("Cheapest = %v, want %v", keep, want)
		}
	}
}
