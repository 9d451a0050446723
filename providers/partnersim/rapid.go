package partnersim

import (
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// rapid speaks Expedia's Rapid 3: ids by area, content by id, availability by id.
type rapid struct {
	*assortment

	mu       sync.Mutex // guards the field below
	last     circle     // what was last asked for: properties of a replay lie there
	replayed []string   // ids of a recorded document; set before the first request
}

const (
	rapidGeography    = "/v3/properties/geography"
	rapidContent      = "/v3/properties/content"
	rapidAvailability = "/v3/properties/availability"
)

// answer checks the request in the vendor's order: place, right, headers, content.
func (p *rapid) answer(r *http.Request, question []byte, exactly int) reply {
	if rep, refused := p.turnAway(r); refused {
		return rep
	}
	switch r.URL.Path {
	case rapidGeography:
		return p.geography(r, question, exactly)
	case rapidContent:
		return p.content(r)
	}
	now := p.w.moment()
	key := bodyKey{p.name, dice(9).str(r.URL.RawQuery), now.Unix(), exactly}
	if kept := p.w.rendered.get(key); kept != nil {
		return reply{http.StatusOK, p.header(), kept}
	}
	q, errs := p.parse(r.URL.Query())
	if len(errs) > 0 {
		return p.invalid(errs...)
	}
	rep := p.json(http.StatusOK, p.render(q, now, exactly))
	p.w.rendered.put(key, rep.body)
	return rep
}

// turnAway is what the vendor says before it looks at parameters; refused tells whether it says anything.
func (p *rapid) turnAway(r *http.Request) (rep reply, refused bool) {
	method := map[string]string{rapidGeography: http.MethodPost, rapidContent: http.MethodGet, rapidAvailability: http.MethodGet}[r.URL.Path]
	if method == "" {
		return p.problem(http.StatusNotFound, "resource_not_found", "The requested resource could not be found."), true
	}
	if rep, ok := p.admit(r); !ok {
		return rep, true
	}
	if r.Method != method {
		return p.problem(http.StatusMethodNotAllowed, "method_not_allowed", "This resource does not support the method of your request."), true
	}
	if accept := r.Header.Get("Accept"); accept != "" && !strings.Contains(accept, "application/json") && !strings.Contains(accept, "*/*") {
		return p.problem(http.StatusNotAcceptable, "not_acceptable", "The API answers in application/json only."), true
	}
	if method == http.MethodPost && !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return p.problem(http.StatusUnsupportedMediaType, "unsupported_media_type", "The API reads application/json only."), true
	}
	var errs []rapidError
	for _, name := range []string{"Accept", "Accept-Encoding", "User-Agent"} {
		if r.Header.Get(name) == "" {
			code := strings.ReplaceAll(strings.ToLower(name), "-", "_")
			errs = append(errs, rapidSays(code+".required", name+" header is required.", name, "header", ""))
		}
	}
	if e := r.Header.Get("Accept-Encoding"); e != "" && !acceptsGzip(r) {
		errs = append(errs, rapidSays("accept_encoding.invalid", "Accept-Encoding must be gzip.", "Accept-Encoding", "header", e))
	}
	if len(errs) > 0 {
		return p.invalid(errs...), true
	}
	return reply{}, false
}

// admit checks key, signature and their age.
func (p *rapid) admit(r *http.Request) (reply, bool) {
	deny := func() (reply, bool) {
		rep := p.problem(http.StatusUnauthorized, "request_unauthenticated", "Data required to authenticate your request is missing or inaccurate. Ensure that your request follows the guidelines in our documentation.")
		rep.header["Www-Authenticate"] = "EAN"
		return rep, false
	}
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if scheme != "EAN" {
		return deny()
	}
	given := map[string]string{}
	for _, part := range strings.Split(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		given[strings.ToLower(name)] = value
	}
	at, err := strconv.ParseInt(given["timestamp"], 10, 64)
	raw, notHex := hex.DecodeString(given["signature"])
	if given["apikey"] == "" || err != nil || notHex != nil || len(raw) != sha512.Size {
		return deny()
	}
	if want := p.spec.Credentials["api_key"]; want != "" && given["apikey"] != want {
		return p.problem(http.StatusForbidden, "request_unauthorized", "Your request could not be authorized."), false
	}
	// Clients sign with the wall clock, whatever year the world is in.
	if !rapidRecent(at, p.w.now()) && !rapidRecent(at, time.Now()) {
		return deny()
	}
	secret := p.spec.Credentials["secret"]
	if secret != "" && sha512.Sum512([]byte(given["apikey"]+secret+given["timestamp"])) != [sha512.Size]byte(raw) {
		return deny()
	}
	return reply{}, true
}

// rapidRecent allows clocks to differ by five minutes, as the vendor does.
func rapidRecent(unix int64, now time.Time) bool {
	const tolerance = 300
	off := unix - now.Unix()
	return off >= -tolerance && off <= tolerance
}

func (p *rapid) header() map[string]string {
	return map[string]string{
		"Content-Type": "application/json", "Region": "eu-west-1", "Rate-Limit-Minute-Remaining": "97",
		"Rate-Limit-Minute-Reset": strconv.FormatInt(p.w.now().Truncate(time.Minute).Add(time.Minute).UnixMilli(), 10),
	}
}

func (p *rapid) json(status int, doc any) reply {
	plain, err := json.Marshal(doc)
	if err != nil {
		panic("partnersim: a Rapid document always marshals: " + err.Error()) // impossible: plain values
	}
	return reply{status, p.header(), &body{plain: plain}}
}

// rapidDoc is the vendor's error document.
type rapidDoc struct {
	Type    string       `json:"type"`
	Message string       `json:"message"`
	Errors  []rapidError `json:"errors,omitempty"`
}

type rapidError struct {
	Type    string       `json:"type"`
	Message string       `json:"message"`
	Fields  []rapidField `json:"fields,omitempty"`
}

type rapidField struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Value string `json:"value"`
}

func rapidSays(code, message, field, kind, value string) rapidError {
	return rapidError{code, message, []rapidField{{field, kind, value}}}
}

func (p *rapid) problem(status int, code, message string) reply {
	return p.json(status, rapidDoc{Type: code, Message: message})
}

func (p *rapid) invalid(errs ...rapidError) reply {
	return p.json(http.StatusBadRequest, rapidDoc{"invalid_input", "An invalid request was sent in, please check the nested errors for details.", errs})
}

// refusal is the vendor's document for a failure of its own.
func (p *rapid) refusal(_ []byte, status int) reply {
	switch status {
	case http.StatusTooManyRequests:
		rep := p.problem(status, "too_many_requests", "You have reached your capacity for this type of request.")
		rep.header["Rate-Limit-Minute-Remaining"] = "0"
		return rep
	case http.StatusServiceUnavailable:
		return p.problem(status, "service_unavailable", "This service is currently unavailable.")
	}
	return p.problem(status, "unknown_internal_error", "An internal server error has occurred.")
}

// beside answers the steps before availability, and refuses.
func (p *rapid) beside(r *http.Request, question []byte) (reply, bool) {
	if rep, refused := p.turnAway(r); refused {
		return rep, true
	}
	if r.URL.Path == rapidAvailability {
		return reply{}, false
	}
	return p.answer(r, question, 0), true
}

// recorded is the status of an error document, by its type. The ids of a list are kept:
// the steps before availability have to hand them out.
func (p *rapid) recorded(document []byte) int {
	var list []struct {
		ID string `json:"property_id"`
	}
	if json.Unmarshal(document, &list) == nil {
		for _, prop := range list {
			p.replayed = append(p.replayed, prop.ID)
		}
		return http.StatusOK
	}
	var doc rapidDoc
	if json.Unmarshal(document, &doc) != nil || doc.Type == "" {
		return http.StatusOK
	}
	status := map[string]int{
		"invalid_input": 400, "request_unauthenticated": 401, "request_unauthorized": 403, "resource_not_found": 404,
		"upgrade_required": 426, "too_many_requests": 429, "service_unavailable": 503,
	}[doc.Type]
	if status == 0 {
		return http.StatusInternalServerError
	}
	return status
}

func rapidID(code int64) string { return fmt.Sprint(code) }
