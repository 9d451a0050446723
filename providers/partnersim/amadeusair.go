package partnersim

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// amadeusAir speaks the Amadeus Self-Service API Flight Offers Search v2, both ways of
// asking: GET with parameters, POST with a body.
type amadeusAir struct {
	amadeus
}

const amadeusAirPath = "/v2/shopping/flight-offers"

// answer checks the request in the order in which the vendor does: place, right, format, content.
func (p *amadeusAir) answer(r *http.Request, question []byte, offers int) reply {
	if rep, ok := p.login(r, question); ok {
		return rep
	}
	if e := p.turnAway(r); e != nil {
		return p.errors(*e)
	}
	now := p.w.moment()
	key := bodyKey{p.name, dice(9).str(r.Method).str(r.URL.RawQuery).str(string(question)), now.Unix(), offers}
	if kept := p.w.rendered.get(key); kept != nil {
		return amadeusReply(http.StatusOK, amadeusMedia, kept)
	}
	q, errs := p.parse(r, question, p.w.now())
	if len(errs) > 0 {
		return p.errors(errs...)
	}
	rep := amadeusJSON(http.StatusOK, amadeusMedia, p.render(q, key.question.num(key.moment), now, offers))
	p.w.rendered.put(key, rep.body)
	return rep
}

// turnAway is what the vendor says before it looks at the question; nil is nothing.
func (p *amadeusAir) turnAway(r *http.Request) *amadeusError {
	if r.URL.Path != amadeusAirPath {
		return &errAmadeusPath
	}
	if e := p.refuse(r, http.MethodGet, http.MethodPost); e != nil {
		return e
	}
	if r.Method == http.MethodPost && !strings.EqualFold(r.Header.Get("X-HTTP-Method-Override"), http.MethodGet) {
		return &errAmadeusOverride
	}
	return nil
}

// beside logs in, and checks all of a search but what it asks for.
func (p *amadeusAir) beside(r *http.Request, question []byte) (reply, bool) {
	if rep, ok := p.login(r, question); ok {
		return rep, true
	}
	if e := p.turnAway(r); e != nil {
		return p.errors(*e), true
	}
	if r.Method == http.MethodPost && !json.Valid(question) {
		return p.errors(errAmadeusJSON), true
	}
	return reply{}, false
}

// amadeusAirAsk is a question that the vendor would accept.
type amadeusAirAsk struct {
	ask
	travelers          []amadeusTraveler
	currency           travel.Currency
	most               int // offers
	maxPrice           int // for one adult, in whole units
	included, excluded []string
	bagsOnly           bool
	refundableOnly     bool
	rules              bool // asked for what the fare allows
	self               string
}

// amadeusTraveler is one of the party, as questions and answers name it.
type amadeusTraveler struct {
	ID    string `json:"id"`
	Type  string `json:"travelerType"`
	Adult string `json:"associatedAdultId,omitempty"`
}

// amadeusPax is how each of the vendor's types of travellers is priced.
var amadeusPax = map[string]paxType{
	"ADULT": adult, "SENIOR": adult, "YOUNG": adult, "STUDENT": adult, "CHILD": child, "SEATED_INFANT": child, "HELD_INFANT": infant,
}

var amadeusCabins = map[travel.Cabin]string{
	travel.Economy: "ECONOMY", travel.PremiumEconomy: "PREMIUM_ECONOMY", travel.Business: "BUSINESS", travel.First: "FIRST",
}

// amadeusCabin is the cabin of a word of the vendor's, "" if it is none.
func amadeusCabin(word string) travel.Cabin {
	for cabin, name := range amadeusCabins {
		if name == word {
			return cabin
		}
	}
	return ""
}

// complaints collects what is wrong with a question.
type complaints struct{ errs []amadeusError }

func (c *complaints) at(code int, pointer, detail string) {
	c.errs = append(c.errs, amadeusBad(code, detail, amadeusSource{Pointer: pointer}))
}

func (c *complaints) parameter(code int, name, detail string) {
	c.errs = append(c.errs, amadeusBad(code, detail, amadeusSource{Parameter: name}))
}

// parse reads a question as strictly as the vendor does.
func (p *amadeusAir) parse(r *http.Request, question []byte, now time.Time) (*amadeusAirAsk, []amadeusError) {
	q := &amadeusAirAsk{currency: p.spec.Currency, most: 250}
	q.cabin, q.maxStops = travel.Economy, 2
	wrong := &complaints{}
	if r.Method == http.MethodGet {
		p.parseURL(q, r, now, wrong)
		q.self = amadeusHost + r.URL.RequestURI()
	} else {
		dec := json.NewDecoder(bytes.NewReader(question))
		var asked amadeusAirQuestion
		if err := dec.Decode(&asked); err != nil || dec.More() {
			return nil, []amadeusError{errAmadeusJSON}
		}
		p.parseBody(q, &asked, now, wrong)
	}
	return q, wrong.errs
}

// newAmadeusAir is a partner that speaks the protocol and sells what the assortment has.
func newAmadeusAir(a *assortment) protocol { return &amadeusAir{amadeus{a}} }
