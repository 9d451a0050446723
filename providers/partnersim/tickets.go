package partnersim

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// stricter is the rule of two fares on one ticket.
func stricter(a, b rule) rule {
	return min(a, b) // unsaid, never, forFee, forFree: in the order of what a traveller may count on
}

var cabinTitle = map[travel.Cabin]string{
	travel.Economy: "Economy", travel.PremiumEconomy: "Premium Economy", travel.Business: "Business", travel.First: "First",
}

// fareBasis is a fare code like those of airlines: booking class, season, stay, brand.
func fareBasis(b brand, leg sold) string {
	classes := map[travel.Cabin]string{travel.Economy: "YBMHKLQVSNO", travel.PremiumEconomy: "WET", travel.Business: "JCDI", travel.First: "FA"}[b.Cabin]
	d := leg.id.str(b.Name)
	return string(classes[d.roll(len(classes))]) + pick(d.str("season"), []string{"L", "H", "K", "N"}) + strconv.Itoa(d.between(1, 99)) + strings.ToUpper(b.Name[:1]) + string(leg.by.Code)
}

// exactlyTrips makes n trips of those there are, of nonstops if there are any: more
// of them by moving flights to other times of the day.
func exactlyTrips(trips []trip, n int) []trip {
	direct := slices.DeleteFunc(slices.Clone(trips), func(t trip) bool {
		return slices.ContainsFunc(t.slices, func(s tripSlice) bool { return s.stops() > 0 })
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
func (t trip) moved(k int) trip {
	moved := make([]tripSlice, len(t.slices))
	for i, s := range t.slices {
		minute := s.dep().Hour()*60 + s.dep().Minute()
		shift := time.Duration((minute+13*k)%1440-minute) * time.Minute
		j := *s.journey
		j.legs = nil
		legs := make([]sold, len(s.legs))
		for n, leg := range s.legs {
			f := *leg.flight
			f.dep, f.arr = f.dep.Add(shift), f.arr.Add(shift)
			f.number = 1 + (f.number+37*k)%9998
			leg.byNumber = 1 + (leg.byNumber+37*k)%9998
			leg.flight = &f
			legs[n] = leg
			j.legs = append(j.legs, &f)
		}
		moved[i] = tripSlice{&j, legs, s.brand}
	}
	t.slices = moved
	t.id = t.id.str("moved").num(int64(k))
	t.total += int64(k) * 37
	t.fare += int64(k) * 37
	return t
}

// rules are the strictest of the slices' fares.
func (t *trip) rules() (refund, change rule) {
	refund, change = forFree, forFree
	for _, s := range t.slices {
		refund, change = stricter(refund, s.brand.Refund), stricter(change, s.brand.Change)
	}
	return refund, change
}

// cabinLetters are the codes of cabins in documents of GDSs.
var cabinLetters = map[travel.Cabin]string{travel.First: "F", travel.Business: "C", travel.PremiumEconomy: "S", travel.Economy: "Y"}

// seats are how many are left in a booking class; nobody says more than nine.
func (a *assortment) seats(leg sold, class string) int {
	return min(9, a.dice.str("seats").num(int64(leg.id)).str(class).between(1, 14))
}

// lastTicket is the last day on which the partner writes a ticket at the price.
func (a *assortment) lastTicket(t *trip, now time.Time) time.Time {
	last := now.In(t.slices[0].from().zone).AddDate(0, 0, t.id.str("ticket").between(1, 4))
	if dep := t.slices[0].dep(); last.After(dep) {
		return dep
	}
	return last
}

// sameFlights tells whether two trips differ only in what they cost and hold.
func sameFlights(a, b *trip) bool {
	return slices.EqualFunc(a.slices, b.slices, func(a, b tripSlice) bool { return a.journey == b.journey })
}
