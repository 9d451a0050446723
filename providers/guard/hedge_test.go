package guard

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// straggling answers in 10 ms, but for the calls that are late.
func straggling(late func(n int) time.Duration) *fake {
	return &fake{ask: func(ctx context.Context, n int) (travel.Answer, error) {
		select {
		case <-time.After(10*time.Millisecond + late(n)):
			return travel.Answer{}, nil
		case <-ctx.Done():
			return travel.Answer{}, fault.New(fault.Cancelled, context.Cause(ctx))
		}
	}}
}

func hedging(c *Config) { c.Hedge, c.MaxConcurrency = true, 64 }

func TestHedge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := map[int]bool{}
		s := straggling(func(n int) time.Duration {
			if slow[n] {
				return 2 * time.Second
			}
			return 0
		})
		p := guarded(s, hedging)
		ask := func() (time.Duration, int) {
			start := time.Now()
			a := p.Ask(context.Background())
			if a.Err != nil {
				t.Fatal(a.Err)
			}
			return time.Since(start), a.Attempts
		}
		slow[50] = true
		for range 130 {
			if took, attempts := ask(); attempts != 1 || took > time.Second && s.calls != 50 {
				t.Fatalf("call %d took %s in %d attempts", s.calls, took, attempts)
			}
		}
		slow[s.calls+1] = true
		if took, attempts := ask(); took != hedgeFloor+10*time.Millisecond || attempts != 2 {
			t.Errorf("a straggler took %s in %d attempts, want a second after %s that wins", took, attempts, hedgeFloor)
		}
		if state := p.HealthOf(travel.Flights).Breaker; state != Closed || s.calls != 132 {
			t.Errorf("the loser counted: %v after %d calls", state, s.calls)
		}
	})
}

// TestHedgeOff: not without the feed's word, not while too little is known, and not for an
// outage, where more calls would only be more load.
func TestHedgeOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := false
		late := func(int) time.Duration {
			if slow {
				return 600 * time.Millisecond
			}
			return 0
		}
		run := func(p *partner, calls int) (extra int) {
			for range calls {
				extra += p.Ask(context.Background()).Attempts - 1
			}
			return extra
		}
		unasked := guarded(straggling(late), nil)
		run(unasked, 150)
		slow = true
		if n := run(unasked, 20); n != 0 {
			t.Errorf("%d hedges that no feed asked for", n)
		}
		fresh := guarded(straggling(late), hedging)
		if n := run(fresh, 90); n != 0 {
			t.Errorf("%d hedges before enough calls were known", n)
		}
		slow = false
		outage := guarded(straggling(late), hedging)
		run(outage, 200)
		slow = true
		if n := run(outage, 100); n == 0 || n > 5 {
			t.Errorf("%d hedges in 100 calls of an outage, want a few at its beginning", n)
		}
	})
}

// TestHedgeBothFail: then the failure is the answer.
func TestHedgeBothFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := false
		s := &fake{}
		s.ask = func(_ context.Context, n int) (travel.Answer, error) {
			time.Sleep(10 * time.Millisecond)
			if bad {
				time.Sleep(200 * time.Millisecond)
				return travel.Answer{}, failing(fault.HTTP5xx, 500, nil)
			}
			return travel.Answer{}, nil
		}
		p := guarded(s, hedging)
		for range 120 {
			ended(p)
		}
		bad = true
		if a := p.Ask(context.Background()); a.Attempts != 2 || fault.Of(a.Err) == nil || fault.Of(a.Err).Cause != fault.HTTP5xx {
			t.Errorf("%d attempts, %v; want 2 and the failure", a.Attempts, a.Err)
		}
	})
}

// TestHedgeKeepsWhatCame: of two attempts that fail, one that succeeded in part is the answer.
func TestHedgeKeepsWhatCame(t *testing.T) {
	for _, partFirst := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			bad := false
			s := &fake{}
			s.ask = func(ctx context.Context, n int) (travel.Answer, error) {
				time.Sleep(10 * time.Millisecond)
				if !bad {
					return travel.Answer{}, nil
				}
				time.Sleep(200 * time.Millisecond)
				if (n == 121) != partFirst {
					return travel.Answer{}, failing(fault.HTTP5xx, 500, nil)
				}
				return travel.Answer{Offers: make([]travel.Offer, 1), OffersIn: 1}, failing(fault.HTTP5xx, 501, func(e *fault.Error) { e.Partial = true })
			}
			p := guarded(s, hedging)
			for range 120 {
				ended(p)
			}
			bad = true
			if a := p.Ask(context.Background()); a.Attempts != 2 || a.OffersKept() == 0 || fault.Of(a.Err).HTTPStatus != 501 {
				t.Errorf("in part first %v: %d attempts, %d offers, %v", partFirst, a.Attempts, a.OffersKept(), a.Err)
			}
		})
	}
}
