package partnersim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// duffelStays speaks the Duffel Stays API, version v2: a search, which tells the cheapest
// rate of each result, and all rates of one result.
type duffelStays struct {
	duffel
	results *memo[string, duffelStay] // handed out, by id
}

// duffelStay is what a search result was for.
type duffelStay struct {
	of  *property
	ask *duffelStaysRequest
	at  time.Time
}

const (
	duffelStaysPath = "/stays/search"
	duffelRatesPath = "/stays/search_results/"
	duffelRatesTail = "/actions/fetch_all_rates"
)

// duffelResultOf is the id in the path of a request for rates.
func duffelResultOf(path string) (id string, ok bool) {
	id, ok = strings.CutPrefix(path, duffelRatesPath)
	if !ok {
		return "", false
	}
	id, ok = strings.CutSuffix(id, duffelRatesTail)
	return id, ok && id != ""
}

func (p *duffelStays) turnAway(r *http.Request) *duffelError {
	_, rates := duffelResultOf(r.URL.Path)
	return p.refuse(r, rates || r.URL.Path == duffelStaysPath)
}

// answer checks the request as the vendor does, and remembers the results that it hands out.
func (p *duffelStays) answer(r *http.Request, question []byte, exactly int) reply {
	if e := p.turnAway(r); e != nil {
		return p.errors(*e)
	}
	if id, ok := duffelResultOf(r.URL.Path); ok {
		s := p.results.peek(id)
		if s.of == nil || p.w.moment().Sub(s.at) > duffelResultLife {
			return p.errors(errDuffelResult)
		}
		return p.send(p.result(s, true))
	}
	ask, errs := p.parse(question, p.w.now())
	if len(errs) > 0 {
		return p.errors(errs...)
	}
	doc := struct {
		CreatedAt string             `json:"created_at"`
		Results   []duffelStayResult `json:"results"`
	}{p.w.moment().UTC().Format(time.RFC3339), []duffelStayResult{}}
	limit := cmp.Or(exactly, p.spec.MaxOffers)
	for _, prop := range p.w.within(ask.where) {
		if len(doc.Results) == limit {
			break
		}
		if exactly == 0 && !p.sells(staysMarket, prop.id) {
			continue
		}
		s := duffelStay{prop, ask, p.w.moment()}
		if found := p.result(s, false); found.Accommodation.CheapestTotal != "" {
			p.results.name(found.ID, s)
			doc.Results = append(doc.Results, found)
		}
	}
	return p.send(doc)
}

func (p *duffelStays) send(data any) reply {
	plain, err := json.Marshal(struct {
		Data any `json:"data"`
	}{data})
	if err != nil {
		panic("partnersim: a Duffel document always marshals: " + err.Error()) // impossible: plain structs
	}
	return duffelReply(http.StatusOK, &body{plain: plain}, p.w.now())
}

// beside answers all but a search.
func (p *duffelStays) beside(r *http.Request, question []byte) (reply, bool) {
	e := p.turnAway(r)
	if _, rates := duffelResultOf(r.URL.Path); e == nil && rates {
		return p.answer(r, question, 0), true
	}
	if e == nil && !json.Valid(question) {
		e = &errDuffelJSON
	}
	if e == nil {
		return reply{}, false
	}
	return p.errors(*e), true
}

// duffelStaysQuestion is the vendor's request body.
type duffelStaysQuestion struct {
	Data *struct {
		Rooms  int `json:"rooms"`
		Guests []struct {
			Type string `json:"type"`
			Age  *int   `json:"age"`
		} `json:"guests"`
		CheckIn       string `json:"check_in_date"`
		CheckOut      string `json:"check_out_date"`
		FreeOnly      bool   `json:"free_cancellation_only"`
		Mobile        bool   `json:"mobile"`
		Accommodation any    `json:"accommodation"` // instead of a location; not served here
		Location      *struct {
			Radius      float64 `json:"radius"`
			Coordinates *struct {
				Latitude  float64 `json:"latitude"`
				Longitude float64 `json:"longitude"`
			} `json:"geographic_coordinates"`
		} `json:"location"`
	} `json:"data"`
}

// duffelStaysRequest is a question that the vendor would accept.
type duffelStaysRequest struct {
	stay
	where    circle
	rooms    int
	guests   []duffelGuest
	freeOnly bool
	question dice
}

// Limits of a search.
const (
	duffelMaxNights = 99
	duffelMaxRooms  = 9
	duffelMaxRadius = 100 // km
)

// parse reads a request body as strictly as the vendor does.
func (p *duffelStays) parse(question []byte, now time.Time) (*duffelStaysRequest, []duffelError) {
	var q duffelStaysQuestion
	dec := json.NewDecoder(bytes.NewReader(question))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&q); err != nil {
		return nil, []duffelError{*duffelJSONError(err)}
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, []duffelError{errDuffelJSON}
	}
	if q.Data == nil {
		return nil, []duffelError{errDuffelNoData}
	}
	var errs []duffelError
	complain := func(code, field, message string) {
		errs = append(errs, *duffelInvalid(code, field, "/"+field, fmt.Sprintf("Field '%s' %s", field, message)))
	}
	ask := &duffelStaysRequest{rooms: q.Data.Rooms, freeOnly: q.Data.FreeOnly, question: p.dice.str("stays").str(string(question))}
	in, err := travel.ParseDate(q.Data.CheckIn)
	if err != nil || in < travel.DateOf(now).AddDays(-1) {
		complain("validation_format", "check_in_date", "must be a valid ISO 8601 date that is not in the past")
	}
	out, err2 := travel.ParseDate(q.Data.CheckOut)
	if err2 != nil || out <= in || int(out-in) > duffelMaxNights {
		complain("validation_invalid", "check_out_date", "must be after 'check_in_date', and by 99 nights at most")
	}
	ask.in, ask.out = in, out
	if ask.rooms < 1 || ask.rooms > duffelMaxRooms {
		complain("validation_inclusion", "rooms", "must be between 1 and 9")
	}
	who := party{rooms: ask.rooms}
	for _, g := range q.Data.Guests {
		switch {
		case g.Type == "adult" && g.Age == nil:
			who.adults++
		case g.Type == "child" && g.Age != nil && *g.Age >= 0 && *g.Age < 18:
			who.ages = append(who.ages, *g.Age)
		default:
			complain("validation_invalid", "guests", "must be adults, or children with an age of 0 to 17")
		}
		ask.guests = append(ask.guests, duffelGuest{g.Type, g.Age})
	}
	if who.adults < max(ask.rooms, 1) {
		complain("validation_invalid", "guests", "must have an adult for each room")
	}
	if n := ask.rooms; n > 1 { // guests are shared out evenly: the request does not say who sleeps where
		who.adults = (who.adults + n - 1) / n
		slices.Sort(who.ages)
		who.ages = who.ages[:(len(who.ages)+n-1)/n]
	}
	ask.parties = []party{who}
	switch l := q.Data.Location; {
	case l == nil || l.Coordinates == nil:
		complain("validation_required", "location", "can't be blank")
	case l.Radius <= 0 || l.Radius > duffelMaxRadius || l.Coordinates.Latitude < -90 || l.Coordinates.Latitude > 90 || l.Coordinates.Longitude < -180 || l.Coordinates.Longitude > 180:
		complain("validation_inclusion", "location", "must be a place on Earth with a radius of 1 to 100 km")
	default:
		ask.where = circle{l.Coordinates.Latitude, l.Coordinates.Longitude, l.Radius}
	}
	return ask, errs
}

// newDuffelStays is a partner that speaks the protocol and sells what the assortment has.
func newDuffelStays(a *assortment) protocol {
	return &duffelStays{duffel{a}, newMemo[string, duffelStay](200000)}
}
