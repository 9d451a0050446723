// Package server is the server of one process, put together from its configuration: listeners,
// aggregator, providers, limits and metrics. Here the parts meet; what each does is left to them.
// The command line, the simulated partners and the ways to start a server are package main's.
package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"fanfare/aggregator"
	"fanfare/aggregator/fx"
	"fanfare/providers"
	"fanfare/providers/admission"
	"fanfare/providers/feeds"
	"fanfare/providers/guard"
	"fanfare/providers/places"
	"fanfare/providers/registry"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
	"fanfare/web"
	"fanfare/web/access"
	"fanfare/web/api"
	"fanfare/web/ops"
)

// Deps is what a server needs besides its configuration. Only Log is required; the rest is for tests.
type Deps struct {
	Log *slog.Logger
	// Now is the server's clock instead of Config.Clock, for time that jumps.
	Now func() time.Time
	// Build makes a partner's provider; nil is feeds.Build.
	Build func(*feeds.Feed, feeds.Deps) (*providers.Provider, error)
	// RelaxedTimeouts are those of wire.HTTPConfig, and work that waits long for a slot is no overload.
	RelaxedTimeouts bool
}

// Server is all parts put together. Run may be called once, Reload at any time.
type Server struct {
	cfg        Config
	deps       Deps
	log        *slog.Logger
	now        func() time.Time
	public     *web.Server
	ops        *web.Server
	engine     http.Handler
	api        *api.API
	aggregator *aggregator.Aggregator
	metrics    *ops.Metrics
	rates      *fx.Source
	store      *registry.Store
	gate       *access.Gate
	slots      *admission.Slots
	memory     *memoryGuard
	shared     feeds.Deps // of all partners
	providers  atomic.Pointer[[]*providers.Provider]

	partnersMu sync.Mutex   // guards declared, and lets one goroutine replace partners at a time
	declared   []feeds.Feed // those of the file
	registered string       // what those of the registry were made from: see registryState
	warming    sync.WaitGroup
	reading    atomic.Bool // a reload reads the configuration
}

// New opens both listeners and builds everything behind them. Nothing is served before Run. cfg is
// one that Load found good, or Defaults with partners that have been checked.
func New(cfg Config, d Deps) (*Server, error) {
	s := &Server{cfg: cfg, deps: d, log: d.Log, now: d.Now, metrics: ops.NewMetrics()}
	var err error
	if s.now == nil {
		if s.now, err = cfg.clock(); err != nil {
			return nil, err
		}
	}
	if s.deps.Build == nil {
		s.deps.Build = feeds.Build
	}
	if s.rates, err = fx.NewSource(fx.Config{
		File: cfg.fxFile(), URL: cfg.FX.URL,
		OnError: func(err error) {
			s.log.Warn("exchange rates not refreshed; the last good ones stay", "cause", err.Error())
		},
	}); err != nil {
		return nil, err
	}
	if err := s.openStore(); err != nil {
		return nil, err
	}
	if err := s.build(); err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	return s, nil
}

// build makes all that stands behind the listeners, and opens them.
func (s *Server) build() error {
	cfg := &s.cfg
	s.slots = admission.New(runtime.GOMAXPROCS(0)-1, nil) // one core is left for accepting connections
	s.memory = newMemoryGuard(int64(cfg.Limits.Memory))
	s.aggregator = aggregator.New(aggregator.Config{
		Budget: cfg.Search.Budget, Retain: cfg.Search.Retain, LiveFor: cfg.Search.LiveFor, Refreshes: cfg.Search.Refreshes,
		LiveSearches: cfg.Limits.LiveSearches, CacheBytes: int64(cfg.Cache.MaxBytes),
		Rates: s.rates.Current, Now: s.now, Log: s.log, Atlas: places.Default(),
		Hooks: aggregator.Hooks{
			CacheLookup: s.metrics.Lookup,
			Searched:    func(_ aggregator.Status, took time.Duration) { s.metrics.Searched(took) },
			Refused:     s.metrics.Refused,
		},
		Overloaded: s.overloaded,
	})
	s.shared = s.sharedByPartners()
	s.providers.Store(&[]*providers.Provider{})
	s.aggregator.SetDoNotMerge(cfg.doNotMerge())
	if err := s.applyPartners(cfg.Partners); err != nil {
		return err
	}
	s.metrics.Watch(s.gauges())
	return s.listen()
}

// openStore opens the store and the gate of the public listener.
func (s *Server) openStore() error {
	keys, err := s.cfg.Keyring()
	pageSecret := make([]byte, 32)
	switch {
	case err == nil:
		pageSecret = keys.Derive("page session")
	case s.cfg.Secrets != secretsConfig{}:
		return err
	default: // a folder that cannot be written: searches go on, and what the store is for waits
		s.log.Warn("there is no secret key; credentials of the registry cannot be read or set", "cause", err.Error())
		rand.Read(pageSecret) //nolint:errcheck // never fails: see crypto/rand
	}
	s.store, err = registry.Open(context.Background(), registry.Options{URL: s.cfg.Store, DataDir: s.cfg.DataDir, Keys: keys, Now: s.now,
		Log: func(message string, err error) {
			if err == nil {
				s.log.Info(message)
				return
			}
			s.log.Warn(message, "cause", err.Error())
		}})
	if err != nil {
		return err
	}
	s.gate = access.New(publicKeys{s}, s.cfg.Access.Public == "key", pageSecret)
	return nil
}

// sharedByPartners is what all partners share: the clock, limits on calls, accounts and metrics.
func (s *Server) sharedByPartners() feeds.Deps {
	shared := feeds.Deps{
		Deps: providers.Deps{
			Deps: guard.Deps{
				Now: s.now, Outbound: semaphore.NewWeighted(int64(s.cfg.Limits.Outbound)),
				Background: semaphore.NewWeighted(int64(s.cfg.Limits.Outbound / 4)),
				Extra:      func(e guard.Extra) { s.metrics.Extra(e.Partner, e.Kind) },
				Accounts:   guard.NewAccounts(),
			},
			Atlas: places.Default(),
			Called: func(c providers.Call) {
				s.metrics.Called(c.Partner, string(c.Status), string(c.Cause), c.Took, c.Attempts)
			},
		},
		Slots: s.slots, Resolver: wire.NameServer(s.cfg.Egress.Resolver), RelaxedTimeouts: s.deps.RelaxedTimeouts,
	}
	for _, cidr := range s.cfg.Egress.Allow {
		shared.Egress = append(shared.Egress, netip.MustParsePrefix(cidr)) // checked with the configuration
	}
	return shared
}

// overloaded is what the server runs short of, "" for nothing (docs/reliability.md 3).
func (s *Server) overloaded() string {
	switch {
	case s.slots.Overloaded() && !s.deps.RelaxedTimeouts:
		return "slots"
	case s.memory.full():
		return "memory"
	}
	return ""
}

func (c *Config) fxFile() string {
	if c.FX.File == "" {
		return ""
	}
	return c.path(c.FX.File)
}

// listen opens the listeners and builds the engine behind the public one.
func (s *Server) listen() (err error) {
	l := s.cfg.Limits.PerAddress
	var proxies []netip.Prefix
	for _, cidr := range s.cfg.TrustedProxies {
		proxies = append(proxies, netip.MustParsePrefix(cidr)) // checked with the configuration
	}
	if s.public, err = web.Listen(s.cfg.Listen, s.cfg.Search.MaxWait, web.Connections{PerAddress: l.Connections, Exempt: proxies}, s.log); err != nil {
		return err
	}
	if s.ops, err = web.Listen(s.cfg.Ops.Listen, 5*time.Minute, web.Connections{}, s.log); err != nil { // a profile takes as long as asked
		return err
	}
	s.engine, err = web.Engine(web.Config{
		TrustedProxies: s.cfg.TrustedProxies, CORSOrigins: s.cfg.CORSOrigins, Access: s.gate, Feeds: partnerFeeds{s}, Log: s.log,
		Limits: web.Limits{NewSearchesPerSecond: l.NewSearchesPerSecond, Burst: l.Burst, RequestsPerSecond: l.RequestsPerSecond, Streams: l.Streams,
			PerKey: web.KeyLimits(s.cfg.Limits.PerKey)},
	}, func(limits api.Limits) (*api.API, error) {
		s.api, err = api.New(api.Config{
			Aggregator: s.aggregator, Atlas: places.Default(), Market: travel.Country(s.cfg.Search.Market), Now: s.now,
			FirstPaint: s.cfg.Search.FirstPaint, MaxWait: s.cfg.Search.MaxWait, Limits: limits, Draining: s.public.Draining(),
			Work: s.slots.Do,
		})
		return s.api, err
	})
	return err
}

func (s *Server) gauges() ops.Gauges {
	return ops.Gauges{
		Breakers: func() map[string]float64 {
			states := map[string]float64{}
			for _, p := range *s.providers.Load() {
				for _, h := range p.Health() {
					states[h.Partner] = max(states[h.Partner], float64(h.Breaker))
				}
			}
			return states
		},
		CacheBytes:   func() float64 { return float64(s.aggregator.CacheBytes()) },
		HeldSearches: func() float64 { return float64(s.aggregator.ActiveSearches()) },
		LiveSearches: func() float64 { return float64(s.aggregator.Live()) },
		FXAgeSeconds: func() float64 { return s.rates.Current().Age(s.now()).Seconds() },
	}
}

// setPartners replaces all partners at once; those whose declaration stayed the same stay as
// they are. Quotas and breakers stay with what is called, whatever else a declaration says (see
// guard.Accounts). On an error nothing changes; a partner of the registry that cannot be built is
// left out.
func (s *Server) setPartners(file, registered []feeds.Feed) error {
	declared := append(slices.Clone(file), registered...)
	old := map[string]*providers.Provider{}
	for _, p := range *s.providers.Load() {
		old[p.Name()+"@"+p.FeedVersion()] = p
	}
	var next, fresh []*providers.Provider
	var errs []error
	for i := range declared {
		f := &declared[i]
		if p := old[f.Name+"@"+f.Version()]; p != nil {
			next = append(next, p)
			delete(old, f.Name+"@"+f.Version())
			continue
		}
		p, err := s.deps.Build(f, s.shared)
		switch {
		case err != nil && i < len(file):
			errs = append(errs, err)
			continue
		case err != nil:
			s.log.Warn("a partner of the registry is not asked", "partner", f.Name, "cause", err.Error())
			continue
		}
		next, fresh = append(next, p), append(fresh, p)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	partners, guards := make([]aggregator.Partner, len(next)), make([]*guard.Guard, len(next))
	for i, p := range next {
		partners[i], guards[i] = p, p.Guard()
	}
	s.shared.Accounts.Use(guards)
	s.providers.Store(&next)
	s.aggregator.SetPartners(partners)
	for _, p := range old {
		p.Close()
	}
	s.warm(fresh)
	return nil
}

// warmTogether bounds how many connections are opened ahead at once, and warmWithin for how
// long that is tried: who cannot be reached is none the worse for it.
const (
	warmTogether = 16
	warmWithin   = 2 * time.Second
)

// warm opens a connection to each of the partners, and does not wait for it.
func (s *Server) warm(fresh []*providers.Provider) {
	s.warming.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), warmWithin)
		defer cancel()
		var all errgroup.Group
		all.SetLimit(warmTogether)
		for _, p := range fresh {
			all.Go(func() error {
				p.Warm(ctx)
				return nil
			})
		}
		_ = all.Wait() // none fails
	})
}

// Run serves until ctx ends, and drains then: it returns when the last search has been answered or
// the time for that is over. Its error is that of a listener.
func (s *Server) Run(ctx context.Context) error {
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	tending, rest := context.WithCancel(background)
	tended := make(chan struct{})
	go func() {
		s.aggregator.Run(tending)
		close(tended)
	}()
	wg.Go(func() { s.rates.Run(background) })
	wg.Go(func() { s.store.Run(background) })
	wg.Go(func() { s.gate.Run(background) })
	wg.Go(func() { s.followRegistry(background) })
	wg.Go(func() { s.memory.watch(background, s.aggregator.Relieve) })
	opsFailed := make(chan error, 1)
	wg.Go(func() {
		opsFailed <- s.ops.Serve(background, s.metrics.Handler(func() string { return s.api.Ready().Status }, opsKeys{s}, opsPartners{partnerFeeds{s}}))
	})

	err := s.public.Serve(ctx, s.engine)
	rest()
	<-tended // no refresh begins while Close waits for those that are out
	s.aggregator.Close()
	for _, p := range *s.providers.Load() {
		p.Close()
	}
	stop()
	s.warming.Wait()
	wg.Wait()
	return errors.Join(err, <-opsFailed, s.store.Close())
}

// Serve makes a server and runs it until ctx ends. SIGHUP reads the partners again from the named file,
// and the first lines on w say where the server is. It sets the collector of the whole process.
func Serve(ctx context.Context, cfg Config, file string, w io.Writer, d Deps) error {
	TuneCollector()
	s, err := New(cfg, d)
	if err != nil {
		return err
	}
	stop := s.reloadOnHangup(ctx, file) // before anybody can know that the server is there
	defer stop()
	s.Describe(w)
	if warning := s.ratesWarning(); warning != "" {
		s.log.Warn(warning)
	}
	return s.Run(ctx)
}

// Store is the server's store.
func (s *Server) Store() *registry.Store { return s.store }

// Addr is the address of the public listener, with the port that was found.
func (s *Server) Addr() net.Addr { return s.public.Addr() }

// Describe writes where the server listens and how old its exchange rates are, in a line each.
func (s *Server) Describe(w io.Writer) {
	rates := s.rates.Current()
	fmt.Fprintf(w, "page and API on http://%s\n", s.Addr())
	fmt.Fprintf(w, "metrics on      http://%s/metrics\n", s.ops.Addr())
	fmt.Fprintf(w, "exchange rates  %s of %s\n", rates.Source(), rates.Date())
}

// ratesWarning reports whether the rates are older than they should be, "" if not.
func (s *Server) ratesWarning() string {
	age := s.rates.Current().Age(s.now())
	if age <= s.cfg.FX.MaxAge {
		return ""
	}
	return fmt.Sprintf("exchange rates are %d days old (fx.max_age is %s); set fx.url or fx.file", int(age.Hours()/24), s.cfg.FX.MaxAge)
}
