package ndc

import (
	"strconv"
	"strings"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

func (a *planDoc) offer172(x *exchange.XMLWriter, o *offerDoc, number int) {
	key := rng.ID("", o.d, 10)
	n := strconv.Itoa(number)
	x.In("Offer", exchange.At{"OfferID", key + "-OfferID-" + n, "Owner", string(o.owner.Code)}, func() {
		if !a.lean {
			x.In("Parameters", nil, func() {
				for _, g := range a.groups {
					x.In("PTC_Priced", nil, func() { x.Leaf("Priced", g.ptc) })
				}
			})
		}
		x.In("TimeLimits", nil, func() { x.Empty("OfferExpiration", "DateTime", o.expires.Format(zoned)) })
		x.In("TotalPrice", nil, func() {
			x.In("DetailCurrencyPrice", nil, func() {
				x.Leaf("Total", a.quirks.amount(o.total), "Code", string(o.total.Currency))
				if !a.lean {
					x.In("Taxes", nil, func() { x.Leaf("Total", a.quirks.amount(o.taxes), "Code", string(o.taxes.Currency)) })
				}
			})
		})
		for i := range a.groups {
			a.item172(x, o, i, key+"-OfferItemID-"+n+"-"+strconv.Itoa(i+1))
		}
		if a.quirks.optional && o.d.Str("optional").Chance(500) {
			a.sideItem172(x, o, key+"-OfferItemID-"+n+"-"+strconv.Itoa(len(a.groups)+1))
		}
		if !o.bagless {
			a.bagRefs172(x, o)
		}
	})
}

// flights172 is what FlightRefs says: alternatives of one direction, or, combined, one flight for each slice.
func (a *planDoc) flights172(parts ...partDoc) string {
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
func (a *planDoc) item172(x *exchange.XMLWriter, o *offerDoc, group int, id string) {
	g, price := a.groups[group], o.prices[group]
	cur := string(price.total.Currency)
	x.In("OfferItem", exchange.At{"OfferItemID", id}, func() {
		x.In("TotalPriceDetail", nil, func() {
			x.In("TotalAmount", nil, func() { x.Leaf("SimpleCurrencyPrice", a.quirks.amount(price.total), "Code", cur) })
			base, surcharge := a.surcharged(price.base)
			x.Leaf("BaseAmount", a.quirks.amount(base), "Code", cur)
			if surcharge.Minor > 0 {
				a.surcharge172(x, surcharge)
			}
			x.In("Taxes", nil, func() { x.Leaf("Total", a.quirks.amount(price.taxes)) })
		})
		x.In("Service", exchange.At{"ServiceID", "SV" + id}, func() {
			x.Leaf("PassengerRefs", strings.Join(g.ids, " "))
			refs(x, "ServiceRef", "PC", o.parts[0].class)
			x.Leaf("FlightRefs", a.flights172(o.parts...))
		})
		x.In("FareDetail", nil, func() {
			if !a.lean {
				base, _ := a.surcharged(price.base)
				x.In("Price", nil, func() { x.Leaf("BaseAmount", a.quirks.amount(base), "Code", cur) })
			}
			for i := range o.parts {
				a.components172(x, &o.parts[i])
			}
		})
	})
}

// surcharged splits a fare into what some airlines call fare and what they call fuel surcharge.
func (a *planDoc) surcharged(fare travel.Money) (base, surcharge travel.Money) {
	base, surcharge = fare, travel.Money{Currency: fare.Currency}
	if a.quirks.surcharge {
		surcharge.Minor = rng.Permille(fare.Minor, 280)
		base.Minor -= surcharge.Minor
	}
	return base, surcharge
}

func (a *planDoc) surcharge172(x *exchange.XMLWriter, m travel.Money) {
	x.In("Surcharges", nil, func() {
		x.In("Surcharge", nil, func() {
			x.Leaf("Total", a.quirks.amount(m))
			x.In("Breakdown", nil, func() {
				x.In("Fee", nil, func() {
					x.Leaf("Amount", a.quirks.amount(m))
					x.Leaf("Designator", "YQ")
					x.Leaf("Description", "Fuel surcharge")
				})
			})
		})
	})
}

// components172 is a fare for each segment: alternatives have as many of them. Combined it is one for the slice.
func (a *planDoc) components172(x *exchange.XMLWriter, part *partDoc) {
	s := &part.first
	legs := s.Legs
	if a.combined {
		legs = legs[:1]
	}
	for _, leg := range legs {
		x.In("FareComponent", nil, func() {
			x.In("FareBasis", nil, func() {
				x.In("FareBasisCode", nil, func() { x.Leaf("Code", strings.ToUpper(world.FareBasis(s.Brand, leg))) })
				x.In("CabinType", nil, func() {
					x.Leaf("CabinTypeCode", cabinLetters[s.CabinOn(leg)])
					x.Leaf("CabinTypeName", s.Brand.Name) // the brand: airlines do that
				})
			})
			x.In("FareRules", nil, func() {
				if s.Brand.Refund != world.Unsaid && s.Brand.Change != world.Unsaid {
					x.Empty("Penalty", "refs", "PEN"+strconv.Itoa(part.penalty))
				}
				if !a.lean {
					x.Empty("CorporateFare", "PricedInd", "false")
				}
			})
			if a.combined {
				refs(x, "PriceClassRef", "PC", part.class)
				x.Leaf("SegmentRefs", joined("SEG", part.legs))
			}
		})
	}
}

// sideItem172 is an item that is not in the offer's total.
func (a *planDoc) sideItem172(x *exchange.XMLWriter, o *offerDoc, id string) {
	_, price := a.sideItem(o)
	x.In("OfferItem", exchange.At{"MandatoryInd", "false", "OfferItemID", id}, func() {
		x.In("TotalPriceDetail", nil, func() {
			x.In("TotalAmount", nil, func() {
				x.Leaf("SimpleCurrencyPrice", a.quirks.amount(price), "Code", string(price.Currency))
			})
		})
		x.In("Service", exchange.At{"ServiceID", "SV" + id}, func() {
			x.Leaf("PassengerRefs", strings.Join(a.flyers(), " "))
			x.Leaf("ServiceDefinitionRef", "SRV1")
		})
	})
}

func (a *planDoc) bagRefs172(x *exchange.XMLWriter, o *offerDoc) {
	for _, part := range o.parts {
		b := part.first.Brand
		for _, bag := range []bagKey{{true, b.Checked}, {false, b.CabinBags}} {
			x.In("BaggageAllowance", nil, func() {
				x.Leaf("FlightRefs", a.flights172(part))
				x.Leaf("PassengerRefs", strings.Join(a.flyers(), " "))
				refs(x, "BaggageAllowanceRef", "BAG", a.bags.of(bag, struct{}{}))
			})
		}
	}
}

// penalties172 is what fares say about refunds and changes; a fare that leaves one of them out refers to none.
func (a *planDoc) penalties172(x *exchange.XMLWriter) {
	x.In("PenaltyList", nil, func() {
		for i, p := range a.penalties.keys {
			if p.refund == world.Unsaid || p.change == world.Unsaid {
				continue
			}
			x.In("Penalty", exchange.At{
				"ObjectKey", "PEN" + strconv.Itoa(i+1), "CancelFeeInd", strconv.FormatBool(p.refund == world.ForFee), "ChangeFeeInd", strconv.FormatBool(p.change == world.ForFee),
				"ChangeAllowedInd", strconv.FormatBool(p.change != world.Never), "RefundableInd", strconv.FormatBool(p.refund != world.Never),
			}, func() {
				x.In("Details", nil, func() {
					a.penalty172(x, "Cancel", p.refund, refundEuros)
					a.penalty172(x, "Change", p.change, changeEuros)
				})
			})
		}
	})
}

func (a *planDoc) penalty172(x *exchange.XMLWriter, kind string, r world.Rule, euros int64) {
	if r == world.Never {
		return
	}
	fee := a.fee(r, euros)
	x.In("Detail", nil, func() {
		x.Leaf("Type", kind)
		x.In("Amounts", nil, func() {
			x.In("Amount", nil, func() {
				x.Leaf("CurrencyAmountValue", a.quirks.amount(fee), "Code", string(fee.Currency))
				x.Leaf("AmountApplication", "MAX")
			})
		})
	})
}
