package world

import (
	"cmp"
	"slices"
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/travel"
)

// Journey is one way to fly a slice: a chain of flights that connect.
type Journey struct {
	Legs []*Flight
	km   int     // great circle from first to last airport
	id   rng.RNG // of its flights: the same every day they fly
}

func (j *Journey) Dep() time.Time { return j.Legs[0].Dep }
func (j *Journey) Arr() time.Time { return j.Legs[len(j.Legs)-1].Arr }
func (j *Journey) Minutes() int   { return int(j.Arr().Sub(j.Dep()) / time.Minute) }
func (j *Journey) Stops() int     { return len(j.Legs) - 1 }
func (j *Journey) From() *Airport { return j.Legs[0].From }
func (j *Journey) To() *Airport   { return j.Legs[len(j.Legs)-1].To }

// main is the longest flight, which stands for the whole journey.
func (j *Journey) main() *Flight {
	longest := j.Legs[0]
	for _, f := range j.Legs {
		if f.Km > longest.Km {
			longest = f
		}
	}
	return longest
}

func newJourney(l []*Flight) *Journey { return &Journey{Legs: slices.Clone(l), id: idOf(l)} }

func idOf(legs []*Flight) rng.RNG {
	d := rng.RNG(1)
	for _, f := range legs {
		d = d.Num(int64(f.ID))
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
	Overnight    = 15 * time.Hour
	maxLastHubs  = 10 // hubs tried on either side of a two-stop
	detourAllows = 500
)

// JourneysOn are the ways to fly on a local date, nonstops first, then by duration; it is cached.
func (w *World) JourneysOn(from, to *Airport, date travel.Date) []*Journey {
	return w.journeys.Get(journeyKey{from.Code, to.Code, date}, func() []*Journey {
		var direct, connecting []*Journey
		for _, f := range w.Flights(from, to, date) {
			direct = append(direct, newJourney([]*Flight{f}))
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
			j.km = Km(from, to)
		}
		return all
	})
}

// worthwhile drops connections that take absurdly long beside the fastest way, and sorts the rest by duration.
func worthwhile(all, direct []*Journey) []*Journey {
	fastest := 1 << 30
	for _, j := range slices.Concat(all, direct) {
		fastest = min(fastest, j.Minutes())
	}
	all = slices.DeleteFunc(all, func(j *Journey) bool { return j.Minutes() > fastest*9/4+9*60 })
	slices.SortFunc(all, func(a, b *Journey) int {
		return cmp.Or(cmp.Compare(a.Minutes(), b.Minutes()), a.Dep().Compare(b.Dep()), cmp.Compare(a.id, b.id))
	})
	return all[:min(len(all), maxJourneys)]
}

// fly schedules every chain of airports on a date. With anyone, carriers that do
// not work together connect too.
func (w *World) fly(chains [][]*Airport, date travel.Date, anyone bool) []*Journey {
	var all []*Journey
	for _, chain := range chains {
		var found []*Journey
		for _, first := range w.Flights(chain[0], chain[1], date) {
			found = w.extend(found, []*Flight{first}, chain[2:], anyone)
		}
		slices.SortFunc(found, func(a, b *Journey) int {
			return cmp.Or(cmp.Compare(a.Minutes(), b.Minutes()), a.Dep().Compare(b.Dep()), cmp.Compare(a.id, b.id))
		})
		all = append(all, found[:min(len(found), maxPerChain)]...)
	}
	return all
}

// extend adds the journeys that begin with legs and go on along rest: the two
// earliest good connections at each airport, or one with a night between.
func (w *World) extend(found []*Journey, legs []*Flight, rest []*Airport, anyone bool) []*Journey {
	if len(rest) == 0 {
		return append(found, newJourney(legs))
	}
	last := legs[len(legs)-1]
	var next []*Flight
	for day := range 2 {
		next = append(next, w.Flights(last.To, rest[0], travel.DateOf(last.Arr).AddDays(day))...)
	}
	next = slices.DeleteFunc(slices.Clone(next), func(f *Flight) bool {
		wait := f.Dep.Sub(last.Arr)
		compatible := w.Net.Together(last.Carrier, f.Carrier) || anyone && last.Kind == full && f.Kind == full
		return wait < minimumConnection(last, f) || wait > Overnight || !compatible
	})
	slices.SortFunc(next, func(a, b *Flight) int { return cmp.Or(a.Dep.Compare(b.Dep), cmp.Compare(a.ID, b.ID)) })
	for i, f := range next {
		if i >= 2 || i > 0 && f.Dep.Sub(last.Arr) > longWait {
			break
		}
		found = w.extend(found, append(slices.Clip(legs), f), rest[1:], anyone)
	}
	return found
}

// minimumConnection is how long it takes to change aircraft.
func minimumConnection(in, out *Flight) time.Duration {
	if in.From.Country == out.To.Country && in.To.Country == in.From.Country {
		return 45 * time.Minute
	}
	if in.To.Tier == 5 {
		return 65 * time.Minute
	}
	return 55 * time.Minute
}
