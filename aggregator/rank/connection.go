package rank

import (
	"time"

	"fanfare/providers/travel"
)

// ConnectionFacts are what changing from in to out adds to an itinerary: the time on the
// ground, the connection itself, and its risk where the tickets change.
func ConnectionFacts(in, out *travel.Segment, selfTransfer bool) Facts {
	f := Facts{DurationMinutes: int(out.Departs.Sub(in.Arrives) / time.Minute), Connections: 1}
	f.connection(in, out, selfTransfer)
	return f
}
