package world

import (
	"cmp"
	"slices"
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/travel"
)

// Ask is a question about flights, whatever the protocol.
type Ask struct {
	Slices []AskSlice
	Pax    []PaxType
	Cabin  travel.Cabin
	// maxStops bounds the changes in each slice; negative is any.
	MaxStops int
	// parts is how many slices the whole trip has, if only one of them is asked here; 0 is those of slices.
	Parts int
}

type AskSlice struct {
	From, To []*Airport
	Date     travel.Date
}

// Trip is one answer: a journey for each slice in one brand, priced for everybody.
type Trip struct {
	Slices []TripSlice
	Seller *Carrier
	Total  int64 // euro cents, the party, taxes included
	Taxes  int64
	Fare   int64 // euro cents, one adult, without taxes
	tax    int64 // euro cents, one adult
	ID     rng.RNG
}

type TripSlice struct {
	*Journey
	Legs  []Sold
	Brand Brand
}

// CabinOn is the cabin on one leg: economy where the aircraft lacks that of the fare.
func (s *TripSlice) CabinOn(leg Sold) travel.Cabin {
	if !leg.hasCabin(s.Brand.Cabin, leg.Km) {
		return travel.Economy
	}
	return s.Brand.Cabin
}

// candidate is a journey that the partner sells, as it would sell it.
type candidate struct {
	*Journey
	legs   []Sold
	main   *Carrier // of the longest flight: it sets brand and price
	fare   int64
	weight int64
}

// Trips answers a question with at most limit offers, the most attractive journeys first.
func (a *Inventory) Trips(q Ask, now time.Time, limit int) []Trip {
	lists := make([][]candidate, len(q.Slices))
	for i, s := range q.Slices {
		lists[i] = a.candidates(s, q, now)
		if len(lists[i]) == 0 {
			return nil
		}
	}
	var all []Trip
	steps := 0
	visit := func(pick []candidate) bool {
		all = append(all, a.price(q, pick, now)...)
		return len(all) < limit
	}
	// Ranks add up to sum: all slices with their best, then one of them with the second, and so on.
	for _, strict := range []bool{true, false} {
		deepest := 0
		for _, l := range lists {
			deepest += len(l) - 1
		}
		for sum := 0; sum <= deepest && len(all) < limit && steps < 60000; sum++ {
			a.combine(lists, nil, sum, strict, &steps, visit)
		}
		if len(all) > 0 {
			break // carriers that do not work together are combined only if nothing else is left
		}
	}
	return all[:min(limit, len(all))]
}

// combine visits every choice of one candidate a slice whose ranks add up to sum.
func (a *Inventory) combine(lists [][]candidate, chosen []candidate, sum int, strict bool, steps *int, visit func([]candidate) bool) bool {
	if len(lists) == 0 {
		return sum != 0 || visit(chosen)
	}
	low := 0
	if len(lists) == 1 {
		low = sum
	}
	for i := low; i <= sum && i < len(lists[0]); i++ {
		*steps++
		c := lists[0][i]
		if len(chosen) > 0 {
			last := chosen[len(chosen)-1]
			if c.Dep().Sub(last.Arr()) < 90*time.Minute || strict && !a.World.Net.Together(chosen[0].main, c.main) {
				continue
			}
		}
		if !a.combine(lists[1:], append(slices.Clip(chosen), c), sum-i, strict, steps, visit) {
			return false
		}
	}
	return true
}

// candidates are the journeys of one slice that the partner sells in the cabin, cheap and short ones first.
func (a *Inventory) candidates(s AskSlice, q Ask, now time.Time) []candidate {
	var found []candidate
	for _, from := range s.From {
		for _, to := range s.To {
			if from == to {
				continue
			}
			for _, j := range a.World.JourneysOn(from, to, s.Date) {
				if q.MaxStops >= 0 && j.Stops() > q.MaxStops || j.Dep().Sub(now) < 2*time.Hour || !a.sellsJourney(j) {
					continue
				}
				if c, ok := a.candidate(j, q.Cabin, now); ok {
					found = append(found, c)
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.weight, b.weight), cmp.Compare(a.id, b.id))
	})
	return found
}

func (a *Inventory) candidate(j *Journey, cabin travel.Cabin, now time.Time) (candidate, bool) {
	c := candidate{Journey: j}
	longest := j.main()
	if !longest.hasCabin(cabin, longest.Km) {
		return c, false
	}
	for _, f := range j.Legs {
		leg := a.Sell(f)
		if c.legs = append(c.legs, leg); f == longest {
			c.main = leg.By
		}
	}
	if len(c.main.brandsIn(cabin)) == 0 {
		c.main = longest.Carrier
	}
	c.fare = a.World.fareCents(j, c.main, now)
	c.weight = c.fare + int64(j.Minutes())*40 + int64(j.Stops())*5000 // 40 cents a minute, 50 euros a change
	return c, true
}

// price makes the offers of a combination: one for each brand that the partner has.
func (a *Inventory) price(q Ask, chosen []candidate, now time.Time) []Trip {
	ids := make([]rng.RNG, len(chosen))
	for i, c := range chosen {
		ids[i] = c.id
	}
	id := a.RNG.Str("trip")
	for _, d := range ids {
		id = id.Num(int64(d))
	}
	brands := chosen[0].main.brandsIn(q.Cabin)
	var all []Trip
	for level := range brands {
		if level != int(id.Roll(len(brands))) && !id.Str("level").Num(int64(level)).Chance(700) {
			continue // not every partner has every brand of every flight
		}
		all = append(all, a.tripAt(q, chosen, level, id.Num(int64(level))))
	}
	return all
}

func (a *Inventory) tripAt(q Ask, chosen []candidate, level int, id rng.RNG) Trip {
	t := Trip{Seller: chosen[0].main, ID: id}
	var fare, tax int64
	for _, c := range chosen {
		own := c.main.brandsIn(q.Cabin)
		b := own[min(level, len(own)-1)]
		t.Slices = append(t.Slices, TripSlice{c.Journey, c.legs, b})
		fare += rng.Permille(c.fare, b.Factor)
		tax += taxCents(c.km, c.Stops())
	}
	if max(len(chosen), q.Parts) > 1 {
		fare = rng.Permille(fare, 740) // a return costs less than two singles
	}
	fare = rng.Permille(fare, 1000+a.Seller.Markup)
	fare = rng.Permille(fare, id.Str("seller").Between(985, 1035))
	t.Fare, t.tax = fare, tax
	for _, p := range q.Pax {
		total, taxes := t.Each(p)
		t.Total += total
		t.Taxes += taxes
	}
	return t
}

// Each is what one passenger of a type pays, taxes included, and the taxes in it.
func (t *Trip) Each(p PaxType) (total, taxes int64) {
	taxes = rng.Permille(t.tax, paxPermille[p].tax)
	return rng.Permille(t.Fare, paxPermille[p].fare) + taxes, taxes
}

// Narrow bounds the pairs of airports to nine when two metro areas are asked.
func Narrow(s AskSlice) AskSlice {
	if len(s.From) > 1 && len(s.To) > 1 {
		s.From, s.To = s.From[:min(3, len(s.From))], s.To[:min(3, len(s.To))]
	}
	return s
}
