package kiwi

import (
	"encoding/json"
	"time"

	"fanfare/providers/travel"
)

// The vendor's documents.
type (
	DocName struct {
		SearchID string          `json:"search_id"`
		Currency travel.Currency `json:"currency"`
		FXRate   json.Number     `json:"fx_rate"`
		Data     []TripName      `json:"data"`
		Results  int             `json:"_results"`
	}
	TripName struct {
		ID           string         `json:"id"`
		FlyFrom      travel.Airport `json:"flyFrom"`
		FlyTo        travel.Airport `json:"flyTo"`
		CityFrom     string         `json:"cityFrom"`
		CityCodeFrom travel.Airport `json:"cityCodeFrom"`
		CityTo       string         `json:"cityTo"`
		CityCodeTo   travel.Airport `json:"cityCodeTo"`
		CountryFrom  country        `json:"countryFrom"`
		CountryTo    country        `json:"countryTo"`
		times
		Nights      *int                            `json:"nightsInDest"`
		Quality     json.Number                     `json:"quality"`
		Distance    json.Number                     `json:"distance"`
		Duration    duration                        `json:"duration"`
		Price       json.Number                     `json:"price"`
		Dropdown    prices                          `json:"price_dropdown"`
		Conversion  map[travel.Currency]json.Number `json:"conversion"`
		Fare        map[string]json.Number          `json:"fare"`
		BagsPrice   map[string]json.Number          `json:"bags_price"`
		BagLimit    map[string]int                  `json:"baglimit"`
		Seats       seats                           `json:"availability"`
		Airlines    []travel.Carrier                `json:"airlines"`
		Route       []segment                       `json:"route"`
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
	prices struct {
		Base json.Number `json:"base_fare"`
		Fees json.Number `json:"fees"`
	}
	country struct {
		Code travel.Country `json:"code"`
		Name string         `json:"name"`
	}
	duration struct {
		Departure int `json:"departure"` // seconds
		Return    int `json:"return"`
		Total     int `json:"total"`
	}
	seats struct {
		Seats *int `json:"seats"`
	}
	// times: what is local ends in a Z all the same.
	times struct {
		LocalDeparture string `json:"local_departure"`
		UTCDeparture   string `json:"utc_departure"`
		LocalArrival   string `json:"local_arrival"`
		UTCArrival     string `json:"utc_arrival"`
	}
	segment struct {
		ID           string         `json:"id"`
		Combination  string         `json:"combination_id"`
		FlyFrom      travel.Airport `json:"flyFrom"`
		FlyTo        travel.Airport `json:"flyTo"`
		CityFrom     string         `json:"cityFrom"`
		CityCodeFrom travel.Airport `json:"cityCodeFrom"`
		CityTo       string         `json:"cityTo"`
		CityCodeTo   travel.Airport `json:"cityCodeTo"`
		times
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

// TimeName is how the vendor writes all times.
const TimeName = "2006-01-02T15:04:05.000Z"

func span(from, to time.Time) times {
	return times{from.Format(TimeName), from.UTC().Format(TimeName), to.Format(TimeName), to.UTC().Format(TimeName)}
}
