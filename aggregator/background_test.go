package aggregator

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// A background call in flight when a traveller asks is waited for; if it is refused, the partner
// is asked as for everybody.
func TestABackgroundCallIsOvertaken(t *testing.T) {
	for _, refuse := range []bool{false, true} {
		bubble(t, func(t *testing.T) {
			a := sellsAll("a", 900, 400, time.Second)
			agg := start(t, combining, a)
			begin(t, agg, awayAndBack())
			synctest.Wait()
			s := begin(t, agg, query())
			expect(t, s, "pending a=asking")
			if refuse {
				s.mu.Lock()
				p := s.partners[0]
				s.inFlight.count++
				s.mu.Unlock()
				prepared := s.prepare(a, travel.Answer{Partner: "a", AsOf: time.Now(), Err: fault.Newf(fault.Quota, "none"), Unasked: true})
				s.deliver(p, prepared)
			}
			time.Sleep(2 * time.Second)
			expect(t, s, "complete a=ok")
			if want := int64(1); refuse && a.calls.Load() != want+1 {
				t.Errorf("%d calls of travellers' own, want 2", a.calls.Load())
			}
		})
	}
}

// hesitant is a seller that refuses a second background call only after a while.
type hesitant struct{ *seller }

func (h hesitant) AskBackground(ctx context.Context, q travel.Query) travel.Answer {
	if h.refuse.Load() {
		time.Sleep(15 * time.Minute)
	}
	return h.seller.AskBackground(ctx, q)
}

// A background call that the partner's limits refuse makes no ordinary one, although the answer that
// it should have refreshed has passed its hard limit meanwhile.
func TestARefusedBackgroundCallMakesNoOrdinaryOne(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := hesitant{sellsAll("a", 900, 400, 0)}
		agg := start(t, func(c *Config) { combining(c); c.LiveFor, c.Refreshes = time.Hour, 1 }, a)
		s := begin(t, agg, awayAndBack())
		defer s.Watch()()
		time.Sleep(time.Second)
		a.refuse.Store(true)
		time.Sleep(30 * time.Minute)
		if n := a.calls.Load(); n != 2 {
			t.Errorf("%d ordinary calls, want the search's own and its refresh", n)
		}
		for _, part := range s.allParts() {
			if p := part.newest.Load().Partners[0]; p.Status == fault.Asking {
				t.Error("a part shows a partner as asking that nobody asks")
			}
		}
	})
}

// A refused background call of a partner that has been removed makes no ordinary one either.
func TestARefusedBackgroundCallOfARemovedPartner(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, b := hesitant{sellsAll("a", 900, 400, 0)}, sells("b", 0, 100)
		a.refuse.Store(true)
		agg := start(t, combining, a, b)
		begin(t, agg, awayAndBack())
		synctest.Wait() // the parts are being asked
		begin(t, agg, query())
		agg.SetPartners([]Partner{b})
		time.Sleep(20 * time.Minute)
		if n := a.calls.Load(); n != 1 {
			t.Errorf("%d ordinary calls to a removed partner, want the one of before", n)
		}
	})
}

// Who joins an expired search whose partner is being asked in the background waits for the answer, and
// for an ordinary call if that is refused.
func TestWhoJoinsAnExpiredPartWaitsForItsBackgroundCall(t *testing.T) {
	for _, refuse := range []bool{false, true} {
		bubble(t, func(t *testing.T) {
			a := slowToRefuse{sellsAll("a", 900, 400, time.Second)}
			agg := start(t, combining, a)
			s := begin(t, agg, query())
			time.Sleep(25 * time.Minute)
			expect(t, s, "expired a=expired")
			a.refuse.Store(refuse)
			before := a.calls.Load()
			begin(t, agg, awayAndBack())
			time.Sleep(time.Second / 2)
			begin(t, agg, query())
			if status := s.Snapshot().Status; status != Pending {
				t.Errorf("refused %v: a joined search is %s, want pending", refuse, status)
			}
			got := s.Wait(t.Context(), func(s *Snapshot) bool { return s.Status.Terminal() })
			if got.Status != Complete {
				t.Errorf("refused %v: the traveller reads %s, want complete", refuse, got.Status)
			}
			want := int64(1) // for both ways
			if refuse {
				want++
			}
			if n := a.calls.Load() - before; n != want {
				t.Errorf("refused %v: %d ordinary calls, want %d", refuse, n, want)
			}
		})
	}
}

// slowToRefuse is a seller that takes a second to refuse a background call.
type slowToRefuse struct{ *seller }

func (s slowToRefuse) AskBackground(ctx context.Context, q travel.Query) travel.Answer {
	if s.refuse.Load() {
		time.Sleep(time.Second)
	}
	return s.seller.AskBackground(ctx, q)
}
