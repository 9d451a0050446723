// Package sabre answers as Sabre Bargain Finder Max does.
package sabre

import (
	"encoding/base64"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
)

// service speaks Sabre's Bargain Finder Max in JSON: tokens, and shopping of version 4.
type service struct {
	*world.Inventory
}

const (
	tokenPath = "/v2/auth/token"
	shopPath  = "/v4/offers/shop"
)

// Answer checks the request as the vendor does: place, right, format, content.
func (p *service) Answer(r *http.Request, question []byte, offers int) exchange.Reply {
	if rep, done := p.OtherEndpoint(r, question); done {
		return rep
	}
	now := p.World.Moment()
	key := exchange.BodyKey{Partner: p.Name, Question: rng.RNG(22).Str(string(question)), Moment: now.Unix(), Offers: offers}
	if kept := p.World.Rendered.Get(key); kept != nil {
		return asReply(http.StatusOK, kept)
	}
	q, wrong := p.parse(question, p.World.Now())
	if wrong != "" {
		return p.problem(errorDoc{http.StatusBadRequest, "Validation", "ERR.2SG.CLIENT.VALIDATION_FAILED", wrong})
	}
	b := &exchange.Body{Plain: p.render(q, key.Question.Num(key.Moment), now, offers)}
	p.World.Rendered.Put(key, b)
	return asReply(http.StatusOK, b)
}

func asReply(status int, b *exchange.Body) exchange.Reply {
	return exchange.Reply{Status: status, Header: map[string]string{"Content-Type": "application/json;charset=UTF-8", "Cache-Control": "no-cache"}, Body: b}
}

func asJson(status int, doc any) exchange.Reply {
	plain, err := json.Marshal(doc)
	if err != nil {
		panic("partnersim: a document of Sabre's always marshals: " + err.Error()) // impossible: plain values
	}
	return asReply(status, &exchange.Body{Plain: plain})
}

// OtherEndpoint gives out tokens, and checks all of a search but what it asks for.
func (p *service) OtherEndpoint(r *http.Request, question []byte) (exchange.Reply, bool) {
	if r.URL.Path == tokenPath {
		return p.login(r, question), true
	}
	e := p.refuse(r)
	if e == nil && !json.Valid(question) {
		e = &errJSON
	}
	if e == nil {
		return exchange.Reply{}, false
	}
	return p.problem(*e), true
}

// token is the one that the partner gives out; it does not change.
func (p *service) token() string {
	return "T1RLAQ" + rng.ID("", p.RNG.Str("token").Str(p.Seller.Credentials["client_id"]).Str(p.Seller.Credentials["client_secret"]), 60) + "**"
}

// login checks the credentials, which are encoded one by one and then together.
func (p *service) login(r *http.Request, question []byte) exchange.Reply {
	fail := func(status int, code, text string) exchange.Reply {
		return asJson(status, map[string]string{"error": code, "error_description": text})
	}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	form, err := url.ParseQuery(string(question))
	if r.Method != http.MethodPost {
		return p.problem(errMethod)
	}
	if media != "application/x-www-form-urlencoded" || err != nil || form.Get("grant_type") != "client_credentials" {
		return fail(http.StatusBadRequest, "unsupported_grant_type", "grant_type must be client_credentials")
	}
	user, password, ok := r.BasicAuth()
	id, err1 := base64.StdEncoding.DecodeString(user)
	secret, err2 := base64.StdEncoding.DecodeString(password)
	if !ok || err1 != nil || err2 != nil || len(id) == 0 || len(secret) == 0 {
		return fail(http.StatusUnauthorized, "invalid_client", "Credentials are missing or the syntax is not correct")
	}
	want := p.Seller.Credentials
	if want["client_id"] != "" && want["client_id"] != string(id) || want["client_secret"] != "" && want["client_secret"] != string(secret) {
		return fail(http.StatusUnauthorized, "invalid_client", "Wrong clientID or clientSecret")
	}
	return asJson(http.StatusOK, map[string]any{"access_token": p.token(), "token_type": "bearer", "expires_in": 604800})
}

// refuse is what the gateway says before it looks at the body; nil is nothing.
func (p *service) refuse(r *http.Request) *errorDoc {
	if r.URL.Path != shopPath {
		return &errPath
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	switch {
	case !strings.EqualFold(scheme, "Bearer") || token == "":
		return &errNoAuth
	case p.Seller.Credentials["client_id"] != "" && token != p.token():
		return &errBadAuth
	case r.Method != http.MethodPost:
		return &errMethod
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return &errMedia
	}
	return nil
}

// errorDoc is a refusal of the gateway, or a failure behind it.
type errorDoc struct {
	status           int
	kind, code, text string
}

var (
	errPath        = errorDoc{http.StatusNotFound, "Application", "ERR.2SG.GATEWAY.RESOURCE_NOT_FOUND", "No resource for the requested path"}
	errNoAuth      = errorDoc{http.StatusUnauthorized, "Validation", "ERR.2SG.SEC.MISSING_CREDENTIALS", "Authentication data is missing"}
	errBadAuth     = errorDoc{http.StatusUnauthorized, "Validation", "ERR.2SG.SEC.INVALID_CREDENTIALS", "Authentication failed: the token is not valid"}
	errMethod      = errorDoc{http.StatusMethodNotAllowed, "Validation", "ERR.2SG.CLIENT.METHOD_NOT_ALLOWED", "Method not allowed"}
	errMedia       = errorDoc{http.StatusUnsupportedMediaType, "Validation", "ERR.2SG.CLIENT.UNSUPPORTED_MEDIA_TYPE", "Unsupported media type"}
	errJSON        = errorDoc{http.StatusBadRequest, "Validation", "ERR.2SG.CLIENT.INVALID_REQUEST", "Request is not in correct JSON format"}
	errRate        = errorDoc{http.StatusTooManyRequests, "Validation", "ERR.2SG.GATEWAY.RATE_LIMIT_EXCEEDED", "Too many requests"}
	errUnavailable = errorDoc{http.StatusServiceUnavailable, "Application", "ERR.2SG.PROVIDER.TEMPORARILY_UNAVAILABLE", "The service is temporarily unavailable"}
	errInternal    = errorDoc{http.StatusInternalServerError, "Application", "ERR.2SG.PROVIDER.UNKNOWN_ERROR", "Internal error of the provider"}
)

// problem is the gateway's error document.
func (p *service) problem(e errorDoc) exchange.Reply {
	status := "NotProcessed"
	if e.kind == "Application" {
		status = "Incomplete"
	}
	return asJson(e.status, struct {
		Status    string `json:"status"`
		Kind      string `json:"type"`
		Code      string `json:"errorCode"`
		TimeStamp string `json:"timeStamp"`
		Message   string `json:"message"`
	}{status, e.kind, e.code, p.World.Now().UTC().Format(time.RFC3339), e.text})
}

// Refusal is the vendor's document for a failure of its own.
func (p *service) Refusal(_ []byte, status int) exchange.Reply {
	switch status {
	case http.StatusTooManyRequests:
		return p.problem(errRate)
	case http.StatusServiceUnavailable:
		return p.problem(errUnavailable)
	}
	return p.problem(errInternal)
}

// ReplayStatus is the status that belongs to a gateway's error by its code; all else came with 200.
func (p *service) ReplayStatus(document []byte) int {
	var doc struct{ ErrorCode, Error string }
	if json.Unmarshal(document, &doc) != nil {
		return http.StatusOK
	}
	for _, e := range []errorDoc{errPath, errNoAuth, errBadAuth, errRate, errUnavailable, errInternal} {
		if e.code == doc.ErrorCode {
			return e.status
		}
	}
	switch {
	case doc.Error == "invalid_client", strings.Contains(doc.ErrorCode, ".SEC."):
		return http.StatusUnauthorized
	case doc.ErrorCode != "":
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// New is a partner that speaks the protocol and sells what the inventory has.
func New(a *world.Inventory) exchange.Protocol { return &service{a} }
