package combine

import (
	"cmp"
	"math"
	"slices"

	"fanfare/aggregator/rank"
	"fanfare/providers/travel"
)

// The criteria of which each set of partners keeps the best combination. All are sums over
// tickets and connections, and lower is better.
const (
	byPrice       = iota
	byScore       // package rank's, at the value of time of the cabin
	byDuration    // then price
	byConnections // then price
	byBag         // tickets without a checked bag, then price
	criteria
)

// The criteria that only make sure that tickets meet: a first one that arrives early, and a
// second one that leaves late.
const (
	byArrival = criteria + iota
	byDeparture
	shortlists
)

// priceBits is room for a price beside something more important: 2^38 micro-euros are
// EUR 274,877.
const priceBits = 38

func then(first int, price int64) int64 { return int64(first)<<priceBits + min(price, 1<<priceBits-1) }

// ticket is one partner's offer for one part of the trip.
type ticket struct {
	result  *travel.Result
	quote   *travel.Quote
	weights [shortlists]int64
	bit     int // of its partner in the set that is being tried
}

func (t *ticket) first() *travel.Segment { return &t.result.Slices[0][0].Segment }

func (t *ticket) last() *travel.Segment {
	segments := t.result.Slices[0]
	return &segments[len(segments)-1].Segment
}

// shortlister gathers the tickets that may be part of a best combination.
type shortlister struct {
	partners []string // sorted
	parts    []shortlist
	states   []state // reused from set to set
}

// shortlist is one part's tickets, by partner.
type shortlist struct {
	tickets map[string][]*ticket
}

// perCriterion is how many tickets a partner contributes for each criterion: for slices
// days apart the best alone would do, but where tickets have to meet, the best may not.
func perCriterion(t *Trip) int {
	if len(t.Parts) == 2 {
		return 4
	}
	return 1
}

// add takes the part's tickets: of each result and partner the cheapest, and the cheapest
// with a checked bag.
func (h *shortlister) add(t *Trip, p *Part) {
	best := map[string]*[shortlists][]*ticket{}
	k := perCriterion(t)
	for i := range p.Results {
		r := &p.Results[i]
		if len(r.Slices) != 1 || len(r.SelfTransfer) > 0 {
			continue // two tickets of which one is two would be three
		}
		for j, q := range r.Quotes {
			if !q.HardUntil.After(t.Now) || q.Parts != nil || !worthwhile(r.Quotes[:j], q) {
				continue
			}
			lists := best[q.Partner]
			if lists == nil {
				lists = &[shortlists][]*ticket{}
				best[q.Partner] = lists
			}
			one := weigh(t, r, &p.Facts[i], q)
			for c := range lists {
				lists[c] = insert(lists[c], one, c, k)
			}
		}
	}
	list := shortlist{map[string][]*ticket{}}
	for partner, lists := range best {
		all := slices.Concat(lists[:]...)
		slices.SortFunc(all, func(a, b *ticket) int { return cmp.Compare(a.quote.ID, b.quote.ID) })
		list.tickets[partner] = slices.Compact(all)
	}
	h.parts = append(h.parts, list)
}

// worthwhile reports whether q is its partner's first among the cheaper quotes of one result,
// or its first with a checked bag.
func worthwhile(cheaper []*travel.Quote, q *travel.Quote) bool {
	for _, c := range cheaper {
		if c.Partner == q.Partner && (c.Offer.Fare.CheckedBags.Some() || !q.Offer.Fare.CheckedBags.Some()) {
			return false
		}
	}
	return true
}

func weigh(t *Trip, r *travel.Result, facts *rank.Facts, q *travel.Quote) *ticket {
	one := &ticket{result: r, quote: q}
	price := q.EURMicros
	score := rank.Total(facts, rank.Cost{Price: price}, t.Options)
	bagless := 1
	if q.Offer.Fare.CheckedBags.Some() {
		bagless = 0
	}
	one.weights = [shortlists]int64{
		byPrice: price, byScore: score, byDuration: then(facts.DurationMinutes, price),
		byConnections: then(facts.Connections, price), byBag: then(bagless, price),
		byArrival: one.last().Arrives.Unix, byDeparture: -one.first().Departs.Unix,
	}
	return one
}

// insert keeps the k best by c, sorted. Among equals the id decides, never the order in
// which they come.
func insert(list []*ticket, one *ticket, c, k int) []*ticket {
	at, _ := slices.BinarySearchFunc(list, one, func(a, b *ticket) int {
		return cmp.Or(cmp.Compare(a.weights[c], b.weights[c]), cmp.Compare(a.quote.ID, b.quote.ID))
	})
	if at == k {
		return list
	}
	if len(list) == k {
		list = list[:k-1]
	}
	return slices.Insert(list, at, one)
}

// name numbers the partners that have tickets.
func (h *shortlister) name() {
	for i := range h.parts {
		for partner := range h.parts[i].tickets {
			h.partners = append(h.partners, partner)
		}
	}
	slices.Sort(h.partners)
	h.partners = slices.Compact(h.partners)
}

const never = math.MaxInt64
