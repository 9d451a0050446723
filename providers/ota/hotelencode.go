package ota

import (
	"encoding/xml"
	"math"
	"strconv"

	"fanfare/providers/travel"
)

// The messages in XML. Elements stand in the order of the schemas.
type (
	availXML struct {
		XMLName   xml.Name   `xml:"OTA_HotelAvailRQ"`
		Namespace string     `xml:"xmlns,attr"`
		Version   string     `xml:"Version,attr"`
		Target    string     `xml:"Target,attr,omitempty"`
		Language  string     `xml:"PrimaryLangID,attr,omitempty"`
		POS       *posXML    `xml:"POS"`
		Segment   segmentXML `xml:"AvailRequestSegments>AvailRequestSegment"`
	}
	segmentXML struct {
		Stay       rangeXML       `xml:"StayDateRange"`
		Candidates []candidateXML `xml:"RoomStayCandidates>RoomStayCandidate"`
		Criteria   []criterionXML `xml:"HotelSearchCriteria>Criterion"`
	}
	rangeXML struct {
		Start travel.Date `xml:"Start,attr"`
		End   travel.Date `xml:"End,attr"`
	}
	candidateXML struct {
		RPH      int       `xml:"RPH,attr"`
		Quantity int       `xml:"Quantity,attr"`
		Guests   guestsXML `xml:"GuestCounts"`
	}
	guestsXML struct {
		PerRoom bool       `xml:"IsPerRoom,attr,omitempty"`
		Guests  []guestXML `xml:"GuestCount"`
	}
	guestXML struct {
		Kind  int    `xml:"AgeQualifyingCode,attr"`
		Age   string `xml:"Age,attr,omitempty"`
		Count int    `xml:"Count,attr"`
	}
	criterionXML struct {
		Position *positionXML `xml:"Position"`
		Hotel    *hotelRefXML `xml:"HotelRef"`
		Radius   *radiusXML   `xml:"Radius"`
		Stay     *rangeXML    `xml:"StayDateRange"`
	}
	positionXML struct {
		Latitude  string `xml:"Latitude,attr"`
		Longitude string `xml:"Longitude,attr"`
	}
	hotelRefXML struct {
		Code string `xml:"HotelCode,attr"`
	}
	radiusXML struct {
		Distance int    `xml:"Distance,attr"`
		Measure  string `xml:"DistanceMeasure,attr"`
		Unit     string `xml:"UnitOfMeasureCode,attr"`
	}
	searchXML struct {
		XMLName      xml.Name     `xml:"OTA_HotelSearchRQ"`
		Namespace    string       `xml:"xmlns,attr"`
		Version      string       `xml:"Version,attr"`
		Target       string       `xml:"Target,attr,omitempty"`
		Language     string       `xml:"PrimaryLangID,attr,omitempty"`
		MaxResponses int          `xml:"MaxResponses,attr"`
		POS          *posXML      `xml:"POS"`
		Criterion    criterionXML `xml:"Criteria>Criterion"`
	}
)

// Codes of the standard's lists: AQC for guests, UOM for kilometres.
const (
	guestAdult   = 10
	guestChild   = 8
	guestInfant  = 7
	kilometres   = "2"
	infantBefore = 2 // years
)

// hotelVersion is what partners of the schemas of 2003 to 2015 quote.
const hotelVersion = "1.0"

func (c *Hotel) version() string {
	if v := c.cfg.Options["version"]; v != "" {
		return v
	}
	return hotelVersion
}

// encodeAvail writes the question for the rates of one kind of room, at the properties
// with the codes, or around the query's point without any.
func (c *Hotel) encodeAvail(q travel.Query, kind travel.RateRoom, codes []string) ([]byte, error) {
	m := availXML{Namespace: namespace, Version: c.version(), Target: c.cfg.Options["target"], Language: c.cfg.Options["language"], POS: c.source(q.Market),
		Segment: segmentXML{Stay: rangeXML{q.CheckIn, q.CheckOut}, Candidates: []candidateXML{{RPH: 1, Quantity: kind.Count, Guests: guestsXML{kind.Count > 1, guests(kind.Occupancy)}}}}}
	for _, code := range codes {
		m.Segment.Criteria = append(m.Segment.Criteria, criterionXML{Hotel: &hotelRefXML{code}})
	}
	if len(codes) == 0 {
		m.Segment.Criteria = []criterionXML{circle(q.StayQuery.Destination)}
	}
	return c.sealed(m)
}

// encodeSearch writes the question for the properties around the query's point.
func (c *Hotel) encodeSearch(q travel.Query) ([]byte, error) {
	around := circle(q.StayQuery.Destination)
	around.Stay = &rangeXML{q.CheckIn, q.CheckOut}
	return c.sealed(searchXML{Namespace: namespace, Version: c.version(), Target: c.cfg.Options["target"], Language: c.cfg.Options["language"],
		MaxResponses: c.maxHotels, POS: c.source(q.Market), Criterion: around})
}

func (c *Hotel) sealed(message any) ([]byte, error) {
	body, err := xml.Marshal(message)
	if err != nil {
		return nil, err
	}
	return c.envelope(body), nil
}

// guests is one room's, by kind and age.
func guests(o travel.Occupancy) []guestXML {
	all := []guestXML{{Kind: guestAdult, Count: o.Adults}}
	for _, age := range o.ChildAges {
		kind := guestChild
		if age < infantBefore {
			kind = guestInfant
		}
		if last := &all[len(all)-1]; last.Kind == kind && last.Age == strconv.Itoa(age) {
			last.Count++
			continue
		}
		all = append(all, guestXML{Kind: kind, Age: strconv.Itoa(age), Count: 1})
	}
	return all
}

// circle is a place and how far around it.
func circle(d travel.Destination) criterionXML {
	degrees := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	return criterionXML{Position: &positionXML{degrees(d.Lat), degrees(d.Lon)}, Radius: &radiusXML{int(math.Max(float64(d.RadiusKM), 1)), "Kilometers", kilometres}}
}
