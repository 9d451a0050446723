package aggregator

import (
	"testing"
	"testing/synctest"
	"time"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/view"
)

// The ranking of the newest revision is kept for its next page; those of older ones are not, and
// do not take its place.
func TestOnlyTheNewestRevisionsRankingIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		prices := make([]int64, 500) // as many as make a ranking worth keeping
		for i := range prices {
			prices[i] = int64(10_000 + i)
		}
		a := start(t, nil, sells("heron", 0, prices...), sells("kestrel", time.Second, 5))
		s := search(t, a)
		time.Sleep(time.Millisecond)
		v := view.Flights{Currency: "EUR", Sort: "best", Limit: 20}
		ranked := func(of *Snapshot) (results, matching int) {
			p, err := of.Flights(v, fx.Embedded())
			if err != nil {
				t.Fatal(err)
			}
			return p.Results, p.Matching
		}
		first := s.Snapshot()
		ranked(first)
		r := first.pages.Memo.Get()
		if r == nil {
			t.Fatal("the ranking is not kept")
		}
		if ranked(first); first.pages.Memo.Get() != r {
			t.Error("the next page of the view ranks anew")
		}
		time.Sleep(2 * time.Second)
		newest := s.Snapshot()
		if newest == first || newest.pages.Memo.Get() != nil {
			t.Error("a newer revision has the ranking of an older one")
		}
		if results, matching := ranked(newest); newest.pages.Memo.Get() == r || results != matching {
			t.Error("a newer revision has the ranking of an older one")
		}
		if ranked(first); newest.pages.Memo.Get() == nil {
			t.Error("an older revision took the place of the newest")
		}
	})
}
