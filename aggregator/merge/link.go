package merge

import (
	"cmp"
	"slices"
)

// identities says which segments of several answers are the same flight.
//
// A segment with a known operating flight is that flight. One without is linked to
// others of the same airports and minutes where one of the two names the other's
// carrier as the operator, unless they contradict each other: see joinAircraft.
//
// It grows by answers. What a segment is depends on the segments of the same flight,
// whose times may conflict, and on those of the same minutes: only the groups that new
// segments fall into are judged again.
type identities struct {
	segments []placed // of all answers, one after the other
	offset   []int    // where each answer's segments begin

	conflicts bool // whether some segment has a cluster, or had one

	flights map[strongKey]int32
	minutes map[weakKey]int32
	strong  []together // segments of one operating flight
	weak    []together // segments of one route and minutes
}

// placed is a segment among others. cluster is judged over all answers.
type placed struct {
	segment    *segment
	cluster    int64
	leader     int32 // whose key stands for it; itself if nothing links it
	nextStrong int32 // the next one of its flight, -1 at the end
	nextWeak   int32 // the next one of its minutes, -1 at the end
	minute     int32 // position in identities.weak
}

// together is segments that are judged together, as a chain. What it says of its first is
// there so that placing another one reads nothing else.
type together struct {
	first            int32
	minute           int32 // of the first: position in identities.weak
	departs, arrives int64 // of the first, Unix
	judge            bool  // whether there is something to judge: times that differ, or an unknown operating flight
	again            bool  // that it is among those to be judged now
	moved            bool  // that a member's cluster has just become another
}

// add takes in more answers. changed tells of each segment that was there before
// whether its key or its leader's has become another; it is nil if none has.
func (x *identities) add(more []*Prepared) (changed []bool) {
	old, grows := len(x.segments), 0
	for _, a := range more {
		grows += len(a.segments)
	}
	x.segments = slices.Grow(x.segments, grows)
	if x.flights == nil {
		rough := grows / 4 // several partners sell most flights
		x.flights, x.minutes = make(map[strongKey]int32, rough), make(map[weakKey]int32, rough)
		x.strong, x.weak = make([]together, 0, rough), make([]together, 0, rough)
	}
	var strong, weak []int32
	for _, a := range more {
		x.offset = append(x.offset, len(x.segments))
		for i := range a.segments {
			s, w := x.place(&a.segments[i])
			strong, weak = x.mark(x.strong, strong, s), x.mark(x.weak, weak, w)
		}
	}
	for _, g := range strong {
		x.strong[g].again = false
		x.cut(&x.strong[g], func(i int32) {
			x.weak[x.segments[i].minute].moved = true
			weak = x.mark(x.weak, weak, x.segments[i].minute)
			changed = x.changes(changed, old, i)
		})
	}
	for _, g := range weak {
		x.weak[g].again = false
		x.link(&x.weak[g], func(i int32) { changed = x.changes(changed, old, i) })
	}
	return changed
}

// changes notes that segment i has changed, if it was there before.
func (x *identities) changes(changed []bool, old int, i int32) []bool {
	if int(i) >= old {
		return changed
	}
	if changed == nil {
		changed = make([]bool, old)
	}
	changed[i] = true
	return changed
}

// mark adds g to the groups to be judged if there is something to judge; g below zero is none.
func (x *identities) mark(groups []together, marked []int32, g int32) []int32 {
	if g < 0 || !groups[g].judge || groups[g].again {
		return marked
	}
	groups[g].again = true
	return append(marked, g)
}

// place puts a segment into its groups, and returns their positions: of its flight, -1
// if that is unknown, and of its minutes.
func (x *identities) place(s *segment) (strong, weak int32) {
	at := int32(len(x.segments)) // an int is not needed: an answer has thousands at most
	p := placed{segment: s, leader: at, nextStrong: -1, nextWeak: -1}
	strong, weak = -1, -1
	if s.strong() {
		strong = chain(x.flights, &x.strong, s.strongKey())
		if g := &x.strong[strong]; g.first >= 0 {
			g.judge = g.judge || g.departs != s.Departs.Unix
			if g.departs/60 == s.Departs.Unix/60 && g.arrives/60 == s.Arrives.Unix/60 {
				weak = g.minute // as nearly always: one look-up less
			}
		}
	}
	if weak < 0 {
		weak = chain(x.minutes, &x.weak, s.weakKey())
	}
	if strong >= 0 {
		g := &x.strong[strong]
		p.nextStrong = g.first
		g.first, g.minute, g.departs, g.arrives = at, weak, s.Departs.Unix, s.Arrives.Unix
	}
	g := &x.weak[weak]
	g.judge = g.judge || strong < 0
	p.nextWeak, g.first, p.minute = g.first, at, weak
	x.segments = append(x.segments, p)
	return strong, weak
}

// chain is the position of the key's group, which may be a new one.
func chain[K comparable](at map[K]int32, groups *[]together, k K) int32 {
	g, known := at[k]
	if !known {
		g = int32(len(*groups))
		at[k] = g
		*groups = append(*groups, together{first: -1})
	}
	return g
}

// cut numbers the clusters of one flight's segments, and calls changed with each whose
// cluster has become another.
func (x *identities) cut(g *together, changed func(i int32)) {
	var members []int32
	for i := g.first; i >= 0; i = x.segments[i].nextStrong {
		members = append(members, i)
	}
	slices.SortFunc(members, func(i, j int32) int {
		return cmp.Compare(x.segments[i].segment.Departs.Unix, x.segments[j].segment.Departs.Unix)
	})
	departs := make([]int64, len(members))
	for n, i := range members {
		departs[n] = x.segments[i].segment.Departs.Unix / 60
	}
	for n, cluster := range clusters(departs) {
		if s := &x.segments[members[n]]; s.cluster != cluster {
			s.cluster, x.conflicts = cluster, true
			changed(members[n])
		}
	}
}

// link joins segments of equal minutes of which some have an unknown operating flight,
// and calls changed with each that is led by another key than before.
func (x *identities) link(g *together, changed func(i int32)) {
	var voices []int32 // segments that say different things, each for all that say the same
	var speaks []int   // the voice of each member
	for i := g.first; i >= 0; i = x.segments[i].nextWeak {
		v := slices.IndexFunc(voices, func(v int32) bool { return x.saysTheSame(v, i) })
		if v < 0 {
			v = len(voices)
			voices = append(voices, i)
		}
		speaks = append(speaks, v)
	}
	leaders := x.leaders(voices)
	for i := g.first; i >= 0; i = x.segments[i].nextWeak {
		s := &x.segments[i]
		leader := leaders[speaks[0]]
		speaks = speaks[1:]
		if g.moved || !x.saysTheSame(s.leader, leader) {
			changed(i)
		}
		s.leader = leader
	}
	g.moved = false
}

// saysTheSame reports whether nothing that identifies a flight differs between two
// segments of equal minutes.
func (x *identities) saysTheSame(i, j int32) bool {
	a, b := &x.segments[i], &x.segments[j]
	return a.cluster == b.cluster && a.segment.Marketing == b.segment.Marketing && a.segment.Operating == b.segment.Operating &&
		a.segment.Departs == b.segment.Departs
}

// leaders returns for each voice the one whose key stands for it.
func (x *identities) leaders(voices []int32) []int32 {
	segments := make([]*segment, len(voices))
	for i, v := range voices {
		segments[i] = x.segments[v].segment
	}
	leaders := make([]int32, len(voices))
	for i, leader := range joinAircraft(segments) {
		leaders[i] = voices[leader]
	}
	return leaders
}

// leader is the segment whose key stands for segment i.
func (x *identities) leader(i int) *segment { return x.segments[x.segments[i].leader].segment }

// variant is the ticketing variant of what is sold, after linking. base is where its
// answer's segments begin.
func (x *identities) variant(h *hasher, t *variant, base int) key {
	plain := t.plain
	if x.conflicts {
		for _, f := range t.flown {
			plain = plain && x.segments[base+f].cluster == 0
		}
	}
	if plain {
		return t.variant
	}
	n, offer := 0, t.quotes[0].Offer
	for i := range offer.Itinerary.Slices {
		count := len(offer.Itinerary.Slices[i].Segments)
		h.number(int64(count))
		for range count {
			leader := &x.segments[x.segments[base+t.flown[n]].leader]
			leader.segment.hash(h, leader.cluster)
			n++
		}
	}
	h.selfTransfer(offer.SelfTransfer)
	return h.key()
}
