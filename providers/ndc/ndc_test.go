package ndc

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

var documents = []string{"17.2_alternatives", "17.2_flights", "18.1_mixed", "19.2_flat", "19.2_full", "21.3_dated", "21.3_segments",
	"empty", "nothing", "error", "error_17.2", "fault_1.1", "fault_1.2", "beside"}

func TestGolden(t *testing.T) {
	for _, name := range documents {
		t.Run(name, func(t *testing.T) {
			a, err := Decode(providertest.Load(t, "ndc/"+name+".xml"), nil)
			providertest.Golden(t, "ndc/"+name, a, err)
		})
	}
}

func TestVendorPayloads(t *testing.T) {
	tests := []struct {
		file  string
		in    int
		notes string
		first string
	}{
		{"ndc-19.2/orchestra_oneway_bcn-mad_RS", 20, "", `96296fe2-542d-430e-950e-4ddcf18e97cb by VY "": EUR 64.98 (base EUR 64.98, taxes unknown) brand "BASIC PRODUCT CLASS" basis ["PB01"] cabin ["economy"] bags ?+0 refund ? unknown change ? unknown seats 0
  - VY1004/VY1004 BCN 2020-10-06T09:50:00+02:00 MAD 2020-10-06T11:15:00+02:00;
`},
		{"ndc-19.2/orchestra_roundtrip_flat_saw-ada_RS", 14, "", `1d6f03a6-3568-487d-a603-8a26fc69ddf2 by PC "": EUR 48.00 (base EUR 42.00, taxes EUR 6.00) brand "ECONOMY" basis ["ROWKLTR"] cabin ["economy"] bags ?+1 refund ? unknown change ? unknown seats 0
  - PC2090/PC2090 SAW 2020-10-06T00:05:00+03:00 ADA 2020-10-06T01:35:00+03:00;
`},
		{"ndc-19.2/orchestra_roundtrip_lhr-bcn_RS", 360, "expiry_without_zone 360", `1cd7d1cd-dce7-4423-9683-6e9611401f79 by BA "": EUR 690.32 (base EUR 566.40, taxes EUR 123.92) brand "BASIC" basis [] cabin ["economy" "economy"] bags ?+0 refund ? unknown change ? unknown seats 0 until 2021-02-04T10:06:20.578Z
  - BA472/BA472 LHR 2021-06-05T06:15:00+01:00 BCN 2021-06-05T09:20:00+02:00 [3,1,320];
  - BA407/BA407 BCN 2021-06-10T17:05:00+02:00 LHR 2021-06-10T18:20:00+01:00 [1,3,320];
`},
		{"ndc-21.3/virgin_return_lhr-mbj_RS", 19, "", `PaIW8UjhKkTVWty00k8LgA001|22e7cb8b-9c1f-49cb-989d-90987863e655 by VS "Virgin Atlantic Airways": GBP 3482.46 (base GBP 1576.00, taxes GBP 1906.46) brand "Economy Classic" basis ["XL00ACSC" "OA00ACSC" "OA00ACSC"] cabin ["economy" "economy" "economy"] bags 1+1 refund no unknown change yes GBP 50.00 seats 0 until 2023-04-04T05:12:29Z
  - VS165/VS165 LHR 2023-08-30T13:00:00+01:00 MBJ 2023-08-30T16:45:00-05:00;
  - VS4780/DL1957 MBJ 2023-09-08T12:45:00-05:00 JFK 2023-09-08T17:38:00-04:00; VS154/VS154 JFK 2023-09-08T21:00:00-04:00 LHR 2023-09-09T09:20:00+01:00;
`},
		{"ndc-21.3/virgin_direct_lhr-jfk_RS", 16, "", `9SwMabrZSISOq5rctEBOF8001|6f84bd0d-3b77-45c5-99b4-13ecfc614c62 by VS "Virgin Atlantic Airways": GBP 6474.61 (base GBP 5747.00, taxes GBP 727.61) brand "Upper Flex" basis ["DS04BENX"] cabin ["business"] bags 2+2 refund yes GBP 0.00 change yes GBP 0.00 seats 0 until 2023-04-14T17:40:24Z
  - VS137/VS137 LHR 2023-06-08T18:35:00+01:00 JFK 2023-06-08T21:10:00-04:00;
`},
		{"ndc-21.3/virgin_taxonomy_lhr-anu_RS", 2, "", `EM4gCsDaiGESleJdqrZKm4001|09ccd852-59a6-45f7-bf58-39d1fd385fa1 by VS "Virgin Atlantic Airways": GBP 1700.83 (base GBP 884.00, taxes GBP 816.83) brand "Economy Delight" basis ["ML00ACXC" "UL00ACXC"] cabin ["economy" "economy"] bags 1+1 refund no unknown change yes GBP 50.00 seats 0 until 2023-04-14T17:50:47Z
  - VS185/VS185 LHR 2023-06-08T11:15:00+01:00 ANU 2023-06-08T17:35:00-04:00;
  - VS186/VS186 ANU 2023-06-15T20:10:00-04:00 LHR 2023-06-16T12:15:00+01:00;
`},
		{"ndc-17.2/aircanada_2adt1chd_yyz-lhr_RS", 273, "duration_differs 15", `T6I3MBZ8NO-OfferID-1 by AC "Air Canada": CAD 872.09 (base CAD 2.55, taxes CAD 480.14, fees CAD 389.40) brand "Basic" basis ["KLX5TLGT"] cabin ["economy"] bags ?+? refund ? unknown change ? unknown seats 9
  - AC869/ LHR 2021-03-01T09:00:00+00:00 YYZ 2021-03-01T11:55:00-05:00 [2,1,789];
`},
		{"ndc-21.3/go7_error_RS", 0, "no_availability 1", ""},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			a, err := Decode(providertest.Vendor(t, tt.file+".xml"), nil)
			if err != nil || a.OffersIn != tt.in || len(a.Offers) != tt.in {
				t.Fatalf("Decode() = %d in, %d kept, drops %v, %v, want %d", a.OffersIn, len(a.Offers), a.Drops, err, tt.in)
			}
			if head, _, _ := strings.Cut(providertest.Written(&a), "\n"); !strings.HasSuffix(head, strings.TrimSpace("| "+tt.notes)) {
				t.Errorf("notes %q, want %q", head, tt.notes)
			}
			if tt.in > 0 && providertest.Line(&a.Offers[0]) != tt.first {
				t.Errorf("first offer\n got %s\nwant %s", providertest.Line(&a.Offers[0]), tt.first)
			}
		})
	}
	t.Run("alternatives of Air Canada", func(t *testing.T) {
		a, _ := Decode(providertest.Vendor(t, "ndc-17.2/aircanada_2adt1chd_yyz-lhr_RS.xml"), nil)
		numbers, via := "", ""
		for i := range a.Offers {
			s := a.Offers[i].Itinerary.Slices
			if len(s) != 1 {
				t.Fatalf("offer %s has %d slices, want one direction", a.Offers[i].PartnerRef, len(s))
			}
			if a.Offers[i].PartnerRef == "T6I3MBZ8NO-OfferID-1" {
				numbers += s[0].Segments[0].Marketing.Number + " "
			}
			if a.Offers[i].PartnerRef == "V6RQSG3IUU-OfferID-2" && via == "" {
				via = fmt.Sprint(a.Offers[i].Price.Total, s[0].Segments[0].Marketing, s[0].Segments[0].Operating.Carrier, s[0].Segments[0].Destination)
			}
		}
		if numbers != "869 857 849 859 " || via != "CAD 807.41 AC6330SNBRU" {
			t.Errorf("alternatives %q, second offer %q", numbers, via)
		}
	})
}

func TestConformance(t *testing.T) {
	providertest.Run(t, providertest.Protocol{
		New:         func(cfg wire.Config) (providertest.Asker, error) { return New(cfg, nil) },
		Credentials: map[string]string{"api_key": "ndc-canary-key"},
		Query:       query(2),
		Good:        providertest.Load(t, "ndc/19.2_full.xml"),
		Empty:       providertest.Load(t, "ndc/nothing.xml"),
		Error:       providertest.Load(t, "ndc/error.xml"),
		ContentType: "text/xml",
	})
}

func query(slices int) travel.Query {
	q := travel.Query{Product: travel.Flights, Market: "GB", FlightQuery: travel.FlightQuery{Cabin: travel.Economy, Passengers: travel.Passengers{Adults: 2}}}
	for i := range slices {
		s := travel.SliceQuery{Origin: "LON", Destination: "NYC", Date: travel.NewDate(2027, 3, 1+7*i)}
		if i%2 == 1 {
			s.Origin, s.Destination = s.Destination, s.Origin
		}
		q.Slices = append(q.Slices, s)
	}
	return q
}

// TestAnyWriting: what is written in another way means the same.
func TestAnyWriting(t *testing.T) {
	for _, name := range documents[:7] {
		doc := string(providertest.Load(t, "ndc/"+name+".xml"))
		a, err := Decode([]byte(doc), nil)
		if err != nil {
			t.Fatal(err)
		}
		want := providertest.Written(&a)
		for how, changed := range map[string]string{
			"RefID for RefId":   strings.ReplaceAll(doc, "SegmentRefId>", "SegmentRefID>"),
			"spaces":            strings.ReplaceAll(doc, "><", ">\n\t<"),
			"comments":          strings.ReplaceAll(doc, "</", "<!-- </Offer> --></"),
			"unknown elements":  strings.NewReplacer("<DataLists>", "<New a='1'><Offer/></New><DataLists>", "<Offer>", "<Offer><AugmentationPoint><OfferID>x</OfferID></AugmentationPoint>").Replace(doc),
			"another namespace": strings.ReplaceAll(doc, "http://www.iata.org/IATA/", "urn:somebody:"),
			"references":        strings.ReplaceAll(doc, ">LHR<", ">&#76;H&#x52;<"),
		} {
			a, err := Decode([]byte(changed), nil)
			if got := providertest.Written(&a); err != nil || got != want {
				t.Errorf("%s with %s: %v\n%s\nwant\n%s", name, how, err, got, want)
			}
		}
	}
}

// TestItemsThatNeedNotBeBought: what is not mandatory is the offer, if there is nothing else.
func TestItemsThatNeedNotBeBought(t *testing.T) {
	item := func(mandatory, price, flights string) string {
		return `<OfferItem MandatoryInd="` + mandatory + `"><TotalPriceDetail><TotalAmount><DetailCurrencyPrice><Total Code="EUR">` + price + `</Total></DetailCurrencyPrice></TotalAmount></TotalPriceDetail><Service>` + flights + `</Service></OfferItem>`
	}
	const flown, fares = `<FlightRefs>F1</FlightRefs>`, `<FareDetail/></OfferItem>`
	for name, test := range map[string]struct{ items, want string }{
		"alone":            {item("false", "100.00", flown), "EUR 100.00"},
		"beside a fare":    {strings.Replace(item("false", "100.00", flown), `</OfferItem>`, fares, 1) + item("false", "30.00", ""), "EUR 100.00"},
		"beside mandatory": {item("true", "100.00", flown) + item("false", "30.00", flown), "EUR 100.00"},
	} {
		a, err := Decode([]byte(`<AirShoppingRS><OffersGroup><AirlineOffers><Offer OfferID="1" Owner="GN">`+test.items+`</Offer></AirlineOffers></OffersGroup><DataLists><FlightSegmentList>
<FlightSegment SegmentKey="S1"><Departure><AirportCode>LHR</AirportCode><Date>2027-03-01</Date><Time>10:00</Time></Departure><Arrival><AirportCode>JFK</AirportCode><Date>2027-03-01</Date><Time>13:00</Time></Arrival>
<MarketingCarrier><AirlineID>GN</AirlineID><FlightNumber>1</FlightNumber></MarketingCarrier></FlightSegment></FlightSegmentList><FlightList><Flight FlightKey="F1"><SegmentReferences>S1</SegmentReferences></Flight></FlightList></DataLists></AirShoppingRS>`), nil)
		if err != nil || len(a.Offers) != 1 || a.Offers[0].Price.Total.String() != test.want {
			t.Errorf("%s: %+v, drops %v, %v, want one offer of %s", name, a.Offers, a.Drops, err, test.want)
		}
	}
}

// TestPenaltiesOfRules: penalties may stand in the rules of a component; those after departure do not count.
func TestPenaltiesOfRules(t *testing.T) {
	doc := string(providertest.Load(t, "ndc/21.3_segments.xml"))
	const list = `<PenaltyList><Penalty><CancelFeeInd>false</CancelFeeInd><PenaltyID>A</PenaltyID><RefundableInd>true</RefundableInd></Penalty>
<Penalty><Amount CurCode="USD">40.00</Amount><AppCode>Prior to Departure</AppCode><ChangeAllowedInd>true</ChangeAllowedInd><PenaltyID>B</PenaltyID><TypeCode>Change</TypeCode></Penalty>
<Penalty><Amount CurCode="USD">90.00</Amount><AppCode>After Departure</AppCode><ChangeAllowedInd>false</ChangeAllowedInd><PenaltyID>C</PenaltyID><TypeCode>Change</TypeCode></Penalty></PenaltyList>`
	doc = strings.Replace(doc, "</DataLists>", list+"</DataLists>", 1)
	doc = strings.ReplaceAll(doc, "</FareComponent>", "<FareRule><PenaltyRefID>A</PenaltyRefID><PenaltyRefID>B</PenaltyRefID><PenaltyRefID>C</PenaltyRefID></FareRule></FareComponent>")
	a, err := Decode([]byte(doc), nil)
	if err != nil || len(a.Offers) != 1 {
		t.Fatalf("%d offers, %v", len(a.Offers), err)
	}
	if f := &a.Offers[0].Fare; f.Refundable != travel.Yes || f.RefundFee.String() != "USD 0.00" || f.Changeable != travel.Yes || f.ChangeFee.String() != "USD 40.00" {
		t.Errorf("refund %v %v, change %v %v, want free and USD 40.00", f.Refundable, f.RefundFee, f.Changeable, f.ChangeFee)
	}
}

// TestWrapped: a gateway may put elements of its own around the answer, and around a fault.
func TestWrapped(t *testing.T) {
	wrap := func(doc string) []byte {
		return []byte(`<s:Envelope xmlns:s="urn:soap"><s:Header><Security/></s:Header><s:Body><Reply><payload>` + doc + `</payload></Reply></s:Body></s:Envelope>`)
	}
	if a, err := Decode(wrap(string(providertest.Load(t, "ndc/21.3_segments.xml"))), nil); err != nil || len(a.Offers) != 1 {
		t.Errorf("an answer: %d offers, %v, want one", len(a.Offers), err)
	}
	if _, err := Decode(wrap(`<s:Fault><faultstring>No</faultstring></s:Fault>`), nil); err == nil || fault.Of(err).Cause != fault.PartnerError {
		t.Errorf("a fault: %v, want the partner's error", err)
	}
}

func TestNotAnAnswer(t *testing.T) {
	for name, doc := range map[string]string{
		"another message":   `<OrderViewRS/>`,
		"the request":       `<IATA_AirShoppingRQ/>`,
		"nothing inside":    `<IATA_AirShoppingRS/>`,
		"an empty envelope": `<Envelope><Body/></Envelope>`,
		"a document type":   `<!DOCTYPE x><AirShoppingRS><Success/></AirShoppingRS>`,
		"two answers":       `<AirShoppingRS><Success/></AirShoppingRS><AirShoppingRS/>`,
		"cut":               `<AirShoppingRS><Success/>`,
		"JSON":              `{"offers":[]}`,
		"a page":            `<html><body>502</body></html>`,
	} {
		if _, err := Decode([]byte(doc), nil); err == nil || fault.Of(err).Cause != fault.Malformed {
			t.Errorf("%s: Decode() = %v, want malformed", name, err)
		}
	}
}

func TestNothingToSell(t *testing.T) {
	for text, want := range map[string]bool{
		"911: Bad Request - 400 No availability": true, "NO FLIGHTS FOUND": true, "No offers available for the given criteria": true, "Flights not found": true,
		"No flights available for the requested itinerary": true, "Unable to find any itineraries": true,
		"911: Unable to process - system error": false, "No availability: system error": false, "Service not available": false, "Invalid flight number": false,
		"Agency not found": false, "": false, "Offer request timed out, no offers": false,
	} {
		if got := assemble.NothingToSell(text); got != want {
			t.Errorf("assemble.NothingToSell(%q) = %v", text, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range documents {
		f.Add(providertest.Load(f, "ndc/"+name+".xml"))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		a, err := Decode(doc, nil)
		if err != nil {
			return
		}
		providertest.Consistent(t, &a)
		again, _ := Decode(doc, nil)
		if providertest.Written(&a) != providertest.Written(&again) {
			t.Fatal("the same document gave another answer")
		}
		b := combine(a, query(2), places.Default())
		providertest.Consistent(t, &b)
	})
}

// TestListsOfAComponent: what names as many cabins, fare bases or price classes as there are
// segments is a list in their order; of another number nobody knows which is whose.
func TestListsOfAComponent(t *testing.T) {
	const economy, first, business = travel.Economy, travel.First, travel.Business
	for name, test := range map[string]struct {
		inside string // of the component of two segments
		cabins []travel.Cabin
		basis  []string
		brand  string
	}{
		"codes":              {"<CabinType><CabinTypeCode>F Y</CabinTypeCode></CabinType>", []travel.Cabin{first, economy}, nil, ""},
		"names":              {"<CabinType><CabinTypeName>First Economy</CabinTypeName></CabinType>", []travel.Cabin{first, economy}, nil, ""},
		"text":               {"<CabinType>Y J</CabinType>", []travel.Cabin{economy, business}, nil, ""},
		"codes and a brand":  {"<CabinType><CabinTypeCode>Y F</CabinTypeCode><CabinTypeName>Best Fare</CabinTypeName></CabinType>", []travel.Cabin{economy, first}, nil, ""},
		"one for both":       {"<CabinType><CabinTypeCode>J</CabinTypeCode></CabinType>", []travel.Cabin{business, business}, nil, ""},
		"a name of two":      {"<CabinType><CabinTypeName>Premium Economy</CabinTypeName></CabinType>", []travel.Cabin{travel.PremiumEconomy, travel.PremiumEconomy}, nil, ""},
		"too many":           {"<CabinType><CabinTypeCode>F Y Y</CabinTypeCode></CabinType>", nil, nil, ""},
		"too many names":     {"<CabinType><CabinTypeName>First Economy Economy</CabinTypeName></CabinType>", nil, nil, ""},
		"bases":              {"<FareBasis><FareBasisCode><Code>FLX YLX</Code></FareBasisCode></FareBasis>", nil, []string{"FLX", "YLX"}, ""},
		"too many bases":     {"<FareBasis><FareBasisCode><Code>FLX YLX MLX</Code></FareBasisCode></FareBasis>", nil, nil, ""},
		"price classes":      {"<PriceClassRef>PC2 PC1</PriceClassRef>", nil, nil, "Flex / Value"},
		"price classes, odd": {"<PriceClassRef>PC2 PC1 PC2</PriceClassRef>", nil, nil, ""},
	} {
		a, err := Decode([]byte(`<AirShoppingRS><OffersGroup><AirlineOffers><Offer OfferID="1" Owner="GN"><TotalPrice><DetailCurrencyPrice><Total Code="EUR">100.00</Total></DetailCurrencyPrice></TotalPrice>
<OfferItem><Service><FlightRefs>F1</FlightRefs></Service><FareDetail><FareComponent>`+test.inside+`</FareComponent></FareDetail></OfferItem></Offer></AirlineOffers></OffersGroup><DataLists><FlightSegmentList>
<FlightSegment SegmentKey="S1"><Departure><AirportCode>LHR</AirportCode><Date>2027-03-01</Date><Time>10:00</Time></Departure><Arrival><AirportCode>JFK</AirportCode><Date>2027-03-01</Date><Time>13:00</Time></Arrival>
<MarketingCarrier><AirlineID>GN</AirlineID><FlightNumber>1</FlightNumber></MarketingCarrier></FlightSegment>
<FlightSegment SegmentKey="S2"><Departure><AirportCode>JFK</AirportCode><Date>2027-03-01</Date><Time>15:00</Time></Departure><Arrival><AirportCode>LAX</AirportCode><Date>2027-03-01</Date><Time>18:00</Time></Arrival>
<MarketingCarrier><AirlineID>GN</AirlineID><FlightNumber>2</FlightNumber></MarketingCarrier></FlightSegment></FlightSegmentList>
<FlightList><Flight FlightKey="F1"><SegmentReferences>S1 S2</SegmentReferences></Flight></FlightList>
<PriceClassList><PriceClass PriceClassID="PC1"><Name>Value</Name></PriceClass><PriceClass PriceClassID="PC2"><Name>Flex</Name></PriceClass></PriceClassList></DataLists></AirShoppingRS>`), nil)
		if err != nil || len(a.Offers) != 1 {
			t.Fatalf("%s: %d offers, drops %v, %v", name, len(a.Offers), a.Drops, err)
		}
		if f := &a.Offers[0].Fare; !slices.Equal(f.Cabin, test.cabins) || !slices.Equal(f.Basis, test.basis) || f.Brand != test.brand {
			t.Errorf("%s: cabins %q, basis %q, brand %q; want %q, %q, %q", name, f.Cabin, f.Basis, f.Brand, test.cabins, test.basis, test.brand)
		}
	}
}

// TestRetiredAirports: a document of the time when a code was in use has times there.
func TestRetiredAirports(t *testing.T) {
	for date, want := range map[string]string{"2019-07-01": "", "2027-07-01": travel.RuleUnknownZone} {
		a, err := Decode([]byte(`<AirShoppingRS><OffersGroup><AirlineOffers><Offer OfferID="1" Owner="GN"><TotalPrice><DetailCurrencyPrice><Total Code="EUR">100.00</Total></DetailCurrencyPrice></TotalPrice>
<OfferItem><Service><FlightRefs>F1</FlightRefs></Service></OfferItem></Offer></AirlineOffers></OffersGroup><DataLists><FlightSegmentList>
<FlightSegment SegmentKey="S1"><Departure><AirportCode>TSE</AirportCode><Date>`+date+`</Date><Time>10:00</Time></Departure><Arrival><AirportCode>FRA</AirportCode><Date>`+date+`</Date><Time>13:00</Time></Arrival>
<MarketingCarrier><AirlineID>GN</AirlineID><FlightNumber>1</FlightNumber></MarketingCarrier></FlightSegment></FlightSegmentList>
<FlightList><Flight FlightKey="F1"><SegmentReferences>S1</SegmentReferences></Flight></FlightList></DataLists></AirShoppingRS>`), nil)
		if err != nil || want == "" && len(a.Offers) != 1 || want != "" && a.Drops[want] != 1 {
			t.Errorf("on %s: %d offers, drops %v, %v", date, len(a.Offers), a.Drops, err)
		}
	}
}
