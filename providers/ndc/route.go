package ndc

import (
	"slices"
	"time"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// resolved is what becomes of the tables.
type resolved struct {
	reading reading // of item prices, once learnt
	learnt  bool
	seen    []int32

	made    []made // of each flight, on first use
	routes  []route
	flown   []flown
	options []int32 // of routes
	reached []span  // of options
	joined  map[string]int32
	zuluHow bool // a Z means nothing: times are local

	list   []int32 // of routes: those of the offer being resolved
	sorted []int32
	ends   []int32
	joint  []byte
	groups [maxSlices][]int32

	work
}

func (r resolved) emptied() resolved {
	clear(r.joined)
	empty(&r.made)
	empty(&r.routes)
	empty(&r.flown)
	empty(&r.options)
	empty(&r.reached)
	return resolved{seen: r.seen, made: r.made, routes: r.routes, flown: r.flown, options: r.options, reached: r.reached, joined: r.joined,
		list: r.list, sorted: r.sorted, ends: r.ends, joint: r.joint, groups: r.groups, work: r.work.emptied()}
}

// made is a flight as a segment, once for all offers.
type made struct {
	done    bool
	segment travel.Segment
	rule    string        // why it cannot be flown
	stated  time.Duration // 0 is not stated
}

// route is segments from one place to another: a slice, or a part of one.
type route struct {
	segments []travel.Segment // shared by the offers
	flown    span             // of flown, one each
	journey  int32            // the id of the journey that it is, or unstated
	pair     int32            // the pair that lists it, plus one; 0 is none
	old      bool             // a Flight or FlightSegment, as up to 17.2
	rule     string
	differs  bool // its stated duration is not the one by the clock
}

// flown is a segment's id with its flight.
type flown struct{ id, flight int32 }

func (r *route) origin() travel.Airport      { return r.segments[0].Origin }
func (r *route) destination() travel.Airport { return r.segments[len(r.segments)-1].Destination }
func (r *route) departs() travel.LocalTime   { return r.segments[0].Departs }
func (r *route) arrives() travel.LocalTime   { return r.segments[len(r.segments)-1].Arrives }

// The bounds on one trip; more is a mistake or an attack.
const (
	maxSlices   = 6
	maxSegments = 12 // of a slice
	maxRefs     = 256
	maxNesting  = 4
)

// What id.reach holds besides an index of reached, plus one.
const (
	reaching = -1 // is being followed: a loop
	nowhere  = -2
)

// follow resolves an id to the routes that it stands for: one for a journey, several
// where an origin and destination lists alternatives. False if it leads nowhere.
func (d *decoder) follow(n int32, depth int) (span, bool) {
	if n < 0 || depth > maxNesting {
		return span{}, false
	}
	switch at := d.ids[n].reach; {
	case at > 0:
		return d.reached[at-1], true
	case at < 0:
		return span{}, false
	}
	d.ids[n].reach = reaching
	found, ok := d.followNew(n, depth)
	if !ok {
		d.ids[n].reach = nowhere
		return span{}, false
	}
	d.reached = append(d.reached, found)
	d.ids[n].reach = int32(len(d.reached))
	return found, true
}

func (d *decoder) followNew(n int32, depth int) (span, bool) {
	if j, ok := d.as(n, journeyKind); ok {
		var flights []flown
		if !d.collect(&flights, d.journeys[j].segments, depth) {
			return span{}, false
		}
		r := d.newRoute(flights)
		d.routes[r].journey, d.routes[r].pair = n, d.ids[n].listed
		d.checkDuration(r, d.journeys[j].duration)
		return d.option(r), true
	}
	if p, ok := d.as(n, pairKind); ok {
		return d.followPair(p, depth)
	}
	if f, ok := d.as(n, segmentKind); ok {
		r := d.newRoute([]flown{{n, f}})
		d.routes[r].pair = d.ids[n].listed
		return d.option(r), true
	}
	return span{}, false
}

func (d *decoder) option(routes ...int32) span {
	s := here(d.options)
	d.options = append(d.options, routes...)
	s.to = int32(len(d.options))
	return s
}

// collect gathers the segments of a journey; one that holds others is flattened.
func (d *decoder) collect(to *[]flown, ids span, depth int) bool {
	if depth > maxNesting || ids.to-ids.from > maxRefs {
		return false
	}
	for _, n := range ids.of(d.listIDs) {
		f, isSegment := d.as(n, segmentKind)
		j, isJourney := d.as(n, journeyKind)
		switch {
		case isSegment:
			*to = append(*to, flown{n, f})
		case isJourney && d.ids[n].reach != reaching:
			was := d.ids[n].reach
			d.ids[n].reach = reaching
			ok := d.collect(to, d.journeys[j].segments, depth+1)
			if d.ids[n].reach = was; !ok {
				return false
			}
		default:
			return false
		}
		if len(*to) > maxRefs {
			return false
		}
	}
	return !ids.empty()
}

// followPair resolves what an origin and destination lists: flights, each an
// alternative, or segments, which follow each other as far as they can.
func (d *decoder) followPair(p int32, depth int) (span, bool) {
	ids := d.pairs[p].refs
	if ids.empty() || ids.to-ids.from > maxRefs {
		return span{}, false
	}
	var parts []int32
	for _, n := range ids.of(d.listIDs) {
		found, ok := d.follow(n, depth+1)
		if !ok {
			return span{}, false
		}
		parts = append(parts, found.of(d.options)...)
	}
	whole := d.chain(nil, parts, travel.Airport(d.pairs[p].destination))
	return d.option(whole...), true
}

// chain joins parts, in the order listed, into routes: a part that begins where the one
// ahead ended, in place and time, goes on with it, unless that has arrived.
func (d *decoder) chain(to, parts []int32, destination travel.Airport) []int32 {
	for from := 0; from < len(parts); {
		end := from + 1
		for end < len(parts) && !d.at(d.routes[parts[end-1]].destination(), destination) && d.goesOn(parts[end-1], parts[end]) {
			end++
		}
		to = append(to, d.join(parts[from:end]))
		from = end
	}
	return to
}

func (d *decoder) at(airport, place travel.Airport) bool {
	return place != "" && d.atlas.SameArea(airport, place)
}

// goesOn reports whether route b begins where and after a ends.
func (d *decoder) goesOn(a, b int32) bool {
	x, y := &d.routes[a], &d.routes[b]
	return d.atlas.SameArea(x.destination(), y.origin()) && y.departs().Unix >= x.arrives().Unix
}

// join is the route of several, one behind the other; the same ones give the same route.
func (d *decoder) join(parts []int32) int32 {
	if len(parts) == 1 {
		return parts[0]
	}
	d.joint = d.joint[:0]
	for _, r := range parts {
		d.joint = append(d.joint, byte(r), byte(r>>8), byte(r>>16), byte(r>>24))
	}
	if r, ok := d.joined[string(d.joint)]; ok {
		return r
	}
	var flights []flown
	for _, r := range parts {
		s := d.routes[r].flown
		flights = append(flights, d.flown[s.from:s.to]...)
	}
	joined := d.newRoute(flights)
	d.routes[joined].pair = d.routes[parts[0]].pair
	if d.joined == nil {
		d.joined = map[string]int32{}
	}
	d.joined[string(d.joint)] = joined
	return joined
}

// newRoute makes a route of at least one flight.
func (d *decoder) newRoute(flights []flown) int32 {
	r := route{flown: here(d.flown), journey: unstated, old: true}
	if len(flights) > maxSegments {
		r.rule, flights = travel.RuleNoItinerary, flights[:maxSegments]
	}
	r.segments = make([]travel.Segment, 0, len(flights))
	slices.SortStableFunc(flights, func(a, b flown) int {
		x, y := d.make(a.flight), d.make(b.flight)
		if !x.segment.Departs.Known() || !y.segment.Departs.Known() {
			return 0
		}
		return int(max(min(x.segment.Departs.Unix-y.segment.Departs.Unix, 1), -1))
	})
	for _, f := range flights {
		m := d.make(f.flight)
		if r.rule == "" {
			r.rule = m.rule
		}
		if m.stated > 0 && m.segment.Departs.Known() && m.segment.Arrives.Known() {
			r.compare(m.stated, m.segment.Arrives.Sub(m.segment.Departs))
		}
		r.old = r.old && d.flights[f.flight].old
		r.segments = append(r.segments, m.segment)
	}
	d.flown = append(d.flown, flights...)
	r.flown.to = int32(len(d.flown))
	d.routes = append(d.routes, r)
	return int32(len(d.routes) - 1)
}

// compare holds a stated duration against the one by the clock: a small difference is
// the partner's carelessness, a day is a wrong time.
func (r *route) compare(stated, computed time.Duration) {
	if travel.DurationMismatch(stated, computed) && r.rule == "" {
		r.rule = travel.RuleDurationMismatch
	}
	r.differs = r.differs || stated != computed
}

func (d *decoder) checkDuration(n int32, text string) {
	stated, ok := document.ParseDuration(text)
	if r := &d.routes[n]; ok && stated > 0 && r.departs().Known() && r.arrives().Known() {
		r.compare(stated, r.arrives().Sub(r.departs()))
	}
}

// make is a flight as a segment.
func (d *decoder) make(f int32) *made {
	if len(d.made) < len(d.flights) {
		d.made = slices.Grow(d.made[:0], len(d.flights))[:len(d.flights)]
	}
	m := &d.made[f]
	if m.done {
		return m
	}
	m.done = true
	whole, ok := d.whole(f)
	if !ok {
		m.rule = travel.RuleDanglingRef
	}
	s := &m.segment
	s.Marketing = travel.NewFlight(whole.carrier, whole.number)
	switch {
	case whole.operating != "":
		s.Operating = travel.NewFlight(whole.operating, whole.operatingNumber)
		if s.Operating.Number == "" && s.Operating.Carrier == s.Marketing.Carrier {
			s.Operating.Number = s.Marketing.Number // one carrier, one number: it is the same flight
		}
	case whole.old && !whole.disclosed:
		s.Operating = s.Marketing // 17.2 leaves out an operating carrier that is the marketing one
	}
	s.Origin, s.Destination = travel.Airport(whole.dep.airport), travel.Airport(whole.arr.airport)
	s.DepartureTerminal, s.ArrivalTerminal, s.Aircraft = whole.dep.terminal, whole.arr.terminal, whole.aircraft
	var first, second string
	s.Departs, first = d.when(&whole.dep, &whole.dep)
	s.Arrives, second = d.when(&whole.arr, &whole.dep)
	for _, rule := range [...]string{first, second} {
		if m.rule == "" {
			m.rule = rule
		}
	}
	m.stated, _ = document.ParseDuration(whole.duration)
	return m
}

// whole is a segment with what it leaves to the parts that it refers to. False if one
// of them is missing.
func (d *decoder) whole(f int32) (flight, bool) {
	w, ok := d.flights[f], true
	if w.marketingID >= 0 {
		i, found := d.as(w.marketingID, marketingKind)
		if ok = found; found {
			w.fill(&d.flights[i])
		}
	}
	if w.operatingID >= 0 {
		i, found := d.as(w.operatingID, operatingKind)
		if ok = ok && found; found {
			w.fill(&d.flights[i])
		}
	}
	legs := w.legs.of(d.legIDs)
	for n, id := range legs {
		i, found := d.as(id, legKind)
		if ok = ok && found; !found {
			continue
		}
		leg := &d.flights[i]
		if n == 0 {
			w.dep.fill(&leg.dep)
		}
		if n == len(legs)-1 {
			w.arr.fill(&leg.arr)
		}
		if w.aircraft == "" {
			w.aircraft = leg.aircraft
		}
		if len(legs) == 1 && w.duration == "" {
			w.duration = leg.duration
		}
	}
	return w, ok
}

// fill takes what is missing from a part that the segment refers to.
func (f *flight) fill(from *flight) {
	f.dep.fill(&from.dep)
	f.arr.fill(&from.arr)
	for _, field := range [...]struct {
		to   *string
		from string
	}{{&f.carrier, from.carrier}, {&f.number, from.number}, {&f.operating, from.operating}, {&f.operatingNumber, from.operatingNumber}, {&f.aircraft, from.aircraft}, {&f.duration, from.duration}} {
		if *field.to == "" {
			*field.to = field.from
		}
	}
	f.disclosed = f.disclosed || from.disclosed
	if !f.cabin.Known() {
		f.cabin = from.cabin
	}
	if f.operatingID < 0 {
		f.operatingID = from.operatingID
	}
	if f.legs.empty() {
		f.legs = from.legs
	}
}
