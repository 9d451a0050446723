// Package wire is what the protocols share: strict readers for partners'
// documents, parsing of amounts, times and durations, and the HTTP round trip
// with its limits. It knows nothing about any one protocol, about quotas,
// breakers or retries (package providers), or about places.
//
// Nothing that a partner sends is trusted: every reader here is bounded in
// bytes, depth and count, and every error is a closed cause of package fault.
//
// A decoder names the keys that it reads of one kind of object in a list, and gets them
// from a reader as indexes into it. Where it does different things by key, each key has
// a constant right above the list, and the list is indexed by the constants, so that
// their order cannot drift from that of the names:
//
//	const (
//		placeID = iota
//		placeTimeZone
//	)
//
//	var placeKeys = wire.NewKeys([]string{placeID: "id", placeTimeZone: "time_zone"}...)
//
// The name of a constant is that of the list without Keys or Names, and then the key in
// Go's spelling. What both have in common is there once: placeID is also the constant of
// "place_id". No key is compared with a bare number; make lint holds that.
// A reader for XML will stand beside JSON with the same shape.
package wire

// The limits on a partner's document (docs/reliability.md 3).
const (
	MaxDepth   = 32   // nesting of objects and arrays
	MaxNumber  = 32   // characters of a number literal
	MaxName    = 256  // bytes of a name that is kept
	MaxOffers  = 1000 // offers or rates kept of one answer, the cheapest
	maxInterns = 64   // bytes of a string worth sharing
)
