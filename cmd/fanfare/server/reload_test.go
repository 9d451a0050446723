package server

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"fanfare/providers/travel"
)

const albatrossAndHeron = `
  - name: albatross
    protocol: duffel
    base_url: https://api.example.com
    credentials: {token: "${CHECK_TOKEN}"}
  - name: heron
    protocol: duffel
    base_url: https://api.example.com
    credentials: {token: "${CHECK_TOKEN}"}
`

func configFile(t *testing.T, document string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "fanfare.yaml")
	if err := os.WriteFile(path, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// reloadable returns a server of two partners that is not run, with its configuration and log.
func reloadable(t *testing.T) (s *Server, path, document string, said *bytes.Buffer) {
	t.Helper()
	t.Setenv("CHECK_TOKEN", "t")
	document = "listen: 127.0.0.1:0\nops: {listen: 127.0.0.1:0}\ndata_dir: " + t.TempDir() + "\npartners:" + albatrossAndHeron
	path = configFile(t, document)
	cfg, _, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	said = &bytes.Buffer{}
	if s, err = New(cfg, Deps{Log: slog.New(slog.NewTextHandler(said, nil))}); err != nil {
		t.Fatal(err)
	}
	return s, path, document, said
}

func TestReloadsThatChangeNothing(t *testing.T) {
	s, path, document, said := reloadable(t)
	for _, test := range []struct{ name, document, cause string }{
		{"an empty file", "", "would take every partner away"},
		{"a file cut before its partners", document[:strings.Index(document, "partners:")], "would take every partner away"},
		{"a file cut within a partner", document[:len(document)-30], "not YAML"},
		{"no partners", "partners: []\n", "would take every partner away"},
	} {
		t.Run(test.name, func(t *testing.T) {
			said.Reset()
			if err := os.WriteFile(path, []byte(test.document), 0o600); err != nil {
				t.Fatal(err)
			}
			s.Reload(t.Context(), path)
			if n := s.aggregator.Partners(); n != 2 || !strings.Contains(said.String(), "nothing changed") || !strings.Contains(said.String(), test.cause) {
				t.Errorf("%d partners, log %q; want both, and %q", n, said, test.cause)
			}
		})
	}
}

// A path that blocks neither hangs the server nor ends reloading for good.
func TestAReloadFromAPipe(t *testing.T) {
	s, path, document, said := reloadable(t)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip("no named pipes here:", err)
	}
	s.Reload(t.Context(), path)
	if !strings.Contains(said.String(), "not a regular file") || s.aggregator.Partners() != 2 {
		t.Errorf("log %q with %d partners, want a refusal", said, s.aggregator.Partners())
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(document+"    deadline: 3s\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	said.Reset()
	s.Reload(t.Context(), path)
	if !strings.Contains(said.String(), "partners reloaded") {
		t.Errorf("log %q after the pipe is gone, want a reload", said)
	}
}

// changing is a file that is younger each time one looks.
type changing struct {
	os.FileInfo
	at time.Time
}

func (c changing) ModTime() time.Time { return c.at }

// A file that changes all the time is not read, and one that changes once is read again.
func TestAReloadOfAFileThatIsBeingWritten(t *testing.T) {
	_, path, _, _ := reloadable(t)
	looks, changes := 0, 1<<30
	stat := func(path string) (os.FileInfo, error) {
		info, err := os.Stat(path)
		looks++
		return changing{info, time.Unix(int64(min(looks, changes)), 0)}, err
	}
	short, end := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer end()
	if _, err := loadSettled(short, path, stat); err == nil || !strings.Contains(err.Error(), "keeps changing") {
		t.Errorf("a file that is being written: %v, want that it keeps changing", err)
	}
	looks, changes = 0, 3
	if cfg, err := loadSettled(t.Context(), path, stat); err != nil || len(cfg.Partners) != 2 || looks != 4 {
		t.Errorf("%d partners after %d looks, %v; want both after two readings", len(cfg.Partners), looks, err)
	}
}

func TestReloadsSayWhatNeedsARestart(t *testing.T) {
	s, path, document, said := reloadable(t)
	if err := os.WriteFile(path, []byte(document+"limits: {outbound: 7}\negress: {allow: [10.0.0.0/8]}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Reload(t.Context(), path)
	if !strings.Contains(said.String(), "need a restart") || !strings.Contains(said.String(), `keys="egress limits"`) {
		t.Errorf("log %q, want egress and limits named", said)
	}
	a, b := Defaults(), Defaults()
	b.Hotels.DoNotMerge, b.Search.Refreshes, b.FX.URL = [][]string{{"a:1", "b:2"}}, 9, "x"
	if got := needRestart(&a, &b); !slices.Equal(got, []string{"fx", "search"}) {
		t.Errorf("needRestart = %v, want fx and search", got)
	}
}

// A reload right behind another one is not refused.
func TestReloadsCloseTogether(t *testing.T) {
	s, path, _, _ := reloadable(t)
	past := time.Now().Add(-time.Minute)
	if err := os.Chtimes(path, past, past); err != nil { // read at once
		t.Fatal(err)
	}
	for range 2000 {
		if _, err := s.readAgain(t.Context(), path); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReloadKeeps: a partner whose declaration stayed keeps its breaker and quota.
func TestReloadKeeps(t *testing.T) {
	s, path, _, _ := reloadable(t)
	before := *s.providers.Load()
	if err := os.WriteFile(path, []byte("partners:"+albatrossAndHeron+"    deadline: 3s\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Reload(t.Context(), path)
	after := *s.providers.Load()
	if len(after) != 2 || after[0] != before[0] || after[1] == before[1] {
		t.Errorf("after a reload that changes heron only, albatross is the same: %v, heron another: %v", after[0] == before[0], after[1] != before[1])
	}
	s.Reload(t.Context(), filepath.Join(t.TempDir(), "missing"))
	if now := *s.providers.Load(); len(now) != 2 || now[0] != after[0] || now[1] != after[1] {
		t.Error("a missing file changed the partners")
	}
}

// TestReloadKeepsWhatIsUsed: a declaration that changes, but for what is called and with which
// credentials, is held to what was used before; credentials that change are not.
func TestReloadKeepsWhatIsUsed(t *testing.T) {
	var calls atomic.Int32
	partner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(http.StatusNotFound)
	}))
	defer partner.Close()
	dir := t.TempDir()
	document := func(more string) string {
		return "listen: 127.0.0.1:0\nops: {listen: 127.0.0.1:0}\ndata_dir: " + dir + "\npartners:\n  - protocol: duffel\n    base_url: " + partner.URL +
			"\n    allow_private_network: true\n    " + strings.ReplaceAll(more, "; ", "\n    ") + "\n"
	}
	path := configFile(t, document("name: heron; credentials: {token: t}; rate: {per_day: 2}"))
	cfg, _, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(cfg, Deps{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	q := travel.Query{Product: travel.Flights, Market: "GB", FlightQuery: travel.FlightQuery{Cabin: travel.Economy, Passengers: travel.Passengers{Adults: 1},
		Slices: []travel.SliceQuery{{Origin: "LHR", Destination: "JFK", Date: travel.DateOf(time.Now().AddDate(0, 1, 0))}}}}
	for _, step := range []struct {
		more string
		want int32 // calls until then, of four questions for each declaration
	}{
		{"name: heron; credentials: {token: t}; rate: {per_day: 2}", 2},
		{"name: heron; display_name: Heron Air; credentials: {token: t}; rate: {per_day: 2}", 2},
		{"name: osprey; deadline: 3s; credentials: {token: t}; rate: {per_day: 3}", 3},
		{"name: osprey; credentials: {token: another}; rate: {per_day: 3}", 6},
	} {
		if err := os.WriteFile(path, []byte(document(step.more)), 0o600); err != nil {
			t.Fatal(err)
		}
		s.Reload(t.Context(), path)
		for range 4 {
			(*s.providers.Load())[0].Ask(t.Context(), q)
		}
		if got := calls.Load(); got != step.want {
			t.Errorf("%s: %d calls until then, want %d", step.more, got, step.want)
		}
	}
}
