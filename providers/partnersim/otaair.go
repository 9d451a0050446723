package partnersim

import (
	"cmp"
	"net/http"
	"time"
)

// otaAir speaks OTA_AirLowFareSearch of OpenTravel, in XML, plain or in SOAP as it is asked.
type otaAir struct {
	*assortment
}

// otaSpace is the namespace of every OpenTravel message.
const otaSpace = "http://www.opentravel.org/OTA/2003/05"

// answer checks the request as the vendor's gateway and then its application do.
func (p *otaAir) answer(r *http.Request, question []byte, offers int) reply {
	root, wrap, e := otaMessage(p.assortment, r, question)
	if e != nil {
		return p.errors(wrap, *e)
	}
	now := p.w.moment()
	key := bodyKey{p.name, dice(21).str(string(question)), now.Unix(), offers}
	if kept := p.w.rendered.get(key); kept != nil {
		return otaReply(http.StatusOK, kept)
	}
	q, errs := p.parse(root, p.w.now())
	if len(errs) > 0 {
		return p.errors(wrap, errs...)
	}
	trips := p.trips(q.ask, now, max(offers, p.spec.MaxOffers))
	if offers > 0 {
		trips = exactlyTrips(trips, offers)
	}
	if len(trips) == 0 {
		return p.errors(wrap, errOTANothing)
	}
	w := &otaAirWriter{otaAir: p, q: q, now: now, lean: offers > 0}
	b := &body{plain: w.write(trips, wrap)}
	p.w.rendered.put(key, b)
	return otaReply(http.StatusOK, b)
}

func otaReply(status int, b *body) reply {
	return reply{status, map[string]string{"Content-Type": "text/xml; charset=utf-8"}, b}
}

// root writes the message element, in the partner's own way.
func otaRoot(x *xmlWriter, a *assortment, name, version string, now time.Time, inside func()) {
	attrs := at{"xmlns", otaSpace}
	if a.dice.str("prefix").chance(300) {
		x.prefix, attrs = "ota:", at{"xmlns:ota", otaSpace}
	}
	x.in(name, append(attrs, "Version", version, "TimeStamp", now.UTC().Format(time.RFC3339)), inside)
	x.prefix = ""
}

func (p *otaAir) errors(wrap ndcWrap, errs ...otaError) reply {
	return otaErrors(p.assortment, wrap, "OTA_AirLowFareSearchRS", "6.6.0", errs...)
}

// refusal is the vendor's document for a failure of its own.
func (p *otaAir) refusal(question []byte, status int) reply {
	return p.errors(wrapOf(question), cmp.Or(otaFailures[status], errOTASystem))
}

// beside checks all of a search but what it asks for.
func (p *otaAir) beside(r *http.Request, question []byte) (reply, bool) {
	if _, wrap, e := otaMessage(p.assortment, r, question); e != nil {
		return p.errors(wrap, *e), true
	}
	return reply{}, false
}

// recorded is 200: OpenTravel's errors come with it.
func (p *otaAir) recorded([]byte) int { return http.StatusOK }

// newOTAAir is a partner that speaks the protocol and sells what the assortment has.
func newOTAAir(a *assortment) protocol { return &otaAir{assortment: a} }
