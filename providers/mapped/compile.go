package mapped

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"fanfare/providers/travel"
)

// Mapping is a declaration that has been checked, ready to read documents and to write
// requests. It is safe for concurrent use.
type Mapping struct {
	product  travel.Product
	steps    []request
	auth     Auth
	signed   template // of hmac
	exponent int
	format   string
	lists    []string

	offers               selector
	of                   mapping
	errorWhen, emptyWhen *Program
	code, message, next  *Program
}

// request is a Request whose texts have been parsed.
type request struct {
	method  string
	path    template
	query   map[string]template
	headers map[string]template
	body    *Program
	values  map[string]*Program
}

// New checks a declaration and compiles what it says. What is wrong with it is complained
// about all at once; the mapping is of no use then.
func New(d *Declaration) (*Mapping, Complaints) {
	var complaints Complaints
	m := &Mapping{product: d.Product, auth: d.Auth, exponent: d.Exponent, format: d.Response.Format, lists: d.Response.Lists}
	if d.Product != travel.Flights && d.Product != travel.Hotels {
		complaints.add("coverage.products", "a mapped feed sells flights or hotels: name one of them")
	}
	known := Variables(d.Product)
	if len(d.Steps) > maxSteps {
		complaints.add("steps", "%d; at most %d before the request", len(d.Steps), maxSteps)
	}
	for i := range d.Steps {
		at := fmt.Sprintf("steps[%d]", i)
		m.steps = append(m.steps, compileRequest(at, &d.Steps[i], known, &complaints))
		if len(d.Steps[i].Values) == 0 {
			complaints.add(at+".values", "missing: what the request needs of this answer")
		}
		for _, name := range slices.Sorted(maps.Keys(d.Steps[i].Values)) {
			if !namePattern.MatchString(name) || slices.Contains(known, name) {
				complaints.add(at+".values."+name, "must be a name of its own, of a-z, 0-9 and _")
			}
			known = append(slices.Clone(known), name)
		}
	}
	if len(d.Request.Values) > 0 {
		complaints.add("request.values", "only a step has values")
	}
	m.steps = append(m.steps, compileRequest("request", &d.Request, known, &complaints))
	m.checkAuth(&complaints)
	if d.Exponent < Decimals || d.Exponent > 4 {
		complaints.add("price.exponent", "%d; 0 to 4, or left out where amounts are decimals", d.Exponent)
	}
	m.compileResponse(&d.Response, &complaints)
	return m, complaints
}

func program(at, text string, complaints *Complaints) *Program {
	if text == "" {
		return nil
	}
	p, err := Compile(text)
	if err != nil {
		complaints.add(at, "%v", err)
	}
	return p
}

func (m *Mapping) compileResponse(r *Response, complaints *Complaints) {
	switch m.format {
	case "json", "xml", "csv":
	default:
		complaints.add("response.format", "%q; json, xml or csv", clip(m.format, 40))
	}
	if len(r.Lists) > 0 && m.format != "xml" {
		complaints.add("response.lists", "only XML needs it")
	}
	switch {
	case r.Offers != "":
		m.offers = compileSelector("response.offers", r.Offers, complaints)
	case m.format == "csv":
		m.offers = selector{path: &path{}}
	default:
		complaints.add("response.offers", "missing: which parts of a document are the offers, such as .results[]")
	}
	m.of = compileMap(r.Map, complaints)
	m.errorWhen = program("response.errors.when", r.Errors.When, complaints)
	m.code, m.message = program("response.errors.code", r.Errors.Code, complaints), program("response.errors.message", r.Errors.Message, complaints)
	if r.Errors.When == "" && (r.Errors.Code != "" || r.Errors.Message != "") {
		complaints.add("response.errors.when", "missing: which documents are errors")
	}
	m.emptyWhen, m.next = program("response.empty.when", r.Empty.When, complaints), program("response.next", r.Next, complaints)
}

// methods are those that ask and change nothing.
var methods = []string{http.MethodGet, http.MethodPost}

func compileRequest(at string, r *Request, known []string, complaints *Complaints) request {
	out := request{method: r.Method, query: map[string]template{}, headers: map[string]template{}, values: map[string]*Program{}}
	if out.method == "" {
		if out.method = http.MethodGet; r.Body != "" {
			out.method = http.MethodPost
		}
	}
	if !slices.Contains(methods, out.method) {
		complaints.add(at+".method", "%q; GET or POST", clip(r.Method, 20))
	}
	if out.method == http.MethodGet && r.Body != "" {
		complaints.add(at+".body", "a GET has none")
	}
	parse := func(at, text string) template {
		t, err := parseTemplate(text, known)
		if err != nil {
			complaints.add(at, "%v", err)
		}
		return t
	}
	if !strings.HasPrefix(r.Path, "/") || strings.HasPrefix(r.Path, "//") || strings.ContainsAny(r.Path, "?# ") {
		complaints.add(at+".path", "%q; must begin with one / and have no query: that is %s.query", clip(r.Path, 40), at)
	}
	out.path = parse(at+".path", r.Path)
	for _, name := range slices.Sorted(maps.Keys(r.Query)) {
		out.query[name] = parse(at+".query."+name, r.Query[name])
	}
	for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
		if !httpguts.ValidHeaderFieldName(name) || slices.Contains(ourHeaders, http.CanonicalHeaderKey(name)) {
			complaints.add(at+".headers."+name, "cannot be set")
		}
		out.headers[http.CanonicalHeaderKey(name)] = parse(at+".headers."+name, r.Headers[name])
	}
	out.body = program(at+".body", r.Body, complaints)
	for _, name := range slices.Sorted(maps.Keys(r.Values)) {
		out.values[name] = program(at+".values."+name, r.Values[name], complaints)
	}
	return out
}

// ourHeaders are set by the client itself.
var ourHeaders = []string{"Host", "Content-Length", "Transfer-Encoding", "Connection", "Accept-Encoding", "Authorization", "Cookie"}

// authFields are what each kind of auth needs.
var authFields = map[string][]string{
	"": {}, "bearer": {"token"}, "header": {"name", "value"}, "query": {"name", "value"}, "basic": {"username", "password"},
	"oauth_client_credentials": {"token_path", "client_id", "client_secret"}, "hmac": {"name", "secret", "message"},
}

func (m *Mapping) checkAuth(complaints *Complaints) {
	a := &m.auth
	needed, known := authFields[a.Kind]
	if !known {
		complaints.add("auth.kind", "%q; one of %s", clip(a.Kind, 40), strings.Join(slices.Sorted(maps.Keys(authFields))[1:], ", "))
		return
	}
	optional := map[string][]string{"oauth_client_credentials": {"scope"}, "hmac": {"encoding"}}[a.Kind]
	given := map[string]string{"token": a.Token, "name": a.Name, "value": a.Value, "username": a.Username, "password": a.Password, "token_path": a.TokenPath,
		"client_id": a.ClientID, "client_secret": a.ClientSecret, "scope": a.Scope, "secret": a.Secret, "message": a.Message, "encoding": a.Encoding}
	for _, field := range slices.Sorted(maps.Keys(given)) {
		switch value := given[field]; {
		case value == "" && slices.Contains(needed, field):
			complaints.add("auth."+field, "missing; auth of kind %s needs %s", a.Kind, strings.Join(needed, ", "))
		case value != "" && !slices.Contains(needed, field) && !slices.Contains(optional, field):
			complaints.add("auth."+field, "auth of kind %q has none", a.Kind)
		case !httpguts.ValidHeaderFieldValue(value):
			complaints.add("auth."+field, "holds a character that no header can carry")
		}
	}
	if (a.Kind == "header" || a.Kind == "hmac") && a.Name != "" && !httpguts.ValidHeaderFieldName(a.Name) {
		complaints.add("auth.name", "is no name of a header")
	}
	if a.TokenPath != "" && !strings.HasPrefix(a.TokenPath, "/") {
		complaints.add("auth.token_path", "must begin with /: it is at the same host")
	}
	if a.Encoding != "" && a.Encoding != "hex" && a.Encoding != "base64" {
		complaints.add("auth.encoding", "%q; hex or base64", clip(a.Encoding, 20))
	}
	var err error
	if m.signed, err = parseTemplate(a.Message, []string{"method", "path", "query", "body", "timestamp"}); err != nil {
		complaints.add("auth.message", "%v", err)
	}
}

// selector finds the raw offers: a plain path, which may end in [], or an expression.
type selector struct {
	path    *path
	program *Program
}

func compileSelector(at, text string, complaints *Complaints) selector {
	plainText := strings.TrimSuffix(strings.TrimSuffix(text, "?"), "[]")
	if plainText == "" || plainText == "." {
		return selector{path: &path{}}
	}
	if p, ok := parsePath(plainText); ok && strings.Contains(text, "[]") && !p.query {
		return selector{path: &p}
	}
	return selector{program: program(at, text, complaints)}
}

// sameOrigin reports whether two addresses have scheme, host and port in common.
func sameOrigin(a, b *url.URL) bool {
	port := func(u *url.URL) string {
		if u.Port() != "" {
			return u.Port()
		}
		return map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}
