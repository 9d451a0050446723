package amadeus

import (
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// price is the price of an offer, or of one traveller, as stated: views but the currency.
type price struct {
	currency                string
	total, grandTotal, base string
	fees, taxes             []string
	bag                     string // a checked bag beside what is included
}

const (
	priceCurrency = iota
	priceTotal
	priceBase
	priceGrandTotal
	priceFees
	priceTaxes
	priceAdditionalServices
)

var priceKeys = document.NewKeys([]string{
	priceCurrency: "currency", priceTotal: "total", priceBase: "base", priceGrandTotal: "grandTotal", priceFees: "fees",
	priceTaxes: "taxes", priceAdditionalServices: "additionalServices",
}...)

var amountKeys = document.NewKeys("amount")

const (
	addedType = iota
	addedAmount
)

var addedKeys = document.NewKeys([]string{addedType: "type", addedAmount: "amount"}...)

func (d *airDecoder) readPrice() (p price) {
	r := d.r
	for o := r.Object(priceKeys); o.Next(); {
		switch o.Key() {
		case priceCurrency:
			p.currency = r.Intern()
		case priceTotal:
			p.total = r.View()
		case priceBase:
			p.base = r.View()
		case priceGrandTotal:
			p.grandTotal = r.View()
		case priceFees:
			p.fees = d.readAmounts()
		case priceTaxes:
			p.taxes = d.readAmounts()
		case priceAdditionalServices:
			p.bag = d.readAddedBag()
		}
	}
	return p
}

// readAddedBag is what a checked bag costs among the services that could be bought, "" if
// it does not stand there.
func (d *airDecoder) readAddedBag() (bag string) {
	r := d.r
	for a := r.Array(); a.Next(); {
		var sort, amount string
		for o := r.Object(addedKeys); o.Next(); {
			if o.Key() == addedType {
				sort = r.View()
			} else {
				amount = r.View()
			}
		}
		if sort == "CHECKED_BAGS" {
			bag = amount
		}
	}
	return bag
}

// readAmounts is the amounts of a list of fees or taxes. Amounts of zero, which most
// fees are, are left out.
func (d *airDecoder) readAmounts() (amounts []string) {
	r := d.r
	for a := r.Array(); a.Next(); {
		for o := r.Object(amountKeys); o.Next(); {
			if amount := r.View(); amount != "0.00" && amount != "0" && amount != "0.0" {
				amounts = append(amounts, amount)
			}
		}
	}
	return amounts
}

// sum adds amounts up, and is not stated unless each can be read.
func sum(amounts []string, currency string) travel.Money {
	total := travel.Money{Currency: travel.Currency(currency)}
	for _, a := range amounts {
		m, rule := document.Money(a, currency)
		if rule != "" {
			return travel.Money{}
		}
		total = total.Plus(m)
	}
	return total
}

// travelerPrices is what the travellers' own prices add up to, for offers that state no price.
type travelerPrices struct {
	total travel.Money
	taxes travel.Money
	mixed bool // some traveller has no total, or one in another currency
	bare  bool // some traveller has no taxes
	count int
}

func (t *travelerPrices) add(p *price) {
	t.count++
	total := document.Advisory(p.total, p.currency)
	if t.total.Known() {
		total = t.total.Plus(total)
	}
	if !total.Known() {
		t.mixed = true
		return
	}
	t.total = total
	taxes := sum(p.taxes, p.currency)
	if t.taxes.Known() {
		taxes = t.taxes.Plus(taxes)
	}
	if p.taxes == nil || !taxes.Known() {
		t.bare = true
		return
	}
	t.taxes = taxes
}

// of is the price of the offer for the whole party, or the rule that drops it.
func (p *price) of(travelers *travelerPrices) (travel.Price, string) {
	if p.currency == "" {
		p.currency = string(travelers.total.Currency) // what the travellers' totals are in
	}
	out := travel.Price{Kind: travel.Live, Base: document.Advisory(p.base, p.currency)}
	var rule string
	switch fees := sum(p.fees, p.currency); {
	case p.grandTotal != "":
		out.Total, rule = document.Money(p.grandTotal, p.currency)
	case !fees.Known() && len(p.fees) > 0:
		rule = travel.RuleNoPrice
	case p.total != "":
		if out.Total, rule = document.Money(p.total, p.currency); rule == "" && out.Total.Minor > 0 {
			out.Total.Minor += fees.Minor
		}
	case travelers.count > 0 && !travelers.mixed && string(travelers.total.Currency) == p.currency:
		if out.Total = travelers.total; out.Total.Minor > 0 {
			out.Total.Minor += fees.Minor
		}
	default:
		_, rule = document.Money("", p.currency)
	}
	switch {
	case p.taxes != nil:
		out.Taxes = sum(p.taxes, p.currency)
	case travelers.count > 0 && !travelers.mixed && !travelers.bare:
		out.Taxes = travelers.taxes
	}
	out.StateFees(sum(p.fees, p.currency))
	return out, rule
}
