package guard

import (
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"

	"fanfare/providers/fault"
)

// BreakerConfig is a partner's circuit breaker settings (examples/fanfare.yaml).
type BreakerConfig struct {
	Window       time.Duration // over which the ratio is taken, in rolling buckets of 1 s
	MinCalls     int           // ended calls before the ratio counts
	FailureRatio float64
	Consecutive  int           // failures in a row that open it whatever the ratio
	OpenFor      time.Duration // doubled each time it reopens without having closed
	OpenForMax   time.Duration
}

// DefaultBreaker is the default.
var DefaultBreaker = BreakerConfig{
	Window: 10 * time.Second, MinCalls: 20, FailureRatio: 0.5, Consecutive: 5,
	OpenFor: 5 * time.Second, OpenForMax: time.Minute,
}

const (
	bucketPeriod = time.Second
	probes       = 3   // successes in a row that close a half-open breaker, and calls let through meanwhile
	openJitter   = 0.2 // so that partners that failed together are not probed together

	// unauthorizedHold is how long a refused key keeps a partner from being asked; then one
	// probe goes out (docs/definitions.md 7: one probe every 10 min until there is an ops plane).
	unauthorizedHold = 10 * time.Minute
	// pauseMax bounds what a partner's Retry-After may cost, and is the pause without one.
	pauseMax = time.Minute
)

// State is a breaker's state as metrics and health pages show it.
type State int

// The states.
const (
	Closed State = iota
	HalfOpen
	Open
)

// breaker is one partner's and product's gobreaker, with what that library lacks: open times
// that grow, pauses that a partner orders, settings that change, and an end for everything.
type breaker struct {
	name string

	mu          sync.Mutex // guards the fields below
	cfg         BreakerConfig
	library     *library
	consecutive int       // failures in a row; the library forgets them when they leave its window
	reopened    int       // how often it opened since the partner was last well for long
	steady      time.Time // when a partner that stays well until then is forgiven its past
	until       time.Time // no call before: it is open, paused or suspended
	since       time.Time // since when it lets nothing through, zero when it does
	why         *fault.Error
	probe       bool // one call is out to see whether a suspension may end
	slow        slowness
}

// errSlow is how a call that was good but slow counts while slow calls are too many.
var errSlow = fault.Newf(fault.Deadline, "most calls take nearly the whole deadline")

func newBreaker(name string, cfg BreakerConfig, deadline time.Duration) *breaker {
	b := &breaker{name: name, cfg: cfg, slow: newSlowness(cfg.Window + deadline)}
	b.library = newLibrary(b, cfg, deadline, false)
	return b
}

// library is a gobreaker, whose settings cannot change.
type library struct {
	*gobreaker.TwoStepCircuitBreaker[struct{}]
	interval, timeout time.Duration
	opened            atomic.Bool // it has opened, and the breaker has not looked yet
}

// libraryTimeout is the longest that the library stays open by itself. Its open time is
// fixed; ours grows, and is kept in breaker.until.
const libraryTimeout = 100 * time.Millisecond

// librarySettings are the settings of a library that cannot change afterwards. A call that
// outlives the window would not be counted; the interval is never that short.
func librarySettings(cfg BreakerConfig, deadline time.Duration) (interval, timeout time.Duration) {
	return max(cfg.Window, deadline+2*bucketPeriod), min(libraryTimeout, cfg.OpenFor/2)
}

// newLibrary makes a library that follows b, closed or open. The lock of b must not be held.
func newLibrary(b *breaker, cfg BreakerConfig, deadline time.Duration, open bool) *library {
	l := &library{}
	l.interval, l.timeout = librarySettings(cfg, deadline)
	l.TwoStepCircuitBreaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Name:         b.name,
		MaxRequests:  probes,
		Interval:     l.interval,
		BucketPeriod: bucketPeriod,
		Timeout:      l.timeout,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return open || b.trips(c) }, // runs on a failure, under the library's lock
		OnStateChange: func(_ string, _, to gobreaker.State) {
			if to == gobreaker.StateOpen {
				l.opened.Store(true)
			}
		},
		IsExcluded:   func(err error) bool { return err != nil && effect(err) == fault.Neither },
		IsSuccessful: func(err error) bool { return err == nil || effect(err) == fault.Success },
	})
	if open {
		if report, err := l.Allow(); err == nil {
			report(errSlow)
		}
		l.opened.Store(false)
		open = false
	}
	return l
}

// configure changes the settings; deadline is that of a call. What opened or suspended the breaker stays, until the time that
// was set then; failures in a row and slow calls count on. Only if the window changes are the
// calls in it forgotten.
func (b *breaker) configure(cfg BreakerConfig, deadline time.Duration) {
	b.mu.Lock()
	old := b.library
	b.cfg = cfg
	b.slow = b.slow.resized(cfg.Window + deadline)
	b.mu.Unlock()
	if interval, timeout := librarySettings(cfg, deadline); old.interval == interval && old.timeout == timeout {
		return
	}
	next := newLibrary(b, cfg, deadline, old.State() != gobreaker.StateClosed)
	b.mu.Lock()
	b.library = next
	b.mu.Unlock()
}

// current returns the library.
func (b *breaker) current() *library {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.library
}

func effect(err error) fault.Effect { return fault.Of(err).Effect() }

// trips reports whether the breaker opens: by the calls in the library's window, by failures in
// a row, or by slow calls.
func (b *breaker) trips(c gobreaker.Counts) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	ended := c.TotalSuccesses + c.TotalFailures
	return b.consecutive >= b.cfg.Consecutive || b.slow.tooMany(time.Now(), b.cfg.MinCalls) ||
		int(ended) >= b.cfg.MinCalls && float64(c.TotalFailures) >= b.cfg.FailureRatio*float64(ended)
}

// pass is a call that a breaker has let through. end must be called, once, with its outcome;
// later calls of it do nothing.
type pass struct {
	deadline time.Duration // of the call, set by who asks for the pass

	b       *breaker
	library *library
	report  func(error)
	began   time.Time
	ended   atomic.Bool
	lease   *time.Timer // of a probe
	probes  bool        // it is the one call that a suspension ends with
}

func (p *pass) end(err error) {
	if p.ended.Swap(true) {
		return
	}
	if p.lease != nil {
		p.lease.Stop()
	}
	p.b.end(p, err, time.Since(p.began))
}

// allow lets a call through, or says why not: circuit_open, or rate_limited during a pause. A
// background call is let through a closed breaker only.
func (b *breaker) allow(p *pass, background bool) (refused *fault.Error) {
	if refused := b.claim(p, background); refused != nil {
		return refused
	}
	library := b.current()
	report, err := library.Allow()
	if err != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.releaseLocked(p)
		return b.refusalLocked(err)
	}
	p.b, p.library, p.report, p.began = b, library, report, time.Now()
	if library.State() == gobreaker.StateHalfOpen {
		// A probe has a lease: one that never ends, whatever keeps it, gives its place back.
		p.lease = time.AfterFunc(p.deadline+probeGrace, func() { p.end(errLease) })
	}
	return nil
}

// probeGrace is how long after its deadline a probe may still end by itself.
const probeGrace = time.Second

var errLease = fault.Newf(fault.Deadline, "a probe did not end")

// errNotClosed is why a background call does not go out.
var errNotClosed = errors.New("background calls wait until the breaker is closed")

// claim returns why a call may not go out now, or nil. The call that a suspension ends with is
// marked as such.
func (b *breaker) claim(p *pass, background bool) *fault.Error {
	state := b.current().State() // not under our lock
	b.mu.Lock()
	defer b.mu.Unlock()
	switch refused := b.waitingLocked(); {
	case refused != nil:
		return refused
	case background && (b.why != nil || state != gobreaker.StateClosed):
		return b.refusalLocked(errNotClosed)
	case b.why != nil && b.why.Cause == fault.Unauthorized:
		// A suspension ends with one probe; an open breaker has the library's three, a pause none.
		b.probe, p.probes = true, true
	}
	return nil
}

// releaseLocked gives back what claim has marked.
func (b *breaker) releaseLocked(p *pass) {
	if p.probes {
		b.probe = false
	}
}

// waiting returns why no call may go out now, or nil.
func (b *breaker) waiting() *fault.Error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.waitingLocked()
}

func (b *breaker) waitingLocked() *fault.Error {
	if b.why != nil && (time.Now().Before(b.until) || b.probe) {
		return b.refusalLocked(errors.New("not asked before " + b.until.UTC().Format(time.RFC3339)))
	}
	return nil
}

// suspend keeps calls away after a failure that concerns the whole account, of which every call
// would meet the same.
func (b *breaker) suspend(e *fault.Error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	d := unauthorizedHold
	if e.Cause == fault.HTTP429 {
		d = pause(e.RetryAfter)
	}
	b.stopLocked(e, time.Now(), d)
}

// refusalLocked is the error of a call that was not made.
func (b *breaker) refusalLocked(err error) *fault.Error {
	e := fault.New(fault.HTTP429, err)
	if b.why != nil {
		e.Cause, e.Code = b.why.Cause, b.why.Code
	}
	if e.Cause != fault.HTTP429 || b.why == nil {
		e.Status = fault.CircuitOpen
	}
	e.RetryAfter = max(time.Until(b.until), 0)
	return e
}

// end reports a call's outcome to the library and follows its state.
func (b *breaker) end(p *pass, err error, took time.Duration) {
	err = b.count(err, took, p.deadline)
	p.report(err) // not under our lock: ReadyToTrip takes it
	state := p.library.State()

	b.mu.Lock()
	defer b.mu.Unlock()
	b.releaseLocked(p)
	now := time.Now()
	e := fault.Of(err)
	switch {
	case e != nil && e.Effect() == fault.Failure && p.library.opened.Swap(false):
		// One that failed, so that there is a cause: a good call that ends beside it may see
		// the library open first.
		if !now.Before(b.until) { // it has just opened, not merely heard of a call from before
			if !b.steady.IsZero() && now.After(b.steady) {
				b.reopened = 0
			}
			b.steady = time.Time{}
			b.stopLocked(e, now, b.openForLocked())
			b.reopened++
		}
	case p.library == b.library && state == gobreaker.StateClosed && b.why != nil && !now.Before(b.until): // it has just closed
		// A partner that flaps would be opened for the shortest time again and again: only one
		// that stays well as long as it was last kept away starts anew.
		b.steady = now.Add(b.openBase(b.reopened - 1))
		b.why, b.since = nil, time.Time{}
		b.slow.clear()
	}
}

// count follows failures in a row and slow calls. What it returns is how the call counts:
// a good one that was slow is a failure while slow ones are too many, and as a probe.
func (b *breaker) count(err error, took, deadline time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	good := err == nil || effect(err) == fault.Success
	if !good && effect(err) == fault.Neither {
		return err
	}
	slow := took > time.Duration(float64(deadline)*slowOf) && (err == nil || !fault.Of(err).Partial)
	b.slow.add(time.Now().Add(-took), slow)
	if good && slow && (b.why != nil || b.slow.tooMany(time.Now(), b.cfg.MinCalls)) {
		return errSlow
	}
	if good {
		b.consecutive = 0
	} else {
		b.consecutive++
	}
	return err
}

// stopLocked keeps calls away for d, if they are not kept away for longer already: a late
// answer of before shortens nothing.
func (b *breaker) stopLocked(e *fault.Error, now time.Time, d time.Duration) {
	until := now.Add(d)
	if until.Before(b.until) {
		return
	}
	if e != nil {
		b.why = e
	}
	if b.since.IsZero() {
		b.since = now
	}
	b.until = until
}

func pause(retryAfter time.Duration) time.Duration {
	if retryAfter <= 0 || retryAfter > pauseMax {
		return pauseMax
	}
	return retryAfter
}

// openForLocked doubles with each reopening, to the maximum, and is jittered.
func (b *breaker) openForLocked() time.Duration {
	return time.Duration(float64(b.openBase(b.reopened)) * (1 + openJitter*(2*rand.Float64()-1)))
}

// openBase is how long the breaker stays open after so many openings before, unjittered.
func (b *breaker) openBase(before int) time.Duration {
	d := b.cfg.OpenFor
	for range min(before, 16) {
		d = min(2*d, b.cfg.OpenForMax)
	}
	return d
}

// now returns the state, since when and until when calls are kept away, and why.
func (b *breaker) now() (state State, since, retryAt time.Time, why fault.Cause) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.why == nil {
		return Closed, time.Time{}, time.Time{}, fault.None
	}
	state = Open
	if !time.Now().Before(b.until) {
		state = HalfOpen
	}
	return state, b.since, b.until, b.why.Cause
}

// history returns what has to be remembered of the breaker.
func (b *breaker) history() BreakerHistory {
	_, since, retryAt, why := b.now()
	b.mu.Lock()
	defer b.mu.Unlock()
	return BreakerHistory{OpenedBy: why, Since: since, RetryAt: retryAt, Reopened: b.reopened}
}
