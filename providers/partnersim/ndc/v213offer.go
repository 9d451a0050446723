package ndc

import (
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

func (a *planDoc) offer213(x *exchange.XMLWriter, o *offerDoc) {
	id := rng.ID("", o.d, 22)
	if !a.lean {
		id += "001|" + uuid(o.d)
	}
	x.In("Offer", nil, func() {
		if !o.bagless {
			a.bagRefs213(x, o, true)
			if !a.lean {
				a.bagRefs213(x, o, false)
			}
		}
		x.In("JourneyOverview", nil, func() {
			for _, part := range o.parts {
				x.In("JourneyPriceClass", nil, func() {
					refs(x, "PaxJourneyRefID", "JOUR", part.journeys[0])
					refs(x, "PriceClassRefID", "PC", part.class)
				})
			}
		})
		x.Leaf("OfferExpirationTimeLimitDateTime", stamp(o.expires))
		x.Leaf("OfferID", id)
		for i := range a.groups {
			a.item213(x, o, i, id)
		}
		if a.quirks.optional && o.d.Str("optional").Chance(500) {
			a.sideItem213(x, o, id)
		}
		x.Leaf("OwnerCode", string(o.owner.Code))
		x.In("TotalPrice", nil, func() { a.money213(x, "TotalAmount", o.total) })
	})
}

func (a *planDoc) money213(x *exchange.XMLWriter, name string, m travel.Money) {
	x.Leaf(name, a.quirks.amount(m), "CurCode", string(m.Currency))
}

// bagRefs213 says which journeys have which allowance, one entry for each number of pieces.
func (a *planDoc) bagRefs213(x *exchange.XMLWriter, o *offerDoc, checked bool) {
	var order []int
	journeys := map[int][]int{}
	for _, part := range o.parts {
		pieces := part.first.Brand.CabinBags
		if checked {
			pieces = part.first.Brand.Checked
		}
		bag := a.bags.of(bagKey{checked, pieces}, struct{}{})
		if journeys[bag] == nil {
			order = append(order, bag)
		}
		journeys[bag] = append(journeys[bag], part.journeys[0])
	}
	for _, bag := range order {
		x.In("BaggageAssociations", nil, func() {
			refs(x, "BaggageAllowanceRefID", "BAG", bag)
			x.In("OfferFlightAssociations", nil, func() { a.journeyRefs213(x, journeys[bag]) })
			each(x, "PaxRefID", a.flyers())
		})
	}
}

func (a *planDoc) journeyRefs213(x *exchange.XMLWriter, journeys []int) {
	x.In("PaxJourneyRef", nil, func() { refs(x, "PaxJourneyRefID", "JOUR", journeys...) })
}

// item213 is the price of one passenger of a group; PaxRefIDs say how many pay it.
func (a *planDoc) item213(x *exchange.XMLWriter, o *offerDoc, group int, offer string) {
	g, price := a.groups[group], o.prices[group]
	var journeys []int
	x.In("OfferItem", nil, func() {
		x.In("FareDetail", nil, func() {
			for i := range o.parts {
				a.component213(x, &o.parts[i])
				journeys = append(journeys, o.parts[i].journeys[0])
			}
			each(x, "PaxRefID", g.ids)
		})
		x.Leaf("OfferItemID", offer+"-"+strconv.Itoa(group+1))
		if !a.lean {
			x.In("PaymentTimeLimit", nil, func() {
				x.In("PaymentTimeLimitDate", nil, func() { x.Leaf("PaymentTimeLimitDateTime", stamp(a.now.Add(72*time.Hour))) })
			})
		}
		x.In("Price", nil, func() {
			a.money213(x, "BaseAmount", price.base)
			x.In("TaxSummary", nil, func() { a.money213(x, "TotalTaxAmount", price.taxes) })
			a.money213(x, "TotalAmount", price.total)
		})
		x.In("Service", nil, func() {
			x.In("OfferServiceAssociation", nil, func() { a.journeyRefs213(x, journeys) })
			each(x, "PaxRefID", g.ids)
			x.Leaf("ServiceID", "SV"+strconv.Itoa(group+1)+"-"+rng.ID("", o.d, 6))
		})
	})
}

func (a *planDoc) component213(x *exchange.XMLWriter, part *partDoc) {
	s := &part.first
	route := string(s.From().Code) + "-" + string(s.To().Code)
	x.In("FareComponent", nil, func() {
		x.In("CabinType", nil, func() {
			x.Leaf("CabinTypeCode", cabinCodes[s.Brand.Cabin])
			x.Leaf("CabinTypeName", world.CabinTitle[s.Brand.Cabin])
		})
		a.restriction213(x, "CancelRestrictions", s.Brand.Refund, refundEuros, "ANY TIME CANCELLATIONS NOT PERMITTED - "+route, route)
		a.restriction213(x, "ChangeRestrictions", s.Brand.Change, changeEuros, "ANY TIME CHANGES NOT PERMITTED - "+route, route)
		x.Leaf("FareBasisCode", strings.ToUpper(world.FareBasis(s.Brand, s.Legs[0])))
		refs(x, "PaxSegmentRefID", "SEG", part.legs...)
		refs(x, "PriceClassRefID", "PC", part.class)
	})
}

// restriction213 is a rule before departure and, except in lean documents, the same after it.
func (a *planDoc) restriction213(x *exchange.XMLWriter, name string, r world.Rule, euros int64, not, route string) {
	stages := []string{"Prior To Departure", "After Departure"}
	switch {
	case r == world.Unsaid:
		return
	case r == world.Never:
		stages = []string{""}
	case a.lean:
		stages = stages[:1]
	}
	for _, stage := range stages {
		x.In(name, nil, func() {
			x.Leaf("AllowedModificationInd", strconv.FormatBool(r != world.Never))
			if r == world.Never {
				x.Leaf("DescText", not)
				return
			}
			x.Leaf("DescText", route)
			x.In("Fee", nil, func() { a.money213(x, "Amount", a.fee(r, euros)) })
			x.Leaf("JourneyStageCode", stage)
		})
	}
}

// sideItem213 is an item that is not in the offer's total.
func (a *planDoc) sideItem213(x *exchange.XMLWriter, o *offerDoc, offer string) {
	_, price := a.sideItem(o)
	x.In("OfferItem", nil, func() {
		x.Leaf("MandatoryInd", "false")
		x.Leaf("OfferItemID", offer+"-"+strconv.Itoa(len(a.groups)+1))
		x.In("Price", nil, func() { a.money213(x, "TotalAmount", price) })
		x.In("Service", nil, func() {
			x.In("OfferServiceAssociation", nil, func() {
				x.In("ServiceDefinitionRef", nil, func() { x.Leaf("ServiceDefinitionRefID", "SRV1") })
			})
			each(x, "PaxRefID", a.flyers())
			x.Leaf("ServiceID", "SV"+strconv.Itoa(len(a.groups)+1)+"-"+rng.ID("", o.d, 6))
		})
	})
}
