package opentravel

import (
	"strconv"

	"fanfare/providers/travel"
)

var (
	itineraryNames = NewNames("SequenceNumber", "AirItinerary", "AirItineraryPricingInfo", "TicketingInfo", "TPA_Extensions", "Currency|CurrencyCode")
	airNames       = NewNames("OriginDestinationOptions", "OriginDestinationOption")
	optionsOf      = NewNames("OriginDestinationOption")
	optionNames    = NewNames("FlightSegment", "ElapsedTime", "JourneyTotalDuration")
	extensionNames = NewNames("AdditionalFares", "ValidatingCarrier")
	additionalOf   = NewNames("AirItineraryPricingInfo")
	carrierNames   = NewNames("Code", "Default", Text)
	ticketingNames = NewNames("TicketTimeLimit")
)

// itinerary reads one PricedItinerary.
func (l *lowFare) itinerary(where string) {
	d, g := l.d, l.g
	label, seller, limit := "", "", ""
	g.Begin()
	for f := d.Fields(itineraryNames); f.Next(); {
		switch f.Key() {
		case 0:
			label = d.Intern()
		case 1:
			l.air()
		case 2:
			l.quote(len(g.quotes) > 0)
		case 3:
			for t := d.Fields(ticketingNames); t.Next(); {
				limit = d.View()
			}
		case 5:
			g.Money.Currency = d.Intern()
		case 4:
			for e := d.Fields(extensionNames); e.Next(); {
				if e.Key() == 1 {
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
		if c.Key() == 1 {
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
		if f.Key() == 1 {
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
		if f.Key() == 0 {
			l.segment()
		} else {
			minutes = Minutes(l.d.View())
		}
	}
	l.g.EndSlice(minutes)
}

var (
	segmentNames = NewNames("DepartureDateTime", "ArrivalDateTime", "FlightNumber", "ElapsedTime", "JourneyDuration", "ResBookDesigCode", "StopQuantity", "RPH",
		"DepartureAirport", "ArrivalAirport", "OperatingAirline", "MarketingAirline", "DisclosureAirline", "Equipment", "DepartureTimeZone", "ArrivalTimeZone",
		"BookingClassAvails", "MarketingCabin", "CabinType", "BookingClassAvail")
	airportNames   = NewNames("LocationCode", "TerminalID", "Terminal", Text)
	airlineNames   = NewNames("Code", "FlightNumber")
	equipmentNames = NewNames("AirEquipType", Text)
	zoneNames      = NewNames("GMTOffset")
	availsNames    = NewNames("BookingClassAvail", "CabinType")
	availNames     = NewNames("ResBookDesigCode", "ResBookDesigQuantity", "CabinType")
	cabinNames     = NewNames("CabinType", "Cabin")
)

const (
	segmentDeparts = iota
	segmentArrives
	segmentNumber
	segmentElapsed
	segmentDuration
	segmentClass
	segmentStops
	segmentRPH
	segmentFrom
	segmentTo
	segmentOperating
	segmentMarketing
	segmentDisclosure
	segmentEquipment
	segmentOutZone
	segmentInZone
	segmentAvails
	segmentMarketingCabin
	segmentCabin
	segmentAvail
)

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
		case segmentDeparts:
			s.Out = Wall(d.View())
		case segmentArrives:
			s.In = Wall(d.View())
		case segmentNumber:
			number = d.Intern()
		case segmentElapsed, segmentDuration:
			if m := Minutes(d.View()); m > 0 {
				s.Minutes = m
			}
		case segmentClass:
			s.Class = d.View()
		case segmentStops:
			if n, ok := d.Int(); ok && n > 0 && n < 10 {
				s.Stops = n
			}
		case segmentRPH:
			s.RPH = d.View()
		case segmentFrom:
			s.Origin, s.DepartureTerminal = l.airport()
		case segmentTo:
			s.Destination, s.ArrivalTerminal = l.airport()
		case segmentOperating:
			operating, flown = l.airline()
		case segmentMarketing:
			who, _ = l.airline()
		case segmentDisclosure:
			showed, _ = l.airline()
		case segmentEquipment:
			for e := d.Fields(equipmentNames); e.Next(); {
				if t := d.View(); s.Aircraft == "" && t != "" && len(t) <= 4 {
					s.Aircraft = d.Keep(t)
				}
			}
		case segmentOutZone:
			s.OutHours = l.zone()
		case segmentInZone:
			s.InHours = l.zone()
		case segmentAvails:
			l.availabilities(&avails)
		case segmentAvail:
			l.availability(&avails, "")
		case segmentMarketingCabin:
			for c := d.Fields(cabinNames); c.Next(); {
				s.Cabin = CabinOf(d.View())
			}
		case segmentCabin:
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
		case 0:
			code = travel.Airport(l.d.Intern())
		case 1, 2:
			terminal = l.d.Name()
		}
	}
	return code, terminal
}

func (l *lowFare) airline() (code, number string) {
	for f := l.d.Fields(airlineNames); f.Next(); {
		if f.Key() == 0 {
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
		if f.Key() == 1 {
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
		case 0:
			code = l.d.View()
		case 1:
			seats, _ = l.d.Int()
		case 2:
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
