package duffel

import (
	"context"
	"net/http"
	"strconv"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// Credentials and Options are what a feed gives.
var (
	Credentials = []wire.Setting{{Name: "token", About: "the access token, sent as a bearer"}}
	Options     = []wire.Setting{}
)

const operation = "search flights"

// Client asks one partner. It is safe for concurrent use.
type Client struct {
	cfg   wire.Config
	atlas *places.Atlas
}

// New complains about everything that is wrong with cfg at once. A nil atlas is places.Default.
func New(cfg wire.Config, atlas *places.Atlas) (*Client, error) {
	cfg, opts := cfg.WithDefaults(Credentials, Options)
	if err := opts.Err(); err != nil {
		return nil, err
	}
	return &Client{cfg, places.OrDefault(atlas)}, nil
}

// Capable tells why Duffel cannot be asked q, or fault.None.
func (c *Client) Capable(q travel.Query) fault.Cause {
	switch {
	case q.Product != travel.Flights:
		return fault.Product
	case q.Passengers.InfantsSeat > 0:
		return fault.Passengers
	}
	return fault.None
}

// Ask requests offers for q and waits for them. Offers, OffersIn, Drops and Notes of
// the answer are filled in; none at all is an answer too. The error is a *fault.Error.
func (c *Client) Ask(ctx context.Context, q travel.Query) (travel.Answer, error) {
	return wire.Exchange[travel.Answer]{
		Config: c.cfg, Op: operation,
		URL: c.cfg.BaseURL + "/air/offer_requests?return_offers=true&supplier_timeout=" + strconv.Itoa(supplierTimeout(ctx, c.cfg.Deadline)), Header: headers(c.cfg),
		Body: func() ([]byte, error) { return encode(q) },
		Decode: func(body []byte) (travel.Answer, error) {
			a, err := Decode(body, c.atlas)
			return a, assemble.AsPartnerError(err)
		},
		Refused: refused,
	}.Do(ctx)
}

// headers is what every call to Duffel carries.
func headers(cfg wire.Config) http.Header {
	h := http.Header{}
	h.Set("Authorization", "Bearer "+cfg.Credentials["token"])
	h.Set("Duffel-Version", "v2")
	h.Set("Accept", "application/json")
	h.Set("Content-Type", "application/json")
	return h
}
