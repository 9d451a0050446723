package guard

import (
	"errors"
	"sync"
	"time"

	"fanfare/providers/fault"
)

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
		e.breaker.suspend(account)
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
