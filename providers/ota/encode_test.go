package ota

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"fanfare/providers/providertest"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

func client(t *testing.T, url string, credentials, options map[string]string) (*Air, error) {
	t.Helper()
	h, err := wire.NewHTTP(wire.HTTPConfig{BaseURL: url, AllowPrivateNetwork: true, RelaxedTimeouts: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	return NewAir(wire.Config{Name: "heron", BaseURL: url, Credentials: credentials, Options: options, HTTP: h}, nil)
}

// asked is what a partner was asked.
type asked struct {
	path   string
	header http.Header
	body   []byte
}

func ask(t *testing.T, q travel.Query, credentials, options map[string]string) (got asked) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = asked{r.URL.Path, r.Header, body}
		w.Header().Set("Content-Type", "text/xml")
		w.Write(providertest.Load(t, "ota-air/return.xml"))
	}))
	defer server.Close()
	c, err := client(t, server.URL+"/base", credentials, options)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := c.Ask(t.Context(), q); err != nil || len(a.Offers) == 0 {
		t.Fatalf("Ask() = %v, %v", a, err)
	}
	return got
}

// canonical is XML without its spaces and with the local names of its elements.
func canonical(t *testing.T, doc []byte) string {
	t.Helper()
	var b strings.Builder
	for d := xml.NewDecoder(bytes.NewReader(doc)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return b.String()
		}
		if err != nil {
			t.Fatalf("%v in %s", err, doc)
		}
		switch token := token.(type) {
		case xml.StartElement:
			b.WriteString("<" + token.Name.Local)
			for _, a := range token.Attr {
				if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
					b.WriteString(" " + a.Name.Local + "=" + a.Value)
				}
			}
			b.WriteString(">")
		case xml.EndElement:
			b.WriteString("</>")
		case xml.CharData:
			b.WriteString(strings.TrimSpace(string(token)))
		}
	}
}

func TestRequestXML(t *testing.T) {
	got := ask(t, question(), map[string]string{"username": "us", "password": "se<cret"}, map[string]string{
		"soap": "1.2", "auth": "wsse", "soap_action": "OTA_AirLowFareSearchRQ", "path": "/air", "version": "6.6.0", "target": "Production", "requestor_id": "1",
		"requestor_company": "TN", "pseudo_city": "9XYZ", "booking_channel": "7", "currency": "market", "country": "market", "header.X-Tenant": "heron", "max_responses": "50", "child_code": "C08"})
	want := `<Envelope><Header><Security><UsernameToken><Username>us</><Password Type=` + passwordText + `>se<cret</></></></><Body>` +
		`<OTA_AirLowFareSearchRQ Version=6.6.0 Target=Production MaxResponses=50><POS><Source ISOCountry=GB ISOCurrency=GBP PseudoCityCode=9XYZ><RequestorID ID=1 Type=1><CompanyName Code=TN></></><BookingChannel Type=7></></></>` +
		`<OriginDestinationInformation RPH=1><DepartureDateTime>2027-03-01T00:00:00</><OriginLocation LocationCode=LON></><DestinationLocation LocationCode=LAX></></>` +
		`<OriginDestinationInformation RPH=2><DepartureDateTime>2027-03-10T00:00:00</><OriginLocation LocationCode=LAX></><DestinationLocation LocationCode=LON></></>` +
		`<TravelPreferences><CabinPref Cabin=Premium PreferLevel=Preferred></></>` +
		`<TravelerInfoSummary><SeatsRequested>5</><AirTravelerAvail><PassengerTypeQuantity Code=ADT Quantity=2></><PassengerTypeQuantity Code=C08 Quantity=2></><PassengerTypeQuantity Code=INF Quantity=1></><PassengerTypeQuantity Code=INS Quantity=1></></>` +
		`<PriceRequestInformation CurrencyCode=GBP></></></></></>`
	if text := canonical(t, got.body); text != want {
		t.Errorf("asked\n%s\nwant\n%s", text, want)
	}
	for name, want := range map[string]string{"Content-Type": "application/soap+xml; charset=utf-8", "Soapaction": `"OTA_AirLowFareSearchRQ"`, "X-Tenant": "heron", "Authorization": ""} {
		if got.header.Get(name) != want {
			t.Errorf("header %s = %q, want %q", name, got.header.Get(name), want)
		}
	}
	if got.path != "/base/air" {
		t.Errorf("path %s", got.path)
	}
}

func TestRequestPlain(t *testing.T) {
	q := question()
	q.Slices, q.Passengers, q.Cabin = q.Slices[:1], travel.Passengers{Adults: 1}, travel.Economy
	got := ask(t, q, map[string]string{"username": "us", "password": "secret"}, map[string]string{"auth": "requestor"})
	want := `<OTA_AirLowFareSearchRQ Version=2.001 MaxResponses=200><POS><Source><RequestorID ID=us MessagePassword=secret Type=1></></></>` +
		`<OriginDestinationInformation RPH=1><DepartureDateTime>2027-03-01T00:00:00</><OriginLocation LocationCode=LON></><DestinationLocation LocationCode=LAX></></>` +
		`<TravelPreferences><CabinPref Cabin=Economy PreferLevel=Preferred></></><TravelerInfoSummary><SeatsRequested>1</><AirTravelerAvail><PassengerTypeQuantity Code=ADT Quantity=1></></></></>`
	if text := canonical(t, got.body); text != want || !strings.Contains(string(got.body), `xmlns="http://www.opentravel.org/OTA/2003/05"`) {
		t.Errorf("asked\n%s\nwant\n%s", text, want)
	}
	if got.header.Get("Authorization") != "" || got.header.Get("Content-Type") != "application/xml; charset=utf-8" {
		t.Errorf("headers %v", got.header)
	}
	got = ask(t, q, map[string]string{"username": "us", "password": "secret"}, nil)
	if got.header.Get("Authorization") != "Basic dXM6c2VjcmV0" {
		t.Errorf("headers %v", got.header)
	}
}

func TestRequestJSON(t *testing.T) {
	got := ask(t, question(), map[string]string{"api_key": "key", "token": "jwt"}, map[string]string{"format": "json", "requestor_type": "5", "requestor_id": "agent", "requestor_name": "agency",
		"booking_channel": "OTA", "currency": "SAR"})
	var sent, want any
	if err := json.Unmarshal(got.body, &sent); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(`{"version":"2.001","maxResponses":200,"pos":{"source":[{"isoCurrency":"SAR","requestorID":{"type":"5","id":"agent","name":"agency"},"bookingChannel":{"type":"OTA"}}]},
		"originDestinationInformation":[
			{"originLocation":{"locationCode":"LON"},"destinationLocation":{"locationCode":"LAX"},"departureDateTime":{"value":"2027-03-01","windowBefore":"P0D","windowAfter":"P0D"}},
			{"originLocation":{"locationCode":"LAX"},"destinationLocation":{"locationCode":"LON"},"departureDateTime":{"value":"2027-03-10","windowBefore":"P0D","windowAfter":"P0D"}}],
		"travelPreferences":[{"cabinPref":[{"cabin":"PREMIUM"}]}],
		"travelerInfoSummary":{"airTravelerAvail":[{"passengerTypeQuantity":[{"code":"ADT","quantity":2},{"code":"CHD","quantity":2},{"code":"INF","quantity":1},{"code":"INS","quantity":1}]}]}}`), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(sent, want) {
		t.Errorf("asked %s", got.body)
	}
	if got.header.Get("X-Api-Key") != "key" || got.header.Get("Authorization") != "Bearer jwt" || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("headers %v", got.header)
	}
}

func TestNewComplains(t *testing.T) {
	_, err := client(t, "http://127.0.0.1:9", map[string]string{"username": "us", "token": "jwt"}, map[string]string{"format": "yaml", "soap": "2", "auth": "wsse", "path": "air", "currency": "XXY",
		"max_responses": "0", "child_code": "CHILD", "header.Host": "x", "soap_action": "\"", "target": "Prod", "content_type": "text/html"})
	for _, want := range []string{"format", "soap", "auth", "path", "currency", "max_responses", "child_code", "header.Host", "soap_action", "target", "content_type", "username and credentials.password"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("NewAir() = %v, want a complaint about %s", err, want)
		}
	}
	if _, err := client(t, "http://127.0.0.1:9", map[string]string{"token": "jwt"}, map[string]string{"format": "json", "soap": "true"}); err == nil {
		t.Error("NewAir accepted JSON in SOAP")
	}
}

// TestVendorPayloads: who wrote them does not matter.
func TestVendorPayloads(t *testing.T) {
	for file, want := range map[string]string{
		"sabre_bfm_6.1.0_dme-aer_RS.xml": `U6457W@2020-09-03~U61310W@2020-09-07#1 by U6 "": RUB 6800.00 (base RUB 1280.00, taxes RUB 5520.00) brand "" basis ["WPRRT" "WPRRT"] cabin ["economy" "economy"] bags ?+1 refund no unknown change ? unknown seats 9 until 2020-05-13T20:59:00Z
  - U6457/U6457 DME 2020-09-03T17:05:00+03:00 AER 2020-09-03T19:15:00+03:00 [320];
  - U61310/U61310 AER 2020-09-07T16:30:00+03:00 ZIA 2020-09-07T18:30:00+03:00 [320];
`,
		"sabre_bfm_6.6.0_syd-lhr_3itins_RS.xml": `JL52S.JL43S@2022-12-01~JL7120S.JL51S@2022-12-08#1 by JL "": RUB 208766.00 (base RUB 96480.00, taxes RUB 112286.00) brand "" basis ["SNN0NPCE" "SNN0NPCE" "SNN0NPCE" "SNN0NPCE"] cabin ["economy" "economy" "economy" "economy"] bags 1+2 refund yes RUB 27000.00 change yes RUB 0.00 seats 9 until 2022-05-27T13:59:00Z
  - JL52/JL52 SYD 2022-12-01T09:15:00+11:00 HND 2022-12-01T17:15:00+09:00 [1,3,789]; JL43/JL43 HND 2022-12-02T11:30:00+09:00 LHR 2022-12-02T15:15:00+00:00 [3,3,773];
  - JL7120/BA5 LHR 2022-12-08T13:45:00+00:00 HND 2022-12-09T10:25:00+09:00 [5,3,789]; JL51/JL51 HND 2022-12-09T18:40:00+09:00 SYD 2022-12-10T06:30:00+11:00 [3,1,789];
`,
		"go7_2015b_round_trip_RS.json": `HHR80Y@2024-04-13~HHR141Y@2024-04-21#1 by HHR "": SAR 494.50 (base SAR 400.00, taxes SAR 60.00) brand "" basis ["testEco" "testEco"] cabin [] bags ?+? refund ? unknown change ? unknown seats 14
  - HHR80/HHR80 MKX 2024-04-13T09:00:00+03:00 DMX 2024-04-13T11:25:00+03:00;
  - HHR141/HHR141 DMX 2024-04-21T15:30:00+03:00 MKX 2024-04-21T17:55:00+03:00;
`,
	} {
		a, err := DecodeAir(providertest.Vendor(t, "ota-air/"+file), nil)
		if err != nil || len(a.Offers) == 0 || len(a.Drops) > 0 {
			t.Errorf("%s: %d offers, drops %v, %v", file, len(a.Offers), a.Drops, err)
		} else if got := providertest.Line(&a.Offers[0]); got != want {
			t.Errorf("%s: first offer\n%swant\n%s", file, got, want)
		}
	}
}
