package rank

import (
	"fmt"
	"strings"

	"fanfare/providers/travel"
)

// Version names the formula of flights and its constants.
const Version = "c2"

const micro = 1_000_000

// The starting values of docs/definitions.md 3, in micro-euros for one seat; to be fitted once
// there are bookings. FlightWeights says them to people.
const (
	hourEconomy        = 20 * micro
	hourPremiumEconomy = 35 * micro
	hourBusiness       = 50 * micro
	perStop            = 15 * micro
	perOvernight       = 25 * micro
	perAirportChange   = 40 * micro
	perNightStart      = 10 * micro
	missLoss           = 150 * micro
	perCabinBag        = 20 * micro
	perCheckedBag      = 40 * micro
)

// A result is hopeless beyond hopelessBase for each seat plus hopelessPercent of the
// best score (docs/definitions.md 3; the shape is that of OpenTripPlanner's filter).
const (
	hopelessBase    = 60 * micro
	hopelessPercent = 160
)

// Weight is one constant of a score: the number that the scoring code counts with, and
// what people read about it.
type Weight struct {
	Part   string // the part of the score that it makes, as in Part.Name
	Micros int64  // micro-euros
	Words  string // what it is paid for, with %s where the amount stands
	Reason string
}

// Text is the weight in words: "EUR 15 a connection and seat".
func (w Weight) Text() string { return fmt.Sprintf(w.Words, Euros(w.Micros)) }

// Euros writes whole and broken euros without zeros at the end: "EUR 15", "EUR 12.5".
func Euros(micros int64) string {
	text := string(travel.AppendDecimal(nil, micros, 6))
	return "EUR " + strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// FlightWeights is every constant of the flights' score, in the order of its parts.
func FlightWeights() []Weight {
	return []Weight{
		{"bags", perCabinBag, "%s a direction and seat for a cabin bag that the fare is silent about",
			"A prior of ours: what airlines that sell cabin bags apart ask on short routes."},
		{"bags", perCheckedBag, "%s a direction and seat for a checked bag that the fare is silent about",
			"A prior of ours, between short routes and the Atlantic."},
		{"time", hourEconomy, "%s an hour and seat in economy", "Of the size that the US DOT's guidance gives for leisure travel by air."},
		{"time", hourPremiumEconomy, "%s an hour and seat in premium economy", "Between the two others."},
		{"time", hourBusiness, "%s an hour and seat in business and first", "Of the size that the US DOT's guidance gives for business travel by air."},
		{"stops", perStop, "%s a connection and seat", "The trouble of changing; its time is counted as time."},
		{"overnight", perOvernight, "%s a layover through the night and seat", "Three hours and more between midnight and five are a bad night, or a bed."},
		{"airport_change", perAirportChange, "%s a change of airport and seat", "A ride across town with all bags."},
		{"self_transfer", missLoss, "the chance to miss a flight on another ticket, times %s a seat",
			"A new one-way ticket bought at the airport. A prior of ours, until travellers report."},
		{"early_departure", perNightStart, "%s a departure from 00:00 to 04:59 and seat", "A short night, and no train to the airport."},
	}
}

// HopelessRule says in words which results are put behind the others.
func HopelessRule() string {
	return fmt.Sprintf("A result is put behind the others if its score is above %s a seat plus %d.%d times the best score.",
		Euros(hopelessBase), hopelessPercent/100, hopelessPercent%100/10)
}

// ValueOfTime is the default value of an hour of one traveller's time by cabin, in
// micro-euros (docs/definitions.md 3).
func ValueOfTime(c travel.Cabin) int64 {
	switch c {
	case travel.PremiumEconomy:
		return hourPremiumEconomy
	case travel.Business, travel.First:
		return hourBusiness
	}
	return hourEconomy
}

// Explanation says what a part of a score is made of, in words, "" for a part that is
// not one of flights.
func Explanation(part string, o Options) string {
	seats := ""
	if o.Seats > 1 {
		seats = fmt.Sprintf(" (%d seats)", o.Seats)
	}
	switch part {
	case "price":
		return "the cheapest offer's total"
	case "bags":
		return "what the cheapest offer with the bags asked for costs more: what its partner says that they cost or, where a fare is silent about one, " +
			Euros(perCabinBag) + " a cabin bag and " + Euros(perCheckedBag) + " a checked bag, direction and seat" + seats
	case "time":
		return Euros(o.ValueOfTimeMicros) + " an hour and seat" + seats
	}
	for _, w := range FlightWeights() {
		if w.Part == part {
			return w.Text() + seats
		}
	}
	return ""
}
