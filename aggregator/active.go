package aggregator

import (
	"sync"

	"fanfare/providers/travel"
)

// activeSearches are the searches that can be joined, by id. It is safe for concurrent use. Its
// lock is taken last: who holds a search's lock may call it, and it waits for no search.
type activeSearches struct {
	mu   sync.Mutex // guards byID
	byID map[string]*Search
}

// find returns the search with an id, nil if there is none.
func (a *activeSearches) find(id string) *Search {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.byID[id]
}

// findOrAdd returns the search with an id, which create makes if there is none. create is called
// under the lock.
func (a *activeSearches) findOrAdd(id string, create func() *Search) (s *Search, isNew bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.byID[id]; s != nil {
		return s, false
	}
	s = create()
	a.byID[id] = s
	return s, true
}

// remove takes a search out, and marks it as dropped.
func (a *activeSearches) remove(s *Search) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s.dropped.Store(true)
	if a.byID[s.ID] == s {
		delete(a.byID, s.ID)
	}
}

// evict removes the search with an id, if there is one.
func (a *activeSearches) evict(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.byID[id]; s != nil {
		s.dropped.Store(true)
		delete(a.byID, id)
	}
}

func (a *activeSearches) all() []*Search {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := make([]*Search, 0, len(a.byID))
	for _, s := range a.byID {
		all = append(all, s)
	}
	return all
}

// searchFor is the active search of q, or a new one. A new one is returned locked: see
// newSearchLocked.
func (a *Aggregator) searchFor(q travel.Query, background bool) (s *Search, isNew bool) {
	id := q.ID()
	return a.active.findOrAdd(id, func() *Search { return newSearchLocked(a, id, q, background) })
}

// Find returns a search that is active for travellers, and notes that somebody asked for it. It
// starts no calls.
func (a *Aggregator) Find(id string) (*Search, bool) {
	s := a.active.find(id)
	if s == nil || s.background.Load() {
		return nil, false
	}
	s.found()
	return s, true
}

// IsActive reports whether Find would find the search, without using it.
func (a *Aggregator) IsActive(id string) bool {
	s := a.active.find(id)
	return s != nil && !s.background.Load()
}

// ActiveSearches counts the searches that are active for travellers.
func (a *Aggregator) ActiveSearches() int {
	n := 0
	for _, s := range a.active.all() {
		if !s.background.Load() {
			n++
		}
	}
	return n
}
