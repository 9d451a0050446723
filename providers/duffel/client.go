package duffel

import (
	"context"
	"net/http"
	"strconv"
	"time"

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

// refused reads the error document. An airline that failed behind Duffel is not our question's
// fault, although Duffel may answer 400.
func refused(e *fault.Error, header http.Header, body []byte) (nothing bool, said error) {
	if e.RetryAfter == 0 {
		e.RetryAfter = wire.RetryAfter(header.Get("ratelimit-reset"), time.Now())
	}
	_, said = Decode(body, nil)
	if of := fault.Of(said); of != nil && of.Detail != "" && of.Cause == fault.PartnerError && e.Cause == fault.HTTP4xx {
		e.Cause = fault.PartnerError
	}
	return false, said
}

// The range of supplier_timeout (Duffel API), and what is kept back of our own
// deadline so that partial results still travel.
const (
	minSupplierTimeout = 2 * time.Second
	maxSupplierTimeout = time.Minute
	travelReserve      = 500 * time.Millisecond
)

// supplierTimeout is how long Duffel may wait for airlines, in milliseconds: up to a
// little before our own deadline, in steps of 100 ms.
func supplierTimeout(ctx context.Context, deadline time.Duration) int {
	left := deadline
	if end, ok := ctx.Deadline(); ok {
		left = min(left, time.Until(end))
	}
	left = min(max(left-travelReserve, minSupplierTimeout), maxSupplierTimeout)
	return int(left.Truncate(100 * time.Millisecond).Milliseconds())
}
