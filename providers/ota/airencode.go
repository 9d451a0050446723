package ota

import (
	"encoding/json"
	"encoding/xml"
	"strings"

	"fanfare/providers/opentravel"
	"fanfare/providers/travel"
)

// The message in XML. Elements stand in the order of the schema.
type (
	lowFareXML struct {
		XMLName      xml.Name    `xml:"OTA_AirLowFareSearchRQ"`
		Namespace    string      `xml:"xmlns,attr"`
		Version      string      `xml:"Version,attr"`
		Target       string      `xml:"Target,attr,omitempty"`
		Language     string      `xml:"PrimaryLangID,attr,omitempty"`
		MaxResponses int         `xml:"MaxResponses,attr"`
		POS          *posXML     `xml:"POS"`
		Slices       []sliceXML  `xml:"OriginDestinationInformation"`
		Cabin        cabinXML    `xml:"TravelPreferences>CabinPref"`
		Seats        int         `xml:"TravelerInfoSummary>SeatsRequested"`
		Travellers   []countXML  `xml:"TravelerInfoSummary>AirTravelerAvail>PassengerTypeQuantity"`
		Price        *pricingXML `xml:"TravelerInfoSummary>PriceRequestInformation"`
	}
	sliceXML struct {
		RPH         int         `xml:"RPH,attr"`
		Departure   string      `xml:"DepartureDateTime"`
		Origin      locationXML `xml:"OriginLocation"`
		Destination locationXML `xml:"DestinationLocation"`
	}
	locationXML struct {
		Code travel.Airport `xml:"LocationCode,attr"`
	}
	cabinXML struct {
		Cabin string `xml:"Cabin,attr"`
		Level string `xml:"PreferLevel,attr"`
	}
	countXML struct {
		Code     string `xml:"Code,attr"`
		Quantity int    `xml:"Quantity,attr"`
	}
	pricingXML struct {
		Currency travel.Currency `xml:"CurrencyCode,attr"`
	}
)

// The message in the JSON of GO7, which is what JAXB's classes of the schema become.
type (
	lowFareJSON struct {
		Version      string           `json:"version"`
		Target       string           `json:"target,omitempty"`
		Language     string           `json:"primaryLangID,omitempty"`
		MaxResponses int              `json:"maxResponses"`
		POS          posJSON          `json:"pos"`
		Slices       []sliceJSON      `json:"originDestinationInformation"`
		Preferences  []preferenceJSON `json:"travelPreferences,omitempty"`
		Summary      summaryJSON      `json:"travelerInfoSummary"`
	}
	posJSON struct {
		Source []sourceJSON `json:"source"`
	}
	sourceJSON struct {
		Country    string        `json:"isoCountry,omitempty"`
		Currency   string        `json:"isoCurrency,omitempty"`
		PseudoCity string        `json:"pseudoCityCode,omitempty"`
		Requestor  requestorJSON `json:"requestorID"`
		Channel    *kindJSON     `json:"bookingChannel,omitempty"`
	}
	requestorJSON struct {
		Type     string    `json:"type"`
		ID       string    `json:"id,omitempty"`
		Context  string    `json:"idContext,omitempty"`
		Name     string    `json:"name,omitempty"`
		Password string    `json:"messagePassword,omitempty"`
		Company  *codeJSON `json:"companyName,omitempty"`
	}
	kindJSON struct {
		Type string `json:"type"`
	}
	codeJSON struct {
		Code string `json:"code"`
	}
	sliceJSON struct {
		Origin      locationJSON  `json:"originLocation"`
		Destination locationJSON  `json:"destinationLocation"`
		Departure   departureJSON `json:"departureDateTime"`
	}
	locationJSON struct {
		Code travel.Airport `json:"locationCode"`
	}
	departureJSON struct {
		Value  travel.Date `json:"value"`
		Before string      `json:"windowBefore"`
		After  string      `json:"windowAfter"`
	}
	preferenceJSON struct {
		Cabins []cabinJSON `json:"cabinPref"`
	}
	cabinJSON struct {
		Cabin string `json:"cabin"`
	}
	summaryJSON struct {
		Travellers []travellersJSON `json:"airTravelerAvail"`
	}
	travellersJSON struct {
		Counts []countJSON `json:"passengerTypeQuantity"`
	}
	countJSON struct {
		Code     string `json:"code"`
		Quantity int    `json:"quantity"`
	}
)

// standardVersion is the one of the schemas of 2007 to 2015 that partners quote.
const standardVersion = "2.001"

// encode writes the message for q. Metro areas are asked for by their own code.
func (c *Air) encode(q travel.Query) ([]byte, error) {
	version := c.cfg.Options["version"]
	if version == "" {
		version = standardVersion
	}
	if c.json {
		return json.Marshal(c.json2015(q, version))
	}
	m := lowFareXML{Namespace: namespace, Version: version, Target: c.cfg.Options["target"], Language: c.cfg.Options["language"], MaxResponses: c.maxResponses,
		POS: c.source(q.Market), Cabin: cabinXML{opentravel.CabinWord(q.Cabin), "Preferred"}, Seats: q.Passengers.Seats()}
	for i, s := range q.Slices {
		m.Slices = append(m.Slices, sliceXML{i + 1, s.Date.String() + "T00:00:00", locationXML{s.Origin}, locationXML{s.Destination}})
	}
	for _, n := range opentravel.Passengers(q.Passengers, c.childCode) {
		m.Travellers = append(m.Travellers, countXML(n))
	}
	if currency := c.currency(q.Market); currency != "" {
		m.Price = &pricingXML{currency}
	}
	message, err := xml.Marshal(m)
	if err != nil {
		return nil, err
	}
	return c.envelope(message), nil
}

// json2015 is the message in JSON. A cabin is only named above economy, which is what is
// sold without a word.
func (c *Air) json2015(q travel.Query, version string) lowFareJSON {
	who := c.source(q.Market).Source
	source := sourceJSON{Country: who.ISOCountry, Currency: who.ISOCurrency, PseudoCity: who.PseudoCity,
		Requestor: requestorJSON{Type: who.Requestor.Type, ID: who.Requestor.ID, Context: who.Requestor.Context, Name: who.Requestor.Name, Password: who.Requestor.Password}}
	if who.Requestor.Company != nil {
		source.Requestor.Company = &codeJSON{who.Requestor.Company.Code}
	}
	if who.Channel != nil {
		source.Channel = &kindJSON{who.Channel.Type}
	}
	m := lowFareJSON{Version: version, Target: c.cfg.Options["target"], Language: c.cfg.Options["language"], MaxResponses: c.maxResponses,
		POS: posJSON{[]sourceJSON{source}}}
	for _, s := range q.Slices {
		m.Slices = append(m.Slices, sliceJSON{locationJSON{s.Origin}, locationJSON{s.Destination}, departureJSON{s.Date, "P0D", "P0D"}})
	}
	if q.Cabin.Known() && q.Cabin != travel.Economy {
		m.Preferences = []preferenceJSON{{[]cabinJSON{{strings.ToUpper(opentravel.CabinWord(q.Cabin))}}}}
	}
	var counts []countJSON
	for _, n := range opentravel.Passengers(q.Passengers, c.childCode) {
		counts = append(counts, countJSON(n))
	}
	m.Summary.Travellers = []travellersJSON{{counts}}
	return m
}
