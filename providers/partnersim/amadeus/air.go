package amadeus

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// air speaks the Amadeus Self-Service API Flight Offers Search v2, both ways of
// asking: GET with parameters, POST with a body.
type air struct {
	common
}

const AirPath = "/v2/shopping/flight-offers"

// Answer checks the request in the order in which the vendor does: place, right, format, content.
func (p *air) Answer(r *http.Request, question []byte, offers int) exchange.Reply {
	if rep, ok := p.login(r, question); ok {
		return rep
	}
	if e := p.turnAway(r); e != nil {
		return p.errors(*e)
	}
	now := p.World.Moment()
	key := exchange.BodyKey{Partner: p.Name, Question: rng.RNG(9).Str(r.Method).Str(r.URL.RawQuery).Str(string(question)), Moment: now.Unix(), Offers: offers}
	if kept := p.World.Rendered.Get(key); kept != nil {
		return asReply(http.StatusOK, Media, kept)
	}
	q, errs := p.parse(r, question, p.World.Now())
	if len(errs) > 0 {
		return p.errors(errs...)
	}
	rep := asJson(http.StatusOK, Media, p.render(q, key.Question.Num(key.Moment), now, offers))
	p.World.Rendered.Put(key, rep.Body)
	return rep
}

// turnAway is what the vendor says before it looks at the question; nil is nothing.
func (p *air) turnAway(r *http.Request) *errorDoc {
	if r.URL.Path != AirPath {
		return &errPath
	}
	if e := p.refuse(r, http.MethodGet, http.MethodPost); e != nil {
		return e
	}
	if r.Method == http.MethodPost && !strings.EqualFold(r.Header.Get("X-HTTP-Method-Override"), http.MethodGet) {
		return &errOverride
	}
	return nil
}

// OtherEndpoint logs in, and checks all of a search but what it asks for.
func (p *air) OtherEndpoint(r *http.Request, question []byte) (exchange.Reply, bool) {
	if rep, ok := p.login(r, question); ok {
		return rep, true
	}
	if e := p.turnAway(r); e != nil {
		return p.errors(*e), true
	}
	if r.Method == http.MethodPost && !json.Valid(question) {
		return p.errors(errJSON), true
	}
	return exchange.Reply{}, false
}

// airAsk is a question that the vendor would accept.
type airAsk struct {
	world.Ask
	travelers          []travelerDoc
	currency           travel.Currency
	most               int // offers
	maxPrice           int // for one adult, in whole units
	included, excluded []string
	bagsOnly           bool
	refundableOnly     bool
	rules              bool // asked for what the fare allows
	self               string
}

// travelerDoc is one of the party, as questions and answers name it.
type travelerDoc struct {
	ID    string `json:"id"`
	Type  string `json:"travelerType"`
	Adult string `json:"associatedAdultId,omitempty"`
}

// paxName is how each of the vendor's types of travellers is priced.
var paxName = map[string]world.PaxType{
	"ADULT": world.Adult, "SENIOR": world.Adult, "YOUNG": world.Adult, "STUDENT": world.Adult, "CHILD": world.Child, "SEATED_INFANT": world.Child, "HELD_INFANT": world.Infant,
}

var cabins = map[travel.Cabin]string{
	travel.Economy: "ECONOMY", travel.PremiumEconomy: "PREMIUM_ECONOMY", travel.Business: "BUSINESS", travel.First: "FIRST",
}

// asCabin is the cabin of a word of the vendor's, "" if it is none.
func asCabin(word string) travel.Cabin {
	for cabin, name := range cabins {
		if name == word {
			return cabin
		}
	}
	return ""
}

// complaints collects what is wrong with a question.
type complaints struct{ errs []errorDoc }

func (c *complaints) at(code int, pointer, detail string) {
	c.errs = append(c.errs, bad(code, detail, sourceDoc{Pointer: pointer}))
}

func (c *complaints) parameter(code int, name, detail string) {
	c.errs = append(c.errs, bad(code, detail, sourceDoc{Parameter: name}))
}

// parse reads a question as strictly as the vendor does.
func (p *air) parse(r *http.Request, question []byte, now time.Time) (*airAsk, []errorDoc) {
	q := &airAsk{currency: p.Seller.Currency, most: 250}
	q.Cabin, q.MaxStops = travel.Economy, 2
	wrong := &complaints{}
	if r.Method == http.MethodGet {
		p.parseURL(q, r, now, wrong)
		q.self = host + r.URL.RequestURI()
	} else {
		dec := json.NewDecoder(bytes.NewReader(question))
		var asked airQuestion
		if err := dec.Decode(&asked); err != nil || dec.More() {
			return nil, []errorDoc{errJSON}
		}
		p.parseBody(q, &asked, now, wrong)
	}
	return q, wrong.errs
}

// NewAir is a partner that speaks the protocol and sells what the inventory has.
func NewAir(a *world.Inventory) exchange.Protocol { return &air{common{a}} }
