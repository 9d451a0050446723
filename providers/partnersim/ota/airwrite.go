package ota

import (
	"strconv"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// airWriter renders one answer.
type airWriter struct {
	*air
	q    *airRequest
	now  time.Time
	lean bool
}

func (w *airWriter) write(trips []world.Trip, wrap exchange.Envelope) []byte {
	x := &exchange.XMLWriter{Buf: []byte(`<?xml version="1.0" encoding="UTF-8"?>`), Pretty: w.RNG.Str("pretty").Chance(400)}
	// Half of the partners put the dearer brands of the same flights under the cheapest.
	under := !w.lean && w.RNG.Str("additional").Chance(500)
	wrap.Around(x, w.now, func() {
		asRoot(x, w.Inventory, "OTA_AirLowFareSearchRS", "6.6.0", w.now, func() {
			x.Empty("Success")
			if w.RNG.Str("warnings").Chance(500) {
				x.In("Warnings", nil, func() {
					x.Empty("Warning", "Type", "MIP", "Code", "PROCESS", "ShortText", "NO FARE FOR CLASS USED")
				})
			}
			x.In("PricedItineraries", nil, func() {
				for i, n := 0, 1; i < len(trips); n++ {
					end := i + 1
					for under && end < len(trips) && world.SameFlights(&trips[i], &trips[end]) {
						end++
					}
					w.itinerary(x, trips[i:end], n)
					i = end
				}
			})
		})
	})
	return x.Buf
}

func (w *airWriter) itinerary(x *exchange.XMLWriter, trips []world.Trip, number int) {
	t := &trips[0]
	x.In("PricedItinerary", exchange.At{"SequenceNumber", strconv.Itoa(number)}, func() {
		direction := map[int]string{1: "OneWay", 2: "Return"}[len(t.Slices)]
		if direction == "" {
			direction = "Other"
		}
		x.In("AirItinerary", exchange.At{"DirectionInd", direction}, func() {
			x.In("OriginDestinationOptions", nil, func() {
				for i := range t.Slices {
					s := &t.Slices[i]
					x.In("OriginDestinationOption", exchange.At{"ElapsedTime", strconv.Itoa(s.Minutes())}, func() {
						for _, leg := range s.Legs {
							w.segment(x, s, leg)
						}
					})
				}
			})
		})
		w.pricing(x, t)
		x.In("TicketingInfo", exchange.At{"TicketType", "eTicket"}, func() {})
		if len(trips) > 1 {
			x.In("TPA_Extensions", nil, func() {
				for i := range trips[1:] {
					x.In("AdditionalFares", nil, func() { w.pricing(x, &trips[1+i]) })
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

func (w *airWriter) segment(x *exchange.XMLWriter, s *world.TripSlice, leg world.Sold) {
	const wall = "2006-01-02T15:04:05"
	station := func(name string, a *world.Airport, terminal string) {
		attrs := []string{"LocationCode", string(a.Code)}
		if terminal != "" {
			attrs = append(attrs, "TerminalID", terminal)
		}
		x.Empty(name, attrs...)
	}
	x.In("FlightSegment", exchange.At{
		"ArrivalDateTime", leg.Arr.Format(wall), "DepartureDateTime", leg.Dep.Format(wall), "ElapsedTime", strconv.Itoa(leg.Minutes()),
		"FlightNumber", strconv.Itoa(leg.ByNumber), "ResBookDesigCode", world.FareBasis(s.Brand, leg)[:1], "StopQuantity", "0",
	}, func() {
		station("DepartureAirport", leg.From, leg.FromTerm)
		station("ArrivalAirport", leg.To, leg.Term)
		if !leg.OperatorUnsaid {
			attrs := []string{"Code", string(leg.Code)}
			if !leg.OpNumberUnsaid {
				attrs = append(attrs, "FlightNumber", strconv.Itoa(leg.Flight.Number))
			}
			x.Empty("OperatingAirline", attrs...)
		}
		x.Empty("Equipment", "AirEquipType", leg.Plane.Code)
		x.Empty("MarketingAirline", "Code", string(leg.By.Code))
		if !w.lean && !leg.OperatorUnsaid && leg.By != leg.Carrier {
			x.Empty("DisclosureAirline", "Code", string(leg.Code))
		}
		x.Empty("DepartureTimeZone", "GMTOffset", offsetHours(leg.Dep))
		x.Empty("ArrivalTimeZone", "GMTOffset", offsetHours(leg.Arr))
		if !w.lean {
			x.In("TPA_Extensions", nil, func() {
				x.Empty("eTicket", "Ind", "true")
				x.Empty("Mileage", "Amount", strconv.Itoa(leg.Km*1000/1609))
			})
		}
	})
}

// money writes an amount in the decimal form, with how many decimals it has.
func (w *airWriter) money(x *exchange.XMLWriter, name string, m travel.Money, more ...string) {
	exponent, _ := m.Currency.Exponent()
	x.Empty(name, append([]string{"Amount", m.Decimal(), "CurrencyCode", string(m.Currency), "DecimalPlaces", strconv.Itoa(exponent)}, more...)...)
}

func (w *airWriter) pricing(x *exchange.XMLWriter, t *world.Trip) {
	each, all := world.Priced(t, w.q.groups, w.Seller.Currency)
	last := w.LastTicket(t, w.now)
	attrs := exchange.At{"PricingSource", "ADVJR1", "LastTicketDate", last.Format(time.DateOnly)}
	if t.ID.Str("ticket time").Chance(600) {
		attrs = append(attrs, "LastTicketTime", "23:59")
	}
	x.In("AirItineraryPricingInfo", attrs, func() {
		x.In("ItinTotalFare", nil, func() {
			w.money(x, "BaseFare", all.Filed)
			w.money(x, "EquivFare", all.Base)
			x.In("Taxes", nil, func() { w.money(x, "Tax", all.Taxes, "TaxCode", "TOTALTAX") })
			w.money(x, "TotalFare", all.Total)
		})
		x.In("PTC_FareBreakdowns", nil, func() {
			for i, g := range w.q.groups {
				w.breakdown(x, t, g, each[i])
			}
		})
		w.fareInfos(x, t)
		x.In("TPA_Extensions", nil, func() {
			x.Empty("DivideInParty", "Indicator", "false")
			x.In("ValidatingCarrier", nil, func() { x.Empty("Default", "Code", string(t.Seller.Code)) })
		})
	})
}
