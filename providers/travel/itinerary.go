package travel

import (
	"cmp"
	"strings"
	"time"
)

// Flight is a carrier with a flight number, as on a ticket: {"BA", "177"}.
// Numbers have no leading zeros and may end in a suffix letter; "" is unknown.
type Flight struct {
	Carrier Carrier `json:"carrier"`
	Number  string  `json:"number"`
}

// NewFlight normalises what partners write: the carrier upper-case, a repeated
// carrier ("W29896") and leading zeros taken off the number. A number of zeros only is not
// given: no flight has it, and partners write it where they know none.
func NewFlight(carrier, number string) Flight {
	carrier = strings.ToUpper(strings.TrimSpace(carrier))
	number = strings.ToUpper(strings.TrimSpace(number))
	if len(carrier) == 2 && len(number) > 2 && number[:2] == carrier && number[2] >= '0' && number[2] <= '9' {
		number = number[2:]
	}
	if digits := strings.TrimLeft(number, "0"); len(digits) < len(number) && !strings.ContainsAny(digits, "123456789") {
		number = ""
	} else {
		number = digits
	}
	return Flight{Carrier(carrier), number}
}

// String is the flight as travellers write it: "BA177".
func (f Flight) String() string { return string(f.Carrier) + f.Number }

// Compare orders by carrier, then by number with shorter numbers first.
func (f Flight) Compare(g Flight) int {
	return cmp.Or(cmp.Compare(f.Carrier, g.Carrier), cmp.Compare(len(f.Number), len(g.Number)), cmp.Compare(f.Number, g.Number))
}

// Segment is one flight number between two airports.
type Segment struct {
	Marketing         Flight // as this partner sells it
	Operating         Flight // who flies; a zero Carrier is unconfirmed, never "the same"
	Origin            Airport
	Destination       Airport
	Departs           LocalTime
	Arrives           LocalTime
	DepartureTerminal string // "" is unknown, as in the two below
	ArrivalTerminal   string
	Aircraft          string // IATA aircraft type, such as 777
}

// Duration is the elapsed time in the air and on the taxiways, from instants.
func (s *Segment) Duration() time.Duration { return s.Arrives.Sub(s.Departs) }

// Slice is one direction of a trip: one or more segments in the order flown.
type Slice struct {
	Segments []Segment
}

// Origin is where the slice begins.
func (s *Slice) Origin() Airport { return s.Segments[0].Origin }

// Destination is where the slice ends.
func (s *Slice) Destination() Airport { return s.Segments[len(s.Segments)-1].Destination }

// Departs is the departure of the first segment.
func (s *Slice) Departs() LocalTime { return s.Segments[0].Departs }

// Arrives is the arrival of the last segment.
func (s *Slice) Arrives() LocalTime { return s.Segments[len(s.Segments)-1].Arrives }

// Duration is the elapsed time of the slice, layovers included.
func (s *Slice) Duration() time.Duration { return s.Arrives().Sub(s.Departs()) }

// Stops is the number of connections.
func (s *Slice) Stops() int { return len(s.Segments) - 1 }

// Itinerary is the slices that a traveller would fly, without a price.
type Itinerary struct {
	Slices []Slice
}

// Duration is the sum over the slices, each with its layovers.
func (it *Itinerary) Duration() time.Duration {
	var d time.Duration
	for i := range it.Slices {
		d += it.Slices[i].Duration()
	}
	return d
}

// Stops is the largest number of connections in one slice: what "max_stops" limits.
func (it *Itinerary) Stops() int {
	n := 0
	for i := range it.Slices {
		n = max(n, it.Slices[i].Stops())
	}
	return n
}

// SegmentCount is the number of segments over all slices.
func (it *Itinerary) SegmentCount() int {
	n := 0
	for i := range it.Slices {
		n += len(it.Slices[i].Segments)
	}
	return n
}
