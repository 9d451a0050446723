package web

import (
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

const (
	notReadyGrace = 3 * time.Second // so that balancers stop sending before we stop answering
	// quietGrace is enough where only this machine can be sending: once nobody has
	// asked for so long, nobody is about to. It makes stopping by hand and tests quick.
	quietGrace = 500 * time.Millisecond
	graceStep  = 50 * time.Millisecond
)

// activity tells how long nobody has asked anything.
type activity struct {
	inFlight atomic.Int64
	last     atomic.Int64 // when a request ended, in nanoseconds since 1970
}

func (a *activity) watch(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.inFlight.Add(1)
		defer func() {
			a.last.Store(time.Now().UnixNano())
			a.inFlight.Add(-1)
		}()
		h.ServeHTTP(w, r)
	})
}

func (a *activity) quietSince(t time.Time) bool {
	return a.inFlight.Load() == 0 && time.Unix(0, a.last.Load()).Before(t)
}

// grace goes on answering while clients notice that the server is not ready.
func (s *Server) grace() {
	if !s.announced.Load() {
		return
	}
	addr, ok := s.listener.Addr().(*net.TCPAddr)
	alone := ok && addr.IP.IsLoopback()
	start := time.Now()
	for end := start.Add(notReadyGrace); time.Now().Before(end); time.Sleep(graceStep) {
		if quiet := time.Now().Add(-quietGrace); alone && !quiet.Before(start) && s.activity.quietSince(quiet) {
			return
		}
	}
}
