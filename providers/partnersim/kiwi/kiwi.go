// Package kiwi answers as Kiwi.com's Tequila does: single tickets and combinations of them.
package kiwi

import (
	"encoding/json"
	"net/http"
	"strconv"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
)

// service speaks Kiwi's Tequila API: search, release 2. Some of its trips are several tickets
// put together, which is what the vendor is known for.
type service struct {
	*world.Inventory
}

const path = "/v2/search"

// Answer checks the request as the vendor does: place, key, then every parameter.
func (p *service) Answer(r *http.Request, _ []byte, offers int) exchange.Reply {
	if rep, refused := p.turnAway(r); refused {
		return rep
	}
	now := p.World.Moment()
	key := exchange.BodyKey{Partner: p.Name, Question: rng.RNG(23).Str(r.URL.RawQuery), Moment: now.Unix(), Offers: offers}
	if kept := p.World.Rendered.Get(key); kept != nil {
		return exchange.Reply{Status: http.StatusOK, Header: map[string]string{"Content-Type": "application/json; charset=utf-8"}, Body: kept}
	}
	q, wrong := p.parse(r.URL.Query(), p.World.Now())
	if len(wrong) > 0 {
		return asReply(http.StatusBadRequest, map[string]any{"message": wrong})
	}
	rep := asReply(http.StatusOK, p.render(q, key.Question.Num(key.Moment), now, offers))
	p.World.Rendered.Put(key, rep.Body)
	return rep
}

// turnAway is what the vendor's gateway says before the search is looked at.
func (p *service) turnAway(r *http.Request) (rep exchange.Reply, refused bool) {
	switch key := r.Header.Get("apikey"); {
	case r.URL.Path != path:
		return words(http.StatusNotFound, "no Route matched with those values"), true
	case key == "":
		return words(http.StatusUnauthorized, "No API key found in request"), true
	case p.Seller.Credentials["apikey"] != "" && key != p.Seller.Credentials["apikey"]:
		return words(http.StatusForbidden, "Invalid authentication credentials"), true
	case r.Method != http.MethodGet:
		return words(http.StatusMethodNotAllowed, "Method Not Allowed"), true
	}
	return exchange.Reply{}, false
}

// Refusal is the vendor's document for a failure of its own.
func (p *service) Refusal(_ []byte, status int) exchange.Reply {
	switch status {
	case http.StatusTooManyRequests:
		return words(status, "API rate limit exceeded")
	case http.StatusServiceUnavailable:
		return words(status, "failure to get a peer from the ring-balancer")
	}
	return words(status, "An unexpected error occurred")
}

// OtherEndpoint checks all of a search but what it asks for.
func (p *service) OtherEndpoint(r *http.Request, _ []byte) (exchange.Reply, bool) {
	return p.turnAway(r)
}

// ReplayStatus is the status of an error, which says nothing of it itself; a list of complaints
// is about the question.
func (p *service) ReplayStatus(document []byte) int {
	var doc struct {
		Data    json.RawMessage
		Message json.RawMessage
	}
	switch err := json.Unmarshal(document, &doc); {
	case err != nil || len(doc.Data) > 0 || len(doc.Message) == 0:
		return http.StatusOK
	case doc.Message[0] == '[':
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

func words(status int, message string) exchange.Reply {
	return asReply(status, map[string]string{"message": message})
}

func asReply(status int, doc any) exchange.Reply {
	plain, err := json.Marshal(doc)
	if err != nil {
		panic("partnersim: a Tequila document always marshals: " + err.Error()) // impossible: plain structs
	}
	return exchange.Reply{Status: status, Header: map[string]string{"Content-Type": "application/json; charset=utf-8"}, Body: &exchange.Body{Plain: plain}}
}

// asNumber is a decimal as a JSON number.
func asNumber(text string) json.Number {
	if whole, err := strconv.Atoi(text); err == nil {
		return json.Number(strconv.Itoa(whole))
	}
	return json.Number(text)
}

// New is a partner that speaks the protocol and sells what the inventory has.
func New(a *world.Inventory) exchange.Protocol { return &service{a} }
