package rank

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// exactCost is what an item costs at a value of time of v micro-euros a minute.
func exactCost(it *Item, v *big.Rat) *big.Rat {
	fixed := Total(it.Facts, it.cost(), Options{0, 1})
	c := new(big.Rat).Mul(v, big.NewRat(int64(it.Facts.DurationMinutes), 1))
	return c.Add(c, big.NewRat(fixed, 1))
}

// crossings are all values of time in question: the ends, and wherever two items cost
// the same. Between two of them nothing changes places, so that a regret is largest at one.
func crossings(items []Item) []*big.Rat {
	end := big.NewRat(80*euro, 60)
	all := []*big.Rat{new(big.Rat), end}
	for i := range items {
		for j := range i {
			m := int64(items[i].Facts.DurationMinutes - items[j].Facts.DurationMinutes)
			if m == 0 {
				continue
			}
			d := Total(items[j].Facts, items[j].cost(), Options{0, 1}) - Total(items[i].Facts, items[i].cost(), Options{0, 1})
			if v := big.NewRat(d, m); v.Sign() > 0 && v.Cmp(end) < 0 {
				all = append(all, v)
			}
		}
	}
	return all
}

func leastCost(items []Item, v *big.Rat) *big.Rat {
	var least *big.Rat
	for i := range items {
		if c := exactCost(&items[i], v); least == nil || c.Cmp(least) < 0 {
			least = c
		}
	}
	return least
}

// largestRegret is that of a choice from the items, computed from its definition.
func largestRegret(items, chosen []Item, at []*big.Rat) *big.Rat {
	worst := new(big.Rat)
	for _, v := range at {
		if r := new(big.Rat).Sub(leastCost(chosen, v), leastCost(items, v)); r.Cmp(worst) > 0 {
			worst = r
		}
	}
	return worst
}

// subsets calls yield with every choice of k of the items.
func subsets(items []Item, k int, chosen []Item, yield func([]Item)) {
	if k == 0 {
		yield(chosen)
		return
	}
	for i := range items {
		subsets(items[i+1:], k-1, append(slices.Clip(chosen), items[i]), yield)
	}
}

func drawChoice(t *rapid.T) []Item {
	items := make([]Item, rapid.IntRange(1, 8).Draw(t, "n"))
	for i := range items {
		f := &Facts{DurationMinutes: rapid.IntRange(1, 30).Draw(t, "minutes") * 37, Connections: rapid.IntRange(0, 2).Draw(t, "stops")}
		price := int64(rapid.IntRange(1, 900).Draw(t, "price")) * euro
		items[i] = Item{ID: fmt.Sprint(i), Price: price, Facts: f, Score: Total(f, Cost{Price: price}, Options{20 * euro, 1}), Index: i}
	}
	Order(items, Best)
	return items
}

func pareto(items []Item) []Item {
	var front []Item
	for i := range items {
		if len(Dominators(items, &items[i], 1)) == 0 {
			front = append(front, items[i])
		}
	}
	return front
}

// The choice is the best of all choices of that size, tried one by one.
func TestChoiceMinimisesTheLargestRegret(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := drawChoice(t)
		k := rapid.IntRange(1, 4).Draw(t, "k")
		front := pareto(items)
		at := crossings(front)
		chosen := Choose(items, k, 1)
		if len(chosen) == 0 || len(chosen) > k {
			t.Fatalf("%d chosen of at most %d", len(chosen), k)
		}
		got := largestRegret(front, chosen, at)
		best := got
		subsets(front, min(k, len(front)), nil, func(s []Item) {
			if r := largestRegret(front, s, at); r.Cmp(best) < 0 {
				best = r
			}
		})
		if new(big.Rat).Sub(got, best).Cmp(big.NewRat(2, 1)) > 0 { // heights are rounded to micro-euros
			t.Fatalf("regret %s with %v, possible is %s; of %v", got.FloatString(2), ids(chosen), best.FloatString(2), ids(front))
		}
		if !slices.IsSortedFunc(chosen, func(a, b Item) int { return a.Compare(&b) }) {
			t.Fatalf("%v is not ordered as best", ids(chosen))
		}
		if fewer := len(chosen) - 1; fewer > 0 {
			if r := largestRegret(front, Choose(items, fewer, 1), at); new(big.Rat).Sub(r, got).Sign() <= 0 {
				t.Fatalf("%d would do as well as %d", fewer, len(chosen))
			}
		}
	})
}

// The steps of a greedy choice are not those of the best one: the item that serves
// everybody best alone is none of the two that do together.
func TestChoiceIsNotGreedy(t *testing.T) {
	item := func(id string, hours int, price int64) Item {
		f := &Facts{DurationMinutes: hours * 60}
		return Item{ID: id, Price: price * euro, Facts: f, Score: Total(f, Cost{Price: price * euro}, Options{20 * euro, 1})}
	}
	items := []Item{item("slow", 10, 100), item("middle", 6, 310), item("quick", 2, 500)}
	Order(items, Best)
	for k, want := range map[int][]string{1: {"middle"}, 2: {"quick", "slow"}} {
		got := ids(Choose(items, k, 1))
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("Choose %d = %v, want %v", k, got, want)
		}
	}
}

func TestFrontIsWhatNothingDominates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := drawItems(t, 1)
		front := Front(items)
		for i := range items {
			if want := len(Dominators(items, &items[i], 1)) == 0; front[i] != want {
				t.Fatalf("front[%s] = %v, want %v", items[i].ID, front[i], want)
			}
		}
		for c := range criteria { // the best of each criterion is never lost
			best := slices.MinFunc(items, func(a, b Item) int { return cmp.Compare(a.values()[c], b.values()[c]) })
			if !slices.ContainsFunc(items, func(it Item) bool { return it.values()[c] == best.values()[c] && front[it.Index] }) {
				t.Fatalf("no result of the best %s is in the front", c)
			}
		}
	})
}

// manyItems draws prices that fall with the duration, so that a large part is in the front.
func manyItems(n int) []Item {
	items := make([]Item, n)
	for i := range items {
		f := &Facts{DurationMinutes: 300 + i*7919%1500, Connections: i % 4, MissPermille: i % 3 * 20, Departs: int64(i * 104729 % 86400)}
		price := (1_000_000/int64(f.DurationMinutes) + int64(i*15485863%200)) * euro
		items[i] = Item{ID: fmt.Sprintf("%06d", i*7), Price: price, Facts: f, Score: Total(f, Cost{Price: price}, Options{20 * euro, 1}), Index: i}
	}
	return items
}

func BenchmarkFront(b *testing.B) {
	for _, n := range []int{1000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			items := manyItems(n)
			for b.Loop() {
				Front(items)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/item")
		})
	}
}

func BenchmarkChoose10000(b *testing.B) {
	items := manyItems(10_000)
	Order(items, Best)
	for b.Loop() {
		Choose(items, ChoiceSize, 1)
	}
}

// TestChosenIsFull: as many as there are, up to k, and no traveller served worse for it.
func TestChosenIsFull(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := drawItems(t, 1)
		Order(items, Best)
		k := rapid.IntRange(1, 6).Draw(t, "k")
		chosen, choice := ids(Choose(items, k, 1)), ids(Chosen(items, k, 1))
		if want := min(k, len(items)); len(choice) != want {
			t.Errorf("%d of %d items, want %d", len(choice), len(items), want)
		}
		for _, id := range chosen {
			if !slices.Contains(choice, id) {
				t.Errorf("the choice %v lacks %s of %v", choice, id, chosen)
			}
		}
		var inOrder []string
		for i := range items {
			if slices.Contains(choice, items[i].ID) {
				inOrder = append(inOrder, items[i].ID)
			}
		}
		if !slices.Equal(choice, inOrder) {
			t.Errorf("choice %v is not in order, %v", choice, inOrder)
		}
	})
}
