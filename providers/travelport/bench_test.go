package travelport

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
	"time"

	"fanfare/providers/providertest"
	"fanfare/providers/travel"
)

// big is an answer as large agencies get: return trips with a change each way, 240 price
// points with two options a direction.
func big() []byte {
	const points, ways = 240, 120
	var b bytes.Buffer
	b.WriteString(`<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"><SOAP:Body><air:LowFareSearchRsp xmlns:air="http://www.travelport.com/schema/air_v52_0" TraceId="t" CurrencyType="GBP"><air:FlightDetailsList>`)
	segment := func(list, key, from, to string, group, number int, departs time.Time, minutes int) {
		arrives := departs.Add(time.Duration(minutes) * time.Minute)
		const form = "2006-01-02T15:04:05.000+00:00"
		if list == "details" {
			fmt.Fprintf(&b, `<air:FlightDetails Key="d%s==" Origin="%s" Destination="%s" DepartureTime="%s" ArrivalTime="%s" FlightTime="%d" TravelTime="905" Equipment="320" OriginTerminal="1"/>`, key, from, to, departs.Format(form), arrives.Format(form), minutes)
			return
		}
		fmt.Fprintf(&b, `<air:AirSegment Key="%s==" Group="%d" Carrier="GN" FlightNumber="%d" Origin="%s" Destination="%s" DepartureTime="%s" ArrivalTime="%s" FlightTime="%d" Distance="921" ETicketability="Yes" Equipment="320" ChangeOfPlane="false" ParticipantLevel="Secure Sell" LinkAvailability="true" PolledAvailabilityOption="Cached status used. Polled avail exists" OptionalServicesIndicator="false" AvailabilitySource="P"><air:CodeshareInfo OperatingCarrier="PF" OperatingFlightNumber="%d">PUFFIN</air:CodeshareInfo><air:AirAvailInfo ProviderCode="1G"><air:BookingCodeInfo BookingCounts="C8|D8|Z8|A0|I4|R0|Y9|B9|M9|H9|Q9|V9|W9|O1|L9|K9|J9"/></air:AirAvailInfo><air:FlightDetailsRef Key="d%s=="/></air:AirSegment>`,
			key, group, number, from, to, departs.Format(form), arrives.Format(form), minutes, number, key)
	}
	day := time.Date(2027, 3, 1, 6, 0, 0, 0, time.UTC)
	for _, list := range []string{"details", "segments"} {
		if list == "segments" {
			b.WriteString(`</air:FlightDetailsList><air:AirSegmentList>`)
		}
		for i := range ways {
			out, back := day.Add(time.Duration(i)*3*time.Minute), day.AddDate(0, 0, 7).Add(time.Duration(i)*3*time.Minute)
			segment(list, fmt.Sprint("a", i), "LHR", "CDG", 0, 1000+i, out, 80)
			segment(list, fmt.Sprint("b", i), "CDG", "JFK", 0, 2000+i, out.Add(3*time.Hour), 480)
			segment(list, fmt.Sprint("c", i), "JFK", "CDG", 1, 3000+i, back, 430)
			segment(list, fmt.Sprint("e", i), "CDG", "LHR", 1, 4000+i, back.Add(9*time.Hour), 80)
		}
	}
	b.WriteString(`</air:AirSegmentList><air:FareInfoList>`)
	for i := range 60 {
		fmt.Fprintf(&b, `<air:FareInfo Key="f%d==" FareBasis="K%dLOW" PassengerTypeCode="ADT" Origin="LHR" Destination="JFK" EffectiveDate="2016-09-04T17:19:00.000+03:00" DepartureDate="2027-03-01" Amount="GBP22.00" NegotiatedFare="false"><air:BaggageAllowance><air:NumberOfPieces>1</air:NumberOfPieces><air:MaxWeight/></air:BaggageAllowance><air:FareRuleKey FareInfoRef="f%d==" ProviderCode="1G">%s</air:FareRuleKey><air:Brand Key="x%d==" BrandID="%d"/></air:FareInfo>`, i, i, i, strings.Repeat("rule", 40), i, i%6)
	}
	b.WriteString(`</air:FareInfoList><air:AirPricePointList>`)
	for i := range points {
		prices := fmt.Sprintf(`TotalPrice="GBP%d.74" BasePrice="USD78.00" ApproximateTotalPrice="GBP%d.74" ApproximateBasePrice="GBP70.00" EquivalentBasePrice="GBP70.00" Taxes="GBP108.74" ApproximateTaxes="GBP108.74"`, 150+i, 150+i)
		fmt.Fprintf(&b, `<air:AirPricePoint Key="p%d==" %s CompleteItinerary="true"><air:AirPricingInfo Key="i%d==" %s LatestTicketingTime="2027-01-10T23:59:00.000+00:00" PricingMethod="Guaranteed" ETicketability="Yes" PlatingCarrier="GN" ProviderCode="1G">`, i, prices, i, prices)
		for _, tax := range []string{"UA", "UD", "YK", "WP", "WQ", "FR", "IZ", "QX", "YQ"} {
			fmt.Fprintf(&b, `<air:TaxInfo Category="%s" Amount="GBP3.59"/>`, tax)
		}
		b.WriteString(`<air:FareCalc>LON GN X/PAR GN NYC 51.50K27LGT4 GN X/PAR GN LON 51.50K27LGT4 NUC103.00END ROE1.0</air:FareCalc><air:PassengerType Code="ADT"/><air:ChangePenalty><air:Amount>GBP50.00</air:Amount></air:ChangePenalty><air:FlightOptionsList>`)
		for leg, pair := range [][2]string{{"a", "b"}, {"c", "e"}} {
			fmt.Fprintf(&b, `<air:FlightOption LegRef="leg%d" Destination="NYC" Origin="LON">`, leg)
			for n := range 2 {
				fmt.Fprintf(&b, `<air:Option Key="o%d-%d-%d==" TravelTime="P0DT15H5M0S">`, i, leg, n)
				for _, s := range pair {
					fmt.Fprintf(&b, `<air:BookingInfo BookingCode="K" CabinClass="Economy" FareInfoRef="f%d==" SegmentRef="%s%d=="/>`, (i+leg)%60, s, (i*2+n)%ways)
				}
				b.WriteString(`<air:Connection SegmentIndex="0"/></air:Option>`)
			}
			b.WriteString(`</air:FlightOption>`)
		}
		b.WriteString(`</air:FlightOptionsList></air:AirPricingInfo></air:AirPricePoint>`)
	}
	b.WriteString(`</air:AirPricePointList><air:BrandList>`)
	for i := range 6 {
		fmt.Fprintf(&b, `<air:Brand Key="k%d" BrandID="%d" Name="Brand %d"><air:Title Type="External">Brand %d</air:Title><air:Text Type="MarketingAgent">%s</air:Text></air:Brand>`, i, i, i, i, strings.Repeat("words ", 60))
	}
	b.WriteString(`</air:BrandList></air:LowFareSearchRsp></SOAP:Body></SOAP:Envelope>`)
	return b.Bytes()
}

// stdAnswer is the fields that Decode reads of that document, for encoding/xml.
type stdAnswer struct {
	Rsp struct {
		Details []struct {
			Key       string `xml:"Key,attr"`
			From      string `xml:"OriginTerminal,attr"`
			To        string `xml:"DestinationTerminal,attr"`
			Equipment string `xml:"Equipment,attr"`
		} `xml:"FlightDetailsList>FlightDetails"`
		Segments []struct {
			Key         string `xml:"Key,attr"`
			Carrier     string `xml:"Carrier,attr"`
			Number      string `xml:"FlightNumber,attr"`
			Origin      string `xml:"Origin,attr"`
			Destination string `xml:"Destination,attr"`
			Departs     string `xml:"DepartureTime,attr"`
			Arrives     string `xml:"ArrivalTime,attr"`
			Equipment   string `xml:"Equipment,attr"`
			Operating   struct {
				Carrier string `xml:"OperatingCarrier,attr"`
				Number  string `xml:"OperatingFlightNumber,attr"`
			} `xml:"CodeshareInfo"`
			Counts []struct {
				Counts string `xml:"BookingCounts,attr"`
			} `xml:"AirAvailInfo>BookingCodeInfo"`
			Details []stdRef `xml:"FlightDetailsRef"`
		} `xml:"AirSegmentList>AirSegment"`
		Fares []struct {
			Key    string `xml:"Key,attr"`
			Basis  string `xml:"FareBasis,attr"`
			Pieces string `xml:"BaggageAllowance>NumberOfPieces"`
			Brand  struct {
				ID string `xml:"BrandID,attr"`
			} `xml:"Brand"`
		} `xml:"FareInfoList>FareInfo"`
		Points []struct {
			Key   string `xml:"Key,attr"`
			Total string `xml:"TotalPrice,attr"`
			Base  string `xml:"EquivalentBasePrice,attr"`
			Taxes string `xml:"Taxes,attr"`
			Infos []struct {
				Expires    string   `xml:"LatestTicketingTime,attr"`
				Carrier    string   `xml:"PlatingCarrier,attr"`
				Passengers []stdRef `xml:"PassengerType"`
				Change     []string `xml:"ChangePenalty>Amount"`
				Cancel     []string `xml:"CancelPenalty>Amount"`
				Choices    []struct {
					Leg     string `xml:"LegRef,attr"`
					Options []struct {
						Key      string `xml:"Key,attr"`
						Time     string `xml:"TravelTime,attr"`
						Bookings []struct {
							Code    string `xml:"BookingCode,attr"`
							Cabin   string `xml:"CabinClass,attr"`
							Fare    string `xml:"FareInfoRef,attr"`
							Segment string `xml:"SegmentRef,attr"`
						} `xml:"BookingInfo"`
					} `xml:"Option"`
				} `xml:"FlightOptionsList>FlightOption"`
			} `xml:"AirPricingInfo"`
		} `xml:"AirPricePointList>AirPricePoint"`
		Brands []struct {
			ID   string `xml:"BrandID,attr"`
			Name string `xml:"Name,attr"`
		} `xml:"BrandList>Brand"`
	} `xml:"Body>LowFareSearchRsp"`
}

type stdRef struct {
	Key string `xml:"Key,attr"`
}

// combinations is what the document holds: two options each way at every price point.
func (s *stdAnswer) combinations() int { return 4 * len(s.Rsp.Points) }

// TestEqualsEncodingXML compares what both readers make of the same document.
func TestEqualsEncodingXML(t *testing.T) {
	doc := big()
	a, err := Decode(doc, nil)
	var std stdAnswer
	if stdErr := xml.Unmarshal(doc, &std); err != nil || stdErr != nil || len(a.Offers) != std.combinations() || len(a.Offers) == 0 {
		t.Fatalf("%d bytes: Decode() = %d offers, drops %v, %v; encoding/xml %d, %v", len(doc), len(a.Offers), a.Drops, err, std.combinations(), stdErr)
	}
	at := map[string]int{}
	for i, s := range std.Rsp.Segments {
		at[s.Key] = i
	}
	for i := range a.Offers {
		o, p := &a.Offers[i], std.Rsp.Points[i/4]
		var want, got []string
		for leg, n := range []int{i % 4 / 2, i % 2} {
			for _, b := range p.Infos[0].Choices[leg].Options[n].Bookings {
				s := std.Rsp.Segments[at[b.Segment]]
				want = append(want, s.Carrier+s.Number+s.Operating.Carrier+s.Operating.Number+s.Origin+s.Departs[:19]+s.Destination+s.Arrives[:19])
			}
			for _, g := range o.Itinerary.Slices[leg].Segments {
				got = append(got, g.Marketing.String()+g.Operating.String()+string(g.Origin)+g.Departs.Time().UTC().Format("2006-01-02T15:04:05")+string(g.Destination)+g.Arrives.Time().UTC().Format("2006-01-02T15:04:05"))
			}
		}
		total := string(o.Price.Total.Currency) + o.Price.Total.Decimal()
		if strings.Join(got, " ") != strings.Join(want, " ") || total != p.Total || o.Seller.Code != p.Infos[0].Carrier || o.Fare.Basis[0] != std.Rsp.Fares[i/4%60].Basis || o.Fare.Brand == "" || o.SeatsLeft != 9 {
			t.Fatalf("offer %d:\n%swant %s %s", i, providertest.Line(o), p.Total, want)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	doc := big()
	providertest.Bench(b, doc, 960, func(doc []byte) (a travel.Answer, err error) { return Decode(doc, nil) }, "encoding/xml", func(doc []byte) (int, error) {
		var std stdAnswer
		err := xml.Unmarshal(doc, &std)
		return std.combinations(), err
	})
}
