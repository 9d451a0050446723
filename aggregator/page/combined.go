package page

import (
	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

// Quote converts a quote's price into the currency of display. That of a combination is
// the sum of its tickets' prices as they are shown beside it, so that the page adds up.
// Original is then the exact sum where all are in one other currency.
func (p *Paging) Quote(q *travel.Quote) Shown {
	if q.Parts == nil {
		return p.Show(&q.Offer.Price)
	}
	var s Shown
	if q.Offer.Price.Total.Known() {
		s = p.Show(&q.Offer.Price)
	}
	s.Total = p.total(q)
	return s
}

// From is a facet's price in the currency of display, with the bags asked for; not stated
// where nothing has the facet's value.
func (p *Paging) From(price view.Price) travel.Money {
	if price.Quote == nil {
		return p.Amount(price.Total)
	}
	total := p.Quote(price.Quote).Total
	if price.Bags.Any() {
		cost := price.Bags.Cost(&price.Quote.Offer.Fare, p.priors)
		total.Minor += cost.Minor(p.Rates, p.Currency)
	}
	return total
}

// total is a combination's price; what has lost its rate since it was ranked has the price
// that it was ranked with.
func (p *Paging) total(q *travel.Quote) travel.Money {
	if sum, ok := p.Rates.Total(q, p.Currency); ok {
		return sum
	}
	return p.FromMicros(q.EURMicros)
}
