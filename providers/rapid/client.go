package rapid

import (
	"context"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/lru"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// Credentials and Options are what a feed gives.
var (
	Credentials = []wire.Setting{
		{Name: "api_key", About: "the API key, sent with the signature"},
		{Name: "secret", About: "the shared secret that signatures are made with"},
	}
	Options = []wire.Setting{
		{Name: "customer_ip", About: "an address of your own, sent as Customer-Ip in place of travellers'; none by default"},
		{Name: "user_agent", About: "name/version of your site, sent as User-Agent; Fanfare/1.0 by default"},
		{Name: "language", About: "of names and texts, such as en-GB; en-US by default"},
		{Name: "sales_channel", About: "website, agent_tool, mobile_app, mobile_web, meta or cache; website by default"},
		{Name: "supply_source", About: "expedia or vrbo; expedia by default"},
		{Name: "rate_plan_count", About: "rates of a property, 1 to 250; 5 by default"},
		{Name: "max_properties", About: "properties asked in a search, 1 to 5000; 1000 by default"},
		{Name: "properties_per_call", About: "properties in a call, 1 to 250; 250 by default"},
		{Name: "billing_terms", About: "as your contract says; none by default"},
		{Name: "payment_terms", About: "as your contract says; none by default"},
		{Name: "partner_point_of_sale", About: "as your contract says; none by default"},
		{Name: "platform_name", About: "as your contract says; none by default"},
	}
)

// contractTerms are the options that go into every question as they are.
var contractTerms = []string{"billing_terms", "payment_terms", "partner_point_of_sale", "platform_name"}

const operation = "search stays"

// The most that Rapid sells at once.
const (
	maxRooms  = 8
	maxNights = 28
)

// Client asks one partner. It is safe for concurrent use.
type Client struct {
	cfg                                              wire.Config
	atlas                                            *places.Atlas
	base                                             string // with /v3
	customerIP, userAgent, language, channel, supply string
	ratePlans, maxProperties, perCall                int
	wallClock                                        func() time.Time // signatures need the real one; replaced by tests

	circles *lru.Cache[string, within]
	content *lru.Cache[string, content]
	absent  *lru.Cache[string, struct{}] // ids without content
}

var (
	languagePattern  = regexp.MustCompile(`^[a-z]{2}-[A-Z]{2}$`)
	userAgentPattern = regexp.MustCompile(`^[!-~]{1,80}/[!-~]{1,40}$`)
)

// New complains about everything that is wrong with cfg at once. A nil atlas is places.Default.
func New(cfg wire.Config, atlas *places.Atlas) (*Client, error) {
	cfg, opts := cfg.WithDefaults(Credentials, Options)
	c := &Client{
		cfg: cfg, atlas: places.OrDefault(atlas), base: strings.TrimSuffix(cfg.BaseURL, "/v3") + "/v3", wallClock: time.Now,
		customerIP:    opts.Text("customer_ip", "", "an IP address", func(s string) bool { _, err := netip.ParseAddr(s); return err == nil }),
		userAgent:     opts.Text("user_agent", "Fanfare/1.0", "name/version", userAgentPattern.MatchString),
		language:      opts.Text("language", "en-US", "such as en-US", languagePattern.MatchString),
		channel:       opts.Text("sales_channel", "website", "a channel of Rapid's", wire.OneOf("website", "agent_tool", "mobile_app", "mobile_web", "meta", "cache")),
		supply:        opts.Text("supply_source", "expedia", "expedia or vrbo", wire.OneOf("expedia", "vrbo")),
		ratePlans:     opts.Int("rate_plan_count", 5, 1, 250),
		maxProperties: opts.Int("max_properties", 1000, 1, 5000),
		perCall:       opts.Int("properties_per_call", 250, 1, 250),
		circles:       lru.New[string, within](keptCircles, geographyAge),
		content:       lru.New[string, content](keptContent, contentAge),
		absent:        lru.New[string, struct{}](keptContent, absentAge),
	}
	if err := opts.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Capable tells why Rapid cannot be asked q, or fault.None.
func (c *Client) Capable(q travel.Query) fault.Cause {
	switch {
	case q.Product != travel.Hotels:
		return fault.Product
	case len(q.Rooms) > maxRooms, q.Nights() > maxNights:
		return fault.Capability
	}
	return fault.None
}

// Ask requests the availability around q's destination: at first which properties are
// there and what they are called, as far as that is not known. Stays, OffersIn, Drops and
// Notes of the answer are filled in; none at all is an answer too. The error is a
// *fault.Error, Partial beside what other calls brought.
func (c *Client) Ask(ctx context.Context, q travel.Query) (travel.Answer, error) {
	answer, err := c.ask(ctx, q)
	return answer, c.cfg.Failure(operation, err)
}

func (c *Client) ask(ctx context.Context, q travel.Query) (travel.Answer, error) {
	found, err := c.properties(wire.Preparing(ctx), q.Destination)
	if err != nil && !fault.Of(err).Partial {
		return travel.Answer{}, err
	}
	before := []error{err} // of the calls that prepare the ones for rates
	learned, usable := c.learn(wire.Preparing(ctx), found.ids)
	if before = append(before, learned...); !usable {
		return travel.Answer{}, fault.OfCalls(false, before...)
	}
	rooms := assemble.GroupRooms(q.Rooms)
	batches := slices.Collect(slices.Chunk(found.ids, c.perCall))
	parts := make([]travel.Answer, len(batches))
	errs := assemble.Parallel(len(batches), func(i int) error {
		var pages []travel.Answer
		ask := question{path: "/properties/availability", query: c.availability(q, batches[i]), traveller: true}
		left, err := c.pages(ctx, ask, func(body []byte) error {
			page, err := decode(body, asked{atlas: c.atlas, rooms: rooms, content: c.content.Get})
			if err == nil {
				pages = append(pages, page)
			}
			return err
		})
		parts[i], _ = assemble.MergeAnswers(pages, make([]error, len(pages)))
		parts[i].Note("pages_left", left)
		return err
	})
	answer, err := assemble.MergeAnswers(parts, errs)
	for _, err := range before {
		if err != nil {
			answer.Note(assemble.NoteCallsFailed, 1)
		}
	}
	answer.Note("properties_left", found.left)
	answered := err == nil && len(parts) > 0 || err != nil && fault.Of(err).Partial
	return answer, fault.OfCalls(answered, append(before, errs...)...)
}
