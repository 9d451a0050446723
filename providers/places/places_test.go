package places

import (
	"testing"
	"time"

	"fanfare/providers/travel"
)

var _ travel.Atlas = (*Atlas)(nil)

func TestAreas(t *testing.T) {
	a := Default()
	for _, c := range []struct {
		x, y travel.Airport
		same bool
	}{
		{"LHR", "LHR", true}, {"LHR", "LGW", true}, {"LHR", "LON", true}, {"LON", "LON", true}, {"LHR", "JFK", false},
		{"MUC", "MUC", true}, {"MUC", "NUE", false}, {"XQZ", "XQZ", true}, {"XQZ", "LHR", false}, {"DXB", "DWC", true},
		{"ANK", "ESB", true}, {"", "", true}, {"", "LHR", false}, {"lhr", "LHR", false},
	} {
		if got := a.SameArea(c.x, c.y); got != c.same {
			t.Errorf("SameArea(%q, %q) = %v, want %v", c.x, c.y, got, c.same)
		}
		if got := a.SameArea(c.y, c.x); got != c.same {
			t.Errorf("SameArea(%q, %q) = %v, want %v", c.y, c.x, got, c.same)
		}
	}
}

func TestLocalExamples(t *testing.T) {
	a := Default()
	for _, c := range []struct {
		code travel.Airport
		wall string
		want string
		ok   bool
	}{
		{"LHR", "2027-07-01T10:05:00", "2027-07-01T10:05:00+01:00", true},
		{"LON", "2027-01-01T10:05:00", "2027-01-01T10:05:00+00:00", true},
		{"JFK", "2016-11-10T18:35:00", "2016-11-10T18:35:00-05:00", true},
		{"DEL", "2027-02-28T23:59:59", "2027-02-28T23:59:59+05:30", true},
	} {
		w, err := time.Parse("2006-01-02T15:04:05", c.wall)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := a.Local(c.code, w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second())
		if ok != c.ok || got.String() != c.want {
			t.Errorf("Local(%s, %s) = %v, %v, want %v, %v", c.code, c.wall, got, ok, c.want, c.ok)
		}
	}
	for _, day := range []int{0, 29, 31} {
		if got, ok := a.Local("LHR", 2027, time.February, day, 10, 0, 0); ok {
			t.Errorf("Local on 2027-02-%d = %v, want false", day, got)
		}
	}
	if _, ok := a.Local("XQZ", 2027, time.March, 1, 10, 0, 0); ok {
		t.Error("Local of an unknown airport = true, want false")
	}
}
