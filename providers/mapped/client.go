package mapped

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

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
	tokens  *wire.Tokens // of oauth_client_credentials
}

// NewClient makes the client of a mapping that New found nothing wrong with. A nil atlas is
// places.Default.
func NewClient(cfg wire.Config, m *Mapping, atlas *places.Atlas) (*Client, error) {
	cfg, err := cfg.WithDefaults(nil, nil)
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(cfg.BaseURL)
	if err != nil {
		return nil, errors.New("base_url: not a URL")
	}
	c := &Client{cfg: cfg, mapping: m, atlas: atlas, base: base}
	if c.atlas == nil {
		c.atlas = places.Default()
	}
	if m.auth.Kind == "oauth_client_credentials" {
		c.tokens = wire.OAuth(cfg.HTTP, c.tokenRequest, nil)
	}
	return c, nil
}

func (c *Client) tokenRequest(ctx context.Context) (*http.Request, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	if c.mapping.auth.Scope != "" {
		form.Set("scope", c.mapping.auth.Scope)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(c.cfg.BaseURL, "/")+c.mapping.auth.TokenPath, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.SetBasicAuth(url.QueryEscape(c.mapping.auth.ClientID), url.QueryEscape(c.mapping.auth.ClientSecret)) // RFC 6749, 2.3.1
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	return req, nil
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
			return travel.Answer{}, c.cfg.Fault(c.operation(), err)
		}
	}
	answer, err := c.pages(ctx, &c.mapping.steps[last], values)
	if err != nil {
		return answer, c.cfg.Fault(c.operation(), err)
	}
	if q.Product == travel.Hotels {
		groups := assemble.GroupRooms(q.Rooms)
		for i := range answer.Stays {
			for j := range answer.Stays[i].Rates {
				answer.Stays[i].Rates[j].Rooms = groups // a price is for the party that was asked for
			}
		}
	}
	return answer, nil
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
	req, err := c.build(ctx, r, values)
	if err != nil {
		return err
	}
	return c.send(wire.Preparing(ctx), req, func(body []byte) error {
		tree, err := readTree(c.mapping.format, body, c.mapping.lists)
		if err != nil {
			return fault.New(fault.Malformed, err)
		}
		query := asTree(values)
		if said, err := c.mapping.refusal(ctx, tree, query); err != nil || said != nil {
			if err != nil {
				return err
			}
			return said
		}
		for name, p := range r.values {
			v, err := p.First(ctx, tree, query)
			if err != nil {
				return expressionFault("steps.values."+name, err)
			}
			text, ok := scalarText(v)
			if !ok || text == "" {
				return fault.New(fault.Malformed, fmt.Errorf("steps.values.%s: found %s; must be a text", name, typeOf(v)))
			}
			values[name] = text
		}
		return nil
	})
}

// pages makes the request for offers, and follows the addresses of further pages.
func (c *Client) pages(ctx context.Context, r *request, values map[string]string) (travel.Answer, error) {
	req, err := c.build(ctx, r, values)
	if err != nil {
		return travel.Answer{}, err
	}
	query := asTree(values)
	var parts []travel.Answer
	seen := map[string]bool{req.URL.String(): true}
	for {
		var decoded Decoded
		err := c.send(ctx, req, func(body []byte) (err error) {
			decoded, err = c.mapping.Decode(ctx, body, query, c.atlas)
			return err
		})
		if e := fault.Of(err); e != nil && e.Cause == fault.NoInventory {
			err = nil
		}
		parts = append(parts, decoded.Answer)
		if err != nil {
			errs := make([]error, len(parts))
			errs[len(parts)-1] = err
			return assemble.MergeAnswers(parts, errs)
		}
		if decoded.Next == "" || len(parts) == maxPages {
			break
		}
		if req, err = c.nextPage(ctx, r, req, decoded.Next, values); err != nil || seen[req.URL.String()] {
			break // an address elsewhere, or one that was read: what came is the answer
		}
		seen[req.URL.String()] = true
	}
	return assemble.MergeAnswers(parts, make([]error, len(parts)))
}

// nextPage is the request for another page, at the same origin only.
func (c *Client) nextPage(ctx context.Context, r *request, last *http.Request, address string, values map[string]string) (*http.Request, error) {
	u, err := last.URL.Parse(address)
	if err != nil || !sameOrigin(u, c.base) || u.User != nil {
		return nil, fault.Newf(fault.Malformed, "response.next: leads away from %s", c.base.Host)
	}
	return c.request(ctx, r, u, values)
}

func (c *Client) build(ctx context.Context, r *request, values map[string]string) (*http.Request, error) {
	u, err := address(c.base, r.path, r.query, values)
	if err != nil {
		return nil, fault.New(fault.Malformed, err)
	}
	return c.request(ctx, r, u, values)
}

// request writes a request to the address, but for its authentication.
func (c *Client) request(ctx context.Context, r *request, u *url.URL, values map[string]string) (*http.Request, error) {
	body, isText, err := r.bodyOf(ctx, values)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, r.method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fault.Newf(fault.Malformed, "request URL")
	}
	req.Header.Set("Accept", accepted[c.mapping.format])
	if len(body) > 0 && !isText {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, t := range r.headers {
		if value := t.fill(values, plain); value != "" {
			req.Header.Set(name, value)
		}
	}
	c.authenticate(req, body)
	return req, nil
}

// accepted is what is asked for, and mediaTypes what is taken for it: partners label XML and CSV
// in many ways.
var accepted = map[string]string{"json": "application/json", "xml": "application/xml, text/xml;q=0.9", "csv": "text/csv, text/plain;q=0.5"}

var mediaTypes = map[string][]string{
	"json": {"application/json"},
	"xml":  {"application/xml", "text/xml"},
	"csv":  {"text/csv", "text/plain", "application/csv", "application/octet-stream"},
}

// bodyOf evaluates the body: a text is sent as it is, anything else as JSON.
func (r *request) bodyOf(ctx context.Context, values map[string]string) (body []byte, isText bool, err error) {
	if r.body == nil {
		return nil, false, nil
	}
	tree := asTree(values)
	v, err := r.body.First(ctx, tree, tree)
	if err != nil {
		return nil, false, expressionFault("request.body", err)
	}
	if text, is := v.(string); is {
		return []byte(text), true, nil
	}
	body, err = json.Marshal(v)
	if err != nil {
		return nil, false, expressionFault("request.body", err)
	}
	return body, false, nil
}

// authenticate signs the request in the declared way; a token comes with sending.
func (c *Client) authenticate(req *http.Request, body []byte) {
	switch a := &c.mapping.auth; a.Kind {
	case "bearer":
		req.Header.Set("Authorization", "Bearer "+a.Token)
	case "header":
		req.Header.Set(a.Name, a.Value)
	case "query":
		q := req.URL.Query()
		q.Set(a.Name, a.Value)
		req.URL.RawQuery = q.Encode()
	case "basic":
		req.SetBasicAuth(a.Username, a.Password)
	case "hmac":
		timestamp := strconv.FormatInt(time.Now().Unix(), 10) // partners compare it with their own clock
		message := c.mapping.signed.fill(map[string]string{"method": req.Method, "path": req.URL.EscapedPath(), "query": req.URL.RawQuery,
			"body": string(body), "timestamp": timestamp}, func(s string) string { return s })
		mac := hmac.New(sha256.New, []byte(a.Secret))
		mac.Write([]byte(message))
		signature := hex.EncodeToString(mac.Sum(nil))
		if a.Encoding == "base64" {
			signature = base64.StdEncoding.EncodeToString(mac.Sum(nil))
		}
		req.Header.Set(a.Name, signature)
		req.Header.Set("X-Timestamp", timestamp)
	}
}

// send makes the call and hands over the body of a good answer.
func (c *Client) send(ctx context.Context, req *http.Request, decode func(body []byte) error) error {
	call := func() error {
		return c.cfg.HTTP.Do(ctx, wire.Call{
			Request: req, MediaTypes: mediaTypes[c.mapping.format], MaxBody: c.cfg.MaxBody,
			Decode:  func(_ http.Header, body []byte) error { return assemble.AsPartnerError(decode(body)) },
			Refused: c.refused,
		})
	}
	if c.tokens == nil {
		return call()
	}
	return c.tokens.Do(ctx, func(token string) error {
		req.Header.Set("Authorization", "Bearer "+token)
		if req.GetBody != nil { // a second try has a body of its own
			body, err := req.GetBody()
			if err != nil {
				return fault.New(fault.Malformed, err)
			}
			req.Body = body
		}
		return call()
	})
}

// refused adds what the document of an error status says: an error in the declared form, or
// that there is nothing to sell.
func (c *Client) refused(e *fault.Error, _ http.Header, body []byte) {
	ctx := context.Background() // bounded by itself
	tree, err := readTree(c.mapping.format, body, c.mapping.lists)
	if err != nil {
		return
	}
	if empty, err := truth(ctx, c.mapping.emptyWhen, "response.empty.when", tree, nil); err == nil && empty && e.Cause == fault.HTTP4xx {
		e.Cause = fault.NoInventory
		return
	}
	if said, err := c.mapping.refusal(ctx, tree, nil); err == nil && said != nil {
		assemble.AdoptDetail(e, said)
	}
}
