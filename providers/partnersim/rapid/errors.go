package rapid

import (
	"net/http"
	"strings"

	"fanfare/providers/partnersim/exchange"
)

// errorDoc is the vendor's error document, and each complaint in one.
type errorDoc struct {
	Type    string     `json:"type"`
	Message string     `json:"message"`
	Fields  []field    `json:"fields,omitempty"`
	Errors  []errorDoc `json:"errors,omitempty"`
}

type field struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Value string `json:"value,omitempty"`
}

// What Rapid says, by what is wrong. Types and texts follow the vendor's specification
// where it has them; the others are worded after it.
var (
	errUnauthenticated = errorDoc{Type: "request_unauthenticated", Message: "Data required to authenticate your request is missing or inaccurate. Ensure that your request follows the guidelines in our documentation."}
	errUnauthorized    = errorDoc{Type: "request_unauthorized", Message: "Your request could not be authorized."}
	errNotFound        = errorDoc{Type: "resource_not_found", Message: "The resource could not be found."}
	errMethod          = errorDoc{Type: "method_not_allowed", Message: "This resource does not have the method of your request."}
	errRate            = errorDoc{Type: "too_many_requests", Message: "You have reached your capacity for this type of request."}
	errInternal        = errorDoc{Type: "unknown_internal_error", Message: "An internal server error has occurred."}
	errUnavailable     = errorDoc{Type: "service_unavailable", Message: "This service is currently unavailable."}
)

// asWrong is a complaint about a parameter of the query.
func asWrong(kind, message, name string, values ...string) errorDoc {
	return wrongIn("querystring", kind, message, name, values)
}

func wrongIn(where, kind, message, name string, values []string) errorDoc {
	e := errorDoc{Type: kind, Message: message}
	for _, v := range values {
		e.Fields = append(e.Fields, field{name, where, v})
	}
	if len(values) == 0 && name != "" {
		e.Fields = []field{{Name: name, Type: where}}
	}
	return e
}

// wrong is the document about complaints of the vendor's.
func (p *service) wrong(complaints ...errorDoc) exchange.Reply {
	return p.reply(http.StatusBadRequest, asJson(errorDoc{
		Type: "invalid_input", Message: "An invalid request was sent in, please check the nested errors for details.", Errors: complaints,
	}))
}

// turnAway is what the vendor says before it looks at the question; refused reports whether it says anything.
func (p *service) turnAway(r *http.Request) (rep exchange.Reply, refused bool) {
	method := methods[r.URL.Path]
	if method == "" {
		return p.reply(http.StatusNotFound, asJson(errNotFound)), true
	}
	if e := p.admit(r.Header.Get("Authorization")); e != nil {
		rep := p.reply(http.StatusUnauthorized, asJson(e))
		rep.Header["Www-Authenticate"] = "EAN APIKey=<your apikey>,Signature=<sha512 of apikey, secret and timestamp>,timestamp=<seconds>"
		return rep, true
	}
	if r.URL.Query().Get("supply_source") == "vrbo" { // needs a contract of its own
		return p.reply(http.StatusForbidden, asJson(errUnauthorized)), true
	}
	if r.Method != method {
		rep := p.reply(http.StatusMethodNotAllowed, asJson(errMethod))
		rep.Header["Allow"] = method
		return rep, true
	}
	if wrongs := headers(r); len(wrongs) > 0 {
		return p.wrong(wrongs...), true
	}
	return exchange.Reply{}, false
}

// tests are the answers that the Test header can order.
var tests = map[string]int{"": 0, "standard": http.StatusOK, "service_unavailable": http.StatusServiceUnavailable, "unknown_internal_error": http.StatusInternalServerError}

// headers complains about headers: gzip and JSON have to be accepted, and User-Agent is mandatory.
func headers(r *http.Request) []errorDoc {
	var wrongs []errorDoc
	complain := func(kind, message, name string) {
		wrongs = append(wrongs, wrongIn("header", kind, message, name, r.Header.Values(name)))
	}
	if accept := r.Header.Get("Accept"); !strings.Contains(accept, "application/json") {
		complain("accept.invalid", "The Accept header must be application/json.", "Accept")
	}
	if !exchange.AcceptsGzip(r) {
		complain("accept_encoding.invalid", "The Accept-Encoding header must be gzip.", "Accept-Encoding")
	}
	if r.Header.Get("User-Agent") == "" {
		complain("user_agent.required", "A User-Agent header is required.", "User-Agent")
	}
	if _, ok := tests[r.Header.Get("Test")]; !ok {
		complain("test.content_invalid", "Content of the test header is invalid. Please use one of the following valid values: standard, service_unavailable, unknown_internal_error", "Test")
	}
	if ip := r.Header.Get("Customer-Ip"); ip != "" && !isIP(ip) {
		complain("customer_ip.invalid", "Customer-Ip header is not a valid IPv4 or IPv6 address.", "Customer-Ip")
	}
	if m := r.Header.Get("Content-Type"); r.Method == http.MethodPost && !strings.HasPrefix(m, "application/json") {
		complain("content_type.invalid", "The Content-Type header must be application/json.", "Content-Type")
	}
	return wrongs
}
