// Package fx converts money with a dated table of reference rates, in the format
// of the European Central Bank's daily file. A Table is immutable; a Source keeps
// the newest one. Amounts are computed with integers and rounded once, half away
// from zero. What to do about an old table is left to the caller: see Table.Age.
package fx

import (
	"math/big"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// publishedAt is when on its day a table is published, in UTC: about 16:00 in Frankfurt.
const publishedAt = 15 * time.Hour

// rate is the price of one euro: units / 10^decimals of the currency. Parse keeps
// units below 10^10 and decimals at most 6, so that with an exponent of at most 3
// every product below stays under 10^19, which fits 64 bits.
type rate struct {
	units    uint64
	decimals int
	exponent int // of the currency's minor unit
	// micro-euros = minor * mul / div
	mul, div uint64
}

// Table is the rates of one day. It is immutable and safe for concurrent use.
// The euro always has rate 1.
type Table struct {
	date   travel.Date
	source string
	rates  map[travel.Currency]rate
}

func newTable(date travel.Date, source string) *Table {
	t := &Table{date: date, source: source, rates: map[travel.Currency]rate{}}
	t.add("EUR", 1, 0)
	return t
}

// add sets the rate; the currency must be known.
func (t *Table) add(c travel.Currency, units uint64, decimals int) {
	exponent, _ := c.Exponent()
	r := rate{units: units, decimals: decimals, exponent: exponent, mul: pow10[decimals+6], div: units * pow10[exponent]}
	r.mul, r.div = reduce(r.mul, r.div)
	t.rates[c] = r
}

// Date is the day of the rates.
func (t *Table) Date() travel.Date { return t.date }

// Source says where the table came from: a path, an address or "embedded".
func (t *Table) Source() string { return t.source }

// Has reports whether the table has a rate for the currency.
func (t *Table) Has(c travel.Currency) bool {
	_, ok := t.rates[c]
	return ok
}

// Age is how long ago the rates were published, counted from 15:00 UTC of their day; never below zero.
func (t *Table) Age(now time.Time) time.Duration {
	return max(now.Sub(t.date.Time().Add(publishedAt)), 0)
}

// EURMicros returns the amount in millionths of a euro, for ranking. It is false
// without a rate, for money that is not stated, and out of range. It does not allocate.
func (t *Table) EURMicros(m travel.Money) (int64, bool) {
	r, ok := t.rates[m.Currency]
	if !ok {
		return 0, false
	}
	return scale(m.Minor, r.mul, r.div)
}

// FromMicros returns millionths of a euro as money. It is false without a rate, and out of range.
func (t *Table) FromMicros(micros int64, to travel.Currency) (travel.Money, bool) {
	r, ok := t.rates[to]
	if !ok {
		return travel.Money{}, false
	}
	return money(to)(scale(micros, r.div, r.mul))
}

// Convert returns the amount in another currency, rounded once. The same currency
// is the identity, also without a rate. It is false without a rate, for money that
// is not stated, and out of range.
func (t *Table) Convert(m travel.Money, to travel.Currency) (travel.Money, bool) {
	if m.Currency == to {
		return m, m.Known()
	}
	from, ok := t.rates[m.Currency]
	if !ok {
		return travel.Money{}, false
	}
	into, ok := t.rates[to]
	if !ok {
		return travel.Money{}, false
	}
	// minor / 10^exponent of from / its rate * rate of into * 10^exponent of into
	mul, div := reduce(pow10[from.decimals+into.exponent]*into.units, pow10[into.decimals+from.exponent]*from.units)
	return money(to)(scale(m.Minor, mul, div))
}

func money(c travel.Currency) func(int64, bool) (travel.Money, bool) {
	return func(minor int64, ok bool) (travel.Money, bool) {
		if !ok {
			return travel.Money{}, false
		}
		return travel.Money{Minor: minor, Currency: c}, true
	}
}

// Total is a quote's price in the given currency: of a combination the sum of its tickets,
// each rounded once, as they are shown beside it. It is false without a rate.
func (t *Table) Total(q *travel.Quote, to travel.Currency) (travel.Money, bool) {
	if q.Parts == nil {
		return t.Convert(q.Offer.Price.Total, to)
	}
	sum := travel.Money{Currency: to}
	for i := range q.Parts {
		part, ok := t.Convert(q.Parts[i].Offer.Price.Total, to)
		if !ok {
			return travel.Money{}, false
		}
		sum.Minor += part.Minor
	}
	return sum, true
}

// Rate returns how much of one currency a unit of the other is, as a decimal with
// six significant digits, for display: Rate("GBP", "JPY") = "196.652".
func (t *Table) Rate(from, to travel.Currency) (string, bool) {
	f, ok := t.rates[from]
	if !ok {
		return "", false
	}
	i, ok := t.rates[to]
	if !ok {
		return "", false
	}
	return significant(new(big.Rat).SetFrac(
		new(big.Int).SetUint64(pow10[f.decimals]*i.units),
		new(big.Int).SetUint64(pow10[i.decimals]*f.units)), 6), true
}

// significant writes a positive number with so many digits that count, without zeros at the end.
func significant(x *big.Rat, digits int) string {
	text := x.FloatString(24)
	whole, part, _ := strings.Cut(text, ".")
	decimals := digits - len(whole)
	if whole == "0" {
		decimals = digits + len(part) - len(strings.TrimLeft(part, "0"))
	}
	text = x.FloatString(max(decimals, 0))
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}
