// Package rank scores and orders flight results. It is pure and absolute: a score
// depends on the result alone, so that inserting one leaves the order of all others
// unchanged. Commission is not an input, by type.
//
// The score is the generalised cost of definitions 3 (option C), in micro-euros:
//
//	price + value of time x hours x seats + 15 x stops x seats
//	+ 25 x overnight layovers x seats + 40 x airport changes x seats
//	+ P(miss) x loss for self-transfers + 10 x departures from 00 to 05 x seats
//
// Worked example, one adult in economy at 20 EUR an hour: 100 EUR, 7 hours and one
// stop cost 100 + 140 + 15 = 255; 190 EUR, 3 hours, nonstop cost 190 + 60 = 250.
package rank

import (
	"fanfare/providers/travel"
)

// Version names the formula and its constants.
const Version = "c1"

const micro = 1_000_000

// The starting values of definitions 3, in micro-euros for one seat; to be fitted once there are bookings.
const (
	perStop          = 15 * micro
	perOvernight     = 25 * micro
	perAirportChange = 40 * micro
	perNightStart    = 10 * micro
	// missLoss is what a missed self-transfer costs a traveller: a new one-way ticket
	// bought at the airport. A prior of ours, to be replaced by what travellers report.
	missLoss = 150 * micro
)

// ValueOfTime is the default value of an hour of one traveller's time by cabin, in
// whole euros (definitions 3). US DOT guidance for air travel is of the same size.
func ValueOfTime(c travel.Cabin) int64 {
	switch c {
	case travel.PremiumEconomy:
		return 35
	case travel.Business, travel.First:
		return 50
	}
	return 20
}

// Options is what a score depends on besides the result.
type Options struct {
	ValueOfTimeMicros int64 // per hour and seat
	Seats             int
}

// Part is one summand of a score.
type Part struct {
	Name   string // price, time, stops, overnight, airport_change, self_transfer, early_departure
	Micros int64  // micro-euros
}

// Score is a generalised cost; lower is better.
type Score struct {
	Micros int64
	parts  [7]Part
	n      int
}

// Parts are the summands, price and time first, without those that are zero. They add up to Micros exactly.
func (s *Score) Parts() []Part { return s.parts[:s.n] }

func (s *Score) add(name string, micros int64, always bool) {
	if micros == 0 && !always {
		return
	}
	s.parts[s.n] = Part{name, micros}
	s.n++
	s.Micros += micros
}

// Of is the score of a result with these facts whose cheapest offer costs priceMicros.
func Of(f *Facts, priceMicros int64, o Options) Score {
	seats := int64(o.Seats)
	var s Score
	s.add("price", priceMicros, true)
	s.add("time", o.ValueOfTimeMicros*int64(f.DurationMinutes)/60*seats, true)
	s.add("stops", perStop*int64(f.Connections)*seats, false)
	s.add("overnight", perOvernight*int64(f.OvernightLayovers)*seats, false)
	s.add("airport_change", perAirportChange*int64(f.AirportChanges)*seats, false)
	s.add("self_transfer", missLoss/1000*int64(f.MissPermille)*seats, false)
	s.add("early_departure", perNightStart*int64(f.NightDepartures)*seats, false)
	return s
}
