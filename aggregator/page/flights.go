package page

import (
	"iter"
	"math"
	"time"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/rank"
	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

// Flights is one page of a flight search. It is rendered by one goroutine.
type Flights struct {
	Paging
	View     view.Flights
	Options  rank.Options // what scores are made with
	Results  int          // of the search, before filters
	Hopeless int          // of the matching ones
	Facets   view.FlightFacets
	Labels   map[rank.Sort]string // best, cheapest, fastest -> result id; empty without results
	Tops     map[rank.Sort]Top
	Rows     []FlightRow

	ranking     *Ranking
	rows        []view.FlightMatch // all that match
	outstanding Outstanding
}

// Top is what a label points at.
type Top struct {
	ID              string
	Price           travel.Money
	DurationMinutes int
}

// FlightRow is one result on a page.
type FlightRow struct {
	Result      *travel.Result
	Price       travel.Money // the cheapest passing offer's total
	Score       ScoreShown
	Pareto      bool            // nothing is better in one of price, duration, stops and risk and as good in the others
	Hopeless    bool            // costs much more time or money than the best: see rank.Limit
	OffersTotal int             // passing
	Offers      []*travel.Quote // the cheapest passing, at most 10 unless all were asked for
	Fares       []FareRow       // of all passing, cheapest first
	Explain     *Explanation    // nil unless asked for

	quotes []*travel.Quote // all passing
}

// OfFlights is the page that v asks for. The error is ErrCursorView.
func OfFlights(s *Source, v view.Flights, rates *fx.Table) (*Flights, error) {
	r := s.rank(v, rates)
	p := &Flights{View: v, Options: r.options, Results: r.results, Hopeless: r.hopeless, Facets: r.facets, ranking: r, rows: r.rows, outstanding: s.Outstanding}
	p.Query, p.Rates, p.Currency, p.priors, p.Matching = s.Query, rates, v.Currency, r.priors, len(r.rows)
	p.label(r)
	page, err := paging(&p.Paging, s.SearchID, v.Hash(), v.Cursor, r.ranked, v.Limit)
	if err != nil {
		return nil, err
	}
	front := rank.FrontOf(r.items, page)
	for i := range page {
		row := p.row(&page[i])
		row.Pareto, row.Hopeless = front[i], page[i].Score > r.limit
		if v.Explain {
			row.Explain = p.explain(r.items, &r.ranked[0], &page[i], rank.Sort(v.Sort))
		}
		p.Rows = append(p.Rows, row)
	}
	return p, nil
}

// Prices yields the partner of each price that is shown, and until when the price is fresh: of
// the offers on the page, and of those that hold labels.
func (p *Flights) Prices() iter.Seq2[string, time.Time] {
	return func(yield func(string, time.Time) bool) {
		for i := range p.Rows {
			for _, q := range p.Rows[i].Offers {
				if !yield(q.Partner, q.FreshUntil) {
					return
				}
			}
		}
		for _, at := range p.ranking.firsts {
			if q := p.rows[p.ranking.items[at].Index].Quotes[0]; !yield(q.Partner, q.FreshUntil) {
				return
			}
		}
	}
}

func (p *Flights) label(r *Ranking) {
	p.Labels, p.Tops = map[rank.Sort]string{}, map[rank.Sort]Top{}
	for by, i := range r.firsts {
		it := &r.items[i]
		p.Labels[by] = it.ID
		p.Tops[by] = Top{it.ID, p.Quote(p.rows[it.Index].Quotes[0]).Total, it.Facts.DurationMinutes}
	}
}

func (p *Flights) row(it *rank.Item) FlightRow {
	row := &p.rows[it.Index]
	r := FlightRow{Result: row.Result, OffersTotal: len(row.Quotes), Offers: row.Quotes, quotes: row.Quotes}
	if len(r.Offers) > inlineOffers && !p.View.AllOffers {
		r.Offers = r.Offers[:inlineOffers]
	}
	r.Price = p.Quote(row.Quotes[0]).Total
	score := rank.Of(it.Facts, rank.Cost{Price: it.Price, Bags: it.Bags}, p.Options)
	r.Score = p.score(r.Price, score.Parts())
	r.Fares = p.fares(row.Quotes)
	return r
}

// Explanation is why a result stands where it does.
type Explanation struct {
	DominatedBy []Dominator   // the first few, in the order of the view
	FirstAt     *travel.Money // the highest price of its cheapest offer at which it would be first; nil if none is, or if it is first
}

// Dominator is a result that is at least as good as another in price, duration, stops
// and risk, and better in some of them.
type Dominator struct {
	ID       string
	BetterIn []rank.Criterion
}

// dominatorsShown is how many results an explanation names.
const dominatorsShown = 3

func (p *Flights) explain(items []rank.Item, first, it *rank.Item, by rank.Sort) *Explanation {
	e := &Explanation{DominatedBy: []Dominator{}}
	for _, d := range rank.Dominators(items, it, dominatorsShown) {
		e.DominatedBy = append(e.DominatedBy, Dominator{d.ID, rank.Better(d, it)})
	}
	if it.ID != first.ID {
		e.FirstAt = p.firstAt(first, it, by)
	}
	return e
}

// firstAt is the highest price of the item's cheapest offer, in the currency of display, at
// which the item would be put first, by halving: with a lower price nothing comes later.
// The result's other offers keep their prices: with bags asked for, one of them may be the
// cheapest with bags. In a choice what stands first depends on what else is chosen: nil.
func (p *Flights) firstAt(first, it *rank.Item, by rank.Sort) *travel.Money {
	if by == rank.Choice {
		return nil
	}
	quotes := p.rows[it.Index].Quotes
	asked := p.View.Bags()
	withBags := func(q *travel.Quote) int64 {
		cost := asked.Cost(&q.Offer.Fare, p.priors)
		return cost.Micros(p.Rates)
	}
	bags, others := withBags(quotes[0]), int64(math.MaxInt64) // others: the least with bags
	for _, q := range quotes[1:] {
		others = min(others, q.EURMicros+withBags(q))
	}
	leads := func(minor int64) bool {
		micros, ok := p.Rates.EURMicros(travel.Money{Minor: minor, Currency: p.Currency})
		cost := rank.Cost{Price: micros}
		if len(quotes) > 1 {
			cost.Price = min(micros, quotes[1].EURMicros)
		}
		cost.Bags = min(micros+bags, others) - cost.Price
		return ok && it.Leads(first, by, cost, rank.Total(it.Facts, cost, p.Options))
	}
	if !leads(1) {
		return nil
	}
	low, high := int64(1), max(p.Quote(quotes[0]).Total.Minor, 1)+1
	for high-low > 1 { // leads(low) holds
		if middle := low + (high-low)/2; leads(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return &travel.Money{Minor: low, Currency: p.Currency}
}
