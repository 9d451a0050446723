package partnersim

import (
	"testing"
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// testNow is the clock of the worlds of these tests.
var testNow = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

func testWorld(seed uint64) *world.World {
	return world.New(seed, places.Default(), func() time.Time { return testNow })
}

var march = travel.NewDate(2027, 3, 1)

// testRoutes are short, long, thin, antipodal, and between places of no traffic.
var testRoutes = [][2]travel.Airport{
	{"LHR", "JFK"}, {"JFK", "LHR"}, {"CDG", "LHR"}, {"SYD", "LAX"}, {"LAX", "SYD"}, {"GRU", "PVG"}, {"BHX", "KRK"}, {"AKL", "DOH"}, {"LAS", "ORD"},
	{"INV", "PPT"}, {"HVB", "KUN"}, {"SIN", "NRT"}, {"DEL", "BOM"}, {"ANC", "CPT"}, {"TLL", "WLG"}, {"NBO", "SCL"},
}

func TestSchedulesArePlausible(t *testing.T) {
	w := testWorld(1)
	for _, route := range testRoutes {
		all := w.JourneysOn(w.Airport(route[0]), w.Airport(route[1]), march)
		if len(all) == 0 {
			t.Errorf("%v: no way to fly", route)
		}
		for _, j := range all {
			checkJourney(t, j, route)
		}
	}
}

func checkJourney(t *testing.T, j *world.Journey, route [2]travel.Airport) {
	t.Helper()
	if j.From().Code != route[0] || j.To().Code != route[1] || travel.DateOf(j.Dep()) != march {
		t.Fatalf("%v: journey %s-%s on %s", route, j.From().Code, j.To().Code, j.Dep())
	}
	for i, f := range j.Legs {
		low := time.Duration(float64(f.Km)/950*60+20) * time.Minute
		high := time.Duration(float64(f.Km)/500*60+70) * time.Minute
		if took := f.Arr.Sub(f.Dep); took < low || took > high {
			t.Errorf("%s%d %s-%s, %d km: %v, want %v to %v", f.Code, f.Number, f.From.Code, f.To.Code, f.Km, took, low, high)
		}
		if f.Dep.Location() != f.From.Location || f.Arr.Location() != f.To.Location {
			t.Errorf("%s%d: times are not local", f.Code, f.Number)
		}
		if f.Number < 1 || f.Number > 9999 {
			t.Errorf("%s%d: flight number", f.Code, f.Number)
		}
		if i == 0 {
			continue
		}
		if wait := f.Dep.Sub(j.Legs[i-1].Arr); wait < 45*time.Minute || wait > world.Overnight || f.From != j.Legs[i-1].To {
			t.Errorf("%v: connection of %v at %s", route, wait, f.From.Code)
		}
	}
}

func TestLondonNewYorkIsBusy(t *testing.T) {
	w := testWorld(1)
	by := map[travel.Carrier]int{}
	n := 0
	for _, f := range w.Flights(w.Airport("LHR"), w.Airport("JFK"), march) {
		by[f.Code]++
		n++
	}
	if n < 15 || n > 32 {
		t.Errorf("LHR-JFK has %d nonstops: %v", n, by)
	}
	for _, c := range []travel.Carrier{"BA", "VS", "AA", "DL"} {
		if by[c] == 0 {
			t.Errorf("%s does not fly LHR-JFK: %v", c, by)
		}
	}
	t.Logf("LHR-JFK: %d nonstops %v, %d journeys", n, by, len(w.JourneysOn(w.Airport("LHR"), w.Airport("JFK"), march)))
}

func TestFlightNumbersAreStableAndUnique(t *testing.T) {
	w := testWorld(1)
	from, to := w.Airport("LHR"), w.Airport("JFK")
	daily := map[rng.RNG]int{}
	for day := range 14 {
		seen := map[string]bool{}
		for _, f := range w.Flights(from, to, march.AddDays(day)) {
			name := travel.NewFlight(string(f.Code), itoa(f.Number)).String()
			if seen[name] {
				t.Errorf("%s twice on %s", name, march.AddDays(day))
			}
			seen[name] = true
			if old, ok := daily[f.ID]; ok && old != f.Number {
				t.Errorf("%s changes its number from %d", name, old)
			}
			daily[f.ID] = f.Number
			for _, s := range f.Shares {
				other := travel.NewFlight(string(s.Code), itoa(s.Base+f.Slot)).String()
				if seen[other] {
					t.Errorf("%s twice on %s", other, march.AddDays(day))
				}
				seen[other] = true
			}
		}
	}
}

func TestCodeshares(t *testing.T) {
	w := testWorld(1)
	a := NewPartner(w, Spec{Name: "one", Protocol: "duffel"})
	sold, shared := 0, 0
	for _, route := range testRoutes {
		for _, j := range w.JourneysOn(w.Airport(route[0]), w.Airport(route[1]), march) {
			for _, f := range j.Legs {
				s := a.Sell(f)
				sold++
				if s.By != f.Carrier {
					shared++
				}
			}
		}
	}
	share := float64(shared) / float64(sold)
	t.Logf("%d of %d segments (%.1f %%) are sold under another carrier's number", shared, sold, 100*share)
	if share < 0.05 || share > 0.4 {
		t.Errorf("codeshares = %.3f of all segments, want 0.05 to 0.4", share)
	}
}

func TestCoverageAndExclusives(t *testing.T) {
	w := testWorld(1)
	var partners []*Partner
	for _, spec := range DemoPartners(1) {
		if spec.Protocol == "duffel" {
			partners = append(partners, NewPartner(w, spec))
		}
	}
	flights := map[rng.RNG]bool{}
	for _, route := range testRoutes {
		for _, j := range w.JourneysOn(w.Airport(route[0]), w.Airport(route[1]), march) {
			for _, f := range j.Legs {
				flights[f.ID] = true
			}
		}
	}
	exclusives := map[string]int{}
	sellers := map[rng.RNG]int{}
	for _, p := range partners {
		n := 0
		for id := range flights {
			if p.Sells(world.FlightsMarket, id) {
				n++
				sellers[id]++
			}
			if w.Exclusive(world.FlightsMarket, id) == p.Name {
				exclusives[p.Name]++
			}
		}
		share := float64(n) / float64(len(flights))
		t.Logf("%-10s sells %.1f %% of %d flights, %d of them nobody else does", p.Name, 100*share, len(flights), exclusives[p.Name])
		if share < 0.38 || share > 0.82 {
			t.Errorf("%s covers %.2f, want about %.2f", p.Name, share, p.spec.Share)
		}
		if exclusives[p.Name] == 0 {
			t.Errorf("%s has nothing of its own", p.Name)
		}
	}
	if covered := float64(len(sellers)) / float64(len(flights)); covered < 0.95 {
		t.Errorf("all partners together sell %.2f of the flights", covered)
	}
}

func TestDaylightSavingAndDateLine(t *testing.T) {
	w := testWorld(1)
	// Clocks in London go forward on 28 March 2027: a flight that lands after has one more hour on the wall.
	for _, f := range w.Flights(w.Airport("JFK"), w.Airport("LHR"), travel.NewDate(2027, 3, 27)) {
		if _, offset := f.Arr.Zone(); travel.DateOf(f.Arr) == travel.NewDate(2027, 3, 28) && f.Arr.Hour() >= 2 && offset != 3600 {
			t.Errorf("%s%d lands at %s, want summer time", f.Code, f.Number, f.Arr)
		}
	}
	for _, f := range w.Flights(w.Airport("SYD"), w.Airport("LAX"), march) {
		if f.Arr.Sub(f.Dep) < 11*time.Hour || travel.DateOf(f.Arr) > march {
			t.Errorf("SYD-LAX %s%d leaves %s and lands %s", f.Code, f.Number, f.Dep, f.Arr)
		}
	}
}

func TestAnyTwoAirportsAreLinked(t *testing.T) {
	w := testWorld(1)
	var all []travel.Airport
	for _, a := range w.Atlas.AllAirports() {
		if a.Scheduled && w.Airport(a.Code) != nil {
			all = append(all, a.Code)
		}
	}
	pairs, unreachable, stops := 300, 0, map[int]int{}
	if testing.Short() {
		pairs = 40
	}
	for i := range pairs {
		d := rng.RNG(3).Num(int64(i))
		from, to := w.Airport(rng.Pick(d.Str("from"), all)), w.Airport(rng.Pick(d.Str("to"), all))
		if from.Metro == to.Metro {
			continue
		}
		journeys := w.JourneysOn(from, to, march)
		if len(journeys) == 0 {
			unreachable++
			t.Logf("no way from %s (%s) to %s (%s), %d km", from.Code, from.Name, to.Code, to.Name, world.Km(from, to))
			continue
		}
		least := 9
		for _, j := range journeys {
			least = min(least, j.Stops())
			checkJourney(t, j, [2]travel.Airport{from.Code, to.Code})
		}
		stops[least]++
	}
	t.Logf("of %d pairs of any airports %v have so many stops at least, %d are not linked", pairs, stops, unreachable)
	if unreachable > pairs/50 {
		t.Errorf("%d of %d pairs are not linked", unreachable, pairs)
	}
}
