// Package rank scores and orders results. It is pure and absolute: a score depends on
// the result alone, so that inserting one leaves the order of all others unchanged.
// Commission is not an input, by type.
//
// The score of flights is the generalised cost of docs/definitions.md 3, in
// micro-euros; see FlightWeights for the constants:
//
//	total + bags + value of time x hours x seats + 15 x stops x seats
//	+ 25 x overnight layovers x seats + 40 x airport changes x seats
//	+ P(miss) x loss for self-transfers + 10 x departures from 00 to 05 x seats
//
// Bags enter only if the view asks for them: what the cheapest offer with those bags costs
// more than the cheapest without. Who travels light is not charged for bags, and offers
// that include one are not better for it.
//
// Worked example, one adult in economy at 20 EUR an hour: 100 EUR, 7 hours and one
// stop cost 100 + 140 + 15 = 255; 190 EUR, 3 hours, nonstop cost 190 + 60 = 250.
package rank

// Options is what a score depends on besides the result.
type Options struct {
	ValueOfTimeMicros int64 // per hour and seat
	Seats             int
}

// Part is one summand of a score.
type Part struct {
	Name   string // price, bags, time, stops, overnight, airport_change, self_transfer, early_departure
	Micros int64  // micro-euros
}

// Score is a generalised cost; lower is better.
type Score struct {
	Micros int64
	parts  [8]Part
	n      int
}

// Parts are the summands, price and time always, others only if they are not zero.
// They add up to Micros exactly.
func (s *Score) Parts() []Part { return s.parts[:s.n] }

func (s *Score) add(name string, micros int64, always bool) {
	if micros == 0 && !always {
		return
	}
	s.parts[s.n] = Part{name, micros}
	s.n++
	s.Micros += micros
}

// Cost is what a result costs in money: its cheapest offer's total, and what the bags
// asked for add to it. Both are micro-euros.
type Cost struct {
	Price, Bags int64
}

// Total is both together.
func (c Cost) Total() int64 { return c.Price + c.Bags }

// terms are the summands of a score behind price and bags, in the order of partNames.
func terms(f *Facts, o Options) [len(partNames)]int64 {
	seats := int64(o.Seats)
	return [len(partNames)]int64{
		o.ValueOfTimeMicros * int64(f.DurationMinutes) / 60 * seats,
		perStop * int64(f.Connections) * seats,
		perOvernight * int64(f.OvernightLayovers) * seats,
		perAirportChange * int64(f.AirportChanges) * seats,
		missLoss / 1000 * int64(f.MissPermille) * seats,
		perNightStart * int64(f.NightDepartures) * seats,
	}
}

// partNames are the names of terms. Time always stands in a score.
var partNames = [...]string{"time", "stops", "overnight", "airport_change", "self_transfer", "early_departure"}

// Of is the score of a result with these facts and this cost.
func Of(f *Facts, c Cost, o Options) Score {
	var s Score
	s.add("price", c.Price, true)
	s.add("bags", c.Bags, false)
	for i, micros := range terms(f, o) {
		s.add(partNames[i], micros, i == 0)
	}
	return s
}

// Total is Of(f, c, o).Micros without the parts: every result has a score, and only those on a page
// show what it is made of.
func Total(f *Facts, c Cost, o Options) int64 {
	sum := c.Total()
	for _, micros := range terms(f, o) {
		sum += micros
	}
	return sum
}

// Bags is which bags a traveller asks for, and Directions how many slices they fly.
type Bags struct {
	Cabin, Checked bool
	Directions     int
	Seats          int
}

// Micros is the prior for the bags of which a fare says nothing.
func (b Bags) Micros() int64 {
	n := int64(0)
	if b.Cabin {
		n += perCabinBag
	}
	if b.Checked {
		n += perCheckedBag
	}
	return n * int64(b.Directions) * int64(b.Seats)
}

// Limit is the score beyond which a result is hopeless beside the best one: it stays,
// behind the others. With a best of 200 EUR and one seat: 60 + 1.6 x 200 = 380.
func Limit(best int64, seats int) int64 {
	return hopelessBase*int64(seats) + best/100*hopelessPercent + best%100*hopelessPercent/100
}
