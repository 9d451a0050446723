package aggregator

import (
	"context"
	"log/slog"
	"time"

	"fanfare/aggregator/page"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// The keys under which a search's group keeps things in the cache.
const (
	answerPrefix = "answer/"               // + partner and feed version
	madePrefix   = "made/"                 // what was made of a revision: disposable
	bodyPrefix   = madePrefix + "body/"    // + view and encoding
	mergedKey    = madePrefix + "merged"   // a snapshot's results
	combinedKey  = madePrefix + "combined" // and its combinations
	rankingKey   = madePrefix + "ranking"
	searchKey    = "held" // the search itself
)

func answerKey(p Partner) string { return answerPrefix + p.Name() + "@" + p.FeedVersion() }

const (
	searchBytes = 2048 // the search itself, its partners and a snapshot without results
	// mergedBytesPerOffer is what an offer costs in merged results and in what is kept to
	// merge the next answer: its places in its group and in what it may be near to, and its
	// share of results and segments (TestAccountedBytesAreHeapBytes holds it).
	mergedBytesPerOffer = 190
	// mergedBytesPerListing is the same of a partner's listing of a property: its places in
	// blocks, what it may be one house with, and its share of a result.
	mergedBytesPerListing = 740
	keepFor               = 24 * time.Hour // at most; Run drops a search long before
)

// accountLocked puts the search under the cache's bound. Its lock is held.
func (a *Aggregator) accountLocked(s *Search, now time.Time) {
	if bytes := s.bytesLocked(now); !s.dropped.Load() {
		a.cache.Put(s.ID, searchKey, s, bytes, keepFor)
		s.accounted = bytes
	}
}

// bytesLocked is what the search holds besides its answers that have entries of their own:
// those that may be kept, until they are too old to be, or their partner is declared anew. The lock
// is held.
func (s *Search) bytesLocked(now time.Time) int64 {
	n := int64(searchBytes)
	for _, p := range s.partners {
		if p.standing == nil {
			continue
		}
		if allowed, _ := p.source.Cacheable(); !allowed || p.standing.Answer.Err != nil || !now.Before(p.standing.Answer.HardUntil) ||
			!s.agg.current(p.source) {
			n += p.standing.Bytes()
		}
		if p.partial != nil {
			n += p.partial.Bytes()
		}
	}
	return n
}

// accountMerged counts the results of a snapshot that have just been merged.
func (a *Aggregator) accountMerged(s *Search, snapshot *Snapshot) {
	if !s.dropped.Load() && s.newest.Load() == snapshot {
		a.cache.Put(s.ID, mergedKey, snapshot, int64(mergedBytesPerOffer*snapshot.Offers()+mergedBytesPerListing*snapshot.listings()), keepFor)
	}
}

// memo keeps the newest ranking of a snapshot as long as that is the newest itself.
func (a *Aggregator) memo(s *Search, snapshot *Snapshot) page.Memo {
	type kept struct {
		of *Snapshot
		*page.Ranking
	}
	return page.Memo{
		Get: func() *page.Ranking {
			if v, ok := a.cache.Get(s.ID, rankingKey); ok && v.(kept).of == snapshot {
				return v.(kept).Ranking
			}
			return nil
		},
		Put: func(r *page.Ranking) {
			if !s.dropped.Load() && s.newest.Load() == snapshot {
				a.cache.Put(s.ID, rankingKey, kept{snapshot, r}, r.Bytes(), time.Hour)
			}
		},
	}
}

// Body returns what PutBody kept for this revision and view.
func (a *Aggregator) Body(s *Snapshot, view string) ([]byte, bool) {
	v, ok := a.cache.Get(s.ID, bodyPrefix+view)
	if !ok || v.(*body).revision != s.Revision {
		return nil, false
	}
	return v.(*body).bytes, true
}

type body struct {
	revision int64
	bytes    []byte
}

// PutBody keeps a rendered body of a snapshot; it must not be modified. Only the
// newest revision's are kept.
func (a *Aggregator) PutBody(s *Snapshot, view string, rendered []byte) {
	a.mu.Lock()
	held := a.searches[s.ID]
	a.mu.Unlock()
	if held != nil && held.newest.Load() == s {
		a.cache.Put(s.ID, bodyPrefix+view, &body{s.Revision, rendered}, int64(cap(rendered)), time.Hour)
	}
}

// evicted hears that the cache dropped a search to keep its bound.
func (a *Aggregator) evicted(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.searches[id]; s != nil {
		s.dropped.Store(true)
		delete(a.searches, id)
	}
}

// dropLocked forgets the search; its answers stay for others while they may. Its lock is
// held, so that who has just found it learns that it is dropped.
func (a *Aggregator) dropLocked(s *Search) {
	a.cache.Remove(s.ID, searchKey)
	a.cache.RemovePrefix(s.ID, madePrefix)
	a.mu.Lock()
	defer a.mu.Unlock()
	s.dropped.Store(true)
	if a.searches[s.ID] == s {
		delete(a.searches, s.ID)
	}
}

func (a *Aggregator) all() []*Search {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := make([]*Search, 0, len(a.searches))
	for _, s := range a.searches {
		all = append(all, s)
	}
	return all
}

// Find returns a search that is held for travellers, and notes that somebody asked for it. It
// starts no calls.
func (a *Aggregator) Find(id string) (*Search, bool) {
	a.mu.Lock()
	s, ok := a.searches[id]
	a.mu.Unlock()
	if !ok || s.background.Load() {
		return nil, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastUse, s.idDisclosed = a.now(), true
	return s, true
}

// IsActive reports whether Find would find the search, without using it.
func (a *Aggregator) IsActive(id string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.searches[id]
	return s != nil && !s.background.Load()
}

// ActiveSearches counts the searches that are held for travellers.
func (a *Aggregator) ActiveSearches() int {
	n := 0
	for _, s := range a.all() {
		if !s.background.Load() {
			n++
		}
	}
	return n
}

// Live counts the fan-outs in progress that travellers have asked for.
func (a *Aggregator) Live() int { return int(a.live.Load()) }

// CacheBytes is the accounted size of what is kept.
func (a *Aggregator) CacheBytes() int64 { return a.cache.Bytes() }

const (
	tick = time.Second
	// polledLately makes a search that is only polled count as watched between two polls.
	polledLately = 35 * time.Second // a long-poll of the longest wait, and the way back
)

// Run refreshes watched searches and drops forgotten ones, until ctx ends.
func (a *Aggregator) Run(ctx context.Context) {
	t := time.NewTicker(tick)
	defer t.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		for _, s := range a.all() {
			a.maintain(s)
		}
		if n%30 == 0 {
			a.cache.Sweep()
		}
	}
}

// lapseAfter is how long prices may be past their hard limit in a search that nobody looks at
// before their memory is given back.
const lapseAfter = time.Minute

// maintain drops the search if nobody asked for it lately, or refreshes it if somebody watches.
func (a *Aggregator) maintain(s *Search) {
	watched := s.maintainWatched()
	now, newest := a.now(), s.newest.Load()
	if !watched {
		now = now.Add(-lapseAfter)
	}
	if newest.outdated(now, a.cfg.Rates()) {
		s.renew()
	}
	if watched {
		s.refreshParts()
	}
}

// maintainWatched reports whether somebody watches the search, which it refreshes then. It is false too
// if the search has been dropped.
func (s *Search) maintainWatched() (watched bool) {
	a := s.agg
	s.mu.Lock()
	defer s.mu.Unlock()
	now := a.now()
	if s.watchers == 0 && s.asking == 0 && s.forgottenLocked(now) {
		a.dropLocked(s)
		return false
	}
	watched = !s.background.Load() && (s.watchers > 0 || s.idDisclosed && now.Sub(s.lastUse) < polledLately)
	if watched {
		s.refreshLocked(now)
	}
	if s.keepPartsLocked(now) {
		s.publishLocked()
	}
	if s.bytesLocked(now) != s.accounted { // an answer has become too old to be kept for others
		a.accountLocked(s, now)
	}
	return watched
}

// forgottenLocked reports whether nobody has asked for the search lately, or needed it as a part.
// The lock is held.
func (s *Search) forgottenLocked(now time.Time) bool {
	if s.background.Load() {
		return s.unneededLocked(now)
	}
	return now.Sub(s.lastUse) > s.agg.cfg.Retain
}

// Relieve gives back what is kept, bytes of it but at least an eighth, to a process that runs
// short of memory.
func (a *Aggregator) Relieve(bytes int64) {
	kept := a.cache.Bytes()
	a.cache.Shrink(kept - max(bytes, kept/8))
}

// Close cancels all calls and waits for them.
func (a *Aggregator) Close() {
	a.cancel()
	a.calls.Wait()
}

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

// logCall is one line a call: the partner's own words stand here and nowhere else.
func (a *Aggregator) logCall(s *Search, answer *travel.Answer) {
	if !a.cfg.Log.Enabled(context.Background(), slog.LevelDebug) {
		return
	}
	status, cause := fault.Judge(answer.OffersKept(), answer.Err)
	facts := []any{"search", s.ID, "partner", answer.Partner, "status", status, "cause", cause, "took", answer.Took}
	if e := fault.Of(answer.Err); e != nil {
		facts = append(facts, "http_status", e.HTTPStatus, "code", e.Code, "detail", e.Detail)
	}
	a.cfg.Log.Debug("partner call", facts...)
}
