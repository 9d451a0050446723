package ndc

import (
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// planDoc is an answer before it is written: NDC keeps flights, fares and bags in
// lists of their own, to which offers refer.
type planDoc struct {
	*service
	req    *request
	now    time.Time
	quirks quirks
	lean   bool
	groups []groupDoc
	offers []offerDoc

	legs      index[legKey, legDoc]        // a flight in one booking class
	journeys  index[string, journeyDoc]    // legs one after the other
	classes   index[classKey, world.Brand] // price classes
	bags      index[bagKey, struct{}]      // allowances
	penalties index[penaltyDoc, struct{}]
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

// groupDoc is passengers of one type, who pay the same.
type groupDoc struct {
	ptc  string
	kind world.PaxType
	ids  []string
}

// legKey tells legs apart: the flight, under whose number, in which class.
type legKey struct {
	flight rng.RNG
	dep    int64
	by     travel.Carrier
	number int
	rbd    byte
}

type legDoc struct {
	world.Sold
	rbd   byte
	cabin travel.Cabin
}

type journeyDoc struct {
	legs     []int
	minutes  int
	from, to travel.Airport
	slice    int // of the question
}

type classKey struct {
	carrier travel.Carrier
	brand   string
}

type bagKey struct {
	checked bool
	pieces  int
}

// penaltyDoc is what a fare says about changes and refunds, fees for one passenger and slice.
type penaltyDoc struct{ refund, change world.Rule }

// offerDoc is one offer: prices are for one passenger of each group, the total for all.
type offerDoc struct {
	d       rng.RNG
	owner   *world.Carrier
	parts   []partDoc
	prices  []priceDoc // one for each group
	total   travel.Money
	taxes   travel.Money
	expires time.Time
	bagless bool // the offer says nothing about bags
}

// partDoc is a slice in an offer.
type partDoc struct {
	journeys []int // alternatives; one of them is flown
	first    world.TripSlice
	legs     []int // of the first journey
	class    int
	penalty  int
}

type priceDoc struct{ total, base, taxes travel.Money }

// Bounds of an answer.
const (
	maxNDCBytes         = 5 << 20 // about; clients accept 8 MiB by default
	maxNDCAlternatives  = 8
	alternativePermille = 150 // how far from the first one's price an alternative's own may be
)

// plan decides what to answer. exactly, if not zero, is the number of lean offers to make.
func (p *service) plan(req *request, question rng.RNG, now time.Time, exactly int) *planDoc {
	a := &planDoc{service: p, req: req, now: now, quirks: p.quirks, lean: exactly > 0}
	if a.lean {
		a.quirks = p.quirks.plain()
	}
	for _, pax := range req.people {
		a.join(pax)
	}
	question = p.RNG.Num(int64(question))
	bytes := 0
	add := func(alternatives []world.Trip, slice int) {
		if bytes += a.sizeOf(&alternatives[0]); bytes <= maxNDCBytes || a.lean {
			a.offers = append(a.offers, a.offer(alternatives, slice, question))
		}
	}
	limit := max(exactly, p.Seller.MaxOffers)
	if p.version == V213 || p.combined || len(req.Slices) == 1 && a.lean {
		for _, t := range cut(p.Trips(req.Ask, now, limit), exactly) {
			add([]world.Trip{t}, 0)
		}
		return a
	}
	for i, s := range req.Slices {
		one := req.Ask
		one.Slices, one.Parts = []world.AskSlice{s}, len(req.Slices)
		share := func(n int) int { return (n + len(req.Slices) - 1 - i) / len(req.Slices) }
		trips := p.Trips(one, now, share(limit))
		if len(trips) == 0 {
			a.offers = nil // half a trip is none
			return a
		}
		if a.lean {
			for _, t := range cut(trips, share(exactly)) {
				add([]world.Trip{t}, i)
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
func cut(trips []world.Trip, n int) []world.Trip {
	if n == 0 {
		return trips
	}
	return world.ExactlyTrips(trips, n)
}

// alternatives puts trips of one slice together that differ in nothing but the
// flights, and about the price: airlines file one fare for the day. All get the first one's price.
func alternatives(trips []world.Trip) [][]world.Trip {
	type likeness struct {
		seller, from, to string
		brand            string
		legs             int
	}
	var groups [][]world.Trip
	like := map[likeness][]int{}
next:
	for _, t := range trips {
		s := t.Slices[0]
		l := likeness{string(t.Seller.Code), string(s.From().Code), string(s.To().Code), s.Brand.Name, len(s.Legs)}
		for _, i := range like[l] {
			first := groups[i][0].Fare
			if len(groups[i]) < maxNDCAlternatives && t.Fare >= rng.Permille(first, 1000-alternativePermille) && t.Fare <= rng.Permille(first, 1000+alternativePermille) {
				groups[i] = append(groups[i], t)
				continue next
			}
		}
		like[l] = append(like[l], len(groups))
		groups = append(groups, []world.Trip{t})
	}
	return groups
}

func (a *planDoc) join(pax paxDoc) {
	for i := range a.groups {
		if a.groups[i].ptc == pax.ptc {
			a.groups[i].ids = append(a.groups[i].ids, pax.id)
			return
		}
	}
	a.groups = append(a.groups, groupDoc{pax.ptc, pax.kind, []string{pax.id}})
}

// sizeOf is about how many bytes an offer takes, its flights in the lists included.
func (a *planDoc) sizeOf(t *world.Trip) int {
	bytes := 900
	for _, s := range t.Slices {
		bytes += 500 + len(s.Legs)*1800
	}
	return bytes + len(a.groups)*(1100+900*len(t.Slices))
}

// offer makes an offer of trips that are alternatives of each other. slice is that of the question where they begin.
func (a *planDoc) offer(all []world.Trip, slice int, question rng.RNG) offerDoc {
	t := &all[0]
	d := question.Num(int64(t.ID)).Num(int64(slice))
	o := offerDoc{
		d: d, owner: t.Seller, expires: a.now.Add(30*time.Minute - time.Duration(d.Roll(300))*time.Second),
		bagless: !a.RNG.Str("bags").Num(int64(t.Slices[0].Legs[0].ID)).Chance(920),
	}
	for i := range t.Slices {
		s := &t.Slices[i]
		part := partDoc{first: *s, class: a.classes.of(classKey{t.Seller.Code, s.Brand.Name}, s.Brand)}
		for _, other := range all {
			id := a.journey(&other.Slices[i], slice+i)
			part.journeys = append(part.journeys, id)
		}
		part.legs = a.journeys.all[part.journeys[0]-1].legs
		part.penalty = a.penalties.of(penaltyDoc{s.Brand.Refund, s.Brand.Change}, struct{}{})
		a.bags.of(bagKey{true, s.Brand.Checked}, struct{}{})
		a.bags.of(bagKey{false, s.Brand.CabinBags}, struct{}{})
		o.parts = append(o.parts, part)
	}
	cur := a.Seller.Currency
	o.total, o.taxes = travel.Money{Currency: cur}, travel.Money{Currency: cur}
	for _, g := range a.groups {
		total, taxes := t.Each(g.kind)
		price := priceDoc{total: world.InCurrency(total, cur), taxes: world.InCurrency(taxes, cur)}
		price.base = travel.Money{Minor: price.total.Minor - price.taxes.Minor, Currency: cur}
		o.prices = append(o.prices, price)
		o.total.Minor += price.total.Minor * int64(len(g.ids))
		o.taxes.Minor += price.taxes.Minor * int64(len(g.ids))
	}
	return o
}

// journey is the number of a slice in the lists.
func (a *planDoc) journey(s *world.TripSlice, slice int) int {
	j := journeyDoc{minutes: s.Minutes(), from: s.From().Code, to: s.To().Code, slice: slice}
	var key strings.Builder
	key.WriteString(strconv.Itoa(slice))
	for _, leg := range s.Legs {
		rbd := world.FareBasis(s.Brand, leg)[0]
		id := a.legs.of(legKey{leg.ID, leg.Dep.Unix(), leg.By.Code, leg.ByNumber, rbd}, legDoc{leg, rbd, s.CabinOn(leg)})
		j.legs = append(j.legs, id)
		key.WriteByte(' ')
		key.WriteString(strconv.Itoa(id))
	}
	return a.journeys.of(key.String(), j)
}

// flyers are the passengers who have a seat and bags.
func (a *planDoc) flyers() []string {
	var ids []string
	for _, g := range a.groups {
		if g.kind != world.Infant {
			ids = append(ids, g.ids...)
		}
	}
	return ids
}

// fee is what a rule costs one passenger for one slice.
func (a *planDoc) fee(r world.Rule, euros int64) travel.Money {
	if r == world.ForFee {
		return world.InCurrency(euros*100, a.Seller.Currency)
	}
	return travel.Money{Currency: a.Seller.Currency}
}

// Fees in euros, as for other protocols.
const (
	refundEuros = 90
	changeEuros = 60
)

// sideItem is an extra that nobody has to buy: what it is, and its price.
func (a *planDoc) sideItem(o *offerDoc) (string, travel.Money) {
	return "Fanfare Lounge Access", world.InCurrency(int64(o.d.Str("side").Between(900, 4900)), a.Seller.Currency)
}

// lapOf names the infant on the i-th adult's lap, "" if there is none.
func (a *planDoc) lapOf(i int) string {
	var adults, infants []string
	for _, pax := range a.req.people {
		switch pax.kind {
		case world.Adult:
			adults = append(adults, pax.id)
		case world.Infant:
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
func (p *service) write(a *planDoc, wrap exchange.Envelope) []byte {
	x := p.document()
	x.Pretty = a.quirks.pretty
	wrap.Around(x, a.now, func() {
		if p.version == V172 {
			a.write172(x)
		} else {
			a.write213(x)
		}
	})
	return p.encoded(x.Buf)
}
