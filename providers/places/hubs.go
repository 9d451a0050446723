package places

import (
	"cmp"
	"slices"

	"fanfare/providers/travel"
)

// hubs are airports where many airlines meet, from which most of the world is one flight
// away: where changing from one airline to another can pay. Written by us, from what these
// airports are known for.
var hubs = []travel.Airport{
	"ADD", "AMS", "ATL", "AUH", "BCN", "BKK", "BOG", "BOS", "BRU", "CAI", "CDG", "CMN", "CPH", "DEL", "DEN", "DFW", "DOH", "DUB", "DXB", "EZE",
	"FCO", "FRA", "GRU", "HEL", "HKG", "HND", "ICN", "IST", "JFK", "JNB", "KEF", "KUL", "LAX", "LHR", "LIM", "LIS", "MAD", "MAN", "MEX", "MIA",
	"MNL", "MUC", "MXP", "NBO", "NRT", "ORD", "OSL", "PEK", "PTY", "PVG", "SCL", "SEA", "SFO", "SIN", "SYD", "TPE", "VIE", "WAW", "YUL", "YVR", "YYZ", "ZRH",
}

// The bounds within which a hub lies on the way.
const (
	maxDetour = 1.25            // of the direct distance
	maxLeg    = 0.95            // of it: a hub beside an end saves nothing. It also makes every leg shorter than the whole
	minDirect = 2_000_000.0     // metres; below it whoever changes loses the day
	minLeg    = 0.1 * minDirect // metres; below it there are trains
)

// HubsBetween returns up to n airports on the way from one airport or metro area to
// another where travellers may change from one ticket to another, the smallest detour
// first; none where a change would not pay. It depends on nothing but the tables.
func (a *Atlas) HubsBetween(from, to travel.Airport, n int) []travel.Airport {
	ends := [2]travel.Airport{}
	for i, code := range []travel.Airport{from, to} {
		members := a.Airports(code)
		if len(members) == 0 {
			return nil
		}
		ends[i] = members[0]
	}
	start, _ := a.Airport(ends[0])
	end, _ := a.Airport(ends[1])
	direct := DistanceMetres(start.Lat, start.Lon, end.Lat, end.Lon)
	if direct < minDirect {
		return nil
	}
	type detour struct {
		hub    travel.Airport
		metres float64
	}
	var found []detour
	for _, code := range hubs {
		hub, _ := a.Airport(code)
		in := DistanceMetres(start.Lat, start.Lon, hub.Lat, hub.Lon)
		out := DistanceMetres(hub.Lat, hub.Lon, end.Lat, end.Lon)
		if min(in, out) >= minLeg && max(in, out) <= maxLeg*direct && in+out <= maxDetour*direct && !a.SameArea(code, from) && !a.SameArea(code, to) {
			found = append(found, detour{code, in + out})
		}
	}
	slices.SortFunc(found, func(x, y detour) int { return cmp.Or(cmp.Compare(x.metres, y.metres), cmp.Compare(x.hub, y.hub)) })
	found = found[:min(n, len(found))]
	all := make([]travel.Airport, len(found))
	for i, d := range found {
		all[i] = d.hub
	}
	return all
}
