package partnersim

import (
	"maps"
	"slices"
)

// market is a kind of things that are sold: partners of one market sell the same things.
type market string

const (
	flightsMarket market = "flights"
	staysMarket   market = "stays"
)

// speaker is how partners of one protocol speak and what they sell.
type speaker struct {
	sells    []market
	media    string // of a recorded document
	protocol func(*assortment) protocol
}

// speakers is the one table from a protocol's name to its writer.
var speakers = map[string]speaker{
	"amadeus-air":   {[]market{flightsMarket}, amadeusMedia, func(a *assortment) protocol { return &amadeusAir{amadeus{a}} }},
	"amadeus-hotel": {[]market{staysMarket}, amadeusMedia, func(a *assortment) protocol { return newAmadeusHotel(a) }},
	"duffel":        {[]market{flightsMarket}, "application/json", func(a *assortment) protocol { return &duffel{assortment: a} }},
	"duffel-stays": {[]market{staysMarket}, "application/json",
		func(a *assortment) protocol { return &duffelStays{duffel{a}, newMemo[string, duffelStay](200000)} }},
	"hotelbeds": {[]market{staysMarket}, "application/json",
		func(a *assortment) protocol { return &hotelbeds{assortment: a, codes: newMemo[int, *property](200000)} }},
	"kiwi":       {[]market{flightsMarket}, "application/json", func(a *assortment) protocol { return &kiwi{a} }},
	"ndc":        {[]market{flightsMarket}, "application/xml", func(a *assortment) protocol { return newNDC(a) }},
	"ota-air":    {[]market{flightsMarket}, "text/xml", func(a *assortment) protocol { return &otaAir{assortment: a} }},
	"ota-hotel":  {[]market{staysMarket}, "text/xml", func(a *assortment) protocol { return &otaHotel{a, newMemo[string, *property](200000)} }},
	"sabre-bfm":  {[]market{flightsMarket}, "application/json", func(a *assortment) protocol { return &sabre{a} }},
	"travelport": {[]market{flightsMarket, staysMarket}, "text/xml", func(a *assortment) protocol { return &travelport{a} }},
	"rapid":      {[]market{staysMarket}, "application/json", func(a *assortment) protocol { return &rapid{assortment: a} }},
}

// Protocols lists the protocols that a partner can speak, sorted.
func Protocols() []string { return slices.Sorted(maps.Keys(speakers)) }
