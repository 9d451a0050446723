package aggregator

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/page"
	"fanfare/aggregator/view"
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

func TestJoinAsksAgainOnlyWhatIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := sells("a", time.Second, 100), fails("b", time.Second, fault.HTTP5xx)
		agg := start(t, func(c *Config) { c.Refreshes = 0 }, a, b)
		s := search(t, agg)
		time.Sleep(2 * time.Second)
		expect(t, s, "degraded a=ok b=error_http/http_5xx")

		calls := func(wantA, wantB int64) {
			t.Helper()
			synctest.Wait()
			if a.calls.Load() != wantA || b.calls.Load() != wantB {
				t.Errorf("calls: a %d, b %d; want %d and %d", a.calls.Load(), b.calls.Load(), wantA, wantB)
			}
		}
		search(t, agg)
		calls(1, 1) // both just answered
		time.Sleep(31 * time.Second)
		if again := search(t, agg); again != s {
			t.Fatal("another search for the same question")
		}
		calls(1, 2) // b failed over 30 s ago
		// While b is asked again its last status stands, and a joiner is answered at once.
		expect(t, s, "degraded a=ok b=error_http/http_5xx")
		time.Sleep(10 * time.Minute)
		search(t, agg)
		calls(2, 3) // a is past fresh
		expect(t, s, "degraded a=ok b=error_http/http_5xx")
	})
}

func TestFailedRefreshServesStaleUntilHard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := sells("a", 0)
		a.ask = func(n int) (travel.Answer, time.Duration) {
			if n == 1 {
				return offers(100), 0
			}
			return travel.Answer{Err: fault.New(fault.Refused, nil)}, 0
		}
		agg := start(t, func(c *Config) { c.Refreshes = 0 }, a)
		s := search(t, agg)
		time.Sleep(11 * time.Minute)
		search(t, agg)
		expect(t, s, "degraded a=stale_served/refused")
		if n := s.Snapshot().Offers(); n != 1 {
			t.Errorf("%d offers while stale, want 1", n)
		}
		time.Sleep(10 * time.Minute)
		search(t, agg)
		expect(t, s, "failed a=error_network/refused")
	})
}

func TestWatchedSearchesAreRefreshedWithinBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := sells("a", 0, 100)
		agg := start(t, func(c *Config) { c.LiveFor = 25 * time.Minute; c.Retain = 2 * time.Hour }, a)
		s := search(t, agg)
		time.Sleep(11 * time.Minute)
		if n := a.calls.Load(); n != 1 {
			t.Errorf("%d calls with nobody watching, want 1", n)
		}
		leave := s.Watch()
		time.Sleep(time.Hour)
		// Stale at 10 min and noticed when watched, again at 21 min; at 31 min it is
		// more than live_for since the traveller's last act.
		if n := a.calls.Load(); n != 3 {
			t.Errorf("%d calls within an hour's watching, want 3", n)
		}
		s.View("another")
		time.Sleep(2 * time.Second)
		if n := a.calls.Load(); n != 4 {
			t.Errorf("%d calls after a change of view, want 4", n)
		}
		leave()
	})
}

func TestForgottenSearchesAreDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		agg := start(t, nil, sells("a", 0, 100))
		s := search(t, agg)
		time.Sleep(29 * time.Minute)
		if _, ok := agg.Find(s.ID); !ok {
			t.Fatal("dropped before search.retain was over")
		}
		time.Sleep(29 * time.Minute)
		if _, ok := agg.Find(s.ID); !ok {
			t.Fatal("a request did not extend how long it is held")
		}
		time.Sleep(31 * time.Minute)
		if _, ok := agg.Find(s.ID); ok {
			t.Error("still held after search.retain")
		}
		if s.Active() {
			t.Error("a dropped search calls itself held")
		}
	})
}

func TestExpiredWhenEveryAnswerIsPastHard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		agg := start(t, nil, sells("a", 0, 100))
		s := search(t, agg)
		time.Sleep(21 * time.Minute)
		agg.Find(s.ID)
		expect(t, s, "expired a=expired")
		search(t, agg)
		expect(t, s, "complete a=ok")
	})
}

// Where an answer turns stale and too old at once (14 to 59 days ahead), whoever
// watches is not told that the search is over while it is asked again.
func TestAWatchedSearchIsRefreshedAndNotExpired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := sells("a", time.Second, 100)
		agg := start(t, nil, a)
		q := query()
		q.Slices[0].Date = travel.NewDate(2000, 1, 31)
		s, _, err := agg.Search(q)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Watch()()
		ctx, cancel := context.WithTimeout(t.Context(), 11*time.Minute)
		defer cancel()
		for last := s.Snapshot(); ctx.Err() == nil; {
			last = s.Wait(ctx, func(x *Snapshot) bool { return x.Revision > last.Revision })
			agg.Find(s.ID)
			if last.Status == Expired {
				t.Fatalf("expired %v after it began", last.UpdatedAt.Sub(last.CreatedAt))
			}
		}
		if n := a.calls.Load(); n != 2 {
			t.Errorf("%d calls, want the first and one refresh", n)
		}
	})
}

// An answer past its hard limit gives its memory back, although the search is still held; and
// nothing is accounted for once the search is dropped.
func TestAnswersPastHardGiveTheirMemoryBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		prices := make([]int64, 200)
		for i := range prices {
			prices[i] = int64(100 + i)
		}
		agg := start(t, nil, sells("a", 0, prices...), sells("b", 0, 90))
		s := search(t, agg)
		synctest.Wait()
		before := agg.CacheBytes()
		time.Sleep(25 * time.Minute) // hard is 20, and what is past it has been swept
		if after := agg.CacheBytes(); after < searchBytes || after > before/20 {
			t.Errorf("%d bytes accounted once the answers are past hard, %d before", after, before)
		}
		time.Sleep(10 * time.Minute)
		if n := agg.CacheBytes(); n != 0 || s.Active() {
			t.Errorf("%d bytes accounted after the search was dropped", n)
		}
	})
}

// Who joins at the moment at which the search is dropped gets one that is held.
func TestJoiningWhileTheSearchIsDropped(t *testing.T) {
	agg := New(Config{Budget: time.Second, Retain: time.Minute, CacheBytes: 1 << 20, Rates: fx.Embedded, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	defer agg.Close()
	agg.SetPartners([]Partner{sells("a", 0, 100)})
	s := search(t, agg)
	s.Wait(t.Context(), func(x *Snapshot) bool { return x.Status.Terminal() })
	joined := make(chan *Search)
	s.mu.Lock()
	go func() { joined <- search(t, agg) }()
	time.Sleep(20 * time.Millisecond) // it has found the search, and waits for its lock
	s.dropLocked()
	s.mu.Unlock()
	got := <-joined
	if found, ok := agg.Find(got.ID); !got.Active() || !ok || found != got {
		t.Error("joined a search that is not held")
	}
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

func pageOf(t *testing.T, s *Snapshot, v view.Flights) *page.Flights {
	t.Helper()
	p, err := s.Flights(v, s.Rates)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPagesCoverEveryResultOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := search(t, start(t, nil, sells("a", 0, 500, 400, 300, 200, 100), sells("b", 0, 450, 350, 250, 150)))
		synctest.Wait()
		v := view.Flights{Currency: "EUR", Sort: "cheapest", Limit: 2}
		var ids []string
		for {
			p := pageOf(t, s.Snapshot(), v)
			for _, row := range p.Rows {
				ids = append(ids, row.Result.ID)
			}
			if p.NextCursor == "" {
				break
			}
			c, err := view.ParseCursor(p.NextCursor)
			if err != nil {
				t.Fatal(err)
			}
			v.Cursor = c
		}
		all := pageOf(t, s.Snapshot(), view.Flights{Currency: "EUR", Sort: "cheapest", Limit: 200})
		var want []string
		for _, row := range all.Rows {
			want = append(want, row.Result.ID)
		}
		if !slices.Equal(ids, want) || len(want) != 5 {
			t.Errorf("pages %v\nwant %v", ids, want)
		}
		v.Sort = "fastest"
		if _, err := s.Snapshot().Flights(v, fx.Embedded()); err != page.ErrCursorView {
			t.Errorf("a cursor of another view: %v, want ErrCursorView", err)
		}
	})
}

func TestResidual(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := search(t, start(t, nil, sells("a", 0, 10_000), sells("b", 0, 11_000), sells("c", 0, 13_000), sells("d", time.Minute, 1)))
		synctest.Wait()
		time.Sleep(time.Second)
		got, known := pageOf(t, s.Snapshot(), view.Flights{Currency: "EUR", Sort: "best", Limit: 20}).Residual()
		if want := (travel.Money{Minor: 250, Currency: "EUR"}); !known || got != want {
			t.Errorf("Residual() = %v, %v; want %v", got, known, want)
		}
	})
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

// Under overload new searches are refused and refreshes dropped; joining goes on.
func TestSheddingDropsRefreshesAndRefusesNewSearches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var full atomic.Bool
		a := sells("a", 0, 100)
		var wanted []string
		agg := start(t, func(c *Config) {
			c.Overloaded = func() string { return map[bool]string{true: "memory"}[full.Load()] }
			c.Hooks.Refused = func(want string) { wanted = append(wanted, want) }
		}, a)
		s := search(t, agg)
		defer s.Watch()()
		full.Store(true)
		other := query()
		other.Market = "FR"
		if _, _, err := agg.Search(other); err != ErrOverloaded {
			t.Errorf("a new search: %v, want ErrOverloaded", err)
		}
		if !slices.Equal(wanted, []string{"memory"}) {
			t.Errorf("refused for want of %q", wanted)
		}
		time.Sleep(11 * time.Minute)
		if n := a.calls.Load(); n != 1 {
			t.Errorf("%d calls under overload, want no refresh", n)
		}
		if search(t, agg) != s {
			t.Error("joining was refused")
		}
	})
}

func TestAFailedPartnerIsNotAskedBeforeItsOwnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := sells("a", 0)
		a.ask = func(int) (travel.Answer, time.Duration) {
			return travel.Answer{Err: fault.New(fault.HTTP5xx, nil), RetryAt: time.Now().Add(5 * time.Minute)}, 0
		}
		agg := start(t, nil, a)
		search(t, agg)
		for _, want := range []int64{1, 2} {
			time.Sleep(4 * time.Minute)
			search(t, agg)
			synctest.Wait()
			if n := a.calls.Load(); n != want {
				t.Errorf("%d calls, want %d", n, want)
			}
		}
	})
}

func TestASearchIsNotDroppedWhileItIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		agg := start(t, func(c *Config) { c.Retain = time.Second }, sells("a", time.Minute, 100))
		s := search(t, agg)
		time.Sleep(50 * time.Second)
		if !s.Active() {
			t.Error("dropped with a call in flight")
		}
		time.Sleep(12 * time.Second)
		if s.Active() {
			t.Error("held after its last call")
		}
	})
}

func TestRefreshesAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := sells("a", 0, 100)
		s := search(t, start(t, func(c *Config) { c.Refreshes, c.LiveFor = 2, 24*time.Hour }, a))
		defer s.Watch()()
		time.Sleep(3 * time.Hour)
		if n := a.calls.Load(); n != 3 {
			t.Errorf("%d calls, want the first and search.refreshes (2)", n)
		}
	})
}

// Revisions grow also within one millisecond, and bodies go with theirs.
func TestRevisionsGrowAndBodiesGoWithThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := sells("a", 0, 100), sells("b", time.Second, 90)
		agg := start(t, nil, a, b)
		s := search(t, agg)
		synctest.Wait()
		first := s.Snapshot()
		before := agg.CacheBytes()
		agg.PutBody(first, "v", make([]byte, 10_000), 10_000)
		if _, ok := agg.Body(first, "v"); !ok || agg.CacheBytes() < before+10_000 {
			t.Error("a body is not kept, or not accounted for")
		}
		time.Sleep(2 * time.Second) // b makes another revision
		second := s.Snapshot()
		if _, ok := agg.Body(second, "v"); ok || agg.CacheBytes() >= before+10_000 {
			t.Error("a body outlives its revision")
		}
		agg.PutBody(first, "v", make([]byte, 10_000), 10_000)
		if agg.CacheBytes() >= before+10_000 {
			t.Error("a body of an older revision was kept")
		}
		agg.SetPartners([]Partner{a})
		third := s.Snapshot()
		agg.SetPartners(nil)
		if last := s.Snapshot(); third.Revision <= second.Revision || last.Revision <= third.Revision {
			t.Errorf("revisions %d, %d, %d", second.Revision, third.Revision, last.Revision)
		}
		for i := range 2 * maxViews {
			s.View(fmt.Sprint(i))
		}
		if len(s.travellers.views) > maxViews {
			t.Errorf("%d views count as acts of the traveller", len(s.travellers.views))
		}
	})
}

// Labels of stays point at what the order of that name puts first, also among equals.
func TestLabelsOfStaysAreTheFirstOfTheirOrder(t *testing.T) {
	var a travel.Answer
	for i := range 12 { // equal prices, two distances and no stars
		p := travel.Property{ID: fmt.Sprint(i), Name: fmt.Sprint("House ", i), Stars: 5, HasGeo: true, Lat: 48.85 + 0.01*float64(i%2), Lon: 2.35}
		a.Stays = append(a.Stays, travel.Stay{Property: p, Rates: []travel.Rate{{Room: "Double", Price: travel.Price{Total: travel.Money{Minor: 10_000, Currency: "EUR"}}}}})
	}
	a.OffersIn = len(a.Stays)
	synctest.Test(t, func(t *testing.T) {
		q := travel.Query{Product: travel.Hotels, Market: "GB"}
		q.Destination = travel.Destination{Lat: 48.85, Lon: 2.35, RadiusKM: 15}
		q.CheckIn, q.CheckOut = travel.NewDate(2000, 4, 10), travel.NewDate(2000, 4, 12)
		q.Rooms = []travel.Occupancy{{Adults: 2}}
		agg := start(t, nil, &fake{name: "a", ask: func(int) (travel.Answer, time.Duration) { return a, 0 }})
		s, _, err := agg.Search(q)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		for _, by := range []string{"best", "cheapest"} {
			p, err := s.Snapshot().Stays(view.Stays{Currency: "EUR", Sort: by, Limit: 20}, fx.Embedded())
			if err != nil || len(p.Rows) != 12 {
				t.Fatalf("%d rows, %v", len(p.Rows), err)
			}
			if first := p.Rows[0].Result.ID; p.Labels[by] != first || p.Tops[by].ID != first {
				t.Errorf("label %s is %s, the order's first is %s", by, p.Labels[by], first)
			}
		}
	})
}
