package aggregator

import (
	"time"

	"fanfare/aggregator/cache"
	"fanfare/aggregator/merge"
	"fanfare/aggregator/page"
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
	// combinationBytes is what a combination costs with its offer and its tickets.
	combinationBytes = 2500
	keepFor          = 24 * time.Hour // at most; Run drops a search long before
	keepMade         = time.Hour      // what is made anew when it is missed
)

// cacheGroup is one search's group of entries in the cache. All groups stand under one bound: the
// search that was used least lately goes first, whole. It is safe for concurrent use.
type cacheGroup struct {
	cache *cache.Cache
	id    string // of the search
}

// answer is a partner's answer that may be shown, false if none is kept.
func (g cacheGroup) answer(p Partner) (*merge.Prepared, bool) {
	v, ok := g.cache.Get(g.id, answerKey(p))
	if !ok {
		return nil, false
	}
	return v.(*merge.Prepared), true
}

func (g cacheGroup) putAnswer(p Partner, prepared *merge.Prepared, keep time.Duration) {
	g.cache.Put(g.id, answerKey(p), prepared, prepared.Bytes(), keep)
}

// putSearch accounts for the search itself, and for what it holds that has no entry of its own.
func (g cacheGroup) putSearch(s *Search, bytes int64) {
	g.cache.Put(g.id, searchKey, s, bytes, keepFor)
}

// putMerged accounts for the results of a snapshot.
func (g cacheGroup) putMerged(s *Snapshot) {
	g.cache.Put(g.id, mergedKey, s, int64(mergedBytesPerOffer*s.Offers()+mergedBytesPerListing*s.listings()), keepFor)
}

// putCombined accounts for the combinations of a snapshot's trips.
func (g cacheGroup) putCombined(s *Snapshot, combinations int) {
	g.cache.Put(g.id, combinedKey, s, int64(combinationBytes*combinations), keepFor)
}

// keptRanking is the newest ranking of a snapshot.
type keptRanking struct {
	of      *Snapshot
	ranking *page.Ranking
}

// ranking is the newest ranking of a snapshot, nil if it is not kept.
func (g cacheGroup) ranking(of *Snapshot) *page.Ranking {
	if v, ok := g.cache.Get(g.id, rankingKey); ok && v.(keptRanking).of == of {
		return v.(keptRanking).ranking
	}
	return nil
}

func (g cacheGroup) putRanking(of *Snapshot, r *page.Ranking) {
	g.cache.Put(g.id, rankingKey, keptRanking{of, r}, r.Bytes(), keepMade)
}

// keptBody is a rendered view of a revision.
type keptBody struct {
	revision int64
	body     any
}

func (g cacheGroup) body(revision int64, view string) (any, bool) {
	v, ok := g.cache.Get(g.id, bodyPrefix+view)
	if !ok || v.(*keptBody).revision != revision {
		return nil, false
	}
	return v.(*keptBody).body, true
}

func (g cacheGroup) putBody(revision int64, view string, body any, bytes int64) {
	g.cache.Put(g.id, bodyPrefix+view, &keptBody{revision, body}, bytes, keepMade)
}

// removeMade removes what was made of revisions.
func (g cacheGroup) removeMade() { g.cache.RemovePrefix(g.id, madePrefix) }

// removeSearch removes the search and what was made of it. Its answers stay for others while they may.
func (g cacheGroup) removeSearch() {
	g.cache.Remove(g.id, searchKey)
	g.removeMade()
}

// accountLocked puts the search under the cache's bound.
func (s *Search) accountLocked(now time.Time) {
	if bytes := s.bytesLocked(now); !s.dropped.Load() {
		s.kept.putSearch(s, bytes)
		s.accounted = bytes
	}
}

// bytesLocked is what the search holds besides its answers that have entries of their own:
// those that may be kept, until they are too old to be, or their partner is declared anew.
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

// Body returns what PutBody kept for this revision and view.
func (a *Aggregator) Body(s *Snapshot, view string) (any, bool) {
	return cacheGroup{a.cache, s.ID}.body(s.Revision, view)
}

// PutBody keeps a snapshot as it was rendered for a view, which takes so many bytes; it must not be
// modified. Only the newest revision's are kept.
func (a *Aggregator) PutBody(s *Snapshot, view string, rendered any, bytes int64) {
	if active := a.active.find(s.ID); active != nil && active.newest.Load() == s {
		active.kept.putBody(s.Revision, view, rendered, bytes)
	}
}

// CacheBytes is the accounted size of what is kept.
func (a *Aggregator) CacheBytes() int64 { return a.cache.Bytes() }

// Relieve gives back what is kept, bytes of it but at least an eighth, to a process that runs
// short of memory.
func (a *Aggregator) Relieve(bytes int64) {
	kept := a.cache.Bytes()
	a.cache.Shrink(kept - max(bytes, kept/8))
}
