package ota

import (
	"fanfare/providers/travel"
)

// sourceXML is who asks, as all messages of OpenTravel have it. Attributes and elements
// stand in the order of the schemas.
type (
	posXML struct {
		Source sourceXML `xml:"Source"`
	}
	sourceXML struct {
		ISOCountry  string       `xml:"ISOCountry,attr,omitempty"`
		ISOCurrency string       `xml:"ISOCurrency,attr,omitempty"`
		PseudoCity  string       `xml:"PseudoCityCode,attr,omitempty"`
		Requestor   requestorXML `xml:"RequestorID"`
		Channel     *channelXML  `xml:"BookingChannel"`
	}
	requestorXML struct {
		ID       string      `xml:"ID,attr,omitempty"`
		Context  string      `xml:"ID_Context,attr,omitempty"`
		Password string      `xml:"MessagePassword,attr,omitempty"`
		Name     string      `xml:"Name,attr,omitempty"`
		Type     string      `xml:"Type,attr"`
		Company  *companyXML `xml:"CompanyName"`
	}
	companyXML struct {
		Code string `xml:"Code,attr"`
	}
	channelXML struct {
		Type string `xml:"Type,attr"`
	}
)

// source is who asks, for a traveller of the market.
func (p *partner) source(market travel.Country) *posXML {
	o := p.cfg.Options
	s := sourceXML{ISOCountry: p.country(market), ISOCurrency: string(p.currency(market)), PseudoCity: o["pseudo_city"],
		Requestor: requestorXML{ID: o["requestor_id"], Context: o["requestor_context"], Name: o["requestor_name"], Type: o["requestor_type"]}}
	if s.Requestor.Type == "" {
		s.Requestor.Type = "1"
	}
	if p.auth == "requestor" {
		s.Requestor.Password = p.cfg.Credentials["password"]
		if s.Requestor.ID == "" {
			s.Requestor.ID = p.cfg.Credentials["username"]
		}
	}
	if code := o["requestor_company"]; code != "" {
		s.Requestor.Company = &companyXML{code}
	}
	if kind := o["booking_channel"]; kind != "" {
		s.Channel = &channelXML{kind}
	}
	return &posXML{s}
}

// country is the traveller's market for the word market, "" if the partner is not told.
func (p *partner) country(market travel.Country) string {
	if wanted := p.cfg.Options["country"]; wanted != "market" {
		return wanted
	}
	return string(market)
}
