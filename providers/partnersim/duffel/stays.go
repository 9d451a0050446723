package duffel

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

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// stays speaks the Duffel Stays API, version v2: a search, which tells the cheapest
// rate of each result, and all rates of one result.
type stays struct {
	air
	results *world.Memo[string, stayDoc] // handed out, by id
}

// stayDoc is what a search result was for.
type stayDoc struct {
	of  *world.Property
	ask *staysRequest
	at  time.Time
}

const (
	StaysPath = "/stays/search"
	RatesPath = "/stays/search_results/"
	RatesTail = "/actions/fetch_all_rates"
)

// resultOf is the id in the path of a request for rates.
func resultOf(path string) (id string, ok bool) {
	id, ok = strings.CutPrefix(path, RatesPath)
	if !ok {
		return "", false
	}
	id, ok = strings.CutSuffix(id, RatesTail)
	return id, ok && id != ""
}

func (p *stays) turnAway(r *http.Request) *errorDoc {
	_, rates := resultOf(r.URL.Path)
	return p.refuse(r, rates || r.URL.Path == StaysPath)
}

// Answer checks the request as the vendor does, and remembers the results that it hands out.
func (p *stays) Answer(r *http.Request, question []byte, exactly int) exchange.Reply {
	if e := p.turnAway(r); e != nil {
		return p.errors(*e)
	}
	if id, ok := resultOf(r.URL.Path); ok {
		s := p.results.Peek(id)
		if s.of == nil || p.World.Moment().Sub(s.at) > resultLife {
			return p.errors(errResult)
		}
		return p.send(p.result(s, true))
	}
	ask, errs := p.parse(question, p.World.Now())
	if len(errs) > 0 {
		return p.errors(errs...)
	}
	doc := struct {
		CreatedAt string       `json:"created_at"`
		Results   []StayResult `json:"results"`
	}{p.World.Moment().UTC().Format(time.RFC3339), []StayResult{}}
	limit := cmp.Or(exactly, p.Seller.MaxOffers)
	for _, prop := range p.World.Within(ask.where) {
		if len(doc.Results) == limit {
			break
		}
		if exactly == 0 && !p.Sells(world.StaysMarket, prop.ID) {
			continue
		}
		s := stayDoc{prop, ask, p.World.Moment()}
		if found := p.result(s, false); found.Accommodation.CheapestTotal != "" {
			p.results.Name(found.ID, s)
			doc.Results = append(doc.Results, found)
		}
	}
	return p.send(doc)
}

func (p *stays) send(data any) exchange.Reply {
	plain, err := json.Marshal(struct {
		Data any `json:"data"`
	}{data})
	if err != nil {
		panic("partnersim: a Duffel document always marshals: " + err.Error()) // impossible: plain structs
	}
	return asReply(http.StatusOK, &exchange.Body{Plain: plain}, p.World.Now())
}

// OtherEndpoint answers all but a search.
func (p *stays) OtherEndpoint(r *http.Request, question []byte) (exchange.Reply, bool) {
	e := p.turnAway(r)
	if _, rates := resultOf(r.URL.Path); e == nil && rates {
		return p.Answer(r, question, 0), true
	}
	if e == nil && !json.Valid(question) {
		e = &errJSON
	}
	if e == nil {
		return exchange.Reply{}, false
	}
	return p.errors(*e), true
}

// staysQuestion is the vendor's request body.
type staysQuestion struct {
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

// staysRequest is a question that the vendor would accept.
type staysRequest struct {
	world.StayAsk
	where    world.Circle
	rooms    int
	guests   []guest
	freeOnly bool
	question rng.RNG
}

// Limits of a search.
const (
	maxNights = 99
	maxRooms  = 9
	maxRadius = 100 // km
)

// parse reads a request body as strictly as the vendor does.
func (p *stays) parse(question []byte, now time.Time) (*staysRequest, []errorDoc) {
	var q staysQuestion
	dec := json.NewDecoder(bytes.NewReader(question))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&q); err != nil {
		return nil, []errorDoc{*jsonError(err)}
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, []errorDoc{errJSON}
	}
	if q.Data == nil {
		return nil, []errorDoc{errNoData}
	}
	var errs []errorDoc
	complain := func(code, field, message string) {
		errs = append(errs, *invalid(code, field, "/"+field, fmt.Sprintf("Field '%s' %s", field, message)))
	}
	ask := &staysRequest{rooms: q.Data.Rooms, freeOnly: q.Data.FreeOnly, question: p.RNG.Str("stays").Str(string(question))}
	in, err := travel.ParseDate(q.Data.CheckIn)
	if err != nil || in < travel.DateOf(now).AddDays(-1) {
		complain("validation_format", "check_in_date", "must be a valid ISO 8601 date that is not in the past")
	}
	out, err2 := travel.ParseDate(q.Data.CheckOut)
	if err2 != nil || out <= in || int(out-in) > maxNights {
		complain("validation_invalid", "check_out_date", "must be after 'check_in_date', and by 99 nights at most")
	}
	ask.In, ask.Out = in, out
	if ask.rooms < 1 || ask.rooms > maxRooms {
		complain("validation_inclusion", "rooms", "must be between 1 and 9")
	}
	who := world.Party{Rooms: ask.rooms}
	for _, g := range q.Data.Guests {
		switch {
		case g.Type == "adult" && g.Age == nil:
			who.Adults++
		case g.Type == "child" && g.Age != nil && *g.Age >= 0 && *g.Age < 18:
			who.Ages = append(who.Ages, *g.Age)
		default:
			complain("validation_invalid", "guests", "must be adults, or children with an age of 0 to 17")
		}
		ask.guests = append(ask.guests, guest{g.Type, g.Age})
	}
	if who.Adults < max(ask.rooms, 1) {
		complain("validation_invalid", "guests", "must have an adult for each room")
	}
	if n := ask.rooms; n > 1 { // guests are shared out evenly: the request does not say who sleeps where
		who.Adults = (who.Adults + n - 1) / n
		slices.Sort(who.Ages)
		who.Ages = who.Ages[:(len(who.Ages)+n-1)/n]
	}
	ask.Parties = []world.Party{who}
	switch l := q.Data.Location; {
	case l == nil || l.Coordinates == nil:
		complain("validation_required", "location", "can't be blank")
	case l.Radius <= 0 || l.Radius > maxRadius || l.Coordinates.Latitude < -90 || l.Coordinates.Latitude > 90 || l.Coordinates.Longitude < -180 || l.Coordinates.Longitude > 180:
		complain("validation_inclusion", "location", "must be a place on Earth with a radius of 1 to 100 km")
	default:
		ask.where = world.Circle{Lat: l.Coordinates.Latitude, Lon: l.Coordinates.Longitude, Km: l.Radius}
	}
	return ask, errs
}

// NewStays is a partner that speaks the protocol and sells what the inventory has.
func NewStays(a *world.Inventory) exchange.Protocol {
	return &stays{air{a}, world.NewMemo[string, stayDoc](200000)}
}
