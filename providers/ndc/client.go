package ndc

import (
	"context"
	"net/http"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// Credentials and Options are what a feed gives. One of api_key, token, or username
// with password is needed.
var (
	Credentials = []wire.Setting{
		{Name: "api_key", About: "a key, sent in the header that api_key_header names", Optional: true},
		{Name: "token", About: "a token, sent as a bearer, or bare in the header that token_header names", Optional: true},
		{Name: "username", About: "for HTTP Basic", Optional: true},
		{Name: "password", About: "for HTTP Basic", Optional: true},
	}
	Options = []wire.Setting{
		{Name: "version", About: "17.2, 18.1, 18.2, 19.2, 20.1 or 21.3, of what is sent; 21.3 by default"},
		{Name: "content_type", About: "application/xml (the default), text/xml or application/soap+xml"},
		{Name: "soap", About: "true puts the message into a SOAP envelope"},
		{Name: "soap_action", About: "the SOAPAction header"},
		{Name: "api_key_header", About: "X-Api-Key by default"},
		{Name: "token_header", About: "Authorization by default"},
		{Name: "header.*", About: "a constant header"},
		{Name: "sender_id", About: "who asks"},
		{Name: "sender_name", About: "who asks"},
		{Name: "agency_id", About: "who asks"},
		{Name: "iata_number", About: "who asks"},
		{Name: "item_price", About: "item (the default) or passenger: how prices of items are read where a document does not tell"},
	}
)

const operation = "search flights"

// Client asks one partner. It is safe for concurrent use.
type Client struct {
	cfg          wire.Config
	atlas        *places.Atlas
	release      release
	header       http.Header // constant
	soap         bool
	perPassenger bool
}

// New complains about everything that is wrong with cfg at once. A nil atlas is places.Default.
func New(cfg wire.Config, atlas *places.Atlas) (*Client, error) {
	cfg, opts := cfg.WithDefaults(Credentials, Options)
	c := &Client{
		cfg: cfg, atlas: places.OrDefault(atlas), header: http.Header{},
		release:      releases[opts.Choice("version", versions...)],
		soap:         opts.Choice("soap", "false", "true") == "true",
		perPassenger: opts.Choice("item_price", "item", "passenger") == "passenger",
	}
	standard := "application/xml"
	if c.soap {
		standard = "text/xml"
	}
	contentType := opts.Choice("content_type", standard, "application/xml", "text/xml", "application/soap+xml")
	c.header.Set("Content-Type", contentType+"; charset=utf-8")
	c.header.Set("Accept", "application/xml, text/xml, application/soap+xml")
	if action, _ := opts.Action("soap_action"); action != `""` {
		c.header.Set("SOAPAction", action)
	}
	opts.Check(cfg.Authenticate(c.header, "X-Api-Key", true))
	opts.Check(wire.ConstantHeaders(c.header, cfg.Options))
	if err := opts.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Capable tells why NDC cannot be asked q, or fault.None.
func (c *Client) Capable(q travel.Query) fault.Cause {
	switch {
	case q.Product != travel.Flights:
		return fault.Product
	case len(q.Slices) > maxSlices:
		return fault.Capability
	}
	return fault.None
}

// Ask sends the AirShoppingRQ for q, and pairs offers of one direction; see combine.
// Offers, OffersIn, Drops and Notes of the answer are filled in; none at all is an answer
// too. The error is a *fault.Error.
func (c *Client) Ask(ctx context.Context, q travel.Query) (travel.Answer, error) {
	limit := assemble.MaxOffers
	if len(q.Slices) > 1 {
		limit = assemble.MaxParts
	}
	return wire.Exchange[travel.Answer]{
		Config: c.cfg, Op: operation, URL: c.cfg.BaseURL, Header: c.header, MediaTypes: []string{"application/xml", "text/xml"},
		Body: func() ([]byte, error) { return c.encode(q) },
		Decode: func(body []byte) (travel.Answer, error) {
			a, err := decode(body, c.atlas, limit, c.perPassenger)
			if err != nil {
				return travel.Answer{}, err
			}
			return combine(a, q, c.atlas), nil
		},
		Refused: refused,
	}.Do(ctx)
}
