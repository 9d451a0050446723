package mapped

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// maxPages is how many pages of one answer are fetched.
const maxPages = 10

// Client asks one partner. It is safe for concurrent use.
type Client struct {
	cfg     wire.Config
	mapping *Mapping
	atlas   *places.Atlas
	base    *url.URL
	tokens  *wire.Tokens // of oauth_client_credentials; nil is none
}

// NewClient makes the client of a mapping that New found nothing wrong with. A nil atlas is
// places.Default.
func NewClient(cfg wire.Config, m *Mapping, atlas *places.Atlas) (*Client, error) {
	cfg, options := cfg.WithDefaults(nil, nil)
	if err := options.Err(); err != nil {
		return nil, err
	}
	base, err := url.Parse(cfg.BaseURL)
	if err != nil {
		return nil, errors.New("base_url: not a URL")
	}
	c := &Client{cfg: cfg, mapping: m, atlas: places.OrDefault(atlas), base: base}
	if a := &m.auth; a.Kind == "oauth_client_credentials" {
		form := url.Values{"grant_type": {"client_credentials"}}
		if a.Scope != "" {
			form.Set("scope", a.Scope)
		}
		pair := url.QueryEscape(a.ClientID) + ":" + url.QueryEscape(a.ClientSecret) // RFC 6749, 2.3.1
		c.tokens = wire.OAuth(cfg, wire.Login{URL: cfg.BaseURL + a.TokenPath, Form: form.Encode(),
			Authorization: "Basic " + base64.StdEncoding.EncodeToString([]byte(pair))}, nil)
	}
	return c, nil
}

// Capable tells why the partner cannot be asked q, or fault.None: templates have no words for
// trips of several cities.
func (c *Client) Capable(q travel.Query) fault.Cause {
	switch {
	case q.Product != c.mapping.product:
		return fault.Product
	case q.Product == travel.Flights && !simple(q.Slices):
		return fault.Capability
	}
	return fault.None
}

// simple reports whether a trip is there, or there and back.
func simple(slices []travel.SliceQuery) bool {
	switch len(slices) {
	case 1:
		return true
	case 2:
		return slices[0].Origin == slices[1].Destination && slices[0].Destination == slices[1].Origin
	}
	return false
}

func (c *Client) operation() string {
	if c.mapping.product == travel.Hotels {
		return "search hotels"
	}
	return "search flights"
}

// Ask makes the steps of the declaration and reads every page of the answer. The error is a
// *fault.Error; Partial where some pages came before one failed.
func (c *Client) Ask(ctx context.Context, q travel.Query) (travel.Answer, error) {
	values := variables(&q)
	last := len(c.mapping.steps) - 1
	for i := range last {
		if err := c.step(ctx, &c.mapping.steps[i], values); err != nil {
			return travel.Answer{}, err
		}
	}
	answer, err := c.pages(ctx, &c.mapping.steps[last], values)
	if q.Product == travel.Hotels {
		groups := assemble.GroupRooms(q.Rooms)
		for i := range answer.Stays {
			for j := range answer.Stays[i].Rates {
				answer.Stays[i].Rates[j].Rooms = groups // a price is for the party that was asked for
			}
		}
	}
	return answer, err
}

// asTree is values as an expression reads them.
func asTree(values map[string]string) map[string]any {
	out := make(map[string]any, len(values))
	for name, value := range values {
		out[name] = value
	}
	return out
}

// step makes a request whose answer gives values to the next.
func (c *Client) step(ctx context.Context, r *request, values map[string]string) error {
	u, err := address(c.base, r.path, r.query, values)
	if err != nil {
		return c.cfg.Fault(c.operation(), fault.New(fault.Malformed, err))
	}
	query := asTree(values)
	given, err := exchange(ctx, c, r, u, values, func(body []byte) (map[string]string, error) {
		tree, err := readTree(c.mapping.format, body, c.mapping.lists)
		if err != nil {
			return nil, fault.New(fault.Malformed, err)
		}
		said, err := c.mapping.refusal(ctx, tree, query)
		if err == nil && said != nil {
			err = said
		}
		if err != nil {
			return nil, err
		}
		given := map[string]string{}
		for name, p := range r.values {
			v, err := p.First(ctx, tree, query)
			if err != nil {
				return nil, expressionFault("steps.values."+name, err)
			}
			text, ok := scalarText(v)
			if !ok || text == "" {
				return nil, fault.New(fault.Malformed, fmt.Errorf("steps.values.%s: found %s; must be a text", name, typeOf(v)))
			}
			given[name] = text
		}
		return given, nil
	}, true)
	maps.Copy(values, given)
	return err
}

// pages makes the request for offers, and follows the addresses of further pages.
func (c *Client) pages(ctx context.Context, r *request, values map[string]string) (travel.Answer, error) {
	u, err := address(c.base, r.path, r.query, values)
	if err != nil {
		return travel.Answer{}, c.cfg.Fault(c.operation(), fault.New(fault.Malformed, err))
	}
	query := asTree(values)
	var parts []travel.Answer
	var errs []error
	for seen := map[string]bool{}; u != nil && !seen[u.String()] && len(parts) < maxPages; {
		seen[u.String()] = true
		decoded, err := exchange(ctx, c, r, u, values, func(body []byte) (Decoded, error) {
			return c.mapping.Decode(ctx, body, query, c.atlas)
		}, false)
		parts, errs = append(parts, decoded.Answer), append(errs, err)
		u = c.nextPage(u, decoded.Next)
	}
	return assemble.MergeAnswers(parts, errs)
}

// nextPage is the address of the page that a document names, nil if it names none, or one
// elsewhere: then what has come is the answer.
func (c *Client) nextPage(last *url.URL, next string) *url.URL {
	if next == "" {
		return nil
	}
	u, err := last.Parse(next)
	if err != nil || !sameOrigin(u, c.base) || u.User != nil {
		return nil
	}
	return u
}

// exchange makes one call of the declaration. A call that only prepares another states no
// prices, and that it finds nothing is an error.
func exchange[T any](ctx context.Context, c *Client, r *request, u *url.URL, values map[string]string, decode func([]byte) (T, error), prepares bool) (T, error) {
	body, header, err := r.write(ctx, values)
	if err != nil {
		var none T
		return none, c.cfg.Fault(c.operation(), err)
	}
	header.Set("Accept", accepted[c.mapping.format])
	if prepares {
		ctx = wire.Preparing(ctx)
	}
	return wire.Exchange[T]{
		Config: c.cfg, Op: c.operation(), Method: r.method, URL: c.mapping.auth.sign(r.method, u, header, body, c.mapping.signed), Header: header, Tokens: c.tokens,
		Body:       func() ([]byte, error) { return body, nil },
		MediaTypes: mediaTypes[c.mapping.format],
		Decode: func(body []byte) (T, error) {
			out, err := decode(body)
			return out, assemble.AsPartnerError(err)
		},
		Refused: c.refused, NothingIsError: prepares,
	}.Do(ctx)
}

// accepted is what is asked for, and mediaTypes what is taken for it: partners label XML and CSV
// in many ways.
var accepted = map[string]string{"json": "application/json", "xml": "application/xml, text/xml;q=0.9", "csv": "text/csv, text/plain;q=0.5"}

var mediaTypes = map[string][]string{
	"json": {"application/json"},
	"xml":  {"application/xml", "text/xml"},
	"csv":  {"text/csv", "text/plain", "application/csv", "application/octet-stream"},
}

// write evaluates the body and fills in the headers: a text is sent as it is, anything else as
// JSON.
func (r *request) write(ctx context.Context, values map[string]string) (body []byte, header http.Header, err error) {
	header = http.Header{}
	if r.body != nil {
		tree := asTree(values)
		v, err := r.body.First(ctx, tree, tree)
		if err != nil {
			return nil, nil, expressionFault("request.body", err)
		}
		if text, is := v.(string); is {
			body = []byte(text)
		} else {
			if body, err = json.Marshal(v); err != nil {
				return nil, nil, expressionFault("request.body", err)
			}
			header.Set("Content-Type", "application/json")
		}
	}
	for name, t := range r.headers {
		if value := t.fill(values, plain); value != "" {
			header.Set(name, value)
		}
	}
	return body, header, nil
}

// refused reads the document of an error status: an error in the declared form, or that there
// is nothing to sell.
func (c *Client) refused(_ *fault.Error, _ http.Header, body []byte) (nothing bool, said error) {
	ctx := context.Background() // bounded by itself
	tree, err := readTree(c.mapping.format, body, c.mapping.lists)
	if err != nil {
		return false, nil
	}
	if empty, err := truth(ctx, c.mapping.emptyWhen, "response.empty.when", tree, nil); err == nil && empty {
		return true, nil
	}
	if e, err := c.mapping.refusal(ctx, tree, nil); err == nil && e != nil {
		return false, e
	}
	return false, nil
}
