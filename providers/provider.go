// Package providers guards partners: a Provider is our client of one partner
// behind its quota, bulkhead, circuit breaker and deadline, and checks what comes
// back against the question. How a partner's documents look is left to the
// protocol packages, who is asked and when to the aggregator.
package providers

import (
	"context"
	"time"

	"golang.org/x/sync/semaphore"

	"fanfare/providers/fault"
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
	Name            string
	DisplayName     string
	FeedVersion     string        // changes whenever the declaration does; part of cache keys
	Account         string        // names what is called, with which credentials; see Accounts. "" shares nothing
	Deadline        time.Duration // of one call with all its attempts
	MaxConcurrency  int
	Rate            RateConfig
	SearchesPerDay  int
	Hedge           bool // a late call may be made twice
	Breaker         BreakerConfig
	CacheAllowed    bool
	CacheMaxAge     time.Duration // 0 is no cap of the contract's
	AllowTestOffers bool
	Combine         bool // it may be asked for parts of a trip; see AskSpare
	AirportsOnly    bool // it takes no metro codes
	Coverage        Coverage
	Warm            func(context.Context) error // opens a connection ahead of the first call; nil is none
	Release         func()                      // lets go of connections that are kept open; nil is none
}

// quota is what bounds the calls: a search is one call, so the smaller bound of a day counts.
func (c *Config) quota() RateConfig {
	q := c.Rate
	if q.PerDay == 0 || c.SearchesPerDay > 0 && c.SearchesPerDay < q.PerDay {
		q.PerDay = c.SearchesPerDay
	}
	return q
}

// Deps is what a Provider shares with the others.
type Deps struct {
	Atlas      *places.Atlas
	Now        func() time.Time    // the business clock
	Outbound   *semaphore.Weighted // calls in flight over all partners; nil is no bound
	Background *semaphore.Weighted // of these, background calls; nil is no bound
	Accounts   *Accounts           // what is known of partners over reloads; nil keeps nothing
	Called     func(Call)          // reports each call made or refused; nil is allowed
	Extra      func(Extra)         // reports each retry and hedge; nil is allowed
	Adaptive   Adaptive
}

// Call is what the metrics learn of one call.
type Call struct {
	Partner  string
	Status   fault.Status
	Cause    fault.Cause
	Took     time.Duration
	Attempts int // requests that went out
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

// Provider is our client of one partner, guarded. It is safe for concurrent use.
type Provider struct {
	cfg             Config
	client          Client
	deps            Deps
	account         *account
	quota           *quota
	adaptiveTimeout *adaptiveTimeout // nil: calls have their whole deadline
	adaptiveLimit   *adaptiveLimit   // nil: the bulkhead alone bounds calls in flight
	late            *fault.Error     // why a call ends at its deadline
	stacks          rare
}

// New guards client as cfg says.
func New(cfg Config, client Client, deps Deps) *Provider {
	p := &Provider{
		cfg: cfg, client: client, deps: deps,
		late: fault.Newf(fault.Deadline, "no answer in %s", cfg.Deadline),
	}
	p.account = deps.Accounts.open(&cfg, deps.Now)
	p.quota = newQuota(p.account.usage, cfg.quota(), cfg.MaxConcurrency, p.products())
	if deps.Adaptive.Timeout {
		p.adaptiveTimeout = newAdaptiveTimeout(cfg.Deadline)
	}
	if deps.Adaptive.Concurrency {
		p.adaptiveLimit = newAdaptiveLimit(cfg.MaxConcurrency)
	}
	return p
}

// products are what the partner sells.
func (p *Provider) products() []travel.Product {
	if len(p.cfg.Coverage.Products) > 0 {
		return p.cfg.Coverage.Products
	}
	return sellable
}

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

func (p *Provider) observe(e Extra) {
	if p.deps.Extra != nil {
		p.deps.Extra(e)
	}
}

// Ask asks the partner and always returns an Answer: its failure stands in
// Err. ctx carries no traveller's cancellation; the partner's deadline is set here.
func (p *Provider) Ask(ctx context.Context, q travel.Query) travel.Answer {
	start := time.Now()
	a, attempts := p.ask(ctx, q, false)
	p.complete(&a, q, start, attempts)
	p.report(&a)
	return a
}

// complete fills in what the guard knows of an answer.
func (p *Provider) complete(a *travel.Answer, q travel.Query, start time.Time, attempts int) {
	a.Partner = p.cfg.Name
	a.Took = time.Since(start)
	a.AsOf = p.deps.Now()
	a.Attempts = attempts
	if failed := fault.Of(a.Err); failed != nil {
		own := *failed // errors may be shared
		e := &own
		e.Partner, e.Op = p.cfg.Name, "search "+string(q.Product)
		a.Err = e
		if e.RetryAfter > 0 {
			a.RetryAt = a.AsOf.Add(e.RetryAfter)
		}
		_, since, retryAt, _ := p.account.products[q.Product].breaker.now()
		if time.Now().Before(retryAt) {
			a.RetryAt = p.business(retryAt)
		}
		if !since.IsZero() && (e.Status == fault.CircuitOpen || e.Status == fault.RateLimited) {
			a.Since = p.business(since)
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
	_, p95, known := p.account.products[product].latencies.quantiles()
	return p95, known
}

// Health is what ops see of a provider.
type Health struct {
	Partner  string
	Product  travel.Product
	Breaker  State
	Since    time.Time // of the machine's clock
	RetryAt  time.Time
	OpenedBy fault.Cause
}

// Health returns the state of each product's breaker.
func (p *Provider) Health() []Health {
	all := make([]Health, 0, len(sellable))
	for _, product := range sellable {
		state, since, retryAt, why := p.account.products[product].breaker.now()
		all = append(all, Health{p.cfg.Name, product, state, since, retryAt, why})
	}
	return all
}
