package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// The time-outs of a listener (reliability (b)). Writing is bounded by what a client
// may wait for; streams roll a deadline of their own.
const (
	headerTimeout = 2 * time.Second
	bodyTimeout   = 5 * time.Second
	idleTimeout   = 60 * time.Second
	maxHeader     = 16 << 10
	maxURL        = 4 << 10

	notReadyGrace = 3 * time.Second  // so that balancers stop sending before we stop answering
	drainTimeout  = 12 * time.Second // with the grace: 15 s
)

// Server is a listener with its drain.
type Server struct {
	listener net.Listener
	http     *http.Server
	draining chan struct{}
	once     sync.Once
	log      *slog.Logger
}

// Listen opens addr. maxWait is the longest that an answer may be waited for.
func Listen(addr string, maxWait time.Duration, log *slog.Logger) (*Server, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", addr, err)
	}
	return &Server{
		listener: l, draining: make(chan struct{}), log: log,
		http: &http.Server{
			ReadHeaderTimeout: headerTimeout,
			ReadTimeout:       headerTimeout + bodyTimeout,
			WriteTimeout:      maxWait + 12*time.Second,
			IdleTimeout:       idleTimeout,
			MaxHeaderBytes:    maxHeader - 4096, // net/http adds 4 KiB of slack
			ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		},
	}, nil
}

// Addr is the address that is listened on.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Draining ends when the server begins to drain.
func (s *Server) Draining() <-chan struct{} { return s.draining }

// Serve answers with h until ctx ends, and then drains: not ready at once, new
// requests for a few seconds more, those in flight to their end. A nil error is a
// clean end.
func (s *Server) Serve(ctx context.Context, h http.Handler) error {
	s.http.Handler = bounded(h)
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(s.listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.once.Do(func() { close(s.draining) })
	s.log.Info("draining", "took", notReadyGrace+drainTimeout)
	time.Sleep(s.grace())
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

// grace is none where nobody but this machine can be sending.
func (s *Server) grace() time.Duration {
	if a, ok := s.listener.Addr().(*net.TCPAddr); ok && a.IP.IsLoopback() {
		return 0
	}
	return notReadyGrace
}

// bounded refuses over-long request targets before they are looked at.
func bounded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.RequestURI) > maxURL {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusRequestURITooLong)
			_, _ = fmt.Fprintf(w, `{"type":"urn:fanfare:url-too-long","title":"The URL is too long","status":414,"instance":"","detail":"At most %d bytes are possible."}`, maxURL)
			return
		}
		h.ServeHTTP(w, r)
	})
}
