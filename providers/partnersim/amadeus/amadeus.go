// Package amadeus answers as Amadeus Self-Service does: flight offers, hotel lists and hotel offers.
package amadeus

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
)

// common is what the vendor's APIs share: applications that log in, tokens that end,
// media types and error documents.
type common struct {
	*world.Inventory
}

const (
	TokenPath = "/v1/security/oauth2/token"
	Media     = "application/vnd.amadeus+json"
	host      = "https://test.api.amadeus.com" // of the links in answers
)

// TokenLife is for how many seconds a token is good.
const TokenLife = 1799

// LoginDoc is the vendor's answer to a login.
type LoginDoc struct {
	Type        string `json:"type"`
	Username    string `json:"username"`
	Application string `json:"application_name"`
	ClientID    string `json:"client_id"`
	TokenType   string `json:"token_type"`
	Token       string `json:"access_token"`
	ExpiresIn   int64  `json:"expires_in"`
	State       string `json:"state"`
	Scope       string `json:"scope"`
}

// login answers at the token's endpoint, and below it; ok is false elsewhere.
func (p *common) login(r *http.Request, question []byte) (rep exchange.Reply, ok bool) {
	below, is := strings.CutPrefix(r.URL.Path, TokenPath)
	switch {
	case is && below == "":
		return p.issue(r, question), true
	case is && below[0] == '/':
		return p.tell(r, below[1:]), true
	}
	return exchange.Reply{}, false
}

// issue gives out a token for the right client credentials.
func (p *common) issue(r *http.Request, question []byte) exchange.Reply {
	if r.Method != http.MethodPost {
		return p.errors(errMethod)
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/x-www-form-urlencoded" {
		return denied(http.StatusBadRequest, "invalid_request", "Mandatory grant_type form parameter missing", 38185)
	}
	form, err := url.ParseQuery(string(question))
	switch grant := form.Get("grant_type"); {
	case err != nil || grant == "":
		return denied(http.StatusBadRequest, "invalid_request", "Mandatory grant_type form parameter missing", 38185)
	case grant != "client_credentials":
		return denied(http.StatusBadRequest, "unsupported_grant_type", "Only client_credentials value is allowed for the body parameter grant_type", 38186)
	}
	id, secret := form.Get("client_id"), form.Get("client_secret")
	wantID, wantSecret := p.Seller.Credentials["client_id"], p.Seller.Credentials["client_secret"]
	if id == "" || secret == "" || wantID != "" && id != wantID || wantSecret != "" && secret != wantSecret {
		return denied(http.StatusUnauthorized, "invalid_client", "Client credentials are invalid", 38187)
	}
	return asJson(http.StatusOK, "application/json", p.account(id, p.token(p.World.Now().Unix()), TokenLife, "approved"))
}

func (p *common) account(id, token string, left int64, state string) LoginDoc {
	return LoginDoc{"amadeusOAuth2Token", p.Name + "@fanfare.example", p.Seller.DisplayName, id, "Bearer", token, left, state, ""}
}

// tell describes a token to whoever has it.
func (p *common) tell(r *http.Request, token string) exchange.Reply {
	issued, ok := p.issued(token)
	switch {
	case r.Method != http.MethodGet:
		return p.errors(errMethod)
	case !ok:
		return denied(http.StatusNotFound, "invalid_request", "The access token is unknown", 38196)
	}
	left, state := issued+TokenLife-p.World.Now().Unix(), "approved"
	if left <= 0 {
		left, state = 0, "expired"
	}
	return asJson(http.StatusOK, "application/json", p.account(p.Seller.Credentials["client_id"], token, left, state))
}

// token is that of a second: the second itself and a seal over it, so that nothing has
// to be remembered, and tokens of other partners and other credentials are told apart.
func (p *common) token(second int64) string {
	seal := p.RNG.Str("token").Str(p.Seller.Credentials["client_id"]).Str(p.Seller.Credentials["client_secret"])
	return rng.ID("", seal.Num(second), 20) + "0" + strconv.FormatInt(second, 36)
}

// issued is when a token was given out; false if it never was.
func (p *common) issued(token string) (second int64, ok bool) {
	if len(token) < 21 {
		return 0, false
	}
	second, err := strconv.ParseInt(token[20:], 36, 64)
	return second, err == nil && token == p.token(second)
}

// admit checks the token of a request; nil is welcome.
func (p *common) admit(r *http.Request) *errorDoc {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return &errNoAuth
	}
	issued, ok := p.issued(token)
	switch now := p.World.Now().Unix(); {
	case !ok || issued > now:
		return &errToken
	case now-issued >= TokenLife:
		return &errExpired
	}
	return nil
}

// refuse is what the gateway says about a call of one of the methods; nil is nothing.
func (p *common) refuse(r *http.Request, methods ...string) *errorDoc {
	if e := p.admit(r); e != nil {
		return e
	}
	if !slices.Contains(methods, r.Method) {
		return &errMethod
	}
	if accept := r.Header.Get("Accept"); accept != "" && !strings.Contains(accept, Media) &&
		!strings.Contains(accept, "application/json") && !strings.Contains(accept, "*/*") {
		return &errAccept
	}
	if r.Method == http.MethodPost {
		media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || media != Media && media != "application/json" {
			return &errContent
		}
	}
	return nil
}

// Refusal is the vendor's document for a failure of its own.
func (p *common) Refusal(_ []byte, status int) exchange.Reply {
	switch status {
	case http.StatusTooManyRequests:
		return p.errors(errRate)
	case http.StatusServiceUnavailable:
		return p.errors(errUnavailable)
	}
	return p.errors(errInternal)
}

// ReplayStatus is the status that the first error of a document says of itself: 400 if it says none.
func (p *common) ReplayStatus(document []byte) int {
	var doc struct {
		Data   json.RawMessage
		Errors []struct{ Status json.Number }
	}
	if json.Unmarshal(document, &doc) != nil || len(doc.Errors) == 0 || len(doc.Data) > 0 {
		return http.StatusOK
	}
	if status, err := doc.Errors[0].Status.Int64(); err == nil && status >= 400 && status <= 599 {
		return int(status)
	}
	return http.StatusBadRequest
}

func asJson(status int, media string, doc any) exchange.Reply {
	plain, err := json.Marshal(doc)
	if err != nil {
		panic("partnersim: an Amadeus document always marshals: " + err.Error()) // impossible: plain structs
	}
	return asReply(status, media, &exchange.Body{Plain: plain})
}

func asReply(status int, media string, b *exchange.Body) exchange.Reply {
	return exchange.Reply{Status: status, Header: map[string]string{"Content-Type": media, "Ama-Request-Id": rng.ID("", rng.RNG(len(b.Plain)).Num(int64(status)), 16)}, Body: b}
}

// duration is how the vendor writes minutes: days are hours.
func duration(minutes int) string {
	h, m := minutes/60, minutes%60
	switch {
	case m == 0:
		return fmt.Sprintf("PT%dH", h)
	case h == 0:
		return fmt.Sprintf("PT%dM", m)
	}
	return fmt.Sprintf("PT%dH%dM", h, m)
}

// local is how the vendor writes local times.
func local(t time.Time) string { return t.Format("2006-01-02T15:04:05") }
