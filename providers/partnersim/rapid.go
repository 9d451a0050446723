package partnersim

import (
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// rapid speaks Expedia Rapid 3: properties within a polygon, their content, and
// availability of those that are named.
type rapid struct {
	*assortment

	recording []string // of a replay: the properties in its document; set before the first request

	mu   sync.Mutex // guards the field below
	last circle     // where a replay was last asked for properties
}

const (
	rapidAvailability = "/v3/properties/availability"
	rapidContent      = "/v3/properties/content"
	rapidGeography    = "/v3/properties/geography"
)

var rapidMethods = map[string]string{
	rapidAvailability: http.MethodGet, rapidContent: http.MethodGet, rapidGeography: http.MethodPost,
}

// answer checks the request as the vendor does: place, right, format, content.
func (p *rapid) answer(r *http.Request, question []byte, most int) reply {
	if rep, refused := p.turnAway(r); refused {
		return rep
	}
	if status := rapidTests[r.Header.Get("Test")]; status >= 500 && r.URL.Path == rapidAvailability {
		return p.refusal(question, status)
	}
	now := p.w.moment()
	key := bodyKey{p.name, dice(13).str(r.URL.Path).str(r.URL.RawQuery).str(string(question)), now.Unix(), most}
	if r.URL.Path == rapidContent {
		return p.content(r, now)
	}
	if kept := p.w.rendered.get(key); kept != nil {
		return p.reply(http.StatusOK, kept)
	}
	var doc any
	if r.URL.Path == rapidGeography {
		area, wrongs := rapidPolygon(r.URL.Query(), question)
		if len(wrongs) > 0 {
			return p.wrong(wrongs...)
		}
		doc = p.within(area, most)
	} else {
		q, wrongs := p.parse(r.URL.Query(), p.w.now())
		if len(wrongs) > 0 {
			return p.wrong(wrongs...)
		}
		doc = p.render(q, now, most)
	}
	b := rapidJSON(doc)
	p.w.rendered.put(key, b)
	return p.reply(http.StatusOK, b)
}

func rapidJSON(doc any) *body {
	plain, err := json.Marshal(doc)
	if err != nil {
		panic("partnersim: a Rapid document always marshals: " + err.Error()) // impossible: plain structs and maps
	}
	return &body{plain: plain}
}

// reply has the vendor's headers about what is left of the minute's capacity.
func (p *rapid) reply(status int, b *body) reply {
	now := p.w.now()
	left := 100 - now.Second()/4
	if status == http.StatusTooManyRequests {
		left = 0
	}
	return reply{status, map[string]string{
		"Content-Type":                "application/json",
		"Rate-Limit-Minute-Remaining": strconv.Itoa(left),
		"Rate-Limit-Minute-Reset":     strconv.FormatInt(now.Truncate(time.Minute).Add(time.Minute).UnixMilli(), 10),
		"Region":                      "eu-west-1",
	}, b}
}

// refusal is the vendor's document for a failure of its own.
func (p *rapid) refusal(_ []byte, status int) reply {
	e := errRapidInternal
	switch status {
	case http.StatusTooManyRequests:
		e = errRapidRate
	case http.StatusServiceUnavailable:
		e = errRapidUnavailable
	}
	return p.reply(status, rapidJSON(e))
}

// beside answers geography and content, of the properties in the recording where there
// are any, and checks all of a search but what it asks for.
func (p *rapid) beside(r *http.Request, question []byte) (reply, bool) {
	if rep, refused := p.turnAway(r); refused {
		return rep, true
	}
	switch r.URL.Path {
	case rapidAvailability:
		return reply{}, false
	case rapidGeography:
		area, wrongs := rapidPolygon(r.URL.Query(), question)
		if len(wrongs) == 0 && len(p.recording) > 0 {
			p.mu.Lock()
			p.last = area.around
			p.mu.Unlock()
			found := map[string]rapidPlace{}
			for _, id := range p.recording {
				found[id] = rapidPlace{id}
			}
			return p.reply(http.StatusOK, rapidJSON(found)), true
		}
	}
	return p.answer(r, question, 0), true
}

// recorded is the status that belongs to an error document, by its type. It notes the
// properties in a recording, so that geography and content know them.
func (p *rapid) recorded(document []byte) int {
	var list []rapidPlace
	if json.Unmarshal(document, &list) == nil {
		for _, found := range list {
			p.recording = append(p.recording, found.ID)
		}
		return http.StatusOK
	}
	var doc rapidError
	if json.Unmarshal(document, &doc) != nil || doc.Type == "" {
		return http.StatusOK
	}
	switch doc.Type {
	case "request_unauthenticated":
		return http.StatusUnauthorized
	case "request_unauthorized", "request_forbidden":
		return http.StatusForbidden
	case "resource_not_found":
		return http.StatusNotFound
	case "upgrade_required":
		return http.StatusUpgradeRequired
	case errRapidRate.Type:
		return http.StatusTooManyRequests
	case errRapidInternal.Type:
		return http.StatusInternalServerError
	case errRapidUnavailable.Type:
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// newRapid is a partner that speaks the protocol and sells what the assortment has.
func newRapid(a *assortment) protocol { return &rapid{assortment: a} }
