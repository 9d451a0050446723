// Package providertest is the suite that every protocol's client passes: what a
// partner's network and documents can do wrong, and the cause that each must be
// reported as. A new protocol starts by running it. Nothing here measures time.
package providertest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// Asker is a protocol's client of one partner.
type Asker interface {
	Capable(q travel.Query) fault.Cause
	Ask(ctx context.Context, q travel.Query) (travel.Answer, error)
}

// Protocol is what the suite must know of a protocol.
type Protocol struct {
	New         func(wire.Config) (Asker, error)
	Credentials map[string]string // any good ones; none may ever show in an error
	Query       travel.Query      // that the protocol can be asked
	Good        []byte            // an answer to Query that holds offers or rates
	Empty       []byte            // an answer that says there is nothing
	Error       []byte            // an error document, as it comes with status 200
	ContentType string
	// Login answers calls that come before the search, such as for a token; it tells
	// whether the request was one. nil without.
	Login func(w http.ResponseWriter, r *http.Request) bool
	// Both tells that the protocol covers flights and stays.
	Both bool
	// Options are those that a feed must declare, if there are any.
	Options map[string]string
}

// maxBody is small, so that huge bodies are cheap. Good must be within it.
const maxBody = 1 << 20

// one is a fault of a partner and how it must be reported.
type one struct {
	name   string
	answer http.HandlerFunc
	want   fault.Cause // None: no error
	check  func(t *testing.T, a travel.Answer, e *fault.Error)
}

// Run runs the suite against the protocol.
func Run(t *testing.T, p Protocol) {
	if len(p.Good) > maxBody {
		t.Fatalf("Good is %d bytes; at most %d", len(p.Good), maxBody)
	}
	cases := append(p.answers(), p.statuses()...)
	cases = append(cases, p.broken()...)
	cases = append(cases, p.oversized()...)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			server := p.serve(t, c.answer)
			a, err := p.client(t, server.URL, true).Ask(t.Context(), p.Query)
			p.judge(t, a, err, c.want)
			if c.check != nil && (err == nil) == (c.want == fault.None) {
				var e *fault.Error
				errors.As(err, &e)
				c.check(t, a, e)
			}
		})
	}
	t.Run("timeout", p.timeout)
	t.Run("timeout in the body", p.slowBody)
	t.Run("cancellation", p.cancellation)
	t.Run("redirect", p.redirect)
	t.Run("refused", p.refused)
	t.Run("private address", p.private)
	t.Run("configuration", p.configuration)
	t.Run("product", p.product)
	t.Run("concurrent", p.concurrent)
}

// serve starts a partner that logs us in and then answers.
func (p Protocol) serve(t *testing.T, answer http.HandlerFunc) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.Login != nil && p.Login(w, r) {
			return
		}
		io.Copy(io.Discard, r.Body) // so that the end of the connection is seen
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return server
}

func (p Protocol) client(t *testing.T, url string, private bool) Asker {
	t.Helper()
	h, err := wire.NewHTTP(wire.HTTPConfig{BaseURL: url, AllowPrivateNetwork: private})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	c, err := p.New(wire.Config{Name: "albatross", BaseURL: url, Credentials: p.Credentials, Options: p.Options, HTTP: h, MaxBody: maxBody})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// judge checks what holds of every outcome.
func (p Protocol) judge(t *testing.T, a travel.Answer, err error, want fault.Cause) {
	t.Helper()
	sum := a.OffersKept()
	for _, n := range a.Drops {
		sum += n
	}
	if a.OffersIn != sum {
		t.Errorf("offers in = %d, kept and dropped = %d", a.OffersIn, sum)
	}
	if want == fault.None {
		if err != nil {
			t.Fatalf("Ask() = %v, want an answer", err)
		}
		return
	}
	var e *fault.Error
	if !errors.As(err, &e) {
		t.Fatalf("Ask() = %v, want a *fault.Error", err)
	}
	if e.Cause != want {
		t.Fatalf("Ask() = %v, want cause %s", err, want)
	}
	if e.Status != want.Status() || e.Partner != "albatross" || e.Op == "" {
		t.Errorf("error has status %q, partner %q, op %q", e.Status, e.Partner, e.Op)
	}
	if a.OffersKept() > 0 {
		t.Errorf("%d offers beside an error", a.OffersKept())
	}
	for key, secret := range p.Credentials {
		if strings.Contains(err.Error()+e.Detail, secret) {
			t.Errorf("the error shows credentials.%s: %v", key, err)
		}
	}
	if strings.Contains(err.Error(), "http://") {
		t.Errorf("the error shows a URL: %v", err)
	}
}

// send answers with a document.
func (p Protocol) send(body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", p.ContentType)
		w.Write(body)
	}
}

// status answers with a status and no document.
func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		io.WriteString(w, "<html>no</html>")
	}
}

func (p Protocol) answers() []one {
	holds := func(t *testing.T, a travel.Answer, _ *fault.Error) {
		if a.OffersKept() == 0 {
			t.Errorf("nothing kept: drops %v", a.Drops)
		}
	}
	return []one{
		{"good answer", p.send(p.Good), fault.None, holds},
		{"good answer, compressed", p.gzipped(squeeze(p.Good)), fault.None, holds},
		{"good answer, chunked", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", p.ContentType+"; charset=utf-8")
			w.Write(p.Good[:len(p.Good)/2])
			w.(http.Flusher).Flush()
			w.Write(p.Good[len(p.Good)/2:])
		}, fault.None, holds},
		{"empty answer", p.send(p.Empty), fault.None, func(t *testing.T, a travel.Answer, _ *fault.Error) {
			if a.OffersIn != 0 || a.OffersKept() != 0 {
				t.Errorf("%d offers in an empty answer", a.OffersIn)
			}
		}},
		{"error document", p.send(p.Error), fault.PartnerError, func(t *testing.T, _ travel.Answer, e *fault.Error) {
			if e.Detail == "" || len(e.Detail) > 1024 {
				t.Errorf("detail of %d bytes", len(e.Detail))
			}
		}},
		{"error document with a status of its own", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", p.ContentType)
			w.WriteHeader(http.StatusInternalServerError)
			w.Write(p.Error)
		}, fault.HTTP5xx, func(t *testing.T, _ travel.Answer, e *fault.Error) {
			if e.Detail == "" {
				t.Error("the partner's words are lost")
			}
		}},
	}
}

func (p Protocol) statuses() []one {
	after := func(low, high time.Duration) func(*testing.T, travel.Answer, *fault.Error) {
		return func(t *testing.T, _ travel.Answer, e *fault.Error) {
			if e.HTTPStatus != http.StatusTooManyRequests || e.RetryAfter < low || e.RetryAfter > high {
				t.Errorf("HTTP status %d, retry after %v, want %v to %v", e.HTTPStatus, e.RetryAfter, low, high)
			}
		}
	}
	date := time.Now().Add(30 * time.Minute).UTC().Format(http.TimeFormat)
	return []one{
		{"400", status(400), fault.HTTP4xx, nil},
		{"401", status(401), fault.Unauthorized, nil},
		{"403", status(403), fault.Unauthorized, nil},
		{"404", status(404), fault.HTTP4xx, nil},
		{"500", status(500), fault.HTTP5xx, func(t *testing.T, _ travel.Answer, e *fault.Error) {
			if e.HTTPStatus != 500 {
				t.Errorf("HTTP status = %d, want 500", e.HTTPStatus)
			}
		}},
		{"503", status(503), fault.HTTP5xx, nil},
		{"429", status(429, "Retry-After", "3"), fault.HTTP429, after(3*time.Second, 3*time.Second)},
		{"429 with a date", status(429, "Retry-After", date), fault.HTTP429, after(time.Minute, 30*time.Minute)},
		{"429 of the past", status(429, "Retry-After", "-5"), fault.HTTP429, after(0, 0)},
		{"429 for ever", status(429, "Retry-After", "1000000000"), fault.HTTP429, after(time.Minute, time.Hour)},
		{"429 without a word", status(429), fault.HTTP429, after(0, 0)},
	}
}

func (p Protocol) broken() []one {
	return []one{
		{"wrong content type", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Write(p.Good)
		}, fault.Malformed, nil},
		{"page instead of a document", p.send([]byte("<!doctype html><title>Welcome</title>")), fault.Malformed, nil},
		{"nothing at all", p.send(nil), fault.Malformed, nil},
		{"byte order mark and no more", p.send([]byte("\ufeff")), fault.Malformed, nil},
		{"half a document", p.send(p.Good[:len(p.Good)/2]), fault.Malformed, nil},
		{"two documents", p.send(append(bytes.Clone(p.Good), p.Good...)), fault.Malformed, nil},
		{"no content", status(204), fault.Malformed, nil},
		{"truncated body", p.cut(func(c net.Conn) {
			io.WriteString(c, "Content-Length: "+strconv.Itoa(len(p.Good))+"\r\n\r\n")
			c.Write(p.Good[:len(p.Good)*6/10])
		}), fault.Truncated, nil},
		{"truncated chunks", p.cut(func(c net.Conn) {
			io.WriteString(c, "Transfer-Encoding: chunked\r\n\r\n"+strconv.FormatInt(int64(len(p.Good)), 16)+"\r\n")
			c.Write(p.Good)
			io.WriteString(c, "\r\n") // whole, but for the chunk that ends it
		}), fault.Truncated, nil},
		{"truncated compression", p.gzipped(squeeze(p.Good)[:40]), fault.Truncated, nil},
		{"broken compression", p.gzipped([]byte("this is no gzip at all")), fault.Malformed, nil},
		{"compressed twice", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip, gzip")
			p.send(squeeze(squeeze(p.Good)))(w, r)
		}, fault.Malformed, nil},
		{"reset in the body", func(w http.ResponseWriter, r *http.Request) {
			c := hijack(w)
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: "+p.ContentType+"\r\nContent-Length: "+strconv.Itoa(len(p.Good))+"\r\n\r\n")
			c.Write(p.Good[:len(p.Good)/2])
			reset(c)
		}, fault.Reset, nil},
		{"hung up before the answer", func(w http.ResponseWriter, r *http.Request) { hijack(w).Close() }, fault.Reset, nil},
		{"reset before the answer", func(w http.ResponseWriter, r *http.Request) { reset(hijack(w)) }, fault.Reset, nil},
	}
}

func (p Protocol) oversized() []one {
	space := bytes.Repeat([]byte(" "), 64<<10)
	return []one{
		{"huge body, announced", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(64<<20))
			p.send(space)(w, r)
		}, fault.TooLarge, nil},
		{"huge body, endless", func(w http.ResponseWriter, r *http.Request) {
			for err := error(nil); err == nil; _, err = w.Write(space) {
				w.Header().Set("Content-Type", p.ContentType)
			}
		}, fault.TooLarge, nil},
		{"huge body, compressed", p.gzipped(squeeze(bytes.Repeat(p.Good, 2+maxBody/len(p.Good)))), fault.TooLarge, nil},
		{"compression bomb", p.gzipped(squeeze(make([]byte, 32<<20))), fault.TooLarge, nil},
		{"huge headers", func(w http.ResponseWriter, r *http.Request) {
			for i := range 100 {
				w.Header().Set("X-Filler-"+strconv.Itoa(i), strings.Repeat("x", 1000))
			}
			p.send(p.Good)(w, r)
		}, fault.TooLarge, nil},
		{"deep document", p.send([]byte(strings.Repeat(`{"data":[`, 10_000))), fault.Malformed, nil},
	}
}

// gzipped answers with bytes that claim to be compressed.
func (p Protocol) gzipped(body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "gzip" {
			http.Error(w, "gzip was not asked for", http.StatusNotAcceptable)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		p.send(body)(w, r)
	}
}

func squeeze(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

// cut answers with the headers of a good answer, whatever write adds, and hangs up.
func (p Protocol) cut(write func(net.Conn)) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		c := hijack(w)
		defer c.Close()
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: "+p.ContentType+"\r\n")
		write(c)
	}
}

func hijack(w http.ResponseWriter) net.Conn {
	c, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	return c
}

func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	c.Close()
}

func (p Protocol) timeout(t *testing.T) {
	server := p.serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, errors.New("partner deadline"))
	defer cancel()
	a, err := p.client(t, server.URL, true).Ask(ctx, p.Query)
	p.judge(t, a, err, fault.Deadline)
}

func (p Protocol) slowBody(t *testing.T) {
	server := p.serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", p.ContentType)
		w.Write(p.Good[:1])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	a, err := p.client(t, server.URL, true).Ask(ctx, p.Query)
	p.judge(t, a, err, fault.Deadline)
}

func (p Protocol) cancellation(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := p.serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done() // the end of our connection reaches the partner
	})
	a, err := p.client(t, server.URL, true).Ask(ctx, p.Query)
	p.judge(t, a, err, fault.Left)
}

func (p Protocol) redirect(t *testing.T) {
	var followed atomic.Int32
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	t.Cleanup(target.Close)
	for _, code := range []int{301, 302, 307, 308} {
		server := p.serve(t, status(code, "Location", target.URL))
		a, err := p.client(t, server.URL, true).Ask(t.Context(), p.Query)
		p.judge(t, a, err, fault.Blocked)
	}
	if n := followed.Load(); n != 0 {
		t.Errorf("%d redirects were followed", n)
	}
}

func (p Protocol) refused(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	a, err := p.client(t, server.URL, true).Ask(t.Context(), p.Query)
	p.judge(t, a, err, fault.Refused)
}

func (p Protocol) private(t *testing.T) {
	var called atomic.Int32
	server := p.serve(t, func(http.ResponseWriter, *http.Request) { called.Add(1) })
	a, err := p.client(t, server.URL, false).Ask(t.Context(), p.Query)
	p.judge(t, a, err, fault.Blocked)
	if called.Load() != 0 {
		t.Error("a private address was reached")
	}
}

// configuration: New names everything that is missing or unknown, all at once.
func (p Protocol) configuration(t *testing.T) {
	h, err := wire.NewHTTP(wire.HTTPConfig{BaseURL: "http://127.0.0.1:9"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.New(wire.Config{Name: "albatross", BaseURL: "ftp://x", HTTP: h,
		Credentials: map[string]string{"no_such_credential": "x"}, Options: map[string]string{"no_such_option": "x"}})
	if err == nil {
		t.Fatal("New accepted a configuration without credentials")
	}
	want := []string{"base_url", "no_such_credential", "no_such_option"}
	for key := range p.Credentials {
		want = append(want, "credentials."+key)
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("New() = %v, want a complaint about %s", err, w)
		}
	}
}

func (p Protocol) product(t *testing.T) {
	c := p.client(t, "http://127.0.0.1:9", true)
	if got := c.Capable(p.Query); got != fault.None {
		t.Errorf("Capable(its own query) = %q", got)
	}
	other := travel.Query{Product: travel.Hotels}
	if p.Query.Product == travel.Hotels {
		other.Product = travel.Flights
	}
	if p.Both {
		return
	}
	if got := c.Capable(other); got != fault.Product {
		t.Errorf("Capable(another product) = %q, want product", got)
	}
}

// concurrent: pooled buffers and readers of calls at the same time never mix.
func (p Protocol) concurrent(t *testing.T) {
	c := p.client(t, p.serve(t, p.send(p.Good)).URL, true)
	const calls = 16
	kept := make(chan int, calls)
	for range calls {
		go func() {
			a, err := c.Ask(t.Context(), p.Query)
			if err != nil {
				t.Error(err)
			}
			kept <- a.OffersKept()
		}()
	}
	first := <-kept
	for range calls - 1 {
		if n := <-kept; n != first || n == 0 {
			t.Errorf("one call kept %d, another %d", first, n)
		}
	}
}
