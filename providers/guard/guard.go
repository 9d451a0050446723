// Package guard is the layers around the calls of one partner: it decides whether a call goes out,
// how long it is waited for and whether it is made once more. A Guard takes a call and gives an
// Answer. From the outside in:
//
//  1. Quota and look-to-book (quota.go): calls of the second and of the day. What the contract
//     allows comes from the feed.
//  2. Bulkhead (quota.go): this partner's calls in flight, then those of all partners. A refused
//     call is not queued: whoever asks decides whether to come back.
//  3. Breaker (breaker.go): by product; question.go says what is an entry in it. What a failure
//     means for it is a table of package fault.
//  4. Deadline: one for all attempts of a call. The call has to end soon after its context does.
//  5. One retry (retry.go), one hedge (hedge.go): budget.go says whether. Each goes through 1 to 3
//     again. What may be sent twice is a table of package fault.
//  6. The call: it makes the request, bounds what it reads, decodes it and checks whether it answers
//     the question. If it panics, the partner has failed.
//
// What a layer refuses costs nothing of those further out: quota is given back.
//
// What is known of a partner (used quota, breakers, latencies) belongs to its account and outlives
// a Guard; see Accounts. Whether a partner is to be asked at all, and what for, is left to packages
// providers and aggregator.
package guard

import (
	"time"

	"golang.org/x/sync/semaphore"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// Config says how the calls of one partner are guarded.
type Config struct {
	Name           string
	Account        string           // names what is called, with which credentials; see Accounts. "" shares nothing
	Products       []travel.Product // what the partner sells; empty is everything
	Deadline       time.Duration    // of one call with all its attempts
	MaxConcurrency int              // calls in flight
	Rate           RateConfig
	SearchesPerDay int  // the look-to-book ratio's bound; 0 is none
	Hedge          bool // a late call may be made twice
	Breaker        BreakerConfig
}

// quota is what bounds the calls: a search is one call, so the smaller bound of a day counts.
func (c *Config) quota() RateConfig {
	q := c.Rate
	if q.PerDay == 0 || c.SearchesPerDay > 0 && c.SearchesPerDay < q.PerDay {
		q.PerDay = c.SearchesPerDay
	}
	return q
}

// Deps is what a Guard shares with those of the other partners.
type Deps struct {
	Now        func() time.Time    // the business clock, which days of a quota follow; not nil
	Outbound   *semaphore.Weighted // calls in flight over all partners; nil is no bound
	Background *semaphore.Weighted // of these, background calls; nil is no bound
	Accounts   *Accounts           // what is known of partners over reloads; nil keeps nothing
	Extra      func(Extra)         // reports each retry and hedge; nil is allowed
}

// Extra is a request beyond the first for one question, as the metrics learn of it.
type Extra struct {
	Partner string
	Kind    string // ExtraRetry or ExtraHedge
}

// The kinds of Extra.
const (
	ExtraRetry = "retry"
	ExtraHedge = "hedge"
)

// Guard is the layers around the calls of one partner. It is safe for concurrent use.
type Guard struct {
	cfg     Config
	deps    Deps
	account *account
	quota   *quota
	late    *fault.Error // why a call ends at its deadline
	stacks  rare
}

// New guards the calls of a partner as cfg says.
func New(cfg Config, deps Deps) *Guard {
	if len(cfg.Products) == 0 {
		cfg.Products = sellable
	}
	g := &Guard{cfg: cfg, deps: deps, late: fault.Newf(fault.Deadline, "no answer in %s", cfg.Deadline)}
	g.account = deps.Accounts.open(&cfg, deps.Now)
	g.quota = newQuota(g.account.usage, cfg.quota(), cfg.MaxConcurrency, cfg.Products)
	return g
}

func (g *Guard) observe(e Extra) {
	if g.deps.Extra != nil {
		g.deps.Extra(e)
	}
}
