package amadeus

import (
	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

const (
	itinerarySegments = iota
	itineraryDuration
)

var itineraryKeys = document.NewKeys([]string{itinerarySegments: "segments", itineraryDuration: "duration"}...)

func (d *airDecoder) readItinerary() {
	r := d.r
	first, duration := len(d.segments), ""
	for o := r.Object(itineraryKeys); o.Next(); {
		if o.Key() == itineraryDuration {
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
	if duration, ok := document.ParseDuration(text); ok {
		d.stated = append(d.stated, assemble.StatedTime{First: first, Last: last, Duration: duration})
	}
}

const (
	segmentID = iota
	segmentDeparture
	segmentArrival
	segmentCarrierCode
	segmentNumber
	segmentAircraft
	segmentOperating
	segmentDuration
	segmentNumberOfStops
	segmentStops
)

var segmentKeys = document.NewKeys([]string{
	segmentID: "id", segmentDeparture: "departure", segmentArrival: "arrival", segmentCarrierCode: "carrierCode", segmentNumber: "number",
	segmentAircraft: "aircraft", segmentOperating: "operating", segmentDuration: "duration", segmentNumberOfStops: "numberOfStops",
	segmentStops: "stops",
}...)

var aircraftKeys = document.NewKeys("code")

const (
	operatingCarrierCode = iota
	operatingNumber
)

var operatingKeys = document.NewKeys([]string{operatingCarrierCode: "carrierCode", operatingNumber: "number"}...)

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
		case segmentID:
			id = r.View()
		case segmentDeparture:
			s.Origin, s.DepartureTerminal, departs = d.readEnd()
		case segmentArrival:
			s.Destination, s.ArrivalTerminal, arrives = d.readEnd()
		case segmentCarrierCode:
			marketing = r.Intern()
		case segmentNumber:
			marketingNumber = r.Intern()
		case segmentAircraft:
			if r.Kind() == '"' {
				s.Aircraft = r.Intern()
				break
			}
			for w := r.Object(aircraftKeys); w.Next(); {
				s.Aircraft = r.Intern()
			}
		case segmentOperating:
			for w := r.Object(operatingKeys); w.Next(); {
				if w.Key() == operatingCarrierCode {
					operating = r.Intern()
				} else {
					operatingNumber = r.Intern()
				}
			}
		case segmentDuration:
			duration = r.View()
		case segmentNumberOfStops:
			stopCount, _ = r.Int()
		case segmentStops:
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

const (
	endIATACode = iota
	endTerminal
	endAt
)

var endKeys = document.NewKeys([]string{endIATACode: "iataCode", endTerminal: "terminal", endAt: "at"}...)

// readEnd is where and when a segment begins or ends; at is a view.
func (d *airDecoder) readEnd() (code travel.Airport, terminal, at string) {
	r := d.r
	for o := r.Object(endKeys); o.Next(); {
		switch o.Key() {
		case endIATACode:
			code = travel.Airport(r.Intern())
		case endTerminal:
			terminal = r.Name()
		case endAt:
			at = r.View()
		}
	}
	return code, terminal, at
}

// readTime is a local time at an airport. Why it is none is kept for the offer.
func (d *airDecoder) readTime(text string, airport travel.Airport) travel.LocalTime {
	w, ok := document.ParseWall(text)
	if !ok {
		return travel.LocalTime{}
	}
	t, rule := w.At(airport, d.atlas, "")
	if rule != "" && d.timeRule == "" {
		d.timeRule = rule
	}
	return t
}
