package partnersim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Server is a handler on a listener of its own. It can be taken down and up
// again on the same address, as partners do.
type Server struct {
	handler http.Handler
	addr    string

	mu     sync.Mutex // guards the fields below
	closed bool
	server *http.Server
	done   chan struct{} // closed when server has stopped serving
}

// Serve listens on addr, "127.0.0.1:0" for any free loopback port, and answers
// with h until ctx ends or Close.
func Serve(ctx context.Context, addr string, h http.Handler) (*Server, error) {
	s := &Server{handler: h, addr: addr}
	if err := s.Up(); err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, s.Close)
	return s, nil
}

// Addr is the address listened on, with the port that was found.
func (s *Server) Addr() string { return s.addr }

// URL is the base URL of the server.
func (s *Server) URL() string { return "http://" + s.addr }

// Up listens again after Down; it does nothing while listening. After Close it is http.ErrServerClosed.
func (s *Server) Up() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return http.ErrServerClosed
	case s.server != nil:
		return nil
	}
	l, err := net.Listen("tcp", s.addr)
	if err != nil {
		return fmt.Errorf("listen for a simulated partner: %w", err)
	}
	s.addr = l.Addr().String()
	server := &http.Server{Handler: s.handler, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	s.server, s.done = server, done
	go func() {
		defer close(done)
		if err := server.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
			l.Close() // nobody is left to accept: refuse, so that clients notice
		}
	}()
	return nil
}

// Down closes the listener and drops every connection at once: further
// connections are refused.
func (s *Server) Down() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down()
}

// down is called with mu held. Handlers are not waited for: their connections are
// gone and their contexts ended, so that they return on their own.
func (s *Server) down() {
	if s.server == nil {
		return
	}
	s.server.Close()
	<-s.done
	s.server = nil
}

// Close is Down for good.
func (s *Server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.down()
}
