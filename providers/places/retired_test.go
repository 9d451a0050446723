package places

import (
	"testing"
	"time"

	"fanfare/providers/travel"
)

// TestRetiredCodes: a code that was given up means something on the days when it was in use, and
// is no place to search from or to.
func TestRetiredCodes(t *testing.T) {
	a := Default()
	for _, test := range []struct {
		code    travel.Airport
		day     travel.Date
		zone    string
		instant string
	}{
		{"TSE", travel.NewDate(2019, 7, 1), "Asia/Almaty", "2019-07-01T04:00:00Z"},
		{"TSE", travel.NewDate(2020, 6, 7), "Asia/Almaty", "2020-06-07T04:00:00Z"},
		{"TSE", travel.NewDate(2020, 6, 8), "", ""},
		{"NQZ", travel.NewDate(2019, 7, 1), "Asia/Almaty", "2019-07-01T04:00:00Z"},
		{"SXF", travel.NewDate(2020, 10, 24), "Europe/Berlin", "2020-10-24T08:00:00Z"},
		{"SXF", travel.NewDate(2027, 1, 1), "", ""},
		{"MLH", travel.NewDate(2027, 1, 1), "Europe/Paris", "2027-01-01T09:00:00Z"},
		{"XXQ", travel.NewDate(2019, 7, 1), "", ""},
	} {
		zone, instant := "", ""
		if z := a.ZoneOn(test.code, test.day); z != nil {
			zone = z.String()
		}
		year, month, day := test.day.Time().Date()
		if at, ok := a.Local(test.code, year, month, day, 10, 0, 0); ok {
			instant = time.Unix(at.Unix, 0).UTC().Format(time.RFC3339)
		}
		if zone != test.zone || instant != test.instant {
			t.Errorf("%s on %s: zone %q, 10:00 is %q; want %q, %q", test.code, test.day, zone, instant, test.zone, test.instant)
		}
	}
	for code := range a.retired {
		if _, known := a.Airport(code); known || a.Airports(code) != nil || a.Zone(code) != nil {
			t.Errorf("%s is a place of today", code)
		}
	}
}
