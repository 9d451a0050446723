package guard

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// callsThat are calls that end with a cause each, after they were counted in made. The cause
// still_running stands for a call that hangs until its deadline.
func callsThat(made *atomic.Int64, causes ...fault.Cause) []Call {
	var calls []Call
	for _, cause := range causes {
		calls = append(calls, func(ctx context.Context) travel.Answer {
			made.Add(1)
			switch cause {
			case fault.None:
				return travel.Answer{}
			case fault.StillRunning:
				<-ctx.Done()
				return travel.Answer{Err: context.Cause(ctx)}
			}
			return travel.Answer{Err: fault.New(cause, nil)}
		})
	}
	return calls
}

// TestSeveralCallsAreOneEntry: a question is a success if one of its calls is, and one failure if
// all fail.
func TestSeveralCallsAreOneEntry(t *testing.T) {
	for _, test := range []struct {
		name  string
		calls []fault.Cause
		asked int // of 12 questions, so many were asked
	}{
		{"one succeeds", []fault.Cause{fault.HTTP5xx, fault.None, fault.PartnerError}, 12},
		{"one succeeds, another hangs", []fault.Cause{fault.None, fault.None, fault.StillRunning}, 12},
		{"all fail", []fault.Cause{fault.HTTP5xx, fault.HTTP4xx, fault.Malformed}, DefaultBreaker.Consecutive},
		{"failures that do not count", []fault.Cause{fault.HTTP4xx, fault.HTTP4xx, fault.HTTP4xx}, 12},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var made atomic.Int64
				p := guarded(nil, func(c *Config) { c.Breaker.MinCalls = 5 })
				for range 12 {
					p.DoAll(t.Context(), Question{Product: travel.Flights}, callsThat(&made, test.calls...))
				}
				if got := made.Load(); got != int64(3*test.asked) {
					t.Errorf("%d calls, want those of %d questions of three", got, test.asked)
				}
			})
		})
	}
}

// TestSeveralCallsAreOneProbe: of a half-open breaker a question takes one probe's place, with all
// its calls.
func TestSeveralCallsAreOneProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var made atomic.Int64
		p := guarded(nil, func(c *Config) { c.MaxConcurrency = 64 })
		flights := Question{Product: travel.Flights}
		for range DefaultBreaker.Consecutive {
			p.DoAll(t.Context(), flights, callsThat(&made, fault.HTTP5xx, fault.HTTP5xx))
		}
		time.Sleep(2 * DefaultBreaker.OpenFor)
		made.Store(0)
		release := make(chan struct{})
		waits := func(context.Context) travel.Answer {
			made.Add(1)
			<-release
			return travel.Answer{}
		}
		for range 3 * probes {
			go p.DoAll(t.Context(), flights, []Call{waits, waits})
		}
		synctest.Wait()
		if got := made.Load(); got != 2*probes {
			t.Errorf("%d calls at a half-open breaker, want two of each of %d probes", got, probes)
		}
		close(release)
		synctest.Wait()
		if h := p.HealthOf(travel.Flights); h.Breaker != Closed {
			t.Errorf("breaker %v after good probes", h.Breaker)
		}
	})
}

// TestAccountFailureOfOneCall: a rate limit holds all calls back, whatever the others brought.
func TestAccountFailureOfOneCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var made atomic.Int64
		p := guarded(&fake{}, nil)
		p.DoAll(t.Context(), Question{Product: travel.Flights}, callsThat(&made, fault.None, fault.HTTP429))
		wantEnd(t, p, "rate_limited/http_429")
		if h := p.HealthOf(travel.Flights); time.Until(h.RetryAt) != pauseMax || h.OpenedBy != fault.HTTP429 {
			t.Errorf("opened by %q for %v, want %v", h.OpenedBy, time.Until(h.RetryAt), pauseMax)
		}
		time.Sleep(pauseMax + time.Second)
		wantEnd(t, p, "no_hit/no_inventory")
	})
}

// TestEarlierCallsHaveTheQuota: each call of a question takes its own, in the order of the calls.
func TestEarlierCallsHaveTheQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var made atomic.Int64
		p := guarded(nil, func(c *Config) { c.Rate.PerDay = 2 })
		answers := p.DoAll(t.Context(), Question{Product: travel.Flights}, callsThat(&made, fault.None, fault.HTTP4xx, fault.None))
		for i, want := range []struct {
			attempts int
			cause    fault.Cause
		}{{1, fault.None}, {1, fault.HTTP4xx}, {0, fault.Quota}} {
			e := fault.Of(answers[i].Err)
			if answers[i].Attempts != want.attempts || (e == nil) != (want.cause == fault.None) || e != nil && e.Cause != want.cause {
				t.Errorf("call %d: %d attempts, %v; want %d and %q", i, answers[i].Attempts, answers[i].Err, want.attempts, want.cause)
			}
		}
		if made.Load() != 2 {
			t.Errorf("%d calls of a quota of 2", made.Load())
		}
	})
}

// TestDoAllOfOneCallIsDo: its retry has an entry of its own in the breaker, as in Do.
func TestDoAllOfOneCallIsDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var made atomic.Int64
		p := guarded(nil, nil)
		for range DefaultBreaker.Consecutive {
			p.DoAll(t.Context(), Question{Product: travel.Flights}, callsThat(&made, fault.Refused))
		}
		if got := made.Load(); got != int64(DefaultBreaker.Consecutive) {
			t.Errorf("%d attempts, want those that open the breaker: %d", got, DefaultBreaker.Consecutive)
		}
	})
}
