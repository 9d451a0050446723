package amadeus

import (
	"context"

	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// AirOptions is what a feed of amadeus-air may declare.
var AirOptions = []wire.Setting{
	{Name: "method", About: "get, post, or auto (the default): GET where it can put the question, else POST"},
	{Name: "max_offers", About: "offers in an answer, 1 to 250; 250 by default"},
}

const (
	airOperation = "search flights"
	airPath      = "/v2/shopping/flight-offers"
)

// maxOffers is the vendor's own limit and default.
const maxOffers = 250

// Air asks one partner for flights. It is safe for concurrent use.
type Air struct {
	client
	atlas  *places.Atlas
	method string // get, post, or auto, which may be empty too
	max    int
}

// NewAir complains about everything that is wrong with cfg at once. A nil atlas is places.Default.
func NewAir(cfg wire.Config, atlas *places.Atlas) (*Air, error) {
	cfg, opts := cfg.WithDefaults(AirCredentials, AirOptions)
	c := &Air{
		client: newClient(cfg), atlas: places.OrDefault(atlas),
		method: opts.Text("method", "auto", "one of auto, get, post", wire.OneOf("", "auto", "get", "post")),
		max:    opts.Int("max_offers", maxOffers, 1, maxOffers),
	}
	if err := opts.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Capable tells why the partner cannot be asked q, or fault.None.
func (c *Air) Capable(q travel.Query) fault.Cause {
	switch {
	case q.Product != travel.Flights:
		return fault.Product
	case len(q.Slices) > maxSlices:
		return fault.Capability
	case c.method == "get" && q.Passengers.InfantsSeat > 0:
		return fault.Passengers
	case c.method == "get" && !getCan(q):
		return fault.Capability
	}
	return fault.None
}

// Ask requests flight offers for q. Offers, OffersIn, Drops and Notes of the answer are
// filled in; none at all is an answer too. The error is a *fault.Error.
func (c *Air) Ask(ctx context.Context, q travel.Query) (travel.Answer, error) {
	decode := func(body []byte) (travel.Answer, error) { return DecodeAir(body, c.atlas) }
	if c.method == "post" || !getCan(q) {
		return call(ctx, &c.client, airOperation, airPath, func() ([]byte, error) { return c.encodePost(q) }, decode)
	}
	return call(ctx, &c.client, airOperation, airPath+"?"+c.encodeGet(q).Encode(), nil, decode)
}
