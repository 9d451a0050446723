package combine

import (
	"cmp"
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// quoteIDs names the combination by its tickets, resultIDs by its flights.
func (c chain) quoteIDs() string  { return c.join(func(t *ticket) string { return t.quote.ID }) }
func (c chain) resultIDs() string { return c.join(func(t *ticket) string { return t.result.ID }) }

func (c chain) join(id func(*ticket) string) string {
	ids := make([]string, len(c))
	for i, t := range c {
		ids[i] = id(t)
	}
	return strings.Join(ids, "+")
}

// id is an identifier as package merge writes them. What is hashed begins with a word, so
// that no result on one ticket has the id of a combination.
func id(what, name string) string {
	sum := sha256.Sum256([]byte("combination of " + what + "\x00" + name))
	return travel.EncodeID(sum[:15])
}

// result is the combination's flights, without quotes.
func (c chain) result(t *Trip, name string) *travel.Result {
	r := &travel.Result{ID: id("flights", name), SelfTransfer: c.breaks()}
	for _, one := range c {
		r.Slices = append(r.Slices, one.result.Slices[0])
	}
	if t.Connect {
		r.ID = id("connecting flights", name)
		r.Slices = [][]travel.ResultSegment{slices.Concat(r.Slices...)}
	}
	return r
}

// breaks are the positions of segments before which the ticket changes.
func (c chain) breaks() []int {
	var positions []int
	n := 0
	for _, one := range c[:len(c)-1] {
		n += len(one.result.Slices[0])
		positions = append(positions, n)
	}
	return positions
}

// quote is the sum of the tickets. Its times are those of the part that ends first.
func (c chain) quote(t *Trip) travel.Quote {
	first := c[0].quote
	q := travel.Quote{ID: id("offers of "+t.SearchID, c.quoteIDs()), AsOf: first.AsOf, FreshUntil: first.FreshUntil, HardUntil: first.HardUntil}
	for _, one := range c {
		q.EURMicros += one.quote.EURMicros
		q.AsOf = earlier(q.AsOf, one.quote.AsOf)
		q.FreshUntil = earlier(q.FreshUntil, one.quote.FreshUntil)
		q.HardUntil = earlier(q.HardUntil, one.quote.HardUntil)
		q.Parts = append(q.Parts, *one.quote)
	}
	q.Partner = strings.Join(q.Sellers(), "+")
	q.Offer = c.offer(t)
	return q
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// offer is what the tickets are together: each condition is that of the ticket that is
// worst in it, and what one of them does not state is unknown.
func (c chain) offer(t *Trip) *travel.Offer {
	first := c[0].quote.Offer
	o := &travel.Offer{SelfTransfer: c.breaks(), Price: first.Price, Fare: first.Fare, SeatsLeft: first.SeatsLeft, ExpiresAt: first.ExpiresAt, Test: first.Test}
	o.Itinerary.Slices = slices.Clone(first.Itinerary.Slices)
	for _, one := range c[1:] {
		next := one.quote.Offer
		o.Itinerary.Slices = append(o.Itinerary.Slices, next.Itinerary.Slices...)
		o.Price = addPrices(o.Price, next.Price)
		o.Fare = addFares(&o.Fare, &next.Fare)
		if o.SeatsLeft == 0 || next.SeatsLeft > 0 && next.SeatsLeft < o.SeatsLeft {
			o.SeatsLeft = next.SeatsLeft
		}
		if o.ExpiresAt.IsZero() || !next.ExpiresAt.IsZero() && next.ExpiresAt.Before(o.ExpiresAt) {
			o.ExpiresAt = next.ExpiresAt
		}
		o.Test = o.Test || next.Test
	}
	if t.Connect {
		var all []travel.Segment
		for i := range o.Itinerary.Slices {
			all = append(all, o.Itinerary.Slices[i].Segments...)
		}
		o.Itinerary.Slices = []travel.Slice{{Segments: all}}
	}
	return o
}

var kinds = []travel.PriceKind{travel.Live, travel.Cached, travel.Indicative} // the most certain first

func addPrices(a, b travel.Price) travel.Price {
	sum := travel.Price{Total: a.Total.Plus(b.Total), Base: a.Base.Plus(b.Base), Taxes: a.Taxes.Plus(b.Taxes), Kind: a.Kind}
	sum.StateFees(a.Fees, b.Fees)
	if slices.Index(kinds, b.Kind) > slices.Index(kinds, a.Kind) {
		sum.Kind = b.Kind
	}
	return sum
}

func addFares(a, b *travel.Fare) travel.Fare {
	sum := travel.Fare{
		Brand: brands(a.Brand, b.Brand), CabinBags: fewest(a.CabinBags, b.CabinBags), CheckedBags: fewest(a.CheckedBags, b.CheckedBags),
		Refundable: both(a.Refundable, b.Refundable), Changeable: both(a.Changeable, b.Changeable),
		RefundFee: a.RefundFee.Plus(b.RefundFee), ChangeFee: a.ChangeFee.Plus(b.ChangeFee), Seat: a.Seat.And(b.Seat),
		CabinBagPrice:   addBags(a.CabinBags, b.CabinBags, a.CabinBagPrice, b.CabinBagPrice),
		CheckedBagPrice: addBags(a.CheckedBags, b.CheckedBags, a.CheckedBagPrice, b.CheckedBagPrice),
	}
	if len(a.Basis) > 0 && len(b.Basis) > 0 {
		sum.Basis = slices.Concat(a.Basis, b.Basis)
	}
	if len(a.Cabin) > 0 && len(b.Cabin) > 0 {
		sum.Cabin = slices.Concat(a.Cabin, b.Cabin)
	}
	return sum
}

func brands(a, b string) string {
	if a == b {
		return a
	}
	return cmp.Or(a, "?") + " / " + cmp.Or(b, "?")
}

func fewest(a, b travel.Pieces) travel.Pieces {
	var f travel.Fewest
	for _, p := range []travel.Pieces{a, b} {
		n, _ := p.Count() // below zero where unknown
		f.Add(n)
	}
	return f.Pieces()
}

// addBags is what a bag costs on two tickets: nothing more on one that has it, and not
// stated if both do, or if one that has none does not say.
func addBags(a, b travel.Pieces, price, other travel.Money) travel.Money {
	switch {
	case a.Some():
		return other
	case b.Some():
		return price
	}
	return price.Plus(other)
}

func both(a, b travel.Answered) travel.Answered {
	switch {
	case a == travel.No || b == travel.No:
		return travel.No
	case a == travel.Yes && b == travel.Yes:
		return travel.Yes
	}
	return travel.Unknown
}
