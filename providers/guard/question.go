package guard

import (
	"context"
	"sync"
	"time"

	"fanfare/providers/travel"
)

// Most questions are one call (Do); some are several (DoAll). What counts once a question, and
// what once an attempt:
//
//   - Quota, bulkhead and outbound calls count each attempt: each is a request that somebody
//     has to serve. So do latencies and the budget of retries and hedges.
//   - The breaker has one entry for a question of several calls: a success as soon as one of
//     them succeeds, else one failure when all have ended. A partner that sells one pair of
//     airports and errs on the others is well. The entry is as slow as its quickest good call,
//     so that one pair that hangs does not make the partner a slow one. Retries and hedges of
//     its calls belong to the same entry, and a half-open breaker's probe is the whole question.
//   - A question of one call has an entry for each attempt, retries and hedges too: a partner
//     that is down gets as many attempts as its breaker allows, whoever makes them.
//   - A call that makes several HTTP calls, of which some failed, reports a fault.Error that is
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

// Call makes one call to the partner and returns what it brought, or why it failed, in Err. It
// returns soon after ctx ends.
type Call func(ctx context.Context) travel.Answer

// Do asks a question of one call. The Answer is that of the call, with Attempts: how many requests
// went out. It is 0 if the call was refused; then Err says by what.
func (g *Guard) Do(ctx context.Context, q Question, call Call) travel.Answer {
	as := g.question(q)
	first, refused := g.admit(&as)
	if refused != nil {
		return travel.Answer{Err: refused}
	}
	return g.run(ctx, call, &as, first)
}

// DoAll asks a question that takes several calls, all at once. The answers are in their order, each
// as Do returns it. The earlier calls have what quota there is.
func (g *Guard) DoAll(ctx context.Context, q Question, calls []Call) []travel.Answer {
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
func (g *Guard) run(ctx context.Context, call Call, as *question, first *attempt) travel.Answer {
	a, attempts := g.attempts(ctx, call, as, first)
	a.Attempts = attempts
	return a
}

// attempts makes the attempts of a call and returns how many there were.
func (g *Guard) attempts(ctx context.Context, call Call, as *question, first *attempt) (a travel.Answer, attempts int) {
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

// limited is layer 4: a deadline for all attempts of a call.
func (g *Guard) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, g.cfg.Deadline, g.late)
}
