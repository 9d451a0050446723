package aggregator

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/rank"
	"fanfare/aggregator/view"
)

// The pages of one view are cut from one ranking as long as nothing changes; another
// view, other rates or a newer revision have one of their own.
func TestPagesOfOneViewShareTheirRanking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		prices := make([]int64, rankingKept)
		for i := range prices {
			prices[i] = int64(10_000 + i)
		}
		a := start(t, nil, sells("heron", 0, prices...), sells("kestrel", time.Second, 5))
		s := search(t, a)
		time.Sleep(time.Millisecond)
		first := s.Snapshot()
		v := view.Flights{Currency: "EUR", Sort: "best", Limit: 20}
		r := first.rank(v, fx.Embedded())
		if len(r.items) != rankingKept {
			t.Fatalf("%d results, want %d", len(r.items), rankingKept)
		}
		if first.rank(v, fx.Embedded()) != r {
			t.Error("the next page of the view ranks anew")
		}
		page, err := first.Flights(v, fx.Embedded())
		if err != nil {
			t.Fatal(err)
		}
		if page.Rows[0].Result.ID != r.ranked[0].ID || page.Matching != rankingKept {
			t.Error("the page is not of the ranking")
		}
		cheapest := v
		cheapest.Sort = "cheapest"
		if other := first.rank(cheapest, fx.Embedded()); other == r || !slices.IsSortedFunc(other.items, func(a, b rank.Item) int { return int(a.Price - b.Price) }) {
			t.Error("another view has the same ranking")
		}
		time.Sleep(2 * time.Second)
		newest := s.Snapshot()
		if got := newest.rank(v, fx.Embedded()); newest == first || got == r || got.results != len(got.items) {
			t.Error("a newer revision has the ranking of an older one")
		}
		if first.rank(v, fx.Embedded()); newest.memo.get() == nil {
			t.Error("an older revision took the place of the newest")
		}
	})
}
