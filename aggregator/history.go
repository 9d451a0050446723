package aggregator

import (
	"slices"
	"sync"
	"time"

	"fanfare/aggregator/merge"
	"fanfare/providers/lru"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// history is what the last day's searches have shown about partners on a kind of route:
// who held the cheapest result, what each sold it for, and how much of the results each
// had. What a partner that has not answered yet could still bring is told from there.
type history struct {
	mu     sync.Mutex // guards the fields below
	routes *lru.Cache[route, *past]
}

// route is a kind of route: between which countries. Stays are not compared: partners there
// have different properties, not different prices of one trip.
type route struct{ from, to travel.Country }

// past is the newest searches of one kind of route, as a ring.
type past struct {
	partners []string // numbered by their position
	searches []outcome
	next     int // where the next search is put, once there are keptSearches
}

// outcome is how one search ended.
type outcome struct {
	at  int64 // Unix
	had []had // of each partner that answered
}

// had is what one partner had in one search.
type had struct {
	partner  uint16
	relative float32 // its cheapest price by the cheapest of all, 1 if it held that; 0 without results
	share    float32 // its flights by those of all partners, each counted at each partner
}

const (
	// maxRoutes and keptSearches bound what is kept: with ten partners a search takes 150
	// bytes, and all together 15 MB. Two hundred countries have forty thousand pairs, of
	// which few are asked for.
	maxRoutes    = 1024
	keptSearches = 100
	// maxPartners is how many names a route knows before it begins anew.
	maxPartners = 256
	// remembered is how long a search says something: a day has all of a market's hours, and
	// what partners sell changes from day to day.
	remembered = 24 * time.Hour
	// enoughSearches is how many searches an average is taken of, and enoughShares how many a
	// share of the cheapest (docs/definitions.md: null under 50 searches).
	enoughSearches = 20
	enoughShares   = 50
)

func newHistory() *history {
	return &history{routes: lru.New[route, *past](maxRoutes, 0)}
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

// findLocked is what is known of a kind of route, made new with add; nil without.
func (h *history) findLocked(r route, add bool) *past {
	if add {
		return h.routes.GetOrPut(r, func() *past { return &past{} })
	}
	known, _ := h.routes.Get(r)
	return known
}

// learn takes in a search that has ended: the answers of partners that could be used. One
// in which nobody had results says nothing.
func (h *history) learn(r route, answers []*merge.Prepared) {
	least, flights, ended := int64(0), 0, time.Time{}
	for _, a := range answers {
		if c := a.Cheapest(); c > 0 && (least == 0 || c < least) {
			least = c
		}
		flights += a.Flights()
		if a.Answer.AsOf.After(ended) {
			ended = a.Answer.AsOf
		}
	}
	if least == 0 {
		return
	}
	o := outcome{at: ended.Unix(), had: make([]had, len(answers))}
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.findLocked(r, true)
	if len(p.partners)+len(answers) > maxPartners { // partners come and go
		p.partners, p.searches, p.next = nil, nil, 0
	}
	for i, a := range answers {
		o.had[i] = had{partner: p.number(a.Answer.Partner), relative: float32(float64(a.Cheapest()) / float64(least)), share: float32(a.Flights()) / float32(max(flights, 1))}
	}
	p.add(o)
}

// number is the partner's number, which may be a new one.
func (p *past) number(partner string) uint16 {
	at := slices.Index(p.partners, partner)
	if at < 0 {
		at = len(p.partners)
		p.partners = append(p.partners, partner)
	}
	return uint16(at)
}

func (p *past) add(o outcome) {
	if len(p.searches) < keptSearches {
		p.searches = append(p.searches, o)
		return
	}
	p.searches[p.next] = o
	p.next = (p.next + 1) % keptSearches
}

// standing is which partners of a search have answered, which are still asked, and which
// are missing: these, and those that failed.
type standing struct{ answered, pending, missing []string }

// forecast is what history says of a search that stands so; what it does not know is nil.
type forecast struct {
	saving   *float64 // what the pending ones save together on average, as a share of the cheapest price of the answered ones
	cheapest *float64 // how often one of the missing ones held the cheapest result, alone or with others
	share    *float64 // the answered ones' expected share of results
}

// forecast says what the route's searches of the last day tell of one that stands so.
func (h *history) forecast(r route, now time.Time, s standing) (f forecast) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.findLocked(r, false)
	if p == nil {
		return forecast{}
	}
	answered, pending, missing := p.numbers(s.answered), p.numbers(s.pending), p.numbers(s.missing)
	var saving, cheapest average
	since := now.Add(-remembered).Unix()
	shares := make([]average, len(p.partners))
	for i := range p.searches {
		o := &p.searches[i]
		if o.at < since {
			continue
		}
		for _, had := range o.had {
			shares[had.partner].add(float64(had.share))
		}
		if some := o.count(missing) > 0; some || len(s.missing) == 0 {
			held := 0.0
			if o.least(missing) == 1 {
				held = 1
			}
			cheapest.add(held)
		}
		if others := o.least(answered); others > 0 && o.count(pending) == len(s.pending) {
			saved := 0.0
			if own := o.least(pending); own > 0 && own < others {
				saved = 1 - float64(own)/float64(others)
			}
			saving.add(saved)
		}
	}
	f.saving, f.cheapest = saving.of(enoughSearches), cheapest.of(enoughShares)
	f.share = shareOf(shares, answered, missing, len(s.answered)+len(s.missing))
	return f
}

// numbers are those of the partners that the route knows.
func (p *past) numbers(partners []string) (set map[uint16]bool) {
	set = make(map[uint16]bool, len(partners))
	for i, name := range p.partners {
		if slices.Contains(partners, name) {
			set[uint16(i)] = true
		}
	}
	return set
}

// count is how many of the partners took part.
func (o *outcome) count(partners map[uint16]bool) (n int) {
	for i := range o.had {
		if partners[o.had[i].partner] {
			n++
		}
	}
	return n
}

// least is the cheapest that the partners had, by the cheapest of all; 0 without results.
func (o *outcome) least(partners map[uint16]bool) (least float32) {
	for i := range o.had {
		if h := &o.had[i]; partners[h.partner] && h.relative > 0 && (least == 0 || h.relative < least) {
			least = h.relative
		}
	}
	return least
}

// shareOf is the answered partners' part of the sum of all partners' average shares, nil
// unless each of the asked is known from enough searches.
func shareOf(shares []average, answered, missing map[uint16]bool, asked int) *float64 {
	got, all, known := 0.0, 0.0, 0
	for i := range shares {
		mean := shares[i].of(enoughSearches)
		if mean == nil || !answered[uint16(i)] && !missing[uint16(i)] {
			continue
		}
		known++
		all += *mean
		if answered[uint16(i)] {
			got += *mean
		}
	}
	if known < asked || all == 0 {
		return nil
	}
	share := got / all
	return &share
}

// average is a sum and how many it is of.
type average struct {
	sum float64
	n   int
}

func (a *average) add(x float64) { a.sum, a.n = a.sum+x, a.n+1 }

// of is the average, nil if it is of fewer than so many.
func (a *average) of(enough int) *float64 {
	if a.n < enough {
		return nil
	}
	mean := a.sum / float64(a.n)
	return &mean
}
