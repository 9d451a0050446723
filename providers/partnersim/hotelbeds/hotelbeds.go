// Package hotelbeds answers as Hotelbeds' APItude does: availability of hotels.
package hotelbeds

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
)

// service speaks the Hotelbeds Hotel API 1.0: availability, and its status.
type service struct {
	*world.Inventory
	codes *world.Memo[int, *world.Property] // of what it has sold, so that hotels can be asked for by code
}

const (
	path       = "/hotel-api/1.0/hotels"
	statusName = "/hotel-api/1.0/status"
)

// Answer checks the request as the vendor does: place, right, format, content.
func (p *service) Answer(r *http.Request, question []byte, most int) exchange.Reply {
	now := p.World.Moment()
	key := exchange.BodyKey{Partner: p.Name, Question: rng.RNG(8).Str(string(question)), Moment: now.Unix(), Offers: most}
	if rep, refused := p.turnAway(r); refused {
		return rep
	}
	if r.URL.Path == statusName {
		return asJson(http.StatusOK, struct {
			AuditData auditDoc `json:"auditData"`
			Status    string   `json:"status"`
		}{p.audit(key.Question), "OK"})
	}
	if kept := p.World.Rendered.Get(key); kept != nil {
		return exchange.Reply{Status: http.StatusOK, Header: map[string]string{"Content-Type": "application/json"}, Body: kept}
	}
	q, code, complaint := p.parse(question, p.World.Now())
	if complaint != "" {
		return p.problem(http.StatusBadRequest, code, complaint)
	}
	rep := asJson(http.StatusOK, p.render(q, key.Question.Num(key.Moment), now, most))
	p.World.Rendered.Put(key, rep.Body)
	return rep
}

// turnAway is what the vendor says before it looks at the body; refused reports whether it says anything.
func (p *service) turnAway(r *http.Request) (rep exchange.Reply, refused bool) {
	method := map[string]string{path: http.MethodPost, statusName: http.MethodGet}[r.URL.Path]
	if method == "" {
		return exchange.Reply{Status: 596, Header: map[string]string{"Content-Type": "text/xml", "X-Mashery-Error-Code": "ERR_596_SERVICE_NOT_FOUND"}, Body: &exchange.Body{Plain: []byte("<h1>Service Not Found</h1>")}}, true
	}
	if rep, ok := p.admit(r); !ok {
		return rep, true
	}
	if r.Method != method {
		return exchange.Empty(http.StatusMethodNotAllowed), true
	}
	if accept := r.Header.Get("Accept"); accept != "" && !strings.Contains(accept, "application/json") && !strings.Contains(accept, "*/*") {
		return exchange.Empty(http.StatusNotAcceptable), true
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); method == http.MethodPost && (err != nil || media != "application/json") {
		return exchange.Empty(http.StatusUnsupportedMediaType), true
	}
	return exchange.Reply{}, false
}

func asJson(status int, doc any) exchange.Reply {
	plain, err := json.Marshal(doc)
	if err != nil {
		panic("partnersim: a Hotelbeds document always marshals: " + err.Error()) // impossible: plain structs
	}
	return exchange.Reply{Status: status, Header: map[string]string{"Content-Type": "application/json"}, Body: &exchange.Body{Plain: plain}}
}

// admit checks key and signature; its refusals have a form of their own: the error is a text.
func (p *service) admit(r *http.Request) (exchange.Reply, bool) {
	deny := func(status int, why string) (exchange.Reply, bool) {
		return asJson(status, map[string]string{"error": why}), false
	}
	key, signature := r.Header.Get("Api-key"), r.Header.Get("X-Signature")
	if key == "" || signature == "" {
		return deny(http.StatusUnauthorized, "Authorization field missing")
	}
	if want := p.Seller.Credentials["api_key"]; want != "" && key != want {
		return deny(http.StatusForbidden, "Access to this API has been disallowed")
	}
	if !signed(signature, key, p.Seller.Credentials["secret"], p.World.Now()) &&
		!signed(signature, key, p.Seller.Credentials["secret"], time.Now()) { // clients sign with the wall clock, whatever year the world is in
		return deny(http.StatusUnauthorized, "Request signature verification failed")
	}
	return exchange.Reply{}, true
}

// signatureTolerance is how far the client's clock may be off.
const signatureTolerance = 60

// signed checks that a signature is the hex SHA-256 of key, secret and the time in
// seconds. Without a secret any 32 bytes in hex will do.
func signed(signature, key, secret string, now time.Time) bool {
	raw, err := hex.DecodeString(signature)
	if err != nil || len(raw) != sha256.Size {
		return false
	}
	if secret == "" {
		return true
	}
	for off := range int64(signatureTolerance + 1) { // nearly always right at the first or second try
		for _, at := range [2]int64{now.Unix() - off, now.Unix() + off} {
			if sha256.Sum256(strconv.AppendInt([]byte(key+secret), at, 10)) == [sha256.Size]byte(raw) {
				return true
			}
		}
	}
	return false
}

// Refusal is the vendor's document for a failure of its own.
func (p *service) Refusal(_ []byte, status int) exchange.Reply {
	switch status {
	case http.StatusTooManyRequests:
		return asJson(status, map[string]string{"error": "Rate limit exceeded"})
	case http.StatusServiceUnavailable:
		return p.problem(status, "SERVICE_OVERLOAD", "The server is handling too many requests at the moment")
	}
	return p.problem(status, "SYSTEM_ERROR", "Internal server error")
}

// problem is the vendor's error document: audit data, and a code that ends in the request's token.
func (p *service) problem(status int, code, message string) exchange.Reply {
	audit := p.audit(p.RNG.Str(code).Num(p.World.Now().UnixNano()))
	return asJson(status, Document{AuditData: audit, Error: &errorDoc{code + "-" + audit.Token, message}})
}

// OtherEndpoint checks all of a search but what it asks for.
func (p *service) OtherEndpoint(r *http.Request, question []byte) (exchange.Reply, bool) {
	if rep, refused := p.turnAway(r); refused {
		return rep, true
	}
	if r.URL.Path == statusName {
		return p.Answer(r, question, 0), true
	}
	if !json.Valid(question) {
		return p.problem(http.StatusBadRequest, invalidRequest, "The request is not compliant with the specified version of the API"), true
	}
	return exchange.Reply{}, false
}

// ReplayStatus is the status that belongs to an error: a text is a refusal of the gateway, an
// object has a code that begins with its kind.
func (p *service) ReplayStatus(document []byte) int {
	var doc struct{ Error json.RawMessage }
	if json.Unmarshal(document, &doc) != nil || len(doc.Error) == 0 || string(doc.Error) == "null" {
		return http.StatusOK
	}
	var text string
	if json.Unmarshal(doc.Error, &text) == nil {
		switch {
		case strings.Contains(text, "disallowed"), strings.Contains(text, "quota"):
			return http.StatusForbidden
		case strings.Contains(strings.ToLower(text), "rate limit"):
			return http.StatusTooManyRequests
		}
		return http.StatusUnauthorized
	}
	var e errorDoc
	if json.Unmarshal(doc.Error, &e) == nil && strings.HasPrefix(e.Code, "INVALID_") {
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// New is a partner that speaks the protocol and sells what the inventory has.
func New(a *world.Inventory) exchange.Protocol {
	return &service{Inventory: a, codes: world.NewMemo[int, *world.Property](200000)}
}
