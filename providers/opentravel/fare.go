package opentravel

import (
	"slices"
	"strings"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// covers reports whether number i of n things of one kind is about segment at.
func (g *Gatherer) covers(w *Where, i, n, at int) bool {
	switch {
	case w.Flights != 0:
		return w.Flights>>at&1 == 1
	case w.RPH != "":
		return g.named(w.RPH, at)
	case n == len(g.segments):
		return i == at
	case w.From != "" && w.To != "":
		return g.between(w.From, w.To, at)
	case n == 1:
		return true
	case n == len(g.counts):
		return g.slice(at) == i
	}
	return false
}

// word is what a text says of segment at, which number i of n things of one kind is about: all
// of it, or one word of a list.
func (g *Gatherer) word(text string, w *Where, i, n, at int) string {
	if !document.IsList(text) {
		return text
	}
	place, all := 0, 0
	for s := range g.segments {
		if g.covers(w, i, n, s) {
			all++
			if s < at {
				place++
			}
		}
	}
	return document.Word(text, place, all)
}

// named reports whether one of the ids is the segment's: its own, or its place where it has none.
func (g *Gatherer) named(ids string, at int) bool {
	own := g.segments[at].RPH
	for id := range strings.FieldsSeq(ids) {
		if id == own {
			return true
		}
		if n, ok := number(id); own == "" && ok && n == at+1 {
			return true
		}
	}
	return false
}

// between reports whether the segment lies on the way between two airports within its slice.
func (g *Gatherer) between(from, to string, at int) bool {
	first, last := g.bounds(g.slice(at))
	begun, ends := false, false
	for i := first; i <= at; i++ {
		begun = begun || string(g.segments[i].Origin) == from
		if i < at && string(g.segments[i].Destination) == to {
			begun = false
		}
	}
	for i := at; i < last; i++ {
		ends = ends || string(g.segments[i].Destination) == to
	}
	return begun && ends
}

// slice is the slice of a segment.
func (g *Gatherer) slice(at int) int {
	for i, n := range g.counts {
		if at -= n; at < 0 {
			return i
		}
	}
	return len(g.counts)
}

// bounds are the first segment of a slice and the one behind its last.
func (g *Gatherer) bounds(slice int) (first, last int) {
	for i, n := range g.counts {
		if i == slice {
			return first, first + n
		}
		first += n
	}
	return first, first
}

// seated are the types of a quote that count: those with a seat, or all if none has one.
func (g *Gatherer) seated(q *Quote, each func(*Pax)) {
	all := g.pax[q.pax.from:q.pax.to]
	lapOnly := !slices.ContainsFunc(all, func(p Pax) bool { return !p.Common && !onLap(p.Code) })
	for i := range all {
		if p := &all[i]; !p.Common && (lapOnly || !onLap(p.Code)) {
			each(p)
		}
	}
}

// common are the parts of a quote that are said of all types.
func (g *Gatherer) common(q *Quote, each func(*Pax)) {
	for i := q.pax.from; i < q.pax.to; i++ {
		if g.pax[i].Common {
			each(&g.pax[i])
		}
	}
}

// fare fills in the conditions of a quote, and returns the seats left, 0 if unknown.
func (g *Gatherer) fare(q *Quote, f *travel.Fare) (seats int) {
	n := len(g.segments)
	g.cabins, g.codes, g.names = assemble.Cleared(&g.cabins, n), assemble.Cleared(&g.codes, n), g.names[:0]
	add := func(p *Pax) { seats = g.segmentsOf(p, seats) }
	g.seated(q, add)
	g.common(q, func(p *Pax) {
		cabins, codes := append(g.cabinsBefore[:0], g.cabins...), append(g.codesBefore[:0], g.codes...)
		g.cabinsBefore, g.codesBefore = cabins, codes
		add(p) // says the same again, or what the passengers' fares leave out
		for at := range n {
			if cabins[at].Known() {
				g.cabins[at] = cabins[at]
			}
			if codes[at] != "" {
				g.codes[at] = codes[at]
			}
		}
	})
	for at := range g.segments {
		s := &g.segments[at]
		if !g.cabins[at].Known() {
			g.cabins[at] = s.Cabin
		}
		if s.Seats > 0 && (seats == 0 || s.Seats < seats) {
			seats = s.Seats
		}
	}
	g.shared.Fare(f, g.cabins, g.codes)
	if f.Brand = q.Brand; f.Brand == "" && len(g.names) > 0 {
		f.Brand = g.names[0]
		if len(g.names) > 1 {
			f.Brand = strings.Join(g.names, " / ")
		}
	}
	f.CheckedBags, f.CabinBags, f.Seat = g.fewest(q, true), g.fewest(q, false), g.seat(q)
	g.conditions(q, f)
	return seats
}

// segmentsOf takes what a type's fare says of each segment: the lowest cabin, the first
// fare basis, the names of brands in the order flown, and the fewest seats.
func (g *Gatherer) segmentsOf(p *Pax, seats int) int {
	bases, infos, brands := g.bases[p.bases.from:p.bases.to], g.infos[p.infos.from:p.infos.to], g.brands[p.brands.from:p.brands.to]
	for at := range g.segments {
		cabin := travel.CabinUnknown
		for i := range infos {
			if info := &infos[i]; g.covers(&info.Where, i, len(infos), at) {
				if info.Cabin.Known() {
					cabin = info.Cabin
				} else if info.Cabins != "" {
					cabin = CabinOf(g.word(info.Cabins, &info.Where, i, len(infos), at))
				}
				if info.Seats > 0 && (seats == 0 || info.Seats < seats) {
					seats = info.Seats
				}
			}
		}
		for i := range bases {
			if b := &bases[i]; g.covers(&b.Where, i, len(bases), at) {
				if g.codes[at] == "" {
					g.codes[at] = g.word(b.Code, &b.Where, i, len(bases), at)
				}
				if !cabin.Known() {
					cabin = b.Cabin
				}
				if !cabin.Known() && b.Cabins != "" {
					cabin = CabinOf(g.word(b.Cabins, &b.Where, i, len(bases), at))
				}
			}
		}
		for i := range brands {
			if b := &brands[i]; len(g.names) < maxBrands && g.covers(&b.Where, i, len(brands), at) && !slices.Contains(g.names, b.Name) {
				g.names = append(g.names, b.Name)
			}
		}
		if cabin.Known() && (!g.cabins[at].Known() || cabin.Below(g.cabins[at])) {
			g.cabins[at] = cabin
		}
	}
	return seats
}

// maxBrands is how many names of differing brands are joined.
const maxBrands = 8

// fewest is the fewest bags that any seated passenger has on any segment.
func (g *Gatherer) fewest(q *Quote, checked bool) travel.Pieces {
	var least travel.Fewest
	g.seated(q, func(p *Pax) {
		for at := range g.segments {
			most := -1 // several for one: the largest, as the others may describe it again
			look := func(p *Pax) {
				bags := g.bags[p.bags.from:p.bags.to]
				for i := range bags {
					if b := &bags[i]; b.Checked == checked && (b.Where == Where{} || g.covers(&b.Where, i, 0, at)) {
						most = max(most, b.Pieces)
					}
				}
			}
			if look(p); most < 0 {
				g.common(q, look)
			}
			least.Add(most)
		}
	})
	return least.Pieces()
}

// seat is the choice of a seat that every seated passenger has on every segment.
func (g *Gatherer) seat(q *Quote) travel.SeatChoice {
	some, worst := false, travel.SeatIncluded
	g.seated(q, func(p *Pax) {
		brands := g.brands[p.brands.from:p.brands.to]
		for at := range g.segments {
			choice := travel.SeatUnknown
			for i := range brands {
				if b := &brands[i]; g.covers(&b.Where, i, len(brands), at) {
					choice = max(choice, b.Seat)
				}
			}
			some, worst = true, worst.And(choice)
		}
	})
	if !some {
		return travel.SeatUnknown
	}
	return worst
}

// conditions are refunds and changes by the worst of the seated passengers.
func (g *Gatherer) conditions(q *Quote, f *travel.Fare) {
	var refund, change assemble.MostRestrictive
	some, refused, allowed := false, false, true // by the indicators of the passengers
	each := g.seated
	if !slices.ContainsFunc(g.pax[q.pax.from:q.pax.to], func(p Pax) bool { return !p.Common }) {
		each = g.common // nobody is named
	}
	each(q, func(p *Pax) {
		terms := g.terms[p.terms.from:p.terms.to:p.terms.to]
		if len(terms) == 0 {
			g.common(q, func(c *Pax) { terms = append(terms, g.terms[c.terms.from:c.terms.to]...) })
		}
		g.addTerms(terms, false, &refund)
		g.addTerms(terms, true, &change)
		some, refused, allowed = true, refused || p.NonRefundable == travel.Yes, allowed && p.NonRefundable == travel.No
	})
	f.Refundable, f.RefundFee = refund.Result()
	f.Changeable, f.ChangeFee = change.Result()
	switch {
	case refund.Stated():
	case refused:
		f.Refundable = travel.No
	case some && allowed:
		f.Refundable = travel.Yes
	}
}

// addTerms adds the terms of one kind: those before departure, else the others.
func (g *Gatherer) addTerms(terms []Term, change bool, w *assemble.MostRestrictive) {
	found := false
	for _, after := range [...]bool{false, true} {
		for i := range terms {
			if t := &terms[i]; !found && t.Change == change && t.After == after {
				fee, _ := g.Money.In(t.Fee, Amount{})
				w.Add(t.Allowed, fee)
			}
		}
		found = found || slices.ContainsFunc(terms, func(t Term) bool { return t.Change == change && t.After == after })
	}
	if !found {
		w.Unknown = true
	}
}
