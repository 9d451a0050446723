// Package rapid answers as Expedia's Rapid does: regions, content and availability.
package rapid

import (
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
)

// service speaks Expedia Rapid 3: properties within a polygon, their content, and
// availability of those that are named.
type service struct {
	*world.Inventory

	recording []string // of a replay: the properties in its document; set before the first request

	mu   sync.Mutex   // guards the field below
	last world.Circle // where a replay was last asked for properties
}

const (
	Availability = "/v3/properties/availability"
	ContentName  = "/v3/properties/content"
	Geography    = "/v3/properties/geography"
)

var methods = map[string]string{
	Availability: http.MethodGet, ContentName: http.MethodGet, Geography: http.MethodPost,
}

// Answer checks the request as the vendor does: place, right, format, content.
func (p *service) Answer(r *http.Request, question []byte, most int) exchange.Reply {
	if rep, refused := p.turnAway(r); refused {
		return rep
	}
	if status := tests[r.Header.Get("Test")]; status >= 500 && r.URL.Path == Availability {
		return p.Refusal(question, status)
	}
	now := p.World.Moment()
	key := exchange.BodyKey{Partner: p.Name, Question: rng.RNG(13).Str(r.URL.Path).Str(r.URL.RawQuery).Str(string(question)), Moment: now.Unix(), Offers: most}
	if r.URL.Path == ContentName {
		return p.content(r, now)
	}
	if kept := p.World.Rendered.Get(key); kept != nil {
		return p.reply(http.StatusOK, kept)
	}
	var doc any
	if r.URL.Path == Geography {
		area, wrongs := polygon(r.URL.Query(), question)
		if len(wrongs) > 0 {
			return p.wrong(wrongs...)
		}
		doc = p.within(area, most)
	} else {
		q, wrongs := p.parse(r.URL.Query(), p.World.Now())
		if len(wrongs) > 0 {
			return p.wrong(wrongs...)
		}
		doc = p.render(q, now, most)
	}
	b := asJson(doc)
	p.World.Rendered.Put(key, b)
	return p.reply(http.StatusOK, b)
}

func asJson(doc any) *exchange.Body {
	plain, err := json.Marshal(doc)
	if err != nil {
		panic("partnersim: a Rapid document always marshals: " + err.Error()) // impossible: plain structs and maps
	}
	return &exchange.Body{Plain: plain}
}

// reply has the vendor's headers about what is left of the minute's capacity.
func (p *service) reply(status int, b *exchange.Body) exchange.Reply {
	now := p.World.Now()
	left := 100 - now.Second()/4
	if status == http.StatusTooManyRequests {
		left = 0
	}
	return exchange.Reply{Status: status, Header: map[string]string{
		"Content-Type":                "application/json",
		"Rate-Limit-Minute-Remaining": strconv.Itoa(left),
		"Rate-Limit-Minute-Reset":     strconv.FormatInt(now.Truncate(time.Minute).Add(time.Minute).UnixMilli(), 10),
		"Region":                      "eu-west-1",
	}, Body: b}
}

// Refusal is the vendor's document for a failure of its own.
func (p *service) Refusal(_ []byte, status int) exchange.Reply {
	e := errInternal
	switch status {
	case http.StatusTooManyRequests:
		e = errRate
	case http.StatusServiceUnavailable:
		e = errUnavailable
	}
	return p.reply(status, asJson(e))
}

// OtherEndpoint answers geography and content, of the properties in the recording where there
// are any, and checks all of a search but what it asks for.
func (p *service) OtherEndpoint(r *http.Request, question []byte) (exchange.Reply, bool) {
	if rep, refused := p.turnAway(r); refused {
		return rep, true
	}
	switch r.URL.Path {
	case Availability:
		return exchange.Reply{}, false
	case Geography:
		area, wrongs := polygon(r.URL.Query(), question)
		if len(wrongs) == 0 && len(p.recording) > 0 {
			p.mu.Lock()
			p.last = area.around
			p.mu.Unlock()
			found := map[string]Place{}
			for _, id := range p.recording {
				found[id] = Place{id}
			}
			return p.reply(http.StatusOK, asJson(found)), true
		}
	}
	return p.Answer(r, question, 0), true
}

// ReplayStatus is the status that belongs to an error document, by its type. It notes the
// properties in a recording, so that geography and content know them.
func (p *service) ReplayStatus(document []byte) int {
	var list []Place
	if json.Unmarshal(document, &list) == nil {
		for _, found := range list {
			p.recording = append(p.recording, found.ID)
		}
		return http.StatusOK
	}
	var doc errorDoc
	if json.Unmarshal(document, &doc) != nil || doc.Type == "" {
		return http.StatusOK
	}
	switch doc.Type {
	case "request_unauthenticated":
		return http.StatusUnauthorized
	case "request_unauthorized", "request_forbidden":
		return http.StatusForbidden
	case "resource_not_found":
		return http.StatusNotFound
	case "upgrade_required":
		return http.StatusUpgradeRequired
	case errRate.Type:
		return http.StatusTooManyRequests
	case errInternal.Type:
		return http.StatusInternalServerError
	case errUnavailable.Type:
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// New is a partner that speaks the protocol and sells what the inventory has.
func New(a *world.Inventory) exchange.Protocol { return &service{Inventory: a} }
