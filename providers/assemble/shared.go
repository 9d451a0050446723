package assemble

import (
	"slices"

	"fanfare/providers/travel"
)

// Shared lets equal offers that follow each other share memory: brands of the same flights have
// one itinerary, and mostly the same cabins. It copies what it is given out of a decoder's own
// memory, unless it is what it was given last. The zero value has nothing yet.
type Shared struct {
	itinerary travel.Itinerary
	cabins    []travel.Cabin
	bases     []string
}

// Itinerary returns a copy of an itinerary, or the last one if it is equal.
func (s *Shared) Itinerary(it travel.Itinerary) travel.Itinerary {
	same := slices.EqualFunc(it.Slices, s.itinerary.Slices, func(a, b travel.Slice) bool { return slices.Equal(a.Segments, b.Segments) })
	if !same {
		segments := make([]travel.Segment, 0, it.SegmentCount())
		cut := make([]travel.Slice, len(it.Slices))
		for i, slice := range it.Slices {
			from := len(segments)
			segments = append(segments, slice.Segments...)
			cut[i].Segments = segments[from:len(segments):len(segments)]
		}
		s.itinerary = travel.Itinerary{Slices: cut}
	}
	return s.itinerary
}

// Fare sets the cabins and fare bases of f, one a segment. Those of which none is stated are left
// out.
func (s *Shared) Fare(f *travel.Fare, cabins []travel.Cabin, bases []string) {
	if slices.ContainsFunc(cabins, travel.Cabin.Known) {
		if !slices.Equal(cabins, s.cabins) {
			s.cabins = slices.Clone(cabins)
		}
		f.Cabin = s.cabins
	}
	if slices.ContainsFunc(bases, func(b string) bool { return b != "" }) {
		if !slices.Equal(bases, s.bases) {
			s.bases = slices.Clone(bases)
		}
		f.Basis = s.bases
	}
}
