package partnersim

import (
	"strconv"
	"strings"

	"fanfare/providers/travel"
)

func (a *ndcPlan) offer172(x *xmlWriter, o *ndcOffer, number int) {
	key := duffelID("", o.d, 10)
	n := strconv.Itoa(number)
	x.in("Offer", at{"OfferID", key + "-OfferID-" + n, "Owner", string(o.owner.Code)}, func() {
		if !a.lean {
			x.in("Parameters", nil, func() {
				for _, g := range a.groups {
					x.in("PTC_Priced", nil, func() { x.leaf("Priced", g.ptc) })
				}
			})
		}
		x.in("TimeLimits", nil, func() { x.empty("OfferExpiration", "DateTime", o.expires.Format(ndcZoned)) })
		x.in("TotalPrice", nil, func() {
			x.in("DetailCurrencyPrice", nil, func() {
				x.leaf("Total", a.habits.amount(o.total), "Code", string(o.total.Currency))
				if !a.lean {
					x.in("Taxes", nil, func() { x.leaf("Total", a.habits.amount(o.taxes), "Code", string(o.taxes.Currency)) })
				}
			})
		})
		for i := range a.groups {
			a.item172(x, o, i, key+"-OfferItemID-"+n+"-"+strconv.Itoa(i+1))
		}
		if a.habits.optional && o.d.str("optional").chance(500) {
			a.sideItem172(x, o, key+"-OfferItemID-"+n+"-"+strconv.Itoa(len(a.groups)+1))
		}
		if !o.bagless {
			a.bagRefs172(x, o)
		}
	})
}

// flights172 is what FlightRefs says: alternatives of one direction, or, combined, one flight for each slice.
func (a *ndcPlan) flights172(parts ...ndcPart) string {
	if !a.combined {
		return joined("OD", parts[0].journeys)
	}
	var flights []int
	for _, part := range parts {
		flights = append(flights, part.journeys[0])
	}
	return joined("FLT", flights)
}

// item172 is the price of one passenger of a group; PassengerRefs say how many pay it.
func (a *ndcPlan) item172(x *xmlWriter, o *ndcOffer, group int, id string) {
	g, price := a.groups[group], o.prices[group]
	cur := string(price.total.Currency)
	x.in("OfferItem", at{"OfferItemID", id}, func() {
		x.in("TotalPriceDetail", nil, func() {
			x.in("TotalAmount", nil, func() { x.leaf("SimpleCurrencyPrice", a.habits.amount(price.total), "Code", cur) })
			base, surcharge := a.surcharged(price.base)
			x.leaf("BaseAmount", a.habits.amount(base), "Code", cur)
			if surcharge.Minor > 0 {
				a.surcharge172(x, surcharge)
			}
			x.in("Taxes", nil, func() { x.leaf("Total", a.habits.amount(price.taxes)) })
		})
		x.in("Service", at{"ServiceID", "SV" + id}, func() {
			x.leaf("PassengerRefs", strings.Join(g.ids, " "))
			refs(x, "ServiceRef", "PC", o.parts[0].class)
			x.leaf("FlightRefs", a.flights172(o.parts...))
		})
		x.in("FareDetail", nil, func() {
			if !a.lean {
				base, _ := a.surcharged(price.base)
				x.in("Price", nil, func() { x.leaf("BaseAmount", a.habits.amount(base), "Code", cur) })
			}
			for i := range o.parts {
				a.components172(x, &o.parts[i])
			}
		})
	})
}

// surcharged splits a fare into what some airlines call fare and what they call fuel surcharge.
func (a *ndcPlan) surcharged(fare travel.Money) (base, surcharge travel.Money) {
	base, surcharge = fare, travel.Money{Currency: fare.Currency}
	if a.habits.surcharge {
		surcharge.Minor = permille(fare.Minor, 280)
		base.Minor -= surcharge.Minor
	}
	return base, surcharge
}

func (a *ndcPlan) surcharge172(x *xmlWriter, m travel.Money) {
	x.in("Surcharges", nil, func() {
		x.in("Surcharge", nil, func() {
			x.leaf("Total", a.habits.amount(m))
			x.in("Breakdown", nil, func() {
				x.in("Fee", nil, func() {
					x.leaf("Amount", a.habits.amount(m))
					x.leaf("Designator", "YQ")
					x.leaf("Description", "Fuel surcharge")
				})
			})
		})
	})
}

// components172 is a fare for each segment: alternatives have as many of them. Combined it is one for the slice.
func (a *ndcPlan) components172(x *xmlWriter, part *ndcPart) {
	s := &part.first
	legs := s.legs
	if a.combined {
		legs = legs[:1]
	}
	for _, leg := range legs {
		x.in("FareComponent", nil, func() {
			x.in("FareBasis", nil, func() {
				x.in("FareBasisCode", nil, func() { x.leaf("Code", strings.ToUpper(fareBasis(s.brand, leg))) })
				x.in("CabinType", nil, func() {
					x.leaf("CabinTypeCode", ndcCabinLetters[s.cabinOn(leg)])
					x.leaf("CabinTypeName", s.brand.Name) // the brand: airlines do that
				})
			})
			x.in("FareRules", nil, func() {
				if s.brand.Refund != unsaid && s.brand.Change != unsaid {
					x.empty("Penalty", "refs", "PEN"+strconv.Itoa(part.penalty))
				}
				if !a.lean {
					x.empty("CorporateFare", "PricedInd", "false")
				}
			})
			if a.combined {
				refs(x, "PriceClassRef", "PC", part.class)
				x.leaf("SegmentRefs", joined("SEG", part.legs))
			}
		})
	}
}

// sideItem172 is an item that is not in the offer's total.
func (a *ndcPlan) sideItem172(x *xmlWriter, o *ndcOffer, id string) {
	_, price := a.sideItem(o)
	x.in("OfferItem", at{"MandatoryInd", "false", "OfferItemID", id}, func() {
		x.in("TotalPriceDetail", nil, func() {
			x.in("TotalAmount", nil, func() {
				x.leaf("SimpleCurrencyPrice", a.habits.amount(price), "Code", string(price.Currency))
			})
		})
		x.in("Service", at{"ServiceID", "SV" + id}, func() {
			x.leaf("PassengerRefs", strings.Join(a.flyers(), " "))
			x.leaf("ServiceDefinitionRef", "SRV1")
		})
	})
}

func (a *ndcPlan) bagRefs172(x *xmlWriter, o *ndcOffer) {
	for _, part := range o.parts {
		b := part.first.brand
		for _, bag := range []ndcBagKey{{true, b.Checked}, {false, b.CabinBags}} {
			x.in("BaggageAllowance", nil, func() {
				x.leaf("FlightRefs", a.flights172(part))
				x.leaf("PassengerRefs", strings.Join(a.flyers(), " "))
				refs(x, "BaggageAllowanceRef", "BAG", a.bags.of(bag, struct{}{}))
			})
		}
	}
}

// penalties172 is what fares say about refunds and changes; a fare that leaves one of them out refers to none.
func (a *ndcPlan) penalties172(x *xmlWriter) {
	x.in("PenaltyList", nil, func() {
		for i, p := range a.penalties.keys {
			if p.refund == unsaid || p.change == unsaid {
				continue
			}
			x.in("Penalty", at{
				"ObjectKey", "PEN" + strconv.Itoa(i+1), "CancelFeeInd", strconv.FormatBool(p.refund == forFee), "ChangeFeeInd", strconv.FormatBool(p.change == forFee),
				"ChangeAllowedInd", strconv.FormatBool(p.change != never), "RefundableInd", strconv.FormatBool(p.refund != never),
			}, func() {
				x.in("Details", nil, func() {
					a.penalty172(x, "Cancel", p.refund, refundEuros)
					a.penalty172(x, "Change", p.change, changeEuros)
				})
			})
		}
	})
}

func (a *ndcPlan) penalty172(x *xmlWriter, kind string, r rule, euros int64) {
	if r == never {
		return
	}
	fee := a.fee(r, euros)
	x.in("Detail", nil, func() {
		x.leaf("Type", kind)
		x.in("Amounts", nil, func() {
			x.in("Amount", nil, func() {
				x.leaf("CurrencyAmountValue", a.habits.amount(fee), "Code", string(fee.Currency))
				x.leaf("AmountApplication", "MAX")
			})
		})
	})
}
