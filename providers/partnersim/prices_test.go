package partnersim

import (
	"strconv"
	"testing"
	"time"

	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

func itoa(n int) string { return strconv.Itoa(n) }

func oneWay(w *world.World, from, to travel.Airport, date travel.Date) world.Ask {
	return world.Ask{Slices: []world.AskSlice{{From: w.Expand(from), To: w.Expand(to), Date: date}}, Pax: []world.PaxType{world.Adult}, Cabin: travel.Economy, MaxStops: -1}
}

func TestPricesDifferBetweenPartners(t *testing.T) {
	w := testWorld(1)
	a := NewPartner(w, Spec{Name: "one", Protocol: "duffel", Share: 0.8})
	b := NewPartner(w, Spec{Name: "two", Protocol: "duffel", Share: 0.8})
	prices := map[string]int64{}
	for _, tr := range a.Trips(oneWay(w, "LHR", "JFK", march), testNow, 200) {
		prices[tripName(tr)] = tr.Total
	}
	both, equal := 0, 0
	for _, tr := range b.Trips(oneWay(w, "LHR", "JFK", march), testNow, 200) {
		if other, ok := prices[tripName(tr)]; ok {
			both++
			if other == tr.Total {
				equal++
			}
			if d := float64(tr.Total) / float64(other); d < 0.8 || d > 1.25 { // codeshares have another carrier's price level
				t.Errorf("%s: %d and %d", tripName(tr), tr.Total, other)
			}
		}
	}
	t.Logf("%d offers are sold by both, %d at the same price", both, equal)
	if both < 20 || equal > both/10 {
		t.Errorf("%d offers in common, %d at the same price", both, equal)
	}
}

func tripName(t world.Trip) string {
	name := ""
	for _, s := range t.Slices {
		for _, l := range s.Legs {
			name += string(l.Code) + itoa(l.Number) + " "
		}
		name += s.Brand.Name
	}
	return name
}

func TestPricesMove(t *testing.T) {
	w := testWorld(1)
	a := NewPartner(w, Spec{Name: "one", Protocol: "duffel", Share: 0.8})
	at := func(now time.Time) map[string]int64 {
		m := map[string]int64{}
		for _, tr := range a.Trips(oneWay(w, "LHR", "JFK", march), now, 1000) {
			m[tripName(tr)] = tr.Total
		}
		return m
	}
	first, next, hour := at(testNow), at(testNow.Add(world.Tick)), at(testNow.Add(time.Hour))
	changed := func(other map[string]int64) (n int) {
		for name, total := range first {
			if other[name] != total {
				n++
			}
		}
		return n
	}
	soon, later := changed(next), changed(hour)
	t.Logf("of %d prices, %d have moved after %v, %d after an hour", len(first), soon, world.Tick, later)
	if soon == 0 || soon > len(first)/2 || later < len(first)*8/10 {
		t.Errorf("of %d prices, %d have moved after %v, %d after an hour", len(first), soon, world.Tick, later)
	}
}

func TestAdvance(t *testing.T) {
	for _, c := range []struct{ days, want int }{{-3, 1850}, {0, 1850}, {1, 1775}, {2, 1700}, {30, 1000}, {45, 978}, {120, 930}, {1000, 960}} {
		if got := world.AdvancePermille(c.days); got != c.want {
			t.Errorf("advancePermille(%d) = %d, want %d", c.days, got, c.want)
		}
	}
}

func TestInCurrency(t *testing.T) {
	for _, c := range []struct {
		cents int64
		want  travel.Money
	}{
		{10000, travel.Money{Minor: 10000, Currency: "EUR"}}, {10000, travel.Money{Minor: 8600, Currency: "GBP"}},
		{10000, travel.Money{Minor: 16500, Currency: "JPY"}}, {10000, travel.Money{Minor: 33400, Currency: "KWD"}},
	} {
		if got := world.InCurrency(c.cents, c.want.Currency); got != c.want {
			t.Errorf("inCurrency(%d) = %v, want %v", c.cents, got, c.want)
		}
	}
}
