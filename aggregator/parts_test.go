package aggregator

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/page"
	"fanfare/aggregator/view"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// seller is a partner that sells every slice asked for, one flight a slice, and takes background calls.
type seller struct {
	fake
	price      func(q travel.Query) int64 // in euro cents
	after      time.Duration              // of background calls
	refuse     atomic.Bool
	unbudgeted bool
	mu         sync.Mutex
	asked      []string // by background calls
}

// sellsAll is a seller that asks the same for every question, and sum of it for several slices.
func sellsAll(name string, whole, part int64, after time.Duration) *seller {
	s := &seller{after: after}
	s.name = name
	s.price = func(q travel.Query) int64 {
		if len(q.Slices) > 1 {
			return whole
		}
		return part
	}
	return s
}

func (s *seller) Ask(_ context.Context, q travel.Query) travel.Answer {
	s.calls.Add(1)
	return s.answer(q)
}

func (s *seller) Combinable() (allowed, budgeted bool) { return true, !s.unbudgeted }

func (s *seller) AskBackground(_ context.Context, q travel.Query) travel.Answer {
	if s.refuse.Load() {
		return travel.Answer{Partner: s.name, AsOf: time.Now(), Err: fault.Newf(fault.Quota, "none left"), Unasked: true}
	}
	s.mu.Lock()
	s.asked = append(s.asked, fmt.Sprint(q.Slices[0].Origin, "-", q.Slices[0].Destination))
	s.mu.Unlock()
	time.Sleep(s.after)
	return s.answer(q)
}

func (s *seller) backgroundCalls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(slices.Values(s.asked))
}

func (s *seller) answer(q travel.Query) travel.Answer {
	o := travel.Offer{Price: travel.Price{Total: travel.Money{Minor: s.price(q), Currency: "EUR"}, Kind: travel.Live}}
	for i, asked := range q.Slices {
		departs := asked.Date.Time().Add(time.Duration(8+6*i) * time.Hour)
		if asked.Destination == "JFK" && asked.Origin != "LHR" {
			departs = departs.Add(6 * time.Hour) // from a hub
		}
		f := travel.NewFlight("BA", fmt.Sprint(100+i))
		o.Itinerary.Slices = append(o.Itinerary.Slices, travel.Slice{Segments: []travel.Segment{{Marketing: f, Operating: f, Origin: asked.Origin, Destination: asked.Destination,
			Departs: travel.LocalTimeOf(departs), Arrives: travel.LocalTimeOf(departs.Add(90 * time.Minute))}}})
	}
	return travel.Answer{Partner: s.name, AsOf: time.Now(), Attempts: 1, OffersIn: 1, Offers: []travel.Offer{o}}
}

func awayAndBack() travel.Query {
	q := query()
	q.Slices = append(q.Slices, travel.SliceQuery{Origin: "JFK", Destination: "LHR", Date: q.Slices[0].Date + 7})
	return q
}

func combining(c *Config) { c.Atlas = places.Default() }

func begin(t *testing.T, a *Aggregator, q travel.Query) *Search {
	t.Helper()
	s, _, err := a.Search(q)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// combinations are the sellers and prices of what several tickets make.
func combinations(t *testing.T, s *Search) []string {
	t.Helper()
	var all []string
	for _, row := range pageOf(t, s.Snapshot(), view.Flights{Currency: "EUR", Sort: "cheapest", Limit: 200}).Rows {
		for _, q := range row.Offers {
			if q.Parts != nil {
				all = append(all, fmt.Sprint(q.Partner, " ", q.EURMicros/10_000))
			}
		}
	}
	slices.Sort(all)
	return all
}

// bubble runs f with fake time, and the tables that parts are planned with outside it.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	places.Default().Zone("LHR")
	synctest.Test(t, f)
}

func TestPartsMakeCombinationsLaterAndChangeNothingElse(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, b := sellsAll("a", 900, 400, 3*time.Second), sellsAll("b", 1000, 450, 3*time.Second)
		s := begin(t, start(t, combining, a, b), awayAndBack())
		expect(t, s, "complete a=ok b=ok") // before any part has answered
		before := s.Snapshot()
		if got := combinations(t, s); got != nil {
			t.Errorf("combinations %v before the parts have answered", got)
		}
		time.Sleep(4 * time.Second)
		expect(t, s, "complete a=ok b=ok")
		after := s.Snapshot()
		if after.StateHash != before.StateHash || after.Revision <= before.Revision || after.Offers() != 2 {
			t.Errorf("state hash %s, then %s; revision %d, then %d; %d offers", before.StateHash, after.StateHash, before.Revision, after.Revision, after.Offers())
		}
		if got, want := combinations(t, s), []string{"a 800", "b 900", "b+a 850"}; !slices.Equal(got, want) {
			t.Errorf("combinations %v, want %v", got, want)
		}
		hidden := pageOf(t, after, view.Flights{Currency: "EUR", Sort: "cheapest", Limit: 200, HideCombined: true})
		was := pageOf(t, before, view.Flights{Currency: "EUR", Sort: "cheapest", Limit: 200})
		if hidden.Results != was.Results || len(hidden.Rows) != len(was.Rows) || hidden.Rows[0].Result.ID != was.Rows[0].Result.ID {
			t.Errorf("%d results with combinations hidden, %d before there were any", hidden.Results, was.Results)
		}
		if got, want := a.backgroundCalls(), []string{"JFK-LHR", "LHR-JFK"}; !slices.Equal(got, want) || a.calls.Load() != 1 {
			t.Errorf("background calls %v, want %v; %d others, want 1", got, want, a.calls.Load())
		}
	})
}

func TestWhoIsAskedForParts(t *testing.T) {
	for _, test := range []struct {
		name   string
		q      func() travel.Query
		change func(*Config, *seller)
		want   []string
	}{
		{"each direction of a return", awayAndBack, nil, []string{"JFK-LHR", "LHR-JFK"}},
		{"each flight of a trip", func() travel.Query {
			q := awayAndBack()
			q.Slices = append(q.Slices, travel.SliceQuery{Origin: "LHR", Destination: "VIE", Date: q.Slices[1].Date + 1})
			return q
		}, nil, []string{"JFK-LHR", "LHR-JFK", "LHR-VIE"}},
		{"two hubs on the way", query, nil, []string{"BOS-JFK", "DUB-JFK", "LHR-BOS", "LHR-DUB"}},
		{"hubs only where a budget is known to remain", query, func(_ *Config, s *seller) { s.unbudgeted = true }, nil},
		{"a way too short to change on", func() travel.Query {
			q := query()
			q.Slices[0].Destination = "VIE"
			return q
		}, nil, nil},
		{"half of what may be asked is asked", awayAndBack, func(c *Config, _ *seller) { c.LiveSearches = 1 }, nil},
		{"no room at the partner", awayAndBack, func(_ *Config, s *seller) { s.refuse.Store(true) }, nil},
		{"no atlas", awayAndBack, func(c *Config, _ *seller) { c.Atlas = nil }, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a, silent := sellsAll("a", 900, 400, 0), sells("silent", time.Minute, 100)
				s := begin(t, start(t, func(c *Config) {
					combining(c)
					if test.change != nil {
						test.change(c, a)
					}
				}, a, silent), test.q())
				time.Sleep(time.Second)
				if got := a.backgroundCalls(); !slices.Equal(got, test.want) {
					t.Errorf("asked for %v, want %v", got, test.want)
				}
				if n := silent.calls.Load(); n != 1 {
					t.Errorf("%d calls to a partner that takes no background ones, want its own", n)
				}
				if s.Snapshot().Status != Partial {
					t.Errorf("status %s", s.Snapshot().Status)
				}
			})
		})
	}
}

func TestTicketsMeetAtAHub(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, b := sellsAll("a", 0, 400, 0), sellsAll("b", 0, 300, 0)
		s := begin(t, start(t, combining, a, b), query())
		time.Sleep(time.Second)
		got := combinations(t, s)
		if !slices.Contains(got, "b 600") || !slices.Contains(got, "b+a 700") {
			t.Errorf("combinations %v", got)
		}
		for _, row := range pageOf(t, s.Snapshot(), view.Flights{Currency: "EUR", Sort: "best", Limit: 200}).Rows {
			risk := slices.ContainsFunc(row.Score.Parts, func(p page.PartShown) bool { return p.Name == "self_transfer" })
			if risk != row.Result.Combined() {
				t.Errorf("self-transfer in the score: %v, of a combination: %v", risk, row.Result.Combined())
			}
		}
	})
}

func TestEqualPartsAreSharedAndDropped(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := sellsAll("a", 900, 400, 0)
		agg := start(t, combining, a)
		begin(t, agg, awayAndBack())
		later := awayAndBack()
		later.Slices[1].Date++
		begin(t, agg, later)
		time.Sleep(time.Second)
		if got, want := a.backgroundCalls(), []string{"JFK-LHR", "JFK-LHR", "LHR-JFK"}; !slices.Equal(got, want) {
			t.Errorf("asked for %v, want the way out once", got)
		}
		if agg.ActiveSearches() != 2 || len(agg.active.all()) != 5 {
			t.Errorf("%d searches held, with parts %d; want 2 and 5", agg.ActiveSearches(), len(agg.active.all()))
		}
		time.Sleep(29 * time.Minute)
		if len(agg.active.all()) != 5 {
			t.Errorf("%d searches held while they are needed, want 5", len(agg.active.all()))
		}
		time.Sleep(3 * time.Minute)
		if n := len(agg.active.all()); n != 0 || agg.CacheBytes() != 0 {
			t.Errorf("%d searches and %d bytes are held after the last is forgotten", n, agg.CacheBytes())
		}
	})
}

func TestATravellerAsksForAPart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, refusing, silent := sellsAll("a", 900, 400, 0), sellsAll("refusing", 900, 400, 0), sells("silent", time.Second, 100)
		refusing.refuse.Store(true)
		agg := start(t, combining, a, refusing, silent)
		begin(t, agg, awayAndBack())
		time.Sleep(2 * time.Second)
		if _, found := agg.Find(query().ID()); found || agg.IsActive(query().ID()) {
			t.Error("a part that nobody has asked for can be found, or counts as held: asking for it is a new search")
		}
		s, joined, err := agg.Search(query())
		if err != nil || joined {
			t.Fatalf("joined %v, %v; want a new search", joined, err)
		}
		time.Sleep(100 * time.Millisecond)
		expect(t, s, "partial a=ok refusing=ok silent=asking")
		time.Sleep(2 * time.Second)
		expect(t, s, "complete a=ok refusing=ok silent=ok")
		if a.calls.Load() != 1 {
			t.Errorf("%d calls to a; its answer to the background call was there", a.calls.Load())
		}
		if _, found := agg.Find(s.ID); !found || !agg.IsActive(s.ID) {
			t.Error("it cannot be found now")
		}
	})
}

func TestARemovedPartnerTakesItsCombinationsAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, b := sellsAll("a", 900, 400, 0), sellsAll("b", 1000, 450, 0)
		agg := start(t, combining, a, b)
		s := begin(t, agg, awayAndBack())
		time.Sleep(time.Second)
		agg.SetPartners([]Partner{a})
		if got, want := combinations(t, s), []string{"a 800"}; !slices.Equal(got, want) {
			t.Errorf("combinations %v, want %v", got, want)
		}
	})
}

func TestPartsAreRefreshedForWhoWatches(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := sellsAll("a", 900, 400, 0)
		agg := start(t, func(c *Config) {
			combining(c)
			c.Refreshes, c.LiveFor, c.Retain = 1, time.Hour, 2*time.Hour
		}, a)
		s := begin(t, agg, awayAndBack())
		time.Sleep(11 * time.Minute)
		if n := len(a.backgroundCalls()); n != 2 {
			t.Errorf("%d background calls with nobody watching, want 2", n)
		}
		defer s.Watch()()
		time.Sleep(30 * time.Minute)
		if n := len(a.backgroundCalls()); n != 4 {
			t.Errorf("%d background calls after one refresh, want 4", n)
		}
		time.Sleep(time.Hour)
		for _, text := range combinations(t, s) {
			t.Errorf("combination %s of answers past hard", strings.ToUpper(text))
		}
	})
}

// quickHubs is a seller whose prices over hubs live for five minutes only.
type quickHubs struct{ *seller }

func (q quickHubs) AskBackground(ctx context.Context, asked travel.Query) travel.Answer {
	a := q.seller.AskBackground(ctx, asked)
	if s := asked.Slices[0]; s.Origin != "LHR" && s.Destination == "JFK" || s.Origin == "LHR" && s.Destination != "JFK" {
		for i := range a.Offers {
			a.Offers[i].ExpiresAt = time.Now().Add(5 * time.Minute)
		}
	}
	return a
}

// A part that a traveller has asked for has parts of its own. Their prices are not in the combinations of
// the whole trip, whose revisions they do not touch.
func TestPricesOfPartsOfAPartMakeNoRevisions(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := quickHubs{sellsAll("a", 900, 400, 0)}
		agg := start(t, func(c *Config) { combining(c); c.Refreshes = 0 }, a)
		begin(t, agg, query())
		time.Sleep(time.Second)
		s := begin(t, agg, awayAndBack())
		time.Sleep(time.Second)
		defer s.Watch()()
		time.Sleep(5*time.Minute - 5*time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		n := 0
		last := s.newest.Load()
		s.Wait(ctx, func(next *Snapshot) bool {
			if next != last {
				n++
				last = next
			}
			return n > 50
		})
		if n > 0 {
			t.Errorf("%d revisions within ten seconds, want none", n)
		}
	})
}

// Combinations are of the same exchange rates as the rest of a snapshot.
func TestNewRatesReachPartsWithTheSearch(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var table atomic.Pointer[fx.Table]
		table.Store(ratesOf(t, "1.0"))
		a, slow := sellsAll("a", 900, 400, 0), sells("slow", 3*time.Second+time.Second/3, 1000)
		agg := start(t, func(c *Config) { combining(c); c.Rates = table.Load }, a, slow)
		s := begin(t, agg, awayAndBack())
		time.Sleep(3*time.Second + time.Second/4)
		synctest.Wait()
		table.Store(ratesOf(t, "2.0"))
		time.Sleep(time.Second / 6) // slow has answered; no tick yet
		synctest.Wait()
		got := s.Snapshot()
		if got.Status != Complete || len(got.trips) != 1 || got.Rates != table.Load() {
			t.Fatalf("status %s, %d trips", got.Status, len(got.trips))
		}
		for _, part := range got.trips[0].parts {
			if part.Rates != got.Rates {
				t.Error("a combination is ranked with other exchange rates than its snapshot")
			}
		}
	})
}

// Parts that are held ask the partners as they are declared now.
func TestPartsAskReplacedPartnersNoMore(t *testing.T) {
	for _, own := range []bool{false, true} {
		bubble(t, func(t *testing.T) {
			old := sellsAll("a", 900, 400, 0)
			agg := start(t, combining, old)
			begin(t, agg, awayAndBack())
			time.Sleep(time.Second)
			if own {
				begin(t, agg, query())
				time.Sleep(time.Second)
			}
			before := len(old.backgroundCalls())
			next := sellsAll("a", 900, 300, 0)
			next.version = "2"
			agg.SetPartners([]Partner{next})
			time.Sleep(11 * time.Minute) // past fresh
			begin(t, agg, awayAndBack())
			time.Sleep(time.Second)
			if n := len(old.backgroundCalls()) - before; n != 0 {
				t.Errorf("%d calls to a partner that has been replaced", n)
			}
			if n := len(next.backgroundCalls()); !own && n != 2 {
				t.Errorf("%d calls to the one that replaced it, want 2", n)
			}
		})
	}
}
