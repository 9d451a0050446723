package aggregator

import (
	"fmt"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/aggregator/merge"
	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

// near reports whether two numbers are equal but for rounding; nil is none.
func near(got *float64, want float64) bool {
	return got != nil && math.Abs(*got-want) < 1e-6
}

func written(x *float64) string {
	if x == nil {
		return "unknown"
	}
	return fmt.Sprintf("%.4f", *x)
}

const unknown = -1

func TestHistory(t *testing.T) {
	now := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	past := func(searches ...[]*merge.Prepared) *history {
		h := newHistory()
		for i := range 60 {
			h.learn(home, searches[i%len(searches)])
		}
		return h
	}
	sells := func(partner string, prices ...int64) *merge.Prepared {
		return pricedAt(now.Add(-time.Hour), partner, prices...)
	}
	for _, test := range []struct {
		name                    string
		h                       *history
		at                      standing
		saving, cheapest, share float64
	}{
		{"two sell, one of them cheaper half the time", past([]*merge.Prepared{sells("a", 100), sells("b", 110, 120)}, []*merge.Prepared{sells("a", 100), sells("b", 80, 90)}),
			standing{answered: []string{"a"}, pending: []string{"b"}, missing: []string{"b"}}, .1, .5, 1. / 3},
		{"the one that alone has results", past([]*merge.Prepared{sells("a"), sells("b", 100)}),
			standing{answered: []string{"a"}, pending: []string{"b"}, missing: []string{"b"}}, unknown, 1, 0},
		{"a sole partner", past([]*merge.Prepared{sells("b", 100)}),
			standing{pending: []string{"b"}, missing: []string{"b"}}, unknown, 1, 0},
		{"two missing ones at one price save it together", past([]*merge.Prepared{sells("a", 100), sells("b", 80), sells("c", 80)}),
			standing{answered: []string{"a"}, pending: []string{"b", "c"}, missing: []string{"b", "c"}}, .2, 1, 1. / 3},
		{"one of the two has answered", past([]*merge.Prepared{sells("a", 100), sells("b", 80), sells("c", 80)}),
			standing{answered: []string{"a", "c"}, pending: []string{"b"}, missing: []string{"b"}}, 0, 1, 2. / 3},
		{"each of two holds the cheapest half the time", past([]*merge.Prepared{sells("a", 100), sells("b", 50), sells("c", 90)}, []*merge.Prepared{sells("a", 100), sells("b", 90), sells("c", 50)}),
			standing{answered: []string{"a"}, pending: []string{"b", "c"}, missing: []string{"b", "c"}}, .5, 1, 1. / 3},
		{"one that answers and has nothing", past([]*merge.Prepared{sells("a", 100), sells("empty")}),
			standing{answered: []string{"a"}, pending: []string{"empty"}, missing: []string{"empty"}}, 0, 0, 1},
		{"one that has failed", past([]*merge.Prepared{sells("a", 100), sells("b", 80)}),
			standing{answered: []string{"a"}, missing: []string{"b"}}, 0, 1, .5},
		{"one that nobody has heard of", past([]*merge.Prepared{sells("a", 100), sells("b", 80)}),
			standing{answered: []string{"a"}, pending: []string{"new"}, missing: []string{"new"}}, unknown, unknown, unknown},
		{"nobody is missing", past([]*merge.Prepared{sells("a", 100), sells("b", 80)}),
			standing{answered: []string{"a", "b"}}, 0, 0, 1},
		{"yesterday's searches", past([]*merge.Prepared{pricedAt(now.Add(-25*time.Hour), "a", 100), pricedAt(now.Add(-25*time.Hour), "b", 80)}),
			standing{answered: []string{"a"}, pending: []string{"b"}, missing: []string{"b"}}, unknown, unknown, unknown},
	} {
		f := test.h.forecast(home, now, test.at)
		for name, it := range map[string]struct {
			got  *float64
			want float64
		}{"saving": {f.saving, test.saving}, "cheapest": {f.cheapest, test.cheapest}, "share": {f.share, test.share}} {
			if it.want == unknown && it.got != nil || it.want != unknown && !near(it.got, it.want) {
				t.Errorf("%s: %s = %s, want %.4f", test.name, name, written(it.got), it.want)
			}
		}
	}
}

// Averages are of twenty searches at least, and shares of the cheapest of fifty.
func TestHistoryWaitsForEnough(t *testing.T) {
	h, now := newHistory(), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for n := 1; n <= enoughShares; n++ {
		h.learn(home, []*merge.Prepared{pricedAt(now, "a", 100), pricedAt(now, "b", 80)})
		f := h.forecast(home, now, standing{answered: []string{"a"}, pending: []string{"b"}, missing: []string{"b"}})
		if known := n >= enoughSearches; (f.saving != nil) != known || (f.share != nil) != known || (f.cheapest != nil) != (n >= enoughShares) {
			t.Fatalf("after %d searches: saving %s, cheapest %s, share %s", n, written(f.saving), written(f.cheapest), written(f.share))
		}
	}
}

var home = route{"GB", "US"}

func pricedAt(at time.Time, partner string, prices ...int64) *merge.Prepared {
	a := offers(prices...)
	a.Partner, a.AsOf = partner, at
	return merge.Prepare(a, merge.Context{SearchID: "s", Micros: func(m travel.Money) (int64, bool) { return m.Minor * 10_000, true }})
}

func TestHistoryIsBounded(t *testing.T) {
	h, now := newHistory(), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range maxRoutes + 100 {
		h.learn(route{travel.Country(fmt.Sprint(i)), "GB"}, []*merge.Prepared{pricedAt(now, "a", 1), pricedAt(now, "b", 2)})
		h.forecast(route{"0", "GB"}, now, standing{}) // looking keeps it
	}
	if n := h.routes.Len(); n != maxRoutes {
		t.Errorf("%d routes are kept, want %d", n, maxRoutes)
	}
	_, first := h.routes.Get(route{"0", "GB"})
	if _, second := h.routes.Get(route{"1", "GB"}); !first || second {
		t.Error("it is not the route used least lately that goes")
	}
	for i := range 10 * keptSearches {
		h.learn(home, []*merge.Prepared{pricedAt(now, fmt.Sprint("partner ", i), 1), pricedAt(now, "b", 2)})
	}
	if p := h.findLocked(home, false); len(p.searches) > keptSearches || len(p.partners) > maxPartners {
		t.Errorf("a route keeps %d searches of %d partners, want at most %d of %d", len(p.searches), len(p.partners), keptSearches, maxPartners)
	}
}

// TestResidualFromHistory: a partner that never saves is not waited for, whatever the others' prices say.
func TestResidualFromHistory(t *testing.T) {
	for name, test := range map[string]struct {
		late int64 // price of the partner that is slow
		want int64
	}{"never saves": {12_000, 0}, "saves a tenth": {9_000, 1_000}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				slow := sells("slow", time.Second, test.late)
				agg := start(t, nil, sells("a", 0, 10_000), sells("b", 0, 11_000), slow)
				var s *Search
				for i := range 60 {
					q := query()
					q.Slices[0].Date = q.Slices[0].Date.AddDays(i)
					s, _, _ = agg.Search(q)
					if i < 59 {
						time.Sleep(2 * time.Second)
					}
				}
				time.Sleep(500 * time.Millisecond)
				got, known := pageOf(t, s.Snapshot(), view.Flights{Currency: "EUR", Sort: "best", Limit: 20}).Residual()
				if !known || got.Currency != "EUR" || math.Abs(float64(got.Minor-test.want)) > 1 {
					t.Errorf("Residual() = %v, %v; want %d cents", got, known, test.want)
				}
				wantShare := func(want float64) {
					t.Helper()
					share := s.Snapshot().MissingCheapest
					if share == nil {
						t.Fatalf("missing_cheapest_share is unknown, want %v", want)
					}
					if math.Abs(*share-want) > 1e-9 {
						t.Errorf("missing_cheapest_share = %v, want %v", *share, want)
					}
				}
				wantShare(map[bool]float64{true: 1}[test.want > 0])
				if got := s.Snapshot().ExpectedShare; !near(got, 2./3) {
					t.Errorf("expected share %s, want two of three", written(got))
				}
				time.Sleep(2 * time.Second)
				wantShare(0) // it lacks nobody now
			})
		})
	}
}
