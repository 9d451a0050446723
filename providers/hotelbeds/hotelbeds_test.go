package hotelbeds

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

func TestGolden(t *testing.T) {
	for _, name := range []string{"availability", "drops", "empty", "check_rate", "error"} {
		t.Run(name, func(t *testing.T) {
			a, err := Decode(providertest.Load(t, "hotelbeds/"+name+".json"), nil)
			providertest.Golden(t, "hotelbeds/"+name, a, err)
		})
	}
	t.Run("party", func(t *testing.T) {
		a, err := Decode(providertest.Load(t, "hotelbeds/party.json"), nil)
		providertest.Golden(t, "hotelbeds/party", assemble.CombineRooms(a, party().Rooms), err)
	})
}

// party is two doubles and a room for one adult with a child.
func party() travel.Query {
	return travel.Query{Product: travel.Hotels, Market: "FR", StayQuery: travel.StayQuery{
		Destination: travel.Destination{Place: "PAR", Lat: 48.8566, Lon: 2.3522, RadiusKM: 15}, CheckIn: travel.NewDate(2027, 3, 1), CheckOut: travel.NewDate(2027, 3, 4),
		Rooms: []travel.Occupancy{{Adults: 1, ChildAges: []int{7}}, {Adults: 2, ChildAges: []int{}}}}}
}

func TestCombine(t *testing.T) {
	a, err := Decode(providertest.Load(t, "hotelbeds/party.json"), nil)
	if err != nil {
		t.Fatal(err)
	}
	read := a.OffersKept()
	whole := assemble.CombineRooms(a, party().Rooms)
	var got []string
	for _, s := range whole.Stays {
		for _, r := range s.Rates {
			got = append(got, fmt.Sprintf("%s %s %s %d", s.Property.ID, r.PartnerRef, r.Price.Total, len(r.Rooms)))
		}
	}
	want := []string{
		"1 b1 + a1 EUR 500.00 2", // the cheapest of one board and refund class
		"1 b1 + a4 EUR 510.00 2", // the same room for both
		"1 b2 + a2 EUR 600.00 2", // with breakfast
		"3 e2 + e1 EUR 190.00 2"} // no board covers both: the cheapest of any
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("assemble.CombineRooms() =\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	left := whole.Notes["rates_combined"] + whole.Notes["expansion_capped"] + whole.Drops[travel.RuleWrongOccupancy]
	if left != read || whole.OffersIn != whole.OffersKept()+whole.Drops[travel.RuleWrongOccupancy] {
		t.Errorf("of %d rates %d are accounted for; in %d, kept %d, drops %v, notes %v", read, left, whole.OffersIn, whole.OffersKept(), whole.Drops, whole.Notes)
	}
	if r := whole.Stays[0].Rates[0]; r.Cancellation.FreeUntil != time.Date(2027, 2, 9, 23, 0, 0, 0, time.UTC) || len(r.Cancellation.Steps) != 2 || r.Cancellation.Steps[1].Fee.Minor != 15000 {
		t.Errorf("cancellation = %+v, want free until the earlier, then 50 and 150", r.Cancellation)
	}
	if r := whole.Stays[1].Rates[0]; r.Board != travel.BoardUnknown {
		t.Errorf("board of a mixed rate = %q, want unknown", r.Board)
	}
}

func TestVendorPayloads(t *testing.T) {
	t.Run("availability", func(t *testing.T) {
		a, err := Decode(providertest.Vendor(t, "hotelbeds/hotels_availability.json"), nil)
		if err != nil || a.OffersIn != 401 || a.OffersKept()+a.Drops[travel.RuleOtherDates] != 401 || a.Drops[travel.RuleOtherDates] != 25 {
			t.Fatalf("Decode() = %d in, %d kept, drops %v, %v, want 401 of which 25 other_dates", a.OffersIn, a.OffersKept(), a.Drops, err)
		}
		found := false
		for _, s := range a.Stays {
			for _, r := range s.Rates {
				if s.Property.ID == "6883" && r.RoomCode == "TPL.VG" && r.Price.Total.String() == "USD 240.96" {
					found = true
				}
			}
		}
		if !found || a.Notes["recheck"] != 376 {
			t.Errorf("TPL.VG of hotel 6883 at USD 240.96: %v; notes %v", found, a.Notes)
		}
	})
	t.Run("checkrates", func(t *testing.T) {
		a, err := Decode(providertest.Vendor(t, "hotelbeds/check_rates.json"), nil)
		if err != nil || a.OffersKept() != 1 {
			t.Fatalf("Decode() = %d kept, %v", a.OffersKept(), err)
		}
		if s := a.Stays[0]; s.Property.ID != "5294" || s.Property.Stars != 4 || s.Rates[0].Price.Total.String() != "USD 457.00" {
			t.Errorf("%+v, want hotel 5294 of 4 stars for the mandatory USD 457.00", s)
		}
	})
}

func TestRequestMeetsTheSpecification(t *testing.T) {
	schema := specification(t, "availabilityRQ")
	for name, q := range map[string]travel.Query{"party": party(), "one room": one(), "children": children()} {
		body, err := client(t, "http://127.0.0.1:9").encode(q)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %s\n%v", name, body, err)
		}
	}
}

// specification compiles a schema of the vendor's OpenAPI 3.0 document. Unknown
// fields are complaints, which the vendor's own schemas do not say.
func specification(t *testing.T, name string) *jsonschema.Schema {
	var spec map[string]any
	if err := yaml.Unmarshal(providertest.Vendor(t, "hotelbeds/openapi_booking_1.0.yaml"), &spec); err != nil {
		t.Fatal(err)
	}
	schemas := spec["components"].(map[string]any)["schemas"].(map[string]any)
	// Numeric bounds on strings ("radius": string, maximum 200) say nothing in JSON Schema
	// and pass; only what we send needs to compile, so it goes through JSON once.
	for _, s := range schemas {
		if s, ok := s.(map[string]any); ok && s["type"] == "object" {
			s["additionalProperties"] = false
		}
	}
	text, err := json.Marshal(map[string]any{"components": map[string]any{"schemas": schemas}})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft4) // what OpenAPI 3.0 is nearest to
	if err := c.AddResource("spec.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("spec.json#/components/schemas/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func one() travel.Query {
	q := party()
	q.Rooms = []travel.Occupancy{{Adults: 2, ChildAges: []int{}}}
	return q
}

func children() travel.Query {
	q := party()
	q.Rooms = []travel.Occupancy{{Adults: 2, ChildAges: []int{0, 17}}, {Adults: 2, ChildAges: []int{0, 17}}}
	return q
}

func TestRequest(t *testing.T) {
	got, err := client(t, "http://127.0.0.1:9").encode(children())
	want := `{"stay":{"checkIn":"2027-03-01","checkOut":"2027-03-04"},"occupancies":[{"rooms":2,"adults":2,"children":2,"paxes":[{"type":"CH","age":0},{"type":"CH","age":17}]}],` +
		`"geolocation":{"latitude":"48.8566","longitude":"2.3522","radius":"15","unit":"km"},"filter":{"maxHotels":200,"maxRatesPerRoom":5},"sourceMarket":"FR"}`
	if err != nil || string(got) != want {
		t.Errorf("encode() = %s, %v\nwant %s", got, err, want)
	}
}

func TestSignature(t *testing.T) {
	// printf 'keysecret1803895200' | sha256sum
	const want = "94b8f13f2a4785c0fc796765fcf96d02a8e0088f2a5f7ef7a18d8a834502ec1d"
	if got := signature256("key", "secret", time.Unix(1803895200, 5e8)); got != want {
		t.Errorf("signature = %s, want %s", got, want)
	}
}

func TestErrorsWithNothingAround(t *testing.T) {
	_, err := Decode([]byte(`{"code":"INVALID_DATA","message":"Check-in must be in the future."}`), nil)
	if e := fault.Of(err); e == nil || e.Cause != fault.PartnerError || e.Code != "INVALID_DATA" || e.Detail != "INVALID_DATA: Check-in must be in the future." {
		t.Errorf("Decode() = %v, want the partner's error", err)
	}
}

func TestQuotaIsNotALostKey(t *testing.T) {
	for body, want := range map[string]fault.Cause{
		`{"error":{"code":"FORBIDDEN","message":"Quota exceeded"}}`: fault.HTTP429,
		`{"error":"Access to this API has been disallowed"}`:        fault.Unauthorized,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, body)
		}))
		_, err := client(t, server.URL).Ask(t.Context(), one())
		if e := fault.Of(err); e == nil || e.Cause != want || e.Detail == "" {
			t.Errorf("Ask() of %s = %+v, want %s", body, e, want)
		}
		server.Close()
	}
}

func TestStarsAndBoards(t *testing.T) {
	for code, want := range map[string]float64{"4EST": 4, "5LUX": 5, "H3_5": 3.5, "HS3": 3, "4_5": 4.5, "HIST": 0, "": 0, "H4": 4} {
		if got := stars(code); got != want {
			t.Errorf("stars(%q) = %v, want %v", code, got, want)
		}
	}
	for name, want := range map[string]travel.Board{"Half board": travel.HalfBoard, "BUFFET BREAKFAST": travel.BedAndBreakfast, "DINNER INCLUDED": travel.BoardUnknown} {
		if got := boardOf("ZZ", name); got != want {
			t.Errorf("boardOf by name %q = %q, want %q", name, got, want)
		}
	}
	for code, want := range map[string]travel.Board{"RO": travel.RoomOnly, "SC": travel.RoomOnly, "DB": travel.BedAndBreakfast, "HB": travel.HalfBoard, "FB": travel.FullBoard,
		"AI": travel.AllInclusive, "ZZ": travel.BoardUnknown} {
		if got := boardOf(code, ""); got != want {
			t.Errorf("boardOf(%q) = %q, want %q", code, got, want)
		}
	}
}

func TestRefusedDocuments(t *testing.T) {
	for name, doc := range map[string]string{
		"nothing known": `{}`, "a list": `[]`, "hotels is text": `{"hotels":"none"}`, "other hotels": string(providertest.Load(t, "amadeus/hotel_search.json")), "one other": `{"hotel":{"hotelId":"X","name":"H"},"offers":[]}`, "content": `{"auditData":{},"total":1,"hotels":[{"code":1,"rooms":[{"roomCode":"DBL"}]}]}`,
		"net twice":       strings.Replace(string(providertest.Load(t, "hotelbeds/availability.json")), `"net"`, `"net":"1.00","net"`, 1),
		"net in capitals": strings.Replace(string(providertest.Load(t, "hotelbeds/availability.json")), `"net"`, `"NET":"1.00","net"`, 1),
	} {
		if a, err := Decode([]byte(doc), nil); err == nil || fault.Of(err).Cause != fault.Malformed {
			t.Errorf("%s: Decode() = %d rates, %v, want malformed", name, a.OffersKept(), err)
		}
	}
}

var credentials = map[string]string{"api_key": "canary-api-key", "secret": "canary-secret"}

func client(t *testing.T, url string) *Client {
	t.Helper()
	h, err := wire.NewHTTP(wire.HTTPConfig{BaseURL: url, AllowPrivateNetwork: true})
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(wire.Config{Name: "albatross", BaseURL: url, Credentials: credentials, HTTP: h}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestConformance(t *testing.T) {
	providertest.Run(t, providertest.Protocol{
		New:         func(cfg wire.Config) (providertest.Asker, error) { return New(cfg, nil) },
		Credentials: credentials,
		Query:       one(),
		Good:        providertest.Load(t, "hotelbeds/availability.json"),
		Empty:       providertest.Load(t, "hotelbeds/empty.json"),
		Error:       providertest.Load(t, "hotelbeds/error.json"),
		ContentType: "application/json",
	})
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"availability", "drops", "empty", "check_rate", "error", "party"} {
		f.Add(providertest.Load(f, "hotelbeds/"+name+".json"))
	}
	rooms := party().Rooms
	f.Fuzz(func(t *testing.T, doc []byte) {
		a, err := Decode(doc, nil)
		if err != nil {
			return
		}
		providertest.Consistent(t, &a)
		combined := assemble.CombineRooms(a, rooms)
		providertest.Consistent(t, &combined)
	})
}

func BenchmarkDecode(b *testing.B) {
	doc := providertest.Vendor(b, "hotelbeds/hotels_availability.json")
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(doc, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func TestAnswerForOtherDatesThanAsked(t *testing.T) {
	q := travel.Query{Product: travel.Hotels}
	q.CheckIn, q.CheckOut = travel.NewDate(2027, 3, 1), travel.NewDate(2027, 3, 4)
	for stay, want := range map[string]bool{
		``: false, `"checkIn":"2027-03-01",`: false, `"checkIn":"2027-03-01","checkOut":"2027-03-04",`: false,
		`"checkIn":"2027-03-02","checkOut":"2027-03-04",`: true, `"checkOut":"2027-03-05",`: true, `"checkIn":"soon",`: false,
	} {
		_, got, err := decode([]byte(`{"hotels":{`+stay+`"total":0}}`), 10)
		if err != nil || got.other(q) != want {
			t.Errorf("%s: other dates %v, %v; want %v", stay, got.other(q), err, want)
		}
	}
}

// TestTaxes: what is not included is paid at the property.
func TestTaxes(t *testing.T) {
	for _, test := range []struct {
		name, rate, want string
		open             bool
	}{
		{"an amount", `"net":"100.00","taxes":{"taxes":[{"included":false,"amount":"5.00","currency":"EUR"}]}`, "105.00 5.00 5.00", false},
		{"a percentage", `"net":"100.00","taxes":{"taxes":[{"included":false,"percent":"7.50"}]}`, "107.50 7.50 7.50", false},
		{"a percentage that is included", `"net":"100.00","taxes":{"taxes":[{"included":true,"percent":"7.50"}]}`, "100.00 unknown 0.00", false},
		{"a currency that nobody converted", `"net":"100.00","taxes":{"taxes":[{"included":false,"amount":"5.00","currency":"USD","percent":"5"}]}`, "100.00 unknown unknown", true},
		{"only a gross price", `"sellingRate":"100.00","taxes":{"allIncluded":true}`, "100.00 unknown 0.00", false},
	} {
		a, err := Decode([]byte(`{"hotels":{"hotels":[{"code":1,"currency":"EUR","rooms":[{"rates":[{`+test.rate+`}]}]}]}}`), nil)
		if err != nil || a.OffersKept() != 1 {
			t.Errorf("%s: drops %v, %v", test.name, a.Drops, err)
			continue
		}
		r := &a.Stays[0].Rates[0]
		got := strings.ReplaceAll(fmt.Sprintf("%v %v %v", r.Price.Total, r.Price.Taxes, r.PayAtProperty), "EUR ", "")
		if got != test.want || a.Notes["tax_not_in_total"] > 0 != test.open {
			t.Errorf("%s: total, taxes, at the property %s, notes %v; want %s", test.name, got, a.Notes, test.want)
		}
	}
}

// TestShapesOfDocuments: the same hotel, as it may be wrapped.
func TestShapesOfDocuments(t *testing.T) {
	const hotel = `{"code":1,"giata":"555","name":"H","currency":"EUR","rooms":[{"code":"DBL","rates":[{"rateKey":"k","net":"100.00"}]}]}`
	for _, doc := range []string{
		`{"hotels":{"total":1,"hotels":[` + hotel + `]}}`, `{"hotels":{"hotels":` + hotel + `}}`, `{"hotels":[` + hotel + `]}`, `{"auditData":{},"hotel":` + hotel + `}`,
		`{"auditData":{},"hotels":` + hotel + `}`, `{"result":{"hotels":{"hotels":[` + hotel + `]}}}`, `[{"hotels":{"hotels":[` + hotel + `]}}]`,
	} {
		a, err := Decode([]byte(doc), nil)
		if err != nil || a.OffersKept() != 1 || a.OffersIn != 1 || a.Stays[0].Property.ID != "1" || a.Stays[0].Property.GIATA != "555" {
			t.Errorf("%s: %+v, %v, want one rate of hotel 1", doc, a, err)
		}
	}
}
