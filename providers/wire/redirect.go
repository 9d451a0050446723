package wire

import (
	"net/http"
	"net/url"
	"strings"
)

// MaxRedirects is the most that a feed may declare (same host and scheme, at
// most two).
const MaxRedirects = 2

// roundTrip sends the request, and follows redirects as far as the feed declares: only to
// the same scheme, host and port, so that credentials and address checks stay what they
// were, and without a Referer.
func (h *HTTP) roundTrip(req *http.Request) (*http.Response, error) {
	for left := h.redirects; ; left-- {
		resp, err := h.transport.RoundTrip(req)
		if err != nil || resp.StatusCode < 300 || resp.StatusCode > 399 || left <= 0 {
			return resp, err
		}
		next := redirected(req, resp)
		if next == nil {
			return resp, nil // its status says that it is blocked
		}
		resp.Body.Close()
		req = next
	}
}

// redirected is the request that a redirect asks for, nil where it is not followed.
func redirected(req *http.Request, resp *http.Response) *http.Request {
	to, err := req.URL.Parse(resp.Header.Get("Location"))
	if err != nil || resp.Header.Get("Location") == "" || !sameOrigin(req.URL, to) || to.User != nil {
		return nil
	}
	next := req.Clone(req.Context())
	next.URL = to
	switch resp.StatusCode {
	case http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		if req.Body == nil || req.Body == http.NoBody {
			return next
		}
		if req.GetBody == nil {
			return nil
		}
		if next.Body, err = req.GetBody(); err != nil {
			return nil
		}
		return next
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther:
		if req.Method == http.MethodGet || req.Method == http.MethodHead {
			return next
		}
	}
	return nil // a POST would turn into a GET: another question
}

func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(hostPort(a.String()), hostPort(b.String()))
}
