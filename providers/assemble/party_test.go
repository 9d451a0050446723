package assemble

import (
	"testing"

	"fanfare/providers/travel"
)

// What is paid at the property may be in another currency than the total, and in two for two rooms.
func TestCombineRoomsAddsNoTwoCurrencies(t *testing.T) {
	money := func(minor int64, currency travel.Currency) travel.Money {
		return travel.Money{Minor: minor, Currency: currency}
	}
	rate := func(ref string, adults int, atProperty travel.Money) travel.Rate {
		return travel.Rate{PartnerRef: ref, Rooms: []travel.RateRoom{{Count: 1, Occupancy: travel.Occupancy{Adults: adults}}},
			Price: travel.Price{Total: money(10000, "EUR"), Base: money(9000, "EUR")}, PayAtProperty: atProperty}
	}
	for _, test := range []struct {
		name        string
		first, next travel.Money
		want        travel.Money
	}{
		{"one currency", money(500, "EUR"), money(700, "EUR"), money(1200, "EUR")},
		{"two currencies", money(500, "EUR"), money(700, "USD"), travel.Money{}},
		{"not stated for one room", money(500, "EUR"), travel.Money{}, travel.Money{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := travel.Answer{OffersIn: 2, Stays: []travel.Stay{{Property: travel.Property{ID: "1"}, Rates: []travel.Rate{rate("a", 1, test.first), rate("b", 2, test.next)}}}}
			whole := CombineRooms(a, []travel.Occupancy{{Adults: 1}, {Adults: 2}})
			if whole.OffersKept() != 1 {
				t.Fatalf("CombineRooms() = %+v, want one rate", whole)
			}
			if got := whole.Stays[0].Rates[0]; got.PayAtProperty != test.want || got.Price.Total != money(20000, "EUR") || got.Price.Base != money(18000, "EUR") {
				t.Errorf("CombineRooms() pays %s at the property of %s, base %s; want %s of EUR 200.00, base EUR 180.00", got.PayAtProperty, got.Price.Total, got.Price.Base, test.want)
			}
		})
	}
}
