// Package aggregator answers searches: it holds them, asks partners, keeps their
// answers, and gives out merged and ranked snapshots. How one partner is asked is
// left to providers, how a view is written to web.
package aggregator

import (
	"cmp"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"fanfare/aggregator/cache"
	"fanfare/aggregator/fanout"
	"fanfare/aggregator/fx"
	"fanfare/aggregator/merge"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Partner is a partner as the aggregator sees it.
type Partner interface {
	fanout.Source
	DisplayName() string
	// FeedVersion changes whenever the partner's declaration does.
	FeedVersion() string
	// Applicable tells why q is not for this partner, or fault.None.
	Applicable(q travel.Query) fault.Cause
	// Cacheable reports whether its answers may be kept, and for how long at most; 0 is no cap.
	Cacheable() (allowed bool, maxAge time.Duration)
}

// Config is the settings of searches (examples/fanfare.yaml).
type Config struct {
	Budget       time.Duration // after which a search is terminal for those who wait
	Retain       time.Duration // how long a search is active after its last request
	LiveFor      time.Duration // how long after the traveller's last act prices are kept fresh
	Refreshes    int           // at most, of one search
	LiveSearches int           // fan-outs in progress
	CacheBytes   int64
	Rates        func() *fx.Table // the newest exchange rates
	Now          func() time.Time // the business clock
	Log          *slog.Logger
	Hooks        Hooks
	Atlas        *places.Atlas // where tickets may meet; nil puts no trips together from several
	// Overloaded reports which resource is exhausted, so that new searches are refused, or "" if
	// none is; nil is never.
	Overloaded func() (resource string)
}

// Hooks report to whoever keeps metrics; each may be nil.
type Hooks struct {
	CacheLookup func(outcome string)                    // hit, stale, miss, joined
	Searched    func(status Status, took time.Duration) // a search turned terminal for the first time
	Refused     func(resource string)                   // a new search was refused: live_searches, or what Overloaded says
}

// ErrOverloaded refuses a new search; RetryAfter is when to try again.
var ErrOverloaded = errors.New("too many searches at once")

// RetryAfter is what a refused traveller is told to wait.
const RetryAfter = 2 * time.Second

// Aggregator holds searches. It is safe for concurrent use.
type Aggregator struct {
	cfg        Config
	cache      *cache.Cache
	partners   atomic.Pointer[[]Partner] // sorted by name
	doNotMerge atomic.Pointer[[]merge.DoNotMerge]
	active     activeSearches
	calls      *callGroup
	past       *history
}

// New is an aggregator without partners. Run must be running for refreshes and expiry.
func New(cfg Config) *Aggregator {
	a := &Aggregator{cfg: cfg, calls: newCallGroup(), past: newHistory()}
	a.active.byID = map[string]*Search{}
	a.cache = cache.New(cfg.CacheBytes, a.active.evict)
	a.partners.Store(&[]Partner{})
	return a
}

// Close cancels all calls and waits for them.
func (a *Aggregator) Close() { a.calls.close() }

func (a *Aggregator) now() time.Time { return a.cfg.Now() }

// Rates is the exchange rates that views convert with.
func (a *Aggregator) Rates() *fx.Table { return a.cfg.Rates() }

// Budget is how long a one-shot search waits by default.
func (a *Aggregator) Budget() time.Duration { return a.cfg.Budget }

// Partners counts the partners.
func (a *Aggregator) Partners() int { return len(*a.partners.Load()) }

// SetPartners replaces all partners at once. Answers of partners that are gone, or
// whose declaration changed, are forgotten.
func (a *Aggregator) SetPartners(partners []Partner) {
	sorted := slices.SortedFunc(slices.Values(partners), func(x, y Partner) int { return cmp.Compare(x.Name(), y.Name()) })
	a.partners.Store(&sorted)
	valid := map[string]bool{}
	for _, p := range sorted {
		valid[answerKey(p)] = true
	}
	a.cache.RemoveIf(func(key string) bool { return strings.HasPrefix(key, answerPrefix) && !valid[key] })
	for _, s := range a.active.all() {
		s.partnersReplaced()
	}
	for _, s := range a.active.all() {
		s.takeParts() // of the removed partners, before anybody sees them again
	}
}

// SetDoNotMerge replaces the pairs of hotel listings that must not become one property. Searches
// that are active show it with their next revision, which they make at once.
func (a *Aggregator) SetDoNotMerge(pairs []merge.DoNotMerge) {
	if old := a.doNotMerge.Swap(&pairs); old == nil && len(pairs) == 0 || old != nil && slices.Equal(*old, pairs) {
		return
	}
	for _, s := range a.active.all() {
		if s.Query.Product == travel.Hotels {
			s.republish()
		}
	}
}

// doNotMergePairs is what SetDoNotMerge was given last.
func (a *Aggregator) doNotMergePairs() []merge.DoNotMerge {
	if pairs := a.doNotMerge.Load(); pairs != nil {
		return *pairs
	}
	return nil
}

// current reports whether p is still one of the partners, as declared.
func (a *Aggregator) current(p Partner) bool {
	return slices.Contains(*a.partners.Load(), p)
}

// Search joins the active search of q, or starts one. joined tells which. A canonical
// q from travel.Query.Normalise is required. The only error is ErrOverloaded.
func (a *Aggregator) Search(q travel.Query) (s *Search, joined bool, err error) {
	for {
		if s := a.active.find(q.ID()); s != nil && s.join() {
			a.lookup("joined")
			s.gatherParts((*partner).shouldAsk)
			return s, true, nil
		}
		if resource := a.overloaded(); resource != "" {
			if a.cfg.Hooks.Refused != nil {
				a.cfg.Hooks.Refused(resource)
			}
			return nil, false, ErrOverloaded
		}
		s, isNew := a.searchFor(q, false)
		if isNew {
			s.startAndUnlock()
		}
		if isNew || s.promote() {
			s.gatherParts((*partner).shouldAsk)
			return s, false, nil
		} // else dropped or promoted meanwhile
	}
}

// overloaded reports which resource is exhausted, so that new searches are refused, or "" if
// none is.
func (a *Aggregator) overloaded() (resource string) {
	if a.cfg.LiveSearches > 0 && a.calls.live.Load() >= int64(a.cfg.LiveSearches) {
		return "live_searches"
	}
	if a.cfg.Overloaded != nil {
		return a.cfg.Overloaded()
	}
	return ""
}

// busy reports whether refreshes are dropped, the first thing that overload takes.
func (a *Aggregator) busy() bool {
	running := a.calls.live.Load() + a.calls.background.Load()
	return a.cfg.LiveSearches > 0 && running > int64(a.cfg.LiveSearches)/2 || a.cfg.Overloaded != nil && a.cfg.Overloaded() != ""
}

// Live counts the fan-outs in progress that travellers have asked for.
func (a *Aggregator) Live() int { return int(a.calls.live.Load()) }

func (a *Aggregator) lookup(outcome string) {
	if a.cfg.Hooks.CacheLookup != nil {
		a.cfg.Hooks.CacheLookup(outcome)
	}
}

// searched reports a search that has just turned terminal.
func (a *Aggregator) searched(s *Snapshot) {
	took := s.UpdatedAt.Sub(s.CreatedAt)
	if a.cfg.Hooks.Searched != nil {
		a.cfg.Hooks.Searched(s.Status, took)
	}
	a.cfg.Log.Info("search", "search", s.ID, "status", s.Status, "took", took, "answered", s.Answered(), "asked", s.Asked())
}
