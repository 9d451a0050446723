package duffel

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

func TestStaysGolden(t *testing.T) {
	for _, name := range []string{"search", "rates", "drops", "unusual", "empty", "error"} {
		t.Run(name, func(t *testing.T) {
			a, err := DecodeStays(providertest.Load(t, "duffel-stays/"+name+".json"), nil)
			providertest.Golden(t, "duffel-stays/"+name, a, err)
		})
	}
}

func stay(rooms ...travel.Occupancy) travel.Query {
	if rooms == nil {
		rooms = []travel.Occupancy{{Adults: 2, ChildAges: []int{}}}
	}
	return travel.Query{Product: travel.Hotels, Market: "FR", StayQuery: travel.StayQuery{
		Destination: travel.Destination{Place: "PAR", Lat: 48.8566, Lon: 2.3522, RadiusKM: 15}, CheckIn: travel.NewDate(2027, 3, 1), CheckOut: travel.NewDate(2027, 3, 4), Rooms: rooms}}
}

func TestStaysVendorPayload(t *testing.T) {
	a, err := DecodeStays(providertest.Vendor(t, "duffel-stays/accommodation_with_rates.json"), nil)
	if err != nil || a.OffersIn != 2 || len(a.Stays) != 1 {
		t.Fatalf("DecodeStays() = %+v, %v", a, err)
	}
	got := providertest.Written(&a)
	for _, want := range []string{
		`acc_0000AWr2VsUNIF1Vl91xg0 "The Ritz London" 4 stars at 51.5071,-0.1416 [150 Piccadilly, W1J 9BR London, GB; The Ritz-Carlton]`,
		// 625.83 + 133.17 + 40.00 is 799.00; of the other, 765.83 + 133.17 alone is 899.00.
		`rat_0000ASuebQfixzpI2v20qe "Double Suite"  "room_only": GBP 799.00 (base GBP 625.83, taxes GBP 133.17, fees GBP 40.00, at the property unknown) "pay_now" refundable no left 1`,
		`rat_0000ASuebQfixzpI2v20bx "Double Suite"  "all_inclusive": GBP 938.95 (base GBP 765.83, taxes GBP 133.17, at the property GBP 39.95) "pay_now" refundable yes from 2021-08-01T00:00:00Z GBP 899.00 left 1`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func TestStaysRefusedDocuments(t *testing.T) {
	good := string(providertest.Load(t, "duffel-stays/rates.json"))
	for name, doc := range map[string]string{
		"nothing known": `{}`, "a number": `7`, "data of nothing": `{"data":{}}`, "data is null": `{"data":null}`,
		"flights": string(providertest.Load(t, "duffel/one.json")), "more flights": string(providertest.Load(t, "duffel/round_trip.json")), "no flights": string(providertest.Load(t, "duffel/empty.json")),
		"hotelbeds": string(providertest.Load(t, "hotelbeds/availability.json")), "rapid": string(providertest.Load(t, "rapid/availability.json")), "nothing of hotelbeds": string(providertest.Load(t, "hotelbeds/empty.json")),
		"a key twice": strings.Replace(good, `"total_amount"`, `"total_amount":"1.00","total_amount"`, 1), "cut": good[:len(good)/2],
	} {
		if a, err := DecodeStays([]byte(doc), nil); err == nil || fault.Of(err).Cause != fault.Malformed {
			t.Errorf("%s: DecodeStays() = %d rates, %v, want malformed", name, a.OffersKept(), err)
		}
	}
	for _, doc := range []string{``, `<html>502</html>`} {
		if _, err := DecodeStays([]byte(doc), nil); err == nil || !strings.Contains(err.Error(), "expected a value") {
			t.Errorf("%q: %v, want what was expected", doc, err)
		}
	}
	for _, doc := range []string{`{"data":{"results":[]}}`, `{"data":[]}`, `[]`, "\ufeff" + `{"response":{"data":{"results":[]}}}`} {
		if a, err := DecodeStays([]byte(doc), nil); err != nil || a.OffersIn != 0 {
			t.Errorf("%s: %d rates, %v, want an empty answer", doc, a.OffersIn, err)
		}
	}
	a, err := DecodeStays([]byte("\ufeff"+`{"result":`+good+`}`), nil)
	if err != nil || a.OffersKept() != 5 {
		t.Errorf("wrapped: %d rates, %v, want 5", a.OffersKept(), err)
	}
	for doc, want := range map[string]fault.Cause{
		`{"errors":[{"type":"authentication_error","code":"access_token_not_found","title":"t","message":"m"}],"meta":{"status":401}}`: fault.Unauthorized,
		`{"meta":{"status":429},"errors":[{"type":"rate_limit_error","code":"rate_limit_exceeded","title":"t","message":"m"}]}`:        fault.HTTP429,
	} {
		if _, err := DecodeStays([]byte(doc), nil); err == nil || fault.Of(err).Cause != want || fault.Of(err).Code == "" {
			t.Errorf("%s: %v, want %s", doc, err, want)
		}
	}
}

func TestStaysRequest(t *testing.T) {
	for want, q := range map[string]travel.Query{
		`{"data":{"rooms":1,"guests":[{"type":"adult"},{"type":"adult"},{"type":"child","age":0},{"type":"child","age":17}],"check_in_date":"2027-03-01","check_out_date":"2027-03-04","location":{"radius":15,"geographic_coordinates":{"latitude":48.8566,"longitude":2.3522}}}}`: stay(travel.Occupancy{Adults: 2, ChildAges: []int{0, 17}}),
		`{"data":{"rooms":2,"guests":[{"type":"adult"},{"type":"child","age":7},{"type":"adult"},{"type":"child","age":7}],"check_in_date":"2027-03-01","check_out_date":"2027-03-04","location":{"radius":15,"geographic_coordinates":{"latitude":48.8566,"longitude":2.3522}}}}`:  stay(travel.Occupancy{Adults: 1, ChildAges: []int{7}}, travel.Occupancy{Adults: 1, ChildAges: []int{7}}),
	} {
		if got, err := encodeStays(q); err != nil || string(got) != want {
			t.Errorf("encodeStays() = %s, %v\nwant %s", got, err, want)
		}
	}
	c := stays(t, "http://127.0.0.1:9", nil)
	alike, mixed := stay(slices.Repeat(stay().Rooms, 3)...), stay(travel.Occupancy{Adults: 1, ChildAges: []int{}}, travel.Occupancy{Adults: 2, ChildAges: []int{}})
	if a, b := c.Capable(alike), c.Capable(mixed); a != fault.None || b != fault.Capability {
		t.Errorf("rooms alike: %q, rooms that differ: %q; want none and capability", a, b)
	}
}

func stays(t testing.TB, base string, options map[string]string) *Stays {
	t.Helper()
	h, err := wire.NewHTTP(wire.HTTPConfig{BaseURL: base, AllowPrivateNetwork: true, RelaxedTimeouts: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	c, err := NewStays(wire.Config{Name: "albatross", BaseURL: base, Credentials: map[string]string{"token": "canary-token"}, Options: options, HTTP: h}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestStaysConformance(t *testing.T) {
	providertest.Run(t, providertest.Protocol{
		New:         func(cfg wire.Config) (providertest.Asker, error) { return NewStays(cfg, nil) },
		Credentials: map[string]string{"token": "canary-token"},
		Query:       stay(),
		Good:        providertest.Load(t, "duffel-stays/search.json"),
		Empty:       providertest.Load(t, "duffel-stays/empty.json"),
		Error:       providertest.Load(t, "duffel-stays/error.json"),
		ContentType: "application/json",
		Login: func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/actions/fetch_all_rates") {
				return false
			}
			w.Header().Set("Content-Type", "application/json")
			w.Write(providertest.Load(t, "duffel-stays/rates.json"))
			return true
		},
	})
}

// result writes a search result of so many rates, one with its cheapest only if there are none.
func result(i, rates int) string {
	var rooms []string
	for n := range rates {
		rooms = append(rooms, fmt.Sprintf(`{"name":"Room","rates":[{"id":"rat_%d_%d","total_amount":"%d.00","total_currency":"EUR"}]}`, i, n, 100+i+n))
	}
	return fmt.Sprintf(`{"id":"srr_%d","accommodation":{"id":"acc_%d","name":"Hotel %d","rooms":[%s]},"cheapest_rate_total_amount":"%d.00","cheapest_rate_currency":"EUR"}`, i, i, i, strings.Join(rooms, ","), 100+i)
}

// TestStaysFetch: all rates of the cheapest results, one of the others, and of those
// whose rates do not come.
func TestStaysFetch(t *testing.T) {
	var mu sync.Mutex
	fetched := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		if r.Method != http.MethodPost || r.Header.Get("Authorization") != "Bearer canary-token" || r.Header.Get("Duffel-Version") != "v2" {
			t.Errorf("%s %s with %v", r.Method, r.URL.Path, r.Header)
		}
		if r.URL.Path == "/stays/search" {
			var all []string
			for i := 6; i > 0; i-- {
				all = append(all, result(i, 0))
			}
			io.WriteString(w, `{"data":{"results":[`+strings.Join(all, ",")+`]}}`)
			return
		}
		mu.Lock()
		fetched[r.URL.Path]++
		mu.Unlock()
		if len(body) > 0 {
			t.Errorf("rates are fetched with a body: %s", body)
		}
		var i int
		fmt.Sscanf(r.URL.Path, "/stays/search_results/srr_%d/actions/fetch_all_rates", &i)
		if i == 2 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		io.WriteString(w, `{"data":`+result(i, 3)+`}`)
	}))
	defer server.Close()
	a, err := stays(t, server.URL, map[string]string{"fetch_rates": "3"}).Ask(t.Context(), stay())
	if e := fault.Of(err); e == nil || !e.Partial || e.HTTPStatus != http.StatusInternalServerError {
		t.Fatalf("Ask() = %v, want the failure of one call beside what came", err)
	}
	var got []string
	for _, s := range a.Stays {
		got = append(got, fmt.Sprintf("%s:%d", s.Property.ID, len(s.Rates)))
		if r := s.Rates[0]; len(r.Rooms) != 1 || r.Rooms[0].Count != 1 || r.Rooms[0].Occupancy.Adults != 2 {
			t.Errorf("%s is for %+v", s.Property.ID, r.Rooms)
		}
	}
	slices.Sort(got)
	if want := "[acc_1:3 acc_2:1 acc_3:3 acc_4:1 acc_5:1 acc_6:1]"; fmt.Sprint(got) != want || a.OffersIn != 10 || a.Notes["calls_failed"] != 1 {
		t.Errorf("stays = %v of %d, notes %v, want %s of 10", got, a.OffersIn, a.Notes, want)
	}
	if len(fetched) != 3 || fetched["/stays/search_results/srr_1/actions/fetch_all_rates"] != 1 {
		t.Errorf("fetched %v, want the three cheapest", fetched)
	}
	if a, err := stays(t, server.URL, map[string]string{"fetch_rates": "0"}).Ask(t.Context(), stay()); err != nil || a.OffersKept() != 6 || len(fetched) != 3 {
		t.Errorf("without fetching: %d, %v", a.OffersKept(), err)
	}
}

// TestStaysRatesThatDoNotCome leave what was found.
func TestStaysRatesThatDoNotCome(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/stays/search" {
			io.WriteString(w, `{"data":{"results":[`+result(1, 0)+`]}}`)
			return
		}
		<-r.Context().Done()
	}))
	defer server.Close()
	c := stays(t, server.URL, nil)
	c.reserve = time.Hour // the deadline of fetching is over at once, that of the question is not
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	a, err := c.Ask(ctx, stay())
	if e := fault.Of(err); e == nil || !e.Partial || e.Cause != fault.Deadline || a.OffersKept() != 1 || a.Notes["calls_failed"] != 1 {
		t.Errorf("Ask() = %+v, %v, want the cheapest rate, and that the others are late", a, err)
	}
}

func TestStaysOptions(t *testing.T) {
	h, err := wire.NewHTTP(wire.HTTPConfig{BaseURL: "http://127.0.0.1:9"})
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"-1", "201", "all"} {
		_, err := NewStays(wire.Config{BaseURL: "http://127.0.0.1:9", HTTP: h, Options: map[string]string{"fetch_rates": bad}}, nil)
		if err == nil || !strings.Contains(err.Error(), "options.fetch_rates") || !strings.Contains(err.Error(), "credentials.token") {
			t.Errorf("fetch_rates %s: %v", bad, err)
		}
	}
}

func FuzzDecodeStays(f *testing.F) {
	for _, name := range []string{"search", "rates", "drops", "unusual", "empty", "error"} {
		f.Add(providertest.Load(f, "duffel-stays/"+name+".json"))
	}
	q := stay()
	f.Fuzz(func(t *testing.T, doc []byte) {
		for _, asked := range []*travel.Query{nil, &q} {
			found, err := decodeStays(doc, asked)
			if err != nil {
				continue
			}
			providertest.Consistent(t, &found.answer)
			if n := len(found.cheapest(20)); n > 20 {
				t.Fatalf("the 20 cheapest are %d", n)
			}
		}
	})
}

// TestStaysBounded: a room of very many rates keeps the cheapest.
func TestStaysBounded(t *testing.T) {
	var rates []string
	for i := range 5000 {
		rates = append(rates, fmt.Sprintf(`{"id":"%d","total_amount":"%d.00","total_currency":"EUR"}`, i, 6000-i))
	}
	a, err := DecodeStays([]byte(`{"id":"acc_1","rooms":[{"name":"Room","rates":[`+strings.Join(rates, ",")+`]}]}`), nil)
	if err != nil || a.OffersIn != 5000 || a.OffersKept() != assemble.MaxOffers || a.Drops[travel.RuleTooMany] != 4000 {
		t.Fatalf("DecodeStays() = %d in, %d kept, drops %v, %v", a.OffersIn, a.OffersKept(), a.Drops, err)
	}
	for _, r := range a.Stays[0].Rates {
		if r.Price.Total.Minor > 2000_00 || r.Room != "Room" {
			t.Fatalf("%s in %q is none of the cheapest", r.Price.Total, r.Room)
		}
	}
}

func TestStaysOfOtherDates(t *testing.T) {
	q := stay()
	found, err := decodeStays(providertest.Load(t, "duffel-stays/search.json"), &q)
	if a := found.answer; err != nil || a.OffersIn != 4 || a.OffersKept() != 3 || a.Drops[travel.RuleWrongDate] != 1 {
		t.Errorf("%d in, %d kept, drops %v, %v; want one of other dates", a.OffersIn, a.OffersKept(), a.Drops, err)
	}
}
