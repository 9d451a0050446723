package ndc

import (
	"slices"
	"strings"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// work is what resolving one offer needs; it is used again for the next.
type work struct {
	refs   []int32 // of flights or segments
	combo  []int32 // the route of each slice
	flat   []seat  // the segments of combo
	cut    []travel.Slice
	cabins []travel.Cabin
	bases  []string
	class  []int32 // of each segment
	names  []string
	uses   []use

	seatedFares []int32 // of the offer: fares of passengers with a seat
	seatedPax   []int32

	lastCombo []int32          // of the last offer kept
	itinerary travel.Itinerary // its own, shared by equal ones behind it
	shared    assemble.Shared
	covered   []int
}

func (w work) emptied() work {
	clear(w.cut[:cap(w.cut)])
	clear(w.bases[:cap(w.bases)])
	clear(w.names[:cap(w.names)])
	return work{refs: w.refs, combo: w.combo, flat: w.flat, cut: w.cut, cabins: w.cabins, bases: w.bases, class: w.class, names: w.names, uses: w.uses, seatedFares: w.seatedFares, seatedPax: w.seatedPax, lastCombo: w.lastCombo[:0]}
}

// seat is one segment of an offer.
type seat struct {
	flown
	journey int32 // the id of the journey that it is part of, or unstated
	slice   int
}

// The bounds on alternatives: of one offer, and of all offers of a document,
// so that a small document cannot make millions.
const (
	maxExpansion      = 64
	maxExpansionTotal = 50_000
)

// resolve makes offers of the tables.
func (d *decoder) resolve() {
	if d.zulu {
		d.judgeZulu()
	}
	for i := range d.offers {
		d.resolveOffer(&d.offers[i])
		assemble.TrimOffers(&d.answer, d.limit)
	}
	assemble.LimitOffers(&d.answer, d.limit)
}

func (d *decoder) resolveOffer(o *offer) {
	drop := func(rule string) {
		d.answer.OffersIn++
		d.answer.Drop(rule, 1)
	}
	price, rule := d.price(o)
	if rule != "" {
		drop(rule)
		return
	}
	n, rule := d.findSlices(o)
	if rule != "" {
		drop(rule)
		return
	}
	combos, most := 1, maxExpansion
	if d.answer.OffersIn > maxExpansionTotal {
		most = 1
	}
	for _, g := range d.groups[:n] {
		combos *= min(len(g), maxRefs)
		combos = min(combos, 1<<30)
	}
	if combos > most {
		d.answer.Note("expansion_capped", combos-most)
		combos = most
	}
	base := travel.Offer{Price: travel.Price{Total: price.total, Base: price.base, Taxes: price.taxes, Kind: travel.Live}}
	base.Price.StateFees(price.fees)
	for combo := range combos {
		d.combo = d.combo[:0]
		d.combo = append(d.combo, make([]int32, n)...)
		for s := n - 1; s >= 0; s-- { // the last slice's alternatives change fastest
			d.combo[s] = d.groups[s][combo%len(d.groups[s])]
			combo /= len(d.groups[s])
		}
		d.answer.OffersIn++
		if rule := d.emit(o, base); rule != "" {
			d.answer.Drop(rule, 1)
		}
	}
}

// emit keeps the offer with the routes of combo, unless a rule forbids it.
func (d *decoder) emit(o *offer, kept travel.Offer) (rule string) {
	d.cut, d.flat = d.cut[:0], d.flat[:0]
	differs, timeRule := false, ""
	for s, n := range d.combo {
		r := &d.routes[n]
		d.cut = append(d.cut, travel.Slice{Segments: r.segments})
		for _, f := range d.flown[r.flown.from:r.flown.to] {
			d.flat = append(d.flat, seat{f, r.journey, s})
		}
		differs = differs || r.differs
		if timeRule == "" {
			timeRule = r.rule
		}
	}
	if timeRule == travel.RuleDanglingRef || timeRule == travel.RuleNoItinerary {
		return timeRule
	}
	kept.Itinerary.Slices = d.cut
	switch rule := kept.Check(); {
	case rule == travel.RuleBadTime && timeRule != "":
		return timeRule
	case rule != "":
		return rule
	case timeRule != "":
		return timeRule
	}
	if !slices.Equal(d.combo, d.lastCombo) {
		d.lastCombo = append(d.lastCombo[:0], d.combo...)
		d.itinerary = travel.Itinerary{Slices: slices.Clone(d.cut)}
	}
	kept.Itinerary = d.itinerary
	kept.SeatsLeft = d.fare(o, &kept.Fare, kept.Price.Total.Currency)
	kept.PartnerRef = strings.Clone(o.id)
	kept.Seller = travel.Seller{Code: o.owner, Name: o.ownerName}
	if kept.Seller.Name == "" {
		for i := range d.carriers {
			if d.carriers[i].Code == o.owner {
				kept.Seller.Name = d.carriers[i].Name
			}
		}
	}
	if w, ok := document.ParseWall(o.expires); ok {
		kept.ExpiresAt = w.Instant(time.UTC)
		if w.Zone == document.NoZone {
			d.answer.Note("expiry_without_zone", 1)
		}
	}
	if differs {
		d.answer.Note("duration_differs", 1)
	}
	d.answer.Offers = append(d.answer.Offers, kept)
	return ""
}

// findSlices fills groups with the alternatives for each slice of the offer, in the
// order flown, and tells how many slices there are.
func (d *decoder) findSlices(o *offer) (n int, rule string) {
	bare := d.findRefs(o)
	if len(d.refs) == 0 || len(d.refs) > maxRefs {
		return 0, travel.RuleNoItinerary
	}
	d.list = d.list[:0]
	for _, id := range d.refs {
		found, ok := d.follow(id, 0)
		if !ok {
			return 0, travel.RuleDanglingRef
		}
		for _, r := range found.of(d.options) {
			if !contains(d.list, r) {
				d.list = append(d.list, r)
			}
		}
	}
	if len(d.list) > maxRefs {
		return 0, travel.RuleNoItinerary
	}
	for _, r := range d.list {
		if rule := d.routes[r].rule; rule != "" && !d.flyable(r) {
			return 0, rule
		}
	}
	if bare {
		d.cutSegments()
	} else {
		d.joinParts()
	}
	return d.group()
}

// flyable reports whether a route has times to order it by.
func (d *decoder) flyable(r int32) bool {
	for i := range d.routes[r].segments {
		if s := &d.routes[r].segments[i]; !s.Departs.Known() || !s.Arrives.Known() {
			return false
		}
	}
	return true
}

// findRefs finds what the offer says about its flights, in the best place that it has:
// services, the overview, segments of services, fare components. bare tells that they
// are single segments, of which nobody says how they form slices.
func (d *decoder) findRefs(o *offer) (bare bool) {
	d.refs = d.refs[:0]
	add := func(ids []int32) {
		for _, n := range ids {
			if len(d.refs) <= maxRefs && !contains(d.refs, n) {
				d.refs = append(d.refs, n)
			}
		}
	}
	bought := func(do func(*item)) {
		for i := o.items.from; i < o.items.to; i++ {
			if d.bought(o, &d.items[i]) && (!d.items[i].defined || !d.items[i].fares.empty()) {
				do(&d.items[i])
			}
		}
	}
	bought(func(it *item) { add(it.flights.of(d.flightIDs)) })
	if len(d.refs) == 0 || d.allSegments() && !o.overview.empty() {
		d.refs = d.refs[:0]
		for _, v := range d.overview[o.overview.from:o.overview.to] {
			if v.journey >= 0 {
				add([]int32{v.journey})
			}
		}
	}
	if len(d.refs) == 0 {
		bought(func(it *item) { add(it.segments.of(d.segmentID)) })
	}
	if len(d.refs) == 0 {
		bought(func(it *item) {
			for f := it.fares.from; f < it.fares.to; f++ {
				for p := d.fares[f].parts.from; p < d.fares[f].parts.to; p++ {
					add(d.parts[p].segments.of(d.partIDs))
				}
			}
		})
	}
	return d.allSegments()
}

// allSegments reports whether the references are to nothing but single segments.
func (d *decoder) allSegments() bool {
	for _, n := range d.refs {
		_, isJourney := d.as(n, journeyKind)
		_, isPair := d.as(n, pairKind)
		if isJourney || isPair {
			return false
		}
	}
	return true
}

// maxLayover is what still counts as a connection, where nothing else tells a
// connection from a stay (IATA: a stopover is more than 24 hours).
const maxLayover = 24 * time.Hour

// cutSegments makes routes of single segments: in the order of time, one goes on with
// the one ahead, unless that has reached a destination of the document's list, more than a
// day lies between them, or it goes back to where the slice has been.
func (d *decoder) cutSegments() {
	d.byTime(d.list)
	parts, whole := d.sorted, d.list[:0]
	for from := 0; from < len(parts); {
		end := from + 1
		for end < len(parts) && d.connects(parts[from:end], parts[end]) {
			end++
		}
		whole = append(whole, d.join(parts[from:end]))
		from = end
	}
	d.list = whole
}

func (d *decoder) connects(slice []int32, next int32) bool {
	last := slice[len(slice)-1]
	if !d.goesOn(last, next) || d.routes[next].departs().Sub(d.routes[last].arrives()) > maxLayover {
		return false
	}
	origin, reached := d.routes[slice[0]].origin(), d.routes[last].destination()
	for i := range d.pairs {
		if d.at(origin, travel.Airport(d.pairs[i].origin)) && d.at(reached, travel.Airport(d.pairs[i].destination)) {
			return false
		}
	}
	to := d.routes[next].destination()
	for _, r := range slice {
		if d.atlas.SameArea(d.routes[r].origin(), to) {
			return false
		}
	}
	return true
}

// byTime fills sorted with the routes by departure, as listed where that is the same.
func (d *decoder) byTime(list []int32) {
	d.sorted = append(d.sorted[:0], list...)
	slices.SortStableFunc(d.sorted, func(a, b int32) int {
		return int(max(min(d.routes[a].departs().Unix-d.routes[b].departs().Unix, 1), -1))
	})
}

// joinParts joins journeys that do not connect the origin and destination that list them,
// with those of the same list that go on from there. Flights of 17.2 that nobody lists
// are joined if they connect as segments would.
func (d *decoder) joinParts() {
	if len(d.list) < 2 {
		return
	}
	partial := false
	for _, r := range d.list {
		partial = partial || d.partial(r)
	}
	if !partial {
		return
	}
	d.sorted = append(d.sorted[:0], d.list...)
	parts, whole := d.sorted, d.list[:0]
	for from := 0; from < len(parts); {
		end := from + 1
		if d.partial(parts[from]) {
			for end < len(parts) && d.continues(parts[from:end], parts[end]) {
				end++
			}
		}
		whole = append(whole, d.join(parts[from:end]))
		from = end
	}
	d.list = whole
}

// partial reports whether a route may be only a part of a slice.
func (d *decoder) partial(n int32) bool {
	r := &d.routes[n]
	if r.pair == 0 {
		return r.old
	}
	p := &d.pairs[r.pair-1]
	return p.origin != "" && p.destination != "" && !(d.at(r.origin(), travel.Airport(p.origin)) && d.at(r.destination(), travel.Airport(p.destination)))
}

func (d *decoder) continues(slice []int32, next int32) bool {
	last := slice[len(slice)-1]
	if d.routes[last].pair != d.routes[next].pair || !d.partial(next) {
		return false
	}
	return d.connects(slice, next)
}

// group finds out which routes are alternatives. Routes that follow each other, each
// from where the one ahead arrived, are the slices of one trip; else those between the
// same places are alternatives, in the order listed.
func (d *decoder) group() (n int, rule string) {
	d.byTime(d.list)
	if len(d.list) <= maxSlices && d.isTrip(d.sorted) {
		for i, r := range d.sorted {
			d.groups[i] = append(d.groups[i][:0], r)
		}
		return len(d.sorted), ""
	}
	for _, r := range d.list {
		g := 0
		for g < n && !d.alternatives(d.groups[g][0], r) {
			g++
		}
		if g == maxSlices {
			return 0, travel.RuleNoItinerary
		}
		if g == n {
			d.groups[g] = d.groups[g][:0]
			n++
		}
		d.groups[g] = append(d.groups[g], r)
	}
	first := func(g []int32) int64 {
		least := d.routes[g[0]].departs().Unix
		for _, r := range g {
			least = min(least, d.routes[r].departs().Unix)
		}
		return least
	}
	slices.SortStableFunc(d.groups[:n], func(a, b []int32) int { return int(max(min(first(a)-first(b), 1), -1)) })
	return n, ""
}

// isTrip reports whether routes, in the order of time, follow each other.
func (d *decoder) isTrip(routes []int32) bool {
	for i := 1; i < len(routes); i++ {
		if !d.goesOn(routes[i-1], routes[i]) {
			return false
		}
		for _, r := range routes[:i] { // to and fro on one day, twice: alternatives
			a, b := &d.routes[r], &d.routes[routes[i]]
			if d.alternatives(r, routes[i]) && (a.pair != 0 && a.pair == b.pair || a.departs().Date() == b.departs().Date()) {
				return false
			}
		}
	}
	return true
}

// alternatives reports whether two routes connect the same places.
func (d *decoder) alternatives(a, b int32) bool {
	x, y := &d.routes[a], &d.routes[b]
	return d.atlas.SameArea(x.origin(), y.origin()) && d.atlas.SameArea(x.destination(), y.destination())
}
