package partnersim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fanfare/providers/partnersim/kiwi"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

const kiwiReturn = "fly_from=LHR&fly_to=JFK&date_from=01/03/2027&date_to=01/03/2027&return_from=08/03/2027&return_to=08/03/2027&flight_type=round&adults=2&children=1&infants=1&curr=GBP"

func kiwiPartner(w *world.World) *Partner {
	return NewPartner(w, Spec{Name: "wagtail", Protocol: "kiwi", Credentials: map[string]string{"apikey": "key"}, MaxOffers: 80, Operating: world.OperatingOftenUnsaid})
}

func kiwiCall(query string) *http.Request {
	r := httptest.NewRequest("GET", "/v2/search?"+query, nil)
	r.Header.Set("apikey", "key")
	return r
}

func TestKiwiAnswers(t *testing.T) {
	w := testWorld(3)
	rw := call(kiwiPartner(w), kiwiCall(kiwiReturn))
	var doc kiwi.DocName
	if err := json.Unmarshal(rw.Body.Bytes(), &doc); err != nil || rw.Code != 200 || len(doc.Data) < 20 || doc.Currency != "GBP" {
		t.Fatalf("%d, %v, %d trips: %.300s", rw.Code, err, len(doc.Data), rw.Body)
	}
	if again := call(kiwiPartner(testWorld(3)), kiwiCall(kiwiReturn)); !bytes.Equal(again.Body.Bytes(), rw.Body.Bytes()) {
		t.Error("the same question has another answer")
	}
	unsaid := 0
	seen := map[string]int{}
	for _, trip := range doc.Data {
		checkKiwiPrice(t, &trip)
		tickets := map[string]bool{}
		for i, s := range trip.Route {
			ticket := s.ID[strings.Index(s.ID, "_"):]
			same := i > 0 && s.Return == trip.Route[i-1].Return
			if change := same && !tickets[ticket]; s.VI != change || s.Recheck != change || s.Guarantee != change {
				t.Fatalf("segment %d of %+v", i, trip.Route)
			} else if change {
				seen["self-transfers"]++
			}
			tickets[ticket] = true
			local, _ := time.Parse(kiwi.TimeName, s.LocalDeparture)
			utc, _ := time.Parse(kiwi.TimeName, s.UTCDeparture)
			arrival, _ := time.Parse(kiwi.TimeName, s.UTCArrival)
			if s.FlyFrom == "LHR" && !local.Equal(utc) || s.FlyFrom == "JFK" && utc.Sub(local) != 5*time.Hour || !arrival.After(utc) {
				t.Fatalf("%s leaves at %s, %s UTC", s.FlyFrom, s.LocalDeparture, s.UTCDeparture)
			}
			if same {
				before, _ := time.Parse(kiwi.TimeName, trip.Route[i-1].UTCArrival)
				if wait := utc.Sub(before); wait < 45*time.Minute || s.VI && wait < kiwi.Change || s.VI && s.FlyFrom != trip.Route[i-1].FlyTo && wait < kiwi.AcrossTown {
					t.Errorf("%v to change at %s", wait, s.FlyFrom)
				}
			}
			if s.Operating == "" {
				unsaid++
			}
		}
		if len(tickets) != trip.PNRs || trip.Virtual != (trip.PNRs > 1) || trip.Duration.Total != trip.Duration.Departure+trip.Duration.Return {
			t.Fatalf("%d tickets, pnr_count %d, virtual %v", len(tickets), trip.PNRs, trip.Virtual)
		}
		seen[fmt.Sprint(trip.PNRs, " tickets")]++
		if trip.Change {
			seen["airport changes"]++
		}
	}
	for _, want := range []string{"self-transfers", "1 tickets", "2 tickets", "3 tickets"} {
		if seen[want] == 0 {
			t.Errorf("no %s among %v", want, seen)
		}
	}
	if unsaid == 0 {
		t.Error("every operating carrier is said")
	}
	if page := call(kiwiPartner(testWorld(3)), kiwiCall(kiwiReturn+"&limit=5&offset=3")); !strings.Contains(page.Body.String(), doc.Data[3].ID) || strings.Contains(page.Body.String(), doc.Data[8].ID) {
		t.Error("limit and offset do not page")
	}
	t.Logf("%d trips: %v, %d bytes", len(doc.Data), seen, rw.Body.Len())
}

// checkKiwiPrice: the party's price is the sum of what each of two adults, a child and an infant pays.
func checkKiwiPrice(t *testing.T, trip *kiwi.TripName) {
	t.Helper()
	minor := func(n json.Number) int64 {
		m, err := travel.ParseMoney(n.String(), "GBP")
		if err != nil {
			t.Fatal(err)
		}
		return m.Minor
	}
	party := 2*minor(trip.Fare["adults"]) + minor(trip.Fare["children"]) + minor(trip.Fare["infants"])
	if price := minor(trip.Price); party != price || price != minor(trip.Conversion["GBP"]) || price != minor(trip.Dropdown.Base)+minor(trip.Dropdown.Fees) {
		t.Errorf("price %s, by passengers %d, %v, %v", trip.Price, party, trip.Conversion, trip.Dropdown)
	}
}

// TestKiwiTransfers: one way, some results are two tickets of carriers that do not work
// together; nonstop, none is.
func TestKiwiTransfers(t *testing.T) {
	w := testWorld(3)
	for _, c := range []struct {
		query         string
		transfers     bool
		least, offers int
	}{
		{"fly_from=city:LON&fly_to=city:NYC&date_from=01/03/2027", true, 30, 0},
		{"fly_from=MAN&fly_to=PMI&date_from=01/03/2027&sort=price", true, 10, 0},
		{"fly_from=LHR&fly_to=JFK&date_from=01/03/2027&max_stopovers=0", false, 10, 0},
		{"fly_from=LHR&fly_to=JFK&date_from=01/03/2027", false, 500, 500},
	} {
		p := kiwiPartner(w)
		p.SetBehaviour(Behaviour{Offers: c.offers})
		rw := call(p, kiwiCall(c.query))
		var doc kiwi.DocName
		if err := json.Unmarshal(rw.Body.Bytes(), &doc); err != nil || len(doc.Data) < c.least || c.offers > 0 && len(doc.Data) != c.offers {
			t.Fatalf("%s: %v, %d trips: %.300s", c.query, err, len(doc.Data), rw.Body)
		}
		virtual, across := 0, 0
		for i, trip := range doc.Data {
			if trip.Virtual {
				virtual++
			}
			if trip.Change {
				across++
			}
			if a, _ := trip.Price.Float64(); i > 0 && strings.Contains(c.query, "sort=price") {
				if b, _ := doc.Data[i-1].Price.Float64(); a < b {
					t.Errorf("%s: %v after %v", c.query, a, b)
				}
			}
		}
		if (virtual > 0) != c.transfers {
			t.Errorf("%s: %d of %d trips are two tickets", c.query, virtual, len(doc.Data))
		}
		t.Logf("%s: %d of %d trips are two tickets, %d from another airport, %d bytes", c.query, virtual, len(doc.Data), across, rw.Body.Len())
	}
}

func TestKiwiRefuses(t *testing.T) {
	p := kiwiPartner(testWorld(1))
	good := func(change func(*http.Request)) *http.Request {
		r := kiwiCall(kiwiReturn)
		change(r)
		return r
	}
	for name, c := range map[string]struct {
		request *http.Request
		status  int
		says    string
	}{
		"another path":   {good(func(r *http.Request) { r.URL.Path = "/v2/nothing" }), 404, "no Route matched"},
		"no key":         {bare(kiwiCall(kiwiReturn), "apikey"), 401, "No API key"},
		"another key":    {good(func(r *http.Request) { r.Header.Set("apikey", "x") }), 403, "Invalid authentication"},
		"a POST":         {good(func(r *http.Request) { r.Method = "POST" }), 405, "Not Allowed"},
		"a bad date":     {kiwiCall("fly_from=LHR&fly_to=JFK&date_from=35/01/2027"), 400, `"param":"date_from","errors":["Could not parse 35/01/2027`},
		"no origin":      {kiwiCall("fly_to=JFK&date_from=01/03/2027"), 400, `"param":"fly_from"`},
		"no place":       {kiwiCall("fly_from=XXX&fly_to=JFK&date_from=01/03/2027"), 400, "is no location"},
		"the past":       {kiwiCall("fly_from=LHR&fly_to=JFK&date_from=01/03/2020"), 400, "in the past"},
		"back before":    {kiwiCall("fly_from=LHR&fly_to=JFK&date_from=01/03/2027&return_from=01/02/2027"), 400, "before date_from"},
		"no adult":       {kiwiCall("fly_from=LHR&fly_to=JFK&date_from=01/03/2027&adults=0"), 400, `"param":"adults"`},
		"ten":            {kiwiCall("fly_from=LHR&fly_to=JFK&date_from=01/03/2027&adults=9&children=1"), 400, "at most 9"},
		"another cabin":  {kiwiCall("fly_from=LHR&fly_to=JFK&date_from=01/03/2027&selected_cabins=Y"), 400, "selected_cabins"},
		"strange money":  {kiwiCall("fly_from=LHR&fly_to=JFK&date_from=01/03/2027&curr=XXX"), 400, "Unknown currency"},
		"one way, round": {kiwiCall("fly_from=LHR&fly_to=JFK&date_from=01/03/2027&flight_type=round"), 400, "flight_type"},
	} {
		if rw := call(p, c.request); rw.Code != c.status || !strings.Contains(rw.Body.String(), c.says) {
			t.Errorf("%s: %d %s, want %d and %q", name, rw.Code, rw.Body, c.status, c.says)
		}
	}
}

func TestKiwiReplays(t *testing.T) {
	recorded := []byte(`{"data":[],"currency":"EUR"}`)
	for name, c := range map[string]struct {
		document []byte
		request  *http.Request
		status   int
	}{
		"an answer": {recorded, kiwiCall(""), 200}, "complaints": {[]byte(`{"message":[{"param":"x","errors":["y"]}]}`), kiwiCall(""), 400},
		"a failure": {[]byte(`{"message":"boom"}`), kiwiCall(""), 500}, "no key": {recorded, bare(kiwiCall(""), "apikey"), 401},
	} {
		if rw := call(Replay("kiwi", c.document, nil), c.request); rw.Code != c.status {
			t.Errorf("%s: %d, want %d", name, rw.Code, c.status)
		}
	}
}
