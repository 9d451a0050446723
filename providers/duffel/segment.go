package duffel

import (
	"slices"

	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

var (
	sliceKeys           = wire.NewKeys("segments", "duration", "fare_brand_name", "conditions")
	sliceConditionsKeys = wire.NewKeys("advance_seat_selection", "change_before_departure")
)

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
		case 0:
			for a := r.Array(); a.Next(); {
				d.readSegment()
			}
		case 1:
			duration = r.View()
		case 2:
			if brand := r.Name(); brand != "" && !slices.Contains(d.brands, brand) {
				d.brands = append(d.brands, brand)
			}
		case 3:
			for c := r.Object(sliceConditionsKeys); c.Next(); {
				if c.Key() == 1 {
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
	if duration, ok := wire.ParseDuration(text); ok {
		d.stated = append(d.stated, wire.StatedTime{First: first, Last: last, Duration: duration})
	}
}

// The keys of a segment, in the order of the constants below.
var segmentKeys = wire.NewKeys("id", "origin", "destination", "departing_at", "arriving_at", "duration", "marketing_carrier", "marketing_carrier_flight_number",
	"operating_carrier", "operating_carrier_flight_number", "origin_terminal", "destination_terminal", "aircraft", "passengers", "stops")

const (
	keySegmentID = iota
	keyOrigin
	keyDestination
	keyDeparting
	keyArriving
	keyDuration
	keyMarketing
	keyMarketingNumber
	keyOperating
	keyOperatingNumber
	keyOriginTerminal
	keyDestinationTerminal
	keyAircraft
	keySegmentPassengers
	keyStops
)

var codeKeys = wire.NewKeys("iata_code")

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
		case keySegmentID:
			d.ids = append(d.ids, r.View())
		case keyOrigin:
			s.Origin, originZone = d.readPlace()
		case keyDestination:
			s.Destination, destinationZone = d.readPlace()
		case keyDeparting:
			departs = r.View()
		case keyArriving:
			arrives = r.View()
		case keyDuration:
			duration = r.View()
		case keyMarketing:
			marketing = d.readCode()
		case keyMarketingNumber:
			marketingNumber = r.Intern()
		case keyOperating:
			operating = d.readCode()
		case keyOperatingNumber:
			operatingNumber = r.Intern()
		case keyOriginTerminal:
			s.DepartureTerminal = r.Name()
		case keyDestinationTerminal:
			s.ArrivalTerminal = r.Name()
		case keyAircraft:
			s.Aircraft = d.readCode()
		case keySegmentPassengers:
			for a := r.Array(); a.Next(); {
				d.readSeat()
			}
		case keyStops:
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
	w, ok := wire.ParseWall(text)
	if !ok {
		return travel.LocalTime{}
	}
	t, rule := w.At(airport, d.atlas, zone)
	if rule != "" && d.timeRule == "" {
		d.timeRule = rule
	}
	return t
}

var placeKeys = wire.NewKeys("iata_code", "time_zone")

// readPlace is an airport's code and the zone that the document names for it, a view.
func (d *decoder) readPlace() (code travel.Airport, zone string) {
	for o := d.r.Object(placeKeys); o.Next(); {
		if o.Key() == 0 {
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

var (
	seatKeys  = wire.NewKeys("passenger_id", "cabin_class", "fare_basis_code", "baggages", "cabin")
	cabinKeys = wire.NewKeys("name")
	bagKeys   = wire.NewKeys("type", "quantity")
)

// readSeat reads a passenger of the segment that is about to be added.
func (d *decoder) readSeat() {
	r := d.r
	s := seat{segment: len(d.segments), carryOn: -1, checked: -1}
	for o := r.Object(seatKeys); o.Next(); {
		switch o.Key() {
		case 0:
			s.passenger = r.View()
		case 1:
			if cabin := cabinOf(r.View()); cabin.Known() {
				s.cabin = cabin
			}
		case 2:
			s.basis = r.Intern()
		case 3:
			d.readBags(&s)
		case 4:
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
			if o.Key() == 1 {
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
