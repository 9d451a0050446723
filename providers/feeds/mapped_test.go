package feeds

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fanfare/providers"
	"fanfare/providers/admission"
	"fanfare/providers/fault"
	"fanfare/providers/guard"
	"fanfare/providers/places"
	"fanfare/providers/travel"

	"golang.org/x/sync/semaphore"
)

// mappedFeed reads a declaration of testdata/feeds, for a partner at base, "" for its own.
func mappedFeed(t *testing.T, name, base string) *Feed {
	t.Helper()
	for _, v := range []string{"SANDGROUSE_KEY", "BITTERN_PASSWORD", "DUNNOCK_TOKEN", "NUTHATCH_SECRET"} {
		t.Setenv(v, "s3cret")
	}
	f, errs := parseFeed(t, string(mappedFile(t, name+"/feed.yaml")))
	if len(errs) > 0 {
		t.Fatalf("%s: %v", name, errs)
	}
	if base != "" {
		f.BaseURL, f.AllowPrivateNetwork = base, true
	}
	return f
}

func mappedFile(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("..", "..", "testdata", "feeds", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// parseFeed reads and checks one declaration.
func parseFeed(t *testing.T, document string) (*Feed, Complaints) {
	t.Helper()
	f := new(Feed)
	f.SetDefaults()
	errs, _ := Decode([]byte(document), f)
	f.Check("feed", 30*time.Second, &errs)
	return f, errs
}

// shown is an answer in lines, for people to compare.
func shown(a *travel.Answer) []string {
	var lines []string
	for i := range a.Offers {
		o := &a.Offers[i]
		line := fmt.Sprintf("%s %s taxes %s", o.PartnerRef, o.Price.Total, o.Price.Taxes)
		for _, s := range o.Itinerary.Slices {
			for _, g := range s.Segments {
				line += fmt.Sprintf(" %s/%s %s %s-%s %s", g.Marketing, g.Operating, g.Origin, g.Departs, g.Destination, g.Arrives)
			}
		}
		bags, known := o.Fare.CheckedBags.Count()
		lines = append(lines, fmt.Sprintf("%s %q bags %d %v refundable %v seats %d", line, o.Fare.Brand, bags, known, o.Fare.Refundable, o.SeatsLeft))
	}
	for _, stay := range a.Stays {
		p := stay.Property
		for _, r := range stay.Rates {
			lines = append(lines, fmt.Sprintf("%s %q %g %.4f,%.4f %q: %s %q %s %s at property %s %s refundable %v until %s", p.ID, p.Name, p.Stars, p.Lat, p.Lon, p.Address,
				r.PartnerRef, r.Room, r.Board, r.Price.Total, r.PayAtProperty, r.Payment, r.Cancellation.Refundable, r.Cancellation.FreeUntil.Format(time.RFC3339)))
		}
	}
	return lines
}

func TestMappedFeeds(t *testing.T) {
	for _, test := range []struct {
		name, document string
		want           []string
		drops          string
		complaints     []string
	}{
		{"nested", "answer.json", []string{
			`SG-1 GBP 412.50 taxes GBP 98.10 SG401/ LHR 2027-03-01T09:10:00+00:00-JFK 2027-03-01T12:20:00-05:00 "Light" bags 0 true refundable 1 seats 4`,
			`SG-2 GBP 388.00 taxes GBP 90.00 SG77/KQ1077 LHR 2027-03-01T07:00:00+00:00-DUB 2027-03-01T08:20:00+00:00 SG501/ DUB 2027-03-01T10:00:00+00:00-JFK 2027-03-01T12:45:00-05:00 "Flex" bags 2 true refundable 2 seats 0`,
		}, "map[bad_time:1]", []string{`slices.segments.departs: found "2027-13-01T07:00"; must be the local time such as 2027-03-01T10:05`}},
		{"flat", "answer.csv", []string{
			`B1 EUR 189.90 taxes unknown LH901/ LHR 2027-03-01T07:30:00+00:00-FRA 2027-03-01T10:05:00+01:00 "Classic" bags -1 false refundable 1 seats 0`,
			`B2 EUR 214.00 taxes unknown LH903/ LHR 2027-03-01T09:30:00+00:00-FRA 2027-03-01T12:10:00+01:00 "Flex; mit Gepäck" bags -1 false refundable 2 seats 0`,
		}, "map[no_price:1]", []string{`fare.refundable: found "nein"; must be one of true, false, or left out`, `price.total: found "1.234,50"; must be a decimal such as 123.45`}},
		{"references", "answer.xml", []string{
			`7 "Hôtel du Canal" 4 48.8702,2.3658 "12 Quai de Valmy, 75010 Paris": r1 "Double" bed_and_breakfast EUR 412.50 at property EUR 7.80 pay_now refundable 2 until 2027-02-26T16:00:00Z`,
			`7 "Hôtel du Canal" 4 48.8702,2.3658 "12 Quai de Valmy, 75010 Paris": r2 "Double" room_only EUR 371.00 at property unknown pay_now refundable 1 until 0001-01-01T00:00:00Z`,
			`8 "Pension Ourcq" 2 48.8860,2.3840 "": r3 "Single" room_only EUR 204.00 at property unknown pay_at_property refundable 2 until 0001-01-01T00:00:00Z`,
		}, "map[]", nil},
		{"paged", "page1.json", []string{`h1 "Nest One" 0 48.8600,2.3500 "": n1 "Loft"  USD 300.00 at property unknown  refundable 0 until 0001-01-01T00:00:00Z`}, "map[]", nil},
		{"paged", "empty.json", nil, "map[]", nil},
	} {
		f := mappedFeed(t, test.name, "")
		a, complaints, err := f.DecodeSample(t.Context(), mappedFile(t, test.name+"/"+test.document), places.Default())
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := shown(&a); !slices.Equal(got, test.want) {
			t.Errorf("%s gave\n%s\nwant\n%s", test.name, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
		if got := fmt.Sprint(a.Drops); got != test.drops {
			t.Errorf("%s: drops %s, want %s", test.name, got, test.drops)
		}
		var said []string
		for _, c := range complaints {
			said = append(said, strings.TrimPrefix(c.String(), "response.map."))
		}
		if slices.Sort(said); !slices.Equal(said, test.complaints) {
			t.Errorf("%s complained\n%s\nwant\n%s", test.name, strings.Join(said, "\n"), strings.Join(test.complaints, "\n"))
		}
	}
}

func TestMappedErrors(t *testing.T) {
	f := mappedFeed(t, "nested", "")
	_, _, err := f.DecodeSample(t.Context(), mappedFile(t, "nested/error.json"), nil)
	if e := fault.Of(err); e == nil || e.Cause != fault.PartnerError || e.Code != "E-42" || e.Detail != "E-42: the party is too large" {
		t.Errorf("an error document = %+v", e)
	}
	for name, body := range map[string]string{"no JSON": "{", "a list": `{"result":{"proposals":[1,2]}`, "twice": `{"result":1,"result":2}`, "deep": strings.Repeat("[", 100)} {
		if _, _, err := f.DecodeSample(t.Context(), []byte(body), nil); fault.Of(err) == nil || fault.Of(err).Cause != fault.Malformed {
			t.Errorf("%s: %v, want malformed", name, err)
		}
	}
	if _, _, err := f.DecodeSample(t.Context(), []byte(`{"offers":[{"total_amount":"12.50","currency":"EUR"}]}`), nil); fault.Of(err) == nil || fault.Of(err).Cause != fault.UnreadContent {
		t.Errorf("a document that was not understood: %v", err)
	}
}

// asked is what a simulated partner was asked.
type asked struct {
	mu   sync.Mutex
	said []string
}

func (a *asked) serve(t *testing.T, answer func(r *http.Request, body string) (status int, media string, document []byte)) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		a.mu.Lock()
		a.said = append(a.said, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", r.Method, r.URL.RequestURI(), bytes.TrimSpace(body), r.Header.Get("Authorization")+r.Header.Get("X-Api-Key"))))
		a.mu.Unlock()
		status, media, document := answer(r, string(body))
		w.Header().Set("Content-Type", media)
		w.WriteHeader(status)
		w.Write(document) //nolint:errcheck // the client may be gone
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// ask asks a partner by its declaration.
func ask(t *testing.T, f *Feed, q travel.Query) travel.Answer {
	t.Helper()
	now := func() time.Time { return time.Date(2027, 1, 10, 12, 0, 0, 0, time.UTC) }
	p, err := Build(f, Deps{Deps: providers.Deps{Deps: guard.Deps{Now: now, Outbound: semaphore.NewWeighted(10), Background: semaphore.NewWeighted(10), Accounts: guard.NewAccounts()},
		Atlas: places.Default()}, Slots: admission.New(2, nil), RelaxedTimeouts: true})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	q, err = q.Normalise(now(), places.Default(), "GB")
	if err != nil {
		t.Fatal(err)
	}
	return p.Ask(context.Background(), q)
}

var toNewYork = travel.Query{Product: travel.Flights, Market: "GB", FlightQuery: travel.FlightQuery{Cabin: travel.Economy, Passengers: travel.Passengers{Adults: 1},
	Slices: []travel.SliceQuery{{Origin: "LHR", Destination: "JFK", Date: travel.NewDate(2027, 3, 1)}}}}

var inParis = travel.Query{Product: travel.Hotels, Market: "GB", StayQuery: travel.StayQuery{Destination: travel.Destination{Lat: 48.87, Lon: 2.36, RadiusKM: 10},
	CheckIn: travel.NewDate(2027, 3, 1), CheckOut: travel.NewDate(2027, 3, 4), Rooms: []travel.Occupancy{{Adults: 2}}}}

func TestMappedFlightsAreAsked(t *testing.T) {
	var a asked
	base := a.serve(t, func(*http.Request, string) (int, string, []byte) {
		return 200, "application/json", mappedFile(t, "nested/answer.json")
	})
	got := ask(t, mappedFeed(t, "nested", base+"/v3"), toNewYork)
	if got.Err != nil || len(got.Offers) != 2 || got.OffersIn != 3 {
		t.Errorf("%d offers of %d, %v, drops %v", len(got.Offers), got.OffersIn, got.Err, got.Drops)
	}
	if want := []string{`POST /v3/shop {"from":"LHR","out":"2027-03-01","party":{"adt":"1","chd":"0"},"to":"JFK"} s3cret`}; !slices.Equal(a.said, want) {
		t.Errorf("asked %q, want %q", a.said, want)
	}
}

func TestMappedStaysTakeStepsAndPages(t *testing.T) {
	var a asked
	base := a.serve(t, func(r *http.Request, _ string) (int, string, []byte) {
		switch r.URL.Path {
		case "/token":
			return 200, "application/json", []byte(`{"access_token":"tok","expires_in":3600}`)
		case "/sessions":
			return 200, "application/json", []byte(`{"session":{"id":"s-9"}}`)
		}
		return 200, "application/json", mappedFile(t, "paged/page"+r.URL.Query().Get("page")+".json")
	})
	got := ask(t, mappedFeed(t, "paged", base), inParis)
	if got.Err != nil || got.OffersKept() != 2 {
		t.Errorf("%d rates, %v, drops %v", got.OffersKept(), got.Err, got.Drops)
	}
	for i := range got.Stays {
		for _, r := range got.Stays[i].Rates {
			if len(r.Rooms) != 1 || r.Rooms[0].Occupancy.Adults != 2 {
				t.Errorf("a rate is for %+v", r.Rooms)
			}
		}
	}
	want := []string{`POST /token grant_type=client_credentials Basic ZmFuZmFyZTpzM2NyZXQ=`,
		`POST /sessions {"arrive":"2027-03-01","at":["48.87","2.36"],"nights":"3"} Bearer tok`,
		`GET /sessions/s-9/rooms?guests=2&page=1  Bearer tok`, `GET /sessions/s-9/rooms?page=2  Bearer tok`}
	if !slices.Equal(a.said, want) {
		t.Errorf("asked\n%s\nwant\n%s", strings.Join(a.said, "\n"), strings.Join(want, "\n"))
	}
}

// What a partner answers besides good documents becomes a status and a cause, as everywhere.
func TestMappedPartnersThatFail(t *testing.T) {
	for _, test := range []struct {
		name   string
		status int
		media  string
		body   string
		cause  fault.Cause
		kept   int
	}{
		{"an error document", 200, "application/json", `{"error":{"code":"E-42","text":"no"}}`, fault.PartnerError, 0},
		{"an error status", 500, "application/json", `{"error":{"code":"E-42","text":"no"}}`, fault.HTTP5xx, 0},
		{"another media type", 200, "text/html", `<html>`, fault.Malformed, 0},
		{"half a document", 200, "application/json", `{"result":{"proposals":[`, fault.Malformed, 0},
		{"nothing", 200, "application/json", `{"result":{"proposals":[]}}`, fault.None, 0},
		{"a number for the list", 200, "application/json", `{"result":{"proposals":7}}`, fault.Malformed, 0},
	} {
		var a asked
		base := a.serve(t, func(*http.Request, string) (int, string, []byte) { return test.status, test.media, []byte(test.body) })
		got := ask(t, mappedFeed(t, "nested", base), toNewYork)
		cause := fault.None
		if e := fault.Of(got.Err); e != nil {
			cause = e.Cause
			if e.Partner != "sandgrouse" || e.Op == "" {
				t.Errorf("%s: partner %q, op %q", test.name, e.Partner, e.Op)
			}
		}
		if cause != test.cause || got.OffersKept() != test.kept {
			t.Errorf("%s: %q with %d offers, want %q with %d: %v", test.name, cause, got.OffersKept(), test.cause, test.kept, got.Err)
		}
	}
}

// A next page elsewhere is not fetched, and neither is one that was read already.
func TestMappedPagesStayWithTheirPartner(t *testing.T) {
	for _, next := range []string{"https://evil.example/rooms", "//evil.example/rooms", "/sessions/s-9/rooms?guests=2&page=1", `http://user@HOST/x`} {
		var a asked
		var base string
		base = a.serve(t, func(r *http.Request, _ string) (int, string, []byte) {
			switch r.URL.Path {
			case "/token":
				return 200, "application/json", []byte(`{"access_token":"tok","expires_in":3600}`)
			case "/sessions":
				return 200, "application/json", []byte(`{"session":{"id":"s-9"}}`)
			}
			where := strings.Replace(next, "HOST", strings.TrimPrefix(base, "http://"), 1)
			return 200, "application/json", bytes.Replace(mappedFile(t, "paged/page1.json"), []byte("/sessions/s-9/rooms?page=2"), []byte(where), 1)
		})
		if got := ask(t, mappedFeed(t, "paged", base), inParis); got.Err != nil || got.OffersKept() != 1 || len(a.said) != 3 {
			t.Errorf("%s: %d rates of %d requests, %v", next, got.OffersKept(), len(a.said), got.Err)
		}
	}
}

func TestMappedDeclarationsAreChecked(t *testing.T) {
	const good = "name: ab\nprotocol: mapped\nbase_url: https://x.example\ncoverage: {products: [flights]}\n"
	const response = "response: {format: json, offers: '.x[]', map: {offer_id: .id}}\n"
	for _, test := range []struct{ name, document, want string }{
		{"no product", strings.Replace(good, "coverage: {products: [flights]}\n", "", 1) + "request: {path: /x}\n" + response, "coverage.products: a mapped feed sells flights or hotels"},
		{"no path", good + response, `request.path: ""`},
		{"a query in the path", good + "request: {path: '/x?y=1'}\n" + response, "request.path:"},
		{"another host", good + "request: {path: //evil.example/x}\n" + response, "request.path:"},
		{"an unknown name", good + "request: {path: '/{destiny}'}\n" + response, "request.path: {destiny} is unknown; possible are adults"},
		{"a name of hotels", good + "request: {path: '/{check_in}'}\n" + response, "{check_in} is unknown"},
		{"a brace", good + "request: {path: '/{date'}\n" + response, "write {{ for a brace"},
		{"the method", good + "request: {path: /x, method: DELETE}\n" + response, "request.method:"},
		{"a body with GET", good + "request: {path: /x, method: GET, body: '.'}\n" + response, "request.body: a GET has none"},
		{"a header of ours", good + "request: {path: /x, headers: {Host: y}}\n" + response, "request.headers.Host: cannot be set"},
		{"no offers", good + "request: {path: /x}\nresponse: {format: json, map: {offer_id: .id}}\n", "response.offers: missing"},
		{"no map", good + "request: {path: /x}\nresponse: {format: json, offers: '.x[]'}\n", "response.map: missing"},
		{"no path in map", good + "request: {path: /x}\nresponse: {format: json, offers: '.x[]', map: {price: {total: 'a b'}}}\n", `response.map.price.total: "a b" is no plain path`},
		{"jq that is refused", good + "request: {path: /x}\nresponse: {format: json, offers: 'range(9)', map: .}\n", "response.offers: the function range with 1 arguments is not allowed"},
		{"jq that is none", good + "request: {path: /x}\nresponse: {format: json, offers: '.x[]', map: '{'}\n", "response.map: not jq"},
		{"the format", good + "request: {path: /x}\nresponse: {format: yaml, offers: '.x[]', map: .}\n", `response.format: "yaml"; json, xml or csv`},
		{"auth", good + "request: {path: /x}\nauth: {kind: bearer, name: y}\n" + response, "auth.token: missing"},
		{"auth that is none", good + "request: {path: /x}\nauth: {kind: magic}\n" + response, `auth.kind: "magic"; one of basic`},
		{"three requests", good + "steps: [{path: /a, values: {b: .c}}, {path: /d, values: {e: .f}}]\nrequest: {path: /x}\n" + response, "steps: 2; at most 1"},
		{"a step without values", good + "steps: [{path: /a}]\nrequest: {path: /x}\n" + response, "steps[0].values: missing"},
		{"an exponent", good + "price: {exponent: 9}\nrequest: {path: /x}\n" + response, "price.exponent: 9"},
		{"a request of another protocol", "name: ab\nprotocol: duffel\nbase_url: https://x\ncredentials: {token: x}\nrequest: {path: /x}\n", "request: only protocol: mapped has it"},
		{"an unknown key", good + "request: {path: /x, colour: red}\n" + response, "request.colour: unknown key"},
	} {
		_, errs := parseFeed(t, test.document)
		if !slices.ContainsFunc(errs, func(c Complaint) bool { return strings.Contains(strings.TrimPrefix(c.String(), "feed."), test.want) }) {
			t.Errorf("%s: no complaint %q; there are\n%v", test.name, test.want, errs)
		}
	}
	if _, errs := parseFeed(t, good+"request: {path: /x}\n"+response); len(errs) > 0 {
		t.Errorf("a good declaration: %v", errs)
	}
}
