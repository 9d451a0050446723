package partnersim

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
)

// amadeus is what the vendor's APIs share: applications that log in, tokens that end,
// media types and error documents.
type amadeus struct {
	*assortment
}

const (
	amadeusTokenPath = "/v1/security/oauth2/token"
	amadeusMedia     = "application/vnd.amadeus+json"
	amadeusHost      = "https://test.api.amadeus.com" // of the links in answers
)

// amadeusTokenLife is for how many seconds a token is good.
const amadeusTokenLife = 1799

// amadeusLogin is the vendor's answer to a login.
type amadeusLogin struct {
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
func (p *amadeus) login(r *http.Request, question []byte) (rep reply, ok bool) {
	below, is := strings.CutPrefix(r.URL.Path, amadeusTokenPath)
	switch {
	case is && below == "":
		return p.issue(r, question), true
	case is && below[0] == '/':
		return p.tell(r, below[1:]), true
	}
	return reply{}, false
}

// issue gives out a token for the right client credentials.
func (p *amadeus) issue(r *http.Request, question []byte) reply {
	if r.Method != http.MethodPost {
		return p.errors(errAmadeusMethod)
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/x-www-form-urlencoded" {
		return amadeusDenied(http.StatusBadRequest, "invalid_request", "Mandatory grant_type form parameter missing", 38185)
	}
	form, err := url.ParseQuery(string(question))
	switch grant := form.Get("grant_type"); {
	case err != nil || grant == "":
		return amadeusDenied(http.StatusBadRequest, "invalid_request", "Mandatory grant_type form parameter missing", 38185)
	case grant != "client_credentials":
		return amadeusDenied(http.StatusBadRequest, "unsupported_grant_type", "Only client_credentials value is allowed for the body parameter grant_type", 38186)
	}
	id, secret := form.Get("client_id"), form.Get("client_secret")
	wantID, wantSecret := p.spec.Credentials["client_id"], p.spec.Credentials["client_secret"]
	if id == "" || secret == "" || wantID != "" && id != wantID || wantSecret != "" && secret != wantSecret {
		return amadeusDenied(http.StatusUnauthorized, "invalid_client", "Client credentials are invalid", 38187)
	}
	return amadeusJSON(http.StatusOK, "application/json", p.account(id, p.token(p.w.now().Unix()), amadeusTokenLife, "approved"))
}

func (p *amadeus) account(id, token string, left int64, state string) amadeusLogin {
	return amadeusLogin{"amadeusOAuth2Token", p.name + "@fanfare.example", p.spec.DisplayName, id, "Bearer", token, left, state, ""}
}

// tell describes a token to whoever has it.
func (p *amadeus) tell(r *http.Request, token string) reply {
	issued, ok := p.issued(token)
	switch {
	case r.Method != http.MethodGet:
		return p.errors(errAmadeusMethod)
	case !ok:
		return amadeusDenied(http.StatusNotFound, "invalid_request", "The access token is unknown", 38196)
	}
	left, state := issued+amadeusTokenLife-p.w.now().Unix(), "approved"
	if left <= 0 {
		left, state = 0, "expired"
	}
	return amadeusJSON(http.StatusOK, "application/json", p.account(p.spec.Credentials["client_id"], token, left, state))
}

// token is that of a second: the second itself and a seal over it, so that nothing has
// to be remembered, and tokens of other partners and other credentials are told apart.
func (p *amadeus) token(second int64) string {
	seal := p.dice.str("token").str(p.spec.Credentials["client_id"]).str(p.spec.Credentials["client_secret"])
	return duffelID("", seal.num(second), 20) + "0" + strconv.FormatInt(second, 36)
}

// issued is when a token was given out; false if it never was.
func (p *amadeus) issued(token string) (second int64, ok bool) {
	if len(token) < 21 {
		return 0, false
	}
	second, err := strconv.ParseInt(token[20:], 36, 64)
	return second, err == nil && token == p.token(second)
}

// admit checks the token of a request; nil is welcome.
func (p *amadeus) admit(r *http.Request) *amadeusError {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return &errAmadeusNoAuth
	}
	issued, ok := p.issued(token)
	switch now := p.w.now().Unix(); {
	case !ok || issued > now:
		return &errAmadeusToken
	case now-issued >= amadeusTokenLife:
		return &errAmadeusExpired
	}
	return nil
}

// refuse is what the gateway says about a call of one of the methods; nil is nothing.
func (p *amadeus) refuse(r *http.Request, methods ...string) *amadeusError {
	if e := p.admit(r); e != nil {
		return e
	}
	if !slices.Contains(methods, r.Method) {
		return &errAmadeusMethod
	}
	if accept := r.Header.Get("Accept"); accept != "" && !strings.Contains(accept, amadeusMedia) &&
		!strings.Contains(accept, "application/json") && !strings.Contains(accept, "*/*") {
		return &errAmadeusAccept
	}
	if r.Method == http.MethodPost {
		media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || media != amadeusMedia && media != "application/json" {
			return &errAmadeusContent
		}
	}
	return nil
}

// refusal is the vendor's document for a failure of its own.
func (p *amadeus) refusal(_ []byte, status int) reply {
	switch status {
	case http.StatusTooManyRequests:
		return p.errors(errAmadeusRate)
	case http.StatusServiceUnavailable:
		return p.errors(errAmadeusUnavailable)
	}
	return p.errors(errAmadeusInternal)
}

// recorded is the status that the first error of a document says of itself: 400 if it says none.
func (p *amadeus) recorded(document []byte) int {
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

func amadeusJSON(status int, media string, doc any) reply {
	plain, err := json.Marshal(doc)
	if err != nil {
		panic("partnersim: an Amadeus document always marshals: " + err.Error()) // impossible: plain structs
	}
	return amadeusReply(status, media, &body{plain: plain})
}

func amadeusReply(status int, media string, b *body) reply {
	return reply{status, map[string]string{"Content-Type": media, "Ama-Request-Id": duffelID("", dice(len(b.plain)).num(int64(status)), 16)}, b}
}

// amadeusDuration is how the vendor writes minutes: days are hours.
func amadeusDuration(minutes int) string {
	h, m := minutes/60, minutes%60
	switch {
	case m == 0:
		return fmt.Sprintf("PT%dH", h)
	case h == 0:
		return fmt.Sprintf("PT%dM", m)
	}
	return fmt.Sprintf("PT%dH%dM", h, m)
}

// amadeusLocal is how the vendor writes local times.
func amadeusLocal(t time.Time) string { return t.Format("2006-01-02T15:04:05") }
