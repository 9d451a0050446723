package page

import (
	"slices"
	"testing"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/rank"
	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

// The pages of one view are cut from one ranking as long as nothing changes; another
// view or other rates have one of their own.
func TestPagesOfOneViewShareTheirRanking(t *testing.T) {
	offers := make([]travel.Offer, rankingKept)
	for i := range offers {
		offers[i].Price = travel.Price{Total: travel.Money{Minor: int64(10_000 + i), Currency: "EUR"}, Kind: travel.Live}
		offers[i].Itinerary.Slices = []travel.Slice{{Segments: []travel.Segment{flightNumber(i)}}}
	}
	s := sourceOf(offers)
	var kept *Ranking
	s.Memo = Memo{Get: func() *Ranking { return kept }, Put: func(r *Ranking) { kept = r }}
	v := view.Flights{Currency: "EUR", Sort: "best", Limit: 20}
	r := s.rank(v, fx.Embedded())
	if len(r.items) != rankingKept {
		t.Fatalf("%d results, want %d", len(r.items), rankingKept)
	}
	if s.rank(v, fx.Embedded()) != r {
		t.Error("the next page of the view ranks anew")
	}
	page, err := OfFlights(s, v, fx.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if page.Rows[0].Result.ID != r.ranked[0].ID || page.Matching != rankingKept {
		t.Error("the page is not of the ranking")
	}
	others := *fx.Embedded()
	if s.rank(v, &others) == r {
		t.Error("other rates have the same ranking")
	}
	cheapest := v
	cheapest.Sort = "cheapest"
	if other := s.rank(cheapest, fx.Embedded()); other == r || !slices.IsSortedFunc(other.items, func(a, b rank.Item) int { return int(a.Price - b.Price) }) {
		t.Error("another view has the same ranking")
	}
}
