package providers

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// The guard around a partner's call. Its layers, from the outside in:
//
//	1. applicability             Applicable; the aggregator asks it before anything else
//	2. quota and look-to-book    quota.go
//	3. bulkhead                  this partner's calls in flight, then those of all partners
//	4. breaker                   breaker.go, by product; question.go says what is an entry in it
//	5. deadline                  one for all attempts of a call
//	6. one retry, one hedge      budget.go says whether; each goes through 2 to 4 again
//	7. body limits, decode       the protocol, on providers/wire
//	8. validation                accept.go: does it answer the question?
//
// What a layer refuses costs nothing of those further out: quota is given back.

// attempt is one request that may go out: what layers 2 to 4 have let through. done must be
// called once, with what it counts as.
type attempt struct {
	began time.Time
	entry *entry
	own   bool     // the entry is this attempt's alone
	held  []func() // gives back what layer 3 took
	limit *adaptiveLimit
}

func (a *attempt) done(err error) {
	if a.limit != nil {
		a.limit.learn(a.began, late(err))
	}
	a.leave()
	a.entry.ended(err)
	if a.own {
		a.entry.close()
	}
}

// late reports whether a call ended for want of time, which fewer calls at once may mend.
func late(err error) bool {
	e := fault.Of(err)
	return e != nil && (e.Cause == fault.Deadline || e.Cause == fault.ConnectTimeout)
}

func (a *attempt) leave() {
	for _, giveBack := range a.held {
		giveBack()
	}
}

// admit takes layers 2 to 4 for one attempt of a question.
func (p *Provider) admit(as *question) (*attempt, *fault.Error) {
	if as.background && !p.cfg.Combine {
		return nil, fault.Newf(fault.Quota, "not to be asked for parts of a trip")
	}
	if wait, ok := p.quota.take(as.product, as.background); !ok {
		e := fault.Newf(fault.Quota, "quota used up")
		e.RetryAfter = wait
		return nil, e
	}
	a := &attempt{entry: as.entry(), own: as.shared == nil}
	if refused := p.enter(a, as); refused != nil {
		a.leave()
		p.quota.giveBack(as.product)
		return nil, refused
	}
	a.began = time.Now()
	return a, nil
}

// enter takes layers 3 and 4. What a refused attempt holds by then is the caller's to give back.
func (p *Provider) enter(a *attempt, as *question) *fault.Error {
	if !p.quota.enter(as.product, as.background) {
		return fault.Newf(fault.Bulkhead, "too many of %d calls in flight", p.cfg.MaxConcurrency)
	}
	a.held = append(a.held, func() { p.quota.leave(as.product, as.background) })
	shared := []*semaphore.Weighted{p.deps.Outbound}
	if as.background {
		shared = append(shared, p.deps.Background)
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
	if p.adaptiveLimit != nil {
		if !p.adaptiveLimit.enter() {
			return fault.Newf(fault.Bulkhead, "the partner is late with the calls in flight")
		}
		a.limit = p.adaptiveLimit
		a.held = append(a.held, p.adaptiveLimit.leave)
	}
	return a.entry.allow() // last: a probe that is let through must go out
}

// Full jitter around a retry (docs/definitions.md 7).
const (
	retrySoonest = 25 * time.Millisecond
	retryLatest  = 250 * time.Millisecond
)

// retry waits and then takes what a second attempt needs; nil if there is to be none.
func (p *Provider) retry(ctx context.Context, as *question, err error) *attempt {
	e := fault.Of(err)
	if e == nil || !e.Retryable() {
		return nil
	}
	wait := retrySoonest + rand.N(retryLatest-retrySoonest)
	p50, _, _ := as.state.latencies.quantiles() // 0 until known: any time left will do
	if end, ok := ctx.Deadline(); ok && time.Until(end) <= wait+p50 {
		return nil
	}
	if as.state.breaker.waiting() != nil || !as.state.budget.retry() {
		return nil
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
		return nil
	}
	second, refused := p.admit(as)
	if refused != nil {
		return nil
	}
	p.observe(Extra{p.cfg.Name, ExtraRetry})
	return second
}

// try makes one attempt, with layers 7 and 8. A protocol that panics is a failed partner.
func (p *Provider) try(ctx context.Context, q travel.Query, as *question, one *attempt) (a travel.Answer) {
	defer func() {
		if r := recover(); r != nil {
			e := fault.Newf(fault.Panic, "%v", r)
			if p.stacks.allow(stackEvery) { // it goes to the log, where one says all
				e.Detail = string(debug.Stack())
			}
			a = travel.Answer{Err: e}
		}
		counted := one.entry.counted(a.Err)
		p.judge(as.state, time.Since(one.began), counted)
		one.done(counted)
	}()
	a, err := p.client.Ask(ctx, q)
	failed := fault.Of(err)
	if failed != nil && !failed.Partial {
		return travel.Answer{Err: failed}
	}
	p.accept(&a, q)
	if failed != nil {
		a.Err = failed
		return a
	}
	if a.OffersIn > 0 && a.OffersKept() == 0 && blameless(a.Drops) < a.OffersIn {
		a.Err = fault.New(fault.InvalidOffers, fmt.Errorf("none of %d offers could be kept: %v", a.OffersIn, a.Drops))
	}
	return a
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
func (p *Provider) judge(state *productState, took time.Duration, err error) {
	e := fault.Of(err)
	if e == nil || e.Partial || e.Cause == fault.Deadline || e.Cause == fault.Cancelled {
		state.latencies.add(took)
	}
	if p.adaptiveTimeout != nil && (e == nil || e.Cause == fault.Deadline) {
		p.adaptiveTimeout.ended(time.Now(), took, e == nil)
	}
	if e == nil || e.Effect() != fault.Neither {
		state.budget.ended(e != nil && e.Effect() == fault.Failure)
	}
}
