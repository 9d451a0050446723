// Package providers is our side of a partner: a Provider is its client behind a guard. It says
// whether the partner can answer a query (coverage.go), asks it, by airports where it knows no
// metro areas (metro.go), and checks what comes back against the query (accept.go). Whether a call
// goes out, for how long and how often is left to package guard, how a partner's documents look to
// the protocol packages, who is asked and when to the aggregator.
package providers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/guard"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Client is a protocol's client of one partner.
type Client interface {
	// Capable tells why the protocol cannot be asked q, or fault.None.
	Capable(q travel.Query) fault.Cause
	// Ask makes the call and decodes the answer; document rules have been applied.
	// It returns soon after ctx ends. Where it takes several HTTP calls of which some failed,
	// the answer holds what the others brought and the error is a *fault.Error that is
	// Partial (fault.OfCalls); beside any other error the answer is not looked at.
	Ask(ctx context.Context, q travel.Query) (travel.Answer, error)
}

// Config is one partner as its operator declares it (examples/fanfare.yaml).
type Config struct {
	guard.Config
	DisplayName     string
	FeedVersion     string // changes whenever the declaration does; part of cache keys
	CacheAllowed    bool
	CacheMaxAge     time.Duration // 0 is no cap of the contract's
	AllowTestOffers bool
	Combine         bool // it may be asked for parts of a trip; see AskBackground
	AirportsOnly    bool // it takes no metro codes
	Coverage        Coverage
	Warm            func(context.Context) error // opens a connection ahead of the first call; nil is none
	Release         func()                      // lets go of connections that are kept open; nil is none
}

// Deps is what a Provider shares with the others.
type Deps struct {
	guard.Deps
	Atlas  *places.Atlas
	Called func(Call) // reports each call made or refused; nil is allowed
}

// Call is what the metrics learn of one call.
type Call struct {
	Partner  string
	Status   fault.Status
	Cause    fault.Cause
	Took     time.Duration
	Attempts int // requests that went out
}

// Provider is our client of one partner, guarded. It is safe for concurrent use.
type Provider struct {
	cfg    Config
	client Client
	deps   Deps
	guard  *guard.Guard
}

// New guards client as cfg says.
func New(cfg Config, client Client, deps Deps) *Provider {
	return &Provider{cfg: cfg, client: client, deps: deps, guard: guard.New(cfg.Config, deps.Deps)}
}

// Guard is the guard around the partner's calls.
func (p *Provider) Guard() *guard.Guard { return p.guard }

// Name is the partner's name: [a-z0-9-]{2,32}.
func (p *Provider) Name() string { return p.cfg.Name }

// DisplayName is what travellers read.
func (p *Provider) DisplayName() string { return p.cfg.DisplayName }

// FeedVersion changes whenever the partner's declaration does.
func (p *Provider) FeedVersion() string { return p.cfg.FeedVersion }

// Cacheable reports whether the contract lets answers be kept for other searches,
// and for how long at most; 0 is no cap.
func (p *Provider) Cacheable() (bool, time.Duration) { return p.cfg.CacheAllowed, p.cfg.CacheMaxAge }

// Applicable tells why q is not for this partner, or fault.None. It makes no call.
func (p *Provider) Applicable(q travel.Query) fault.Cause {
	if len(p.cfg.Products) > 0 && !slices.Contains(p.cfg.Products, q.Product) {
		return fault.Product
	}
	if cause := p.cfg.Coverage.excludes(q, p.deps.Atlas); cause != fault.None {
		return cause
	}
	return p.client.Capable(q)
}

// Warm opens a connection to the partner ahead of the first call. That it cannot is no
// failure: a call will say so.
func (p *Provider) Warm(ctx context.Context) {
	if p.cfg.Warm != nil {
		_ = p.cfg.Warm(ctx)
	}
}

// Close lets go of what is kept open for a partner that is not asked any more. Calls in
// flight go on.
func (p *Provider) Close() {
	if p.cfg.Release != nil {
		p.cfg.Release()
	}
}

// Ask asks the partner and always returns an Answer: its failure stands in
// Err. ctx carries no traveller's cancellation; the partner's deadline is set here.
func (p *Provider) Ask(ctx context.Context, q travel.Query) travel.Answer {
	start := time.Now()
	a := p.ask(ctx, q, false)
	p.complete(&a, q, start)
	p.report(&a)
	return a
}

// Combinable reports whether the contract lets the partner be asked for one-way parts of a
// trip, to be combined with those of others, and whether it bounds the calls of a day.
func (p *Provider) Combinable() (allowed, budgeted bool) {
	return p.cfg.Combine, p.cfg.Rate.PerDay > 0 || p.cfg.SearchesPerDay > 0
}

// AskBackground is Ask for a question that no traveller has asked; see Question. What it is
// refused is nobody's failure: the Answer is Unasked, and the metrics do not hear of it.
func (p *Provider) AskBackground(ctx context.Context, q travel.Query) travel.Answer {
	start := time.Now()
	a := travel.Answer{Err: errNotCombined}
	if p.cfg.Combine {
		a = p.ask(ctx, q, true)
	}
	p.complete(&a, q, start)
	if a.Unasked = a.Attempts == 0; !a.Unasked {
		p.report(&a)
	}
	return a
}

// errNotCombined refuses what the contract does not allow.
var errNotCombined = fault.Newf(fault.Quota, "not to be asked for parts of a trip")

// ask asks q, in as many calls as it takes.
func (p *Provider) ask(ctx context.Context, q travel.Query, background bool) travel.Answer {
	as := guard.Question{Product: q.Product, Background: background}
	if p.cfg.AirportsOnly {
		queries, left := airportQueries(q, p.deps.Atlas)
		if len(queries) > 1 || !slices.Equal(queries[0].Slices, q.Slices) {
			return p.askAirports(ctx, queries, left, as)
		}
	}
	return p.guard.Do(ctx, as, p.call(q))
}

// call is one call for q: what the client answers, as far as it answers q.
func (p *Provider) call(q travel.Query) guard.Call {
	return func(ctx context.Context) travel.Answer {
		a, err := p.client.Ask(ctx, q)
		failed := fault.Of(err)
		if failed != nil && !failed.Partial {
			return travel.Answer{Err: failed}
		}
		p.accept(&a, q)
		if failed != nil {
			a.Err = failed
			return a
		}
		if a.OffersIn > 0 && a.OffersKept() == 0 && blameless(a.Drops) < a.OffersIn {
			a.Err = fault.New(fault.InvalidOffers, fmt.Errorf("none of %d offers could be kept: %v", a.OffersIn, a.Drops))
		}
		return a
	}
}

// complete fills in what the guard knows of an answer.
func (p *Provider) complete(a *travel.Answer, q travel.Query, start time.Time) {
	a.Partner = p.cfg.Name
	a.Took = time.Since(start)
	a.AsOf = p.deps.Now()
	if failed := fault.Of(a.Err); failed != nil {
		own := *failed // errors may be shared
		e := &own
		e.Partner, e.Op = p.cfg.Name, "search "+string(q.Product)
		a.Err = e
		if e.RetryAfter > 0 {
			a.RetryAt = a.AsOf.Add(e.RetryAfter)
		}
		health := p.guard.HealthOf(q.Product)
		if time.Now().Before(health.RetryAt) {
			a.RetryAt = p.business(health.RetryAt)
		}
		if !health.Since.IsZero() && (e.Status == fault.CircuitOpen || e.Status == fault.RateLimited) {
			a.Since = p.business(health.Since)
		}
	}
}

// report lets the metrics know of a call made or refused. A call that was ended because nobody
// waits for it any more counts nowhere.
func (p *Provider) report(a *travel.Answer) {
	status, cause := fault.Judge(a.OffersKept(), a.Err)
	if p.deps.Called != nil && cause != fault.Cancelled {
		p.deps.Called(Call{p.cfg.Name, status, cause, a.Took, a.Attempts})
	}
}

// business translates an instant of the machine's clock into one of the business clock.
func (p *Provider) business(t time.Time) time.Time {
	return p.deps.Now().Add(time.Until(t)).Round(time.Millisecond)
}

// blameless counts drops that say nothing against the partner: an answer that is
// right and simply holds nothing for this question.
func blameless(drops map[string]int) int {
	return drops[travel.RuleTooMany] + drops[travel.RulePackageOnly] + drops[travel.RuleOtherDates] + drops[travel.RuleSoldOut]
}

// Latency95 returns the 95th percentile of how long the partner's latest calls for a product took,
// and false while too few are known.
func (p *Provider) Latency95(product travel.Product) (time.Duration, bool) {
	return p.guard.Latency95(product)
}

// Health returns the state of each product's breaker.
func (p *Provider) Health() []guard.Health { return p.guard.Health() }
