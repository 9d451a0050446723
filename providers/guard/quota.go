package guard

import (
	"maps"
	"math"
	"sync"
	"time"

	"fanfare/providers/travel"
)

// RateConfig bounds the calls to a partner; zero values are no bound.
type RateConfig struct {
	PerSecond float64
	PerDay    int
}

// backgroundShare divides what a partner's limits allow: one part in backgroundShare is what
// background calls may use, the rest is kept for what travellers themselves ask.
const backgroundShare = 2

// usage is how much an account is used: calls of the day (UTC) and calls in flight, by
// product, and a token bucket for the second. The bounds are those of whoever asks.
type usage struct {
	now func() time.Time

	mu       sync.Mutex // guards the fields below
	day      string
	used     map[travel.Product]int
	inFlight map[flying]int
	seconds  map[string]*bucket // by the products that share it
}

// flying names a counter of calls in flight.
type flying struct {
	product    travel.Product
	background bool
}

// bucket is tokens for calls, as of an instant.
type bucket struct {
	tokens float64
	filled time.Time
}

func newUsage(now func() time.Time) *usage {
	return &usage{now: now, used: map[travel.Product]int{}, inFlight: map[flying]int{}, seconds: map[string]*bucket{}}
}

// today returns the day and its calls by product.
func (u *usage) today() (day string, used map[travel.Product]int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.turnLocked(u.now())
	return u.day, maps.Clone(u.used)
}

// turnLocked begins a new day if it is one.
func (u *usage) turnLocked(now time.Time) {
	if day := now.UTC().Format(time.DateOnly); day != u.day {
		u.day = day
		clear(u.used)
	}
}

// quota is the bounds that one partner declares for the products that it sells, over an
// account's usage. The bounds hold for these products together.
type quota struct {
	*usage
	cfg      RateConfig
	most     int // calls in flight
	products []travel.Product
	bucket   string // its key in usage.seconds
}

func newQuota(u *usage, cfg RateConfig, most int, products []travel.Product) *quota {
	q := &quota{usage: u, cfg: cfg, most: most, products: products}
	for _, p := range products {
		q.bucket += string(p) + " "
	}
	return q
}

// burst lets one second's worth of calls go at once.
func burst(cfg RateConfig) float64 { return max(cfg.PerSecond, 1) }

// most is how many tokens are saved: the burst, or as many as a background call wants to see,
// which at one call a second or less are more. A traveller's call counts on the burst only.
func most(cfg RateConfig) float64 { return max(burst(cfg), backgroundTokens(cfg)) }

// backgroundTokens is how many tokens there must be for a background call: one, and half of a
// second's calls that stay for travellers.
func backgroundTokens(cfg RateConfig) float64 { return 1 + math.Ceil(burst(cfg)/backgroundShare) }

// take uses one call for a product. If none is left it returns how long to wait. A background
// call leaves half of the day's calls, and of the second's, to travellers' own searches.
func (q *quota) take(product travel.Product, background bool) (wait time.Duration, ok bool) {
	if background {
		return q.takeFrom(product, q.cfg.PerDay/backgroundShare, backgroundTokens(q.cfg))
	}
	return q.takeFrom(product, q.cfg.PerDay, 1)
}

// takeFrom uses one call if fewer than perDay were used today (unless no day is bounded)
// and at least so many tokens are left for this second.
func (q *quota) takeFrom(product travel.Product, perDay int, tokens float64) (wait time.Duration, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	q.turnLocked(now)
	used := 0
	for _, p := range q.products {
		used += q.used[p]
	}
	if q.cfg.PerDay > 0 && used >= perDay {
		return now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now), false
	}
	if q.cfg.PerSecond > 0 {
		b := q.filledLocked(now)
		if b.tokens < tokens {
			return time.Duration((tokens - b.tokens) / q.cfg.PerSecond * float64(time.Second)), false
		}
		b.tokens = min(b.tokens, burst(q.cfg)) - 1
	}
	q.used[product]++
	return 0, true
}

// filledLocked is the bucket with the tokens of now.
func (q *quota) filledLocked(now time.Time) *bucket {
	b := q.seconds[q.bucket]
	if b == nil {
		b = &bucket{tokens: most(q.cfg), filled: now}
		q.seconds[q.bucket] = b
	}
	b.tokens = min(most(q.cfg), b.tokens+now.Sub(b.filled).Seconds()*q.cfg.PerSecond)
	b.filled = now
	return b
}

// giveBack returns what take took for a call that was not made after all.
func (q *quota) giveBack(product travel.Product) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.used[product] = max(q.used[product]-1, 0) // a day may have begun in between
	if b := q.seconds[q.bucket]; b != nil {
		b.tokens = min(most(q.cfg), b.tokens+1)
	}
}

// enter takes a place among the calls in flight, of which background calls may fill a part.
func (q *quota) enter(product travel.Product, background bool) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	all, inBackground := 0, 0
	for _, p := range q.products {
		inBackground += q.inFlight[flying{p, true}]
		all += q.inFlight[flying{p, true}] + q.inFlight[flying{p, false}]
	}
	if all >= q.most || background && inBackground >= q.most/backgroundShare {
		return false
	}
	q.inFlight[flying{product, background}]++
	return true
}

// leave gives back what enter took.
func (q *quota) leave(product travel.Product, background bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.inFlight[flying{product, background}]--
}
