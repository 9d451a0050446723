package ota

import (
	"fanfare/providers/assemble"
	"fanfare/providers/opentravel"
	"fanfare/providers/travel"
)

// money reads an amount, in its own currency or in that of those around it.
func (h *hotelDocument) money(a opentravel.Amount, around string) (travel.Money, string) {
	return opentravel.Money{MinorUnits: !h.dotted}.In(a, opentravel.Amount{Currency: around, Decimals: a.Decimals})
}

// stayPrice is a price with what of it is paid at the property, not stated if unknown.
type stayPrice struct {
	travel.Price
	later travel.Money
}

// price is the total for the stay: the rate's own, else the sum of its nights or parts, else
// that of the room stay if it has one rate only. Fees that are in no amount are added, and
// paid at the property. nights is what each night costs, nil if it is not stated.
func (h *hotelDocument) price(a *travel.Answer, s *roomStay, r *roomRate, in, out travel.Date) (p stayPrice, nights []travel.Money, rule string) {
	if len(r.next) == 0 {
		var whole *amounts
		if len(s.rates) == 1 {
			whole = &s.total
		}
		return h.part(a, r, whole, in, out)
	}
	p, nights, rule = h.part(a, r, nil, r.in, r.out)
	for i := range r.next {
		if rule != "" {
			return stayPrice{}, nil, rule
		}
		var one stayPrice
		var more []travel.Money
		if one, more, rule = h.part(a, &r.next[i], nil, r.next[i].in, r.next[i].out); rule == "" && one.Total.Currency != p.Total.Currency {
			rule = travel.RuleNoPrice
		}
		p.Total, p.later = p.Total.Plus(one.Total), p.later.Plus(one.later)
		p.Base, p.Taxes = p.Base.Plus(one.Base), p.Taxes.Plus(one.Taxes)
		nights = append(nights, more...)
	}
	return p, nights, rule
}

// part is the price of the days that one RoomRate is for. whole is the total of its room
// stay, nil if that is not its own.
func (h *hotelDocument) part(a *travel.Answer, r *roomRate, whole *amounts, in, out travel.Date) (p stayPrice, nights []travel.Money, rule string) {
	pieces, total := h.pieces[r.from:r.to], r.total
	sum, taxed, nights, rule := h.sum(pieces, in, out)
	if !total.stated && whole != nil && (rule != "" && whole.stated || !taxed && whole.after.Text != "") {
		total = *whole
	}
	if total.stated {
		total.inCurrencyOf(pieces)
		own, with, bad := h.whole(&total)
		if bad == "" && with == taxed && sum.Total.Known() && sum.Total != own.Total {
			a.Note("total_differs", 1) // of rounding, mostly: the total is what is charged
		}
		if with && !taxed {
			nights = nil // theirs are without
		}
		sum, taxed, rule = own, with, bad
	}
	if rule != "" {
		return p, nil, rule
	}
	if !taxed {
		a.Note("tax_not_in_total", 1)
	}
	p.Price = sum
	p.Kind = travel.Live
	if len(r.fees) > 0 {
		h.addFees(a, &p, r.fees, int64(out-in))
	}
	return p, nights, ""
}

// inCurrencyOf completes a total that leaves its currency to the amounts beside it.
func (a *amounts) inCurrencyOf(pieces []piece) {
	for i := range pieces {
		for _, of := range []*amounts{&pieces[i].base, &pieces[i].total} {
			if a.currency == "" {
				a.currency = of.currency
			}
		}
	}
}

// whole reads a Total: with taxes, else without and what taxes are listed. taxed tells
// whether taxes are in it.
func (h *hotelDocument) whole(t *amounts) (p travel.Price, taxed bool, rule string) {
	before, beforeRule := h.money(t.before, t.currency)
	if t.after.Text != "" {
		if p.Total, rule = h.money(t.after, t.currency); rule != "" {
			return p, false, rule
		}
		if before.Known() && before.Minor <= p.Total.Minor { // else they are of different things
			p.Base, p.Taxes = before, travel.Money{Minor: p.Total.Minor - before.Minor, Currency: before.Currency}
		}
		return p, true, ""
	}
	if beforeRule != "" {
		return p, false, beforeRule
	}
	p.Base, p.Total = before, before
	if len(t.taxes) == 0 {
		return p, false, ""
	}
	sum := int64(0)
	for _, tax := range t.taxes {
		m, rule := h.taxOn(before, tax)
		if rule != "" || m.Currency != before.Currency {
			return p, false, ""
		}
		sum += m.Minor
	}
	p.Taxes = travel.Money{Minor: sum, Currency: before.Currency}
	p.Total.Minor += sum
	return p, true, ""
}

// taxOn is a tax on an amount: one of its own, or a part of that amount.
func (h *hotelDocument) taxOn(before travel.Money, t tax) (travel.Money, string) {
	if t.Text == "" {
		thousandths := int64(t.percent*1000 + 0.5)
		return travel.Money{Minor: (before.Minor*thousandths + 50_000) / 100_000, Currency: before.Currency}, ""
	}
	return h.money(t.Amount, string(before.Currency))
}

// sum adds the pieces of a rate for the nights from in to out, each 0 if unknown: prices by
// the night or week as often as they hold, and those for the whole as they are. taxed tells
// whether taxes are in all of them, each what every night costs, nil where that is not stated.
func (h *hotelDocument) sum(pieces []piece, in, out travel.Date) (p travel.Price, taxed bool, each []travel.Money, rule string) {
	pieces = withoutNights(pieces)
	if len(pieces) == 0 {
		return p, false, nil, travel.RuleNoPrice
	}
	days, rule := h.daysOf(pieces, in, out)
	if rule != "" {
		return p, false, nil, rule
	}
	taxed, each = true, make([]travel.Money, 0, len(pieces))
	nightly := true
	for i := range pieces {
		piece := &pieces[i]
		times := 1
		if piece.unit > 0 {
			if times = days[i] / piece.unit; days[i]%piece.unit != 0 || times > maxInside {
				return travel.Price{}, false, nil, travel.RuleNoPrice
			}
		}
		one, with, forAll, rule := h.one(piece, times)
		if rule == "" && i > 0 && one.Total.Currency != p.Total.Currency {
			rule = travel.RuleNoPrice
		}
		if rule != "" {
			return travel.Price{}, false, nil, rule
		}
		if nightly = nightly && piece.unit == 1 && !forAll; forAll {
			times = 1
		}
		for range times {
			each = append(each, one.Total)
		}
		taxed = taxed && with
		total, base, taxes := one.Total.Times(times), one.Base.Times(times), one.Taxes.Times(times)
		if i > 0 {
			total, base, taxes = p.Total.Plus(total), p.Base.Plus(base), p.Taxes.Plus(taxes)
		}
		p.Total, p.Base, p.Taxes = total, base, taxes
	}
	if !nightly {
		each = nil
	}
	return p, taxed, each, ""
}

// withoutNights is the price for the whole of a stay where nights stand beside it that say
// the same in detail, else all pieces.
func withoutNights(pieces []piece) []piece {
	whole, nights := -1, 0
	for i := range pieces {
		if pieces[i].unit > 0 {
			nights++
		} else {
			whole = i
		}
	}
	if nights > 0 && nights == len(pieces)-1 {
		return pieces[whole : whole+1]
	}
	return pieces
}

// daysOf is of how many days of the stay each piece is the price, 0 where that is of no
// concern, until it is called again. Pieces that are not for all days of the stay, and for nothing else, are no price
// of it. The day that they expire on is the morning of departure, or the last night: writers
// of the standard differ, so it is told by which of the two makes up the stay.
func (h *hotelDocument) daysOf(pieces []piece, in, out travel.Date) (days []int, rule string) {
	nights, undated := int(out-in), false
	if in == 0 || out == 0 {
		nights = 0
	}
	days = assemble.Cleared(&h.days, len(pieces))
	until, through := 0, 0
	for i := range pieces {
		p := &pieces[i]
		from, to := p.from, p.to
		if nights > 0 && from != 0 && to != 0 { // a season is longer than the stay
			from, to = max(from, in), min(to, out)
		}
		switch {
		case p.unit < 0:
			return nil, travel.RuleNoPrice // by the hour or month
		case p.from != 0 && p.to >= p.from:
			days[i] = max(int(to-from), 1)
			until, through = until+days[i], through+int(to-from)+1
		case p.unit > 0 && len(pieces) == 1:
			days[i] = nights
		default:
			days[i] = p.unit // of nights in their order
		}
		undated = undated || p.unit == 0 && days[i] == 0
		if p.unit > 0 && days[i] == 0 {
			return nil, travel.RuleNoPrice
		}
		if p.from == 0 || p.to < p.from {
			until, through = until+days[i], through+days[i]
		}
	}
	switch {
	case nights == 0 || undated || until == nights:
	case through == nights:
		for i := range pieces {
			if p := &pieces[i]; p.from != 0 && p.to >= p.from {
				days[i] = int(p.to-p.from) + 1
			}
		}
	default:
		return nil, travel.RuleOtherDates
	}
	return days, ""
}

// one is the price of a piece, which is paid so many times: its total, as that has
// everything in it, else its base. The total of a price by the night may be that of all its
// nights: forAll, where it is nearer to so many bases than to one.
func (h *hotelDocument) one(p *piece, times int) (price travel.Price, taxed, forAll bool, rule string) {
	price, taxed, rule = h.whole(&p.base)
	total, withTaxes, none := h.whole(&p.total)
	switch {
	case none != "":
		return price, taxed, false, rule
	case rule != "":
		return total, withTaxes, false, ""
	case taxed && !withTaxes:
		return price, taxed, false, ""
	}
	return total, withTaxes, times > 1 && 2*total.Total.Minor > int64(times+1)*price.Total.Minor, ""
}

// addFees adds fees that are in no amount.
func (h *hotelDocument) addFees(a *travel.Answer, p *stayPrice, fees []fee, nights int64) {
	p.later = travel.Money{Currency: p.Total.Currency}
	var added []travel.Money
	defer func() { p.StateFees(added...) }()
	for _, f := range fees {
		m, rule := h.money(f.amount, string(p.Total.Currency))
		if rule != "" || m.Currency != p.Total.Currency || m.Minor < 0 || f.perPerson || f.nightly && nights <= 0 {
			a.Note("tax_not_in_total", 1)
			p.later = travel.Money{}
			continue
		}
		if f.nightly {
			m.Minor *= nights
		}
		p.Total.Minor += m.Minor
		added = append(added, m)
		if p.later.Known() {
			p.later.Minor += m.Minor
		}
	}
}
