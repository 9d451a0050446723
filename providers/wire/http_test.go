package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/admission"
	"fanfare/providers/fault"
)

func TestEgressRefusesWhatIsNotPublic(t *testing.T) {
	e := Egress{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}
	for addr, want := range map[string]bool{
		"127.0.0.1": true, "::ffff:127.0.0.1": true, "8.8.8.8": true, "2a00:1450:4001::1": true,
		"127.0.0.66": false, "10.1.2.3": false, "172.31.255.255": false, "192.168.0.1": false, "169.254.169.254": false, "100.64.0.1": false, "198.18.0.1": false,
		"0.0.0.0": false, "192.0.0.8": false, "192.0.2.1": false, "198.51.100.1": false, "203.0.113.1": false, "224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "::127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:169.254.169.254": false, "64:ff9b::a9fe:a9fe": false, "2002:7f00:1::": false, "2001::1": false,
		"fc00::1": false, "fd12::1": false, "fe80::1": false, "fe80::1%eth0": false, "ff02::1": false, "2001:db8::1": false,
	} {
		if got := e.Check(netip.MustParseAddr(addr)) == nil; got != want {
			t.Errorf("check(%s) allows = %v, want %v", addr, got, want)
		}
	}
}

// get makes a call and returns what Decode saw.
func get(t *testing.T, h *HTTP, url string) (string, error) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	var body string
	err = h.Do(t.Context(), Call{Request: req, Decode: func(_ http.Header, b []byte) error { body = string(b); return nil }})
	return body, err
}

func made(t *testing.T, cfg HTTPConfig) *HTTP {
	t.Helper()
	h, err := NewHTTP(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	return h
}

func causeOf(err error) fault.Cause {
	if err == nil {
		return fault.None
	}
	return fault.Of(err).Cause
}

func TestPrivateNetworkIsOneHostAndPort(t *testing.T) {
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello") })
	own, other := httptest.NewServer(answer), httptest.NewServer(answer)
	defer own.Close()
	defer other.Close()
	h := made(t, HTTPConfig{BaseURL: own.URL, AllowPrivateNetwork: true})
	if body, err := get(t, h, own.URL); body != "hello" || err != nil {
		t.Errorf("own host: %q, %v", body, err)
	}
	if _, err := get(t, h, other.URL); causeOf(err) != fault.Blocked {
		t.Errorf("another port: %v, want blocked", err)
	}
	allowed := made(t, HTTPConfig{BaseURL: own.URL, Egress: Egress{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	if _, err := get(t, allowed, other.URL); err != nil {
		t.Errorf("by the operator's list: %v", err)
	}
}

func TestConnectionsAreReused(t *testing.T) {
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello") }))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	h := made(t, HTTPConfig{BaseURL: server.URL, AllowPrivateNetwork: true})
	for range 20 {
		if _, err := get(t, h, server.URL); err != nil {
			t.Fatal(err)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections for 20 calls in a row, want 1", n)
	}
}

func TestTLSIsVerified(t *testing.T) {
	var called atomic.Int32
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { called.Add(1) }))
	defer server.Close()
	h := made(t, HTTPConfig{BaseURL: server.URL, AllowPrivateNetwork: true})
	if _, err := get(t, h, server.URL); causeOf(err) != fault.TLS || called.Load() != 0 {
		t.Errorf("unknown authority: %v, %d requests, want tls and none", err, called.Load())
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	url := "https" + plain.URL[len("http"):]
	if _, err := get(t, made(t, HTTPConfig{BaseURL: url, AllowPrivateNetwork: true}), url); causeOf(err) != fault.TLS {
		t.Errorf("no TLS at all: %v, want tls", err)
	}
	trusting := made(t, HTTPConfig{BaseURL: server.URL, AllowPrivateNetwork: true, TLS: server.Client().Transport.(*http.Transport).TLSClientConfig})
	if _, err := get(t, trusting, server.URL); err != nil || called.Load() != 1 {
		t.Errorf("known authority: %v", err)
	}
}

func TestDialFailures(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want fault.Cause
	}{
		"no such name": {&net.DNSError{Err: "no such host", Name: "x.test", IsNotFound: true}, fault.DNS},
		"stalled name": {&net.OpError{Op: "dial", Err: &net.DNSError{Err: "i/o timeout", IsTimeout: true}}, fault.DNS},
		"blackhole":    {&net.OpError{Op: "dial", Err: context.DeadlineExceeded}, fault.ConnectTimeout},
		"unreachable":  {&net.OpError{Op: "dial", Err: errors.New("no route to host")}, fault.Refused},
		"not allowed":  {&net.OpError{Op: "dial", Err: fault.New(fault.Blocked, nil)}, fault.Blocked},
	} {
		h := made(t, HTTPConfig{BaseURL: "http://x.test", Dial: func(context.Context, string, string) (net.Conn, error) { return nil, tt.err }})
		if _, err := get(t, h, "http://x.test/"); causeOf(err) != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2027, 3, 1, 10, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"3": 3 * time.Second, " 1.5 ": 1500 * time.Millisecond, "-5": 0, "": 0, "soon": 0, "NaN": 0, "1000000000": time.Hour, "1e400": 0, "Inf": time.Hour,
		"Mon, 01 Mar 2027 10:00:42 GMT": 42 * time.Second, "Mon, 01 Mar 2027 09:00:42 GMT": 0, "2027-03-01T10:01:00Z": time.Minute, "Wed, 01 Mar 2028 10:00:42 GMT": time.Hour,
	} {
		if got := RetryAfter(value, now); got != want {
			t.Errorf("RetryAfter(%q) = %v, want %v", value, got, want)
		}
	}
}

// TestRedirects: those declared, to the same host, and no others.
func TestRedirects(t *testing.T) {
	var leaked atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { leaked.Add(1) }))
	defer other.Close()
	var own *httptest.Server
	own = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Referer") != "" {
			t.Error("a Referer is sent")
		}
		switch r.URL.Path {
		case "/end":
			io.WriteString(w, r.Method+" "+string(body)+" "+r.Header.Get("X-Api-Key"))
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/away":
			http.Redirect(w, r, other.URL+"/end", http.StatusTemporaryRedirect)
		case "/scheme":
			http.Redirect(w, r, "https"+own.URL[4:]+"/end", http.StatusTemporaryRedirect)
		case "/user":
			http.Redirect(w, r, "http://a:b@"+own.URL[7:]+"/end", http.StatusTemporaryRedirect)
		default: // /307, /302, and /307/302: one after the other
			status, _ := strconv.Atoi(r.URL.Path[1:4])
			next := r.URL.Path[4:]
			if next == "" {
				next = "/end"
			}
			http.Redirect(w, r, next, status)
		}
	}))
	defer own.Close()
	for _, c := range []struct {
		method, path string
		declared     int
		want         string
	}{
		{"GET", "/302", 0, "blocked"}, {"GET", "/302", 1, "GET  canary"}, {"POST", "/307", 1, "POST asked canary"}, {"POST", "/308", 1, "POST asked canary"},
		{"POST", "/302", 1, "blocked"}, {"GET", "/307/302", 1, "blocked"}, {"GET", "/307/302", 2, "GET  canary"}, {"GET", "/loop", 99, "blocked"},
		{"POST", "/away", 2, "blocked"}, {"POST", "/scheme", 2, "blocked"}, {"GET", "/user", 2, "blocked"},
	} {
		h := made(t, HTTPConfig{BaseURL: own.URL, Redirects: c.declared, Egress: Egress{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
		var body io.Reader
		if c.method == "POST" {
			body = strings.NewReader("asked")
		}
		req, err := http.NewRequest(c.method, own.URL+c.path, body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Api-Key", "canary")
		got := ""
		if err := h.Do(t.Context(), Call{Request: req, Decode: func(_ http.Header, b []byte) error { got = string(b); return nil }}); err != nil {
			got = string(causeOf(err))
		}
		if got != c.want {
			t.Errorf("%s %s with %d redirects declared = %q, want %q", c.method, c.path, c.declared, got, c.want)
		}
	}
	if leaked.Load() > 0 {
		t.Error("credentials went to another host")
	}
}

// TestBodyIdle: a body that stops in its midst ends the call after a second; one that comes
// slowly does not.
func TestBodyIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			pause time.Duration
			want  fault.Cause
		}{{900 * time.Millisecond, fault.None}, {1100 * time.Millisecond, fault.Deadline}} {
			h := made(t, HTTPConfig{BaseURL: "http://x.test", Dial: func(context.Context, string, string) (net.Conn, error) {
				ours, theirs := net.Pipe()
				go func() {
					defer theirs.Close()
					theirs.Read(make([]byte, 4096))
					io.WriteString(theirs, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
					for range 4 {
						time.Sleep(c.pause)
						io.WriteString(theirs, "x")
					}
				}()
				return ours, nil
			}})
			start := time.Now()
			_, err := get(t, h, "http://x.test/")
			if causeOf(err) != c.want || c.want != fault.None && time.Since(start) != BodyIdle {
				t.Errorf("a byte every %s: %v after %s, want %q", c.pause, err, time.Since(start), c.want)
			}
			h.Close()
			time.Sleep(5 * time.Second)
		}
	})
}

func TestTheEndOfAContextSaysWhy(t *testing.T) {
	h := made(t, HTTPConfig{BaseURL: "http://x.test", Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	for name, tt := range map[string]struct {
		cause error
		want  fault.Cause
	}{"left": {nil, fault.Cancelled}, "given": {fault.New(fault.StillRunning, nil), fault.StillRunning}} {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(tt.cause)
		req, _ := http.NewRequest(http.MethodGet, "http://x.test/", nil)
		if err := h.Do(ctx, Call{Request: req}); causeOf(err) != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

// TestABodyThatIsNeverDecodedIsOurFault: its partner has answered in time.
func TestABodyThatIsNeverDecodedIsOurFault(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") }))
	defer s.Close()
	slots := admission.New(1, nil)
	if err := slots.Take(t.Context()); err != nil { // all of them
		t.Fatal(err)
	}
	h := made(t, HTTPConfig{BaseURL: s.URL, AllowPrivateNetwork: true, Slots: slots})
	for name, c := range map[string]struct {
		why  error // of the call's end, once its body waits
		want fault.Cause
	}{
		"deadline": {fault.Newf(fault.Deadline, "no answer in time"), fault.Overload},
		"left":     {nil, fault.Cancelled},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() {
			for slots.Waiting() == 0 {
				time.Sleep(time.Millisecond)
			}
			cancel(c.why)
		}()
		req, _ := http.NewRequest(http.MethodGet, s.URL, nil)
		err := h.Do(ctx, Call{Request: req, Decode: func(http.Header, []byte) error { t.Error("decoded"); return nil }})
		cancel(nil)
		if causeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if effect := fault.Overload.Effect(); effect != fault.Neither {
		t.Errorf("overload counts as %v for the partner", effect)
	}
}
