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
// Results that may be one trip but are not merged are linked.
func Flights(answers []*Prepared) []travel.Result { return new(Merger).Flights(answers) }

// Merger merges the answers of one search as they come: what has been merged is kept,
// so that one more answer costs in proportion to that answer. What it returns is what
// Flights returns. It is safe for concurrent use; the zero value is ready.
type Merger struct {
	mu      sync.Mutex  // guards the fields below
	answers []*Prepared // those that have been merged, in the order in which they came
	ids     identities
	groups  []group
	at      map[key]int // the group of a ticketing variant
	where   [][]int     // the group of each ticketing of each answer
	order   []int       // groups, by id
	links   linker

	stays stayMerger // has a lock of its own
}

// Flights merges the answers; see the function of that name. If they are those of the
// last call and others, only the others are looked at.
func (m *Merger) Flights(answers []*Prepared) []travel.Result {
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
	m.answers, m.ids, m.groups, m.at, m.where, m.order, m.links = nil, identities{}, nil, nil, nil, nil, linker{}
}

// beyond is the answers that have not been merged yet, not nil, and nil if some that
// have been are none of them any more.
func (m *Merger) beyond(answers []*Prepared) []*Prepared {
	more := make([]*Prepared, 0, len(answers))
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
func onePerPartner(answers []*Prepared) []*Prepared {
	sorted := slices.Clone(answers)
	slices.SortStableFunc(sorted, func(a, b *Prepared) int { return cmp.Compare(a.Answer.Partner, b.Answer.Partner) })
	return slices.CompactFunc(sorted, func(a, b *Prepared) bool { return a.Answer.Partner == b.Answer.Partner })
}

// add merges more answers: what they sell finds its groups, what has become other flights
// by what they say changes its group, and the groups concerned are made anew.
func (m *Merger) add(more []*Prepared) {
	first := len(m.answers)
	m.answers = append(m.answers, more...)
	changed := m.ids.add(more)
	if len(m.groups) == 0 {
		rough := 0
		for _, a := range more {
			rough += len(a.variants)
		}
		rough /= 3 // several partners sell most
		m.groups, m.at = make([]group, 0, rough), make(map[key]int, rough)
	}
	var h hasher
	if changed != nil {
		m.regroup(&h, m.answers[:first], changed)
	}
	for i, a := range more {
		base := m.ids.offset[first+i]
		where := make([]int, len(a.variants))
		for j := range a.variants {
			if t := &a.variants[j]; len(t.quotes) > 0 {
				where[j] = m.group(m.ids.variant(&h, t, base))
				m.groups[where[j]].join(member{t, base})
			}
		}
		m.where = append(m.where, where)
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

// regroup moves what is sold with a segment that has changed.
func (m *Merger) regroup(h *hasher, answers []*Prepared, changed []bool) {
	for i, a := range answers {
		base := m.ids.offset[i]
		for j := range a.variants {
			t := &a.variants[j]
			if len(t.quotes) == 0 || !slices.ContainsFunc(t.flown, func(f int) bool { return changed[base+f] }) {
				continue
			}
			from := &m.groups[m.where[i][j]]
			from.leave(t)
			to := m.group(m.ids.variant(h, t, base))
			m.where[i][j] = to
			m.groups[to].join(member{t, base})
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
		if group.listed {
			m.links.drop(m.groups, g)
		}
		if len(group.members) == 0 {
			group.result = travel.Result{}
			continue
		}
		if !group.listed {
			group.listed = true
			fresh = append(fresh, g)
		}
		group.result = group.make(&m.ids)
		m.links.take(m.groups, g)
	}
	m.links.link(m.groups)
	compare := func(a, b int) int { return cmp.Compare(m.groups[a].id, m.groups[b].id) }
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

// group is what partners sell of one ticketing variant.
type group struct {
	key     key
	id      string // of the result, "" before there is one
	members []member
	result  travel.Result
	dirty   bool // members have changed since result was made
	listed  bool // in Merger.order
	chained [len(nearnesses)]chained
}

type member struct {
	*variant
	base int // of its answer's segments in identities
}

func (g *group) join(x member) {
	g.members = append(g.members, x)
	g.dirty = true
}

func (g *group) leave(t *variant) {
	g.members = slices.DeleteFunc(g.members, func(x member) bool { return x.variant == t })
	g.dirty = true
}

// make is the group's result.
func (g *group) make(ids *identities) travel.Result {
	offers := 0
	for i := range g.members {
		offers += len(g.members[i].quotes)
	}
	quotes := make([]*travel.Quote, 0, offers)
	for i := range g.members {
		quotes = append(quotes, g.members[i].quotes...)
	}
	slices.SortFunc(quotes, compareQuotes)
	cheapest := quotes[0].Offer
	first := &g.members[slices.IndexFunc(g.members, func(m member) bool { return m.quotes[0] == quotes[0] })]
	if g.id == "" {
		g.id = g.key.id()
	}
	r := travel.Result{ID: g.id, SelfTransfer: cheapest.SelfTransfer, Quotes: quotes}
	flat := make([]travel.ResultSegment, len(first.flown))
	for n := range flat {
		g.segment(&flat[n], ids, n, first)
	}
	r.Slices = make([][]travel.ResultSegment, len(cheapest.Itinerary.Slices))
	for i := range r.Slices {
		count := len(cheapest.Itinerary.Slices[i].Segments)
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

// segment fills in the n-th segment as all members together know it, of whom first is the
// cheapest. Only this result's members speak, so that an offer elsewhere cannot move this
// result.
func (g *group) segment(out *travel.ResultSegment, ids *identities, n int, first *member) {
	at := first.base + first.flown[n]
	out.Segment = ids.segments[at].segment.Segment
	out.Operating = ids.leader(at).Operating
	var few [8]travel.Flight
	sold := append(few[:0], out.Segment.Marketing)
	for i := range g.members {
		m := &g.members[i]
		if m == first {
			continue
		}
		s := ids.segments[m.base+m.flown[n]].segment
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
