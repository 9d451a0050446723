package partnersim

import (
	"bytes"
	"strings"
	"testing"

	"fanfare/providers/travel"
)

// TestNetworkAgainstTheReference counts how much of the invented network exists: a
// simulated world need not be true, but should not be absurd.
func TestNetworkAgainstTheReference(t *testing.T) {
	real := map[string]bool{} // carrier, origin, destination
	pairs := map[string]bool{}
	for line := range bytes.Lines(vendorFile(t, "reference/optd_airline_por.csv")) {
		f := strings.Split(string(line), "^")
		real[f[0]+f[1]+f[2]] = true
		pairs[f[1]+f[2]] = true
	}
	w := testWorld(1)
	great := []travel.Airport{"LHR", "JFK", "CDG", "FRA", "AMS", "MAD", "IST", "DXB", "SIN", "HND", "ICN", "BKK", "SYD", "GRU", "MEX", "YYZ", "LAX", "ORD", "ATL",
		"DFW", "DEL", "JNB", "CAI", "MUC", "BCN", "FCO", "VIE", "WAW", "DUB", "LIS", "ARN", "HEL", "MAN", "NCE", "PRG", "BUD", "EDI", "BOS", "SEA", "MIA"}
	services, ours, flown, nonstops := 0, 0, 0, 0
	missed := 0
	for _, from := range great {
		for _, to := range great {
			if from == to {
				continue
			}
			r := w.Route(w.Airport(from), w.Airport(to))
			for _, s := range r.Services {
				services++
				if real[string(s.Code+travel.Carrier(from)+travel.Carrier(to))] {
					ours++
				}
			}
			is := pairs[string(from+to)]
			if len(r.Services) > 0 {
				nonstops++
				if is {
					flown++
				}
			} else if is {
				missed++
			}
		}
	}
	t.Logf("of %d nonstop services between %d airports %.0f %% exist with that carrier; of %d pairs with nonstops %.0f %% have some in reality; %d real pairs have none here",
		services, len(great), 100*float64(ours)/float64(services), nonstops, 100*float64(flown)/float64(nonstops), missed)
	if float64(flown)/float64(nonstops) < 0.5 {
		t.Errorf("only %d of %d pairs with nonstops have some in reality", flown, nonstops)
	}
}
