// Package aggregator answers searches: it holds them, asks partners, keeps their
// answers, and gives out merged and ranked snapshots. How one partner is asked is
// left to providers, how a view is written to web.
package aggregator

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
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
	Retain       time.Duration // how long a search is held after its last request
	LiveFor      time.Duration // how long after the traveller's last act prices are kept fresh
	Refreshes    int           // at most, of one search
	LiveSearches int           // fan-outs in progress
	CacheBytes   int64
	Rates        func() *fx.Table // the newest exchange rates
	Now          func() time.Time // the business clock
	Log          *slog.Logger
	Hooks        Hooks
	Atlas        *places.Atlas // where tickets may meet; nil puts no trips together from several
	// Shed tells for want of what new searches are refused, "" if they are not; nil is never.
	Overloaded func() (want string)
}

// Hooks report to whoever keeps metrics; each may be nil.
type Hooks struct {
	CacheLookup func(outcome string)                    // hit, stale, miss, joined
	Searched    func(status Status, took time.Duration) // a search turned terminal for the first time
	Refused     func(want string)                       // a new search was refused: live_searches, or what Shed says
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

	base           context.Context // of all calls; ends with Close
	cancel         context.CancelFunc
	calls          sync.WaitGroup
	live           atomic.Int64 // fan-outs in progress
	past           *history
	backgroundLive atomic.Int64 // of parts, which travellers' own do not count

	mu       sync.Mutex // guards searches
	searches map[string]*Search
}

// New is an aggregator without partners. Run must be running for refreshes and expiry.
func New(cfg Config) *Aggregator {
	a := &Aggregator{cfg: cfg, searches: map[string]*Search{}, past: newHistory()}
	a.base, a.cancel = context.WithCancel(context.Background())
	a.cache = cache.New(cfg.CacheBytes, a.evicted)
	a.partners.Store(&[]Partner{})
	return a
}

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
	for _, s := range a.all() {
		s.mu.Lock()
		// Who still waits for it waits for the new ones too. A search that has ended has not
		// asked them: they come in when it is asked again, and until then what a partner has
		// said under another declaration stands.
		if s.reconcileLocked(!s.terminal) {
			if !s.terminal {
				s.askLocked(s.selectPartners((*partner).unasked, a.now()))
			}
			s.publishLocked()
		}
		s.mu.Unlock()
	}
	for _, s := range a.all() {
		s.takeParts() // of the removed partners, before anybody sees them again
	}
}

// SetDoNotMerge replaces the pairs of hotel listings that must not become one property. Searches
// that are held show it with their next revision, which they make at once.
func (a *Aggregator) SetDoNotMerge(pairs []merge.DoNotMerge) {
	if old := a.doNotMerge.Swap(&pairs); old == nil && len(pairs) == 0 || old != nil && slices.Equal(*old, pairs) {
		return
	}
	for _, s := range a.all() {
		if s.Query.Product != travel.Hotels {
			continue
		}
		s.mu.Lock()
		s.publishLocked()
		s.mu.Unlock()
	}
}

// doNotMergePairs is what SetApart was given last.
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

// Search joins the held search of q, or starts one. joined tells which. A canonical
// q from travel.Query.Normalise is required. The only error is ErrOverloaded.
func (a *Aggregator) Search(q travel.Query) (s *Search, joined bool, err error) {
	for {
		a.mu.Lock()
		s := a.searches[q.ID()]
		a.mu.Unlock()
		if s != nil && s.join() {
			a.lookup("joined")
			s.gatherParts((*partner).shouldAsk)
			return s, true, nil
		}
		if want := a.overloaded(); want != "" {
			if a.cfg.Hooks.Refused != nil {
				a.cfg.Hooks.Refused(want)
			}
			return nil, false, ErrOverloaded
		}
		s, isNew := a.searchFor(q, false)
		if isNew {
			s.askers = 1
			s.startLocked()
			s.mu.Unlock()
		}
		if isNew || s.promote() {
			s.gatherParts((*partner).shouldAsk)
			return s, false, nil
		} // else dropped or promoted meanwhile
	}
}

// overloaded tells for want of what new searches are refused, "" if they are not.
func (a *Aggregator) overloaded() (want string) {
	if a.cfg.LiveSearches > 0 && a.live.Load() >= int64(a.cfg.LiveSearches) {
		return "live_searches"
	}
	if a.cfg.Overloaded != nil {
		return a.cfg.Overloaded()
	}
	return ""
}

// Live counts the fan-outs in progress that travellers have asked for.
func (a *Aggregator) Live() int { return int(a.live.Load()) }

// CacheBytes is the accounted size of what is kept.
func (a *Aggregator) CacheBytes() int64 { return a.cache.Bytes() }

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

// Close cancels all calls and waits for them.
func (a *Aggregator) Close() {
	a.cancel()
	a.calls.Wait()
}
