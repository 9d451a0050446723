package merge

import (
	"cmp"
	"slices"

	"fanfare/providers/travel"
)

// conflictMinutes is how far the times of one flight may differ between partners.
// Further apart they are kept separate (definitions 4: a gap over 15 min raises
// schedule_conflict).
const conflictMinutes = 15

// segment is one flight as one partner sold it.
type segment struct {
	travel.Segment
	cluster int64 // departure minute of its cluster if the flight's times conflict, else 0
}

// strongKey identifies a flight by who flies it: one aircraft, whatever it is sold as.
type strongKey struct {
	operating           travel.Flight
	origin, destination travel.Airport
	date                travel.Date
}

// weakKey is all that is known when the operating flight is not.
type weakKey struct {
	origin, destination travel.Airport
	departs, arrives    int64 // UTC minutes
}

func (s *segment) strong() bool { return s.Operating.Carrier != "" && s.Operating.Number != "" }

func (s *segment) strongKey() strongKey {
	return strongKey{s.Operating, s.Origin, s.Destination, s.Departs.Date()}
}

func (s *segment) weakKey() weakKey {
	return weakKey{s.Origin, s.Destination, s.Departs.Unix / 60, s.Arrives.Unix / 60}
}

// hash writes the segment's key: strong by its operating flight, else weak with the
// marketing carrier, because equal times alone are no proof of one aircraft.
func (s *segment) hash(h *hasher, cluster int64) {
	if s.strong() {
		h.text("S")
		h.text(string(s.Operating.Carrier))
		h.text(s.Operating.Number)
		h.text(string(s.Origin))
		h.text(string(s.Destination))
		h.number(int64(s.Departs.Date()))
		h.number(cluster)
		return
	}
	h.text("W")
	h.text(string(s.Marketing.Carrier))
	h.text(string(s.Origin))
	h.text(string(s.Destination))
	h.number(s.Departs.Unix / 60)
	h.number(s.Arrives.Unix / 60)
}

// segmentIndex collects the distinct segments of an answer; the same flights come
// back in most offers.
type segmentIndex struct {
	segments []segment
	at       map[segment]int
	flown    []int // one block for the positions of all offers
}

func newSegmentIndex(offers int) *segmentIndex {
	return &segmentIndex{at: make(map[segment]int, offers), flown: make([]int, 0, 4*offers)}
}

// add returns the positions of the itinerary's segments, over all slices.
func (x *segmentIndex) add(it *travel.Itinerary) []int {
	start := len(x.flown)
	for i := range it.Slices {
		for _, s := range it.Slices[i].Segments {
			k := segment{Segment: s}
			j, known := x.at[k]
			if !known {
				j = len(x.segments)
				x.at[k] = j
				x.segments = append(x.segments, k)
			}
			x.flown = append(x.flown, j)
		}
	}
	return x.flown[start:len(x.flown):len(x.flown)]
}

// separateConflicts marks the segments of flights whose times are further apart
// than conflictMinutes: sorted by departure, they are cut where neighbours differ
// by more (single linkage), and each part is known by its earliest departure.
func separateConflicts(segments []segment) {
	type span struct {
		first, last int64
		members     []int
	}
	spans := make(map[strongKey]*span, len(segments))
	for i := range segments {
		s := &segments[i]
		if !s.strong() {
			continue
		}
		minute := s.Departs.Unix / 60
		sp := spans[s.strongKey()]
		if sp == nil {
			spans[s.strongKey()] = &span{minute, minute, []int{i}}
			continue
		}
		sp.first, sp.last = min(sp.first, minute), max(sp.last, minute)
		sp.members = append(sp.members, i)
	}
	for _, sp := range spans {
		if sp.last-sp.first <= conflictMinutes {
			continue
		}
		slices.SortFunc(sp.members, func(i, j int) int {
			return cmp.Compare(segments[i].Departs.Unix, segments[j].Departs.Unix)
		})
		cutSpan(segments, sp.members)
	}
}

// cutSpan numbers the clusters of one flight's segments, sorted by departure. A
// flight without a gap keeps cluster 0.
func cutSpan(segments []segment, members []int) {
	cuts := false
	start := segments[members[0]].Departs.Unix / 60
	last := start
	for _, i := range members {
		minute := segments[i].Departs.Unix / 60
		if minute-last > conflictMinutes {
			start, cuts = minute, true
		}
		segments[i].cluster, last = start, minute
	}
	if !cuts {
		for _, i := range members {
			segments[i].cluster = 0
		}
	}
}
