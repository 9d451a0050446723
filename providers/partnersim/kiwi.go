package partnersim

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// kiwi speaks Kiwi's Tequila API: search, release 2. Some of its trips are several tickets
// put together, which is what the vendor is known for.
type kiwi struct {
	*assortment
}

const kiwiPath = "/v2/search"

// answer checks the request as the vendor does: place, key, then every parameter.
func (p *kiwi) answer(r *http.Request, _ []byte, offers int) reply {
	if rep, refused := p.turnAway(r); refused {
		return rep
	}
	now := p.w.moment()
	key := bodyKey{p.name, dice(23).str(r.URL.RawQuery), now.Unix(), offers}
	if kept := p.w.rendered.get(key); kept != nil {
		return reply{http.StatusOK, map[string]string{"Content-Type": "application/json; charset=utf-8"}, kept}
	}
	q, wrong := p.parse(r.URL.Query(), p.w.now())
	if len(wrong) > 0 {
		return kiwiReply(http.StatusBadRequest, map[string]any{"message": wrong})
	}
	rep := kiwiReply(http.StatusOK, p.render(q, key.question.num(key.moment), now, offers))
	p.w.rendered.put(key, rep.body)
	return rep
}

// turnAway is what the vendor's gateway says before the search is looked at.
func (p *kiwi) turnAway(r *http.Request) (rep reply, refused bool) {
	switch key := r.Header.Get("apikey"); {
	case r.URL.Path != kiwiPath:
		return kiwiWords(http.StatusNotFound, "no Route matched with those values"), true
	case key == "":
		return kiwiWords(http.StatusUnauthorized, "No API key found in request"), true
	case p.spec.Credentials["apikey"] != "" && key != p.spec.Credentials["apikey"]:
		return kiwiWords(http.StatusForbidden, "Invalid authentication credentials"), true
	case r.Method != http.MethodGet:
		return kiwiWords(http.StatusMethodNotAllowed, "Method Not Allowed"), true
	}
	return reply{}, false
}

// refusal is the vendor's document for a failure of its own.
func (p *kiwi) refusal(_ []byte, status int) reply {
	switch status {
	case http.StatusTooManyRequests:
		return kiwiWords(status, "API rate limit exceeded")
	case http.StatusServiceUnavailable:
		return kiwiWords(status, "failure to get a peer from the ring-balancer")
	}
	return kiwiWords(status, "An unexpected error occurred")
}

// beside checks all of a search but what it asks for.
func (p *kiwi) beside(r *http.Request, _ []byte) (reply, bool) { return p.turnAway(r) }

// recorded is the status of an error, which says nothing of it itself; a list of complaints
// is about the question.
func (p *kiwi) recorded(document []byte) int {
	var doc struct {
		Data    json.RawMessage
		Message json.RawMessage
	}
	switch err := json.Unmarshal(document, &doc); {
	case err != nil || len(doc.Data) > 0 || len(doc.Message) == 0:
		return http.StatusOK
	case doc.Message[0] == '[':
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

func kiwiWords(status int, message string) reply {
	return kiwiReply(status, map[string]string{"message": message})
}

func kiwiReply(status int, doc any) reply {
	plain, err := json.Marshal(doc)
	if err != nil {
		panic("partnersim: a Tequila document always marshals: " + err.Error()) // impossible: plain structs
	}
	return reply{status, map[string]string{"Content-Type": "application/json; charset=utf-8"}, &body{plain: plain}}
}

// kiwiNumber is a decimal as a JSON number.
func kiwiNumber(text string) json.Number {
	if whole, err := strconv.Atoi(text); err == nil {
		return json.Number(strconv.Itoa(whole))
	}
	return json.Number(text)
}

// newKiwi is a partner that speaks the protocol and sells what the assortment has.
func newKiwi(a *assortment) protocol { return &kiwi{a} }
