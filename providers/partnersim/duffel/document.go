package duffel

// The vendor's answer to an offer request. Fields that only newer answers have
// are left out of lean documents, which benchmarks use.

// Document is the whole of an answer.
type Document struct {
	Data offerRequest `json:"data"`
}

type offerRequest struct {
	CreatedAt  string           `json:"created_at"`
	CabinClass *string          `json:"cabin_class"`
	LiveMode   bool             `json:"live_mode"`
	Slices     []requestedSlice `json:"slices"`
	Passengers []*passengerDoc  `json:"passengers"`
	Offers     *[]OfferDoc      `json:"offers,omitempty"`
	ClientKey  string           `json:"client_key"`
	ID         string           `json:"id"`
}

type requestedSlice struct {
	DestinationType string    `json:"destination_type"`
	OriginType      string    `json:"origin_type"`
	DepartureDate   string    `json:"departure_date"`
	Destination     *PlaceDoc `json:"destination"`
	Origin          *PlaceDoc `json:"origin"`
}

type passengerDoc struct {
	FareType   *string  `json:"fare_type"`
	Loyalty    []string `json:"loyalty_programme_accounts"`
	FamilyName *string  `json:"family_name"`
	GivenName  *string  `json:"given_name"`
	Age        *int     `json:"age"`
	Type       *string  `json:"type"`
	ID         string   `json:"id"`
}

type PlaceDoc struct {
	ICAO      *string  `json:"icao_code"`
	Country   string   `json:"iata_country_code"`
	CityCode  string   `json:"iata_city_code"`
	CityName  *string  `json:"city_name"`
	Airports  []inner  `json:"airports"`
	Code      string   `json:"iata_code"`
	Latitude  *float64 `json:"latitude"`
	Longitude *float64 `json:"longitude"`
	City      *inner   `json:"city"`
	TimeZone  *string  `json:"time_zone"`
	Type      string   `json:"type"`
	Name      string   `json:"name"`
	ID        string   `json:"id"`

	short bool   // of a lean document: codes, zone and name only
	text  []byte // the JSON, once written
}

// inner is a place within a place, the city of an airport or an airport of a
// city: it names no further ones.
type inner struct {
	ICAO      *string  `json:"icao_code"`
	Country   string   `json:"iata_country_code"`
	CityCode  string   `json:"iata_city_code"`
	CityName  *string  `json:"city_name"`
	Code      string   `json:"iata_code"`
	Latitude  *float64 `json:"latitude"`
	Longitude *float64 `json:"longitude"`
	TimeZone  *string  `json:"time_zone"`
	Type      string   `json:"type"`
	Name      string   `json:"name"`
	ID        string   `json:"id"`
}

type carrierDoc struct {
	Symbol     string  `json:"logo_symbol_url,omitempty"`
	Lockup     string  `json:"logo_lockup_url,omitempty"`
	Conditions *string `json:"conditions_of_carriage_url,omitempty"`
	Code       string  `json:"iata_code"`
	Name       string  `json:"name"`
	ID         string  `json:"id"`
}

type OfferDoc struct {
	Emissions       string          `json:"total_emissions_kg"`
	IntendedPayment *[]string       `json:"intended_payment_methods,omitempty"`
	Payment         paymentDoc      `json:"payment_requirements"`
	Documents       []string        `json:"supported_passenger_identity_document_types"`
	NeedsDocuments  bool            `json:"passenger_identity_documents_required"`
	Services        []string        `json:"available_services"`
	TaxCurrency     string          `json:"tax_currency"`
	BaseCurrency    string          `json:"base_currency"`
	BaseAmount      string          `json:"base_amount"`
	Loyalty         *[]string       `json:"supported_loyalty_programmes,omitempty"`
	PrivateFares    []string        `json:"private_fares"`
	TaxAmount       string          `json:"tax_amount"`
	TotalCurrency   string          `json:"total_currency"`
	CreatedAt       string          `json:"created_at"`
	LiveMode        bool            `json:"live_mode"`
	TotalAmount     string          `json:"total_amount"`
	Slices          []sliceDoc      `json:"slices"`
	Passengers      []*passengerDoc `json:"passengers"`
	Conditions      conditionsDoc   `json:"conditions"`
	UpdatedAt       string          `json:"updated_at"`
	ExpiresAt       string          `json:"expires_at"`
	Partial         bool            `json:"partial"`
	Owner           *carrierDoc     `json:"owner"`
	ID              string          `json:"id"`
}

type paymentDoc struct {
	Instant   bool    `json:"requires_instant_payment"`
	Guarantee *string `json:"price_guarantee_expires_at"`
	By        *string `json:"payment_required_by"`
}

type conditionsDoc struct {
	Refund *conditionDoc `json:"refund_before_departure"`
	Change *conditionDoc `json:"change_before_departure"`
}

type conditionDoc struct {
	Currency *string `json:"penalty_currency"`
	Amount   *string `json:"penalty_amount"`
	Allowed  bool    `json:"allowed"`
}

type sliceDoc struct {
	ComparisonKey   string           `json:"comparison_key,omitempty"`
	Shelf           int              `json:"ngs_shelf,omitempty"`
	DestinationType string           `json:"destination_type"`
	OriginType      string           `json:"origin_type"`
	Brand           string           `json:"fare_brand_name"`
	Segments        []segmentDoc     `json:"segments"`
	Conditions      *sliceConditions `json:"conditions,omitempty"`
	Duration        string           `json:"duration"`
	Destination     *PlaceDoc        `json:"destination"`
	Origin          *PlaceDoc        `json:"origin"`
	ID              string           `json:"id"`
}

type sliceConditions struct {
	CheckIn  *bool         `json:"priority_check_in"`
	Boarding *bool         `json:"priority_boarding"`
	Seats    *bool         `json:"advance_seat_selection"`
	Change   *conditionDoc `json:"change_before_departure"`
}

type segmentDoc struct {
	OriginTerminal      *string            `json:"origin_terminal"`
	DestinationTerminal *string            `json:"destination_terminal"`
	Aircraft            *aircraft          `json:"aircraft"`
	DepartingAt         string             `json:"departing_at"`
	ArrivingAt          string             `json:"arriving_at"`
	Operating           *carrierDoc        `json:"operating_carrier"`
	Marketing           *carrierDoc        `json:"marketing_carrier"`
	Stops               []string           `json:"stops"`
	OperatingNumber     *string            `json:"operating_carrier_flight_number"`
	MarketingNumber     string             `json:"marketing_carrier_flight_number"`
	Distance            *string            `json:"distance"`
	Passengers          []segmentPassenger `json:"passengers"`
	Duration            string             `json:"duration"`
	Destination         *PlaceDoc          `json:"destination"`
	Origin              *PlaceDoc          `json:"origin"`
	ID                  string             `json:"id"`
}

type aircraft struct {
	Code string `json:"iata_code"`
	Name string `json:"name"`
	ID   string `json:"id"`
}

type segmentPassenger struct {
	Cabin     *cabinDoc `json:"cabin,omitempty"`
	Baggages  []baggage `json:"baggages"`
	CabinName string    `json:"cabin_class_marketing_name"`
	Basis     string    `json:"fare_basis_code"`
	Passenger string    `json:"passenger_id"`
	Class     string    `json:"cabin_class"`
}

type cabinDoc struct {
	Amenities *string `json:"amenities"`
	Marketing string  `json:"marketing_name"`
	Name      string  `json:"name"`
}

type baggage struct {
	Quantity int    `json:"quantity"`
	Type     string `json:"type"`
}
