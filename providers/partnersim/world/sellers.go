package world

import "fanfare/providers/travel"

// Operating is how much a partner says about who flies.
type Operating byte

// What partners say about operating carriers.
const (
	OperatingStated      Operating = iota // carrier and its flight number
	OperatingNumberNull                   // the carrier, never its flight number
	OperatingOftenUnsaid                  // no number, and on every seventh flight no carrier either
)

// Market is a kind of things that are sold: partners of one market sell the same things.
type Market string

const (
	FlightsMarket Market = "flights"
	StaysMarket   Market = "stays"
)

// Seller is what one simulated partner sells, and how it says so. Share, MaxOffers, Currency and
// DisplayName are set; every other zero value is useful.
type Seller struct {
	Name        string
	DisplayName string
	Credentials map[string]string // a missing one accepts any that is well formed
	Options     map[string]string
	Currency    travel.Currency // what it sells in
	Share       float64         // of all flights or properties that it sells
	Markup      int             // permille on the world's prices; may be negative
	Carriers    []travel.Carrier
	Operating   Operating
	MaxOffers   int    // offers, or properties, in an answer
	Version     string // ndc: "17.2" or "21.3"; "" is Options["version"], and without that 21.3
	Combined    bool   // ndc 17.2: offers of whole trips instead of one direction each
	Latin1      bool   // ndc: documents in ISO 8859-1
	Path        string // ndc: where questions go; "" is any path
}
