package merge

import (
	"cmp"
	"math/bits"
	"slices"

	"fanfare/providers/travel"
)

// The evidence that two segments of one route and equal minutes are one aircraft, from
// none to the strongest (docs/definitions.md 4, weak segment key).
const (
	noEvidence      = iota
	operatorIsOther // one names the other's marketing carrier as its operator; the other names nobody
	sameOperator    // both name the same operator
	sameNumber      // as one of the two, and they share a flight number
)

// maxStatements bounds how many different statements about one minute of a route are
// compared with each other. Partners that disagree about a flight make a few; with more
// than this, segments without a known operating flight stay as their sellers state them.
const maxStatements = 64

// joinAircraft partitions segments of one route and equal minutes into aircraft, and
// returns for each segment the position of the one that leads its set.
//
// No set holds segments that contradict each other: see consistent. Sets join by the
// strongest evidence first. A set with evidence for others that contradict each other could
// be either, and joins none of them by evidence of that strength. The outcome does not
// depend on the order of the segments.
func joinAircraft(segments []*segment) []int {
	leaders := make([]int, len(segments))
	if len(segments) > maxStatements {
		for i := range segments {
			leaders[i] = slices.IndexFunc(segments, func(s *segment) bool { return sameKey(s, segments[i]) })
		}
		return leaders
	}
	p := partition{segments: segments}
	if len(segments) == 2 { // as nearly always
		if sameKey(segments[0], segments[1]) || evidence(segments[0], segments[1]) > noEvidence && p.consistent(3) {
			leaders[0] = p.lead(3)
			leaders[1] = leaders[0]
		} else {
			leaders[1] = 1
		}
		return leaders
	}
	for i := range segments {
		at := slices.IndexFunc(p.sets[:p.n], func(s positions) bool { return sameKey(segments[s.first()], segments[i]) })
		if at < 0 {
			at, p.n = p.n, p.n+1
		}
		p.sets[at] |= 1 << i
	}
	for strength := sameNumber; strength > noEvidence && p.n > 1; strength-- {
		p.join(strength)
	}
	for _, set := range p.sets[:p.n] {
		leader := p.lead(set)
		for rest := set; rest != 0; rest &= rest - 1 {
			leaders[rest.first()] = leader
		}
	}
	return leaders
}

// positions is a set of positions below maxStatements, one bit each.
type positions uint64

// first is the smallest position; the set must not be empty.
func (p positions) first() int { return bits.TrailingZeros64(uint64(p)) }

// partition is segments in disjoint sets.
type partition struct {
	segments []*segment
	sets     [maxStatements]positions
	n        int // sets in use
}

// join unites the sets that evidence of at least this strength links.
func (p *partition) join(strength int) {
	var links [maxStatements]positions // of each set: positions in sets
	any := false
	for i := range p.n {
		for j := range i {
			if p.linked(p.sets[i], p.sets[j], strength) && p.consistent(p.sets[i]|p.sets[j]) {
				links[i], links[j], any = links[i]|1<<j, links[j]|1<<i, true
			}
		}
	}
	if !any {
		return
	}
	open := positions(0)
	for i := range p.n {
		if p.consistent(p.union(links[i] | 1<<i)) {
			open |= 1 << i
		}
	}
	for open != 0 {
		first := open.first()
		reached := positions(1) << first
		open &^= reached
		for rest := reached; rest != 0; {
			next := links[rest.first()] & open
			rest &= rest - 1
			open, reached, rest = open&^next, reached|next, rest|next
		}
		if all := p.union(reached); p.consistent(all) { // else nobody knows which links are wrong
			for rest := reached; rest != 0; rest &= rest - 1 {
				p.sets[rest.first()] = 0
			}
			p.sets[first] = all
		}
	}
	left := slices.DeleteFunc(p.sets[:p.n], func(s positions) bool { return s == 0 })
	p.n = len(left)
}

// union is the segments of the sets at the given positions.
func (p *partition) union(sets positions) (all positions) {
	for ; sets != 0; sets &= sets - 1 {
		all |= p.sets[sets.first()]
	}
	return all
}

// linked reports whether a segment of one set and one of the other have evidence of at
// least this strength.
func (p *partition) linked(a, b positions, strength int) bool {
	for ; a != 0; a &= a - 1 {
		for rest := b; rest != 0; rest &= rest - 1 {
			if evidence(p.segments[a.first()], p.segments[rest.first()]) >= strength {
				return true
			}
		}
	}
	return false
}

// consistent reports whether the segments can all be one aircraft: they name one operator
// at most, and that airline has one number for the flight. Where nobody names the operator
// it is taken to be the airline that sells them; only equal numbers link such segments.
func (p *partition) consistent(all positions) bool {
	operator := travel.Carrier("")
	for rest := all; rest != 0; rest &= rest - 1 {
		named := p.segments[rest.first()].Operating.Carrier
		if named != "" && operator != "" && named != operator {
			return false
		}
		operator = cmp.Or(operator, named)
	}
	if operator == "" {
		operator = p.segments[all.first()].Marketing.Carrier
	}
	number, known := "", (*segment)(nil) // known: a segment whose operating flight is known
	for rest := all; rest != 0; rest &= rest - 1 {
		s := p.segments[rest.first()]
		n := s.numberOf(operator)
		if n != "" && number != "" && n != number {
			return false
		}
		number = cmp.Or(number, n)
		if s.strong() {
			if known != nil && s.strongKey() != known.strongKey() {
				return false
			}
			known = s
		}
	}
	return true
}

// lead returns the position of the segment whose key names the set: one whose operating
// flight is known, else one that names the operator, else the smallest flight number.
// Two sets whose operators differ therefore never have the same key.
func (p *partition) lead(set positions) int {
	leader := set.first()
	for rest := set & (set - 1); rest != 0; rest &= rest - 1 {
		a, b := p.segments[rest.first()], p.segments[leader]
		if cmp.Or(cmp.Compare(b.statedOperator(), a.statedOperator()), a.Marketing.Compare(b.Marketing), a.Operating.Compare(b.Operating)) < 0 {
			leader = rest.first()
		}
	}
	return leader
}

// sameKey reports whether two segments of equal minutes have the same key of their own.
func sameKey(a, b *segment) bool {
	if a.strong() || b.strong() {
		return a.strong() && b.strong() && a.strongKey() == b.strongKey()
	}
	return a.Marketing == b.Marketing && a.Operating.Carrier == b.Operating.Carrier
}

// evidence returns how strongly two segments of equal minutes speak for one aircraft. Of
// two known operating flights it is none: they are the same or they are not.
func evidence(a, b *segment) int {
	if a.strong() && b.strong() {
		return noEvidence
	}
	agree := a.Operating.Carrier != "" && a.Operating.Carrier == b.Operating.Carrier
	named := names(a, b) || names(b, a)
	switch sold := a.Marketing == b.Marketing && a.Marketing.Number != ""; {
	case sold && !a.strong() && !b.strong():
		return sameNumber
	case (agree || named) && (sold || a.strong() && a.Operating == b.Marketing || b.strong() && b.Operating == a.Marketing):
		return sameNumber
	case agree:
		return sameOperator
	case named:
		return operatorIsOther
	}
	return noEvidence
}

// names reports whether a's operator is b's marketing carrier.
func names(a, b *segment) bool {
	return a.Operating.Carrier != "" && a.Operating.Carrier == b.Marketing.Carrier
}
