package partnersim

import (
	"strconv"
	"time"

	"fanfare/providers/travel"
)

// otaAirWriter renders one answer.
type otaAirWriter struct {
	*otaAir
	q    *otaAirRequest
	now  time.Time
	lean bool
}

func (w *otaAirWriter) write(trips []trip, wrap ndcWrap) []byte {
	x := &xmlWriter{buf: []byte(`<?xml version="1.0" encoding="UTF-8"?>`), pretty: w.dice.str("pretty").chance(400)}
	// Half of the partners put the dearer brands of the same flights under the cheapest.
	under := !w.lean && w.dice.str("additional").chance(500)
	wrap.around(x, w.now, func() {
		otaRoot(x, w.assortment, "OTA_AirLowFareSearchRS", "6.6.0", w.now, func() {
			x.empty("Success")
			if w.dice.str("warnings").chance(500) {
				x.in("Warnings", nil, func() {
					x.empty("Warning", "Type", "MIP", "Code", "PROCESS", "ShortText", "NO FARE FOR CLASS USED")
				})
			}
			x.in("PricedItineraries", nil, func() {
				for i, n := 0, 1; i < len(trips); n++ {
					end := i + 1
					for under && end < len(trips) && sameFlights(&trips[i], &trips[end]) {
						end++
					}
					w.itinerary(x, trips[i:end], n)
					i = end
				}
			})
		})
	})
	return x.buf
}

func (w *otaAirWriter) itinerary(x *xmlWriter, trips []trip, number int) {
	t := &trips[0]
	x.in("PricedItinerary", at{"SequenceNumber", strconv.Itoa(number)}, func() {
		direction := map[int]string{1: "OneWay", 2: "Return"}[len(t.slices)]
		if direction == "" {
			direction = "Other"
		}
		x.in("AirItinerary", at{"DirectionInd", direction}, func() {
			x.in("OriginDestinationOptions", nil, func() {
				for i := range t.slices {
					s := &t.slices[i]
					x.in("OriginDestinationOption", at{"ElapsedTime", strconv.Itoa(s.minutes())}, func() {
						for _, leg := range s.legs {
							w.segment(x, s, leg)
						}
					})
				}
			})
		})
		w.pricing(x, t)
		x.in("TicketingInfo", at{"TicketType", "eTicket"}, func() {})
		if len(trips) > 1 {
			x.in("TPA_Extensions", nil, func() {
				for i := range trips[1:] {
					x.in("AdditionalFares", nil, func() { w.pricing(x, &trips[1+i]) })
				}
			})
		}
	})
}

// offsetHours is how the vendor writes a zone: hours, 5.5 for half ones.
func offsetHours(t time.Time) string {
	_, seconds := t.Zone()
	return strconv.FormatFloat(float64(seconds)/3600, 'f', -1, 64)
}

func (w *otaAirWriter) segment(x *xmlWriter, s *tripSlice, leg sold) {
	const wall = "2006-01-02T15:04:05"
	station := func(name string, a *airport, terminal string) {
		attrs := []string{"LocationCode", string(a.Code)}
		if terminal != "" {
			attrs = append(attrs, "TerminalID", terminal)
		}
		x.empty(name, attrs...)
	}
	x.in("FlightSegment", at{
		"ArrivalDateTime", leg.arr.Format(wall), "DepartureDateTime", leg.dep.Format(wall), "ElapsedTime", strconv.Itoa(leg.minutes()),
		"FlightNumber", strconv.Itoa(leg.byNumber), "ResBookDesigCode", fareBasis(s.brand, leg)[:1], "StopQuantity", "0",
	}, func() {
		station("DepartureAirport", leg.from, leg.fromTerm)
		station("ArrivalAirport", leg.to, leg.term)
		if !leg.operatorUnsaid {
			attrs := []string{"Code", string(leg.Code)}
			if !leg.opNumberUnsaid {
				attrs = append(attrs, "FlightNumber", strconv.Itoa(leg.flight.number))
			}
			x.empty("OperatingAirline", attrs...)
		}
		x.empty("Equipment", "AirEquipType", leg.plane.Code)
		x.empty("MarketingAirline", "Code", string(leg.by.Code))
		if !w.lean && !leg.operatorUnsaid && leg.by != leg.carrier {
			x.empty("DisclosureAirline", "Code", string(leg.Code))
		}
		x.empty("DepartureTimeZone", "GMTOffset", offsetHours(leg.dep))
		x.empty("ArrivalTimeZone", "GMTOffset", offsetHours(leg.arr))
		if !w.lean {
			x.in("TPA_Extensions", nil, func() {
				x.empty("eTicket", "Ind", "true")
				x.empty("Mileage", "Amount", strconv.Itoa(leg.km*1000/1609))
			})
		}
	})
}

// money writes an amount in the decimal form, with how many decimals it has.
func (w *otaAirWriter) money(x *xmlWriter, name string, m travel.Money, more ...string) {
	exponent, _ := m.Currency.Exponent()
	x.empty(name, append([]string{"Amount", m.Decimal(), "CurrencyCode", string(m.Currency), "DecimalPlaces", strconv.Itoa(exponent)}, more...)...)
}

func (w *otaAirWriter) pricing(x *xmlWriter, t *trip) {
	each, all := priced(t, w.q.groups, w.spec.Currency)
	last := w.lastTicket(t, w.now)
	attrs := at{"PricingSource", "ADVJR1", "LastTicketDate", last.Format(time.DateOnly)}
	if t.id.str("ticket time").chance(600) {
		attrs = append(attrs, "LastTicketTime", "23:59")
	}
	x.in("AirItineraryPricingInfo", attrs, func() {
		x.in("ItinTotalFare", nil, func() {
			w.money(x, "BaseFare", all.filed)
			w.money(x, "EquivFare", all.base)
			x.in("Taxes", nil, func() { w.money(x, "Tax", all.taxes, "TaxCode", "TOTALTAX") })
			w.money(x, "TotalFare", all.total)
		})
		x.in("PTC_FareBreakdowns", nil, func() {
			for i, g := range w.q.groups {
				w.breakdown(x, t, g, each[i])
			}
		})
		w.fareInfos(x, t)
		x.in("TPA_Extensions", nil, func() {
			x.empty("DivideInParty", "Indicator", "false")
			x.in("ValidatingCarrier", nil, func() { x.empty("Default", "Code", string(t.seller.Code)) })
		})
	})
}
