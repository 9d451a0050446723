package rank

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"sort"
)

const (
	// ChoiceSize is how many results a choice has (docs/definitions.md 3).
	ChoiceSize = 5
	// choiceHour is the highest value of time that a choice has to serve, per hour and seat.
	choiceHour = 80 * micro
)

// Choose picks at most k of the items so that the traveller whom the choice serves
// worst is served as well as possible: it minimises, to the micro-euro, the largest
// regret over all values of time from 0 to 80 euros an hour, where regret is what the
// best one chosen costs more than the best of all. Only items that nothing dominates are
// considered, and no more are picked than lower the regret. Items come ordered as Best,
// and so does what is returned.
//
// An item's cost is a line over the value of time. Sorted by their cost at 0, lines that
// are nowhere the lowest of two neighbours at both ends are left out; of the rest each
// one serves the times before the next one does. What the least of chosen lines costs
// more than the least of all is convex as long as one line serves, so that it is largest
// where two neighbours cross, or at an end: choosing the best neighbours is a dynamic
// programme over the sorted lines.
func Choose(items []Item, k, seats int) []Item {
	front := Front(items)
	var lines []line
	for i := range items {
		if front[i] {
			fixed := Total(items[i].Facts, items[i].cost(), Options{0, seats})
			lines = append(lines, line{fixed, int64(items[i].Facts.DurationMinutes) * int64(seats), i})
		}
	}
	if len(lines) == 0 || k <= 0 {
		return nil
	}
	p := newProgramme(lines)
	chosen := p.choose(k)
	slices.Sort(chosen)
	picked := make([]Item, len(chosen))
	for i, at := range chosen {
		picked[i] = items[at]
	}
	return picked
}

// Chosen is Choose, filled up to k: where fewer serve everybody as well, the others are the
// next best of what nothing dominates, and then of the rest. Its largest regret is that of Choose.
func Chosen(items []Item, k, seats int) []Item {
	taken := map[string]bool{}
	for _, it := range Choose(items, k, seats) {
		taken[it.ID] = true
	}
	front := Front(items)
	for _, dominated := range []bool{false, true} {
		for i := range items {
			if len(taken) < k && front[i] != dominated {
				taken[items[i].ID] = true
			}
		}
	}
	picked := make([]Item, 0, k)
	for i := range items {
		if taken[items[i].ID] {
			picked = append(picked, items[i])
		}
	}
	return picked
}

// line is fixed + minutes/60 x the value of an hour, in micro-euros.
type line struct {
	fixed, minutes int64
	item           int
}

// at is the line's height where the value of time is num/den x 60 micro-euros an hour.
func (l *line) at(num, den int64) int64 { return l.fixed + scaled(l.minutes, num, den) }

// scaled is x*num/den, rounded down; all are at least zero, den above. Beyond what fits
// it is so large that nobody chooses it.
func scaled(x, num, den int64) int64 {
	hi, lo := bits.Mul64(uint64(x), uint64(num))
	if hi >= uint64(den) {
		return math.MaxInt64 / 4
	}
	quotient, _ := bits.Div64(hi, lo, uint64(den))
	return int64(min(quotient, math.MaxInt64/4))
}

const lastNum, lastDen = choiceHour, 60 // the right end

// programme is the lines worth choosing, and the least of them everywhere.
type programme struct {
	lines    []line // from the lowest at 0 to the lowest at the right end
	envelope []int  // positions in lines of those that are the least somewhere, in that order
}

func newProgramme(lines []line) *programme {
	slices.SortStableFunc(lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.fixed, b.fixed), cmp.Compare(a.minutes, b.minutes))
	})
	p := &programme{}
	least := int64(math.MaxInt64)
	for _, l := range lines {
		if end := l.at(lastNum, lastDen); end < least {
			least = end
			p.lines = append(p.lines, l)
		}
	}
	for i := range p.lines {
		for n := len(p.envelope); n >= 2 && !p.needed(p.envelope[n-2], p.envelope[n-1], i); n-- {
			p.envelope = p.envelope[:n-1]
		}
		p.envelope = append(p.envelope, i)
	}
	return p
}

// cross is where line j becomes lower than line i, in the terms of line.at. i < j, so
// that i is lower at first and rises faster.
func (p *programme) cross(i, j int) (num, den int64) {
	return p.lines[j].fixed - p.lines[i].fixed, p.lines[i].minutes - p.lines[j].minutes
}

// needed reports whether line j is lower than both i and k where those cross.
func (p *programme) needed(i, j, k int) bool {
	num, den := p.cross(i, k)
	return p.lines[j].at(num, den) < p.lines[k].at(num, den)
}

// least is the height of the lowest of all lines.
func (p *programme) least(num, den int64) int64 {
	n := sort.Search(len(p.envelope)-1, func(n int) bool {
		return p.lines[p.envelope[n]].at(num, den) <= p.lines[p.envelope[n+1]].at(num, den)
	})
	return p.lines[p.envelope[n]].at(num, den)
}

// regret is what line i costs more than the lowest of all.
func (p *programme) regret(i int, num, den int64) int64 {
	return max(p.lines[i].at(num, den)-p.least(num, den), 0)
}

// choose returns the items of the best at most k lines.
func (p *programme) choose(k int) []int {
	n := len(p.lines)
	k = min(k, n)
	worst := make([]int64, n) // the least regret of so many chosen lines that end with this one, up to where it takes over
	for j := range worst {
		worst[j] = p.regret(j, 0, 1)
	}
	ends := make([]int64, n)
	for j := range ends {
		ends[j] = p.regret(j, lastNum, lastDen)
	}
	best, bestSize, bestLine := int64(math.MaxInt64), 0, 0
	var before [][]int // for each number of lines, which one stands before each
	for size := 1; size <= k; size++ {
		if size > 1 {
			var from []int
			worst, from = p.extend(worst)
			before = append(before, from)
		}
		for j := range worst {
			if r := max(worst[j], ends[j]); r < best {
				best, bestSize, bestLine = r, size, j
			}
		}
		if best == 0 {
			break
		}
	}
	chosen := make([]int, bestSize)
	for at := bestSize - 1; ; at-- {
		chosen[at] = p.lines[bestLine].item
		if at == 0 {
			return chosen
		}
		bestLine = before[at-1][bestLine]
	}
}

// extend adds one more line behind the chosen ones.
func (p *programme) extend(worst []int64) (next []int64, from []int) {
	next, from = make([]int64, len(worst)), make([]int, len(worst))
	for j := range next {
		next[j] = math.MaxInt64
		for i := j - 1; i >= 0; i-- {
			if worst[i] >= next[j] { // nothing to be won
				continue
			}
			num, den := p.cross(i, j)
			if r := max(worst[i], p.regret(i, num, den)); r < next[j] {
				next[j], from[j] = r, i
			}
		}
	}
	return next, from
}
