// Package duffel answers as Duffel does: offer requests, and searches of stays.
package duffel

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
)

// air speaks the Duffel flights API, version v2: offer requests.
type air struct {
	*world.Inventory
}

const (
	PathName    = "/air/offer_requests"
	versionName = "v2"
)

// Answer checks the request in the order in which the vendor does: place, right, format, content.
func (p *air) Answer(r *http.Request, question []byte, offers int) exchange.Reply {
	if e := p.refuse(r, r.URL.Path == PathName); e != nil {
		return p.errors(*e)
	}
	params, e := asParams(r.URL.Query())
	if e != nil {
		return p.errors(*e)
	}
	now := p.World.Moment()
	key := exchange.BodyKey{Partner: p.Name, Question: rng.RNG(7).Str(string(question)).Str(strconv.FormatBool(params.offers)), Moment: now.Unix(), Offers: offers}
	if kept := p.World.Rendered.Get(key); kept != nil {
		return asReply(http.StatusOK, kept, p.World.Now())
	}
	req, errs := p.parse(question, p.World.Now())
	if len(errs) > 0 {
		return p.errors(errs...)
	}
	doc := p.render(req, key.Question.Num(key.Moment), now, params.offers, offers)
	plain, err := json.Marshal(doc)
	if err != nil {
		panic("partnersim: a Duffel document always marshals: " + err.Error()) // impossible: plain structs
	}
	b := &exchange.Body{Plain: plain}
	p.World.Rendered.Put(key, b)
	return asReply(http.StatusOK, b, p.World.Now())
}

func asReply(status int, b *exchange.Body, now time.Time) exchange.Reply {
	return exchange.Reply{Status: status, Header: map[string]string{
		"Content-Type":        "application/json; charset=utf-8",
		"Ratelimit-Limit":     "60",
		"Ratelimit-Remaining": "59",
		"Ratelimit-Reset":     now.UTC().Add(time.Minute).Format(http.TimeFormat),
		"X-Request-Id":        rng.ID("", rng.RNG(now.UnixNano()).Num(int64(status)), 20),
	}, Body: b}
}

// refuse is what the vendor says before it looks at the body; nil is nothing. known reports
// whether there is anything at the path.
func (p *air) refuse(r *http.Request, known bool) *errorDoc {
	if !known {
		return &errPath
	}
	if e := asToken(r.Header.Get("Authorization"), p.Seller.Credentials["token"]); e != nil {
		return e
	}
	switch version := r.Header.Get("Duffel-Version"); version {
	case versionName:
	case "":
		return &errNoVersion
	default:
		return &errVersion
	}
	if r.Method != http.MethodPost {
		return &errMethod
	}
	if accept := r.Header.Get("Accept"); accept != "" && !strings.Contains(accept, "application/json") && !strings.Contains(accept, "*/*") {
		return &errAccept
	}
	if r.ContentLength == 0 {
		return nil
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return &errMedia
	}
	return nil
}

// asToken checks the Authorization header; an empty want accepts any token.
func asToken(header, want string) *errorDoc {
	if header == "" {
		return &errNoAuth
	}
	scheme, token, _ := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	switch {
	case !strings.EqualFold(scheme, "Bearer") || token == "":
		return &errBadAuth
	case want != "" && token != want:
		return &errToken
	}
	return nil
}

type query struct {
	offers bool
}

func asParams(q url.Values) (query, *errorDoc) {
	params := query{offers: true}
	switch v := q.Get("return_offers"); v {
	case "", "true":
	case "false":
		params.offers = false
	default:
		return params, invalid("validation_type", "return_offers", "/return_offers", "Field 'return_offers' must be a boolean")
	}
	if v := q.Get("supplier_timeout"); v != "" {
		if ms, err := strconv.Atoi(v); err != nil || ms < 2000 || ms > 60000 {
			return params, invalid("validation_inclusion", "supplier_timeout", "/supplier_timeout", "Field 'supplier_timeout' must be between 2000 and 60000")
		}
	}
	return params, nil
}

// Refusal is the vendor's document for a failure of its own.
func (p *air) Refusal(_ []byte, status int) exchange.Reply {
	switch status {
	case http.StatusTooManyRequests:
		rep := p.errors(errRate)
		rep.Header["Ratelimit-Remaining"] = "0"
		return rep
	case http.StatusServiceUnavailable:
		return p.errors(errUnavailable)
	}
	return p.errors(errInternal)
}

// OtherEndpoint checks all of a search but what it asks for.
func (p *air) OtherEndpoint(r *http.Request, question []byte) (exchange.Reply, bool) {
	e := p.refuse(r, r.URL.Path == PathName)
	if e == nil {
		_, e = asParams(r.URL.Query())
	}
	if e == nil && !json.Valid(question) {
		e = &errJSON
	}
	if e == nil {
		return exchange.Reply{}, false
	}
	return p.errors(*e), true
}

// ReplayStatus is the status that an error document says of itself, 500 if it does not. A
// document that cannot be read is sent with 200 too: that is what replays are for.
func (p *air) ReplayStatus(document []byte) int {
	var doc struct {
		Meta   struct{ Status int }
		Errors []json.RawMessage
	}
	switch err := json.Unmarshal(document, &doc); {
	case err != nil || len(doc.Errors) == 0:
		return http.StatusOK
	case doc.Meta.Status >= 400 && doc.Meta.Status <= 599:
		return doc.Meta.Status
	}
	return http.StatusInternalServerError
}

// NewAir is a partner that speaks the protocol and sells what the inventory has.
func NewAir(a *world.Inventory) exchange.Protocol { return &air{Inventory: a} }
