package partnersim

import (
	"encoding/base64"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// sabre speaks Sabre's Bargain Finder Max in JSON: tokens, and shopping of version 4.
type sabre struct {
	*assortment
}

const (
	sabreTokenPath = "/v2/auth/token"
	sabreShopPath  = "/v4/offers/shop"
)

// answer checks the request as the vendor does: place, right, format, content.
func (p *sabre) answer(r *http.Request, question []byte, offers int) reply {
	if rep, done := p.beside(r, question); done {
		return rep
	}
	now := p.w.moment()
	key := bodyKey{p.name, dice(22).str(string(question)), now.Unix(), offers}
	if kept := p.w.rendered.get(key); kept != nil {
		return sabreReply(http.StatusOK, kept)
	}
	q, wrong := p.parse(question, p.w.now())
	if wrong != "" {
		return p.problem(sabreError{http.StatusBadRequest, "Validation", "ERR.2SG.CLIENT.VALIDATION_FAILED", wrong})
	}
	b := &body{plain: p.render(q, key.question.num(key.moment), now, offers)}
	p.w.rendered.put(key, b)
	return sabreReply(http.StatusOK, b)
}

func sabreReply(status int, b *body) reply {
	return reply{status, map[string]string{"Content-Type": "application/json;charset=UTF-8", "Cache-Control": "no-cache"}, b}
}

func sabreJSON(status int, doc any) reply {
	plain, err := json.Marshal(doc)
	if err != nil {
		panic("partnersim: a document of Sabre's always marshals: " + err.Error()) // impossible: plain values
	}
	return sabreReply(status, &body{plain: plain})
}

// beside gives out tokens, and checks all of a search but what it asks for.
func (p *sabre) beside(r *http.Request, question []byte) (reply, bool) {
	if r.URL.Path == sabreTokenPath {
		return p.login(r, question), true
	}
	e := p.refuse(r)
	if e == nil && !json.Valid(question) {
		e = &errSabreJSON
	}
	if e == nil {
		return reply{}, false
	}
	return p.problem(*e), true
}

// token is the one that the partner gives out; it does not change.
func (p *sabre) token() string {
	return "T1RLAQ" + duffelID("", p.dice.str("token").str(p.spec.Credentials["client_id"]).str(p.spec.Credentials["client_secret"]), 60) + "**"
}

// login checks the credentials, which are encoded one by one and then together.
func (p *sabre) login(r *http.Request, question []byte) reply {
	fail := func(status int, code, text string) reply {
		return sabreJSON(status, map[string]string{"error": code, "error_description": text})
	}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	form, err := url.ParseQuery(string(question))
	if r.Method != http.MethodPost {
		return p.problem(errSabreMethod)
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
	want := p.spec.Credentials
	if want["client_id"] != "" && want["client_id"] != string(id) || want["client_secret"] != "" && want["client_secret"] != string(secret) {
		return fail(http.StatusUnauthorized, "invalid_client", "Wrong clientID or clientSecret")
	}
	return sabreJSON(http.StatusOK, map[string]any{"access_token": p.token(), "token_type": "bearer", "expires_in": 604800})
}

// refuse is what the gateway says before it looks at the body; nil is nothing.
func (p *sabre) refuse(r *http.Request) *sabreError {
	if r.URL.Path != sabreShopPath {
		return &errSabrePath
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	switch {
	case !strings.EqualFold(scheme, "Bearer") || token == "":
		return &errSabreNoAuth
	case p.spec.Credentials["client_id"] != "" && token != p.token():
		return &errSabreBadAuth
	case r.Method != http.MethodPost:
		return &errSabreMethod
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return &errSabreMedia
	}
	return nil
}

// sabreError is a refusal of the gateway, or a failure behind it.
type sabreError struct {
	status           int
	kind, code, text string
}

var (
	errSabrePath        = sabreError{http.StatusNotFound, "Application", "ERR.2SG.GATEWAY.RESOURCE_NOT_FOUND", "No resource for the requested path"}
	errSabreNoAuth      = sabreError{http.StatusUnauthorized, "Validation", "ERR.2SG.SEC.MISSING_CREDENTIALS", "Authentication data is missing"}
	errSabreBadAuth     = sabreError{http.StatusUnauthorized, "Validation", "ERR.2SG.SEC.INVALID_CREDENTIALS", "Authentication failed: the token is not valid"}
	errSabreMethod      = sabreError{http.StatusMethodNotAllowed, "Validation", "ERR.2SG.CLIENT.METHOD_NOT_ALLOWED", "Method not allowed"}
	errSabreMedia       = sabreError{http.StatusUnsupportedMediaType, "Validation", "ERR.2SG.CLIENT.UNSUPPORTED_MEDIA_TYPE", "Unsupported media type"}
	errSabreJSON        = sabreError{http.StatusBadRequest, "Validation", "ERR.2SG.CLIENT.INVALID_REQUEST", "Request is not in correct JSON format"}
	errSabreRate        = sabreError{http.StatusTooManyRequests, "Validation", "ERR.2SG.GATEWAY.RATE_LIMIT_EXCEEDED", "Too many requests"}
	errSabreUnavailable = sabreError{http.StatusServiceUnavailable, "Application", "ERR.2SG.PROVIDER.TEMPORARILY_UNAVAILABLE", "The service is temporarily unavailable"}
	errSabreInternal    = sabreError{http.StatusInternalServerError, "Application", "ERR.2SG.PROVIDER.UNKNOWN_ERROR", "Internal error of the provider"}
)

// problem is the gateway's error document.
func (p *sabre) problem(e sabreError) reply {
	status := "NotProcessed"
	if e.kind == "Application" {
		status = "Incomplete"
	}
	return sabreJSON(e.status, struct {
		Status    string `json:"status"`
		Kind      string `json:"type"`
		Code      string `json:"errorCode"`
		TimeStamp string `json:"timeStamp"`
		Message   string `json:"message"`
	}{status, e.kind, e.code, p.w.now().UTC().Format(time.RFC3339), e.text})
}

// refusal is the vendor's document for a failure of its own.
func (p *sabre) refusal(_ []byte, status int) reply {
	switch status {
	case http.StatusTooManyRequests:
		return p.problem(errSabreRate)
	case http.StatusServiceUnavailable:
		return p.problem(errSabreUnavailable)
	}
	return p.problem(errSabreInternal)
}

// recorded is the status that belongs to a gateway's error by its code; all else came with 200.
func (p *sabre) recorded(document []byte) int {
	var doc struct{ ErrorCode, Error string }
	if json.Unmarshal(document, &doc) != nil {
		return http.StatusOK
	}
	for _, e := range []sabreError{errSabrePath, errSabreNoAuth, errSabreBadAuth, errSabreRate, errSabreUnavailable, errSabreInternal} {
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

// newSabre is a partner that speaks the protocol and sells what the assortment has.
func newSabre(a *assortment) protocol { return &sabre{a} }
