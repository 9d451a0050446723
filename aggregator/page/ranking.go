package page

import (
	"unsafe"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/rank"
	"fanfare/aggregator/view"
)

// Ranking is what all pages of one view of a source share. It is immutable.
type Ranking struct {
	view  string // its hash
	rates *fx.Table

	options  rank.Options
	priors   view.BagPriors
	results  int // before filters but that of tickets
	rows     []view.FlightMatch
	facets   view.FlightFacets
	items    []rank.Item       // of all rows, in the order of the view
	ranked   []rank.Item       // the same, or those of a choice
	firsts   map[rank.Sort]int // best, cheapest, fastest -> position in items
	limit    int64             // the score beyond which items are hopeless
	hopeless int
}

// rank filters, scores and orders, unless that has just been done for another page.
func (s *Source) rank(v view.Flights, rates *fx.Table) *Ranking {
	hash := v.Hash()
	if s.Memo.Get != nil {
		if r := s.Memo.Get(); r != nil && r.view == hash && r.rates == rates {
			return r
		}
	}
	merged, results := s.visible(&v)
	r := &Ranking{view: hash, rates: rates, results: results}
	r.priors = bagPriors(len(s.Query.Slices), s.Query.Passengers.Seats())
	r.rows, r.facets = v.Select(merged.Results, view.Context{Cabin: s.Query.Cabin, Rates: rates, Priors: r.priors})
	r.options = rank.Options{ValueOfTimeMicros: v.ValueOfTime, Seats: s.Query.Passengers.Seats()}
	if r.options.ValueOfTimeMicros == 0 {
		r.options.ValueOfTimeMicros = rank.ValueOfTime(s.Query.Cabin)
	}
	r.score(merged.Facts)
	by := rank.Sort(v.Sort)
	rank.Order(r.items, by)
	r.ranked = r.items
	if by == rank.Choice {
		r.ranked = rank.Chosen(r.items, min(v.Limit, rank.ChoiceSize), r.options.Seats)
	}
	r.setHighlights()
	if s.Memo.Put != nil && len(r.rows) >= rankingKept {
		s.Memo.Put(r)
	}
	return r
}

// rankingKept is how many results make a ranking worth keeping for the next page: one of
// fewer is made anew in a fraction of a millisecond.
const rankingKept = 500

func (r *Ranking) score(facts []rank.Facts) {
	r.items = make([]rank.Item, len(r.rows))
	for i := range r.rows {
		row := &r.rows[i]
		it := &r.items[i]
		it.ID, it.Index, it.Facts, it.Price = row.Result.ID, i, &facts[row.Index], row.Quotes[0].EURMicros
		it.Bags = row.Micros - it.Price
		it.Score = rank.Total(it.Facts, rank.Cost{Price: it.Price, Bags: it.Bags}, r.options)
	}
}

// setHighlights finds what labels point at, and what is hopeless beside the best.
func (r *Ranking) setHighlights() {
	r.firsts = map[rank.Sort]int{}
	if len(r.items) == 0 {
		return
	}
	for _, by := range []rank.Sort{rank.Best, rank.Cheapest, rank.Fastest} {
		r.firsts[by] = rank.First(r.items, by)
	}
	r.limit = rank.Limit(r.items[r.firsts[rank.Best]].Score, r.options.Seats)
	for i := range r.items {
		if r.items[i].Score > r.limit {
			r.hopeless++
		}
	}
}

// Bytes is about how much memory the ranking holds besides the results: rows, items, and
// the lists of quotes of rows that have not all of their result's.
func (r *Ranking) Bytes() int64 {
	n := int64(len(r.rows))*int64(unsafe.Sizeof(view.FlightMatch{})) + int64(len(r.items))*int64(unsafe.Sizeof(rank.Item{}))
	for i := range r.rows {
		if row := &r.rows[i]; len(row.Quotes) < len(row.Result.Quotes) {
			n += int64(len(row.Quotes)) * int64(unsafe.Sizeof(row.Quotes[0]))
		}
	}
	return n
}
