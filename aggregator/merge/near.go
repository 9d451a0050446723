package merge

import (
	"cmp"
	"math/bits"
	"slices"

	"fanfare/providers/travel"
)

// maxLinks bounds what one result is linked to; the smallest ids stay.
const maxLinks = 8

// nearness is one reason to link results that may be one trip but are not merged
// (docs/definitions.md 4).
type nearness struct {
	why  travel.LinkReason
	hash func(*travel.ResultSegment) uint64 // equal for segments that may be near
	near func(a, b *travel.Result) bool
}

// The same flights at times that differ too far between partners, and flights of the same
// minutes that one airline may be selling for the other.
var nearnesses = [...]nearness{
	{travel.ScheduleConflict, flownHash, conflicting},
	{travel.ProbableCodeshare, minutesHash, codeshares},
}

// chained is a group in the chain of those whose results hash alike.
type chained struct {
	hash uint64
	next int32 // group + 1, 0 at the end
	near []travel.Link
}

// linker finds what is near to what; it grows by results.
type linker struct {
	first [len(nearnesses)]map[uint64]int32 // group + 1 of each chain's first
	again []again
}

// again is a chain whose links have to be made anew.
type again struct {
	way  int // position in nearnesses
	hash uint64
}

// take puts the group at a position into its chains.
func (l *linker) take(groups []group, at int) {
	g := &groups[at]
	for way := range nearnesses {
		if l.first[way] == nil {
			l.first[way] = make(map[uint64]int32, cap(groups))
		}
		sum := uint64(1)
		for _, segments := range g.result.Slices {
			sum = spread(sum, uint64(len(segments)))
			for j := range segments {
				sum = spread(sum, nearnesses[way].hash(&segments[j]))
			}
		}
		next := l.first[way][sum]
		g.chained[way] = chained{hash: sum, next: next}
		l.first[way][sum] = int32(at) + 1
		if next != 0 {
			l.again = append(l.again, again{way, sum})
		}
	}
}

// drop takes the group at a position out of its chains.
func (l *linker) drop(groups []group, at int) {
	for way := range nearnesses {
		gone := groups[at].chained[way]
		l.again = append(l.again, again{way, gone.hash})
		first := l.first[way][gone.hash]
		if first == int32(at)+1 {
			l.first[way][gone.hash] = gone.next
			continue
		}
		for i := first; i != 0; i = groups[i-1].chained[way].next {
			if before := &groups[i-1].chained[way]; before.next == int32(at)+1 {
				before.next = gone.next
				break
			}
		}
	}
}

// link links the results of the chains that have changed, each with all that are near to
// it, sorted by id.
func (l *linker) link(groups []group) {
	slices.SortFunc(l.again, func(a, b again) int { return cmp.Or(cmp.Compare(a.way, b.way), cmp.Compare(a.hash, b.hash)) })
	for _, chain := range slices.Compact(l.again) {
		var members []int32
		for i := l.first[chain.way][chain.hash]; i != 0; i = groups[i-1].chained[chain.way].next {
			members = append(members, i-1)
		}
		slices.SortFunc(members, func(i, j int32) int { return cmp.Compare(groups[i].id, groups[j].id) })
		for _, i := range members {
			g := &groups[i]
			g.chained[chain.way].near = nearest(groups, members, i, &nearnesses[chain.way])
			all := slices.Concat(g.chained[0].near, g.chained[1].near)
			g.result.Linked = all[:min(len(all), maxLinks)]
		}
	}
	l.again = l.again[:0]
}

// nearest is what one of the members is linked to.
func nearest(groups []group, members []int32, i int32, n *nearness) []travel.Link {
	var links []travel.Link
	a := &groups[i].result
	for _, j := range members {
		if b := &groups[j].result; i != j && len(links) < maxLinks && slices.Equal(a.SelfTransfer, b.SelfTransfer) && n.near(a, b) {
			links = append(links, travel.Link{ID: b.ID, Why: n.why})
		}
	}
	return links
}

func known(s *travel.ResultSegment) bool {
	return s.Operating.Carrier != "" && s.Operating.Number != ""
}

// minutes is when and where any flight goes.
type minutes struct {
	origin, destination travel.Airport
	departs, arrives    int64 // UTC
}

func minutesOf(s *travel.ResultSegment) minutes {
	return minutes{s.Origin, s.Destination, s.Departs.Unix / 60, s.Arrives.Unix / 60}
}

// flownHash is equal for segments that may conflict: of one known flight, whatever its
// times, or of an unknown one that one carrier sells at the same minutes.
func flownHash(s *travel.ResultSegment) uint64 {
	if known(s) {
		return uint64(text8Of(s.Operating.Number))<<24 ^ uint64(text8Of(string(s.Operating.Carrier)))<<8 ^ uint64(s.Departs.Date())
	}
	return uint64(text8Of(string(s.Marketing.Carrier)))<<40 ^ minutesHash(s)
}

// minutesHash is equal for segments of the same minutes.
func minutesHash(s *travel.ResultSegment) uint64 {
	return uint64(s.Departs.Unix/60)<<20 ^ uint64(s.Arrives.Unix/60)
}

// spread is a step of a hash that only has to spread: who meets in it is looked at.
func spread(sum, more uint64) uint64 {
	high, low := bits.Mul64(sum^more, 0x9e3779b97f4a7c15)
	return high ^ low
}

// pairs calls check with the segments of two results of equal shape, until it is false.
func pairs(a, b *travel.Result, check func(s, t *travel.ResultSegment) bool) bool {
	for i := range a.Slices {
		for j := range a.Slices[i] {
			if !check(&a.Slices[i][j], &b.Slices[i][j]) {
				return false
			}
		}
	}
	return true
}

// sameShape guards against two trips that only hash alike.
func sameShape(a, b *travel.Result) bool {
	return slices.EqualFunc(a.Slices, b.Slices, func(x, y []travel.ResultSegment) bool { return len(x) == len(y) })
}

// conflicting reports whether both are the same known flights; that they are two results is
// because of their times.
func conflicting(a, b *travel.Result) bool {
	return sameShape(a, b) && pairs(a, b, func(s, t *travel.ResultSegment) bool {
		return known(s) == known(t) && (!known(s) || s.Operating == t.Operating) && s.Origin == t.Origin && s.Destination == t.Destination
	})
}

// codeshares reports whether one may sell the other's flights: each pair of segments has the
// same minutes, and where their carriers differ, who flies is not known of both.
func codeshares(a, b *travel.Result) bool {
	differ := false
	return sameShape(a, b) && pairs(a, b, func(s, t *travel.ResultSegment) bool {
		if minutesOf(s) != minutesOf(t) {
			return false
		}
		if s.Marketing == t.Marketing && s.Operating == t.Operating {
			return true
		}
		if known(s) && known(t) || s.Operating.Carrier != "" && t.Operating.Carrier != "" && s.Operating.Carrier != t.Operating.Carrier {
			return false // two aircraft, by both partners' words
		}
		differ = differ || s.Marketing.Carrier != t.Marketing.Carrier
		return true
	}) && differ
}
