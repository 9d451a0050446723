// Package combine puts trips together out of several partners' tickets: one for each
// direction, or two that meet at a place between. It is pure: the same tickets give the
// same combinations, in whatever order they come.
//
// A combination is a travel.Result of its own kind, never an offer of a result that is
// sold on one ticket: its quotes list the tickets in Parts, its price is their sum, and
// SelfTransfer says where the tickets change. Between two tickets there is at least the
// time that travel.Transfer asks for.
//
// How many there are is bounded, and in a way that lets nobody's arrival change what
// others make together: of each set of at most three partners, the best combination by
// each criterion that takes a ticket of every one of the set. So a partner that goes takes
// exactly the combinations with it that it was part of. With 8 partners and a return that
// is 36 sets of one or two, 5 criteria, and 180 combinations at most, usually far fewer, as
// the cheapest is often the best.
//
// Who is asked for the tickets is left to the aggregator.
package combine

import (
	"cmp"
	"slices"
	"time"

	"fanfare/aggregator/rank"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Part is what partners sell for one part of a trip: a one-way question's results, and
// the facts of each.
type Part struct {
	Results []travel.Result
	Facts   []rank.Facts
}

// Trip is what to put together.
type Trip struct {
	SearchID string
	Parts    []Part // two or more, in the order flown
	// Connect makes the parts follow each other within one slice, which is then a
	// self-transfer; otherwise each is a slice.
	Connect bool
	// Whole are the results of partners' own answers to the whole question.
	Whole   []travel.Result
	Now     time.Time // quotes whose time is over are not used
	Options rank.Options
	Atlas   *places.Atlas
}

// Results are the combinations, sorted by id. A partner that sells the same flights on one
// ticket, at no higher a price, is part of none of them.
func Results(t *Trip) []travel.Result {
	var h shortlister
	for i := range t.Parts {
		if h.add(t, &t.Parts[i]); len(h.parts[i].tickets) == 0 {
			return nil
		}
	}
	h.name()
	whole := wholePrices(t.Whole)
	made := map[string]bool{}
	groups := map[string]*travel.Result{}
	for _, set := range sets(len(h.partners), len(t.Parts)) {
		for _, chain := range h.best(t, set) {
			if id := chain.quoteIDs(); made[id] {
				continue
			} else {
				made[id] = true
			}
			q := chain.quote(t)
			if whole.undercut(&q) {
				continue
			}
			key := chain.resultIDs()
			if groups[key] == nil {
				groups[key] = chain.result(t, key)
			}
			groups[key].Quotes = append(groups[key].Quotes, &q)
		}
	}
	results := make([]travel.Result, 0, len(groups))
	for _, r := range groups {
		slices.SortFunc(r.Quotes, func(a, b *travel.Quote) int {
			return cmp.Or(cmp.Compare(a.EURMicros, b.EURMicros), cmp.Compare(a.ID, b.ID))
		})
		results = append(results, *r)
	}
	slices.SortFunc(results, func(a, b travel.Result) int { return cmp.Compare(a.ID, b.ID) })
	return results
}

// The bounds of a search's combinations.
const (
	maxSellers = 3   // more places to buy from than travellers bear
	maxSets    = 250 // of partners; with more, sets of three are left out: 11 partners have 231
)

// sets are the sets of at most maxSellers of n partners, each as positions in ascending
// order. A trip of two parts has two sellers at most.
func sets(n, parts int) [][]int {
	most := min(maxSellers, parts)
	if most == 3 && n+n*(n-1)/2+n*(n-1)*(n-2)/6 > maxSets {
		most = 2
	}
	var all [][]int
	for i := range n {
		all = append(all, []int{i})
		for j := i + 1; j < n; j++ {
			all = append(all, []int{i, j})
			for k := j + 1; most == 3 && k < n; k++ {
				all = append(all, []int{i, j, k})
			}
		}
	}
	return all
}
