package partnersim

import (
	"cmp"
	"slices"
	"time"

	"fanfare/providers/travel"
)

// ask is a question about flights, whatever the protocol.
type ask struct {
	slices []askSlice
	pax    []paxType
	cabin  travel.Cabin
	// maxStops bounds the changes in each slice; negative is any.
	maxStops int
	// parts is how many slices the whole trip has, if only one of them is asked here; 0 is those of slices.
	parts int
}

type askSlice struct {
	from, to []*airport
	date     travel.Date
}

// trip is one answer: a journey for each slice in one brand, priced for everybody.
type trip struct {
	slices []tripSlice
	seller *carrier
	total  int64 // euro cents, the party, taxes included
	taxes  int64
	fare   int64 // euro cents, one adult, without taxes
	tax    int64 // euro cents, one adult
	id     dice
}

type tripSlice struct {
	*journey
	legs  []sold
	brand brand
}

// cabinOn is the cabin on one leg: economy where the aircraft lacks that of the fare.
func (s *tripSlice) cabinOn(leg sold) travel.Cabin {
	if !leg.hasCabin(s.brand.Cabin, leg.km) {
		return travel.Economy
	}
	return s.brand.Cabin
}

// candidate is a journey that the partner sells, as it would sell it.
type candidate struct {
	*journey
	legs   []sold
	main   *carrier // of the longest flight: it sets brand and price
	fare   int64
	weight int64
}

// trips answers a question with at most limit offers, the most attractive journeys first.
func (a *assortment) trips(q ask, now time.Time, limit int) []trip {
	lists := make([][]candidate, len(q.slices))
	for i, s := range q.slices {
		lists[i] = a.candidates(s, q, now)
		if len(lists[i]) == 0 {
			return nil
		}
	}
	var all []trip
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
func (a *assortment) combine(lists [][]candidate, chosen []candidate, sum int, strict bool, steps *int, visit func([]candidate) bool) bool {
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
			if c.dep().Sub(last.arr()) < 90*time.Minute || strict && !a.w.net.together(chosen[0].main, c.main) {
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
func (a *assortment) candidates(s askSlice, q ask, now time.Time) []candidate {
	var found []candidate
	for _, from := range s.from {
		for _, to := range s.to {
			if from == to {
				continue
			}
			for _, j := range a.w.journeysOn(from, to, s.date) {
				if q.maxStops >= 0 && j.stops() > q.maxStops || j.dep().Sub(now) < 2*time.Hour || !a.sellsJourney(j) {
					continue
				}
				if c, ok := a.candidate(j, q.cabin, now); ok {
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

func (a *assortment) candidate(j *journey, cabin travel.Cabin, now time.Time) (candidate, bool) {
	c := candidate{journey: j}
	longest := j.main()
	if !longest.hasCabin(cabin, longest.km) {
		return c, false
	}
	for _, f := range j.legs {
		leg := a.sell(f)
		if c.legs = append(c.legs, leg); f == longest {
			c.main = leg.by
		}
	}
	if len(c.main.brandsIn(cabin)) == 0 {
		c.main = longest.carrier
	}
	c.fare = a.w.fareCents(j, c.main, now)
	c.weight = c.fare + int64(j.minutes())*40 + int64(j.stops())*5000 // 40 cents a minute, 50 euros a change
	return c, true
}

// price makes the offers of a combination: one for each brand that the partner has.
func (a *assortment) price(q ask, chosen []candidate, now time.Time) []trip {
	ids := make([]dice, len(chosen))
	for i, c := range chosen {
		ids[i] = c.id
	}
	id := a.dice.str("trip")
	for _, d := range ids {
		id = id.num(int64(d))
	}
	brands := chosen[0].main.brandsIn(q.cabin)
	var all []trip
	for level := range brands {
		if level != int(id.roll(len(brands))) && !id.str("level").num(int64(level)).chance(700) {
			continue // not every partner has every brand of every flight
		}
		all = append(all, a.tripAt(q, chosen, level, id.num(int64(level))))
	}
	return all
}

func (a *assortment) tripAt(q ask, chosen []candidate, level int, id dice) trip {
	t := trip{seller: chosen[0].main, id: id}
	var fare, tax int64
	for _, c := range chosen {
		own := c.main.brandsIn(q.cabin)
		b := own[min(level, len(own)-1)]
		t.slices = append(t.slices, tripSlice{c.journey, c.legs, b})
		fare += permille(c.fare, b.Factor)
		tax += taxCents(c.km, c.stops())
	}
	if max(len(chosen), q.parts) > 1 {
		fare = permille(fare, 740) // a return costs less than two singles
	}
	fare = permille(fare, 1000+a.spec.Markup)
	fare = permille(fare, id.str("seller").between(985, 1035))
	t.fare, t.tax = fare, tax
	for _, p := range q.pax {
		total, taxes := t.each(p)
		t.total += total
		t.taxes += taxes
	}
	return t
}

// each is what one passenger of a type pays, taxes included, and the taxes in it.
func (t *trip) each(p paxType) (total, taxes int64) {
	taxes = permille(t.tax, paxPermille[p].tax)
	return permille(t.fare, paxPermille[p].fare) + taxes, taxes
}

// narrow bounds the pairs of airports to nine when two metro areas are asked.
func narrow(s askSlice) askSlice {
	if len(s.from) > 1 && len(s.to) > 1 {
		s.from, s.to = s.from[:min(3, len(s.from))], s.to[:min(3, len(s.to))]
	}
	return s
}
