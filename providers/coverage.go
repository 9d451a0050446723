package providers

import (
	"slices"

	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Coverage is what a partner says it can answer for; an empty list is everything.
type Coverage struct {
	Origins      []travel.Airport // airports or metro areas
	Destinations []travel.Airport // of a stay: place ids
	Markets      []travel.Country
}

// excludes tells why q lies outside the coverage, or fault.None. A trip is covered
// if its first slice is, so that the way home of a return does not exclude it.
func (c *Coverage) excludes(q travel.Query, atlas *places.Atlas) fault.Cause {
	if len(c.Markets) > 0 && !slices.Contains(c.Markets, q.Market) {
		return fault.Market
	}
	if q.Product == travel.Hotels {
		place := travel.Airport(q.StayQuery.Destination.Place)
		if place != "" && !covers(c.Destinations, place, atlas) {
			return fault.Route
		}
		return fault.None
	}
	if !covers(c.Origins, q.Slices[0].Origin, atlas) || !covers(c.Destinations, q.Slices[0].Destination, atlas) {
		return fault.Route
	}
	return fault.None
}

func covers(list []travel.Airport, code travel.Airport, atlas *places.Atlas) bool {
	if len(list) == 0 || slices.Contains(list, code) {
		return true
	}
	for _, listed := range list {
		for _, a := range atlas.Airports(listed) {
			if a == code || slices.Contains(atlas.Airports(code), a) {
				return true
			}
		}
	}
	return false
}
