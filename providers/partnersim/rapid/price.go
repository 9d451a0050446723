package rapid

import (
	"fmt"
	"strconv"
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// localTo is the currency of a property's country; euros everywhere but in a few.
func localTo(prop *world.Property) travel.Currency {
	if c := world.LocalCurrency[prop.Town.Country]; c != "" {
		return c
	}
	return "EUR"
}

// partsDoc is the price of one room in one currency: minor units that add up.
type partsDoc struct {
	currency       travel.Currency
	base, tax      int64 // without what the property takes
	fees           [3]int64
	discount       int64
	property       int64 // all fees of the property
	inclusive, all int64
}

// feesName are what a property takes from the guests itself, in the order of parts.
var feesName = [3]string{"mandatory_fee", "resort_fee", "mandatory_tax"}

// parts turns euro cents into a currency, each part by itself, and adds them up there.
func (w *writer) parts(prop *world.Property, s *soldDoc, i int, c travel.Currency) partsDoc {
	cents := s.each[i]
	who, nights := w.q.Parties[i], int64(w.q.Nights())
	tax := cents / 11
	d := prop.ID.Str("fees")
	fees := [3]int64{}
	if d.Str("mandatory").Chance(60) {
		fees[0] = int64(d.Str("mandatory cents").Between(5, 40)) * 100
	}
	if prop.Stars >= 4 && d.Str("resort").Chance(150) {
		fees[1] = int64(d.Str("resort cents").Between(10, 45)) * 100 * nights
	}
	fees[2] = world.CityTaxCents(prop) * int64(who.Adults) * nights
	to := func(cents int64) int64 { return world.InCurrency(cents, c).Minor }
	p := partsDoc{currency: c, base: to(cents - tax), tax: to(tax)}
	if s.ID.Str("discount").Chance(200) {
		p.discount = p.base * int64(s.ID.Str("off").Between(5, 20)) / 100
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
func (w *writer) price(prop *world.Property, s *soldDoc, i int, bill travel.Currency) (PriceDoc, int64) {
	billed, asked := w.parts(prop, s, i, bill), w.parts(prop, s, i, w.q.currency)
	charge := func(of func(partsDoc) int64) ChargeDoc {
		return ChargeDoc{money("", of(billed), bill), money("", of(asked), w.q.currency)}
	}
	p := PriceDoc{Totals: map[string]ChargeDoc{
		"inclusive":     charge(func(p partsDoc) int64 { return p.inclusive }),
		"exclusive":     charge(func(p partsDoc) int64 { return p.base }),
		"marketing_fee": charge(func(p partsDoc) int64 { return p.base / 8 }),
	}}
	p.Nightly, p.Stay = w.nightly(s, w.q.Parties[i], billed)
	if billed.property == 0 || !s.ID.Str("without").Chance(120) { // a few state the fees and leave the sum to us
		p.Totals["property_inclusive"] = charge(func(p partsDoc) int64 { return p.all })
	}
	if billed.property > 0 {
		p.Totals["property_fees"] = charge(func(p partsDoc) int64 { return p.property })
		p.Fees = map[string]ChargeDoc{}
		for k, name := range feesName {
			if billed.fees[k] > 0 {
				p.Fees[name] = charge(func(p partsDoc) int64 { return p.fees[k] })
			}
		}
	}
	if billed.discount > 0 {
		p.Totals["strikethrough"] = charge(func(p partsDoc) int64 { return p.base + p.discount })
		p.Totals["inclusive_strikethrough"] = charge(func(p partsDoc) int64 { return p.inclusive + p.discount })
		p.Totals["property_inclusive_strikethrough"] = charge(func(p partsDoc) int64 { return p.all + p.discount })
	}
	return p, billed.inclusive
}

func money(kind string, minor int64, c travel.Currency) AmountDoc {
	return AmountDoc{kind, travel.Money{Minor: minor, Currency: c}.Decimal(), string(c)}
}

// nightly spreads a price over the nights, and what belongs to none of them over the stay:
// base rates, adjustments and the fee for further persons make the exclusive total, all
// of it the inclusive one.
func (w *writer) nightly(s *soldDoc, who world.Party, p partsDoc) (nights [][]AmountDoc, whole []AmountDoc) {
	base, tax := p.base+p.discount, p.tax
	if guests := who.Adults + len(who.Ages); guests > 2 && s.ID.Str("extra").Chance(500) {
		extra := base / int64(guests*4)
		base -= extra
		whole = append(whole, money("extra_person_fee", extra, p.currency))
	}
	if s.ID.Str("service").Chance(150) {
		fee := tax / 3
		tax -= fee
		whole = append(whole, money("property_fee", fee, p.currency))
	}
	n := w.q.Nights()
	bases, taxes, off := spread(base, n), spread(tax, n), spread(p.discount, n)
	for i := range n {
		night := []AmountDoc{money("base_rate", bases[i], p.currency)}
		if s.ID.Str("sales tax").Chance(200) {
			night = append(night, money("sales_tax", taxes[i]/2, p.currency), money("tax_and_service_fee", taxes[i]-taxes[i]/2, p.currency))
		} else {
			night = append(night, money("tax_and_service_fee", taxes[i], p.currency))
		}
		if off[i] > 0 {
			night = append(night, money("adjustment", -off[i], p.currency))
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
func (w *writer) penalties(prop *world.Property, o world.Offered, charged travel.Money) []penalty {
	const form = "2006-01-02T15:04:05.000-07:00"
	day := w.q.In.Time()
	before := func(days, hour int) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day()-days, hour, 0, 0, 0, prop.Town.Zone)
	}
	end := before(0, 23).Format(form)
	one := func(start time.Time) penalty {
		return penalty{Currency: string(charged.Currency), Start: start.Format(form), End: end}
	}
	if !o.Refundable {
		p := one(w.now.In(prop.Town.Zone))
		p.Percent = "100%"
		return []penalty{p}
	}
	if o.ID.Str("policy").Chance(60) {
		return nil
	}
	last := one(before(o.ID.Str("days").Between(1, 5), rng.Pick(o.ID.Str("hour"), []int{0, 12, 18, 23})))
	switch o.ID.Str("kind").Roll(3) {
	case 0:
		last.Amount = charged.Decimal()
	case 1:
		last.Nights = strconv.Itoa(min(w.q.Nights(), o.ID.Str("nights").Between(1, 2)))
	case 2:
		last.Percent = fmt.Sprintf("%d%%", o.ID.Str("percent").Between(5, 10)*10)
	}
	if !o.ID.Str("steps").Chance(350) {
		return []penalty{last}
	}
	first := one(before(o.ID.Str("first").Between(7, 20), 12))
	first.Percent, first.End = "30%", last.Start
	return []penalty{first, last}
}
