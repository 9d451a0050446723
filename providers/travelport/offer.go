package travelport

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// maxCombinations bounds the offers made of one price point.
const maxCombinations = 64

// makeOffers makes an offer of each combination of alternatives at each price point.
func (d *decoder) makeOffers() {
	d.resolve()
	done := assemble.PooledOffers(&d.answer)
	for i := range d.points {
		d.expand(&d.points[i])
		if len(d.answer.Offers) >= 2*assemble.MaxOffers {
			assemble.LimitOffers(&d.answer, assemble.MaxOffers)
		}
	}
	assemble.LimitOffers(&d.answer, assemble.MaxOffers)
	done()
}

// resolve looks up once what bookings refer to, and makes the slices that offers share.
func (d *decoder) resolve() {
	for i := range d.segments {
		d.finish(&d.segments[i])
	}
	for i := range d.bookings {
		b := &d.bookings[i]
		b.segmentAt, b.fareAt = -1, -1
		if at, ok := d.segmentAt[b.segment]; ok {
			b.segmentAt = at
			if b.left == 0 {
				b.left = seats(d.segments[at].counts, b.code)
			}
		}
		if at, ok := d.fareAt[b.fare]; ok {
			b.fareAt = at
		}
	}
	for i := range d.options {
		way := &d.options[i]
		way.slice, way.rule = d.slice(way)
		if way.rule == "" {
			d.compare(way)
		}
	}
}

// expand makes the offers of one price point, the last direction turning fastest.
func (d *decoder) expand(p *point) {
	directions := d.directions(p)
	total := 1
	for _, c := range directions {
		if total *= int(c.options.to - c.options.from); total > 1<<20 {
			total = 1 << 20
		}
	}
	if len(directions) == 0 || total == 0 || p.partial {
		d.answer.OffersIn++
		rule := travel.RuleNoItinerary
		if p.partial {
			rule = travel.RulePartial
		}
		d.answer.Drop(rule, 1)
		return
	}
	made := min(total, maxCombinations)
	d.answer.Note("expansion_capped", total-made)
	chosen := make([]*option, len(directions))
	for n := range made {
		rest := n
		for i := len(directions) - 1; i >= 0; i-- {
			c := directions[i]
			count := int(c.options.to - c.options.from)
			chosen[i] = &d.options[int(c.options.from)+rest%count]
			rest /= count
		}
		d.answer.OffersIn++
		o, rule := d.offer(p, chosen, total > 1)
		if rule == "" {
			rule = o.Check()
		}
		if rule != "" {
			d.answer.Drop(rule, 1)
			continue
		}
		d.answer.Offers = append(d.answer.Offers, o)
	}
}

// directions are the point's, in the order flown: the document's list of legs says which,
// else they stand in it.
func (d *decoder) directions(p *point) []choice {
	if p.journeys.from < p.journeys.to {
		return d.choices[p.journeys.from:p.journeys.to]
	}
	for i := p.infos.from; i < p.infos.to; i++ {
		if span := d.infos[i].choices; span.from < span.to {
			all := slices.Clone(d.choices[span.from:span.to])
			known := !slices.ContainsFunc(all, func(c choice) bool { _, ok := d.legAt[c.leg]; return !ok })
			if known {
				slices.SortStableFunc(all, func(a, b choice) int { return cmp.Compare(d.legAt[a.leg], d.legAt[b.leg]) })
			}
			return all
		}
	}
	return nil
}

// offer is one combination of a price point, or the rule against it.
func (d *decoder) offer(p *point, chosen []*option, several bool) (o travel.Offer, rule string) {
	if o.Price, rule = d.price(p); rule != "" {
		return o, rule
	}
	o.Itinerary.Slices = make([]travel.Slice, 0, len(chosen))
	for _, way := range chosen {
		if way.rule != "" {
			return o, way.rule
		}
		o.Itinerary.Slices = append(o.Itinerary.Slices, way.slice)
	}
	o.PartnerRef = reference(p, chosen, several)
	if p.infos.from < p.infos.to {
		d.conditions(&o, p, chosen)
	}
	return o, ""
}

// reference names an offer: its price point, and its options where there are several.
func reference(p *point, chosen []*option, several bool) string {
	if !several {
		return strings.Clone(p.key)
	}
	var b strings.Builder
	b.Grow(len(p.key) + len(chosen)*(1+len(chosen[0].key)))
	b.WriteString(p.key)
	for _, way := range chosen {
		b.WriteByte('+')
		b.WriteString(way.key)
	}
	return b.String()
}

// slice is the segments of one option. A reference that leads nowhere drops what has it.
func (d *decoder) slice(way *option) (travel.Slice, string) {
	bookings := d.bookings[way.bookings.from:way.bookings.to]
	s := travel.Slice{Segments: make([]travel.Segment, 0, len(bookings))}
	for _, b := range bookings {
		if b.segmentAt < 0 {
			return s, travel.RuleDanglingRef
		}
		if rule := d.segments[b.segmentAt].rule; rule != "" {
			return s, rule
		}
		s.Segments = append(s.Segments, d.segments[b.segmentAt].Segment)
	}
	if len(s.Segments) == 0 {
		return s, travel.RuleNoItinerary
	}
	return s, ""
}

// compare notes an option whose stated duration is another than its times make.
func (d *decoder) compare(way *option) {
	stated, ok := document.ParseDuration(way.stated)
	if !ok {
		stated = time.Duration(countOf(way.stated)) * time.Minute
	}
	if stated > 0 && stated != way.slice.Duration() {
		d.answer.Note("duration_differs", 1)
	}
}

// price is that of the point for everybody. Without one, the passenger types add up.
func (d *decoder) price(p *point) (travel.Price, string) {
	if p.total != "" {
		total, rule := money(p.total)
		if rule != "" {
			return travel.Price{}, rule
		}
		out := travel.Price{Total: total, Base: p.baseIn(total.Currency), Taxes: advisory(p.taxes), Kind: travel.Live}
		out.StateFees(advisory(p.fees))
		return out, ""
	}
	out := travel.Price{Kind: travel.Live}
	var fees []travel.Money
	for i := p.infos.from; i < p.infos.to; i++ {
		info := &d.infos[i]
		one, rule := money(info.total)
		if rule != "" {
			return travel.Price{}, rule
		}
		if i > p.infos.from && one.Currency != out.Total.Currency {
			return travel.Price{}, travel.RuleNoPrice
		}
		n := max(info.passengers, 1)
		total, base, taxes := one.Times(n), info.baseIn(one.Currency).Times(n), advisory(info.taxes).Times(n)
		if i > p.infos.from {
			total, base, taxes = out.Total.Plus(total), out.Base.Plus(base), out.Taxes.Plus(taxes)
		}
		out.Total, out.Base, out.Taxes = total, base, taxes
		fees = append(fees, advisory(info.fees).Times(n))
	}
	out.StateFees(fees...)
	return out, ""
}

// baseIn is the base in the currency of the total, else the one in which the fare is filed.
func (a *amounts) baseIn(currency travel.Currency) travel.Money {
	filed := advisory(a.base)
	if filed.Currency != currency {
		if m := advisory(a.equivalent); m.Currency == currency {
			return m
		}
	}
	return filed
}
