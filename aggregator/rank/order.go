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
	Bags   int64 // what the bags asked for add to it; see Cost
	Score  int64 // micro-euros; see Of
	Facts  *Facts
	Index  int // the caller's own
	SortBy Key // set by Order
}

func (it *Item) cost() Cost { return Cost{it.Price, it.Bags} }

// Key is what an item is ordered by, smallest first; ties are broken by the id
// after it. Never by where a result came from.
type Key [4]int64

// Compare orders two keys.
func (k Key) Compare(l Key) int {
	for i := range k {
		if k[i] != l[i] {
			return cmp.Compare(k[i], l[i])
		}
	}
	return 0
}

// key holds the order's own measure, then the ties of docs/definitions.md 3: total,
// duration, earliest departure.
func (it *Item) key(by Sort) Key {
	f := it.Facts
	first := it.Score
	switch by {
	case Cheapest:
		first = it.cost().Total()
	case Fastest:
		first = int64(f.DurationMinutes)
	case Departure:
		first = f.Departs
	case Arrival:
		first = f.Arrives
	}
	second := it.Score
	if by == Best || by == Choice {
		second = it.cost().Total()
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
		if best >= 0 {
			if c := k.Compare(bestKey); c > 0 || c == 0 && items[i].ID > items[best].ID {
				continue
			}
		}
		best, bestKey = i, k
	}
	return best
}

// Leads reports whether it, if it cost and scored as given, would be put before first.
func (it *Item) Leads(first *Item, by Sort, cost Cost, score int64) bool {
	as := Item{ID: it.ID, Price: cost.Price, Bags: cost.Bags, Score: score, Facts: it.Facts}
	k, l := as.key(by), first.key(by)
	return cmp.Or(k.Compare(l), cmp.Compare(as.ID, first.ID)) < 0
}

// Sorted sorts items in place by the keys that the caller has set, then by id. Small
// entries are moved while sorting, and each item once.
func Sorted(items []Item) {
	type entry struct {
		first int64
		index int
	}
	order := make([]entry, len(items))
	for i := range items {
		order[i] = entry{items[i].SortBy[0], i}
	}
	slices.SortFunc(order, func(a, b entry) int {
		if a.first != b.first {
			return cmp.Compare(a.first, b.first)
		}
		return items[a.index].Compare(&items[b.index])
	})
	sorted := make([]Item, len(items))
	for i := range order {
		sorted[i] = items[order[i].index]
	}
	copy(items, sorted)
}

// Compare orders two items by their keys, then by id.
func (it *Item) Compare(o *Item) int {
	return cmp.Or(it.SortBy.Compare(o.SortBy), cmp.Compare(it.ID, o.ID))
}
