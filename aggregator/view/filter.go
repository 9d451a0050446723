package view

import (
	"fanfare/aggregator/fx"
	"fanfare/providers/travel"
)

// tooDear compares what people see: amounts rounded to the currency of display.
func tooDear(total, limit travel.Money, rates *fx.Table) bool {
	if !limit.Known() {
		return false
	}
	shown, ok := rates.Convert(total, limit.Currency)
	return !ok || shown.Minor > limit.Minor
}
