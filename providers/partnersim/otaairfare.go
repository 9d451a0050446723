package partnersim

import (
	"strconv"

	"fanfare/providers/travel"
)

// breakdown is what one passenger of a group pays and gets; the quantity says how many pay it.
func (w *otaAirWriter) breakdown(x *xmlWriter, t *trip, g fareGroup, price groupPrice) {
	x.in("PTC_FareBreakdown", nil, func() {
		x.empty("PassengerTypeQuantity", "Code", g.code, "Quantity", strconv.Itoa(g.count))
		x.in("FareBasisCodes", nil, func() {
			for _, s := range t.slices {
				for i, leg := range s.legs {
					basis := fareBasis(s.brand, leg)
					attrs := []string{"ArrivalAirportCode", string(leg.to.Code), "BookingCode", basis[:1], "DepartureAirportCode", string(leg.from.Code)}
					if i == 0 {
						attrs = append(attrs, "FareComponentBeginAirport", string(s.from().Code), "FareComponentCabinCode", cabinLetters[s.brand.Cabin],
							"FareComponentEndAirport", string(s.to().Code))
					}
					x.leaf("FareBasisCode", basis+map[paxType]string{child: "CH", infant: "IN"}[g.kind], append(attrs, "GovCarrier", string(leg.by.Code))...)
				}
			}
		})
		x.in("PassengerFare", nil, func() {
			w.money(x, "BaseFare", price.filed)
			w.money(x, "EquivFare", price.base)
			x.in("Taxes", nil, func() {
				carrier := price.taxes
				carrier.Minor = carrier.Minor * 2 / 5
				rest := price.taxes
				rest.Minor -= carrier.Minor
				w.money(x, "Tax", carrier, "TaxCode", "YQF")
				w.money(x, "Tax", rest, "TaxCode", string(t.slices[0].from().Country), "CountryCode", string(t.slices[0].from().Country))
				w.money(x, "TotalTax", price.taxes)
			})
			w.money(x, "TotalFare", price.total)
			w.penalties(x, t)
			x.in("TPA_Extensions", nil, func() {
				w.bags(x, t, g)
				w.brands(x, t)
			})
		})
		if refund, _ := t.rules(); refund == never {
			x.empty("Endorsements", "NonRefundableIndicator", "true")
		}
		w.fareInfos(x, t)
	})
}

// penalties are the conditions for one passenger, before departure and after.
func (w *otaAirWriter) penalties(x *xmlWriter, t *trip) {
	refund, change := t.rules()
	if refund == unsaid && change == unsaid {
		return
	}
	x.in("PenaltiesInfo", nil, func() {
		for _, c := range []struct {
			kind, may string
			rule      rule
			euros     int
		}{{"Exchange", "Changeable", change, 60}, {"Refund", "Refundable", refund, 90}} {
			fee := inCurrency(int64(c.euros*100*len(t.slices)), w.spec.Currency)
			switch c.rule {
			case unsaid:
				continue
			case never:
				x.empty("Penalty", "Type", c.kind, "Applicability", "Before", c.may, "false")
			case forFree:
				w.money(x, "Penalty", travel.Money{Currency: fee.Currency}, "Type", c.kind, "Applicability", "Before", c.may, "true")
			case forFee:
				w.money(x, "Penalty", fee, "Type", c.kind, "Applicability", "Before", c.may, "true")
			}
			x.empty("Penalty", "Type", c.kind, "Applicability", "After", c.may, "false")
		}
	})
}

// bags are the allowances slice by slice; their segments are numbered through the whole
// trip. A baby on a lap has none.
func (w *otaAirWriter) bags(x *xmlWriter, t *trip, g fareGroup) {
	if t.id.str("bags").chance(80) {
		return // says nothing
	}
	x.in("BaggageInformationList", nil, func() {
		first := 0
		for _, s := range t.slices {
			for _, allowance := range []struct {
				kind   string
				pieces int
			}{{"A", s.brand.Checked}, {"B", s.brand.CabinBags}} {
				pieces := allowance.pieces
				if g.kind == infant {
					pieces = 0
				}
				x.in("BaggageInformation", at{"AirlineCode", string(s.legs[0].by.Code), "ProvisionType", allowance.kind}, func() {
					for i := range s.legs {
						x.empty("Segment", "Id", strconv.Itoa(first+i))
					}
					x.empty("Allowance", "Pieces", strconv.Itoa(pieces))
				})
			}
			first += len(s.legs)
		}
	})
}

// brands name the fare of each slice.
func (w *otaAirWriter) brands(x *xmlWriter, t *trip) {
	x.in("FareComponents", nil, func() {
		for i, s := range t.slices {
			x.in("FareComponent", at{"FareBasisCode", fareBasis(s.brand, s.legs[0]), "BrandID", "B" + strconv.Itoa(int(s.brand.Factor)), "BrandName", s.brand.Name, "ProgramID", "7" + string(t.seller.Code)}, func() {
				for n := range s.legs {
					x.empty("Segment", "FlightIndex", strconv.Itoa(n+1), "LegIndex", strconv.Itoa(i+1))
				}
			})
		}
	})
}

// fareInfos are booking class, seats and cabin, segment by segment.
func (w *otaAirWriter) fareInfos(x *xmlWriter, t *trip) {
	x.in("FareInfos", nil, func() {
		for i := range t.slices {
			s := &t.slices[i]
			for _, leg := range s.legs {
				x.in("FareInfo", nil, func() {
					class := fareBasis(s.brand, leg)[:1]
					x.leaf("FareReference", class)
					x.in("TPA_Extensions", nil, func() {
						x.empty("SeatsRemaining", "BelowMin", "false", "Number", strconv.Itoa(w.seats(leg, class)))
						x.empty("Cabin", "Cabin", cabinLetters[s.cabinOn(leg)])
						if !w.lean && leg.km > 1500 {
							x.empty("Meal", "Code", "M")
						}
					})
				})
			}
		}
	})
}
