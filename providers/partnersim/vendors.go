package partnersim

import (
	"maps"
	"slices"

	"fanfare/providers/partnersim/amadeus"
	"fanfare/providers/partnersim/duffel"
	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/hotelbeds"
	"fanfare/providers/partnersim/kiwi"
	"fanfare/providers/partnersim/ndc"
	"fanfare/providers/partnersim/ota"
	"fanfare/providers/partnersim/rapid"
	"fanfare/providers/partnersim/sabre"
	"fanfare/providers/partnersim/travelport"
	"fanfare/providers/partnersim/world"
)

// vendor is how partners of one protocol speak and what they sell.
type vendor struct {
	sells    []world.Market
	media    string // of a recorded document
	protocol func(*world.Inventory) exchange.Protocol
}

// vendors is the one table from a protocol's name to its writer.
var vendors = map[string]vendor{
	"amadeus-air":   {[]world.Market{world.FlightsMarket}, amadeus.Media, amadeus.NewAir},
	"amadeus-hotel": {[]world.Market{world.StaysMarket}, amadeus.Media, func(a *world.Inventory) exchange.Protocol { return amadeus.NewHotel(a) }},
	"duffel":        {[]world.Market{world.FlightsMarket}, "application/json", duffel.NewAir},
	"duffel-stays":  {[]world.Market{world.StaysMarket}, "application/json", duffel.NewStays},
	"hotelbeds":     {[]world.Market{world.StaysMarket}, "application/json", hotelbeds.New},
	"kiwi":          {[]world.Market{world.FlightsMarket}, "application/json", kiwi.New},
	"ndc":           {[]world.Market{world.FlightsMarket}, "application/xml", func(a *world.Inventory) exchange.Protocol { return ndc.New(a) }},
	"ota-air":       {[]world.Market{world.FlightsMarket}, "text/xml", ota.NewAir},
	"ota-hotel":     {[]world.Market{world.StaysMarket}, "text/xml", ota.NewHotel},
	"rapid":         {[]world.Market{world.StaysMarket}, "application/json", rapid.New},
	"sabre-bfm":     {[]world.Market{world.FlightsMarket}, "application/json", sabre.New},
	"travelport":    {[]world.Market{world.FlightsMarket, world.StaysMarket}, "text/xml", travelport.New},
}

// Protocols lists the protocols that a partner can speak, sorted.
func Protocols() []string { return slices.Sorted(maps.Keys(vendors)) }
