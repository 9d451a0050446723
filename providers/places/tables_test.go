package places

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"
	"time"

	"fanfare/providers/travel"
)

func TestTables(t *testing.T) {
	a := Default()
	scheduled := 0
	for i, p := range a.AllAirports() {
		if p.Scheduled {
			scheduled++
		}
		if p.Name == "" || len(p.Country) != 2 || p.Size < 0 || p.Size > 100 {
			t.Errorf("airport %+v is incomplete", p)
		}
		if _, ok := travel.MarketCurrency(p.Country); !ok && p.Country != "AQ" {
			t.Errorf("%s: country %q", p.Code, p.Country)
		}
		if i > 0 && a.airports[i-1].Code >= p.Code {
			t.Errorf("%s does not come after %s", p.Code, a.airports[i-1].Code)
		}
		if loc := a.Zone(p.Code); loc == nil || loc.String() != p.Zone {
			t.Errorf("Zone(%s) = %v, want %s", p.Code, loc, p.Zone)
		}
		if !a.SameArea(p.Code, p.Code) || p.Metro != "" && !a.SameArea(p.Code, p.Metro) {
			t.Errorf("%s is not in its own area", p.Code)
		}
	}
	t.Logf("%d airports, %d with scheduled flights, %d zones, %d places, %d keys, %d airlines",
		len(a.airports), scheduled, countZones(a), len(a.places), len(a.index().keys), len(a.airlines))
	if scheduled < 4000 {
		t.Errorf("%d airports with scheduled flights, want 4000", scheduled)
	}
}

func countZones(a *Atlas) int {
	zones := map[string]bool{}
	for _, p := range a.airports {
		zones[p.Zone] = true
	}
	return len(zones)
}

func TestPlaces(t *testing.T) {
	a := Default()
	townID := regexp.MustCompile(`^[A-Z]{2}-[A-Z-]+$`)
	seen := map[string]bool{}
	for _, p := range a.places {
		if seen[p.ID] || p.Name == "" || len(p.Airports) == 0 {
			t.Errorf("place %+v is double or incomplete", p)
		}
		seen[p.ID] = true
		if len(p.ID) != 3 && !townID.MatchString(p.ID) {
			t.Errorf("place id %q", p.ID)
		}
		for _, code := range p.Airports {
			airport, ok := a.Airport(code)
			if !ok {
				t.Errorf("%s: airport %s does not exist", p.ID, code)
			}
			if p.Type == TypeMetro && string(airport.Metro) != p.ID {
				t.Errorf("%s: metro of %s is %q", p.ID, code, airport.Metro)
			}
			if km := DistanceMetres(p.Lat, p.Lon, airport.Lat, airport.Lon) / 1000; km > 190 {
				t.Errorf("%s is %.0f km from %s", p.ID, km, code)
			}
		}
		if !slices.Equal(a.Airports(travel.Airport(p.Code)), p.Airports) {
			t.Errorf("Airports(%s) = %v, want %v", p.Code, a.Airports(travel.Airport(p.Code)), p.Airports)
		}
		lat, lon, zone, ok := a.Centre(p.ID)
		if !ok || zone == nil || lat != p.Lat || lon != p.Lon {
			t.Errorf("Centre(%s) = %v, %v, %v, %v", p.ID, lat, lon, zone, ok)
		}
	}
	if _, _, _, ok := a.Centre("nowhere"); ok {
		t.Error("Centre of an unknown place is known")
	}
	if a.Airports("XQZ") != nil || a.Zone("") != nil {
		t.Error("an unknown code has airports or a zone")
	}
}

func TestAirlines(t *testing.T) {
	for code, want := range map[travel.Carrier]Airline{
		"BA": {"BA", "British Airways", "GB", "oneworld"}, "LH": {"LH", "Lufthansa", "DE", "Star Alliance"}, "U2": {"U2", "easyJet", "GB", ""},
	} {
		if got, ok := Default().Airline(code); !ok || got != want {
			t.Errorf("Airline(%s) = %v, %v, want %v", code, got, ok, want)
		}
	}
	if got, ok := Default().Airline("??"); ok {
		t.Errorf("Airline(??) = %v, want none", got)
	}
	for _, l := range Default().Airlines() {
		if l.Name == "" || !slices.Contains([]string{"", "oneworld", "SkyTeam", "Star Alliance"}, l.Alliance) {
			t.Errorf("airline %+v", l)
		}
	}
}

// TestLocal compares Local with time.Date in every zone: at random, and around every change of offset.
func TestLocal(t *testing.T) {
	a := Default()
	random := rand.New(rand.NewPCG(1, 2))
	tried := map[string]bool{}
	checked := 0
	check := func(p Airport, loc *time.Location, wall time.Time) {
		checked++
		y, m, d := wall.Date()
		h, mi, s := wall.Clock()
		want := travel.LocalTimeOf(time.Date(y, m, d, h, mi, s, 0, loc))
		if got, ok := a.Local(p.Code, y, m, d, h, mi, s); !ok || got != want {
			t.Fatalf("Local(%s, %v) = %v, %v, want %v", p.Code, wall.Format(time.DateTime), got, ok, want)
		}
	}
	for _, p := range a.AllAirports() {
		if tried[p.Zone] {
			continue
		}
		tried[p.Zone] = true
		loc := a.Zone(p.Code)
		for range 100 {
			check(p, loc, time.Unix(random.Int64N(200*365*86400)-60*365*86400, 0).UTC())
		}
		last := 0
		for at := time.Date(1999, 12, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2062; at = at.Add(12 * time.Hour) {
			_, offset := at.In(loc).Zone()
			if offset != last || at.YearDay() == 1 && at.Hour() == 0 {
				for minutes := -26 * 60; minutes < 16*60; minutes += 30 { // every wall time near the change, on either side
					check(p, loc, at.Add(time.Duration(minutes)*time.Minute))
					check(p, loc, at.Add(time.Duration(minutes)*time.Minute-time.Second))
				}
			}
			last = offset
		}
	}
	t.Logf("%d zones, %d wall times", len(tried), checked)
}

func TestDistanceMetres(t *testing.T) {
	for _, c := range []struct{ lat1, lon1, lat2, lon2, want float64 }{
		{51.4706, -0.461941, 40.639801, -73.7789, 5_540_000}, {0, 0, 0, 0, 0}, {0, 179.5, 0, -179.5, 111_195}, {90, 0, -90, 0, 20_015_115},
	} {
		if got := DistanceMetres(c.lat1, c.lon1, c.lat2, c.lon2); got < c.want*0.999-1 || got > c.want*1.001+1 {
			t.Errorf("DistanceMetres(%v) = %.0f, want %.0f", c, got, c.want)
		}
	}
}

func TestHotPathsDoNotAllocate(t *testing.T) {
	a := Default()
	a.Local("JFK", 2027, 3, 1, 10, 0, 0)
	if n := testing.AllocsPerRun(100, func() {
		a.SameArea("LHR", "LON")
		a.Airports("LON")
		a.Zone("JFK")
		a.Local("JFK", 2027, 3, 1, 10, 0, 0)
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

func BenchmarkLocal(b *testing.B) {
	a := Default()
	codes := []travel.Airport{"LHR", "JFK", "NRT", "SYD"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		a.Local(codes[i&3], 2027, 3, 1+i%28, 10, 5, 0)
	}
}

func BenchmarkSameArea(b *testing.B) {
	a := Default()
	for b.Loop() {
		a.SameArea("LHR", "LON")
	}
}

func BenchmarkZone(b *testing.B) {
	a := Default()
	for b.Loop() {
		a.Zone("JFK")
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := load(data); err != nil {
			b.Fatal(err)
		}
	}
}
