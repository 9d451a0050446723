package ndc

import (
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// amount is an amount as written. Text is a view.
type amount struct {
	text     string
	currency string // "" if it stands elsewhere, or nowhere
	encoded  bool   // in the currency's smallest unit, by its element's name
}

// price is a total with its parts.
type price struct {
	total, base, equiv, taxes amount
	fees                      span // of feeAmounts
}

const (
	priceTotalAmount = iota
	priceTotal
	priceSimpleCurrencyPrice
	priceDetailCurrencyPrice
	priceEncodedCurrencyPrice
	priceBaseAmount
	priceEquivAmount
	priceTaxes
	priceTaxSummary
	priceTotalTaxAmount
	priceSurcharges
	priceSurcharge
	priceFees
	priceFee
)

var priceNames = document.NewKeys([]string{
	priceTotalAmount: "TotalAmount", priceTotal: "Total", priceSimpleCurrencyPrice: "SimpleCurrencyPrice",
	priceDetailCurrencyPrice: "DetailCurrencyPrice", priceEncodedCurrencyPrice: "EncodedCurrencyPrice", priceBaseAmount: "BaseAmount",
	priceEquivAmount: "EquivAmount", priceTaxes: "Taxes", priceTaxSummary: "TaxSummary", priceTotalTaxAmount: "TotalTaxAmount",
	priceSurcharges: "Surcharges", priceSurcharge: "Surcharge", priceFees: "Fees", priceFee: "Fee",
}...)

// readPrice reads the price that the element holds, in the forms of all releases. A
// currency that a parent states holds for what is inside.
func (d *decoder) readPrice(p *price, currency string) {
	x := d.x
	currency = d.currency(currency)
	if !x.Nested() {
		if a := d.amount(currency); a.text != "" {
			p.total = a
		}
		return
	}
	for c := x.Children(priceNames); c.Next(); {
		switch c.Key() {
		case priceTotalAmount, priceTotal, priceSimpleCurrencyPrice, priceDetailCurrencyPrice:
			d.readPrice(p, currency)
		case priceEncodedCurrencyPrice:
			p.total = d.amount(currency)
			p.total.encoded = true
		case priceBaseAmount:
			p.base = d.amount(currency)
		case priceEquivAmount:
			p.equiv = d.amount(currency)
		case priceTaxes, priceTaxSummary:
			d.readTaxes(p, currency)
		case priceTotalTaxAmount:
			p.taxes = d.amount(currency)
		default:
			d.readFees(p, currency)
		}
	}
}

var taxNames = document.NewKeys("Total", "TotalTaxAmount")

func (d *decoder) readTaxes(p *price, currency string) {
	if currency = d.currency(currency); !d.x.Nested() {
		return
	}
	for c := d.x.Children(taxNames); c.Next(); {
		p.taxes = d.amount(currency)
	}
}

// currency is the one that the element states, else the one around it.
func (d *decoder) currency(around string) string {
	for _, name := range [...]string{"CurCode", "Code", "CurrencyCode"} {
		if c := d.x.AttrIntern(name); c != "" {
			return c
		}
	}
	return around
}

// amount reads the amount that is the text of the element.
func (d *decoder) amount(currency string) amount {
	a := amount{currency: d.currency(currency)}
	a.text = d.x.View()
	d.dotted = d.dotted || strings.IndexByte(a.text, '.') >= 0
	return a
}

// money is what an amount says. Around is the currency of the amounts beside it.
func (d *decoder) money(a amount, around string) (m travel.Money, rule string) {
	currency, text := a.currency, a.text
	if text == "" {
		return travel.Money{}, travel.RuleNoPrice
	}
	if text[0] >= 'A' && len(text) > 3 && isLetters(text[:3]) { // EUR178.74
		currency, text = strings.Clone(text[:3]), strings.TrimSpace(text[3:])
	}
	if currency == "" {
		currency = around
	}
	if currency == "" && len(d.decimals) == 1 {
		if key := d.decimals[0].key; len(key) >= 3 {
			currency = strings.Clone(key[len(key)-3:])
		}
	}
	exponent, known := travel.Currency(currency).Exponent()
	if known && strings.IndexByte(text, '.') < 0 && (a.encoded || !d.dotted) {
		if m, ok := d.decimalsOf(currency); ok {
			text = pointed(text, m)
		} else if a.encoded && exponent > 0 {
			return travel.Money{}, travel.RuleNoPrice // nobody says where the point is
		}
	}
	return document.Money(text, currency)
}

func isLetters(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}

// advisory is an amount beside the price, not stated if it cannot be read.
func (d *decoder) advisory(a amount, around string) travel.Money {
	m, _ := d.money(a, around)
	return m
}

// sums are a total with its parts, each not stated if it cannot be told.
type sums struct{ total, base, taxes, fees travel.Money }

// read makes amounts of a price. Base and taxes in another currency than the total are
// left out; the base's equivalent, which the airline converted itself, stands for it.
func (d *decoder) read(p *price) (s sums, rule string) {
	around := p.total.currency
	if around == "" {
		around = p.base.currency
	}
	s.total, rule = d.money(p.total, around)
	s.base, s.taxes = d.advisory(p.base, around), d.advisory(p.taxes, around)
	if rule != "" {
		return s, rule
	}
	if s.base.Currency != s.total.Currency {
		s.base = d.advisory(p.equiv, around)
	}
	if s.base.Currency != s.total.Currency {
		s.base = travel.Money{}
	}
	if s.taxes.Currency != s.total.Currency {
		s.taxes = travel.Money{}
	}
	s.fees = d.feesOf(p, s.total.Currency)
	return s, ""
}

// add adds n times o; what is not stated in both, or in another currency, is not stated.
func (s *sums) add(o sums, n int) {
	s.total, s.base = s.total.Plus(o.total.Times(n)), s.base.Plus(o.base.Times(n))
	s.taxes, s.fees = s.taxes.Plus(o.taxes.Times(n)), s.fees.Plus(o.fees.Times(n))
}

// price is what an offer costs everybody. The offer's own total stands; without one it is the
// sum of its items, read per item or per passenger as the document's evidence says.
func (d *decoder) price(o *offer) (total sums, rule string) {
	stated, rule := d.read(&o.price)
	if rule == travel.RuleNoPrice && o.price.total.text != "" || rule == travel.RuleUnknownCurrency {
		return stated, rule // there is a total, and it cannot be read
	}
	if rule == "" && stated.base.Known() && stated.taxes.Known() {
		return stated, ""
	}
	perItem, perPassenger, told := d.itemSums(o)
	if rule == "" {
		for _, s := range []sums{perItem, perPassenger} {
			if s.total == stated.total { // the items are the whole offer, read this way
				if !stated.base.Known() {
					stated.base = s.base
				}
				if !stated.taxes.Known() {
					stated.taxes = s.taxes
				}
				if stated.fees.Minor == 0 {
					stated.fees = s.fees
				}
				break
			}
		}
		return stated, ""
	}
	if perItem.total != perPassenger.total {
		d.learn()
		switch {
		case told == tellsPassenger, told == tellsNothing && d.reading == tellsPassenger:
			return priced(perPassenger)
		case told == tellsNothing && d.reading == tellsNothing:
			d.answer.Note("price_reading_assumed", 1)
			if d.perPassenger {
				return priced(perPassenger)
			}
		}
	}
	return priced(perItem)
}

func priced(s sums) (sums, string) {
	if !s.total.Known() {
		return s, travel.RuleNoPrice
	}
	return s, ""
}

// reading is what evidence says of item prices.
type reading int8

const (
	tellsNothing reading = iota
	tellsItem
	tellsPassenger
)

// itemSums adds up the items of an offer that must be bought, in both readings, and
// tells which one the fares inside the items speak for.
func (d *decoder) itemSums(o *offer) (perItem, perPassenger sums, told reading) {
	first := true
	for i := o.items.from; i < o.items.to; i++ {
		it := &d.items[i]
		if !d.bought(o, it) {
			continue
		}
		s, rule := d.read(&it.price)
		byFare, whole := d.fareSums(it)
		n := d.passengers(o, it)
		each := n
		switch {
		case rule == "" && whole && n > 1 && s.total == byFare.total:
			told = tellsItem
		case rule == "" && whole && n > 1 && byFare.total.Currency == s.total.Currency && byFare.total.Minor == int64(n)*s.total.Minor:
			told = tellsPassenger
		case rule != "" && whole: // fares are always for one passenger, and have been multiplied
			s, each = byFare, 1
		}
		if rule == "" && whole && s.total == byFare.total { // the same price in more detail
			if !s.base.Known() {
				s.base = byFare.base
			}
			if !s.taxes.Known() {
				s.taxes = byFare.taxes
			}
			if s.fees.Minor == 0 {
				s.fees = byFare.fees
			}
		}
		if first {
			zero := travel.Money{Currency: s.total.Currency}
			perItem = sums{zero, travel.Money{Currency: s.base.Currency}, travel.Money{Currency: s.taxes.Currency}, travel.Money{Currency: s.fees.Currency}}
			perPassenger, first = perItem, false
		}
		perItem.add(s, 1)
		perPassenger.add(s, each)
	}
	return perItem, perPassenger, told
}

// fareSums is the sum of an item's fares, each for all of its passengers; whole is
// false if some fare states no price.
func (d *decoder) fareSums(it *item) (s sums, whole bool) {
	for f := it.fares.from; f < it.fares.to; f++ {
		one, rule := d.read(&d.fares[f].price)
		if rule != "" {
			return sums{}, false
		}
		n := int(d.fares[f].pax.to - d.fares[f].pax.from)
		if n == 0 && it.fares.to-it.fares.from == 1 {
			n = d.distinct(it)
		}
		if f == it.fares.from {
			zero := travel.Money{Currency: one.total.Currency}
			s = sums{zero, travel.Money{Currency: one.base.Currency}, travel.Money{Currency: one.taxes.Currency}, travel.Money{Currency: one.fees.Currency}}
		}
		s.add(one, max(n, 1))
	}
	return s, !it.fares.empty() && s.total.Known()
}

// passengers is how many an item is for: everybody, if it is the only one and does not say.
func (d *decoder) passengers(o *offer, it *item) int {
	n := d.distinct(it)
	if n == 0 && o.items.to-o.items.from == 1 {
		n = len(d.pax)
	}
	return max(n, 1)
}

// distinct counts the passengers that an item names.
func (d *decoder) distinct(it *item) int {
	d.seen = d.seen[:0]
	count := func(ids []int32) {
		for _, n := range ids {
			if !contains(d.seen, n) && len(d.seen) < maxPassengers {
				d.seen = append(d.seen, n)
			}
		}
	}
	count(it.pax.of(d.paxIDs))
	for f := it.fares.from; f < it.fares.to; f++ {
		count(d.fares[f].pax.of(d.paxIDs))
	}
	return len(d.seen)
}

// maxPassengers bounds work on documents that make no sense; a booking has nine.
const maxPassengers = 64

func contains(ids []int32, id int32) bool {
	for _, n := range ids {
		if n == id {
			return true
		}
	}
	return false
}

// bought reports whether an item is part of the price: fares are, and what is mandatory.
// Services of the catalogue and others without a fare are for the traveller to choose,
// unless the offer has nothing else, whatever it says of them.
func (d *decoder) bought(o *offer, it *item) bool {
	switch {
	case it.mandatory == travel.Yes, !it.fares.empty():
		return true
	case it.defined:
		return false
	}
	for i := o.items.from; i < o.items.to; i++ {
		switch other := &d.items[i]; {
		case !other.fares.empty():
			return it.mandatory != travel.No && !it.flights.empty()
		case it.mandatory == travel.No && other.mandatory == travel.Yes:
			return false
		}
	}
	return true
}

// learn finds out from the offers that state both a total and items how items are
// priced in this document. Most votes win.
func (d *decoder) learn() {
	if d.learnt {
		return
	}
	d.learnt = true
	votes := 0
	for i := range d.offers {
		o := &d.offers[i]
		stated, rule := d.read(&o.price)
		if rule != "" {
			continue
		}
		perItem, perPassenger, told := d.itemSums(o)
		switch {
		case perItem.total == perPassenger.total:
		case perItem.total == stated.total, told == tellsItem:
			votes--
		case perPassenger.total == stated.total, told == tellsPassenger:
			votes++
		}
	}
	switch {
	case votes > 0:
		d.reading = tellsPassenger
	case votes < 0:
		d.reading = tellsItem
	}
}
