package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"fanfare/providers/admission"
	"fanfare/providers/document"
	"fanfare/providers/fault"
)

// The limits of a round trip (docs/reliability.md 3).
const (
	DialTimeout     = 300 * time.Millisecond // name and connection; a partner that is up answers in far less
	TLSTimeout      = time.Second
	BodyIdle        = time.Second // between two pieces of a body; all of it is under the call's deadline too
	maxHeaderBytes  = 64 << 10
	idleConnections = 64 // the default max_concurrency: all of a burst stay warm
	idleFor         = 90 * time.Second
)

// HTTPConfig is how one partner is reached.
type HTTPConfig struct {
	BaseURL             string // the partner's; its host and port are what AllowPrivateNetwork is about
	AllowPrivateNetwork bool   // lets the dial of exactly that host and port go to any address
	Egress              Egress
	Slots               *admission.Slots // shared by all partners; nil is slots of its own, one a processor
	IdleConnections     int              // kept open; 0 is 64
	Redirects           int              // that may be followed, to the same scheme, host and port; at most MaxRedirects

	// Deadline is the partner's, of a call. A handshake gets half of it at most, so that one
	// that never ends is seen to be the fault; 0 leaves TLSTimeout.
	Deadline time.Duration

	// Resolver looks up names; nil is the system's. See NameServer.
	Resolver *net.Resolver

	// For tests. RootCAs signs test servers; Dial replaces name look-up, address check and
	// connection alike; Patient makes DialTimeout, TLSTimeout and BodyIdle a minute, where
	// the machine may be busy with more than this.
	TLS             *tls.Config
	Dial            func(ctx context.Context, network, address string) (net.Conn, error)
	RelaxedTimeouts bool
}

// HTTP does the round trips to one partner. It follows no redirects but those declared, uses no proxy
// and sends no cookies. It is safe for concurrent use.
type HTTP struct {
	transport                   *http.Transport
	slots                       *admission.Slots
	egress                      Egress
	redirects                   int
	private                     string // host:port that may be private, "" is none
	dial                        func(ctx context.Context, network, address string) (net.Conn, error)
	resolver                    *net.Resolver
	tls                         *tls.Config
	connecting, handshake, idle time.Duration // limits
	base                        string
	warmConn                    warmConn
	resets                      atomic.Int64 // connections that the partner has reset
}

// NewHTTP complains about a base URL that is none.
func NewHTTP(cfg HTTPConfig) (*HTTP, error) {
	if err := checkBase(cfg.BaseURL); err != nil {
		return nil, fmt.Errorf("base_url: %w", err)
	}
	h := &HTTP{base: cfg.BaseURL, slots: cfg.Slots, egress: cfg.Egress, redirects: min(cfg.Redirects, MaxRedirects), resolver: cfg.Resolver, dial: cfg.Dial, tls: cfg.TLS.Clone()}
	h.connecting, h.handshake, h.idle = DialTimeout, TLSTimeout, BodyIdle
	if cfg.RelaxedTimeouts {
		h.connecting, h.handshake, h.idle = time.Minute, time.Minute, time.Minute
	}
	if cfg.Deadline > 0 {
		h.handshake = min(h.handshake, cfg.Deadline/2)
	}
	if h.slots == nil {
		h.slots = admission.New(1, nil)
	}
	if h.tls == nil {
		h.tls = &tls.Config{}
	}
	h.tls.MinVersion = max(h.tls.MinVersion, tls.VersionTLS12)
	h.tls.NextProtos = []string{"h2", "http/1.1"}
	if cfg.AllowPrivateNetwork {
		h.private = hostPort(cfg.BaseURL)
	}
	if h.dial == nil {
		h.dial = h.dialChecked
	}
	idle := cfg.IdleConnections
	if idle <= 0 {
		idle = idleConnections
	}
	h.transport = &http.Transport{
		Proxy:                  nil, // a proxy would hide the address from the check
		DialContext:            h.dialPlain,
		DialTLSContext:         h.dialTLS,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // we bound what comes out ourselves
		MaxIdleConns:           idle,
		MaxIdleConnsPerHost:    idle,
		IdleConnTimeout:        idleFor,
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
	return h, nil
}

// Close lets go of idle connections. Calls in flight go on.
func (h *HTTP) Close() {
	h.transport.CloseIdleConnections()
	h.warmConn.close()
}

// hostPort is what the transport asks the dialer for.
func hostPort(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

func (h *HTTP) dialPlain(ctx context.Context, network, address string) (net.Conn, error) {
	if conn := h.warmConn.take(address, h.base); conn != nil {
		return conn, nil
	}
	return h.connect(ctx, network, address)
}

func (h *HTTP) dialTLS(ctx context.Context, network, address string) (net.Conn, error) {
	if conn := h.warmConn.take(address, h.base); conn != nil {
		return conn, nil
	}
	return h.connectTLS(ctx, network, address)
}

// connect marks what went wrong as having happened before the request was sent.
func (h *HTTP) connect(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := h.dial(ctx, network, address)
	if err != nil {
		return nil, dialFault(err)
	}
	return &watchedConn{conn, &h.resets}, nil
}

func (h *HTTP) connectTLS(ctx context.Context, network, address string) (net.Conn, error) {
	raw, err := h.connect(ctx, network, address)
	if err != nil {
		return nil, err
	}
	cfg := h.tls.Clone()
	if cfg.ServerName == "" {
		cfg.ServerName, _, _ = net.SplitHostPort(address)
	}
	conn := tls.Client(raw, cfg)
	shake, cancel := context.WithTimeout(ctx, h.handshake)
	defer cancel()
	if err := conn.HandshakeContext(shake); err != nil {
		raw.Close()
		return nil, fault.New(fault.TLS, err)
	}
	return conn, nil
}

// watchedConn counts resets: net/http hands a line that was cut off by one on as if it were
// whole, and complains about its form.
type watchedConn struct {
	net.Conn
	resets *atomic.Int64
}

func (c *watchedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil && errors.Is(err, syscall.ECONNRESET) {
		c.resets.Add(1)
	}
	return n, err
}

// dialChecked connects, asking Egress about every address right before the SYN.
func (h *HTTP) dialChecked(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: h.connecting, Resolver: h.resolver}
	if h.private == "" || !strings.EqualFold(address, h.private) {
		d.Control = func(_, resolved string, _ syscall.RawConn) error {
			addr, err := netip.ParseAddrPort(resolved)
			if err == nil {
				err = h.egress.Check(addr.Addr())
			}
			if err != nil {
				return fault.New(fault.Blocked, err)
			}
			return nil
		}
	}
	return d.DialContext(ctx, network, address)
}

// Call is one round trip.
type Call struct {
	Request    *http.Request
	MediaTypes []string // of a good answer, such as application/json; a +json suffix counts as it
	MaxBody    int64    // bytes, decompressed

	// Decode reads a whole body that came with a 2xx status. The body is only good
	// until Decode returns. Its error is passed on.
	Decode func(header http.Header, body []byte) error

	// Refused, if set, sees a whole body of any other status, and may refine the error:
	// cause, RetryAfter, Detail.
	Refused func(e *fault.Error, header http.Header, body []byte)
}

// Do sends the request and hands over the body once it has ended well, on a decode
// slot. The error is a *fault.Error, or Decode's own. No error holds the URL, a
// header or the body.
func (h *HTTP) Do(ctx context.Context, c Call) error {
	ctx, hangUp := context.WithCancelCause(ctx)
	defer hangUp(nil)
	req := c.Request.WithContext(ctx)
	req.Header.Set("Accept-Encoding", "gzip")
	resets := h.resets.Load()
	resp, err := h.roundTrip(req)
	if err != nil {
		e := failure(ctx, err, fault.Reset)
		if e.Cause == fault.Malformed && h.resets.Load() != resets {
			e.Cause, e.Status = fault.Reset, fault.Reset.Status() // half a header line is no malformed one
		}
		return e
	}
	defer resp.Body.Close()
	if c.MaxBody <= 0 {
		c.MaxBody = DefaultMaxBody
	}
	refusal := refused(resp)
	if refusal != nil && c.Refused == nil {
		return refusal
	}
	if refusal == nil {
		if err := checkMediaType(resp.Header.Get("Content-Type"), c.MediaTypes); err != nil {
			return fault.New(fault.Malformed, err)
		}
	}
	body := getBuffer()
	defer body.put()
	if refusal != nil {
		c.MaxBody = min(c.MaxBody, maxRefusal)
	}
	idle := &idler{time.AfterFunc(h.idle, func() { hangUp(errIdle) }), h.idle}
	err = body.read(resp, c.MaxBody, idle)
	idle.Stop()
	if err != nil {
		if refusal != nil {
			return refusal // the status has said enough
		}
		e := failure(ctx, err, fault.Truncated)
		e.InBody = body.begun
		return e
	}
	if err := h.slots.Take(ctx); err != nil {
		return queued(ctx)
	}
	began := time.Now()
	defer func() { h.slots.Release(began) }()
	if refusal != nil {
		c.Refused(refusal, resp.Header, body.bytes)
		refusal.Status = refusal.Cause.Status()
		return refusal
	}
	look(ctx, body.bytes)
	return c.Decode(resp.Header, body.bytes)
}

// queued is the error of a body that was never decoded: the partner has answered in time, and
// it is our own want of processor time that lost the answer. Else overload would open the
// breakers of all partners, and outlast its cause.
func queued(ctx context.Context) *fault.Error {
	if e := contextFault(ctx); e.Cause != fault.Deadline {
		return e
	}
	return fault.Newf(fault.Overload, "no room to decode the answer before the deadline")
}

var errIdle = fault.Newf(fault.Deadline, "nothing more of the body for %s", BodyIdle)

// maxRefusal bounds the body of an error that is read for its words.
const maxRefusal = 64 << 10

// checkMediaType returns an error if an answer of that type is not what was asked for.
func checkMediaType(value string, good []string) error {
	if len(good) == 0 {
		return nil
	}
	kind, _, err := mime.ParseMediaType(value)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return errors.New("content type missing or unreadable")
	}
	for _, g := range good {
		_, sub, _ := strings.Cut(g, "/")
		if kind == g || strings.HasSuffix(kind, "+"+sub) {
			return nil
		}
	}
	return fmt.Errorf("content type %q", document.Clean(kind, 60))
}

// refused is the error that a status stands for, nil for 2xx.
func refused(resp *http.Response) *fault.Error {
	cause := StatusCause(resp.StatusCode)
	if cause == fault.None {
		return nil
	}
	e := fault.New(cause, nil)
	e.HTTPStatus = resp.StatusCode
	e.RetryAfter = RetryAfter(resp.Header.Get("Retry-After"), time.Now())
	return e
}

// StatusCause is what an HTTP status says, None for 2xx. Redirects are not followed.
func StatusCause(status int) fault.Cause {
	switch {
	case status == 0, status >= 200 && status < 300:
		return fault.None
	case status >= 300 && status < 400:
		return fault.Blocked
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return fault.Unauthorized
	case status == http.StatusTooManyRequests:
		return fault.HTTP429
	case status >= 500:
		return fault.HTTP5xx
	}
	return fault.HTTP4xx
}

// maxRetryAfter keeps a partner from pausing itself for longer than anyone believes;
// whoever pauses may use less.
const maxRetryAfter = time.Hour

// RetryAfter reads seconds (also with decimals), or an instant as an HTTP date or in
// RFC 3339, and returns 0 to one hour: negative and unreadable values are 0.
func RetryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	var d time.Duration
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		if !(seconds > 0) {
			return 0
		}
		d = time.Duration(min(seconds, maxRetryAfter.Seconds()) * float64(time.Second))
	} else if at, err := http.ParseTime(value); err == nil {
		d = at.Sub(now)
	} else if at := document.ParseInstant(value); !at.IsZero() {
		d = at.Sub(now)
	}
	return min(max(d, 0), maxRetryAfter)
}
