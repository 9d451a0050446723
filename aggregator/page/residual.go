package page

import (
	"math"

	"fanfare/providers/travel"
)

// Residual is the saving, in the currency of display, that partners which have not answered
// yet may still bring, and false while nothing can be said.
//
// Where history knows all of them on this kind of route, it is the cheapest price so far times
// what they saved together on average against those that have answered, searches in which they
// saved nothing included: with 400.00 so far and partners that saved 3 % in half of the
// searches, 400 x 0.015 = 6.00. Two that sell at the same price save it together.
//
// Else partners are taken as exchangeable: if n have answered and k have not, the cheapest of
// all is among the k with probability k/(n+k), and then undercuts the cheapest so far by about
// as much as that undercuts the next partner's (the spacing of the two smallest order
// statistics). With minima of 100, 110 and 130 and one partner missing: 1/4 x 10 = 2.50.
func (p *Flights) Residual() (travel.Money, bool) {
	missing, share := p.outstanding.Partners, p.outstanding.Saving
	if missing == 0 {
		return travel.Money{Currency: p.Currency}, true
	}
	first, second, answered := p.twoCheapest()
	switch {
	case answered == 0:
		return travel.Money{}, false
	case share != nil:
		return p.FromMicros(first / 1000 * *share / (Millionths / 1000)), true
	case answered < 2:
		return travel.Money{}, false
	}
	return p.FromMicros((second - first) * int64(missing) / int64(answered+missing)), true
}

// twoCheapest are the smallest totals that two partners ask for offers that pass, in
// micro-euros, and how many partners have some.
func (p *Flights) twoCheapest() (first, second int64, answered int) {
	minima := map[string]int64{}
	for i := range p.rows {
		for _, q := range p.rows[i].Quotes {
			if q.Parts != nil {
				continue // no partner of this search
			}
			if least, known := minima[q.Partner]; !known || q.EURMicros < least {
				minima[q.Partner] = q.EURMicros
			}
		}
	}
	first, second = math.MaxInt64, math.MaxInt64
	for _, least := range minima {
		switch {
		case least < first:
			first, second = least, first
		case least < second:
			second = least
		}
	}
	return first, second, len(minima)
}
