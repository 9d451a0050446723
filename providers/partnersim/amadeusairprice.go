package partnersim

import (
	"strings"

	"fanfare/providers/travel"
)

// price writes what each traveller pays, and their sum as the offer's. The grand total
// has a fee for ticketing, where there is one, beside it.
func (w *amadeusAirWriter) price(o *amadeusOffer, t *trip, d dice) {
	none := travel.Money{Currency: w.q.currency}
	total, base, fee := none, none, none
	for i, who := range w.q.travelers {
		all, taxes := t.each(w.q.pax[i])
		mine, tax := inCurrency(all, w.q.currency), inCurrency(taxes, w.q.currency)
		net := travel.Money{Minor: mine.Minor - tax.Minor, Currency: mine.Currency}
		total.Minor += mine.Minor
		base.Minor += net.Minor
		o.Travelers = append(o.Travelers, amadeusTravelerPricing{
			ID: who.ID, Fare: "STANDARD", Type: who.Type, Adult: who.Adult, Details: w.details(o, t, i),
			Price: amadeusPrice{Currency: string(mine.Currency), Total: mine.Decimal(), Base: net.Decimal(), Taxes: w.taxes(tax, d)},
		})
	}
	if !w.lean && d.str("fee").chance(100) {
		fee = inCurrency(500*int64(len(w.q.pax)), w.q.currency)
	}
	o.Price = amadeusOfferPrice{
		amadeusPrice: amadeusPrice{
			Currency: string(total.Currency), Total: total.Decimal(), Base: base.Decimal(),
			Fees: []amadeusFee{{none.Decimal(), "SUPPLIER"}, {fee.Decimal(), "TICKETING"}},
		},
		Grand: travel.Money{Minor: total.Minor + fee.Minor, Currency: total.Currency}.Decimal(),
	}
	if !o.Options.Bags && !w.lean && d.str("services").chance(400) {
		o.Price.Services = []amadeusFee{{inCurrency(4500*int64(seated(w.q.pax)*len(t.slices)), w.q.currency).Decimal(), "CHECKED_BAGS"}}
	}
	w.names.Currencies[string(w.q.currency)] = amadeusCurrency(w.q.currency)
}

// taxes splits a traveller's taxes in two, where the partner lists them.
func (w *amadeusAirWriter) taxes(tax travel.Money, d dice) []amadeusTicketTax {
	if w.lean || !d.str("taxes").chance(250) {
		return nil
	}
	part := travel.Money{Minor: tax.Minor * 2 / 5, Currency: tax.Currency}
	rest := travel.Money{Minor: tax.Minor - part.Minor, Currency: tax.Currency}
	return []amadeusTicketTax{{part.Decimal(), "YQ"}, {rest.Decimal(), "XT"}}
}

// details is what one traveller has on each segment.
func (w *amadeusAirWriter) details(o *amadeusOffer, t *trip, who int) []amadeusFareDetail {
	var all []amadeusFareDetail
	for i := range t.slices {
		s := &t.slices[i]
		for n, leg := range s.legs {
			all = append(all, w.detail(s, leg, o.Itineraries[i].Segments[n].ID, w.q.pax[who]))
		}
	}
	return all
}

// detail is one traveller's fare on one segment. One flight in twelve says nothing about bags.
func (w *amadeusAirWriter) detail(s *tripSlice, leg sold, segment string, kind paxType) amadeusFareDetail {
	b := s.brand
	b.Cabin = s.cabinOn(leg)
	out := amadeusFareDetail{Segment: segment, Cabin: amadeusCabins[b.Cabin], Basis: fareBasis(b, leg)}
	out.Class = out.Basis[:1]
	if w.lean {
		return out
	}
	out.Brand = strings.ToUpper(strings.ReplaceAll(b.Name, " ", ""))
	if w.dice.str("labels").chance(500) {
		out.Label = strings.ToUpper(b.Name)
	}
	if b.Change != unsaid {
		out.Amenities = []amadeusAmenity{{"PRE RESERVED SEAT ASSIGNMENT", b.Checked == 0, "PRE_RESERVED_SEAT"}}
	}
	if kind == infant || !w.dice.str("bags").num(int64(leg.id)).chance(920) {
		return out
	}
	checked, cabin := b.Checked, b.CabinBags
	out.Bags = &amadeusBags{Quantity: &checked}
	if checked > 0 && dice(0).str("weighs").str(string(leg.by.Code)).chance(200) {
		out.Bags = &amadeusBags{Weight: 23 * checked, Unit: "KG"}
	}
	if out.Label != "" {
		out.CabinBags = &amadeusBags{Quantity: &cabin}
	}
	return out
}

// amadeusCurrency is the vendor's name of a currency: its code where we know no other.
func amadeusCurrency(c travel.Currency) string {
	if name := map[travel.Currency]string{
		"EUR": "EURO", "GBP": "STERLING POUND", "USD": "US DOLLAR", "CAD": "CANADIAN DOLLAR", "AUD": "AUSTRALIAN DOLLAR",
		"CHF": "SWISS FRANC", "SEK": "SWEDISH KRONA", "JPY": "YEN",
	}[c]; name != "" {
		return name
	}
	return string(c)
}
