package aggregator

import (
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
