package aggregator

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/aggregator/fx"
	"fanfare/providers/travel"
)

// A partner that has nothing neither spends refreshes nor is asked again for who watches.
func TestRefreshesServePrices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seller, nothing := sells("seller", 0, 100), sells("nothing", 0)
		agg := start(t, func(c *Config) { c.LiveFor = time.Hour }, seller, nothing)
		s := search(t, agg)
		defer s.Watch()()
		time.Sleep(35 * time.Minute)
		if seller.calls.Load() != 4 || nothing.calls.Load() != 1 {
			t.Errorf("calls: seller %d, nothing %d; want the first and three refreshes, and one", seller.calls.Load(), nothing.calls.Load())
		}
		expect(t, s, "complete nothing=no_hit/no_inventory seller=ok")
	})
}

func TestChangesOfViewDoNotMultiplyCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := sells("a", 0, 100)
		agg := start(t, func(c *Config) { c.Refreshes = 1 }, a)
		s := search(t, agg)
		defer s.Watch()()
		for i := range 40 {
			time.Sleep(time.Minute)
			s.View(time.Duration(i).String())
		}
		if n := a.calls.Load(); n != 2 {
			t.Errorf("%d calls over 40 views, want the first and one refresh", n)
		}
	})
}

// An offer that is fresh for less than its answer asks again if it is on a page, at most once in
// the answer's fresh time.
func TestTheFreshnessOfAnOfferThatIsShownAsksAgain(t *testing.T) {
	for _, shown := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			a := answersIn("a", 0, scarce(50, 100))
			agg := start(t, func(c *Config) { c.Refreshes = 10 }, a)
			s := search(t, agg)
			defer s.Watch()()
			for range 11 * 60 {
				if shown {
					shownAt(t, s.Snapshot())
				}
				time.Sleep(time.Second)
			}
			// Shown: at 3 min 20 s for the offer's sake, and not again before 13 min 20 s. Else at 10 min
			// for the answer's.
			if n := a.calls.Load(); n != 2 {
				t.Errorf("%d calls in 11 minutes, want 2", n)
			}
			want := 10 * time.Minute
			if shown {
				want = 200 * time.Second
			}
			if asOf := s.Snapshot().Partners[0].AsOf.Sub(s.round.began); asOf < want || asOf > want+2*time.Second {
				t.Errorf("shown %v: asked again after %v, want %v", shown, asOf, want)
			}
		})
	}
}

// A watched search never shows that it has expired while it is refreshed, even where prices are
// fresh to their hard limit and partners are slow.
func TestARefreshIsInBeforeTheHardLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := sells("a", 20*time.Second, 100)
		agg := start(t, func(c *Config) { c.Budget, c.LiveFor = time.Minute, time.Hour }, a)
		q := query()
		q.Slices[0].Date = travel.NewDate(2000, 1, 31) // fresh and hard are 10 minutes
		s, _, err := agg.Search(q)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Watch()()
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Minute)
		defer cancel()
		s.Wait(ctx, func(s *Snapshot) bool {
			if s.Status == Expired {
				t.Errorf("expired %v after it began", s.UpdatedAt.Sub(s.CreatedAt))
			}
			return false
		})
		if n := a.calls.Load(); n != 3 {
			t.Errorf("%d calls in 25 minutes, want 3", n)
		}
	})
}

// swift is a partner whose calls are known to take long now and then.
type swift struct {
	*fake
	p95 time.Duration
}

func (s swift) Latency95(p travel.Product) (time.Duration, bool) { return s.p95, p == travel.Flights }

// How long calls take is the partner's 95th percentile, where it is known, and not the last call.
func TestARefreshLeavesTimeForASlowCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := sells("a", 0, 100)
		agg := start(t, nil, swift{a, 40 * time.Second})
		q := query()
		q.Slices[0].Date = travel.NewDate(2000, 1, 31) // fresh and hard are 10 minutes
		s, _, err := agg.Search(q)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Watch()()
		time.Sleep(9*time.Minute - 5*time.Second)
		if n := a.calls.Load(); n != 1 {
			t.Errorf("%d calls over a minute before the hard limit, want 1", n)
		}
		time.Sleep(5 * time.Second)
		if n := a.calls.Load(); n != 2 {
			t.Errorf("%d calls a minute before the hard limit, want the refresh", n)
		}
	})
}

// New exchange rates make a new revision at once, in which order and prices are of one table.
func TestNewRatesMakeANewRevision(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := ratesOf(t, "1.0")
		a := answersIn("a", 0, func() travel.Answer {
			a := offers(100, 120)
			a.Offers[1].Price.Total.Currency = "USD"
			return a
		})
		agg := start(t, func(c *Config) { c.Rates = func() *fx.Table { return table } }, a)
		s := search(t, agg)
		synctest.Wait()
		before := s.Snapshot()
		p := pageOf(t, before, cheapestFirst)
		if p.Rows[0].Price.Minor != 100 {
			t.Fatalf("first is %v", p.Rows[0].Price)
		}
		table = ratesOf(t, "2.0") // a dollar is worth half a euro now
		after := s.Snapshot()
		if after.Revision <= before.Revision || after.Rates != table || after.StateHash != before.StateHash {
			t.Errorf("revision %d after %d, hash %s after %s; want a new revision of the same state", after.Revision, before.Revision, after.StateHash, before.StateHash)
		}
		if p := pageOf(t, after, cheapestFirst); p.Rows[0].Price.Minor != 60 || p.Rows[0].Score.Micros != p.Rows[0].Offers[0].EURMicros+p.Rows[0].Score.Parts[1].Micros {
			t.Errorf("first is %v with score %d, want 0.60 EUR, and a score of the same rates", p.Rows[0].Price, p.Rows[0].Score.Micros)
		}
		if s.Snapshot() != after {
			t.Error("another revision without new rates")
		}
	})
}

// An offer whose currency has no rate is shown once there is one.
func TestACurrencyThatGetsARateIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := ratesOf(t, "1.0")
		a := answersIn("a", 0, func() travel.Answer {
			a := offers(100, 120)
			a.Offers[1].Price.Total.Currency = "TRY"
			return a
		})
		agg := start(t, func(c *Config) { c.Rates = func() *fx.Table { return table } }, a)
		s := search(t, agg)
		synctest.Wait()
		if p := s.Snapshot().Partners[0]; p.OffersKept != 1 || p.Drops[travel.RuleNoRate] != 1 {
			t.Errorf("kept %d, drops %v; want one without rate", p.OffersKept, p.Drops)
		}
		table = ratesOf(t, "1.0", "TRY")
		if p := s.Snapshot().Partners[0]; p.OffersKept != 2 || p.Drops[travel.RuleNoRate] != 0 || s.Snapshot().Offers() != 2 {
			t.Errorf("kept %d, drops %v; want both", p.OffersKept, p.Drops)
		}
	})
}
