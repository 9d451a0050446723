package guard

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

func TestAdaptiveTimeout(t *testing.T) {
	const deadline = 8 * time.Second
	type calls struct {
		n    int
		took time.Duration
		good bool
		ago  time.Duration
	}
	for _, test := range []struct {
		name        string
		calls       []calls
		least, most time.Duration
	}{
		{"nothing known", nil, deadline, deadline},
		{"too few", []calls{{199, time.Second, true, 0}}, deadline, deadline},
		{"enough: a tenth beyond the slowest", []calls{{200, time.Second, true, 0}}, 1100 * time.Millisecond, 1200 * time.Millisecond},
		{"never below 300 ms", []calls{{500, 20 * time.Millisecond, true, 0}}, 300 * time.Millisecond, 300 * time.Millisecond},
		{"never beyond the deadline", []calls{{500, 7900 * time.Millisecond, true, 0}}, deadline, deadline},
		{"one slow call in a thousand does not count", []calls{{2000, time.Second, true, 0}, {1, 7 * time.Second, true, 0}}, 1100 * time.Millisecond, 1200 * time.Millisecond},
		{"a call that was cut counts as the whole deadline", []calls{{500, time.Second, true, 0}, {1, time.Second, false, 0}}, deadline, deadline},
		{"what 99 % of the last hour's good answers needed", []calls{{20, 4 * time.Second, true, 40 * time.Minute}, {300, time.Second, true, 0}}, 4 * time.Second, 4100 * time.Millisecond},
		{"what was two hours ago is forgotten", []calls{{500, 4 * time.Second, true, 2 * time.Hour}, {300, time.Second, true, 0}}, 1100 * time.Millisecond, 1200 * time.Millisecond},
		{"of 15 minutes", []calls{{5, 7 * time.Second, true, 30 * time.Minute}, {600, time.Second, true, 0}}, 1100 * time.Millisecond, 1200 * time.Millisecond},
	} {
		t.Run(test.name, func(t *testing.T) {
			now := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
			p := newAdaptiveTimeout(deadline)
			for _, c := range test.calls {
				for range c.n {
					p.ended(now.Add(-c.ago), c.took, c.good)
				}
			}
			if got := p.limit(now); got < test.least || got > test.most {
				t.Errorf("limit = %v, want %v to %v", got, test.least, test.most)
			}
		})
	}
}

func TestAdaptiveLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newAdaptiveLimit(10)
		enter := func() (n int) {
			for f.enter() {
				n++
			}
			return n
		}
		leave := func(n int, began time.Time, late bool) {
			for range n {
				f.learn(began, late)
				f.leave()
			}
		}
		began := time.Now()
		if n := enter(); n != 10 {
			t.Fatalf("%d calls at first, want all 10", n)
		}
		time.Sleep(time.Second)
		leave(10, began, true)
		if n := enter(); n != 9 {
			t.Errorf("%d calls after ten late ones that began together, want 9", n)
		}
		leave(9, time.Now(), false)
		for range 40 {
			time.Sleep(time.Second)
			began := time.Now()
			time.Sleep(time.Second)
			leave(enter(), began, true)
		}
		if n := enter(); n != limitLeast {
			t.Errorf("%d calls to a partner that is always late, want %d", n, limitLeast)
		}
		for range 200 {
			leave(f.calls, time.Now(), false)
			enter()
		}
		if f.calls != 10 {
			t.Errorf("%d calls once it is well again, want 10", f.calls)
		}
	})
}

// TestAdaptiveLimitsHold: with them on, a call ends early, and calls beyond the limit are refused.
func TestAdaptiveLimitsHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := false
		c := &fake{ask: func(ctx context.Context, _ int) (travel.Answer, error) {
			if !hang {
				time.Sleep(100 * time.Millisecond)
				return travel.Answer{}, nil
			}
			<-ctx.Done()
			return travel.Answer{}, context.Cause(ctx)
		}}
		p := guarded(c, nil)
		p.adaptiveTimeout, p.adaptiveLimit = newAdaptiveTimeout(p.cfg.Deadline), newAdaptiveLimit(1)
		for range 250 {
			wantEnd(t, p, "no_hit/no_inventory")
		}
		time.Sleep(2 * time.Second)
		hang = true
		began := time.Now()
		done := make(chan travel.Answer)
		go func() { done <- p.Ask(t.Context()) }()
		synctest.Wait()
		wantEnd(t, p, "budget_skipped/bulkhead")
		a := <-done
		if took := time.Since(began); took != timeoutLeast || fault.Of(a.Err).Cause != fault.Deadline {
			t.Errorf("ended after %v as %v, want a deadline after %v", took, a.Err, timeoutLeast)
		}
	})
}
