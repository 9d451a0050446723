package view

import "fanfare/providers/travel"

// FlightMatch is a result with its passing offers, cheapest first.
type FlightMatch struct {
	Result *travel.Result
	Index  int // of Result among those that were selected from
	Quotes []*travel.Quote
	Micros int64 // the least that a passing offer costs with the bags asked for, in micro-euros
}

// traits is what filters and facets need to know of a result.
type traits struct {
	stops           int // connections of the slice that has most
	durationMinutes int // over all slices
	departs         int // minute of the day, of the first slice, as the next
	arrives         int
}

func traitsOf(r *travel.Result) (t traits) {
	for i, segments := range r.Slices {
		first, last := &segments[0], &segments[len(segments)-1]
		t.stops = max(t.stops, len(segments)-1)
		t.durationMinutes += int(last.Arrives.Unix-first.Departs.Unix) / 60
		if i == 0 {
			t.departs, t.arrives = first.Departs.MinuteOfDay(), last.Arrives.MinuteOfDay()
		}
	}
	return t
}

// Select returns the results of which at least one offer passes, in the order given,
// and the facets.
func (v *Flights) Select(results []travel.Result, c Context) ([]FlightMatch, FlightFacets) {
	s := v.selector(c)
	rows := make([]FlightMatch, 0, len(results))
	counts := newFlightCounts(s)
	failed := make([]filters, 0, 64) // of a result's offers, with those of the result
	for i := range results {
		r := &results[i]
		t := traitsOf(r)
		whole := s.resultFails(r, &t)
		if whole.several() {
			continue // no one change would show it
		}
		s.judge(r)
		failed, s.costs = failed[:0], s.costs[:0]
		passing := 0
		for _, q := range r.Quotes {
			f := s.offerFails(q, whole)
			if f == 0 {
				passing++
			}
			failed = append(failed, f)
			switch {
			case !s.bags.Any():
			case f.several(): // in no facet
				s.costs = append(s.costs, 0)
			default:
				s.costs = append(s.costs, s.micros(q, s.bags))
			}
		}
		counts.add(i, r, &t, failed)
		if passing > 0 {
			rows = append(rows, FlightMatch{r, i, pick(r.Quotes, failed, passing), counts.least[filterCount].micros})
		}
	}
	return rows, counts.facets()
}

// pick is the quotes without a failed filter, and shares memory if that is all.
func pick(quotes []*travel.Quote, failed []filters, passing int) []*travel.Quote {
	if passing == len(quotes) {
		return quotes
	}
	kept := make([]*travel.Quote, 0, passing)
	for i := range quotes {
		if failed[i] == 0 {
			kept = append(kept, quotes[i])
		}
	}
	return kept
}
