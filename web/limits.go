package web

import (
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"

	"fanfare/providers/lru"
	"fanfare/web/access"
	"fanfare/web/api"
)

// Limits bounds what one address, or one key, may do (docs/reliability.md 3). Loopback is exempt
// where there is no key.
type Limits struct {
	NewSearchesPerSecond float64
	Burst                int
	RequestsPerSecond    float64 // of an address
	Streams              int     // event streams and requests that wait, at once; 0 is no bound
	PerKey               KeyLimits
}

// KeyLimits bounds what one key may do that has no limits of its own. Zero is no bound.
type KeyLimits struct {
	NewSearchesPerSecond float64
	Burst                int
	Streams              int
}

// maxClients bounds the tables: the client not heard of for longest is forgotten.
const maxClients = 100_000

// limiter counts by address, and by key where there is one. New fan-outs count apart from
// requests that join or read an active search.
type limiter struct {
	limits    Limits
	now       func() time.Time
	addresses *lru.Cache[string, *address]
	keys      *lru.Cache[string, *keyUse]

	mu      sync.Mutex     // guards the field below
	waiting map[string]int // event streams and waiting requests, by client
}

type address struct {
	requests, searches *rate.Limiter
}

func newLimiter(l Limits) *limiter {
	return &limiter{limits: l, now: time.Now, waiting: map[string]int{},
		addresses: lru.New[string, *address](maxClients, 0), keys: lru.New[string, *keyUse](maxClients, 0)}
}

func (l *limiter) of(key string) *address {
	return l.addresses.GetOrPut(key, func() *address {
		return &address{
			requests: rate.NewLimiter(rate.Limit(l.limits.RequestsPerSecond), max(int(l.limits.RequestsPerSecond), 1)),
			searches: rate.NewLimiter(rate.Limit(l.limits.NewSearchesPerSecond), max(l.limits.Burst, 1)),
		}
	})
}

// keyUse is what a key has used up.
type keyUse struct {
	searches *rate.Limiter // nil is no bound

	mu    sync.Mutex // guards the fields below
	day   int64      // days since 1970, in UTC
	today int
}

func (l *limiter) ofKey(g *access.Grant) *keyUse {
	return l.keys.GetOrPut(g.KeyID, func() *keyUse {
		perSecond, burst := l.limits.PerKey.NewSearchesPerSecond, l.limits.PerKey.Burst
		if g.PerSecond > 0 {
			perSecond, burst = g.PerSecond, max(int(4*g.PerSecond), 1) // as the default: 10 a second, 40 at once
		}
		if perSecond <= 0 {
			return &keyUse{}
		}
		return &keyUse{searches: rate.NewLimiter(rate.Limit(perSecond), max(burst, 1))}
	})
}

// newSearch counts a new search of the key, or says how long it has to wait. What is refused for
// the day takes nothing of the second's rate.
func (u *keyUse) newSearch(now time.Time, perDay int) (wait time.Duration, ok bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	day := now.Unix() / 86400
	if u.day != day {
		u.day, u.today = day, 0
	}
	if perDay > 0 && u.today >= perDay {
		return time.Unix((day+1)*86400, 0).Sub(now), false
	}
	if u.searches != nil {
		if wait, ok := take(u.searches); !ok {
			return wait, false
		}
	}
	u.today++
	return 0, true
}

// requests refuses an address that asks too often, with a key or without.
func (l *limiter) requests(c *gin.Context) {
	key, exempt := clientAddress(c)
	if exempt || access.GrantOf(c) != nil {
		return
	}
	if wait, ok := take(l.of(key).requests); !ok {
		api.TooMany(c, wait, "Too many requests from this address.")
	}
}

// newSearch reports whether the client may start another fan-out.
func (l *limiter) newSearch(c *gin.Context) (wait time.Duration, ok bool) {
	if g := access.GrantOf(c); g != nil {
		return l.ofKey(g).newSearch(l.now(), g.PerDay)
	}
	key, exempt := clientAddress(c)
	if exempt {
		return 0, true
	}
	return take(l.of(key).searches)
}

// waitRetry is what a client with too many streams is told to wait.
const waitRetry = 5 * time.Second

// wait counts a stream or a request that waits, until release is called. It answers and returns
// false if the client has as many as it may.
func (l *limiter) wait(c *gin.Context) (release func(), ok bool) {
	client, exempt := clientAddress(c)
	most, whose := l.limits.Streams, "from this address"
	if g := access.GrantOf(c); g != nil {
		client, exempt, most, whose = "key:"+g.KeyID, false, l.limits.PerKey.Streams, "with this key"
	}
	if exempt || most <= 0 {
		return func() {}, true
	}
	if !l.enter(client, most) {
		api.TooMany(c, waitRetry, "Too many streams and waiting requests "+whose+" at once.")
		return nil, false
	}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.waiting[client]--; l.waiting[client] == 0 {
			delete(l.waiting, client)
		}
	}, true
}

// enter counts a stream or a request that waits, if the client may have one more.
func (l *limiter) enter(client string, most int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting[client] >= most {
		return false
	}
	l.waiting[client]++
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
