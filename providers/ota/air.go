package ota

import (
	"context"
	"slices"

	"fanfare/providers/fault"
	"fanfare/providers/opentravel"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// AirCredentials and AirOptions are what a feed gives for ota-air.
var (
	AirCredentials = credentials
	AirOptions     = slices.Concat([]wire.Setting{
		{Name: "format", About: "xml (the default) or json, of what is sent"},
		{Name: "child_code", About: "the passenger type of children: CNN (of XML by default), CHD (of JSON by default) or another code"},
		{Name: "max_responses", About: "1 to 1000 itineraries, 200 by default"},
	}, options)
)

// Air asks one partner for flights. It is safe for concurrent use.
type Air struct {
	*partner
	childCode    string
	maxResponses int
}

// NewAir complains about everything that is wrong with cfg at once. A nil atlas is places.Default.
func NewAir(cfg wire.Config, atlas *places.Atlas) (*Air, error) {
	p, opts := newPartner(cfg, atlas, "search flights", AirOptions)
	child := "CNN"
	if p.json {
		child = "CHD"
	}
	c := &Air{partner: p, childCode: opts.PassengerType("child_code", child), maxResponses: opts.Int("max_responses", 200, 1, 1000)}
	if err := opts.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Capable tells why the partner cannot be asked q, or fault.None.
func (c *Air) Capable(q travel.Query) fault.Cause {
	if q.Product != travel.Flights {
		return fault.Product
	}
	return fault.None
}

// Ask sends the OTA_AirLowFareSearchRQ for q. Offers, OffersIn, Drops and Notes of the
// answer are filled in; none at all is an answer too. The error is a *fault.Error.
func (c *Air) Ask(ctx context.Context, q travel.Query) (travel.Answer, error) {
	return c.call(ctx, func() ([]byte, error) { return c.encode(q) }, func(body []byte) (travel.Answer, error) { return DecodeAir(body, c.atlas) })
}

// DecodeAir reads an OTA_AirLowFareSearchRS, in XML or JSON, whoever wrote it, and applies
// the rules that need nothing but the document. An error document, and one that is none,
// is a *fault.Error. atlas may be nil: places.Default.
func DecodeAir(body []byte, atlas *places.Atlas) (travel.Answer, error) {
	return opentravel.LowFare(body, opentravel.LowFareOptions{Atlas: atlas, CamelCase: true, Refused: refusal})
}
