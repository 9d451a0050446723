package web

import (
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"

	"fanfare/providers/lru"
	"fanfare/web/api"
)

// Limits bounds what one address may do (docs/reliability.md 3). Loopback is exempt.
type Limits struct {
	NewSearchesPerSecond float64
	Burst                int
	RequestsPerSecond    float64
	Streams              int // event streams and requests that wait, at once; 0 is no bound
}

// maxAddresses bounds the table: the address not heard of for longest is forgotten.
const maxAddresses = 100_000

// limiter counts by address. New fan-outs count apart from requests that join or
// read a held search.
type limiter struct {
	limits Limits

	addresses *lru.Cache[string, *address]

	mu      sync.Mutex     // guards the field below
	waiting map[string]int // event streams and waiting requests, by address
}

type address struct {
	requests, searches *rate.Limiter
}

func newLimiter(l Limits) *limiter {
	return &limiter{limits: l, waiting: map[string]int{}, addresses: lru.New[string, *address](maxAddresses, 0)}
}

func (l *limiter) of(key string) *address {
	return l.addresses.GetOrPut(key, func() *address {
		return &address{
			requests: rate.NewLimiter(rate.Limit(l.limits.RequestsPerSecond), max(int(l.limits.RequestsPerSecond), 1)),
			searches: rate.NewLimiter(rate.Limit(l.limits.NewSearchesPerSecond), max(l.limits.Burst, 1)),
		}
	})
}

// requests refuses an address that asks too often.
func (l *limiter) requests(c *gin.Context) {
	key, exempt := clientAddress(c)
	if exempt {
		return
	}
	if wait, ok := take(l.of(key).requests); !ok {
		api.TooMany(c, wait, "Too many requests from this address.")
	}
}

// newSearch reports whether the address may start another fan-out.
func (l *limiter) newSearch(c *gin.Context) (wait time.Duration, ok bool) {
	key, exempt := clientAddress(c)
	if exempt {
		return 0, true
	}
	return take(l.of(key).searches)
}

// waitRetry is what an address with too many streams is told to wait.
const waitRetry = 5 * time.Second

// wait counts a stream or a request that waits, until release is called. It answers and returns
// false if the address has as many as it may.
func (l *limiter) wait(c *gin.Context) (release func(), ok bool) {
	key, exempt := clientAddress(c)
	if exempt || l.limits.Streams <= 0 {
		return func() {}, true
	}
	if !l.enter(key) {
		api.TooMany(c, waitRetry, "Too many streams and waiting requests from this address at once.")
		return nil, false
	}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.waiting[key]--; l.waiting[key] == 0 {
			delete(l.waiting, key)
		}
	}, true
}

// enter counts a stream or a request that waits, if the address may have one more.
func (l *limiter) enter(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting[key] >= l.limits.Streams {
		return false
	}
	l.waiting[key]++
	return true
}

func take(l *rate.Limiter) (wait time.Duration, ok bool) {
	r := l.Reserve()
	if wait := r.Delay(); wait > 0 {
		r.Cancel()
		return wait, false
	}
	return 0, true
}
