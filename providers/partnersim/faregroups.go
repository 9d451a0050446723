package partnersim

import (
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// groupPrice is what one passenger of a group pays, or all together.
type groupPrice struct {
	base, taxes, total travel.Money
	filed              travel.Money // the base in the currency of the country of departure
}

// priced is a trip's price for one passenger of each group, and for everybody: it adds up in minor units.
func priced(t *trip, groups []fareGroup, sold travel.Currency) (each []groupPrice, all groupPrice) {
	filed := localCurrency[t.slices[0].from().Country]
	if filed == "" {
		filed = "EUR"
	}
	all = groupPrice{travel.Money{Currency: sold}, travel.Money{Currency: sold}, travel.Money{Currency: sold}, travel.Money{Currency: filed}}
	for _, g := range groups {
		total, taxes := t.each(g.kind)
		p := groupPrice{base: inCurrency(total-taxes, sold), taxes: inCurrency(taxes, sold), filed: inCurrency(total-taxes, filed)}
		if filed == sold {
			p.filed = p.base
		}
		p.total = travel.Money{Minor: p.base.Minor + p.taxes.Minor, Currency: sold}
		each = append(each, p)
		all.base.Minor += p.base.Minor * int64(g.count)
		all.taxes.Minor += p.taxes.Minor * int64(g.count)
		all.total.Minor += p.total.Minor * int64(g.count)
		all.filed.Minor += p.filed.Minor * int64(g.count)
	}
	return each, all
}

// fareGroup is the passengers of one type code.
type fareGroup struct {
	code  string
	kind  paxType
	count int
}

// otaCabins are the names and letters of cabins.
var otaCabins = map[string]travel.Cabin{
	"FIRST": travel.First, "BUSINESS": travel.Business, "PREMIUM": travel.PremiumEconomy, "PREMIUMECONOMY": travel.PremiumEconomy, "ECONOMY": travel.Economy,
	"P": travel.First, "F": travel.First, "J": travel.Business, "C": travel.Business, "S": travel.PremiumEconomy, "W": travel.PremiumEconomy, "Y": travel.Economy,
}

// paxCode is whom a passenger type code means; children may have their age in it: C07.
func paxCode(code string) (paxType, bool) {
	switch code {
	case "ADT", "JCB":
		return adult, true
	case "CHD", "CNN", "CNE":
		return child, true
	case "INF", "JNF":
		return infant, true
	case "INS":
		return child, true // an infant with a seat of its own pays like a child
	}
	if age, err := strconv.Atoi(strings.TrimPrefix(code, "C")); err == nil && len(code) == 3 && code[0] == 'C' && age < 18 {
		return child, true
	}
	return adult, false
}

// seats9 checks who travels.
func seats9(groups []fareGroup) (all []paxType, wrong string) {
	count := [3]int{}
	for _, g := range groups {
		if g.count < 1 || g.count > 9 {
			return nil, "the quantity of passenger type " + g.code
		}
		for range g.count {
			all = append(all, g.kind)
		}
		count[g.kind] += g.count
	}
	switch {
	case count[adult]+count[child] > 9 || count[adult]+count[child] == 0:
		return nil, "the number of passengers"
	case count[infant] > count[adult]:
		return nil, "more infants than adults"
	}
	return all, ""
}

// flown reads one direction: places, and a date that may have a time.
func (w *World) flown(from, to, date string, after travel.Date, now time.Time) (askSlice, string) {
	s := askSlice{from: w.expand(travel.Airport(from)), to: w.expand(travel.Airport(to))}
	day, clock, timed := strings.Cut(date, "T")
	var err error
	s.date, err = travel.ParseDate(day)
	if _, e := time.Parse("15:04:05", clock); timed && e != nil {
		err = e
	}
	switch {
	case len(s.from) == 0:
		return s, "origin " + strconv.Quote(from)
	case len(s.to) == 0 || from == to:
		return s, "destination " + strconv.Quote(to)
	case err != nil:
		return s, "departure date " + strconv.Quote(date)
	case s.date < travel.DateOf(now.In(s.from[0].zone)) || s.date < after:
		return s, "departure date " + date + ": it is in the past"
	case int(s.date-travel.DateOf(now)) > daysAhead:
		s.from = nil // nobody sells that far ahead yet
	}
	return narrow(s), ""
}
