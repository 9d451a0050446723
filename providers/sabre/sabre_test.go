package sabre

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// documents are those of testdata/sabre-bfm.
var documents = []string{"gir.json", "gir_unusual.xml", "gir_drops.json", "gir_empty.json", "gir_nothing.json", "gir_error.json", "gateway_error.json",
	"gateway_nothing.json", "ota.json"}

func TestGolden(t *testing.T) {
	for _, name := range documents {
		t.Run(name, func(t *testing.T) {
			a, err := Decode(providertest.Load(t, "sabre-bfm/"+name), nil)
			providertest.Golden(t, "sabre-bfm/"+name, a, err)
		})
	}
}

// question is one that gir.json answers.
func question() travel.Query {
	q := travel.Query{Product: travel.Flights, Market: "GB"}
	q.Slices = []travel.SliceQuery{{Origin: "LON", Destination: "LAX", Date: travel.NewDate(2027, 3, 1)}, {Origin: "LAX", Destination: "LON", Date: travel.NewDate(2027, 3, 10)}}
	q.Passengers = travel.Passengers{Adults: 2, ChildAges: []int{4}, InfantsLap: 1}
	q.Cabin = travel.PremiumEconomy
	return q
}

var secrets = map[string]string{"client_id": "V1:heron:DEV:EXT", "client_secret": "plover"}

// login answers Sabre's token call.
func login(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.Path != "/v2/auth/token" {
		return false
	}
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "application/json")
	// base64(base64("V1:heron:DEV:EXT") + ":" + base64("plover"))
	if r.Header.Get("Authorization") != "Basic VmpFNmFHVnliMjQ2UkVWV09rVllWQT09OmNHeHZkbVZ5" || string(body) != "grant_type=client_credentials" {
		w.WriteHeader(http.StatusUnauthorized)
		io.WriteString(w, `{"error":"invalid_client","error_description":"Credentials are missing or the syntax is not correct"}`)
		return true
	}
	io.WriteString(w, `{"access_token":"heron-token","token_type":"bearer","expires_in":604800}`)
	return true
}

func TestConformance(t *testing.T) {
	providertest.Run(t, providertest.Protocol{
		New:         func(cfg wire.Config) (providertest.Asker, error) { return New(cfg, nil) },
		Credentials: secrets,
		Query:       question(),
		Good:        providertest.Load(t, "sabre-bfm/gir.json"),
		Empty:       providertest.Load(t, "sabre-bfm/gir_nothing.json"),
		Error:       providertest.Load(t, "sabre-bfm/gir_error.json"),
		ContentType: "application/json",
		Login:       login,
	})
}

func client(t *testing.T, url string, options map[string]string) *Client {
	t.Helper()
	h, err := wire.NewHTTP(wire.HTTPConfig{BaseURL: url, AllowPrivateNetwork: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	now := func() time.Time { return time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC) }
	c, err := New(wire.Config{Name: "heron", BaseURL: url, Credentials: secrets, Options: options, HTTP: h, Now: now}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAsk(t *testing.T) {
	var got any
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if login(w, r) {
			return
		}
		if r.URL.Path != "/v4/offers/shop" || r.Method != http.MethodPost || r.Header.Get("Authorization") != "Bearer heron-token" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s with %v", r.Method, r.URL.Path, r.Header)
		}
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write(providertest.Load(t, "sabre-bfm/gir.json"))
	}))
	defer server.Close()
	a, err := client(t, server.URL, map[string]string{"pseudo_city": "9XYZ", "currency": "market", "request_type": "100ITINS"}).Ask(t.Context(), question())
	if err != nil || len(a.Offers) != 2 {
		t.Fatalf("Ask() = %d offers, %v", len(a.Offers), err)
	}
	// The ttl of 30 minutes runs from the answer on, and outweighs the last day to ticket.
	if want := time.Date(2027, 1, 2, 3, 34, 5, 0, time.UTC); !a.Offers[1].ExpiresAt.Equal(want) {
		t.Errorf("expires at %v, want %v", a.Offers[1].ExpiresAt, want)
	}
	var want any
	if err := json.Unmarshal([]byte(`{"OTA_AirLowFareSearchRQ":{"Version":"4",
		"POS":{"Source":[{"PseudoCityCode":"9XYZ","RequestorID":{"Type":"1","ID":"1","CompanyName":{"Code":"TN"}}}]},
		"OriginDestinationInformation":[
			{"RPH":"1","DepartureDateTime":"2027-03-01T00:00:00","OriginLocation":{"LocationCode":"LON"},"DestinationLocation":{"LocationCode":"LAX"}},
			{"RPH":"2","DepartureDateTime":"2027-03-10T00:00:00","OriginLocation":{"LocationCode":"LAX"},"DestinationLocation":{"LocationCode":"LON"}}],
		"TravelPreferences":{"CabinPref":[{"Cabin":"S","PreferLevel":"Preferred"}],"Baggage":{"RequestType":"A","CarryOnInfo":true}},
		"TravelerInfoSummary":{"SeatsRequested":[3],"AirTravelerAvail":[{"PassengerTypeQuantity":[
			{"Code":"ADT","Quantity":2,"TPA_Extensions":{"VoluntaryChanges":{"Match":"Info"}}},
			{"Code":"CNN","Quantity":1,"TPA_Extensions":{"VoluntaryChanges":{"Match":"Info"}}},
			{"Code":"INF","Quantity":1,"TPA_Extensions":{"VoluntaryChanges":{"Match":"Info"}}}]}],
			"PriceRequestInformation":{"CurrencyCode":"GBP","TPA_Extensions":{"BrandedFareIndicators":{"MultipleBrandedFares":true}}}},
		"TPA_Extensions":{"IntelliSellTransaction":{"RequestType":{"Name":"100ITINS"}}}}}`), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		text, _ := json.Marshal(got)
		t.Errorf("asked %s", text)
	}
}

// TestNothingWithAStatus: no results are an answer also where the gateway calls them an error.
func TestNothingWithAStatus(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !login(w, r) {
			w.WriteHeader(http.StatusNotFound)
			w.Write(providertest.Load(t, "sabre-bfm/gateway_nothing.json"))
		}
	}))
	defer server.Close()
	if a, err := client(t, server.URL, nil).Ask(t.Context(), question()); err != nil || a.OffersIn != 0 {
		t.Errorf("Ask() = %v, %v", a, err)
	}
}

func TestVendorPayloads(t *testing.T) {
	for _, c := range []struct {
		file     string
		in, kept int
		drop     string
		want     string
	}{
		{"ota_json_3.4.0_dfw-sfo_50.json", 50, 50, "", `AA2683N@2018-10-01~AA1004N@2018-10-08#1 by AA "": USD 256.41 (base USD 212.10, taxes USD 44.31) brand "" basis ["NVAKZNN1" "NVAKZNN1"] cabin ["economy" "economy"] bags ?+0 refund no unknown change yes USD 200.00 seats 7 until 2018-07-21T05:00:00Z
  - AA2683/AA2683 DFW 2018-10-01T14:50:00-05:00 SFO 2018-10-01T16:35:00-07:00 [0,2,32B];
  - AA1004/AA1004 SFO 2018-10-08T00:36:00-07:00 DFW 2018-10-08T06:00:00-05:00 [2,0,32B];
`},
		{"gir_5.2.0_led-aer_RS.xml", 1, 1, "", `SU35.SU1138@2020-09-01~SU1141.SU14@2020-09-08#1 by SU "": RUB 74806.00 (base RUB 62800.00, taxes RUB 12006.00) brand "" basis ["YNBR" "YNBR" "BNBR" "BNBR"] cabin ["economy" "economy" "economy" "economy"] bags ?+0 refund no unknown change ? unknown seats 9 until 2020-08-26T21:00:00Z
  - SU35/SU35 LED 2020-09-01T05:00:00+03:00 SVO 2020-09-01T06:25:00+03:00 [1,B,32A]; SU1138/SU1138 SVO 2020-09-01T07:45:00+03:00 AER 2020-09-01T10:15:00+03:00 [B,,73H];
  - SU1141/SU1141 AER 2020-09-08T06:50:00+03:00 SVO 2020-09-08T09:20:00+03:00 [B,32A]; SU14/SU14 SVO 2020-09-08T10:40:00+03:00 LED 2020-09-08T12:05:00+03:00 [B,1,32A];
`},
		{"gir_6.6.0_trimmed_dangling_refs_RS.xml", 1, 0, travel.RuleDanglingRef, ""},
	} {
		a, err := Decode(providertest.Vendor(t, "sabre-bfm/"+c.file), nil)
		if err != nil || a.OffersIn != c.in || len(a.Offers) != c.kept || c.drop != "" && a.Drops[c.drop] != c.in {
			t.Errorf("%s: in %d, kept %d, drops %v, %v", c.file, a.OffersIn, len(a.Offers), a.Drops, err)
			continue
		}
		if c.kept > 0 {
			if got := providertest.Line(&a.Offers[0]); got != c.want {
				t.Errorf("%s: first offer\n%swant\n%s", c.file, got, c.want)
			}
		}
	}
}

// TestParts: a way on the ground within a fare is none of the flights, and a fare that some
// type of passenger cannot have is none for the party.
func TestParts(t *testing.T) {
	document := string(providertest.Load(t, "sabre-bfm/gir.json"))
	decoded := func(old, new string) travel.Answer {
		changed := strings.Replace(document, old, new, 1)
		a, err := Decode([]byte(changed), nil)
		if err != nil || changed == document && old != "" {
			t.Fatalf("Decode() = %v", err)
		}
		return a
	}
	whole := decoded("", "")
	const second = `{"segment":{"bookingCode":"Q","cabinCode":"S","seatsAvailable":4}}`
	if a := decoded(second, `{"surface":{}},`+second); providertest.Line(&a.Offers[0]) != providertest.Line(&whole.Offers[0]) {
		t.Errorf("with a surface\n%swant\n%s", providertest.Line(&a.Offers[0]), providertest.Line(&whole.Offers[0]))
	}
	const infant = `{"passengerInfo":{"passengerType":"INF"`
	if a := decoded(infant, `{"passengerNotAvailableInfo":{"passengerType":"INF"}},`+infant); a.Drops[travel.RulePartial] != 1 || len(a.Offers) != len(whole.Offers)-1 {
		t.Errorf("a type without a fare: %d offers, drops %v", len(a.Offers), a.Drops)
	}
}

// TestWideCharacters: what an answer is does not hang on how its characters are written.
func TestWideCharacters(t *testing.T) {
	wide := []byte{0xff, 0xfe}
	for _, c := range []byte(`<GroupedItineraryResponse><Statistics ItineraryCount="0"/></GroupedItineraryResponse>`) {
		wide = append(wide, c, 0)
	}
	if a, err := Decode(wide, nil); err != nil || a.OffersIn != 0 {
		t.Errorf("Decode() = %v", err)
	}
}

func TestCauses(t *testing.T) {
	for document, want := range map[string]fault.Cause{
		`{"errorCode":"ERR.2SG.GATEWAY.RATE_LIMIT","message":"slow down"}`:                                      fault.HTTP429,
		`{"errorCode":"ERR.2SG.GATEWAY.ERROR","message":"Internal error"}`:                                      fault.PartnerError,
		`<soap:Fault xmlns:soap="x"><faultcode>soap:Client.USG_INVALID_SECURITY_TOKEN</faultcode></soap:Fault>`: fault.Unauthorized,
		`{"data":[]}`:                     fault.Malformed,
		`{"groupedItineraryResponse":[]}`: fault.Malformed,
	} {
		if _, err := Decode([]byte(document), nil); err == nil || fault.Of(err).Cause != want {
			t.Errorf("Decode(%s) = %v, want %s", document, err, want)
		}
	}
}

// TestListsOfAComponent: a component with as many fare bases or cabins as segments lists them.
func TestListsOfAComponent(t *testing.T) {
	doc := string(providertest.Load(t, "sabre-bfm/gir.json"))
	for _, change := range [][2]string{
		{`"fareBasisCode":"QLOW","cabinCode":"Y"`, `"fareBasisCode":"QLOW MLOW","cabinCode":"Y S"`},
		{`"bookingCode":"Q","cabinCode":"Y","seatsAvailable":7`, `"bookingCode":"Q"`},
		{`"bookingCode":"Q","cabinCode":"S","seatsAvailable":4`, `"bookingCode":"Q"`},
		{`{"cabinCode":"Y"}`, `{}`}, // of other passengers
	} {
		if !strings.Contains(doc, change[0]) {
			t.Fatalf("the document has no %s", change[0])
		}
		doc = strings.ReplaceAll(doc, change[0], change[1])
	}
	a, err := Decode([]byte(doc), nil)
	if err != nil || len(a.Offers) == 0 {
		t.Fatalf("%d offers, %v", len(a.Offers), err)
	}
	if f := &a.Offers[0].Fare; fmt.Sprint(f.Basis) != "[QLOW MLOW DFLEX]" || fmt.Sprint(f.Cabin) != "[economy premium_economy business]" {
		t.Errorf("basis %v, cabins %v", f.Basis, f.Cabin)
	}
}
