package partnersim

import (
	"cmp"
	"slices"
	"time"

	"fanfare/providers/travel"
)

// kiwiItinerary is one result: a way to fly each slice, on one ticket or on several.
type kiwiItinerary struct {
	ways    [][]kiwiLeg // slice by slice
	tickets []trip
	total   int64 // euro cents, the party
	id      dice
}

// kiwiLeg is a flight, and on which ticket it is.
type kiwiLeg struct {
	sold
	brand    brand
	cabin    travel.Cabin
	ticket   int  // index into the itinerary's tickets
	transfer bool // the traveller takes his bags here from another ticket's flight
}

func (it *kiwiItinerary) dep(way int) time.Time { return it.ways[way][0].dep }
func (it *kiwiItinerary) arr(way int) time.Time { return it.ways[way][len(it.ways[way])-1].arr }

// minutes is the time of all ways.
func (it *kiwiItinerary) minutes() (n int) {
	for way := range it.ways {
		n += int(it.arr(way).Sub(it.dep(way)) / time.Minute)
	}
	return n
}

// add puts a ticket's slice into a way.
func (it *kiwiItinerary) add(way int, t *trip, slice, ticket int) {
	s := &t.slices[slice]
	for i, leg := range s.legs {
		transfer := i == 0 && len(it.ways[way]) > 0
		it.ways[way] = append(it.ways[way], kiwiLeg{leg, s.brand, s.cabinOn(leg), ticket, transfer})
	}
}

// kiwiOf puts tickets together: ways says which of them each slice is flown on, one after the other.
func kiwiOf(ways [][]trip) kiwiItinerary {
	it := kiwiItinerary{ways: make([][]kiwiLeg, len(ways)), id: dice(1)}
	for way, tickets := range ways {
		for i := range tickets {
			t := &tickets[i]
			it.add(way, t, 0, len(it.tickets))
			it.tickets = append(it.tickets, *t)
			it.total += t.total
			it.id = it.id.num(int64(t.id))
		}
	}
	return it
}

// kiwiWhole is a trip on one ticket.
func kiwiWhole(t trip) kiwiItinerary {
	it := kiwiItinerary{ways: make([][]kiwiLeg, len(t.slices)), tickets: []trip{t}, total: t.total, id: t.id}
	for i := range t.slices {
		it.add(i, &t, i, 0)
	}
	return it
}

// itineraries are those on one ticket, at most three in five, and those on several:
// two where travellers change themselves on the way, and one each way there and back.
func (p *kiwi) itineraries(q *kiwiQuestion, now time.Time, limit int) []kiwiItinerary {
	several := p.several(q, now, limit)
	whole := p.trips(q.ask, now, max(limit-len(several), limit*3/5))
	var all []kiwiItinerary
	for _, t := range whole {
		all = append(all, kiwiWhole(t))
	}
	return append(all, several[:min(len(several), limit-len(all))]...)
}

// kiwiWays is how many ways of one slice are tried together with those of another.
const kiwiWays = 12

// several are the itineraries of more than one ticket, the cheapest first.
func (p *kiwi) several(q *kiwiQuestion, now time.Time, limit int) []kiwiItinerary {
	ways := make([][][]trip, len(q.slices))
	for i, s := range q.slices {
		ways[i] = p.transfers(q, s, now)
		if len(q.slices) > 1 {
			one := q.ask
			one.slices = []askSlice{s}
			for _, t := range p.trips(one, now, kiwiWays) {
				ways[i] = append(ways[i], []trip{t})
			}
		}
		slices.SortStableFunc(ways[i], func(a, b []trip) int { return cmp.Compare(centsOf(a), centsOf(b)) })
		ways[i] = ways[i][:min(len(ways[i]), kiwiWays)]
	}
	var all []kiwiItinerary
	for _, there := range ways[0] {
		if len(ways) == 1 {
			all = append(all, kiwiOf([][]trip{there}))
			continue
		}
		for _, back := range ways[1] {
			if it := kiwiOf([][]trip{there, back}); it.dep(1).Sub(it.arr(0)) >= 90*time.Minute {
				all = append(all, it)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b kiwiItinerary) int { return cmp.Compare(a.total, b.total) })
	return all[:min(len(all), limit*2/5)]
}

func centsOf(tickets []trip) (cents int64) {
	for i := range tickets {
		cents += tickets[i].total
	}
	return cents
}

// Bounds of a change that travellers make themselves: time for bags and another check-in,
// more where the next flight leaves from another airport of the town.
const (
	kiwiChange     = 2 * time.Hour
	kiwiAcrossTown = 4 * time.Hour
	kiwiLongest    = 14 * time.Hour
	kiwiMiddles    = 6 // towns tried
)

// transfers are ways to fly a slice on two tickets, of carriers that do not work together.
func (p *kiwi) transfers(q *kiwiQuestion, s askSlice, now time.Time) [][]trip {
	if len(s.from) == 0 || len(s.to) == 0 || q.maxStops == 0 {
		return nil
	}
	var all [][]trip
	for _, middle := range p.middles(s.from[0], s.to[0]) {
		hop := q.ask
		hop.maxStops = 0
		hop.slices = []askSlice{narrow(askSlice{s.from, middle, s.date})}
		firsts := p.trips(hop, now, kiwiWays)
		var seconds []trip
		for day := range 2 {
			hop.slices = []askSlice{narrow(askSlice{middle, s.to, s.date.AddDays(day)})}
			seconds = append(seconds, p.trips(hop, now, 2*kiwiWays)...)
		}
		for _, first := range firsts {
			if second := p.next(&first, seconds); second != nil {
				all = append(all, []trip{first, *second})
			}
		}
	}
	return all
}

// next is the cheapest flight that can be reached from the end of a ticket.
func (p *kiwi) next(first *trip, seconds []trip) *trip {
	in := first.slices[0].legs[0]
	var best *trip
	for i := range seconds {
		out := seconds[i].slices[0].legs[0]
		least := kiwiChange
		if out.from != in.to {
			least = kiwiAcrossTown
		}
		wait := out.dep.Sub(in.arr)
		if wait < least || wait > kiwiLongest || p.w.net.together(in.by, out.by) || p.w.net.together(in.flight.carrier, out.flight.carrier) {
			continue
		}
		if best == nil || seconds[i].total < best.total {
			best = &seconds[i]
		}
	}
	return best
}

// middles are towns to change in between two airports, by their airports: short ways and great hubs first.
func (p *kiwi) middles(from, to *airport) [][]*airport {
	type middle struct {
		hub  *airport
		cost int
	}
	var found []middle
	limit := detour(km(from, to))
	seen := map[travel.Airport]bool{from.Metro: true, to.Metro: true}
	for _, code := range p.w.net.hubs {
		h := p.w.airport(code)
		if h == nil || seen[h.Metro] {
			continue
		}
		if way := km(from, h) + km(h, to); way <= limit {
			seen[h.Metro] = true
			found = append(found, middle{h, way - 400*h.tier})
		}
	}
	slices.SortFunc(found, func(a, b middle) int { return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.hub.Code, b.hub.Code)) })
	var all [][]*airport
	for _, m := range found[:min(len(found), kiwiMiddles)] {
		all = append(all, p.w.expand(m.hub.Metro))
	}
	return all
}
