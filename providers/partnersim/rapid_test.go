package partnersim

import (
	"bytes"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"fanfare/providers/partnersim/rapid"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

const (
	rapidParis  = `{"type":"Polygon","coordinates":[[[2.2,48.8],[2.5,48.8],[2.5,48.92],[2.2,48.92],[2.2,48.8]]]}`
	rapidInside = rapid.Geography + "?include=property_ids&supply_source=expedia"
	rapidRates  = rapid.Availability + "?checkin=2027-03-01&checkout=2027-03-04&currency=USD&country_code=US&language=en-US&occupancy=2&rate_plan_count=250&sales_channel=meta&sales_environment=hotel_only"
)

// rapidCall is a good request that the vendor answers; with a body it is a POST.
func rapidCall(target, body string) *http.Request {
	r := httptest.NewRequest("GET", target, nil)
	if body != "" {
		r = httptest.NewRequest("POST", target, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", rapidSign("key", "secret", testNow.Unix()))
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.Set("User-Agent", "Test/1.0")
	return r
}

func rapidSign(key, secret string, unix int64) string {
	stamp := strconv.FormatInt(unix, 10)
	sum := sha512.Sum512([]byte(key + secret + stamp))
	return "EAN APIKey=" + key + ",Signature=" + hex.EncodeToString(sum[:]) + ",timestamp=" + stamp
}

func rapidPartner(w *world.World, behaviour Behaviour) *Partner {
	behaviour.NoGzip = true // documents are read as they are written
	return NewPartner(w, Spec{Name: "slipper", Protocol: "rapid", Currency: "EUR", Credentials: map[string]string{"api_key": "key", "secret": "secret"}, MaxOffers: 200, Behaviour: behaviour})
}

func rapidIDs(t *testing.T, p http.Handler, polygon string) []string {
	t.Helper()
	rw := call(p, rapidCall(rapidInside, polygon))
	var doc map[string]rapid.Place
	if err := json.Unmarshal(rw.Body.Bytes(), &doc); err != nil || rw.Code != 200 {
		t.Fatalf("%d %v: %.300s", rw.Code, err, rw.Body)
	}
	for id, place := range doc {
		if place.ID != id {
			t.Errorf("%s is under %s", place.ID, id)
		}
	}
	return slices.Sorted(maps.Keys(doc))
}

func rapidAsk(t *testing.T, p http.Handler, query string, ids []string) []rapid.PropertyDoc {
	t.Helper()
	rw := call(p, rapidCall(query+"&property_id="+strings.Join(ids, "&property_id="), ""))
	var doc []rapid.PropertyDoc
	if err := json.Unmarshal(rw.Body.Bytes(), &doc); err != nil || rw.Code != 200 {
		t.Fatalf("%d %v: %.300s", rw.Code, err, rw.Body)
	}
	return doc
}

// rapidSchema is a schema of the vendor's specification, under which nothing is allowed that it does not name.
func rapidSchema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	var spec any
	if err := yaml.Unmarshal(vendorFile(t, "expedia-rapid/openapi_rapid_v3.yaml"), &spec); err != nil {
		t.Fatal(err)
	}
	doc := asJSON(t, spec).(map[string]any)
	schemas := doc["components"].(map[string]any)["schemas"].(map[string]any)
	for key, s := range schemas {
		if s := s.(map[string]any); s["allOf"] != nil {
			s["unevaluatedProperties"] = false
		} else if s["properties"] != nil && s["additionalProperties"] == nil && key != "Property" {
			s["additionalProperties"] = false
		}
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("spec.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("spec.json#/components/schemas/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func fits(t *testing.T, schema *jsonschema.Schema, doc any) {
	t.Helper()
	text, _ := json.Marshal(doc)
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("%.100s: %v", text, err)
	}
}

func TestRapidAnswersFitTheVendorsSchema(t *testing.T) {
	available, unavailable := rapidSchema(t, "PropertyAvailability"), rapidSchema(t, "PropertyUnavailability")
	place, content, failure := rapidSchema(t, "PropertyGeography"), rapidSchema(t, "PropertyContent"), rapidSchema(t, "Error")
	p := rapidPartner(testWorld(1), Behaviour{})
	ids := rapidIDs(t, p, rapidParis)
	fits(t, place, rapid.Place{ID: ids[0]})
	sold, missing := 0, 0
	for _, more := range []string{"", "&occupancy=2-9,4&occupancy=2&include=unavailable_reason&include=" + rapid.Mobile + "&include=" + rapid.Incentives + "&include=" + rapid.Refundability} {
		for _, prop := range rapidAsk(t, p, rapidRates+more, ids) {
			if prop.Status == "available" {
				fits(t, available, prop)
				sold++
			} else {
				fits(t, unavailable, prop)
				missing++
			}
		}
	}
	if sold < 100 || missing < 5 {
		t.Errorf("%d properties with rates, %d without", sold, missing)
	}
	var all map[string]any
	rw := call(p, rapidCall(rapid.ContentName+"?language=en-US&supply_source=expedia&property_id="+ids[0]+"&property_id="+ids[1], ""))
	if err := json.Unmarshal(rw.Body.Bytes(), &all); err != nil || len(all) != 2 {
		t.Fatalf("content of %d properties, %v: %.300s", len(all), err, rw.Body)
	}
	for _, one := range all {
		fits(t, content, one)
	}
	var e any
	json.Unmarshal(call(p, rapidCall(rapidRates, "")).Body.Bytes(), &e)
	fits(t, failure, e)
}

// TestRapidPricesAddUp: nights and stay make the totals, in both currencies, and what the property takes makes the rest.
func TestRapidPricesAddUp(t *testing.T) {
	p := rapidPartner(testWorld(1), Behaviour{})
	rates, fees, seen := 0, 0, map[string]int{}
	for _, prop := range rapidAsk(t, p, rapidRates+"&occupancy=2-7&include="+rapid.Refundability, rapidIDs(t, p, rapidParis)) {
		for _, room := range prop.Rooms {
			for _, r := range room.Rates {
				rates++
				seen[r.Merchant]++
				seen[r.Refundability]++
				if len(r.Pricing) != 2 || len(r.Beds) == 0 || r.Refundability != "refundable" == r.Refundable {
					t.Errorf("%s: occupancies %v, %d bed groups, %s and %v", r.ID, slices.Sorted(maps.Keys(r.Pricing)), len(r.Beds), r.Refundability, r.Refundable)
				}
				for who, price := range r.Pricing {
					if rapidAdds(t, prop.ID+" "+r.ID+" "+who, price) {
						fees++
					}
				}
			}
		}
	}
	t.Logf("%d rates: %v, %d prices with fees at the property", rates, seen, fees)
	if rates < 500 || fees < 100 || seen["property"] < 50 || seen["partially_refundable"] == 0 {
		t.Errorf("%d rates, %v, %d with fees", rates, seen, fees)
	}
}

func rapidAdds(t *testing.T, name string, p rapid.PriceDoc) (fees bool) {
	t.Helper()
	minor := func(a rapid.AmountDoc) int64 {
		m, err := travel.ParseMoney(a.Value, travel.Currency(a.Currency))
		if err != nil && !strings.HasPrefix(a.Value, "-") {
			t.Errorf("%s: %q %s: %v", name, a.Value, a.Currency, err)
		}
		if strings.HasPrefix(a.Value, "-") {
			m, _ = travel.ParseMoney(a.Value[1:], travel.Currency(a.Currency))
			m.Minor = -m.Minor
		}
		return m.Minor
	}
	exclusive, inclusive := int64(0), int64(0)
	for _, night := range append(slices.Clone(p.Nightly), p.Stay) {
		for _, a := range night {
			inclusive += minor(a)
			if slices.Contains([]string{"base_rate", "extra_person_fee", "adjustment"}, a.Type) {
				exclusive += minor(a)
			}
		}
	}
	if len(p.Nightly) != 3 || inclusive != minor(p.Totals["inclusive"].Billable) || exclusive != minor(p.Totals["exclusive"].Billable) {
		t.Errorf("%s: %d nights of %d, %d without taxes; totals %+v", name, len(p.Nightly), inclusive, exclusive, p.Totals)
	}
	for _, of := range []func(rapid.ChargeDoc) rapid.AmountDoc{func(c rapid.ChargeDoc) rapid.AmountDoc { return c.Billable }, func(c rapid.ChargeDoc) rapid.AmountDoc { return c.Request }} {
		sum := minor(of(p.Totals["inclusive"]))
		for _, f := range p.Fees {
			sum += minor(of(f))
		}
		if all, ok := p.Totals["property_inclusive"]; ok && minor(of(all)) != sum {
			t.Errorf("%s: with fees %d, property_inclusive %+v", name, sum, of(all))
		}
	}
	return len(p.Fees) > 0
}

func TestRapidContent(t *testing.T) {
	p := rapidPartner(testWorld(1), Behaviour{})
	ids := rapidIDs(t, p, rapidParis)
	var some map[string]map[string]any
	rw := call(p, rapidCall(rapid.ContentName+"?language=en-US&supply_source=expedia&include=name&include=location&property_id="+ids[0]+"&property_id=7", ""))
	if json.Unmarshal(rw.Body.Bytes(), &some); len(some) != 1 || len(some[ids[0]]) != 3 || some[ids[0]]["name"] == "" {
		t.Errorf("content: %s", rw.Body)
	}
	seen, pages := map[string]bool{}, 0
	for next := rapid.ContentName + "?language=en-US&supply_source=expedia&include=name&country_code=US"; next != "" && pages < 50; pages++ {
		rw := call(p, rapidCall(next, ""))
		var page map[string]any
		if err := json.Unmarshal(rw.Body.Bytes(), &page); err != nil || rw.Code != 200 || len(page) > rapid.Page {
			t.Fatalf("page %d of %d: %d %v: %.200s", pages, len(page), rw.Code, err, rw.Body)
		}
		for id := range page {
			if seen[id] {
				t.Errorf("%s comes twice", id)
			}
			seen[id] = true
		}
		link, _, more := strings.Cut(strings.TrimPrefix(rw.Header().Get("Link"), "<"), ">")
		if next = ""; more {
			u, err := url.Parse(link)
			if err != nil {
				t.Fatal(err)
			}
			next = u.RequestURI()
		}
		if total := rw.Header().Get("Pagination-Total-Results"); next == "" && total != strconv.Itoa(len(seen)) {
			t.Errorf("%d properties on %d pages, total %s", len(seen), pages+1, total)
		}
	}
	if pages < 2 {
		t.Errorf("%d properties in the United States on %d pages", len(seen), pages)
	}
}

func TestRapidRefuses(t *testing.T) {
	p := rapidPartner(testWorld(1), Behaviour{})
	id := rapidIDs(t, p, rapidParis)[0]
	rates := func(old, new string) *http.Request {
		return rapidCall(strings.Replace(rapidRates+"&property_id="+id, old, new, 1), "")
	}
	area := func(old, new string) *http.Request {
		return rapidCall(rapidInside, strings.Replace(rapidParis, old, new, 1))
	}
	content := func(query string) *http.Request { return rapidCall(rapid.ContentName+"?"+query, "") }
	with := func(name, value string) *http.Request {
		r := rates("", "")
		if r.Header.Set(name, value); value == "" {
			r.Header[name] = nil
		}
		return r
	}
	post := rates("", "")
	post.Method = "POST"
	for _, c := range []struct {
		name    string
		request *http.Request
		status  int
		want    string // somewhere in the answer
	}{
		{"path", rapidCall("/v3/properties/availabilities", ""), 404, `"resource_not_found"`},
		{"method", post, 405, `"method_not_allowed"`},
		{"no authorization", with("Authorization", ""), 401, `"type":"request_unauthenticated"`},
		{"bearer", with("Authorization", "Bearer key"), 401, `"request_unauthenticated"`},
		{"other key", with("Authorization", rapidSign("other", "secret", testNow.Unix())), 401, `"value":"other"`},
		{"other secret", with("Authorization", rapidSign("key", "other", testNow.Unix())), 401, `"request_unauthenticated"`},
		{"old signature", with("Authorization", rapidSign("key", "secret", testNow.Unix()-301)), 401, `"servertimestamp"`},
		{"early signature", with("Authorization", rapidSign("key", "secret", testNow.Unix()+301)), 401, `"servertimestamp"`},
		{"milliseconds", with("Authorization", rapidSign("key", "secret", testNow.UnixMilli())), 401, `"request_unauthenticated"`},
		{"no gzip", with("Accept-Encoding", "identity"), 400, "accept_encoding.invalid"},
		{"accept", with("Accept", "application/xml"), 400, "accept.invalid"},
		{"user agent", with("User-Agent", ""), 400, "user_agent.required"},
		{"test header", with("Test", "anything"), 400, "test.content_invalid"},
		{"ordered 503", with("Test", "service_unavailable"), 503, `"service_unavailable"`},
		{"ordered 500", with("Test", "unknown_internal_error"), 500, `"unknown_internal_error"`},
		{"customer", with("Customer-Ip", "somewhere"), 400, "customer_ip.invalid"},
		{"unknown parameter", rates("checkin=", "check_in=1&checkin="), 400, "check_in.not_supported"},
		{"no check-in", rates("checkin=2027-03-01&", ""), 400, "checkin.required"},
		{"bad date", rates("2027-03-01", "2027-3-1"), 400, `"type":"checkin.invalid_date_format"`},
		{"past", rates("2027-03-01", "2026-03-01"), 400, "checkin.invalid_date_in_the_past"},
		{"far", rates("checkin=2027-03-01&checkout=2027-03-04", "checkin=2029-03-01&checkout=2029-03-04"), 400, "too_far_out"},
		{"backwards", rates("2027-03-04", "2027-03-01"), 400, "checkout_before_checkin"},
		{"too long", rates("2027-03-04", "2027-04-04"), 400, "length_of_stay_too_long"},
		{"currency", rates("USD", "XXQ"), 400, "currency.not_supported"},
		{"two currencies", rates("currency=USD", "currency=USD&currency=EUR"), 400, "currency.above_maximum"},
		{"country", rates("country_code=US", "country_code=usa"), 400, "country_code.invalid"},
		{"language", rates("en-US", "en"), 400, "language.not_supported"},
		{"no language", rates("&language=en-US", ""), 400, "language.required"},
		{"no adults", rates("occupancy=2", "occupancy=0-3"), 400, "below_minimum"},
		{"occupancy", rates("occupancy=2", "occupancy=two"), 400, "occupancy.invalid_format"},
		{"child of 18", rates("occupancy=2", "occupancy=2-18"), 400, "child_age"},
		{"nine rooms", rates("occupancy=2", strings.Repeat("occupancy=2&", 8)+"occupancy=2"), 400, "number_of_occupancies.invalid_above_maximum"},
		{"no property", rapidCall(rapidRates, ""), 400, "property_id.required"},
		{"a name", rates("property_id=", "property_id=abc"), 400, "property_id.must_be_numeric"},
		{"251 properties", rapidCall(rapidRates+strings.Repeat("&property_id=1", 251), ""), 400, "property_id.above_maximum"},
		{"rate plans", rates("rate_plan_count=250", "rate_plan_count=251"), 400, "rate_plan_count.invalid"},
		{"channel", rates("meta", "television"), 400, "sales_channel.not_supported"},
		{"include", rates("occupancy=2", "occupancy=2&include=free_money"), 400, `"include.not_supported"`},
		{"geography: include", rapidCall(strings.Replace(rapidInside, "property_ids", "names", 1), rapidParis), 400, "include.not_supported"},
		{"geography: no source", rapidCall(rapid.Geography+"?include=property_ids", rapidParis), 400, "supply_source.required"},
		{"geography: vrbo", rapidCall(rapid.Geography+"?include=property_ids&supply_source=vrbo", rapidParis), 403, `"request_unauthorized"`},
		{"geography: point", area("Polygon", "Point"), 400, "polygon.type_not_supported"},
		{"geography: nothing", rapidCall(rapidInside, `{"type":"Polygon","coordinates":[]}`), 400, "polygon.coordinates_required"},
		{"geography: open", area(",[2.2,48.8]]", "]"), 400, "polygon.ring_not_closed"},
		{"geography: latitude first", area("[2.5,48.8]", "[2.5,98.8]"), 400, "polygon.coordinates_out_of_range"},
		{"geography: large", area("48.92", "58.92"), 400, "polygon.too_large"},
		{"geography: text", rapidCall(rapidInside, "x"), 400, "polygon.invalid"},
		{"content: all", content("language=en-US&supply_source=expedia"), 400, "property_id.required"},
		{"content: include", content("language=en-US&supply_source=expedia&property_id=1&include=stars"), 400, "include.not_supported"},
		{"content: link", content("token=abc"), 400, "link.invalid"},
	} {
		rw := call(p, c.request)
		if rw.Code != c.status || !strings.Contains(rw.Body.String(), c.want) {
			t.Errorf("%s: status %d, want %d with %q: %.400s", c.name, rw.Code, c.status, c.want, rw.Body)
		}
		if rw.Code == 401 && rw.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no WWW-Authenticate", c.name)
		}
	}
	if rw := call(p, rates("", "")); rw.Code != 200 || rw.Header().Get("Rate-Limit-Minute-Remaining") == "" {
		t.Errorf("a good request: %d %v %.200s", rw.Code, rw.Header(), rw.Body)
	}
}

// TestRapidHonoursTheQuestion: the polygon, the number of rates, filters and rooms.
func TestRapidHonoursTheQuestion(t *testing.T) {
	p := rapidPartner(testWorld(1), Behaviour{})
	ids := rapidIDs(t, p, rapidParis)
	if none := rapidIDs(t, p, strings.NewReplacer("2.", "-150.", "48.", "-48.").Replace(rapidParis)); len(none) != 0 {
		t.Errorf("%d properties in the ocean", len(none))
	}
	small := rapidIDs(t, p, `{"type":"Polygon","coordinates":[[[2.33,48.85],[2.37,48.85],[2.35,48.87],[2.33,48.85]]]}`)
	if len(small) == 0 || len(small) >= len(ids) {
		t.Errorf("%d properties in a part of %d", len(small), len(ids))
	}
	if got := rapidAsk(t, p, rapidRates, []string{"1", "99999999999"}); len(got) != 0 {
		t.Errorf("unknown properties: %+v", got)
	}
	for _, prop := range rapidAsk(t, p, strings.Replace(rapidRates, "count=250", "count=3", 1), ids) {
		n := 0
		for _, room := range prop.Rooms {
			n += len(room.Rates)
		}
		if n > 3 || n == 3 != (prop.Links["additional_rates"].Href != "") {
			t.Errorf("%s has %d rates, links %v", prop.ID, n, prop.Links)
		}
	}
	for _, prop := range rapidAsk(t, p, rapidRates+"&filter=refundable&filter=property_collect", ids) {
		for _, room := range prop.Rooms {
			for _, r := range room.Rates {
				if !r.Refundable || r.Merchant != "property" {
					t.Errorf("%s %s is let through: %v, %s", prop.ID, r.ID, r.Refundable, r.Merchant)
				}
			}
		}
	}
	one, two := rapidAsk(t, p, rapidRates, ids), rapidAsk(t, p, rapidRates+"&occupancy=2", ids)
	if len(two) > len(one) || len(two) < len(one)*8/10 || len(two[0].Rooms[0].Rates[0].Pricing) != 1 {
		t.Errorf("%d properties have one room, %d two; %+v", len(one), len(two), two[0].Rooms[0].Rates[0])
	}
	exact := rapidPartner(testWorld(1), Behaviour{Offers: 37})
	if ids := rapidIDs(t, exact, rapidParis); len(ids) != 37 || len(rapidAsk(t, exact, rapidRates, ids)) != 37 {
		t.Errorf("%d properties, want 37", len(ids))
	}
}

func TestRapidSameSeedSameBytes(t *testing.T) {
	answer := func(seed uint64) string {
		p := rapidPartner(testWorld(seed), Behaviour{})
		ids := rapidIDs(t, p, rapidParis)
		rates := call(p, rapidCall(rapidRates+"&property_id="+strings.Join(ids, "&property_id="), ""))
		content := call(p, rapidCall(rapid.ContentName+"?language=en-US&supply_source=expedia&property_id="+ids[0], ""))
		return fmt.Sprint(ids) + rates.Body.String() + content.Body.String()
	}
	first := answer(1)
	if answer(1) != first {
		t.Error("the same seed gives other bytes")
	}
	if answer(2) == first {
		t.Error("another seed gives the same bytes")
	}
}

// TestRapidReplay: geography and content know the properties of a recording.
func TestRapidReplay(t *testing.T) {
	p := Replay("rapid", []byte(`[{"property_id":"19248","status":"available"}]`), nil)
	now := func(r *http.Request) *http.Request { // a replay has no other clock
		r.Header.Set("Authorization", rapidSign("any", "thing", time.Now().Unix()))
		return r
	}
	if rw := call(p, now(rapidCall(rapidInside, rapidParis))); rw.Body.String() != `{"19248":{"property_id":"19248"}}` {
		t.Errorf("geography: %s", rw.Body)
	}
	var content map[string]struct {
		Name     string
		Location struct {
			Coordinates struct{ Latitude, Longitude float64 }
		}
	}
	rw := call(p, now(rapidCall(rapid.ContentName+"?language=en-US&supply_source=expedia&include=name&include=location&property_id=19248", "")))
	if err := json.Unmarshal(rw.Body.Bytes(), &content); err != nil || content["19248"].Name == "" || content["19248"].Location.Coordinates.Latitude < 48.8 {
		t.Errorf("content: %v %s", err, rw.Body)
	}
	if rw := call(p, now(rapidCall(rapidRates+"&property_id=19248", ""))); !strings.HasPrefix(rw.Body.String(), `[{"property_id":"19248"`) {
		t.Errorf("rates: %s", rw.Body)
	}
}

func TestPropertyCodes(t *testing.T) {
	w := testWorld(1)
	one, two := rapidPartner(w, Behaviour{}), NewPartner(w, Spec{Name: "other", Protocol: "hotelbeds"})
	same := 0
	for _, prop := range w.Within(world.Circle{Lat: 48.8566, Lon: 2.3522, Km: 20}) {
		code := one.CodeOf(prop)
		if one.Coded(code) != prop {
			t.Fatalf("property %d is known as %d and that is another", prop.Number, code)
		}
		if two.CodeOf(prop) == code {
			same++
		}
	}
	if same > 0 || one.Coded(-1) != nil || one.Coded(world.AllNumbers) != nil {
		t.Errorf("%d codes are the same for two partners", same)
	}
}
