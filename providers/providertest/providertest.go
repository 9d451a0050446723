// Package providertest is the suite that every protocol's client passes: what a
// partner's network and documents can do wrong, and the cause that each must be
// reported as. A new protocol starts by running it. Nothing here measures time.
package providertest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/faultinject"
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
	// Login answers calls that come before the search, such as for a token; it reports
	// whether the request was one. nil without.
	Login func(w http.ResponseWriter, r *http.Request) bool
	// Both is whether the protocol covers flights and stays.
	Both bool
	// Options are those that a feed must declare, if there are any.
	Options map[string]string
}

// maxBody is small, so that huge bodies are cheap. Good must be within it.
const maxBody = 1 << 20

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
			server := p.serve(t, c.fault)
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

// serve starts a partner that logs us in and then answers with the fault.
func (p Protocol) serve(t *testing.T, f faultinject.Fault) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.Login != nil && p.Login(w, r) {
			return
		}
		io.Copy(io.Discard, r.Body) // so that the end of the connection is seen
		f(w, r, p.good())
	}))
	t.Cleanup(server.Close)
	return server
}

func (p Protocol) client(t *testing.T, url string, private bool) Asker {
	t.Helper()
	h, err := wire.NewHTTP(wire.HTTPConfig{BaseURL: url, AllowPrivateNetwork: private, RelaxedTimeouts: true})
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
	if a.OffersKept() > 0 && !e.Partial {
		t.Errorf("%d offers beside an error of the whole question", a.OffersKept())
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

func (p Protocol) timeout(t *testing.T) {
	server := p.serve(t, faultinject.Hang)
	ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, errors.New("partner deadline"))
	defer cancel()
	a, err := p.client(t, server.URL, true).Ask(ctx, p.Query)
	p.judge(t, a, err, fault.Deadline)
}

func (p Protocol) slowBody(t *testing.T) {
	server := p.serve(t, faultinject.HangInBody(1))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	a, err := p.client(t, server.URL, true).Ask(ctx, p.Query)
	p.judge(t, a, err, fault.Deadline)
}

func (p Protocol) cancellation(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := p.serve(t, func(w http.ResponseWriter, r *http.Request, good faultinject.Answer) {
		cancel()
		faultinject.Hang(w, r, good) // the end of our connection reaches the partner
	})
	a, err := p.client(t, server.URL, true).Ask(ctx, p.Query)
	p.judge(t, a, err, fault.Cancelled)
}

func (p Protocol) redirect(t *testing.T) {
	var followed atomic.Int32
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	t.Cleanup(target.Close)
	for _, code := range []int{301, 302, 307, 308} {
		server := p.serve(t, faultinject.Redirect(code, func(*http.Request) string { return target.URL }))
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
	server := p.serve(t, func(http.ResponseWriter, *http.Request, faultinject.Answer) { called.Add(1) })
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
	c := p.client(t, p.serve(t, faultinject.Send).URL, true)
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
