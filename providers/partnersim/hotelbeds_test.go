package partnersim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
)

func TestHotelbedsAnswersFitTheVendorsSchema(t *testing.T) {
	var spec any
	if err := yaml.Unmarshal(vendorFile(t, "hotelbeds/openapi_booking_1.0.yaml"), &spec); err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("spec.json", asJSON(t, spec)); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("spec.json#/components/schemas/availabilityRS")
	if err != nil {
		t.Fatal(err)
	}
	p := hotelbedsPartner(testWorld(1), Behaviour{})
	for _, question := range []string{parisStay, familyStay, strings.Replace(parisStay, "48.8566", "30", 1), `{`} {
		rw := call(p, hotelbedsCall(question))
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(rw.Body.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%.60s: %v", question, err)
		}
	}
}

// asJSON takes a YAML document through JSON, so that it has only the types JSON has.
func asJSON(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(stringKeys(v))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	dropFormats(doc)
	return doc
}

func stringKeys(v any) any {
	switch v := v.(type) {
	case map[any]any:
		m := map[string]any{}
		for k, x := range v {
			m[fmt.Sprint(k)] = stringKeys(x)
		}
		return m
	case map[string]any:
		for k, x := range v {
			v[k] = stringKeys(x)
		}
	case []any:
		for i, x := range v {
			v[i] = stringKeys(x)
		}
	}
	return v
}

// dropFormats takes out what OpenAPI 3.0 writes otherwise than JSON Schema: examples of other types.
func dropFormats(v any) {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "example")
		delete(v, "examples")
		for _, x := range v {
			dropFormats(x)
		}
	case []any:
		for _, x := range v {
			dropFormats(x)
		}
	}
}

func TestHotelbedsAnswers(t *testing.T) {
	w := testWorld(1)
	p := hotelbedsPartner(w, Behaviour{})
	rw := call(p, hotelbedsCall(familyStay))
	hotels := hotelsOf(t, rw)
	if hotels.Total != len(hotels.Hotels) || hotels.Total < 20 || hotels.CheckIn != "2027-03-01" || hotels.CheckOut != "2027-03-04" {
		t.Fatalf("total = %d of %d, %s to %s", hotels.Total, len(hotels.Hotels), hotels.CheckIn, hotels.CheckOut)
	}
	rates, local := 0, 0
	keys := map[string]bool{}
	for _, h := range hotels.Hotels {
		parties := map[string]bool{}
		for _, room := range h.Rooms {
			for _, r := range room.Rates {
				rates++
				parties[fmt.Sprintf("%dx%d+%d(%s)", r.Rooms, r.Adults, r.Children, r.ChildrenAges)] = true
				if keys[r.RateKey] {
					t.Errorf("rate key %s twice", r.RateKey)
				}
				keys[r.RateKey] = true
				if r.Taxes != nil && !r.Taxes.AllIncluded {
					local++
				}
				if len(r.DailyRates) != 3 {
					t.Errorf("%d daily rates for 3 nights", len(r.DailyRates))
				}
			}
		}
		if !parties["1x2+1(7)"] || !parties["2x2+0()"] || len(parties) != 2 {
			t.Errorf("%s has rates for %v", h.Name, parties)
		}
	}
	t.Logf("London: %d properties, %d rates, %d with taxes at the property, %d bytes", hotels.Total, rates, local, rw.Body.Len())

	if got := call(p, hotelbedsCall(strings.Replace(parisStay, "48.8566", "30", 1))); hotelsOf(t, got).Total != 0 || strings.Contains(got.Body.String(), `"hotels":[`) {
		t.Errorf("hotels in the desert: %.200s", got.Body)
	}
	one := fmt.Sprintf(`{"stay":{"checkIn":"2027-03-01","checkOut":"2027-03-04"},"occupancies":[{"rooms":1,"adults":2,"children":0}],"hotels":{"hotel":[%d]}}`, hotels.Hotels[0].Code)
	if got := hotelsOf(t, call(p, hotelbedsCall(one))); got.Total != 1 || got.Hotels[0].Name != hotels.Hotels[0].Name {
		t.Errorf("by code: %+v", got)
	}
}

func TestHotelsOverlap(t *testing.T) {
	w := testWorld(1)
	sellers := map[rng.RNG]int{}
	paris := w.Within(world.Circle{Lat: 48.8566, Lon: 2.3522, Km: 10})
	own := map[string]int{}
	for _, spec := range DemoPartners(1) {
		if spec.Protocol != "hotelbeds" {
			continue
		}
		NewPartner(w, spec)
	}
	for _, spec := range DemoPartners(1) {
		if spec.Protocol != "hotelbeds" {
			continue
		}
		p := NewPartner(w, spec)
		n := 0
		for _, prop := range paris {
			if p.Sells(world.StaysMarket, prop.ID) {
				n++
				sellers[prop.ID]++
			}
			if w.Exclusive(world.StaysMarket, prop.ID) == p.Name {
				own[p.Name]++
			}
		}
		share := float64(n) / float64(len(paris))
		t.Logf("%-10s sells %.1f %% of %d properties in Paris, %d only there", p.Name, 100*share, len(paris), own[p.Name])
		if share < 0.38 || share > 0.82 || own[p.Name] == 0 {
			t.Errorf("%s sells %.2f of Paris and has %d of its own", p.Name, share, own[p.Name])
		}
	}
	if len(paris) < 200 || len(sellers) < len(paris)*9/10 {
		t.Errorf("Paris has %d properties, %d of them for sale", len(paris), len(sellers))
	}
}

func TestHotelbedsRefuses(t *testing.T) {
	p := hotelbedsPartner(testWorld(1), Behaviour{})
	change := func(old, new string) func(*http.Request) {
		return func(r *http.Request) {
			*r = *hotelbedsCall(strings.Replace(parisStay, old, new, 1))
		}
	}
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for _, c := range []struct {
		name   string
		spoil  func(*http.Request)
		status int
		want   string // somewhere in the answer
	}{
		{"path", func(r *http.Request) { r.URL.Path = "/hotel-api/1.0/hotel" }, 596, "Service Not Found"},
		{"method", func(r *http.Request) { r.Method = "GET" }, 405, ""},
		{"no key", func(r *http.Request) { r.Header.Del("Api-key") }, 401, `"error":"Authorization field missing"`},
		{"no signature", func(r *http.Request) { r.Header.Del("X-Signature") }, 401, `"error":"Authorization field missing"`},
		{"other key", header("Api-key", "other"), 403, `"error":"Access to this API has been disallowed"`},
		{"other secret", header("X-Signature", sign("key", "other", testNow.Unix())), 401, `"error":"Request signature verification failed"`},
		{"old signature", header("X-Signature", sign("key", "secret", testNow.Unix()-600)), 401, "signature"},
		{"milliseconds", header("X-Signature", sign("key", "secret", testNow.UnixMilli())), 401, "signature"},
		{"not hex", header("X-Signature", "zz"), 401, "signature"},
		{"media type", header("Content-Type", "text/plain"), 415, ""},
		{"accept", header("Accept", "application/xml"), 406, ""},
		{"bad JSON", change(`{"stay"`, `{stay`), 400, `"code":"INVALID_REQUEST-`},
		{"unknown field", change(`"adults"`, `"grownups"`), 400, `"code":"INVALID_REQUEST-`},
		{"wrong type", change(`"rooms":1`, `"rooms":"1"`), 400, `"code":"INVALID_REQUEST-`},
		{"two documents", change(`}}`, `}}{}`), 400, `"code":"INVALID_REQUEST-`},
		{"no stay", change(`"stay":{"checkIn":"2027-03-01","checkOut":"2027-03-04"},`, ``), 400, `"code":"INVALID_DATA-`},
		{"bad date", change(`2027-03-01`, `01/03/2027`), 400, "checkIn"},
		{"past", change(`2027-03-01`, `2026-03-01`), 400, "must be in the future"},
		{"backwards", change(`2027-03-04`, `2027-03-01`), 400, "after check-in"},
		{"too long", change(`2027-03-04`, `2027-04-01`), 400, "30 nights"},
		{"no adults", change(`"adults":2`, `"adults":0`), 400, "adults"},
		{"no children", change(`,"children":0`, ``), 400, "children"},
		{"child without age", change(`"children":0`, `"children":1`), 400, "ages of all children"},
		{"child of 18", change(`"children":0`, `"children":1,"paxes":[{"type":"CH","age":18}]`), 400, "between 0 and 17"},
		{"pax of no type", change(`"children":0`, `"children":0,"paxes":[{"type":"XX","age":1}]`), 400, "AD or CH"},
		{"ten rooms", change(`"rooms":1`, `"rooms":10`), 400, "at most 9 rooms"},
		{"no place", change(`"geolocation"`, `"hotels":{"hotel":[1]},"geolocation"`), 400, "Exactly one of"},
		{"latitude", change(`48.8566`, `98.8566`), 400, "latitude"},
		{"radius", change(`"radius":"10"`, `"radius":"201"`), 400, "radius"},
		{"unit", change(`"km"`, `"leagues"`), 400, "mi or km"},
		{"filter", change(`"geolocation"`, `"filter":{"maxHotels":0},"geolocation"`), 400, "maxHotels"},
	} {
		r := hotelbedsCall(parisStay)
		c.spoil(r)
		rw := call(p, r)
		if rw.Code != c.status || !strings.Contains(rw.Body.String(), c.want) {
			t.Errorf("%s: status %d, want %d with %q: %.300s", c.name, rw.Code, c.status, c.want, rw.Body)
		}
	}
	if rw := call(p, hotelbedsCall(parisStay)); rw.Code != 200 {
		t.Errorf("a good request: %d %s", rw.Code, rw.Body)
	}
}

func TestHotelbedsFilters(t *testing.T) {
	p := hotelbedsPartner(testWorld(1), Behaviour{})
	question := strings.Replace(parisStay, `"geolocation"`, `"filter":{"maxHotels":7,"maxRooms":2,"maxRatesPerRoom":1,"minCategory":4,"maxRate":"2500"},"boards":{"board":["BB"],"included":true},"geolocation"`, 1)
	hotels := hotelsOf(t, call(p, hotelbedsCall(question)))
	if hotels.Total != 7 {
		t.Errorf("total = %d, want 7", hotels.Total)
	}
	for _, h := range hotels.Hotels {
		if h.CategoryCode < "4" || len(h.Rooms) > 2 {
			t.Errorf("%s: %s with %d rooms", h.Name, h.CategoryCode, len(h.Rooms))
		}
		for _, room := range h.Rooms {
			if len(room.Rates) != 1 || room.Rates[0].BoardCode != "BB" {
				t.Errorf("%s %s: %+v", h.Name, room.Code, room.Rates)
			}
		}
	}
}

func TestHotelbedsStatus(t *testing.T) {
	r := hotelbedsCall("")
	r.Method, r.URL.Path = "GET", "/hotel-api/1.0/status"
	if rw := call(hotelbedsPartner(testWorld(1), Behaviour{}), r); rw.Code != 200 || !strings.Contains(rw.Body.String(), `"status":"OK"`) {
		t.Errorf("%d %s", rw.Code, rw.Body)
	}
}
