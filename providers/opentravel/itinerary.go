package opentravel

import (
	"strconv"

	"fanfare/providers/travel"
)

const (
	itinerarySequenceNumber = iota
	itineraryAirItinerary
	itineraryAirItineraryPricingInfo
	itineraryTicketingInfo
	itineraryTPAExtensions
	itineraryCurrency
)

var itineraryNames = NewNames([]string{
	itinerarySequenceNumber: "SequenceNumber", itineraryAirItinerary: "AirItinerary",
	itineraryAirItineraryPricingInfo: "AirItineraryPricingInfo", itineraryTicketingInfo: "TicketingInfo",
	itineraryTPAExtensions: "TPA_Extensions", itineraryCurrency: "Currency|CurrencyCode",
}...)

const (
	airOriginDestinationOptions = iota
	airOriginDestinationOption
)

var airNames = NewNames([]string{
	airOriginDestinationOptions: "OriginDestinationOptions", airOriginDestinationOption: "OriginDestinationOption",
}...)

var optionsOf = NewNames("OriginDestinationOption")

const (
	optionFlightSegment = iota
	optionElapsedTime
	optionJourneyTotalDuration
)

var optionNames = NewNames([]string{
	optionFlightSegment: "FlightSegment", optionElapsedTime: "ElapsedTime", optionJourneyTotalDuration: "JourneyTotalDuration",
}...)

const (
	extensionAdditionalFares = iota
	extensionValidatingCarrier
)

var extensionNames = NewNames([]string{extensionAdditionalFares: "AdditionalFares", extensionValidatingCarrier: "ValidatingCarrier"}...)

var additionalOf = NewNames("AirItineraryPricingInfo")

const (
	carrierCode = iota
	carrierDefault
	carrierText
)

var carrierNames = NewNames([]string{carrierCode: "Code", carrierDefault: "Default", carrierText: Text}...)

var ticketingNames = NewNames("TicketTimeLimit")

// itinerary reads one PricedItinerary.
func (l *lowFare) itinerary(where string) {
	d, g := l.d, l.g
	label, seller, limit := "", "", ""
	g.Begin()
	for f := d.Fields(itineraryNames); f.Next(); {
		switch f.Key() {
		case itinerarySequenceNumber:
			label = d.Intern()
		case itineraryAirItinerary:
			l.air()
		case itineraryAirItineraryPricingInfo:
			l.quote(len(g.quotes) > 0)
		case itineraryTicketingInfo:
			for t := d.Fields(ticketingNames); t.Next(); {
				limit = d.View()
			}
		case itineraryCurrency:
			g.Money.Currency = d.Intern()
		case itineraryTPAExtensions:
			for e := d.Fields(extensionNames); e.Next(); {
				if e.Key() == extensionValidatingCarrier {
					seller = l.carrier(seller)
					continue
				}
				for a := d.Fields(additionalOf); a.Next(); {
					l.quote(true)
				}
			}
		}
	}
	if d.Err() != nil {
		return
	}
	if label == "" {
		label = strconv.Itoa(l.number)
	}
	for i := range g.quotes {
		q := &g.quotes[i]
		if q.Seller.Code == "" {
			q.Seller.Code = seller
		}
		if limit != "" && q.LastDate == "" {
			q.LastDate = limit
		}
	}
	g.Finish(where + label)
}

// carrier is the code of a ValidatingCarrier, in its own attribute or in its Default; the
// first one stays.
func (l *lowFare) carrier(first string) string {
	for c := l.d.Fields(carrierNames); c.Next(); {
		code := ""
		if c.Key() == carrierDefault {
			code = l.carrier("")
		} else {
			code = l.d.Name()
		}
		if first == "" {
			first = code
		}
	}
	return first
}

func (l *lowFare) air() {
	for f := l.d.Fields(airNames); f.Next(); {
		if f.Key() == airOriginDestinationOption {
			l.option()
			continue
		}
		for o := l.d.Items(optionsOf); o.Next(); {
			l.option()
		}
	}
}

// option reads one OriginDestinationOption, which is a slice.
func (l *lowFare) option() {
	minutes := 0
	for f := l.d.Fields(optionNames); f.Next(); {
		if f.Key() == optionFlightSegment {
			l.segment()
		} else {
			minutes = Minutes(l.d.View())
		}
	}
	l.g.EndSlice(minutes)
}

const (
	segmentDepartureDateTime = iota
	segmentArrivalDateTime
	segmentFlightNumber
	segmentElapsedTime
	segmentJourneyDuration
	segmentResBookDesigCode
	segmentStopQuantity
	segmentRPH
	segmentDepartureAirport
	segmentArrivalAirport
	segmentOperatingAirline
	segmentMarketingAirline
	segmentDisclosureAirline
	segmentEquipment
	segmentDepartureTimeZone
	segmentArrivalTimeZone
	segmentBookingClassAvails
	segmentMarketingCabin
	segmentCabinType
	segmentBookingClassAvail
)

var segmentNames = NewNames([]string{
	segmentDepartureDateTime: "DepartureDateTime", segmentArrivalDateTime: "ArrivalDateTime", segmentFlightNumber: "FlightNumber",
	segmentElapsedTime: "ElapsedTime", segmentJourneyDuration: "JourneyDuration", segmentResBookDesigCode: "ResBookDesigCode",
	segmentStopQuantity: "StopQuantity", segmentRPH: "RPH", segmentDepartureAirport: "DepartureAirport",
	segmentArrivalAirport: "ArrivalAirport", segmentOperatingAirline: "OperatingAirline", segmentMarketingAirline: "MarketingAirline",
	segmentDisclosureAirline: "DisclosureAirline", segmentEquipment: "Equipment", segmentDepartureTimeZone: "DepartureTimeZone",
	segmentArrivalTimeZone: "ArrivalTimeZone", segmentBookingClassAvails: "BookingClassAvails", segmentMarketingCabin: "MarketingCabin",
	segmentCabinType: "CabinType", segmentBookingClassAvail: "BookingClassAvail",
}...)

const (
	airportLocationCode = iota
	airportTerminalID
	airportTerminal
	airportText
)

var airportNames = NewNames([]string{
	airportLocationCode: "LocationCode", airportTerminalID: "TerminalID", airportTerminal: "Terminal", airportText: Text,
}...)

const (
	airlineCode = iota
	airlineFlightNumber
)

var airlineNames = NewNames([]string{airlineCode: "Code", airlineFlightNumber: "FlightNumber"}...)

var (
	equipmentNames = NewNames("AirEquipType", Text)
	zoneNames      = NewNames("GMTOffset")
)

const (
	availsBookingClassAvail = iota
	availsCabinType
)

var availsNames = NewNames([]string{availsBookingClassAvail: "BookingClassAvail", availsCabinType: "CabinType"}...)

const (
	availResBookDesigCode = iota
	availResBookDesigQuantity
	availCabinType
)

var availNames = NewNames([]string{
	availResBookDesigCode: "ResBookDesigCode", availResBookDesigQuantity: "ResBookDesigQuantity", availCabinType: "CabinType",
}...)

var cabinNames = NewNames("CabinType", "Cabin")

// segment reads one FlightSegment.
func (l *lowFare) segment() {
	d := l.d
	var (
		s                                     Segment
		number, operating, flown, who, showed string
		avails                                availability
	)
	for f := d.Fields(segmentNames); f.Next(); {
		switch f.Key() {
		case segmentDepartureDateTime:
			s.Out = Wall(d.View())
		case segmentArrivalDateTime:
			s.In = Wall(d.View())
		case segmentFlightNumber:
			number = d.Intern()
		case segmentElapsedTime, segmentJourneyDuration:
			if m := Minutes(d.View()); m > 0 {
				s.Minutes = m
			}
		case segmentResBookDesigCode:
			s.Class = d.View()
		case segmentStopQuantity:
			if n, ok := d.Int(); ok && n > 0 && n < 10 {
				s.Stops = n
			}
		case segmentRPH:
			s.RPH = d.View()
		case segmentDepartureAirport:
			s.Origin, s.DepartureTerminal = l.airport()
		case segmentArrivalAirport:
			s.Destination, s.ArrivalTerminal = l.airport()
		case segmentOperatingAirline:
			operating, flown = l.airline()
		case segmentMarketingAirline:
			who, _ = l.airline()
		case segmentDisclosureAirline:
			showed, _ = l.airline()
		case segmentEquipment:
			for e := d.Fields(equipmentNames); e.Next(); {
				if t := d.View(); s.Aircraft == "" && t != "" && len(t) <= 4 {
					s.Aircraft = d.Keep(t)
				}
			}
		case segmentDepartureTimeZone:
			s.OutHours = l.zone()
		case segmentArrivalTimeZone:
			s.InHours = l.zone()
		case segmentBookingClassAvails:
			l.availabilities(&avails)
		case segmentBookingClassAvail:
			l.availability(&avails, "")
		case segmentMarketingCabin:
			for c := d.Fields(cabinNames); c.Next(); {
				s.Cabin = CabinOf(d.View())
			}
		case segmentCabinType:
			s.Cabin = CabinOf(d.View())
		}
	}
	s.Marketing = travel.NewFlight(who, number)
	s.Operating = Operator(s.Marketing, operating, flown, showed)
	avails.choose(&s)
	l.g.AddSegment(&s)
}

// Operator is who flies: the carrier with its number, else who is disclosed, else nobody
// that is known. With no number of its own it is the same flight if the carrier is.
func Operator(marketing travel.Flight, carrier, number, disclosed string) travel.Flight {
	if carrier == "" {
		carrier, number = disclosed, ""
	}
	if carrier == "" {
		return travel.Flight{}
	}
	f := travel.NewFlight(carrier, number)
	if f.Number == "" && f.Carrier == marketing.Carrier {
		f.Number = marketing.Number
	}
	return f
}

func (l *lowFare) airport() (code travel.Airport, terminal string) {
	for f := l.d.Fields(airportNames); f.Next(); {
		switch f.Key() {
		case airportLocationCode:
			code = travel.Airport(l.d.Intern())
		case airportTerminalID, airportTerminal:
			terminal = l.d.Name()
		}
	}
	return code, terminal
}

func (l *lowFare) airline() (code, number string) {
	for f := l.d.Fields(airlineNames); f.Next(); {
		if f.Key() == airlineCode {
			code = l.d.Intern()
		} else {
			number = l.d.Intern()
		}
	}
	return code, number
}

func (l *lowFare) zone() (hours string) {
	for f := l.d.Fields(zoneNames); f.Next(); {
		hours = l.d.View()
	}
	return hours
}

// availability is the seats that the booking classes of a segment have.
type availability struct {
	classes [8]struct {
		code, cabin string // views
		seats       int
	}
	n     int
	cabin string // of the last list
}

func (l *lowFare) availabilities(a *availability) {
	first := a.n
	a.cabin = ""
	for f := l.d.Fields(availsNames); f.Next(); {
		if f.Key() == availsCabinType {
			a.cabin = l.d.View()
		} else {
			l.availability(a, a.cabin)
		}
	}
	for i := first; i < a.n; i++ { // the cabin may stand behind its classes
		if a.classes[i].cabin == "" {
			a.classes[i].cabin = a.cabin
		}
	}
}

func (l *lowFare) availability(a *availability, cabin string) {
	code, seats := "", 0
	for f := l.d.Fields(availNames); f.Next(); {
		switch f.Key() {
		case availResBookDesigCode:
			code = l.d.View()
		case availResBookDesigQuantity:
			seats, _ = l.d.Int()
		case availCabinType:
			cabin = l.d.View()
		}
	}
	if a.n < len(a.classes) {
		c := &a.classes[a.n]
		c.code, c.cabin, c.seats = code, cabin, seats
		a.n++
	}
}

// choose takes the class that the segment is booked in, or the only one.
func (a *availability) choose(s *Segment) {
	for i := range a.n {
		c := &a.classes[i]
		if c.code != s.Class && (s.Class != "" || a.n > 1) {
			continue
		}
		if s.Seats = max(c.seats, 0); !s.Cabin.Known() {
			s.Cabin = CabinOf(c.cabin)
		}
		return
	}
}
