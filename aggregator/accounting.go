package aggregator

import (
	"time"

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
