package world

import (
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/travel"
)

// Rates is how many thousandths of a currency's major unit one euro buys: the
// world counts in euro cents, partners sell in their own currency.
var Rates = map[travel.Currency]int64{
	"EUR": 1000, "GBP": 860, "USD": 1090, "CAD": 1490, "AUD": 1650, "CHF": 950, "SEK": 11300, "PLN": 4300,
	"JPY": 165000, "INR": 91000, "AED": 4000, "SGD": 1460, "KWD": 334,
}

// InCurrency is euro cents in minor units of a currency; currencies that rates does not list stay euros one to one.
func InCurrency(cents int64, c travel.Currency) travel.Money {
	rate, ok := Rates[c]
	if !ok {
		rate = 1000
	}
	exponent, _ := c.Exponent()
	minor := cents * rate // thousandths of hundredths
	for e := exponent; e < 2; e++ {
		minor /= 10
	}
	for e := 2; e < exponent; e++ {
		minor *= 10
	}
	return travel.Money{Minor: (minor + 500) / 1000, Currency: c}
}

// advance is what buying d days ahead costs, in permille: steep in the last three weeks.
var advance = []struct{ days, permille int }{
	{0, 1850}, {2, 1700}, {6, 1380}, {13, 1170}, {20, 1070}, {30, 1000}, {60, 955}, {120, 930}, {400, 960},
}

func AdvancePermille(days int) int {
	if days <= 0 {
		return advance[0].permille
	}
	for i := 1; i < len(advance); i++ {
		if a, b := advance[i-1], advance[i]; days <= b.days {
			return a.permille + (b.permille-a.permille)*(days-a.days)/(b.days-a.days)
		}
	}
	return advance[len(advance)-1].permille
}

// weekdays is the price of a day of departure in permille, Sunday first.
var weekdays = [7]int{1085, 1030, 935, 945, 1000, 1090, 980}

// season is dear in July, August and around the New Year, cheap in the weeks after it.
func season(d travel.Date) int {
	switch t := d.Time(); {
	case t.Month() == time.July || t.Month() == time.August:
		return 1170
	case t.Month() == time.December && t.Day() >= 18, t.Month() == time.January && t.Day() <= 4:
		return 1240
	case t.Month() == time.January || t.Month() == time.February || t.Month() == time.November:
		return 920
	}
	return 1000
}

// stopsPermille is what a traveller saves by changing.
var stopsPermille = []int{1000, 870, 810, 790}

// baseCents is the standard economy fare of a distance, one way, in euro cents
// without taxes: 22 euros, then 7.5, 5.2 and 4.4 cents a kilometre. LHR-JFK: 344 euros.
func baseCents(km int) int64 {
	near, middle, far := min(km, 1500), max(0, min(km, 6000)-1500), max(0, km-6000)
	return 2200 + int64(near)*75/10 + int64(middle)*52/10 + int64(far)*44/10
}

// taxCents are taxes and charges of one slice for one passenger.
func taxCents(km, stops int) int64 {
	tax := 1750 + int64(km)*4/10 + 450*int64(stops)
	if km > 3500 {
		tax += 5200
	}
	return tax
}

// fareCents is a journey's standard economy fare for an adult now, in euro cents without taxes.
func (w *World) fareCents(j *Journey, c *Carrier, now time.Time) int64 {
	date := travel.DateOf(j.Dep())
	days := int(date - travel.DateOf(now))
	p := rng.Permille(baseCents(j.km), c.Level*10)
	p = rng.Permille(p, stopsPermille[min(j.Stops(), 3)])
	p = rng.Permille(p, AdvancePermille(days))
	p = rng.Permille(p, weekdays[date.Time().Weekday()])
	p = rng.Permille(p, season(date))
	switch h := j.Dep().Hour(); {
	case h < 7 || h >= 21:
		p = rng.Permille(p, 920)
	case h < 10 || h >= 16 && h < 19:
		p = rng.Permille(p, 1040)
	}
	d := w.rng("fare").Num(int64(j.id))
	p = rng.Permille(p, d.Between(840, 1200))                  // this flight, always
	p = rng.Permille(p, d.Num(int64(date)).Between(930, 1080)) // this day
	return rng.Permille(p, w.drift(d, now))
}

// drift moves a price around its mean: each one changes once an hour, a sixth of them at every tick.
func (w *World) drift(d rng.RNG, now time.Time) int {
	epoch := (now.Unix()/int64(Tick/time.Second) + int64(d.Str("phase").Roll(6))) / 6
	return d.Str("drift").Num(epoch).Between(965, 1035)
}

// Passenger types by age, as airlines price them.
type PaxType byte

const (
	Adult PaxType = iota
	Child
	Infant // on a lap
)

// paxPermille is the share of the adult fare, and of its taxes, that each type pays.
var paxPermille = [3]struct{ fare, tax int }{Adult: {1000, 1000}, Child: {750, 900}, Infant: {100, 150}}

// LocalCurrency is what a few countries' city taxes are paid in; everywhere else it is euros.
var LocalCurrency = map[travel.Country]travel.Currency{
	"GB": "GBP", "US": "USD", "CA": "CAD", "AU": "AUD", "CH": "CHF", "SE": "SEK", "PL": "PLN", "JP": "JPY", "IN": "INR", "AE": "AED", "SG": "SGD", "KW": "KWD",
}
