package page

import (
	"fanfare/aggregator/rank"
	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

// Source is what pages are made of: the results of one search at one revision. It is
// immutable and safe for concurrent use; what costs time is computed when it is first asked for.
type Source struct {
	SearchID string
	Query    *travel.Query

	Flights  func() FlightResults       // of the search itself, nil for hotels
	Combined func() FlightResults       // Flights with combinations behind them; nil if there are none
	Stays    func() []travel.StayResult // nil for flights
	Memo     Memo

	Outstanding Outstanding
}

// Memo keeps the newest ranking of a source where it is accounted for. Its functions may be
// nil, and Get may have lost what Put was given.
type Memo struct {
	Get func() *Ranking
	Put func(*Ranking)
}

// Outstanding is what is known of partners that have not answered yet.
type Outstanding struct {
	Partners int
	Saving   *int64 // what they are expected to save together, in Millionths of the price; nil: unknown
}

// Millionths is how many units of Outstanding.Saving are the whole price.
const Millionths = 1_000_000

// FlightResults are itineraries and, at the same positions, what ranking needs to know of them.
type FlightResults struct {
	Results []travel.Result
	Facts   []rank.Facts
}

// FactsOf adds the facts to results.
func FactsOf(results []travel.Result) FlightResults {
	facts := make([]rank.Facts, len(results))
	for i := range results {
		facts[i] = rank.FactsOf(&results[i])
	}
	return FlightResults{results, facts}
}

// visible are all results, combinations behind the others, and how many of them there are of the
// sort that the view wants: on one ticket, on several, or both.
func (s *Source) visible(v *view.Flights) (all FlightResults, wanted int) {
	all = s.Flights()
	own := len(all.Results)
	if s.Combined != nil {
		all = s.Combined()
	}
	wanted = len(all.Results)
	if v.HideCombined {
		wanted = own
	}
	if v.CombinedOnly {
		wanted -= own
	}
	return all, wanted
}
