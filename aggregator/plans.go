package aggregator

import (
	"time"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// plan is one way to put the trip together: which parts follow each other.
type plan struct {
	connect bool // within one slice
	parts   []travel.Query
}

// maxHubs bounds the extra questions of one search: a return asks 2, a trip of six slices 6, a
// one-way through two hubs 4, each of every partner that may be asked. More hubs would cost as much
// again and find less, as the nearest to the way come first.
const maxHubs = 2

// plansOf are the ways to put q together from several tickets: one ticket for each slice,
// or, for a one-way, two that meet at a hub on the way.
func plansOf(q travel.Query, atlas *places.Atlas) []plan {
	if q.Product != travel.Flights || atlas == nil {
		return nil
	}
	if len(q.Slices) > 1 {
		p := plan{}
		for _, s := range q.Slices {
			p.parts = append(p.parts, oneWay(q, s))
		}
		return []plan{p}
	}
	var plans []plan
	s := q.Slices[0]
	for _, hub := range atlas.HubsBetween(s.Origin, s.Destination, maxHubs) {
		in := travel.SliceQuery{Origin: s.Origin, Destination: hub, Date: s.Date}
		out := travel.SliceQuery{Origin: hub, Destination: s.Destination, Date: dayAt(s, hub, atlas)}
		plans = append(plans, plan{true, []travel.Query{oneWay(q, in), oneWay(q, out)}})
	}
	return plans
}

// oneWay is the canonical query for one slice: what stands in q is canonical already.
func oneWay(q travel.Query, s travel.SliceQuery) travel.Query {
	q.Slices = []travel.SliceQuery{s}
	return q
}

const (
	noon          = 12 * time.Hour
	metresAnHour  = 800_000 // of an airliner, climbing and waiting included
	onTheGround   = time.Hour
	usualTransfer = 3 * time.Hour
)

// dayAt is the day on which whoever leaves at noon goes on from the hub.
func dayAt(s travel.SliceQuery, hub travel.Airport, atlas *places.Atlas) travel.Date {
	from, _ := atlas.Airport(atlas.Airports(s.Origin)[0])
	to, _ := atlas.Airport(hub)
	there, here := atlas.Zone(s.Origin), atlas.Zone(hub)
	if there == nil || here == nil {
		return s.Date
	}
	y, m, d := s.Date.Time().Date()
	metres := places.DistanceMetres(from.Lat, from.Lon, to.Lat, to.Lon)
	flight := time.Duration(metres / metresAnHour * float64(time.Hour))
	leaves := time.Date(y, m, d, 0, 0, 0, 0, there).Add(noon)
	return travel.DateOf(leaves.Add(onTheGround + flight + usualTransfer).In(here))
}
