package places

import (
	"slices"
	"testing"
	"time"

	"fanfare/providers/travel"
)

func TestAirlineOn(t *testing.T) {
	for _, test := range []struct {
		name      string
		code      travel.Carrier
		day       travel.Date
		countries []travel.Country
		want      string
	}{
		{"before", "W4", travel.NewDate(2018, time.June, 1), nil, "LC Perú"},
		{"between two", "W4", travel.NewDate(2020, time.June, 1), nil, ""},
		{"after", "W4", travel.NewDate(2027, time.March, 1), nil, "Wizz Air Malta"},
		{"the last day", "AZ", travel.NewDate(2021, time.October, 14), nil, "Alitalia"},
		{"the next", "AZ", travel.NewDate(2021, time.October, 15), nil, "ITA Airways"},
		{"two at once, there", "PC", travel.NewDate(2008, time.March, 1), []travel.Country{"FJ", "FJ"}, "Air Fiji"},
		{"two at once, elsewhere", "PC", travel.NewDate(2008, time.March, 1), []travel.Country{"TR", "DE"}, "Pegasus"},
		{"a code that one airline has always had", "BA", travel.NewDate(2027, time.March, 1), []travel.Country{"GB"}, "British Airways"},
		{"gone, and nobody has it", "AB", travel.NewDate(2027, time.March, 1), nil, ""},
		{"no code", "??", travel.NewDate(2027, time.March, 1), nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, ok := Default().AirlineOn(test.code, test.day, test.countries...)
			if got.Name != test.want || ok != (test.want != "") {
				t.Errorf("AirlineOn(%s, %s, %v) = %q, %v; want %q", test.code, test.day, test.countries, got.Name, ok, test.want)
			}
		})
	}
}

// TestReusedCodesAreOneAirlinesAtATime, unless countries tell them apart.
func TestReusedCodesAreOneAirlinesAtATime(t *testing.T) {
	for code, rows := range Default().reused {
		if len(rows) < 2 {
			t.Errorf("%s has one airline only", code)
		}
		for i := range rows {
			for j := range i {
				a, b := &rows[i], &rows[j]
				overlap := (a.until == 0 || b.from <= a.until) && (b.until == 0 || a.from <= b.until)
				if overlap && slices.Equal(a.countries, b.countries) {
					t.Errorf("%s is %s and %s at once", code, a.airline.Name, b.airline.Name)
				}
			}
		}
	}
}
