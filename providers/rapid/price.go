package rapid

import (
	"slices"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// amount and charge are as the document states them: values are views.
type amount struct{ value, currency string }

// charge is one amount in two currencies. The second is read only where the first does not
// do, as the two make up a good part of a document.
type charge struct {
	billable amount
	request  document.Mark
	has      bool // the second is there
}

// The two views of an amount: what is charged, and what it comes to in the currency asked for.
const (
	billable = iota
	requested
)

// pricing is what one room of an occupancy costs.
type pricing struct {
	occupancy            travel.Occupancy
	count                int // rooms of it
	inclusive, exclusive charge
	whole                charge // property_inclusive
	propertyFees         charge
	fees                 [feeKinds]charge
	hasFees              bool
	nightly, stay        document.Mark
	hasNightly, hasStay  bool
}

const (
	pricingTotals = iota
	pricingFees
	pricingNightly
	pricingStay
)

var pricingKeys = document.NewKeys([]string{pricingTotals: "totals", pricingFees: "fees", pricingNightly: "nightly", pricingStay: "stay"}...)

const (
	totalInclusive = iota
	totalExclusive
	totalPropertyInclusive
	totalPropertyFees
)

var totalKeys = document.NewKeys([]string{
	totalInclusive: "inclusive", totalExclusive: "exclusive", totalPropertyInclusive: "property_inclusive",
	totalPropertyFees: "property_fees",
}...)

const (
	feeMandatoryFee = iota
	feeResortFee
	feeMandatoryTax
	feeKinds // how many there are
)

var feeKeys = document.NewKeys([]string{feeMandatoryFee: "mandatory_fee", feeResortFee: "resort_fee", feeMandatoryTax: "mandatory_tax"}...)

const (
	chargeBillableCurrency = iota
	chargeRequestCurrency
)

var chargeKeys = document.NewKeys([]string{chargeBillableCurrency: "billable_currency", chargeRequestCurrency: "request_currency"}...)

const (
	amountValue = iota
	amountCurrency
)

var amountKeys = document.NewKeys([]string{amountValue: "value", amountCurrency: "currency"}...)

// maxOccupancies bounds the prices of a rate: nobody asks for more rooms than nine.
const maxOccupancies = 32

func (d *decoder) readPrices() {
	r := d.r
	for m := r.Members(); m.Next(); {
		if len(d.prices) > maxOccupancies {
			continue
		}
		var p pricing
		var ok bool
		if p.occupancy, ok = occupancyOf(m.Name()); !ok {
			p.occupancy = travel.Occupancy{}
		}
		for o := r.Object(pricingKeys); o.Next(); {
			switch o.Key() {
			case pricingTotals:
				for t := r.Object(totalKeys); t.Next(); {
					switch t.Key() {
					case totalInclusive:
						p.inclusive = d.readCharge()
					case totalExclusive:
						p.exclusive = d.readCharge()
					case totalPropertyInclusive:
						p.whole = d.readCharge()
					case totalPropertyFees:
						p.propertyFees = d.readCharge()
					}
				}
			case pricingFees:
				for f := r.Object(feeKeys); f.Next(); {
					c := d.readCharge()
					p.fees[f.Key()], p.hasFees = c, p.hasFees || c != charge{}
				}
			case pricingNightly:
				p.nightly, p.hasNightly = r.Mark(), r.Kind() == '['
			case pricingStay:
				p.stay, p.hasStay = r.Mark(), r.Kind() == '['
			}
		}
		d.prices = append(d.prices, p)
	}
}

func (d *decoder) readCharge() (c charge) {
	r := d.r
	for o := r.Object(chargeKeys); o.Next(); {
		if o.Key() == chargeBillableCurrency {
			c.billable = d.readAmount()
		} else {
			c.request, c.has = r.Mark(), r.Kind() == '{'
		}
	}
	return c
}

// money is a charge in one view.
func (d *decoder) money(c charge, view int) travel.Money {
	switch {
	case view == billable:
		return c.billable.money()
	case !c.has, d.r.Err() != nil:
		return travel.Money{}
	}
	behind := d.r.Mark()
	defer d.r.Rewind(behind)
	d.r.Rewind(c.request)
	return d.readAmount().money()
}

func (d *decoder) readAmount() (a amount) {
	r := d.r
	for o := r.Object(amountKeys); o.Next(); {
		if o.Key() == amountValue {
			a.value = r.View()
		} else {
			a.currency = r.Intern()
		}
	}
	return a
}

func (a amount) money() travel.Money { return document.Advisory(a.value, a.currency) }

// sums is what the whole party pays, in one view. All but total may be not stated.
type sums struct {
	total, inclusive, exclusive, atProperty travel.Money
}

// price fills in what the rate costs, and returns what cancelling may cost a share of: the
// price without what the property collects.
//
// What is charged outweighs what it comes to in the currency asked for, which is an
// estimate of the day. But a total that lacks a mandatory fee is worse than an estimate:
// where fees are in another currency than the rest, and the estimates are not, these count.
func (d *decoder) price(out *travel.Rate, byProperty bool) (charged travel.Money, rule string) {
	if len(d.prices) > maxOccupancies {
		return travel.Money{}, travel.RuleWrongOccupancy
	}
	if rule := d.match(out); rule != "" {
		return travel.Money{}, rule
	}
	s, ok := d.sum(billable, true)
	if !ok {
		if s, ok = d.sum(requested, true); ok {
			d.answer.Note("request_currency", 1)
		}
	}
	for view := billable; view <= requested && !ok; view++ {
		if s, ok = d.sum(view, false); ok {
			d.answer.Note("tax_not_in_total", 1)
		}
	}
	if !ok {
		return travel.Money{}, d.noPrice()
	}
	out.Price.Total, out.Price.Base, out.PayAtProperty = s.total, s.exclusive, s.atProperty
	if s.inclusive.Known() {
		charged = s.inclusive
		if s.exclusive.Currency == s.inclusive.Currency && s.exclusive.Minor <= s.inclusive.Minor {
			out.Price.Taxes = travel.Money{Minor: s.inclusive.Minor - s.exclusive.Minor, Currency: s.inclusive.Currency}
		}
		if s.inclusive.Minor <= 0 { // fees do not make it a price
			out.Price.Total = s.inclusive
		}
	} else {
		charged = s.total
	}
	out.Price.StateFees(s.atProperty)
	if byProperty {
		out.PayAtProperty = out.Price.Total
	}
	return charged, ""
}

// match sets how many rooms of each occupancy are priced: those asked for, or one of each
// in the document. Prices of occupancies that were not asked for are left out.
func (d *decoder) match(out *travel.Rate) (rule string) {
	if d.asked.rooms == nil {
		told := true
		for i := range d.prices {
			p := &d.prices[i]
			p.count, told = 1, told && p.occupancy.Adults > 0
			out.Rooms = append(out.Rooms, travel.RateRoom{Count: 1, Occupancy: p.occupancy})
		}
		if !told {
			out.Rooms = nil
		}
		return ""
	}
	out.Rooms = d.asked.rooms // shared, as nobody changes it
	for _, room := range d.asked.rooms {
		at := slices.IndexFunc(d.prices, func(p pricing) bool {
			return p.occupancy.Adults == room.Occupancy.Adults && slices.Equal(p.occupancy.ChildAges, room.Occupancy.ChildAges)
		})
		if at < 0 {
			return travel.RuleWrongOccupancy
		}
		d.prices[at].count = room.Count
	}
	if len(d.prices) > len(d.asked.rooms) {
		d.answer.Note("other_occupancies", 1)
	}
	return ""
}

// noPrice is the rule by which a rate without any sum is dropped.
func (d *decoder) noPrice() string {
	for i := range d.prices {
		for _, c := range []charge{d.prices[i].whole, d.prices[i].inclusive} {
			if _, rule := document.Money(c.billable.value, c.billable.currency); rule == travel.RuleUnknownCurrency {
				return rule
			}
		}
	}
	return travel.RuleNoPrice
}

// sum adds up all rooms in one view; false if a total is not stated, or not in the same
// currency. With all fees it is false too if some fee is in no such total.
func (d *decoder) sum(view int, allFees bool) (s sums, ok bool) {
	first := true
	for i := range d.prices {
		p := &d.prices[i]
		if p.count == 0 {
			continue
		}
		room, ok := d.room(p, view, allFees)
		if !ok || !first && room.total.Currency != s.total.Currency {
			return sums{}, false
		}
		if room = room.times(p.count); first {
			s, first = room, false
		} else {
			s = s.plus(room)
		}
	}
	return s, !first
}

func (s sums) times(n int) sums {
	return sums{s.total.Times(n), s.inclusive.Times(n), s.exclusive.Times(n), s.atProperty.Times(n)}
}

func (s sums) plus(o sums) sums {
	return sums{s.total.Plus(o.total), s.inclusive.Plus(o.inclusive), s.exclusive.Plus(o.exclusive), s.atProperty.Plus(o.atProperty)}
}

// room is what one room of an occupancy costs, in one view: property_inclusive, else
// inclusive with the fees that the property collects. Where the first is less than the
// second without any fee, it forgot some.
func (d *decoder) room(p *pricing, view int, allFees bool) (s sums, ok bool) {
	whole := d.money(p.whole, view)
	s.inclusive, s.exclusive = d.money(p.inclusive, view), d.money(p.exclusive, view)
	if p.whole == (charge{}) && p.inclusive == (charge{}) && view == billable {
		s.inclusive = d.nights(p, 0)
	}
	if whole.Known() && s.inclusive.Currency == whole.Currency && whole.Minor < s.inclusive.Minor {
		if view == billable && allFees {
			d.answer.Note("total_differs", 1)
		}
		whole = travel.Money{}
	}
	fees, complete := d.atProperty(p, view, currencyOf(whole, s.inclusive))
	switch {
	case whole.Known():
		s.total, s.atProperty = whole, fees
		if s.inclusive.Currency == whole.Currency {
			s.atProperty = travel.Money{Minor: whole.Minor - s.inclusive.Minor, Currency: whole.Currency}
		} else {
			s.inclusive = travel.Money{}
		}
	case !s.inclusive.Known(), allFees && !complete:
		return s, false
	case !complete:
		s.total = s.inclusive
	default:
		s.total, s.atProperty = s.inclusive, fees
		s.total.Minor += fees.Minor
	}
	if s.exclusive.Currency != s.total.Currency {
		s.exclusive = travel.Money{}
	}
	return s, true
}

// currencyOf is the currency of the first that is stated.
func currencyOf(a, b travel.Money) travel.Currency {
	if a.Known() {
		return a.Currency
	}
	return b.Currency
}

// atProperty is the fees that the property collects, not stated if none are mentioned.
// It is complete unless some fee is not an amount of the currency.
func (d *decoder) atProperty(p *pricing, view int, currency travel.Currency) (fees travel.Money, complete bool) {
	if !p.hasFees {
		if p.propertyFees == (charge{}) {
			return travel.Money{}, true
		}
		fees = d.money(p.propertyFees, view)
		if fees.Currency != currency || fees.Minor < 0 {
			return travel.Money{}, false
		}
		return fees, true
	}
	fees.Currency = currency
	for _, f := range p.fees {
		if f == (charge{}) {
			continue
		}
		m := d.money(f, view)
		if m.Currency != currency || m.Minor < 0 {
			return travel.Money{}, false
		}
		fees.Minor += m.Minor
	}
	return fees, true
}

// nights adds up the charges of the first n nights, or of all with what is charged for the
// stay if n is 0. Not stated if they are not all amounts of one currency, or fewer.
func (d *decoder) nights(p *pricing, n int) (all travel.Money) {
	r := d.r
	if !p.hasNightly || r.Err() != nil {
		return travel.Money{}
	}
	behind := r.Mark()
	defer r.Rewind(behind)
	good, count := true, 0
	add := func() {
		m := d.readAmount().money()
		if all.Currency == "" {
			all.Currency = m.Currency
		}
		good = good && m.Known() && m.Currency == all.Currency
		all.Minor += m.Minor
	}
	r.Rewind(p.nightly)
	for a := r.Array(); a.Next(); {
		if n > 0 && count >= n {
			continue
		}
		for night := r.Array(); night.Next(); {
			add()
		}
		count++
	}
	if n == 0 && p.hasStay {
		r.Rewind(p.stay)
		for a := r.Array(); a.Next(); {
			add()
		}
	}
	if !good || count == 0 || count < n || r.Err() != nil {
		return travel.Money{}
	}
	return all
}
