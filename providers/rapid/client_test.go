package rapid

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

var credentials = map[string]string{"api_key": "canary-api-key", "secret": "canary-secret"}

func client(t testing.TB, base string, options map[string]string) *Client {
	t.Helper()
	h, err := wire.NewHTTP(wire.HTTPConfig{BaseURL: base, AllowPrivateNetwork: true, RelaxedTimeouts: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	c, err := New(wire.Config{Name: "albatross", BaseURL: base, Credentials: credentials, Options: options, HTTP: h}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestConformance(t *testing.T) {
	send := func(w http.ResponseWriter, name string) bool {
		w.Header().Set("Content-Type", "application/json")
		w.Write(providertest.Load(t, "rapid/"+name+".json"))
		return true
	}
	providertest.Run(t, providertest.Protocol{
		New:         func(cfg wire.Config) (providertest.Asker, error) { return New(cfg, nil) },
		Credentials: credentials,
		Query:       one(),
		Good:        providertest.Load(t, "rapid/availability.json"),
		Empty:       providertest.Load(t, "rapid/empty.json"),
		Error:       providertest.Load(t, "rapid/error.json"),
		ContentType: "application/json",
		Login: func(w http.ResponseWriter, r *http.Request) bool {
			switch r.URL.Path {
			case "/v3/properties/geography":
				return send(w, "geography")
			case "/v3/properties/content":
				return send(w, "content")
			}
			return false
		},
	})
}

// partner is Rapid as far as a test needs it: it remembers what it was asked.
type partner struct {
	*httptest.Server
	answer func(w http.ResponseWriter, r *http.Request) bool // false: as usual
	ids    int

	mu    sync.Mutex // guards the fields below
	asked []*http.Request
	body  string
}

func newPartner(t *testing.T, ids int) *partner {
	p := &partner{ids: ids}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *partner) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	p.mu.Lock()
	p.asked = append(p.asked, r)
	if len(body) > 0 {
		p.body = string(body)
	}
	p.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if p.answer != nil && p.answer(w, r) {
		return
	}
	switch r.URL.Path {
	case "/v3/properties/geography":
		all := map[string]any{}
		for i := range p.ids {
			all[fmt.Sprint(i+1)] = map[string]string{"property_id": fmt.Sprint(i + 1)}
		}
		json.NewEncoder(w).Encode(all)
	case "/v3/properties/content":
		all := map[string]any{}
		for _, id := range r.URL.Query()["property_id"] {
			if id != "2" { // has none
				all[id] = map[string]any{"property_id": id, "name": "Hotel " + id}
			}
		}
		json.NewEncoder(w).Encode(all)
	case "/v3/properties/availability":
		w.Write(availability(r.URL.Query()["property_id"]...))
	default:
		http.NotFound(w, r)
	}
}

func availability(ids ...string) []byte {
	all := []string{}
	for _, id := range ids {
		all = append(all, `{"property_id":"`+id+`","status":"available","rooms":[{"id":"r","room_name":"Room","rates":[{"id":"x","occupancy_pricing":{"2":{"totals":{"inclusive":{"billable_currency":{"value":"80.00","currency":"EUR"}}}}}}]}]}`)
	}
	return []byte("[" + strings.Join(all, ",") + "]")
}

func (p *partner) count(path string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.asked {
		if r.URL.Path == path {
			n++
		}
	}
	return n
}

const (
	geographyPath    = "/v3/properties/geography"
	contentPath      = "/v3/properties/content"
	availabilityPath = "/v3/properties/availability"
)

func TestAskInBatches(t *testing.T) {
	p := newPartner(t, 25)
	c := client(t, p.URL, map[string]string{"properties_per_call": "10", "max_properties": "22"})
	for range 2 { // the second finds geography and content kept
		a, err := c.Ask(t.Context(), one())
		if err != nil || a.OffersKept() != 22 || a.Notes["properties_left"] != 3 {
			t.Fatalf("Ask() = %d kept, notes %v, %v; want 22, and 3 left", a.OffersKept(), a.Notes, err)
		}
		names := map[string]string{}
		for _, s := range a.Stays {
			names[s.Property.ID] = s.Property.Name
		}
		if names["1"] != "Hotel 1" || names["22"] != "Hotel 22" || names["2"] != "" {
			t.Errorf("names = %v, want one for each but 2", names)
		}
	}
	if g, n, a := p.count(geographyPath), p.count(contentPath), p.count(availabilityPath); g != 1 || n != 3 || a != 6 {
		t.Errorf("geography was asked %d times, content %d, availability %d; want 1, 3, 6", g, n, a)
	}
}

func TestSomeCallsFail(t *testing.T) {
	p := newPartner(t, 20)
	p.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if fails := r.URL.Query()["property_id"]; slices.Contains(fails, "15") {
			w.WriteHeader(http.StatusServiceUnavailable)
			io.WriteString(w, `{"type":"service_unavailable","message":"This service is currently unavailable."}`)
			return true
		}
		return false
	}
	c := client(t, p.URL, map[string]string{"properties_per_call": "10"})
	a, err := c.Ask(t.Context(), one())
	if e := fault.Of(err); e == nil || !e.Partial || e.Cause != fault.HTTP5xx || len(e.Others) != 1 || a.OffersKept() != 10 || a.Notes["calls_failed"] != 2 { // one for content, one for rates
		t.Errorf("Ask() = %d kept, notes %v, %v, want what came and the failure", a.OffersKept(), a.Notes, err)
	}
	for _, path := range []string{geographyPath, contentPath, availabilityPath} {
		p.answer = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == path {
				w.Header().Set("Rate-Limit-Minute-Reset", fmt.Sprint(time.Now().Add(30*time.Second).UnixMilli()))
				w.WriteHeader(http.StatusTooManyRequests)
				io.WriteString(w, `{"type":"too_many_requests","message":"Slow down."}`)
				return true
			}
			return false
		}
		_, err := client(t, p.URL, nil).Ask(t.Context(), one())
		e := fault.Of(err)
		if e == nil || e.Cause != fault.HTTP429 || e.Code != "too_many_requests" || e.RetryAfter < 20*time.Second || e.RetryAfter > 31*time.Second {
			t.Errorf("%s refused: %+v, want rate limited for 30 s", path, e)
		}
	}
	p.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == availabilityPath {
			w.WriteHeader(http.StatusNotFound)
			io.WriteString(w, `{"type":"no_availability","message":"Nothing."}`)
			return true
		}
		return false
	}
	if a, err := client(t, p.URL, nil).Ask(t.Context(), one()); err != nil || a.OffersIn != 0 {
		t.Errorf("no availability: %+v, %v, want an empty answer", a, err)
	}
}

func TestPages(t *testing.T) {
	var elsewhere sync.Map
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { elsewhere.Store(r.URL.String(), true) }))
	defer other.Close()
	for name, c := range map[string]struct {
		link  func(base string, page int) string
		kept  int
		left  int
		calls int
	}{
		"two pages, absolute": {func(base string, page int) string {
			if page > 0 {
				return ""
			}
			return base + availabilityPath + "?token=t1"
		}, 2, 0, 2},
		"relative": {func(_ string, page int) string {
			if page > 0 {
				return ""
			}
			return availabilityPath + "?token=t1"
		}, 2, 0, 2},
		"another host": {func(string, int) string { return other.URL + availabilityPath + "?token=t1" }, 1, 1, 1},
		"without end":  {func(_ string, page int) string { return fmt.Sprintf("?token=t%d", page+1) }, maxPages, 1, maxPages},
		"to itself":    {func(_ string, page int) string { return "?token=t" }, 2, 1, 2},
	} {
		t.Run(name, func(t *testing.T) {
			p, page := newPartner(t, 1), 0
			p.answer = func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path != availabilityPath {
					return false
				}
				if page > 0 && (r.URL.Query().Get("token") == "" || !strings.HasPrefix(r.Header.Get("Authorization"), "EAN APIKey=")) {
					t.Errorf("page %d asked as %s", page, r.URL)
				}
				if link := c.link(p.URL, page); link != "" {
					w.Header().Set("Link", "<"+link+`>; rel="next"; expires=2027-06-29T20:15:05.324083439Z`)
				}
				page++
				w.Write(availability(fmt.Sprint(page)))
				return true
			}
			a, err := client(t, p.URL, nil).Ask(t.Context(), one())
			if err != nil || a.OffersKept() != c.kept || a.Notes["pages_left"] != c.left || page != c.calls {
				t.Errorf("Ask() = %d kept, notes %v, %v, %d calls; want %d, %d left, %d calls", a.OffersKept(), a.Notes, err, page, c.kept, c.left, c.calls)
			}
		})
	}
	elsewhere.Range(func(url, _ any) bool {
		t.Errorf("another host was asked for %s", url)
		return true
	})
}

// TestSomePagesFail: what was read is kept beside the failure, and a list of properties that
// is not whole is not remembered as the whole one.
func TestSomePagesFail(t *testing.T) {
	for _, path := range []string{geographyPath, contentPath, availabilityPath} {
		t.Run(path, func(t *testing.T) {
			p := newPartner(t, 2)
			broken := true
			p.answer = func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path != path || !broken {
					return false
				}
				if r.URL.Query().Get("token") == "" {
					w.Header().Set("Link", "<"+path+`?token=t>; rel="next"`)
					return false
				}
				w.WriteHeader(http.StatusBadGateway)
				return true
			}
			c := client(t, p.URL, nil)
			a, err := c.Ask(t.Context(), one())
			if e := fault.Of(err); e == nil || !e.Partial || e.HTTPStatus != http.StatusBadGateway || a.OffersKept() != 2 || a.Notes["calls_failed"] != 1 {
				t.Fatalf("Ask() = %d kept, notes %v, %v; want both, and the failure of the page", a.OffersKept(), a.Notes, err)
			}
			broken = false
			if a, err := c.Ask(t.Context(), one()); err != nil || a.OffersKept() != 2 {
				t.Errorf("then Ask() = %d kept, %v", a.OffersKept(), err)
			}
			if asked := p.count(geographyPath); path == geographyPath && asked != 3 {
				t.Errorf("the list of properties was asked for %d times, want 2 pages and then anew", asked)
			}
		})
	}
}

func TestRequest(t *testing.T) {
	p := newPartner(t, 1)
	c := client(t, p.URL+"/v3", map[string]string{"customer_ip": "192.0.2.7", "user_agent": "Puffin/2.1", "language": "fr-FR", "sales_channel": "meta",
		"rate_plan_count": "7", "payment_terms": "0", "partner_point_of_sale": "B2C"})
	c.wallClock = func() time.Time { return time.Unix(1803895200, 0) }
	q := party()
	q.Rooms[0].ChildAges = []int{0, 17}
	if _, err := c.Ask(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	last := p.asked[len(p.asked)-1]
	got, _ := url.QueryUnescape(last.URL.RawQuery)
	want := "checkin=2027-03-01&checkout=2027-03-03&country_code=FR&currency=EUR&language=fr-FR&occupancy=1-0,17&occupancy=2&occupancy=2&partner_point_of_sale=B2C&payment_terms=0&property_id=1" +
		"&rate_plan_count=7&sales_channel=meta&sales_environment=hotel_only"
	if got != want {
		t.Errorf("availability?%s\nwant %s", got, want)
	}
	h := last.Header
	if h.Get("Customer-Ip") != "192.0.2.7" || h.Get("User-Agent") != "Puffin/2.1" || h.Get("Accept-Encoding") != "gzip" || h.Get("Accept") != "application/json" ||
		h.Get("Authorization") != "EAN APIKey=canary-api-key,Signature="+signature512("canary-api-key", "canary-secret", c.wallClock())+",timestamp=1803895200" {
		t.Errorf("headers = %v", h)
	}
}

// TestRequestsMeetTheSpecification holds every request against the vendor's OpenAPI:
// parameters that it does not know, that it requires, and words of its enumerations.
func TestRequestsMeetTheSpecification(t *testing.T) {
	var spec struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name, In, Description string
				Required              bool
				Schema                struct {
					Type  string
					Enum  []string
					Items struct{ Enum []string }
				}
			}
			RequestBody *struct{ Required bool } `yaml:"requestBody"`
		}
	}
	if err := yaml.Unmarshal(providertest.Vendor(t, "expedia-rapid/openapi_rapid_v3.yaml"), &spec); err != nil {
		t.Fatal(err)
	}
	queries := map[string]travel.Query{"one room": one(), "party": party()}
	eight := one()
	eight.Rooms, eight.Market, eight.CheckOut = slices.Repeat(eight.Rooms, 8), "AQ", eight.CheckIn+28
	queries["eight rooms, 28 nights, a market without a currency"] = eight
	for name, q := range queries {
		p := newPartner(t, 3)
		options := map[string]string{"customer_ip": "192.0.2.7", "billing_terms": "a", "platform_name": "b"}
		c := client(t, p.URL, options)
		if cause := c.Capable(q); cause != fault.None {
			t.Fatalf("%s: Capable() = %s", name, cause)
		}
		c.Ask(t.Context(), q)
		if len(p.asked) != 3 {
			t.Fatalf("%s: %d requests, want 3", name, len(p.asked))
		}
		for _, r := range p.asked {
			op, ok := spec.Paths[strings.TrimPrefix(r.URL.Path, "/v3")][strings.ToLower(r.Method)]
			if !ok {
				t.Errorf("%s: no operation %s %s", name, r.Method, r.URL.Path)
				continue
			}
			if (op.RequestBody != nil) != (r.Header.Get("Content-Type") == "application/json") {
				t.Errorf("%s: %s has content type %q", name, r.URL.Path, r.Header.Get("Content-Type"))
			}
			known := []string{"Authorization", "Content-Type", "Content-Length"}
			values := r.URL.Query()
			for _, parameter := range op.Parameters {
				given := values[parameter.Name]
				if parameter.In == "header" {
					known = append(known, parameter.Name)
					given = r.Header.Values(parameter.Name)
				} else {
					delete(values, parameter.Name)
				}
				if parameter.Required && len(given) == 0 {
					t.Errorf("%s: %s lacks %s", name, r.URL.Path, parameter.Name)
				}
				if parameter.Schema.Type != "array" && len(given) > 1 {
					t.Errorf("%s: %s has %s %d times", name, r.URL.Path, parameter.Name, len(given))
				}
				for _, word := range given {
					enum := append(parameter.Schema.Enum, parameter.Schema.Items.Enum...)
					if len(enum) > 0 && !slices.Contains(enum, word) || word == "" {
						t.Errorf("%s: %s=%q is none of %q", name, parameter.Name, word, enum)
					}
					if strings.HasPrefix(parameter.Name, "sales_") && !strings.Contains(parameter.Description, "`"+word+"`") {
						t.Errorf("%s: %s=%q is not described", name, parameter.Name, word)
					}
				}
			}
			if len(values) > 0 {
				t.Errorf("%s: %s has unknown parameters %v", name, r.URL.Path, values)
			}
			for header := range r.Header {
				if !slices.Contains(known, header) {
					t.Errorf("%s: %s has an unknown header %s", name, r.URL.Path, header)
				}
			}
		}
		for _, field := range contentFields {
			if !strings.Contains(string(providertest.Vendor(t, "expedia-rapid/content_single_property.json")), `"`+field+`"`) {
				t.Errorf("content has no field %s to include", field)
			}
		}
	}
}

// TestPolygon: the circle is inside, and little else.
func TestPolygon(t *testing.T) {
	for _, d := range []travel.Destination{{Lat: 48.8566, Lon: 2.3522, RadiusKM: 15}, {Lat: -33.86, Lon: 151.2, RadiusKM: 50}, {Lat: 69.65, Lon: 18.96, RadiusKM: 1}} {
		var geometry struct {
			Type        string
			Coordinates [][][2]float64
		}
		if err := json.Unmarshal(polygon(d), &geometry); err != nil || geometry.Type != "Polygon" || len(geometry.Coordinates) != 1 {
			t.Fatalf("polygon(%+v) = %+v, %v", d, geometry, err)
		}
		ring := geometry.Coordinates[0]
		if len(ring) != corners+1 || ring[0] != ring[corners] || len(ring) > 2000 {
			t.Errorf("ring of %d, closed %v", len(ring), ring[0] == ring[corners])
		}
		area := 0.0
		for i := range corners {
			a, b := ring[i], ring[i+1]
			area += (a[0]*b[1] - b[0]*a[1]) / 2
			for _, at := range [][2]float64{a, {(a[0] + b[0]) / 2, (a[1] + b[1]) / 2}} {
				if km := places.DistanceMetres(d.Lat, d.Lon, at[1], at[0]) / 1000; km < 0.995*float64(d.RadiusKM) || km > 1.02*float64(d.RadiusKM) {
					t.Errorf("the edge of %+v is %.3f km away", d, km)
				}
			}
		}
		if area <= 0 {
			t.Error("the ring is not counter-clockwise")
		}
		side := 2 * 1.02 * float64(d.RadiusKM)
		if math.Hypot(side, side) >= 500 {
			t.Errorf("diagonal of %v km", math.Hypot(side, side))
		}
	}
	if strings.Contains(string(polygon(travel.Destination{Lat: -17.7, Lon: 179.9, RadiusKM: 50})), "[180.3") {
		t.Error("a longitude beyond 180")
	}
}
