package api

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// today is when the fuzzed queries are asked.
var today = time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC)

// FuzzReadBody: no panic, bounded complaints, and what is accepted is canonical: it
// normalises to itself, and its own JSON has the same id.
func FuzzReadBody(f *testing.F) {
	for _, seed := range []string{flightBodyExample, stayBodyExample, `{}`, `{"slices":[{"origin":"LHR"}],"limit":5,"carriers":["BA"]}`,
		`{"destination":{"lat":1,"lon":2,"radius_km":3},"check_in":"2027-03-01","check_out":"2027-03-02","bbox":[1,2,3,4]}`,
		`{"slices":[[[[[]]]]]}`, `{"a":1,"a":2}`, "{\"market\":\"\xff\"}", `{"max_price":1e400}`} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	operations := map[string]*Operation{}
	all := Operations(8*time.Second, 30*time.Second)
	for i := range all {
		operations[all[i].ID] = &all[i]
	}
	f.Fuzz(func(t *testing.T, body string, hotels bool) {
		product := travel.Flights
		if hotels {
			product = travel.Hotels
		}
		op := operations[string(product)+".create"]
		q, values, errs := readBody([]byte(body), product, op.Body.View)
		if len(errs) > maxComplaints {
			t.Fatalf("%d complaints", len(errs))
		}
		if values == nil || len(errs) > 0 {
			if len(errs) == 0 {
				t.Fatal("refused without a complaint")
			}
			return
		}
		canonical, err := q.Normalise(today, places.Default(), "GB")
		var wrong travel.Invalid
		if errors.As(err, &wrong) {
			return
		}
		again, err := canonical.Normalise(today, places.Default(), "GB")
		if err != nil || again.ID() != canonical.ID() {
			t.Fatalf("%s normalises to %s: %v", canonical.ID(), again.ID(), err)
		}
		own, err := canonical.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		back, _, errs := readBody(own, product, op.Body.View)
		if back, err = back.Normalise(today, places.Default(), "GB"); len(errs) > 0 || err != nil || back.ID() != canonical.ID() {
			t.Fatalf("%s reads back as %s: %v %v", own, back.ID(), errs, err)
		}
	})
}

// FuzzParseQuery: no panic, and every complaint names a field.
func FuzzParseQuery(f *testing.F) {
	f.Add("origin=LHR&destination=JFK&date=2027-03-01")
	f.Add("destination=PAR&check_in=2027-03-01&check_out=2027-03-04&rooms=2,1-7-9&bbox=1,2,3,4&wait=8s")
	f.Add("origin=%zz;a=b&a&&=&max_price=1e5&depart_between=24:00-24:00")
	all := Operations(8*time.Second, 30*time.Second)
	f.Fuzz(func(t *testing.T, query string) {
		for i := range all {
			values, errs := parseQuery(query, all[i].Params)
			for _, e := range errs {
				if e.Field == "" && !strings.Contains(query, "=") || e.Message == "" {
					t.Fatalf("complaint %+v", e)
				}
			}
			if len(errs) > 0 || values == nil {
				continue
			}
			w := viewer{values: values, hasRate: func(travel.Currency) bool { return true }}
			if all[i].Tag == string(travel.Hotels) {
				w.stays()
				_, _ = stayQuery(values)
			} else {
				w.flights()
				flightQuery(values)
			}
		}
	})
}

func TestNearest(t *testing.T) {
	names := []string{"adults", "child_ages", "infants_lap"}
	for name, want := range map[string]string{
		"adult": "; did you mean adults?", "infant": "; did you mean infants_lap?", "x": "; possible are adults, child_ages, infants_lap",
	} {
		if got := nearest(name, names); got != want {
			t.Errorf("nearest(%q) = %q, want %q", name, got, want)
		}
	}
	if got := nearest("x", nil); got != "; none is possible here" {
		t.Errorf("nearest of none = %q", got)
	}
}

func TestAsParameter(t *testing.T) {
	for path, want := range map[string]string{
		"slices[0].origin": "origin", "slices[1].date": "return_date", "slices[1].destination": "", "passengers.adults": "adults",
		"passengers": "adults", "passengers.child_ages[2]": "child_ages", "passengers.infants_lap": "infants_lap", "cabin": "cabin",
		"rooms[1].child_ages[0]": "rooms", "rooms": "rooms", "destination.place": "destination", "destination.radius_km": "radius_km", "check_in": "check_in",
	} {
		if got := asParameter(path); got != want {
			t.Errorf("asParameter(%s) = %q, want %q", path, got, want)
		}
	}
}

func TestComplaintsAreOnceAField(t *testing.T) {
	var c complaints
	for _, field := range []string{"slices", "slices[0].origin", "slicesmore", "passengers.adults", "passengers", "slices"} {
		c.add(field, "wrong")
	}
	got := make([]string, len(c.list))
	for i, e := range c.list {
		got[i] = e.Field
	}
	if want := "slices slicesmore passengers.adults passengers"; strings.Join(got, " ") != want {
		t.Errorf("complaints = %v, want %s", got, want)
	}
}
