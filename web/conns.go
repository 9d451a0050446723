package web

import (
	"net"
	"sync"
)

// maxConns is how many connections are open at once (reliability (b)); beyond,
// clients wait in the kernel's queue.
const maxConns = 2000

// bounded is a listener with at most cap(open) connections at once.
type bounded struct {
	net.Listener
	open   chan struct{}
	closed chan struct{}
	once   sync.Once
}

func newBounded(l net.Listener, most int) *bounded {
	return &bounded{Listener: l, open: make(chan struct{}, most), closed: make(chan struct{})}
}

// Accept waits for a connection, and for room for it.
func (b *bounded) Accept() (net.Conn, error) {
	select {
	case b.open <- struct{}{}:
	case <-b.closed:
		return nil, net.ErrClosed
	}
	c, err := b.Listener.Accept()
	if err != nil {
		<-b.open
		return nil, err
	}
	return &countedConn{Conn: c, leave: sync.OnceFunc(func() { <-b.open })}, nil
}

// Close ends Accept too where it waits for room.
func (b *bounded) Close() error {
	b.once.Do(func() { close(b.closed) })
	return b.Listener.Close()
}

type countedConn struct {
	net.Conn
	leave func()
}

func (c *countedConn) Close() error {
	err := c.Conn.Close()
	c.leave()
	return err
}
