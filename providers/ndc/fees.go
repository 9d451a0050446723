package ndc

import (
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

const (
	feesSurcharge = iota
	feesFee
	feesTotal
	feesTotalAmount
	feesAmount
)

var feesNames = document.NewKeys([]string{
	feesSurcharge: "Surcharge", feesFee: "Fee", feesTotal: "Total", feesTotalAmount: "TotalAmount", feesAmount: "Amount",
}...)

// readFees reads surcharges or fees of a price: one, or a list of them. What they are broken down
// into is left out.
func (d *decoder) readFees(p *price, currency string) {
	currency = d.currency(currency)
	if p.fees.empty() {
		p.fees = here(d.feeAmounts)
	}
	for c := d.x.Children(feesNames); c.Next(); {
		if c.Key() == feesSurcharge || c.Key() == feesFee {
			d.readFees(p, currency)
			continue
		}
		d.feeAmounts = append(d.feeAmounts, d.amount(currency))
		p.fees.to = int32(len(d.feeAmounts))
	}
}

// feesOf is the sum of a price's surcharges and fees, zero without any, and not stated if one of
// them cannot be read or is in another currency than the total.
func (d *decoder) feesOf(p *price, currency travel.Currency) travel.Money {
	sum := travel.Money{Currency: currency}
	for _, a := range d.feeAmounts[p.fees.from:p.fees.to] {
		m := d.advisory(a, string(currency))
		if m.Currency != currency || m.Minor < 0 {
			return travel.Money{}
		}
		sum.Minor += m.Minor
	}
	return sum
}
