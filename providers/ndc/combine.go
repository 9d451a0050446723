package ndc

import (
	"cmp"
	"slices"
	"strings"

	"fanfare/providers/assemble"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// The bounds on trips put together from offers of one direction: the 40 cheapest each
// way of a return make 1,600 candidates, of which the 400 cheapest are made. Trips of more
// slices take as many each way as give no more candidates.
const (
	maxCandidates = 1600
	maxPairs      = 400
)

// combine puts trips together from offers that each hold one slice of the question, as some
// partners answer. Whoever sells both sells them as one trip, so nobody changes tickets.
//
// A trip's price is the sum, within one currency; its conditions are the weakest. Offers of
// one slice are not counted themselves once there are trips of them: OffersIn counts the
// trips that were made. Those that no trip can hold are dropped by rule; trips that would be
// beyond the bounds are noted as expansion_capped.
func combine(a travel.Answer, q travel.Query, atlas *places.Atlas) travel.Answer {
	n := len(q.Slices)
	if n < 2 {
		return a
	}
	var whole []travel.Offer
	ways := make([][]*travel.Offer, n)
	rules := map[*travel.Offer]string{}
	var single []*travel.Offer
	for i := range a.Offers {
		o := &a.Offers[i]
		if len(o.Itinerary.Slices) != 1 {
			whole = append(whole, *o)
			continue
		}
		single = append(single, o)
		rules[o] = travel.RuleWrongRoute
		for s, asked := range q.Slices {
			slice := &o.Itinerary.Slices[0]
			if !serves(slice.Origin(), asked.Origin, atlas) || !serves(slice.Destination(), asked.Destination, atlas) {
				continue
			}
			if slice.Departs().Date() == asked.Date {
				ways[s] = append(ways[s], o)
				rules[o] = ""
				continue
			}
			if rules[o] != "" {
				rules[o] = travel.RuleWrongDate
			}
		}
	}
	if len(single) == 0 {
		return a
	}
	currencies := common(ways)
	for _, o := range single {
		a.OffersIn--
		if rules[o] == "" && !slices.Contains(currencies, o.Price.Total.Currency) {
			rules[o] = travel.RuleWrongRoute // nothing for the rest of the trip
		}
		if rules[o] != "" {
			a.OffersIn++
			a.Drop(rules[o], 1)
		}
	}
	a.Offers = whole
	var trips []trip
	possible := 0
	for _, currency := range currencies {
		made, of := candidates(ways, currency)
		trips, possible = append(trips, made...), possible+of
	}
	totals := make([]travel.Money, len(trips))
	for i := range trips {
		totals[i] = trips[i].total
	}
	formed := 0
	keep := assemble.Cheapest(totals, maxPairs)
	for i := range trips {
		if keep != nil && !keep[i] {
			continue
		}
		formed++
		a.OffersIn++
		o := trips[i].offer()
		if rule := o.Check(); rule != "" {
			a.Drop(rule, 1)
			continue
		}
		a.Offers = append(a.Offers, o)
	}
	a.Note("expansion_capped", possible-formed)
	assemble.LimitOffers(&a, assemble.MaxOffers)
	return a
}

// serves reports whether an airport answers for a code, which may be a metro area.
func serves(airport, code travel.Airport, atlas *places.Atlas) bool {
	return airport == code || slices.Contains(atlas.Airports(code), airport)
}

// common is the currencies in which every way has an offer, sorted.
func common(ways [][]*travel.Offer) []travel.Currency {
	var all []travel.Currency
	for _, o := range ways[0] {
		c := o.Price.Total.Currency
		every := !slices.Contains(all, c)
		for _, way := range ways {
			every = every && slices.ContainsFunc(way, func(o *travel.Offer) bool { return o.Price.Total.Currency == c })
		}
		if every {
			all = append(all, c)
		}
	}
	slices.Sort(all)
	return all
}

// trip is an offer for each slice.
type trip struct {
	ways  []*travel.Offer
	total travel.Money
}

// candidates makes the trips of the cheapest offers each way, cheapest first, and tells how
// many all offers would make.
func candidates(ways [][]*travel.Offer, currency travel.Currency) (trips []trip, possible int) {
	each := 1
	for power(each+1, len(ways)) <= maxCandidates {
		each++
	}
	possible = 1
	trips = []trip{{total: travel.Money{Currency: currency}}}
	for _, way := range ways {
		var offers []*travel.Offer
		for _, o := range way {
			if o.Price.Total.Currency == currency {
				offers = append(offers, o)
			}
		}
		possible = min(possible*len(offers), 1<<30)
		slices.SortStableFunc(offers, before)
		offers = offers[:min(len(offers), each)]
		longer := make([]trip, 0, len(trips)*len(offers))
		for _, t := range trips {
			for _, o := range offers {
				longer = append(longer, trip{append(slices.Clip(t.ways), o), travel.Money{Minor: t.total.Minor + o.Price.Total.Minor, Currency: currency}})
			}
		}
		trips = longer
	}
	slices.SortStableFunc(trips, func(a, b trip) int { return cmp.Compare(a.total.Minor, b.total.Minor) })
	return trips, possible
}

func power(n, exponent int) int {
	p := 1
	for range exponent {
		p *= n
	}
	return p
}

// before orders offers of one slice by price, and so that the order in which they came
// does not show.
func before(a, b *travel.Offer) int {
	x, y := &a.Itinerary.Slices[0], &b.Itinerary.Slices[0]
	return cmp.Or(cmp.Compare(a.Price.Total.Minor, b.Price.Total.Minor), cmp.Compare(x.Duration(), y.Duration()), cmp.Compare(x.Departs().Unix, y.Departs().Unix),
		cmp.Compare(a.PartnerRef, b.PartnerRef), x.Segments[0].Marketing.Compare(y.Segments[0].Marketing),
		slices.CompareFunc(x.Segments, y.Segments, func(s, t travel.Segment) int {
			return cmp.Or(s.Marketing.Compare(t.Marketing), cmp.Compare(s.Departs.Unix, t.Departs.Unix))
		}))
}

// offer is the trip as one offer.
func (t *trip) offer() travel.Offer {
	o := *t.ways[0]
	o.Price = travel.Price{Total: t.total, Base: travel.Money{Currency: t.total.Currency}, Taxes: travel.Money{Currency: t.total.Currency}, Kind: o.Price.Kind}
	o.Itinerary = travel.Itinerary{}
	var refs, codes, names, brands []string
	once := func(list []string, s string) []string {
		if s == "" || slices.Contains(list, s) {
			return list
		}
		return append(list, s)
	}
	var fees []travel.Money
	anyCabin, anyBasis := false, false
	var refund, change assemble.MostRestrictive
	o.Fare.Basis, o.Fare.Cabin = nil, nil
	for i, w := range t.ways {
		o.Itinerary.Slices = append(o.Itinerary.Slices, w.Itinerary.Slices...)
		fees = append(fees, w.Price.Fees)
		o.Price.Base, o.Price.Taxes = o.Price.Base.Plus(w.Price.Base), o.Price.Taxes.Plus(w.Price.Taxes)
		refs, codes, names = append(refs, w.PartnerRef), once(codes, w.Seller.Code), once(names, w.Seller.Name)
		brands = once(brands, w.Fare.Brand)
		n := w.Itinerary.SegmentCount()
		anyCabin, anyBasis = anyCabin || len(w.Fare.Cabin) == n, anyBasis || len(w.Fare.Basis) == n
		o.Fare.Cabin, o.Fare.Basis = padded(o.Fare.Cabin, w.Fare.Cabin, n), padded(o.Fare.Basis, w.Fare.Basis, n)
		refund.Add(w.Fare.Refundable, w.Fare.RefundFee)
		change.Add(w.Fare.Changeable, w.Fare.ChangeFee)
		if i > 0 {
			o.Fare.Seat = o.Fare.Seat.And(w.Fare.Seat)
			o.Fare.CabinBags, o.Fare.CheckedBags = fewer(o.Fare.CabinBags, w.Fare.CabinBags), fewer(o.Fare.CheckedBags, w.Fare.CheckedBags)
		}
		if w.SeatsLeft > 0 && (o.SeatsLeft == 0 || w.SeatsLeft < o.SeatsLeft) {
			o.SeatsLeft = w.SeatsLeft
		}
		if !w.ExpiresAt.IsZero() && (o.ExpiresAt.IsZero() || w.ExpiresAt.Before(o.ExpiresAt)) {
			o.ExpiresAt = w.ExpiresAt
		}
		o.Test = o.Test || w.Test
	}
	if !anyCabin {
		o.Fare.Cabin = nil
	}
	if !anyBasis {
		o.Fare.Basis = nil
	}
	o.PartnerRef, o.Fare.Brand = strings.Join(refs, " + "), strings.Join(brands, " / ")
	o.Seller = travel.Seller{Code: strings.Join(codes, " + "), Name: strings.Join(names, " + ")}
	o.Fare.Refundable, o.Fare.RefundFee = refund.Result()
	o.Fare.Changeable, o.Fare.ChangeFee = change.Result()
	o.Price.StateFees(fees...)
	return o
}

// padded appends what one slice states for each of its n segments, zero values if it
// states nothing.
func padded[T any](to, stated []T, n int) []T {
	if len(stated) == n {
		return append(to, stated...)
	}
	return append(to, make([]T, n)...)
}

// fewer is the smaller of two numbers of bags; unknown, unless one of them is none.
func fewer(a, b travel.Pieces) travel.Pieces {
	x, knownX := a.Count()
	y, knownY := b.Count()
	switch {
	case knownX && x == 0 || knownY && y == 0:
		return travel.PiecesOf(0)
	case !knownX || !knownY:
		return travel.PiecesOf(-1)
	}
	return travel.PiecesOf(min(x, y))
}
