package aggregator

import (
	"slices"
	"sync"

	"fanfare/aggregator/combine"
	"fanfare/aggregator/fx"
	"fanfare/aggregator/page"
	"fanfare/aggregator/rank"
	"fanfare/providers/places"
)

// trip is one way to put a snapshot's trip together.
type trip struct {
	connect bool
	parts   []*Snapshot // in the order flown
}

// rankedWith reports whether all parts are ranked with the exchange rates.
func (t *trip) rankedWith(rates *fx.Table) bool {
	return !slices.ContainsFunc(t.parts, func(p *Snapshot) bool { return p.Rates != rates })
}

// sameTrips reports whether the same answers are combined; a new revision of a part does not
// always have new ones.
func sameTrips(a, b []trip) bool {
	return slices.EqualFunc(a, b, func(x, y trip) bool {
		return x.connect == y.connect && slices.EqualFunc(x.parts, y.parts, func(p, q *Snapshot) bool {
			return p.StateHash == q.StateHash && slices.Equal(p.answers, q.answers)
		})
	})
}

// combineOnce makes the snapshot's trips be put together once, when first needed;
// combined is called then, with how many combinations there are.
func (s *Snapshot) combineOnce(atlas *places.Atlas, combined func(n int)) {
	if len(s.trips) == 0 {
		return
	}
	s.pages.Combined = sync.OnceValue(func() page.FlightResults {
		all := s.combined(atlas)
		combined(len(all.Results) - len(s.pages.Flights().Results))
		return all
	})
}

// combined merges what the snapshot's trips make with the search's own results.
func (s *Snapshot) combined(atlas *places.Atlas) page.FlightResults {
	own := s.pages.Flights()
	all := page.FlightResults{Results: slices.Clone(own.Results), Facts: slices.Clone(own.Facts)}
	for _, t := range s.trips {
		trip := combine.Trip{
			SearchID: s.ID, Connect: t.connect, Whole: own.Results, Now: s.UpdatedAt, Atlas: atlas,
			Options: rank.Options{ValueOfTimeMicros: rank.ValueOfTime(s.Query.Cabin), Seats: s.Query.Passengers.Seats()},
		}
		for _, p := range t.parts {
			trip.Parts = append(trip.Parts, combine.Part(p.pages.Flights()))
		}
		all.Results = append(all.Results, combine.Results(&trip)...)
	}
	all.Facts = append(all.Facts, page.FactsOf(all.Results[len(all.Facts):]).Facts...)
	return all
}
