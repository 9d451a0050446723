package amadeus

import (
	"strings"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// price writes what each traveller pays, and their sum as the offer's. The grand total
// has a fee for ticketing, where there is one, beside it.
func (w *airWriter) price(o *OfferDoc, t *world.Trip, d rng.RNG) {
	none := travel.Money{Currency: w.q.currency}
	total, base, fee := none, none, none
	for i, who := range w.q.travelers {
		all, taxes := t.Each(w.q.Pax[i])
		mine, tax := world.InCurrency(all, w.q.currency), world.InCurrency(taxes, w.q.currency)
		net := travel.Money{Minor: mine.Minor - tax.Minor, Currency: mine.Currency}
		total.Minor += mine.Minor
		base.Minor += net.Minor
		o.Travelers = append(o.Travelers, travelerPricing{
			ID: who.ID, Fare: "STANDARD", Type: who.Type, Adult: who.Adult, Details: w.details(o, t, i),
			Price: priceDoc{Currency: string(mine.Currency), Total: mine.Decimal(), Base: net.Decimal(), Taxes: w.taxes(tax, d)},
		})
	}
	if !w.lean && d.Str("fee").Chance(100) {
		fee = world.InCurrency(500*int64(len(w.q.Pax)), w.q.currency)
	}
	o.Price = offerPrice{
		priceDoc: priceDoc{
			Currency: string(total.Currency), Total: total.Decimal(), Base: base.Decimal(),
			Fees: []feeDoc{{none.Decimal(), "SUPPLIER"}, {fee.Decimal(), "TICKETING"}},
		},
		Grand: travel.Money{Minor: total.Minor + fee.Minor, Currency: total.Currency}.Decimal(),
	}
	if !o.Options.Bags && !w.lean && d.Str("services").Chance(400) {
		o.Price.Services = []feeDoc{{world.InCurrency(4500*int64(seated(w.q.Pax)*len(t.Slices)), w.q.currency).Decimal(), "CHECKED_BAGS"}}
	}
	w.names.Currencies[string(w.q.currency)] = asCurrency(w.q.currency)
}

// taxes splits a traveller's taxes in two, where the partner lists them.
func (w *airWriter) taxes(tax travel.Money, d rng.RNG) []ticketTax {
	if w.lean || !d.Str("taxes").Chance(250) {
		return nil
	}
	part := travel.Money{Minor: tax.Minor * 2 / 5, Currency: tax.Currency}
	rest := travel.Money{Minor: tax.Minor - part.Minor, Currency: tax.Currency}
	return []ticketTax{{part.Decimal(), "YQ"}, {rest.Decimal(), "XT"}}
}

// details is what one traveller has on each segment.
func (w *airWriter) details(o *OfferDoc, t *world.Trip, who int) []fareDetail {
	var all []fareDetail
	for i := range t.Slices {
		s := &t.Slices[i]
		for n, leg := range s.Legs {
			all = append(all, w.detail(s, leg, o.Itineraries[i].Segments[n].ID, w.q.Pax[who]))
		}
	}
	return all
}

// detail is one traveller's fare on one segment. One flight in twelve says nothing about bags.
func (w *airWriter) detail(s *world.TripSlice, leg world.Sold, segment string, kind world.PaxType) fareDetail {
	b := s.Brand
	b.Cabin = s.CabinOn(leg)
	out := fareDetail{Segment: segment, Cabin: cabins[b.Cabin], Basis: world.FareBasis(b, leg)}
	out.Class = out.Basis[:1]
	if w.lean {
		return out
	}
	out.Brand = strings.ToUpper(strings.ReplaceAll(b.Name, " ", ""))
	if w.RNG.Str("labels").Chance(500) {
		out.Label = strings.ToUpper(b.Name)
	}
	if b.Change != world.Unsaid {
		out.Amenities = []amenity{{"PRE RESERVED SEAT ASSIGNMENT", b.Checked == 0, "PRE_RESERVED_SEAT"}}
	}
	if kind == world.Infant || !w.RNG.Str("bags").Num(int64(leg.ID)).Chance(920) {
		return out
	}
	checked, cabin := b.Checked, b.CabinBags
	out.Bags = &bagsDoc{Quantity: &checked}
	if checked > 0 && rng.RNG(0).Str("weighs").Str(string(leg.By.Code)).Chance(200) {
		out.Bags = &bagsDoc{Weight: 23 * checked, Unit: "KG"}
	}
	if out.Label != "" {
		out.CabinBags = &bagsDoc{Quantity: &cabin}
	}
	return out
}

// asCurrency is the vendor's name of a currency: its code where we know no other.
func asCurrency(c travel.Currency) string {
	if name := map[travel.Currency]string{
		"EUR": "EURO", "GBP": "STERLING POUND", "USD": "US DOLLAR", "CAD": "CANADIAN DOLLAR", "AUD": "AUSTRALIAN DOLLAR",
		"CHF": "SWISS FRANC", "SEK": "SWEDISH KRONA", "JPY": "YEN",
	}[c]; name != "" {
		return name
	}
	return string(c)
}
