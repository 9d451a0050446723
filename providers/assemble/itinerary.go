package assemble

import (
	"slices"
	"time"

	"fanfare/providers/travel"
)

// CutSlices appends segments to dst, cut into slices of as many as counts says. The slices
// are views of segments.
func CutSlices(dst []travel.Slice, segments []travel.Segment, counts []int) []travel.Slice {
	for _, n := range counts {
		dst = append(dst, travel.Slice{Segments: segments[:n:n]})
		segments = segments[n:]
	}
	return dst
}

// KeepItinerary copies an itinerary out of a decoder's own memory. Where it is that of the
// offer before, which kept remembers, there is no second copy: brands of the same flights
// share one.
func KeepItinerary(kept *travel.Itinerary, it travel.Itinerary) travel.Itinerary {
	same := slices.EqualFunc(it.Slices, kept.Slices, func(a, b travel.Slice) bool { return slices.Equal(a.Segments, b.Segments) })
	if !same {
		segments := make([]travel.Segment, 0, it.SegmentCount())
		cut := make([]travel.Slice, len(it.Slices))
		for i, s := range it.Slices {
			from := len(segments)
			segments = append(segments, s.Segments...)
			cut[i].Segments = segments[from:len(segments):len(segments)]
		}
		*kept = travel.Itinerary{Slices: cut}
	}
	return *kept
}

// StatedTime is a duration that a document states of some of an offer's segments.
type StatedTime struct {
	First, Last int // positions; an empty slice ends before it begins
	Duration    time.Duration
}

// CompareTimes holds stated durations against those by the clock: a small difference is the
// partner's carelessness, to be noted as duration_differs; a day is a wrong time, and rule
// is the one against it.
func CompareTimes(stated []StatedTime, segments []travel.Segment) (rule string, differ int) {
	for _, t := range stated {
		if t.Last < t.First {
			continue
		}
		computed := segments[t.Last].Arrives.Sub(segments[t.First].Departs)
		if travel.DurationMismatch(t.Duration, computed) {
			return travel.RuleDurationMismatch, 0
		}
		if t.Duration != computed {
			differ = 1
		}
	}
	return "", differ
}

// Cleared is scratch memory of n zero values, such as one for each segment.
func Cleared[T any](scratch *[]T, n int) []T {
	*scratch = slices.Grow((*scratch)[:0], n)[:n]
	clear(*scratch)
	return *scratch
}
