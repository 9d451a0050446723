package amadeus

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"fanfare/providers/fault"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

var airDocuments = []string{"air_search", "air_unusual", "air_pricing", "air_drops", "air_empty", "air_error", "air_nothing", "gateway_error"}

func TestAirGolden(t *testing.T) {
	for _, name := range airDocuments {
		t.Run(name, func(t *testing.T) {
			a, err := DecodeAir(providertest.Load(t, "amadeus/"+name+".json"), nil)
			providertest.Golden(t, "amadeus/"+name, a, err)
		})
	}
}

func TestAirVendorPayloads(t *testing.T) {
	for _, test := range []struct {
		file, first string
		offers      int
	}{
		{"search_get_syd-bkk_1", `1 by TG "THAI AIRWAYS INTERNATIONAL": EUR 1590.78 (base EUR 1390.00, taxes unknown) brand "" basis ["W1YRTTG" "W1YRTTG"] cabin ["economy" "economy"] bags ?+1 refund ? unknown change ? unknown seats 9 until 2020-08-01T00:00:00Z
  - TG476/TG476 SYD 2020-08-01T10:00:00+10:00 BKK 2020-08-01T16:20:00+07:00 [1,,747];
  - TG475/TG475 BKK 2020-08-05T19:20:00+07:00 SYD 2020-08-06T07:20:00+10:00 [1,747];
`, 1},
		{"search_2adt1chd_lhr-yyz_10", `1 by SN "BRUSSELS AIRLINES": EUR 975.18 (base EUR 6.00, taxes unknown) brand "NALIGHT" basis ["KLX5TLGT" "KLX5TLGT" "KLX5TLGT" "KLX5TLGT" "KLX5TLGT"] cabin ["economy" "economy" "economy" "economy" "economy"] bags ?+0 refund no unknown change yes EUR 0.00 seats 4 until 2021-01-18T23:59:59Z
  - SN2104/SN2104 LHR 2021-03-01T06:50:00+00:00 BRU 2021-03-01T08:55:00+01:00 [2,,320]; SN9689/AC BRU 2021-03-01T10:45:00+01:00 YYZ 2021-03-01T12:45:00-05:00 [1,788];
  - SN9554/AC YYZ 2021-03-15T18:00:00-04:00 YUL 2021-03-15T19:19:00-04:00 [1,,333]; SN9552/AC YUL 2021-03-15T20:25:00-04:00 BRU 2021-03-16T08:10:00+01:00 [788]; SN2093/SN2093 BRU 2021-03-16T09:40:00+01:00 LHR 2021-03-16T10:05:00+00:00 [2,320];
`, 10},
		{"search_sdkwrapped_yyz-bog_4", `1 by HR "": EUR 748.58 (base EUR 698.00, taxes unknown) brand "SL" basis ["ULXN0MCI" "ULXN0MCI"] cabin ["economy" "economy"] bags ?+1 refund no unknown change yes EUR 163.00 seats 7 until 2021-01-18T04:59:59Z
  - AM693/AM693 YYZ 2021-08-09T09:15:00-04:00 MEX 2021-08-09T14:00:00-05:00 [3,2,7S8]; AM708/AM708 MEX 2021-08-09T18:30:00-05:00 BOG 2021-08-09T23:15:00-05:00 [2,1,7S8];
`, 4},
	} {
		a, err := DecodeAir(providertest.Vendor(t, "amadeus-flight-v2/"+test.file+".json"), nil)
		if err != nil || len(a.Offers) != test.offers || a.OffersIn != test.offers || len(a.Notes) != 0 {
			t.Fatalf("%s: %d of %d offers, notes %v, %v", test.file, len(a.Offers), a.OffersIn, a.Notes, err)
		}
		if got := providertest.Line(&a.Offers[0]); got != test.first {
			t.Errorf("%s: first offer\n%swant\n%s", test.file, got, test.first)
		}
	}
}

// TestAddedBag: what a bag costs beside the offer is known where it can only be for one
// traveller, in one direction, and the fare has none.
func TestAddedBag(t *testing.T) {
	segment := func(id, from, to, day string) string {
		return `{"segments":[{"id":"` + id + `","carrierCode":"GN","number":"177","departure":{"iataCode":"` + from + `","at":"2027-03-` + day + `T10:00:00"},"arrival":{"iataCode":"` + to + `","at":"2027-03-` + day + `T20:00:00"}}]}`
	}
	out, back := segment("1", "LHR", "JFK", "01"), segment("2", "JFK", "LHR", "08")
	traveler := func(bags string, segments ...string) string {
		var fares []string
		for _, id := range segments {
			fares = append(fares, `{"segmentId":"`+id+`","includedCheckedBags":{"quantity":`+bags+`}}`)
		}
		return `{"travelerType":"ADULT","fareDetailsBySegment":[` + strings.Join(fares, ",") + `]}`
	}
	for name, test := range map[string]struct{ itineraries, travelers, want string }{
		"one":         {out, traveler("0", "1"), "GBP 45.00"},
		"has one":     {out, traveler("1", "1"), "unknown"},
		"two":         {out, traveler("0", "1") + "," + traveler("0", "1"), "unknown"},
		"and back":    {out + "," + back, traveler("0", "1", "2"), "unknown"},
		"says not it": {out, traveler("null", "1"), "unknown"},
	} {
		a, err := DecodeAir([]byte(`{"data":[{"type":"flight-offer","id":"1","itineraries":[`+test.itineraries+`],"travelerPricings":[`+test.travelers+`],
			"price":{"currency":"GBP","grandTotal":"100.00","additionalServices":[{"amount":"9.00","type":"MEALS"},{"amount":"45.00","type":"CHECKED_BAGS"}]}}]}`), nil)
		if err != nil || len(a.Offers) != 1 {
			t.Fatalf("%s: %d offers, %v, drops %v", name, len(a.Offers), err, a.Drops)
		}
		if got := a.Offers[0].Fare.CheckedBagPrice.String(); got != test.want {
			t.Errorf("%s: a checked bag costs %s, want %s", name, got, test.want)
		}
	}
}

func there() travel.Query {
	q := travel.Query{Product: travel.Flights, Market: "GB"}
	q.Slices = []travel.SliceQuery{{Origin: "LHR", Destination: "JFK", Date: travel.NewDate(2027, 3, 1)}}
	q.Passengers.Adults, q.Cabin = 1, travel.Economy
	return q
}

func back() travel.Query {
	q := there()
	q.Slices = append(q.Slices, travel.SliceQuery{Origin: "JFK", Destination: "LHR", Date: travel.NewDate(2027, 3, 9)})
	return q
}

// questions are one of each kind, by name.
func questions() map[string]travel.Query {
	family := back()
	family.Slices[0].Origin, family.Slices[1].Destination = "LON", "LON"
	family.Market, family.Cabin = "DE", travel.PremiumEconomy
	family.Passengers = travel.Passengers{Adults: 2, ChildAges: []int{2, 11, 12}, InfantsLap: 2}
	babies := there()
	babies.Passengers = travel.Passengers{Adults: 2, ChildAges: []int{15}, InfantsLap: 1, InfantsSeat: 1}
	jaw := back()
	jaw.Slices[1].Origin = "BOS"
	tour := jaw
	tour.Slices = append(slices.Clone(jaw.Slices), travel.SliceQuery{Origin: "LHR", Destination: "CDG", Date: travel.NewDate(2027, 3, 9)})
	tour.Cabin, tour.Market = travel.First, "XX"
	return map[string]travel.Query{"one way": there(), "return": back(), "family": family, "infants in seats": babies, "open jaw": jaw, "three slices": tour}
}

func TestAirRequests(t *testing.T) {
	q := questions()
	for name, want := range map[string]string{
		"one way": "adults=1&currencyCode=GBP&departureDate=2027-03-01&destinationLocationCode=JFK&max=250&originLocationCode=LHR&travelClass=ECONOMY",
		"family":  "adults=3&children=2&currencyCode=EUR&departureDate=2027-03-01&destinationLocationCode=JFK&infants=2&max=250&originLocationCode=LON&returnDate=2027-03-09&travelClass=PREMIUM_ECONOMY",
	} {
		if got := air(t, nil).encodeGet(q[name]).Encode(); got != want {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"infants in seats": `{"currencyCode":"GBP","originDestinations":[{"id":"1","originLocationCode":"LHR","destinationLocationCode":"JFK","departureDateTimeRange":{"date":"2027-03-01"}}],` +
			`"travelers":[{"id":"1","travelerType":"ADULT"},{"id":"2","travelerType":"ADULT"},{"id":"3","travelerType":"ADULT"},{"id":"4","travelerType":"SEATED_INFANT"},{"id":"5","travelerType":"HELD_INFANT","associatedAdultId":"1"}],"sources":["GDS"],` +
			`"searchCriteria":{"maxFlightOffers":250,"additionalInformation":{"brandedFares":true},"flightFilters":{"cabinRestrictions":[{"cabin":"ECONOMY","coverage":"MOST_SEGMENTS","originDestinationIds":["1"]}]}}}`,
		"three slices": `{"originDestinations":[{"id":"1","originLocationCode":"LHR","destinationLocationCode":"JFK","departureDateTimeRange":{"date":"2027-03-01"}},` +
			`{"id":"2","originLocationCode":"BOS","destinationLocationCode":"LHR","departureDateTimeRange":{"date":"2027-03-09"}},{"id":"3","originLocationCode":"LHR","destinationLocationCode":"CDG","departureDateTimeRange":{"date":"2027-03-09"}}],` +
			`"travelers":[{"id":"1","travelerType":"ADULT"}],"sources":["GDS"],"searchCriteria":{"maxFlightOffers":250,"additionalInformation":{"brandedFares":true},` +
			`"flightFilters":{"cabinRestrictions":[{"cabin":"FIRST","coverage":"MOST_SEGMENTS","originDestinationIds":["1","2","3"]}]}}}`,
	} {
		got, err := air(t, nil).encodePost(q[name])
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, %v\nwant %s", name, got, err, want)
		}
	}
}

func TestAirRequestsMeetTheSpecification(t *testing.T) {
	s := specification(t, "amadeus-flight-v2/openapi_FlightOffersSearch_v2.json")
	for name, q := range questions() {
		if getCan(q) {
			for _, complaint := range s.checkQuery("/shopping/flight-offers", "get", air(t, nil).encodeGet(q)) {
				t.Errorf("%s, GET: %s", name, complaint)
			}
		}
		body, err := air(t, nil).encodePost(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, complaint := range s.checkBody("GetFlightOffersQuery", body) {
			t.Errorf("%s, POST: %s\n%s", name, complaint, body)
		}
	}
	if s.checkQuery("/shopping/flight-offers", "get", url.Values{"adults": {"10"}}) == nil || s.checkBody("GetFlightOffersQuery", []byte(`{"travelers":[],"new":1}`)) == nil {
		t.Error("the check finds nothing wrong with what is wrong")
	}
}

// TestAirMethod sends questions and looks at what arrives.
func TestAirMethod(t *testing.T) {
	q := questions()
	for _, test := range []struct {
		option, question, method string
		capable                  fault.Cause
	}{
		{"", "return", "GET", ""}, {"", "open jaw", "POST", ""}, {"", "infants in seats", "POST", ""}, {"", "three slices", "POST", ""},
		{"get", "return", "GET", ""}, {"post", "return", "POST", ""}, {"auto", "family", "GET", ""},
		{"get", "open jaw", "", fault.Capability}, {"get", "infants in seats", "", fault.Passengers},
	} {
		options := map[string]string{}
		if test.option != "" {
			options["method"] = test.option
		}
		var got []string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", media)
			if login(w, r) {
				return
			}
			got = append(got, r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization")+" "+r.Header.Get("X-Http-Method-Override")+" "+r.Header.Get("Content-Type"))
			w.Write([]byte(`{"data":[]}`))
		}))
		c := airAt(t, server.URL, options)
		if cause := c.Capable(q[test.question]); cause != test.capable {
			t.Errorf("%s by %q: capable %q, want %q", test.question, test.option, cause, test.capable)
		}
		if test.capable == fault.None {
			_, err := c.Ask(t.Context(), q[test.question])
			want := test.method + " /v2/shopping/flight-offers Bearer canary-token  "
			if test.method == "POST" {
				want = "POST /v2/shopping/flight-offers Bearer canary-token GET " + media
			}
			if err != nil || len(got) != 1 || got[0] != want {
				t.Errorf("%s by %q: %q, %v, want %q", test.question, test.option, got, err, want)
			}
		}
		server.Close()
	}
}

func TestNothingToSellIsAnAnswer(t *testing.T) {
	for document, want := range map[string]fault.Cause{"air_nothing": fault.None, "hotel_nothing": fault.None, "hotel_error": fault.HTTP4xx, "air_error": fault.HTTP4xx} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", media)
			if login(w, r) {
				return
			}
			w.WriteHeader(http.StatusBadRequest)
			w.Write(providertest.Load(t, "amadeus/"+document+".json"))
		}))
		a, err := airAt(t, server.URL, nil).Ask(t.Context(), there())
		if cause := causeOf(err); cause != want || a.OffersKept() != 0 {
			t.Errorf("%s with status 400: %v, want %q", document, err, want)
		}
		server.Close()
	}
}

func causeOf(err error) fault.Cause {
	if e := fault.Of(err); e != nil {
		return e.Cause
	}
	return fault.None
}

// TestTokenIsReused: one login for many calls, and one more when the token is refused.
func TestTokenIsReused(t *testing.T) {
	logins, calls := 0, 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", media)
		if r.Method == http.MethodPost && r.URL.Path == "/v1/security/oauth2/token" {
			logins++
			if r.PostFormValue("grant_type") != "client_credentials" || r.PostFormValue("client_id") != "canary-id" || r.PostFormValue("client_secret") != "canary-secret" {
				t.Errorf("login with %v", r.PostForm)
			}
		}
		if login(w, r) {
			return
		}
		if calls++; calls == 3 {
			w.WriteHeader(http.StatusUnauthorized)
			w.Write([]byte(`{"errors":[{"code":38190,"title":"Invalid access token","detail":"The access token provided in the Authorization header is invalid","status":401}]}`))
			return
		}
		w.Write([]byte(`{"data":[]}`))
	}))
	defer server.Close()
	c := airAt(t, server.URL, nil)
	for range 4 {
		if _, err := c.Ask(context.Background(), there()); err != nil {
			t.Fatal(err)
		}
	}
	if logins != 2 || calls != 5 {
		t.Errorf("%d logins and %d calls, want 2 and 5", logins, calls)
	}
}

func TestLoginRefused(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		w.Write([]byte(`{"error":"invalid_client","error_description":"Client credentials are invalid","code":38187,"title":"Invalid parameters"}`))
	}))
	defer server.Close()
	_, err := airAt(t, server.URL, nil).Ask(t.Context(), there())
	if e := fault.Of(err); e == nil || e.Cause != fault.Unauthorized || !strings.Contains(e.Detail, "Client credentials are invalid") {
		t.Errorf("Ask() = %v, want unauthorized with the partner's words", err)
	}
}

func TestAirRefusedDocuments(t *testing.T) {
	for document, want := range map[string]fault.Cause{
		`{}`: fault.Malformed, `[]`: fault.Malformed, `{"data":null}`: fault.Malformed, `{"data":"none"}`: fault.Malformed,
		`{"data":{"offers":[]}}`: fault.Malformed, `{"data":[{"type":"hotel-offers","hotel":{"hotelId":"A"},"offers":[{"id":"1"}]}]}`: fault.Malformed,
		`{"data":[{"id":"a","price":4,"route":[]}]}`:                                     fault.Malformed,
		`{"data":[],"DATA":[]}`:                                                          fault.Malformed,
		`{"errors":[{"status":401,"code":38190,"title":"Invalid access token"}]}`:        fault.Unauthorized,
		`{"errors":[{"status":429,"code":38194,"title":"Too many requests"}],"data":[]}`: fault.HTTP429,
		`{"errors":[{"code":1}]}`:                                                        fault.PartnerError,
		`{"errors":[{}]}`:                                                                fault.PartnerError,
		`{"error":"invalid_client","error_description":"no"}`:                            fault.Unauthorized,
		`{"fault":{"faultstring":"Invalid API call","detail":{"errorcode":"messaging.adaptors.http.flow.NoRoute"}}}`:   fault.PartnerError,
		`{"fault":{"faultstring":"Spike arrest","detail":{"errorcode":"policies.ratelimit.SpikeArrestViolation"}}}`:    fault.HTTP429,
		`{"data":[{"type":"flight-offer","id":"1","price":{"total":"1"}}],"dictionaries":{"carriers":{"GN":1,"GN":2}}`: fault.Malformed,
	} {
		if a, err := DecodeAir([]byte(document), nil); causeOf(err) != want {
			t.Errorf("%s: %d offers, %v; want %s", document, len(a.Offers), err, want)
		}
	}
}

// TestManySellers: names are looked for some at a time.
func TestManySellers(t *testing.T) {
	var offers, names []string
	for i := range 150 {
		code := string(rune('A'+i/26)) + string(rune('A'+i%26))
		offers = append(offers, `{"type":"flight-offer","id":"`+code+`","validatingAirlineCodes":["`+code+`"],"price":{"currency":"EUR","total":"10"},"itineraries":[{"segments":[{"carrierCode":"`+code+
			`","number":"1","departure":{"iataCode":"LHR","at":"2027-03-01T10:00:00"},"arrival":{"iataCode":"CDG","at":"2027-03-01T12:00:00"}}]}]}`)
		names = append(names, `"`+code+`":"NAME OF `+code+`"`)
	}
	for _, document := range []string{
		`{"data":[` + strings.Join(offers, ",") + `],"dictionaries":{"aircraft":{"AA":"x"},"carriers":{` + strings.Join(names, ",") + `}}}`,
		`{"dictionaries":{"carriers":{` + strings.Join(names, ",") + `}},"data":[` + strings.Join(offers, ",") + `]}`,
	} {
		a, err := DecodeAir([]byte(document), nil)
		if err != nil || len(a.Offers) != 150 {
			t.Fatalf("%d offers, drops %v, %v", len(a.Offers), a.Drops, err)
		}
		for _, o := range a.Offers {
			if o.Seller.Name != "NAME OF "+o.Seller.Code {
				t.Fatalf("seller %+v", o.Seller)
			}
		}
	}
}

var credentials = map[string]string{"client_id": "canary-id", "client_secret": "canary-secret"}

// login answers calls for a token.
func login(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.Path != "/v1/security/oauth2/token" {
		return false
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write([]byte(`{"type":"amadeusOAuth2Token","username":"u","token_type":"Bearer","access_token":"canary-token","expires_in":1799,"state":"approved","scope":""}`))
	return true
}

func air(t *testing.T, options map[string]string) *Air {
	t.Helper()
	return airAt(t, "http://127.0.0.1:9", options)
}

func airAt(t *testing.T, at string, options map[string]string) *Air {
	t.Helper()
	c, err := NewAir(config(t, at, options), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func config(t *testing.T, at string, options map[string]string) wire.Config {
	t.Helper()
	h, err := wire.NewHTTP(wire.HTTPConfig{BaseURL: at, AllowPrivateNetwork: true, RelaxedTimeouts: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	return wire.Config{Name: "albatross", BaseURL: at, Credentials: credentials, Options: options, HTTP: h}
}

func TestAirConformance(t *testing.T) {
	providertest.Run(t, providertest.Protocol{
		New:         func(cfg wire.Config) (providertest.Asker, error) { return NewAir(cfg, nil) },
		Credentials: credentials,
		Query:       back(),
		Good:        providertest.Load(t, "amadeus/air_search.json"),
		Empty:       providertest.Load(t, "amadeus/air_empty.json"),
		Error:       providertest.Load(t, "amadeus/air_error.json"),
		ContentType: media,
		Login:       login,
	})
}

// TestHugeOffer: an offer with more than anybody sells is none.
func TestHugeOffer(t *testing.T) {
	for _, part := range []string{`"itineraries":[{"segments":[` + strings.Repeat(`{},`, 5000) + `{}]}]`, `"itineraries":[` + strings.Repeat(`{},`, 5000) + `{}]`,
		`"itineraries":[],"travelerPricings":[{"fareDetailsBySegment":[` + strings.Repeat(`{},`, 5000) + `{}]}]`} {
		a, err := DecodeAir([]byte(`{"data":[{"type":"flight-offer","id":"1","price":{"currency":"EUR","total":"9"},`+part+`}]}`), nil)
		if err != nil || a.Drops[travel.RuleTooMany] != 1 || a.OffersIn != 1 {
			t.Errorf("%.40s: drops %v, %v", part, a.Drops, err)
		}
	}
}

func FuzzDecodeAir(f *testing.F) {
	for _, name := range airDocuments {
		f.Add(providertest.Load(f, "amadeus/"+name+".json"))
	}
	f.Fuzz(func(t *testing.T, doc []byte) { providertest.Holds(t, doc, DecodeAir) })
}
