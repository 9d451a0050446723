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

func priced(partner string, prices ...int64) *merge.Sealed {
	a := offers(prices...)
	a.Partner = partner
	return merge.Seal(a, merge.Context{SearchID: "s", Micros: func(m travel.Money) (int64, bool) { return m.Minor * 10_000, true }})
}

func TestHistory(t *testing.T) {
	h := newHistory()
	home, away := route{"GB", "US"}, route{"GB", "FR"}
	for i := range 100 {
		b := priced("b", 11_000, 12_000)
		if i%2 == 0 {
			b = priced("b", 8_000)
		}
		h.learn(home, []*merge.Sealed{priced("a", 10_000), b, priced("empty")})
	}
	for range 10 {
		h.learn(away, []*merge.Sealed{priced("a", 10_000), priced("b", 5_000)})
	}
	h.learn(away, []*merge.Sealed{priced("alone", 1)})
	for _, test := range []struct {
		route   route
		partner string
		share   float64
		known   bool
	}{
		{home, "b", .1, true},            // 20 % of the time half the time
		{home, "a", .5 * 1. / 11., true}, // 100 against 110
		{home, "empty", 0, true},         // it answers, and has nothing
		{home, "unheard-of", 0, false},
		{away, "b", 0, false}, // ten searches are too few
		{route{"FR", "GB"}, "a", 0, false},
	} {
		share, known := h.saving(test.route, test.partner)
		if known != test.known || math.Abs(share-test.share) > .002 { // newer searches count a little more
			t.Errorf("saving(%v, %s) = %.4f, %v; want %.4f, %v", test.route, test.partner, share, known, test.share, test.known)
		}
	}
	if share, known := h.cheapestShare(home, []string{"b", "empty"}); !known || math.Abs(share-.5) > .02 {
		t.Errorf("cheapestShare = %.3f, %v; want a half", share, known)
	}
	if _, known := h.cheapestShare(away, []string{"b"}); known {
		t.Error("a share of ten searches is said")
	}
}

func TestHistoryIsBounded(t *testing.T) {
	h := newHistory()
	for i := range maxRoutes + 100 {
		h.learn(route{travel.Country(fmt.Sprint(i)), "GB"}, []*merge.Sealed{priced("a", 1), priced("b", 2)})
		h.saving(route{"0", "GB"}, "a") // looking keeps it
	}
	if len(h.routes) != maxRoutes || h.recent.Len() != maxRoutes {
		t.Errorf("%d routes are kept, want %d", len(h.routes), maxRoutes)
	}
	if h.routes[route{"0", "GB"}] == nil || h.routes[route{"1", "GB"}] != nil {
		t.Error("it is not the route used least lately that goes")
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
				got, known := page(t, s.Snapshot(), view.Flights{Currency: "EUR", Sort: "best", Limit: 20}).Residual()
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
				time.Sleep(2 * time.Second)
				wantShare(0) // it lacks nobody now
			})
		})
	}
}
