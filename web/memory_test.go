package web_test

import (
	"bufio"
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"fanfare/web"
)

// memory is a listener whose connections are pipes, so that a real server runs in a
// bubble: deadlines of pipes are of the bubble's time.
type memory struct {
	conns  chan net.Conn
	addr   net.Addr
	closed chan struct{}
	once   sync.Once
}

func newMemory() *memory {
	return &memory{addr: loopback, conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (m *memory) Accept() (net.Conn, error) {
	select {
	case c := <-m.conns:
		return c, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error   { m.once.Do(func() { close(m.closed) }); return nil }
func (m *memory) Addr() net.Addr { return m.addr }

var loopback = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}

type pipe struct{ net.Conn }

func (pipe) RemoteAddr() net.Addr { return loopback }
func (pipe) LocalAddr() net.Addr  { return loopback }

func (m *memory) dial(ctx context.Context) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case m.conns <- pipe{server}:
		return client, nil
	case <-m.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// served is a bench behind a real server.
type served struct {
	*bench
	memory *memory
	client *http.Client
	stop   func() // begins the drain
	ended  chan error
}

func serve(t *testing.T, partners ...*partner) *served {
	b := newBench(t, noConfig, partners...)
	s := &served{bench: b, memory: newMemory(), ended: make(chan error, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	server := web.NewServerOn(s.memory, maxWait, web.Connections{}, slog.New(slog.DiscardHandler))
	go func() { // the API was given the bench's channel
		<-server.Draining()
		b.drain()
	}()
	s.stop = cancel
	go func() { s.ended <- server.Serve(ctx, b.engine) }()
	transport := &http.Transport{
		DialContext:        func(ctx context.Context, _, _ string) (net.Conn, error) { return s.memory.dial(ctx) },
		DisableCompression: true,
	}
	s.client = &http.Client{Transport: transport}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		cancel()
		if err := <-s.ended; err != nil {
			t.Errorf("Serve = %v, want a clean end", err)
		}
		b.drain()
	})
	return s
}

// get is a GET over the wire.
func (s *served) get(path string) (*http.Response, error) {
	return s.client.Get("http://fanfare.test" + path)
}

// raw opens a connection to write to by hand.
func (s *served) raw() (net.Conn, *bufio.Reader) {
	s.t.Helper()
	c, err := s.memory.dial(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	return c, bufio.NewReader(c)
}

func since(start time.Time) time.Duration { return time.Since(start).Round(time.Millisecond) }
