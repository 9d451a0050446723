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

// StayMatch is a property with its passing rates, cheapest first.
type StayMatch struct {
	Result *travel.StayResult
	Quotes []travel.RateQuote
}

// Select returns the properties of which at least one rate passes, in the order given,
// and the facets. Whether a rate passes depends on it and its property alone, so that it
// is the same whichever others were merged.
func (v *Stays) Select(results []travel.StayResult, rates *fx.Table) ([]StayMatch, StayFacets) {
	rows := make([]StayMatch, 0, len(results))
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
			rows = append(rows, StayMatch{r, pickRates(r.Quotes, failed, passing)})
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
