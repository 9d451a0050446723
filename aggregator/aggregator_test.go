package aggregator

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/aggregator/fx"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// fake is a partner whose next answers are scripted.
type fake struct {
	name       string
	version    string
	applicable fault.Cause
	forbidden  bool // to cache
	ask        func(n int) (travel.Answer, time.Duration)
	calls      atomic.Int64
}

func (f *fake) Name() string                        { return f.name }
func (f *fake) DisplayName() string                 { return "The " + f.name }
func (f *fake) FeedVersion() string                 { return f.version }
func (f *fake) Applicable(travel.Query) fault.Cause { return f.applicable }
func (f *fake) Cacheable() (bool, time.Duration)    { return !f.forbidden, 0 }
func (f *fake) Ask(ctx context.Context, _ travel.Query) travel.Answer {
	a, after := f.ask(int(f.calls.Add(1)))
	start := time.Now()
	// No timer of 0: two that fire at once in one bubble crash the race detector.
	if after > 0 {
		select {
		case <-time.After(after):
		case <-ctx.Done():
			a = travel.Answer{Err: fault.New(fault.Cancelled, ctx.Err())}
		}
	}
	a.Partner, a.AsOf, a.Took, a.Attempts = f.name, time.Now(), time.Since(start), 1
	return a
}

// sells is a partner that answers after a while with one offer for each price.
func sells(name string, after time.Duration, prices ...int64) *fake {
	return &fake{name: name, ask: func(int) (travel.Answer, time.Duration) { return offers(prices...), after }}
}

// fails is a partner that fails after a while.
func fails(name string, after time.Duration, cause fault.Cause) *fake {
	return &fake{name: name, ask: func(int) (travel.Answer, time.Duration) {
		return travel.Answer{Err: fault.New(cause, nil)}, after
	}}
}

func offers(prices ...int64) travel.Answer {
	var a travel.Answer
	for i, price := range prices {
		departs := time.Date(2027, 3, 1, 8+i, 0, 0, 0, time.UTC)
		a.Offers = append(a.Offers, travel.Offer{
			PartnerRef: fmt.Sprint(i),
			Itinerary: travel.Itinerary{Slices: []travel.Slice{{Segments: []travel.Segment{{
				Marketing: travel.Flight{Carrier: "BA", Number: fmt.Sprint(100 + i)}, Operating: travel.Flight{Carrier: "BA", Number: fmt.Sprint(100 + i)},
				Origin: "LHR", Destination: "JFK", Departs: travel.LocalTimeOf(departs), Arrives: travel.LocalTimeOf(departs.Add(8 * time.Hour)),
			}}}}},
			Price: travel.Price{Total: travel.Money{Minor: price, Currency: "EUR"}, Kind: travel.Live},
		})
	}
	a.OffersIn = len(a.Offers)
	return a
}

// query leaves 100 days after synctest's clock begins (2000-01-01): fresh 10, hard 20 minutes.
func query() travel.Query {
	q := travel.Query{Product: travel.Flights, Market: "GB"}
	q.Slices = []travel.SliceQuery{{Origin: "LHR", Destination: "JFK", Date: travel.NewDate(2000, 4, 10)}}
	q.Passengers, q.Cabin = travel.Passengers{Adults: 1, ChildAges: []int{}}, travel.Economy
	return q
}

// start is an aggregator in a synctest bubble, tended until the test ends.
func start(t *testing.T, change func(*Config), partners ...Partner) *Aggregator {
	t.Helper()
	cfg := Config{
		Budget: 8 * time.Second, Retain: 30 * time.Minute, LiveFor: 15 * time.Minute, Refreshes: 3, LiveSearches: 100, CacheBytes: 64 << 20,
		Rates: fx.Embedded, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&cfg)
	}
	a := New(cfg)
	a.SetPartners(partners)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { a.Run(ctx); close(done) }()
	t.Cleanup(func() {
		cancel()
		<-done
		a.Close()
	})
	return a
}

func search(t *testing.T, a *Aggregator) *Search {
	t.Helper()
	s, _, err := a.Search(query())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// state is the partners' statuses in one line.
func state(s *Snapshot) string {
	out := string(s.Status)
	for _, p := range s.Partners {
		out += " " + p.Name + "=" + string(p.Status)
		if p.Cause != fault.None {
			out += "/" + string(p.Cause)
		}
	}
	return out
}

func expect(t *testing.T, s *Search, want string) {
	t.Helper()
	synctest.Wait()
	if got := state(s.Snapshot()); got != want {
		t.Errorf("state = %s\n     want %s", got, want)
	}
}

func TestStatuses(t *testing.T) {
	for _, test := range []struct {
		name     string
		partners []Partner
		want     string
	}{
		{"all good", []Partner{sells("a", 0, 100), sells("b", 0)}, "complete a=ok b=no_hit/no_inventory"},
		{"one fails", []Partner{sells("a", 0, 100), fails("b", 0, fault.HTTP5xx)}, "degraded a=ok b=error_http/http_5xx"},
		{"all fail", []Partner{fails("a", 0, fault.Refused), fails("b", 0, fault.HTTP429)}, "failed a=error_network/refused b=rate_limited/http_429"},
		{"nothing and a failure", []Partner{sells("a", 0), fails("b", 0, fault.Malformed)}, "degraded a=no_hit/no_inventory b=error_parse/malformed"},
		{"not applicable does not degrade", []Partner{sells("a", 0, 100), &fake{name: "b", applicable: fault.Market}}, "complete a=ok b=not_applicable/market"},
		{"nobody is applicable", []Partner{&fake{name: "b", applicable: fault.Passengers}}, "complete b=not_applicable/passengers"},
		{"slower than the budget", []Partner{sells("a", 0, 100), sells("b", time.Minute)}, "degraded a=ok b=timeout/still_running"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := search(t, start(t, nil, test.partners...))
				time.Sleep(8 * time.Second)
				expect(t, s, test.want)
			})
		})
	}
}

func TestNotApplicableIsNotAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := sells("b", 0, 100)
		b.applicable = fault.Capability
		expect(t, search(t, start(t, nil, b)), "complete b=not_applicable/capability")
		if n := b.calls.Load(); n != 0 {
			t.Errorf("%d calls, want none", n)
		}
	})
}

func TestLateAnswerMakesALaterRevision(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := search(t, start(t, nil, sells("a", 0, 100), sells("b", 12*time.Second, 90)))
		time.Sleep(8 * time.Second)
		expect(t, s, "degraded a=ok b=timeout/still_running")
		before := s.Snapshot()
		time.Sleep(5 * time.Second)
		expect(t, s, "complete a=ok b=ok")
		if after := s.Snapshot(); after.Revision <= before.Revision || after.StateHash == before.StateHash {
			t.Errorf("revision %d after %d, state hash %s after %s; want both new", after.Revision, before.Revision, after.StateHash, before.StateHash)
		}
	})
}

func TestRevisionsGatherAnswersThatComeTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var partners []Partner
		for i := range 20 {
			partners = append(partners, sells(fmt.Sprintf("p%02d", i), 100*time.Millisecond+time.Duration(i)*time.Millisecond, 100))
		}
		partners = append(partners, sells("slow", 5*time.Second, 100))
		s := search(t, start(t, nil, partners...))
		revisions := 0
		for last := s.Snapshot(); !last.Status.Terminal(); {
			last = s.Wait(t.Context(), func(x *Snapshot) bool { return x.Revision > last.Revision })
			revisions++
		}
		// The first answer, those that came within 50 ms of it, and the last.
		if revisions != 3 {
			t.Errorf("%d revisions for 20 answers within 20 ms and one late, want 3", revisions)
		}
	})
}

func TestEqualSearchesAskOnceAndLeaversChangeNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := sells("a", time.Second, 100), sells("b", 2*time.Second, 90)
		agg := start(t, nil, a, b)
		starter, leave := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer leave()
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				s, _, err := agg.Search(query())
				if err != nil {
					t.Error(err)
					return
				}
				ctx := t.Context()
				if i == 0 {
					ctx = starter
				}
				got := s.Wait(ctx, func(x *Snapshot) bool { return x.Status.Terminal() })
				if i > 0 && state(got) != "complete a=ok b=ok" {
					t.Errorf("search %d: %s", i, state(got))
				}
			})
		}
		wg.Wait()
		if a.calls.Load() != 1 || b.calls.Load() != 1 {
			t.Errorf("calls: a %d, b %d; want one each", a.calls.Load(), b.calls.Load())
		}
	})
}

func TestKeptAnswersServeANewSearch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := sells("a", time.Second, 100), sells("b", time.Second, 90)
		b.forbidden = true
		agg := start(t, func(c *Config) { c.Retain = time.Minute }, a, b)
		search(t, agg)
		time.Sleep(3 * time.Minute) // the search is dropped, the answer of a is kept
		s := search(t, agg)
		expect(t, s, "partial a=ok b=asking")
		time.Sleep(2 * time.Second)
		expect(t, s, "complete a=ok b=ok")
		if a.calls.Load() != 1 || b.calls.Load() != 2 {
			t.Errorf("calls: a %d, b %d; want 1 and 2", a.calls.Load(), b.calls.Load())
		}
		// Between fresh and hard a kept answer is served and asked for again.
		time.Sleep(12 * time.Minute)
		s = search(t, agg)
		synctest.Wait()
		if got := s.Snapshot().Partners[0].Status; got != fault.OK || a.calls.Load() != 2 {
			t.Errorf("a is %s after %d calls; want ok, and asked again", got, a.calls.Load())
		}
	})
}

func TestOverloadRefusesNewSearchesOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		agg := start(t, func(c *Config) { c.LiveSearches = 1 }, sells("a", time.Second, 100))
		s := search(t, agg)
		other := query()
		other.Market = "FR"
		if _, _, err := agg.Search(other); err != ErrOverloaded {
			t.Errorf("a second fan-out: %v, want ErrOverloaded", err)
		}
		if joined := search(t, agg); joined != s {
			t.Error("joining was refused")
		}
		time.Sleep(2 * time.Second)
		if _, _, err := agg.Search(other); err != nil {
			t.Errorf("after the first had ended: %v", err)
		}
	})
}

func TestReplacedPartners(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := sells("a", 0, 100), sells("b", 0, 90)
		agg := start(t, nil, a, b)
		s := search(t, agg)
		expect(t, s, "complete a=ok b=ok")
		c := sells("c", 0, 80)
		agg.SetPartners([]Partner{a, c})
		expect(t, s, "complete a=ok") // nobody has asked c yet
		if n := s.Snapshot().Offers(); n != 1 {
			t.Errorf("%d offers, want only a's", n)
		}
		search(t, agg)
		expect(t, s, "complete a=ok c=ok")
		if a.calls.Load() != 1 {
			t.Errorf("%d calls to the partner that stayed, want 1", a.calls.Load())
		}
		// Who watches does not lose a partner because its declaration has changed.
		defer s.Watch()()
		a, c = sells("a", 0, 100), sells("c", 0, 80)
		a.version, c.version = "2", "2"
		agg.SetPartners([]Partner{a, c})
		expect(t, s, "complete a=ok c=ok")
		time.Sleep(2 * time.Second)
		expect(t, s, "complete a=ok c=ok")
		if a.calls.Load() != 1 || c.calls.Load() != 1 {
			t.Errorf("the changed ones are asked %d and %d times, want once each", a.calls.Load(), c.calls.Load())
		}
	})
}

// A partner that was removed while it was being asked does not come back.
func TestAnswerOfARemovedPartnerIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := sells("a", 0, 100), sells("b", 5*time.Second, 90)
		agg := start(t, nil, a, b)
		s := search(t, agg)
		agg.SetPartners([]Partner{a})
		time.Sleep(6 * time.Second)
		expect(t, s, "complete a=ok")
	})
}

func TestStateHashIsTheSameInAnyOrderOfArrival(t *testing.T) {
	hash := func(first, second time.Duration) (hash string) {
		synctest.Test(t, func(t *testing.T) {
			s := search(t, start(t, nil, sells("a", first, 100, 200), sells("b", second, 90, 210)))
			time.Sleep(5 * time.Second)
			synctest.Wait()
			hash = s.Snapshot().StateHash
		})
		return hash
	}
	if x, y := hash(0, time.Second), hash(2*time.Second, time.Millisecond); x != y || x == "" {
		t.Errorf("state hashes %q and %q", x, y)
	}
}

// Failures are never kept for others (docs/definitions.md 6).
func TestFailuresAreNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		agg := start(t, func(c *Config) { c.Retain = time.Minute }, fails("a", time.Second, fault.HTTP5xx))
		first := search(t, agg)
		time.Sleep(65 * time.Second) // dropped
		s := search(t, agg)
		if s == first {
			t.Fatal("the first search is still held")
		}
		expect(t, s, "pending a=asking")
	})
}
