package merge

import (
	"cmp"
	"slices"

	"fanfare/providers/travel"
)

// Flights merges the offers of several answers into results, sorted by id. Every
// offer is in exactly one result, all sellers are kept, and the order of the
// answers does not matter. The same partner twice counts once: the first is used.
func Flights(answers []*Sealed) []travel.Result {
	answers = onePerPartner(answers)
	ids := identify(answers)
	groups := make(map[key]*group, 256)
	order := make([]*group, 0, 256)
	var h hasher
	for i, a := range answers {
		base := ids.offset[i]
		for j := range a.offers {
			o := &a.offers[j]
			k := ids.variant(&h, o, base)
			g := groups[k]
			if g == nil {
				g = &group{key: k}
				groups[k] = g
				order = append(order, g)
			}
			g.members = append(g.members, member{o, base})
		}
	}
	results := make([]travel.Result, len(order))
	for i, g := range order {
		results[i] = g.result(ids)
	}
	slices.SortFunc(results, func(a, b travel.Result) int { return cmp.Compare(a.ID, b.ID) })
	return results
}

// onePerPartner sorts answers by partner and leaves out repetitions, which makes
// merging idempotent and independent of order.
func onePerPartner(answers []*Sealed) []*Sealed {
	sorted := slices.Clone(answers)
	slices.SortStableFunc(sorted, func(a, b *Sealed) int { return cmp.Compare(a.Answer.Partner, b.Answer.Partner) })
	return slices.CompactFunc(sorted, func(a, b *Sealed) bool { return a.Answer.Partner == b.Answer.Partner })
}

// variant is the ticketing variant of an offer after linking.
func (x *identities) variant(h *hasher, o *sealedOffer, base int) key {
	plain := o.plain
	for _, f := range o.flown {
		plain = plain && x.segments[base+f].cluster == 0
	}
	if plain {
		return o.variant
	}
	n := 0
	for i := range o.quote.Offer.Itinerary.Slices {
		count := len(o.quote.Offer.Itinerary.Slices[i].Segments)
		h.number(int64(count))
		for range count {
			leader := x.leader(base + o.flown[n])
			leader.hash(h, leader.cluster)
			n++
		}
	}
	h.selfTransfer(o.quote.Offer.SelfTransfer)
	return h.key()
}

// group is the offers of one ticketing variant.
type group struct {
	key     key
	members []member
}

type member struct {
	offer *sealedOffer
	base  int // of its answer's segments in identities
}

func (g *group) result(ids *identities) travel.Result {
	slices.SortFunc(g.members, func(a, b member) int { return compareQuotes(&a.offer.quote, &b.offer.quote) })
	first := g.members[0].offer.quote.Offer
	r := travel.Result{ID: g.key.id(), SelfTransfer: first.SelfTransfer, Quotes: make([]travel.Quote, len(g.members))}
	for i, m := range g.members {
		r.Quotes[i] = m.offer.quote
	}
	flat := make([]travel.ResultSegment, len(g.members[0].offer.flown))
	for n := range flat {
		flat[n] = g.segment(ids, n)
	}
	r.Slices = make([][]travel.ResultSegment, len(first.Itinerary.Slices))
	for i := range r.Slices {
		count := len(first.Itinerary.Slices[i].Segments)
		r.Slices[i], flat = flat[:count:count], flat[count:]
	}
	return r
}

// compareQuotes orders a result's offers: cheapest first, then by partner and id.
func compareQuotes(a, b *travel.Quote) int {
	return cmp.Or(cmp.Compare(a.EURMicros, b.EURMicros), cmp.Compare(a.Partner, b.Partner), cmp.Compare(a.ID, b.ID))
}

// segment is the n-th segment as all members together know it. Only this result's
// members speak, so that an offer elsewhere cannot move this result.
func (g *group) segment(ids *identities, n int) travel.ResultSegment {
	var (
		out  travel.ResultSegment
		sold []travel.Flight
		last = -1
	)
	for i, m := range g.members {
		at := m.base + m.offer.flown[n]
		if at == last {
			continue // most members of a partner sell the very same segment
		}
		last = at
		s := &ids.segments[at]
		if i == 0 {
			out.Segment = s.Segment
			out.Operating = ids.operating(at)
		} else {
			fill(&out.Segment, &s.Segment)
		}
		sold = append(sold, s.Marketing)
	}
	if op := out.Operating; op.Carrier != "" && op.Number != "" {
		sold = append(sold, op)
	}
	slices.SortFunc(sold, travel.Flight.Compare)
	sold = slices.Compact(sold)
	out.Marketing = sold[0]
	if op := out.Operating; op.Number != "" {
		out.Marketing = op
	}
	if len(sold) > 1 {
		out.SoldAs = slices.DeleteFunc(sold, func(f travel.Flight) bool { return f == out.Marketing })
	}
	return out
}

// fill takes the smallest times, and of what is text the smallest that is known, so
// that the outcome does not depend on who comes first.
func fill(out, s *travel.Segment) {
	if s.Departs.Unix < out.Departs.Unix || s.Departs.Unix == out.Departs.Unix && s.Arrives.Unix < out.Arrives.Unix {
		out.Departs, out.Arrives = s.Departs, s.Arrives
	}
	smallest(&out.DepartureTerminal, s.DepartureTerminal)
	smallest(&out.ArrivalTerminal, s.ArrivalTerminal)
	smallest(&out.Aircraft, s.Aircraft)
}

func smallest(out *string, s string) {
	if s != "" && (*out == "" || s < *out) {
		*out = s
	}
}
