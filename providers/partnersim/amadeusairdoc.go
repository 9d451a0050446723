package partnersim

// The vendor's documents, in its order of keys. Pointers and omitempty are what it leaves out.

type amadeusAirDoc struct {
	Meta         amadeusMeta          `json:"meta"`
	Data         []amadeusOffer       `json:"data"`
	Dictionaries *amadeusDictionaries `json:"dictionaries,omitempty"`
}

type amadeusMeta struct {
	Count int           `json:"count"`
	Links *amadeusLinks `json:"links,omitempty"`
}

type amadeusLinks struct {
	Self string `json:"self"`
}

type amadeusOffer struct {
	Type            string                   `json:"type"`
	ID              string                   `json:"id"`
	Source          string                   `json:"source"`
	Instant         bool                     `json:"instantTicketingRequired"`
	NonHomogeneous  bool                     `json:"nonHomogeneous"`
	OneWay          bool                     `json:"oneWay"`
	LastTicketing   string                   `json:"lastTicketingDate,omitempty"`
	LastTicketingAt string                   `json:"lastTicketingDateTime,omitempty"`
	Seats           int                      `json:"numberOfBookableSeats,omitempty"`
	Itineraries     []amadeusItinerary       `json:"itineraries"`
	Price           amadeusOfferPrice        `json:"price"`
	Options         amadeusPricingOptions    `json:"pricingOptions"`
	Validating      []string                 `json:"validatingAirlineCodes"`
	Travelers       []amadeusTravelerPricing `json:"travelerPricings"`
	Rules           *amadeusRules            `json:"fareRules,omitempty"`
}

type amadeusItinerary struct {
	Duration string           `json:"duration"`
	Segments []amadeusSegment `json:"segments"`
}

type amadeusSegment struct {
	Departure   amadeusEndpoint   `json:"departure"`
	Arrival     amadeusEndpoint   `json:"arrival"`
	Carrier     string            `json:"carrierCode"`
	Number      string            `json:"number"`
	Aircraft    *amadeusAircraft  `json:"aircraft,omitempty"`
	Operating   *amadeusOperating `json:"operating,omitempty"`
	Duration    string            `json:"duration"`
	ID          string            `json:"id"`
	Stops       int               `json:"numberOfStops"`
	Blacklisted bool              `json:"blacklistedInEU"`
	Emissions   []amadeusEmission `json:"co2Emissions,omitempty"`
}

type amadeusEndpoint struct {
	Code     string `json:"iataCode"`
	Terminal string `json:"terminal,omitempty"`
	At       string `json:"at"`
}

type amadeusAircraft struct {
	Code string `json:"code"`
}

type amadeusOperating struct {
	Carrier string `json:"carrierCode"`
}

type amadeusEmission struct {
	Weight int    `json:"weight"`
	Unit   string `json:"weightUnit"`
	Cabin  string `json:"cabin"`
}

type amadeusPrice struct {
	Currency string             `json:"currency"`
	Total    string             `json:"total"`
	Base     string             `json:"base"`
	Fees     []amadeusFee       `json:"fees,omitempty"`
	Taxes    []amadeusTicketTax `json:"taxes,omitempty"`
}

type amadeusOfferPrice struct {
	amadeusPrice
	Grand    string       `json:"grandTotal"`
	Services []amadeusFee `json:"additionalServices,omitempty"` // what could be bought beside
}

type amadeusFee struct {
	Amount string `json:"amount"`
	Type   string `json:"type"`
}

type amadeusTicketTax struct {
	Amount string `json:"amount"`
	Code   string `json:"code"`
}

type amadeusPricingOptions struct {
	FareType   []string `json:"fareType"`
	Bags       bool     `json:"includedCheckedBagsOnly"`
	Refundable *bool    `json:"refundableFare,omitempty"`
	Free       *bool    `json:"noRestrictionFare,omitempty"`
	NoPenalty  *bool    `json:"noPenaltyFare,omitempty"`
}

type amadeusTravelerPricing struct {
	ID      string              `json:"travelerId"`
	Fare    string              `json:"fareOption"`
	Type    string              `json:"travelerType"`
	Adult   string              `json:"associatedAdultId,omitempty"`
	Price   amadeusPrice        `json:"price"`
	Details []amadeusFareDetail `json:"fareDetailsBySegment"`
}

// amadeusAmenity is what a branded fare has, for nothing or at a charge.
type amadeusAmenity struct {
	Description string `json:"description"`
	Chargeable  bool   `json:"isChargeable"`
	Type        string `json:"amenityType"`
}

type amadeusFareDetail struct {
	Segment   string           `json:"segmentId"`
	Cabin     string           `json:"cabin"`
	Basis     string           `json:"fareBasis"`
	Brand     string           `json:"brandedFare,omitempty"`
	Label     string           `json:"brandedFareLabel,omitempty"`
	Class     string           `json:"class"`
	Bags      *amadeusBags     `json:"includedCheckedBags,omitempty"`
	CabinBags *amadeusBags     `json:"includedCabinBags,omitempty"`
	Amenities []amadeusAmenity `json:"amenities,omitempty"`
}

// amadeusBags is pieces or a weight.
type amadeusBags struct {
	Quantity *int   `json:"quantity,omitempty"`
	Weight   int    `json:"weight,omitempty"`
	Unit     string `json:"weightUnit,omitempty"`
}

type amadeusRules struct {
	Rules []amadeusRule `json:"rules"`
}

type amadeusRule struct {
	Category string `json:"category"`
	Penalty  string `json:"maxPenaltyAmount,omitempty"`
	Never    bool   `json:"notApplicable,omitempty"`
}

type amadeusDictionaries struct {
	Locations  map[string]amadeusLocation `json:"locations"`
	Aircraft   map[string]string          `json:"aircraft"`
	Currencies map[string]string          `json:"currencies"`
	Carriers   map[string]string          `json:"carriers"`
}

type amadeusLocation struct {
	City    string `json:"cityCode"`
	Country string `json:"countryCode"`
}
