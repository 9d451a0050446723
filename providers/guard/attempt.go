package guard

import (
	"context"
	"runtime/debug"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// attempt is one request that may go out: what layers 1 to 3 have let through. done must be
// called once, with what it counts as.
type attempt struct {
	began time.Time
	entry *entry
	own   bool     // the entry is this attempt's alone
	held  []func() // gives back what layer 2 took
}

func (a *attempt) done(err error) {
	a.leave()
	a.entry.ended(err)
	if a.own {
		a.entry.close()
	}
}

func (a *attempt) leave() {
	for _, giveBack := range a.held {
		giveBack()
	}
}

// admit takes layers 1 to 3 for one attempt of a question.
func (g *Guard) admit(as *question) (*attempt, *fault.Error) {
	if wait, ok := g.quota.take(as.Product, as.Background); !ok {
		e := fault.Newf(fault.Quota, "quota used up")
		e.RetryAfter = wait
		return nil, e
	}
	a := &attempt{entry: as.entry(), own: as.shared == nil}
	if refused := g.enter(a, as); refused != nil {
		a.leave()
		g.quota.giveBack(as.Product)
		return nil, refused
	}
	a.began = time.Now()
	return a, nil
}

// enter takes layers 2 and 3. What a refused attempt holds by then is the caller's to give back.
func (g *Guard) enter(a *attempt, as *question) *fault.Error {
	if !g.quota.enter(as.Product, as.Background) {
		return fault.Newf(fault.Bulkhead, "too many of %d calls in flight", g.cfg.MaxConcurrency)
	}
	a.held = append(a.held, func() { g.quota.leave(as.Product, as.Background) })
	shared := []*semaphore.Weighted{g.deps.Outbound}
	if as.Background {
		shared = append(shared, g.deps.Background)
	}
	for _, s := range shared {
		if s == nil {
			continue
		}
		if !s.TryAcquire(1) {
			return fault.Newf(fault.Overload, "too many partner calls in flight")
		}
		a.held = append(a.held, func() { s.Release(1) })
	}
	return a.entry.allow() // last: a probe that is let through must go out
}

// try makes one attempt. A call that panics is a failed partner.
func (g *Guard) try(ctx context.Context, call Call, as *question, one *attempt) (a travel.Answer) {
	defer func() {
		if r := recover(); r != nil {
			e := fault.Newf(fault.Panic, "%v", r)
			if g.stacks.allow(stackEvery) { // it goes to the log, where one says all
				e.Detail = string(debug.Stack())
			}
			a = travel.Answer{Err: e}
		}
		counted := one.entry.counted(a.Err)
		g.judge(as.state, time.Since(one.began), counted)
		one.done(counted)
	}()
	return call(ctx)
}

// stackEvery is how often a protocol's panic is told with its stack.
const stackEvery = time.Minute

// rare lets something happen now and then.
type rare struct{ last atomic.Int64 } // nanoseconds since 1970

// allow reports whether it may happen now, at least every after the last time.
func (r *rare) allow(every time.Duration) bool {
	now, last := time.Now().UnixNano(), r.last.Load()
	return (last == 0 || now-last >= int64(every)) && r.last.CompareAndSwap(last, now)
}

// judge lets quantiles and budget know how an attempt ended. One that was cut off would
// have taken longer yet.
func (g *Guard) judge(state *productState, took time.Duration, err error) {
	e := fault.Of(err)
	if e == nil || e.Partial || e.Cause == fault.Deadline || e.Cause == fault.Cancelled {
		state.latencies.add(took)
	}
	if e == nil || e.Effect() != fault.Neither {
		state.budget.ended(e != nil && e.Effect() == fault.Failure)
	}
}
