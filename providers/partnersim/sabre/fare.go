package sabre

import (
	"strconv"
	"time"

	"fanfare/providers/partnersim/world"
)

// sums writes a price under the vendor's names; what the whole is called differs.
func sums(total string, p world.GroupPrice) obj {
	return obj{total: number(p.Total), "totalTaxAmount": number(p.Taxes), "currency": p.Total.Currency, "baseFareAmount": number(p.Filed),
		"baseFareCurrency": p.Filed.Currency, "equivalentAmount": number(p.Base), "equivalentCurrency": p.Base.Currency}
}

// fare is one price of an itinerary: a brand on each of its legs.
func (w *writer) fare(t *world.Trip) obj {
	each, all := world.Priced(t, w.q.groups, w.q.currency)
	carriers := ""
	for _, s := range t.Slices {
		carriers += " " + string(s.Legs[0].By.Code)
	}
	var people []obj
	for i, g := range w.q.groups {
		people = append(people, obj{"passengerInfo": w.passenger(t, g, each[i])})
	}
	validating := w.validating.ref(string(t.Seller.Code), func() obj {
		return obj{"settlementMethod": "BSP", "newVcxProcess": true, "default": obj{"code": t.Seller.Code}}
	})
	o := obj{
		"validatingCarrierCode": t.Seller.Code, "vita": true, "eTicketable": true, "governingCarriers": carriers[1:],
		"lastTicketDate": w.LastTicket(t, w.now).Format(time.DateOnly), "passengerInfoList": people, "totalFare": sums("totalPrice", all),
		"validatingCarriers": []obj{{"ref": validating}},
	}
	if t.ID.Str("ticket time").Chance(600) {
		o["lastTicketTime"] = "23:59"
	}
	return o
}

func (w *writer) passenger(t *world.Trip, g world.FareGroup, price world.GroupPrice) obj {
	var components []obj
	for i := range t.Slices {
		components = append(components, w.components(&t.Slices[i], g)...)
	}
	refund, _ := t.Rules()
	tax := w.taxes.ref(string(t.Slices[0].From().Code)+g.Code+price.Taxes.Decimal(), func() obj {
		return obj{"code": "YQF", "amount": number(price.Taxes), "currency": price.Taxes.Currency, "description": "SERVICE FEE - CARRIER-IMPOSED",
			"publishedAmount": number(price.Taxes), "publishedCurrency": price.Taxes.Currency, "station": t.Slices[0].From().Code}
	})
	o := obj{
		"passengerType": g.Code, "passengerNumber": g.Count, "nonRefundable": refund == world.Never, "fareComponents": components,
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
func (w *writer) components(s *world.TripSlice, g world.FareGroup) []obj {
	var all []obj
	for i := 0; i < len(s.Legs); {
		basis := world.FareBasis(s.Brand, s.Legs[i])
		var segments, empties []obj
		first := s.Legs[i]
		last := first
		for ; i < len(s.Legs) && world.FareBasis(s.Brand, s.Legs[i]) == basis; i++ {
			last = s.Legs[i]
			segment := obj{"bookingCode": basis[:1], "cabinCode": world.CabinLetters[s.CabinOn(last)], "seatsAvailable": w.Seats(last, basis[:1])}
			if last.Km > 1500 && !w.lean {
				segment["mealCode"] = "M"
			}
			if i > 0 {
				segment["availabilityBreak"] = true
			}
			segments, empties = append(segments, obj{"segment": segment}), append(empties, obj{"segment": obj{}})
		}
		code := basis + map[world.PaxType]string{world.Child: "CH", world.Infant: "IN"}[g.Kind]
		id := w.fares.ref(code+g.Code+s.Brand.Name+strconv.Itoa(len(segments)), func() obj {
			return obj{
				"governingCarrier": first.By.Code, "fareBasisCode": code, "farePassengerType": g.Code, "cabinCode": world.CabinLetters[s.Brand.Cabin],
				"vendorCode": "ATP", "fareTypeBitmap": "00", "fareType": "XEX", "fareTariff": "44", "fareRule": "2291", "segments": empties,
				"brand": obj{"code": "B" + strconv.Itoa(s.Brand.Factor), "brandName": s.Brand.Name, "programId": "136131", "programCode": "SIM" + string(first.By.Code)},
			}
		})
		all = append(all, obj{"ref": id, "beginAirport": first.From.Code, "endAirport": last.To.Code, "segments": segments})
	}
	return all
}

// baggage is the allowances slice by slice, A checked and B carried on; segments are
// numbered through the whole trip. A baby on a lap has none.
func (w *writer) baggage(t *world.Trip, g world.FareGroup) []obj {
	if t.ID.Str("bags").Chance(80) {
		return nil // says nothing
	}
	var all []obj
	first := 0
	for _, s := range t.Slices {
		var segments []obj
		for i := range s.Legs {
			segments = append(segments, obj{"id": first + i})
		}
		first += len(s.Legs)
		for _, kind := range []string{"A", "B"} {
			pieces := map[string]int{"A": s.Brand.Checked, "B": s.Brand.CabinBags}[kind]
			if g.Kind == world.Infant {
				pieces = 0
			}
			ref := w.bags.ref(strconv.Itoa(pieces), func() obj { return obj{"pieceCount": pieces} })
			all = append(all, obj{"provisionType": kind, "airlineCode": s.Legs[0].By.Code, "segments": segments, "allowance": obj{"ref": ref}})
		}
	}
	return all
}

// penalties are the conditions for one passenger, before departure and after.
func (w *writer) penalties(t *world.Trip) []obj {
	refund, change := t.Rules()
	var all []obj
	for _, c := range []struct {
		kind, may string
		rule      world.Rule
		euros     int
	}{{"Exchange", "changeable", change, 60}, {"Refund", "refundable", refund, 90}} {
		if c.rule == world.Unsaid {
			continue
		}
		before := obj{"type": c.kind, "applicability": "Before", c.may: c.rule != world.Never}
		if c.rule != world.Never {
			cents := 0
			if c.rule == world.ForFee {
				cents = c.euros * 100 * len(t.Slices)
			}
			fee := world.InCurrency(int64(cents), w.q.currency)
			before["amount"], before["currency"] = number(fee), fee.Currency
		}
		all = append(all, before, obj{"type": c.kind, "applicability": "After", c.may: false})
	}
	return all
}
