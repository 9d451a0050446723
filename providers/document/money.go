package document

import (
	"errors"
	"strings"

	"fanfare/providers/travel"
)

// Money is an amount as partners write it, or the rule that drops what it is the
// price of. The currency is kept: it must not be a View.
func Money(amount string, currency string) (m travel.Money, rule string) {
	if amount == "" {
		return travel.Money{}, travel.RuleNoPrice
	}
	m, err := travel.ParseMoney(amount, travel.Currency(currency))
	switch {
	case err == nil:
		return m, ""
	case errors.Is(err, travel.ErrCurrencyUnknown):
		return travel.Money{}, travel.RuleUnknownCurrency
	}
	return travel.Money{}, travel.RuleNoPrice
}

// Advisory is an amount beside the price, such as a base fare or a fee: not stated
// if it cannot be read.
func Advisory(amount string, currency string) travel.Money {
	m, _ := Money(amount, currency)
	return m
}

// Scaled is an amount that is written without a point where minor units are meant: "8500"
// with 2 decimals is 85.00. An amount with a point, and one with 0 decimals, is Money's.
// Whether minor units are meant is a property of a whole document, and its decoder's to find
// out: writers of one standard differ.
func Scaled(amount string, decimals int, currency string) (m travel.Money, rule string) {
	if decimals <= 0 || decimals > 6 || strings.ContainsAny(amount, ".,eE") {
		return Money(amount, currency)
	}
	digits, sign := amount, ""
	if strings.HasPrefix(digits, "-") {
		digits, sign = digits[1:], "-"
	}
	for len(digits) <= decimals {
		digits = "0" + digits
	}
	at := len(digits) - decimals
	return Money(sign+digits[:at]+"."+digits[at:], currency)
}

// Percent is a share of an amount: 30, 30% or 12.5%, rounded half up. Not stated if the
// amount is not, or if the text is no percentage from 0 to 100.
func Percent(m travel.Money, text string) travel.Money {
	// A percentage is read as an amount of a currency with two decimals, so in hundredths.
	share, rule := Money(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "%")), "EUR")
	if rule != "" || !m.Known() || share.Minor < 0 || share.Minor > 100_00 {
		return travel.Money{}
	}
	m.Minor = (m.Minor*share.Minor + 50_00) / 100_00
	return m
}
