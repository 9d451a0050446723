package opentravel

import (
	"bytes"
	"cmp"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// Amount is an amount as written.
type Amount struct {
	Text     string // a view
	Currency string // to keep; "" if it stands elsewhere, or nowhere
	Decimals int8   // DecimalPlaces and one more; 0 is unstated
}

// Sum is the parts of a fare. Taxes are what the document says of them in one amount.
type Sum struct {
	Total, Base, Equiv, Taxes Amount
	TaxList, FeeList          Listed
}

// Listed is amounts that are only listed, added up; one that cannot be read makes the sum unknown.
type Listed struct {
	Sum   travel.Money
	count int
}

// The names of an amount. Lists that begin with the same names share these constants.
const (
	amountAmount = iota
	amountCurrencyCode
	amountDecimalPlaces
	amountKeyCount // how many there are
)

var amountNames = NewNames([]string{amountAmount: "Amount", amountCurrencyCode: "CurrencyCode", amountDecimalPlaces: "DecimalPlaces"}...)

// amount reads the amount that an element has in its attributes.
func (d *Document) amount(around Amount) Amount {
	a := Amount{Currency: around.Currency, Decimals: around.Decimals}
	for f := d.Fields(amountNames); f.Next(); {
		d.amountField(&a, f.Key())
	}
	return a
}

// amountField reads one of the names that amountNames has, and nothing for any other.
func (d *Document) amountField(a *Amount, key int) {
	switch key {
	case amountAmount:
		a.Text = d.View()
	case amountCurrencyCode:
		a.Currency = d.Intern()
	case amountDecimalPlaces:
		if n, ok := d.Int(); ok && n >= 0 && n <= 6 {
			a.Decimals = int8(n) + 1
		}
	}
}

// Money reads amounts of one document.
type Money struct {
	MinorUnits bool   // amounts without a point are in units of their DecimalPlaces
	Currency   string // of an itinerary, for amounts around which no currency is stated
}

// In is the amount, in its own currency or else in that of the amounts around it.
func (m Money) In(a Amount, around Amount) (travel.Money, string) {
	if a.Text == "" {
		return travel.Money{}, travel.RuleNoPrice
	}
	if a.Currency == "" {
		a.Currency = cmp.Or(around.Currency, m.Currency)
	}
	if a.Decimals == 0 && a.Currency == around.Currency {
		a.Decimals = around.Decimals
	}
	if a.Currency == "" {
		return travel.Money{}, travel.RuleUnknownCurrency
	}
	if m.MinorUnits && a.Decimals > 1 {
		return document.Scaled(a.Text, int(a.Decimals)-1, a.Currency)
	}
	return document.Money(a.Text, a.Currency)
}

// sums are a total with its parts, each not stated if it cannot be told. Fees are those outside
// base and taxes.
type sums struct{ total, base, taxes, fees travel.Money }

// read makes amounts of a fare. What is in another currency than the total is left out.
func (m Money) read(s *Sum, around Amount) (out sums, rule string) {
	if s.Total.Text != "" && s.Total.Currency == "" && around.Currency == "" {
		s.Total.Currency = cmp.Or(s.Equiv.Currency, s.Base.Currency, m.Currency) // a base without an equivalent is in the currency of sale
	}
	if s.Total.Text != "" {
		around = s.Total
	}
	out.total, rule = m.In(s.Total, around)
	same := func(a Amount) travel.Money {
		if got, _ := m.In(a, around); got.Known() && string(got.Currency) == around.Currency {
			return got
		}
		return travel.Money{}
	}
	if out.base = same(s.Equiv); !out.base.Known() {
		out.base = same(s.Base)
	}
	if out.taxes = same(s.Taxes); !out.taxes.Known() && string(s.TaxList.Sum.Currency) == around.Currency {
		out.taxes = s.TaxList.Sum
	}
	if s.FeeList.count > 0 && string(s.FeeList.Sum.Currency) == around.Currency {
		out.fees = s.FeeList.Sum
	}
	return out, rule
}

// added is a fare that states no total: the base with taxes and fees, if there are taxes.
func (m Money) added(s *Sum) (out sums, rule string) {
	if s.Total.Text != "" {
		return sums{}, travel.RuleNoPrice
	}
	base := s.Base
	if s.Equiv.Text != "" {
		base = s.Equiv
	}
	if out.base, rule = m.In(base, Amount{}); rule != "" {
		return sums{}, rule
	}
	if out.taxes, _ = m.In(s.Taxes, base); !out.taxes.Known() {
		out.taxes = s.TaxList.Sum
	}
	if out.total = out.base.Plus(out.taxes); s.FeeList.count > 0 {
		out.fees = s.FeeList.Sum
		out.total = out.total.Plus(out.fees)
	}
	if !out.total.Known() {
		return sums{}, travel.RuleNoPrice
	}
	return out, ""
}

// list adds one of listed amounts.
func (m Money) list(l *Listed, a Amount) {
	l.count++
	got, rule := m.In(a, Amount{})
	switch {
	case l.count == 1 && rule == "":
		l.Sum = got
	case rule == "":
		l.Sum = l.Sum.Plus(got)
	default:
		l.Sum = travel.Money{}
	}
}

// pointed reports whether an amount of a document has a point. It looks at the bytes, ahead
// of the decoding, as it must be known of the whole document.
func pointed(body []byte) bool {
	for _, name := range [...]string{"Amount", "amount"} {
		for rest := body; ; {
			at := bytes.Index(rest, []byte(name))
			if at < 0 {
				break
			}
			before := byte(' ')
			if at > 0 {
				before = rest[at-1]
			}
			rest = rest[at+len(name):]
			if letter(before) {
				continue // the end of another name
			}
			value := bytes.TrimLeft(rest, "\"'=: \t\r\n")
			for i := 0; i < len(value) && i < document.MaxNumber; i++ {
				if value[i] == '.' {
					return true
				}
				if value[i] != '-' && value[i]-'0' > 9 {
					break
				}
			}
		}
	}
	return false
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
