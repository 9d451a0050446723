package travelport

import (
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// split parts an amount from the currency in front of it: "EUR178.74". An amount without
// a currency has none, as it is never assumed.
func split(text string) (amount, currency string) {
	i := 0
	for i < len(text) && text[i] >= 'A' && text[i] <= 'Z' {
		i++
	}
	return strings.TrimSpace(text[i:]), text[:i]
}

// money is an amount with its currency in front, or the rule against what it prices.
func money(text string) (m travel.Money, rule string) {
	amount, currency := split(text)
	return document.Money(amount, strings.Clone(currency))
}

// advisory is an amount beside the price, not stated if it cannot be read.
func advisory(text string) travel.Money {
	m, _ := money(text)
	return m
}

// first is the first text that is stated.
func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
