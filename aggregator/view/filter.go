package view

import (
	"slices"
	"strings"

	"fanfare/aggregator/fx"
	"fanfare/providers/travel"
)

// FlightRow is a result with its passing offers, cheapest first.
type FlightRow struct {
	Result *travel.Result
	Index  int // of Result among those that were filtered
	Quotes []travel.Quote
}

// Filter returns the results of which at least one offer passes, in the order given.
func (v *Flights) Filter(results []travel.Result, rates *fx.Table) []FlightRow {
	rows := make([]FlightRow, 0, len(results))
	free := v.unfiltered()
	for i := range results {
		r := &results[i]
		quotes := r.Quotes
		if !free {
			if !v.itineraryPasses(r) {
				continue
			}
			quotes = v.passing(r, rates)
		}
		if len(quotes) > 0 {
			rows = append(rows, FlightRow{r, i, quotes})
		}
	}
	return rows
}

// unfiltered tells whether every offer passes.
func (v *Flights) unfiltered() bool {
	return v.MaxStops == nil && v.Carriers == nil && v.ExcludeCarriers == nil && v.Partners == nil &&
		!v.MaxPrice.Known() && v.MaxDurationMinutes == 0 && v.DepartBetween == nil && v.ArriveBetween == nil &&
		!v.CabinBag && !v.CheckedBag && !v.Refundable && v.Via == nil && v.Avoid == nil
}

// tooDear compares what people see: amounts rounded to the currency of display.
func tooDear(total, limit travel.Money, rates *fx.Table) bool {
	if !limit.Known() {
		return false
	}
	shown, ok := rates.Convert(total, limit.Currency)
	return !ok || shown.Minor > limit.Minor
}

// passing is the result's offers that pass, and shares memory if all do.
func (v *Flights) passing(r *travel.Result, rates *fx.Table) []travel.Quote {
	for i := range r.Quotes {
		if v.passes(&r.Quotes[i], rates) {
			continue
		}
		kept := slices.Clone(r.Quotes[:i])
		for j := i + 1; j < len(r.Quotes); j++ {
			if v.passes(&r.Quotes[j], rates) {
				kept = append(kept, r.Quotes[j])
			}
		}
		return kept
	}
	return r.Quotes
}

func (v *Flights) passes(q *travel.Quote, rates *fx.Table) bool {
	if tooDear(q.Offer.Price.Total, v.MaxPrice, rates) {
		return false
	}
	if v.Partners != nil && !slices.Contains(v.Partners, q.Partner) {
		return false
	}
	judged := verdicts{strict: v.Strict}
	v.judge(q.Offer, &judged)
	return !judged.failed
}

// judge checks the constraints that one offer may keep and another not.
func (v *Flights) judge(o *travel.Offer, out *verdicts) {
	if v.CabinBag && !out.judge("cabin_bag", bags(o.Fare.CabinBags)) && out.marks == nil {
		return
	}
	if v.CheckedBag && !out.judge("checked_bag", bags(o.Fare.CheckedBags)) && out.marks == nil {
		return
	}
	if v.Refundable && !out.judge("refundable", verdictOf(o.Fare.Refundable)) && out.marks == nil {
		return
	}
	if v.Carriers != nil && !out.judge("carriers", v.carriers(o)) && out.marks == nil {
		return
	}
	if v.ExcludeCarriers != nil {
		out.judge("exclude_carriers", v.excluded(o))
	}
}

// Constraints tells of each constraint that the offer itself answers for whether
// it was verified. Never nil.
func (v *Flights) Constraints(o *travel.Offer) map[string]Verdict {
	out := verdicts{marks: map[string]Verdict{}}
	v.judge(o, &out)
	return out.marks
}

func bags(p travel.Pieces) Verdict {
	n, known := p.Count()
	if !known {
		return Unverifiable
	}
	return verdictIf(n > 0)
}

// carriers passes if each segment is sold or flown by a wanted carrier.
func (v *Flights) carriers(o *travel.Offer) Verdict {
	for i := range o.Itinerary.Slices {
		for j := range o.Itinerary.Slices[i].Segments {
			s := &o.Itinerary.Slices[i].Segments[j]
			if !slices.Contains(v.Carriers, s.Marketing.Carrier) && !slices.Contains(v.Carriers, s.Operating.Carrier) {
				return fails
			}
		}
	}
	return Verified
}

// excluded fails if a segment is sold or flown by an unwanted carrier; one whose
// operator nobody has confirmed could be.
func (v *Flights) excluded(o *travel.Offer) Verdict {
	verdict := Verified
	for i := range o.Itinerary.Slices {
		for j := range o.Itinerary.Slices[i].Segments {
			s := &o.Itinerary.Slices[i].Segments[j]
			if slices.Contains(v.ExcludeCarriers, s.Marketing.Carrier) || slices.Contains(v.ExcludeCarriers, s.Operating.Carrier) {
				return fails
			}
			if s.Operating.Carrier == "" {
				verdict = Unverifiable
			}
		}
	}
	return verdict
}

// itineraryPasses checks what all offers of a result have in common.
func (v *Flights) itineraryPasses(r *travel.Result) bool {
	duration := 0
	for i, segments := range r.Slices {
		if v.MaxStops != nil && len(segments)-1 > *v.MaxStops {
			return false
		}
		first, last := &segments[0], &segments[len(segments)-1]
		duration += int(last.Arrives.Unix-first.Departs.Unix) / 60
		if i == 0 {
			if v.DepartBetween != nil && !v.DepartBetween.contains(first.Departs.MinuteOfDay()) {
				return false
			}
			if v.ArriveBetween != nil && !v.ArriveBetween.contains(last.Arrives.MinuteOfDay()) {
				return false
			}
		}
	}
	if v.MaxDurationMinutes > 0 && duration > v.MaxDurationMinutes {
		return false
	}
	return (v.Via == nil || changesAt(r, v.Via)) && (v.Avoid == nil || !changesAt(r, v.Avoid))
}

// changesAt tells whether one of the airports is changed at.
func changesAt(r *travel.Result, airports []travel.Airport) bool {
	for _, segments := range r.Slices {
		for i := 1; i < len(segments); i++ {
			if slices.Contains(airports, segments[i].Origin) || slices.Contains(airports, segments[i-1].Destination) {
				return true
			}
		}
	}
	return false
}

// StayRow is a property with its passing rates, cheapest first.
type StayRow struct {
	Result *travel.StayResult
	Quotes []travel.RateQuote
}

// Filter returns the properties of which at least one rate passes, in the order given.
func (v *Stays) Filter(results []travel.StayResult, rates *fx.Table) []StayRow {
	rows := make([]StayRow, 0, len(results))
	for i := range results {
		r := &results[i]
		if !v.propertyPasses(&r.Property) {
			continue
		}
		quotes := slices.DeleteFunc(slices.Clone(r.Quotes), func(q travel.RateQuote) bool {
			judged := verdicts{strict: v.Strict}
			v.judge(r, q.Rate, &judged)
			return judged.failed || tooDear(q.Rate.Price.Total, v.MaxPrice, rates)
		})
		if len(quotes) > 0 {
			rows = append(rows, StayRow{r, quotes})
		}
	}
	return rows
}

func (v *Stays) propertyPasses(p *travel.Property) bool {
	if v.Name != "" && !strings.Contains(strings.ToLower(p.Name), v.Name) {
		return false
	}
	return v.BBox == nil || p.HasGeo && v.BBox.contains(p.Lat, p.Lon)
}

func (v *Stays) judge(r *travel.StayResult, rate *travel.Rate, out *verdicts) {
	if v.MinStars > 0 {
		verdict := verdictIf(r.Property.Stars >= v.MinStars)
		if r.Property.Stars == 0 {
			verdict = Unverifiable
		}
		out.judge("min_stars", verdict)
	}
	if v.Boards != nil {
		verdict := verdictIf(slices.Contains(v.Boards, rate.Board))
		if rate.Board == travel.BoardUnknown {
			verdict = Unverifiable
		}
		out.judge("board", verdict)
	}
	if v.FreeCancellation {
		verdict := verdictOf(rate.Cancellation.Refundable)
		if verdict == Verified && rate.Cancellation.FreeUntil.IsZero() {
			verdict = fails
		}
		out.judge("free_cancellation", verdict)
	}
}

// Constraints tells of each constraint whether it was verified for the rate. Never nil.
func (v *Stays) Constraints(r *travel.StayResult, rate *travel.Rate) map[string]Verdict {
	out := verdicts{marks: map[string]Verdict{}}
	v.judge(r, rate, &out)
	return out.marks
}
