package document

import "testing"

func TestStatesPrices(t *testing.T) {
	for document, want := range map[string]bool{
		`{"data":{"offers":[{"total_amount":"45.00","total_currency":"GBP"}]}}`:            true,
		`{"currency":"EUR","fx_rate":1.17,"data":[{"price":120}]}`:                         true,
		`{"currency":"EUR","fx_rate":1.17,"data":[],"_results":0}`:                         false,
		`{"hotels":{"total":12},"currency":"EUR"}`:                                         true,  // a number that stands by its currency
		`{"meta":{"total":12,"page":1,"size":20},"criteria":{"currency":"EUR"},"data":[]}`: false, // one that does not
		`{"price":{"currency":"EUR","total":"100"}}`:                                       true,
		`{"price":{"currency":"EUR","total":"0.00"}}`:                                      false,
		`{"search":{"max_price":"900.00","currency":"EUR"},"results":[]}`:                  false,
		`{"words":"the \"price\":12 EUR","currency":"EUR"}`:                                false,
		`{"totalPrice":100.5}`:           false, // of no currency
		`{"origin":"LHR","price":100.5}`: false,
		`{"price":`:                      false,
		``:                               false,
		`<R><HotelRateDetail Total="EUR300.00"/></R>`:                                       true,
		`<?xml version="1.0"?><n:R><n:Total Code="CAD">872.09</n:Total></n:R>`:              true,
		`<R><RateRange MinRate="80.00" MaxRate="90.00" CurrencyCode="EUR"/></R>`:            false,
		`<R><!-- <Price>12.00</Price> --><Currency>EUR</Currency></R>`:                      true, // comments are looked at too
		`<R><Success/><Warnings><Warning Code="944">a price of 12</Warning></Warnings></R>`: false,
		`<R a='b' TotalAmount = '9.50' b="EUR"/>`:                                           true,
		`<R TotalAmount="9.50`: false,
		`<`:                    false,
		"\xef\xbb\xbf <R><Amount CurCode=\"EUR\">1.00</Amount></R>": true,
	} {
		if got := StatesPrices([]byte(document)); got != want {
			t.Errorf("StatesPrices(%s) = %v, want %v", document, got, want)
		}
	}
}

func FuzzStatesPrices(f *testing.F) {
	f.Add([]byte(`{"a":{"price":"1.00","currency":"EUR"}}`))
	f.Add([]byte(`<a b="c"><price currency="EUR">1.00</price></a>`))
	f.Fuzz(func(_ *testing.T, body []byte) { StatesPrices(body) }) // ends, and reads nothing beyond its end
}
