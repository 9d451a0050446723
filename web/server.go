package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// The time-outs of a listener (docs/reliability.md 3). The one for reading ends with the
// request: net/http lifts it before it listens for a client that leaves. Writing is
// bounded by what a client may wait for; streams roll a deadline of their own.
const (
	headerTimeout = 2 * time.Second
	bodyTimeout   = 5 * time.Second
	idleTimeout   = 60 * time.Second
	maxHeader     = 16 << 10

	drainTimeout = 12 * time.Second // with the grace: 15 s
)

// Server is a listener with its drain.
type Server struct {
	listener net.Listener
	http     *http.Server
	draining chan struct{}
	activity activity
	log      *slog.Logger

	announced atomic.Bool // somebody tells clients of draining
}

// Listen opens addr. maxWait is the longest that an answer may be waited for.
func Listen(addr string, maxWait time.Duration, conns Connections, log *slog.Logger) (*Server, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", addr, err)
	}
	return newServer(l, maxWait, conns, log), nil
}

func newServer(l net.Listener, maxWait time.Duration, conns Connections, log *slog.Logger) *Server {
	return &Server{
		listener: newBounded(l, maxConns, conns), draining: make(chan struct{}), log: log,
		http: &http.Server{
			ConnContext:       markHealth,
			ReadHeaderTimeout: headerTimeout,
			ReadTimeout:       headerTimeout + bodyTimeout,
			WriteTimeout:      maxWait + 12*time.Second,
			IdleTimeout:       idleTimeout,
			MaxHeaderBytes:    maxHeader - 4096, // net/http adds 4 KiB of slack
			ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		},
	}
}

// Addr is the address that is listened on.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Draining ends when the server begins to drain. Whoever takes it can tell clients
// that the server is no longer ready, so there is a grace for them to notice.
func (s *Server) Draining() <-chan struct{} {
	s.announced.Store(true)
	return s.draining
}

// Serve answers with h until ctx ends, and then drains: not ready at once, new
// requests for a few seconds more, those in flight to their end. A nil error is a
// clean end. It is called once.
func (s *Server) Serve(ctx context.Context, h http.Handler) error {
	s.http.Handler = s.activity.watch(reserve(h))
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(s.listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	close(s.draining)
	s.log.Info("draining")
	s.grace()
	shutdown, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	err := s.http.Shutdown(shutdown)
	if errors.Is(err, context.DeadlineExceeded) {
		err = errors.Join(err, s.http.Close())
	}
	if e := <-failed; !errors.Is(e, http.ErrServerClosed) {
		err = errors.Join(err, e)
	}
	return err
}
