package providers

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// A question is what Ask is called with. Most are one call; one for metro areas may be
// several (metro.go). What counts once a question, and what once an attempt:
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

// question is one question while it is out.
type question struct {
	product    travel.Product
	state      *productState
	deadline   time.Duration
	background bool   // no traveller has asked it; see AskSpare
	shared     *entry // in the breaker, of a question of several calls; nil otherwise
}

// entry is the entry of this attempt.
func (q *question) entry() *entry {
	if q.shared != nil {
		return q.shared
	}
	return newEntry(q.state.breaker, q.deadline, q.background)
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

// ask asks q, in as many calls as it takes. attempts is how many requests went out.
func (p *Provider) ask(ctx context.Context, q travel.Query, background bool) (a travel.Answer, attempts int) {
	as := &question{product: q.Product, state: p.account.products[q.Product], deadline: p.cfg.Deadline, background: background}
	if !p.cfg.AirportsOnly {
		return p.call(ctx, q, as)
	}
	queries, left := airportQueries(q, p.deps.Atlas)
	if len(queries) == 1 && slices.Equal(queries[0].Slices, q.Slices) {
		return p.call(ctx, q, as)
	}
	if len(queries) > 1 {
		as.shared = newEntry(as.state.breaker, as.deadline, background)
	}
	return p.askAirports(ctx, queries, left, as)
}

// call makes one call of a question.
func (p *Provider) call(ctx context.Context, q travel.Query, as *question) (a travel.Answer, attempts int) {
	first, refused := p.admit(as)
	if refused != nil {
		return travel.Answer{Err: refused}, 0
	}
	return p.run(ctx, q, as, first)
}

// run makes a call whose first attempt is admitted, with a retry or a hedge where one may be.
func (p *Provider) run(ctx context.Context, q travel.Query, as *question, first *attempt) (a travel.Answer, attempts int) {
	if as.background {
		ctx, cancel := context.WithTimeoutCause(ctx, p.cfg.Deadline, p.late)
		defer cancel()
		return p.try(ctx, q, as, first), 1
	}
	ctx, cancel := p.limited(ctx)
	defer cancel()
	ticket := as.state.budget.call()
	if delay, ok := p.hedgeDelay(as.state); ok {
		a, attempts = p.hedged(ctx, q, as, first, ticket, delay)
	} else {
		a, attempts = p.try(ctx, q, as, first), 1
	}
	if attempts > 1 {
		return a, attempts
	}
	second := p.retry(ctx, as, a.Err)
	if second == nil {
		return a, attempts
	}
	return p.try(ctx, q, as, second), attempts + 1
}

// limited is layer 5: a deadline for all attempts of a call.
func (p *Provider) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.adaptiveTimeout == nil {
		return context.WithTimeoutCause(ctx, p.cfg.Deadline, p.late)
	}
	limit := p.adaptiveTimeout.limit(time.Now())
	return context.WithTimeoutCause(ctx, limit, fault.Newf(fault.Deadline, "no answer in %s", limit))
}
