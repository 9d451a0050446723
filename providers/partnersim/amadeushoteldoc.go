package partnersim

// The vendor's answer to a question for the offers of hotels.

type amadeusHotelDoc struct {
	Data         []amadeusHotelOffers `json:"data"`
	Warnings     []amadeusError       `json:"warnings,omitempty"` // of the hotels that have none
	Dictionaries *amadeusConversions  `json:"dictionaries,omitempty"`
}

// amadeusConversions help with prices of hotels that do not sell in the currency asked for.
type amadeusConversions struct {
	Rates map[string]amadeusConversion `json:"currencyConversionLookupRates"`
}

type amadeusConversion struct {
	Rate   string `json:"rate"`
	Target string `json:"target"`
	Digits int    `json:"targetDecimalPlaces"`
}

type amadeusHotelOffers struct {
	Type      string               `json:"type"`
	Hotel     amadeusHotelContent  `json:"hotel"`
	Available bool                 `json:"available"`
	Offers    []*amadeusHotelOffer `json:"offers,omitempty"`
	Self      string               `json:"self"`
}

type amadeusHotelContent struct {
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

type amadeusHotelOffer struct {
	ID          string               `json:"id"`
	CheckIn     string               `json:"checkInDate"`
	CheckOut    string               `json:"checkOutDate"`
	Rooms       string               `json:"roomQuantity,omitempty"` // unless it is one
	RateCode    string               `json:"rateCode"`
	Family      *amadeusRateFamily   `json:"rateFamilyEstimated,omitempty"`
	Category    string               `json:"category,omitempty"`
	Description *amadeusText         `json:"description,omitempty"`
	Commission  *amadeusCommission   `json:"commission,omitempty"`
	Board       string               `json:"boardType,omitempty"` // some rates do not say
	Room        amadeusRoom          `json:"room"`
	Guests      amadeusGuests        `json:"guests"`
	Price       amadeusHotelPrice    `json:"price"`
	Policies    amadeusHotelPolicies `json:"policies"`
	Self        string               `json:"self"`

	cents int64 // in euros, to find the best
}

type amadeusRateFamily struct {
	Code string `json:"code"`
	Type string `json:"type"`
}

type amadeusCommission struct {
	Percentage string `json:"percentage"`
}

type amadeusText struct {
	Text string `json:"text"`
	Lang string `json:"lang,omitempty"`
}

type amadeusRoom struct {
	Type        string           `json:"type"`
	Estimated   amadeusEstimated `json:"typeEstimated"`
	Description amadeusText      `json:"description"`
}

type amadeusEstimated struct {
	Category string `json:"category,omitempty"`
	Beds     int    `json:"beds,omitempty"`
	BedType  string `json:"bedType,omitempty"`
}

// amadeusGuests are those of one room.
type amadeusGuests struct {
	Adults int `json:"adults"`
}

type amadeusHotelPrice struct {
	Currency   string             `json:"currency"`
	Base       string             `json:"base,omitempty"`
	Total      string             `json:"total"`
	Selling    string             `json:"sellingTotal,omitempty"`
	Taxes      []amadeusHotelTax  `json:"taxes,omitempty"`
	Markups    []amadeusMarkup    `json:"markups,omitempty"`
	Variations *amadeusVariations `json:"variations,omitempty"`
}

type amadeusHotelTax struct {
	Code        string `json:"code,omitempty"`
	Amount      string `json:"amount,omitempty"`
	Currency    string `json:"currency,omitempty"`
	Percentage  string `json:"percentage,omitempty"`
	Included    bool   `json:"included"`
	Description string `json:"description,omitempty"`
	Frequency   string `json:"pricingFrequency,omitempty"`
	Mode        string `json:"pricingMode,omitempty"`
}

type amadeusMarkup struct {
	Amount string `json:"amount"`
}

type amadeusVariations struct {
	Average amadeusNight   `json:"average"`
	Changes []amadeusNight `json:"changes,omitempty"`
}

// amadeusNight is the price of one night, the average one or those of a period.
type amadeusNight struct {
	Start string `json:"startDate,omitempty"`
	End   string `json:"endDate,omitempty"`
	Base  string `json:"base,omitempty"`
	Total string `json:"total,omitempty"`
}

type amadeusHotelPolicies struct {
	PaymentType   string                `json:"paymentType"`
	Guarantee     *amadeusGuarantee     `json:"guarantee,omitempty"`
	Deposit       *amadeusDeposit       `json:"deposit,omitempty"`
	Prepay        *amadeusDeposit       `json:"prepay,omitempty"`
	Hold          *amadeusHold          `json:"holdTime,omitempty"`
	Cancellation  *amadeusCancellation  `json:"cancellation,omitempty"`  // of the older release
	Cancellations []amadeusCancellation `json:"cancellations,omitempty"` // of the newer one
	Refundable    *amadeusRefundable    `json:"refundable,omitempty"`
	CheckInOut    *amadeusCheckInOut    `json:"checkInOut,omitempty"`
}

type amadeusGuarantee struct {
	Accepted amadeusAccepted `json:"acceptedPayments"`
}

type amadeusDeposit struct {
	Amount   string          `json:"amount,omitempty"`
	Deadline string          `json:"deadline,omitempty"` // local, without offset
	Accepted amadeusAccepted `json:"acceptedPayments"`
}

type amadeusAccepted struct {
	Cards   []string `json:"creditCards"`
	Methods []string `json:"methods"`
}

type amadeusHold struct {
	Deadline string `json:"deadline"` // local, without offset
}

type amadeusCancellation struct {
	Type        string       `json:"type,omitempty"`
	Amount      string       `json:"amount,omitempty"`
	Nights      int          `json:"numberOfNights,omitempty"`
	Percentage  string       `json:"percentage,omitempty"`
	Deadline    string       `json:"deadline,omitempty"` // with the offset of the hotel
	Description *amadeusText `json:"description,omitempty"`
}

type amadeusRefundable struct {
	Refund string `json:"cancellationRefund"`
}

type amadeusCheckInOut struct {
	CheckIn  string `json:"checkIn"`
	CheckOut string `json:"checkOut"`
}
