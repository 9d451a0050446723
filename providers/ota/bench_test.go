package ota

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"fanfare/providers/document"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
)

// bigOffers are in the document of big: two in each itinerary of return.xml, with other
// numbers.
const bigOffers = 400

func big(tb testing.TB) []byte {
	tb.Helper()
	doc := string(providertest.Load(tb, "ota-air/return.xml"))
	from, to := strings.Index(doc, "    <PricedItinerary "), strings.Index(doc, "  </PricedItineraries>")
	one := doc[from:to]
	var b strings.Builder
	b.WriteString(doc[:from])
	for i := range bigOffers / 2 {
		r := strings.NewReplacer(`SequenceNumber="1"`, fmt.Sprintf(`SequenceNumber="%d"`, i+1), `FlightNumber="18"`, fmt.Sprintf(`FlightNumber="%d"`, 1000+i),
			`Amount="2000.00"`, fmt.Sprintf(`Amount="2%03d.50"`, i), `QLOW`, fmt.Sprintf("Q%dLOW", i%7))
		b.WriteString(r.Replace(one))
	}
	b.WriteString(doc[to:])
	return []byte(b.String())
}

// stdAnswer is the fields that DecodeAir reads, for encoding/xml.
type stdAnswer struct {
	Itineraries []struct {
		Number string `xml:"SequenceNumber,attr"`
		Slices []struct {
			Elapsed  string       `xml:"ElapsedTime,attr"`
			Segments []stdSegment `xml:"FlightSegment"`
		} `xml:"AirItinerary>OriginDestinationOptions>OriginDestinationOption"`
		Pricing    stdPricing   `xml:"AirItineraryPricingInfo"`
		Carrier    stdCode      `xml:"TPA_Extensions>ValidatingCarrier"`
		Additional []stdPricing `xml:"TPA_Extensions>AdditionalFares>AirItineraryPricingInfo"`
	} `xml:"PricedItineraries>PricedItinerary"`
}

type stdCode struct {
	Code   string `xml:"Code,attr"`
	Number string `xml:"FlightNumber,attr"`
}

type stdSegment struct {
	Departs   string     `xml:"DepartureDateTime,attr"`
	Arrives   string     `xml:"ArrivalDateTime,attr"`
	Number    string     `xml:"FlightNumber,attr"`
	Class     string     `xml:"ResBookDesigCode,attr"`
	Elapsed   string     `xml:"ElapsedTime,attr"`
	Stops     string     `xml:"StopQuantity,attr"`
	From      stdAirport `xml:"DepartureAirport"`
	To        stdAirport `xml:"ArrivalAirport"`
	Operating stdCode    `xml:"OperatingAirline"`
	Marketing stdCode    `xml:"MarketingAirline"`
	Disclosed stdCode    `xml:"DisclosureAirline"`
	Aircraft  struct {
		Type string `xml:"AirEquipType,attr"`
	} `xml:"Equipment"`
	OutZone stdZone `xml:"DepartureTimeZone"`
	InZone  stdZone `xml:"ArrivalTimeZone"`
}

type stdZone struct {
	Hours string `xml:"GMTOffset,attr"`
}

type stdAirport struct {
	Code     string `xml:"LocationCode,attr"`
	Terminal string `xml:"TerminalID,attr"`
}

type stdAmount struct {
	Amount   string `xml:"Amount,attr"`
	Currency string `xml:"CurrencyCode,attr"`
	Decimals string `xml:"DecimalPlaces,attr"`
}

type stdSum struct {
	Total stdAmount   `xml:"TotalFare"`
	Base  stdAmount   `xml:"BaseFare"`
	Equiv stdAmount   `xml:"EquivFare"`
	Taxes []stdAmount `xml:"Taxes>Tax"`
}

type stdPricing struct {
	Returned  string `xml:"FareReturned,attr"`
	LastDate  string `xml:"LastTicketDate,attr"`
	LastTime  string `xml:"LastTicketTime,attr"`
	Total     stdSum `xml:"ItinTotalFare"`
	Breakdown []struct {
		Quantity struct {
			Code     string `xml:"Code,attr"`
			Quantity string `xml:"Quantity,attr"`
		} `xml:"PassengerTypeQuantity"`
		Bases []struct {
			Code string `xml:",chardata"`
		} `xml:"FareBasisCodes>FareBasisCode"`
		Fare struct {
			stdSum
			Penalties []struct {
				stdAmount
				Type       string `xml:"Type,attr"`
				When       string `xml:"Applicability,attr"`
				Changeable string `xml:"Changeable,attr"`
				Refundable string `xml:"Refundable,attr"`
			} `xml:"PenaltiesInfo>Penalty"`
			Bags []struct {
				Kind     string `xml:"ProvisionType,attr"`
				Segments []struct {
					ID string `xml:"Id,attr"`
				} `xml:"Segment"`
				Allowance struct {
					Pieces string `xml:"Pieces,attr"`
					Weight string `xml:"Weight,attr"`
				} `xml:"Allowance"`
			} `xml:"TPA_Extensions>BaggageInformationList>BaggageInformation"`
			Brands []struct {
				Name     string `xml:"BrandName,attr"`
				Segments []struct {
					Leg    string `xml:"LegIndex,attr"`
					Flight string `xml:"FlightIndex,attr"`
				} `xml:"Segment"`
			} `xml:"TPA_Extensions>FareComponents>FareComponent"`
		} `xml:"PassengerFare"`
		Infos []struct {
			Seats struct {
				Number string `xml:"Number,attr"`
			} `xml:"TPA_Extensions>SeatsRemaining"`
			Cabin struct {
				Cabin string `xml:"Cabin,attr"`
			} `xml:"TPA_Extensions>Cabin"`
		} `xml:"FareInfos>FareInfo"`
	} `xml:"PTC_FareBreakdowns>PTC_FareBreakdown"`
}

// TestEqualsEncodingXML compares what both readers make of the same document.
func TestEqualsEncodingXML(t *testing.T) {
	doc := big(t)
	a, err := DecodeAir(doc, nil)
	var std stdAnswer
	if stdErr := xml.Unmarshal(doc, &std); err != nil || stdErr != nil || len(a.Offers) != bigOffers || 2*len(std.Itineraries) != bigOffers || len(doc) < 1<<20 {
		t.Fatalf("%d bytes: %d offers, drops %v, %v; encoding/xml %d, %v", len(doc), len(a.Offers), a.Drops, err, len(std.Itineraries), stdErr)
	}
	for i := range std.Itineraries {
		w := &std.Itineraries[i]
		var got, want, basis []string
		for _, s := range w.Slices {
			for _, g := range s.Segments {
				want = append(want, travel.NewFlight(g.Marketing.Code, g.Number).String(), g.From.Code, g.Departs, g.To.Code, g.Arrives, g.From.Terminal, g.Aircraft.Type)
			}
		}
		for n, p := range []stdPricing{w.Pricing, w.Additional[0]} {
			o := &a.Offers[2*i+n]
			got, basis = got[:0], basis[:0]
			for _, s := range o.Itinerary.Slices {
				for _, g := range s.Segments {
					got = append(got, g.Marketing.String(), string(g.Origin), g.Departs.String()[:19], string(g.Destination), g.Arrives.String()[:19], g.DepartureTerminal, g.Aircraft)
				}
			}
			for _, b := range p.Breakdown[0].Bases {
				basis = append(basis, b.Code)
			}
			total, _ := document.Money(p.Total.Total.Amount, p.Total.Total.Currency)
			if strings.Join(got, " ") != strings.Join(want, " ") || o.Price.Total != total || o.Fare.Basis[0] != basis[0] || !strings.HasSuffix(o.Fare.Brand, p.Breakdown[0].Fare.Brands[len(p.Breakdown[0].Fare.Brands)-1].Name) {
				t.Fatalf("offer %d of %s:\n%s%s\nwant %v %v %v", n, w.Number, providertest.Line(o), got, want, total, basis)
			}
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	decode := func(doc []byte) (travel.Answer, error) { return DecodeAir(doc, nil) }
	providertest.Bench(b, big(b), bigOffers, decode, "encoding/xml", func(doc []byte) (int, error) {
		var std stdAnswer
		err := xml.Unmarshal(doc, &std)
		return 2 * len(std.Itineraries), err
	})
}

func FuzzDecode(f *testing.F) {
	for _, name := range documents {
		f.Add(providertest.Load(f, "ota-air/"+name))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		a, err := DecodeAir(doc, nil)
		if err != nil {
			return
		}
		providertest.Consistent(t, &a)
		for i := range a.Offers {
			if o := &a.Offers[i]; o.PartnerRef == "" {
				t.Fatalf("kept an offer that cannot be named: %s", providertest.Line(o))
			}
		}
	})
}
