package partnersim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// render makes the document. exactly, if not zero, is the number of lean offers to make.
func (p *kiwi) render(q *kiwiQuestion, question dice, now time.Time, exactly int) kiwiDoc {
	var all []kiwiItinerary
	if exactly > 0 {
		for _, t := range exactlyTrips(p.trips(q.ask, now, max(exactly, p.spec.MaxOffers)), exactly) {
			all = append(all, kiwiWhole(t))
		}
	} else {
		all = p.itineraries(q, now, p.spec.MaxOffers)
	}
	slices.SortStableFunc(all, func(a, b kiwiItinerary) int { return cmp.Compare(a.worth(q.sort), b.worth(q.sort)) })
	doc := kiwiDoc{SearchID: duffelID("", question, 20), Currency: q.currency, FXRate: kiwiNumber(inCurrency(100, q.currency).Decimal()), Data: []kiwiTrip{}, Results: len(all)}
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
func (it *kiwiItinerary) worth(by string) int64 {
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
func (p *kiwi) trip(q *kiwiQuestion, it *kiwiItinerary) kiwiTrip {
	from, to := it.ways[0][0].from, it.ways[0][len(it.ways[0])-1].to
	out := kiwiTrip{
		FlyFrom: from.Code, CityFrom: from.City, CityCodeFrom: from.Metro, CountryFrom: kiwiCountry{from.Country, string(from.Country)},
		FlyTo: to.Code, CityTo: to.City, CityCodeTo: to.Metro, CountryTo: kiwiCountry{to.Country, string(to.Country)},
		kiwiTimes: kiwiSpan(it.dep(0), it.arr(0)), Quality: kiwiNumber(fmt.Sprintf("%d.%06d", it.worth("")/100, it.id.roll(1e6))),
		Distance: kiwiNumber(fmt.Sprintf("%d.%02d", km(from, to), it.id.roll(100))), Facilitated: true,
		PNRs: len(it.tickets), Virtual: len(it.tickets) > 1, BagsPrice: p.bags(q, it),
		BagLimit: map[string]int{"hold_width": 52, "hold_height": 28, "hold_length": 78, "hold_dimensions_sum": 158, "hold_weight": 23},
	}
	if it.brand().CabinBags > 0 {
		for name, size := range map[string]int{"hand_width": 40, "hand_height": 20, "hand_length": 55, "hand_weight": 8} {
			out.BagLimit[name] = size
		}
	}
	if left := it.id.str("seats").roll(12); left > 0 && left < 10 {
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
	out.Token = duffelID("", it.id.str("token"), 120)
	out.Link = "https://partner.example/deep?flightsId=" + url.QueryEscape(out.ID) + "&booking_token=" + out.Token
	return out
}

// price writes what the party pays: the sum of what each passenger does, in the question's currency and in euros.
func (p *kiwi) price(out *kiwiTrip, q *kiwiQuestion, it *kiwiItinerary) {
	number := func(minor int64, c travel.Currency) json.Number {
		return kiwiNumber(travel.Money{Minor: minor, Currency: c}.Decimal())
	}
	total, base := int64(0), int64(0)
	out.Fare = map[string]json.Number{}
	for kind, name := range []string{"adults", "children", "infants"} {
		var cents, taxes int64
		for i := range it.tickets {
			all, tax := it.tickets[i].each(paxType(kind))
			cents, taxes = cents+all, taxes+tax
		}
		each := inCurrency(cents, q.currency).Minor
		total += each * int64(q.count[kind])
		base += (each - inCurrency(taxes, q.currency).Minor) * int64(q.count[kind])
		if q.count[kind] > 0 || kind == 0 {
			out.Fare[name] = number(each, q.currency)
		}
	}
	out.Price = number(total, q.currency)
	out.Dropdown = kiwiPrices{number(base, q.currency), number(total-base, q.currency)}
	out.Conversion = map[travel.Currency]json.Number{"EUR": number(inCurrency(it.total, "EUR").Minor, "EUR")}
	out.Conversion[q.currency] = out.Price
}

// brand is the least of all legs' brands.
func (it *kiwiItinerary) brand() brand {
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
func (p *kiwi) bags(q *kiwiQuestion, it *kiwiItinerary) map[string]json.Number {
	included, all := it.brand().Checked, map[string]json.Number{}
	if it.id.str("bags").chance(80) {
		return all
	}
	for n := 1; n <= 2; n++ {
		cents := int64(max(n-included, 0)) * int64(max(len(it.ways), len(it.tickets))) * int64(it.id.str("bag").between(2500, 6000))
		all[strconv.Itoa(n)] = kiwiNumber(inCurrency(cents, q.currency).Decimal())
	}
	return all
}

var kiwiCategories = map[travel.Cabin]string{travel.Economy: "M", travel.PremiumEconomy: "W", travel.Business: "C", travel.First: "F"}

// way adds the segments of a direction.
func (p *kiwi) way(out *kiwiTrip, it *kiwiItinerary, way int) {
	seconds := int(it.arr(way).Sub(it.dep(way)) / time.Second)
	if way == 0 {
		out.Duration.Departure = seconds
	} else {
		out.Duration.Return = seconds
	}
	for i, leg := range it.ways[way] {
		flown := leg.id.num(leg.dep.Unix()).str(string(leg.by.Code))
		basis := fareBasis(leg.brand, leg.sold)
		seg := kiwiSegment{
			Combination: fmt.Sprintf("%016x%08x", uint64(flown), uint32(flown.num(1))), FlyFrom: leg.from.Code, FlyTo: leg.to.Code,
			CityFrom: leg.from.City, CityCodeFrom: leg.from.Metro, CityTo: leg.to.City, CityCodeTo: leg.to.Metro,
			kiwiTimes: kiwiSpan(leg.dep, leg.arr), Airline: leg.by.Code, Number: leg.byNumber, Basis: basis, Category: kiwiCategories[leg.cabin],
			Classes: basis[:1], Return: way, Recheck: leg.transfer, VI: leg.transfer, Guarantee: leg.transfer, Vehicle: "aircraft",
		}
		seg.ID = seg.Combination + "_" + strconv.Itoa(leg.ticket)
		if !leg.operatorUnsaid {
			seg.Operating = leg.carrier.Code
			if !leg.opNumberUnsaid {
				seg.OperatingNo = strconv.Itoa(leg.number)
			}
		}
		if leg.id.str("plane").chance(600) {
			seg.Equipment = &leg.plane.Code
		}
		if i > 0 && it.ways[way][i-1].to != leg.from {
			out.Change = true
		}
		if !slices.Contains(out.Airlines, leg.by.Code) {
			out.Airlines = append(out.Airlines, leg.by.Code)
		}
		out.Route = append(out.Route, seg)
	}
}
