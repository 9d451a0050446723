package partnersim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// travelportTypes are the passenger types that the simulator prices.
var travelportTypes = map[string]paxType{"ADT": adult, "CNN": child, "CHD": child, "INS": child, "INF": infant}

var travelportCabins = map[string]travel.Cabin{"": travel.Economy, "Economy": travel.Economy, "PremiumEconomy": travel.PremiumEconomy, "Business": travel.Business, "First": travel.First}

// travelportFlights writes the answer to one low fare search.
type travelportFlights struct {
	*travelport
	x        *xmlWriter
	currency travel.Currency
	types    []string // of passengers, in the order asked for
	count    map[string]int
	trips    []trip
}

// flights answers a LowFareSearchReq.
func (p *travelport) flights(m *xmlNode, now time.Time, exactly int) ([]byte, *travelportError) {
	wrong := func(format string, args ...any) *travelportError {
		return &travelportError{"3003", "AIR", "Validation", fmt.Sprintf(format, args...)}
	}
	q := ask{maxStops: -1, cabin: travel.Economy}
	w := &travelportFlights{travelport: p, currency: p.spec.Currency, count: map[string]int{}}
	for i, leg := range m.all("SearchAirLeg") {
		date, err := travel.ParseDate(leg.kid("SearchDepTime").attrOr("PreferredTime"))
		s := askSlice{p.airports(leg.kid("SearchOrigin")), p.airports(leg.kid("SearchDestination")), date}
		switch {
		case err != nil:
			return nil, wrong("SearchAirLeg %d has no PreferredTime", i+1)
		case len(s.from) == 0 || len(s.to) == 0:
			return nil, wrong("SearchAirLeg %d names a place that is not known", i+1)
		case date < travel.DateOf(p.w.now()).AddDays(-1):
			return nil, wrong("SearchAirLeg %d is in the past", i+1)
		}
		if int(date-travel.DateOf(now)) > daysAhead {
			s.from = nil
		}
		cabin, known := travelportCabins[leg.kid("AirLegModifiers", "PreferredCabins", "CabinClass").attrOr("Type")]
		if !known {
			return nil, wrong("SearchAirLeg %d wants a cabin that is not known", i+1)
		}
		q.cabin = cabin
		q.slices = append(q.slices, narrow(s))
	}
	for _, pax := range m.all("SearchPassenger") {
		code := pax.attr("Code")
		kind, known := travelportTypes[code]
		if !known {
			return nil, wrong("SearchPassenger has the unknown type %q", code)
		}
		if w.count[code]++; w.count[code] == 1 {
			w.types = append(w.types, code)
		}
		q.pax = append(q.pax, kind)
	}
	if len(q.slices) == 0 || len(q.pax) == 0 || len(q.pax) > 9 || w.count["INF"] > w.count["ADT"] {
		return nil, wrong("SearchAirLeg and 1 to 9 SearchPassenger are required, and an adult for each INF")
	}
	if c := travel.Currency(m.kid("AirPricingModifiers").attrOr("CurrencyType")); c != "" && rates[c] > 0 {
		w.currency = c
	}
	limit := p.spec.MaxOffers
	if n, err := strconv.Atoi(m.kid("AirSearchModifiers").attrOr("MaxSolutions")); err == nil {
		limit = min(limit, n)
	}
	w.trips = p.trips(q, now, max(exactly, limit))
	if exactly > 0 {
		w.trips = exactlyTrips(w.trips, exactly)
	}
	if len(w.trips) == 0 {
		return nil, &travelportError{"3037", "AIR", "Business", "NO FLIGHTS FOUND. No availability on chosen flights, unable to fare quote"}
	}
	return p.answerIn("LowFareSearchRsp", "air", at{"CurrencyType", string(w.currency), "DistanceUnits", "MI"}, func(x *xmlWriter) {
		w.x = x
		w.lists(q)
		x.in("AirPricePointList", nil, func() {
			for i := range w.trips {
				w.point(&w.trips[i], now)
			}
		})
		w.brands()
	}), nil
}

// airports are those of an Airport, a City or a CityOrAirport.
func (p *travelport) airports(n *xmlNode) []*airport {
	if n == nil || len(n.kids) != 1 {
		return nil
	}
	code := travel.Airport(n.kids[0].attr("Code"))
	if n.kids[0].Local == "Airport" {
		if a := p.w.airport(code); a != nil {
			return []*airport{a}
		}
		return nil
	}
	return p.w.expand(code)
}

// lists writes what price points refer to: details, segments, fares and legs.
func (w *travelportFlights) lists(q ask) {
	x := w.x
	var legs []sold
	group := map[dice]int{}
	for _, t := range w.trips {
		for n, s := range t.slices {
			for _, leg := range s.legs {
				if _, seen := group[w.segmentKey(leg)]; !seen {
					group[w.segmentKey(leg)] = n
					legs = append(legs, leg)
				}
			}
		}
	}
	x.in("FlightDetailsList", nil, func() {
		for _, leg := range legs {
			attrs := at{"Key", travelportKey(w.segmentKey(leg).str("detail")), "Origin", string(leg.from.Code), "Destination", string(leg.to.Code),
				"DepartureTime", leg.dep.Format(travelportTime), "ArrivalTime", leg.arr.Format(travelportTime), "FlightTime", strconv.Itoa(leg.minutes()), "Equipment", leg.plane.Code}
			if leg.fromTerm != "" {
				attrs = append(attrs, "OriginTerminal", leg.fromTerm)
			}
			if leg.term != "" {
				attrs = append(attrs, "DestinationTerminal", leg.term)
			}
			x.empty("FlightDetails", attrs...)
		}
	})
	x.in("AirSegmentList", nil, func() {
		for _, leg := range legs {
			w.segment(leg, group[w.segmentKey(leg)])
		}
	})
	x.in("FareInfoList", nil, func() {
		written := map[dice]bool{}
		for i := range w.trips {
			w.fares(&w.trips[i], written)
		}
	})
	x.in("RouteList", nil, func() {
		x.in("Route", at{"Key", travelportKey(w.dice.str("route"))}, func() {
			for n, s := range q.slices {
				x.empty("Leg", "Key", w.legKey(n), "Group", strconv.Itoa(n), "Origin", string(s.from[0].Metro), "Destination", string(s.to[0].Metro))
			}
		})
	})
}

func (w *travelportFlights) legKey(n int) string {
	return travelportKey(w.dice.str("leg").num(int64(n)))
}

// segmentKey names a flight of a day as one number sells it.
func (w *travelportFlights) segmentKey(leg sold) dice {
	return leg.id.num(leg.dep.Unix()).str(string(leg.by.Code)).num(int64(leg.byNumber))
}

func (w *travelportFlights) segment(leg sold, group int) {
	x, key := w.x, w.segmentKey(leg)
	x.in("AirSegment", at{"Key", travelportKey(key), "Group", strconv.Itoa(group), "Carrier", string(leg.by.Code), "FlightNumber", strconv.Itoa(leg.byNumber),
		"Origin", string(leg.from.Code), "Destination", string(leg.to.Code), "DepartureTime", leg.dep.Format(travelportTime), "ArrivalTime", leg.arr.Format(travelportTime),
		"FlightTime", strconv.Itoa(leg.minutes()), "Distance", strconv.Itoa(leg.km * 10 / 16), "ETicketability", "Yes", "Equipment", leg.plane.Code,
		"ChangeOfPlane", "false", "OptionalServicesIndicator", "false", "AvailabilitySource", "P"}, func() {
		if leg.by != leg.carrier && !leg.operatorUnsaid {
			attrs := at{"OperatingCarrier", string(leg.carrier.Code)}
			if !leg.opNumberUnsaid {
				attrs = append(attrs, "OperatingFlightNumber", strconv.Itoa(leg.number))
			}
			x.leaf("CodeshareInfo", strings.ToUpper(leg.carrier.Name), attrs...)
		}
		var counts []string
		for _, class := range "JCDYBMHKLQVSNOWETFAI" {
			counts = append(counts, string(class)+strconv.Itoa(key.str(string(class)).between(1, 9)))
		}
		x.in("AirAvailInfo", at{"ProviderCode", "1G"}, func() { x.empty("BookingCodeInfo", "BookingCounts", strings.Join(counts, "|")) })
		x.empty("FlightDetailsRef", "Key", travelportKey(key.str("detail")))
	})
}

// fareKey names the fare of a passenger type on a segment.
func (w *travelportFlights) fareKey(s *tripSlice, leg sold, code string) dice {
	return w.segmentKey(leg).str("fare").str(s.brand.Name).str(code)
}

// fares writes a fare for each passenger type and segment, once.
func (w *travelportFlights) fares(t *trip, written map[dice]bool) {
	x := w.x
	for n := range t.slices {
		s := &t.slices[n]
		for _, leg := range s.legs {
			for _, code := range w.types {
				key := w.fareKey(s, leg, code)
				if written[key] {
					continue
				}
				written[key] = true
				x.in("FareInfo", at{"Key", travelportKey(key), "FareBasis", fareBasis(s.brand, leg), "PassengerTypeCode", code, "Origin", string(leg.from.Code),
					"Destination", string(leg.to.Code), "DepartureDate", leg.dep.Format(time.DateOnly), "NegotiatedFare", "false"}, func() {
					if !leg.id.str("bags").chance(60) {
						x.in("BaggageAllowance", nil, func() {
							x.leaf("NumberOfPieces", strconv.Itoa(s.brand.Checked))
							x.empty("MaxWeight")
						})
					}
					x.empty("Brand", "Key", travelportKey(key.str("brand")), "BrandID", w.brandID(s.brand))
				})
			}
		}
	}
}

func (w *travelportFlights) brandID(b brand) string {
	return strconv.Itoa(dice(0).str(b.Name).between(10000, 99999))
}

func (w *travelportFlights) brands() {
	var seen []string
	w.x.in("BrandList", nil, func() {
		for _, t := range w.trips {
			for _, s := range t.slices {
				if slices.Contains(seen, s.brand.Name) {
					continue
				}
				seen = append(seen, s.brand.Name)
				w.x.in("Brand", at{"Key", travelportKey(dice(1).str(s.brand.Name)), "BrandID", w.brandID(s.brand), "Name", s.brand.Name}, func() {
					w.x.leaf("Title", s.brand.Name, "Type", "External")
				})
			}
		}
	})
}

// amount is an amount with its currency in front.
func (w *travelportFlights) amount(m travel.Money) string { return string(m.Currency) + m.Decimal() }

// point writes a price for everybody, and within it one for each passenger type. What a type
// pays is for one passenger of it.
func (w *travelportFlights) point(t *trip, now time.Time) {
	x := w.x
	total, taxes := travel.Money{Currency: w.currency}, travel.Money{Currency: w.currency}
	for _, code := range w.types {
		each, tax := t.each(travelportTypes[code])
		total.Minor += int64(w.count[code]) * inCurrency(each, w.currency).Minor
		taxes.Minor += int64(w.count[code]) * inCurrency(tax, w.currency).Minor
	}
	x.in("AirPricePoint", append(at{"Key", travelportKey(t.id)}, append(w.prices(total, taxes), "CompleteItinerary", "true")...), func() {
		for _, code := range w.types {
			w.pricing(t, code, now)
		}
	})
}

func (w *travelportFlights) prices(total, taxes travel.Money) at {
	base := travel.Money{Minor: total.Minor - taxes.Minor, Currency: total.Currency}
	filed := travel.Money{Minor: base.Minor * 11 / 10, Currency: "USD"}
	return at{"TotalPrice", w.amount(total), "BasePrice", w.amount(filed), "ApproximateTotalPrice", w.amount(total), "ApproximateBasePrice", w.amount(base),
		"EquivalentBasePrice", w.amount(base), "Taxes", w.amount(taxes), "ApproximateTaxes", w.amount(taxes)}
}

func (w *travelportFlights) pricing(t *trip, code string, now time.Time) {
	x := w.x
	each, tax := t.each(travelportTypes[code])
	refund, change := rule(forFree), rule(forFree)
	for _, s := range t.slices {
		refund, change = stricter(refund, s.brand.Refund), stricter(change, s.brand.Change)
	}
	attrs := append(at{"Key", travelportKey(t.id.str(code))}, w.prices(inCurrency(each, w.currency), inCurrency(tax, w.currency))...)
	attrs = append(attrs, "LatestTicketingTime", now.Add(48*time.Hour).In(t.slices[0].from().zone).Format(travelportTime), "PricingMethod", "Guaranteed", "ETicketability", "Yes",
		"PlatingCarrier", string(t.seller.Code), "ProviderCode", "1G")
	if refund == forFee || refund == forFree {
		attrs = append(attrs, "Refundable", "true")
	}
	x.in("AirPricingInfo", attrs, func() {
		x.empty("TaxInfo", "Category", "GB", "Amount", w.amount(inCurrency(tax, w.currency)))
		for range w.count[code] {
			x.empty("PassengerType", "Code", code)
		}
		w.penalty("ChangePenalty", change, 60)
		w.penalty("CancelPenalty", refund, 90)
		x.in("FlightOptionsList", nil, func() {
			for n := range t.slices {
				w.option(t, n, code)
			}
		})
	})
}

// penalty says what changing or cancelling costs before departure, and that it is dearer later.
func (w *travelportFlights) penalty(name string, r rule, euros int64) {
	if r == unsaid {
		return
	}
	w.x.in(name, at{"PenaltyApplies", "Before Departure"}, func() {
		switch r {
		case never:
			w.x.leaf("Percentage", "100.00")
		case forFree:
			w.x.leaf("Percentage", "0.00")
		default:
			w.x.leaf("Amount", w.amount(inCurrency(euros*100, w.currency)))
		}
	})
	w.x.in(name, at{"PenaltyApplies", "After Departure"}, func() { w.x.leaf("Percentage", "100.00") })
}

func (w *travelportFlights) option(t *trip, n int, code string) {
	x, s := w.x, &t.slices[n]
	elapsed := s.arr().Sub(s.dep())
	stated := fmt.Sprintf("P%dDT%dH%dM0S", int(elapsed.Hours())/24, int(elapsed.Hours())%24, int(elapsed.Minutes())%60)
	x.in("FlightOption", at{"LegRef", w.legKey(n), "Destination", string(s.to().Metro), "Origin", string(s.from().Metro)}, func() {
		x.in("Option", at{"Key", travelportKey(t.id.str(code).num(int64(n))), "TravelTime", stated}, func() {
			for _, leg := range s.legs {
				cabin := map[travel.Cabin]string{travel.Economy: "Economy", travel.PremiumEconomy: "PremiumEconomy", travel.Business: "Business", travel.First: "First"}[s.cabinOn(leg)]
				x.empty("BookingInfo", "BookingCode", fareBasis(s.brand, leg)[:1], "CabinClass", cabin, "FareInfoRef", travelportKey(w.fareKey(s, leg, code)), "SegmentRef", travelportKey(w.segmentKey(leg)))
			}
			for i := range s.stops() {
				x.empty("Connection", "SegmentIndex", strconv.Itoa(i))
			}
		})
	})
}
