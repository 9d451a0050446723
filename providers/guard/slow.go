package guard

import "time"

// slowShare of calls that take longer than slowOf of the deadline open a breaker, whether
// they answer or not (docs/definitions.md 7): soon they will not, and searches wait for them.
const (
	slowShare = 0.6
	slowOf    = 0.8
)

// slowness counts slow calls over a rolling window of seconds, by when they began: by
// their ends, quick calls would seem to have stopped whenever load does. Its owner locks.
type slowness struct {
	buckets []struct{ second, calls, slow int64 }
}

func newSlowness(window time.Duration) slowness {
	return slowness{make([]struct{ second, calls, slow int64 }, max(int((window+time.Second-1)/time.Second), 1))}
}

// add is one more call that has ended, by when it began.
func (s *slowness) add(began time.Time, slow bool) {
	second := began.Unix()
	b := &s.buckets[second%int64(len(s.buckets))]
	if b.second != second {
		b.second, b.calls, b.slow = second, 0, 0
	}
	b.calls++
	if slow {
		b.slow++
	}
}

// tooMany reports whether the window holds least calls or more, and too many slow ones.
func (s *slowness) tooMany(now time.Time, least int) bool {
	var calls, slow int64
	for i := range s.buckets {
		if b := &s.buckets[i]; now.Unix()-b.second < int64(len(s.buckets)) {
			calls += b.calls
			slow += b.slow
		}
	}
	return calls >= int64(least) && float64(slow) >= slowShare*float64(calls)
}

// resized has the same calls, as far as they fit into another window.
func (s *slowness) resized(window time.Duration) slowness {
	next := newSlowness(window)
	for _, b := range s.buckets {
		if to := &next.buckets[b.second%int64(len(next.buckets))]; b.second > to.second {
			*to = b
		}
	}
	return next
}

// clear forgets everything: what was slow before a pause says nothing about what is now.
func (s *slowness) clear() { clear(s.buckets) }
