package document

import (
	"testing"
	"time"

	"fanfare/providers/travel"
)

func TestParseInstant(t *testing.T) {
	for in, want := range map[string]string{
		"2027-03-01T10:05:00Z":             "2027-03-01T10:05:00Z",
		"2027-03-01T10:05:00":              "2027-03-01T10:05:00Z",
		"2027-03-01T10:05":                 "2027-03-01T10:05:00Z",
		"2027-03-01 10:05:07":              "2027-03-01T10:05:07Z",
		"2027-03-01T10:05:00.363712Z":      "2027-03-01T10:05:00.363712Z",
		"2027-03-01T10:05:00,5+02:00":      "2027-03-01T08:05:00.5Z",
		"2027-03-01T10:05:00.1234567891Z":  "2027-03-01T10:05:00.123456789Z",
		"2027-03-01T10:05:00-0530":         "2027-03-01T15:35:00Z",
		"2027-03-01T10:05:00+14":           "2027-02-28T20:05:00Z",
		"2028-02-29T24:00:00Z":             "2028-03-01T00:00:00Z",
		"2027-02-29T10:05:00Z":             "",
		"2027-13-01T10:05:00Z":             "",
		"2027-03-00T10:05:00Z":             "",
		"2027-03-01T24:01:00Z":             "",
		"2027-03-01T10:60:00Z":             "",
		"2027-03-01T10:05:60Z":             "",
		"2027-03-01":                       "",
		"2027-03-01T10:05:00+99:00":        "",
		"2027-03-01T10:05:00X":             "",
		"2027-03-01T10:05:00.Z":            "",
		"0000-03-01T10:05:00Z":             "",
		"２027-03-01T10:05:00Z":             "",
		"2027-03-01T10:05:00+1:00":         "",
		"9999-12-31T23:59:59.999999999Z":   "9999-12-31T23:59:59.999999999Z",
		"2027-03-01T1 :05:00Z":             "",
		"2027-03-01T10:05:00Europe/London": "",
	} {
		got := ""
		if at := ParseInstant(in); !at.IsZero() {
			got = at.Format(time.RFC3339Nano)
		}
		if got != want {
			t.Errorf("ParseInstant(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestParseDuration(t *testing.T) {
	for in, want := range map[string]string{
		"PT2H26M": "2h26m0s", "PT02H26M": "2h26m0s", "PT07H55M": "7h55m0s", "P0Y0M0DT1H25M0S": "1h25m0s", "P0DT3H35M": "3h35m0s",
		"P1DT1H10M0S": "25h10m0s", "PT90M": "1h30m0s", "PT45S": "45s", "P2W": "336h0m0s", "PT1H30.5M": "1h30m30s", "PT0S": "0s", "P1D": "24h0m0s",
		"": "", "P": "", "PT": "", "P1Y": "", "P1M": "", "PT2H26": "", "PT26M2H": "", "2H": "", "PT-2H": "", "P2H": "", "P1DT": "", "PT2H2H": "",
		"PT99999999H": "", "PT1.H": "1h0m0s", "P1DT1D": "", "pt2h": "",
	} {
		d, ok := ParseDuration(in)
		got := ""
		if ok {
			got = d.String()
		}
		if got != want {
			t.Errorf("ParseDuration(%q) = %q, want %q", in, got, want)
		}
	}
}

// zones is a world of one airport.
type zones map[travel.Airport]*time.Location

func (z zones) ZoneOn(code travel.Airport, _ travel.Date) *time.Location { return z[code] }
func (z zones) Local(code travel.Airport, y int, m time.Month, d, h, mi, s int) (travel.LocalTime, bool) {
	if z[code] == nil {
		return travel.LocalTime{}, false
	}
	return travel.LocalTimeOf(time.Date(y, m, d, h, mi, s, 0, z[code])), true
}

func TestWallAt(t *testing.T) {
	world := zones{"JFK": LoadZone("America/New_York")}
	tests := []struct {
		text  string
		code  travel.Airport
		named string
		want  string
		rule  string
	}{
		{"2027-03-01T10:05:00", "JFK", "Europe/London", "2027-03-01T10:05:00-05:00", ""},
		{"2027-03-01T10:05:00", "XXX", "Europe/Paris", "2027-03-01T10:05:00+01:00", ""},
		{"2027-03-01T10:05:00", "XXX", "", "", travel.RuleUnknownZone},
		{"2027-03-01T10:05:00", "XXX", "Local", "", travel.RuleUnknownZone},
		{"2027-03-01T10:05:00", "XXX", "../../etc/passwd", "", travel.RuleUnknownZone},
		{"2027-03-01T10:05:00", "XXX", "Europe/Nowhere", "", travel.RuleUnknownZone},
		{"2027-03-01T10:05:00+05:30", "XXX", "", "2027-03-01T10:05:00+05:30", ""},
		{"2027-03-01T15:05:00Z", "JFK", "", "2027-03-01T10:05:00-05:00", ""},
		{"2027-03-01T15:05:00Z", "XXX", "", "", travel.RuleUnknownZone},
	}
	for _, tt := range tests {
		w, ok := ParseWall(tt.text)
		got, rule := w.At(tt.code, world, tt.named)
		text := ""
		if got.Known() {
			text = got.String()
		}
		if !ok || text != tt.want || rule != tt.rule {
			t.Errorf("%s at %s (%s) = %q, %q, want %q, %q", tt.text, tt.code, tt.named, text, rule, tt.want, tt.rule)
		}
	}
}

func FuzzTimes(f *testing.F) {
	f.Add("2027-03-01T10:05:00.5+01:00")
	f.Add("P1DT1H10M0.5S")
	f.Fuzz(func(t *testing.T, s string) {
		if d, ok := ParseDuration(s); ok && d < 0 {
			t.Errorf("ParseDuration(%q) = %v", s, d)
		}
		if at, err := time.Parse(time.RFC3339Nano, s); err == nil && at.Year() >= 1900 && at.Year() <= 9999 {
			if got := ParseInstant(s); !got.Equal(at) && !got.IsZero() {
				t.Errorf("ParseInstant(%q) = %v, want %v", s, got, at)
			}
		}
		LoadZone(s)
	})
}
