package wire

import (
	"errors"

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
