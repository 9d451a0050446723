package view

import (
	"math/bits"
	"slices"
	"strings"

	"fanfare/aggregator/fx"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// stayFilters is a set of filters of stays.
type stayFilters uint8

const (
	byStars stayFilters = 1 << iota
	byBoard
	byFreeCancellation
	bySeller
	byTotal
	byName
	byBox
)

// StayRow is a property with its passing rates, cheapest first.
type StayRow struct {
	Result *travel.StayResult
	Quotes []travel.RateQuote
}

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

// Select returns the properties of which at least one rate passes, in the order given,
// and the facets. Whether a rate passes depends on it and its property alone, so that it
// is the same whichever others were merged.
func (v *Stays) Select(results []travel.StayResult, rates *fx.Table) ([]StayRow, StayFacets) {
	rows := make([]StayRow, 0, len(results))
	counts := stayCounts{view: v}
	failed := make([]stayFilters, 0, 64) // of a property's rates, with those of the property
	name := places.Fold(v.Name)
	for i := range results {
		r := &results[i]
		whole := v.propertyFails(&r.Property, name)
		if bits.OnesCount8(uint8(whole)) > 1 {
			continue // no one change would show it
		}
		failed = failed[:0]
		passing := 0
		for j := range r.Quotes {
			f := whole | v.rateFails(&r.Quotes[j], rates)
			if f == 0 {
				passing++
			}
			failed = append(failed, f)
		}
		counts.add(i, r, failed)
		if passing > 0 {
			rows = append(rows, StayRow{r, pickRates(r.Quotes, failed, passing)})
		}
	}
	return rows, counts.facets()
}

// pickRates is the quotes without a failed filter, and shares memory if that is all.
func pickRates(quotes []travel.RateQuote, failed []stayFilters, passing int) []travel.RateQuote {
	if passing == len(quotes) {
		return quotes
	}
	kept := make([]travel.RateQuote, 0, passing)
	for i := range quotes {
		if failed[i] == 0 {
			kept = append(kept, quotes[i])
		}
	}
	return kept
}

// propertyFails is the filters that no rate of the property can pass; name is the view's,
// folded, so that "munchen" finds München.
func (v *Stays) propertyFails(p *travel.Property, name string) (failed stayFilters) {
	if v.Name != "" && !strings.Contains(strings.ToLower(p.Name), v.Name) && (name == "" || !strings.Contains(places.Fold(p.Name), name)) {
		failed |= byName
	}
	if v.BBox != nil && !passes(v.boxed(p), v.Strict) {
		failed |= byBox
	}
	if v.MinStars > 0 && !passes(starred(p, v.MinStars), v.Strict) {
		failed |= byStars
	}
	return failed
}

// rateFails is the filters that the rate itself does not pass.
func (v *Stays) rateFails(q *travel.RateQuote, rates *fx.Table) (failed stayFilters) {
	if tooDear(q.Rate.Price.Total, v.MaxPrice, rates) {
		failed |= byTotal
	}
	if v.Partners != nil && !slices.Contains(v.Partners, q.Partner) {
		failed |= bySeller
	}
	if v.Boards != nil && !passes(boarded(q.Rate, v.Boards...), v.Strict) {
		failed |= byBoard
	}
	if v.FreeCancellation && !passes(freed(q.Rate), v.Strict) {
		failed |= byFreeCancellation
	}
	return failed
}

func starred(p *travel.Property, least float64) Verdict {
	if p.Stars == 0 {
		return Unverifiable
	}
	return verdictIf(p.Stars >= least)
}

func (v *Stays) boxed(p *travel.Property) Verdict {
	if !p.HasGeo {
		return Unverifiable
	}
	return verdictIf(v.BBox.contains(p.Lat, p.Lon))
}

func boarded(r *travel.Rate, wanted ...travel.Board) Verdict {
	if r.Board == travel.BoardUnknown {
		return Unverifiable
	}
	return verdictIf(slices.Contains(wanted, r.Board))
}

// freed: a rate that can be given back, but nobody says until when for nothing, is not
// free to cancel.
func freed(r *travel.Rate) Verdict {
	verdict := verdictOf(r.Cancellation.Refundable)
	if verdict == Verified && r.Cancellation.FreeUntil.IsZero() {
		return fails
	}
	return verdict
}

// Constraints tells of each constraint whether it was verified for the rate. Never nil.
func (v *Stays) Constraints(r *travel.StayResult, rate *travel.Rate) map[string]Verdict {
	marks := map[string]Verdict{}
	if v.MinStars > 0 {
		marks["min_stars"] = starred(&r.Property, v.MinStars)
	}
	if v.BBox != nil {
		marks["bbox"] = v.boxed(&r.Property)
	}
	if v.Boards != nil {
		marks["board"] = boarded(rate, v.Boards...)
	}
	if v.FreeCancellation {
		marks["free_cancellation"] = freed(rate)
	}
	return marks
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
