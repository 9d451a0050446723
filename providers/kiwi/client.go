package kiwi

import (
	"context"
	"net/http"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// Credentials and Options are what a feed gives.
var (
	Credentials = []wire.Setting{{Name: "apikey", About: "the API key of the solution, sent as apikey"}}
	Options     = []wire.Setting{{Name: "limit", About: "offers in an answer, 1 to 1000; 200 by default"}}
)

const operation = "search flights"

// The vendor's own limit and default of the option limit.
const (
	maxLimit     = 1000
	defaultLimit = 200
)

// Client asks one partner. It is safe for concurrent use.
type Client struct {
	cfg   wire.Config
	atlas *places.Atlas
	limit int
}

// New complains about everything that is wrong with cfg at once. A nil atlas is places.Default.
func New(cfg wire.Config, atlas *places.Atlas) (*Client, error) {
	cfg, opts := cfg.WithDefaults(Credentials, Options)
	c := &Client{cfg, places.OrDefault(atlas), opts.Int("limit", defaultLimit, 1, maxLimit)}
	if err := opts.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Capable tells why Kiwi cannot be asked q, or fault.None.
func (c *Client) Capable(q travel.Query) fault.Cause {
	switch p := q.Passengers; {
	case q.Product != travel.Flights:
		return fault.Product
	case p.InfantsSeat > 0, p.Seats()+p.InfantsLap > maxParty:
		return fault.Passengers
	case len(q.Slices) > 2, len(q.Slices) == 2 && (q.Slices[0].Origin != q.Slices[1].Destination || q.Slices[0].Destination != q.Slices[1].Origin):
		return fault.Capability
	}
	return fault.None
}

// Ask searches for q. Offers, OffersIn, Drops and Notes of the answer are filled in; none
// at all is an answer too. The error is a *fault.Error.
func (c *Client) Ask(ctx context.Context, q travel.Query) (travel.Answer, error) {
	header := http.Header{}
	header.Set("apikey", c.cfg.Credentials["apikey"])
	header.Set("Accept", "application/json")
	return wire.Exchange[travel.Answer]{
		Config: c.cfg, Op: operation, URL: c.cfg.BaseURL + "/v2/search?" + c.encode(q).Encode(), Header: header,
		Decode: func(body []byte) (travel.Answer, error) {
			a, seats, err := decode(body, c.atlas)
			if err == nil && seats.others(q.Passengers) {
				a.Drop(travel.RuleWrongPassengers, a.OffersKept())
				a.Offers = nil
			}
			bagsForAll(a.Offers, q.Passengers.Seats())
			return a, assemble.AsPartnerError(err)
		},
		Refused: func(_ *fault.Error, _ http.Header, body []byte) (nothing bool, said error) {
			_, said = Decode(body, c.atlas)
			return false, said
		},
	}.Do(ctx)
}
