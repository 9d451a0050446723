package partnersim

import (
	"cmp"
	"slices"
	"time"

	"fanfare/providers/travel"
)

// journey is one way to fly a slice: a chain of flights that connect.
type journey struct {
	legs []*flight
	km   int  // great circle from first to last airport
	id   dice // of its flights: the same every day they fly
}

func (j *journey) dep() time.Time { return j.legs[0].dep }
func (j *journey) arr() time.Time { return j.legs[len(j.legs)-1].arr }
func (j *journey) minutes() int   { return int(j.arr().Sub(j.dep()) / time.Minute) }
func (j *journey) stops() int     { return len(j.legs) - 1 }
func (j *journey) from() *airport { return j.legs[0].from }
func (j *journey) to() *airport   { return j.legs[len(j.legs)-1].to }

// main is the longest flight, which stands for the whole journey.
func (j *journey) main() *flight {
	longest := j.legs[0]
	for _, f := range j.legs {
		if f.km > longest.km {
			longest = f
		}
	}
	return longest
}

func newJourney(l []*flight) *journey { return &journey{legs: slices.Clone(l), id: idOf(l)} }

func idOf(legs []*flight) dice {
	d := dice(1)
	for _, f := range legs {
		d = d.num(int64(f.id))
	}
	return d
}

type journeyKey struct {
	from, to travel.Airport
	date     travel.Date
}

// Bounds of what is computed for one pair of airports and one date.
const (
	maxChains    = 16  // one-stop hubs tried
	maxPerChain  = 14  // journeys kept of each
	maxJourneys  = 240 // of the pair, nonstops not counted
	enough       = 24  // with this many journeys, nobody looks for two stops
	longWait     = 6 * time.Hour
	overnight    = 15 * time.Hour
	maxLastHubs  = 10 // hubs tried on either side of a two-stop
	detourAllows = 500
)

// journeysOn are the ways to fly on a local date, nonstops first, then by duration; it is cached.
func (w *World) journeysOn(from, to *airport, date travel.Date) []*journey {
	return w.journeys.get(journeyKey{from.Code, to.Code, date}, func() []*journey {
		var direct, connecting []*journey
		for _, f := range w.flights(from, to, date) {
			direct = append(direct, newJourney([]*flight{f}))
		}
		connecting = w.fly(w.viaOne(from, to), date, false)
		if len(direct)+len(connecting) < enough {
			connecting = append(connecting, w.fly(w.viaTwo(from, to), date, false)...)
		}
		if len(direct)+len(connecting) == 0 {
			connecting = w.lastResort(from, to, date)
		}
		all := append(direct, worthwhile(connecting, direct)...)
		for _, j := range all {
			j.km = km(from, to)
		}
		return all
	})
}

// worthwhile drops connections that take absurdly long beside the fastest way, and sorts the rest by duration.
func worthwhile(all, direct []*journey) []*journey {
	fastest := 1 << 30
	for _, j := range slices.Concat(all, direct) {
		fastest = min(fastest, j.minutes())
	}
	all = slices.DeleteFunc(all, func(j *journey) bool { return j.minutes() > fastest*9/4+9*60 })
	slices.SortFunc(all, func(a, b *journey) int {
		return cmp.Or(cmp.Compare(a.minutes(), b.minutes()), a.dep().Compare(b.dep()), cmp.Compare(a.id, b.id))
	})
	return all[:min(len(all), maxJourneys)]
}

// fly schedules every chain of airports on a date. With anyone, carriers that do
// not work together connect too.
func (w *World) fly(chains [][]*airport, date travel.Date, anyone bool) []*journey {
	var all []*journey
	for _, chain := range chains {
		var found []*journey
		for _, first := range w.flights(chain[0], chain[1], date) {
			found = w.extend(found, []*flight{first}, chain[2:], anyone)
		}
		slices.SortFunc(found, func(a, b *journey) int {
			return cmp.Or(cmp.Compare(a.minutes(), b.minutes()), a.dep().Compare(b.dep()), cmp.Compare(a.id, b.id))
		})
		all = append(all, found[:min(len(found), maxPerChain)]...)
	}
	return all
}

// extend adds the journeys that begin with legs and go on along rest: the two
// earliest good connections at each airport, or one with a night between.
func (w *World) extend(found []*journey, legs []*flight, rest []*airport, anyone bool) []*journey {
	if len(rest) == 0 {
		return append(found, newJourney(legs))
	}
	last := legs[len(legs)-1]
	var next []*flight
	for day := range 2 {
		next = append(next, w.flights(last.to, rest[0], travel.DateOf(last.arr).AddDays(day))...)
	}
	next = slices.DeleteFunc(slices.Clone(next), func(f *flight) bool {
		wait := f.dep.Sub(last.arr)
		compatible := w.net.together(last.carrier, f.carrier) || anyone && last.Kind == full && f.Kind == full
		return wait < minimumConnection(last, f) || wait > overnight || !compatible
	})
	slices.SortFunc(next, func(a, b *flight) int { return cmp.Or(a.dep.Compare(b.dep), cmp.Compare(a.id, b.id)) })
	for i, f := range next {
		if i >= 2 || i > 0 && f.dep.Sub(last.arr) > longWait {
			break
		}
		found = w.extend(found, append(slices.Clip(legs), f), rest[1:], anyone)
	}
	return found
}

// minimumConnection is how long it takes to change aircraft.
func minimumConnection(in, out *flight) time.Duration {
	if in.from.Country == out.to.Country && in.to.Country == in.from.Country {
		return 45 * time.Minute
	}
	if in.to.tier == 5 {
		return 65 * time.Minute
	}
	return 55 * time.Minute
}
