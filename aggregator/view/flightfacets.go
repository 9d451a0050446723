package view

import (
	"fmt"

	"fanfare/providers/travel"
)

// FlightFacets describes what other choices would show: each counts the results that
// pass all filters but its own, and what the cheapest such offer costs.
type FlightFacets struct {
	Stops           []Facet[int]
	Carriers        []Facet[string]
	Partners        []Facet[string]
	Airports        []Facet[string] // where is changed
	Departures      []Facet[string] // of the first slice, by windows of six hours
	Arrivals        []Facet[string] // of the first slice
	Conditions      []Facet[string] // cabin_bag, checked_bag, refundable: with that filter on
	Tickets         []Facet[string] // OneTicket or SeveralTickets
	Prices          PriceRange
	DurationMinutes Range
	AnyPrice        bool // whether Prices is of anything
	AnyDuration     bool // whether DurationMinutes is
}

// The values of the facet of tickets: sold on one, or put together from several.
const (
	OneTicket      = "one"
	SeveralTickets = "several"
)

// windows are the parts of a day that departures and arrivals are counted by, as they
// are asked for. A flight on the border of two is in both.
var windows = func() (all [4]Window) {
	for i := range all {
		all[i] = Window{i * 6 * 60, min((i+1)*6*60, 24*60-1)}
	}
	return all
}()

// String is the window as it stands in requests.
func (w Window) String() string {
	if w.To == 24*60-1 {
		return fmt.Sprintf("%02d:%02d-24:00", w.From/60, w.From%60)
	}
	return fmt.Sprintf("%02d:%02d-%02d:%02d", w.From/60, w.From%60, w.To/60, w.To%60)
}

// flightCounts gathers the facets.
type flightCounts struct {
	selector   *selector
	conditions []constraint
	out        FlightFacets

	stops                                                  tally[int]
	carriers, partners, airports, departs, arrives, condit tally[string]
	tickets                                                tally[string]
	windows                                                [len(windows)]string
}

func newFlightCounts(s *selector) *flightCounts {
	c := &flightCounts{selector: s, conditions: offerConstraints()[:3]}
	for i := range windows {
		c.windows[i] = windows[i].String()
	}
	return c
}

// cheapest is the price of the first offer that fails no filter but own; quotes come
// cheapest first.
func cheapest(quotes []*travel.Quote, failed []filters, own filters) (Price, bool) {
	for i := range quotes {
		if failed[i]&^own == 0 {
			return priceOf(quotes[i]), true
		}
	}
	return Price{}, false
}

// add counts one result, of whose offers failed says which filters are in their way.
func (c *flightCounts) add(i int, r *travel.Result, t *traits, failed []filters) {
	if price, ok := cheapest(r.Quotes, failed, byStops); ok {
		c.stops.add(i, t.stops, price)
	}
	if price, ok := cheapest(r.Quotes, failed, byPrice); ok {
		c.out.Prices.add(price, !c.out.AnyPrice)
		c.out.AnyPrice = true
	}
	if _, ok := cheapest(r.Quotes, failed, byDuration); ok {
		c.out.DurationMinutes.add(int64(t.durationMinutes), !c.out.AnyDuration)
		c.out.AnyDuration = true
	}
	if price, ok := cheapest(r.Quotes, failed, byTickets); ok {
		tickets := OneTicket
		if r.Combined() {
			tickets = SeveralTickets
		}
		c.tickets.add(i, tickets, price)
	}
	c.times(i, r, t, failed)
	if price, ok := cheapest(r.Quotes, failed, byCarriers); ok {
		c.sellers(i, r, price)
	}
	if price, ok := cheapest(r.Quotes, failed, byAirports); ok {
		for _, segments := range r.Slices {
			for j := 1; j < len(segments); j++ {
				c.airports.add(i, string(segments[j].Origin), price)
			}
		}
	}
	c.offers(i, r, failed)
}

func (c *flightCounts) times(i int, r *travel.Result, t *traits, failed []filters) {
	departs, leaves := cheapest(r.Quotes, failed, byDeparture)
	arrives, lands := cheapest(r.Quotes, failed, byArrival)
	for w := range windows {
		if leaves && windows[w].contains(t.departs) {
			c.departs.add(i, c.windows[w], departs)
		}
		if lands && windows[w].contains(t.arrives) {
			c.arrives.add(i, c.windows[w], arrives)
		}
	}
}

// sellers counts a carrier where it sells or flies a segment.
func (c *flightCounts) sellers(i int, r *travel.Result, price Price) {
	for _, segments := range r.Slices {
		for j := range segments {
			s := &segments[j]
			c.carriers.add(i, string(s.Marketing.Carrier), price)
			if s.Operating.Carrier != "" && s.Operating.Carrier != s.Marketing.Carrier {
				c.carriers.add(i, string(s.Operating.Carrier), price)
			}
			for _, f := range s.SoldAs {
				c.carriers.add(i, string(f.Carrier), price)
			}
		}
	}
}

// offers counts what differs between offers of one result: who sells, and on which conditions.
func (c *flightCounts) offers(i int, r *travel.Result, failed []filters) {
	var met filters
	for j, q := range r.Quotes {
		price := priceOf(q)
		if failed[j]&^byPartners == 0 {
			if sellers := q.Sellers(); len(sellers) == 1 { // one of several alone does not show it
				c.partners.add(i, sellers[0], price)
			}
		}
		for k := range c.conditions {
			condition := &c.conditions[k]
			if met&condition.filter != 0 || failed[j]&^condition.filter != 0 {
				continue // counted with a cheaper one, or another filter is in the way
			}
			if passes(condition.judge(c.selector, q.Offer), c.selector.view.Strict) {
				met |= condition.filter
				c.condit.add(i, condition.name, price)
			}
		}
	}
}

func (c *flightCounts) facets() FlightFacets {
	c.out.Stops, c.out.Carriers, c.out.Partners = c.stops.sorted(), c.carriers.sorted(), c.partners.sorted()
	c.out.Airports, c.out.Departures, c.out.Arrivals = c.airports.sorted(), c.departs.sorted(), c.arrives.sorted()
	c.out.Conditions, c.out.Tickets = c.condit.sorted(), c.tickets.sorted()
	return c.out
}
