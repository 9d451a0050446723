package ota

import (
	"strconv"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// breakdown is what one passenger of a group pays and gets; the quantity says how many pay it.
func (w *airWriter) breakdown(x *exchange.XMLWriter, t *world.Trip, g world.FareGroup, price world.GroupPrice) {
	x.In("PTC_FareBreakdown", nil, func() {
		x.Empty("PassengerTypeQuantity", "Code", g.Code, "Quantity", strconv.Itoa(g.Count))
		x.In("FareBasisCodes", nil, func() {
			for _, s := range t.Slices {
				for i, leg := range s.Legs {
					basis := world.FareBasis(s.Brand, leg)
					attrs := []string{"ArrivalAirportCode", string(leg.To.Code), "BookingCode", basis[:1], "DepartureAirportCode", string(leg.From.Code)}
					if i == 0 {
						attrs = append(attrs, "FareComponentBeginAirport", string(s.From().Code), "FareComponentCabinCode", world.CabinLetters[s.Brand.Cabin],
							"FareComponentEndAirport", string(s.To().Code))
					}
					x.Leaf("FareBasisCode", basis+map[world.PaxType]string{world.Child: "CH", world.Infant: "IN"}[g.Kind], append(attrs, "GovCarrier", string(leg.By.Code))...)
				}
			}
		})
		x.In("PassengerFare", nil, func() {
			w.money(x, "BaseFare", price.Filed)
			w.money(x, "EquivFare", price.Base)
			x.In("Taxes", nil, func() {
				carrier := price.Taxes
				carrier.Minor = carrier.Minor * 2 / 5
				rest := price.Taxes
				rest.Minor -= carrier.Minor
				w.money(x, "Tax", carrier, "TaxCode", "YQF")
				w.money(x, "Tax", rest, "TaxCode", string(t.Slices[0].From().Country), "CountryCode", string(t.Slices[0].From().Country))
				w.money(x, "TotalTax", price.Taxes)
			})
			w.money(x, "TotalFare", price.Total)
			w.penalties(x, t)
			x.In("TPA_Extensions", nil, func() {
				w.bags(x, t, g)
				w.brands(x, t)
			})
		})
		if refund, _ := t.Rules(); refund == world.Never {
			x.Empty("Endorsements", "NonRefundableIndicator", "true")
		}
		w.fareInfos(x, t)
	})
}

// penalties are the conditions for one passenger, before departure and after.
func (w *airWriter) penalties(x *exchange.XMLWriter, t *world.Trip) {
	refund, change := t.Rules()
	if refund == world.Unsaid && change == world.Unsaid {
		return
	}
	x.In("PenaltiesInfo", nil, func() {
		for _, c := range []struct {
			kind, may string
			rule      world.Rule
			euros     int
		}{{"Exchange", "Changeable", change, 60}, {"Refund", "Refundable", refund, 90}} {
			fee := world.InCurrency(int64(c.euros*100*len(t.Slices)), w.Seller.Currency)
			switch c.rule {
			case world.Unsaid:
				continue
			case world.Never:
				x.Empty("Penalty", "Type", c.kind, "Applicability", "Before", c.may, "false")
			case world.ForFree:
				w.money(x, "Penalty", travel.Money{Currency: fee.Currency}, "Type", c.kind, "Applicability", "Before", c.may, "true")
			case world.ForFee:
				w.money(x, "Penalty", fee, "Type", c.kind, "Applicability", "Before", c.may, "true")
			}
			x.Empty("Penalty", "Type", c.kind, "Applicability", "After", c.may, "false")
		}
	})
}

// bags are the allowances slice by slice; their segments are numbered through the whole
// trip. A baby on a lap has none.
func (w *airWriter) bags(x *exchange.XMLWriter, t *world.Trip, g world.FareGroup) {
	if t.ID.Str("bags").Chance(80) {
		return // says nothing
	}
	x.In("BaggageInformationList", nil, func() {
		first := 0
		for _, s := range t.Slices {
			for _, allowance := range []struct {
				kind   string
				pieces int
			}{{"A", s.Brand.Checked}, {"B", s.Brand.CabinBags}} {
				pieces := allowance.pieces
				if g.Kind == world.Infant {
					pieces = 0
				}
				x.In("BaggageInformation", exchange.At{"AirlineCode", string(s.Legs[0].By.Code), "ProvisionType", allowance.kind}, func() {
					for i := range s.Legs {
						x.Empty("Segment", "Id", strconv.Itoa(first+i))
					}
					x.Empty("Allowance", "Pieces", strconv.Itoa(pieces))
				})
			}
			first += len(s.Legs)
		}
	})
}

// brands name the fare of each slice.
func (w *airWriter) brands(x *exchange.XMLWriter, t *world.Trip) {
	x.In("FareComponents", nil, func() {
		for i, s := range t.Slices {
			x.In("FareComponent", exchange.At{"FareBasisCode", world.FareBasis(s.Brand, s.Legs[0]), "BrandID", "B" + strconv.Itoa(int(s.Brand.Factor)), "BrandName", s.Brand.Name, "ProgramID", "7" + string(t.Seller.Code)}, func() {
				for n := range s.Legs {
					x.Empty("Segment", "FlightIndex", strconv.Itoa(n+1), "LegIndex", strconv.Itoa(i+1))
				}
			})
		}
	})
}

// fareInfos are booking class, seats and cabin, segment by segment.
func (w *airWriter) fareInfos(x *exchange.XMLWriter, t *world.Trip) {
	x.In("FareInfos", nil, func() {
		for i := range t.Slices {
			s := &t.Slices[i]
			for _, leg := range s.Legs {
				x.In("FareInfo", nil, func() {
					class := world.FareBasis(s.Brand, leg)[:1]
					x.Leaf("FareReference", class)
					x.In("TPA_Extensions", nil, func() {
						x.Empty("SeatsRemaining", "BelowMin", "false", "Number", strconv.Itoa(w.Seats(leg, class)))
						x.Empty("Cabin", "Cabin", world.CabinLetters[s.CabinOn(leg)])
						if !w.lean && leg.Km > 1500 {
							x.Empty("Meal", "Code", "M")
						}
					})
				})
			}
		}
	})
}
