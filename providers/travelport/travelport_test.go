package travelport

import (
	"fmt"
	"strings"
	"testing"

	"fanfare/providers/fault"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

var documents = []string{"flights", "solutions", "drops", "stays", "details", "empty", "error", "message"}

func load(t testing.TB, name string) []byte { return providertest.Load(t, "travelport/"+name+".xml") }

func TestGolden(t *testing.T) {
	for _, name := range documents {
		t.Run(name, func(t *testing.T) {
			a, err := Decode(load(t, name), nil)
			providertest.Golden(t, "travelport/"+name, a, err)
		})
	}
}

// TestVendorPayloads holds the decoder against what is known of the partners' documents.
func TestVendorPayloads(t *testing.T) {
	a, err := Decode(providertest.Vendor(t, "travelport-uapi/lowfare_1adt_iev-par_RS.xml"), nil)
	if err != nil || a.OffersKept() != 194 || len(a.Drops) != 0 {
		t.Fatalf("Decode() = %d offers, drops %v, %v, want the 194 combinations of 45 price points", a.OffersKept(), a.Drops, err)
	}
	const want = ` EUR 178.74 (base EUR 70.00, taxes EUR 108.74) brand "GoLight" basis ["P0BAGTI" "P0BAGTI" "U0BAGTI" "U0BAGTI"]`
	for i, back := range []string{"A3615/ CDG 2016-11-20T19:35:00+01:00 ATH 2016-11-20T23:50:00+02:00", "A3611/ CDG 2016-11-20T12:00:00+01:00 ATH 2016-11-20T16:20:00+02:00"} {
		got := providertest.Line(&a.Offers[i])
		for _, part := range []string{want, "A3967/ KBP 2016-11-10T18:35:00+02:00 ATH 2016-11-10T21:05:00+02:00", "A3614/ ATH 2016-11-11T16:15:00+02:00 CDG 2016-11-11T18:45:00+01:00", back,
			"bags ?+0", "change yes EUR 50.00", "until 2016-11-10T21:59:00Z", "by A3"} {
			if !strings.Contains(got, part) {
				t.Errorf("offer %d does not say %q:\n%s", i, part, got)
			}
		}
	}
	points := map[string]bool{}
	for i := range a.Offers {
		key, _, _ := strings.Cut(a.Offers[i].PartnerRef, "+")
		points[key] = true
	}
	if a, next, err := decode(providertest.Vendor(t, "travelport-uapi/hotel_search_RS.xml"), nil); err != nil || a.OffersKept() != 9 || a.Drops[travel.RulePackageOnly] != 5 || !strings.HasPrefix(next, "H4sIAAAAAAAAAFv") {
		t.Errorf("decode(stays) = %d rates, drops %v, next %.20q, %v", a.OffersKept(), a.Drops, next, err)
	} else if got := providertest.Written(&a); !strings.Contains(got, `GBLON@_000143 "Central Park Hotel" 3 stars at 51.511680497607,-0.185142159461 [49 Queensborough Terrace, London, W2 3SY; 00]`+"\n"+
		`  - GBLON@_000143/AG ""  "": USD 1041.70 (base unknown, taxes unknown, at the property unknown) "pay_now"`) {
		t.Errorf("the first property is not as it stands:\n%s", got)
	}
}

// TestUnusual: a document that is written another way says the same.
func TestUnusual(t *testing.T) {
	usual := string(load(t, "flights"))
	want, err := Decode([]byte(usual), nil)
	if err != nil {
		t.Fatal(err)
	}
	inner := usual[strings.Index(usual, "<air:LowFareSearchRsp"):strings.Index(usual, "</SOAP:Body>")]
	list := usual[strings.Index(usual, " <air:AirSegmentList>") : strings.Index(usual, "</air:AirSegmentList>")+len("</air:AirSegmentList>")]
	for name, doc := range map[string]string{
		"no envelope":     inner,
		"another prefix":  strings.ReplaceAll(strings.ReplaceAll(usual, "air:", "zz:"), "SOAP:", "e:"),
		"no prefix":       strings.ReplaceAll(inner, "air:", ""),
		"a mark":          "\ufeff" + usual,
		"a wrapper":       "<response><data>" + inner + "</data></response>",
		"flights at last": strings.Replace(strings.Replace(usual, list, "", 1), "</air:LowFareSearchRsp>", list+"</air:LowFareSearchRsp>", 1),
		"asynchronous":    strings.ReplaceAll(usual, "LowFareSearchRsp", "LowFareSearchAsynchRsp"),
	} {
		got, err := Decode([]byte(doc), nil)
		if err != nil || providertest.Written(&got) != providertest.Written(&want) {
			t.Errorf("%s: %v\n%s", name, err, providertest.Written(&got))
		}
	}
}

func TestRefused(t *testing.T) {
	for name, doc := range map[string]string{
		"another message": `<AirPriceRsp/>`, "the request": `<LowFareSearchReq/>`, "an empty envelope": `<Envelope><Body/></Envelope>`,
		"a document type": `<!DOCTYPE x><LowFareSearchRsp/>`, "cut": `<LowFareSearchRsp>`, "JSON": `{"offers":[]}`, "nothing": ``,
	} {
		if _, err := Decode([]byte(doc), nil); fault.Of(err) == nil || fault.Of(err).Cause != fault.Malformed {
			t.Errorf("%s: Decode() = %v, want malformed", name, err)
		}
	}
	if a, err := Decode([]byte(`<LowFareSearchRsp/>`), nil); err != nil || a.OffersIn != 0 {
		t.Errorf("an empty answer = %+v, %v", a, err)
	}
	if _, err := Decode([]byte(`<Fault><faultstring>Not authorized to use branch</faultstring></Fault>`), nil); fault.Of(err).Cause != fault.Unauthorized {
		t.Errorf("no right = %v, want unauthorized", err)
	}
}

// TestCombinations: no point makes more than 64 offers, and what it would have made is noted.
func TestCombinations(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<LowFareSearchRsp><AirSegmentList>`)
	options := ""
	for i := range 12 {
		fmt.Fprintf(&b, `<AirSegment Key="a%d" Carrier="BA" FlightNumber="%d" Origin="LHR" Destination="JFK" DepartureTime="2027-03-01T%02d:00:00+00:00" ArrivalTime="2027-03-01T%02d:30:00+00:00"/>`, i, i+1, i, i+8)
		fmt.Fprintf(&b, `<AirSegment Key="b%d" Carrier="BA" FlightNumber="%d" Origin="JFK" Destination="LHR" DepartureTime="2027-03-08T%02d:00:00+00:00" ArrivalTime="2027-03-08T%02d:30:00+00:00"/>`, i, i+51, i, i+8)
	}
	for _, way := range []string{"a", "b"} {
		options += `<FlightOption>`
		for i := range 12 {
			options += fmt.Sprintf(`<Option Key="%s%d"><BookingInfo SegmentRef="%s%d"/></Option>`, way, i, way, i)
		}
		options += `</FlightOption>`
	}
	b.WriteString(`</AirSegmentList><AirPricePointList><AirPricePoint Key="p" TotalPrice="EUR9.00"><AirPricingInfo><FlightOptionsList>` + options + `</FlightOptionsList></AirPricingInfo></AirPricePoint></AirPricePointList></LowFareSearchRsp>`)
	a, err := Decode([]byte(b.String()), nil)
	if err != nil || len(a.Offers) != 64 || a.OffersIn != 64 || a.Notes["expansion_capped"] != 80 {
		t.Errorf("Decode() = %d of %d offers, notes %v, %v; want 64 and 80 capped", len(a.Offers), a.OffersIn, a.Notes, err)
	}
}

func query() travel.Query {
	return travel.Query{Product: travel.Flights, Market: "GB", FlightQuery: travel.FlightQuery{
		Slices:     []travel.SliceQuery{{Origin: "LHR", Destination: "JFK", Date: travel.NewDate(2027, 3, 1)}, {Origin: "JFK", Destination: "LHR", Date: travel.NewDate(2027, 3, 8)}},
		Passengers: travel.Passengers{Adults: 2, ChildAges: []int{8}}, Cabin: travel.Economy}}
}

func stayQuery() travel.Query {
	return travel.Query{Product: travel.Hotels, Market: "GB", StayQuery: travel.StayQuery{
		Destination: travel.Destination{Lat: 51.51, Lon: -0.13, RadiusKM: 15}, CheckIn: travel.NewDate(2027, 3, 1), CheckOut: travel.NewDate(2027, 3, 3),
		Rooms: []travel.Occupancy{{Adults: 1, ChildAges: []int{7}}, {Adults: 2, ChildAges: []int{}}}}}
}

var credentials = map[string]string{"username": "Universal API/uAPI-1", "password": "open&sesame", "target_branch": "P7<7"}

func protocol(t *testing.T, q travel.Query, good string) providertest.Protocol {
	return providertest.Protocol{
		New:         func(c wire.Config) (providertest.Asker, error) { return New(c, nil) },
		Credentials: credentials, Query: q, Both: true, ContentType: "text/xml",
		Good: load(t, good), Empty: load(t, "empty"), Error: load(t, "error"),
	}
}

func TestConformance(t *testing.T) { providertest.Run(t, protocol(t, query(), "flights")) }

func TestConformanceOfStays(t *testing.T) {
	one := protocol(t, stayQuery(), "stays")
	one.Good = []byte(strings.Replace(string(one.Good), `<c:NextResultReference ProviderCode="TRM">more+here==</c:NextResultReference>`, "", 1))
	providertest.Run(t, one)
}

func FuzzDecode(f *testing.F) {
	for _, name := range documents {
		f.Add(load(f, name))
	}
	f.Fuzz(func(t *testing.T, body []byte) { providertest.Holds(t, body, Decode) })
}

// TestAggregatorDetails: the details of a property are read whoever they come from, and rates
// that stand elsewhere are not silently none.
func TestAggregatorDetails(t *testing.T) {
	doc := string(providertest.Load(t, "travelport/details.xml"))
	want, err := Decode([]byte(doc), nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]*strings.Replacer{
		"in place of the requested ones": strings.NewReplacer("RequestedHotelDetails", "AggregatorHotelDetails"),
		"inside": strings.NewReplacer("<hotel:RequestedHotelDetails>", "<hotel:RequestedHotelDetails><hotel:AggregatorHotelDetails>",
			"</hotel:RequestedHotelDetails>", "</hotel:AggregatorHotelDetails></hotel:RequestedHotelDetails>"),
	} {
		a, err := Decode([]byte(change.Replace(doc)), nil)
		if got := providertest.Written(&a); err != nil || got != providertest.Written(&want) {
			t.Errorf("%s: %v, %s", name, err, got)
		}
	}
}
