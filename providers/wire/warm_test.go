package wire

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"fanfare/providers/fault"
)

// counting is a server that counts the connections it gets.
func counting(t *testing.T, secure bool) (s *httptest.Server, connections *atomic.Int64) {
	t.Helper()
	connections = &atomic.Int64{}
	s = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") }))
	s.EnableHTTP2 = true
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	if secure {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s, connections
}

func TestWarm(t *testing.T) {
	for _, c := range []struct {
		name        string
		secure      bool
		age         time.Duration
		connections int64
	}{
		{"the first call has its connection", false, 0, 1},
		{"with TLS too", true, 0, 1},
		{"one that has waited for long is not trusted", false, time.Minute, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, connections := counting(t, c.secure)
			cfg := HTTPConfig{BaseURL: s.URL, AllowPrivateNetwork: true, RelaxedTimeouts: true}
			if c.secure {
				cfg.TLS = &tls.Config{RootCAs: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
			}
			h := made(t, cfg)
			if err := h.Warm(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.warmConn.at = h.warmConn.at.Add(-c.age)
			for range 2 {
				req, _ := http.NewRequest(http.MethodGet, s.URL+"/x", nil)
				if err := h.Do(t.Context(), Call{Request: req, Decode: func(http.Header, []byte) error { return nil }}); err != nil {
					t.Fatal(err)
				}
			}
			if n := connections.Load(); n != c.connections {
				t.Errorf("%d connections, want %d", n, c.connections)
			}
		})
	}
}

func TestWarmIsCheckedLikeACall(t *testing.T) {
	s, connections := counting(t, false)
	if err := made(t, HTTPConfig{BaseURL: s.URL}).Warm(t.Context()); causeOf(err) != fault.Blocked || connections.Load() != 0 {
		t.Errorf("%v with %d connections, want blocked and none", err, connections.Load())
	}
}
