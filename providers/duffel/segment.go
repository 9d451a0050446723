package duffel

import (
	"slices"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

const (
	sliceSegments = iota
	sliceDuration
	sliceFareBrandName
	sliceConditions
)

var sliceKeys = document.NewKeys([]string{
	sliceSegments: "segments", sliceDuration: "duration", sliceFareBrandName: "fare_brand_name", sliceConditions: "conditions",
}...)

const (
	sliceConditionsAdvanceSeatSelection = iota
	sliceConditionsChangeBeforeDeparture
)

var sliceConditionsKeys = document.NewKeys([]string{
	sliceConditionsAdvanceSeatSelection: "advance_seat_selection", sliceConditionsChangeBeforeDeparture: "change_before_departure",
}...)

func (d *decoder) readSlice() {
	r := d.r
	first := len(d.segments)
	duration, seat := "", travel.SeatUnknown
	var (
		changeable travel.Answered
		fee        travel.Money
	)
	for o := r.Object(sliceKeys); o.Next(); {
		switch o.Key() {
		case sliceSegments:
			for a := r.Array(); a.Next(); {
				d.readSegment()
			}
		case sliceDuration:
			duration = r.View()
		case sliceFareBrandName:
			if brand := r.Name(); brand != "" && !slices.Contains(d.brands, brand) {
				d.brands = append(d.brands, brand)
			}
		case sliceConditions:
			for c := r.Object(sliceConditionsKeys); c.Next(); {
				if c.Key() == sliceConditionsChangeBeforeDeparture {
					changeable, fee = d.readCondition()
					continue
				}
				switch r.Bool() {
				case travel.Yes:
					seat = travel.SeatIncluded
				case travel.No:
					seat = travel.SeatNotIncluded
				}
			}
		}
	}
	if len(d.counts) > 0 {
		seat = seat.And(d.seat)
	}
	d.seat = seat
	d.changes.Add(changeable, fee)
	d.counts = append(d.counts, len(d.segments)-first)
	d.state(first, len(d.segments)-1, duration)
}

// state remembers a duration that the document states, if it can be read.
func (d *decoder) state(first, last int, text string) {
	if duration, ok := document.ParseDuration(text); ok {
		d.stated = append(d.stated, assemble.StatedTime{First: first, Last: last, Duration: duration})
	}
}

const (
	segmentID = iota
	segmentOrigin
	segmentDestination
	segmentDepartingAt
	segmentArrivingAt
	segmentDuration
	segmentMarketingCarrier
	segmentMarketingCarrierFlightNumber
	segmentOperatingCarrier
	segmentOperatingCarrierFlightNumber
	segmentOriginTerminal
	segmentDestinationTerminal
	segmentAircraft
	segmentPassengers
	segmentStops
)

var segmentKeys = document.NewKeys([]string{
	segmentID: "id", segmentOrigin: "origin", segmentDestination: "destination", segmentDepartingAt: "departing_at",
	segmentArrivingAt: "arriving_at", segmentDuration: "duration", segmentMarketingCarrier: "marketing_carrier",
	segmentMarketingCarrierFlightNumber: "marketing_carrier_flight_number", segmentOperatingCarrier: "operating_carrier",
	segmentOperatingCarrierFlightNumber: "operating_carrier_flight_number", segmentOriginTerminal: "origin_terminal",
	segmentDestinationTerminal: "destination_terminal", segmentAircraft: "aircraft", segmentPassengers: "passengers",
	segmentStops: "stops",
}...)

var codeKeys = document.NewKeys("iata_code")

func (d *decoder) readSegment() {
	r := d.r
	var (
		s                           travel.Segment
		departs, arrives, duration  string // views
		originZone, destinationZone string
		marketing, marketingNumber  string
		operating, operatingNumber  string
	)
	for o := r.Object(segmentKeys); o.Next(); {
		switch o.Key() {
		case segmentID:
			d.ids = append(d.ids, r.View())
		case segmentOrigin:
			s.Origin, originZone = d.readPlace()
		case segmentDestination:
			s.Destination, destinationZone = d.readPlace()
		case segmentDepartingAt:
			departs = r.View()
		case segmentArrivingAt:
			arrives = r.View()
		case segmentDuration:
			duration = r.View()
		case segmentMarketingCarrier:
			marketing = d.readCode()
		case segmentMarketingCarrierFlightNumber:
			marketingNumber = r.Intern()
		case segmentOperatingCarrier:
			operating = d.readCode()
		case segmentOperatingCarrierFlightNumber:
			operatingNumber = r.Intern()
		case segmentOriginTerminal:
			s.DepartureTerminal = r.Name()
		case segmentDestinationTerminal:
			s.ArrivalTerminal = r.Name()
		case segmentAircraft:
			s.Aircraft = d.readCode()
		case segmentPassengers:
			for a := r.Array(); a.Next(); {
				d.readSeat()
			}
		case segmentStops:
			for a := r.Array(); a.Next(); {
				d.stops++
			}
		}
	}
	s.Marketing = travel.NewFlight(marketing, marketingNumber)
	if operating != "" {
		s.Operating = travel.NewFlight(operating, operatingNumber)
		if s.Operating.Number == "" && s.Operating.Carrier == s.Marketing.Carrier {
			s.Operating.Number = s.Marketing.Number // one carrier, one number: it is the same flight
		}
	}
	s.Departs = d.readTime(departs, s.Origin, originZone)
	s.Arrives = d.readTime(arrives, s.Destination, destinationZone)
	d.segments = append(d.segments, s)
	if len(d.ids) < len(d.segments) {
		d.ids = append(d.ids, "")
	}
	d.state(len(d.segments)-1, len(d.segments)-1, duration)
}

// readTime is a local time at an airport. Why it is none is kept for the offer.
func (d *decoder) readTime(text string, airport travel.Airport, zone string) travel.LocalTime {
	w, ok := document.ParseWall(text)
	if !ok {
		return travel.LocalTime{}
	}
	t, rule := w.At(airport, d.atlas, zone)
	if rule != "" && d.timeRule == "" {
		d.timeRule = rule
	}
	return t
}

const (
	placeIATACode = iota
	placeTimeZone
)

var placeKeys = document.NewKeys([]string{placeIATACode: "iata_code", placeTimeZone: "time_zone"}...)

// readPlace is an airport's code and the zone that the document names for it, a view.
func (d *decoder) readPlace() (code travel.Airport, zone string) {
	for o := d.r.Object(placeKeys); o.Next(); {
		if o.Key() == placeIATACode {
			code = travel.Airport(d.r.Intern())
		} else {
			zone = d.r.View()
		}
	}
	return code, zone
}

// readCode is the code of a carrier or aircraft, "" if there is none.
func (d *decoder) readCode() string {
	code := ""
	for o := d.r.Object(codeKeys); o.Next(); {
		code = d.r.Intern()
	}
	return code
}

const (
	seatPassengerID = iota
	seatCabinClass
	seatFareBasisCode
	seatBaggages
	seatCabin
)

var seatKeys = document.NewKeys([]string{
	seatPassengerID: "passenger_id", seatCabinClass: "cabin_class", seatFareBasisCode: "fare_basis_code", seatBaggages: "baggages",
	seatCabin: "cabin",
}...)

var cabinKeys = document.NewKeys("name")

const (
	bagType = iota
	bagQuantity
)

var bagKeys = document.NewKeys([]string{bagType: "type", bagQuantity: "quantity"}...)

// readSeat reads a passenger of the segment that is about to be added.
func (d *decoder) readSeat() {
	r := d.r
	s := seat{segment: len(d.segments), carryOn: -1, checked: -1}
	for o := r.Object(seatKeys); o.Next(); {
		switch o.Key() {
		case seatPassengerID:
			s.passenger = r.View()
		case seatCabinClass:
			if cabin := cabinOf(r.View()); cabin.Known() {
				s.cabin = cabin
			}
		case seatFareBasisCode:
			s.basis = r.Intern()
		case seatBaggages:
			d.readBags(&s)
		case seatCabin:
			for c := r.Object(cabinKeys); c.Next(); {
				if cabin := cabinOf(r.View()); !s.cabin.Known() {
					s.cabin = cabin
				}
			}
		}
	}
	d.seats = append(d.seats, s)
}

// readBags adds up the pieces of each type. An empty list is "not stated": airlines
// that include none say so with a quantity of 0.
func (d *decoder) readBags(s *seat) {
	r := d.r
	for a := r.Array(); a.Next(); {
		var pieces *int
		quantity, stated := 0, false
		for o := r.Object(bagKeys); o.Next(); {
			if o.Key() == bagQuantity {
				quantity, stated = r.Int()
				continue
			}
			switch r.View() {
			case "carry_on":
				pieces = &s.carryOn
			case "checked":
				pieces = &s.checked
			}
		}
		if pieces != nil && stated && quantity >= 0 {
			*pieces = max(*pieces, 0) + min(quantity, 100)
		}
	}
}

// cabinOf is the same word as ours, or unknown: the document's text is not kept.
func cabinOf(name string) travel.Cabin {
	for _, c := range travel.Cabins {
		if string(c) == name {
			return c
		}
	}
	return travel.CabinUnknown
}
