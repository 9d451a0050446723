package rank

import (
	"cmp"
	"slices"
	"sort"
)

// Criterion is one of what results are better or worse in, apart from any weights.
type Criterion int

// The criteria, in the order in which they are named.
const (
	ByPrice Criterion = iota
	ByDuration
	ByStops
	ByRisk
	criteria
)

// String is the criterion's name in the API.
func (c Criterion) String() string { return [...]string{"price", "duration", "stops", "risk"}[c] }

// values are an item's price with bags, duration, connections, and risk: the chance to
// miss a flight, and a change of airport counted as certain trouble. Smaller is better.
func (it *Item) values() [criteria]int64 {
	f := it.Facts
	return [criteria]int64{it.Price + it.Bags, int64(f.DurationMinutes), int64(f.Connections), int64(f.MissPermille + 1000*f.AirportChanges)}
}

// Better lists in what a is better than b, and is nil unless a dominates b: unless it
// is at least as good in everything and better in something.
func Better(a, b *Item) []Criterion {
	x, y := a.values(), b.values()
	if !dominates(&x, &y) {
		return nil
	}
	var better []Criterion
	for c := range x {
		if x[c] < y[c] {
			better = append(better, Criterion(c))
		}
	}
	return better
}

// Dominators are the first at most most of items, in the order given, that dominate it.
func Dominators(items []Item, it *Item, most int) []*Item {
	var found []*Item
	for i := range items {
		if len(found) == most {
			break
		}
		if Better(&items[i], it) != nil {
			found = append(found, &items[i])
		}
	}
	return found
}

// Front tells of each item whether nothing dominates it: the Pareto set on price,
// duration, stops and risk. Of equals all are in it.
//
// Items are looked at from the cheapest on, so that only those before can dominate; for
// each number of connections a staircase says how little risk there has been up to each
// duration. That is O(n log n) for what itineraries are: they connect a few times, and a
// staircase has no more steps than there are risks.
func Front(items []Item) []bool {
	type entry struct {
		values [criteria]int64
		index  int
	}
	sorted := make([]entry, len(items))
	for i := range items {
		sorted[i] = entry{items[i].values(), i}
	}
	slices.SortFunc(sorted, func(a, b entry) int {
		if a.values[ByPrice] != b.values[ByPrice] {
			return cmp.Compare(a.values[ByPrice], b.values[ByPrice])
		}
		return slices.Compare(a.values[1:], b.values[1:])
	})
	front := make([]bool, len(items))
	var stairs []staircase // by connections
	for i := 0; i < len(sorted); {
		v := sorted[i].values
		for int64(len(stairs)) <= v[ByStops] {
			stairs = append(stairs, staircase{})
		}
		beaten := false
		for stops := range stairs[:v[ByStops]+1] {
			beaten = beaten || stairs[stops].reaches(v[ByDuration], v[ByRisk])
		}
		for ; i < len(sorted) && sorted[i].values == v; i++ {
			front[sorted[i].index] = !beaten
		}
		if !beaten {
			stairs[v[ByStops]].add(v[ByDuration], v[ByRisk])
		}
	}
	return front
}

// FrontOf tells of each item of the page whether nothing among items dominates it. It
// looks at every item for each one on the page, which is less than Front while pages
// are short.
func FrontOf(items, page []Item) []bool {
	all := make([][criteria]int64, len(items))
	for i := range items {
		all[i] = items[i].values()
	}
	front := make([]bool, len(page))
	for i := range page {
		v := page[i].values()
		front[i] = true
		for j := range all {
			if dominates(&all[j], &v) {
				front[i] = false
				break
			}
		}
	}
	return front
}

// dominates reports whether x is at least as good as y in everything, and better in something.
func dominates(x, y *[criteria]int64) bool {
	return x[0] <= y[0] && x[1] <= y[1] && x[2] <= y[2] && x[3] <= y[3] && *x != *y
}

// staircase is points of which none is at least as good as another in both of two
// measures: the first grows from step to step, the second falls.
type staircase struct{ steps [][2]int64 }

// after is the position of the first step beyond x.
func (s *staircase) after(x int64) int {
	return sort.Search(len(s.steps), func(i int) bool { return s.steps[i][0] > x })
}

// reaches reports whether a step is at most x and at most y.
func (s *staircase) reaches(x, y int64) bool {
	i := s.after(x)
	return i > 0 && s.steps[i-1][1] <= y
}

// add puts in a point that no step reaches, and takes out the steps that it makes idle.
func (s *staircase) add(x, y int64) {
	from := sort.Search(len(s.steps), func(i int) bool { return s.steps[i][0] >= x })
	to := from
	for to < len(s.steps) && s.steps[to][1] >= y {
		to++
	}
	s.steps = slices.Replace(s.steps, from, to, [2]int64{x, y})
}
