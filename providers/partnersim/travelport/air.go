package travelport

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// typesName are the passenger types that the simulator prices.
var typesName = map[string]world.PaxType{"ADT": world.Adult, "CNN": world.Child, "CHD": world.Child, "INS": world.Child, "INF": world.Infant}

var cabins = map[string]travel.Cabin{"": travel.Economy, "Economy": travel.Economy, "PremiumEconomy": travel.PremiumEconomy, "Business": travel.Business, "First": travel.First}

// flightsDoc writes the answer to one low fare search.
type flightsDoc struct {
	*service
	x        *exchange.XMLWriter
	currency travel.Currency
	types    []string // of passengers, in the order asked for
	count    map[string]int
	trips    []world.Trip
}

// flights answers a LowFareSearchReq.
func (p *service) flights(m *exchange.XMLNode, now time.Time, exactly int) ([]byte, *errorDoc) {
	wrong := func(format string, args ...any) *errorDoc {
		return &errorDoc{"3003", "AIR", "Validation", fmt.Sprintf(format, args...)}
	}
	q := world.Ask{MaxStops: -1, Cabin: travel.Economy}
	w := &flightsDoc{service: p, currency: p.Seller.Currency, count: map[string]int{}}
	for i, leg := range m.All("SearchAirLeg") {
		date, err := travel.ParseDate(leg.Kid("SearchDepTime").AttrOr("PreferredTime"))
		s := world.AskSlice{From: p.airports(leg.Kid("SearchOrigin")), To: p.airports(leg.Kid("SearchDestination")), Date: date}
		switch {
		case err != nil:
			return nil, wrong("SearchAirLeg %d has no PreferredTime", i+1)
		case len(s.From) == 0 || len(s.To) == 0:
			return nil, wrong("SearchAirLeg %d names a place that is not known", i+1)
		case date < travel.DateOf(p.World.Now()).AddDays(-1):
			return nil, wrong("SearchAirLeg %d is in the past", i+1)
		}
		if int(date-travel.DateOf(now)) > world.DaysAhead {
			s.From = nil
		}
		cabin, known := cabins[leg.Kid("AirLegModifiers", "PreferredCabins", "CabinClass").AttrOr("Type")]
		if !known {
			return nil, wrong("SearchAirLeg %d wants a cabin that is not known", i+1)
		}
		q.Cabin = cabin
		q.Slices = append(q.Slices, world.Narrow(s))
	}
	for _, pax := range m.All("SearchPassenger") {
		code := pax.Attr("Code")
		kind, known := typesName[code]
		if !known {
			return nil, wrong("SearchPassenger has the unknown type %q", code)
		}
		if w.count[code]++; w.count[code] == 1 {
			w.types = append(w.types, code)
		}
		q.Pax = append(q.Pax, kind)
	}
	if len(q.Slices) == 0 || len(q.Pax) == 0 || len(q.Pax) > 9 || w.count["INF"] > w.count["ADT"] {
		return nil, wrong("SearchAirLeg and 1 to 9 SearchPassenger are required, and an adult for each INF")
	}
	if c := travel.Currency(m.Kid("AirPricingModifiers").AttrOr("CurrencyType")); c != "" && world.Rates[c] > 0 {
		w.currency = c
	}
	limit := p.Seller.MaxOffers
	if n, err := strconv.Atoi(m.Kid("AirSearchModifiers").AttrOr("MaxSolutions")); err == nil {
		limit = min(limit, n)
	}
	w.trips = p.Trips(q, now, max(exactly, limit))
	if exactly > 0 {
		w.trips = world.ExactlyTrips(w.trips, exactly)
	}
	if len(w.trips) == 0 {
		return nil, &errorDoc{"3037", "AIR", "Business", "NO FLIGHTS FOUND. No availability on chosen flights, unable to fare quote"}
	}
	return p.answerIn("LowFareSearchRsp", "air", exchange.At{"CurrencyType", string(w.currency), "DistanceUnits", "MI"}, func(x *exchange.XMLWriter) {
		w.x = x
		w.lists(q)
		x.In("AirPricePointList", nil, func() {
			for i := range w.trips {
				w.point(&w.trips[i], now)
			}
		})
		w.brands()
	}), nil
}

// airports are those of an Airport, a City or a CityOrAirport.
func (p *service) airports(n *exchange.XMLNode) []*world.Airport {
	if n == nil || len(n.Kids) != 1 {
		return nil
	}
	code := travel.Airport(n.Kids[0].Attr("Code"))
	if n.Kids[0].Local == "Airport" {
		if a := p.World.Airport(code); a != nil {
			return []*world.Airport{a}
		}
		return nil
	}
	return p.World.Expand(code)
}

// lists writes what price points refer to: details, segments, fares and legs.
func (w *flightsDoc) lists(q world.Ask) {
	x := w.x
	var legs []world.Sold
	group := map[rng.RNG]int{}
	for _, t := range w.trips {
		for n, s := range t.Slices {
			for _, leg := range s.Legs {
				if _, seen := group[w.segmentKey(leg)]; !seen {
					group[w.segmentKey(leg)] = n
					legs = append(legs, leg)
				}
			}
		}
	}
	x.In("FlightDetailsList", nil, func() {
		for _, leg := range legs {
			attrs := exchange.At{"Key", asKey(w.segmentKey(leg).Str("detail")), "Origin", string(leg.From.Code), "Destination", string(leg.To.Code),
				"DepartureTime", leg.Dep.Format(timeName), "ArrivalTime", leg.Arr.Format(timeName), "FlightTime", strconv.Itoa(leg.Minutes()), "Equipment", leg.Plane.Code}
			if leg.FromTerm != "" {
				attrs = append(attrs, "OriginTerminal", leg.FromTerm)
			}
			if leg.Term != "" {
				attrs = append(attrs, "DestinationTerminal", leg.Term)
			}
			x.Empty("FlightDetails", attrs...)
		}
	})
	x.In("AirSegmentList", nil, func() {
		for _, leg := range legs {
			w.segment(leg, group[w.segmentKey(leg)])
		}
	})
	x.In("FareInfoList", nil, func() {
		written := map[rng.RNG]bool{}
		for i := range w.trips {
			w.fares(&w.trips[i], written)
		}
	})
	x.In("RouteList", nil, func() {
		x.In("Route", exchange.At{"Key", asKey(w.RNG.Str("route"))}, func() {
			for n, s := range q.Slices {
				x.Empty("Leg", "Key", w.legKey(n), "Group", strconv.Itoa(n), "Origin", string(s.From[0].Metro), "Destination", string(s.To[0].Metro))
			}
		})
	})
}

func (w *flightsDoc) legKey(n int) string {
	return asKey(w.RNG.Str("leg").Num(int64(n)))
}

// segmentKey names a flight of a day as one number sells it.
func (w *flightsDoc) segmentKey(leg world.Sold) rng.RNG {
	return leg.ID.Num(leg.Dep.Unix()).Str(string(leg.By.Code)).Num(int64(leg.ByNumber))
}

func (w *flightsDoc) segment(leg world.Sold, group int) {
	x, key := w.x, w.segmentKey(leg)
	x.In("AirSegment", exchange.At{"Key", asKey(key), "Group", strconv.Itoa(group), "Carrier", string(leg.By.Code), "FlightNumber", strconv.Itoa(leg.ByNumber),
		"Origin", string(leg.From.Code), "Destination", string(leg.To.Code), "DepartureTime", leg.Dep.Format(timeName), "ArrivalTime", leg.Arr.Format(timeName),
		"FlightTime", strconv.Itoa(leg.Minutes()), "Distance", strconv.Itoa(leg.Km * 10 / 16), "ETicketability", "Yes", "Equipment", leg.Plane.Code,
		"ChangeOfPlane", "false", "OptionalServicesIndicator", "false", "AvailabilitySource", "P"}, func() {
		if leg.By != leg.Carrier && !leg.OperatorUnsaid {
			attrs := exchange.At{"OperatingCarrier", string(leg.Carrier.Code)}
			if !leg.OpNumberUnsaid {
				attrs = append(attrs, "OperatingFlightNumber", strconv.Itoa(leg.Number))
			}
			x.Leaf("CodeshareInfo", strings.ToUpper(leg.Carrier.Name), attrs...)
		}
		var counts []string
		for _, class := range "JCDYBMHKLQVSNOWETFAI" {
			counts = append(counts, string(class)+strconv.Itoa(key.Str(string(class)).Between(1, 9)))
		}
		x.In("AirAvailInfo", exchange.At{"ProviderCode", "1G"}, func() { x.Empty("BookingCodeInfo", "BookingCounts", strings.Join(counts, "|")) })
		x.Empty("FlightDetailsRef", "Key", asKey(key.Str("detail")))
	})
}

// fareKey names the fare of a passenger type on a segment.
func (w *flightsDoc) fareKey(s *world.TripSlice, leg world.Sold, code string) rng.RNG {
	return w.segmentKey(leg).Str("fare").Str(s.Brand.Name).Str(code)
}

// fares writes a fare for each passenger type and segment, once.
func (w *flightsDoc) fares(t *world.Trip, written map[rng.RNG]bool) {
	x := w.x
	for n := range t.Slices {
		s := &t.Slices[n]
		for _, leg := range s.Legs {
			for _, code := range w.types {
				key := w.fareKey(s, leg, code)
				if written[key] {
					continue
				}
				written[key] = true
				x.In("FareInfo", exchange.At{"Key", asKey(key), "FareBasis", world.FareBasis(s.Brand, leg), "PassengerTypeCode", code, "Origin", string(leg.From.Code),
					"Destination", string(leg.To.Code), "DepartureDate", leg.Dep.Format(time.DateOnly), "NegotiatedFare", "false"}, func() {
					if !leg.ID.Str("bags").Chance(60) {
						x.In("BaggageAllowance", nil, func() {
							x.Leaf("NumberOfPieces", strconv.Itoa(s.Brand.Checked))
							x.Empty("MaxWeight")
						})
					}
					x.Empty("Brand", "Key", asKey(key.Str("brand")), "BrandID", w.brandID(s.Brand))
				})
			}
		}
	}
}

func (w *flightsDoc) brandID(b world.Brand) string {
	return strconv.Itoa(rng.RNG(0).Str(b.Name).Between(10000, 99999))
}

func (w *flightsDoc) brands() {
	var seen []string
	w.x.In("BrandList", nil, func() {
		for _, t := range w.trips {
			for _, s := range t.Slices {
				if slices.Contains(seen, s.Brand.Name) {
					continue
				}
				seen = append(seen, s.Brand.Name)
				w.x.In("Brand", exchange.At{"Key", asKey(rng.RNG(1).Str(s.Brand.Name)), "BrandID", w.brandID(s.Brand), "Name", s.Brand.Name}, func() {
					w.x.Leaf("Title", s.Brand.Name, "Type", "External")
				})
			}
		}
	})
}

// amount is an amount with its currency in front.
func (w *flightsDoc) amount(m travel.Money) string { return string(m.Currency) + m.Decimal() }

// point writes a price for everybody, and within it one for each passenger type. What a type
// pays is for one passenger of it.
func (w *flightsDoc) point(t *world.Trip, now time.Time) {
	x := w.x
	total, taxes := travel.Money{Currency: w.currency}, travel.Money{Currency: w.currency}
	for _, code := range w.types {
		each, tax := t.Each(typesName[code])
		total.Minor += int64(w.count[code]) * world.InCurrency(each, w.currency).Minor
		taxes.Minor += int64(w.count[code]) * world.InCurrency(tax, w.currency).Minor
	}
	x.In("AirPricePoint", append(exchange.At{"Key", asKey(t.ID)}, append(w.prices(total, taxes), "CompleteItinerary", "true")...), func() {
		for _, code := range w.types {
			w.pricing(t, code, now)
		}
	})
}

func (w *flightsDoc) prices(total, taxes travel.Money) exchange.At {
	base := travel.Money{Minor: total.Minor - taxes.Minor, Currency: total.Currency}
	filed := travel.Money{Minor: base.Minor * 11 / 10, Currency: "USD"}
	return exchange.At{"TotalPrice", w.amount(total), "BasePrice", w.amount(filed), "ApproximateTotalPrice", w.amount(total), "ApproximateBasePrice", w.amount(base),
		"EquivalentBasePrice", w.amount(base), "Taxes", w.amount(taxes), "ApproximateTaxes", w.amount(taxes)}
}

func (w *flightsDoc) pricing(t *world.Trip, code string, now time.Time) {
	x := w.x
	each, tax := t.Each(typesName[code])
	refund, change := world.Rule(world.ForFree), world.Rule(world.ForFree)
	for _, s := range t.Slices {
		refund, change = world.Stricter(refund, s.Brand.Refund), world.Stricter(change, s.Brand.Change)
	}
	attrs := append(exchange.At{"Key", asKey(t.ID.Str(code))}, w.prices(world.InCurrency(each, w.currency), world.InCurrency(tax, w.currency))...)
	attrs = append(attrs, "LatestTicketingTime", now.Add(48*time.Hour).In(t.Slices[0].From().Location).Format(timeName), "PricingMethod", "Guaranteed", "ETicketability", "Yes",
		"PlatingCarrier", string(t.Seller.Code), "ProviderCode", "1G")
	if refund == world.ForFee || refund == world.ForFree {
		attrs = append(attrs, "Refundable", "true")
	}
	x.In("AirPricingInfo", attrs, func() {
		x.Empty("TaxInfo", "Category", "GB", "Amount", w.amount(world.InCurrency(tax, w.currency)))
		for range w.count[code] {
			x.Empty("PassengerType", "Code", code)
		}
		w.penalty("ChangePenalty", change, 60)
		w.penalty("CancelPenalty", refund, 90)
		x.In("FlightOptionsList", nil, func() {
			for n := range t.Slices {
				w.option(t, n, code)
			}
		})
	})
}

// penalty says what changing or cancelling costs before departure, and that it is dearer later.
func (w *flightsDoc) penalty(name string, r world.Rule, euros int64) {
	if r == world.Unsaid {
		return
	}
	w.x.In(name, exchange.At{"PenaltyApplies", "Before Departure"}, func() {
		switch r {
		case world.Never:
			w.x.Leaf("Percentage", "100.00")
		case world.ForFree:
			w.x.Leaf("Percentage", "0.00")
		default:
			w.x.Leaf("Amount", w.amount(world.InCurrency(euros*100, w.currency)))
		}
	})
	w.x.In(name, exchange.At{"PenaltyApplies", "After Departure"}, func() { w.x.Leaf("Percentage", "100.00") })
}

func (w *flightsDoc) option(t *world.Trip, n int, code string) {
	x, s := w.x, &t.Slices[n]
	elapsed := s.Arr().Sub(s.Dep())
	stated := fmt.Sprintf("P%dDT%dH%dM0S", int(elapsed.Hours())/24, int(elapsed.Hours())%24, int(elapsed.Minutes())%60)
	x.In("FlightOption", exchange.At{"LegRef", w.legKey(n), "Destination", string(s.To().Metro), "Origin", string(s.From().Metro)}, func() {
		x.In("Option", exchange.At{"Key", asKey(t.ID.Str(code).Num(int64(n))), "TravelTime", stated}, func() {
			for _, leg := range s.Legs {
				cabin := map[travel.Cabin]string{travel.Economy: "Economy", travel.PremiumEconomy: "PremiumEconomy", travel.Business: "Business", travel.First: "First"}[s.CabinOn(leg)]
				x.Empty("BookingInfo", "BookingCode", world.FareBasis(s.Brand, leg)[:1], "CabinClass", cabin, "FareInfoRef", asKey(w.fareKey(s, leg, code)), "SegmentRef", asKey(w.segmentKey(leg)))
			}
			for i := range s.Stops() {
				x.Empty("Connection", "SegmentIndex", strconv.Itoa(i))
			}
		})
	})
}
