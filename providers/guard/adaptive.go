package guard

import (
	"math"
	"sync"
	"time"
)

// Adaptive switches on limits that follow what a partner does. They are off by default: static
// limits are predictable, and these must have been seen to do better (`make faults`).
type Adaptive struct {
	Timeout     bool // a call ends soon after the slowest good ones do
	Concurrency bool // fewer calls at once to a partner that times out
}

// The adaptive timeout of docs/definitions.md 7: 1.1 x p99.9 of 15 min, from at least 200 calls, at least
// 300 ms, and never below what 99 % of the last hour's good answers needed.
const (
	timeoutMargin   = 1.1
	timeoutQuantile = .999
	timeoutCalls    = 200
	timeoutLeast    = 300 * time.Millisecond
	goodQuantile    = .99
	periodLasts     = 5 * time.Minute
	periods         = 12 // an hour
	recentPeriods   = 3  // 15 min
	timeoutEvery    = time.Second
)

// spans counts durations by size: eight classes for each doubling from 1 ms, so that a
// quantile is at most 9 % too long.
type spans [128]uint32

const spansPerDoubling = 8

func (s *spans) add(d time.Duration) {
	class := 0
	if ms := d.Seconds() * 1000; ms > 1 {
		class = min(int(math.Ceil(spansPerDoubling*math.Log2(ms))), len(s)-1)
	}
	s[class]++
}

// quantile is an upper bound of the q-quantile, and how many there are.
func (s *spans) quantile(q float64) (d time.Duration, n int) {
	for _, count := range s {
		n += int(count)
	}
	rank := int(math.Ceil(q * float64(n)))
	for class, count := range s {
		if rank -= int(count); rank <= 0 {
			return time.Duration(math.Exp2(float64(class)/spansPerDoubling) * float64(time.Millisecond)), n
		}
	}
	return 0, 0
}

func (s *spans) merge(o *spans) {
	for i, n := range o {
		s[i] += n
	}
}

// adaptiveTimeout is how long calls are waited for.
type adaptiveTimeout struct {
	deadline time.Duration

	mu      sync.Mutex // guards the fields below
	all     [periods]spans
	good    [periods]spans
	current int64 // the period since 1970 that is counted now
	timeout time.Duration
	looked  time.Time
}

func newAdaptiveTimeout(deadline time.Duration) *adaptiveTimeout {
	return &adaptiveTimeout{deadline: deadline, timeout: deadline}
}

// ended counts a call that took so long. One that was cut counts as the whole deadline: else
// each cut would make the next one come sooner.
func (t *adaptiveTimeout) ended(now time.Time, took time.Duration, good bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := t.turn(now)
	if good {
		t.good[at].add(took)
	} else {
		took = t.deadline
	}
	t.all[at].add(took)
}

// turn is the index of the period of now; those in between are emptied. The lock is held.
func (t *adaptiveTimeout) turn(now time.Time) int {
	period := now.UnixNano() / int64(periodLasts)
	for i := max(t.current+1, period-periods+1); i <= period; i++ {
		t.all[i%periods], t.good[i%periods] = spans{}, spans{}
	}
	t.current = max(t.current, period)
	return int(t.current % periods)
}

// limit is how long a call that begins now is waited for.
func (t *adaptiveTimeout) limit(now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Sub(t.looked) < timeoutEvery {
		return t.timeout
	}
	t.looked, t.timeout = now, t.deadline
	at := t.turn(now)
	var recent, good spans
	for i := range periods {
		past := (at - i + periods) % periods
		if i < recentPeriods {
			recent.merge(&t.all[past])
		}
		good.merge(&t.good[past])
	}
	slowest, n := recent.quantile(timeoutQuantile)
	if n < timeoutCalls {
		return t.timeout
	}
	needed, _ := good.quantile(goodQuantile)
	t.timeout = min(t.deadline, max(time.Duration(timeoutMargin*float64(slowest)), needed, timeoutLeast))
	return t.timeout
}

// The adaptive bulkhead: additive increase, multiplicative decrease, as TCP's and Netflix's
// AIMD limit (docs/reliability.md 2).
const (
	limitLeast   = 4
	limitDecline = 0.9
)

// adaptiveLimit bounds the calls in flight at a partner by how it copes with them.
type adaptiveLimit struct {
	most float64

	mu      sync.Mutex // guards the fields below
	limit   float64
	calls   int
	reduced time.Time // calls from before say nothing new
}

func newAdaptiveLimit(most int) *adaptiveLimit {
	return &adaptiveLimit{most: float64(most), limit: float64(most)}
}

// enter reports whether one more call may go out; leave follows when it may.
func (l *adaptiveLimit) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.calls >= int(l.limit) {
		return false
	}
	l.calls++
	return true
}

func (l *adaptiveLimit) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls--
}

// learn is a call that began then and ends now, for want of time or not.
func (l *adaptiveLimit) learn(began time.Time, late bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case late && began.After(l.reduced):
		l.limit, l.reduced = max(l.limit*limitDecline, min(limitLeast, l.most)), time.Now()
	case !late && l.calls >= int(l.limit)/2: // who is not near the limit does not learn that there is room
		l.limit = min(l.limit+1/l.limit, l.most)
	}
}
