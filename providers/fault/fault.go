// Package fault says why a partner did not answer: a closed set of statuses and
// causes, and what each means for the breaker, a retry, the metrics and the
// traveller. It is a leaf; it decides nothing about HTTP towards travellers.
package fault

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Status is how one partner stands in one search. The set is closed.
type Status string

// The statuses of a partner (docs/definitions.md 1).
const (
	Queued        Status = "queued"
	Asking        Status = "asking"
	OK            Status = "ok"
	NoHit         Status = "no_hit"
	StaleServed   Status = "stale_served"
	Timeout       Status = "timeout"
	ErrorNetwork  Status = "error_network"
	ErrorHTTP     Status = "error_http"
	ErrorParse    Status = "error_parse"
	ErrorContract Status = "error_contract"
	RateLimited   Status = "rate_limited"
	CircuitOpen   Status = "circuit_open"
	BudgetSkipped Status = "budget_skipped"
	NotApplicable Status = "not_applicable"
	Quarantined   Status = "quarantined"
	Expired       Status = "expired" // the last answer is past its hard limit, and no call runs
)

// Usable reports whether a status stands for an answer that can be trusted: offers, or an honest "nothing".
func (s Status) Usable() bool { return s == OK || s == NoHit || s == StaleServed }

// Ended reports whether nothing more is to come from the call.
func (s Status) Ended() bool { return s != Queued && s != Asking }

// Cause is the finer reason behind a Status. The set is closed; "" is none.
type Cause string

// The causes, by status.
const (
	None Cause = ""

	NoInventory Cause = "no_inventory"

	ConnectTimeout Cause = "connect_timeout"
	Deadline       Cause = "deadline"
	StillRunning   Cause = "still_running"

	Refused Cause = "refused"
	Reset   Cause = "reset"
	TLS     Cause = "tls"
	DNS     Cause = "dns"
	Blocked Cause = "blocked"

	HTTP4xx      Cause = "http_4xx"
	HTTP5xx      Cause = "http_5xx"
	Unauthorized Cause = "unauthorized"

	Malformed Cause = "malformed"
	TooLarge  Cause = "too_large"
	Truncated Cause = "truncated"
	Panic     Cause = "panic"
	// UnreadContent is an answer of which nothing was read, though it states prices: it is none
	// that says that there is nothing. It counts neither way, as the want is on our side.
	UnreadContent Cause = "unread_content"

	PartnerError  Cause = "partner_error"
	InvalidOffers Cause = "invalid_offers"

	HTTP429 Cause = "http_429"

	Quota    Cause = "quota"
	Bulkhead Cause = "bulkhead"
	NoTime   Cause = "no_time"
	Overload Cause = "overload"

	Product    Cause = "product"
	Route      Cause = "route"
	Market     Cause = "market"
	Passengers Cause = "passengers"
	Capability Cause = "capability"

	Contract Cause = "contract"
	Ops      Cause = "ops"

	// Cancelled is a call ended because nobody waits for it any more. It counts nowhere and is never shown.
	Cancelled Cause = "left"
)

// Effect is what a cause means for the partner's breaker.
type Effect int

// The effects.
const (
	Neither Effect = iota // counts neither way
	Failure
	Success
)

// row is everything that follows from a cause; the one table of docs/definitions.md 1.
type row struct {
	status Status
	effect Effect
	words  string // what the traveller reads
}

var table = map[Cause]row{
	NoInventory:    {NoHit, Success, "has nothing for this search"},
	ConnectTimeout: {Timeout, Failure, "could not be reached in time"},
	Deadline:       {Timeout, Failure, "took too long"},
	StillRunning:   {Timeout, Neither, "is still answering"},
	Refused:        {ErrorNetwork, Failure, "could not be reached"},
	Reset:          {ErrorNetwork, Failure, "hung up"},
	TLS:            {ErrorNetwork, Failure, "could not be reached securely"},
	DNS:            {ErrorNetwork, Failure, "could not be found"},
	Blocked:        {ErrorNetwork, Neither, "is not reachable from here"},
	HTTP4xx:        {ErrorHTTP, Neither, "refused the question"},
	HTTP5xx:        {ErrorHTTP, Failure, "has a problem of its own"},
	Unauthorized:   {ErrorHTTP, Neither, "does not let us in"},
	Malformed:      {ErrorParse, Failure, "sent an answer that cannot be read"},
	TooLarge:       {ErrorParse, Failure, "sent too much"},
	Truncated:      {ErrorParse, Failure, "stopped in mid-answer"},
	Panic:          {ErrorParse, Failure, "sent an answer that cannot be read"},
	UnreadContent:  {ErrorParse, Neither, "sent an answer that we do not understand"},
	PartnerError:   {ErrorContract, Failure, "answered with an error"},
	InvalidOffers:  {ErrorContract, Failure, "sent nothing that can be sold"},
	HTTP429:        {RateLimited, Neither, "asked us to slow down"},
	Quota:          {BudgetSkipped, Neither, "was not asked: its quota is used up"},
	Bulkhead:       {BudgetSkipped, Neither, "was not asked: too many calls at once"},
	NoTime:         {BudgetSkipped, Neither, "was not asked: too little time left"},
	Overload:       {BudgetSkipped, Neither, "was not asked: we are overloaded"},
	Product:        {NotApplicable, Neither, "does not sell this"},
	Route:          {NotApplicable, Neither, "does not sell this route"},
	Market:         {NotApplicable, Neither, "does not sell in this market"},
	Passengers:     {NotApplicable, Neither, "does not sell to these travellers"},
	Capability:     {NotApplicable, Neither, "cannot answer this kind of search"},
	Contract:       {Quarantined, Neither, "is set aside"},
	Ops:            {Quarantined, Neither, "is set aside"},
	Cancelled:      {Timeout, Neither, "was not waited for"},
}

// Causes lists every cause, in no order: for the tests that hold closed sets.
func Causes() []Cause {
	all := make([]Cause, 0, len(table))
	for c := range table {
		all = append(all, c)
	}
	return all
}

// Status is the partner status that the cause belongs to.
func (c Cause) Status() Status { return table[c].status }

// Effect is what the cause means for the breaker.
func (c Cause) Effect() Effect { return table[c].effect }

// Message is what a traveller reads after the partner's name: "took too long".
func (c Cause) Message() string { return table[c].words }

// Error is a partner's failure. It never holds secrets, traveller details or
// payloads; Detail is for operators only.
type Error struct {
	Partner    string
	Op         string // what was attempted: "search flights"
	Status     Status // the cause's status, but circuit_open while the breaker is open
	Cause      Cause
	HTTPStatus int           // 0 without one
	RetryAfter time.Duration // 0 without one
	InBody     bool          // the answer's body had begun: what came of it is lost, and nothing is sent again
	Partial    bool          // another call of the same question succeeded; see OfCalls
	Others     []*Error      // the other failed calls of the same question, in its order
	Code       string        // the partner's own code of the error, such as airline_unknown; "" without one
	Detail     string        // the partner's own words, bounded; never shown to travellers
	Err        error
}

// Retryable reports whether the call may be made once more: the column "one retry" of
// docs/definitions.md 1. Only failures in which the partner has done nothing, or says that another
// try may do. A partner that says when to come back is not asked before.
func (e *Error) Retryable() bool {
	if e.InBody || e.RetryAfter > 0 || e.Status == CircuitOpen || e.Partial {
		return false
	}
	switch e.Cause {
	case Refused, Reset:
		return true
	case HTTP5xx:
		return e.HTTPStatus == 502 || e.HTTPStatus == 503 || e.HTTPStatus == 504
	}
	return false
}

// Effect is what the error means for the breaker: a question of which any call succeeded is
// a success, unless nobody waited for the others.
func (e *Error) Effect() Effect {
	if e.Partial && e.Cause != Cancelled {
		return Success
	}
	return e.Cause.Effect()
}

// Account returns the failure that concerns the whole account, which other calls share: too
// many calls, or credentials that are refused. Of several, refused credentials come first,
// and of pauses the longest. It is nil without one. A nil Error has none.
func (e *Error) Account() *Error {
	if e == nil {
		return nil
	}
	var worst *Error
	for _, call := range append([]*Error{e}, e.Others...) {
		if call.Status == CircuitOpen || call.Cause != HTTP429 && call.Cause != Unauthorized {
			continue // a refusal of our own breaker is no news
		}
		if worst == nil || worst.Cause == HTTP429 && (call.Cause == Unauthorized || call.RetryAfter > worst.RetryAfter) {
			worst = call
		}
	}
	return worst
}

// OfCalls is the error of a question that took several calls: that of the first that failed,
// in the order of errs, with the others beside it. errs has nil for a call that succeeded.
// answered reports whether any call that could bring offers succeeded; then the error is
// Partial. It is nil if no call failed.
func OfCalls(answered bool, errs ...error) error {
	var joined *Error
	for _, err := range errs {
		switch e := Of(err); {
		case e == nil:
		case joined == nil:
			first := *e // errors may be shared
			first.Others = slices.Clone(e.Others)
			joined = &first
		default:
			joined.Others = append(append(joined.Others, e), e.Others...)
		}
	}
	if joined == nil {
		return nil
	}
	joined.Partial = answered
	return joined
}

// New is an Error of the cause, with the cause's own status.
func New(cause Cause, err error) *Error {
	return &Error{Status: cause.Status(), Cause: cause, Err: err}
}

// Newf is an Error of the cause with a formatted reason.
func Newf(cause Cause, format string, args ...any) *Error {
	return New(cause, fmt.Errorf(format, args...))
}

// Error says who, what and why in one line.
func (e *Error) Error() string {
	s := string(e.Cause)
	if e.Op != "" {
		s = e.Op + ": " + s
	}
	if e.Partner != "" {
		s = e.Partner + ": " + s
	}
	if e.HTTPStatus != 0 {
		s += fmt.Sprintf(" (HTTP %d)", e.HTTPStatus)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the underlying error.
func (e *Error) Unwrap() error { return e.Err }

// Of returns the *Error in err's chain. Any other error becomes one: a context's
// deadline is Deadline, its cancellation Left, the rest Malformed. nil is nil.
func Of(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, context.DeadlineExceeded):
		return New(Deadline, err)
	case errors.Is(err, context.Canceled):
		return New(Cancelled, err)
	}
	return New(Malformed, err)
}

// Judge returns the status and cause of an ended question that kept so many offers or rates. An
// answer put together from several calls, of which some failed, has the status of the failure
// although offers were kept.
func Judge(kept int, err error) (Status, Cause) {
	e := Of(err)
	switch {
	case e != nil:
		return e.Status, e.Cause
	case kept == 0:
		return NoHit, NoInventory
	}
	return OK, None
}
