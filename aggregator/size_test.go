package aggregator_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"

	"fanfare/aggregator"
	"fanfare/aggregator/fx"
	"fanfare/aggregator/view"
	"fanfare/providers/duffel"
	"fanfare/providers/fault"
	"fanfare/providers/hotelbeds"
	"fanfare/providers/partnersim"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// decoding is a partner that decodes one recorded document anew for every call, so
// that no two answers share memory.
type decoding struct {
	name   string
	body   []byte
	decode func([]byte, *places.Atlas) (travel.Answer, error)
}

func (d *decoding) Name() string                        { return d.name }
func (d *decoding) DisplayName() string                 { return d.name }
func (d *decoding) FeedVersion() string                 { return "1" }
func (d *decoding) Applicable(travel.Query) fault.Cause { return fault.None }
func (d *decoding) Cacheable() (bool, time.Duration)    { return true, 0 }
func (d *decoding) Ask(context.Context, travel.Query) travel.Answer {
	a, err := d.decode(d.body, places.Default())
	a.Partner, a.AsOf, a.Err = d.name, time.Now(), err
	return a
}

// document is what a simulated partner answers.
func document(t *testing.T, spec partnersim.Spec, path, body string, header map[string]string) []byte {
	t.Helper()
	partner := partnersim.NewPartner(partnersim.NewWorld(1, places.Default(), time.Now), spec)
	req := httptest.NewRequest(http.MethodPost, path, bytes.NewReader([]byte(body)))
	for k, v := range header {
		req.Header.Set(k, v)
	}
	rec := httptest.NewRecorder()
	partner.ServeHTTP(rec, req)
	got, _ := io.ReadAll(rec.Body)
	if rec.Code >= 300 {
		t.Fatalf("simulator: %d %s", rec.Code, got)
	}
	return got
}

func heap() int64 {
	runtime.GC()
	runtime.GC() // the first empties the pools, the second frees what was in them
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// The accounted size of what is kept is within 25 % of how much the heap grows
// (docs/reliability.md 3), for flights and stays, merged and not.
func TestAccountedBytesAreHeapBytes(t *testing.T) {
	day := time.Now().AddDate(0, 0, 60).Format(time.DateOnly)
	flightDoc := document(t, partnersim.Spec{Name: "heron", Protocol: "duffel", MaxOffers: 150}, "/air/offer_requests?return_offers=true",
		fmt.Sprintf(`{"data":{"slices":[{"origin":"LHR","destination":"JFK","departure_date":"%s"}],"passengers":[{"type":"adult"}],"cabin_class":"economy","max_connections":2}}`, day),
		map[string]string{"Authorization": "Bearer x", "Duffel-Version": "v2", "Content-Type": "application/json", "Accept": "application/json"})
	signed := sha256.Sum256([]byte(fmt.Sprint("key", "secret", time.Now().Unix())))
	stayDoc := document(t, partnersim.Spec{Name: "pillow", Protocol: "hotelbeds"}, "/hotel-api/1.0/hotels",
		fmt.Sprintf(`{"stay":{"checkIn":"%s","checkOut":"%s"},"occupancies":[{"rooms":1,"adults":2,"children":0}],"geolocation":{"latitude":48.8566,"longitude":2.3522,"radius":15,"unit":"km"}}`,
			day, time.Now().AddDate(0, 0, 63).Format(time.DateOnly)),
		map[string]string{"Api-key": "key", "X-Signature": hex.EncodeToString(signed[:]), "Content-Type": "application/json", "Accept": "application/json"})
	flight := travel.Query{Product: travel.Flights, Market: "GB"}
	date, _ := travel.ParseDate(day)
	flight.Slices = []travel.SliceQuery{{Origin: "LHR", Destination: "JFK", Date: date}}
	flight.Passengers, flight.Cabin = travel.Passengers{Adults: 1, ChildAges: []int{}}, travel.Economy
	stay := travel.Query{Product: travel.Hotels, Market: "GB"}
	stay.CheckIn, stay.CheckOut, stay.Rooms = date, date+3, []travel.Occupancy{{Adults: 2, ChildAges: []int{}}}

	for _, test := range []struct {
		name   string
		q      travel.Query
		body   []byte
		decode func([]byte, *places.Atlas) (travel.Answer, error)
		merge  func(*aggregator.Snapshot)
	}{
		{"flights", flight, flightDoc, duffel.Decode, nil},
		{"flights, merged", flight, flightDoc, duffel.Decode, func(s *aggregator.Snapshot) {
			if _, err := s.Flights(view.Flights{Currency: "GBP", Sort: "best", Limit: 20}, fx.Embedded()); err != nil {
				t.Error(err)
			}
		}},
		{"stays, merged", stay, stayDoc, hotelbeds.Decode, func(s *aggregator.Snapshot) {
			if _, err := s.Stays(view.Stays{Currency: "GBP", Sort: "best", Limit: 20}, fx.Embedded()); err != nil {
				t.Error(err)
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := aggregator.New(aggregator.Config{
				Budget: time.Minute, Retain: time.Hour, LiveSearches: 1000, CacheBytes: 1 << 30,
				Rates: fx.Embedded, Now: time.Now, Log: slog.New(slog.DiscardHandler),
			})
			defer a.Close()
			var partners []aggregator.Partner
			for i := range 4 {
				partners = append(partners, &decoding{fmt.Sprintf("p%d", i), test.body, test.decode})
			}
			a.SetPartners(partners)
			run := func(market string) {
				q := test.q
				q.Market = travel.Country(market)
				s, _, err := a.Search(q)
				if err != nil {
					t.Fatal(err)
				}
				got := s.Wait(t.Context(), func(s *aggregator.Snapshot) bool { return s.Status.Terminal() })
				if got.Status != aggregator.Complete || got.Offers() == 0 {
					t.Fatalf("search is %s with %d offers", got.Status, got.Offers())
				}
				if test.merge != nil {
					test.merge(got)
				}
			}
			run("GB") // tables and pools are filled
			heapBefore, accountedBefore := heap(), a.CacheBytes()
			for i := range 24 {
				run(string([]byte{'A' + byte(i), 'X'}))
			}
			grown, accounted := heap()-heapBefore, a.CacheBytes()-accountedBefore
			ratio := float64(accounted) / float64(grown)
			t.Logf("accounted %d kB for %d kB of heap: %.2f", accounted/1000, grown/1000, ratio)
			if ratio < 0.75 || ratio > 1.25 {
				t.Errorf("accounted %d bytes for %d bytes of heap: %.2f, want within 25 %%", accounted, grown, ratio)
			}
			runtime.KeepAlive(a)
		})
	}
}
