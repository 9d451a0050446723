package partnersim

import (
	"cmp"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ndc speaks IATA NDC AirShopping, as airlines do: one version each, with habits of its own.
type ndc struct {
	*assortment
	habits   ndcHabits
	version  string // one of ndcVersions
	combined bool
}

// Versions of NDC that a partner can speak.
const (
	ndc172 = "17.2"
	ndc213 = "21.3"
)

// Namespaces of the documents.
const (
	ndc172Space  = "http://www.iata.org/IATA/EDIST/2017.2"
	ndc213Outer  = "http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersMessage"
	ndc213Inner  = "http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersCommonTypes"
	ndcAirlineRQ = "http://www.iata.org/IATA/" // every namespace of NDC begins so
)

func newNDC(a *assortment) *ndc {
	p := &ndc{assortment: a, version: cmp.Or(a.spec.Version, a.spec.Options["version"], ndc213), combined: a.spec.Combined}
	if p.version != ndc172 && p.version != ndc213 {
		panic("partnersim: unknown version of NDC " + p.version)
	}
	p.habits = habitsOf(a.dice.str("ndc"), p.version, a.spec.Latin1)
	a.spec.Version = p.version
	return p
}

// answer checks the request as the vendor's gateway and then its application do:
// place, right, format, form of the document, content.
func (p *ndc) answer(r *http.Request, question []byte, offers int) reply {
	if e := p.refuse(r); e != nil {
		return p.errors(wrapOf(question), *e)
	}
	now := p.w.moment()
	key := bodyKey{p.name, dice(11).str(p.version).str(strconv.FormatBool(p.combined)).str(string(question)), now.Unix(), offers}
	if kept := p.w.rendered.get(key); kept != nil {
		return p.reply(http.StatusOK, kept)
	}
	root, e := p.read(question)
	if e != nil {
		return p.errors(wrapOf(question), *e)
	}
	inner, wrap := unwrap(root)
	if inner == nil {
		return p.fault(wrap)
	}
	req, errs := p.parse(inner, p.w.now())
	if len(errs) > 0 {
		return p.errors(wrap, errs...)
	}
	plan := p.plan(req, key.question.num(key.moment), now, offers)
	if len(plan.offers) == 0 {
		return p.errors(wrap, errNDCNothing)
	}
	b := &body{plain: p.write(plan, wrap)}
	p.w.rendered.put(key, b)
	return p.reply(http.StatusOK, b)
}

// read is the question as a document, whichever it is.
func (p *ndc) read(question []byte) (*xmlNode, *ndcError) {
	root, err := parseXML(question)
	switch err {
	case nil:
		return root, nil
	case errXMLDTD:
		return nil, &errNDCDTD
	}
	return nil, &errNDCSyntax
}

func (p *ndc) reply(status int, b *body) reply {
	media := "application/xml"
	switch {
	case p.habits.latin1: // the document says it
	case p.habits.textXML:
		media = "text/xml; charset=utf-8"
	default:
		media += "; charset=utf-8"
	}
	return reply{status, map[string]string{"Content-Type": media, "Cache-Control": "no-store"}, b}
}

// refuse is what the gateway says before it looks at the body; nil is nothing.
func (p *ndc) refuse(r *http.Request) *ndcError {
	if p.spec.Path != "" && r.URL.Path != p.spec.Path {
		return &errNDCPath
	}
	if e := p.credentials(r.Header); e != nil {
		return e
	}
	if r.Method != http.MethodPost {
		return &errNDCMethod
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !slices.Contains([]string{"application/xml", "text/xml", "application/soap+xml"}, media) {
		return &errNDCMedia
	}
	return nil
}

// credentials checks the key or the token, whichever the partner has given out; with
// neither given out, any that is well formed passes.
func (p *ndc) credentials(h http.Header) *ndcError {
	wantKey, wantToken := p.spec.Credentials["api_key"], p.spec.Credentials["token"]
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
		return &errNDCNoKey
	}
	return p.badKey()
}

// badKey is a refusal of the gateway in 21.3, and of the application in 17.2: there
// it comes with status 200.
func (p *ndc) badKey() *ndcError {
	e := errNDCBadKey
	if p.version == ndc172 {
		e.status = http.StatusOK
	}
	return &e
}

// refusal is the vendor's document for a failure of its own.
func (p *ndc) refusal(question []byte, status int) reply {
	e := errNDCInternal
	switch status {
	case http.StatusTooManyRequests:
		e = errNDCRate
	case http.StatusServiceUnavailable:
		e = errNDCUnavailable
	}
	rep := p.errors(wrapOf(question), e)
	if status == http.StatusTooManyRequests {
		rep.header["Retry-After"] = "30"
	}
	return rep
}

// ndcStamp is how the vendors write instants.
func ndcStamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// beside checks all of a search but what it asks for.
func (p *ndc) beside(r *http.Request, question []byte) (reply, bool) {
	e := p.refuse(r)
	if e == nil {
		_, e = p.read(question)
	}
	if e == nil {
		return reply{}, false
	}
	return p.errors(ndcWrap{}, *e), true
}

// recorded is 200: NDC's errors come with it.
func (p *ndc) recorded([]byte) int { return http.StatusOK }
