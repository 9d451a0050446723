package assemble

import (
	"cmp"
	"slices"
	"sync"

	"fanfare/providers/travel"
)

// MaxOffers is how many offers or rates are kept of one answer (docs/reliability.md 3).
const MaxOffers = 1000

// MaxParts is how many offers or rates a decoder keeps that are yet to be put together, such as
// rates of single rooms or of one direction: more than MaxOffers, so that the cheap ones of one
// part do not push out all of another.
const MaxParts = 10 * MaxOffers

// Cheapest tells which of the prices to keep when there are more than limit: those
// of the lowest rank within their own currency, as currencies cannot be compared
// here; equal prices in document order. nil is all of them.
func Cheapest(prices []travel.Money, limit int) (keep []bool) {
	if len(prices) <= limit {
		return nil
	}
	order := make([]int, len(prices))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(prices[a].Currency, prices[b].Currency), cmp.Compare(prices[a].Minor, prices[b].Minor))
	})
	rank := make([]int, len(prices))
	for n, i := range order {
		if n > 0 && prices[order[n-1]].Currency == prices[i].Currency {
			rank[i] = rank[order[n-1]] + 1
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rank[a], rank[b]) })
	keep = make([]bool, len(prices))
	for _, i := range order[:limit] {
		keep[i] = true
	}
	return keep
}

var gathering = sync.Pool{New: func() any { return new([]travel.Offer) }}

// PooledOffers lets a decoder append to a.Offers without growing it step by step: it lends a
// slice of the pool, and the function returned puts exactly what was gathered in its place.
func PooledOffers(a *travel.Answer) (done func()) {
	lent := gathering.Get().(*[]travel.Offer)
	a.Offers = (*lent)[:0]
	return func() {
		gathered := a.Offers
		a.Offers = append([]travel.Offer(nil), gathered...)
		clear(gathered)
		*lent = gathered[:0]
		gathering.Put(lent)
	}
}

// LimitOffers drops what is over limit offers of an answer by rule over_limit: all but the
// cheapest, the shortest and one with the fewest stops, as no cut may lose the best of a
// criterion.
func LimitOffers(a *travel.Answer, limit int) {
	if len(a.Offers) <= limit {
		return
	}
	prices := make([]travel.Money, len(a.Offers))
	for i := range a.Offers {
		prices[i] = a.Offers[i].Price.Total
	}
	keep := Cheapest(prices, limit)
	exchange(keep, prices, bestOf(a.Offers, shorter), bestOf(a.Offers, straighter))
	a.Drop(travel.RuleTooMany, len(a.Offers)-limit)
	i := -1
	a.Offers = slices.DeleteFunc(a.Offers, func(travel.Offer) bool { i++; return !keep[i] })
}

// trimEvery is how many offers above the limit are read before TrimOffers drops the dearest.
const trimEvery = 1000

// TrimOffers is LimitOffers for a decoder that is still reading: it calls it now and then, so
// that a document of tiny offers stays small in memory. The result is the same as that of one
// LimitOffers at the end, but that the place of an offer that was the shortest for a while is
// filled by a later one.
func TrimOffers(a *travel.Answer, limit int) {
	if len(a.Offers) >= limit+trimEvery {
		LimitOffers(a, limit)
	}
}

func shorter(a, b *travel.Offer) bool { return a.Itinerary.Duration() < b.Itinerary.Duration() }

func straighter(a, b *travel.Offer) bool {
	return a.Itinerary.SegmentCount() < b.Itinerary.SegmentCount()
}

// bestOf is the position of the first offer than which none is better.
func bestOf(offers []travel.Offer, better func(a, b *travel.Offer) bool) int {
	best := 0
	for i := range offers {
		if better(&offers[i], &offers[best]) {
			best = i
		}
	}
	return best
}

// exchange keeps the wanted offers, each in place of the dearest other of its currency
// that is kept, of equals the last; without one, in place of any other.
func exchange(keep []bool, prices []travel.Money, wanted ...int) {
	for _, w := range wanted {
		out := -1
		for i := range keep {
			if !keep[i] || slices.Contains(wanted, i) {
				continue
			}
			same := prices[i].Currency == prices[w].Currency
			if out < 0 || same && (prices[out].Currency != prices[i].Currency || prices[i].Minor >= prices[out].Minor) {
				out = i
			}
		}
		if !keep[w] && out >= 0 {
			keep[w], keep[out] = true, false
		}
	}
}

// LimitStays is LimitOffers for stays: the cheapest rates over all properties. A property
// that keeps none is gone too.
func LimitStays(a *travel.Answer, limit int) {
	var prices []travel.Money
	for i := range a.Stays {
		for j := range a.Stays[i].Rates {
			prices = append(prices, a.Stays[i].Rates[j].Price.Total)
		}
	}
	keep := Cheapest(prices, limit)
	if keep == nil {
		return
	}
	a.Drop(travel.RuleTooMany, len(prices)-limit)
	n := -1
	for i := range a.Stays {
		a.Stays[i].Rates = slices.DeleteFunc(a.Stays[i].Rates, func(travel.Rate) bool { n++; return !keep[n] })
	}
	a.Stays = slices.DeleteFunc(a.Stays, func(s travel.Stay) bool { return len(s.Rates) == 0 })
}

// LimitRates is LimitStays for rates that are not in the answer yet, such as those of the
// property being read: it returns the cheapest of them, in place.
func LimitRates(a *travel.Answer, rates []travel.Rate, limit int) []travel.Rate {
	if len(rates) <= limit {
		return rates
	}
	prices := make([]travel.Money, len(rates))
	for i := range rates {
		prices[i] = rates[i].Price.Total
	}
	keep := Cheapest(prices, limit)
	a.Drop(travel.RuleTooMany, len(rates)-limit)
	i := -1
	return travel.Filter(rates, func(*travel.Rate) bool { i++; return keep[i] })
}
