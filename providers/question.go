package providers

import (
	"context"
	"errors"
	"sync"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// Most questions are one call (Do); some are several (DoAll). What counts once a question, and
// what once an attempt:
//
//   - Quota, bulkhead, outbound calls and the adaptive limits count each attempt: each is a
//     request that somebody has to serve. So do latencies and the budget of retries and hedges.
//   - The breaker has one entry for a question of several calls: a success as soon as one of
//     them succeeds, else one failure when all have ended. A partner that sells one pair of
//     airports and errs on the others is well. The entry is as slow as its quickest good call,
//     so that one pair that hangs does not make the partner a slow one. Retries and hedges of
//     its calls belong to the same entry, and a half-open breaker's probe is the whole question.
//   - A question of one call has an entry for each attempt, retries and hedges too: a partner
//     that is down gets as many attempts as its breaker allows, whoever makes them.
//   - A client that makes several HTTP calls within one call reports a fault.Error that is
//     Partial. That is a success too, whose time says nothing: it is that of the last call.
//   - What concerns the account (429, 401, 403) holds all calls back at once, whatever else
//     the question brought.

// Question is what calls are made for.
type Question struct {
	Product travel.Product
	// Background marks a question that no traveller has asked. It is asked only while the
	// partner's limits leave room for travellers' own questions (half of the day's calls, of the
	// second's and of those in flight), once, without retry or hedge. It is refused unless the
	// breaker is closed, so that it is never the probe of a half-open one, and of its outcomes
	// only some count there (entry.counted).
	Background bool
}

// question is one question while it is out.
type question struct {
	Question
	state    *productState
	deadline time.Duration
	shared   *entry // in the breaker, of a question of several calls; nil otherwise
}

// entry is the entry of this attempt.
func (q *question) entry() *entry {
	if q.shared != nil {
		return q.shared
	}
	return newEntry(q.state.breaker, q.deadline, q.Background)
}

// entry is one outcome in a breaker.
type entry struct {
	breaker    *breaker
	background bool

	mu      sync.Mutex // guards the fields below
	pass    pass
	taken   bool
	outcome error // if no call succeeds
}

// errNoOutcome is the outcome of an entry before a call has ended. It counts neither way.
var errNoOutcome = fault.New(fault.Cancelled, errors.New("no call has ended"))

func newEntry(b *breaker, deadline time.Duration, background bool) *entry {
	return &entry{breaker: b, background: background, outcome: errNoOutcome, pass: pass{deadline: deadline}}
}

// allow asks the breaker once, for all calls that share the entry.
func (e *entry) allow() *fault.Error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.taken {
		return nil
	}
	if refused := e.breaker.allow(&e.pass, e.background); refused != nil {
		return refused
	}
	e.taken = true
	return nil
}

// ended is called with what one call counts as; see counted.
func (e *entry) ended(err error) {
	failed := fault.Of(err)
	if account := failed.Account(); account != nil {
		e.breaker.hold(account)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case failed == nil || failed.Effect() == fault.Success:
		e.pass.end(err)
	case effect(e.outcome) == fault.Neither && (failed.Effect() == fault.Failure || e.outcome == errNoOutcome):
		e.outcome = failed
	}
}

// close ends the entry: a failure if no call has succeeded and one counts as a failure.
func (e *entry) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.taken {
		e.pass.end(e.outcome)
	}
}

// errNotCounted stands for an outcome of a background call that says nothing about the partner.
var errNotCounted = fault.New(fault.HTTP4xx, errors.New("of a background call"))

// counted is the error that an attempt counts as, in the breaker and in the budget. Of a
// background call only what a traveller's call to the same host would have met counts: success,
// timeouts, network failures, 5xx, and what concerns the account. An answer that is malformed
// or cannot be sold does not: nobody has asked this question, and the partner may never have
// meant to answer it.
func (e *entry) counted(err error) error {
	f := fault.Of(err)
	if !e.background || f == nil || f.Partial {
		return err
	}
	switch f.Cause.Status() {
	case fault.Timeout, fault.ErrorNetwork, fault.ErrorHTTP, fault.RateLimited:
		return err
	}
	return errNotCounted
}

// GuardCall makes one call to the partner and returns what it brought, or why it failed, in Err. It
// returns soon after ctx ends.
type GuardCall func(ctx context.Context) travel.Answer

// Do asks a question of one call. The Answer is that of the call, with Attempts: how many requests
// went out. It is 0 if the call was refused; then Err says by what.
func (g *Guard) Do(ctx context.Context, q Question, call GuardCall) travel.Answer {
	as := g.question(q)
	first, refused := g.admit(&as)
	if refused != nil {
		return travel.Answer{Err: refused}
	}
	return g.run(ctx, call, &as, first)
}

// DoAll asks a question that takes several calls, all at once. The answers are in their order, each
// as Do returns it. The earlier calls have what quota there is.
func (g *Guard) DoAll(ctx context.Context, q Question, calls []GuardCall) []travel.Answer {
	as := g.question(q)
	if len(calls) > 1 {
		as.shared = newEntry(as.state.breaker, as.deadline, as.Background)
	}
	answers := make([]travel.Answer, len(calls))
	admitted := make([]*attempt, len(calls))
	for i := range calls {
		first, refused := g.admit(&as)
		if refused != nil {
			answers[i].Err = refused
		}
		admitted[i] = first
	}
	var wg sync.WaitGroup
	for i, first := range admitted {
		if first != nil {
			wg.Go(func() { answers[i] = g.run(ctx, calls[i], &as, first) })
		}
	}
	wg.Wait()
	if as.shared != nil {
		as.shared.close()
	}
	return answers
}

func (g *Guard) question(q Question) question {
	return question{Question: q, state: g.account.products[q.Product], deadline: g.cfg.Deadline}
}

// run makes a call whose first attempt is admitted, with a retry or a hedge where one may be.
func (g *Guard) run(ctx context.Context, call GuardCall, as *question, first *attempt) travel.Answer {
	a, attempts := g.attempts(ctx, call, as, first)
	a.Attempts = attempts
	return a
}

// attempts makes the attempts of a call and returns how many there were.
func (g *Guard) attempts(ctx context.Context, call GuardCall, as *question, first *attempt) (a travel.Answer, attempts int) {
	if as.Background {
		ctx, cancel := context.WithTimeoutCause(ctx, g.cfg.Deadline, g.late)
		defer cancel()
		return g.try(ctx, call, as, first), 1
	}
	ctx, cancel := g.limited(ctx)
	defer cancel()
	ticket := as.state.budget.call()
	if delay, ok := g.hedgeDelay(as.state); ok {
		a, attempts = g.hedged(ctx, call, as, first, ticket, delay)
	} else {
		a, attempts = g.try(ctx, call, as, first), 1
	}
	if attempts > 1 {
		return a, attempts
	}
	second := g.retry(ctx, as, a.Err)
	if second == nil {
		return a, attempts
	}
	return g.try(ctx, call, as, second), attempts + 1
}

// limited is layer 5: a deadline for all attempts of a call.
func (g *Guard) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if g.adaptiveTimeout == nil {
		return context.WithTimeoutCause(ctx, g.cfg.Deadline, g.late)
	}
	limit := g.adaptiveTimeout.limit(time.Now())
	return context.WithTimeoutCause(ctx, limit, fault.Newf(fault.Deadline, "no answer in %s", limit))
}
