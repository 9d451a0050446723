package opentravel

import (
	"strconv"
	"strings"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// Finish makes an offer of each quote of the itinerary that has been gathered, or counts
// by which rule it is dropped. label tells the itinerary from the others of the document.
func (g *Gatherer) Finish(label string) {
	g.fly()
	g.findPlaces()
	quotes := 0
	for i := range g.quotes {
		q := &g.quotes[i]
		if q.NotPriced && q.Additional {
			g.Answer.Note("brands_not_priced", 1)
			continue
		}
		quotes++
		g.Answer.OffersIn++
		if rule := g.offer(q, label, i); rule != "" {
			g.Answer.Drop(rule, 1)
		}
	}
	if quotes == 0 {
		g.Answer.OffersIn++
		g.Answer.Drop(travel.RuleNoPrice, 1)
	}
	assemble.TrimOffers(&g.Answer, assemble.MaxOffers)
}

// fly makes the segments of the itinerary.
func (g *Gatherer) fly() {
	g.flown, g.timeRule, g.unlike = g.flown[:0], "", false
	for i := range g.segments {
		g.times(&g.segments[i])
		g.flown = append(g.flown, g.segments[i].Segment)
	}
}

// offer keeps the offer of a quote, or is the rule that drops it.
func (g *Gatherer) offer(q *Quote, label string, number int) (rule string) {
	var o travel.Offer
	switch {
	case q.Dangling:
		return travel.RuleDanglingRef
	case q.Partial:
		return travel.RulePartial
	case g.tooMany:
		return travel.RuleNoItinerary
	}
	price, rule := g.price(q)
	if rule != "" {
		return rule
	}
	o.Price = travel.Price{Total: price.total, Base: price.base, Taxes: price.taxes, Kind: travel.Live}
	o.Price.StateFees(price.fees)
	g.cut = assemble.CutSlices(g.cut[:0], g.flown, g.counts)
	flown := travel.Itinerary{Slices: g.cut}
	o.Itinerary = flown
	rule = o.Check()
	if rule == travel.RuleBadTime && g.timeRule != "" {
		rule = g.timeRule
	}
	if rule == "" {
		rule = g.checkDurations()
	}
	if rule != "" {
		return rule
	}
	o.Itinerary = g.shared.Itinerary(flown)
	o.SeatsLeft = g.fare(q, &o.Fare)
	o.Seller, o.ExpiresAt = q.Seller, g.expiry(q)
	if o.PartnerRef = strings.Clone(document.Clean(q.PartnerRef, maxRef)); o.PartnerRef == "" {
		o.PartnerRef = g.ref(label, number)
	}
	if g.unlike {
		g.Answer.Note("duration_differs", 1)
	}
	for i := range g.segments {
		g.Answer.Note("technical_stops", g.segments[i].Stops)
	}
	g.Answer.Offers = append(g.Answer.Offers, o)
	return ""
}

// price is what a quote costs the whole party: its own total, else the passengers' fares,
// else what its own parts add up to.
func (g *Gatherer) price(q *Quote) (out sums, rule string) {
	out, rule = g.Money.read(&q.Sum, Amount{})
	if rule == "" && out.base.Known() && out.taxes.Known() || rule != "" && q.Sum.Total.Text != "" {
		return out, rule
	}
	all, whole := g.eachFare(q)
	switch {
	case !whole && rule != "":
		if sum, bad := g.Money.added(&q.Sum); bad == "" {
			return sum, ""
		}
	case !whole:
	case rule != "":
		return all, ""
	case all.total == out.total: // the same price in more detail
		if !out.base.Known() {
			out.base = all.base
		}
		if !out.taxes.Known() {
			out.taxes = all.taxes
		}
		if !out.fees.Known() {
			out.fees = all.fees
		}
	}
	return out, rule
}

// eachFare is the sum of the passengers' fares, false if there is none.
func (g *Gatherer) eachFare(q *Quote) (all sums, whole bool) {
	for i := q.pax.from; i < q.pax.to; i++ {
		p := &g.pax[i]
		if p.Common || p.Count == 0 {
			continue
		}
		one, bad := g.Money.read(&p.Sum, q.Sum.Total)
		if bad != "" {
			one, bad = g.Money.added(&p.Sum)
		}
		if bad != "" {
			return sums{}, false
		}
		if !whole {
			whole = true
			zero := travel.Money{Currency: one.total.Currency}
			all = sums{zero, travel.Money{Currency: one.base.Currency}, travel.Money{Currency: one.taxes.Currency}, zero}
		}
		fees := one.fees
		if !fees.Known() {
			fees = travel.Money{Currency: all.fees.Currency} // this passenger's fare has none
		}
		all = sums{
			all.total.Plus(one.total.Times(p.Count)), all.base.Plus(one.base.Times(p.Count)),
			all.taxes.Plus(one.taxes.Times(p.Count)), all.fees.Plus(fees.Times(p.Count)),
		}
	}
	return all, whole && all.total.Known()
}

// ref names an offer: its flights with their booking classes and days, which say the same
// in every document, and behind a # its place in this one, which tells it from the others.
//
//	JL52S.JL41S@2022-12-01~JL7120S.JL51S@2022-12-08#1
func (g *Gatherer) ref(label string, number int) string {
	var room [256]byte
	b, at := room[:0], 0
	for i, n := range g.counts {
		if i > 0 {
			b = append(b, '~')
		}
		for k := range n {
			if k > 0 {
				b = append(b, '.')
			}
			s := &g.segments[at+k]
			b = append(append(append(b, s.Marketing.Carrier...), s.Marketing.Number...), s.Class...)
		}
		b, _ = g.flown[at].Departs.Date().AppendText(append(b, '@'))
		at += n
	}
	b = append(append(b, '#'), document.Clean(label, maxLabel)...)
	if number > 0 {
		b = strconv.AppendInt(append(b, '.'), int64(number)+1, 10)
	}
	return document.Clean(string(b), maxRef)
}

// maxRef and maxLabel bound what is kept of references that a document's own texts go into.
const (
	maxRef   = 1024
	maxLabel = 64
)
