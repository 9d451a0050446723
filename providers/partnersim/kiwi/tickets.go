package kiwi

import (
	"cmp"
	"slices"
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// itinerary is one result: a way to fly each slice, on one ticket or on several.
type itinerary struct {
	ways    [][]legDoc // slice by slice
	tickets []world.Trip
	total   int64 // euro cents, the party
	id      rng.RNG
}

// legDoc is a flight, and on which ticket it is.
type legDoc struct {
	world.Sold
	brand    world.Brand
	cabin    travel.Cabin
	ticket   int  // index into the itinerary's tickets
	transfer bool // the traveller takes his bags here from another ticket's flight
}

func (it *itinerary) dep(way int) time.Time { return it.ways[way][0].Dep }
func (it *itinerary) arr(way int) time.Time { return it.ways[way][len(it.ways[way])-1].Arr }

// minutes is the time of all ways.
func (it *itinerary) minutes() (n int) {
	for way := range it.ways {
		n += int(it.arr(way).Sub(it.dep(way)) / time.Minute)
	}
	return n
}

// add puts a ticket's slice into a way.
func (it *itinerary) add(way int, t *world.Trip, slice, ticket int) {
	s := &t.Slices[slice]
	for i, leg := range s.Legs {
		transfer := i == 0 && len(it.ways[way]) > 0
		it.ways[way] = append(it.ways[way], legDoc{leg, s.Brand, s.CabinOn(leg), ticket, transfer})
	}
}

// of puts tickets together: ways says which of them each slice is flown on, one after the other.
func of(ways [][]world.Trip) itinerary {
	it := itinerary{ways: make([][]legDoc, len(ways)), id: rng.RNG(1)}
	for way, tickets := range ways {
		for i := range tickets {
			t := &tickets[i]
			it.add(way, t, 0, len(it.tickets))
			it.tickets = append(it.tickets, *t)
			it.total += t.Total
			it.id = it.id.Num(int64(t.ID))
		}
	}
	return it
}

// asWhole is a trip on one ticket.
func asWhole(t world.Trip) itinerary {
	it := itinerary{ways: make([][]legDoc, len(t.Slices)), tickets: []world.Trip{t}, total: t.Total, id: t.ID}
	for i := range t.Slices {
		it.add(i, &t, i, 0)
	}
	return it
}

// itineraries are those on one ticket, at most three in five, and those on several:
// two where travellers change themselves on the way, and one each way there and back.
func (p *service) itineraries(q *questionDoc, now time.Time, limit int) []itinerary {
	several := p.several(q, now, limit)
	whole := p.Trips(q.Ask, now, max(limit-len(several), limit*3/5))
	var all []itinerary
	for _, t := range whole {
		all = append(all, asWhole(t))
	}
	return append(all, several[:min(len(several), limit-len(all))]...)
}

// waysName is how many ways of one slice are tried together with those of another.
const waysName = 12

// several are the itineraries of more than one ticket, the cheapest first.
func (p *service) several(q *questionDoc, now time.Time, limit int) []itinerary {
	ways := make([][][]world.Trip, len(q.Slices))
	for i, s := range q.Slices {
		ways[i] = p.transfers(q, s, now)
		if len(q.Slices) > 1 {
			one := q.Ask
			one.Slices = []world.AskSlice{s}
			for _, t := range p.Trips(one, now, waysName) {
				ways[i] = append(ways[i], []world.Trip{t})
			}
		}
		slices.SortStableFunc(ways[i], func(a, b []world.Trip) int { return cmp.Compare(centsOf(a), centsOf(b)) })
		ways[i] = ways[i][:min(len(ways[i]), waysName)]
	}
	var all []itinerary
	for _, there := range ways[0] {
		if len(ways) == 1 {
			all = append(all, of([][]world.Trip{there}))
			continue
		}
		for _, back := range ways[1] {
			if it := of([][]world.Trip{there, back}); it.dep(1).Sub(it.arr(0)) >= 90*time.Minute {
				all = append(all, it)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b itinerary) int { return cmp.Compare(a.total, b.total) })
	return all[:min(len(all), limit*2/5)]
}

func centsOf(tickets []world.Trip) (cents int64) {
	for i := range tickets {
		cents += tickets[i].Total
	}
	return cents
}

// Bounds of a change that travellers make themselves: time for bags and another check-in,
// more where the next flight leaves from another airport of the town.
const (
	Change      = 2 * time.Hour
	AcrossTown  = 4 * time.Hour
	longest     = 14 * time.Hour
	middlesName = 6 // towns tried
)

// transfers are ways to fly a slice on two tickets, of carriers that do not work together.
func (p *service) transfers(q *questionDoc, s world.AskSlice, now time.Time) [][]world.Trip {
	if len(s.From) == 0 || len(s.To) == 0 || q.MaxStops == 0 {
		return nil
	}
	var all [][]world.Trip
	for _, middle := range p.middles(s.From[0], s.To[0]) {
		hop := q.Ask
		hop.MaxStops = 0
		hop.Slices = []world.AskSlice{world.Narrow(world.AskSlice{From: s.From, To: middle, Date: s.Date})}
		firsts := p.Trips(hop, now, waysName)
		var seconds []world.Trip
		for day := range 2 {
			hop.Slices = []world.AskSlice{world.Narrow(world.AskSlice{From: middle, To: s.To, Date: s.Date.AddDays(day)})}
			seconds = append(seconds, p.Trips(hop, now, 2*waysName)...)
		}
		for _, first := range firsts {
			if second := p.next(&first, seconds); second != nil {
				all = append(all, []world.Trip{first, *second})
			}
		}
	}
	return all
}

// next is the cheapest flight that can be reached from the end of a ticket.
func (p *service) next(first *world.Trip, seconds []world.Trip) *world.Trip {
	in := first.Slices[0].Legs[0]
	var best *world.Trip
	for i := range seconds {
		out := seconds[i].Slices[0].Legs[0]
		least := Change
		if out.From != in.To {
			least = AcrossTown
		}
		wait := out.Dep.Sub(in.Arr)
		if wait < least || wait > longest || p.World.Net.Together(in.By, out.By) || p.World.Net.Together(in.Flight.Carrier, out.Flight.Carrier) {
			continue
		}
		if best == nil || seconds[i].Total < best.Total {
			best = &seconds[i]
		}
	}
	return best
}

// middles are towns to change in between two airports, by their airports: short ways and great hubs first.
func (p *service) middles(from, to *world.Airport) [][]*world.Airport {
	type middle struct {
		hub  *world.Airport
		cost int
	}
	var found []middle
	limit := world.Detour(world.Km(from, to))
	seen := map[travel.Airport]bool{from.Metro: true, to.Metro: true}
	for _, code := range p.World.Net.Hubs {
		h := p.World.Airport(code)
		if h == nil || seen[h.Metro] {
			continue
		}
		if way := world.Km(from, h) + world.Km(h, to); way <= limit {
			seen[h.Metro] = true
			found = append(found, middle{h, way - 400*h.Tier})
		}
	}
	slices.SortFunc(found, func(a, b middle) int { return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.hub.Code, b.hub.Code)) })
	var all [][]*world.Airport
	for _, m := range found[:min(len(found), middlesName)] {
		all = append(all, p.World.Expand(m.hub.Metro))
	}
	return all
}
