package rapid

import (
	"context"
	"crypto/sha512"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/wire"
)

// question is one request before it is signed, without what further pages of it change.
type question struct {
	path      string // behind /v3
	query     url.Values
	body      func() ([]byte, error) // nil for GET
	traveller bool                   // is about offers, and takes the address of the traveller; others find out what to ask for
}

// header is what a question carries beside its body.
func (c *Client) header(q question) http.Header {
	h := http.Header{}
	key, now := c.cfg.Credentials["api_key"], c.wallClock()
	h.Set("Authorization", "EAN APIKey="+key+",Signature="+signature512(key, c.cfg.Credentials["secret"], now)+
		",timestamp="+strconv.FormatInt(now.Unix(), 10))
	h.Set("Accept", "application/json")
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", c.userAgent)
	if q.traveller && c.customerIP != "" {
		h.Set("Customer-Ip", c.customerIP)
	}
	return h
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
	ask := wire.Exchange[struct{}]{
		Config: c.cfg, Op: operation, URL: c.base + q.path + "?" + q.query.Encode(), Body: q.body,
		Decode:         func(body []byte) (struct{}, error) { return struct{}{}, inGoodStatus(decode(body)) },
		Refused:        c.refused,
		NothingIsError: !q.traveller,
	}
	for page := 0; ; page++ {
		next := ""
		ask.Header, ask.Received = c.header(q), func(h http.Header) { next = nextLink(h) }
		_, err := ask.Do(ctx)
		switch {
		case err != nil:
			return 0, fault.OfCalls(page > 0, err)
		case next == "":
			return 0, nil
		case page+1 >= maxPages:
			return 1, nil
		}
		if ask.URL = follow(ask.URL, next); ask.URL == "" {
			return 1, nil
		}
		ask.Body = nil
	}
}

// follow is where a link leads, "" if that is another host: credentials go nowhere else.
// Only path and query are taken over.
func follow(address, link string) string {
	from, err := url.Parse(address)
	if err != nil {
		return ""
	}
	to, err := from.Parse(link)
	if err != nil || !strings.EqualFold(to.Host, from.Host) || to.User != nil {
		return ""
	}
	next := *from
	next.Path, next.RawPath, next.RawQuery, next.Fragment = to.Path, to.RawPath, to.RawQuery, ""
	if next.Path == from.Path && next.RawQuery == from.RawQuery {
		return ""
	}
	return next.String()
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

// refused reads the error document, and when the limit of the account ends. That there is
// nothing to sell comes with 404.
func (c *Client) refused(e *fault.Error, header http.Header, body []byte) (nothing bool, said error) {
	if e.Cause == fault.HTTP429 && e.RetryAfter == 0 {
		e.RetryAfter = retryAfter(header, c.wallClock())
	}
	a, err := Decode(body, nil)
	return e.HTTPStatus == http.StatusNotFound && a.OffersIn == 0, err
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
