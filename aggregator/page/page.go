// Package page cuts pages out of the results of a search: what a view lets pass, scored, ordered,
// priced in the currency of display and explained. It puts the stages view and rank together, and
// knows a search by its results only. How a page is written is left to web.
package page

import (
	"errors"
	"iter"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/rank"
	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

// inlineOffers is how many offers or rates a result shows unless all are asked for.
const inlineOffers = 10

// ErrCursorView is a cursor made for another search or view.
var ErrCursorView = errors.New("made for another search or view; leave it out to begin again")

// Shown is one price as it is displayed, with where it comes from.
type Shown struct {
	Total    travel.Money
	Base     travel.Money // not stated unless known, as Taxes
	Taxes    travel.Money
	Fees     travel.Money
	Original travel.Money // the partner's own total where its currency differs
	Rate     string       // display units for one of the partner's, "" without conversion
}

// ScoreShown is a score in the currency of display; Total is the sum of the parts.
// Micros is what results are ordered by, in micro-euros, and the sum of the parts' too.
type ScoreShown struct {
	Total  travel.Money
	Micros int64
	Parts  []PartShown
}

// PartShown is one summand of a score.
type PartShown struct {
	Name   string
	Amount travel.Money
	Micros int64
}

// Paging is what pages of both products have in common.
type Paging struct {
	Query      *travel.Query
	Matching   int
	NewBefore  int
	NextCursor string // "" on the last page
	Rates      *fx.Table
	Currency   travel.Currency

	priors view.BagPriors
	rates  map[travel.Currency]string // what Show has looked up
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
		s.Parts[i] = PartShown{part.Name, amount, part.Micros}
		s.Micros += part.Micros
	}
	return s
}

// Show converts a price into the currency of display, rounding once.
func (p *Paging) Show(price *travel.Price) Shown {
	if price.Total.Currency == p.Currency {
		return Shown{Total: price.Total, Base: p.convert(price.Base), Taxes: p.convert(price.Taxes), Fees: p.convert(price.Fees)}
	}
	s := Shown{Original: price.Total, Base: p.convert(price.Base), Taxes: p.convert(price.Taxes), Fees: p.convert(price.Fees)}
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
		p.NewBefore = cursor.New(ids(items[:start]))
	}
	end := min(start+limit, len(items))
	if end < len(items) && end > start {
		last := &items[end-1]
		next := view.Cursor{Search: search, View: viewHash, Key: last.SortBy, ID: last.ID}
		next.Mark(ids(items[:end]))
		p.NextCursor = next.String()
	}
	return items[start:end], nil
}

func ids(items []rank.Item) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range items {
			if !yield(items[i].ID) {
				return
			}
		}
	}
}
