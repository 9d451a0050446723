package places

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fanfare/providers/travel"
)

func TestHubsBetween(t *testing.T) {
	for _, test := range []struct {
		name, from, to string
		want           []travel.Airport
	}{
		{"across the Atlantic, near the great circle", "LHR", "JFK", []travel.Airport{"BOS", "DUB"}},
		{"a metro area is where its main airport is", "LON", "NYC", []travel.Airport{"BOS", "DUB"}},
		{"too short", "LHR", "VIE", nil},
		{"unknown", "LHR", "XXX", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Default().HubsBetween(travel.Airport(test.from), travel.Airport(test.to), 2); !slices.Equal(got, test.want) {
				t.Errorf("HubsBetween(%s, %s) = %v, want %v", test.from, test.to, got, test.want)
			}
		})
	}
}

// TestHubsAreKnownAndOnTheWay: both legs are shorter than the whole, which is what keeps
// searches for parts from going in circles.
func TestHubsAreKnownAndOnTheWay(t *testing.T) {
	a := Default()
	for _, code := range hubs {
		if _, ok := a.Airport(code); !ok {
			t.Errorf("hub %s is no airport", code)
		}
	}
	distance := func(x, y travel.Airport) float64 {
		p, _ := a.Airport(x)
		q, _ := a.Airport(y)
		return DistanceMetres(p.Lat, p.Lon, q.Lat, q.Lon)
	}
	rapid.Check(t, func(t *rapid.T) {
		from, to := rapid.SampledFrom(hubs).Draw(t, "from"), rapid.SampledFrom(hubs).Draw(t, "to")
		for _, hub := range a.HubsBetween(from, to, 3) {
			in, out, direct := distance(from, hub), distance(hub, to), distance(from, to)
			if in >= direct || out >= direct || in+out > maxDetour*direct {
				t.Errorf("%s-%s-%s: %.0f + %.0f km for %.0f", from, hub, to, in/1000, out/1000, direct/1000)
			}
		}
	})
}
