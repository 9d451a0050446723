package rank

import (
	"slices"
	"time"

	"fanfare/providers/travel"
)

// Facts is what ranking needs to know of an itinerary. It is taken once a result.
type Facts struct {
	DurationMinutes   int // all slices, layovers included
	Stops             int // connections of the slice that has most
	Connections       int // over all slices
	OvernightLayovers int
	AirportChanges    int
	NightDepartures   int // slices that leave from 00:00 to 04:59, local
	MissPermille      int // sum over self-transfers of the chance to miss the next flight
	Departs           int64
	Arrives           int64 // of the last slice
}

// FactsOf takes the facts of a result.
func FactsOf(r *travel.Result) Facts {
	var f Facts
	position := 0
	for _, segments := range r.Slices {
		first, last := &segments[0], &segments[len(segments)-1]
		f.DurationMinutes += int(last.Arrives.Sub(first.Departs) / time.Minute)
		f.Stops = max(f.Stops, len(segments)-1)
		f.Connections += len(segments) - 1
		if first.Departs.MinuteOfDay() < 5*60 {
			f.NightDepartures++
		}
		for i := range segments {
			if i > 0 {
				f.connection(&segments[i-1].Segment, &segments[i].Segment, slices.Contains(r.SelfTransfer, position))
			}
			position++
		}
		f.Arrives = last.Arrives.Unix
	}
	f.Departs = r.Slices[0][0].Departs.Unix
	return f
}

func (f *Facts) connection(in, out *travel.Segment, selfTransfer bool) {
	if overnight(in.Arrives, out.Departs) {
		f.OvernightLayovers++
	}
	change := in.Destination != out.Origin
	if change {
		f.AirportChanges++
	}
	if selfTransfer {
		f.MissPermille += missPermille(out.Departs.Sub(in.Arrives), change)
	}
}

// overnightMinutes between 00:00 and 05:00 on the ground make a layover overnight.
const overnightMinutes = 180

// overnight reports whether a layover takes a night's sleep.
func overnight(arrives, departs travel.LocalTime) bool {
	start := arrives.MinuteOfDay()
	end := start + int(departs.Sub(arrives)/time.Minute)
	night := 0
	for day := 0; day < end; day += 24 * 60 {
		night += max(0, min(end, day+5*60)-max(start, day))
	}
	return night >= overnightMinutes
}

// missPermille is the chance to miss a self-transfer, in thousandths: 20 with the
// whole buffer, rising linearly to 300 without any. A prior of ours.
func missPermille(layover time.Duration, airportChange bool) int {
	buffer := travel.TransferBuffer // without bags and night, which nobody states
	if airportChange {
		buffer = travel.AirportChangeBuffer
	}
	if layover >= buffer {
		return 20
	}
	return 20 + int(280*(buffer-layover)/buffer)
}

// ConnectionFacts are what changing from in to out adds to an itinerary: the time on the
// ground, the connection itself, and its risk where the tickets change.
func ConnectionFacts(in, out *travel.Segment, selfTransfer bool) Facts {
	f := Facts{DurationMinutes: int(out.Departs.Sub(in.Arrives) / time.Minute), Connections: 1}
	f.connection(in, out, selfTransfer)
	return f
}
