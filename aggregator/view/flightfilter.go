package view

import (
	"slices"

	"fanfare/aggregator/fx"
	"fanfare/providers/travel"
)

// filters is a set of filters of flights, one for each parameter; both parameters of
// tickets are one, as one facet has them as its values.
type filters uint16

const (
	byStops filters = 1 << iota
	byDuration
	byDeparture
	byArrival
	byVia
	byAvoid
	byPartners
	byPrice
	byCarriers
	byExcludedCarriers
	byCabinBag
	byCheckedBag
	byRefundable
	byTickets   // one or several: combine and combined_only
	byCabin     // the query's own, which has no facet
	filterCount = iota
)

// several reports whether there is more than one filter in the set.
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
		{"carriers", byCarriers, func(s *selector, o *travel.Offer) Verdict { return s.carriers(o) }},
		{"exclude_carriers", byExcludedCarriers, func(s *selector, o *travel.Offer) Verdict { return s.excluded(o) }},
		{"cabin", byCabin, func(s *selector, o *travel.Offer) Verdict { return cabinVerdict(o.Fare.Cabin, s.Cabin) }},
	}
}

// on reports whether the view, or the query whose cabin it is, has the constraint. Any
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

// Context is what the choice of flights depends on besides the view.
type Context struct {
	Cabin  travel.Cabin // the query's
	Rates  *fx.Table
	Priors BagPriors
}

// selector judges the offers of one view, result by result.
type selector struct {
	Context
	view        *Flights
	bags        Bags         // that the view asks for
	constraints []constraint // that are on
	ceilings    []ceiling
	operating   []travel.Carrier // of the result that is judged, by segment over all slices; "" is unknown
	costs       []int64          // of its offers with the bags that the view asks for, in micro-euros; empty if it asks for none
}

// ceiling is the highest amount of a currency that is shown as no more than MaxPrice.
type ceiling struct {
	currency travel.Currency
	minor    int64
}

// tooDear compares what people see: amounts rounded to the currency of display. As that
// never falls when an amount grows, it is enough to know where it passes the limit.
func (s *selector) tooDear(total travel.Money) bool {
	for i := range s.ceilings {
		if s.ceilings[i].currency == total.Currency {
			return total.Minor > s.ceilings[i].minor
		}
	}
	low, high := int64(-1), int64(1)<<50 // low is shown within the limit, high, above what travel.ParseMoney lets through, beyond it
	for high-low > 1 {
		middle := low + (high-low)/2
		if tooDear(travel.Money{Minor: middle, Currency: total.Currency}, s.view.MaxPrice, s.Rates) {
			high = middle
		} else {
			low = middle
		}
	}
	s.ceilings = append(s.ceilings, ceiling{total.Currency, low})
	return s.tooDear(total)
}

// dear reports whether a quote costs more than the view's limit, with the given bags. A
// combination is compared by the sum that people see.
func (s *selector) dear(q *travel.Quote, bags Bags) bool {
	if !s.view.MaxPrice.Known() {
		return false
	}
	if q.Parts == nil && !bags.Lacking(&q.Offer.Fare).Any() {
		return s.tooDear(q.Offer.Price.Total)
	}
	cost := bags.Cost(&q.Offer.Fare, s.Priors)
	shown, ok := s.Rates.Total(q, s.view.MaxPrice.Currency)
	return !ok || shown.Minor+cost.Minor(s.Rates, s.view.MaxPrice.Currency) > s.view.MaxPrice.Minor
}

// micros is what a quote costs with the given bags, in micro-euros.
func (s *selector) micros(q *travel.Quote, bags Bags) int64 {
	if !bags.Lacking(&q.Offer.Fare).Any() {
		return q.EURMicros
	}
	cost := bags.Cost(&q.Offer.Fare, s.Priors)
	return q.EURMicros + cost.Micros(s.Rates)
}

func (v *Flights) selector(c Context) *selector {
	s := &selector{Context: c, view: v, bags: v.Bags()}
	for _, constraint := range offerConstraints() {
		if v.on(constraint.name, c.Cabin) {
			s.constraints = append(s.constraints, constraint)
		}
	}
	return s
}

// judge makes r the result whose offers are judged.
func (s *selector) judge(r *travel.Result) {
	s.operating = s.operating[:0]
	for _, segments := range r.Slices {
		for i := range segments {
			s.operating = append(s.operating, segments[i].Operating.Carrier)
		}
	}
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
	if v.Via != nil && !changesAt(r, v.Via) {
		failed |= byVia
	}
	if v.Avoid != nil && changesAt(r, v.Avoid) {
		failed |= byAvoid
	}
	return failed
}

// offerFails adds to failed the filters that the offer itself does not pass. Once there
// are two it looks no further: no one change would show the offer.
func (s *selector) offerFails(q *travel.Quote, failed filters) filters {
	v := s.view
	if s.dear(q, s.bags) {
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
// passing offer of the result. Never nil.
func (v *Flights) Constraints(r *travel.Result, o *travel.Offer, cabin travel.Cabin) map[string]Verdict {
	marks := map[string]Verdict{}
	s := v.selector(Context{Cabin: cabin})
	s.judge(r)
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
	if cost := s.bags.Cost(&o.Fare, BagPriors{1, 1}); v.MaxPrice.Known() && cost.Prior > 0 {
		marks["max_price"] = Unverifiable // nobody says what the bags cost
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

// carriers passes if each segment is marketed under a wanted code by the offer, or
// operated by a wanted carrier according to the result.
func (s *selector) carriers(o *travel.Offer) Verdict {
	n := 0
	for i := range o.Itinerary.Slices {
		for j := range o.Itinerary.Slices[i].Segments {
			if !slices.Contains(s.view.Carriers, o.Itinerary.Slices[i].Segments[j].Marketing.Carrier) && !slices.Contains(s.view.Carriers, s.operating[n]) {
				return fails
			}
			n++
		}
	}
	return Verified
}

// excluded fails if a segment is marketed under an unwanted code by the offer, or operated
// by an unwanted carrier according to the result; one whose operator nobody names could be.
func (s *selector) excluded(o *travel.Offer) Verdict {
	verdict := Verified
	n := 0
	for i := range o.Itinerary.Slices {
		for j := range o.Itinerary.Slices[i].Segments {
			operating := s.operating[n]
			n++
			if slices.Contains(s.view.ExcludeCarriers, o.Itinerary.Slices[i].Segments[j].Marketing.Carrier) || slices.Contains(s.view.ExcludeCarriers, operating) {
				return fails
			}
			if operating == "" {
				verdict = Unverifiable
			}
		}
	}
	return verdict
}

// changesAt reports whether one of the airports is changed at.
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
