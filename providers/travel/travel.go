// Package travel holds the nouns of Fanfare: Money, Date, Query, Itinerary,
// Offer, Property, Rate, Answer and Result.
//
// It is a leaf: no I/O, no clock, no logging and no imports of other Fanfare
// packages. Values are plain data; once an Answer has been handed over, nothing
// in it may be modified, because caches and searches share it.
package travel

import "slices"

// Airport is an upper-case IATA airport code, such as LHR.
type Airport string

// Carrier is an upper-case IATA airline designator of two characters, such as BA or 9W.
type Carrier string

// Country is an upper-case ISO 3166-1 alpha-2 code, such as GB.
type Country string

// Product is what is being searched: flights or hotels.
type Product string

// The two products.
const (
	Flights Product = "flights"
	Hotels  Product = "hotels"
)

// Cabin is a travel class in Fanfare's own words; CabinUnknown is its zero value.
type Cabin string

// The cabins, cheapest first.
const (
	CabinUnknown   Cabin = ""
	Economy        Cabin = "economy"
	PremiumEconomy Cabin = "premium_economy"
	Business       Cabin = "business"
	First          Cabin = "first"
)

// Cabins lists the known cabins, cheapest first. Callers must not modify it.
var Cabins = []Cabin{Economy, PremiumEconomy, Business, First}

// Known reports whether c is one of Cabins.
func (c Cabin) Known() bool {
	return c == Economy || c == PremiumEconomy || c == Business || c == First
}

// Below reports whether c is a lower cabin than d; an unknown one is below all others.
func (c Cabin) Below(d Cabin) bool { return slices.Index(Cabins, c) < slices.Index(Cabins, d) }

// Answered is a yes, a no or an honest unknown; the zero value is Unknown.
type Answered int8

// The three values of Answered.
const (
	Unknown Answered = iota
	No
	Yes
)

// AnsweredBool turns a bool that a partner stated into Yes or No.
func AnsweredBool(b bool) Answered {
	if b {
		return Yes
	}
	return No
}

// Bool returns the stated value, and false in known when nothing was stated.
func (a Answered) Bool() (value, known bool) { return a == Yes, a != Unknown }

// Pieces counts bags. Its zero value is unknown, because most partners leave
// baggage out far more often than they say none.
type Pieces uint8

// PiecesOf is n pieces; n below zero is taken as unknown, and more than 200 as 200.
func PiecesOf(n int) Pieces {
	switch {
	case n < 0:
		return 0
	case n > 200:
		n = 200
	}
	return Pieces(n + 1)
}

// Count returns the number of pieces, and false in known when it is unknown.
func (p Pieces) Count() (n int, known bool) { return int(p) - 1, p != 0 }

// Some reports whether there is at least one piece for sure.
func (p Pieces) Some() bool { return p > 1 }

// Fewest gathers the smallest of some counts, of which some may be unknown: it is known
// if all are, or if one is zero, as there is nothing below. The zero value has none yet.
type Fewest struct {
	least   Pieces
	unknown bool
}

// Add is one more count; below zero is unknown.
func (f *Fewest) Add(n int) {
	switch p := PiecesOf(n); {
	case n < 0:
		f.unknown = true
	case f.least == 0 || p < f.least:
		f.least = p
	}
}

// Pieces is the smallest count, unknown if there was none.
func (f *Fewest) Pieces() Pieces {
	if f.unknown && f.least != PiecesOf(0) {
		return 0
	}
	return f.least
}
