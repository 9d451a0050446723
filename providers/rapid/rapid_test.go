package rapid

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
)

func TestGolden(t *testing.T) {
	for _, name := range []string{"availability", "party", "unusual", "drops", "empty", "error", "content"} {
		t.Run(name, func(t *testing.T) {
			a, err := Decode(providertest.Load(t, "rapid/"+name+".json"), nil)
			providertest.Golden(t, "rapid/"+name, a, err)
		})
	}
	t.Run("asked", func(t *testing.T) {
		known := map[string]content{}
		all, err := decodeContent(providertest.Load(t, "rapid/content.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, about := range all {
			known[about.ID] = about
		}
		ask := asked{rooms: assemble.GroupRooms(one().Rooms), content: func(id string) (content, bool) { c, ok := known[id]; return c, ok }}
		a, err := decode(providertest.Load(t, "rapid/availability.json"), ask)
		providertest.Golden(t, "rapid/asked", a, err)
		ask.rooms = assemble.GroupRooms(party().Rooms)
		a, err = decode(providertest.Load(t, "rapid/party.json"), ask)
		providertest.Golden(t, "rapid/asked_party", a, err)
	})
}

// one is a room for two; party two of those and a room for one adult with a child.
func one() travel.Query {
	return travel.Query{Product: travel.Hotels, Market: "GB", StayQuery: travel.StayQuery{
		Destination: travel.Destination{Place: "PAR", Lat: 48.8566, Lon: 2.3522, RadiusKM: 15}, CheckIn: travel.NewDate(2027, 3, 1), CheckOut: travel.NewDate(2027, 3, 3),
		Rooms: []travel.Occupancy{{Adults: 2, ChildAges: []int{}}}}}
}

func party() travel.Query {
	q := one()
	q.Market = "FR"
	q.Rooms = []travel.Occupancy{{Adults: 1, ChildAges: []int{7}}, {Adults: 2, ChildAges: []int{}}, {Adults: 2, ChildAges: []int{}}}
	return q
}

func TestVendorPayloads(t *testing.T) {
	a, err := Decode(providertest.Vendor(t, "expedia-rapid/availability_1property.json"), nil)
	if err != nil || a.OffersKept() != 1 {
		t.Fatalf("Decode() = %d kept, drops %v, %v", a.OffersKept(), a.Drops, err)
	}
	// 717.00 for each of its two rooms, the second as 702.00 and three fees of 5.00.
	want := `19248/123abc/333abc "Fancy Queen Room" 123abc "": CAD 1434.00 (base CAD 1256.00, taxes CAD 148.00, fees CAD 30.00, at the property CAD 30.00) "deposit"`
	r := a.Stays[0].Rates[0]
	got := providertest.RateLine(&r)
	if r.Payment != travel.PayNow || !strings.Contains(got, strings.TrimSuffix(want, ` "deposit"`)) ||
		!strings.Contains(got, "from 2018-02-12T19:59:00Z USD 10.00 1x(2+[]) 1x(1+[7 10]) left 12 until 2019-03-05T07:23:14Z") {
		t.Errorf("rate = %s", got)
	}
	a, err = decode(providertest.Vendor(t, "expedia-rapid/availability_1property.json"), asked{rooms: assemble.GroupRooms(one().Rooms)})
	if err != nil || a.Stays[0].Rates[0].Price.Total.String() != "CAD 717.00" || a.Stays[0].Rates[0].PayAtProperty.String() != "CAD 15.00" {
		t.Errorf("for two: %+v, %v, want CAD 717.00 of which 15.00 at the property", a.Stays, err)
	}
	for name, want := range map[string]string{
		"content_single_property": "malformed",
		"error_400":               "http_4xx invalid_input",
		"error_429":               "http_429 too_many_requests",
	} {
		_, err := Decode(providertest.Vendor(t, "expedia-rapid/"+name+".json"), nil)
		var e *fault.Error
		if !errors.As(err, &e) || strings.TrimSpace(string(e.Cause)+" "+e.Code) != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	all, err := decodeContent(providertest.Vendor(t, "expedia-rapid/content_single_property.json"))
	if err != nil || len(all) != 1 || all[0].Name != "Test Property Name" || all[0].Stars != 3.5 || all[0].Lat != 37.158451 || all[0].Address != "123 Main St, Apt A, 65804 Springfield, US" {
		t.Errorf("content = %+v, %v", all, err)
	}
}

func TestRefusedDocuments(t *testing.T) {
	good := string(providertest.Load(t, "rapid/availability.json"))
	for name, doc := range map[string]string{
		"nothing known": `{}`, "a number": `1`, "texts": `["a"]`, "objects": `[{}]`, "geography": string(providertest.Load(t, "rapid/geography.json")),
		"another protocol": string(providertest.Load(t, "hotelbeds/availability.json")),
		"other flights":    string(providertest.Load(t, "kiwi/v1.json")),
		"flights":          string(providertest.Load(t, "duffel/one.json")),
		"a page":           `<html>502</html>`, "no bytes": ``,
		"a key twice":       strings.Replace(good, `"refundable"`, `"refundable":true,"refundable"`, 1),
		"priced twice":      strings.Replace(good, `"occupancy_pricing": {`, `"occupancy_pricing": {"2":{},`, 1),
		"an id in capitals": strings.Replace(good, `"property_id"`, `"PROPERTY_ID":"1","property_id"`, 1),
	} {
		if a, err := Decode([]byte(doc), nil); err == nil || fault.Of(err).Cause != fault.Malformed {
			t.Errorf("%s: Decode() = %d rates, %v, want malformed", name, a.OffersKept(), err)
		}
		if doc == "" || doc[0] == '<' { // what is no JSON is said to be none
			if _, err := Decode([]byte(doc), nil); !strings.Contains(err.Error(), "expected a value") {
				t.Errorf("%s: %v, want what was expected", name, err)
			}
		}
	}
	for _, doc := range []string{`[]`, ` [ ] `, `{"properties":[]}`, "\ufeff[]", `{"type":"no_availability","message":"No availability was found."}`} {
		if a, err := Decode([]byte(doc), nil); err != nil || a.OffersIn != 0 {
			t.Errorf("%s: Decode() = %d rates, %v, want an empty answer", doc, a.OffersIn, err)
		}
	}
}

func TestErrorsByType(t *testing.T) {
	for kind, want := range map[string]fault.Cause{"request_unauthenticated": fault.Unauthorized, "request_unauthorized": fault.Unauthorized,
		"unknown_internal_error": fault.HTTP5xx, "service_unavailable": fault.HTTP5xx, "upgrade_required": fault.HTTP4xx, "something_new": fault.PartnerError} {
		_, err := Decode([]byte(`{"message":"No.","fields":[{"name":"apikey","value":"canary"}],"type":"`+kind+`"}`), nil)
		e := fault.Of(err)
		if e == nil || e.Cause != want || e.Code != kind || e.Detail != kind+": No." || e.Status != want.Status() {
			t.Errorf("%s: %+v, want %s", kind, e, want)
		}
	}
}

func TestBoards(t *testing.T) {
	for name, want := range map[string]travel.Board{"Free breakfast": travel.BedAndBreakfast, "Breakfast buffet": travel.BedAndBreakfast, "Half-Board": travel.HalfBoard,
		"Full board": travel.FullBoard, "All meals": travel.FullBoard, "All Inclusive": travel.AllInclusive, "Breakfast for 1": "", "Breakfast credit": "", "Coffee and breakfast": travel.BedAndBreakfast,
		"Breakfast and dinner": travel.HalfBoard, "Breakfast & lunch or dinner": travel.HalfBoard, "Breakfast, lunch and dinner": travel.FullBoard, "Lunch": "",
		"Breakfast (surcharge)": "", "Free parking": "", "": ""} {
		if got := boardOf("1", name); got != want {
			t.Errorf("boardOf(%q) = %q, want %q", name, got, want)
		}
	}
	if boardOf("2104", "Petit-déjeuner") != travel.BedAndBreakfast {
		t.Error("2104 is a breakfast in any language")
	}
}

func TestOccupancies(t *testing.T) {
	for key, want := range map[string]string{"2": "{2 []} true", "2-9,4": "{2 [4 9]} true", "1-0": "{1 [0]} true", " 3 ": "{3 []} true", "": "false", "0": "false", "2-x": "false", "2-4,-1": "false", "999": "false"} {
		o, ok := occupancyOf(key)
		if got := fmt.Sprint(o, ok); got != want && !(want == "false" && !ok) {
			t.Errorf("occupancyOf(%q) = %s, want %s", key, got, want)
		}
		if key == "2-9,4" && occupancy(o) != "2-4,9" {
			t.Errorf("occupancy(%v) = %s", o, occupancy(o))
		}
	}
}

func TestSignature(t *testing.T) {
	// printf 'keysecret1803895200' | sha512sum
	const want = "e4e30e6b63efe4150b2bfc055028dc68104baf915e81e32c0fe405b93e449db0c603586518e18e52ab3610c262f1de810ce8eb32c3d8daa26e21e130d3e288cd"
	if got := signature512("key", "secret", time.Unix(1803895200, 5e8)); got != want {
		t.Errorf("signature = %s, want %s", got, want)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Unix(1803895200, 0)
	minute, day := fmt.Sprint(now.Add(20*time.Second).UnixMilli()), fmt.Sprint(now.Add(30*time.Minute).UnixMilli())
	header := func(pairs ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(pairs); i += 2 {
			h.Set(pairs[i], pairs[i+1])
		}
		return h
	}
	for _, c := range []struct {
		header http.Header
		want   time.Duration
	}{
		{header(), 0},
		{header("Rate-Limit-Minute-Remaining", "0", "Rate-Limit-Minute-Reset", minute), 20 * time.Second},
		{header("Rate-Limit-Minute-Reset", minute, "Rate-Limit-Day-Remaining", "0", "Rate-Limit-Day-Reset", day), 30 * time.Minute},
		{header("Rate-Limit-Minute-Reset", minute, "Rate-Limit-Day-Remaining", "12.5", "Rate-Limit-Day-Reset", day), 20 * time.Second},
		{header("Rate-Limit-Minute-Reset", "soon"), 0},
		{header("Rate-Limit-Minute-Reset", "99999999999999"), time.Hour},
		{header("Rate-Limit-Minute-Reset", "1"), 0},
	} {
		if got := retryAfter(c.header, now); got != c.want {
			t.Errorf("%v: %v, want %v", c.header, got, c.want)
		}
	}
}

func TestNextLink(t *testing.T) {
	for links, want := range map[string]string{
		`<https://a.example/v3/x?token=a,b;c>; rel="next"; expires=2027-01-01T00:00:00Z`: "https://a.example/v3/x?token=a,b;c",
		`</v3/first>; rel=first, </v3/more>; rel=next`:                                   "/v3/more",
		`</v3/x>; rel="prev"`: "", `no link`: "", `<open`: "", ``: "",
	} {
		if got := nextLink(http.Header{"Link": {links}}); got != want {
			t.Errorf("%s: %q, want %q", links, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"availability", "party", "unusual", "drops", "empty", "error", "content", "geography"} {
		f.Add(providertest.Load(f, "rapid/"+name+".json"))
	}
	rooms := assemble.GroupRooms(party().Rooms)
	f.Fuzz(func(t *testing.T, doc []byte) {
		for _, ask := range []asked{{}, {rooms: rooms, content: func(id string) (content, bool) {
			return content{Property: travel.Property{ID: id, Name: "Hotel", Lat: 48.9, Lon: 2.4, HasGeo: true}}, true
		}}} {
			if a, err := decode(doc, ask); err == nil {
				providertest.Consistent(t, &a)
			}
		}
		if ids, err := decodeGeography(doc); err == nil && len(ids) > len(doc) {
			t.Fatalf("%d ids of %d bytes", len(ids), len(doc))
		}
		all, _ := decodeContent(doc)
		for _, about := range all {
			if about.Name == "" || len(about.Address) > document.MaxName || about.Stars > 5 {
				t.Fatalf("%+v", about)
			}
		}
	})
}

// TestBounded: a room of very many rates keeps the cheapest, and whatever is repeated
// without end is no more than noticed.
func TestBounded(t *testing.T) {
	var rates []string
	for i := range 5000 {
		rates = append(rates, fmt.Sprintf(`{"id":"%d","occupancy_pricing":{"2":{"totals":{"inclusive":{"billable_currency":{"value":"%d.00","currency":"EUR"}}}}}}`, i, 6000-i))
	}
	a, err := Decode([]byte(`[{"property_id":"1","status":"available","rooms":[{"id":"r","rates":[`+strings.Join(rates, ",")+`]}]}]`), nil)
	if err != nil || a.OffersIn != 5000 || a.OffersKept() != assemble.MaxOffers || a.Drops[travel.RuleTooMany] != 4000 {
		t.Fatalf("Decode() = %d in, %d kept, drops %v, %v", a.OffersIn, a.OffersKept(), a.Drops, err)
	}
	for _, r := range a.Stays[0].Rates {
		if r.Price.Total.Minor > 2000_00 {
			t.Fatalf("%s is none of the cheapest", r.Price.Total)
		}
	}
	providertest.Consistent(t, &a)
	price := `{"totals":{"inclusive":{"billable_currency":{"value":"5.00","currency":"EUR"}}}}`
	var many []string
	for i := range 500 {
		many = append(many, fmt.Sprintf(`"1-%d":%s`, i, price))
	}
	a, err = Decode([]byte(`[{"property_id":"1","status":"available","rooms":[{"id":"r","rates":[{"id":"many","occupancy_pricing":{`+strings.Join(many, ",")+`}},`+
		`{"id":"fined","refundable":true,"cancel_penalties":[`+strings.Repeat(`{},`, 1000)+`{}],"occupancy_pricing":{"2":`+price+`}}]}]}]`), nil)
	if err != nil || a.Drops[travel.RuleWrongOccupancy] != 1 || a.OffersKept() != 1 || a.Notes["cancellation_unreadable"] != maxPenalties {
		t.Errorf("Decode() = %+v, %v", a, err)
	}
}

func TestWhatIsFree(t *testing.T) {
	for conditions, want := range map[string]string{
		`"refundable":true`: "yes true",
		`"refundable":true,"current_refundability":"refundable"`:                                    "yes true",
		`"refundable":true,"nonrefundable_date_ranges":[]`:                                          "yes true",
		`"refundable":true,"current_refundability":"partially_refundable"`:                          "yes false",
		`"refundable":true,"nonrefundable_date_ranges":[{"start":"2027-03-02","end":"2027-03-02"}]`: "yes false",
		`"refundable":false`: "no false",
		`"refundable":true,"current_refundability":"non_refundable"`: "no false",
		`"refundable":null`: "? false",
	} {
		a, err := Decode([]byte(`[{"property_id":"1","status":"available","rooms":[{"id":"r","rates":[{"id":"x",`+conditions+`,"cancel_penalties":[{"start":"2027-02-20T12:00:00Z","amount":"9.00","currency":"EUR"}],`+
			`"occupancy_pricing":{"2":{"totals":{"inclusive":{"billable_currency":{"value":"80.00","currency":"EUR"}}}}}}]}]}]`), nil)
		if err != nil || a.OffersKept() != 1 {
			t.Fatalf("%s: %+v, %v", conditions, a, err)
		}
		c := a.Stays[0].Rates[0].Cancellation
		if got := fmt.Sprint([]string{"?", "no", "yes"}[c.Refundable], " ", !c.FreeUntil.IsZero()); got != want || len(c.Steps) != 1 {
			t.Errorf("%s: refundable and free: %s with %d steps, want %s with 1", conditions, got, len(c.Steps), want)
		}
	}
}
