package aggregator

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/view"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// answersIn returns a partner that gives the answers in turn, the last one for ever.
func answersIn(name string, after time.Duration, answers ...func() travel.Answer) *fake {
	return &fake{name: name, ask: func(n int) (travel.Answer, time.Duration) {
		return answers[min(n, len(answers))-1](), after
	}}
}

// scarce returns offers of which the first has few seats left.
func scarce(prices ...int64) func() travel.Answer {
	return func() travel.Answer {
		a := offers(prices...)
		a.Offers[0].SeatsLeft = 2
		return a
	}
}

func selling(prices ...int64) func() travel.Answer {
	return func() travel.Answer { return offers(prices...) }
}

func failing(cause fault.Cause) func() travel.Answer {
	return func() travel.Answer { return travel.Answer{Err: fault.New(cause, nil)} }
}

// incomplete returns offers of a question of which another call failed.
func incomplete(cause fault.Cause, prices ...int64) func() travel.Answer {
	return func() travel.Answer {
		a := offers(prices...)
		a.Err = fault.New(cause, nil)
		return a
	}
}

var cheapestFirst = view.Flights{Currency: "EUR", Sort: "cheapest", Limit: 20}

// ratesOf returns a table in which a dollar and each of the other currencies has the rate.
func ratesOf(t *testing.T, rate string, others ...string) *fx.Table {
	t.Helper()
	doc := "<Envelope><Cube><Cube time='2026-11-20'>"
	for _, currency := range append(others, "USD") {
		doc += "<Cube currency='" + currency + "' rate='" + rate + "'/>"
	}
	table, err := fx.Parse(strings.NewReader(doc+"</Cube></Cube></Envelope>"), "test")
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// shownAt returns the cheapest total on a page of the snapshot, 0 without results, and fails if any
// price on it is past its hard limit.
func shownAt(t *testing.T, s *Snapshot) int64 {
	t.Helper()
	p := pageOf(t, s, cheapestFirst)
	for _, row := range p.Rows {
		for _, q := range row.Offers {
			if !time.Now().Before(q.HardUntil) {
				t.Errorf("a price of %s is shown %v past its hard limit", q.Partner, time.Since(q.HardUntil))
			}
		}
	}
	if len(p.Rows) == 0 {
		return 0
	}
	return p.Rows[0].Price.Minor
}

func TestAnAnswerLeavesAtItsHardLimitBesideOneThatLives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		early, late := sells("early", 0, 50), sells("late", 5*time.Second, 100)
		agg := start(t, func(c *Config) { c.Refreshes = 0 }, early, late)
		s := search(t, agg)
		time.Sleep(20*time.Minute + time.Second)
		expect(t, s, "degraded early=expired late=ok")
		if got := shownAt(t, s.Snapshot()); got != 100 {
			t.Errorf("the cheapest is %d, want the price that still lives", got)
		}
		time.Sleep(5 * time.Second)
		expect(t, s, "expired early=expired late=expired")
		if s.Snapshot().Offers() != 0 {
			t.Error("an expired search shows prices")
		}
	})
}

func TestScarceSeatsLeaveAfterAThirdOfTheTime(t *testing.T) {
	for _, watched := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			agg := start(t, func(c *Config) { c.Refreshes = 0 }, answersIn("a", time.Second/2, scarce(50, 100)))
			s := search(t, agg)
			if watched {
				defer s.Watch()()
			}
			time.Sleep(20*time.Minute/3 - time.Second)
			last := s.Snapshot()
			if got := shownAt(t, last); got != 50 {
				t.Errorf("the cheapest is %d before its hard limit, want 50", got)
			}
			time.Sleep(1501 * time.Millisecond) // a millisecond past it, between two ticks
			synctest.Wait()
			if watched && s.newest.Load() == last {
				t.Error("who watches is not told that a price has left")
			}
			expect(t, s, "complete a=ok")
			if got := shownAt(t, s.Snapshot()); got != 100 {
				t.Errorf("the cheapest is %d past its hard limit, want 100", got)
			}
			// A snapshot says what it shows.
			if p := s.Snapshot().Partners[0]; p.OffersIn != 2 || p.OffersKept != 2 || s.Snapshot().Offers() != 1 {
				t.Errorf("in %d, kept %d, shown %d; want 2, 2, 1", p.OffersIn, p.OffersKept, s.Snapshot().Offers())
			}
		})
	}
}

// The dearer of two equal fares is shown again once the cheaper one, with its last seats, has left.
func TestADearerFareTakesThePlaceOfOneThatLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		same := func() travel.Answer {
			a := scarce(50, 100)()
			a.Offers[1].Itinerary = a.Offers[0].Itinerary
			return a
		}
		agg := start(t, func(c *Config) { c.Refreshes = 0 }, answersIn("a", 0, same))
		s := search(t, agg)
		synctest.Wait()
		if n, got := s.Snapshot().Offers(), shownAt(t, s.Snapshot()); n != 1 || got != 50 {
			t.Fatalf("%d offers from %d, want the cheaper alone", n, got)
		}
		time.Sleep(7 * time.Minute)
		if got := shownAt(t, s.Snapshot()); got != 100 {
			t.Errorf("shown from %d, want 100", got)
		}
	})
}

func TestAFailureIsCoveredToTheHardLimitOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := answersIn("a", 0, selling(100), failing(fault.Refused))
		agg := start(t, func(c *Config) { c.Refreshes = 1 }, a, answersIn("b", 0, selling(200), selling(210)))
		s := search(t, agg)
		defer s.Watch()()
		time.Sleep(11 * time.Minute)
		expect(t, s, "degraded a=stale_served/refused b=ok")
		time.Sleep(9*time.Minute + time.Second)
		expect(t, s, "degraded a=error_network/refused b=ok")
		if got := shownAt(t, s.Snapshot()); got != 210 {
			t.Errorf("shown from %d, want 210", got)
		}
	})
}

func TestAPartialAnswerIsUsableAndDegraded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := answersIn("a", 0, incomplete(fault.HTTP5xx, 100), selling(90, 120))
		agg := start(t, nil, a, sells("b", 0, 200))
		s := search(t, agg)
		expect(t, s, "degraded a=error_http/http_5xx b=ok")
		if p := s.Snapshot().Partners[0]; !p.Partial || p.OffersKept != 1 || s.Snapshot().Answered() != 2 {
			t.Errorf("partner = %+v, %d answered; want one offer kept of a partial answer, and two answered", p, s.Snapshot().Answered())
		}
		if got := shownAt(t, s.Snapshot()); got != 100 {
			t.Errorf("shown from %d, want the offer that came", got)
		}
		time.Sleep(31 * time.Second) // past retry_at, long before fresh
		search(t, agg)
		expect(t, s, "complete a=ok b=ok")
		if got := shownAt(t, s.Snapshot()); got != 90 {
			t.Errorf("shown from %d after asking again, want 90", got)
		}
	})
}

func TestAPartialAnswerIsNotKeptAsAWholeOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := answersIn("a", 0, incomplete(fault.HTTP5xx, 100), selling(90))
		agg := start(t, func(c *Config) { c.Retain = time.Minute }, a)
		search(t, agg)
		time.Sleep(2 * time.Minute) // the search is forgotten
		s := search(t, agg)
		expect(t, s, "complete a=ok")
		if n := a.calls.Load(); n != 2 {
			t.Errorf("%d calls, want the partial answer not to be served again", n)
		}
	})
}

func TestAPartialAnswerDoesNotReplaceAWholeOneBeforeItsHardLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := answersIn("a", 0, selling(100, 150), incomplete(fault.HTTP5xx, 120))
		agg := start(t, func(c *Config) { c.Refreshes = 1 }, a)
		s := search(t, agg)
		time.Sleep(11 * time.Minute)
		search(t, agg)
		expect(t, s, "degraded a=stale_served/http_5xx")
		if got := shownAt(t, s.Snapshot()); got != 100 {
			t.Errorf("shown from %d, want the whole answer's", got)
		}
		time.Sleep(9*time.Minute + time.Second)
		expect(t, s, "degraded a=error_http/http_5xx")
		if got := shownAt(t, s.Snapshot()); got != 120 {
			t.Errorf("shown from %d past the whole answer's hard limit, want the partial one's", got)
		}
	})
}

func TestWhoJoinsAnExpiredSearchWaitsForNewPrices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := answersIn("a", time.Second, selling(100), selling(777))
		agg := start(t, nil, a, answersIn("nothing", 0, selling()))
		search(t, agg)
		time.Sleep(25 * time.Minute)
		s, joined, err := agg.Search(query())
		if err != nil || !joined {
			t.Fatalf("joined = %v, %v", joined, err)
		}
		if status := s.Snapshot().Status; status.Terminal() || s.Snapshot().Offers() != 0 {
			t.Errorf("a joined search is %s with %d offers, want it to wait without old prices", status, s.Snapshot().Offers())
		}
		got := s.Wait(t.Context(), func(s *Snapshot) bool { return s.Status.Terminal() })
		if shownAt(t, got) != 777 || got.UpdatedAt.Sub(got.CreatedAt) != time.Second {
			t.Errorf("shown from %d after %v, want 777 after a second", shownAt(t, got), got.UpdatedAt.Sub(got.CreatedAt))
		}
	})
}

func TestWhoJoinsAFailedSearchWaitsOncePartnersMayBeAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := answersIn("a", time.Second, failing(fault.HTTP5xx), selling(100))
		agg := start(t, nil, a)
		s := search(t, agg)
		time.Sleep(20 * time.Second)
		search(t, agg)
		if s.newest.Load().Status != Failed || a.calls.Load() != 1 {
			t.Errorf("before retry_at the search is %s after %d calls, want it failed after one", s.newest.Load().Status, a.calls.Load())
		}
		time.Sleep(20 * time.Second)
		search(t, agg)
		if status := s.newest.Load().Status; status != Pending {
			t.Errorf("past retry_at a joined search is %s, want pending", status)
		}
		got := s.Wait(t.Context(), func(s *Snapshot) bool { return s.Status.Terminal() })
		if got.Status != Complete {
			t.Errorf("the traveller reads %s, want complete", got.Status)
		}
	})
}

// Who joins after a reload that replaced all partners waits for the new ones, and does not read
// that nobody could answer.
func TestWhoJoinsAfterAReloadWaitsForTheNewPartners(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		old := sells("a", 0, 100)
		agg := start(t, nil, old)
		search(t, agg)
		time.Sleep(time.Minute)
		next := sells("a", time.Second, 110)
		next.version = "2"
		agg.SetPartners([]Partner{next})
		s := search(t, agg)
		if got := s.Snapshot().Status; got != Pending {
			t.Errorf("a joined search whose partners were all replaced is %s, want pending", got)
		}
		got := s.Wait(t.Context(), func(s *Snapshot) bool { return s.Status.Terminal() })
		if got.Status != Complete || shownAt(t, got) != 110 {
			t.Errorf("the traveller reads %s from %d, want complete from 110", got.Status, shownAt(t, got))
		}
	})
}

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

// A partner that a reload has added is asking, and has not timed out, while it is asked for who joins a
// search that has ended.
func TestAPartnerAddedToAnEndedSearchIsAsking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := sells("a", 0, 100)
		agg := start(t, nil, a)
		search(t, agg)
		time.Sleep(time.Minute)
		agg.SetPartners([]Partner{a, sells("b", time.Second, 90)})
		s := search(t, agg)
		expect(t, s, "degraded a=ok b=asking")
		time.Sleep(2 * time.Second)
		expect(t, s, "complete a=ok b=ok")
	})
}

// Nothing has expired in a search that had nothing to sell.
func TestAPartnerAddedToAnEndedSearchExpiresNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		nothing := sells("nothing", 0)
		agg := start(t, nil, nothing)
		search(t, agg)
		time.Sleep(time.Minute)
		agg.SetPartners([]Partner{nothing, sells("b", 10*time.Second, 90)})
		s := search(t, agg)
		expect(t, s, "degraded b=asking nothing=no_hit/no_inventory")
	})
}
