package places

import "testing"

func TestZoneNear(t *testing.T) {
	for _, c := range []struct {
		name     string
		lat, lon float64
		want     string
	}{
		{"Park Lane", 51.50988, -0.15509, "Europe/London"},
		{"Gothenburg", 57.7, 11.97, "Europe/Stockholm"},
		{"Acapulco", 16.79, -99.82, "America/Mexico_City"},
		{"Phoenix keeps its time", 33.45, -112.07, "America/Phoenix"},
		{"across the date line", -16.8, 179.98, "Pacific/Fiji"},
		{"the middle of the Pacific", -40, -130, ""},
	} {
		got := ""
		if z := Default().ZoneNear(c.lat, c.lon); z != nil {
			got = z.String()
		}
		if got != c.want {
			t.Errorf("%s: ZoneNear(%v, %v) = %q, want %q", c.name, c.lat, c.lon, got, c.want)
		}
	}
}
