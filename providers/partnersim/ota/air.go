// Package ota answers in OpenTravel messages: low fare searches, and searches and availability of hotels.
package ota

import (
	"cmp"
	"net/http"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
)

// air speaks OTA_AirLowFareSearch of OpenTravel, in XML, plain or in SOAP as it is asked.
type air struct {
	*world.Inventory
}

// Space is the namespace of every OpenTravel message.
const Space = "http://www.opentravel.org/OTA/2003/05"

// Answer checks the request as the vendor's gateway and then its application do.
func (p *air) Answer(r *http.Request, question []byte, offers int) exchange.Reply {
	root, wrap, e := asMessage(p.Inventory, r, question)
	if e != nil {
		return p.errors(wrap, *e)
	}
	now := p.World.Moment()
	key := exchange.BodyKey{Partner: p.Name, Question: rng.RNG(21).Str(string(question)), Moment: now.Unix(), Offers: offers}
	if kept := p.World.Rendered.Get(key); kept != nil {
		return asReply(http.StatusOK, kept)
	}
	q, errs := p.parse(root, p.World.Now())
	if len(errs) > 0 {
		return p.errors(wrap, errs...)
	}
	trips := p.Trips(q.Ask, now, max(offers, p.Seller.MaxOffers))
	if offers > 0 {
		trips = world.ExactlyTrips(trips, offers)
	}
	if len(trips) == 0 {
		return p.errors(wrap, errNothing)
	}
	w := &airWriter{air: p, q: q, now: now, lean: offers > 0}
	b := &exchange.Body{Plain: w.write(trips, wrap)}
	p.World.Rendered.Put(key, b)
	return asReply(http.StatusOK, b)
}

func asReply(status int, b *exchange.Body) exchange.Reply {
	return exchange.Reply{Status: status, Header: map[string]string{"Content-Type": "text/xml; charset=utf-8"}, Body: b}
}

// root writes the message element, in the partner's own way.
func asRoot(x *exchange.XMLWriter, a *world.Inventory, name, version string, now time.Time, inside func()) {
	attrs := exchange.At{"xmlns", Space}
	if a.RNG.Str("prefix").Chance(300) {
		x.Prefix, attrs = "ota:", exchange.At{"xmlns:ota", Space}
	}
	x.In(name, append(attrs, "Version", version, "TimeStamp", now.UTC().Format(time.RFC3339)), inside)
	x.Prefix = ""
}

func (p *air) errors(wrap exchange.Envelope, errs ...errorDoc) exchange.Reply {
	return asErrors(p.Inventory, wrap, "OTA_AirLowFareSearchRS", "6.6.0", errs...)
}

// Refusal is the vendor's document for a failure of its own.
func (p *air) Refusal(question []byte, status int) exchange.Reply {
	return p.errors(exchange.WrapOf(question), cmp.Or(failures[status], errSystem))
}

// OtherEndpoint checks all of a search but what it asks for.
func (p *air) OtherEndpoint(r *http.Request, question []byte) (exchange.Reply, bool) {
	if _, wrap, e := asMessage(p.Inventory, r, question); e != nil {
		return p.errors(wrap, *e), true
	}
	return exchange.Reply{}, false
}

// ReplayStatus is 200: OpenTravel's errors come with it.
func (p *air) ReplayStatus([]byte) int { return http.StatusOK }

// NewAir is a partner that speaks the protocol and sells what the inventory has.
func NewAir(a *world.Inventory) exchange.Protocol { return &air{Inventory: a} }
