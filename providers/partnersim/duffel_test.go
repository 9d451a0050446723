package partnersim

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"fanfare/providers/partnersim/duffel"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

func TestDuffelOffersAreSound(t *testing.T) {
	w := testWorld(1)
	p := duffelPartner(w, Behaviour{})
	for _, question := range []string{lhrJFK, lonNYC} {
		rw := call(p, duffelCall(question))
		offers := offersOf(t, rw)
		if len(offers) < 40 {
			t.Errorf("%d offers: %.100s", len(offers), question)
		}
		ids := map[string]bool{}
		for _, o := range offers {
			if ids[o.ID] {
				t.Errorf("offer %s twice", o.ID)
			}
			ids[o.ID] = true
			checkOffer(t, o)
		}
		t.Logf("%.60s: %d offers, %d bytes, %d each", question, len(offers), rw.Body.Len(), rw.Body.Len()/len(offers))
	}
}

func checkOffer(t *testing.T, o duffel.OfferDoc) {
	t.Helper()
	total, _ := travel.ParseMoney(o.TotalAmount, travel.Currency(o.TotalCurrency))
	base, _ := travel.ParseMoney(o.BaseAmount, travel.Currency(o.BaseCurrency))
	tax, err := travel.ParseMoney(o.TaxAmount, travel.Currency(o.TaxCurrency))
	if err != nil || total.Minor <= 0 || base.Minor <= 0 || base.Minor+tax.Minor != total.Minor {
		t.Errorf("%s: %s = %s + %s, %v", o.ID, o.TotalAmount, o.BaseAmount, o.TaxAmount, err)
	}
	if !o.LiveMode || o.Partial {
		t.Errorf("%s: live %v, partial %v", o.ID, o.LiveMode, o.Partial)
	}
	if expires, err := time.Parse(time.RFC3339, o.ExpiresAt); err != nil || expires.Sub(testNow) < 10*time.Minute {
		t.Errorf("%s expires at %s", o.ID, o.ExpiresAt)
	}
	var last time.Time
	for _, s := range o.Slices {
		for _, g := range s.Segments {
			dep, arr := instant(t, g.DepartingAt, g.Origin), instant(t, g.ArrivingAt, g.Destination)
			if !dep.After(last) || duffel.Duration(int(arr.Sub(dep)/time.Minute)) != g.Duration {
				t.Errorf("%s: %s%s %s to %s, %s", o.ID, g.Marketing.Code, g.MarketingNumber, dep, arr, g.Duration)
			}
			last = arr
			if len(g.Passengers) != len(o.Passengers) {
				t.Errorf("%s: %d of %d passengers on a segment", o.ID, len(g.Passengers), len(o.Passengers))
			}
		}
	}
}

func instant(t *testing.T, local string, at *duffel.PlaceDoc) time.Time {
	zone, err := time.LoadLocation(*at.TimeZone)
	if err != nil {
		t.Fatal(err)
	}
	when, err := time.ParseInLocation("2006-01-02T15:04:05", local, zone)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func TestSameSeedSameBytes(t *testing.T) {
	for _, question := range []string{lhrJFK, lonNYC} {
		one := call(duffelPartner(testWorld(1), Behaviour{}), duffelCall(question)).Body.Bytes()
		two := call(duffelPartner(testWorld(1), Behaviour{}), duffelCall(question)).Body.Bytes()
		other := call(duffelPartner(testWorld(2), Behaviour{}), duffelCall(question)).Body.Bytes()
		if !bytes.Equal(one, two) {
			t.Error("the same seed gives other bytes")
		}
		if bytes.Equal(one, other) {
			t.Error("another seed gives the same bytes")
		}
	}
	one := call(hotelbedsPartner(testWorld(1), Behaviour{}), hotelbedsCall(parisStay)).Body.Bytes()
	two := call(hotelbedsPartner(testWorld(1), Behaviour{}), hotelbedsCall(parisStay)).Body.Bytes()
	if !bytes.Equal(one, two) {
		t.Error("the same seed gives other bytes for hotels")
	}
}

func TestDuffelOperatingCarriers(t *testing.T) {
	for _, c := range []struct {
		operating         world.Operating
		noCarrier, noNumb bool // whether some segments lack them
	}{{world.OperatingStated, false, false}, {world.OperatingNumberNull, false, true}, {world.OperatingOftenUnsaid, true, true}} {
		p := NewPartner(testWorld(1), Spec{Name: "habits", Protocol: "duffel", Operating: c.operating})
		noCarrier, noNumber, shared := 0, 0, 0
		for _, o := range offersOf(t, call(p, duffelCall(lhrJFK))) {
			for _, g := range o.Slices[0].Segments {
				switch {
				case g.Operating == nil:
					noCarrier++
				case g.Operating.Code != g.Marketing.Code:
					shared++
				}
				if g.OperatingNumber == nil {
					noNumber++
				}
			}
		}
		if noCarrier > 0 != c.noCarrier || noNumber > 0 != c.noNumb || shared == 0 {
			t.Errorf("operating %d: %d segments without carrier, %d without number, %d codeshares", c.operating, noCarrier, noNumber, shared)
		}
	}
}

func TestDuffelKeysAreTheVendors(t *testing.T) {
	want, allowed := map[string]bool{}, map[string]bool{}
	samples := map[string]map[string]bool{
		"duffel/offer_request_atl-fll_roundtrip_18.json": want, // the newest live answer
		"duffel/offer_request_lhr-str_11.json":           allowed,
		"duffel/offers_list_jfk-aus_50.json":             allowed,
	}
	for name, into := range samples {
		var doc any
		if err := json.Unmarshal(vendorFile(t, name), &doc); err != nil {
			t.Fatal(err)
		}
		if m, ok := doc.(map[string]any); ok && m["data"] != nil {
			doc = m["data"]
		}
		switch d := doc.(type) {
		case map[string]any:
			keyPaths("", d, into)
		case []any:
			keyPaths("/offers", d, into)
		}
	}
	got := map[string]bool{}
	for _, question := range []string{lonNYC, lhrJFK} {
		var doc map[string]any
		json.Unmarshal(call(duffelPartner(testWorld(1), Behaviour{}), duffelCall(question)).Body.Bytes(), &doc)
		keyPaths("", doc["data"].(map[string]any), got)
	}
	for _, path := range slices.Sorted(maps.Keys(got)) {
		if !want[path] && !allowed[path] && !want["/offers"+path] { // no sample was asked for an airport: those stand in offers
			t.Errorf("%s is not in the vendor's answers", path)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if !got[path] {
			t.Errorf("%s is in the vendor's answers and not in ours", path)
		}
	}
	t.Logf("%d paths compared", len(got))
}

// keyPaths collects the path of every key below v.
func keyPaths(at string, v any, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for key, below := range v {
			into[at+"/"+key] = true
			keyPaths(at+"/"+key, below, into)
		}
	case []any:
		for _, below := range v {
			keyPaths(at, below, into)
		}
	}
}

func TestDuffelErrorsHaveTheVendorsKeys(t *testing.T) {
	for name, question := range map[string]string{"duffel/error_422_validation.json": `{"data":{}}`} {
		want, got := map[string]bool{}, map[string]bool{}
		var doc any
		if err := json.Unmarshal(vendorFile(t, name), &doc); err != nil {
			t.Fatal(err)
		}
		keyPaths("", doc, want)
		json.Unmarshal(call(duffelPartner(testWorld(1), Behaviour{}), duffelCall(question)).Body.Bytes(), &doc)
		keyPaths("", doc, got)
		if !maps.Equal(want, got) {
			t.Errorf("%s: keys %v, want %v", name, got, want)
		}
	}
}

func TestDuffelRefuses(t *testing.T) {
	p := duffelPartner(testWorld(1), Behaviour{})
	change := func(old, new string) func(*http.Request) {
		return func(r *http.Request) { *r = *duffelCall(strings.Replace(lhrJFK, old, new, 1)) }
	}
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	query := func(q string) func(*http.Request) { return func(r *http.Request) { r.URL.RawQuery = q } }
	slices7 := strings.Repeat(`{"origin":"LHR","destination":"JFK","departure_date":"2027-03-01"},`, 7)
	for _, c := range []struct {
		name            string
		spoil           func(*http.Request)
		status          int
		kind, code, ptr string
	}{
		{"path", func(r *http.Request) { r.URL.Path = "/air/offer_request" }, 404, "invalid_request_error", "not_found", ""},
		{"no token", func(r *http.Request) { r.Header.Del("Authorization") }, 401, "authentication_error", "missing_authorization_header", ""},
		{"basic", header("Authorization", "Basic c2VjcmV0"), 401, "authentication_error", "invalid_authorization_header", ""},
		{"other token", header("Authorization", "Bearer other"), 401, "authentication_error", "access_token_not_found", ""},
		{"no version", func(r *http.Request) { r.Header.Del("Duffel-Version") }, 400, "invalid_request_error", "missing_version", ""},
		{"old version", header("Duffel-Version", "beta"), 400, "invalid_request_error", "unsupported_version", ""},
		{"method", func(r *http.Request) { r.Method = "GET" }, 405, "invalid_request_error", "method_not_allowed", ""},
		{"accept", header("Accept", "text/html"), 406, "invalid_request_error", "not_acceptable", ""},
		{"media type", header("Content-Type", "application/xml"), 415, "invalid_request_error", "unsupported_format", ""},
		{"timeout short", query("supplier_timeout=1999"), 422, "validation_error", "validation_inclusion", "/supplier_timeout"},
		{"timeout long", query("supplier_timeout=60001"), 422, "validation_error", "validation_inclusion", "/supplier_timeout"},
		{"return_offers", query("return_offers=maybe"), 422, "validation_error", "validation_type", "/return_offers"},
		{"bad JSON", change(`{"data"`, `{data`), 400, "invalid_request_error", "bad_request", ""},
		{"two documents", change(`"economy"}}`, `"economy"}}{}`), 400, "invalid_request_error", "bad_request", ""},
		{"no data", func(r *http.Request) { *r = *duffelCall(`{}`) }, 400, "invalid_request_error", "missing_data_param", ""},
		{"unwrapped", func(r *http.Request) { *r = *duffelCall(`{"slices":[]}`) }, 422, "validation_error", "validation_unknown", "/slices"},
		{"unknown field", change(`"cabin_class"`, `"cabin"`), 422, "validation_error", "validation_unknown", "/cabin"},
		{"wrong type", change(`"economy"`, `1`), 422, "validation_error", "validation_type", "/cabin_class"},
		{"cabin", change(`economy`, `steerage`), 422, "validation_error", "validation_inclusion", "/cabin_class"},
		{"no slices", func(r *http.Request) { *r = *duffelCall(`{"data":{"passengers":[{"type":"adult"}]}}`) }, 422, "validation_error", "validation_required", "/slices"},
		{"no passengers", change(`[{"type":"adult"}]`, `[]`), 422, "validation_error", "validation_required", "/passengers"},
		{"seven slices", change(`"slices":[`, `"slices":[`+slices7), 422, "validation_error", "validation_length", "/slices"},
		{"unknown airport", change(`LHR`, `QQ9`), 422, "validation_error", "validation_invalid", "/slices/0/origin"},
		{"no airport", change(`"origin":"LHR",`, ``), 422, "validation_error", "validation_required", "/slices/0/origin"},
		{"same airport", change(`JFK`, `LHR`), 422, "validation_error", "validation_invalid", "/slices/0/destination"},
		{"bad date", change(`2027-03-01`, `2027-02-30`), 422, "validation_error", "validation_format", "/slices/0/departure_date"},
		{"past", change(`2027-03-01`, `2026-11-22`), 422, "validation_error", "validation_invalid", "/slices/0/departure_date"},
		{"infant alone", change(`{"type":"adult"}`, `{"type":"infant_without_seat"}`), 422, "validation_error", "validation_invalid", "/passengers"},
		{"two infants", change(`{"type":"adult"}`, `{"type":"adult"},{"age":1},{"age":0}`), 422, "validation_error", "validation_invalid", "/passengers"},
		{"negative age", change(`{"type":"adult"}`, `{"age":-1}`), 422, "validation_error", "validation_inclusion", "/passengers/0/age"},
		{"type and age", change(`{"type":"adult"}`, `{"type":"adult","age":40}`), 422, "validation_error", "validation_invalid", "/passengers/0/age"},
		{"no type", change(`{"type":"adult"}`, `{}`), 422, "validation_error", "validation_required", "/passengers/0/type"},
		{"unknown type", change(`"adult"`, `"pensioner"`), 422, "validation_error", "validation_inclusion", "/passengers/0/type"},
		{"ten passengers", change(`{"type":"adult"}`, strings.Repeat(`{"type":"adult"},`, 9)+`{"type":"adult"}`), 422, "validation_error", "validation_length", "/passengers"},
		{"connections", change(`"cabin_class"`, `"max_connections":-1,"cabin_class"`), 422, "validation_error", "validation_inclusion", "/max_connections"},
	} {
		r := duffelCall(lhrJFK)
		c.spoil(r)
		rw := call(p, r)
		var doc duffel.ErrorsDoc
		if err := json.Unmarshal(rw.Body.Bytes(), &doc); err != nil || len(doc.Errors) == 0 {
			t.Errorf("%s: %d %.300s", c.name, rw.Code, rw.Body)
			continue
		}
		e, ptr := doc.Errors[0], ""
		if e.Source != nil {
			ptr = e.Source.Pointer
		}
		if rw.Code != c.status || doc.Meta.Status != c.status || e.Type != c.kind || e.Code != c.code || ptr != c.ptr || doc.Meta.RequestID == "" {
			t.Errorf("%s: %d %s %s %q, want %d %s %s %q", c.name, rw.Code, e.Type, e.Code, ptr, c.status, c.kind, c.code, c.ptr)
		}
	}
	offersOf(t, call(p, duffelCall(lhrJFK)))
}

func TestDuffelHonoursTheQuestion(t *testing.T) {
	p := duffelPartner(testWorld(1), Behaviour{})
	for _, o := range offersOf(t, call(p, duffelCall(strings.Replace(lhrJFK, `"cabin_class"`, `"max_connections":0,"cabin_class"`, 1)))) {
		if len(o.Slices[0].Segments) != 1 {
			t.Fatalf("a connection with max_connections 0")
		}
	}
	far := strings.Replace(lhrJFK, "2027-03-01", "2029-03-01", 1)
	if n := len(offersOf(t, call(p, duffelCall(far)))); n != 0 {
		t.Errorf("%d offers for a date two years ahead", n)
	}
	six := `{"data":{"slices":[`
	for i, leg := range []string{"LHR CDG", "CDG FCO", "FCO IST", "IST DXB", "DXB SIN", "SIN SYD"} {
		from, to, _ := strings.Cut(leg, " ")
		six += fmt.Sprintf(`{"origin":"%s","destination":"%s","departure_date":"2027-03-%02d"},`, from, to, 1+3*i)
	}
	six = strings.TrimSuffix(six, ",") + `],"passengers":[{"type":"adult"}]}}`
	offers := offersOf(t, call(p, duffelCall(six)))
	if len(offers) < 10 || len(offers[0].Slices) != 6 {
		t.Errorf("six slices: %d offers", len(offers))
	}
	nine := strings.Replace(six, `{"type":"adult"}`, strings.Repeat(`{"type":"adult"},`, 8)+`{"type":"adult"}`, 1)
	rw := call(p, duffelCall(nine))
	if n := len(offersOf(t, rw)); n < 10 || rw.Body.Len() > 7<<20 {
		t.Errorf("six slices for nine: %d offers in %d bytes", n, rw.Body.Len())
	}
	t.Logf("six slices for nine: %d bytes", rw.Body.Len())
	r := duffelCall(lhrJFK)
	r.URL.RawQuery = "return_offers=false"
	if body := call(p, r).Body.String(); strings.Contains(body, `"offers"`) || !strings.Contains(body, `"id":"orq_`) {
		t.Errorf("return_offers=false: %.200s", body)
	}
}

func TestGzip(t *testing.T) {
	p := duffelPartner(testWorld(1), Behaviour{})
	plain := call(p, duffelCall(lhrJFK))
	r := duffelCall(lhrJFK)
	r.Header.Set("Accept-Encoding", "br, gzip")
	zipped := call(p, r)
	if got := zipped.Header().Get("Content-Encoding"); got != "gzip" || plain.Header().Get("Content-Encoding") != "" {
		t.Fatalf("Content-Encoding = %q", got)
	}
	z, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(z); err != nil || !bytes.Equal(body, plain.Body.Bytes()) {
		t.Errorf("unzipped: %d of %d bytes, %v", len(body), plain.Body.Len(), err)
	}
	r = duffelCall(lhrJFK)
	r.Header.Set("Accept-Encoding", "gzip;q=0")
	if got := call(p, r).Header().Get("Content-Encoding"); got != "" {
		t.Errorf("Content-Encoding = %q for gzip;q=0", got)
	}
}

func TestExactlyNOffers(t *testing.T) {
	for _, n := range []int{1, 20, 500} {
		p := duffelPartner(testWorld(1), Behaviour{Offers: n})
		for _, question := range []string{lhrJFK, strings.Replace(lonNYC, "business", "economy", 1)} {
			rw := call(p, duffelCall(question))
			offers := offersOf(t, rw)
			ids := map[string]bool{}
			for _, o := range offers {
				ids[o.ID] = true
				checkOffer(t, o)
			}
			if len(offers) != n || len(ids) != n {
				t.Errorf("Offers: %d gives %d with %d ids", n, len(offers), len(ids))
			}
			t.Logf("%d offers, %d bytes each", n, rw.Body.Len()/n)
		}
	}
}
