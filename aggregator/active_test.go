package aggregator

import (
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/aggregator/fx"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

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
