package partnersim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/partnersim/rng"
)

// ask sends a good request over a real connection.
func askOver(t *testing.T, client *http.Client, url string) (*http.Response, []byte, error) {
	t.Helper()
	r := duffelCall(lhrJFK)
	r.RequestURI = ""
	target, err := http.NewRequest("POST", url+r.URL.RequestURI(), r.Body)
	if err != nil {
		t.Fatal(err)
	}
	target.Header = r.Header
	resp, err := client.Do(target)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, body, err
}

func serve(t *testing.T, h http.Handler) (*Server, *http.Client) {
	t.Helper()
	s, err := Serve(t.Context(), "127.0.0.1:0", h)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		s.Close()
	})
	return s, &http.Client{Transport: transport}
}

func TestFaults(t *testing.T) {
	p := duffelPartner(testWorld(1), Behaviour{})
	s, client := serve(t, p)
	resp, good, err := askOver(t, client, s.URL())
	if err != nil || resp.StatusCode != 200 || !json.Valid(good) {
		t.Fatalf("without a fault: %v", err)
	}
	status := func(want int) func(*http.Response, []byte, error) bool {
		return func(r *http.Response, body []byte, err error) bool {
			return err == nil && r.StatusCode == want && strings.Contains(string(body), `"errors":[`)
		}
	}
	for _, c := range []struct {
		fault Fault
		want  func(*http.Response, []byte, error) bool
	}{
		{FaultRefuse, func(_ *http.Response, _ []byte, err error) bool {
			return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF)
		}},
		{FaultHTTP500, status(500)},
		{FaultHTTP503, status(503)},
		{FaultHTTP429, func(r *http.Response, body []byte, err error) bool {
			return status(429)(r, body, err) && r.Header.Get("Retry-After") == "3" && r.Header.Get("Ratelimit-Reset") != ""
		}},
		{FaultTruncated, func(_ *http.Response, body []byte, err error) bool {
			return errors.Is(err, io.ErrUnexpectedEOF) && len(body) > 1000 && bytes.HasPrefix(good, body)
		}},
		{FaultChunkCut, func(_ *http.Response, body []byte, err error) bool {
			return errors.Is(err, io.ErrUnexpectedEOF) && bytes.HasPrefix(good, body)
		}},
		{FaultReset, func(_ *http.Response, _ []byte, err error) bool { return errors.Is(err, syscall.ECONNRESET) }},
		{FaultMalformed, func(r *http.Response, body []byte, err error) bool {
			return err == nil && r.StatusCode == 200 && !json.Valid(body) && bytes.HasPrefix(body, good[:len(good)/2])
		}},
		{FaultHTML, func(r *http.Response, body []byte, err error) bool {
			return err == nil && r.StatusCode == 200 && strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") && bytes.Contains(body, []byte("<html>"))
		}},
		{FaultError200, status(200)},
		{FaultNone, func(_ *http.Response, body []byte, err error) bool { return err == nil && bytes.Equal(body, good) }},
	} {
		p.SetBehaviour(Behaviour{Fault: c.fault, RetryAfter: "3"})
		transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true} // no retries on a reused connection
		if resp, body, err := askOver(t, &http.Client{Transport: transport}, s.URL()); !c.want(resp, body, err) {
			t.Errorf("%q: %v, %v, %d bytes", c.fault, resp, err, len(body))
		}
	}
	if got := p.Calls(); got != 12 {
		t.Errorf("Calls() = %d, want 12", got)
	}
}

func TestHangEndsWithTheClient(t *testing.T) {
	p := duffelPartner(testWorld(1), Behaviour{Fault: FaultHang})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan bool)
	rw := httptest.NewRecorder()
	go func() {
		p.ServeHTTP(rw, duffelCall(lhrJFK).WithContext(ctx))
		close(done)
	}()
	cancel()
	<-done
	if rw.Body.Len() != 0 {
		t.Errorf("a hanging partner wrote %d bytes", rw.Body.Len())
	}
}

func TestLatency(t *testing.T) {
	w := testWorld(1)
	call(duffelPartner(w, Behaviour{}), duffelCall(lhrJFK)) // the world's caches hold mutexes of outside the bubble
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			name      string
			behaviour Behaviour
			low, high time.Duration
		}{
			{"none", Behaviour{}, 0, 0},
			{"fixed", Behaviour{Latency: Latency{Fixed: 300 * time.Millisecond}}, 300 * time.Millisecond, 300 * time.Millisecond},
			{"uniform", Behaviour{Latency: Latency{Min: 4 * time.Second, Max: 6 * time.Second}}, 4 * time.Second, 6 * time.Second},
			{"slow", Behaviour{Fault: FaultSlow, SlowBy: 2 * time.Second}, 2 * time.Second, 2 * time.Second},
			{"drip", Behaviour{Fault: FaultDrip, DripEvery: time.Millisecond}, time.Second, 10 * time.Second},
		} {
			p := duffelPartner(w, c.behaviour)
			began := time.Now()
			r := duffelCall(lhrJFK)
			r.URL.RawQuery = "return_offers=false"
			call(p, r)
			if took := time.Since(began); took < c.low || took > c.high {
				t.Errorf("%s: %v, want %v to %v", c.name, took, c.low, c.high)
			}
		}
	})
}

func TestLogNormalLatency(t *testing.T) {
	l := Latency{P50: 400 * time.Millisecond, P99: 1200 * time.Millisecond}
	const n = 20000
	under50, under99 := 0, 0
	for i := range int64(n) {
		d := l.draw(rng.RNG(5).Num(i))
		if d < l.P50 {
			under50++
		}
		if d < l.P99 {
			under99++
		}
	}
	if under50 < n*48/100 || under50 > n*52/100 || under99 < n*985/1000 || under99 > n*995/1000 {
		t.Errorf("of %d draws %d are below the median and %d below the 99th percentile", n, under50, under99)
	}
}

func TestRates(t *testing.T) {
	w := testWorld(1)
	p := duffelPartner(w, Behaviour{ErrorRate: 0.3})
	failed := 0
	for range 300 {
		if call(p, duffelCall(lhrJFK)).Code == 500 {
			failed++
		}
	}
	if failed < 60 || failed > 120 {
		t.Errorf("%d of 300 calls failed at ErrorRate 0.3", failed)
	}
	p.SetBehaviour(Behaviour{Fault: FaultHTTP503, FaultRate: 0.5})
	failed = 0
	for range 300 {
		if call(p, duffelCall(lhrJFK)).Code == 503 {
			failed++
		}
	}
	if failed < 110 || failed > 190 {
		t.Errorf("%d of 300 calls failed at FaultRate 0.5", failed)
	}
	p.SetBehaviour(Behaviour{PerMinute: 5})
	codes := map[int]int{}
	for range 8 {
		codes[call(p, duffelCall(lhrJFK)).Code]++
	}
	if codes[200] != 5 || codes[429] != 3 {
		t.Errorf("PerMinute 5: %v", codes)
	}
}

func TestServerDownAndUp(t *testing.T) {
	s, client := serve(t, duffelPartner(testWorld(1), Behaviour{}))
	if _, _, err := askOver(t, client, s.URL()); err != nil {
		t.Fatal(err)
	}
	s.Down()
	client.CloseIdleConnections()
	var refused *net.OpError
	if _, _, err := askOver(t, client, s.URL()); !errors.As(err, &refused) || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("down: %v, want refused", err)
	}
	if err := s.Up(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := askOver(t, client, s.URL()); err != nil {
		t.Errorf("up again: %v", err)
	}
}

func TestReplay(t *testing.T) {
	recorded := []byte(`{"data":{"id":"orq_1","offers":[]}}`)
	rateLimit := []byte(`{"meta":{"status":429,"request_id":"F0"},"errors":[{"type":"rate_limit_error","code":"rate_limit_exceeded"}]}`)
	for _, c := range []struct {
		name, protocol string
		document       []byte
		request        *http.Request
		status         int
		same           bool
	}{
		{"duffel", "duffel", recorded, duffelCall(lhrJFK), 200, true},
		{"duffel, error document", "duffel", rateLimit, duffelCall(lhrJFK), 429, true},
		{"duffel, not JSON", "duffel", []byte("<html>"), duffelCall(lhrJFK), 200, true},
		{"duffel, no token", "duffel", recorded, bare(duffelCall(lhrJFK), "Authorization"), 401, false},
		{"duffel, no version", "duffel", recorded, bare(duffelCall(lhrJFK), "Duffel-Version"), 400, false},
		{"duffel, bad question", "duffel", recorded, duffelCall("{"), 400, false},
		{"hotelbeds", "hotelbeds", []byte(`{"hotels":{"total":0}}`), hotelbedsCall(parisStay), 200, true},
		{"hotelbeds, error document", "hotelbeds", []byte(`{"error":{"code":"INVALID_DATA-1","message":"m"}}`), hotelbedsCall(parisStay), 400, true},
		{"hotelbeds, refusal", "hotelbeds", []byte(`{"error":"Request signature verification failed"}`), hotelbedsCall(parisStay), 401, true},
		{"ota-air", "ota-air", []byte(`<OTA_AirLowFareSearchRS/>`), otaCall(otaLonNYC), 200, true},
		{"sabre-bfm", "sabre-bfm", recorded, sabreCall("any", sabreLonNYC), 200, true},
		{"sabre-bfm, error document", "sabre-bfm", []byte(`{"errorCode":"ERR.2SG.SEC.INVALID_CREDENTIALS"}`), sabreCall("any", sabreLonNYC), 401, true},
		{"sabre-bfm, no token", "sabre-bfm", recorded, bare(sabreCall("any", sabreLonNYC), "Authorization"), 401, false},
		{"ota-air, no key", "ota-air", []byte(`<a/>`), bare(otaCall(otaLonNYC), "X-Api-Key"), 401, false},
		{"hotelbeds, no key", "hotelbeds", recorded, bare(hotelbedsCall(parisStay), "Api-key"), 401, false},
	} {
		rw := call(Replay(c.protocol, c.document, nil), c.request)
		if rw.Code != c.status || bytes.Equal(rw.Body.Bytes(), c.document) != c.same {
			t.Errorf("%s: %d %.100s, want %d", c.name, rw.Code, rw.Body, c.status)
		}
	}
	if rw := call(Replay("duffel", recorded, map[string]string{"token": "other"}), duffelCall(lhrJFK)); rw.Code != 401 {
		t.Errorf("another token: %d", rw.Code)
	}
}

func TestDemoPartners(t *testing.T) {
	w := testWorld(1)
	count := map[string]int{}
	names := map[string]bool{}
	for _, spec := range DemoPartners(1) {
		count[spec.Protocol]++
		if names[spec.Name] || spec.DisplayName == "" || len(spec.Credentials) == 0 {
			t.Errorf("%+v", spec)
		}
		names[spec.Name] = true
		NewPartner(w, spec)
	}
	if len(count) != len(vendors) || count["duffel"] < 5 || count["hotelbeds"] < 5 {
		t.Errorf("the demo partners are %v", count)
	}
}
