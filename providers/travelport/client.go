package travelport

import (
	"context"
	"net/http"
	"regexp"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// Credentials and Options are what a feed gives.
var (
	Credentials = []wire.Setting{
		{Name: "username", About: "the API user, such as Universal API/uAPI123; for HTTP Basic"},
		{Name: "password", About: "its password"},
		{Name: "target_branch", About: "the branch that every request names, such as P1234567"},
	}
	Options = []wire.Setting{
		{Name: "schema", About: "the release of the schemas, v33_0 to v99_0; v52_0 by default"},
		{Name: "air_provider", About: "the GDS to ask for flights: 1G (the default), 1V, 1P or ACH"},
		{Name: "hotel_provider", About: "the source of stays: TRM (the default), 1G, 1V or 1P"},
		{Name: "max_solutions", About: "price points in an answer, 1 to 300; 200 by default"},
		{Name: "max_pages", About: "pages of properties that are followed, 1 to 10; 3 by default"},
		{Name: "air_path", About: "/B2BGateway/connect/uAPI/AirService by default"},
		{Name: "hotel_path", About: "/B2BGateway/connect/uAPI/HotelService by default"},
	}
)

// Client asks one partner. It is safe for concurrent use.
type Client struct {
	cfg     wire.Config
	atlas   *places.Atlas
	header  http.Header // constant
	options options
}

// options is the operator's choices, checked.
type options struct {
	schema, air, hotel  string
	airPath, hotelPath  string
	solutions, maxPages int
}

var (
	schemaForm   = regexp.MustCompile(`^v[3-9][0-9]_[0-9]$`)
	providerForm = regexp.MustCompile(`^[0-9A-Z]{2,3}$`)
	pathForm     = regexp.MustCompile(`^/[A-Za-z0-9/._-]*$`)
)

// New complains about everything that is wrong with cfg at once. A nil atlas is places.Default.
func New(cfg wire.Config, atlas *places.Atlas) (*Client, error) {
	cfg, opts := cfg.WithDefaults(Credentials, Options)
	text := func(key, standard string, form *regexp.Regexp) string {
		return opts.Text(key, standard, "like "+standard, form.MatchString)
	}
	c := &Client{cfg: cfg, atlas: places.OrDefault(atlas), header: http.Header{}, options: options{
		schema: text("schema", "v52_0", schemaForm), air: text("air_provider", "1G", providerForm), hotel: text("hotel_provider", "TRM", providerForm),
		airPath:   text("air_path", "/B2BGateway/connect/uAPI/AirService", pathForm),
		hotelPath: text("hotel_path", "/B2BGateway/connect/uAPI/HotelService", pathForm),
		solutions: opts.Int("max_solutions", 200, 1, 300), maxPages: opts.Int("max_pages", 3, 1, 10),
	}}
	if err := opts.Err(); err != nil {
		return nil, err
	}
	wire.BasicAuth(c.header, cfg.Credentials["username"], cfg.Credentials["password"])
	c.header.Set("Content-Type", "text/xml; charset=utf-8")
	c.header.Set("Accept", "text/xml, application/xml")
	c.header.Set("SOAPAction", `""`)
	return c, nil
}

// Capable tells why the partner cannot be asked q, or fault.None.
func (c *Client) Capable(travel.Query) fault.Cause { return fault.None }

// Ask requests offers or stays for q. What it returns is filled in but for the partner's
// name and times; none at all is an answer too. The error is a *fault.Error, Partial beside
// what other calls brought.
func (c *Client) Ask(ctx context.Context, q travel.Query) (travel.Answer, error) {
	if q.Product == travel.Hotels {
		return c.askStays(ctx, q)
	}
	found, err := c.call(ctx, "search flights", c.options.airPath, c.encodeFlights(q))
	return found.answer, err
}

// askStays follows the pages of properties. A page that fails leaves those ahead of it, and
// the error is Partial.
func (c *Client) askStays(ctx context.Context, q travel.Query) (travel.Answer, error) {
	var (
		pages []travel.Answer
		errs  []error
		next  string
	)
	for len(pages) == 0 || next != "" && len(pages) < c.options.maxPages {
		found, err := c.call(ctx, "search stays", c.options.hotelPath, c.encodeStays(q, next))
		pages, errs, next = append(pages, found.answer), append(errs, err), found.next
	}
	all, err := assemble.MergeAnswers(pages, errs)
	asked := assemble.GroupRooms(q.Rooms)
	for i := range all.Stays {
		for j := range all.Stays[i].Rates {
			all.Stays[i].Rates[j].Rooms = asked // the answer is to this question, and does not repeat it
		}
	}
	return all, err
}

// page is an answer, and where a further page begins: "" without one.
type page struct {
	answer travel.Answer
	next   string
}

// call makes one request.
func (c *Client) call(ctx context.Context, operation, path string, message []byte) (page, error) {
	return wire.Exchange[page]{
		Config: c.cfg, Op: operation, URL: c.cfg.BaseURL + path, Header: c.header, MediaTypes: []string{"text/xml", "application/xml"},
		Body: func() ([]byte, error) { return wire.Envelope(wire.SOAP11, "", message), nil },
		Decode: func(body []byte) (p page, err error) {
			p.answer, p.next, err = decode(body, c.atlas)
			return p, err
		},
		Refused: refused,
	}.Do(ctx)
}
