package kiwi

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// render makes the document. exactly, if not zero, is the number of lean offers to make.
func (p *service) render(q *questionDoc, question rng.RNG, now time.Time, exactly int) DocName {
	var all []itinerary
	if exactly > 0 {
		for _, t := range world.ExactlyTrips(p.Trips(q.Ask, now, max(exactly, p.Seller.MaxOffers)), exactly) {
			all = append(all, asWhole(t))
		}
	} else {
		all = p.itineraries(q, now, p.Seller.MaxOffers)
	}
	slices.SortStableFunc(all, func(a, b itinerary) int { return cmp.Compare(a.worth(q.sort), b.worth(q.sort)) })
	doc := DocName{SearchID: rng.ID("", question, 20), Currency: q.currency, FXRate: asNumber(world.InCurrency(100, q.currency).Decimal()), Data: []TripName{}, Results: len(all)}
	all = all[min(q.offset, len(all)):]
	if exactly == 0 {
		all = all[:min(q.limit, len(all))]
	}
	for i := range all {
		doc.Data = append(doc.Data, p.trip(q, &all[i]))
	}
	return doc
}

// worth is what results are sorted by: quality weighs price and time.
func (it *itinerary) worth(by string) int64 {
	switch by {
	case "price":
		return it.total
	case "duration":
		return int64(it.minutes())
	case "date":
		return it.dep(0).Unix()
	}
	return it.total + 20*int64(it.minutes())
}

// trip is one result.
func (p *service) trip(q *questionDoc, it *itinerary) TripName {
	from, to := it.ways[0][0].From, it.ways[0][len(it.ways[0])-1].To
	out := TripName{
		FlyFrom: from.Code, CityFrom: from.City, CityCodeFrom: from.Metro, CountryFrom: country{from.Country, string(from.Country)},
		FlyTo: to.Code, CityTo: to.City, CityCodeTo: to.Metro, CountryTo: country{to.Country, string(to.Country)},
		times: span(it.dep(0), it.arr(0)), Quality: asNumber(fmt.Sprintf("%d.%06d", it.worth("")/100, it.id.Roll(1e6))),
		Distance: asNumber(fmt.Sprintf("%d.%02d", world.Km(from, to), it.id.Roll(100))), Facilitated: true,
		PNRs: len(it.tickets), Virtual: len(it.tickets) > 1, BagsPrice: p.bags(q, it),
		BagLimit: map[string]int{"hold_width": 52, "hold_height": 28, "hold_length": 78, "hold_dimensions_sum": 158, "hold_weight": 23},
	}
	if it.brand().CabinBags > 0 {
		for name, size := range map[string]int{"hand_width": 40, "hand_height": 20, "hand_length": 55, "hand_weight": 8} {
			out.BagLimit[name] = size
		}
	}
	if left := it.id.Str("seats").Roll(12); left > 0 && left < 10 {
		out.Seats.Seats = &left
	}
	p.price(&out, q, it)
	for way := range it.ways {
		p.way(&out, it, way)
	}
	out.Duration.Total = out.Duration.Departure + out.Duration.Return
	if len(it.ways) == 2 {
		nights := int(travel.DateOf(it.dep(1)) - travel.DateOf(it.arr(0)))
		out.Nights = &nights
	}
	var flights []string
	for _, s := range out.Route {
		flights = append(flights, s.ID)
	}
	out.ID = strings.Join(flights, "|")
	out.Token = rng.ID("", it.id.Str("token"), 120)
	out.Link = "https://partner.example/deep?flightsId=" + url.QueryEscape(out.ID) + "&booking_token=" + out.Token
	return out
}

// price writes what the party pays: the sum of what each passenger does, in the question's currency and in euros.
func (p *service) price(out *TripName, q *questionDoc, it *itinerary) {
	number := func(minor int64, c travel.Currency) json.Number {
		return asNumber(travel.Money{Minor: minor, Currency: c}.Decimal())
	}
	total, base := int64(0), int64(0)
	out.Fare = map[string]json.Number{}
	for kind, name := range []string{"adults", "children", "infants"} {
		var cents, taxes int64
		for i := range it.tickets {
			all, tax := it.tickets[i].Each(world.PaxType(kind))
			cents, taxes = cents+all, taxes+tax
		}
		each := world.InCurrency(cents, q.currency).Minor
		total += each * int64(q.count[kind])
		base += (each - world.InCurrency(taxes, q.currency).Minor) * int64(q.count[kind])
		if q.count[kind] > 0 || kind == 0 {
			out.Fare[name] = number(each, q.currency)
		}
	}
	out.Price = number(total, q.currency)
	out.Dropdown = prices{number(base, q.currency), number(total-base, q.currency)}
	out.Conversion = map[travel.Currency]json.Number{"EUR": number(world.InCurrency(it.total, "EUR").Minor, "EUR")}
	out.Conversion[q.currency] = out.Price
}

// brand is the least of all legs' brands.
func (it *itinerary) brand() world.Brand {
	least := it.ways[0][0].brand
	for _, way := range it.ways {
		for _, leg := range way {
			least.CabinBags, least.Checked = min(least.CabinBags, leg.brand.CabinBags), min(least.Checked, leg.brand.Checked)
		}
	}
	return least
}

// bags is what the first and second bag cost on all tickets, nothing for those that are
// included. Some results say nothing.
func (p *service) bags(q *questionDoc, it *itinerary) map[string]json.Number {
	included, all := it.brand().Checked, map[string]json.Number{}
	if it.id.Str("bags").Chance(80) {
		return all
	}
	for n := 1; n <= 2; n++ {
		cents := int64(max(n-included, 0)) * int64(max(len(it.ways), len(it.tickets))) * int64(it.id.Str("bag").Between(2500, 6000))
		all[strconv.Itoa(n)] = asNumber(world.InCurrency(cents, q.currency).Decimal())
	}
	return all
}

var categories = map[travel.Cabin]string{travel.Economy: "M", travel.PremiumEconomy: "W", travel.Business: "C", travel.First: "F"}

// way adds the segments of a direction.
func (p *service) way(out *TripName, it *itinerary, way int) {
	seconds := int(it.arr(way).Sub(it.dep(way)) / time.Second)
	if way == 0 {
		out.Duration.Departure = seconds
	} else {
		out.Duration.Return = seconds
	}
	for i, leg := range it.ways[way] {
		flown := leg.ID.Num(leg.Dep.Unix()).Str(string(leg.By.Code))
		basis := world.FareBasis(leg.brand, leg.Sold)
		seg := segment{
			Combination: fmt.Sprintf("%016x%08x", uint64(flown), uint32(flown.Num(1))), FlyFrom: leg.From.Code, FlyTo: leg.To.Code,
			CityFrom: leg.From.City, CityCodeFrom: leg.From.Metro, CityTo: leg.To.City, CityCodeTo: leg.To.Metro,
			times: span(leg.Dep, leg.Arr), Airline: leg.By.Code, Number: leg.ByNumber, Basis: basis, Category: categories[leg.cabin],
			Classes: basis[:1], Return: way, Recheck: leg.transfer, VI: leg.transfer, Guarantee: leg.transfer, Vehicle: "aircraft",
		}
		seg.ID = seg.Combination + "_" + strconv.Itoa(leg.ticket)
		if !leg.OperatorUnsaid {
			seg.Operating = leg.Carrier.Code
			if !leg.OpNumberUnsaid {
				seg.OperatingNo = strconv.Itoa(leg.Number)
			}
		}
		if leg.ID.Str("plane").Chance(600) {
			seg.Equipment = &leg.Plane.Code
		}
		if i > 0 && it.ways[way][i-1].To != leg.From {
			out.Change = true
		}
		if !slices.Contains(out.Airlines, leg.By.Code) {
			out.Airlines = append(out.Airlines, leg.By.Code)
		}
		out.Route = append(out.Route, seg)
	}
}
