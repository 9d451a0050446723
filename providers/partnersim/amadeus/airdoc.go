package amadeus

// The vendor's documents, in its order of keys. Pointers and omitempty are what it leaves out.

type AirDoc struct {
	Meta         meta          `json:"meta"`
	Data         []OfferDoc    `json:"data"`
	Dictionaries *Dictionaries `json:"dictionaries,omitempty"`
}

type meta struct {
	Count int    `json:"count"`
	Links *links `json:"links,omitempty"`
}

type links struct {
	Self string `json:"self"`
}

type OfferDoc struct {
	Type            string            `json:"type"`
	ID              string            `json:"id"`
	Source          string            `json:"source"`
	Instant         bool              `json:"instantTicketingRequired"`
	NonHomogeneous  bool              `json:"nonHomogeneous"`
	OneWay          bool              `json:"oneWay"`
	LastTicketing   string            `json:"lastTicketingDate,omitempty"`
	LastTicketingAt string            `json:"lastTicketingDateTime,omitempty"`
	Seats           int               `json:"numberOfBookableSeats,omitempty"`
	Itineraries     []itineraryDoc    `json:"itineraries"`
	Price           offerPrice        `json:"price"`
	Options         pricingOptions    `json:"pricingOptions"`
	Validating      []string          `json:"validatingAirlineCodes"`
	Travelers       []travelerPricing `json:"travelerPricings"`
	Rules           *rulesDoc         `json:"fareRules,omitempty"`
}

type itineraryDoc struct {
	Duration string       `json:"duration"`
	Segments []segmentDoc `json:"segments"`
}

type segmentDoc struct {
	Departure   endpoint   `json:"departure"`
	Arrival     endpoint   `json:"arrival"`
	Carrier     string     `json:"carrierCode"`
	Number      string     `json:"number"`
	Aircraft    *aircraft  `json:"aircraft,omitempty"`
	Operating   *operating `json:"operating,omitempty"`
	Duration    string     `json:"duration"`
	ID          string     `json:"id"`
	Stops       int        `json:"numberOfStops"`
	Blacklisted bool       `json:"blacklistedInEU"`
	Emissions   []emission `json:"co2Emissions,omitempty"`
}

type endpoint struct {
	Code     string `json:"iataCode"`
	Terminal string `json:"terminal,omitempty"`
	At       string `json:"at"`
}

type aircraft struct {
	Code string `json:"code"`
}

type operating struct {
	Carrier string `json:"carrierCode"`
}

type emission struct {
	Weight int    `json:"weight"`
	Unit   string `json:"weightUnit"`
	Cabin  string `json:"cabin"`
}

type priceDoc struct {
	Currency string      `json:"currency"`
	Total    string      `json:"total"`
	Base     string      `json:"base"`
	Fees     []feeDoc    `json:"fees,omitempty"`
	Taxes    []ticketTax `json:"taxes,omitempty"`
}

type offerPrice struct {
	priceDoc
	Grand    string   `json:"grandTotal"`
	Services []feeDoc `json:"additionalServices,omitempty"` // what could be bought beside
}

type feeDoc struct {
	Amount string `json:"amount"`
	Type   string `json:"type"`
}

type ticketTax struct {
	Amount string `json:"amount"`
	Code   string `json:"code"`
}

type pricingOptions struct {
	FareType   []string `json:"fareType"`
	Bags       bool     `json:"includedCheckedBagsOnly"`
	Refundable *bool    `json:"refundableFare,omitempty"`
	Free       *bool    `json:"noRestrictionFare,omitempty"`
	NoPenalty  *bool    `json:"noPenaltyFare,omitempty"`
}

type travelerPricing struct {
	ID      string       `json:"travelerId"`
	Fare    string       `json:"fareOption"`
	Type    string       `json:"travelerType"`
	Adult   string       `json:"associatedAdultId,omitempty"`
	Price   priceDoc     `json:"price"`
	Details []fareDetail `json:"fareDetailsBySegment"`
}

// amenity is what a branded fare has, for nothing or at a charge.
type amenity struct {
	Description string `json:"description"`
	Chargeable  bool   `json:"isChargeable"`
	Type        string `json:"amenityType"`
}

type fareDetail struct {
	Segment   string    `json:"segmentId"`
	Cabin     string    `json:"cabin"`
	Basis     string    `json:"fareBasis"`
	Brand     string    `json:"brandedFare,omitempty"`
	Label     string    `json:"brandedFareLabel,omitempty"`
	Class     string    `json:"class"`
	Bags      *bagsDoc  `json:"includedCheckedBags,omitempty"`
	CabinBags *bagsDoc  `json:"includedCabinBags,omitempty"`
	Amenities []amenity `json:"amenities,omitempty"`
}

// bagsDoc is pieces or a weight.
type bagsDoc struct {
	Quantity *int   `json:"quantity,omitempty"`
	Weight   int    `json:"weight,omitempty"`
	Unit     string `json:"weightUnit,omitempty"`
}

type rulesDoc struct {
	Rules []ruleDoc `json:"rules"`
}

type ruleDoc struct {
	Category string `json:"category"`
	Penalty  string `json:"maxPenaltyAmount,omitempty"`
	Never    bool   `json:"notApplicable,omitempty"`
}

type Dictionaries struct {
	Locations  map[string]location `json:"locations"`
	Aircraft   map[string]string   `json:"aircraft"`
	Currencies map[string]string   `json:"currencies"`
	Carriers   map[string]string   `json:"carriers"`
}

type location struct {
	City    string `json:"cityCode"`
	Country string `json:"countryCode"`
}
