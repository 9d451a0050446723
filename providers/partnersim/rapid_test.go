package partnersim

import (
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"fanfare/providers/travel"
)

const (
	rapidParis = `{"type":"Polygon","coordinates":[[[2.25,48.80],[2.45,48.80],[2.45,48.92],[2.25,48.92],[2.25,48.80]]]}`
	rapidStay  = "checkin=2027-03-01&checkout=2027-03-04&currency=GBP&country_code=GB&language=en-GB&occupancy=2&occupancy=2-7&rate_plan_count=8&sales_channel=website&sales_environment=hotel_only"
)

func rapidPartner(w *World) *Partner {
	return NewPartner(w, Spec{Name: "quilt", Protocol: "rapid", Currency: "USD", MaxOffers: 150, Credentials: map[string]string{"api_key": "key", "secret": "secret"}})
}

// rapidCall is a good request that the vendor answers.
func rapidCall(method, target, question string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(question))
	at := strconv.FormatInt(testNow.Unix(), 10)
	sum := sha512.Sum512([]byte("keysecret" + at))
	r.Header.Set("Authorization", "EAN APIKey=key,Signature="+hex.EncodeToString(sum[:])+",timestamp="+at)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.Set("User-Agent", "test/1")
	r.Header.Set("Content-Type", "application/json")
	return r
}

func rapidAsked(t *testing.T, h http.Handler, r *http.Request, into any) http.Header {
	t.Helper()
	rw := call(h, r)
	if err := json.Unmarshal(rw.Body.Bytes(), into); err != nil || rw.Code != 200 {
		t.Fatalf("%s: %d, %v: %.200s", r.URL.Path, rw.Code, err, rw.Body)
	}
	return rw.Header()
}

// TestRapidAnswers goes the vendor's three steps; prices add up in both currencies.
func TestRapidAnswers(t *testing.T) {
	p := rapidPartner(testWorld(1))
	p.SetKnobs(Knobs{NoGzip: true})
	ids := map[string]any{}
	rapidAsked(t, p, rapidCall("POST", rapidGeography+"?include=property_ids&supply_source=expedia", rapidParis), &ids)
	if len(ids) != 150 {
		t.Fatalf("%d properties", len(ids))
	}
	asked := ""
	for id := range ids {
		asked += "&property_id=" + id
	}
	content, next := map[string]any{}, rapidContent+"?language=en-GB&supply_source=expedia"+asked
	for pages := 0; next != ""; pages++ {
		link := rapidAsked(t, p, rapidCall("GET", next, ""), &content).Get("Link")
		next, _, _ = strings.Cut(strings.TrimPrefix(link, "<http://example.com"), ">")
		if pages > 2 {
			t.Fatal("pages without end")
		}
	}
	if len(content) != 150 {
		t.Errorf("content of %d properties", len(content))
	}
	var found []struct {
		Rooms []struct {
			Rates []struct {
				Pricing map[string]struct {
					Nightly [][]rapidItem
					Totals  map[string]rapidCharge
					Fees    map[string]rapidCharge
				} `json:"occupancy_pricing"`
			}
		}
	}
	rapidAsked(t, p, rapidCall("GET", rapidAvailability+"?"+rapidStay+asked, ""), &found)
	minor := func(value, currency string) int64 {
		m, err := travel.ParseMoney(value, travel.Currency(currency))
		if err != nil {
			t.Fatal(err)
		}
		return m.Minor
	}
	prices := 0
	for _, prop := range found {
		for _, room := range prop.Rooms {
			for _, rate := range room.Rates {
				for _, key := range []string{"2", "2-7"} {
					c := rate.Pricing[key]
					in, all := c.Totals["inclusive"], c.Totals["property_inclusive"]
					sum := int64(0)
					for _, night := range c.Nightly {
						for _, item := range night {
							sum += minor(item.Value, item.Currency)
						}
					}
					bill, asked := minor(in.Billable.Value, in.Billable.Currency), minor(in.Request.Value, in.Request.Currency)
					if sum != bill || len(c.Nightly) != 3 || in.Request.Currency != "GBP" {
						t.Fatalf("nights are %d of %+v", sum, in)
					}
					for _, fee := range c.Fees {
						bill += minor(fee.Billable.Value, fee.Billable.Currency)
						asked += minor(fee.Request.Value, fee.Request.Currency)
					}
					if bill != minor(all.Billable.Value, all.Billable.Currency) || asked != minor(all.Request.Value, "GBP") {
						t.Fatalf("%+v with fees is not %+v", in, all)
					}
					prices++
				}
			}
		}
	}
	if prices < 100 {
		t.Errorf("only %d prices", prices)
	}
	other := rapidPartner(testWorld(1))
	other.SetKnobs(Knobs{NoGzip: true})
	again := func(h http.Handler) string {
		return call(h, rapidCall("GET", rapidAvailability+"?"+rapidStay+asked, "")).Body.String()
	}
	if again(p) != again(other) {
		t.Error("another world of the same seed says otherwise")
	}
}

func TestRapidRefuses(t *testing.T) {
	p := rapidPartner(testWorld(1))
	for name, c := range map[string]struct {
		change func(*http.Request)
		status int
		code   string
	}{
		"path":     {func(r *http.Request) { r.URL.Path = "/v3/nothing" }, 404, "resource_not_found"},
		"no right": {func(r *http.Request) { r.Header.Del("Authorization") }, 401, "request_unauthenticated"},
		"signature": {func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "timestamp=1", "timestamp=2", 1))
		}, 401, "request_unauthenticated"},
		"another key": {func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "APIKey=key", "APIKey=x", 1))
		}, 403, "request_unauthorized"},
		"method":        {func(r *http.Request) { r.Method = "PUT" }, 405, "method_not_allowed"},
		"no gzip":       {func(r *http.Request) { r.Header.Del("Accept-Encoding") }, 400, "accept_encoding.required"},
		"no agent":      {func(r *http.Request) { r.Header.Del("User-Agent") }, 400, "user_agent.required"},
		"past":          {func(r *http.Request) { r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "2027-03-01", "2001-03-01", 1) }, 400, "checkin.invalid_date_in_the_past"},
		"date":          {func(r *http.Request) { r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "2027-03-01", "1.3.27", 1) }, 400, "checkin.invalid_date_format"},
		"child":         {func(r *http.Request) { r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "2-7", "2-70", 1) }, 400, "occupancy.invalid_child_age"},
		"channel":       {func(r *http.Request) { r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "website", "shop", 1) }, 400, "sales_channel.invalid"},
		"unknown field": {func(r *http.Request) { r.URL.RawQuery += "&adults=2" }, 400, "adults.not_supported"},
	} {
		r := rapidCall("GET", rapidAvailability+"?"+rapidStay+"&property_id=1", "")
		c.change(r)
		if rw := call(p, r); rw.Code != c.status || !strings.Contains(rw.Body.String(), `"type":"`+c.code+`"`) {
			t.Errorf("%s: %d %.200s, want %d %s", name, rw.Code, rw.Body, c.status, c.code)
		}
	}
}

// TestRapidCodes: every property has one code, and every code one property.
func TestRapidCodes(t *testing.T) {
	a := &rapidPartner(testWorld(1)).assortment
	for _, prop := range a.w.within(circle{48.86, 2.35, 5}) {
		if got := a.coded(a.codeOf(prop)); got == nil || got.id != prop.id {
			t.Fatalf("%d stands for %v, not %s", a.codeOf(prop), got, prop.name)
		}
	}
}
