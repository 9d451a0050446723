package partnersim

import (
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
)

func (a *ndcPlan) offer213(x *xmlWriter, o *ndcOffer) {
	id := duffelID("", o.d, 22)
	if !a.lean {
		id += "001|" + uuid(o.d)
	}
	x.in("Offer", nil, func() {
		if !o.bagless {
			a.bagRefs213(x, o, true)
			if !a.lean {
				a.bagRefs213(x, o, false)
			}
		}
		x.in("JourneyOverview", nil, func() {
			for _, part := range o.parts {
				x.in("JourneyPriceClass", nil, func() {
					refs(x, "PaxJourneyRefID", "JOUR", part.journeys[0])
					refs(x, "PriceClassRefID", "PC", part.class)
				})
			}
		})
		x.leaf("OfferExpirationTimeLimitDateTime", ndcStamp(o.expires))
		x.leaf("OfferID", id)
		for i := range a.groups {
			a.item213(x, o, i, id)
		}
		if a.habits.optional && o.d.str("optional").chance(500) {
			a.sideItem213(x, o, id)
		}
		x.leaf("OwnerCode", string(o.owner.Code))
		x.in("TotalPrice", nil, func() { a.money213(x, "TotalAmount", o.total) })
	})
}

func (a *ndcPlan) money213(x *xmlWriter, name string, m travel.Money) {
	x.leaf(name, a.habits.amount(m), "CurCode", string(m.Currency))
}

// bagRefs213 says which journeys have which allowance, one entry for each number of pieces.
func (a *ndcPlan) bagRefs213(x *xmlWriter, o *ndcOffer, checked bool) {
	var order []int
	journeys := map[int][]int{}
	for _, part := range o.parts {
		pieces := part.first.brand.CabinBags
		if checked {
			pieces = part.first.brand.Checked
		}
		bag := a.bags.of(ndcBagKey{checked, pieces}, struct{}{})
		if journeys[bag] == nil {
			order = append(order, bag)
		}
		journeys[bag] = append(journeys[bag], part.journeys[0])
	}
	for _, bag := range order {
		x.in("BaggageAssociations", nil, func() {
			refs(x, "BaggageAllowanceRefID", "BAG", bag)
			x.in("OfferFlightAssociations", nil, func() { a.journeyRefs213(x, journeys[bag]) })
			each(x, "PaxRefID", a.flyers())
		})
	}
}

func (a *ndcPlan) journeyRefs213(x *xmlWriter, journeys []int) {
	x.in("PaxJourneyRef", nil, func() { refs(x, "PaxJourneyRefID", "JOUR", journeys...) })
}

// item213 is the price of one passenger of a group; PaxRefIDs say how many pay it.
func (a *ndcPlan) item213(x *xmlWriter, o *ndcOffer, group int, offer string) {
	g, price := a.groups[group], o.prices[group]
	var journeys []int
	x.in("OfferItem", nil, func() {
		x.in("FareDetail", nil, func() {
			for i := range o.parts {
				a.component213(x, &o.parts[i])
				journeys = append(journeys, o.parts[i].journeys[0])
			}
			each(x, "PaxRefID", g.ids)
		})
		x.leaf("OfferItemID", offer+"-"+strconv.Itoa(group+1))
		if !a.lean {
			x.in("PaymentTimeLimit", nil, func() {
				x.in("PaymentTimeLimitDate", nil, func() { x.leaf("PaymentTimeLimitDateTime", ndcStamp(a.now.Add(72*time.Hour))) })
			})
		}
		x.in("Price", nil, func() {
			a.money213(x, "BaseAmount", price.base)
			x.in("TaxSummary", nil, func() { a.money213(x, "TotalTaxAmount", price.taxes) })
			a.money213(x, "TotalAmount", price.total)
		})
		x.in("Service", nil, func() {
			x.in("OfferServiceAssociation", nil, func() { a.journeyRefs213(x, journeys) })
			each(x, "PaxRefID", g.ids)
			x.leaf("ServiceID", "SV"+strconv.Itoa(group+1)+"-"+duffelID("", o.d, 6))
		})
	})
}

func (a *ndcPlan) component213(x *xmlWriter, part *ndcPart) {
	s := &part.first
	route := string(s.from().Code) + "-" + string(s.to().Code)
	x.in("FareComponent", nil, func() {
		x.in("CabinType", nil, func() {
			x.leaf("CabinTypeCode", ndcCabinCodes[s.brand.Cabin])
			x.leaf("CabinTypeName", cabinTitle[s.brand.Cabin])
		})
		a.restriction213(x, "CancelRestrictions", s.brand.Refund, refundEuros, "ANY TIME CANCELLATIONS NOT PERMITTED - "+route, route)
		a.restriction213(x, "ChangeRestrictions", s.brand.Change, changeEuros, "ANY TIME CHANGES NOT PERMITTED - "+route, route)
		x.leaf("FareBasisCode", strings.ToUpper(fareBasis(s.brand, s.legs[0])))
		refs(x, "PaxSegmentRefID", "SEG", part.legs...)
		refs(x, "PriceClassRefID", "PC", part.class)
	})
}

// restriction213 is a rule before departure and, except in lean documents, the same after it.
func (a *ndcPlan) restriction213(x *xmlWriter, name string, r rule, euros int64, not, route string) {
	stages := []string{"Prior To Departure", "After Departure"}
	switch {
	case r == unsaid:
		return
	case r == never:
		stages = []string{""}
	case a.lean:
		stages = stages[:1]
	}
	for _, stage := range stages {
		x.in(name, nil, func() {
			x.leaf("AllowedModificationInd", strconv.FormatBool(r != never))
			if r == never {
				x.leaf("DescText", not)
				return
			}
			x.leaf("DescText", route)
			x.in("Fee", nil, func() { a.money213(x, "Amount", a.fee(r, euros)) })
			x.leaf("JourneyStageCode", stage)
		})
	}
}

// sideItem213 is an item that is not in the offer's total.
func (a *ndcPlan) sideItem213(x *xmlWriter, o *ndcOffer, offer string) {
	_, price := a.sideItem(o)
	x.in("OfferItem", nil, func() {
		x.leaf("MandatoryInd", "false")
		x.leaf("OfferItemID", offer+"-"+strconv.Itoa(len(a.groups)+1))
		x.in("Price", nil, func() { a.money213(x, "TotalAmount", price) })
		x.in("Service", nil, func() {
			x.in("OfferServiceAssociation", nil, func() {
				x.in("ServiceDefinitionRef", nil, func() { x.leaf("ServiceDefinitionRefID", "SRV1") })
			})
			each(x, "PaxRefID", a.flyers())
			x.leaf("ServiceID", "SV"+strconv.Itoa(len(a.groups)+1)+"-"+duffelID("", o.d, 6))
		})
	})
}
