package rapid

import (
	"bytes"
	"context"
	"crypto/sha512"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/wire"
)

// question is one request before it is signed.
type question struct {
	method, path string // behind /v3
	query        url.Values
	body         []byte
	traveller    bool // takes the address of the traveller
}

// request writes a question. Nothing of a partner's link but path and query goes into it.
func (c *Client) request(ctx context.Context, q question) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, q.method, c.base+q.path+"?"+q.query.Encode(), bytes.NewReader(q.body))
	if err != nil {
		return nil, fault.Newf(fault.Malformed, "request URL")
	}
	return c.sign(req, q), nil
}

func (c *Client) sign(req *http.Request, q question) *http.Request {
	key, now := c.cfg.Credentials["api_key"], c.wallClock()
	req.Header.Set("Authorization", "EAN APIKey="+key+",Signature="+signature512(key, c.cfg.Credentials["secret"], now)+
		",timestamp="+strconv.FormatInt(now.Unix(), 10))
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.userAgent)
	if q.traveller && c.customerIP != "" {
		req.Header.Set("Customer-Ip", c.customerIP)
	}
	if len(q.body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	return req
}

// signature512 is the hex SHA-512 of key, secret and the time in Unix seconds.
func signature512(key, secret string, now time.Time) string {
	sum := sha512.Sum512([]byte(key + secret + strconv.FormatInt(now.Unix(), 10)))
	return hex.EncodeToString(sum[:])
}

// maxPages bounds how often the link to a next page is followed.
const maxPages = 8

// pages asks a question and what its Link header says comes next. left is 1 if there are
// further pages that were not asked for. The error is Partial if a page succeeded.
func (c *Client) pages(ctx context.Context, q question, decode func(body []byte) error) (left int, err error) {
	req, err := c.request(ctx, q)
	for page := 0; err == nil; page++ {
		next := ""
		err = c.cfg.HTTP.Do(ctx, wire.Call{
			Request:    req,
			MediaTypes: []string{"application/json"},
			MaxBody:    c.cfg.MaxBody,
			Decode: func(header http.Header, body []byte) error {
				next = nextLink(header)
				return inGoodStatus(decode(body))
			},
			Refused: c.refused,
		})
		switch {
		case err != nil:
			return 0, fault.OfCalls(page > 0, err)
		case next == "":
			return 0, nil
		case page+1 >= maxPages:
			return 1, nil
		}
		url := c.follow(req.URL, next)
		if url == nil {
			return 1, nil
		}
		q.method, q.body = http.MethodGet, nil
		if req, err = http.NewRequestWithContext(ctx, http.MethodGet, url.String(), nil); err == nil {
			req = c.sign(req, q)
		}
	}
	return 0, err
}

// follow is where a link leads, nil if that is another host: credentials go nowhere else.
// Only path and query are taken over.
func (c *Client) follow(from *url.URL, link string) *url.URL {
	to, err := from.Parse(link)
	if err != nil || !strings.EqualFold(to.Host, from.Host) || to.User != nil {
		return nil
	}
	next := *from
	next.Path, next.RawPath, next.RawQuery, next.Fragment = to.Path, to.RawPath, to.RawQuery, ""
	if next.Path == from.Path && next.RawQuery == from.RawQuery {
		return nil
	}
	return &next
}

// nextLink is the target of rel="next" in the Link headers (RFC 8288), "" without one.
func nextLink(header http.Header) string {
	for _, links := range header.Values("Link") {
		for {
			_, rest, ok := strings.Cut(links, "<")
			if !ok {
				break
			}
			target, rest, ok := strings.Cut(rest, ">")
			if !ok {
				break
			}
			parameters, _, _ := strings.Cut(rest, "<")
			for p := range strings.SplitSeq(parameters, ";") {
				name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
				if strings.EqualFold(name, "rel") && strings.EqualFold(strings.Trim(value, "\", "), "next") {
					return target
				}
			}
			links = rest
		}
	}
	return ""
}

// inGoodStatus: an error document under a 2xx status is the partner's error, but for one
// that is about us.
func inGoodStatus(err error) error {
	if err == nil {
		return nil
	}
	e := fault.Of(err)
	if e.Cause == fault.HTTP4xx || e.Cause == fault.HTTP5xx {
		e.Cause, e.Status = fault.PartnerError, fault.PartnerError.Status()
	}
	return e
}

// refused adds what the error document says to an error of the HTTP status.
func (c *Client) refused(e *fault.Error, header http.Header, body []byte) {
	if a, err := Decode(body, nil); err != nil {
		assemble.AdoptDetail(e, err)
	} else if e.HTTPStatus == http.StatusNotFound && a.OffersIn == 0 {
		e.Cause = fault.NoInventory
	}
	if e.Cause == fault.HTTP429 && e.RetryAfter == 0 {
		e.RetryAfter = retryAfter(header, c.wallClock())
	}
}

// retryAfter is when the window that is used up begins anew: the day's, if nothing
// remains of it, else the minute's.
func retryAfter(header http.Header, now time.Time) time.Duration {
	window := "Rate-Limit-Minute"
	if left, err := strconv.ParseFloat(header.Get("Rate-Limit-Day-Remaining"), 64); err == nil && left <= 0 {
		window = "Rate-Limit-Day"
	}
	ms, err := strconv.ParseInt(header.Get(window+"-Reset"), 10, 64)
	if err != nil {
		return 0
	}
	return wire.RetryAfter(time.UnixMilli(ms).UTC().Format(time.RFC3339Nano), now)
}
