package merge

import (
	"cmp"
	"slices"

	"fanfare/providers/travel"
)

// conflictMinutes is how far the times of one flight may differ between partners.
// Further apart they are kept separate (docs/definitions.md 4: a gap over 15 min raises
// schedule_conflict).
const conflictMinutes = 15

// segment is one flight as one partner sold it.
type segment struct {
	travel.Segment
	cluster int64 // departure minute of its cluster if the flight's times conflict, else 0
}

// strongKey identifies a flight by who flies it: one aircraft, whatever it is sold as.
type strongKey struct {
	number, carrier, route text8
	date                   travel.Date
}

// weakKey is all that is known when the operating flight is not.
type weakKey struct {
	route            text8
	departs, arrives int64 // UTC minutes
}

// text8 is a code of up to eight bytes, which is compared faster than a string. Carriers
// have at most three, two airports six, and flight numbers five; of a longer text that a
// partner may send it is the FNV-1a hash.
type text8 uint64

func text8Of(s string) (t text8) {
	if len(s) > 8 {
		t = 14695981039346656037
		for i := range len(s) {
			t = (t ^ text8(s[i])) * 1099511628211
		}
		return t
	}
	for i := range len(s) {
		t = t<<8 | text8(s[i])
	}
	return t
}

func routeOf(s *segment) text8 {
	return text8Of(string(s.Origin))<<32 | text8Of(string(s.Destination))
}

func (s *segment) strong() bool { return s.Operating.Carrier != "" && s.Operating.Number != "" }

func (s *segment) strongKey() strongKey {
	return strongKey{text8Of(s.Operating.Number), text8Of(string(s.Operating.Carrier)), routeOf(s), s.Departs.Date()}
}

func (s *segment) weakKey() weakKey {
	return weakKey{routeOf(s), s.Departs.Unix / 60, s.Arrives.Unix / 60}
}

// statedOperator is 2 if the operating flight is known, 1 if only its carrier is, else 0.
func (s *segment) statedOperator() int {
	switch {
	case s.strong():
		return 2
	case s.Operating.Carrier != "":
		return 1
	}
	return 0
}

// numberOf returns the number that the flight has under an airline's code, if that airline
// flies it; "" if it is unknown.
func (s *segment) numberOf(operator travel.Carrier) string {
	switch {
	case operator == "":
	case s.strong() && s.Operating.Carrier == operator:
		return s.Operating.Number
	case s.Marketing.Carrier == operator:
		return s.Marketing.Number
	}
	return ""
}

// hash writes the segment's key: strong by its operating flight, else weak with what it is
// sold as and the operator that it names, because equal times alone are no proof of one
// aircraft.
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
	h.text(s.Marketing.Number)
	h.text(string(s.Operating.Carrier))
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
	flown    []int         // one block for the positions of all offers
	last     *travel.Slice // of the itinerary added last: decoders let offers of one itinerary share it
	lastAt   []int
}

// newSegmentIndex has room for the itineraries of so many segments in all.
func newSegmentIndex(segments int) *segmentIndex {
	return &segmentIndex{at: make(map[segment]int, segments/4), flown: make([]int, 0, segments)}
}

// add returns the positions of the itinerary's segments, over all slices.
func (x *segmentIndex) add(it *travel.Itinerary) []int {
	if &it.Slices[0] == x.last {
		return x.lastAt
	}
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
	x.last, x.lastAt = &it.Slices[0], x.flown[start:len(x.flown):len(x.flown)]
	return x.lastAt
}

// separateConflicts marks the segments of flights whose times conflict within one answer.
func separateConflicts(segments []segment) {
	first := make(map[strongKey]int, len(segments)) // position of each flight's first segment
	var spans map[strongKey][]int                   // of flights with several times
	for i := range segments {
		s := &segments[i]
		if !s.strong() {
			continue
		}
		k := s.strongKey()
		f, known := first[k]
		if !known {
			first[k] = i
			continue
		}
		if s.Departs == segments[f].Departs && spans[k] == nil {
			continue // the usual case: sold under another number, at the same time
		}
		if spans == nil {
			spans = map[strongKey][]int{}
		}
		spans[k] = nil
	}
	if spans == nil {
		return
	}
	for i := range segments {
		if s := &segments[i]; s.strong() {
			if members, several := spans[s.strongKey()]; several {
				spans[s.strongKey()] = append(members, i)
			}
		}
	}
	for _, members := range spans {
		slices.SortFunc(members, func(i, j int) int {
			return cmp.Compare(segments[i].Departs.Unix, segments[j].Departs.Unix)
		})
		minutes := make([]int64, len(members))
		for n, i := range members {
			minutes[n] = segments[i].Departs.Unix / 60
		}
		for n, cluster := range clusters(minutes) {
			segments[members[n]].cluster = cluster
		}
	}
}

// clusters numbers the departures of one flight, in minutes and sorted: they are cut
// where neighbours differ by more than conflictMinutes (single linkage), and each part is
// known by its earliest departure. A flight without a gap has cluster 0.
func clusters(minutes []int64) []int64 {
	out := make([]int64, len(minutes))
	start := 0
	for i := range minutes {
		if i > 0 && minutes[i]-minutes[i-1] > conflictMinutes {
			start = i
		}
		out[i] = minutes[start]
	}
	if start == 0 {
		clear(out)
	}
	return out
}
