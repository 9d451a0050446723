package merge

import (
	"cmp"
	"slices"
	"sync"

	"fanfare/providers/travel"
)

// Flights merges the offers of several answers into results, sorted by id. Every
// offer is in exactly one result, all sellers are kept, and the order of the
// answers does not matter. The same partner twice counts once: the first is used.
func Flights(answers []*Sealed) []travel.Result { return new(Merger).Flights(answers) }

// Merger merges the answers of one search as they come: what has been merged is kept,
// so that one more answer costs in proportion to that answer. What it returns is what
// Flights returns. It is safe for concurrent use; the zero value is ready.
type Merger struct {
	mu      sync.Mutex // guards the fields below
	answers []*Sealed  // those that have been merged, in the order in which they came
	ids     identities
	groups  []group
	at      map[key]int // the group of a ticketing variant
	where   [][]int     // the group of each offer of each answer
	order   []int       // groups, by id
}

// Flights merges the answers; see the function of that name. If they are those of the
// last call and others, only the others are looked at.
func (m *Merger) Flights(answers []*Sealed) []travel.Result {
	answers = onePerPartner(answers)
	m.mu.Lock()
	defer m.mu.Unlock()
	more := m.beyond(answers)
	if more == nil {
		more = answers
		m.forget()
	}
	m.add(more)
	results := make([]travel.Result, len(m.order))
	for i, g := range m.order {
		results[i] = m.groups[g].result
	}
	return results
}

// forget begins anew.
func (m *Merger) forget() {
	m.answers, m.ids, m.groups, m.at, m.where, m.order = nil, identities{}, nil, map[key]int{}, nil, nil
}

// beyond is the answers that have not been merged yet, not nil, and nil if some that
// have been are none of them any more.
func (m *Merger) beyond(answers []*Sealed) []*Sealed {
	more := make([]*Sealed, 0, len(answers))
	for _, a := range answers {
		if !slices.Contains(m.answers, a) {
			more = append(more, a)
		}
	}
	if m.at == nil || len(more)+len(m.answers) != len(answers) {
		return nil
	}
	return more
}

// onePerPartner sorts answers by partner and leaves out repetitions, which makes
// merging idempotent and independent of order.
func onePerPartner(answers []*Sealed) []*Sealed {
	sorted := slices.Clone(answers)
	slices.SortStableFunc(sorted, func(a, b *Sealed) int { return cmp.Compare(a.Answer.Partner, b.Answer.Partner) })
	return slices.CompactFunc(sorted, func(a, b *Sealed) bool { return a.Answer.Partner == b.Answer.Partner })
}

// add merges more answers: their offers find their groups, offers whose flights have
// become others by what they say change theirs, and the groups concerned are made anew.
func (m *Merger) add(more []*Sealed) {
	first := len(m.answers)
	m.answers = append(m.answers, more...)
	changed := m.ids.add(more)
	var h hasher
	if changed != nil {
		m.regroup(&h, m.answers[:first], changed)
	}
	for i, a := range more {
		base := m.ids.offset[first+i]
		where := make([]int, len(a.offers))
		for j := range a.offers {
			where[j] = m.group(m.ids.variant(&h, &a.offers[j], base))
			m.groups[where[j]].grows++
		}
		m.where = append(m.where, where)
	}
	for i, a := range more {
		for j := range a.offers {
			m.groups[m.where[first+i][j]].join(member{&a.offers[j], m.ids.offset[first+i]})
		}
	}
	m.rebuild()
}

// group is the position of the variant's group, which may have no members yet.
func (m *Merger) group(k key) int {
	at, known := m.at[k]
	if !known {
		at = len(m.groups)
		m.at[k] = at
		m.groups = append(m.groups, group{key: k})
	}
	return at
}

// regroup moves the offers with a segment that has changed.
func (m *Merger) regroup(h *hasher, answers []*Sealed, changed []bool) {
	for i, a := range answers {
		base := m.ids.offset[i]
		for j := range a.offers {
			o := &a.offers[j]
			if !slices.ContainsFunc(o.flown, func(f int) bool { return changed[base+f] }) {
				continue
			}
			from := &m.groups[m.where[i][j]]
			from.leave(o)
			to := m.group(m.ids.variant(h, o, base))
			m.where[i][j] = to
			m.groups[to].join(member{o, base})
		}
	}
}

// rebuild makes the results of the groups that have changed, and puts new groups in
// their places.
func (m *Merger) rebuild() {
	var fresh []int
	for g := range m.groups {
		group := &m.groups[g]
		if !group.dirty {
			continue
		}
		group.dirty = false
		if len(group.members) == 0 {
			group.result = travel.Result{}
			continue
		}
		if !group.listed {
			group.listed = true
			fresh = append(fresh, g)
		}
		group.result = group.make(&m.ids)
	}
	compare := func(a, b int) int { return cmp.Compare(m.groups[a].result.ID, m.groups[b].result.ID) }
	slices.SortFunc(fresh, compare)
	order := make([]int, 0, len(m.order)+len(fresh))
	for _, g := range m.order {
		if len(m.groups[g].members) == 0 {
			m.groups[g].listed = false
			continue
		}
		for len(fresh) > 0 && compare(fresh[0], g) < 0 {
			order, fresh = append(order, fresh[0]), fresh[1:]
		}
		order = append(order, g)
	}
	m.order = append(order, fresh...)
}

// group is the offers of one ticketing variant.
type group struct {
	key     key
	members []member
	result  travel.Result
	grows   int  // by how many members it is about to grow
	dirty   bool // members have changed since result was made
	listed  bool // in Merger.order
}

type member struct {
	offer *sealedOffer
	base  int // of its answer's segments in identities
}

func (g *group) join(x member) {
	if g.grows > 0 {
		g.members = slices.Grow(g.members, g.grows)
		g.grows = 0
	}
	g.members = append(g.members, x)
	g.dirty = true
}

func (g *group) leave(o *sealedOffer) {
	g.members = slices.DeleteFunc(g.members, func(x member) bool { return x.offer == o })
	g.dirty = true
}

// make is the group's result. Members stay in the order in which they came, partner by
// partner: most of a partner's sell the very same segments.
func (g *group) make(ids *identities) travel.Result {
	sorted := slices.Clone(g.members)
	slices.SortFunc(sorted, func(a, b member) int { return compareQuotes(&a.offer.quote, &b.offer.quote) })
	first := sorted[0].offer.quote.Offer
	r := travel.Result{ID: g.key.id(), SelfTransfer: first.SelfTransfer, Quotes: make([]travel.Quote, len(sorted))}
	for i, m := range sorted {
		r.Quotes[i] = m.offer.quote
	}
	flat := make([]travel.ResultSegment, len(sorted[0].offer.flown))
	for n := range flat {
		flat[n] = g.segment(ids, n, &sorted[0])
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
	if a.EURMicros != b.EURMicros {
		return cmp.Compare(a.EURMicros, b.EURMicros)
	}
	return cmp.Or(cmp.Compare(a.Partner, b.Partner), cmp.Compare(a.ID, b.ID))
}

// segment is the n-th segment as all members together know it, of whom first is the
// cheapest. Only this result's members speak, so that an offer elsewhere cannot move this
// result.
func (g *group) segment(ids *identities, n int, first *member) travel.ResultSegment {
	at := first.base + first.offer.flown[n]
	out := travel.ResultSegment{Segment: ids.segments[at].segment.Segment}
	out.Operating = ids.leader(at).Operating
	var few [8]travel.Flight
	sold := append(few[:0], out.Segment.Marketing)
	last := at
	for i := range g.members {
		m := &g.members[i]
		at := m.base + m.offer.flown[n]
		if at == last {
			continue
		}
		last = at
		s := ids.segments[at].segment
		fill(&out.Segment, &s.Segment)
		if !slices.Contains(sold, s.Marketing) {
			sold = append(sold, s.Marketing)
		}
	}
	if op := out.Operating; op.Carrier != "" && op.Number != "" && !slices.Contains(sold, op) {
		sold = append(sold, op)
	}
	slices.SortFunc(sold, travel.Flight.Compare)
	out.Marketing = sold[0]
	if op := out.Operating; op.Number != "" {
		out.Marketing = op
	}
	if len(sold) > 1 {
		out.SoldAs = make([]travel.Flight, 0, len(sold)-1)
		for _, f := range sold {
			if f != out.Marketing {
				out.SoldAs = append(out.SoldAs, f)
			}
		}
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
