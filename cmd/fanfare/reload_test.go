package main

import (
	"bytes"
	"context"
	"errors"
	"log"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// reloadable returns a server of two partners that is not run, with its configuration and log.
func reloadable(t *testing.T) (s *server, path, document string, said *bytes.Buffer) {
	t.Helper()
	t.Setenv("CHECK_TOKEN", "t")
	document = "listen: 127.0.0.1:0\nops: {listen: 127.0.0.1:0}\npartners:" + goodPartner + strings.Replace(goodPartner, "albatross", "heron", 1)
	path = written(t, "fanfare.yaml", document)
	cfg, _, err := loadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	said = &bytes.Buffer{}
	if s, err = newServer(cfg, slog.New(slog.NewTextHandler(said, nil))); err != nil {
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
			s.reload(t.Context(), path)
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
	s.reload(t.Context(), path)
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
	s.reload(t.Context(), path)
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
	s.reload(t.Context(), path)
	if !strings.Contains(said.String(), "need a restart") || !strings.Contains(said.String(), `keys="egress limits"`) {
		t.Errorf("log %q, want egress and limits named", said)
	}
	a, b := defaults(), defaults()
	b.Hotels.DoNotMerge, b.Search.Refreshes, b.FX.URL = [][]string{{"a:1", "b:2"}}, 9, "x"
	if got := needRestart(&a, &b); !slices.Equal(got, []string{"fx", "search"}) {
		t.Errorf("needRestart = %v, want fx and search", got)
	}
}

// What libraries log by themselves is said at debug level, without what they quote.
func TestLibrariesLogNoContent(t *testing.T) {
	var out bytes.Buffer
	newLog(streams{err: &out}, false)
	log.Print("Unsolicited response received on idle HTTP channel starting with \"HTTP/1.1 200 OK secret-4711\"")
	if out.Len() != 0 {
		t.Errorf("at info level: %q", &out)
	}
	newLog(streams{err: &out}, true)
	log.Print("Unsolicited response received on idle HTTP channel starting with \"HTTP/1.1 200 OK secret-4711\"")
	log.Print("short\nsecret-0815 and\x1b[2J " + strings.Repeat("x", 1000))
	log.Print(strings.Repeat("y", 1000))
	got := out.String()
	if strings.Contains(got, "secret") || strings.Contains(got, "\x1b") || strings.Count(got, "y") > 2*maxLibraryLine || strings.Count(got, "level=DEBUG") != 3 {
		t.Errorf("at debug level: %q", got)
	}
	if !strings.Contains(got, "Unsolicited response received on idle HTTP channel") {
		t.Errorf("the reason is lost: %q", got)
	}
	log.SetOutput(os.Stderr)
}

// A server goes on when the reader of its log has gone away.
func TestTheReaderOfTheLogGoesAway(t *testing.T) {
	if os.Getenv("FANFARE_TEST_PIPE") == "1" {
		outliveReaders()
		for range 3 {
			_, err := os.Stderr.WriteString("a line that nobody reads\n")
			if err == nil {
				os.Exit(3)
			}
		}
		os.Exit(0)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestTheReaderOfTheLogGoesAway$")
	cmd.Env = append(os.Environ(), "FANFARE_TEST_PIPE=1")
	cmd.Stderr = w
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	err = cmd.Run()
	_ = w.Close()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		t.Fatalf("the process ended with %v", exit)
	}
	if err != nil {
		t.Fatal(err)
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
