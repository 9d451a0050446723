package travel

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"strings"
)

// Money is an exact amount: minor units of a currency, so GBP 412.30 is
// {41230, "GBP"} and JPY 500 is {500, "JPY"}. A Money without a currency is
// "not stated".
type Money struct {
	Minor    int64
	Currency Currency
}

// Errors of ParseMoney.
var (
	ErrCurrencyUnknown = errors.New("unknown currency")
	ErrAmount          = errors.New("not a decimal amount")
	ErrAmountRange     = errors.New("amount out of range")
)

// maxAmountText bounds a number literal; no price needs more (docs/reliability.md 3).
const maxAmountText = 32

// ParseMoney reads a decimal such as "412.30", "24.0" or "-3"; exponents ("1e3") and signs other than minus are refused.
// Digits beyond the currency's exponent are rounded half away from zero: some bed
// banks send three decimals. Errors: ErrCurrencyUnknown, ErrAmount, ErrAmountRange.
func ParseMoney(amount string, currency Currency) (Money, error) {
	exponent, ok := currency.Exponent()
	if !ok {
		return Money{}, fmt.Errorf("%w %q", ErrCurrencyUnknown, string(currency))
	}
	minor, err := parseMinor(amount, exponent)
	if err != nil {
		return Money{}, err
	}
	return Money{minor, currency}, nil
}

func parseMinor(text string, exponent int) (int64, error) {
	if text == "" || len(text) > maxAmountText {
		return 0, fmt.Errorf("%w: %q", ErrAmount, clip(text))
	}
	negative := text[0] == '-'
	i := 0
	if negative {
		i++
	}
	var (
		minor    uint64
		digits   int
		decimals = -1 // -1 until the point has been seen
		roundUp  bool
	)
	for ; i < len(text); i++ {
		c := text[i]
		if c == '.' && decimals < 0 && digits > 0 {
			decimals = 0
			continue
		}
		if c < '0' || c > '9' {
			return 0, fmt.Errorf("%w: %q", ErrAmount, clip(text))
		}
		digits++
		if decimals >= 0 {
			decimals++
			if decimals > exponent {
				if decimals == exponent+1 {
					roundUp = c >= '5'
				}
				continue
			}
		}
		hi, lo := bits.Mul64(minor, 10)
		if minor = lo + uint64(c-'0'); hi != 0 || minor > maxMinor {
			return 0, fmt.Errorf("%w: %q", ErrAmountRange, text)
		}
	}
	if digits == 0 || decimals == 0 {
		return 0, fmt.Errorf("%w: %q", ErrAmount, clip(text))
	}
	for d := max(decimals, 0); d < exponent; d++ {
		if minor *= 10; minor > maxMinor {
			return 0, fmt.Errorf("%w: %q", ErrAmountRange, text)
		}
	}
	if roundUp {
		minor++
	}
	if negative {
		return -int64(minor), nil
	}
	return int64(minor), nil
}

// maxMinor keeps sums of thousands of prices and a factor of a thousand away from overflow.
const maxMinor = 1_000_000_000_000

func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// Known reports whether the amount was stated.
func (m Money) Known() bool { return m.Currency != "" }

// Decimal returns the amount with the currency's ISO digits: "412.30", "500", "12.500".
func (m Money) Decimal() string {
	exponent, _ := m.Currency.Exponent()
	return string(AppendDecimal(nil, m.Minor, exponent))
}

// AppendDecimal appends minor units as a decimal with exactly exponent decimals.
func AppendDecimal(dst []byte, minor int64, exponent int) []byte {
	if minor < 0 {
		dst = append(dst, '-')
		minor = -minor
	}
	var buf [24]byte
	i := len(buf)
	for n := 0; minor > 0 || n <= exponent; n++ {
		if n == exponent && exponent > 0 {
			i--
			buf[i] = '.'
		}
		i--
		buf[i] = byte('0' + minor%10)
		minor /= 10
	}
	return append(dst, buf[i:]...)
}

// String is the amount for logs and people: "GBP 412.30".
func (m Money) String() string {
	if !m.Known() {
		return "unknown"
	}
	return string(m.Currency) + " " + m.Decimal()
}

// Sums and products stay within these, and so can never wrap round. What parties pay is far below:
// 2^52 is 45 trillion euros, in cents.
const (
	maxSum   = 1 << 62
	maxOnce  = 1 << 52
	maxTimes = maxSum / maxOnce
)

// Plus returns the sum. It is not stated if either amount is not, if the currencies differ, or
// if it is out of range. A sum of several begins with the first amount, or with zero in its
// currency.
func (m Money) Plus(o Money) Money {
	if sum := m.Minor + o.Minor; m.Known() && m.Currency == o.Currency && -maxSum <= sum && sum <= maxSum {
		return Money{sum, m.Currency}
	}
	return Money{}
}

// Times returns the amount for n passengers, rooms or nights. It is not stated if the amount is
// not, if n is not 0 to 1024, or if it is out of range.
func (m Money) Times(n int) Money {
	if n < 0 || n > maxTimes || m.Minor > maxOnce || m.Minor < -maxOnce {
		return Money{}
	}
	m.Minor *= int64(n)
	return m
}

type moneyJSON struct {
	Amount   string   `json:"amount"`
	Currency Currency `json:"currency"`
}

// MarshalJSON writes {"amount":"412.30","currency":"GBP"}, and null when not stated.
func (m Money) MarshalJSON() ([]byte, error) {
	if !m.Known() {
		return []byte("null"), nil
	}
	return json.Marshal(moneyJSON{m.Decimal(), m.Currency})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (m *Money) UnmarshalJSON(data []byte) error {
	if strings.TrimSpace(string(data)) == "null" {
		*m = Money{}
		return nil
	}
	var j moneyJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return fmt.Errorf("money: %w", err)
	}
	parsed, err := ParseMoney(j.Amount, j.Currency)
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}
