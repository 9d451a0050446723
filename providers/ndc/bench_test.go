package ndc

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"fanfare/providers/providertest"
	"fanfare/providers/travel"
)

// big is an answer of about five megabytes, as large airlines send: return trips of up to
// two segments a slice, two items each, in a few hundred journeys.
func big(tb testing.TB) []byte {
	tb.Helper()
	const journeys, offers = 150, 900
	var b bytes.Buffer
	b.WriteString(`<IATA_AirShoppingRS xmlns="urn:x"><Response><DataLists><PaxList><Pax><PaxID>P1</PaxID><PTC>ADT</PTC></Pax><Pax><PaxID>P2</PaxID><PTC>ADT</PTC></Pax><Pax><PaxID>P3</PaxID><PTC>CHD</PTC></Pax></PaxList><PaxSegmentList>`)
	stop := func(element, airport string, day, minute int) {
		fmt.Fprintf(&b, `<%s><AircraftScheduledDateTime>2027-03-%02dT%02d:%02d:00</AircraftScheduledDateTime><IATA_LocationCode>%s</IATA_LocationCode><TerminalName>2</TerminalName></%s>`, element, day, minute/60, minute%60, airport, element)
	}
	segment := func(id, from, to string, day, departs, arrives, number int) {
		b.WriteString(`<PaxSegment>`)
		stop("Arrival", to, day, arrives)
		stop("Dep", from, day, departs)
		fmt.Fprintf(&b, `<MarketingCarrierInfo><CarrierDesigCode>GN</CarrierDesigCode><MarketingCarrierFlightNumberText>%d</MarketingCarrierFlightNumberText></MarketingCarrierInfo><OperatingCarrierInfo><CarrierDesigCode>PF</CarrierDesigCode></OperatingCarrierInfo><PaxSegmentID>%s</PaxSegmentID></PaxSegment>`, number, id)
	}
	for i := range journeys {
		m := i * 3 % 300
		segment(fmt.Sprintf("OA%d", i), "LHR", "CDG", 1, m, m+150, 1000+i)
		segment(fmt.Sprintf("OB%d", i), "CDG", "JFK", 1, m+400, m+700, 2000+i)
		segment(fmt.Sprintf("B%d", i), "JFK", "LHR", 8, m, m+800, 3000+i)
	}
	b.WriteString(`</PaxSegmentList><PaxJourneyList>`)
	for i := range journeys {
		fmt.Fprintf(&b, `<PaxJourney><PaxJourneyID>JO%d</PaxJourneyID><PaxSegmentRefID>OA%d</PaxSegmentRefID><PaxSegmentRefID>OB%d</PaxSegmentRefID></PaxJourney><PaxJourney><PaxJourneyID>JB%d</PaxJourneyID><PaxSegmentRefID>B%d</PaxSegmentRefID></PaxJourney>`, i, i, i, i, i)
	}
	b.WriteString(`</PaxJourneyList><PriceClassList>`)
	for i := range 6 {
		fmt.Fprintf(&b, `<PriceClass><Name>Brand %d</Name><PriceClassID>PC%d</PriceClassID></PriceClass>`, i, i)
	}
	b.WriteString(`</PriceClassList></DataLists><OffersGroup><CarrierOffers>`)
	for i := range offers {
		o, back := i%journeys, i*7%journeys
		fmt.Fprintf(&b, `<Offer><JourneyOverview><JourneyPriceClass><PaxJourneyRefID>JO%d</PaxJourneyRefID><PriceClassRefID>PC%d</PriceClassRefID></JourneyPriceClass><JourneyPriceClass><PaxJourneyRefID>JB%d</PaxJourneyRefID><PriceClassRefID>PC%d</PriceClassRefID></JourneyPriceClass></JourneyOverview><OfferExpirationTimeLimitDateTime>2027-01-01T00:00:00Z</OfferExpirationTimeLimitDateTime><OfferID>offer-%d-0123456789abcdef0123456789abcdef</OfferID>`, o, i%6, back, i%6, i)
		for _, pax := range [][]string{{"P1", "P2"}, {"P3"}} {
			var refs string
			for _, p := range pax {
				refs += "<PaxRefID>" + p + "</PaxRefID>"
			}
			b.WriteString(`<OfferItem><FareDetail>`)
			for _, s := range []string{fmt.Sprintf("OA%d", o), fmt.Sprintf("OB%d", o), fmt.Sprintf("B%d", back)} {
				fmt.Fprintf(&b, `<FareComponent><CabinType><CabinTypeCode>5</CabinTypeCode><CabinTypeName>Economy</CabinTypeName></CabinType><CancelRestrictions><AllowedModificationInd>false</AllowedModificationInd><DescText>Cancellations are not permitted at any time - see the conditions of carriage</DescText></CancelRestrictions><ChangeRestrictions><AllowedModificationInd>true</AllowedModificationInd><Fee><Amount CurCode="GBP">50.00</Amount></Fee><JourneyStageCode>Prior To Departure</JourneyStageCode></ChangeRestrictions><FareBasisCode>K%dLOW</FareBasisCode><PaxSegmentRefID>%s</PaxSegmentRefID><PriceClassRefID>PC%d</PriceClassRefID></FareComponent>`, i%6, s, i%6)
			}
			fmt.Fprintf(&b, `%s</FareDetail><OfferItemID>%d</OfferItemID><Price><BaseAmount CurCode="GBP">%d.00</BaseAmount><TaxSummary><TotalTaxAmount CurCode="GBP">50.50</TotalTaxAmount></TaxSummary><TotalAmount CurCode="GBP">%d.50</TotalAmount></Price><Service>%s<OfferServiceAssociation><PaxJourneyRef><PaxJourneyRefID>JO%d</PaxJourneyRefID><PaxJourneyRefID>JB%d</PaxJourneyRefID></PaxJourneyRef></OfferServiceAssociation><ServiceID>S</ServiceID></Service></OfferItem>`, refs, i, 100+i, 150+i, refs, o, back)
		}
		fmt.Fprintf(&b, `<OwnerCode>GN</OwnerCode><TotalPrice><TotalAmount CurCode="GBP">%d.50</TotalAmount></TotalPrice></Offer>`, 3*(150+i)+1)
	}
	b.WriteString(`</CarrierOffers></OffersGroup></Response></IATA_AirShoppingRS>`)
	return b.Bytes()
}

// stdAnswer is the fields that Decode reads of that document, for encoding/xml.
type stdAnswer struct {
	Lists struct {
		Segments []struct {
			ID      string  `xml:"PaxSegmentID"`
			Dep     stdStop `xml:"Dep"`
			Arrival stdStop `xml:"Arrival"`
			Carrier string  `xml:"MarketingCarrierInfo>CarrierDesigCode"`
			Number  string  `xml:"MarketingCarrierInfo>MarketingCarrierFlightNumberText"`
			Flown   string  `xml:"OperatingCarrierInfo>CarrierDesigCode"`
		} `xml:"PaxSegmentList>PaxSegment"`
		Journeys []struct {
			ID       string   `xml:"PaxJourneyID"`
			Segments []string `xml:"PaxSegmentRefID"`
		} `xml:"PaxJourneyList>PaxJourney"`
		Pax []struct {
			ID  string `xml:"PaxID"`
			PTC string `xml:"PTC"`
		} `xml:"PaxList>Pax"`
		Classes []struct {
			ID   string `xml:"PriceClassID"`
			Name string `xml:"Name"`
		} `xml:"PriceClassList>PriceClass"`
	} `xml:"Response>DataLists"`
	Offers []struct {
		ID       string `xml:"OfferID"`
		Owner    string `xml:"OwnerCode"`
		Expires  string `xml:"OfferExpirationTimeLimitDateTime"`
		Total    stdSum `xml:"TotalPrice>TotalAmount"`
		Overview []struct {
			Journey string `xml:"PaxJourneyRefID"`
			Class   string `xml:"PriceClassRefID"`
		} `xml:"JourneyOverview>JourneyPriceClass"`
		Items []struct {
			Total    stdSum   `xml:"Price>TotalAmount"`
			Base     stdSum   `xml:"Price>BaseAmount"`
			Tax      stdSum   `xml:"Price>TaxSummary>TotalTaxAmount"`
			Pax      []string `xml:"Service>PaxRefID"`
			Journeys []string `xml:"Service>OfferServiceAssociation>PaxJourneyRef>PaxJourneyRefID"`
			Fares    []struct {
				Pax   []string `xml:"PaxRefID"`
				Parts []struct {
					Basis    string    `xml:"FareBasisCode"`
					Cabin    string    `xml:"CabinType>CabinTypeName"`
					Code     string    `xml:"CabinType>CabinTypeCode"`
					Class    string    `xml:"PriceClassRefID"`
					Segments []string  `xml:"PaxSegmentRefID"`
					Cancel   []stdTerm `xml:"CancelRestrictions"`
					Change   []stdTerm `xml:"ChangeRestrictions"`
				} `xml:"FareComponent"`
			} `xml:"FareDetail"`
		} `xml:"OfferItem"`
	} `xml:"Response>OffersGroup>CarrierOffers>Offer"`
}

type stdStop struct {
	Airport  string `xml:"IATA_LocationCode"`
	When     string `xml:"AircraftScheduledDateTime"`
	Terminal string `xml:"TerminalName"`
}

type stdSum struct {
	Currency string `xml:"CurCode,attr"`
	Text     string `xml:",chardata"`
}

type stdTerm struct {
	Allowed string `xml:"AllowedModificationInd"`
	Stage   string `xml:"JourneyStageCode"`
	Fee     stdSum `xml:"Fee>Amount"`
}

// TestEqualsEncodingXML compares what both readers make of the same document.
func TestEqualsEncodingXML(t *testing.T) {
	doc := big(t)
	a, err := decode(doc, nil, 10_000, false)
	large := len(doc) > 4<<20 && len(doc) < 8<<20
	var std stdAnswer
	if stdErr := xml.Unmarshal(doc, &std); err != nil || stdErr != nil || len(a.Offers) != len(std.Offers) || !large {
		t.Fatalf("%d bytes: decode() = %d offers, drops %v, %v; encoding/xml %d, %v", len(doc), len(a.Offers), a.Drops, err, len(std.Offers), stdErr)
	}
	segments, journeys, names := map[string]int{}, map[string][]string{}, map[string]string{}
	for i, s := range std.Lists.Segments {
		segments[s.ID] = i
	}
	for _, j := range std.Lists.Journeys {
		journeys[j.ID] = j.Segments
	}
	for _, c := range std.Lists.Classes {
		names[c.ID] = c.Name
	}
	for i, o := range a.Offers {
		w := std.Offers[i]
		total, _ := travel.ParseMoney(w.Total.Text, travel.Currency(w.Total.Currency))
		var flights, basis []string
		for _, v := range w.Overview {
			for _, id := range journeys[v.Journey] {
				s := std.Lists.Segments[segments[id]]
				flights = append(flights, s.Carrier+s.Number+s.Flown+s.Dep.Airport+s.Dep.When+s.Arrival.Airport+s.Arrival.When+s.Dep.Terminal)
				basis = append(basis, w.Items[0].Fares[0].Parts[0].Basis)
			}
		}
		var got []string
		for _, s := range o.Itinerary.Slices {
			for _, g := range s.Segments {
				got = append(got, g.Marketing.String()+string(g.Operating.Carrier)+string(g.Origin)+g.Departs.String()[:19]+string(g.Destination)+g.Arrives.String()[:19]+g.DepartureTerminal)
			}
		}
		if o.PartnerRef != w.ID || o.Price.Total != total || o.Price.Taxes.Decimal() != "151.50" || o.Seller.Code != w.Owner || o.Fare.Brand != names[w.Overview[0].Class] ||
			strings.Join(got, " ") != strings.Join(flights, " ") || strings.Join(o.Fare.Basis, " ") != strings.Join(basis, " ") || o.Fare.Refundable != travel.No || o.Fare.ChangeFee.Decimal() != "50.00" {
			t.Fatalf("offer %d:\n%s%s\nwant %+v %v", i, providertest.Line(&o), got, w, flights)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	doc := big(b)
	b.Run("fanfare", func(b *testing.B) {
		b.SetBytes(int64(len(doc)))
		b.ReportAllocs()
		for b.Loop() {
			if a, err := Decode(doc, nil); err != nil || len(a.Offers) != 900 {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding/xml", func(b *testing.B) {
		b.SetBytes(int64(len(doc)))
		b.ReportAllocs()
		for b.Loop() {
			var std stdAnswer
			if err := xml.Unmarshal(doc, &std); err != nil || len(std.Offers) != 900 {
				b.Fatal(err)
			}
		}
	})
}
