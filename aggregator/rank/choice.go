package rank

import "math"

// regretSteps are the values of time, in euros an hour, over which Choose looks for
// the traveller whom its choice serves worst (definitions 3, option D: 0 to 80).
var regretSteps = []int64{0, 10, 20, 30, 40, 50, 60, 70, 80}

// Choose picks at most k of the items that serve travellers of every value of time:
// greedily the one that lowers the largest regret most, where regret is what the
// best item of all would cost a traveller less than the best one chosen. Only items
// that nothing beats in price, time, connections and risk at once are considered.
// Items come ordered as Best, and so does what is returned.
func Choose(items []Item, k, seats int) []Item {
	front := undominated(items)
	cost := make([][]int64, len(front))
	optimum := make([]int64, len(regretSteps))
	for s := range optimum {
		optimum[s] = math.MaxInt64
	}
	for i := range front {
		cost[i] = make([]int64, len(regretSteps))
		for s, euros := range regretSteps {
			cost[i][s] = Of(front[i].Facts, front[i].Price, Options{euros * micro, seats}).Micros
			optimum[s] = min(optimum[s], cost[i][s])
		}
	}
	chosen := make([]bool, len(front))
	best := make([]int64, len(regretSteps))
	for s := range best {
		best[s] = math.MaxInt64
	}
	for range min(k, len(front)) {
		pick, least := -1, int64(math.MaxInt64)
		for i := range front {
			if chosen[i] {
				continue
			}
			worst := int64(0)
			for s := range regretSteps {
				worst = max(worst, min(best[s], cost[i][s])-optimum[s])
			}
			if pick < 0 || worst < least {
				pick, least = i, worst
			}
		}
		chosen[pick] = true
		for s := range regretSteps {
			best[s] = min(best[s], cost[pick][s])
		}
		if least == 0 { // everybody is served; more would only be noise
			break
		}
	}
	picked := front[:0]
	for i := range front {
		if chosen[i] {
			picked = append(picked, front[i])
		}
	}
	return picked
}

func undominated(items []Item) []Item {
	front := make([]Item, 0, 16)
	for i := range items {
		beaten := false
		for j := range items {
			if j != i && dominates(&items[j], &items[i]) {
				beaten = true
				break
			}
		}
		if !beaten {
			front = append(front, items[i])
		}
	}
	return front
}

// dominates tells whether a is at least as good as b in everything and better in something.
func dominates(a, b *Item) bool {
	x, y := a.criteria(), b.criteria()
	better := false
	for i := range x {
		if x[i] > y[i] {
			return false
		}
		better = better || x[i] < y[i]
	}
	return better
}

func (it *Item) criteria() [4]int64 {
	f := it.Facts
	risk := f.MissPermille + 1000*f.AirportChanges
	return [4]int64{it.Price, int64(f.DurationMinutes), int64(f.Connections), int64(risk)}
}
