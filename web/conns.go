package web

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"sync"

	"fanfare/web/api"
)

const (
	// maxConns is how many connections are open at once (docs/reliability.md); beyond it clients
	// wait in the kernel's queue.
	maxConns = 2000
	// healthConns of them are kept for health checks: when all others are taken, only /healthz and
	// /readyz are answered, so that a balancer does not take a busy server for a dead one.
	healthConns = 32
)

// Connections bounds what one address may have open.
type Connections struct {
	PerAddress int            // 0 is no bound; an IPv6 address counts by its /64
	Exempt     []netip.Prefix // proxies, which speak for many; loopback is always exempt
}

// bounded is a listener with at most cap(open) connections at once, cap(health) more that are for
// health checks, and a bound for each address.
type bounded struct {
	net.Listener
	limit        Connections
	open, health chan struct{}
	closed       chan struct{}
	once         sync.Once

	mu        sync.Mutex // guards addresses
	addresses map[netip.Prefix]int
}

func newBounded(l net.Listener, most int, limit Connections) *bounded {
	health := min(healthConns, most/2)
	return &bounded{
		Listener: l, limit: limit, open: make(chan struct{}, most-health), health: make(chan struct{}, health),
		closed: make(chan struct{}), addresses: map[netip.Prefix]int{},
	}
}

// Accept waits for a connection, and for room for it. One beyond its address's bound is closed.
func (b *bounded) Accept() (net.Conn, error) {
	for {
		room, err := b.room()
		if err != nil {
			return nil, err
		}
		c, err := b.Listener.Accept()
		if err != nil {
			<-room
			return nil, err
		}
		room = b.ordinary(room)
		leave, ok := b.enter(c.RemoteAddr())
		if !ok {
			_ = c.Close() // nothing was said on it
			<-room
			continue
		}
		return &countedConn{Conn: c, forHealth: room == b.health, leave: sync.OnceFunc(func() { leave(); <-room })}, nil
	}
}

// room takes a place for a connection, an ordinary one if there is one.
func (b *bounded) room() (chan struct{}, error) {
	select {
	case b.open <- struct{}{}:
		return b.open, nil
	default:
	}
	select {
	case b.open <- struct{}{}:
		return b.open, nil
	case b.health <- struct{}{}:
		return b.health, nil
	case <-b.closed:
		return nil, net.ErrClosed
	}
}

// ordinary returns an ordinary place in exchange for the one taken, if there is one now: Accept may
// have waited long for the connection.
func (b *bounded) ordinary(room chan struct{}) chan struct{} {
	if room != b.health {
		return room
	}
	select {
	case b.open <- struct{}{}:
		<-b.health
		return b.open
	default:
		return b.health
	}
}

// enter counts a connection of the address, and reports whether it may be served.
func (b *bounded) enter(addr net.Addr) (leave func(), ok bool) {
	key, counts := b.counted(addr)
	if !counts {
		return func() {}, true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.addresses[key] >= b.limit.PerAddress {
		return nil, false
	}
	b.addresses[key]++
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.addresses[key]--; b.addresses[key] == 0 {
			delete(b.addresses, key)
		}
	}, true
}

// counted returns what an address counts as, and whether it counts at all.
func (b *bounded) counted(addr net.Addr) (key netip.Prefix, counts bool) {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || b.limit.PerAddress <= 0 {
		return key, false
	}
	ip := tcp.AddrPort().Addr().Unmap()
	if ip.IsLoopback() {
		return key, false
	}
	for _, p := range b.limit.Exempt {
		if p.Contains(ip) {
			return key, false
		}
	}
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	key, err := ip.WithZone("").Prefix(bits)
	return key, err == nil
}

// Close ends Accept too where it waits for room.
func (b *bounded) Close() error {
	b.once.Do(func() { close(b.closed) })
	return b.Listener.Close()
}

type countedConn struct {
	net.Conn
	forHealth bool
	leave     func()
}

func (c *countedConn) Close() error {
	err := c.Conn.Close()
	c.leave()
	return err
}

// healthOnly is where a request's context says that its connection is for health checks.
type healthOnly struct{}

// markHealth marks the context of a connection that is for health checks.
func markHealth(ctx context.Context, c net.Conn) context.Context {
	if counted, ok := c.(*countedConn); ok && counted.forHealth {
		return context.WithValue(ctx, healthOnly{}, true)
	}
	return ctx
}

// reserve answers on connections that are for health checks nothing else.
func reserve(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Context().Value(healthOnly{}) == nil {
			h.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Connection", "close")
		if r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
			h.ServeHTTP(w, r)
			return
		}
		api.WriteOverloaded(w)
	})
}
