package world

import (
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// GroupPrice is what one passenger of a group pays, or all together.
type GroupPrice struct {
	Base, Taxes, Total travel.Money
	Filed              travel.Money // the base in the currency of the country of departure
}

// Priced is a trip's price for one passenger of each group, and for everybody: it adds up in minor units.
func Priced(t *Trip, groups []FareGroup, sold travel.Currency) (each []GroupPrice, all GroupPrice) {
	filed := LocalCurrency[t.Slices[0].From().Country]
	if filed == "" {
		filed = "EUR"
	}
	all = GroupPrice{travel.Money{Currency: sold}, travel.Money{Currency: sold}, travel.Money{Currency: sold}, travel.Money{Currency: filed}}
	for _, g := range groups {
		total, taxes := t.Each(g.Kind)
		p := GroupPrice{Base: InCurrency(total-taxes, sold), Taxes: InCurrency(taxes, sold), Filed: InCurrency(total-taxes, filed)}
		if filed == sold {
			p.Filed = p.Base
		}
		p.Total = travel.Money{Minor: p.Base.Minor + p.Taxes.Minor, Currency: sold}
		each = append(each, p)
		all.Base.Minor += p.Base.Minor * int64(g.Count)
		all.Taxes.Minor += p.Taxes.Minor * int64(g.Count)
		all.Total.Minor += p.Total.Minor * int64(g.Count)
		all.Filed.Minor += p.Filed.Minor * int64(g.Count)
	}
	return each, all
}

// FareGroup is the passengers of one type code.
type FareGroup struct {
	Code  string
	Kind  PaxType
	Count int
}

// OTACabins are the names and letters of cabins.
var OTACabins = map[string]travel.Cabin{
	"FIRST": travel.First, "BUSINESS": travel.Business, "PREMIUM": travel.PremiumEconomy, "PREMIUMECONOMY": travel.PremiumEconomy, "ECONOMY": travel.Economy,
	"P": travel.First, "F": travel.First, "J": travel.Business, "C": travel.Business, "S": travel.PremiumEconomy, "W": travel.PremiumEconomy, "Y": travel.Economy,
}

// PaxCode is whom a passenger type code means; children may have their age in it: C07.
func PaxCode(code string) (PaxType, bool) {
	switch code {
	case "ADT", "JCB":
		return Adult, true
	case "CHD", "CNN", "CNE":
		return Child, true
	case "INF", "JNF":
		return Infant, true
	case "INS":
		return Child, true // an infant with a seat of its own pays like a child
	}
	if age, err := strconv.Atoi(strings.TrimPrefix(code, "C")); err == nil && len(code) == 3 && code[0] == 'C' && age < 18 {
		return Child, true
	}
	return Adult, false
}

// Seats9 checks who travels.
func Seats9(groups []FareGroup) (all []PaxType, wrong string) {
	count := [3]int{}
	for _, g := range groups {
		if g.Count < 1 || g.Count > 9 {
			return nil, "the quantity of passenger type " + g.Code
		}
		for range g.Count {
			all = append(all, g.Kind)
		}
		count[g.Kind] += g.Count
	}
	switch {
	case count[Adult]+count[Child] > 9 || count[Adult]+count[Child] == 0:
		return nil, "the number of passengers"
	case count[Infant] > count[Adult]:
		return nil, "more infants than adults"
	}
	return all, ""
}

// Flown reads one direction: places, and a date that may have a time.
func (w *World) Flown(from, to, date string, after travel.Date, now time.Time) (AskSlice, string) {
	s := AskSlice{From: w.Expand(travel.Airport(from)), To: w.Expand(travel.Airport(to))}
	day, clock, timed := strings.Cut(date, "T")
	var err error
	s.Date, err = travel.ParseDate(day)
	if _, e := time.Parse("15:04:05", clock); timed && e != nil {
		err = e
	}
	switch {
	case len(s.From) == 0:
		return s, "origin " + strconv.Quote(from)
	case len(s.To) == 0 || from == to:
		return s, "destination " + strconv.Quote(to)
	case err != nil:
		return s, "departure date " + strconv.Quote(date)
	case s.Date < travel.DateOf(now.In(s.From[0].Location)) || s.Date < after:
		return s, "departure date " + date + ": it is in the past"
	case int(s.Date-travel.DateOf(now)) > DaysAhead:
		s.From = nil // nobody sells that far ahead yet
	}
	return Narrow(s), ""
}
