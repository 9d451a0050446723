package travel

import "time"

// A connection on one ticket is the airline's word, and the airline's risk. One that is
// shorter than this is marked (docs/definitions.md 4).
const (
	ShortDomestic      = 45 * time.Minute // both flights stay within one country
	ShortInternational = 60 * time.Minute
)

// ShortConnection reports whether the time between two flights of one ticket is short.
func ShortConnection(in, out *Segment, domestic bool) bool {
	least := ShortInternational
	if domestic {
		least = ShortDomestic
	}
	return out.Departs.Sub(in.Arrives) < least
}
