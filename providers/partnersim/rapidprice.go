package partnersim

import (
	"fmt"
	"strconv"
	"time"

	"fanfare/providers/travel"
)

// localTo is the currency of a property's country; euros everywhere but in a few.
func localTo(prop *property) travel.Currency {
	if c := localCurrency[prop.town.country]; c != "" {
		return c
	}
	return "EUR"
}

// rapidParts is the price of one room in one currency: minor units that add up.
type rapidParts struct {
	currency       travel.Currency
	base, tax      int64 // without what the property takes
	fees           [3]int64
	discount       int64
	property       int64 // all fees of the property
	inclusive, all int64
}

// rapidFees are what a property takes from the guests itself, in the order of parts.
var rapidFees = [3]string{"mandatory_fee", "resort_fee", "mandatory_tax"}

// parts turns euro cents into a currency, each part by itself, and adds them up there.
func (w *rapidWriter) parts(prop *property, s *rapidSold, i int, c travel.Currency) rapidParts {
	cents := s.each[i]
	who, nights := w.q.parties[i], int64(w.q.nights())
	tax := cents / 11
	d := prop.id.str("fees")
	fees := [3]int64{}
	if d.str("mandatory").chance(60) {
		fees[0] = int64(d.str("mandatory cents").between(5, 40)) * 100
	}
	if prop.stars >= 4 && d.str("resort").chance(150) {
		fees[1] = int64(d.str("resort cents").between(10, 45)) * 100 * nights
	}
	fees[2] = cityTaxCents(prop) * int64(who.adults) * nights
	to := func(cents int64) int64 { return inCurrency(cents, c).Minor }
	p := rapidParts{currency: c, base: to(cents - tax), tax: to(tax)}
	if s.id.str("discount").chance(200) {
		p.discount = p.base * int64(s.id.str("off").between(5, 20)) / 100
	}
	for k, f := range fees {
		p.fees[k] = to(f)
		p.property += p.fees[k]
	}
	p.inclusive = p.base + p.tax
	p.all = p.inclusive + p.property
	return p
}

// price is what one room of the i-th occupancy costs, and its inclusive total in minor units as billed.
func (w *rapidWriter) price(prop *property, s *rapidSold, i int, bill travel.Currency) (rapidPrice, int64) {
	billed, asked := w.parts(prop, s, i, bill), w.parts(prop, s, i, w.q.currency)
	charge := func(of func(rapidParts) int64) rapidCharge {
		return rapidCharge{rapidMoney("", of(billed), bill), rapidMoney("", of(asked), w.q.currency)}
	}
	p := rapidPrice{Totals: map[string]rapidCharge{
		"inclusive":     charge(func(p rapidParts) int64 { return p.inclusive }),
		"exclusive":     charge(func(p rapidParts) int64 { return p.base }),
		"marketing_fee": charge(func(p rapidParts) int64 { return p.base / 8 }),
	}}
	p.Nightly, p.Stay = w.nightly(s, w.q.parties[i], billed)
	if billed.property == 0 || !s.id.str("without").chance(120) { // a few state the fees and leave the sum to us
		p.Totals["property_inclusive"] = charge(func(p rapidParts) int64 { return p.all })
	}
	if billed.property > 0 {
		p.Totals["property_fees"] = charge(func(p rapidParts) int64 { return p.property })
		p.Fees = map[string]rapidCharge{}
		for k, name := range rapidFees {
			if billed.fees[k] > 0 {
				p.Fees[name] = charge(func(p rapidParts) int64 { return p.fees[k] })
			}
		}
	}
	if billed.discount > 0 {
		p.Totals["strikethrough"] = charge(func(p rapidParts) int64 { return p.base + p.discount })
		p.Totals["inclusive_strikethrough"] = charge(func(p rapidParts) int64 { return p.inclusive + p.discount })
		p.Totals["property_inclusive_strikethrough"] = charge(func(p rapidParts) int64 { return p.all + p.discount })
	}
	return p, billed.inclusive
}

func rapidMoney(kind string, minor int64, c travel.Currency) rapidAmount {
	return rapidAmount{kind, travel.Money{Minor: minor, Currency: c}.Decimal(), string(c)}
}

// nightly spreads a price over the nights, and what belongs to none of them over the stay:
// base rates, adjustments and the fee for further persons make the exclusive total, all
// of it the inclusive one.
func (w *rapidWriter) nightly(s *rapidSold, who party, p rapidParts) (nights [][]rapidAmount, whole []rapidAmount) {
	base, tax := p.base+p.discount, p.tax
	if guests := who.adults + len(who.ages); guests > 2 && s.id.str("extra").chance(500) {
		extra := base / int64(guests*4)
		base -= extra
		whole = append(whole, rapidMoney("extra_person_fee", extra, p.currency))
	}
	if s.id.str("service").chance(150) {
		fee := tax / 3
		tax -= fee
		whole = append(whole, rapidMoney("property_fee", fee, p.currency))
	}
	n := w.q.nights()
	bases, taxes, off := spread(base, n), spread(tax, n), spread(p.discount, n)
	for i := range n {
		night := []rapidAmount{rapidMoney("base_rate", bases[i], p.currency)}
		if s.id.str("sales tax").chance(200) {
			night = append(night, rapidMoney("sales_tax", taxes[i]/2, p.currency), rapidMoney("tax_and_service_fee", taxes[i]-taxes[i]/2, p.currency))
		} else {
			night = append(night, rapidMoney("tax_and_service_fee", taxes[i], p.currency))
		}
		if off[i] > 0 {
			night = append(night, rapidMoney("adjustment", -off[i], p.currency))
		}
		nights = append(nights, night)
	}
	return nights, whole
}

// spread divides an amount into n; the last takes what is left.
func spread(amount int64, n int) []int64 {
	all := make([]int64, n)
	for i := range all {
		all[i] = amount / int64(n)
	}
	all[n-1] = amount - amount/int64(n)*int64(n-1)
	return all
}

// penalties are what cancelling costs, period by period: an amount, some nights or a share.
// Those that begin before now are in force. A few refundable rates have none.
func (w *rapidWriter) penalties(prop *property, o offered, charged travel.Money) []rapidPenalty {
	const form = "2006-01-02T15:04:05.000-07:00"
	day := w.q.in.Time()
	before := func(days, hour int) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day()-days, hour, 0, 0, 0, prop.town.zone)
	}
	end := before(0, 23).Format(form)
	one := func(start time.Time) rapidPenalty {
		return rapidPenalty{Currency: string(charged.Currency), Start: start.Format(form), End: end}
	}
	if !o.refundable {
		p := one(w.now.In(prop.town.zone))
		p.Percent = "100%"
		return []rapidPenalty{p}
	}
	if o.id.str("policy").chance(60) {
		return nil
	}
	last := one(before(o.id.str("days").between(1, 5), pick(o.id.str("hour"), []int{0, 12, 18, 23})))
	switch o.id.str("kind").roll(3) {
	case 0:
		last.Amount = charged.Decimal()
	case 1:
		last.Nights = strconv.Itoa(min(w.q.nights(), o.id.str("nights").between(1, 2)))
	case 2:
		last.Percent = fmt.Sprintf("%d%%", o.id.str("percent").between(5, 10)*10)
	}
	if !o.id.str("steps").chance(350) {
		return []rapidPenalty{last}
	}
	first := one(before(o.id.str("first").between(7, 20), 12))
	first.Percent, first.End = "30%", last.Start
	return []rapidPenalty{first, last}
}
