package aggregator

import "fanfare/providers/travel"

// searchFor is the held search of q, or a new one. A new one is returned locked, as nobody
// may see a search before its first snapshot.
func (a *Aggregator) searchFor(q travel.Query, background bool) (s *Search, isNew bool) {
	id := q.ID()
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.searches[id]; s != nil {
		return s, false
	}
	s = &Search{ID: id, Query: q, agg: a, created: a.now()}
	s.background.Store(background)
	s.lastUse, s.lastAct = s.created, s.created
	s.mu.Lock()
	a.searches[id] = s
	return s, true
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
