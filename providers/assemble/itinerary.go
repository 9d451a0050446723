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
