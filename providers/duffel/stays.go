package duffel

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// StaysCredentials and StaysOptions are what a feed for stays gives.
var (
	StaysCredentials = Credentials
	StaysOptions     = []wire.Setting{
		{Name: "fetch_rates", About: "results whose rates are all asked for, cheapest first, 0 to 200; 20 by default"},
	}
)

const staysOperation = "search stays"

// The default of fetch_rates: five calls one behind the other, four at once, which stays
// within a deadline of 8 s at a second and a half each.
const (
	defaultFetch = 20
	mostFetch    = 200
)

// Stays asks one partner for stays. It is safe for concurrent use.
type Stays struct {
	cfg     wire.Config
	fetch   int
	reserve time.Duration // answerReserve, but in tests
}

// NewStays complains about everything that is wrong with cfg at once. It needs no atlas.
func NewStays(cfg wire.Config, _ *places.Atlas) (*Stays, error) {
	cfg, opts := cfg.WithDefaults(StaysCredentials, StaysOptions)
	c := &Stays{cfg: cfg, fetch: opts.Int("fetch_rates", defaultFetch, 0, mostFetch), reserve: answerReserve}
	if err := opts.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Capable tells why Duffel cannot be asked q, or fault.None.
func (c *Stays) Capable(q travel.Query) fault.Cause {
	switch {
	case q.Product != travel.Hotels:
		return fault.Product
	case len(assemble.GroupRooms(q.Rooms)) != 1:
		return fault.Capability
	}
	return fault.None
}

// Ask searches for q and fetches the rates of the cheapest results. Stays, OffersIn, Drops
// and Notes of the answer are filled in; none at all is an answer too. The error is a
// *fault.Error, Partial if only rates did not come.
func (c *Stays) Ask(ctx context.Context, q travel.Query) (travel.Answer, error) {
	found, err := c.call(ctx, "/stays/search", func() ([]byte, error) { return encodeStays(q) }, q)
	if err != nil {
		return travel.Answer{}, err
	}
	answer, err := c.fetchRates(ctx, found, q)
	return answer, c.cfg.Failure(staysOperation, err)
}

// answerReserve is kept back of the deadline while rates are fetched, so that the results
// that were found are handed over even if some rates do not come in time.
const answerReserve = 300 * time.Millisecond

// fetchRates puts all rates in the place of the cheapest one, for the cheapest results. A
// result whose rates do not come keeps its one, and the error says why.
func (c *Stays) fetchRates(ctx context.Context, found staysFound, q travel.Query) (travel.Answer, error) {
	if end, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, end.Add(-c.reserve))
		defer cancel()
	}
	wanted := found.cheapest(c.fetch)
	parts := make([]travel.Answer, len(wanted))
	errs := assemble.Parallel(len(wanted), func(i int) error {
		id := found.answer.Stays[wanted[i]].Rates[0].PartnerRef
		all, err := c.call(ctx, "/stays/search_results/"+url.PathEscape(id)+"/actions/fetch_all_rates", nil, q)
		parts[i] = all.answer
		return err
	})
	failed := 0
	gone := map[int]bool{}
	for i, err := range errs {
		if err != nil {
			failed++
			parts[i] = travel.Answer{}
			continue
		}
		gone[wanted[i]] = true
	}
	rest := found.answer
	rest.Stays = nil
	for i, s := range found.answer.Stays {
		if !gone[i] {
			rest.Stays = append(rest.Stays, s)
		}
	}
	rest.OffersIn -= len(gone)
	all, _ := assemble.MergeAnswers(append([]travel.Answer{rest}, parts...), make([]error, 1+len(parts)))
	all.Note(assemble.NoteCallsFailed, failed)
	return all, fault.OfCalls(true, errs...)
}

// call posts a body, or none, and reads what is answered.
func (c *Stays) call(ctx context.Context, path string, body func() ([]byte, error), q travel.Query) (staysFound, error) {
	return wire.Exchange[staysFound]{
		Config: c.cfg, Op: staysOperation, Method: http.MethodPost, URL: c.cfg.BaseURL + path, Header: headers(c.cfg), Body: body,
		Decode: func(body []byte) (staysFound, error) {
			found, err := decodeStays(body, &q)
			return found, assemble.AsPartnerError(err)
		},
		Refused: refused,
	}.Do(ctx)
}
