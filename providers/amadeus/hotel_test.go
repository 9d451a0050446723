package amadeus

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

var hotelDocuments = []string{"hotel_search", "hotel_v2", "hotel_unusual", "hotel_drops", "hotel_empty", "hotel_nothing", "hotel_error"}

func TestHotelGolden(t *testing.T) {
	for _, name := range hotelDocuments {
		t.Run(name, func(t *testing.T) {
			a, err := DecodeHotel(providertest.Load(t, "amadeus/"+name+".json"), nil)
			providertest.Golden(t, "amadeus/"+name, a, err)
		})
	}
}

func TestHotelVendorPayloads(t *testing.T) {
	a, err := DecodeHotel(providertest.Vendor(t, "amadeus-hotel-v3/hotel_offers_1.json"), nil)
	want := `in 1 kept 1 | |
MCLONGHM "JW Marriott Grosvenor House London" 0 stars at 51.50988,-0.15509 [MC]
  - 0LR02W7BCR "Deluxe Room, 1 Queen" XMI "": GBP 352.00 (base GBP 352.00, taxes unknown, at the property GBP 352.00) "guarantee" refundable yes free until 2022-05-19T22:59:00Z from 2022-05-19T22:59:00Z GBP 352.00 1x(1+[])
`
	if got := providertest.Written(&a); err != nil || got != want {
		t.Errorf("%v\n%swant\n%s", err, got, want)
	}
	hotels, err := decodeList(providertest.Vendor(t, "amadeus-hotel-v3/hotel_list_by_geocode.json"), travel.Destination{Lat: 41.397158, Lon: 2.160873}, 3)
	got := fmt.Sprintf("%+v", hotels)
	if err != nil || !strings.HasPrefix(got, "[{id:DSBCNOMM name:OMM chain:DS address: postcode: city: stars:0 lat:41.39593 lon:2.16084 hasGeo:true metres:130} {id:HSBCNARR name:ACTUAL ") || len(hotels) != 3 {
		t.Errorf("nearest hotels %s, %v", got, err)
	}
	if hotels, err = decodeList(providertest.Vendor(t, "amadeus-hotel-v3/hotel_list_by_hotels.json"), travel.Destination{Lat: 48.9, Lon: 2.3}, 3); err != nil || len(hotels) != 1 || hotels[0].id != "ARPARARA" {
		t.Errorf("hotels by id: %+v, %v", hotels, err)
	}
	if a, err := DecodeHotel(providertest.Vendor(t, "amadeus-hotel-v3/hotel_list_by_geocode.json"), nil); causeOf(err) != fault.Malformed {
		t.Errorf("a list without offers: %d rates, %v", a.OffersKept(), err)
	}
}

// TestTaxes: whether taxes that are not included are on top is told by base and total.
func TestTaxes(t *testing.T) {
	for _, test := range []struct {
		name, price, want string
		open              bool
	}{
		{"in the total", `"base":"100.00","total":"110.00","taxes":[{"amount":"10.00","included":false}]`, "110.00 10.00 0.00", false},
		{"on top", `"base":"100.00","total":"100.00","taxes":[{"amount":"10.00","included":false}]`, "110.00 10.00 10.00", false},
		{"one in the total, one on top", `"base":"90.00","total":"100.00","taxes":[{"amount":"10.00","included":true},{"amount":"4.00","included":false}]`, "104.00 14.00 4.00", false},
		{"in the base, and in the total", `"base":"100.00","total":"104.00","taxes":[{"amount":"10.00","included":true},{"amount":"4.00","included":false}]`, "104.00 14.00 0.00", false},
		{"no base, all taxes", `"total":"110.00","taxes":[{"code":"TOTAL_TAX","amount":"10.00","included":false}]`, "110.00 10.00 0.00", false},
		{"no base, one tax", `"total":"100.00","taxes":[{"code":"CITY","amount":"10.00","included":false}]`, "110.00 10.00 10.00", false},
		{"a night and guest", `"base":"100.00","total":"100.00","taxes":[{"amount":"1.00","included":false,"pricingFrequency":"PER_NIGHT","pricingMode":"PER_OCCUPANT"}]`, "106.00 6.00 6.00", false},
		{"nothing said", `"base":"100.00","total":"100.00","taxes":[{"amount":"10.00"}]`, "100.00 10.00 0.00", false},
		{"no total", `"base":"100.00","taxes":[{"amount":"10.00"},{"amount":"5.00","included":false},{"amount":"7.00","included":true}]`, "115.00 22.00 0.00", false},
		{"a percentage on top", `"base":"100.00","total":"100.00","taxes":[{"percentage":"10","included":false,"pricingFrequency":"PER_NIGHT"}]`, "110.00 10.00 10.00", false},
		{"a percentage that the total holds", `"base":"100.00","total":"110.00","taxes":[{"percentage":"10","included":false}]`, "110.00 10.00 0.00", false},
		{"a percentage, no total", `"base":"100.00","taxes":[{"percentage":"7.5"},{"amount":"5.00"}]`, "112.50 12.50 0.00", false},
		{"a percentage that is included", `"base":"100.00","total":"100.00","taxes":[{"percentage":"10","included":true}]`, "100.00 unknown 0.00", false},
		{"only a percentage", `"total":"100.00","taxes":[{"percentage":"10","included":false}]`, "100.00 unknown unknown", true},
		{"another currency", `"base":"100.00","total":"100.00","taxes":[{"amount":"10.00","currency":"USD","included":false}]`, "100.00 unknown unknown", true},
		{"mark-up", `"base":"100.00","total":"110.00","sellingTotal":"121.50","taxes":[{"amount":"10.00","included":false}]`, "121.50 10.00 0.00", false},
		{"no taxes", `"base":"100.00","total":"110.00"`, "110.00 unknown unknown", false},
		{"changes, and in the total", `"total":"110.00","taxes":[{"amount":"10.00","included":false}],"variations":{"average":{"base":"33.33"},"changes":[{"startDate":"2027-03-01","endDate":"2027-03-02","base":"40.00"},{"startDate":"2027-03-02","endDate":"2027-03-04","base":"30.00"}]}`, "110.00 10.00 0.00", false},
		{"changes, and on top", `"total":"100.00","taxes":[{"amount":"10.00","included":false}],"variations":{"changes":[{"startDate":"2027-03-01","endDate":"2027-03-02","base":"40.00"},{"startDate":"2027-03-02","endDate":"2027-03-04","base":"30.00"}]}`, "110.00 10.00 10.00", false},
		{"changes of some nights", `"total":"110.00","taxes":[{"amount":"10.00","included":false}],"variations":{"average":{"base":"33.33"},"changes":[{"startDate":"2027-03-01","endDate":"2027-03-02","base":"40.00"}]}`, "110.00 10.00 0.00", false},
		{"an average, rounded down", `"total":"110.00","taxes":[{"amount":"10.00","included":false}],"variations":{"average":{"base":"33.33"}}`, "110.00 10.00 0.00", false},
		{"an average, rounded up", `"total":"110.00","taxes":[{"amount":"10.00","included":false}],"variations":{"average":{"base":"33.34"}}`, "110.00 10.00 0.00", false},
		{"an average, and on top", `"total":"100.00","taxes":[{"amount":"10.00","included":false}],"variations":{"average":{"base":"33.33"}}`, "110.00 10.00 10.00", false},
		{"totals of nights, whole", `"total":"109.99","taxes":[{"amount":"10.00","included":false}],"variations":{"changes":[{"startDate":"2027-03-01","endDate":"2027-03-04","total":"33.33"}]}`, "109.99 10.00 0.00", false},
		{"totals of nights with the tax", `"total":"110.01","taxes":[{"code":"TOTAL_TAX","amount":"10.00","included":false}],"variations":{"changes":[{"startDate":"2027-03-01","endDate":"2027-03-04","total":"36.67"}]}`, "110.01 10.00 0.00", false},
		{"no total but changes", `"taxes":[{"amount":"10.00","included":false}],"variations":{"changes":[{"startDate":"2027-03-01","endDate":"2027-03-04","base":"30.00"}]}`, "100.00 10.00 0.00", false},
	} {
		a, err := DecodeHotel([]byte(`{"data":[{"hotel":{"hotelId":"X"},"offers":[{"id":"1","checkInDate":"2027-03-01","checkOutDate":"2027-03-04","guests":{"adults":2},"policies":{"paymentType":"prepay"},"price":{"currency":"EUR",`+test.price+`}}]}]}`), nil)
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

// TestBaseOfVariations: the base is shown where it is stated, or where the amounts of nights make it up.
func TestBaseOfVariations(t *testing.T) {
	for _, test := range []struct{ price, base string }{
		{`"total":"110.00","variations":{"changes":[{"startDate":"2027-03-01","endDate":"2027-03-03","base":"40.00"},{"startDate":"2027-03-03","endDate":"2027-03-04","base":"20.00"}]}`, "EUR 100.00"},
		{`"base":"99.00","total":"110.00","variations":{"changes":[{"startDate":"2027-03-01","endDate":"2027-03-04","base":"40.00"}]}`, "EUR 99.00"},
		{`"total":"110.00","variations":{"average":{"base":"33.00"}},"taxes":[{"amount":"11.00"}]`, "EUR 99.00"},
		{`"total":"110.00","variations":{"average":{"base":"33.33"}},"taxes":[{"amount":"10.00"}]`, "unknown"},
		{`"total":"110.00","variations":{"average":{"base":"33.33"}}`, "unknown"},
	} {
		a, err := DecodeHotel([]byte(`{"data":[{"hotel":{"hotelId":"X"},"offers":[{"id":"1","checkInDate":"2027-03-01","checkOutDate":"2027-03-04","price":{"currency":"EUR",`+test.price+`}}]}]}`), nil)
		if err != nil || a.OffersKept() != 1 {
			t.Fatalf("%s: drops %v, %v", test.price, a.Drops, err)
		}
		if got := a.Stays[0].Rates[0].Price.Base.String(); got != test.base {
			t.Errorf("%s: base %s, want %s", test.price, got, test.base)
		}
	}
}

// TestStatedCancellation: an amount that is stated is what a cancellation costs.
func TestStatedCancellation(t *testing.T) {
	for policy, want := range map[string]string{
		`"amount":"40.00","type":"FULL_STAY"`:                 "EUR 40.00",
		`"amount":"40.00","numberOfNights":3`:                 "EUR 40.00",
		`"amount":"40.00","percentage":"50"`:                  "EUR 40.00",
		`"type":"FULL_STAY"`:                                  "EUR 100.00",
		`"percentage":"50"`:                                   "EUR 50.00",
		`"amount":"lots","type":"FULL_STAY","percentage":"1"`: "EUR 100.00",
	} {
		a, err := DecodeHotel([]byte(`{"data":[{"hotel":{"hotelId":"X"},"offers":[{"id":"1","checkInDate":"2027-03-01","checkOutDate":"2027-03-04","price":{"currency":"EUR","total":"100.00"},
"policies":{"cancellations":[{"deadline":"2027-02-28T12:00:00+01:00",`+policy+`}]}}]}]}`), nil)
		if err != nil || a.OffersKept() != 1 || len(a.Stays[0].Rates[0].Cancellation.Steps) != 1 {
			t.Fatalf("%s: drops %v, %v", policy, a.Drops, err)
		}
		if got := a.Stays[0].Rates[0].Cancellation.Steps[0].Fee.String(); got != want {
			t.Errorf("%s: costs %s, want %s", policy, got, want)
		}
	}
}

func TestBoards(t *testing.T) {
	for name, want := range map[string]travel.Board{"ROOM_ONLY": travel.RoomOnly, "SELF_CATERING": travel.RoomOnly, "BUFFET_BREAKFAST": travel.BedAndBreakfast, "MODIFIED": travel.HalfBoard,
		"AMERICAN": travel.FullBoard, "ALL_INCLUSIVE": travel.AllInclusive, "DINNER": travel.BoardUnknown, "": travel.BoardUnknown} {
		if got := boardOf(name); got != want {
			t.Errorf("boardOf(%q) = %q, want %q", name, got, want)
		}
	}
}

func doubles() travel.Query {
	return travel.Query{Product: travel.Hotels, Market: "FR", StayQuery: travel.StayQuery{
		Destination: travel.Destination{Place: "PAR", Lat: 48.8566, Lon: 2.3522, RadiusKM: 15}, CheckIn: travel.NewDate(2027, 3, 1), CheckOut: travel.NewDate(2027, 3, 4),
		Rooms: []travel.Occupancy{{Adults: 2, ChildAges: []int{}}}}}
}

func TestHotelRequests(t *testing.T) {
	list := specification(t, "amadeus-hotel-v3/openapi_HotelList_v1.json")
	search := specification(t, "amadeus-hotel-v3/openapi_HotelSearch_v3.json")
	c := hotelAt(t, "http://127.0.0.1:9", nil)
	hotels := make([]listed, hotelsPerCall)
	for i := range hotels {
		hotels[i].id = fmt.Sprintf("CNPAR%03d", i)
	}
	south := doubles()
	south.Destination = travel.Destination{Lat: -33.8688, Lon: -151.2093, RadiusKM: 50}
	south.Market = "XX"
	for name, q := range map[string]travel.Query{"doubles": doubles(), "south": south} {
		for _, complaint := range list.checkQuery("/reference-data/locations/hotels/by-geocode", "get", parsed(t, encodeArea(q.Destination))) {
			t.Errorf("%s, list: %s", name, complaint)
		}
		for _, room := range []travel.RateRoom{{Count: 1, Occupancy: travel.Occupancy{Adults: 1}}, {Count: 9, Occupancy: travel.Occupancy{Adults: 9}}} {
			query := c.encodeOffers(q, room, hotels)
			for _, complaint := range search.checkQuery("/shopping/hotel-offers", "get", parsed(t, query)) {
				t.Errorf("%s, offers: %s", name, complaint)
			}
			if len(query) > 1000 {
				t.Errorf("%s: %d characters in a URL", name, len(query))
			}
		}
	}
	if got, want := encodeArea(doubles().Destination), "latitude=48.8566&longitude=2.3522&radius=15&radiusUnit=KM"; got != want {
		t.Errorf("list: %s, want %s", got, want)
	}
	got := c.encodeOffers(doubles(), travel.RateRoom{Count: 2, Occupancy: travel.Occupancy{Adults: 2}}, hotels[:2])
	if want := "hotelIds=CNPAR000,CNPAR001&adults=2&bestRateOnly=false&checkInDate=2027-03-01&checkOutDate=2027-03-04&countryOfResidence=FR&currency=EUR&roomQuantity=2"; got != want {
		t.Errorf("offers: %s, want %s", got, want)
	}
}

func parsed(t *testing.T, query string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestHotelCapable(t *testing.T) {
	c := hotelAt(t, "http://127.0.0.1:9", nil)
	children := doubles()
	children.Rooms = []travel.Occupancy{{Adults: 2, ChildAges: []int{7}}}
	if got := c.Capable(children); got != fault.Passengers {
		t.Errorf("children: %q, want passengers", got)
	}
	if got := c.Capable(doubles()); got != fault.None {
		t.Errorf("doubles: %q", got)
	}
}

// partner answers the list with its hotels and each call for offers with one for each
// hotel, at 50.00 an adult and room.
type partner struct {
	hotels int
	fail   func(query url.Values) bool

	mu    sync.Mutex // guards the fields below
	lists int
	calls []string
}

func (p *partner) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if login(w, r) {
		return
	}
	w.Header().Set("Content-Type", media)
	q := r.URL.Query()
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.URL.Path == listPath {
		p.lists++
		entries := make([]string, p.hotels)
		for i := range entries {
			entries[i] = fmt.Sprintf(`{"hotelId":"CNPAR%03d","name":"HOTEL %d","geoCode":{"latitude":48.86,"longitude":2.35},"distance":{"value":%d.5,"unit":"KM"}}`, i, i, i)
		}
		slices.Reverse(entries)
		fmt.Fprintf(w, `{"data":[%s]}`, strings.Join(entries, ","))
		return
	}
	p.calls = append(p.calls, q.Get("adults")+"x"+q.Get("roomQuantity")+" "+q.Get("hotelIds"))
	if p.fail != nil && p.fail(q) {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	var entries []string
	for id := range strings.SplitSeq(q.Get("hotelIds"), ",") {
		entries = append(entries, fmt.Sprintf(`{"type":"hotel-offers","hotel":{"hotelId":%q},"available":true,"offers":[{"id":"%s-%s","price":{"currency":"EUR","total":"%s0.00"},"policies":{"cancellation":{"deadline":"2027-02-27T18:00:00","amount":"5.00"}}}]}`,
			id, id, q.Get("adults"), q.Get("adults")))
	}
	fmt.Fprintf(w, `{"data":[%s]}`, strings.Join(entries, ","))
}

// TestHotelAsk: the list is fetched once, offers in batches for each kind of room, and
// what the offers leave out comes from the list and the question.
func TestHotelAsk(t *testing.T) {
	p := &partner{hotels: 5}
	server := httptest.NewServer(p)
	defer server.Close()
	c := hotelAt(t, server.URL, map[string]string{"max_hotels": "3", "hotels_per_call": "2"})
	q := doubles()
	q.Rooms = []travel.Occupancy{{Adults: 1, ChildAges: []int{}}, {Adults: 2, ChildAges: []int{}}, {Adults: 2, ChildAges: []int{}}}
	for range 2 {
		a, err := c.Ask(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(a.Stays, func(x, y travel.Stay) int { return strings.Compare(x.Property.ID, y.Property.ID) })
		want := `CNPAR000 "HOTEL 0" 0 stars at 48.86,2.35
  - CNPAR000-1 + CNPAR000-2 ""  "": EUR 30.00 (base unknown, taxes unknown, at the property unknown) "" refundable yes free until 2027-02-27T17:00:00Z from 2027-02-27T17:00:00Z EUR 10.00 1x(1+[]) 2x(2+[])
`
		if got := providertest.Written(&a); len(a.Stays) != 3 || !strings.Contains(got, strings.TrimPrefix(want, "CNPAR000")) || a.Notes["deadline_zone_assumed"] != 6 {
			t.Errorf("answer\n%swant with\n%s", got, want)
		}
	}
	slices.Sort(p.calls)
	want := []string{"1x1 CNPAR000,CNPAR001", "1x1 CNPAR002", "2x2 CNPAR000,CNPAR001", "2x2 CNPAR002"}
	if p.lists != 1 || !slices.Equal(slices.Compact(p.calls), want) {
		t.Errorf("%d lists, calls %q, want 1 and %q", p.lists, p.calls, want)
	}
}

// TestHotelCallsThatFail: what came is kept beside the failure, unless nobody knows a kind of room.
func TestHotelCallsThatFail(t *testing.T) {
	q := doubles()
	q.Rooms = []travel.Occupancy{{Adults: 1, ChildAges: []int{}}, {Adults: 2, ChildAges: []int{}}}
	for _, test := range []struct {
		name   string
		fail   func(url.Values) bool
		stays  int
		failed int
		whole  bool // the question failed as a whole
	}{
		{"one of two batches", func(v url.Values) bool { return v.Get("hotelIds") == "CNPAR002" && v.Get("adults") == "1" }, 2, 1, false},
		{"one kind of room", func(v url.Values) bool { return v.Get("adults") == "2" }, 0, 0, false},
		{"all", func(url.Values) bool { return true }, 0, 0, true},
	} {
		server := httptest.NewServer(&partner{hotels: 3, fail: test.fail})
		a, err := hotelAt(t, server.URL, map[string]string{"hotels_per_call": "2"}).Ask(t.Context(), q)
		if causeOf(err) != fault.HTTP5xx || fault.Of(err).Partial == test.whole || a.Notes["calls_failed"] != test.failed || len(a.Stays) != test.stays {
			t.Errorf("%s: %d stays, notes %v, %v", test.name, len(a.Stays), a.Notes, err)
		}
		providertest.Consistent(t, &a)
		server.Close()
	}
}

func TestNoHotelsAround(t *testing.T) {
	p := &partner{}
	server := httptest.NewServer(p)
	defer server.Close()
	a, err := hotelAt(t, server.URL, nil).Ask(t.Context(), doubles())
	if err != nil || a.OffersIn != 0 || len(p.calls) != 0 {
		t.Errorf("%d in, %v, calls %q", a.OffersIn, err, p.calls)
	}
}

func TestOtherDatesThanAsked(t *testing.T) {
	asked := &asked{checkIn: travel.NewDate(2027, 3, 1), checkOut: travel.NewDate(2027, 3, 3), room: travel.RateRoom{Count: 1, Occupancy: travel.Occupancy{Adults: 2}}}
	a, err := decodeHotel(providertest.Load(t, "amadeus/hotel_search.json"), places.Default(), asked, 100)
	if err != nil || a.OffersKept() != 0 || a.Drops[travel.RuleWrongDate] != a.OffersIn {
		t.Errorf("%d of %d kept, drops %v, %v", a.OffersKept(), a.OffersIn, a.Drops, err)
	}
}

// TestRatesOfTwoCurrenciesAreNotAdded: they are put back into one stay afterwards.
func TestRatesOfTwoCurrenciesAreNotAdded(t *testing.T) {
	one := func(currency travel.Currency, adults int) travel.Answer {
		return travel.Answer{OffersIn: 1, Stays: []travel.Stay{{Property: travel.Property{ID: "A"}, Rates: []travel.Rate{{
			Price: travel.Price{Total: travel.Money{Minor: 100, Currency: currency}}, Rooms: []travel.RateRoom{{Count: 1, Occupancy: travel.Occupancy{Adults: adults}}}}}}}}
	}
	a, err := gathered([]travel.Answer{one("EUR", 1), one("GBP", 1), one("EUR", 2), one("GBP", 2)}, make([]error, 4), 2)
	if err != nil {
		t.Fatal(err)
	}
	a = assemble.JoinStays(assemble.CombineRooms(a, []travel.Occupancy{{Adults: 1}, {Adults: 2}}))
	if len(a.Stays) != 1 || len(a.Stays[0].Rates) != 2 || a.Stays[0].Rates[0].Price.Total.String() != "EUR 2.00" || a.Stays[0].Rates[1].Price.Total.String() != "GBP 2.00" {
		t.Errorf("%+v", a.Stays)
	}
	providertest.Consistent(t, &a)
}

// TestHugeHotel: a property with more offers than are read is counted whole.
func TestHugeHotel(t *testing.T) {
	one := `{"id":"1","price":{"currency":"EUR","total":"9","taxes":[` + strings.Repeat(`{},`, 100) + `{}]},"policies":{"cancellations":[` + strings.Repeat(`{},`, 100) + `{}]}}`
	a, err := DecodeHotel([]byte(`{"data":[{"offers":[`+strings.Repeat(one+",", 2999)+one+`],"hotel":{"hotelId":"X"}}]}`), nil)
	if err != nil || a.OffersIn != 3000 || a.OffersKept() != assemble.MaxOffers || a.Drops[travel.RuleTooMany] != 2000 {
		t.Errorf("%d in, %d kept, drops %v, %v", a.OffersIn, a.OffersKept(), a.Drops, err)
	}
	providertest.Consistent(t, &a)
}

func hotelAt(t *testing.T, at string, options map[string]string) *Hotel {
	t.Helper()
	c, err := NewHotel(config(t, at, options), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestHotelConformance(t *testing.T) {
	list := providertest.Load(t, "amadeus/hotel_list.json")
	providertest.Run(t, providertest.Protocol{
		New:         func(cfg wire.Config) (providertest.Asker, error) { return NewHotel(cfg, nil) },
		Credentials: credentials,
		Query:       doubles(),
		Good:        providertest.Load(t, "amadeus/hotel_search.json"),
		Empty:       providertest.Load(t, "amadeus/hotel_empty.json"),
		Error:       providertest.Load(t, "amadeus/hotel_error.json"),
		ContentType: media,
		Login: func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == listPath {
				w.Header().Set("Content-Type", media)
				w.Write(list)
				return true
			}
			return login(w, r)
		},
	})
}

func FuzzDecodeHotel(f *testing.F) {
	for _, name := range hotelDocuments {
		f.Add(providertest.Load(f, "amadeus/"+name+".json"))
	}
	asked := &asked{checkIn: travel.NewDate(2027, 3, 1), checkOut: travel.NewDate(2027, 3, 4), room: travel.RateRoom{Count: 1, Occupancy: travel.Occupancy{Adults: 2, ChildAges: []int{}}}}
	f.Fuzz(func(t *testing.T, doc []byte) {
		decodeList(doc, doubles().Destination, 10)
		a, err := DecodeHotel(doc, nil)
		if err != nil {
			return
		}
		providertest.Consistent(t, &a)
		b, err := decodeHotel(doc, places.Default(), asked, assemble.MaxOffers)
		if err != nil {
			t.Fatalf("an answer without a question only: %v", err)
		}
		combined := assemble.CombineRooms(b, doubles().Rooms)
		providertest.Consistent(t, &combined)
	})
}
