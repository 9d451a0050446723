package ndc

import (
	"slices"
	"strings"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// fare fills in the conditions of the offer for the segments of flat, and returns the
// seats left, 0 if unknown. What differs between passengers counts by the worst; infants
// on a lap do not count.
func (d *decoder) fare(o *offer, f *travel.Fare, currency travel.Currency) (seats int) {
	d.findSeated(o)
	var refund, change assemble.MostRestrictive
	seats = d.components(&refund, &change)
	for at := range d.flat {
		if n := d.flights[d.flat[at].flight].seats; n > 0 && (seats == 0 || n < seats) {
			seats = n
		}
		d.fillCabin(o, at)
	}
	d.shared.Fare(f, d.cabins, d.bases)
	f.Brand = d.brand(o)
	d.allowances(o, f)
	d.penaltiesOf(o, &refund, &change, currency)
	f.Refundable, f.RefundFee = refund.Result()
	f.Changeable, f.ChangeFee = change.Result()
	return seats
}

// findSeated finds the fares of passengers with a seat, and those passengers.
func (d *decoder) findSeated(o *offer) {
	d.seatedFares, d.seatedPax = d.seatedFares[:0], d.seatedPax[:0]
	for i := o.items.from; i < o.items.to; i++ {
		it := &d.items[i]
		if !d.bought(o, it) {
			continue
		}
		for n := it.fares.from; n < it.fares.to; n++ {
			pax := d.fares[n].pax
			if pax.empty() {
				pax = it.pax
			}
			if d.addSeated(pax) || pax.empty() {
				d.seatedFares = append(d.seatedFares, n)
			}
		}
	}
}

// addSeated remembers the passengers with a seat, and reports whether there is one.
func (d *decoder) addSeated(pax span) (found bool) {
	for _, n := range pax.of(d.paxIDs) {
		if p, ok := d.as(n, paxKind); ok && d.pax[p].lap {
			continue
		}
		found = true
		if len(d.seatedPax) < maxPassengers && !contains(d.seatedPax, n) {
			d.seatedPax = append(d.seatedPax, n)
		}
	}
	return found
}

// components takes cabin, fare basis and price class of each segment from the fares'
// components, with their terms.
func (d *decoder) components(refund, change *assemble.MostRestrictive) (seats int) {
	n := len(d.flat)
	cabins, bases, classes := assemble.Cleared(&d.cabins, n), assemble.Cleared(&d.bases, n), assemble.Cleared(&d.class, n)
	for i := range classes {
		classes[i] = unstated
	}
	for _, fi := range d.seatedFares {
		fare := &d.fares[fi]
		for p := fare.parts.from; p < fare.parts.to; p++ {
			part := &d.parts[p]
			covered := d.coveredBy(fare, p)
			if len(covered) == 0 {
				continue // of an alternative that is not taken
			}
			for i, at := range covered {
				if cabin := cabinOf(part.cabinCode, part.cabinName, i, len(covered)); cabin.Known() && (!cabins[at].Known() || cabin.Below(cabins[at])) {
					cabins[at] = cabin
				}
				if bases[at] == "" {
					bases[at] = document.Word(part.basis, i, len(covered))
				}
				if classes[at] == unstated {
					classes[at] = d.classOf(part, i, len(covered))
				}
			}
			if part.seats > 0 && (seats == 0 || part.seats < seats) {
				seats = part.seats
			}
			d.addTerms(part, refund, change)
		}
	}
	return seats
}

// coveredBy are the segments, in the order flown, that component p of a fare is for.
func (d *decoder) coveredBy(f *fare, p int32) []int {
	d.covered = d.covered[:0]
	for at := range d.flat {
		if d.covers(f, p, at) {
			d.covered = append(d.covered, at)
		}
	}
	return d.covered
}

// classOf is the price class that a component names for segment i of the n that it is for.
func (d *decoder) classOf(part *component, i, n int) int32 {
	switch refs := part.classes.of(d.classRefs); len(refs) {
	case 0:
		return part.class
	case n:
		return refs[i]
	}
	return unstated
}

// covers reports whether component p of a fare is for a segment: it names it, or stands in
// its place among components that name none.
func (d *decoder) covers(f *fare, p int32, at int) bool {
	if ids := d.parts[p].segments; !ids.empty() {
		return contains(ids.of(d.partIDs), d.flat[at].id) || d.flat[at].journey >= 0 && contains(ids.of(d.partIDs), d.flat[at].journey)
	}
	switch int(f.parts.to - f.parts.from) {
	case len(d.flat):
		return int(p-f.parts.from) == at
	case 1:
		return true
	case len(d.combo):
		return int(p-f.parts.from) == d.flat[at].slice
	}
	return false
}

// fillCabin finds a cabin that no component states: the segment's, else the price class's.
func (d *decoder) fillCabin(o *offer, at int) {
	if d.cabins[at].Known() {
		return
	}
	fl := &d.flights[d.flat[at].flight]
	if d.cabins[at] = fl.cabin; fl.cabin.Known() {
		return
	}
	if m, ok := d.as(fl.marketingID, marketingKind); ok && d.flights[m].cabin.Known() {
		d.cabins[at] = d.flights[m].cabin
		return
	}
	n := d.class[at]
	if n == unstated {
		n = d.viewed(o, d.flat[at].journey)
	}
	if c, ok := d.as(n, classKind); ok {
		d.cabins[at] = d.classes[c].cabin
	}
}

// viewed is the price class that the overview gives to a journey.
func (d *decoder) viewed(o *offer, journey int32) int32 {
	for _, v := range d.overview[o.overview.from:o.overview.to] {
		if v.class >= 0 && (v.journey == journey || v.journey == unstated) {
			return v.class
		}
	}
	return unstated
}

// brand is the names of the price classes, in the order flown, each once.
func (d *decoder) brand(o *offer) string {
	d.names = d.names[:0]
	add := func(n int32) {
		if c, ok := d.as(n, classKind); ok && d.classes[c].name != "" && !slices.Contains(d.names, d.classes[c].name) {
			d.names = append(d.names, d.classes[c].name)
		}
	}
	for at := range d.flat {
		n := d.class[at]
		if n == unstated {
			n = d.viewed(o, d.flat[at].journey)
		}
		add(n)
	}
	if len(d.names) == 0 {
		for i := o.items.from; i < o.items.to; i++ {
			if d.bought(o, &d.items[i]) {
				for _, n := range d.items[i].classes.of(d.classIDs) {
					add(n)
				}
			}
		}
	}
	switch len(d.names) {
	case 0:
		return ""
	case 1:
		return d.names[0]
	}
	return strings.Join(d.names, " / ")
}

// use is an allowance with the passengers and segments of an offer that it is for, a
// bit each.
type use struct {
	bag      int32 // -1 dangles
	pax      uint64
	segments uint64
}

// allowances fills in the fewest bags that any passenger has on any segment.
func (d *decoder) allowances(o *offer, f *travel.Fare) {
	if o.bags.empty() {
		return
	}
	pax := max(len(d.seatedPax), 1)
	d.uses = d.uses[:0]
	for _, u := range d.bagUses[o.bags.from:o.bags.to] {
		to := use{bag: -1}
		if b, ok := d.as(u.bag, bagKind); ok {
			to.bag = b
		}
		if u.pax.empty() || len(d.seatedPax) == 0 {
			to.pax = 1<<pax - 1
		}
		for _, n := range u.pax.of(d.paxIDs) {
			if i := slices.Index(d.seatedPax, n); i >= 0 {
				to.pax |= 1 << i
			}
		}
		ids := u.routes.of(d.bagIDs)
		for at := range d.flat {
			if len(ids) == 0 || d.leadTo(ids, d.flat[at]) {
				to.segments |= 1 << at
			}
		}
		d.uses = append(d.uses, to)
	}
	f.CheckedBags = d.fewestBags(pax, func(a *allowance) bool { return a.checked })
	f.CabinBags = d.fewestBags(pax, func(a *allowance) bool { return a.carryOn })
}

// leadTo reports whether one of the ids is the segment's, its journey's, or that of an
// origin and destination which lists either (17.2 names flights so).
func (d *decoder) leadTo(ids []int32, s seat) bool {
	if contains(ids, s.id) || s.journey >= 0 && contains(ids, s.journey) {
		return true
	}
	for _, n := range ids {
		if p, ok := d.as(n, pairKind); ok {
			refs := d.pairs[p].refs.of(d.listIDs)
			if contains(refs, s.id) || s.journey >= 0 && contains(refs, s.journey) {
				return true
			}
		}
	}
	return false
}

// fewestBags is the least over passengers and segments. It is unknown if that of one is,
// unless another has none, as there is nothing below.
func (d *decoder) fewestBags(pax int, is func(*allowance) bool) travel.Pieces {
	var least travel.Fewest
	for p := range pax {
		for at := range d.flat {
			most := -1 // several for one: the largest, as the others may describe it again
			for _, u := range d.uses {
				if u.bag >= 0 && u.pax>>p&1 == 1 && u.segments>>at&1 == 1 && is(&d.bags[u.bag]) {
					most = max(most, d.bags[u.bag].pieces)
				}
			}
			least.Add(most)
		}
	}
	return least.Pieces()
}

// addTerms adds what a component says of refunds and changes. One that says nothing of
// either adds nothing: its terms may stand in a penalty.
func (d *decoder) addTerms(part *component, refund, change *assemble.MostRestrictive) {
	if part.terms.empty() {
		if part.penalties.empty() {
			refund.Unknown, change.Unknown = true, true
		}
		return
	}
	refunds, changes := false, false
	for t := part.terms.from; t < part.terms.to; t++ {
		term := &d.terms[t]
		fee := d.advisory(term.fee, "")
		if term.change {
			changes = true
			change.Add(term.allowed, fee)
		} else {
			refunds = true
			refund.Add(term.allowed, fee)
		}
	}
	refund.Unknown = refund.Unknown || !refunds
	change.Unknown = change.Unknown || !changes
}

// penaltiesOf adds the penalties that the offer refers to, where components have no terms.
func (d *decoder) penaltiesOf(o *offer, refund, change *assemble.MostRestrictive, currency travel.Currency) {
	if refund.Some() || change.Some() {
		return
	}
	*refund, *change = assemble.MostRestrictive{}, assemble.MostRestrictive{}
	add := func(ids []int32) {
		for _, n := range ids {
			i, ok := d.as(n, penaltyKind)
			if !ok {
				continue
			}
			p := &d.penalties[i]
			refundFee, changeFee := d.advisory(p.cancelFee, string(currency)), d.advisory(p.changeFee, string(currency))
			if p.freeCancel && p.refundable == travel.Yes {
				refundFee = travel.Money{Currency: currency}
			}
			if p.freeChange && p.changeable == travel.Yes {
				changeFee = travel.Money{Currency: currency}
			}
			if p.refundable != travel.Unknown { // penalties of one kind each are usual
				refund.Add(p.refundable, refundFee)
			}
			if p.changeable != travel.Unknown {
				change.Add(p.changeable, changeFee)
			}
		}
	}
	add(o.penalties.of(d.penIDs))
	for _, fi := range d.seatedFares {
		for p := d.fares[fi].parts.from; p < d.fares[fi].parts.to; p++ {
			add(d.parts[p].penalties.of(d.penIDs))
		}
	}
}
