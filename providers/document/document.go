// Package document reads partners' documents: strict readers for JSON and XML over a byte
// slice, and what stands in them: amounts, times, durations and texts. It knows no
// protocol and no place.
//
// Nothing that a partner sends is trusted: every reader is bounded in depth, names and
// numbers, and every error says where in the document it is.
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
//	var placeKeys = document.NewKeys([]string{placeID: "id", placeTimeZone: "time_zone"}...)
//
// The name of a constant is that of the list without Keys or Names, and then the key in
// Go's spelling. What both have in common is there once: placeID is also the constant of
// "place_id". No key is compared with a bare number; make lint holds that.
package document

// The limits on a partner's document (docs/reliability.md 3).
const (
	MaxDepth   = 32  // nesting of objects and arrays
	MaxNumber  = 32  // characters of a number literal
	MaxName    = 256 // bytes of a name that is kept
	maxInterns = 64  // bytes of a string worth sharing
)
