package view

import (
	"cmp"
	"slices"

	"fanfare/providers/travel"
)

// Facet is one value of a filter, how many results choosing that value alone shows, all
// other filters as they are, and what the cheapest of them costs. Values that would show
// nothing are left out, unless the view names them: those have no price.
type Facet[T cmp.Ordered] struct {
	Value T
	Count int
	From  Price
}

// Price is a partner's own total, and what it is in micro-euros: compared by these,
// shown by converting the total itself, as the result that has it is shown.
type Price struct {
	Micros int64 // with Bags
	Total  travel.Money
	Quote  *travel.Quote // of flights
	Bags   Bags          // that are asked for; what they cost is added to the total
}

func (p Price) less(q Price) bool { return p.Micros < q.Micros }

// PriceRange is the cheapest and the dearest.
type PriceRange struct {
	Min, Max Price
}

func (r *PriceRange) add(p Price, first bool) {
	if first || p.less(r.Min) {
		r.Min = p
	}
	if first || r.Max.less(p) {
		r.Max = p
	}
}

// Range is the smallest and the largest of something.
type Range struct {
	Min, Max int64
}

// tally counts values over results, each once a result.
type tally[T cmp.Ordered] struct {
	facets []Facet[T]
	at     map[T]int
	seen   []int // the last result that had the value
}

func (t *tally[T]) add(result int, value T, price Price) {
	i, known := t.at[value]
	if !known {
		if t.at == nil {
			t.at = make(map[T]int, 16)
		}
		t.at[value] = len(t.facets)
		t.facets = append(t.facets, Facet[T]{value, 1, price})
		t.seen = append(t.seen, result)
		return
	}
	f := &t.facets[i]
	if price.less(f.From) {
		f.From = price
	}
	if t.seen[i] != result {
		f.Count++
		t.seen[i] = result
	}
}

// name lists a value that the view names, whether or not it shows something.
func (t *tally[T]) name(value T) {
	if _, known := t.at[value]; !known {
		t.add(-1, value, Price{})
		t.facets[t.at[value]].Count = 0
	}
}

func (t *tally[T]) sorted() []Facet[T] {
	slices.SortFunc(t.facets, func(a, b Facet[T]) int { return cmp.Compare(a.Value, b.Value) })
	return t.facets
}

func (r *Range) add(n int64, first bool) {
	if first {
		*r = Range{n, n}
		return
	}
	r.Min, r.Max = min(r.Min, n), max(r.Max, n)
}
