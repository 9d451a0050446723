package world

import (
	"fanfare/providers/partnersim/rng"
)

// aircraft is a type with its IATA code.
type aircraft struct {
	Code, Name string
}

// fleets are plausible types by how far they fly, in km.
var fleets = []struct {
	upTo  int
	turbo bool // slower, on short thin routes
	types []aircraft
}{
	{600, true, []aircraft{{"AT7", "ATR 72"}, {"DH4", "De Havilland Dash 8-400"}, {"E75", "Embraer 175"}}},
	{3500, false, []aircraft{{"319", "Airbus A319"}, {"320", "Airbus A320"}, {"32N", "Airbus A320neo"}, {"738", "Boeing 737-800"}, {"E90", "Embraer 190"}, {"223", "Airbus A220-300"}, {"321", "Airbus A321"}}},
	{6000, false, []aircraft{{"32Q", "Airbus A321neo"}, {"7M8", "Boeing 737 MAX 8"}, {"332", "Airbus A330-200"}, {"333", "Airbus A330-300"}, {"788", "Boeing 787-8"}, {"77W", "Boeing 777-300ER"}, {"763", "Boeing 767-300"}}},
	{30000, false, []aircraft{{"789", "Boeing 787-9"}, {"77W", "Boeing 777-300ER"}, {"359", "Airbus A350-900"}, {"351", "Airbus A350-1000"}, {"388", "Airbus A380-800"}, {"339", "Airbus A330-900"}, {"781", "Boeing 787-10"}}},
}

// aircraftFor picks the type that a carrier flies on a route, and whether it is a turboprop.
func aircraftFor(d rng.RNG, km int, thin bool) (aircraft, bool) {
	for _, f := range fleets {
		if km > f.upTo || f.turbo && !thin {
			continue
		}
		return rng.Pick(d, f.types), f.turbo
	}
	return fleets[3].types[0], false
}
