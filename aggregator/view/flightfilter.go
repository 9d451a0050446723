package view

import (
	"slices"

	"fanfare/aggregator/fx"
	"fanfare/providers/travel"
)

// filters is a set of filters of flights. Those that one facet counts for are one here:
// what stands in a facet passes all filters but its own.
type filters uint16

const (
	byStops filters = 1 << iota
	byDuration
	byDeparture
	byArrival
	byAirports // via and avoid
	byPartners
	byPrice
	byCarriers // carriers and exclude_carriers
	byCabinBag
	byCheckedBag
	byRefundable
	byTickets // one or several: combine and combined_only
	byCabin   // the query's own, which has no facet
)

// several tells whether there is more than one filter in the set.
func (f filters) several() bool { return f&(f-1) != 0 }

// constraint is a filter that an offer itself has to answer for.
type constraint struct {
	name   string // as in the view's parameters
	filter filters
	judge  func(s *selector, o *travel.Offer) Verdict
}

// offerConstraints are the constraints that a view or query can have, in the order in
// which they are judged.
func offerConstraints() []constraint {
	return []constraint{
		{"cabin_bag", byCabinBag, func(_ *selector, o *travel.Offer) Verdict { return bags(o.Fare.CabinBags, o.Fare.CabinBagPrice) }},
		{"checked_bag", byCheckedBag, func(_ *selector, o *travel.Offer) Verdict { return bags(o.Fare.CheckedBags, o.Fare.CheckedBagPrice) }},
		{"refundable", byRefundable, func(_ *selector, o *travel.Offer) Verdict { return verdictOf(o.Fare.Refundable) }},
		{"carriers", byCarriers, func(s *selector, o *travel.Offer) Verdict { return s.view.carriers(o) }},
		{"exclude_carriers", byCarriers, func(s *selector, o *travel.Offer) Verdict { return s.view.excluded(o) }},
		{"cabin", byCabin, func(s *selector, o *travel.Offer) Verdict { return cabinVerdict(o.Fare.Cabin, s.cabin) }},
	}
}

// on tells whether the view, or the query whose cabin it is, has the constraint. Any
// seat will do for who asks for economy.
func (v *Flights) on(name string, cabin travel.Cabin) bool {
	switch name {
	case "cabin_bag":
		return v.CabinBag
	case "checked_bag":
		return v.CheckedBag
	case "refundable":
		return v.Refundable
	case "carriers":
		return v.Carriers != nil
	case "exclude_carriers":
		return v.ExcludeCarriers != nil
	}
	return cabin != travel.Economy && cabin != travel.CabinUnknown
}

// selector judges the offers of one view.
type selector struct {
	view        *Flights
	cabin       travel.Cabin
	rates       *fx.Table
	constraints []constraint // that are on
	ceilings    []ceiling
}

// ceiling is the highest amount of a currency that is shown as no more than MaxPrice.
type ceiling struct {
	currency travel.Currency
	minor    int64
}

// tooDear compares what people see: amounts rounded to the currency of display. As that
// never falls when an amount grows, it is enough to know where it passes the limit.
func (s *selector) tooDear(total travel.Money) bool {
	if !s.view.MaxPrice.Known() {
		return false
	}
	for i := range s.ceilings {
		if s.ceilings[i].currency == total.Currency {
			return total.Minor > s.ceilings[i].minor
		}
	}
	low, high := int64(-1), int64(1)<<50 // low is shown within the limit, high, above what travel.ParseMoney lets through, beyond it
	for high-low > 1 {
		middle := low + (high-low)/2
		if tooDear(travel.Money{Minor: middle, Currency: total.Currency}, s.view.MaxPrice, s.rates) {
			high = middle
		} else {
			low = middle
		}
	}
	s.ceilings = append(s.ceilings, ceiling{total.Currency, low})
	return s.tooDear(total)
}

func (v *Flights) selector(cabin travel.Cabin, rates *fx.Table) *selector {
	s := &selector{view: v, cabin: cabin, rates: rates}
	for _, c := range offerConstraints() {
		if v.on(c.name, cabin) {
			s.constraints = append(s.constraints, c)
		}
	}
	return s
}

// resultFails is the filters that no offer of the result can pass, as they are about
// what all of them have in common.
func (s *selector) resultFails(r *travel.Result, t *traits) (failed filters) {
	v := s.view
	if v.MaxStops != nil && t.stops > *v.MaxStops {
		failed |= byStops
	}
	if v.MaxDurationMinutes > 0 && t.durationMinutes > v.MaxDurationMinutes {
		failed |= byDuration
	}
	if v.DepartBetween != nil && !v.DepartBetween.contains(t.departs) {
		failed |= byDeparture
	}
	if v.ArriveBetween != nil && !v.ArriveBetween.contains(t.arrives) {
		failed |= byArrival
	}
	if v.HideCombined && r.Combined() || v.CombinedOnly && !r.Combined() {
		failed |= byTickets
	}
	if v.Via != nil && !changesAt(r, v.Via) || v.Avoid != nil && changesAt(r, v.Avoid) {
		failed |= byAirports
	}
	return failed
}

// dear is tooDear for a quote; a combination is compared by the sum that people see.
func (s *selector) dear(q *travel.Quote) bool {
	if q.Parts == nil || !s.view.MaxPrice.Known() {
		return s.tooDear(q.Offer.Price.Total)
	}
	shown, ok := s.rates.Total(q, s.view.MaxPrice.Currency)
	return !ok || shown.Minor > s.view.MaxPrice.Minor
}

// offerFails adds to failed the filters that the offer itself does not pass. Once there
// are two it looks no further: no one change would show the offer.
func (s *selector) offerFails(q *travel.Quote, failed filters) filters {
	v := s.view
	if s.dear(q) {
		failed |= byPrice
	}
	if v.Partners != nil && slices.ContainsFunc(q.Sellers(), func(name string) bool { return !slices.Contains(v.Partners, name) }) {
		failed |= byPartners
	}
	for i := range s.constraints {
		if failed.several() {
			break
		}
		c := &s.constraints[i]
		if !passes(c.judge(s, q.Offer), v.Strict) {
			failed |= c.filter
		}
	}
	return failed
}

// Constraints tells of each filter, and of the query's cabin, how it was verified of a
// passing offer. Never nil.
func (v *Flights) Constraints(o *travel.Offer, cabin travel.Cabin) map[string]Verdict {
	marks := map[string]Verdict{}
	s := v.selector(cabin, nil)
	for _, c := range s.constraints {
		marks[c.name] = c.judge(s, o)
	}
	for name, on := range map[string]bool{
		"max_stops": v.MaxStops != nil, "partners": v.Partners != nil, "max_price": v.MaxPrice.Known(), "max_duration_minutes": v.MaxDurationMinutes > 0,
		"depart_between": v.DepartBetween != nil, "arrive_between": v.ArriveBetween != nil, "via": v.Via != nil, "avoid": v.Avoid != nil,
	} {
		if on {
			marks[name] = Verified // facts of the itinerary and the price, which every offer states
		}
	}
	return marks
}

func bags(p travel.Pieces, price travel.Money) Verdict {
	switch _, known := p.Count(); {
	case p.Some():
		return Verified
	case price.Known():
		return AtAPrice
	case known:
		return fails
	}
	return Unverifiable
}

// cabinVerdict: the partner was asked for the cabin, so that a fare which says nothing
// is taken to keep to it.
func cabinVerdict(cabins []travel.Cabin, asked travel.Cabin) Verdict {
	if len(LowerCabins(cabins, asked)) > 0 {
		return Partly
	}
	for _, c := range cabins {
		if !c.Known() {
			return Honoured
		}
	}
	if len(cabins) == 0 {
		return Honoured
	}
	return Verified
}

// LowerCabins is the positions, over all slices, of the segments that are known to be
// in a lower cabin than asked; nil if there are none.
func LowerCabins(cabins []travel.Cabin, asked travel.Cabin) []int {
	var lower []int
	for i, c := range cabins {
		if c.Known() && c.Below(asked) {
			lower = append(lower, i)
		}
	}
	return lower
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
