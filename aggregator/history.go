package aggregator

import (
	"container/list"
	"sync"

	"fanfare/aggregator/merge"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// history is what finished searches have shown about partners on a kind of route: how often
// each held the cheapest result, and how much it saved against all others together. What a
// partner that has not answered yet could still save is told from there.
type history struct {
	mu     sync.Mutex // guards the fields below
	routes map[route]*list.Element
	recent *list.List // of *past; front: used last
}

// route is a kind of route: between which countries. Stays are not compared: partners there
// have different properties, not different prices of one trip.
type route struct{ from, to travel.Country }

// past is what is known of one kind of route.
type past struct {
	route    route
	searches float64
	partners map[string]*record
}

// record is one partner's share in the searches that it took part in.
type record struct {
	searches float64
	cheapest float64 // of them, those in which it alone held the cheapest result
	saved    float64 // sum over searches of 1 - own / best of the others, at least 0
}

const (
	// maxRoutes bounds what is kept: two hundred countries have forty thousand pairs, of which
	// few are asked for.
	maxRoutes = 4096
	// enoughSearches is how many a partner must have taken part in before what it saved says
	// something, and enoughShares how many before the share of the cheapest is said (design 5).
	enoughSearches = 20
	enoughShares   = 50
	// fading makes a search count half after a thousand more, 0.5^(1/1000): prices of last month
	// say little.
	fading = 0.99930709
)

func newHistory() *history {
	return &history{routes: map[route]*list.Element{}, recent: list.New()}
}

// routeOf is the kind of route of a query for flights.
func routeOf(q *travel.Query) route {
	return route{countryOf(q.Slices[0].Origin), countryOf(q.Slices[0].Destination)}
}

// countryOf is an airport's country, or a metro area's.
func countryOf(code travel.Airport) travel.Country {
	atlas := places.Default()
	for _, airport := range atlas.Airports(code) {
		if a, ok := atlas.Airport(airport); ok {
			return a.Country
		}
	}
	return ""
}

// find is what is known of a kind of route, made new with add; nil without. The lock is held.
func (h *history) find(r route, add bool) *past {
	e := h.routes[r]
	if e == nil && !add {
		return nil
	}
	if e == nil {
		e = h.recent.PushFront(&past{route: r, partners: map[string]*record{}})
		h.routes[r] = e
		if h.recent.Len() > maxRoutes {
			delete(h.routes, h.recent.Remove(h.recent.Back()).(*past).route)
		}
	}
	h.recent.MoveToFront(e)
	return e.Value.(*past)
}

// learn takes in a search that has ended: the answers of partners that could be used.
func (h *history) learn(r route, answers []*merge.Sealed) {
	if len(answers) < 2 {
		return // nobody is compared with
	}
	cheapest := make([]int64, len(answers)) // 0: has nothing
	for i, a := range answers {
		cheapest[i] = a.Cheapest()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.find(r, true)
	p.searches = p.searches*fading + 1
	for i, a := range answers {
		others := int64(0)
		for j, c := range cheapest {
			if j != i && c > 0 && (others == 0 || c < others) {
				others = c
			}
		}
		rec := p.partners[a.Answer.Partner]
		if rec == nil {
			rec = &record{}
			p.partners[a.Answer.Partner] = rec
		}
		rec.searches, rec.cheapest, rec.saved = rec.searches*fading+1, rec.cheapest*fading, rec.saved*fading
		if own := cheapest[i]; own > 0 && own < others {
			rec.cheapest++
			rec.saved += 1 - float64(own)/float64(others)
		}
	}
}

// saving is what a partner is expected to save on the route, as a share of the cheapest price
// without it; false while too little is known.
func (h *history) saving(r route, partner string) (share float64, known bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.find(r, false)
	if p == nil || p.partners[partner] == nil || p.partners[partner].searches < enoughSearches {
		return 0, false
	}
	return p.partners[partner].saved / p.partners[partner].searches, true
}

// cheapestShare is how often one of the partners held the cheapest result; false while too
// little is known of the route.
func (h *history) cheapestShare(r route, partners []string) (share float64, known bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.find(r, false)
	if p == nil || p.searches < enoughShares {
		return 0, false
	}
	for _, name := range partners {
		if rec := p.partners[name]; rec != nil {
			share += rec.cheapest / rec.searches
		}
	}
	return min(share, 1), true
}
