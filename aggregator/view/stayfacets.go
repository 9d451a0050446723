package view

import "fanfare/providers/travel"

// StayFacets says what other choices would show. Each facet stands for one parameter of
// the view, and each of its values for that parameter set to the value alone; all other
// parameters are as the view has them. What does not say is counted where the filter lets
// it pass.
type StayFacets struct {
	Stars      []Facet[int]    // min_stars: so many stars or more, from 1 to 5
	Boards     []Facet[string] // board
	Conditions []Facet[string] // free_cancellation: with that filter on
	Partners   []Facet[string] // partners
	Prices     PriceRange      // of the properties without max_price
	AnyPrice   bool            // whether Prices is of anything
}

// stayCounts gathers the facets.
type stayCounts struct {
	view  *Stays
	out   StayFacets
	stars tally[int]

	boards, partners, conditions tally[string]
}

// add counts one property, of whose rates failed says which filters are in their way.
func (c *stayCounts) add(i int, r *travel.StayResult, failed []stayFilters) {
	var starred, priced, free bool
	for j := range r.Quotes {
		q := &r.Quotes[j]
		price := Price{Micros: q.EURMicros, Total: q.Rate.Price.Total}
		if failed[j]&^byStars == 0 && !starred { // quotes come cheapest first
			starred = true
			c.starred(i, &r.Property, price)
		}
		if failed[j]&^byTotal == 0 && !priced {
			c.out.Prices.add(price, !c.out.AnyPrice)
			priced, c.out.AnyPrice = true, true
		}
		if failed[j]&^byFreeCancellation == 0 && !free && passes(freed(q.Rate), c.view.Strict) {
			free = true
			c.conditions.add(i, freeCancellation, price)
		}
		if failed[j]&^byBoard == 0 {
			c.boarded(i, q.Rate, price)
		}
		if failed[j]&^bySeller == 0 {
			c.partners.add(i, q.Partner, price)
		}
	}
}

const (
	mostStars        = 5
	freeCancellation = "free_cancellation"
)

func (c *stayCounts) starred(i int, p *travel.Property, price Price) {
	for n := 1; n <= mostStars; n++ {
		if passes(starred(p, float64(n)), c.view.Strict) {
			c.stars.add(i, n, price)
		}
	}
}

func (c *stayCounts) boarded(i int, r *travel.Rate, price Price) {
	if r.Board != travel.BoardUnknown {
		c.boards.add(i, string(r.Board), price)
		return
	}
	for _, b := range travel.Boards {
		if passes(boarded(r, b), c.view.Strict) {
			c.boards.add(i, string(b), price)
		}
	}
}

func (c *stayCounts) facets() StayFacets {
	for _, b := range c.view.Boards {
		c.boards.name(string(b))
	}
	for _, partner := range c.view.Partners {
		c.partners.name(partner)
	}
	if n := int(c.view.MinStars); n > 0 && float64(n) == c.view.MinStars {
		c.stars.name(n)
	}
	if c.view.FreeCancellation {
		c.conditions.name(freeCancellation)
	}
	c.out.Stars, c.out.Boards, c.out.Conditions, c.out.Partners = c.stars.sorted(), c.boards.sorted(), c.conditions.sorted(), c.partners.sorted()
	return c.out
}
