package guard

import (
	"slices"
	"sync"
	"time"
)

const (
	// keptLatencies are the calls that quantiles are taken of: at one call a second some
	// minutes, and few enough to sort now and then.
	keptLatencies = 512
	// sortEvery is how many calls quantiles may lag behind.
	sortEvery = 32
	// enoughLatencies is how many calls must be known before a quantile is believed
	// (docs/definitions.md 7: hedge after 100 samples).
	enoughLatencies = 100
)

// latencies is how long a partner's latest calls took: those that answered, and, as the
// least that they would have taken, those that were cut off.
type latencies struct {
	mu       sync.Mutex // guards the fields below
	ring     [keptLatencies]time.Duration
	n        int // calls ever
	p50, p95 time.Duration
	scratch  [keptLatencies]time.Duration
}

// add is one more call.
func (l *latencies) add(took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ring[l.n%keptLatencies] = took
	if l.n++; l.n%sortEvery != 0 {
		return
	}
	sorted := l.scratch[:copy(l.scratch[:], l.ring[:min(l.n, keptLatencies)])]
	slices.Sort(sorted)
	l.p50, l.p95 = sorted[len(sorted)/2], sorted[len(sorted)*95/100]
}

// quantiles returns the median and the 95th percentile, false until there are enough calls.
func (l *latencies) quantiles() (p50, p95 time.Duration, known bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.p50, l.p95, l.n >= enoughLatencies
}
