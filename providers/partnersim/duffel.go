package partnersim

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// duffel speaks the Duffel flights API, version v2: offer requests.
type duffel struct {
	*assortment
}

const (
	duffelPath    = "/air/offer_requests"
	duffelVersion = "v2"
)

// answer checks the request in the order in which the vendor does: place, right, format, content.
func (p *duffel) answer(r *http.Request, question []byte, offers int) reply {
	if e := p.refuse(r, r.URL.Path == duffelPath); e != nil {
		return p.errors(*e)
	}
	params, e := duffelParams(r.URL.Query())
	if e != nil {
		return p.errors(*e)
	}
	now := p.w.moment()
	key := bodyKey{p.name, dice(7).str(string(question)).str(strconv.FormatBool(params.offers)), now.Unix(), offers}
	if kept := p.w.rendered.get(key); kept != nil {
		return duffelReply(http.StatusOK, kept, p.w.now())
	}
	req, errs := p.parse(question, p.w.now())
	if len(errs) > 0 {
		return p.errors(errs...)
	}
	doc := p.render(req, key.question.num(key.moment), now, params.offers, offers)
	plain, err := json.Marshal(doc)
	if err != nil {
		panic("partnersim: a Duffel document always marshals: " + err.Error()) // impossible: plain structs
	}
	b := &body{plain: plain}
	p.w.rendered.put(key, b)
	return duffelReply(http.StatusOK, b, p.w.now())
}

func duffelReply(status int, b *body, now time.Time) reply {
	return reply{status, map[string]string{
		"Content-Type":        "application/json; charset=utf-8",
		"Ratelimit-Limit":     "60",
		"Ratelimit-Remaining": "59",
		"Ratelimit-Reset":     now.UTC().Add(time.Minute).Format(http.TimeFormat),
		"X-Request-Id":        duffelID("", dice(now.UnixNano()).num(int64(status)), 20),
	}, b}
}

// refuse is what the vendor says before it looks at the body; nil is nothing. known tells
// whether there is anything at the path.
func (p *duffel) refuse(r *http.Request, known bool) *duffelError {
	if !known {
		return &errDuffelPath
	}
	if e := duffelToken(r.Header.Get("Authorization"), p.spec.Credentials["token"]); e != nil {
		return e
	}
	switch version := r.Header.Get("Duffel-Version"); version {
	case duffelVersion:
	case "":
		return &errDuffelNoVersion
	default:
		return &errDuffelVersion
	}
	if r.Method != http.MethodPost {
		return &errDuffelMethod
	}
	if accept := r.Header.Get("Accept"); accept != "" && !strings.Contains(accept, "application/json") && !strings.Contains(accept, "*/*") {
		return &errDuffelAccept
	}
	if r.ContentLength == 0 {
		return nil
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return &errDuffelMedia
	}
	return nil
}

// duffelToken checks the Authorization header; an empty want accepts any token.
func duffelToken(header, want string) *duffelError {
	if header == "" {
		return &errDuffelNoAuth
	}
	scheme, token, _ := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	switch {
	case !strings.EqualFold(scheme, "Bearer") || token == "":
		return &errDuffelBadAuth
	case want != "" && token != want:
		return &errDuffelToken
	}
	return nil
}

type duffelQuery struct {
	offers bool
}

func duffelParams(q url.Values) (duffelQuery, *duffelError) {
	params := duffelQuery{offers: true}
	switch v := q.Get("return_offers"); v {
	case "", "true":
	case "false":
		params.offers = false
	default:
		return params, duffelInvalid("validation_type", "return_offers", "/return_offers", "Field 'return_offers' must be a boolean")
	}
	if v := q.Get("supplier_timeout"); v != "" {
		if ms, err := strconv.Atoi(v); err != nil || ms < 2000 || ms > 60000 {
			return params, duffelInvalid("validation_inclusion", "supplier_timeout", "/supplier_timeout", "Field 'supplier_timeout' must be between 2000 and 60000")
		}
	}
	return params, nil
}

// refusal is the vendor's document for a failure of its own.
func (p *duffel) refusal(_ []byte, status int) reply {
	switch status {
	case http.StatusTooManyRequests:
		rep := p.errors(errDuffelRate)
		rep.header["Ratelimit-Remaining"] = "0"
		return rep
	case http.StatusServiceUnavailable:
		return p.errors(errDuffelUnavailable)
	}
	return p.errors(errDuffelInternal)
}

// beside checks all of a search but what it asks for.
func (p *duffel) beside(r *http.Request, question []byte) (reply, bool) {
	e := p.refuse(r, r.URL.Path == duffelPath)
	if e == nil {
		_, e = duffelParams(r.URL.Query())
	}
	if e == nil && !json.Valid(question) {
		e = &errDuffelJSON
	}
	if e == nil {
		return reply{}, false
	}
	return p.errors(*e), true
}

// recorded is the status that an error document says of itself, 500 if it does not. A
// document that cannot be read is sent with 200 too: that is what replays are for.
func (p *duffel) recorded(document []byte) int {
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

// newDuffel is a partner that speaks the protocol and sells what the assortment has.
func newDuffel(a *assortment) protocol { return &duffel{assortment: a} }
