package web

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"testing"
)

// dialled is a listener that accepts a connection from each of the addresses.
type dialled chan string

func (d dialled) Accept() (net.Conn, error) {
	text, ok := <-d
	if !ok {
		return nil, net.ErrClosed
	}
	client, server := net.Pipe()
	go func() { _, _ = io.Copy(io.Discard, client) }() // until the server's end is closed
	return fromAddress{server, net.TCPAddrFromAddrPort(netip.MustParseAddrPort(text))}, nil
}

func (dialled) Close() error   { return nil }
func (dialled) Addr() net.Addr { return &net.TCPAddr{} }

type fromAddress struct {
	net.Conn
	addr net.Addr
}

func (c fromAddress) RemoteAddr() net.Addr { return c.addr }

// accepted returns how many of the connections were accepted, and those.
func accepted(b *bounded, d dialled, addresses ...string) (all []net.Conn) {
	go func() {
		for _, a := range addresses {
			d <- a
		}
		d <- "127.0.0.1:1" // the end
	}()
	for {
		c, err := b.Accept()
		if err != nil {
			panic(err)
		}
		if c.RemoteAddr().(*net.TCPAddr).IP.IsLoopback() {
			_ = c.Close()
			return all
		}
		all = append(all, c)
	}
}

func TestConnectionsAreBoundedByAddress(t *testing.T) {
	d := make(dialled)
	b := newBounded(d, 100, Connections{PerAddress: 2, Exempt: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
	first := accepted(b, d, "203.0.113.5:1", "203.0.113.5:2", "203.0.113.5:3", "[::ffff:203.0.113.5]:4", "203.0.113.6:1")
	if len(first) != 3 {
		t.Fatalf("%d accepted, want two of one address and one of another", len(first))
	}
	if n := len(accepted(b, d, "[2001:db8::1]:1", "[2001:db8::2]:1", "[2001:db8::3]:1", "[2001:db8:0:1::1]:1")); n != 3 {
		t.Errorf("%d accepted of IPv6, want two of one /64 and one of another", n)
	}
	if n := len(accepted(b, d, "10.0.0.1:1", "10.0.0.1:2", "10.0.0.1:3")); n != 3 {
		t.Errorf("%d accepted of a proxy, want all", n)
	}
	if err := first[0].Close(); err != nil {
		t.Fatal(err)
	}
	_ = first[0].Close() // counts once
	if n := len(accepted(b, d, "203.0.113.5:5", "203.0.113.5:6")); n != 1 {
		t.Errorf("%d accepted after one was closed, want 1", n)
	}
}

// When all ordinary connections are taken, the ones that are kept answer health checks only.
func TestConnectionsAreKeptForHealthChecks(t *testing.T) {
	d := make(dialled)
	b := newBounded(d, 4, Connections{})
	var all []*countedConn
	go func() {
		for range 4 {
			d <- "203.0.113.5:1"
		}
	}()
	for range 4 {
		c, err := b.Accept()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c.(*countedConn))
	}
	if all[1].forHealth || !all[2].forHealth || !all[3].forHealth {
		t.Fatalf("for health checks: %v %v %v %v; want the last two", all[0].forHealth, all[1].forHealth, all[2].forHealth, all[3].forHealth)
	}
	ok := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	for _, test := range []struct {
		path string
		conn *countedConn
		want int
		last bool
	}{{"/healthz", all[3], 200, true}, {"/readyz", all[3], 200, true}, {"/v1/flights", all[3], 503, true}, {"/v1/flights", all[0], 200, false}} {
		r := httptest.NewRequest(http.MethodGet, test.path, nil)
		r = r.WithContext(markHealth(r.Context(), test.conn))
		w := httptest.NewRecorder()
		reserve(ok).ServeHTTP(w, r)
		if w.Code != test.want || (w.Header().Get("Connection") == "close") != test.last {
			t.Errorf("%s = %d, Connection %q; want %d, the last %v", test.path, w.Code, w.Header().Get("Connection"), test.want, test.last)
		}
		if test.want == 503 && w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s answers %s", test.path, w.Header().Get("Content-Type"))
		}
	}
	_ = all[0].Close()
	go func() { d <- "203.0.113.5:2" }()
	if c, err := b.Accept(); err != nil || c.(*countedConn).forHealth {
		t.Errorf("after one was closed the next is kept for health checks (%v)", err)
	}
}

// A place for health checks that Accept had taken in advance is not used once an ordinary one is
// free.
func TestAHealthConnectionIsTakenOnlyWhileAllOthersAre(t *testing.T) {
	d := make(dialled)
	b := newBounded(d, 4, Connections{})
	next := func() *countedConn {
		c, err := b.Accept()
		if err != nil {
			t.Error(err)
			return nil
		}
		return c.(*countedConn)
	}
	go func() { d <- "203.0.113.5:1"; d <- "203.0.113.5:2" }()
	first, second := next(), next()
	waiting := make(chan *countedConn)
	go func() { waiting <- next() }()
	for len(b.health) == 0 { // Accept has taken its place
		runtime.Gosched()
	}
	_, _ = first.Close(), second.Close()
	d <- "203.0.113.5:3"
	third := <-waiting
	if third.forHealth {
		t.Error("a connection is kept for health checks while no other one is open")
	}
	_ = third.Close()
	if len(b.open) != 0 || len(b.health) != 0 {
		t.Errorf("%d and %d places are taken after the last was closed", len(b.open), len(b.health))
	}
}
