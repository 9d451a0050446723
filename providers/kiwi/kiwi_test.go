package kiwi

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"fanfare/providers/fault"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

var documents = []string{"v1", "v2", "unusual", "drops", "empty", "error", "error_text"}

func TestGolden(t *testing.T) {
	for _, name := range documents {
		t.Run(name, func(t *testing.T) {
			a, err := Decode(providertest.Load(t, "kiwi/"+name+".json"), nil)
			providertest.Golden(t, "kiwi/"+name, a, err)
		})
	}
}

func TestVendorPayloads(t *testing.T) {
	a, err := Decode(providertest.Vendor(t, "kiwi/flights_den_roundtrip_20.json"), nil)
	if err != nil || len(a.Offers) != 20 || a.OffersIn != 20 || len(a.Notes) != 0 {
		t.Fatalf("Decode() = %d of %d offers, notes %v, %v", len(a.Offers), a.OffersIn, a.Notes, err)
	}
	want := `0713244648e100007b61b321_0|2446071348e60000bac08674_0 by  "": USD 48.00 (base unknown, taxes unknown) brand "" basis ["K14WXS2" "K14WXS2"] cabin ["economy" "economy"] bags 1+0 refund ? unknown change ? unknown seats 7
  a cabin bag unknown, a checked bag USD 71.66
  changes tickets before [1]
  - F9775/ DEN 2021-01-30T22:55:00-07:00 LAS 2021-01-30T23:58:00-08:00;
  - F9770/F9770 LAS 2021-02-04T06:30:00-08:00 DEN 2021-02-04T09:27:00-07:00;
`
	if got := providertest.Line(&a.Offers[0]); got != want {
		t.Errorf("first offer:\n%swant\n%s", got, want)
	}
	included := 0
	for i := range a.Offers {
		if n, ok := a.Offers[i].Fare.CheckedBags.Count(); ok && n == 1 {
			included++
		}
	}
	if included != 2 {
		t.Errorf("%d offers include a checked bag, want the two whose first costs 0.0", included)
	}
	if _, err := Decode(providertest.Vendor(t, "kiwi/error_400_bad_date.json"), nil); err == nil || fault.Of(err).Cause != fault.PartnerError ||
		!strings.Contains(fault.Of(err).Detail, "_fly_from_date: Could not parse 35/01/2021") {
		t.Errorf("error document: %v, %q", err, fault.Of(err).Detail)
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

func TestRequest(t *testing.T) {
	family := back()
	family.Slices[0].Origin, family.Slices[1].Destination = "LON", "LON"
	family.Market, family.Cabin = "DE", travel.Business
	family.Passengers = travel.Passengers{Adults: 2, ChildAges: []int{2, 11, 12}, InfantsLap: 1}
	for _, test := range []struct {
		name, want string
		q          travel.Query
	}{
		{"one way", "adults=1&children=0&curr=GBP&date_from=01%2F03%2F2027&date_to=01%2F03%2F2027&flight_type=oneway&fly_from=LHR&fly_to=JFK&infants=0&limit=200&selected_cabins=M&sort=price", there()},
		{"family", "adults=3&children=2&curr=EUR&date_from=01%2F03%2F2027&date_to=01%2F03%2F2027&flight_type=round&fly_from=LON&fly_to=JFK&infants=1&limit=200" +
			"&return_from=09%2F03%2F2027&return_to=09%2F03%2F2027&selected_cabins=C&sort=price", family},
	} {
		if got := client(t, nil).encode(test.q).Encode(); got != test.want {
			t.Errorf("%s: %s\nwant %s", test.name, got, test.want)
		}
	}
	if got := client(t, map[string]string{"limit": "7"}).encode(there()).Get("limit"); got != "7" {
		t.Errorf("limit = %s, want 7", got)
	}
}

func TestCapable(t *testing.T) {
	with := func(q travel.Query, change func(*travel.Query)) travel.Query {
		q.Slices = slices.Clone(q.Slices)
		change(&q)
		return q
	}
	for name, test := range map[string]struct {
		q    travel.Query
		want fault.Cause
	}{
		"one way":          {there(), fault.None},
		"there and back":   {back(), fault.None},
		"open jaw":         {with(back(), func(q *travel.Query) { q.Slices[1].Origin = "BOS" }), fault.Capability},
		"three directions": {with(back(), func(q *travel.Query) { q.Slices = append(q.Slices, q.Slices[0]) }), fault.Capability},
		"infant in a seat": {with(there(), func(q *travel.Query) { q.Passengers.InfantsSeat = 1 }), fault.Passengers},
		"nine":             {with(there(), func(q *travel.Query) { q.Passengers = travel.Passengers{Adults: 7, InfantsLap: 2} }), fault.None},
		"ten with infants": {with(there(), func(q *travel.Query) { q.Passengers = travel.Passengers{Adults: 8, InfantsLap: 2} }), fault.Passengers},
	} {
		if got := client(t, nil).Capable(test.q); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestErrorsByTheirWords(t *testing.T) {
	for document, want := range map[string]fault.Cause{
		`{"message":"API rate limit exceeded"}`:                   fault.HTTP429,
		`{"message":"No API key found in request"}`:               fault.Unauthorized,
		`{"error_code":403,"status":"Forbidden","error":"no"}`:    fault.Unauthorized,
		`{"error_code":422,"error":"dates"}`:                      fault.HTTP4xx,
		`{"message":[{"param":"curr","errors":["unknown"]}]}`:     fault.PartnerError,
		`{"message":["one","two"]}`:                               fault.PartnerError,
		`{"message":null,"data":null}`:                            fault.Malformed,
		`{}`:                                                      fault.Malformed,
		`[]`:                                                      fault.Malformed,
		`{"data":"none"}`:                                         fault.Malformed,
		`{"data":{"offers":[]}}`:                                  fault.Malformed,
		`{"data":[{"type":"flight-offer","id":"1"}]}`:             fault.Malformed,
		`{"data":[{"id":"a","route":[],"price":1,"PRICE":2}]}`:    fault.Malformed,
		`{"data":[{"id":"a","id":"b","route":[]}]}`:               fault.Malformed,
		`{"data":[{"id":"a","route":[]}],"currency":"EUR"} extra`: fault.Malformed,
	} {
		if a, err := Decode([]byte(document), nil); err == nil || fault.Of(err).Cause != want {
			t.Errorf("%s: %d offers, %v; want %s", document, len(a.Offers), err, want)
		}
	}
}

// TestOffersAlone: clients hand over what is in "data".
func TestOffersAlone(t *testing.T) {
	var doc struct{ Data []json.RawMessage }
	if err := json.Unmarshal(providertest.Load(t, "kiwi/v2.json"), &doc); err != nil {
		t.Fatal(err)
	}
	list, err := json.Marshal(doc.Data)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		doc  []byte
		want int
	}{{list, len(doc.Data)}, {doc.Data[0], 1}, {append([]byte("\ufeff"), list...), len(doc.Data)}} {
		if a, err := Decode(test.doc, nil); err != nil || a.OffersIn != test.want || len(a.Offers) == 0 || a.Offers[0].Price.Total.Currency != "EUR" {
			t.Errorf("%.30s: %d offers in, drops %v, %v, want %d in euros", test.doc, a.OffersIn, a.Drops, err, test.want)
		}
	}
}

func TestWordsOfErrors(t *testing.T) {
	for document, want := range map[string]string{
		`{"message":[{"param":"curr","errors":["unknown","short"]}]}`:                               "curr: unknown: short",
		`{"errors":{"date_from":["Not a valid date."]},"status_code":422}`:                          "422: date_from: Not a valid date.",
		`{"detail":[{"loc":["query","fly_from"],"msg":"field required"}]}`:                          "query: fly_from: field required",
		`{"message":{"fly_to":["unknown"],"limit":{"errors":["too many"]}}}`:                        "fly_to: unknown: limit: too many",
		`{"error":{"code":"X","message":"no"},"message":null}`:                                      "X: no",
		`{"message":[[[[["deep"]]]],"near"]}`:                                                       "near",
		`{"statusCode":401,"error":"Unauthorized","message":"The access token is missing, or so."}`: "401: Unauthorized: The access token is missing, or so.",
	} {
		if _, err := Decode([]byte(document), nil); err == nil || fault.Of(err).Detail != want {
			t.Errorf("%s: %v, %q; want %q", document, err, fault.Of(err).Detail, want)
		}
	}
}

var credentials = map[string]string{"apikey": "canary-api-key"}

func client(t *testing.T, options map[string]string) *Client {
	t.Helper()
	h, err := wire.NewHTTP(wire.HTTPConfig{BaseURL: "http://127.0.0.1:9"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(wire.Config{Name: "albatross", BaseURL: "http://127.0.0.1:9", Credentials: credentials, Options: options, HTTP: h}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestConformance(t *testing.T) {
	providertest.Run(t, providertest.Protocol{
		New:         func(cfg wire.Config) (providertest.Asker, error) { return New(cfg, nil) },
		Credentials: credentials,
		Query:       back(),
		Good:        providertest.Load(t, "kiwi/v2.json"),
		Empty:       providertest.Load(t, "kiwi/empty.json"),
		Error:       providertest.Load(t, "kiwi/error.json"),
		ContentType: "application/json",
	})
}

// TestOtherParty: a document that says that it is for others answers another question.
func TestOtherParty(t *testing.T) {
	two := back().Passengers
	two.Adults = 2
	for stated, want := range map[seats]bool{{}: false, {2, 0, 0}: false, {1, 0, 0}: true, {2, 1, 0}: true} {
		if got := stated.others(two); got != want {
			t.Errorf("%v for two adults: others %v, want %v", stated, got, want)
		}
	}
	_, stated, err := decode(providertest.Load(t, "kiwi/v2.json"), nil)
	if err != nil || stated != (seats{1, 0, 0}) {
		t.Errorf("seats = %v, %v", stated, err)
	}
}

// TestBagsForAll: the document prices the first bag of one traveller.
func TestBagsForAll(t *testing.T) {
	const document = `{"currency":"EUR",%s"data":[{"id":"1","price":90,"bags_price":{"hand":12.5,"1":40.5,"2":99},"route":[{"airline":"GN","flight_no":177,"flyFrom":"LHR","flyTo":"JFK",
		"local_departure":"2027-03-01T10:00:00.000Z","local_arrival":"2027-03-01T13:00:00.000Z"}]}]}`
	for params, want := range map[string]string{
		"": "unknown unknown",
		`"search_params":{"seats":{"passengers":1,"adults":1,"children":0,"infants":0}},`:   "EUR 12.50 EUR 40.50",
		`"search_params":{"seats":{"passengers":4,"adults":2,"children":1,"infants":1}},`:   "EUR 37.50 EUR 121.50",
		`"search_params":{"seats":{"passengers":99,"adults":99,"children":0,"infants":0}},`: "unknown unknown",
	} {
		a, err := Decode(fmt.Appendf(nil, document, params), nil)
		if err != nil || len(a.Offers) != 1 {
			t.Fatalf("%s: %d offers, %v, drops %v", params, len(a.Offers), err, a.Drops)
		}
		if f := &a.Offers[0].Fare; fmt.Sprint(f.CabinBagPrice, " ", f.CheckedBagPrice) != want {
			t.Errorf("%q: a cabin bag %s, a checked bag %s; want %s", params, f.CabinBagPrice, f.CheckedBagPrice, want)
		}
	}
}

// TestHugeOffer: an offer with more flights than anybody takes is none.
func TestHugeOffer(t *testing.T) {
	many := `[` + strings.Repeat(`{},`, 5000) + `{}]`
	for _, route := range []string{many, `[{"route":` + many + `}]`} {
		a, err := Decode([]byte(`{"currency":"EUR","data":[{"id":"1","price":9,"route":`+route+`}]}`), nil)
		if err != nil || a.Drops[travel.RuleTooMany] != 1 || a.OffersIn != 1 {
			t.Errorf("%.40s: drops %v, %v", route, a.Drops, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range documents {
		f.Add(providertest.Load(f, "kiwi/"+name+".json"))
	}
	f.Fuzz(func(t *testing.T, doc []byte) { providertest.Holds(t, doc, Decode) })
}
