package travel

import "time"

// The least time between two tickets (docs/definitions.md 4, separate-ticket buffers). No vendor
// publishes a figure; travel guides say three hours.
const (
	// TransferBuffer is for a change of tickets at one airport.
	TransferBuffer = 180 * time.Minute
	// DomesticTransferBuffer is for one within a terminal, without a border.
	DomesticTransferBuffer = 120 * time.Minute
	// AirportChangeBuffer is for one from an airport to another.
	AirportChangeBuffer = 300 * time.Minute
	// LongestTransferBuffer is the largest that there is, with bags and at night.
	LongestTransferBuffer = AirportChangeBuffer + bagBuffer + nightBuffer

	bagBuffer   = 60 * time.Minute // for bags that are collected and checked in again
	nightBuffer = 60 * time.Minute // from 22:00 to 06:00, when desks and trains are few
	nightBegins = 22 * 60
	nightEnds   = 6 * 60
)

// Transfer is what is known of a change from one ticket to another besides its flights.
type Transfer struct {
	Domestic bool // both flights stay within one country
	Bags     bool // somebody may have bags to collect: true unless both tickets include none
}

// Buffer is the least time between in's arrival and out's departure. An unknown
// terminal is another one, and it is night if either time is.
func (t Transfer) Buffer(in, out *Segment) time.Duration {
	least := TransferBuffer
	switch {
	case in.Destination != out.Origin:
		least = AirportChangeBuffer
	case t.Domestic && in.ArrivalTerminal != "" && in.ArrivalTerminal == out.DepartureTerminal:
		least = DomesticTransferBuffer
	}
	if t.Bags {
		least += bagBuffer
	}
	if in.Arrives.night() || out.Departs.night() {
		least += nightBuffer
	}
	return least
}

func (t LocalTime) night() bool {
	m := t.MinuteOfDay()
	return m >= nightBegins || m < nightEnds
}
