package oracle

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// seats and directions of the question that is checked.
type trip struct {
	seats, directions int
	voT               int64 // micro-euros an hour and seat
}

// choice is a view of flights, as the model understands it. The zero value shows everything.
type choice struct {
	maxStops         int // -1 is none
	carriers, except []string
	partners         []string
	maxPrice         int64 // cents, 0 is none
	maxDuration      int
	depart, arrive   string
	cabin, checked   bool
	refundable       bool
	via, avoid       []string
	combine          int // 0 both, 1 one ticket only, 2 several only
	strict           bool
}

// parameters returns the choice as a request has it.
func (c *choice) parameters() map[string]string {
	p := map[string]string{}
	list := func(name string, values []string) {
		if values != nil {
			p[name] = strings.Join(values, ",")
		}
	}
	flag := func(name string, on bool) {
		if on {
			p[name] = "1"
		}
	}
	if c.maxStops >= 0 {
		p["max_stops"] = fmt.Sprint(c.maxStops)
	}
	list("carriers", c.carriers)
	list("exclude_carriers", c.except)
	list("partners", c.partners)
	list("via", c.via)
	list("avoid", c.avoid)
	if c.maxPrice > 0 {
		p["max_price"] = fmt.Sprintf("%d.%02d", c.maxPrice/100, c.maxPrice%100)
	}
	if c.maxDuration > 0 {
		p["max_duration_minutes"] = fmt.Sprint(c.maxDuration)
	}
	if c.depart != "" {
		p["depart_between"] = c.depart
	}
	if c.arrive != "" {
		p["arrive_between"] = c.arrive
	}
	flag("cabin_bag", c.cabin)
	flag("checked_bag", c.checked)
	flag("refundable", c.refundable)
	flag("strict", c.strict)
	switch c.combine {
	case 1:
		p["combine"] = "0"
	case 2:
		p["combined_only"] = "1"
	}
	return p
}

// verdict is how an offer stands to a condition.
type verdict int

const (
	fails verdict = iota
	unverifiable
	atAPrice
	verified
)

func (v verdict) passes(strict bool) bool {
	if strict {
		return v == verified
	}
	return v != fails
}

func bag(pieces *int, stated money) verdict {
	switch {
	case pieces != nil && *pieces > 0:
		return verified
	case stated.known:
		return atAPrice
	case pieces != nil:
		return fails
	}
	return unverifiable
}

func answered(b *bool) verdict {
	switch {
	case b == nil:
		return unverifiable
	case *b:
		return verified
	}
	return fails
}

// The priors for bags of which a fare says nothing, in cents a direction and seat (docs/definitions.md 3).
const cabinPrior, checkedPrior = 20_00, 40_00

// withBags is what an offer costs with the bags asked for, in cents of a view in euros.
func (c *choice) withBags(o *offer, t trip) int64 {
	total := o.Price.Total.minor
	add := func(asked bool, pieces *int, stated money, prior int64) {
		switch {
		case !asked || pieces != nil && *pieces > 0:
		case stated.known:
			total += stated.minor
		default:
			total += prior * int64(t.seats) * int64(t.directions)
		}
	}
	add(c.cabin, o.Fare.CabinBags, o.Fare.CabinBagPrice, cabinPrior)
	add(c.checked, o.Fare.CheckedBags, o.Fare.CheckedBagPrice, checkedPrior)
	return total
}

func (f *flight) segments() (all []segment) {
	for _, s := range f.Slices {
		all = append(all, s.Segments...)
	}
	return all
}

// codes are the carriers under which the offer sells segment i, and which operates it.
func codes(f *flight, o *offer, i int) []string {
	var all []string
	if i < len(o.Marketing) {
		all = append(all, o.Marketing[i][:2])
	}
	if op := f.segments()[i].Operating; op != nil {
		all = append(all, op.Carrier)
	}
	return all
}

func minuteOfDay(t time.Time) int { return t.Hour()*60 + t.Minute() }

func within(window string, t time.Time) bool {
	clock := func(s string) int {
		if s == "24:00" {
			return 24*60 - 1
		}
		var h, m int
		fmt.Sscanf(s, "%d:%d", &h, &m)
		return h*60 + m
	}
	a, b, _ := strings.Cut(window, "-")
	from, to, at := clock(a), clock(b), minuteOfDay(t)
	if from <= to {
		return at >= from && at <= to
	}
	return at >= from || at <= to
}

func (f *flight) stops() int {
	most := 0
	for _, s := range f.Slices {
		most = max(most, len(s.Segments)-1)
	}
	return most
}

func (f *flight) minutes() int {
	sum := 0
	for _, s := range f.Slices {
		sum += int(s.Arrives.Sub(s.Departs) / time.Minute)
	}
	return sum
}

func (f *flight) changesAt(airports []string) bool {
	for _, s := range f.Slices {
		for i := 1; i < len(s.Segments); i++ {
			if slices.Contains(airports, s.Segments[i].Origin) || slices.Contains(airports, s.Segments[i-1].Destination) {
				return true
			}
		}
	}
	return false
}

// passes reports whether the offer of the flight passes every filter.
func (c *choice) passes(f *flight, o *offer, t trip) bool {
	switch {
	case c.maxStops >= 0 && f.stops() > c.maxStops,
		c.maxDuration > 0 && f.minutes() > c.maxDuration,
		c.depart != "" && !within(c.depart, f.Slices[0].Departs),
		c.arrive != "" && !within(c.arrive, f.Slices[0].Arrives),
		c.via != nil && !f.changesAt(c.via),
		c.avoid != nil && f.changesAt(c.avoid),
		c.combine == 1 && f.Combination != nil, c.combine == 2 && f.Combination == nil,
		c.maxPrice > 0 && c.withBags(o, t) > c.maxPrice,
		c.cabin && !bag(o.Fare.CabinBags, o.Fare.CabinBagPrice).passes(c.strict),
		c.checked && !bag(o.Fare.CheckedBags, o.Fare.CheckedBagPrice).passes(c.strict),
		c.refundable && !answered(o.Fare.Refundable).passes(c.strict):
		return false
	}
	if c.partners != nil {
		for _, p := range strings.Split(o.Partner, "+") {
			if !slices.Contains(c.partners, p) {
				return false
			}
		}
	}
	unknownOperator := false
	for i, s := range f.segments() {
		all := codes(f, o, i)
		meets := func(wanted []string) bool {
			return slices.ContainsFunc(all, func(code string) bool { return slices.Contains(wanted, code) })
		}
		if c.carriers != nil && !meets(c.carriers) || c.except != nil && meets(c.except) {
			return false
		}
		unknownOperator = unknownOperator || s.Operating == nil
	}
	return !(c.except != nil && c.strict && unknownOperator)
}

// row is a flight as the view must show it.
type row struct {
	*flight
	passing []*offer
	from    int64 // cents, with bags
}

// shown returns the flights of which an offer passes.
func (c *choice) shown(all []*flight, t trip) []row {
	var rows []row
	for _, f := range all {
		r := row{flight: f}
		for _, o := range f.Offers {
			if !c.passes(f, o, t) {
				continue
			}
			if price := c.withBags(o, t); len(r.passing) == 0 || price < r.from {
				r.from = price
			}
			r.passing = append(r.passing, o)
		}
		if len(r.passing) > 0 {
			rows = append(rows, r)
		}
	}
	return rows
}

// expected is what the score of a flight must be made of, in micro-euros, but for price and bags.
func (f *flight) expected(t trip) map[string]int64 {
	const euro = 1_000_000
	seats := int64(t.seats)
	parts := map[string]int64{"time": t.voT * int64(f.minutes()) / 60 * seats}
	for _, s := range f.Slices {
		if minuteOfDay(s.Departs) < 5*60 {
			parts["early_departure"] += 10 * euro * seats
		}
		parts["stops"] += 15 * euro * seats * int64(len(s.Segments)-1)
		for i := 1; i < len(s.Segments); i++ {
			in, out := s.Segments[i-1], s.Segments[i]
			if in.Destination != out.Origin {
				parts["airport_change"] += 40 * euro * seats
			}
			if nightMinutes(in.Arrives, out.Departs) >= 180 {
				parts["overnight"] += 25 * euro * seats
			}
		}
	}
	return parts
}

// nightMinutes is how long a layover lasts between 00:00 and 05:00, by the clock where it begins.
func nightMinutes(from, to time.Time) int {
	to, night := to.In(from.Location()), 0
	for day := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, from.Location()); day.Before(to); day = day.AddDate(0, 0, 1) {
		begins, ends := day, day.Add(5*time.Hour)
		if begins.Before(from) {
			begins = from
		}
		if ends.After(to) {
			ends = to
		}
		if ends.After(begins) {
			night += int(ends.Sub(begins) / time.Minute)
		}
	}
	return night
}

// compare orders two flights as the sort of a view does, by what explain=1 says.
func compare(sort string, a, b *flight) int {
	cost := func(f *flight) int64 { return f.Score.part("price") + f.Score.part("bags") }
	first, second := a.Score.Micros-b.Score.Micros, cost(a)-cost(b)
	switch sort {
	case "cheapest":
		first, second = second, first
	case "fastest":
		first, second = int64(a.minutes()-b.minutes()), a.Score.Micros-b.Score.Micros
	case "departure":
		first, second = int64(a.Slices[0].Departs.Compare(b.Slices[0].Departs)), a.Score.Micros-b.Score.Micros
	case "arrival":
		last := len(a.Slices) - 1
		first, second = int64(a.Slices[last].Arrives.Compare(b.Slices[last].Arrives)), a.Score.Micros-b.Score.Micros
	}
	return cmp.Or(cmp.Compare(first, 0), cmp.Compare(second, 0), cmp.Compare(a.minutes(), b.minutes()),
		a.Slices[0].Departs.Compare(b.Slices[0].Departs), cmp.Compare(a.ID, b.ID))
}
