package merge

import (
	"hash/maphash"
	"slices"

	"fanfare/providers/travel"
)

// maxLinks bounds what one result is linked to; the smallest ids stay.
const maxLinks = 8

// Near links results that may be one trip but are not merged (definitions 4), each with all
// such others: the same flights at times that differ too far between partners, and flights
// of the same minutes that one airline may be selling for the other. results are changed in
// place, and stay sorted by id.
func Near(results []travel.Result) {
	linkGroups(results, travel.ScheduleConflict, func(h *maphash.Hash, s *travel.ResultSegment) {
		if known(s) {
			maphash.WriteComparable(h, flownAs{s.Operating, s.Origin, s.Destination, s.Departs.Date()})
			return
		}
		maphash.WriteComparable(h, soldAs{s.Marketing.Carrier, minutesOf(s)})
	}, conflicting)
	linkGroups(results, travel.ProbableCodeshare, func(h *maphash.Hash, s *travel.ResultSegment) {
		maphash.WriteComparable(h, minutesOf(s))
	}, codeshares)
}

func known(s *travel.ResultSegment) bool {
	return s.Operating.Carrier != "" && s.Operating.Number != ""
}

// flownAs is a known flight whatever its times, minutes when and where any one goes, and
// soldAs one whose operator is not known.
type (
	flownAs struct {
		operating           travel.Flight
		origin, destination travel.Airport
		date                travel.Date
	}
	minutes struct {
		origin, destination travel.Airport
		departs, arrives    int64 // UTC
	}
	soldAs struct {
		carrier travel.Carrier
		minutes
	}
)

func minutesOf(s *travel.ResultSegment) minutes {
	return minutes{s.Origin, s.Destination, s.Departs.Unix / 60, s.Arrives.Unix / 60}
}

var nearSeed = maphash.MakeSeed()

// linkGroups links the results whose segments hash alike, where near says so of a pair.
func linkGroups(results []travel.Result, why travel.LinkReason, write func(*maphash.Hash, *travel.ResultSegment), near func(a, b *travel.Result) bool) {
	groups := make(map[uint64][]int, len(results))
	var h maphash.Hash
	for i := range results {
		h.SetSeed(nearSeed)
		for _, segments := range results[i].Slices {
			h.WriteByte(byte(len(segments)))
			for j := range segments {
				write(&h, &segments[j])
			}
		}
		sum := h.Sum64()
		groups[sum] = append(groups[sum], i)
	}
	for _, members := range groups {
		for _, i := range members {
			for _, j := range members { // ascending, as results are sorted by id
				a, b := &results[i], &results[j]
				if i != j && len(a.Linked) < maxLinks && slices.Equal(a.SelfTransfer, b.SelfTransfer) && near(a, b) {
					a.Linked = append(a.Linked, travel.Link{ID: b.ID, Why: why})
				}
			}
		}
	}
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

// conflicting tells whether both are the same known flights; that they are two results is
// because of their times.
func conflicting(a, b *travel.Result) bool {
	return sameShape(a, b) && pairs(a, b, func(s, t *travel.ResultSegment) bool {
		return known(s) == known(t) && (!known(s) || s.Operating == t.Operating) && s.Origin == t.Origin && s.Destination == t.Destination
	})
}

// codeshares tells whether one may sell the other's flights: each pair of segments has the
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
