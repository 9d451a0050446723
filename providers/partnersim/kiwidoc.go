package partnersim

import (
	"encoding/json"
	"time"

	"fanfare/providers/travel"
)

// The vendor's documents.
type (
	kiwiDoc struct {
		SearchID string          `json:"search_id"`
		Currency travel.Currency `json:"currency"`
		FXRate   json.Number     `json:"fx_rate"`
		Data     []kiwiTrip      `json:"data"`
		Results  int             `json:"_results"`
	}
	kiwiTrip struct {
		ID           string         `json:"id"`
		FlyFrom      travel.Airport `json:"flyFrom"`
		FlyTo        travel.Airport `json:"flyTo"`
		CityFrom     string         `json:"cityFrom"`
		CityCodeFrom travel.Airport `json:"cityCodeFrom"`
		CityTo       string         `json:"cityTo"`
		CityCodeTo   travel.Airport `json:"cityCodeTo"`
		CountryFrom  kiwiCountry    `json:"countryFrom"`
		CountryTo    kiwiCountry    `json:"countryTo"`
		kiwiTimes
		Nights      *int                            `json:"nightsInDest"`
		Quality     json.Number                     `json:"quality"`
		Distance    json.Number                     `json:"distance"`
		Duration    kiwiDuration                    `json:"duration"`
		Price       json.Number                     `json:"price"`
		Dropdown    kiwiPrices                      `json:"price_dropdown"`
		Conversion  map[travel.Currency]json.Number `json:"conversion"`
		Fare        map[string]json.Number          `json:"fare"`
		BagsPrice   map[string]json.Number          `json:"bags_price"`
		BagLimit    map[string]int                  `json:"baglimit"`
		Seats       kiwiSeats                       `json:"availability"`
		Airlines    []travel.Carrier                `json:"airlines"`
		Route       []kiwiSegment                   `json:"route"`
		Token       string                          `json:"booking_token"`
		Facilitated bool                            `json:"facilitated_booking_available"`
		PNRs        int                             `json:"pnr_count"`
		Change      bool                            `json:"has_airport_change"`
		Technical   int                             `json:"technical_stops"`
		ThrowAway   bool                            `json:"throw_away_ticketing"`
		HiddenCity  bool                            `json:"hidden_city_ticketing"`
		Virtual     bool                            `json:"virtual_interlining"`
		Link        string                          `json:"deep_link"`
	}
	kiwiPrices struct {
		Base json.Number `json:"base_fare"`
		Fees json.Number `json:"fees"`
	}
	kiwiCountry struct {
		Code travel.Country `json:"code"`
		Name string         `json:"name"`
	}
	kiwiDuration struct {
		Departure int `json:"departure"` // seconds
		Return    int `json:"return"`
		Total     int `json:"total"`
	}
	kiwiSeats struct {
		Seats *int `json:"seats"`
	}
	// kiwiTimes: what is local ends in a Z all the same.
	kiwiTimes struct {
		LocalDeparture string `json:"local_departure"`
		UTCDeparture   string `json:"utc_departure"`
		LocalArrival   string `json:"local_arrival"`
		UTCArrival     string `json:"utc_arrival"`
	}
	kiwiSegment struct {
		ID           string         `json:"id"`
		Combination  string         `json:"combination_id"`
		FlyFrom      travel.Airport `json:"flyFrom"`
		FlyTo        travel.Airport `json:"flyTo"`
		CityFrom     string         `json:"cityFrom"`
		CityCodeFrom travel.Airport `json:"cityCodeFrom"`
		CityTo       string         `json:"cityTo"`
		CityCodeTo   travel.Airport `json:"cityCodeTo"`
		kiwiTimes
		Airline     travel.Carrier `json:"airline"`
		Number      int            `json:"flight_no"`
		Operating   travel.Carrier `json:"operating_carrier"`
		OperatingNo string         `json:"operating_flight_no"`
		Basis       string         `json:"fare_basis"`
		Category    string         `json:"fare_category"`
		Classes     string         `json:"fare_classes"`
		Family      string         `json:"fare_family"`
		Return      int            `json:"return"`
		Recheck     bool           `json:"bags_recheck_required"`
		VI          bool           `json:"vi_connection"`
		Guarantee   bool           `json:"guarantee"`
		Equipment   *string        `json:"equipment"`
		Vehicle     string         `json:"vehicle_type"`
	}
)

// kiwiTime is how the vendor writes all times.
const kiwiTime = "2006-01-02T15:04:05.000Z"

func kiwiSpan(from, to time.Time) kiwiTimes {
	return kiwiTimes{from.Format(kiwiTime), from.UTC().Format(kiwiTime), to.Format(kiwiTime), to.UTC().Format(kiwiTime)}
}
