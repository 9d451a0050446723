package sabre

import (
	"cmp"
	"encoding/json"

	"fanfare/providers/opentravel"
	"fanfare/providers/travel"
)

type (
	requestJSON struct {
		Message messageJSON `json:"OTA_AirLowFareSearchRQ"`
	}
	messageJSON struct {
		Version     string          `json:"Version"`
		POS         posJSON         `json:"POS"`
		Slices      []sliceJSON     `json:"OriginDestinationInformation"`
		Preferences preferencesJSON `json:"TravelPreferences"`
		Travellers  summaryJSON     `json:"TravelerInfoSummary"`
		Extensions  extensionsJSON  `json:"TPA_Extensions"`
	}
	posJSON struct {
		Source []sourceJSON `json:"Source"`
	}
	sourceJSON struct {
		PseudoCity string        `json:"PseudoCityCode,omitempty"`
		Requestor  requestorJSON `json:"RequestorID"`
	}
	requestorJSON struct {
		Type    string   `json:"Type"`
		ID      string   `json:"ID"`
		Company codeJSON `json:"CompanyName"`
	}
	codeJSON struct {
		Code string `json:"Code"`
	}
	sliceJSON struct {
		RPH         string       `json:"RPH"`
		Departure   string       `json:"DepartureDateTime"`
		Origin      locationJSON `json:"OriginLocation"`
		Destination locationJSON `json:"DestinationLocation"`
	}
	locationJSON struct {
		Code travel.Airport `json:"LocationCode"`
	}
	preferencesJSON struct {
		Cabins  []cabinJSON `json:"CabinPref"`
		Baggage baggageJSON `json:"Baggage"`
	}
	cabinJSON struct {
		Cabin string `json:"Cabin"`
		Level string `json:"PreferLevel"`
	}
	baggageJSON struct {
		RequestType string `json:"RequestType"`
		CarryOn     bool   `json:"CarryOnInfo"`
	}
	summaryJSON struct {
		Seats      []int          `json:"SeatsRequested"`
		Travellers []countsJSON   `json:"AirTravelerAvail"`
		Price      priceInfosJSON `json:"PriceRequestInformation"`
	}
	countsJSON struct {
		Counts []countJSON `json:"PassengerTypeQuantity"`
	}
	countJSON struct {
		Code       string         `json:"Code"`
		Quantity   int            `json:"Quantity"`
		Extensions penaltyAskJSON `json:"TPA_Extensions"`
	}
	penaltyAskJSON struct {
		Changes matchJSON `json:"VoluntaryChanges"`
	}
	matchJSON struct {
		Match string `json:"Match"`
	}
	priceInfosJSON struct {
		Currency   travel.Currency `json:"CurrencyCode,omitempty"`
		Extensions *brandsJSON     `json:"TPA_Extensions,omitempty"`
	}
	brandsJSON struct {
		Brands indicatorsJSON `json:"BrandedFareIndicators"`
	}
	indicatorsJSON struct {
		Multiple bool `json:"MultipleBrandedFares"`
	}
	extensionsJSON struct {
		Transaction transactionJSON `json:"IntelliSellTransaction"`
	}
	transactionJSON struct {
		Type nameJSON `json:"RequestType"`
	}
	nameJSON struct {
		Name string `json:"Name"`
	}
)

// cabinCodes are Sabre's.
var cabinCodes = map[travel.Cabin]string{travel.Economy: "Y", travel.PremiumEconomy: "S", travel.Business: "C", travel.First: "F"}

// encode writes the message for q. Metro areas are asked for by their own code. What is
// asked for beside prices, bags and penalties, costs no further call.
func (c *Client) encode(q travel.Query) ([]byte, error) {
	m := messageJSON{Version: cmp.Or(c.cfg.Options["version"], "4"), Preferences: preferencesJSON{Baggage: baggageJSON{"A", true}}}
	m.POS.Source = []sourceJSON{{c.cfg.Options["pseudo_city"], requestorJSON{"1", "1", codeJSON{cmp.Or(c.cfg.Options["company"], "TN")}}}}
	for i, s := range q.Slices {
		m.Slices = append(m.Slices, sliceJSON{string(rune('1' + i)), s.Date.String() + "T00:00:00", locationJSON{s.Origin}, locationJSON{s.Destination}})
	}
	cabin := cabinCodes[q.Cabin]
	if cabin == "" {
		cabin = cabinCodes[travel.Economy]
	}
	m.Preferences.Cabins = []cabinJSON{{cabin, "Preferred"}}
	m.Travellers.Seats = []int{q.Passengers.Seats()}
	var counts []countJSON
	for _, n := range opentravel.Passengers(q.Passengers, c.childCode) {
		counts = append(counts, countJSON{n.Code, n.Quantity, penaltyAskJSON{matchJSON{"Info"}}})
	}
	m.Travellers.Travellers = []countsJSON{{counts}}
	m.Travellers.Price.Currency = c.currency(q.Market)
	if c.brands {
		m.Travellers.Price.Extensions = &brandsJSON{indicatorsJSON{true}}
	}
	m.Extensions.Transaction.Type.Name = c.requestType
	return json.Marshal(requestJSON{m})
}
