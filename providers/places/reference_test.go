package places

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fanfare/providers/travel"
)

// reference opens a table that was collected beside this checkout to check ours against. It is never copied into the project.
func reference(t *testing.T, name string) *os.File {
	t.Helper()
	dir := cmp.Or(os.Getenv("FANFARE_PARTNERS"), filepath.Join("..", "..", "..", "shared", "partners"))
	f, err := os.Open(filepath.Join(dir, "reference", name))
	if err != nil {
		t.Skipf("NOT CHECKED against reference data, set FANFARE_PARTNERS: %v", err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// rows reads a caret-separated table as maps from column to value.
func rows(t *testing.T, name string) []map[string]string {
	t.Helper()
	r := csv.NewReader(reference(t, name))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '^', true, -1
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var table []map[string]string
	for _, record := range all[1:] {
		row := map[string]string{}
		for i, column := range all[0] {
			if i < len(record) {
				row[column] = record[i]
			}
		}
		table = append(table, row)
	}
	return table
}

// hold reports an agreement and fails below the share in percent.
func hold(t *testing.T, what string, agree, total int, least float64) {
	t.Helper()
	share := 100 * float64(agree) / float64(max(total, 1))
	t.Logf("%s: %d of %d agree, %.2f %%", what, agree, total, share)
	if share < least {
		t.Errorf("%s: %.2f %% agree, want %.1f %%", what, share, least)
	}
}

func TestReferenceAirports(t *testing.T) {
	var list []struct {
		Code    string  `json:"iata_code"`
		City    string  `json:"city_name"`
		Country string  `json:"iata_country_code"`
		Lat     float64 `json:"latitude"`
		Lon     float64 `json:"longitude"`
		Zone    string  `json:"time_zone"`
	}
	if err := json.NewDecoder(reference(t, "airports_duffel_2022.json")).Decode(&list); err != nil {
		t.Fatal(err)
	}
	a := Default()
	var known, near, scheduled, nearScheduled, zones, countries, cities, withCity int
	for _, r := range list {
		p, ok := a.Airport(travel.Airport(r.Code))
		if !ok {
			continue
		}
		known++
		metres := DistanceMetres(p.Lat, p.Lon, r.Lat, r.Lon)
		if metres < 10_000 {
			near++
		}
		if p.Scheduled {
			scheduled++
			if metres < 10_000 {
				nearScheduled++
			} else {
				t.Logf("%s: %.0f km apart", r.Code, metres/1000)
			}
		}
		if sameZone(t, p.Zone, r.Zone) {
			zones++
		} else if p.Scheduled {
			t.Logf("%s: zone %s, reference %s", r.Code, p.Zone, r.Zone)
		}
		if string(p.Country) == r.Country {
			countries++
		}
		if p.City != "" && p.Scheduled {
			withCity++
			if x, y := fold(p.City), fold(r.City); strings.Contains(x, y) || strings.Contains(y, x) {
				cities++
			}
		}
	}
	hold(t, "airports of the reference known", known, len(list), 95)
	hold(t, "coordinates within 10 km", near, known, 91)
	hold(t, "coordinates within 10 km, scheduled flights", nearScheduled, scheduled, 97)
	hold(t, "zones", zones, known, 98)
	hold(t, "countries", countries, known, 98)
	hold(t, "city names", cities, withCity, 88)
}

// sameZone reports whether clocks in both zones agreed over the last years; names differ by links.
func sameZone(t *testing.T, x, y string) bool {
	if x == y {
		return true
	}
	lx, err := time.LoadLocation(x)
	if err != nil {
		t.Fatal(err)
	}
	ly, err := time.LoadLocation(y)
	if err != nil {
		return false
	}
	for day := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2028; day = day.AddDate(0, 0, 5) {
		_, ox := day.In(lx).Zone()
		_, oy := day.In(ly).Zone()
		if ox != oy {
			return false
		}
	}
	return true
}

// TestReferenceStations: each is a station there, in our zone by its position.
func TestReferenceStations(t *testing.T) {
	kind, at := map[string]string{}, map[string][2]float64{}
	for _, row := range rows(t, "optd_por_best_known_so_far.csv") {
		code := row["iata_code"]
		kind[code] += row["pk"]
		if lat, lon, err := position(row["latitude"], row["longitude"]); err == nil {
			at[code] = [2]float64{lat, lon}
		}
	}
	err := eachRow(data, "stations.tsv", 2, func(f []string) error {
		for _, code := range strings.Fields(f[1]) {
			if !strings.Contains(kind[code], "R-") {
				t.Errorf("%s is %q, no station", code, kind[code])
			}
			near := Default().ZoneNear(at[code][0], at[code][1])
			if strings.Contains(kind[code], "R-0") { // a position that nobody has looked up
				continue
			}
			if near == nil || !sameZone(t, near.String(), f[0]) {
				t.Errorf("%s is near %v, want %s", code, near, f[0])
			}
			if zone := Default().Zone(travel.Airport(code)); zone == nil || zone.String() != f[0] || Default().Airports(travel.Airport(code)) != nil {
				t.Errorf("%s: zone %v, airports %v; want %s and none", code, zone, Default().Airports(travel.Airport(code)), f[0])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestReferenceMetros(t *testing.T) {
	groups := map[string][]string{} // airport -> city codes
	for _, r := range rows(t, "optd_por_best_known_so_far.csv") {
		if strings.Contains(r["pk"], "-A-") {
			groups[r["iata_code"]] = append(groups[r["iata_code"]], strings.Split(r["city_code"], ",")...)
		}
	}
	a := Default()
	agree, total := 0, 0
	for _, p := range a.AllAirports() {
		cities := groups[string(p.Code)]
		if !p.Scheduled || len(cities) == 0 {
			continue
		}
		total++
		city := cmp.Or(string(p.Metro), string(p.Code))
		if slices.Contains(cities, city) {
			agree++
		} else if p.Metro != "" {
			t.Logf("%s: metro %s, reference %v", p.Code, p.Metro, cities)
		}
	}
	hold(t, "city codes of scheduled airports", agree, total, 97)

	members, known := 0, 0
	for _, p := range a.places {
		if p.Type != TypeMetro {
			continue
		}
		for _, code := range p.Airports {
			if cities := groups[string(code)]; len(cities) > 0 {
				known++
				if slices.Contains(cities, p.ID) {
					members++
				}
			}
		}
	}
	hold(t, "airports of metro areas", members, known, 90)
}

func TestReferenceAirlines(t *testing.T) {
	names := map[string][]string{}
	for _, r := range rows(t, "optd_airlines.csv") {
		if r["validity_to"] == "" && r["2char_code"] != "" {
			names[r["2char_code"]] = append(names[r["2char_code"]], r["name"]+" "+r["name2"]+" "+r["alt_names"])
		}
	}
	ours := map[string]bool{}
	if err := eachRow(data, "carriers.tsv", 4, func(f []string) error { ours[f[0]] = true; return nil }); err != nil {
		t.Fatal(err)
	}
	agree, total, agreeOurs, totalOurs := 0, 0, 0, 0
	for _, l := range Default().Airlines() {
		reference := names[string(l.Code)]
		if len(reference) == 0 {
			continue
		}
		same := shareWord(l.Name, strings.Join(reference, " "))
		total++
		if ours[string(l.Code)] {
			totalOurs++
		}
		if same {
			agree++
			if ours[string(l.Code)] {
				agreeOurs++
			}
		}
	}
	hold(t, "names of all airlines", agree, total, 65)
	hold(t, "names of the airlines in carriers.tsv", agreeOurs, totalOurs, 88)
}

// shareWord reports whether the names have a telling word in common, or are equal but for spaces.
func shareWord(name, others string) bool {
	others = fold(others)
	for word := range strings.FieldsSeq(fold(name)) {
		switch word {
		case "air", "airlines", "airways", "airline", "lines", "international", "aviation", "fly", "en":
		default:
			if strings.Contains(others, word) {
				return true
			}
		}
	}
	return strings.Contains(strings.ReplaceAll(others, " ", ""), strings.ReplaceAll(fold(name), " ", ""))
}
