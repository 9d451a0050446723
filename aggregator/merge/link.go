package merge

import (
	"cmp"
	"slices"

	"fanfare/providers/travel"
)

// identities says which segments of several answers are the same flight.
//
// A segment with a known operating flight is that flight. One without is linked to
// others of the same airports and minutes where one of the two names the other's
// carrier as the operator (definitions 4); without such a word it stays itself.
type identities struct {
	segments []segment // of all answers, one after the other
	offset   []int     // where each answer's segments begin
	parent   []int     // union-find over segments; the root is the smallest position of its set
}

func identify(answers []*Sealed) *identities {
	total := 0
	for _, a := range answers {
		total += len(a.flown)
	}
	x := &identities{segments: make([]segment, 0, total), parent: make([]int, total)}
	for _, a := range answers {
		x.offset = append(x.offset, len(x.segments))
		for _, s := range a.flown {
			s.cluster = 0 // conflicts are judged over all answers
			x.segments = append(x.segments, s)
		}
	}
	for i := range x.parent {
		x.parent[i] = i
	}
	separateConflicts(x.segments)
	x.linkWeak()
	return x
}

// linkWeak joins segments whose operating flight is unknown, group by group of equal times.
func (x *identities) linkWeak() {
	var weak []int
	for i := range x.segments {
		if !x.segments[i].strong() {
			weak = append(weak, i)
		}
	}
	if len(weak) == 0 {
		return
	}
	groups := make(map[weakKey][]int, len(weak))
	for _, i := range weak {
		groups[x.segments[i].weakKey()] = nil
	}
	for i := range x.segments {
		k := x.segments[i].weakKey()
		if members, wanted := groups[k]; wanted {
			groups[k] = append(members, i)
		}
	}
	for _, members := range groups {
		x.linkGroup(members)
	}
}

// linkGroup joins what one member's word joins, unless that would make one aircraft
// of two flights that are known to be different; then nothing in the set is joined.
func (x *identities) linkGroup(members []int) {
	set := make([]int, len(members)) // position in members -> its set
	for i := range set {
		set[i] = i
	}
	for i := range members {
		for j := range i {
			a, b := &x.segments[members[i]], &x.segments[members[j]]
			if same(a, b) || oneNamesTheOther(a, b) {
				from, to := set[i], set[j]
				for k := range set {
					if set[k] == from {
						set[k] = to
					}
				}
			}
		}
	}
	for root := range members {
		var joined []int
		for i, s := range set {
			if s == root {
				joined = append(joined, members[i])
			}
		}
		if len(joined) > 1 && x.oneAircraft(joined) {
			x.lead(joined)
		}
	}
}

// lead makes the member whose key names the identity the parent of the others: the
// strong one if there is one, else the smallest weak one.
func (x *identities) lead(joined []int) {
	leader := slices.MinFunc(joined, func(i, j int) int {
		a, b := &x.segments[i], &x.segments[j]
		if a.strong() != b.strong() {
			if a.strong() {
				return -1
			}
			return 1
		}
		// Of equal ones the one that says more: a known operator sorts behind none.
		return cmp.Or(a.Marketing.Compare(b.Marketing), b.Operating.Compare(a.Operating))
	})
	for _, m := range joined {
		x.parent[m] = leader
	}
}

// oneAircraft tells whether at most one known operating flight is among the segments.
func (x *identities) oneAircraft(joined []int) bool {
	var known *segment
	for _, m := range joined {
		s := &x.segments[m]
		if !s.strong() {
			continue
		}
		if known != nil && (known.strongKey() != s.strongKey() || known.cluster != s.cluster) {
			return false
		}
		known = s
	}
	return true
}

// same tells whether two segments have the same key of their own.
func same(a, b *segment) bool {
	if a.strong() != b.strong() {
		return false
	}
	if a.strong() {
		return a.strongKey() == b.strongKey() && a.cluster == b.cluster
	}
	return a.Marketing.Carrier == b.Marketing.Carrier
}

// oneNamesTheOther tells whether one segment declares the other's carrier as its
// operator, or both declare the same one. Two known flights never link here.
func oneNamesTheOther(a, b *segment) bool {
	if a.strong() && b.strong() {
		return false
	}
	return names(a, b) || names(b, a)
}

func names(a, b *segment) bool {
	operator := a.Operating.Carrier
	return operator != "" && (operator == b.Marketing.Carrier || operator == b.Operating.Carrier)
}

// leader is the segment whose key stands for segment i.
func (x *identities) leader(i int) *segment { return &x.segments[x.parent[i]] }

// operating is what the segment's identity says about who flies it.
func (x *identities) operating(i int) travel.Flight { return x.leader(i).Operating }
