package providers

import (
	"context"
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

// GuardConfig says how the calls of one partner are guarded.
type GuardConfig struct {
	Name           string
	Account        string           // names what is called, with which credentials; see Accounts. "" shares nothing
	Products       []travel.Product // what the partner sells; empty is everything
	Deadline       time.Duration    // of one call with all its attempts
	MaxConcurrency int              // calls in flight
	Rate           RateConfig
	SearchesPerDay int  // the look-to-book ratio's bound; 0 is none
	Hedge          bool // a late call may be made twice
	Breaker        BreakerConfig
}

// quota is what bounds the calls: a search is one call, so the smaller bound of a day counts.
func (c *GuardConfig) quota() RateConfig {
	q := c.Rate
	if q.PerDay == 0 || c.SearchesPerDay > 0 && c.SearchesPerDay < q.PerDay {
		q.PerDay = c.SearchesPerDay
	}
	return q
}

// GuardDeps is what a Guard shares with those of the other partners.
type GuardDeps struct {
	Now        func() time.Time    // the business clock
	Outbound   *semaphore.Weighted // calls in flight over all partners; nil is no bound
	Background *semaphore.Weighted // of these, background calls; nil is no bound
	Accounts   *Accounts           // what is known of partners over reloads; nil keeps nothing
	Extra      func(Extra)         // reports each retry and hedge; nil is allowed
	Adaptive   Adaptive
}

// Extra is a request beyond the first for one question, as the metrics learn of it.
type Extra struct {
	Partner string
	Kind    string // ExtraRetry or ExtraHedge
}

// The kinds of Extra.
const (
	ExtraRetry = "retry"
	ExtraHedge = "hedge"
)

// Guard is the layers around the calls of one partner. It is safe for concurrent use.
type Guard struct {
	cfg             GuardConfig
	deps            GuardDeps
	account         *account
	quota           *quota
	adaptiveTimeout *adaptiveTimeout // nil: calls have their whole deadline
	adaptiveLimit   *adaptiveLimit   // nil: the bulkhead alone bounds calls in flight
	late            *fault.Error     // why a call ends at its deadline
	stacks          rare
}

// NewGuard guards the calls of a partner as cfg says.
func NewGuard(cfg GuardConfig, deps GuardDeps) *Guard {
	if len(cfg.Products) == 0 {
		cfg.Products = sellable
	}
	g := &Guard{cfg: cfg, deps: deps, late: fault.Newf(fault.Deadline, "no answer in %s", cfg.Deadline)}
	g.account = deps.Accounts.open(&cfg, deps.Now)
	g.quota = newQuota(g.account.usage, cfg.quota(), cfg.MaxConcurrency, cfg.Products)
	if deps.Adaptive.Timeout {
		g.adaptiveTimeout = newAdaptiveTimeout(cfg.Deadline)
	}
	if deps.Adaptive.Concurrency {
		g.adaptiveLimit = newAdaptiveLimit(cfg.MaxConcurrency)
	}
	return g
}

func (g *Guard) observe(e Extra) {
	if g.deps.Extra != nil {
		g.deps.Extra(e)
	}
}

// Latency95 returns the 95th percentile of how long the partner's latest calls for a product took,
// and false while too few are known.
func (g *Guard) Latency95(product travel.Product) (time.Duration, bool) {
	_, p95, known := g.account.products[product].latencies.quantiles()
	return p95, known
}

// Health is the state of the breaker of one partner and product.
type Health struct {
	Partner  string
	Product  travel.Product
	Breaker  State
	Since    time.Time // of the machine's clock
	RetryAt  time.Time
	OpenedBy fault.Cause
}

// Health returns the state of each product's breaker, also of products that the partner does not sell.
func (g *Guard) Health() []Health {
	all := make([]Health, 0, len(sellable))
	for _, product := range sellable {
		all = append(all, g.HealthOf(product))
	}
	return all
}

// HealthOf returns the state of the product's breaker.
func (g *Guard) HealthOf(product travel.Product) Health {
	state, since, retryAt, why := g.account.products[product].breaker.now()
	return Health{g.cfg.Name, product, state, since, retryAt, why}
}

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

// enter takes layers 3 and 4. What a refused attempt holds by then is the caller's to give back.
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
	if g.adaptiveLimit != nil {
		if !g.adaptiveLimit.enter() {
			return fault.Newf(fault.Bulkhead, "the partner is late with the calls in flight")
		}
		a.limit = g.adaptiveLimit
		a.held = append(a.held, g.adaptiveLimit.leave)
	}
	return a.entry.allow() // last: a probe that is let through must go out
}

// Full jitter around a retry (docs/definitions.md 7).
const (
	retrySoonest = 25 * time.Millisecond
	retryLatest  = 250 * time.Millisecond
)

// retry waits and then takes what a second attempt needs; nil if there is to be none.
func (g *Guard) retry(ctx context.Context, as *question, err error) *attempt {
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
	second, refused := g.admit(as)
	if refused != nil {
		return nil
	}
	g.observe(Extra{g.cfg.Name, ExtraRetry})
	return second
}

// try makes one attempt. A call that panics is a failed partner.
func (g *Guard) try(ctx context.Context, call GuardCall, as *question, one *attempt) (a travel.Answer) {
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
	if g.adaptiveTimeout != nil && (e == nil || e.Cause == fault.Deadline) {
		g.adaptiveTimeout.ended(time.Now(), took, e == nil)
	}
	if e == nil || e.Effect() != fault.Neither {
		state.budget.ended(e != nil && e.Effect() == fault.Failure)
	}
}
