package world

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/travel"
)

// Stricter is the rule of two fares on one ticket.
func Stricter(a, b Rule) Rule {
	return min(a, b) // unsaid, never, forFee, forFree: in the order of what a traveller may count on
}

var CabinTitle = map[travel.Cabin]string{
	travel.Economy: "Economy", travel.PremiumEconomy: "Premium Economy", travel.Business: "Business", travel.First: "First",
}

// FareBasis is a fare code like those of airlines: booking class, season, stay, brand.
func FareBasis(b Brand, leg Sold) string {
	classes := map[travel.Cabin]string{travel.Economy: "YBMHKLQVSNO", travel.PremiumEconomy: "WET", travel.Business: "JCDI", travel.First: "FA"}[b.Cabin]
	d := leg.ID.Str(b.Name)
	return string(classes[d.Roll(len(classes))]) + rng.Pick(d.Str("season"), []string{"L", "H", "K", "N"}) + strconv.Itoa(d.Between(1, 99)) + strings.ToUpper(b.Name[:1]) + string(leg.By.Code)
}

// ExactlyTrips makes n trips of those there are, of nonstops if there are any: more
// of them by moving flights to other times of the day.
func ExactlyTrips(trips []Trip, n int) []Trip {
	direct := slices.DeleteFunc(slices.Clone(trips), func(t Trip) bool {
		return slices.ContainsFunc(t.Slices, func(s TripSlice) bool { return s.Stops() > 0 })
	})
	if len(direct) > 0 {
		trips = direct
	}
	have := len(trips)
	for k := 1; have > 0 && len(trips) < n; k++ {
		for i := 0; i < have && len(trips) < n; i++ {
			trips = append(trips, trips[i].moved(k))
		}
	}
	return trips[:min(n, len(trips))]
}

// moved is the k-th variant of a trip: the same dates and routes at other times, under other numbers.
func (t Trip) moved(k int) Trip {
	moved := make([]TripSlice, len(t.Slices))
	for i, s := range t.Slices {
		minute := s.Dep().Hour()*60 + s.Dep().Minute()
		shift := time.Duration((minute+13*k)%1440-minute) * time.Minute
		j := *s.Journey
		j.Legs = nil
		legs := make([]Sold, len(s.Legs))
		for n, leg := range s.Legs {
			f := *leg.Flight
			f.Dep, f.Arr = f.Dep.Add(shift), f.Arr.Add(shift)
			f.Number = 1 + (f.Number+37*k)%9998
			leg.ByNumber = 1 + (leg.ByNumber+37*k)%9998
			leg.Flight = &f
			legs[n] = leg
			j.Legs = append(j.Legs, &f)
		}
		moved[i] = TripSlice{&j, legs, s.Brand}
	}
	t.Slices = moved
	t.ID = t.ID.Str("moved").Num(int64(k))
	t.Total += int64(k) * 37
	t.Fare += int64(k) * 37
	return t
}

// Rules are the strictest of the slices' fares.
func (t *Trip) Rules() (refund, change Rule) {
	refund, change = ForFree, ForFree
	for _, s := range t.Slices {
		refund, change = Stricter(refund, s.Brand.Refund), Stricter(change, s.Brand.Change)
	}
	return refund, change
}

// CabinLetters are the codes of cabins in documents of GDSs.
var CabinLetters = map[travel.Cabin]string{travel.First: "F", travel.Business: "C", travel.PremiumEconomy: "S", travel.Economy: "Y"}

// Seats are how many are left in a booking class; nobody says more than nine.
func (a *Inventory) Seats(leg Sold, class string) int {
	return min(9, a.RNG.Str("seats").Num(int64(leg.ID)).Str(class).Between(1, 14))
}

// LastTicket is the last day on which the partner writes a ticket at the price.
func (a *Inventory) LastTicket(t *Trip, now time.Time) time.Time {
	last := now.In(t.Slices[0].From().Location).AddDate(0, 0, t.ID.Str("ticket").Between(1, 4))
	if dep := t.Slices[0].Dep(); last.After(dep) {
		return dep
	}
	return last
}

// SameFlights reports whether two trips differ only in what they cost and hold.
func SameFlights(a, b *Trip) bool {
	return slices.EqualFunc(a.Slices, b.Slices, func(a, b TripSlice) bool { return a.Journey == b.Journey })
}
