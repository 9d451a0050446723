package partnersim

import (
	"maps"
	"slices"
)

// speaker is how partners of one protocol speak and what they sell.
type speaker struct {
	sells    []market
	media    string // of a recorded document
	protocol func(*assortment) protocol
}

// speakers is the one table from a protocol's name to its writer.
var speakers = map[string]speaker{
	"amadeus-air":   {[]market{flightsMarket}, amadeusMedia, newAmadeusAir},
	"amadeus-hotel": {[]market{staysMarket}, amadeusMedia, func(a *assortment) protocol { return newAmadeusHotel(a) }},
	"duffel":        {[]market{flightsMarket}, "application/json", newDuffel},
	"duffel-stays":  {[]market{staysMarket}, "application/json", newDuffelStays},
	"hotelbeds":     {[]market{staysMarket}, "application/json", newHotelbeds},
	"kiwi":          {[]market{flightsMarket}, "application/json", newKiwi},
	"ndc":           {[]market{flightsMarket}, "application/xml", func(a *assortment) protocol { return newNDC(a) }},
	"ota-air":       {[]market{flightsMarket}, "text/xml", newOTAAir},
	"ota-hotel":     {[]market{staysMarket}, "text/xml", newOTAHotel},
	"rapid":         {[]market{staysMarket}, "application/json", newRapid},
	"sabre-bfm":     {[]market{flightsMarket}, "application/json", newSabre},
	"travelport":    {[]market{flightsMarket, staysMarket}, "text/xml", newTravelport},
}

// Protocols lists the protocols that a partner can speak, sorted.
func Protocols() []string { return slices.Sorted(maps.Keys(speakers)) }
