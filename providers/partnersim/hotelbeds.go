package partnersim

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// hotelbeds speaks the Hotelbeds Hotel API 1.0: availability, and its status.
type hotelbeds struct {
	*assortment
	codes *memo[int, *property] // of what it has sold, so that hotels can be asked for by code
}

const (
	hotelbedsPath   = "/hotel-api/1.0/hotels"
	hotelbedsStatus = "/hotel-api/1.0/status"
)

// answer checks the request as the vendor does: place, right, format, content.
func (p *hotelbeds) answer(r *http.Request, question []byte, most int) reply {
	now := p.w.moment()
	key := bodyKey{p.name, dice(8).str(string(question)), now.Unix(), most}
	if rep, refused := p.turnAway(r); refused {
		return rep
	}
	if r.URL.Path == hotelbedsStatus {
		return hotelbedsJSON(http.StatusOK, struct {
			AuditData hotelbedsAudit `json:"auditData"`
			Status    string         `json:"status"`
		}{p.audit(key.question), "OK"})
	}
	if kept := p.w.rendered.get(key); kept != nil {
		return reply{http.StatusOK, map[string]string{"Content-Type": "application/json"}, kept}
	}
	q, code, complaint := p.parse(question, p.w.now())
	if complaint != "" {
		return p.problem(http.StatusBadRequest, code, complaint)
	}
	rep := hotelbedsJSON(http.StatusOK, p.render(q, key.question.num(key.moment), now, most))
	p.w.rendered.put(key, rep.body)
	return rep
}

// turnAway is what the vendor says before it looks at the body; refused tells whether it says anything.
func (p *hotelbeds) turnAway(r *http.Request) (rep reply, refused bool) {
	method := map[string]string{hotelbedsPath: http.MethodPost, hotelbedsStatus: http.MethodGet}[r.URL.Path]
	if method == "" {
		return reply{596, map[string]string{"Content-Type": "text/xml", "X-Mashery-Error-Code": "ERR_596_SERVICE_NOT_FOUND"}, &body{plain: []byte("<h1>Service Not Found</h1>")}}, true
	}
	if rep, ok := p.admit(r); !ok {
		return rep, true
	}
	if r.Method != method {
		return empty(http.StatusMethodNotAllowed), true
	}
	if accept := r.Header.Get("Accept"); accept != "" && !strings.Contains(accept, "application/json") && !strings.Contains(accept, "*/*") {
		return empty(http.StatusNotAcceptable), true
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); method == http.MethodPost && (err != nil || media != "application/json") {
		return empty(http.StatusUnsupportedMediaType), true
	}
	return reply{}, false
}

func hotelbedsJSON(status int, doc any) reply {
	plain, err := json.Marshal(doc)
	if err != nil {
		panic("partnersim: a Hotelbeds document always marshals: " + err.Error()) // impossible: plain structs
	}
	return reply{status, map[string]string{"Content-Type": "application/json"}, &body{plain: plain}}
}

// admit checks key and signature; its refusals have a form of their own: the error is a text.
func (p *hotelbeds) admit(r *http.Request) (reply, bool) {
	deny := func(status int, why string) (reply, bool) {
		return hotelbedsJSON(status, map[string]string{"error": why}), false
	}
	key, signature := r.Header.Get("Api-key"), r.Header.Get("X-Signature")
	if key == "" || signature == "" {
		return deny(http.StatusUnauthorized, "Authorization field missing")
	}
	if want := p.spec.Credentials["api_key"]; want != "" && key != want {
		return deny(http.StatusForbidden, "Access to this API has been disallowed")
	}
	if !signed(signature, key, p.spec.Credentials["secret"], p.w.now()) &&
		!signed(signature, key, p.spec.Credentials["secret"], time.Now()) { // clients sign with the wall clock, whatever year the world is in
		return deny(http.StatusUnauthorized, "Request signature verification failed")
	}
	return reply{}, true
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

// refusal is the vendor's document for a failure of its own.
func (p *hotelbeds) refusal(_ []byte, status int) reply {
	switch status {
	case http.StatusTooManyRequests:
		return hotelbedsJSON(status, map[string]string{"error": "Rate limit exceeded"})
	case http.StatusServiceUnavailable:
		return p.problem(status, "SERVICE_OVERLOAD", "The server is handling too many requests at the moment")
	}
	return p.problem(status, "SYSTEM_ERROR", "Internal server error")
}

// problem is the vendor's error document: audit data, and a code that ends in the request's token.
func (p *hotelbeds) problem(status int, code, message string) reply {
	audit := p.audit(p.dice.str(code).num(p.w.now().UnixNano()))
	return hotelbedsJSON(status, hotelbedsDoc{AuditData: audit, Error: &hotelbedsError{code + "-" + audit.Token, message}})
}

// beside checks all of a search but what it asks for.
func (p *hotelbeds) beside(r *http.Request, question []byte) (reply, bool) {
	if rep, refused := p.turnAway(r); refused {
		return rep, true
	}
	if r.URL.Path == hotelbedsStatus {
		return p.answer(r, question, 0), true
	}
	if !json.Valid(question) {
		return p.problem(http.StatusBadRequest, invalidRequest, "The request is not compliant with the specified version of the API"), true
	}
	return reply{}, false
}

// recorded is the status that belongs to an error: a text is a refusal of the gateway, an
// object has a code that begins with its kind.
func (p *hotelbeds) recorded(document []byte) int {
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
	var e hotelbedsError
	if json.Unmarshal(doc.Error, &e) == nil && strings.HasPrefix(e.Code, "INVALID_") {
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// newHotelbeds is a partner that speaks the protocol and sells what the assortment has.
func newHotelbeds(a *assortment) protocol {
	return &hotelbeds{assortment: a, codes: newMemo[int, *property](200000)}
}
