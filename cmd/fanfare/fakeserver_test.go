package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"fanfare/providers/travel"
	"fanfare/web/api"
)

// fakeServer answers one search from a script: the first view for the POST, and an
// event for every further one, each when the test lets it.
type fakeServer struct {
	*httptest.Server
	views []any
	next  chan struct{} // one value lets one event go; nil lets all go
	asked chan string   // the bodies POSTed, then the targets of streams
	cut   int           // the stream breaks off once behind this many events; 0 never
}

func newFakeServer(t *testing.T, views []any, gated bool) *fakeServer {
	t.Helper()
	f := &fakeServer{views: views, asked: make(chan string, 10)}
	if gated {
		f.next = make(chan struct{})
	}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fakeServer) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		body, _ := io.ReadAll(r.Body)
		f.asked <- r.URL.Path + " " + string(body)
		rw.WriteHeader(http.StatusCreated)
		_, _ = rw.Write(document(f.views[0]))
		return
	}
	f.asked <- r.URL.String()
	from := 0
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		_, _ = fmt.Sscan(last, &from)
	}
	rw.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(rw, "retry: 1\n\n")
	if from == 0 {
		from = 1
		f.event(rw, r, "snapshot", 1, document(f.views[0]))
	}
	for i := from; i < len(f.views); i++ {
		if f.cut == i {
			f.cut = 0
			return
		}
		f.event(rw, r, "update", i+1, difference(document(f.views[i-1]), document(f.views[i])))
	}
	f.event(rw, r, "done", len(f.views), []byte(`{}`))
	<-r.Context().Done()
}

func (f *fakeServer) event(rw http.ResponseWriter, r *http.Request, name string, id int, data []byte) {
	if f.next != nil && name != "done" {
		select {
		case <-f.next:
		case <-r.Context().Done():
			return
		}
	}
	fmt.Fprintf(rw, ": a comment\nid: %d\nevent: %s\ndata: %s\n\n", id, name, data)
	rw.(http.Flusher).Flush()
}

func document(v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return body
}

// difference is the update from one view to the next, written by another hand than
// the server's.
func difference(before, after []byte) []byte {
	var was, is map[string]json.RawMessage
	if err := json.Unmarshal(before, &was); err != nil {
		panic(err)
	}
	if err := json.Unmarshal(after, &is); err != nil {
		panic(err)
	}
	changed := func(list, key string) (added []json.RawMessage, order []string) {
		var old, now []json.RawMessage
		_ = json.Unmarshal(was[list], &old)
		_ = json.Unmarshal(is[list], &now)
		added = []json.RawMessage{}
		for _, item := range now {
			var fields map[string]any
			_ = json.Unmarshal(item, &fields)
			order = append(order, fields[key].(string))
			if !slices.ContainsFunc(old, func(o json.RawMessage) bool { return bytes.Equal(o, item) }) {
				added = append(added, item)
			}
		}
		return added, order
	}
	partners, _ := changed("partners", "name")
	upsert, order := changed("results", "id")
	is["partners"], is["upsert"], is["order"], is["removed"] = document(partners), document(upsert), document(order), []byte(`[]`)
	delete(is, "results")
	delete(is, "query")
	return document(is)
}

func pointer[T any](v T) *T { return &v }

func partner(name, status, cause string, offers int, took int64) api.Partner {
	p := api.Partner{Name: strings.ToLower(strings.Fields(name)[0]), DisplayName: name, Status: status, OffersKept: offers, Drops: map[string]int{}, Notes: map[string]int{}}
	if cause != "" {
		p.Cause = &cause
	}
	if took > 0 {
		p.TookMS = &took
	}
	return p
}

func local(text string) travel.LocalTime {
	var t travel.LocalTime
	if err := t.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return t
}

func pounds(minor int64) travel.Money { return travel.Money{Minor: minor, Currency: "GBP"} }

// segment reads "BA177/BA LHR 2027-03-01T10:05:00+00:00 JFK 2027-03-01T13:10:00-05:00";
// without a carrier behind the stroke the operating one is unconfirmed.
func segment(text string) api.Segment {
	f := strings.Fields(text)
	number, operating, _ := strings.Cut(f[0], "/")
	s := api.Segment{Marketing: api.Flight{Carrier: number[:2], Number: number[2:]}, SoldAs: []api.Flight{},
		Origin: f[1], Departs: local(f[2]), Destination: f[3], Arrives: local(f[4])}
	if operating != "" {
		s.Operating = &api.Operating{Carrier: operating}
	}
	return s
}

func direction(segments ...string) api.Slice {
	var s api.Slice
	for _, text := range segments {
		s.Segments = append(s.Segments, segment(text))
	}
	first, last := s.Segments[0], s.Segments[len(segments)-1]
	s.Origin, s.Departs, s.Destination, s.Arrives = first.Origin, first.Departs, last.Destination, last.Arrives
	s.DurationMinutes, s.Stops = int(s.Arrives.Sub(s.Departs)/time.Minute), len(segments)-1
	return s
}

func flight(id string, price int64, seller string, offers int, slices ...api.Slice) api.FlightResult {
	return api.FlightResult{ID: id, Price: pounds(price), OffersTotal: offers, Slices: slices, Offers: []api.Offer{{Partner: seller}}}
}

func flightView(revision int64, status string, partners []api.Partner, results ...api.FlightResult) *api.FlightView {
	v := &api.FlightView{Results: results, Labels: map[string]string{}, Highlights: map[string]api.Highlight{}}
	v.ID, v.Revision, v.Status, v.Partners = "k3x7", revision, status, partners
	v.Query = travel.Query{Product: travel.Flights, Market: "GB", FlightQuery: travel.FlightQuery{Cabin: travel.Economy,
		Slices: []travel.SliceQuery{{Origin: "LON", Destination: "JFK", Date: travel.NewDate(2027, 3, 1)},
			{Origin: "JFK", Destination: "LON", Date: travel.NewDate(2027, 3, 8)}},
		Passengers: travel.Passengers{Adults: 2, ChildAges: []int{7}}}}
	count(&v.Snapshot, len(results))
	return v
}

// count fills in coverage and counts from the partners.
func count(s *api.Snapshot, results int) {
	s.Counts.Results, s.Counts.Matching = results, results
	for _, p := range s.Partners {
		s.Counts.Offers += p.OffersKept
		if p.Status != "not_applicable" {
			s.Coverage.Asked++
		}
		if p.Status == "ok" || p.Status == "no_hit" {
			s.Coverage.Answered++
		}
	}
}

// flightScript is a search of flights: partners that answer one by one, fail and are late.
func flightScript() []any {
	direct := flight("r1", 84260, "heron", 3,
		direction("BA177/BA LHR 2027-03-01T10:05:00+00:00 JFK 2027-03-01T13:10:00-05:00"),
		direction("BA178/BA JFK 2027-03-08T18:05:00-05:00 LHR 2027-03-09T05:45:00+00:00"))
	shared := flight("r2", 79100, "albatross", 1,
		direction("AA6134/BA LGW 2027-03-01T08:00:00+00:00 DUB 2027-03-01T09:20:00+00:00", "EI105/ DUB 2027-03-01T11:00:00+00:00 JFK 2027-03-01T13:40:00-05:00"),
		direction("AA100/AA JFK 2027-03-08T22:10:00-05:00 LHR 2027-03-09T10:20:00+00:00"))
	far := flight("r3", 123456, "albatross", 12,
		direction("FI451/FI LHR 2027-03-01T21:10:00+00:00 KEF 2027-03-02T00:20:00+00:00", "FI615/FI KEF 2027-03-02T17:00:00+00:00 EWR 2027-03-02T18:10:00-05:00", "B61/B6 JFK 2027-03-03T01:00:00-05:00 JFK 2027-03-03T02:00:00-05:00"),
		direction("BA178/BA JFK 2027-03-08T18:05:00-05:00 LHR 2027-03-09T05:45:00+00:00"))
	partners := func(albatross, dodo, heron, stork api.Partner) []api.Partner {
		return []api.Partner{albatross, dodo, heron, partner("Pillow Exchange", "not_applicable", "product", 0, 0), stork}
	}
	asks := func(name string) api.Partner { return partner(name, "asking", "", 0, 0) }
	dodo := partner("Dodo Airlines", "error_http", "http_5xx", 0, 312)
	heron := partner("Heron & Daughters", "ok", "", 41, 840)
	albatross := partner("Albatross Air", "ok", "", 117, 1260)
	return []any{
		flightView(1, "pending", partners(asks("Albatross Air"), asks("Dodo Airlines"), asks("Heron & Daughters"), asks("Stork & Sons"))),
		flightView(2, "pending", partners(asks("Albatross Air"), dodo, asks("Heron & Daughters"), asks("Stork & Sons"))),
		flightView(3, "partial", partners(asks("Albatross Air"), dodo, heron, asks("Stork & Sons")), direct),
		flightView(4, "partial", partners(albatross, dodo, heron, asks("Stork & Sons")), shared, direct, far),
		flightView(5, "degraded", partners(albatross, dodo, heron, partner("Stork & Sons", "timeout", "still_running", 0, 8000)), shared, direct, far),
	}
}

func stayView(revision int64, status string, partners []api.Partner, results ...api.StayResult) *api.StayView {
	v := &api.StayView{Results: results, Labels: map[string]string{}, Highlights: map[string]api.StayHighlight{}}
	v.ID, v.Revision, v.Status, v.Partners = "m4qa", revision, status, partners
	v.Query = travel.Query{Product: travel.Hotels, Market: "GB", StayQuery: travel.StayQuery{Destination: travel.Destination{Place: "PAR"},
		CheckIn: travel.NewDate(2027, 3, 1), CheckOut: travel.NewDate(2027, 3, 4), Rooms: []travel.Occupancy{{Adults: 1, ChildAges: []int{7}}, {Adults: 2}}}}
	count(&v.Snapshot, len(results))
	return v
}

func stay(id, name string, stars *float64, metres *int, price int64, rate api.Rate, rates int) api.StayResult {
	return api.StayResult{ID: id, Name: name, Stars: stars, DistanceMetres: metres, Price: pounds(price), RatesTotal: rates, Rates: []api.Rate{rate}}
}

// stayScript has names that try to steer the terminal, and ones that are twice as wide.
func stayScript() []any {
	free := api.Rate{Partner: "pillow", Board: pointer("bed_and_breakfast"), Cancellation: api.Cancellation{Refundable: pointer(true),
		FreeUntil: api.Instant{Time: time.Date(2027, 2, 26, 22, 59, 0, 0, time.UTC)}}}
	no := api.Rate{Partner: "dormouse", Board: pointer("room_only"), Cancellation: api.Cancellation{Refundable: pointer(false)}}
	unknown := api.Rate{Partner: "dormouse"}
	asks := []api.Partner{partner("Dormouse Rooms", "asking", "", 0, 0), partner("Pillow \x1b[31mExchange\x1b[2J", "asking", "", 0, 0)}
	all := []api.Partner{partner("Dormouse Rooms", "ok", "", 5, 350), partner("Pillow \x1b[31mExchange\x1b[2J", "stale_served", "deadline", 9, 8000)}
	all[1].Name, asks[1].Name = "pillow", "pillow"
	return []any{
		stayView(1, "pending", asks),
		stayView(2, "degraded", all,
			stay("p1", "Hôtel du Très Long Nom et de la Très Longue Avenue Charles-de-Gaulle", pointer(4.0), pointer(1234), 41230, free, 9),
			stay("p2", "東京グランドホテル銀座プレミアム", pointer(4.5), pointer(80), 39000, no, 2),
			stay("p3", "Evil\x1b[2J\x07 \u202eInn\nTwo", nil, nil, 20000, unknown, 3)),
	}
}

func flightResults() []api.FlightResult {
	script := flightScript()
	return script[len(script)-1].(*api.FlightView).Results
}

// noMotion is a ticker that stands still.
func noMotion(time.Duration) (<-chan time.Time, func()) { return nil, func() {} }
