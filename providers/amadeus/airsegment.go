package amadeus

import (
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

var itineraryKeys = wire.NewKeys("segments", "duration")

func (d *airDecoder) readItinerary() {
	r := d.r
	first, duration := len(d.segments), ""
	for o := r.Object(itineraryKeys); o.Next(); {
		if o.Key() == 1 {
			duration = r.View()
			continue
		}
		for a := r.Array(); a.Next(); {
			d.readSegment()
		}
	}
	if len(d.counts) == maxSegments {
		d.tooMuch = true
		return
	}
	d.counts = append(d.counts, len(d.segments)-first)
	d.state(first, len(d.segments)-1, duration)
}

// state remembers a duration that the document states, if it can be read.
func (d *airDecoder) state(first, last int, text string) {
	if duration, ok := wire.ParseDuration(text); ok {
		d.stated = append(d.stated, wire.StatedTime{First: first, Last: last, Duration: duration})
	}
}

// The keys of a segment, in the order of the constants below.
var segmentKeys = wire.NewKeys("id", "departure", "arrival", "carrierCode", "number", "aircraft", "operating", "duration", "numberOfStops", "stops")

const (
	keySegmentID = iota
	keyDeparture
	keyArrival
	keyCarrier
	keyNumber
	keyAircraft
	keyOperating
	keyDuration
	keyStopCount
	keyStops
)

var (
	aircraftKeys  = wire.NewKeys("code")
	operatingKeys = wire.NewKeys("carrierCode", "number")
)

func (d *airDecoder) readSegment() {
	r := d.r
	var (
		s                          travel.Segment
		id, departs, arrives       string // views
		duration                   string
		marketing, marketingNumber string
		operating, operatingNumber string
		stopCount, stops           int
	)
	for o := r.Object(segmentKeys); o.Next(); {
		switch o.Key() {
		case keySegmentID:
			id = r.View()
		case keyDeparture:
			s.Origin, s.DepartureTerminal, departs = d.readEnd()
		case keyArrival:
			s.Destination, s.ArrivalTerminal, arrives = d.readEnd()
		case keyCarrier:
			marketing = r.Intern()
		case keyNumber:
			marketingNumber = r.Intern()
		case keyAircraft:
			if r.Kind() == '"' {
				s.Aircraft = r.Intern()
				break
			}
			for w := r.Object(aircraftKeys); w.Next(); {
				s.Aircraft = r.Intern()
			}
		case keyOperating:
			for w := r.Object(operatingKeys); w.Next(); {
				if w.Key() == 0 {
					operating = r.Intern()
				} else {
					operatingNumber = r.Intern()
				}
			}
		case keyDuration:
			duration = r.View()
		case keyStopCount:
			stopCount, _ = r.Int()
		case keyStops:
			for a := r.Array(); a.Next(); {
				stops++
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
	s.Departs = d.readTime(departs, s.Origin)
	s.Arrives = d.readTime(arrives, s.Destination)
	if len(d.segments) == maxSegments {
		d.tooMuch = true
		return
	}
	d.stops += min(max(stopCount, stops, 0), 10)
	d.segments, d.ids = append(d.segments, s), append(d.ids, id)
	d.state(len(d.segments)-1, len(d.segments)-1, duration)
}

// maxSegments and maxFares bound one offer: the vendor sends 9 segments in each of 6
// directions at most, and their fares for 18 travellers. An offer with more is over_limit.
const (
	maxSegments = 54
	maxFares    = 18 * maxSegments
)

var endKeys = wire.NewKeys("iataCode", "terminal", "at")

// readEnd is where and when a segment begins or ends; at is a view.
func (d *airDecoder) readEnd() (code travel.Airport, terminal, at string) {
	r := d.r
	for o := r.Object(endKeys); o.Next(); {
		switch o.Key() {
		case 0:
			code = travel.Airport(r.Intern())
		case 1:
			terminal = r.Name()
		case 2:
			at = r.View()
		}
	}
	return code, terminal, at
}

// readTime is a local time at an airport. Why it is none is kept for the offer.
func (d *airDecoder) readTime(text string, airport travel.Airport) travel.LocalTime {
	w, ok := wire.ParseWall(text)
	if !ok {
		return travel.LocalTime{}
	}
	t, rule := w.At(airport, d.atlas, "")
	if rule != "" && d.timeRule == "" {
		d.timeRule = rule
	}
	return t
}
