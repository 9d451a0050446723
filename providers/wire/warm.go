package wire

import (
	"context"
	"net"
	"net/url"
	"sync"
	"time"
)

// warmFor is how long a connection opened ahead may wait for its first call: less than the
// minute after which common servers hang up on a silent client.
const warmFor = 30 * time.Second

// warmConn holds one connection that was opened before it was needed. net/http cannot be asked to
// connect without a request, and a request would cost the partner a search.
type warmConn struct {
	mu   sync.Mutex // guards the fields below
	conn net.Conn
	at   time.Time
}

// Warm opens a connection to the partner, handshake included, for the first call to come: it
// then costs one round trip and not three. Its address is checked like any other. A partner
// that cannot be reached now is found out by a call.
func (h *HTTP) Warm(ctx context.Context) error {
	address := hostPort(h.base)
	dial := h.connect
	if u, err := url.Parse(h.base); err == nil && u.Scheme == "https" {
		dial = h.connectTLS
	}
	conn, err := dial(ctx, "tcp", address)
	if err != nil {
		return err
	}
	h.warmConn.mu.Lock()
	defer h.warmConn.mu.Unlock()
	if h.warmConn.conn != nil {
		h.warmConn.conn.Close()
	}
	h.warmConn.conn, h.warmConn.at = conn, time.Now()
	return nil
}

// take hands out the connection opened ahead, if it is for the address and still young.
func (a *warmConn) take(address, base string) net.Conn {
	if address != hostPort(base) {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	conn := a.conn
	a.conn = nil
	if conn != nil && time.Since(a.at) > warmFor {
		conn.Close()
		return nil
	}
	return conn
}

func (a *warmConn) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.conn != nil {
		a.conn.Close()
		a.conn = nil
	}
}
