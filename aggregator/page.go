package aggregator

import (
	"errors"
	"math"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/rank"
	"fanfare/aggregator/view"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// inlineOffers is how many offers or rates a result shows unless all are asked for (design 5).
const inlineOffers = 10

// ErrCursorView is a cursor made for another search or view.
var ErrCursorView = errors.New("made for another search or view; leave it out to begin again")

// Shown is one price as it is displayed, with where it comes from.
type Shown struct {
	Total    travel.Money
	Base     travel.Money // not stated unless known, as Taxes
	Taxes    travel.Money
	Original travel.Money // the partner's own total where its currency differs
	Rate     string       // display units for one of the partner's, "" without conversion
}

// ScoreShown is a score in the currency of display; Total is the sum of the parts.
type ScoreShown struct {
	Total travel.Money
	Parts []PartShown
}

// PartShown is one summand of a score.
type PartShown struct {
	Name   string
	Amount travel.Money
}

// Paging is what pages of both products have in common.
type Paging struct {
	Matching   int
	NewBefore  int
	NextCursor string // "" on the last page
	Rates      *fx.Table
	Currency   travel.Currency

	rates map[travel.Currency]string // what Show has looked up
}

// FlightPage is one page of a flight search. It is rendered by one goroutine.
type FlightPage struct {
	Paging
	Snapshot *Snapshot
	View     view.Flights
	Results  int // of the search, before filters
	Facets   view.FlightFacets
	Labels   map[rank.Sort]string // best, cheapest, fastest -> result id; empty without results
	Tops     map[rank.Sort]Top
	Rows     []FlightRow
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
	OffersTotal int            // passing
	Offers      []travel.Quote // the cheapest passing, at most 10 unless all were asked for
}

// Flights is the page that v asks for. The error is ErrCursorView.
func (s *Snapshot) Flights(v view.Flights, rates *fx.Table) (*FlightPage, error) {
	merged := s.flights()
	p := &FlightPage{Snapshot: s, View: v, Results: len(merged.results)}
	p.Rates, p.Currency = rates, v.Currency
	rows := v.Filter(merged.results, rates)
	p.Matching = len(rows)
	p.Facets = view.FacetsOf(rows)

	options := rank.Options{ValueOfTimeMicros: v.ValueOfTime, Seats: s.Query.Passengers.Seats()}
	if options.ValueOfTimeMicros == 0 {
		options.ValueOfTimeMicros = rank.ValueOfTime(s.Query.Cabin) * 1_000_000
	}
	items := make([]rank.Item, len(rows))
	for i, row := range rows {
		facts := &merged.facts[row.Index]
		price := row.Quotes[0].EURMicros
		items[i] = rank.Item{ID: row.Result.ID, Price: price, Facts: facts, Score: rank.Of(facts, price, options).Micros, Index: i}
	}
	p.label(items, rows)

	by := rank.Sort(v.Sort)
	rank.Order(items, orderOf(by))
	if by == rank.Choice {
		items = rank.Choose(items, v.Limit, options.Seats)
	}
	page, err := paging(&p.Paging, s.ID, v.Hash(), v.Cursor, items, v.Limit)
	if err != nil {
		return nil, err
	}
	for i := range page {
		p.Rows = append(p.Rows, p.row(rows[page[i].Index], rank.Of(page[i].Facts, page[i].Price, options)))
	}
	return p, nil
}

// orderOf: what Choice picks from is ordered as Best.
func orderOf(by rank.Sort) rank.Sort {
	if by == rank.Choice {
		return rank.Best
	}
	return by
}

func (p *FlightPage) label(items []rank.Item, rows []view.FlightRow) {
	p.Labels, p.Tops = map[rank.Sort]string{}, map[rank.Sort]Top{}
	for _, by := range []rank.Sort{rank.Best, rank.Cheapest, rank.Fastest} {
		if i := rank.First(items, by); i >= 0 {
			it := &items[i]
			p.Labels[by] = it.ID
			p.Tops[by] = Top{it.ID, p.Show(&rows[it.Index].Quotes[0].Offer.Price).Total, it.Facts.DurationMinutes}
		}
	}
}

func (p *FlightPage) row(row view.FlightRow, score rank.Score) FlightRow {
	r := FlightRow{Result: row.Result, OffersTotal: len(row.Quotes), Offers: row.Quotes}
	if len(r.Offers) > inlineOffers && !p.View.AllOffers {
		r.Offers = r.Offers[:inlineOffers]
	}
	r.Price = p.Show(&row.Quotes[0].Offer.Price).Total
	r.Score = p.score(r.Price, score.Parts())
	return r
}

// score shows each part rounded once; the price part is the price that is shown.
func (p *Paging) score(price travel.Money, parts []rank.Part) ScoreShown {
	s := ScoreShown{Total: price, Parts: make([]PartShown, len(parts))}
	for i, part := range parts {
		amount := price
		if part.Name != "price" {
			amount, _ = p.Rates.FromMicros(part.Micros, p.Currency)
			s.Total.Minor += amount.Minor
		}
		s.Parts[i] = PartShown{part.Name, amount}
	}
	return s
}

// Show converts a price into the currency of display, rounding once.
func (p *Paging) Show(price *travel.Price) Shown {
	if price.Total.Currency == p.Currency {
		return Shown{Total: price.Total, Base: p.convert(price.Base), Taxes: p.convert(price.Taxes)}
	}
	s := Shown{Original: price.Total, Base: p.convert(price.Base), Taxes: p.convert(price.Taxes)}
	s.Total = p.convert(price.Total)
	s.Rate = p.rate(price.Total.Currency)
	return s
}

// rate is how many display units one of the currency's is worth, looked up once a page.
func (p *Paging) rate(from travel.Currency) string {
	rate, known := p.rates[from]
	if !known {
		if p.rates == nil {
			p.rates = map[travel.Currency]string{}
		}
		rate, _ = p.Rates.Rate(from, p.Currency)
		p.rates[from] = rate
	}
	return rate
}

// convert leaves what is not stated as it is, and so what has lost its rate since it
// was ranked.
func (p *Paging) convert(m travel.Money) travel.Money {
	if !m.Known() {
		return m
	}
	if shown, ok := p.Rates.Convert(m, p.Currency); ok {
		return shown
	}
	return m
}

// Amount converts a single amount, such as a fee, into the currency of display.
func (p *Paging) Amount(m travel.Money) travel.Money { return p.convert(m) }

// FromMicros is micro-euros in the currency of display.
func (p *Paging) FromMicros(micros int64) travel.Money {
	m, _ := p.Rates.FromMicros(micros, p.Currency)
	return m
}

// paging cuts the page out of ordered items and says how to go on.
func paging(p *Paging, search, viewHash string, cursor *view.Cursor, items []rank.Item, limit int) ([]rank.Item, error) {
	start := 0
	if cursor != nil {
		if cursor.Search != search || cursor.View != viewHash {
			return nil, ErrCursorView
		}
		last := rank.Item{ID: cursor.ID, SortBy: rank.Key(cursor.Key)}
		for start < len(items) && items[start].Compare(&last) <= 0 {
			start++
		}
		p.NewBefore = max(start-cursor.Before, 0)
	}
	end := min(start+limit, len(items))
	if end < len(items) && end > start {
		last := &items[end-1]
		p.NextCursor = view.Cursor{Search: search, View: viewHash, Key: last.SortBy, ID: last.ID, Before: end}.String()
	}
	return items[start:end], nil
}

// Residual is the saving, in the currency of display, that partners which have not
// answered yet may still bring, and false while nothing can be said.
//
// Partners are taken as exchangeable: if n have answered and k have not, the cheapest
// of all is among the k with probability k/(n+k), and then undercuts the cheapest so
// far by about as much as that undercuts the next partner's (the spacing of the two
// smallest order statistics). With minima of 100, 110 and 130 and one partner missing:
// 1/4 x 10 = 2.50.
func (p *FlightPage) Residual() (travel.Money, bool) {
	missing := 0
	for i := range p.Snapshot.Partners {
		if s := p.Snapshot.Partners[i].Status; s == fault.Asking || s == fault.Queued {
			missing++
		}
	}
	if missing == 0 {
		return travel.Money{Currency: p.Currency}, true
	}
	first, second, answered := int64(math.MaxInt64), int64(math.MaxInt64), len(p.Facets.Partners)
	for _, f := range p.Facets.Partners {
		switch {
		case f.From.Micros < first:
			first, second = f.From.Micros, first
		case f.From.Micros < second:
			second = f.From.Micros
		}
	}
	if answered < 2 {
		return travel.Money{}, false
	}
	return p.FromMicros((second - first) * int64(missing) / int64(answered+missing)), true
}
