package hotelbeds

import (
	"context"
	"net/http"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// Credentials and Options are what a feed gives.
var (
	Credentials = []wire.Setting{
		{Name: "api_key", About: "the API key, sent as Api-key"},
		{Name: "secret", About: "the shared secret that signatures are made with"},
	}
	Options = []wire.Setting{
		{Name: "max_hotels", About: "properties in an answer, 1 to 2000; 200 by default"},
		{Name: "max_rates_per_room", About: "rates of a kind of room, 1 to 1000; 5 by default"},
	}
)

const operation = "search stays"

// The defaults of the options: 200 hotels of some 20 rates at 900 bytes stay within
// half of a body's bound.
const (
	defaultMaxHotels = 200
	defaultMaxRates  = 5
)

// Client asks one partner. It is safe for concurrent use.
type Client struct {
	cfg       wire.Config
	maxHotels int
	maxRates  int
	wallClock func() time.Time // signatures need the real one; replaced by tests
}

// New complains about everything that is wrong with cfg at once. It needs no atlas.
func New(cfg wire.Config, _ *places.Atlas) (*Client, error) {
	cfg, opts := cfg.WithDefaults(Credentials, Options)
	c := &Client{
		cfg: cfg, wallClock: time.Now,
		maxHotels: opts.Int("max_hotels", defaultMaxHotels, 1, 2000),
		maxRates:  opts.Int("max_rates_per_room", defaultMaxRates, 1, 1000),
	}
	if err := opts.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Capable tells why Hotelbeds cannot be asked q, or fault.None.
func (c *Client) Capable(q travel.Query) fault.Cause {
	if q.Product != travel.Hotels {
		return fault.Product
	}
	return fault.None
}

// Ask requests the availability for q. Stays, OffersIn, Drops and Notes of the answer
// are filled in; none at all is an answer too. The error is a *fault.Error.
func (c *Client) Ask(ctx context.Context, q travel.Query) (travel.Answer, error) {
	header := http.Header{}
	header.Set("Api-key", c.cfg.Credentials["api_key"])
	header.Set("X-Signature", signature256(c.cfg.Credentials["api_key"], c.cfg.Credentials["secret"], c.wallClock()))
	header.Set("Accept", "application/json")
	header.Set("Content-Type", "application/json")
	var stay dates
	answer, err := wire.Exchange[travel.Answer]{
		Config: c.cfg, Op: operation, URL: c.cfg.BaseURL + "/hotel-api/1.0/hotels", Header: header,
		Body: func() ([]byte, error) { return c.encode(q) },
		Decode: func(body []byte) (a travel.Answer, err error) {
			a, stay, err = decode(body, assemble.MaxParts)
			return a, err
		},
		Refused: refused,
	}.Do(ctx)
	if err != nil {
		return travel.Answer{}, err
	}
	if stay.other(q) {
		answer.Drop(travel.RuleWrongDate, answer.OffersKept())
		answer.Stays = nil
	}
	return assemble.CombineRooms(answer, q.Rooms), nil
}
