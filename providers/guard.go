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
//	4. breaker                   breaker.go, by product
//	5. deadline                  one for all attempts of a call
//	6. one retry, one hedge      budget.go says whether; each goes through 2 to 4 again
//	7. body limits, decode       the protocol, on providers/wire
//	8. validation                accept.go: does it answer the question?
//
// What a layer refuses costs nothing of those further out: quota is given back. A retry is
// an attempt like the first, so that a partner that is down has had as many attempts as its
// breaker allows, whoever made them.

// attempt is one request that may go out: what layers 2 to 4 have let through. done must be
// called once, with its outcome.
type attempt struct {
	pass
	bulkhead, outbound *semaphore.Weighted
	flow               *flow
}

func (a *attempt) done(err error) {
	if a.flow != nil {
		a.flow.learn(a.began, late(err))
	}
	a.leave()
	a.end(err)
}

// late tells whether a call ended for want of time, which fewer calls at once may mend.
func late(err error) bool {
	e := fault.Of(err)
	return e != nil && (e.Cause == fault.Deadline || e.Cause == fault.ConnectTimeout)
}

func (a *attempt) leave() {
	if a.outbound != nil {
		a.outbound.Release(1)
	}
	if a.flow != nil {
		a.flow.leave()
	}
	a.bulkhead.Release(1)
}

// admit takes layers 2 to 4 for one attempt.
func (p *Provider) admit(b *breaker) (*attempt, *fault.Error) { return p.admitted(b, p.quota.take) }

func (p *Provider) admitted(b *breaker, take func() (time.Duration, bool)) (*attempt, *fault.Error) {
	if wait, ok := take(); !ok {
		e := fault.Newf(fault.Quota, "quota used up")
		e.RetryAfter = wait
		return nil, e
	}
	if !p.bulkhead.TryAcquire(1) {
		p.quota.giveBack()
		return nil, fault.Newf(fault.Bulkhead, "%d calls in flight", p.cfg.MaxConcurrency)
	}
	a := &attempt{bulkhead: p.bulkhead, outbound: p.deps.Outbound}
	if a.outbound != nil && !a.outbound.TryAcquire(1) {
		p.bulkhead.Release(1)
		p.quota.giveBack()
		return nil, fault.Newf(fault.Overload, "too many partner calls in flight")
	}
	if p.flow != nil {
		if !p.flow.enter() {
			a.leave()
			p.quota.giveBack()
			return nil, fault.Newf(fault.Bulkhead, "the partner is late with the calls in flight")
		}
		a.flow = p.flow
	}
	if refused := b.allow(&a.pass); refused != nil { // last: a probe that is let through must go out
		a.leave()
		p.quota.giveBack()
		return nil, refused
	}
	return a, nil
}

// guarded asks the partner through all layers. attempts is how many requests went out.
func (p *Provider) guarded(ctx context.Context, q travel.Query) (a travel.Answer, attempts int) {
	b := p.breakers[q.Product]
	first, refused := p.admit(b)
	if refused != nil {
		return travel.Answer{Err: refused}, 0
	}
	ctx, cancel := p.limited(ctx)
	defer cancel()
	ticket := p.budget.call()
	if delay, ok := p.hedgeDelay(b); ok {
		a, attempts = p.hedged(ctx, q, b, first, ticket, delay)
	} else {
		a, attempts = p.try(ctx, q, first), 1
	}
	if attempts > 1 {
		return a, attempts
	}
	second := p.retry(ctx, b, a.Err)
	if second == nil {
		return a, attempts
	}
	return p.try(ctx, q, second), attempts + 1
}

// limited is layer 5: a deadline for all attempts of a call.
func (p *Provider) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.patience == nil {
		return context.WithTimeoutCause(ctx, p.cfg.Deadline, p.late)
	}
	limit := p.patience.limit(time.Now())
	return context.WithTimeoutCause(ctx, limit, fault.Newf(fault.Deadline, "no answer in %s", limit))
}

// Full jitter around a retry (definitions 7).
const (
	retrySoonest = 25 * time.Millisecond
	retryLatest  = 250 * time.Millisecond
)

// retry waits and then takes what a second attempt needs; nil if there is to be none.
func (p *Provider) retry(ctx context.Context, b *breaker, err error) *attempt {
	e := fault.Of(err)
	if e == nil || !e.Retryable() {
		return nil
	}
	wait := retrySoonest + rand.N(retryLatest-retrySoonest)
	p50, _, _ := p.latencies.quantiles() // 0 until known: any time left will do
	if end, ok := ctx.Deadline(); ok && time.Until(end) <= wait+p50 {
		return nil
	}
	if b.waiting(false) != nil || !p.budget.retry() {
		return nil
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
		return nil
	}
	second, refused := p.admit(b)
	if refused != nil {
		return nil
	}
	p.observe(Extra{p.cfg.Name, ExtraRetry})
	return second
}

// try makes one attempt, with layers 7 and 8. A protocol that panics is a failed partner.
func (p *Provider) try(ctx context.Context, q travel.Query, one *attempt) (a travel.Answer) {
	defer func() {
		if r := recover(); r != nil {
			e := fault.Newf(fault.Panic, "%v", r)
			if p.stacks.now(stackEvery) { // it goes to the log, where one says all
				e.Detail = string(debug.Stack())
			}
			a = travel.Answer{Err: e}
		}
		p.judge(time.Since(one.began), a.Err)
		one.done(a.Err)
	}()
	a, err := p.client.Ask(ctx, q)
	if err != nil {
		return travel.Answer{Err: fault.Of(err)}
	}
	p.accept(&a, q)
	if a.OffersIn > 0 && a.OffersKept() == 0 && blameless(a.Drops) < a.OffersIn {
		a.Err = fault.New(fault.InvalidOffers, fmt.Errorf("none of %d offers could be kept: %v", a.OffersIn, a.Drops))
	}
	return a
}

// stackEvery is how often a protocol's panic is told with its stack.
const stackEvery = time.Minute

// rare lets something happen now and then.
type rare struct{ last atomic.Int64 } // nanoseconds since 1970

// now tells whether it may happen now, at least every after the last time.
func (r *rare) now(every time.Duration) bool {
	now, last := time.Now().UnixNano(), r.last.Load()
	return (last == 0 || now-last >= int64(every)) && r.last.CompareAndSwap(last, now)
}

// judge lets quantiles and budget know how an attempt ended. One that was cut off would
// have taken longer yet.
func (p *Provider) judge(took time.Duration, err error) {
	e := fault.Of(err)
	if e == nil || e.Cause == fault.Deadline || e.Cause == fault.Left {
		p.latencies.add(took)
	}
	if p.patience != nil && (e == nil || e.Cause == fault.Deadline) {
		p.patience.ended(time.Now(), took, e == nil)
	}
	if e == nil || e.Cause.Effect() != fault.Neither {
		p.budget.ended(e != nil && e.Cause.Effect() == fault.Failure)
	}
}
