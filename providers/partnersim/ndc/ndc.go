// Package ndc answers as airlines with IATA NDC do: AirShopping 17.2 and 21.3, plain or in SOAP.
package ndc

import (
	"cmp"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
)

// service speaks IATA NDC AirShopping, as airlines do: one version each, with quirks of its own.
type service struct {
	*world.Inventory
	quirks   quirks
	version  string // one of ndcVersions
	combined bool
}

// Versions of NDC that a partner can speak.
const (
	V172 = "17.2"
	V213 = "21.3"
)

// Namespaces of the documents.
const (
	ndc172Space = "http://www.iata.org/IATA/EDIST/2017.2"
	ndc213Outer = "http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersMessage"
	ndc213Inner = "http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersCommonTypes"
	airlineRQ   = "http://www.iata.org/IATA/" // every namespace of NDC begins so
)

func New(a *world.Inventory) *service {
	p := &service{Inventory: a, version: cmp.Or(a.Seller.Version, a.Seller.Options["version"], V213), combined: a.Seller.Combined}
	if p.version != V172 && p.version != V213 {
		panic("partnersim: unknown version of NDC " + p.version)
	}
	p.quirks = quirksOf(a.RNG.Str("ndc"), p.version, a.Seller.Latin1)
	a.Seller.Version = p.version
	return p
}

// Answer checks the request as the vendor's gateway and then its application do:
// place, right, format, form of the document, content.
func (p *service) Answer(r *http.Request, question []byte, offers int) exchange.Reply {
	if e := p.refuse(r); e != nil {
		return p.errors(exchange.WrapOf(question), *e)
	}
	now := p.World.Moment()
	key := exchange.BodyKey{Partner: p.Name, Question: rng.RNG(11).Str(p.version).Str(strconv.FormatBool(p.combined)).Str(string(question)), Moment: now.Unix(), Offers: offers}
	if kept := p.World.Rendered.Get(key); kept != nil {
		return p.reply(http.StatusOK, kept)
	}
	root, e := p.read(question)
	if e != nil {
		return p.errors(exchange.WrapOf(question), *e)
	}
	inner, wrap := exchange.Unwrap(root)
	if inner == nil {
		return p.fault(wrap)
	}
	req, errs := p.parse(inner, p.World.Now())
	if len(errs) > 0 {
		return p.errors(wrap, errs...)
	}
	plan := p.plan(req, key.Question.Num(key.Moment), now, offers)
	if len(plan.offers) == 0 {
		return p.errors(wrap, errNothing)
	}
	b := &exchange.Body{Plain: p.write(plan, wrap)}
	p.World.Rendered.Put(key, b)
	return p.reply(http.StatusOK, b)
}

// read is the question as a document, whichever it is.
func (p *service) read(question []byte) (*exchange.XMLNode, *errorDoc) {
	root, err := exchange.ParseXML(question)
	switch err {
	case nil:
		return root, nil
	case exchange.ErrXMLDTD:
		return nil, &errDTD
	}
	return nil, &errSyntax
}

func (p *service) reply(status int, b *exchange.Body) exchange.Reply {
	media := "application/xml"
	switch {
	case p.quirks.latin1: // the document says it
	case p.quirks.textXML:
		media = "text/xml; charset=utf-8"
	default:
		media += "; charset=utf-8"
	}
	return exchange.Reply{Status: status, Header: map[string]string{"Content-Type": media, "Cache-Control": "no-store"}, Body: b}
}

// refuse is what the gateway says before it looks at the body; nil is nothing.
func (p *service) refuse(r *http.Request) *errorDoc {
	if p.Seller.Path != "" && r.URL.Path != p.Seller.Path {
		return &errPath
	}
	if e := p.credentials(r.Header); e != nil {
		return e
	}
	if r.Method != http.MethodPost {
		return &errMethod
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !slices.Contains([]string{"application/xml", "text/xml", "application/soap+xml"}, media) {
		return &errMedia
	}
	return nil
}

// credentials checks the key or the token, whichever the partner has given out; with
// neither given out, any that is well formed passes.
func (p *service) credentials(h http.Header) *errorDoc {
	wantKey, wantToken := p.Seller.Credentials["api_key"], p.Seller.Credentials["token"]
	anything := wantKey == "" && wantToken == ""
	key := h.Get("X-Api-Key")
	scheme, token, _ := strings.Cut(h.Get("Authorization"), " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") {
		token = ""
	}
	switch {
	case key != "" && (anything || key == wantKey), token != "" && (anything || token == wantToken):
		return nil
	case (wantKey != "" || anything) && key == "" && (wantToken == "" || token == ""),
		wantKey == "" && !anything && token == "":
		return &errNoKey
	}
	return p.badKey()
}

// badKey is a refusal of the gateway in 21.3, and of the application in 17.2: there
// it comes with status 200.
func (p *service) badKey() *errorDoc {
	e := errBadKey
	if p.version == V172 {
		e.status = http.StatusOK
	}
	return &e
}

// Refusal is the vendor's document for a failure of its own.
func (p *service) Refusal(question []byte, status int) exchange.Reply {
	e := errInternal
	switch status {
	case http.StatusTooManyRequests:
		e = errRate
	case http.StatusServiceUnavailable:
		e = errUnavailable
	}
	rep := p.errors(exchange.WrapOf(question), e)
	if status == http.StatusTooManyRequests {
		rep.Header["Retry-After"] = "30"
	}
	return rep
}

// stamp is how the vendors write instants.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// OtherEndpoint checks all of a search but what it asks for.
func (p *service) OtherEndpoint(r *http.Request, question []byte) (exchange.Reply, bool) {
	e := p.refuse(r)
	if e == nil {
		_, e = p.read(question)
	}
	if e == nil {
		return exchange.Reply{}, false
	}
	return p.errors(exchange.Envelope{}, *e), true
}

// ReplayStatus is 200: NDC's errors come with it.
func (p *service) ReplayStatus([]byte) int { return http.StatusOK }
