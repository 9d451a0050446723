package sabre

import (
	"context"
	"encoding/base64"
	"net/http"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// Credentials and Options are what a feed gives.
var (
	Credentials = []wire.Setting{
		{Name: "client_id", About: "such as V1:user:group:domain, before any encoding"},
		{Name: "client_secret", About: "its password, before any encoding"},
	}
	Options = []wire.Setting{
		{Name: "pseudo_city", About: "the pseudo city code (PCC) that searches are for"},
		{Name: "company", About: "the code of RequestorID's company, TN by default"},
		{Name: "path", About: "of the search; /v4/offers/shop by default"},
		{Name: "token_path", About: "of the token; /v2/auth/token by default"},
		{Name: "version", About: "the Version of the message; 4 by default"},
		{Name: "request_type", About: "50ITINS (the default), 100ITINS or 200ITINS"},
		{Name: "brands", About: "true (the default) asks for all brands of an itinerary, false for the cheapest fare"},
		{Name: "child_code", About: "the passenger type of children, CNN by default"},
		{Name: "currency", About: "of prices: a code, or market for that of the traveller's market; the PCC's own by default"},
		{Name: "header.*", About: "a constant header"},
	}
)

const operation = "search flights"

// Client asks one partner. It is safe for concurrent use.
type Client struct {
	cfg    wire.Config
	atlas  *places.Atlas
	header http.Header // constant
	tokens *wire.Tokens

	url                    string
	requestType, childCode string
	brands                 bool
	currency               func(market travel.Country) travel.Currency
}

// New complains about everything that is wrong with cfg at once. A nil atlas is places.Default.
func New(cfg wire.Config, atlas *places.Atlas) (*Client, error) {
	cfg, opts := cfg.WithDefaults(Credentials, Options)
	tokenPath := opts.Path("token_path", "/v2/auth/token")
	c := &Client{
		cfg: cfg, atlas: places.OrDefault(atlas), header: http.Header{},
		url:         cfg.BaseURL + opts.Path("path", "/v4/offers/shop"),
		requestType: opts.Choice("request_type", "50ITINS", "100ITINS", "200ITINS"),
		brands:      opts.Choice("brands", "true", "false") == "true",
		childCode:   opts.PassengerType("child_code", "CNN"),
		currency:    opts.Currency("currency"),
	}
	c.header.Set("Content-Type", "application/json")
	c.header.Set("Accept", "application/json")
	opts.Check(wire.ConstantHeaders(c.header, cfg.Options))
	if err := opts.Err(); err != nil {
		return nil, err
	}
	c.tokens = wire.OAuth(cfg, wire.Login{
		URL: cfg.BaseURL + tokenPath, Form: "grant_type=client_credentials", Authorization: basic(cfg.Credentials),
	}, words)
	return c, nil
}

// basic is the header for a token. Sabre wants id and secret encoded each by itself, and then the
// pair once more.
func basic(credentials map[string]string) string {
	encoded := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	return "Basic " + encoded(encoded(credentials["client_id"])+":"+encoded(credentials["client_secret"]))
}

// Capable tells why Sabre cannot be asked q, or fault.None.
func (c *Client) Capable(q travel.Query) fault.Cause {
	if q.Product != travel.Flights {
		return fault.Product
	}
	return fault.None
}

// Ask searches for q. Offers, OffersIn, Drops and Notes of the answer are filled in; none
// at all is an answer too. The error is a *fault.Error.
func (c *Client) Ask(ctx context.Context, q travel.Query) (travel.Answer, error) {
	return wire.Exchange[travel.Answer]{
		Config: c.cfg, Op: operation, URL: c.url, Header: c.header, Tokens: c.tokens, MediaTypes: []string{"application/json", "application/xml", "text/xml"},
		Body:   func() ([]byte, error) { return c.encode(q) },
		Decode: func(body []byte) (travel.Answer, error) { return decode(body, c.atlas, c.cfg.Now()) },
		Refused: func(_ *fault.Error, _ http.Header, body []byte) (nothing bool, said error) {
			a, err := decode(body, nil, time.Time{})
			return a.OffersIn == 0, err // "no results" comes with 404 in some releases
		},
	}.Do(ctx)
}
