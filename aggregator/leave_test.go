package aggregator

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

func TestACallIsHungUpWhenAllWhoAskedHaveLeft(t *testing.T) {
	for _, test := range []struct {
		name   string
		others func(agg *Aggregator, s *Search) // who else is there
		hungUp bool
	}{
		{"alone", func(*Aggregator, *Search) {}, true},
		{"another has asked the same", func(agg *Aggregator, s *Search) { agg.Search(s.Query) }, false},
		{"another has asked the same and left", func(agg *Aggregator, s *Search) {
			joined, _, _ := agg.Search(s.Query)
			joined.Leave(joined.Snapshot())
		}, true},
		{"its id is known", func(_ *Aggregator, s *Search) { s.DiscloseID() }, false},
		{"it was found by its id", func(agg *Aggregator, s *Search) { agg.Find(s.ID) }, false},
		{"it was looked for, to see whether it is new", func(agg *Aggregator, s *Search) { agg.IsActive(s.ID) }, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				quick, slow := sells("quick", time.Second, 100), sells("slow", 5*time.Second, 90)
				agg := start(t, nil, quick, slow)
				s, _, err := agg.Search(query())
				if err != nil {
					t.Fatal(err)
				}
				test.others(agg, s)
				time.Sleep(2 * time.Second)
				s.Leave(s.Snapshot())
				synctest.Wait()
				if live := agg.Live() == 0; live != test.hungUp {
					t.Errorf("calls hung up: %v, want %v", live, test.hungUp)
				}
				if agg.IsActive(s.ID) == test.hungUp {
					t.Errorf("held: %v, want %v", !test.hungUp, test.hungUp)
				}
				// What has been answered is kept, the rest is asked anew.
				again, _, _ := agg.Search(query())
				time.Sleep(6 * time.Second)
				for _, p := range again.Snapshot().Partners {
					if p.Status != fault.OK {
						t.Errorf("%s is %s for the next who asks", p.Name, p.Status)
					}
				}
				if quick.calls.Load() != 1 {
					t.Errorf("the quick partner is asked %d times, want once", quick.calls.Load())
				}
			})
		})
	}
}

// A traveller who leaves counts nowhere: the search is not reported, and teaches nothing.
func TestASearchThatWasLeftIsNotReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reported := 0
		var log bytes.Buffer
		agg := start(t, func(c *Config) {
			c.Hooks.Searched = func(Status, time.Duration) { reported++ }
			c.Log = slog.New(slog.NewTextHandler(&log, nil))
		}, sells("slow", 5*time.Second, 90))
		s := search(t, agg)
		time.Sleep(time.Second)
		s.Leave(s.Snapshot())
		time.Sleep(10 * time.Second)
		if reported != 0 || log.Len() != 0 {
			t.Errorf("reported %d times, logged %q; want nothing of a search that was left", reported, log.String())
		}
	})
}

// A search whose partners are all asked in the background already makes no calls of its own; its
// traveller may leave all the same.
func TestLeavingASearchThatMadeNoCallsOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := sellsAll("a", 500, 200, 10*time.Second)
		agg := start(t, combining, a)
		whole := begin(t, agg, awayAndBack())
		synctest.Wait() // the parts are being asked
		part, joined, err := agg.Search(query())
		if err != nil || joined {
			t.Fatalf("joined %v, %v; want the part to become the traveller's", joined, err)
		}
		part.Leave(part.Snapshot()) // the whole trip needs it still
		if !agg.IsActive(part.ID) {
			t.Fatal("a part that is needed was dropped")
		}
		whole.mu.Lock()
		whole.dropLocked()
		whole.mu.Unlock()
		time.Sleep(2 * time.Second) // it is noticed that nobody needs the part
		again, _, _ := agg.Search(query())
		if again != part {
			t.Fatal("another search for the same question")
		}
		again.Leave(again.Snapshot())
		if agg.IsActive(part.ID) || agg.Live() != 0 {
			t.Error("a search that nobody waits for is still held, or has calls of its own")
		}
	})
}

// Whoever left before the question was asked anew does not end the calls of those who ask now.
func TestWhoLeftEarlierDoesNotCountWhenASearchBeginsAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := answersIn("a", time.Second, failing(fault.HTTP5xx), selling(100))
		agg := start(t, nil, a)
		s := search(t, agg)
		seen := s.Snapshot()
		time.Sleep(40 * time.Second) // failed, and may be asked again
		search(t, agg)
		s.Leave(seen)
		if !agg.IsActive(s.ID) {
			t.Fatal("the search was dropped under a traveller who waits")
		}
		time.Sleep(2 * time.Second)
		expect(t, s, "complete a=ok")
		search(t, agg)
		s.Leave(s.Snapshot()) // it has ended: nobody leaves before the end
		if !agg.IsActive(s.ID) {
			t.Error("a search that has ended was dropped")
		}
	})
}

func TestAPartnerReplacedInMidSearchIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stays, old := sells("a", 3*time.Second, 100), sells("b", 5*time.Second, 90)
		agg := start(t, nil, stays, old)
		s, _, err := agg.Search(query())
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		next := sells("b", time.Second, 80)
		next.version = "2"
		agg.SetPartners([]Partner{stays, next})
		time.Sleep(10 * time.Second)
		if got := s.Snapshot(); got.Status != Complete || got.Offers() != 2 || next.calls.Load() != 1 {
			t.Errorf("status %s with %d offers, the new one asked %d times; want complete, 2, once", got.Status, got.Offers(), next.calls.Load())
		}
	})
}

// TestEndedCallsLeaveNothingBehind: a context that is not cancelled stays with its parent.
func TestEndedCallsLeaveNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan struct{})
		asked := &fake{name: "a", ask: func(int) (travel.Answer, time.Duration) { return offers(100), time.Second }}
		agg := start(t, nil, watchful{asked, ended})
		search(t, agg)
		time.Sleep(time.Minute)
		select {
		case <-ended:
		default:
			t.Error("the context of calls that have ended is not")
		}
	})
}

// watchful tells when the context of its call ends.
type watchful struct {
	*fake
	ended chan struct{}
}

func (w watchful) Ask(ctx context.Context, q travel.Query) travel.Answer {
	context.AfterFunc(ctx, func() { close(w.ended) })
	return w.fake.Ask(ctx, q)
}

// Whoever still waits when the search begins anew for another traveller does not end that one's calls
// by leaving.
func TestWhoWaitsOnWhenASearchBeginsAnewAndLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := answersIn("a", time.Second, func() travel.Answer {
			failed := failing(fault.HTTP429)()
			failed.RetryAt = time.Now().Add(time.Second)
			return failed
		}, selling(100))
		agg := start(t, nil, a)
		first := search(t, agg)
		ctx, leave := context.WithCancel(t.Context())
		left := make(chan struct{})
		go func() { // as a one-shot does, busy with the first revision when the search fails
			defer close(left)
			defer first.Watch()()
			busy := true
			first.Leave(first.Wait(ctx, func(s *Snapshot) bool {
				if busy {
					busy = false
					time.Sleep(3 * time.Second)
				}
				return s.Status.Terminal()
			}))
		}()
		time.Sleep(2500 * time.Millisecond)
		expect(t, first, "failed a=rate_limited/http_429")
		second := search(t, agg)
		time.Sleep(time.Second * 3 / 4)
		leave()
		<-left
		if !agg.IsActive(second.ID) {
			t.Fatal("the search was dropped under a traveller who waits")
		}
		time.Sleep(time.Second)
		expect(t, second, "complete a=ok")
	})
}
