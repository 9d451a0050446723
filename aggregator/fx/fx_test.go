package fx

import (
	"math"
	"math/big"
	"testing"
	"time"

	"fanfare/providers/travel"

	"pgregory.net/rapid"
)

func eur(minor int64) travel.Money { return travel.Money{Minor: minor, Currency: "EUR"} }

func TestConvert(t *testing.T) {
	table := Embedded()
	for _, c := range []struct {
		m    travel.Money
		to   travel.Currency
		want travel.Money
		ok   bool
	}{
		{eur(10000), "USD", travel.Money{Minor: 10389, Currency: "USD"}, true},
		{eur(10000), "JPY", travel.Money{Minor: 16306, Currency: "JPY"}, true},
		{eur(-10000), "JPY", travel.Money{Minor: -16306, Currency: "JPY"}, true},
		{travel.Money{Minor: 16306, Currency: "JPY"}, "EUR", eur(10000), true},
		{travel.Money{Minor: 10000, Currency: "GBP"}, "USD", travel.Money{Minor: 12529, Currency: "USD"}, true}, // 125.2924...
		{eur(1), "KWD", travel.Money{Minor: 3, Currency: "KWD"}, true},                                          // 3.202
		{travel.Money{Minor: 5, Currency: "XTS"}, "XTS", travel.Money{Minor: 5, Currency: "XTS"}, true},
		{eur(100), "XTS", travel.Money{}, false},
		{travel.Money{Minor: 100, Currency: "XTS"}, "EUR", travel.Money{}, false},
		{travel.Money{}, "EUR", travel.Money{}, false},
		{travel.Money{}, "", travel.Money{}, false},
		{eur(math.MaxInt64), "JPY", travel.Money{Minor: 0, Currency: ""}, false},
	} {
		if got, ok := table.Convert(c.m, c.to); got != c.want || ok != c.ok {
			t.Errorf("Convert(%v, %s) = %v, %v, want %v, %v", c.m, c.to, got, ok, c.want, c.ok)
		}
	}
}

func TestScale(t *testing.T) {
	for _, c := range []struct {
		x        int64
		mul, div uint64
		want     int64
		ok       bool
	}{
		{5, 1, 2, 3, true}, {-5, 1, 2, -3, true}, {4, 1, 3, 1, true}, {0, 7, 3, 0, true}, {1, 1, 2, 1, true}, {-1, 1, 2, -1, true},
		{math.MaxInt64, 1, 1, 0, false}, {math.MaxInt64 - 1, 1, 1, math.MaxInt64 - 1, true}, {math.MinInt64, 2, 4, math.MinInt64 / 2, true},
		{math.MaxInt64, 1e19, 1, 0, false}, {math.MaxInt64, 1e19, 1e19 + 1, math.MaxInt64 - 1, true},
	} {
		if got, ok := scale(c.x, c.mul, c.div); ok != c.ok || ok && got != c.want {
			t.Errorf("scale(%d, %d, %d) = %d, %v, want %d, %v", c.x, c.mul, c.div, got, ok, c.want, c.ok)
		}
	}
}

func TestEURMicros(t *testing.T) {
	table := Embedded()
	for _, c := range []struct {
		m    travel.Money
		want int64
		ok   bool
	}{
		{eur(12345), 123_450_000, true}, {travel.Money{Minor: 10389, Currency: "USD"}, 100_000_000, true},
		{travel.Money{Minor: 41230, Currency: "GBP"}, 497_238_235, true}, // 412.30 / 0.82918 = 497.2382353...
		{travel.Money{Minor: -41230, Currency: "GBP"}, -497_238_235, true}, {travel.Money{Minor: 1, Currency: "XTS"}, 0, false}, {travel.Money{}, 0, false},
	} {
		if got, ok := table.EURMicros(c.m); got != c.want || ok != c.ok {
			t.Errorf("EURMicros(%v) = %d, %v, want %d, %v", c.m, got, ok, c.want, c.ok)
		}
	}
	if n := testing.AllocsPerRun(100, func() { table.EURMicros(travel.Money{Minor: 41230, Currency: "GBP"}) }); n != 0 {
		t.Errorf("EURMicros allocates %v times, want 0", n)
	}
}

func TestRate(t *testing.T) {
	table := Embedded()
	for _, c := range []struct {
		from, to travel.Currency
		want     string
		ok       bool
	}{
		{"EUR", "USD", "1.0389", true}, {"EUR", "EUR", "1", true}, {"GBP", "JPY", "196.652", true}, {"JPY", "GBP", "0.00508512", true},
		{"EUR", "IDR", "16820.9", true}, {"KWD", "LBP", "290381", true}, {"LBP", "KWD", "0.00000344375", true}, {"XTS", "EUR", "", false}, {"EUR", "", "", false},
	} {
		if got, ok := table.Rate(c.from, c.to); got != c.want || ok != c.ok {
			t.Errorf("Rate(%s, %s) = %q, %v, want %q, %v", c.from, c.to, got, ok, c.want, c.ok)
		}
	}
}

func TestEmbedded(t *testing.T) {
	table := Embedded()
	if table.Date().String() != "2024-12-31" || table.Source() != "embedded" || !table.Has("EUR") || table.Has("XTS") {
		t.Errorf("Embedded() = %v from %s", table.Date(), table.Source())
	}
	for c, r := range table.rates {
		if r.exponent > 3 || r.decimals > maxDecimals || r.units >= maxUnits {
			t.Errorf("%s: rate %+v is outside of what keeps products in range", c, r)
		}
	}
	t.Logf("%d currencies", len(table.rates))
}

func TestAge(t *testing.T) {
	published := time.Date(2024, 12, 31, 15, 0, 0, 0, time.UTC)
	for offset, want := range map[time.Duration]time.Duration{0: 0, -time.Hour: 0, 72 * time.Hour: 72 * time.Hour} {
		if got := Embedded().Age(published.Add(offset)); got != want {
			t.Errorf("Age(%v later) = %v, want %v", offset, got, want)
		}
	}
}

// drawCurrency draws a currency of the table.
func drawCurrency(t *rapid.T, label string) travel.Currency {
	return rapid.SampledFrom([]travel.Currency{"EUR", "USD", "GBP", "JPY", "KWD", "ISK", "IDR", "LBP", "BHD", "TND", "CHF", "VND", "KRW"}).Draw(t, label)
}

// TestProperties checks Convert and EURMicros against exact fractions, and what travellers take for granted.
func TestProperties(t *testing.T) {
	table := Embedded()
	rapid.Check(t, func(t *rapid.T) {
		from, to := drawCurrency(t, "from"), drawCurrency(t, "to")
		x := travel.Money{Minor: rapid.Int64Range(-1e12, 1e12).Draw(t, "x"), Currency: from}
		y := travel.Money{Minor: rapid.Int64Range(-1e12, 1e12).Draw(t, "y"), Currency: from}
		cx, ok := table.Convert(x, to)
		cy, ok2 := table.Convert(y, to)
		if !ok || !ok2 {
			t.Fatalf("Convert(%v or %v, %s) is false", x, y, to)
		}
		if want := exact(table, x, to); cx.Minor != want {
			t.Fatalf("Convert(%v, %s) = %v, want %d", x, to, cx, want)
		}
		if x.Minor <= y.Minor && cx.Minor > cy.Minor {
			t.Fatalf("not monotone: %v -> %v, %v -> %v", x, cx, y, cy)
		}
		if same, ok := table.Convert(x, from); !ok || same != x {
			t.Fatalf("Convert(%v, %s) = %v, want the same", x, from, same)
		}
		// A round trip loses at most half a unit each way: one unit of the coarser currency.
		back, ok := table.Convert(cx, from)
		unit, _ := table.Convert(travel.Money{Minor: 1, Currency: to}, from)
		if diff := back.Minor - x.Minor; !ok || max(diff, -diff) > max(unit.Minor/2+1, 1) {
			t.Fatalf("%v -> %v -> %v: more than one minor unit", x, cx, back)
		}
		micros, ok := table.EURMicros(x)
		again, ok2 := table.FromMicros(micros, from)
		micro, _ := table.FromMicros(1, from) // a millionth of a euro is several minor units of the smallest currencies
		if diff := again.Minor - x.Minor; !ok || !ok2 || max(diff, -diff) > micro.Minor/2+1 {
			t.Fatalf("%v -> %d micros -> %v", x, micros, again)
		}
	})
}

// exact converts with big fractions, rounding half away from zero.
func exact(t *Table, m travel.Money, to travel.Currency) int64 {
	frac := func(c travel.Currency) *big.Rat { // euros of one minor unit
		r := t.rates[c]
		exponent, _ := c.Exponent()
		return new(big.Rat).SetFrac(new(big.Int).SetUint64(pow10[r.decimals]), new(big.Int).Mul(new(big.Int).SetUint64(r.units), new(big.Int).SetUint64(pow10[exponent])))
	}
	x := new(big.Rat).Mul(new(big.Rat).SetInt64(m.Minor), new(big.Rat).Quo(frac(m.Currency), frac(to)))
	sign := int64(x.Sign())
	x.Abs(x).Add(x, big.NewRat(1, 2))
	return sign * new(big.Int).Quo(x.Num(), x.Denom()).Int64()
}

func BenchmarkEURMicros(b *testing.B) {
	table := Embedded()
	b.ReportAllocs()
	for i := int64(0); b.Loop(); i++ {
		table.EURMicros(travel.Money{Minor: 41230 + i, Currency: "GBP"})
	}
}

func BenchmarkConvert(b *testing.B) {
	table := Embedded()
	b.ReportAllocs()
	for i := int64(0); b.Loop(); i++ {
		table.Convert(travel.Money{Minor: 41230 + i, Currency: "GBP"}, "JPY")
	}
}
