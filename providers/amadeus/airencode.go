package amadeus

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"fanfare/providers/travel"
)

// maxSlices is the vendor's limit of originDestinations.
const maxSlices = 6

// adultAge is from when on travellers are adults to the vendor.
const adultAge = 12

// getCan reports whether the parameters of GET can put the question: one way, or there and
// back between the same places, without infants who have a seat.
func getCan(q travel.Query) bool {
	switch {
	case q.Passengers.InfantsSeat > 0, len(q.Slices) > 2:
		return false
	case len(q.Slices) == 2:
		return q.Slices[0].Origin == q.Slices[1].Destination && q.Slices[0].Destination == q.Slices[1].Origin
	}
	return true
}

// party counts travellers as the vendor does.
func party(p travel.Passengers) (adults, children int) {
	adults = p.Adults
	for _, age := range p.ChildAges {
		if age >= adultAge {
			adults++
		} else {
			children++
		}
	}
	return adults, children
}

// cabinName is the vendor's word: ours in capitals.
func cabinName(c travel.Cabin) string { return strings.ToUpper(string(c)) }

// encodeGet is the parameters of the question.
func (c *Air) encodeGet(q travel.Query) url.Values {
	v := url.Values{}
	if len(q.Slices) > 0 {
		v.Set("originLocationCode", string(q.Slices[0].Origin))
		v.Set("destinationLocationCode", string(q.Slices[0].Destination))
		v.Set("departureDate", q.Slices[0].Date.String())
	}
	if len(q.Slices) > 1 {
		v.Set("returnDate", q.Slices[1].Date.String())
	}
	adults, children := party(q.Passengers)
	v.Set("adults", strconv.Itoa(adults))
	if children > 0 {
		v.Set("children", strconv.Itoa(children))
	}
	if q.Passengers.InfantsLap > 0 {
		v.Set("infants", strconv.Itoa(q.Passengers.InfantsLap))
	}
	if q.Cabin.Known() {
		v.Set("travelClass", cabinName(q.Cabin))
	}
	if currency, ok := travel.MarketCurrency(q.Market); ok {
		v.Set("currencyCode", string(currency))
	}
	v.Set("max", strconv.Itoa(c.max))
	return v
}

type searchJSON struct {
	CurrencyCode       travel.Currency `json:"currencyCode,omitempty"`
	OriginDestinations []routeJSON     `json:"originDestinations"`
	Travelers          []travelerJSON  `json:"travelers"`
	Sources            []string        `json:"sources"`
	SearchCriteria     criteriaJSON    `json:"searchCriteria"`
}

type routeJSON struct {
	ID                      string         `json:"id"`
	OriginLocationCode      travel.Airport `json:"originLocationCode"`
	DestinationLocationCode travel.Airport `json:"destinationLocationCode"`
	DepartureDateTimeRange  dateJSON       `json:"departureDateTimeRange"`
}

type dateJSON struct {
	Date travel.Date `json:"date"`
}

type travelerJSON struct {
	ID                string `json:"id"`
	TravelerType      string `json:"travelerType"`
	AssociatedAdultID string `json:"associatedAdultId,omitempty"`
}

type criteriaJSON struct {
	MaxFlightOffers       int         `json:"maxFlightOffers"`
	AdditionalInformation infoJSON    `json:"additionalInformation"`
	FlightFilters         *filterJSON `json:"flightFilters,omitempty"`
}

type infoJSON struct {
	BrandedFares bool `json:"brandedFares"`
}

type filterJSON struct {
	CabinRestrictions []cabinJSON `json:"cabinRestrictions"`
}

// cabinJSON asks for most of the trip in a cabin, as travelClass of GET does.
type cabinJSON struct {
	Cabin                string   `json:"cabin"`
	Coverage             string   `json:"coverage"`
	OriginDestinationIDs []string `json:"originDestinationIds"`
}

// encodePost writes the body of the question.
func (c *Air) encodePost(q travel.Query) ([]byte, error) {
	s := searchJSON{Sources: []string{"GDS"}}
	s.CurrencyCode, _ = travel.MarketCurrency(q.Market)
	var ids []string
	for i, slice := range q.Slices {
		ids = append(ids, strconv.Itoa(i+1))
		s.OriginDestinations = append(s.OriginDestinations, routeJSON{ids[i], slice.Origin, slice.Destination, dateJSON{slice.Date}})
	}
	add := func(n int, kind string) {
		for range n {
			s.Travelers = append(s.Travelers, travelerJSON{ID: strconv.Itoa(len(s.Travelers) + 1), TravelerType: kind})
		}
	}
	adults, children := party(q.Passengers)
	add(adults, "ADULT")
	add(children, "CHILD")
	add(q.Passengers.InfantsSeat, "SEATED_INFANT")
	add(q.Passengers.InfantsLap, "HELD_INFANT")
	for i := range q.Passengers.InfantsLap { // each on the lap of an adult of its own
		s.Travelers[len(s.Travelers)-q.Passengers.InfantsLap+i].AssociatedAdultID = strconv.Itoa(i + 1)
	}
	s.SearchCriteria.MaxFlightOffers = c.max
	s.SearchCriteria.AdditionalInformation.BrandedFares = true
	if q.Cabin.Known() {
		s.SearchCriteria.FlightFilters = &filterJSON{[]cabinJSON{{cabinName(q.Cabin), "MOST_SEGMENTS", ids}}}
	}
	return json.Marshal(s)
}
