package partnersim

import (
	"cmp"

	"fanfare/providers/travel"
)

// price writes what the rooms cost for the whole stay, in one of the ways that hotels
// have: a total alone, one with base and the taxes in it, with taxes to be added, or with
// a mark-up that makes the selling total. What the town takes is never in it.
func (w *amadeusHotelWriter) price(x *amadeusHotelPrice, h *property, o offered, total travel.Money) {
	money := func(minor int64) string { return travel.Money{Minor: minor, Currency: total.Currency}.Decimal() }
	x.Currency, x.Total = string(total.Currency), money(total.Minor)
	tax := total.Minor / 11 // a tenth of what is left
	base := total.Minor - tax
	switch way := w.dice.str("price").num(int64(h.id)).roll(10); {
	case w.lean || way == 0:
	case way == 1:
		x.Base = x.Total
	case way < 5:
		x.Base = money(base)
		x.Taxes = []amadeusHotelTax{{Code: "VALUE_ADDED_TAX", Amount: money(tax), Currency: x.Currency, Included: true}}
	case way == 5:
		fee := tax / 4
		x.Base = money(base)
		x.Taxes = []amadeusHotelTax{
			{Code: "OCCUPANCY_TAX", Amount: money(tax - fee), Included: true, Frequency: "PER_STAY", Mode: "PER_PRODUCT"},
			{Code: "SERVICE_CHARGE", Amount: money(fee), Included: true, Description: "Service charge"},
		}
	case way == 6:
		x.Taxes = []amadeusHotelTax{{Code: "VALUE_ADDED_TAX", Percentage: "10.00", Included: true, Frequency: "PER_STAY", Mode: "PER_PRODUCT"}}
	case way == 7: // the hotel adds its tax when the guest leaves
		x.Base, x.Total = money(base), money(base)
		x.Taxes = []amadeusHotelTax{{Code: "SALES_TAX", Amount: money(tax), Currency: x.Currency, Description: "For the stay"}}
	case way == 8:
		x.Base, x.Total = money(base), money(base)
		x.Taxes = []amadeusHotelTax{{Code: "SALES_TAX", Percentage: "10.00"}}
	default:
		x.Base, x.Total, x.Selling = money(base), money(base), money(total.Minor)
		x.Markups = []amadeusMarkup{{money(tax)}}
	}
	if !w.lean {
		w.townTax(x, h, o)
		x.Variations = w.nights(total)
	}
}

// townTax is what the town takes of each adult a night, in its own currency: said for the
// whole stay, or for one guest or night, as each hotel likes.
func (w *amadeusHotelWriter) townTax(x *amadeusHotelPrice, h *property, o offered) {
	cents := cityTaxCents(h)
	if cents == 0 {
		return
	}
	own := cmp.Or(localCurrency[h.town.country], "EUR")
	each := inCurrency(cents, own)
	adults, rooms, nights := int64(o.party.adults), int64(o.party.rooms), int64(w.q.nights())
	tax := amadeusHotelTax{Code: "CITY_TAX", Currency: string(own), Description: "To be paid at the hotel"}
	switch h.id.str("town tax").roll(4) {
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
func (w *amadeusHotelWriter) nights(total travel.Money) *amadeusVariations {
	n := w.q.nights()
	left, each := total.Minor, travel.Money{Minor: total.Minor / int64(n), Currency: total.Currency}
	v := &amadeusVariations{Average: amadeusNight{Total: each.Decimal()}}
	for i := range n {
		if i == n-1 {
			each.Minor = left
		}
		left -= each.Minor
		v.Changes = append(v.Changes, amadeusNight{Start: w.q.in.AddDays(i).String(), End: w.q.in.AddDays(i + 1).String(), Total: each.Decimal()})
	}
	return v
}
