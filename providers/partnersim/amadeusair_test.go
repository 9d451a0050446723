package partnersim

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"fanfare/providers/partnersim/amadeus"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

const (
	amadeusOneWay = "originLocationCode=LHR&destinationLocationCode=JFK&departureDate=2027-03-01&adults=1"
	amadeusReturn = "originLocationCode=LON&destinationLocationCode=NYC&departureDate=2027-03-01&returnDate=2027-03-08&adults=2&children=1&infants=1&travelClass=BUSINESS&currencyCode=USD&max=40"
	amadeusBody   = `{"currencyCode":"JPY","originDestinations":[{"id":"1","originLocationCode":"LHR","destinationLocationCode":"SYD","departureDateTimeRange":{"date":"2027-03-01"}},
{"id":"2","originLocationCode":"SYD","destinationLocationCode":"SIN","departureDateTimeRange":{"date":"2027-03-09"}}],
"travelers":[{"id":"1","travelerType":"ADULT"},{"id":"2","travelerType":"CHILD"},{"id":"3","travelerType":"HELD_INFANT","associatedAdultId":"1"}],
"sources":["GDS"],"searchCriteria":{"maxFlightOffers":30,"pricingOptions":{"includedCheckedBagsOnly":false}}}`
	amadeusGrant = "grant_type=client_credentials&client_id=key&client_secret=secret"
)

func amadeusAirPartner(w *world.World) *Partner {
	return NewPartner(w, Spec{
		Name: "jackdaw", Protocol: "amadeus-air", Credentials: map[string]string{"client_id": "key", "client_secret": "secret"}, Operating: world.OperatingOftenUnsaid,
	})
}

func amadeusLoginCall(form string) *http.Request {
	r := httptest.NewRequest("POST", amadeus.TokenPath, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// amadeusToken logs in.
func amadeusToken(t *testing.T, h http.Handler) string {
	t.Helper()
	rw := call(h, amadeusLoginCall(amadeusGrant))
	var login amadeus.LoginDoc
	if err := json.Unmarshal(rw.Body.Bytes(), &login); err != nil || rw.Code != 200 || login.Token == "" || login.ExpiresIn != amadeus.TokenLife {
		t.Fatalf("%d, %v: %s", rw.Code, err, rw.Body)
	}
	return login.Token
}

// amadeusCall is a good request that the vendor answers: GET, or POST when there is a body.
func amadeusCall(token, target, body string) *http.Request {
	r := httptest.NewRequest("GET", target, nil)
	if body != "" {
		r = httptest.NewRequest("POST", target, strings.NewReader(body))
		r.Header.Set("Content-Type", amadeus.Media)
		r.Header.Set("X-HTTP-Method-Override", "GET")
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", amadeus.Media)
	return r
}

// amadeusCases are the questions of these tests.
var amadeusCases = []struct{ query, body string }{{amadeusOneWay, ""}, {amadeusReturn, ""}, {"", amadeusBody}}

func amadeusOffers(t *testing.T, rw *httptest.ResponseRecorder) amadeus.AirDoc {
	t.Helper()
	var doc amadeus.AirDoc
	if err := json.Unmarshal(rw.Body.Bytes(), &doc); err != nil || rw.Code != 200 || doc.Meta.Count != len(doc.Data) || len(doc.Data) == 0 {
		t.Fatalf("%d, %v, %d offers: %.300s", rw.Code, err, len(doc.Data), rw.Body)
	}
	return doc
}

func TestAmadeusAirAddsUp(t *testing.T) {
	fees, taxes, unsaid, weighed := 0, 0, 0, 0
	for _, c := range amadeusCases {
		p := amadeusAirPartner(testWorld(1))
		doc := amadeusOffers(t, call(p, amadeusCall(amadeusToken(t, p), amadeus.AirPath+"?"+c.query, c.body)))
		for _, o := range doc.Data {
			currency := travel.Currency(o.Price.Currency)
			minor := func(text string) int64 {
				m, err := travel.ParseMoney(text, currency)
				if err != nil {
					t.Fatalf("%q: %v", text, err)
				}
				return m.Minor
			}
			var total, base int64
			for _, who := range o.Travelers {
				total += minor(who.Price.Total)
				base += minor(who.Price.Base)
				tax := int64(0)
				for _, part := range who.Price.Taxes {
					taxes++
					tax += minor(part.Amount)
				}
				if tax > 0 && minor(who.Price.Base)+tax != minor(who.Price.Total) {
					t.Errorf("offer %s, traveler %s: %+v", o.ID, who.ID, who.Price)
				}
				for _, f := range who.Details {
					if f.Bags != nil && f.Bags.Weight > 0 {
						weighed++
					}
				}
			}
			grand := total
			for _, fee := range o.Price.Fees {
				grand += minor(fee.Amount)
			}
			if grand > total {
				fees++
			}
			if minor(o.Price.Total) != total || minor(o.Price.Base) != base || minor(o.Price.Grand) != grand || base <= 0 || total <= base {
				t.Errorf("offer %s: %+v, but travelers pay %d, of it %d base", o.ID, o.Price, total, base)
			}
			unsaid += amadeusFlown(t, &o, doc.Dictionaries)
		}
	}
	if fees == 0 || taxes == 0 || unsaid == 0 || weighed == 0 {
		t.Errorf("%d offers with fees, %d taxes, %d flights without an operator, %d bags by weight", fees, taxes, unsaid, weighed)
	}
}

// amadeusFlown checks flights: times, references and names. It counts those whose operator is not said.
func amadeusFlown(t *testing.T, o *amadeus.OfferDoc, names *amadeus.Dictionaries) (unsaid int) {
	t.Helper()
	segments := map[string]bool{}
	for _, i := range o.Itineraries {
		last := ""
		for _, s := range i.Segments {
			segments[s.ID] = true
			if _, err := time.Parse("2006-01-02T15:04:05", s.Departure.At); err != nil || s.Departure.At < last {
				t.Errorf("offer %s departs at %s after %s", o.ID, s.Departure.At, last)
			}
			last = s.Arrival.At
			if s.Operating == nil {
				unsaid++
			}
			if names.Carriers[s.Carrier] == "" || names.Locations[s.Arrival.Code].City == "" || names.Aircraft[s.Aircraft.Code] == "" {
				t.Errorf("segment %+v has no names", s)
			}
		}
	}
	for _, who := range o.Travelers {
		if len(who.Details) != len(segments) {
			t.Errorf("offer %s: %d fares of %d segments", o.ID, len(who.Details), len(segments))
		}
		for _, f := range who.Details {
			if !segments[f.Segment] {
				t.Errorf("offer %s: segment %s is in no itinerary", o.ID, f.Segment)
			}
		}
	}
	return unsaid
}

func TestAmadeusAirIsTheSameAgain(t *testing.T) {
	for _, c := range amadeusCases {
		var bodies [3][]byte
		for i := range bodies {
			p := amadeusAirPartner(testWorld(uint64(1 + i/2)))
			bodies[i] = call(p, amadeusCall(amadeusToken(t, p), amadeus.AirPath+"?"+c.query, c.body)).Body.Bytes()
		}
		if !bytes.Equal(bodies[0], bodies[1]) || bytes.Equal(bodies[0], bodies[2]) {
			t.Errorf("%s%s: the same seed gives other bytes, or another seed the same", c.query, c.body)
		}
	}
}

func TestAmadeusAirFitsTheVendorsSchema(t *testing.T) {
	var spec any
	if err := json.Unmarshal(vendorFile(t, "amadeus-flight-v2/openapi_FlightOffersSearch_v2.json"), &spec); err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler() // of the newest draft, which takes formats as remarks: local times are no date-time
	if err := c.AddResource("spec.json", asJSON(t, spec)); err != nil {
		t.Fatal(err)
	}
	found, err1 := c.Compile("spec.json#/responses/returnAirOffers/schema")
	refused, err2 := c.Compile("spec.json#/definitions/Error_400")
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for _, q := range append(amadeusCases, struct{ query, body string }{"originLocationCode=LHR", ""}) {
		p := amadeusAirPartner(testWorld(1))
		rw := call(p, amadeusCall(amadeusToken(t, p), amadeus.AirPath+"?"+q.query, q.body))
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(rw.Body.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		schema := found
		if rw.Code == 400 {
			schema = refused
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s%s: %v", q.query, q.body, err)
		}
	}
}

func TestAmadeusAirRefuses(t *testing.T) {
	p := amadeusAirPartner(testWorld(1))
	token := amadeusToken(t, p)
	get := func(old, new string) *http.Request {
		return amadeusCall(token, amadeus.AirPath+"?"+strings.Replace(amadeusOneWay, old, new, 1), "")
	}
	post := func(old, new string) *http.Request {
		return amadeusCall(token, amadeus.AirPath, strings.Replace(amadeusBody, old, new, 1))
	}
	with := func(r *http.Request, header, value string) *http.Request { r.Header.Set(header, value); return r }
	for _, c := range []struct {
		name    string
		request *http.Request
		status  int
		says    string
	}{
		{"path", amadeusCall(token, "/v2/shopping", ""), 404, `"code":38196`},
		{"method", func() *http.Request { r := get("", ""); r.Method = "PUT"; return r }(), 405, `"code":38199`},
		{"no token", bare(get("", ""), "Authorization"), 401, `"code":38191`},
		{"wrong token", amadeusCall("abcdefghijklmnopqrst0t4qz00", amadeus.AirPath+"?"+amadeusOneWay, ""), 401, `"code":38190`},
		{"accept", with(get("", ""), "Accept", "text/xml"), 406, `"code":38198`},
		{"media", with(post("", ""), "Content-Type", "text/xml"), 415, `"code":38193`},
		{"no override", bare(post("", ""), "X-HTTP-Method-Override"), 400, "X-HTTP-Method-Override"},
		{"not JSON", amadeusCall(token, amadeus.AirPath, "{"), 400, `"code":477`},
		{"no origin", get("originLocationCode=LHR&", ""), 400, `"parameter":"originLocationCode"`},
		{"form of the origin", get("=LHR", "=lhr"), 400, `"code":477`},
		{"unknown origin", get("=LHR", "=XXX"), 400, `"code":4926`},
		{"same place", get("=JFK", "=LHR"), 400, `"code":2668`},
		{"past", get("2027-03-01", "2026-03-01"), 400, `"code":425`},
		{"no date", get("2027-03-01", "soon"), 400, `"code":425`},
		{"no adults", get("&adults=1", ""), 400, `"parameter":"adults"`},
		{"ten people", get("adults=1", "adults=9&children=1"), 400, `"code":10661`},
		{"infants", get("adults=1", "adults=1&infants=2"), 400, `"code":2668`},
		{"cabin", get("adults=1", "adults=1&travelClass=COACH"), 400, `"parameter":"travelClass"`},
		{"back before", get("adults=1", "adults=1&returnDate=2027-02-01"), 400, `"parameter":"returnDate"`},
		{"both lists", get("adults=1", "adults=1&includedAirlineCodes=BA&excludedAirlineCodes=AA"), 400, "combined"},
		{"max", get("adults=1", "adults=1&max=251"), 400, `"parameter":"max"`},
		{"stranger", get("adults=1", "adults=1&cabin=M"), 400, `"parameter":"cabin"`},
		{"no sources", post(`"sources":["GDS"],`, ""), 400, `"pointer":"/sources"`},
		{"type", post(`"CHILD"`, `"DOG"`), 400, `"pointer":"/travelers/1"`},
		{"adult of the infant", post(`"associatedAdultId":"1"`, `"associatedAdultId":"2"`), 400, `"pointer":"/travelers/2"`},
		{"order of dates", post("2027-03-09", "2027-02-09"), 400, `"pointer":"/originDestinations/1/departureDateTimeRange/date"`},
		{"offers", post(`"maxFlightOffers":30`, `"maxFlightOffers":300`), 400, `"pointer":"/searchCriteria/maxFlightOffers"`},
		{"currency", post("JPY", "XXX"), 400, `"pointer":"/currencyCode"`},
		{"login, method", httptest.NewRequest("GET", amadeus.TokenPath, nil), 405, `"code":38199`},
		{"login, secret", amadeusLoginCall(amadeusGrant + "x"), 401, `"error":"invalid_client"`},
		{"login, grant", amadeusLoginCall("grant_type=password"), 400, `"error":"unsupported_grant_type"`},
		{"login, form", with(amadeusLoginCall(amadeusGrant), "Content-Type", "application/json"), 400, `"error":"invalid_request"`},
	} {
		if rw := call(p, c.request); rw.Code != c.status || !strings.Contains(rw.Body.String(), c.says) {
			t.Errorf("%s: %d %s; want %d with %s", c.name, rw.Code, rw.Body, c.status, c.says)
		}
	}
}

func TestAmadeusTokensEnd(t *testing.T) {
	clock := testNow
	w := world.New(1, testWorld(1).Atlas, func() time.Time { return clock })
	p := amadeusAirPartner(w)
	token := amadeusToken(t, p)
	ask := func() *http.Request { return amadeusCall(token, amadeus.AirPath+"?"+amadeusOneWay, "") }
	clock = testNow.Add((amadeus.TokenLife - 1) * time.Second)
	if rw := call(p, ask()); rw.Code != 200 {
		t.Errorf("in its last second: %d", rw.Code)
	}
	clock = testNow.Add(amadeus.TokenLife * time.Second)
	if rw := call(p, ask()); rw.Code != 401 || !strings.Contains(rw.Body.String(), `"code":38192`) {
		t.Errorf("ended: %d %s", rw.Code, rw.Body)
	}
	other := NewPartner(w, Spec{Name: "crow", Protocol: "amadeus-air", Credentials: map[string]string{"client_id": "key", "client_secret": "secret"}})
	token = amadeusToken(t, other)
	if rw := call(p, ask()); rw.Code != 401 {
		t.Errorf("another partner's token: %d", rw.Code)
	}
}

func TestAmadeusAirExactly(t *testing.T) {
	p := amadeusAirPartner(testWorld(1))
	p.SetBehaviour(Behaviour{Offers: 400})
	var doc struct{ Data []json.RawMessage }
	rw := call(p, amadeusCall(amadeusToken(t, p), amadeus.AirPath+"?"+amadeusOneWay, ""))
	if err := json.Unmarshal(rw.Body.Bytes(), &doc); err != nil || len(doc.Data) != 400 {
		t.Errorf("%v, %d offers", err, len(doc.Data))
	}
}

func TestAmadeusAirReplaysTheVendors(t *testing.T) {
	document := vendorFile(t, "amadeus-flight-v2/search_get_syd-bkk_1.json")
	h := Replay("amadeus-air", document, nil)
	token := amadeusToken(t, h)
	for _, c := range amadeusCases {
		rw := call(h, amadeusCall(token, amadeus.AirPath+"?"+c.query, c.body))
		if rw.Code != 200 || !bytes.Equal(rw.Body.Bytes(), document) || rw.Header().Get("Content-Type") != amadeus.Media {
			t.Errorf("%d, %d of %d bytes, %v", rw.Code, rw.Body.Len(), len(document), rw.Header())
		}
	}
	if rw := call(h, amadeusCall("x", amadeus.AirPath+"?"+amadeusOneWay, "")); rw.Code != 401 {
		t.Errorf("a token that was never given out: %d", rw.Code)
	}
}
