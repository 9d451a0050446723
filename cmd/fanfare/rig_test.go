package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fanfare/cmd/fanfare/server"
	"fanfare/providers/partnersim"
	"fanfare/providers/places"
)

// running is one of our commands at work, as it would be in a process of its own.
type running struct {
	lines chan string // of stderr
	stop  context.CancelFunc
	code  chan int
}

// launch runs a command until the test ends; it must end well then.
func launch(t *testing.T, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{lines: make(chan string, 1000), stop: cancel, code: make(chan int, 1)}
	out, in := io.Pipe()
	go func() {
		r.code <- run(ctx, args, strings.NewReader(""), io.Discard, in)
		in.Close()
	}()
	read := make(chan struct{})
	go func() {
		defer close(read)
		defer close(r.lines)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			select {
			case r.lines <- lines.Text():
			default: // nobody reads so much
			}
		}
	}()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections() // a server waits 5 s for those that have never asked
		cancel()
		if code := <-r.code; code != exitDone {
			t.Errorf("fanfare %s = %d, want %d", strings.Join(args, " "), code, exitDone)
		}
		<-read
	})
	return r
}

// find waits for a line of stderr that has the text, and returns what follows it.
func (r *running) find(t *testing.T, text string) string {
	t.Helper()
	var seen []string
	for line := range r.lines {
		if _, rest, ok := strings.Cut(line, text); ok {
			return rest
		}
		seen = append(seen, line)
	}
	t.Fatalf("stderr never said %q, but\n%s", text, strings.Join(seen, "\n"))
	return ""
}

// written is a file of the test's own.
func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// payload is a document of a real partner's, from the collection beside the checkout.
func payload(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("FANFARE_PARTNERS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "partners")
	}
	path := filepath.Join(dir, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("REAL PAYLOADS ARE MISSING, nothing is proved here: %v (FANFARE_PARTNERS names their folder)", err)
	}
	return path
}

// stage is simulated partners that all sell parts of one world whose time stands
// still, and a server that knows some of them, whose time begins then.
type stage struct {
	partners map[string]*partnersim.Partner
	gates    map[string]*gate
	servers  map[string]*partnersim.Server
	base     string
}

// stageTime is when the world stands still, and stageDay a day to travel on.
var stageTime = time.Date(2027, 1, 10, 12, 0, 0, 0, time.UTC)

const (
	stageDay     = "2027-03-01"
	stageFlights = "/v1/flights?origin=LHR&destination=JFK&date=" + stageDay
	stageHotels  = "/v1/hotels?destination=PAR&check_in=" + stageDay + "&check_out=2027-03-04"
)

// gate holds requests back until it is opened, and says on came that one is there.
type gate struct {
	next   http.Handler
	came   chan struct{}
	open   chan struct{}
	opened sync.Once
}

func (g *gate) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body) // so that the server notices when the client has gone
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	select {
	case g.came <- struct{}{}:
	default:
	}
	select {
	case <-g.open:
		g.next.ServeHTTP(rw, r)
	case <-r.Context().Done():
	}
}

func (g *gate) release() { g.opened.Do(func() { close(g.open) }) }

// newStage raises the named partners; the server knows all but those left out. Names
// that begin with h sell hotels.
func newStage(t *testing.T, names []string, without ...string) *stage {
	t.Helper()
	s := &stage{map[string]*partnersim.Partner{}, map[string]*gate{}, map[string]*partnersim.Server{}, ""}
	world := partnersim.NewWorld(7, places.Default(), func() time.Time { return stageTime })
	cfg := server.Defaults()
	cfg.DataDir = t.TempDir()
	cfg.Listen, cfg.Ops.Listen, cfg.Clock = "127.0.0.1:0", "127.0.0.1:0", stageTime.Format(time.RFC3339)
	cfg.Search.Budget, cfg.Search.FirstPaint = 20*time.Second, time.Millisecond
	for _, name := range names {
		spec := partnersim.Spec{Name: name, DisplayName: name, Protocol: "duffel", Credentials: map[string]string{"token": "stage"}, MaxOffers: 30}
		if strings.HasPrefix(name, "h") {
			spec.Protocol, spec.Credentials = "hotelbeds", map[string]string{"api_key": "stage", "secret": "stage"}
		}
		p := partnersim.NewPartner(world, spec)
		g := &gate{next: p, came: make(chan struct{}, 1), open: make(chan struct{})}
		server, err := partnersim.Serve(t.Context(), "127.0.0.1:0", g)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.Close)
		s.partners[name], s.gates[name], s.servers[name] = p, g, server
		f := demoFeed(spec, server.URL())
		f.Deadline = 20 * time.Second
		if !slices.Contains(without, name) {
			cfg.Partners = append(cfg.Partners, f)
		}
	}
	server := startServer(t, cfg)
	t.Cleanup(func() {
		s.openAll()
		http.DefaultClient.CloseIdleConnections()
	})
	s.base = "http://" + server.Addr().String()
	return s
}

func (s *stage) openAll() {
	for _, g := range s.gates {
		g.release()
	}
}

// get reads a document into out, which may be nil, and returns it as it came.
// It may be called from any goroutine: a failure does not end the test.
func get(t *testing.T, url string, out any) []byte {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Error(err)
		return nil
	}
	return readDocument(t, res, out)
}

func post(t *testing.T, url, body string, out any) []byte {
	t.Helper()
	res, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return nil
	}
	return readDocument(t, res, out)
}

func readDocument(t *testing.T, res *http.Response, out any) []byte {
	t.Helper()
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
		return nil
	}
	if res.StatusCode >= 300 {
		t.Errorf("%s %s = %d: %s", res.Request.Method, res.Request.URL, res.StatusCode, body)
	}
	if out != nil {
		if err := json.Unmarshal(body, out); err != nil {
			t.Errorf("%s: %v", res.Request.URL, err)
		}
	}
	return body
}

// soon is a day so many days from now.
func soon(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }

// startServer runs a server until the test ends. Its timeouts are those of a busy machine.
func startServer(t *testing.T, cfg server.Config) *server.Server {
	t.Helper()
	s, err := server.New(cfg, server.Deps{Log: slog.New(slog.DiscardHandler), RelaxedTimeouts: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return s
}
