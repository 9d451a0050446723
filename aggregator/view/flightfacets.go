package view

import (
	"fmt"
	"math/bits"
	"slices"

	"fanfare/providers/travel"
)

// FlightFacets says what other choices would show. Each facet stands for one parameter of
// the view, and each of its values for that parameter set to the value alone; all other
// parameters are as the view has them. Prices are with the bags asked for.
type FlightFacets struct {
	Stops           []Facet[int]    // max_stops: with that many stops or fewer
	Carriers        []Facet[string] // carriers
	Partners        []Facet[string] // partners
	Airports        []Facet[string] // via
	Departures      []Facet[string] // depart_between, by windows of six hours
	Arrivals        []Facet[string] // arrive_between
	Conditions      []Facet[string] // cabin_bag, checked_bag, refundable: with that filter on
	Tickets         []Facet[string] // OneTicket or SeveralTickets: combine and combined_only
	Prices          PriceRange      // of the results without max_price
	DurationMinutes Range           // of the results without max_duration_minutes
	AnyPrice        bool            // whether Prices is of anything
	AnyDuration     bool            // whether DurationMinutes is
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

// priced is an offer of the result that is counted, and its price with bags.
type priced struct {
	quote  *travel.Quote // nil is none
	micros int64
}

// offer is the j-th offer of the result, with the bags that the view asks for.
func (c *flightCounts) offer(j int, q *travel.Quote) priced {
	if len(c.costs) == 0 {
		return priced{q, q.EURMicros}
	}
	return priced{q, c.costs[j]}
}

func (p *priced) with(bags Bags) Price {
	return Price{Micros: p.micros, Total: p.quote.Offer.Price.Total, Quote: p.quote, Bags: bags}
}

// flightCounts gathers the facets.
type flightCounts struct {
	*selector
	conditions []constraint
	out        FlightFacets
	// least is, of the result that is counted, the cheapest offer that fails one filter
	// only, at the position of that filter's bit; at filterCount the one that fails none.
	least [filterCount + 1]priced
	codes []carrierPrice // of the result that is counted

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

// compare notes the cheapest offers of a result. Quotes come cheapest first, and bags take
// nothing off a price.
func (c *flightCounts) compare(quotes []*travel.Quote, failed []filters) {
	c.least = [filterCount + 1]priced{}
	passing := &c.least[filterCount]
	for j, q := range quotes {
		if passing.quote != nil && q.EURMicros >= passing.micros {
			return
		}
		if failed[j].several() {
			continue
		}
		at := filterCount
		if failed[j] != 0 {
			at = bits.TrailingZeros16(uint16(failed[j]))
		}
		if offer := c.offer(j, q); c.least[at].quote == nil || offer.micros < c.least[at].micros {
			c.least[at] = offer
		}
	}
}

// without is the cheapest offer that fails no filter but the given one.
func (c *flightCounts) without(own filters) (Price, bool) {
	p, q := &c.least[filterCount], &c.least[bits.TrailingZeros16(uint16(own))]
	if p.quote == nil || q.quote != nil && q.micros < p.micros {
		p = q
	}
	if p.quote == nil {
		return Price{}, false
	}
	return p.with(c.bags), true
}

// add counts one result, of whose offers failed says which filters are in their way.
func (c *flightCounts) add(i int, r *travel.Result, t *traits, failed []filters) {
	c.compare(r.Quotes, failed)
	if price, ok := c.without(byStops); ok {
		c.stops.add(i, t.stops, price)
	}
	if price, ok := c.without(byPrice); ok {
		c.out.Prices.add(price, !c.out.AnyPrice)
		c.out.AnyPrice = true
	}
	if _, ok := c.without(byDuration); ok {
		c.out.DurationMinutes.add(int64(t.durationMinutes), !c.out.AnyDuration)
		c.out.AnyDuration = true
	}
	if price, ok := c.without(byTickets); ok {
		tickets := OneTicket
		if r.Combined() {
			tickets = SeveralTickets
		}
		c.tickets.add(i, tickets, price)
	}
	if price, ok := c.without(byVia); ok {
		for _, segments := range r.Slices {
			for j := 1; j < len(segments); j++ {
				c.airports.add(i, string(segments[j].Origin), price)
				if in := segments[j-1].Destination; in != segments[j].Origin {
					c.airports.add(i, string(in), price)
				}
			}
		}
	}
	c.times(i, t)
	c.sellers(i, r, failed)
	c.marketing(i, r, failed)
	c.conditionally(i, r, failed)
}

func (c *flightCounts) times(i int, t *traits) {
	departs, leaves := c.without(byDeparture)
	arrives, lands := c.without(byArrival)
	for w := range windows {
		if leaves && windows[w].contains(t.departs) {
			c.departs.add(i, c.windows[w], departs)
		}
		if lands && windows[w].contains(t.arrives) {
			c.arrives.add(i, c.windows[w], arrives)
		}
	}
}

// sellers counts who sells the result. One of several sellers of a combination alone does
// not show it.
func (c *flightCounts) sellers(i int, r *travel.Result, failed []filters) {
	for j, q := range r.Quotes {
		if failed[j]&^byPartners != 0 {
			continue
		}
		name := q.Partner
		if q.Parts != nil {
			names := q.Sellers()
			if len(names) > 1 {
				continue
			}
			name = names[0]
		}
		offer := c.offer(j, q)
		c.partners.add(i, name, offer.with(c.bags))
	}
}

// carrierPrice is a code under which all segments of some offer are marketed or operated,
// and the cheapest such offer.
type carrierPrice struct {
	code travel.Carrier
	priced
}

// marketing counts each code that shows the result by itself.
func (c *flightCounts) marketing(i int, r *travel.Result, failed []filters) {
	c.codes = c.codes[:0]
	var last *travel.Slice // of the offer before: offers of one itinerary share it
	for j, q := range r.Quotes {
		out := &q.Offer.Itinerary.Slices[0]
		if failed[j]&^byCarriers != 0 || out == last && !c.bags.Any() {
			continue // of one itinerary the first offer is the cheapest
		}
		last = out
		first, operating := out.Segments[0].Marketing.Carrier, c.operating[0]
		offer := c.offer(j, q)
		c.note(first, offer)
		if operating != first && operating != "" {
			c.note(operating, offer)
		}
	}
	for k := range c.codes {
		p := &c.codes[k]
		c.carriers.add(i, string(p.code), p.with(c.bags))
	}
}

// note notes the offer for a code if all its segments have it.
func (c *flightCounts) note(code travel.Carrier, offer priced) {
	at := slices.IndexFunc(c.codes, func(p carrierPrice) bool { return p.code == code })
	switch {
	case at >= 0 && c.codes[at].micros <= offer.micros || !c.under(code, &offer.quote.Offer.Itinerary):
	case at < 0:
		c.codes = append(c.codes, carrierPrice{code, offer})
	default:
		c.codes[at].priced = offer
	}
}

// under reports whether each segment is marketed under the code by the offer, or operated
// under it according to the result.
func (c *flightCounts) under(code travel.Carrier, it *travel.Itinerary) bool {
	n := 0
	for i := range it.Slices {
		for j := range it.Slices[i].Segments {
			if it.Slices[i].Segments[j].Marketing.Carrier != code && c.operating[n] != code {
				return false
			}
			n++
		}
	}
	return true
}

// conditionally counts what each condition shows. With a bag more, prices are with that
// bag, and so is what may be too dear.
func (c *flightCounts) conditionally(i int, r *travel.Result, failed []filters) {
	passing := &c.least[filterCount]
	if passing.quote == nil {
		return
	}
	for k := range c.conditions {
		condition := &c.conditions[k]
		if c.view.on(condition.name, "") {
			c.condit.add(i, condition.name, passing.with(c.bags))
			continue
		}
		with := c.bags
		with.Cabin, with.Checked = with.Cabin || condition.filter == byCabinBag, with.Checked || condition.filter == byCheckedBag
		var best priced
		for j, q := range r.Quotes {
			if best.quote != nil && q.EURMicros >= best.micros {
				break
			}
			if failed[j] != 0 || !passes(condition.judge(c.selector, q.Offer), c.view.Strict) {
				continue
			}
			if micros := c.micros(q, with); (best.quote == nil || micros < best.micros) && (with == c.bags || !c.dear(q, with)) {
				best = priced{q, micros}
			}
		}
		if best.quote != nil {
			c.condit.add(i, condition.name, best.with(with))
		}
	}
}

func (c *flightCounts) facets() FlightFacets {
	c.nameChosen()
	c.out.Stops, c.out.Carriers, c.out.Partners = upTo(c.stops.sorted(), c.view.MaxStops), c.carriers.sorted(), c.partners.sorted()
	c.out.Airports, c.out.Departures, c.out.Arrivals = c.airports.sorted(), c.departs.sorted(), c.arrives.sorted()
	c.out.Conditions, c.out.Tickets = c.condit.sorted(), c.tickets.sorted()
	return c.out
}

// nameChosen lists what the view names. An airport to avoid is listed too, with what
// changing there would show: nothing.
func (c *flightCounts) nameChosen() {
	v := c.view
	for _, code := range v.Carriers {
		c.carriers.name(string(code))
	}
	for _, partner := range v.Partners {
		c.partners.name(partner)
	}
	for _, airport := range slices.Concat(v.Via, v.Avoid) {
		c.airports.name(string(airport))
	}
	for w := range windows {
		if v.DepartBetween != nil && *v.DepartBetween == windows[w] {
			c.departs.name(c.windows[w])
		}
		if v.ArriveBetween != nil && *v.ArriveBetween == windows[w] {
			c.arrives.name(c.windows[w])
		}
	}
	for _, condition := range c.conditions {
		if v.on(condition.name, "") {
			c.condit.name(condition.name)
		}
	}
	if v.HideCombined {
		c.tickets.name(OneTicket)
	}
	if v.CombinedOnly {
		c.tickets.name(SeveralTickets)
	}
}

// upTo turns counts of results with exactly so many stops, sorted, into those with so many
// or fewer, without gaps. The chosen number is listed too.
func upTo(exact []Facet[int], chosen *int) []Facet[int] {
	if len(exact) == 0 {
		if chosen == nil {
			return nil
		}
		return []Facet[int]{{Value: *chosen}}
	}
	var all []Facet[int]
	sum := Facet[int]{From: exact[0].From}
	for _, f := range exact {
		for sum.Count > 0 && len(all) > 0 && all[len(all)-1].Value+1 < f.Value {
			all = append(all, Facet[int]{all[len(all)-1].Value + 1, sum.Count, sum.From})
		}
		sum.Count += f.Count
		if f.From.less(sum.From) {
			sum.From = f.From
		}
		all = append(all, Facet[int]{f.Value, sum.Count, sum.From})
	}
	switch {
	case chosen == nil:
	case *chosen < all[0].Value:
		all = slices.Insert(all, 0, Facet[int]{Value: *chosen})
	default:
		for n := all[len(all)-1].Value + 1; n <= *chosen; n++ {
			all = append(all, Facet[int]{n, sum.Count, sum.From})
		}
	}
	return all
}
