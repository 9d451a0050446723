package amadeus

import (
	"cmp"

	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// price writes what the rooms cost for the whole stay, in one of the ways that hotels
// have: a total alone, one with base and the taxes in it, with taxes to be added, or with
// a mark-up that makes the selling total. What the town takes is never in it.
func (w *hotelWriter) price(x *hotelPrice, h *world.Property, o world.Offered, total travel.Money) {
	money := func(minor int64) string { return travel.Money{Minor: minor, Currency: total.Currency}.Decimal() }
	x.Currency, x.Total = string(total.Currency), money(total.Minor)
	tax := total.Minor / 11 // a tenth of what is left
	base := total.Minor - tax
	switch way := w.RNG.Str("price").Num(int64(h.ID)).Roll(10); {
	case w.lean || way == 0:
	case way == 1:
		x.Base = x.Total
	case way < 5:
		x.Base = money(base)
		x.Taxes = []hotelTax{{Code: "VALUE_ADDED_TAX", Amount: money(tax), Currency: x.Currency, Included: true}}
	case way == 5:
		fee := tax / 4
		x.Base = money(base)
		x.Taxes = []hotelTax{
			{Code: "OCCUPANCY_TAX", Amount: money(tax - fee), Included: true, Frequency: "PER_STAY", Mode: "PER_PRODUCT"},
			{Code: "SERVICE_CHARGE", Amount: money(fee), Included: true, Description: "Service charge"},
		}
	case way == 6:
		x.Taxes = []hotelTax{{Code: "VALUE_ADDED_TAX", Percentage: "10.00", Included: true, Frequency: "PER_STAY", Mode: "PER_PRODUCT"}}
	case way == 7: // the hotel adds its tax when the guest leaves
		x.Base, x.Total = money(base), money(base)
		x.Taxes = []hotelTax{{Code: "SALES_TAX", Amount: money(tax), Currency: x.Currency, Description: "For the stay"}}
	case way == 8:
		x.Base, x.Total = money(base), money(base)
		x.Taxes = []hotelTax{{Code: "SALES_TAX", Percentage: "10.00"}}
	default:
		x.Base, x.Total, x.Selling = money(base), money(base), money(total.Minor)
		x.Markups = []markup{{money(tax)}}
	}
	if !w.lean {
		w.townTax(x, h, o)
		x.Variations = w.nights(total)
	}
}

// townTax is what the town takes of each adult a night, in its own currency: said for the
// whole stay, or for one guest or night, as each hotel likes.
func (w *hotelWriter) townTax(x *hotelPrice, h *world.Property, o world.Offered) {
	cents := world.CityTaxCents(h)
	if cents == 0 {
		return
	}
	own := cmp.Or(world.LocalCurrency[h.Town.Country], "EUR")
	each := world.InCurrency(cents, own)
	adults, rooms, nights := int64(o.Party.Adults), int64(o.Party.Rooms), int64(w.q.Nights())
	tax := hotelTax{Code: "CITY_TAX", Currency: string(own), Description: "To be paid at the hotel"}
	switch h.ID.Str("town tax").Roll(4) {
	case 0:
		tax.Frequency, tax.Mode = "PER_NIGHT", "PER_OCCUPANT"
	case 1:
		each.Minor *= adults
		tax.Frequency, tax.Mode = "PER_NIGHT", "PER_PRODUCT"
	case 2:
		each.Minor *= nights
		tax.Frequency, tax.Mode = "PER_STAY", "PER_OCCUPANT"
	default: // neither said: all of it
		each.Minor *= adults * rooms * nights
	}
	tax.Amount = each.Decimal()
	x.Taxes = append(x.Taxes, tax)
}

// nights splits a total over the nights; the last one takes what is left.
func (w *hotelWriter) nights(total travel.Money) *variations {
	n := w.q.Nights()
	left, each := total.Minor, travel.Money{Minor: total.Minor / int64(n), Currency: total.Currency}
	v := &variations{Average: nightDoc{Total: each.Decimal()}}
	for i := range n {
		if i == n-1 {
			each.Minor = left
		}
		left -= each.Minor
		v.Changes = append(v.Changes, nightDoc{Start: w.q.In.AddDays(i).String(), End: w.q.In.AddDays(i + 1).String(), Total: each.Decimal()})
	}
	return v
}
