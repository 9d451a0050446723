package amadeus

// The vendor's answer to a question for the offers of hotels.

type HotelDoc struct {
	Data         []HotelOffers `json:"data"`
	Warnings     []errorDoc    `json:"warnings,omitempty"` // of the hotels that have none
	Dictionaries *conversions  `json:"dictionaries,omitempty"`
}

// conversions help with prices of hotels that do not sell in the currency asked for.
type conversions struct {
	Rates map[string]conversion `json:"currencyConversionLookupRates"`
}

type conversion struct {
	Rate   string `json:"rate"`
	Target string `json:"target"`
	Digits int    `json:"targetDecimalPlaces"`
}

type HotelOffers struct {
	Type      string        `json:"type"`
	Hotel     hotelContent  `json:"hotel"`
	Available bool          `json:"available"`
	Offers    []*HotelOffer `json:"offers,omitempty"`
	Self      string        `json:"self"`
}

type hotelContent struct {
	Type  string  `json:"type"`
	ID    string  `json:"hotelId"`
	Chain string  `json:"chainCode"`
	Brand string  `json:"brandCode,omitempty"`
	Dupe  string  `json:"dupeId"`
	Name  string  `json:"name"`
	City  string  `json:"cityCode"`
	Lat   float64 `json:"latitude"`
	Lon   float64 `json:"longitude"`
}

type HotelOffer struct {
	ID          string        `json:"id"`
	CheckIn     string        `json:"checkInDate"`
	CheckOut    string        `json:"checkOutDate"`
	Rooms       string        `json:"roomQuantity,omitempty"` // unless it is one
	RateCode    string        `json:"rateCode"`
	Family      *rateFamily   `json:"rateFamilyEstimated,omitempty"`
	Category    string        `json:"category,omitempty"`
	Description *textDoc      `json:"description,omitempty"`
	Commission  *commission   `json:"commission,omitempty"`
	Board       string        `json:"boardType,omitempty"` // some rates do not say
	Room        room          `json:"room"`
	Guests      guests        `json:"guests"`
	Price       hotelPrice    `json:"price"`
	Policies    hotelPolicies `json:"policies"`
	Self        string        `json:"self"`

	cents int64 // in euros, to find the best
}

type rateFamily struct {
	Code string `json:"code"`
	Type string `json:"type"`
}

type commission struct {
	Percentage string `json:"percentage"`
}

type textDoc struct {
	Text string `json:"text"`
	Lang string `json:"lang,omitempty"`
}

type room struct {
	Type        string    `json:"type"`
	Estimated   estimated `json:"typeEstimated"`
	Description textDoc   `json:"description"`
}

type estimated struct {
	Category string `json:"category,omitempty"`
	Beds     int    `json:"beds,omitempty"`
	BedType  string `json:"bedType,omitempty"`
}

// guests are those of one room.
type guests struct {
	Adults int `json:"adults"`
}

type hotelPrice struct {
	Currency   string      `json:"currency"`
	Base       string      `json:"base,omitempty"`
	Total      string      `json:"total"`
	Selling    string      `json:"sellingTotal,omitempty"`
	Taxes      []hotelTax  `json:"taxes,omitempty"`
	Markups    []markup    `json:"markups,omitempty"`
	Variations *variations `json:"variations,omitempty"`
}

type hotelTax struct {
	Code        string `json:"code,omitempty"`
	Amount      string `json:"amount,omitempty"`
	Currency    string `json:"currency,omitempty"`
	Percentage  string `json:"percentage,omitempty"`
	Included    bool   `json:"included"`
	Description string `json:"description,omitempty"`
	Frequency   string `json:"pricingFrequency,omitempty"`
	Mode        string `json:"pricingMode,omitempty"`
}

type markup struct {
	Amount string `json:"amount"`
}

type variations struct {
	Average nightDoc   `json:"average"`
	Changes []nightDoc `json:"changes,omitempty"`
}

// nightDoc is the price of one night, the average one or those of a period.
type nightDoc struct {
	Start string `json:"startDate,omitempty"`
	End   string `json:"endDate,omitempty"`
	Base  string `json:"base,omitempty"`
	Total string `json:"total,omitempty"`
}

type hotelPolicies struct {
	PaymentType   string         `json:"paymentType"`
	Guarantee     *guarantee     `json:"guarantee,omitempty"`
	Deposit       *deposit       `json:"deposit,omitempty"`
	Prepay        *deposit       `json:"prepay,omitempty"`
	Hold          *hold          `json:"holdTime,omitempty"`
	Cancellation  *Cancellation  `json:"cancellation,omitempty"`  // of the older release
	Cancellations []Cancellation `json:"cancellations,omitempty"` // of the newer one
	Refundable    *refundableDoc `json:"refundable,omitempty"`
	CheckInOut    *checkInOut    `json:"checkInOut,omitempty"`
}

type guarantee struct {
	Accepted acceptedDoc `json:"acceptedPayments"`
}

type deposit struct {
	Amount   string      `json:"amount,omitempty"`
	Deadline string      `json:"deadline,omitempty"` // local, without offset
	Accepted acceptedDoc `json:"acceptedPayments"`
}

type acceptedDoc struct {
	Cards   []string `json:"creditCards"`
	Methods []string `json:"methods"`
}

type hold struct {
	Deadline string `json:"deadline"` // local, without offset
}

type Cancellation struct {
	Type        string   `json:"type,omitempty"`
	Amount      string   `json:"amount,omitempty"`
	Nights      int      `json:"numberOfNights,omitempty"`
	Percentage  string   `json:"percentage,omitempty"`
	Deadline    string   `json:"deadline,omitempty"` // with the offset of the hotel
	Description *textDoc `json:"description,omitempty"`
}

type refundableDoc struct {
	Refund string `json:"cancellationRefund"`
}

type checkInOut struct {
	CheckIn  string `json:"checkIn"`
	CheckOut string `json:"checkOut"`
}
