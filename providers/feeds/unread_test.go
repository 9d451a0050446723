package feeds

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fanfare/providers"
	"fanfare/providers/fault"
	"fanfare/providers/guard"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

const testdata = "../../testdata/"

// folders are the protocols' documents.
var folders = map[string]string{"amadeus-air": "amadeus/air_", "amadeus-hotel": "amadeus/hotel_", "duffel": "duffel/", "duffel-stays": "duffel-stays/", "hotelbeds": "hotelbeds/",
	"kiwi": "kiwi/", "ndc": "ndc/", "ota-air": "ota-air/", "ota-hotel": "ota-hotel/", "rapid": "rapid/", "sabre-bfm": "sabre-bfm/", "travelport": "travelport/"}

// TestUnreadContent: a document in which the elements that hold offers have names that the
// decoder does not know is no empty answer, in any protocol.
func TestUnreadContent(t *testing.T) {
	for protocol, test := range map[string]struct{ file, known, unknown string }{
		"amadeus-air":   {"amadeus/air_search.json", `"data"`, `"flightOffers"`},
		"amadeus-hotel": {"amadeus/hotel_search.json", `"offers"`, `"rates"`},
		"duffel":        {"duffel/round_trip.json", `"offers"`, `"batched_offers"`},
		"hotelbeds":     {"hotelbeds/availability.json", `"rates"`, `"prices"`},
		"kiwi":          {"kiwi/v2.json", `"data"`, `"itineraries"`},
		"ndc":           {"ndc/21.3_segments.xml", "OffersGroup", "OffersBundle"},
		"ota-air":       {"ota-air/return.xml", "PricedItinerar", "BundledItinerar"},
		"ota-hotel":     {"ota-hotel/avail.xml", "RoomRate", "UnitRate"},
		"rapid":         {"rapid/availability.json", `"rates"`, `"offers"`},
		"sabre-bfm":     {"sabre-bfm/gir.json", `"itineraryGroups"`, `"itineraryBundles"`},
		"travelport":    {"travelport/stays.xml", "HotelSearchResult", "HotelSearchBundle"},
	} {
		whole, err := os.ReadFile(testdata + test.file)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := DecodeDocument(protocol, whole, nil); err != nil || a.OffersIn == 0 {
			t.Fatalf("%s as it is: %d offers, %v", test.file, a.OffersIn, err)
		}
		strange := strings.ReplaceAll(string(whole), test.known, test.unknown)
		a, err := DecodeDocument(protocol, []byte(strange), nil)
		if e := fault.Of(err); e == nil || e.Cause != fault.UnreadContent && e.Cause != fault.Malformed || a.OffersIn > 0 {
			t.Errorf("%s with %s for %s: %d offers, %v, want no answer", test.file, test.unknown, test.known, a.OffersIn, err)
		}
	}
	// Duffel's stays are read from wherever they stand.
	a, err := DecodeDocument("duffel-stays", []byte(`{"data":{"results":[],"bundles":[{"total_amount":"10.00","total_currency":"EUR"}]}}`), nil)
	if e := fault.Of(err); e == nil || e.Cause != fault.UnreadContent {
		t.Errorf("bundles of stays: %d offers, %v", a.OffersIn, err)
	}
}

// TestEmptyAnswersStayEmpty: a document that says that there is nothing is an answer, whatever
// else it says, and every document with offers states prices.
func TestEmptyAnswersStayEmpty(t *testing.T) {
	checked := map[string]int{}
	for protocol, folder := range folders {
		files, err := filepath.Glob(testdata + folder + "*")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if name := filepath.Base(file); strings.HasSuffix(name, ".golden") || name == "hotel_list.json" {
				continue
			}
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a, err := protocols[protocol].decode(body, places.Default())
			if err != nil || a.OffersIn > 0 {
				continue
			}
			checked[protocol]++
			if _, err := DecodeDocument(protocol, body, nil); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
	if len(checked) != len(folders) {
		t.Errorf("empty answers of %v, want of every protocol", checked)
	}
}

// TestUnreadAnswer: what a partner answers is judged in the same way, and counts for no breaker.
func TestUnreadAnswer(t *testing.T) {
	document, err := os.ReadFile(testdata + "duffel/round_trip.json")
	if err != nil {
		t.Fatal(err)
	}
	strange := strings.Replace(string(document), `"offers"`, `"offers":[],"batched_offers"`, 1)
	empty, err := os.ReadFile(testdata + "duffel/empty.json")
	if err != nil {
		t.Fatal(err)
	}
	body := strange
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(body))
	}))
	defer server.Close()
	f := Feed{}
	f.SetDefaults()
	f.Name, f.Protocol, f.BaseURL, f.AllowPrivateNetwork, f.Credentials = "heron", "duffel", server.URL, true, map[string]string{"token": "t"}
	p, err := Build(&f, Deps{Deps: providers.Deps{Atlas: places.Default(), Deps: guard.Deps{Now: time.Now}}, RelaxedTimeouts: true})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	q := travel.Query{Product: travel.Flights, Market: "GB", FlightQuery: travel.FlightQuery{Cabin: travel.Economy, Passengers: travel.Passengers{Adults: 1},
		Slices: []travel.SliceQuery{{Origin: "LHR", Destination: "JFK", Date: travel.DateOf(time.Now().AddDate(0, 1, 0))}}}}
	for range 2 * guard.DefaultBreaker.Consecutive {
		a := p.Ask(context.Background(), q)
		if e := fault.Of(a.Err); e == nil || e.Cause != fault.UnreadContent || e.Status != fault.ErrorParse || e.Partner != "heron" {
			t.Fatalf("Ask() = %v, want unread_content", a.Err)
		}
	}
	body = string(empty)
	if a := p.Ask(context.Background(), q); a.Err != nil || a.OffersIn != 0 {
		t.Errorf("an empty answer: %v", a.Err)
	}
}
