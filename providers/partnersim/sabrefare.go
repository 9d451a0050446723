package partnersim

import (
	"strconv"
	"time"
)

// sums writes a price under the vendor's names; what the whole is called differs.
func sums(total string, p groupPrice) obj {
	return obj{total: number(p.total), "totalTaxAmount": number(p.taxes), "currency": p.total.Currency, "baseFareAmount": number(p.filed),
		"baseFareCurrency": p.filed.Currency, "equivalentAmount": number(p.base), "equivalentCurrency": p.base.Currency}
}

// fare is one price of an itinerary: a brand on each of its legs.
func (w *sabreWriter) fare(t *trip) obj {
	each, all := priced(t, w.q.groups, w.q.currency)
	carriers := ""
	for _, s := range t.slices {
		carriers += " " + string(s.legs[0].by.Code)
	}
	var people []obj
	for i, g := range w.q.groups {
		people = append(people, obj{"passengerInfo": w.passenger(t, g, each[i])})
	}
	validating := w.validating.ref(string(t.seller.Code), func() obj {
		return obj{"settlementMethod": "BSP", "newVcxProcess": true, "default": obj{"code": t.seller.Code}}
	})
	o := obj{
		"validatingCarrierCode": t.seller.Code, "vita": true, "eTicketable": true, "governingCarriers": carriers[1:],
		"lastTicketDate": w.lastTicket(t, w.now).Format(time.DateOnly), "passengerInfoList": people, "totalFare": sums("totalPrice", all),
		"validatingCarriers": []obj{{"ref": validating}},
	}
	if t.id.str("ticket time").chance(600) {
		o["lastTicketTime"] = "23:59"
	}
	return o
}

func (w *sabreWriter) passenger(t *trip, g fareGroup, price groupPrice) obj {
	var components []obj
	for i := range t.slices {
		components = append(components, w.components(&t.slices[i], g)...)
	}
	refund, _ := t.rules()
	tax := w.taxes.ref(string(t.slices[0].from().Code)+g.code+price.taxes.Decimal(), func() obj {
		return obj{"code": "YQF", "amount": number(price.taxes), "currency": price.taxes.Currency, "description": "SERVICE FEE - CARRIER-IMPOSED",
			"publishedAmount": number(price.taxes), "publishedCurrency": price.taxes.Currency, "station": t.slices[0].from().Code}
	})
	o := obj{
		"passengerType": g.code, "passengerNumber": g.count, "nonRefundable": refund == never, "fareComponents": components,
		"taxes": []obj{{"ref": tax}}, "passengerTotalFare": sums("totalFare", price),
	}
	if bags := w.baggage(t, g); len(bags) > 0 {
		o["baggageInformation"] = bags
	}
	if penalties := w.penalties(t); len(penalties) > 0 {
		o["penaltiesInfo"] = obj{"penalties": penalties}
	}
	return o
}

// components are the fares of a slice: one for all flights whose fare basis is the same.
func (w *sabreWriter) components(s *tripSlice, g fareGroup) []obj {
	var all []obj
	for i := 0; i < len(s.legs); {
		basis := fareBasis(s.brand, s.legs[i])
		var segments, empties []obj
		first := s.legs[i]
		last := first
		for ; i < len(s.legs) && fareBasis(s.brand, s.legs[i]) == basis; i++ {
			last = s.legs[i]
			segment := obj{"bookingCode": basis[:1], "cabinCode": cabinLetters[s.cabinOn(last)], "seatsAvailable": w.seats(last, basis[:1])}
			if last.km > 1500 && !w.lean {
				segment["mealCode"] = "M"
			}
			if i > 0 {
				segment["availabilityBreak"] = true
			}
			segments, empties = append(segments, obj{"segment": segment}), append(empties, obj{"segment": obj{}})
		}
		code := basis + map[paxType]string{child: "CH", infant: "IN"}[g.kind]
		id := w.fares.ref(code+g.code+s.brand.Name+strconv.Itoa(len(segments)), func() obj {
			return obj{
				"governingCarrier": first.by.Code, "fareBasisCode": code, "farePassengerType": g.code, "cabinCode": cabinLetters[s.brand.Cabin],
				"vendorCode": "ATP", "fareTypeBitmap": "00", "fareType": "XEX", "fareTariff": "44", "fareRule": "2291", "segments": empties,
				"brand": obj{"code": "B" + strconv.Itoa(s.brand.Factor), "brandName": s.brand.Name, "programId": "136131", "programCode": "SIM" + string(first.by.Code)},
			}
		})
		all = append(all, obj{"ref": id, "beginAirport": first.from.Code, "endAirport": last.to.Code, "segments": segments})
	}
	return all
}

// baggage is the allowances slice by slice, A checked and B carried on; segments are
// numbered through the whole trip. A baby on a lap has none.
func (w *sabreWriter) baggage(t *trip, g fareGroup) []obj {
	if t.id.str("bags").chance(80) {
		return nil // says nothing
	}
	var all []obj
	first := 0
	for _, s := range t.slices {
		var segments []obj
		for i := range s.legs {
			segments = append(segments, obj{"id": first + i})
		}
		first += len(s.legs)
		for _, kind := range []string{"A", "B"} {
			pieces := map[string]int{"A": s.brand.Checked, "B": s.brand.CabinBags}[kind]
			if g.kind == infant {
				pieces = 0
			}
			ref := w.bags.ref(strconv.Itoa(pieces), func() obj { return obj{"pieceCount": pieces} })
			all = append(all, obj{"provisionType": kind, "airlineCode": s.legs[0].by.Code, "segments": segments, "allowance": obj{"ref": ref}})
		}
	}
	return all
}

// penalties are the conditions for one passenger, before departure and after.
func (w *sabreWriter) penalties(t *trip) []obj {
	refund, change := t.rules()
	var all []obj
	for _, c := range []struct {
		kind, may string
		rule      rule
		euros     int
	}{{"Exchange", "changeable", change, 60}, {"Refund", "refundable", refund, 90}} {
		if c.rule == unsaid {
			continue
		}
		before := obj{"type": c.kind, "applicability": "Before", c.may: c.rule != never}
		if c.rule != never {
			cents := 0
			if c.rule == forFee {
				cents = c.euros * 100 * len(t.slices)
			}
			fee := inCurrency(int64(cents), w.q.currency)
			before["amount"], before["currency"] = number(fee), fee.Currency
		}
		all = append(all, before, obj{"type": c.kind, "applicability": "After", c.may: false})
	}
	return all
}
