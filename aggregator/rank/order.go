package rank

import (
	"cmp"
	"slices"
)

// Sort names an order.
type Sort string

// The orders of flights.
const (
	Best      Sort = "best"
	Cheapest  Sort = "cheapest"
	Fastest   Sort = "fastest"
	Departure Sort = "departure"
	Arrival   Sort = "arrival"
	Choice    Sort = "choice"
)

// Item is one result to be ordered.
type Item struct {
	ID     string
	Price  int64 // micro-euros of the cheapest passing offer
	Score  int64 // micro-euros; see Of
	Facts  *Facts
	Index  int // the caller's own
	SortBy Key // set by Order
}

// Key is what an item is ordered by, smallest first; ties are broken by the id
// after it. Never by where a result came from.
type Key [4]int64

// Compare orders two keys.
func (k Key) Compare(l Key) int { return slices.Compare(k[:], l[:]) }

// key holds the order's own measure, then the ties of definitions 3: total,
// duration, earliest departure.
func (it *Item) key(by Sort) Key {
	f := it.Facts
	first := it.Score
	switch by {
	case Cheapest:
		first = it.Price
	case Fastest:
		first = int64(f.DurationMinutes)
	case Departure:
		first = f.Departs
	case Arrival:
		first = f.Arrives
	}
	second := it.Score
	if by == Best {
		second = it.Price
	}
	return Key{first, second, int64(f.DurationMinutes), f.Departs}
}

// Order sorts items in place. The outcome does not depend on the order they are
// given in. Choice is ordered as Best here; see Choose.
func Order(items []Item, by Sort) {
	for i := range items {
		items[i].SortBy = items[i].key(by)
	}
	Sorted(items)
}

// First is the position of the item that the given order puts first, -1 without items.
func First(items []Item, by Sort) int {
	best := -1
	var bestKey Key
	for i := range items {
		k := items[i].key(by)
		if best < 0 || cmp.Or(k.Compare(bestKey), cmp.Compare(items[i].ID, items[best].ID)) < 0 {
			best, bestKey = i, k
		}
	}
	return best
}

// Sorted sorts items in place by the keys that the caller has set, then by id.
func Sorted(items []Item) { slices.SortFunc(items, func(a, b Item) int { return a.Compare(&b) }) }

// Compare orders two items by their keys, then by id.
func (it *Item) Compare(o *Item) int {
	return cmp.Or(it.SortBy.Compare(o.SortBy), cmp.Compare(it.ID, o.ID))
}
