package providers

import (
	"math"
	"sync"
	"time"
)

// RateConfig bounds the calls to a partner; zero values are no bound.
type RateConfig struct {
	PerSecond float64
	PerDay    int
}

// quota is a token bucket for the second and a counter for the day (UTC).
type quota struct {
	cfg RateConfig
	now func() time.Time

	mu     sync.Mutex // guards the fields below
	tokens float64
	filled time.Time
	day    string
	used   int
}

func newQuota(cfg RateConfig, now func() time.Time) *quota {
	return &quota{cfg: cfg, now: now, tokens: most(cfg), filled: now()}
}

// burst lets one second's worth of calls go at once.
func burst(cfg RateConfig) float64 { return max(cfg.PerSecond, 1) }

// most is how many tokens are saved: the burst, or as many as a background call wants to see,
// which at one call a second or less are more. A traveller's call counts on the burst only.
func most(cfg RateConfig) float64 { return max(burst(cfg), spareTokens(cfg)) }

// spareTokens is how many tokens there must be for a background call: one, and half of a
// second's calls that stay for travellers.
func spareTokens(cfg RateConfig) float64 { return 1 + math.Ceil(burst(cfg)/spareShare) }

// take uses one call of the quota. If none is left it returns how long to wait.
func (q *quota) take() (wait time.Duration, ok bool) { return q.takeFrom(q.cfg.PerDay, 1) }

// takeSpare is take for a call that nobody would miss: it leaves half of the day's calls,
// and of the second's, to travellers' own searches.
func (q *quota) takeSpare() (wait time.Duration, ok bool) {
	return q.takeFrom(q.cfg.PerDay/spareShare, spareTokens(q.cfg))
}

// takeFrom uses one call if fewer than perDay were used today (unless no day is bounded)
// and at least so many tokens are left for this second.
func (q *quota) takeFrom(perDay int, tokens float64) (wait time.Duration, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	if day := now.UTC().Format(time.DateOnly); day != q.day {
		q.day, q.used = day, 0
	}
	if q.cfg.PerDay > 0 && q.used >= perDay {
		return now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now), false
	}
	if q.cfg.PerSecond > 0 {
		q.tokens = min(most(q.cfg), q.tokens+now.Sub(q.filled).Seconds()*q.cfg.PerSecond)
		q.filled = now
		if q.tokens < tokens {
			return time.Duration((tokens - q.tokens) / q.cfg.PerSecond * float64(time.Second)), false
		}
		q.tokens = min(q.tokens, burst(q.cfg)) - 1
	}
	q.used++
	return 0, true
}

// giveBack returns what take took for a call that was not made after all.
func (q *quota) giveBack() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.used = max(q.used-1, 0) // a day may have begun in between
	q.tokens = min(most(q.cfg), q.tokens+1)
}
