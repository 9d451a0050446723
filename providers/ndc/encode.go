package ndc

import (
	"encoding/xml"
	"fmt"
	"strconv"

	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// versions are the releases that can be asked in, the default first.
var versions = []string{"21.3", "17.2", "18.1", "18.2", "19.2", "20.1"}

// release is how one release asks.
type release struct {
	version   string
	root      string
	namespace string
	body      func(*Client, release, travel.Query) any
}

const (
	messageNamespace = "http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersMessage"
	commonNamespace  = "http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersCommonTypes"
)

var releases = map[string]release{
	"17.2": {"17.2", "AirShoppingRQ", "http://www.iata.org/IATA/EDIST/2017.2", (*Client).request17},
	"18.1": {"18.1", "AirShoppingRQ", "http://www.iata.org/IATA/2015/00/2018.1/AirShoppingRQ", (*Client).request18},
	"18.2": {"18.2", "IATA_AirShoppingRQ", "http://www.iata.org/IATA/2015/00/2018.2/IATA_AirShoppingRQ", (*Client).request18},
	"19.2": {"19.2", "IATA_AirShoppingRQ", "http://www.iata.org/IATA/2015/00/2019.2/IATA_AirShoppingRQ", (*Client).request18},
	"20.1": {"20.1", "IATA_AirShoppingRQ", "http://www.iata.org/IATA/2015/00/2020.1/IATA_AirShoppingRQ", (*Client).request18},
	"21.3": {"21.3", "IATA_AirShoppingRQ", messageNamespace, (*Client).request21},
}

// What the releases share. Elements stand in the order of the schemas.
type (
	posXML struct {
		Country string `xml:"Country>CountryCode"`
	}
	paxXML struct {
		Age *ageXML `xml:"AgeMeasure"`
		ID  string  `xml:"PaxID"`
		PTC string  `xml:"PTC"`
	}
	ageXML struct {
		Unit  string `xml:"UnitCode,attr"`
		Years int    `xml:",chardata"`
	}
	cabinXML struct {
		Code string `xml:"CabinTypeCode"`
		Name string `xml:"CabinTypeName,omitempty"`
		Pref string `xml:"PrefLevel>PrefLevelCode,omitempty"`
	}
	sliceXML struct {
		Cabin       *cabinXML      `xml:"CabinType"`
		Destination travel.Airport `xml:"DestArrivalCriteria>IATA_LocationCode"`
		Date        travel.Date    `xml:"OriginDepCriteria>Date"`
		Origin      travel.Airport `xml:"OriginDepCriteria>IATA_LocationCode"`
		ID          string         `xml:"OriginDestID,omitempty"`
	}
)

// The request of 17.2.
type (
	request17XML struct {
		XMLName   xml.Name
		Namespace string          `xml:"xmlns,attr"`
		Version   string          `xml:"Version,attr"`
		Country   string          `xml:"PointOfSale>Location>CountryCode"`
		Document  struct{}        `xml:"Document"`
		Sender    sender17XML     `xml:"Party>Sender>TravelAgencySender"`
		Slices    []slice17XML    `xml:"CoreQuery>OriginDestinations>OriginDestination"`
		Cabin     string          `xml:"Preference>CabinPreferences>CabinType>Code"`
		Currency  travel.Currency `xml:"ResponseParameters>CurrCodes>CurrCode,omitempty"`
		Pax       []pax17XML      `xml:"DataLists>PassengerList>Passenger"`
	}
	sender17XML struct {
		Name     string `xml:"Name,omitempty"`
		IATA     string `xml:"IATA_Number,omitempty"`
		AgencyID string `xml:"AgencyID,omitempty"`
	}
	slice17XML struct {
		Key         string         `xml:"OriginDestinationKey,attr"`
		Origin      travel.Airport `xml:"Departure>AirportCode"`
		Date        travel.Date    `xml:"Departure>Date"`
		Destination travel.Airport `xml:"Arrival>AirportCode"`
	}
	pax17XML struct {
		ID  string `xml:"PassengerID,attr"`
		PTC string `xml:"PTC"`
	}
)

// The request of 18.1 to 20.1.
type (
	request18XML struct {
		XMLName   xml.Name
		Namespace string          `xml:"xmlns,attr"`
		Sender    *sender18XML    `xml:"Party>Sender>TravelAgency"`
		Version   string          `xml:"PayloadAttributes>VersionNumber"`
		POS       posXML          `xml:"POS"`
		Slices    []sliceXML      `xml:"Request>FlightCriteria>OriginDestCriteria"`
		Pax       []paxXML        `xml:"Request>Paxs>Pax"`
		Currency  travel.Currency `xml:"Request>ResponseParameters>CurParameter>RequestedCurCode,omitempty"`
		Cabin     cabinXML        `xml:"Request>ShoppingCriteria>CabinTypeCriteria"`
	}
	sender18XML struct {
		AgencyID string `xml:"AgencyID,omitempty"`
		IATA     string `xml:"IATA_Number,omitempty"`
		Name     string `xml:"Name,omitempty"`
	}
)

// The request of 21.3, whose parts are in another namespace than the message.
type (
	request21XML struct {
		XMLName   xml.Name
		Namespace string            `xml:"xmlns,attr"`
		Link      *linkXML          `xml:"DistributionChain>DistributionChainLink"`
		Version   payloadXML        `xml:"PayloadAttributes"`
		POS       pos21XML          `xml:"POS"`
		Flights   flights21XML      `xml:"Request>FlightRequest"`
		Pax       pax21XML          `xml:"Request>PaxList"`
		Response  *responsePartsXML `xml:"Request>ResponseParameters"`
	}
	linkXML struct {
		Namespace string `xml:"xmlns,attr"`
		Ordinal   int    `xml:"Ordinal"`
		Role      string `xml:"OrgRole"`
		Name      string `xml:"ParticipatingOrg>Name,omitempty"`
		ID        string `xml:"ParticipatingOrg>OrgID"`
	}
	payloadXML struct {
		Version textXML `xml:"VersionNumber"`
	}
	textXML struct {
		Namespace string `xml:"xmlns,attr"`
		Text      string `xml:",chardata"`
	}
	pos21XML struct {
		Country countryXML `xml:"Country"`
	}
	countryXML struct {
		Namespace string         `xml:"xmlns,attr"`
		Code      travel.Country `xml:"CountryCode"`
	}
	flights21XML struct {
		Namespace string     `xml:"xmlns,attr"`
		Slices    []sliceXML `xml:"FlightRequestOriginDestinationsCriteria>OriginDestCriteria"`
	}
	pax21XML struct {
		Namespace string   `xml:"xmlns,attr"`
		Pax       []paxXML `xml:"Pax"`
	}
	responsePartsXML struct {
		Namespace string          `xml:"xmlns,attr"`
		Currency  travel.Currency `xml:"CurParameter>RequestedCurCode"`
	}
)

// encode writes the AirShoppingRQ for q, in its envelope if there is one.
func (c *Client) encode(q travel.Query) ([]byte, error) {
	body, err := xml.Marshal(c.release.body(c, c.release, q))
	if err != nil {
		return nil, fmt.Errorf("write the request: %w", err)
	}
	if c.soap {
		return wire.Envelope(wire.SOAP11, "", body), nil
	}
	return append([]byte(xml.Header), body...), nil
}

// traveller is one passenger as all releases ask for them. Age is -1 if it is not sent.
type traveller struct {
	id, ptc string
	age     int
}

// adultAge is from when on travellers are adults to airlines.
const adultAge = 12

func travellers(p travel.Passengers) []traveller {
	var all []traveller
	add := func(ptc string, age int) {
		all = append(all, traveller{"PAX" + strconv.Itoa(len(all)+1), ptc, age})
	}
	for range p.Adults {
		add("ADT", -1)
	}
	for _, age := range p.ChildAges {
		if age >= adultAge {
			add("ADT", age)
		} else {
			add("CHD", age)
		}
	}
	for range p.InfantsSeat {
		add("INS", -1)
	}
	for range p.InfantsLap {
		add("INF", -1)
	}
	return all
}

func paxes(p travel.Passengers) []paxXML {
	var all []paxXML
	for _, t := range travellers(p) {
		pax := paxXML{ID: t.id, PTC: t.ptc}
		if t.age >= 0 {
			pax.Age = &ageXML{"YR", t.age}
		}
		all = append(all, pax)
	}
	return all
}

// cabinCodes are a cabin in IATA's numbers, in the letters of 17.2, and in words.
var cabinCodes = map[travel.Cabin][3]string{
	travel.Economy: {"5", "Y", "ECONOMY"}, travel.PremiumEconomy: {"4", "W", "PREMIUM ECONOMY"},
	travel.Business: {"2", "C", "BUSINESS"}, travel.First: {"1", "F", "FIRST"},
}

func cabinCode(c travel.Cabin) [3]string {
	if !c.Known() {
		c = travel.Economy
	}
	return cabinCodes[c]
}

func currencyOf(q travel.Query) travel.Currency {
	currency, _ := travel.MarketCurrency(q.Market)
	return currency
}

// option is the first of the named options that is given.
func (c *Client) option(names ...string) string {
	for _, name := range names {
		if v := c.cfg.Options[name]; v != "" {
			return v
		}
	}
	return ""
}

func (c *Client) request17(r release, q travel.Query) any {
	doc := request17XML{XMLName: xml.Name{Local: r.root}, Namespace: r.namespace, Version: r.version, Country: string(q.Market), Currency: currencyOf(q),
		Sender: sender17XML{c.option("sender_name"), c.option("iata_number"), c.option("agency_id", "sender_id")}, Cabin: cabinCode(q.Cabin)[1]}
	for i, s := range q.Slices {
		doc.Slices = append(doc.Slices, slice17XML{"OD" + strconv.Itoa(i+1), s.Origin, s.Date, s.Destination})
	}
	for _, t := range travellers(q.Passengers) {
		doc.Pax = append(doc.Pax, pax17XML{t.id, t.ptc})
	}
	return doc
}

func (c *Client) request18(r release, q travel.Query) any {
	cabin := cabinCode(q.Cabin)
	doc := request18XML{XMLName: xml.Name{Local: r.root}, Namespace: r.namespace, Version: r.version, POS: posXML{string(q.Market)}, Currency: currencyOf(q),
		Pax: paxes(q.Passengers), Cabin: cabinXML{Code: cabin[0], Name: cabin[2]}}
	if s := (sender18XML{c.option("agency_id", "sender_id"), c.option("iata_number"), c.option("sender_name")}); s != (sender18XML{}) {
		doc.Sender = &s
	}
	for i, s := range q.Slices {
		doc.Slices = append(doc.Slices, sliceXML{Destination: s.Destination, Date: s.Date, Origin: s.Origin, ID: "OD" + strconv.Itoa(i+1)})
	}
	return doc
}

func (c *Client) request21(r release, q travel.Query) any {
	doc := request21XML{XMLName: xml.Name{Local: r.root}, Namespace: r.namespace, Version: payloadXML{textXML{commonNamespace, r.version}},
		POS: pos21XML{countryXML{commonNamespace, q.Market}}, Flights: flights21XML{Namespace: commonNamespace}, Pax: pax21XML{commonNamespace, paxes(q.Passengers)}}
	if id := c.option("sender_id", "agency_id", "iata_number"); id != "" {
		doc.Link = &linkXML{commonNamespace, 1, "Seller", c.option("sender_name"), id}
	}
	if currency := currencyOf(q); currency != "" {
		doc.Response = &responsePartsXML{commonNamespace, currency}
	}
	for _, s := range q.Slices {
		cabin := &cabinXML{Code: cabinCode(q.Cabin)[0], Pref: "Preferred"}
		doc.Flights.Slices = append(doc.Flights.Slices, sliceXML{Cabin: cabin, Destination: s.Destination, Date: s.Date, Origin: s.Origin})
	}
	return doc
}
