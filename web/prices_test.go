package web_test

import (
	"encoding/json"
	"testing"
)

// TestFacetsShowPricesThatAreShown: the cheapest price of the facets is that of the
// cheapest result, to the last digit.
func TestFacetsShowPricesThatAreShown(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, flights(direct(1, "GBP 128.27"))))
		v := b.get(with(oneWay, "currency", "EUR")).view()
		var price struct{ Min, Max money }
		if err := json.Unmarshal(v.Facets["price"], &price); err != nil {
			t.Fatal(err)
		}
		if shown := v.Results[0].Price; price.Min != shown || price.Max != shown {
			t.Errorf("facets from %v to %v, the only result costs %v", price.Min, price.Max, shown)
		}
	})
}
