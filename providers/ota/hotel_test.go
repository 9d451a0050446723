package ota

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"fanfare/providers/fault"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

var hotelDocuments = []string{"avail.xml", "unusual.xml", "usual.json", "drops.xml", "search.xml", "empty.xml", "error.xml"}

func loadHotel(t testing.TB, name string) []byte { return providertest.Load(t, "ota-hotel/"+name) }

func TestHotelGolden(t *testing.T) {
	for _, name := range hotelDocuments {
		t.Run(name, func(t *testing.T) {
			a, err := DecodeHotel(loadHotel(t, name), nil)
			providertest.Golden(t, "ota-hotel/"+strings.TrimSuffix(strings.TrimSuffix(name, ".xml"), ".json"), a, err)
		})
	}
}

// TestHotelVendorPayloads holds the decoder against what is known of partners' documents.
func TestHotelVendorPayloads(t *testing.T) {
	for _, c := range []struct {
		file string
		kept int
		want []string
	}{
		{"erevmax_avail_gothenburg_RS.xml", 2, []string{`02034 "Quality Hotel 11`, `"Standard, twin bed" NTT "bed_and_breakfast": EUR 2865.89`, "refundable no", "left 36"}},
		{"concur_avail_RS.xml", 1, []string{`419430 ""`, `XNFYP4I "Test room description." 1 "bed_and_breakfast": EUR 348.00 (base EUR 248.00, taxes EUR 100.00`, `"guarantee" refundable yes`}},
		{"concur_search_RS.xml", 0, nil},
		{"concur_error_RS.xml", 0, nil},
	} {
		a, err := DecodeHotel(providertest.Vendor(t, "ota-hotel/"+c.file), nil)
		got := providertest.Written(&a)
		if err != nil || a.OffersKept() != c.kept || len(a.Drops) != 0 {
			t.Errorf("%s: %d rates, %v, want %d\n%s", c.file, a.OffersKept(), err, c.kept, got)
		}
		for _, w := range c.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s does not say %q but\n%s", c.file, w, got)
			}
		}
	}
	h, err := decodeHotel(providertest.Vendor(t, "ota-hotel/concur_search_RS.xml"), nil)
	if err != nil || len(h.properties) != 1 {
		t.Fatalf("search = %+v, %v", h, err)
	}
	if p := h.properties[0]; p.ID != "22222" || p.Name != "Holiday Inn Express Sunshine" || p.Stars != 4 || p.Lat != 47.61038 || p.Chain != "HI" || p.GIATA != "1376249" || p.Address != "99 East 27th Street, Bellevue, 98009" {
		t.Errorf("property = %+v", p)
	}
}

func TestHotelRefused(t *testing.T) {
	for name, doc := range map[string]string{
		"another message": `<OTA_AirLowFareSearchRS><Success/></OTA_AirLowFareSearchRS>`, "the request": `<OTA_HotelAvailRQ/>`, "an empty envelope": `<Envelope><Body/></Envelope>`,
		"a document type": `<!DOCTYPE x><OTA_HotelAvailRS/>`, "cut": `<OTA_HotelAvailRS>`, "nothing said": `<OTA_HotelAvailRS><AvailabilityOptions/></OTA_HotelAvailRS>`, "another JSON": `{"hotels":[]}`, "nothing": ``,
	} {
		if _, err := DecodeHotel([]byte(doc), nil); fault.Of(err) == nil || fault.Of(err).Cause != fault.Malformed {
			t.Errorf("%s: DecodeHotel() = %v, want malformed", name, err)
		}
	}
	if _, err := DecodeHotel([]byte(`{"message":"Forbidden","status":403}`), nil); fault.Of(err) == nil || fault.Of(err).Cause != fault.Unauthorized {
		t.Errorf("a gateway's refusal = %v", err)
	}
	if _, err := DecodeHotel([]byte(`<OTA_HotelAvailRS><Errors><Error Type="3" Code="497"/></Errors></OTA_HotelAvailRS>`), nil); fault.Of(err) == nil || fault.Of(err).Cause != fault.Unauthorized {
		t.Errorf("an authorization error = %v", err)
	}
	if a, err := DecodeHotel([]byte(`<OTA_HotelAvailRS><Errors><Error Type="3" Code="424"/></Errors></OTA_HotelAvailRS>`), nil); err != nil || a.OffersIn != 0 {
		t.Errorf("no hotels found = %v", err)
	}
}

func stays() travel.Query {
	return travel.Query{Product: travel.Hotels, Market: "SE", StayQuery: travel.StayQuery{
		Destination: travel.Destination{Lat: 57.7, Lon: 11.97, RadiusKM: 15}, CheckIn: travel.NewDate(2027, 3, 1), CheckOut: travel.NewDate(2027, 3, 4),
		Rooms: []travel.Occupancy{{Adults: 2, ChildAges: []int{}}}}}
}

var hotelCredentials = map[string]string{"username": "canary-user", "password": "canary-word"}

// searched answers the search of properties, so that the suite's answers are of the rates.
func searched(t *testing.T) func(http.ResponseWriter, *http.Request) bool {
	properties := loadHotel(t, "search.xml")
	return func(w http.ResponseWriter, r *http.Request) bool {
		body, _ := io.ReadAll(r.Body)
		if !strings.Contains(string(body), "OTA_HotelSearchRQ") {
			return false
		}
		w.Header().Set("Content-Type", "text/xml")
		w.Write(properties)
		return true
	}
}

func TestHotelConformance(t *testing.T) {
	p := providertest.Protocol{
		New:         func(c wire.Config) (providertest.Asker, error) { return NewHotel(c, nil) },
		Credentials: map[string]string{"api_key": "canary-key"}, Query: stays(), ContentType: "text/xml",
		Good: loadHotel(t, "avail.xml"), Empty: loadHotel(t, "empty.xml"), Error: loadHotel(t, "error.xml"), Options: map[string]string{"steps": "avail"},
	}
	p.Credentials = hotelCredentials
	providertest.Run(t, p)
	p.Options, p.Login = nil, searched(t)
	t.Run("in two steps", func(t *testing.T) { providertest.Run(t, p) })
}

func hotel(t *testing.T, url string, options map[string]string) *Hotel {
	t.Helper()
	h, err := wire.NewHTTP(wire.HTTPConfig{BaseURL: url, AllowPrivateNetwork: true, RelaxedTimeouts: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	c, err := NewHotel(wire.Config{Name: "dormouse", BaseURL: url, Credentials: hotelCredentials, Options: options, HTTP: h}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestHotelSteps: properties are found once, asked for in batches by kinds of rooms, and
// what only the search says of them is in the answer.
func TestHotelSteps(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	find := searched(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		key := "search"
		if i := strings.Index(string(body), "<GuestCounts>"); i >= 0 {
			j := strings.Index(string(body), "</HotelSearchCriteria>")
			key = string(body[i:j])
		}
		asked[key]++
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		if find(w, r) {
			return
		}
		w.Header().Set("Content-Type", "text/xml")
		if strings.Contains(string(body), `HotelCode="H2"`) {
			w.Write(loadHotel(t, "avail.xml"))
			return
		}
		w.WriteHeader(http.StatusInternalServerError)
	}))
	defer server.Close()
	c := hotel(t, server.URL, map[string]string{"batch": "1"})
	for range 2 {
		a, err := c.Ask(context.Background(), stays())
		if e := fault.Of(err); e == nil || !e.Partial || e.Cause != fault.HTTP5xx || a.Notes["calls_failed"] != 1 {
			t.Fatalf("Ask() = %v, notes %v, want one batch failed", err, a.Notes)
		}
		i := slices.IndexFunc(a.Stays, func(s travel.Stay) bool { return s.Property.ID == "H2" })
		if i < 0 || a.Stays[i].Property.Name != "Badger Rest" || a.Stays[i].Property.Stars != 3.5 || !a.Stays[i].Property.HasGeo {
			t.Fatalf("H2 is not completed: %s", providertest.Written(&a))
		}
		if c := a.Stays[i].Rates[0].Cancellation; c.FreeUntil.Format("2006-01-02T15:04Z") != "2027-02-20T17:00Z" {
			t.Errorf("free until %s, want the deadline in the property's zone", c.FreeUntil)
		}
	}
	if asked["search"] != 1 || len(asked) != 3 {
		t.Errorf("asked %v, want one search and two batches", asked)
	}
}

// TestHotelRooms: kinds of rooms are questions of their own; alike rooms cost as many times
// as much, unless the partner or the operator says that a total is for all.
func TestHotelRooms(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		io.WriteString(w, `<OTA_HotelAvailRS><Success/><RoomStays><RoomStay><BasicPropertyInfo HotelCode="H"/><RoomRates><RoomRate RatePlanCode="P"><Total AmountBeforeTax="90.00" AmountAfterTax="100.00" CurrencyCode="EUR"/></RoomRate></RoomRates></RoomStay></RoomStays></OTA_HotelAvailRS>`)
	}))
	defer server.Close()
	q := stays()
	q.Rooms = []travel.Occupancy{{Adults: 1, ChildAges: []int{7}}, {Adults: 2, ChildAges: []int{}}, {Adults: 2, ChildAges: []int{}}}
	for price, want := range map[string]string{"room": "EUR 300.00 EUR 270.00 EUR 30.00", "all": "EUR 200.00 EUR 180.00 EUR 20.00"} {
		a, err := hotel(t, server.URL, map[string]string{"steps": "avail", "room_price": price}).Ask(context.Background(), q)
		if err != nil || a.OffersKept() != 1 || parts(a.Stays[0].Rates[0].Price) != want || len(a.Stays[0].Rates[0].Rooms) != 2 {
			t.Errorf("room_price %s: %v\n%swant %s", price, err, providertest.Written(&a), want)
		}
	}
}

func parts(p travel.Price) string {
	return p.Total.String() + " " + p.Base.String() + " " + p.Taxes.String()
}

func TestHotelWrongDate(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		w.Write(loadHotel(t, "avail.xml"))
	}))
	defer server.Close()
	q := stays()
	q.CheckOut++
	a, err := hotel(t, server.URL, map[string]string{"steps": "avail"}).Ask(context.Background(), q)
	if err != nil || a.Drops[travel.RuleWrongDate] != 4 {
		t.Errorf("Ask() = drops %v, %v, want those with other dates dropped", a.Drops, err)
	}
}

func TestHotelEncode(t *testing.T) {
	c := hotel(t, "http://127.0.0.1:9", map[string]string{"soap": "true", "auth": "wsse", "requestor_id": "me", "currency": "market", "version": "5"})
	got, err := c.encodeAvail(stays(), travel.RateRoom{Count: 2, Occupancy: travel.Occupancy{Adults: 2, ChildAges: []int{1, 7, 7}}}, []string{"A&B", "C"})
	if err != nil {
		t.Fatal(err)
	}
	const want = `<OTA_HotelAvailRQ xmlns="http://www.opentravel.org/OTA/2003/05" Version="5"><POS><Source ISOCurrency="SEK"><RequestorID ID="me" Type="1"></RequestorID></Source></POS>` +
		`<AvailRequestSegments><AvailRequestSegment><StayDateRange Start="2027-03-01" End="2027-03-04"></StayDateRange><RoomStayCandidates><RoomStayCandidate RPH="1" Quantity="2"><GuestCounts IsPerRoom="true">` +
		`<GuestCount AgeQualifyingCode="10" Count="2"></GuestCount><GuestCount AgeQualifyingCode="7" Age="1" Count="1"></GuestCount><GuestCount AgeQualifyingCode="8" Age="7" Count="2"></GuestCount></GuestCounts></RoomStayCandidate></RoomStayCandidates>` +
		`<HotelSearchCriteria><Criterion><HotelRef HotelCode="A&amp;B"></HotelRef></Criterion><Criterion><HotelRef HotelCode="C"></HotelRef></Criterion></HotelSearchCriteria></AvailRequestSegment></AvailRequestSegments></OTA_HotelAvailRQ>`
	if text := string(got); !strings.Contains(text, want) || !strings.Contains(text, "<wsse:Password") || !strings.Contains(text, "<soap:Body>") {
		t.Errorf("encodeAvail() =\n%s\nwant within it\n%s", text, want)
	}
	got, err = c.encodeSearch(stays())
	const search = `<Criteria><Criterion><Position Latitude="57.7" Longitude="11.97"></Position><Radius Distance="15" DistanceMeasure="Kilometers" UnitOfMeasureCode="2"></Radius><StayDateRange Start="2027-03-01" End="2027-03-04"></StayDateRange></Criterion></Criteria></OTA_HotelSearchRQ>`
	if err != nil || !strings.Contains(string(got), search) {
		t.Errorf("encodeSearch() =\n%s, %v\nwant within it\n%s", got, err, search)
	}
}

func TestHotelOptions(t *testing.T) {
	h, _ := wire.NewHTTP(wire.HTTPConfig{BaseURL: "http://127.0.0.1:9"})
	_, err := NewHotel(wire.Config{BaseURL: "http://127.0.0.1:9", Credentials: hotelCredentials, HTTP: h, Options: map[string]string{
		"steps": "two", "batch": "0", "max_hotels": "1001", "content_age": "soon", "room_price": "some", "search_path": "x"}}, nil)
	for _, key := range []string{"steps", "batch", "max_hotels", "content_age", "room_price", "search_path"} {
		if err == nil || !strings.Contains(err.Error(), "options."+key+": must be") {
			t.Errorf("NewHotel() = %v, want a complaint about options.%s", err, key)
		}
	}
}

func FuzzDecodeHotel(f *testing.F) {
	for _, name := range hotelDocuments {
		f.Add(loadHotel(f, name))
	}
	f.Fuzz(func(t *testing.T, body []byte) { providertest.Holds(t, body, DecodeHotel) })
}
