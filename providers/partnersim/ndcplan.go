package partnersim

import (
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// ndcPlan is an answer before it is written: NDC keeps flights, fares and bags in
// lists of their own, to which offers refer.
type ndcPlan struct {
	*ndc
	req    *ndcRequest
	now    time.Time
	habits ndcHabits
	lean   bool
	groups []ndcGroup
	offers []ndcOffer

	legs      index[ndcLegKey, ndcLeg]   // a flight in one booking class
	journeys  index[string, ndcJourney]  // legs one after the other
	classes   index[ndcClassKey, brand]  // price classes
	bags      index[ndcBagKey, struct{}] // allowances
	penalties index[ndcPenalty, struct{}]
}

// index numbers things from 1 in the order in which they are first seen.
type index[K comparable, V any] struct {
	ids  map[K]int
	keys []K
	all  []V
}

func (x *index[K, V]) of(k K, v V) int {
	if id := x.ids[k]; id != 0 {
		return id
	}
	if x.ids == nil {
		x.ids = map[K]int{}
	}
	x.keys, x.all = append(x.keys, k), append(x.all, v)
	x.ids[k] = len(x.all)
	return len(x.all)
}

// ndcGroup is passengers of one type, who pay the same.
type ndcGroup struct {
	ptc  string
	kind paxType
	ids  []string
}

// ndcLegKey tells legs apart: the flight, under whose number, in which class.
type ndcLegKey struct {
	flight dice
	dep    int64
	by     travel.Carrier
	number int
	rbd    byte
}

type ndcLeg struct {
	sold
	rbd   byte
	cabin travel.Cabin
}

type ndcJourney struct {
	legs     []int
	minutes  int
	from, to travel.Airport
	slice    int // of the question
}

type ndcClassKey struct {
	carrier travel.Carrier
	brand   string
}

type ndcBagKey struct {
	checked bool
	pieces  int
}

// ndcPenalty is what a fare says about changes and refunds, fees for one passenger and slice.
type ndcPenalty struct{ refund, change rule }

// ndcOffer is one offer: prices are for one passenger of each group, the total for all.
type ndcOffer struct {
	d       dice
	owner   *carrier
	parts   []ndcPart
	prices  []ndcPrice // one for each group
	total   travel.Money
	taxes   travel.Money
	expires time.Time
	bagless bool // the offer says nothing about bags
}

// ndcPart is a slice in an offer.
type ndcPart struct {
	journeys []int // alternatives; one of them is flown
	first    tripSlice
	legs     []int // of the first journey
	class    int
	penalty  int
}

type ndcPrice struct{ total, base, taxes travel.Money }

// Bounds of an answer.
const (
	maxNDCBytes         = 5 << 20 // about; clients accept 8 MiB by default
	maxNDCAlternatives  = 8
	alternativePermille = 150 // how far from the first one's price an alternative's own may be
)

// plan decides what to answer. exactly, if not zero, is the number of lean offers to make.
func (p *ndc) plan(req *ndcRequest, question dice, now time.Time, exactly int) *ndcPlan {
	a := &ndcPlan{ndc: p, req: req, now: now, habits: p.habits, lean: exactly > 0}
	if a.lean {
		a.habits = p.habits.plain()
	}
	for _, pax := range req.people {
		a.join(pax)
	}
	question = p.dice.num(int64(question))
	bytes := 0
	add := func(alternatives []trip, slice int) {
		if bytes += a.sizeOf(&alternatives[0]); bytes <= maxNDCBytes || a.lean {
			a.offers = append(a.offers, a.offer(alternatives, slice, question))
		}
	}
	limit := max(exactly, p.spec.MaxOffers)
	if p.version == ndc213 || p.combined || len(req.slices) == 1 && a.lean {
		for _, t := range cut(p.trips(req.ask, now, limit), exactly) {
			add([]trip{t}, 0)
		}
		return a
	}
	for i, s := range req.slices {
		one := req.ask
		one.slices, one.parts = []askSlice{s}, len(req.slices)
		share := func(n int) int { return (n + len(req.slices) - 1 - i) / len(req.slices) }
		trips := p.trips(one, now, share(limit))
		if len(trips) == 0 {
			a.offers = nil // half a trip is none
			return a
		}
		if a.lean {
			for _, t := range cut(trips, share(exactly)) {
				add([]trip{t}, i)
			}
			continue
		}
		for _, same := range alternatives(trips) {
			add(same, i)
		}
	}
	return a
}

// cut makes exactly n trips of those there are, or leaves them as they are if n is zero.
func cut(trips []trip, n int) []trip {
	if n == 0 {
		return trips
	}
	return exactlyTrips(trips, n)
}

// alternatives puts trips of one slice together that differ in nothing but the
// flights, and about the price: airlines file one fare for the day. All get the first one's price.
func alternatives(trips []trip) [][]trip {
	type likeness struct {
		seller, from, to string
		brand            string
		legs             int
	}
	var groups [][]trip
	like := map[likeness][]int{}
next:
	for _, t := range trips {
		s := t.slices[0]
		l := likeness{string(t.seller.Code), string(s.from().Code), string(s.to().Code), s.brand.Name, len(s.legs)}
		for _, i := range like[l] {
			first := groups[i][0].fare
			if len(groups[i]) < maxNDCAlternatives && t.fare >= permille(first, 1000-alternativePermille) && t.fare <= permille(first, 1000+alternativePermille) {
				groups[i] = append(groups[i], t)
				continue next
			}
		}
		like[l] = append(like[l], len(groups))
		groups = append(groups, []trip{t})
	}
	return groups
}

func (a *ndcPlan) join(pax ndcPax) {
	for i := range a.groups {
		if a.groups[i].ptc == pax.ptc {
			a.groups[i].ids = append(a.groups[i].ids, pax.id)
			return
		}
	}
	a.groups = append(a.groups, ndcGroup{pax.ptc, pax.kind, []string{pax.id}})
}

// sizeOf is about how many bytes an offer takes, its flights in the lists included.
func (a *ndcPlan) sizeOf(t *trip) int {
	bytes := 900
	for _, s := range t.slices {
		bytes += 500 + len(s.legs)*1800
	}
	return bytes + len(a.groups)*(1100+900*len(t.slices))
}

// offer makes an offer of trips that are alternatives of each other. slice is that of the question where they begin.
func (a *ndcPlan) offer(all []trip, slice int, question dice) ndcOffer {
	t := &all[0]
	d := question.num(int64(t.id)).num(int64(slice))
	o := ndcOffer{
		d: d, owner: t.seller, expires: a.now.Add(30*time.Minute - time.Duration(d.roll(300))*time.Second),
		bagless: !a.dice.str("bags").num(int64(t.slices[0].legs[0].id)).chance(920),
	}
	for i := range t.slices {
		s := &t.slices[i]
		part := ndcPart{first: *s, class: a.classes.of(ndcClassKey{t.seller.Code, s.brand.Name}, s.brand)}
		for _, other := range all {
			id := a.journey(&other.slices[i], slice+i)
			part.journeys = append(part.journeys, id)
		}
		part.legs = a.journeys.all[part.journeys[0]-1].legs
		part.penalty = a.penalties.of(ndcPenalty{s.brand.Refund, s.brand.Change}, struct{}{})
		a.bags.of(ndcBagKey{true, s.brand.Checked}, struct{}{})
		a.bags.of(ndcBagKey{false, s.brand.CabinBags}, struct{}{})
		o.parts = append(o.parts, part)
	}
	cur := a.spec.Currency
	o.total, o.taxes = travel.Money{Currency: cur}, travel.Money{Currency: cur}
	for _, g := range a.groups {
		total, taxes := t.each(g.kind)
		price := ndcPrice{total: inCurrency(total, cur), taxes: inCurrency(taxes, cur)}
		price.base = travel.Money{Minor: price.total.Minor - price.taxes.Minor, Currency: cur}
		o.prices = append(o.prices, price)
		o.total.Minor += price.total.Minor * int64(len(g.ids))
		o.taxes.Minor += price.taxes.Minor * int64(len(g.ids))
	}
	return o
}

// journey is the number of a slice in the lists.
func (a *ndcPlan) journey(s *tripSlice, slice int) int {
	j := ndcJourney{minutes: s.minutes(), from: s.from().Code, to: s.to().Code, slice: slice}
	var key strings.Builder
	key.WriteString(strconv.Itoa(slice))
	for _, leg := range s.legs {
		rbd := fareBasis(s.brand, leg)[0]
		id := a.legs.of(ndcLegKey{leg.id, leg.dep.Unix(), leg.by.Code, leg.byNumber, rbd}, ndcLeg{leg, rbd, s.cabinOn(leg)})
		j.legs = append(j.legs, id)
		key.WriteByte(' ')
		key.WriteString(strconv.Itoa(id))
	}
	return a.journeys.of(key.String(), j)
}

// flyers are the passengers who have a seat and bags.
func (a *ndcPlan) flyers() []string {
	var ids []string
	for _, g := range a.groups {
		if g.kind != infant {
			ids = append(ids, g.ids...)
		}
	}
	return ids
}

// fee is what a rule costs one passenger for one slice.
func (a *ndcPlan) fee(r rule, euros int64) travel.Money {
	if r == forFee {
		return inCurrency(euros*100, a.spec.Currency)
	}
	return travel.Money{Currency: a.spec.Currency}
}

// Fees in euros, as for other protocols.
const (
	refundEuros = 90
	changeEuros = 60
)

// sideItem is an extra that nobody has to buy: what it is, and its price.
func (a *ndcPlan) sideItem(o *ndcOffer) (string, travel.Money) {
	return "Fanfare Lounge Access", inCurrency(int64(o.d.str("side").between(900, 4900)), a.spec.Currency)
}

// lapOf names the infant on the i-th adult's lap, "" if there is none.
func (a *ndcPlan) lapOf(i int) string {
	var adults, infants []string
	for _, pax := range a.req.people {
		switch pax.kind {
		case adult:
			adults = append(adults, pax.id)
		case infant:
			infants = append(infants, pax.id)
		}
	}
	for n, id := range infants {
		if adults[n] == a.req.people[i].id {
			return id
		}
	}
	return ""
}

// write is the finished document.
func (p *ndc) write(a *ndcPlan, wrap ndcWrap) []byte {
	x := p.document()
	x.pretty = a.habits.pretty
	wrap.around(x, a.now, func() {
		if p.version == ndc172 {
			a.write172(x)
		} else {
			a.write213(x)
		}
	})
	return p.encoded(x.buf)
}
