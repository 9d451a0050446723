package fx

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestConfigValidate(t *testing.T) {
	for name, c := range map[string]struct {
		config Config
		want   string
	}{
		"zero": {Config{}, ""}, "file": {Config{File: "a"}, ""}, "url": {Config{URL: "https://rates.example/daily.xml"}, ""},
		"both": {Config{File: "a", URL: "https://rates.example/"}, "one is possible"}, "scheme": {Config{URL: "ftp://rates.example/"}, "not an http address"},
	} {
		err := c.config.Validate()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: Validate = %v, want %q", name, err, c.want)
		}
	}
}

func TestSourceFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rates.xml")
	if _, err := NewSource(Config{File: path}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("NewSource without the file = %v, want not exist", err)
	}
	write := func(text string, at time.Time) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		write(document("2026-11-19", cube("USD", "1.2")), time.Now())
		var complaints, changes atomic.Int32
		s, err := NewSource(Config{File: path, OnError: func(error) { complaints.Add(1) }, OnChange: func(*Table) { changes.Add(1) }})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); s.Run(ctx) }()
		expect := func(day string, wantChanges, wantComplaints int32) {
			t.Helper()
			time.Sleep(2 * fileEvery)
			synctest.Wait()
			if got := s.Current().Date().String(); got != day || changes.Load() != wantChanges || complaints.Load() != wantComplaints {
				t.Errorf("table of %s after %d changes, %d complaints; want %s, %d, %d", got, changes.Load(), complaints.Load(), day, wantChanges, wantComplaints)
			}
		}
		expect("2026-11-19", 0, 0)
		write(document("2026-11-20", cube("USD", "1.3")), time.Now())
		expect("2026-11-20", 1, 0)
		write("<Envelope>", time.Now())
		expect("2026-11-20", 1, 1)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		expect("2026-11-20", 1, 2)
		write(document("2026-11-21", cube("USD", "1.4")), time.Now())
		expect("2026-11-21", 2, 2)
		cancel()
		<-done
	})
}

// answer is what an address answers; status 0 is no connection.
type answer struct {
	status int
	text   string
}

// roundTrip is an address without a socket.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestSourceURL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var served atomic.Pointer[answer]
		serve := func(status int, day string) { served.Store(&answer{status, document(day, cube("USD", "1.2"))}) }
		serve(http.StatusOK, "2026-11-19")
		var complaints atomic.Int32
		client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			a := served.Load()
			if a.status == 0 {
				return nil, errors.New("refused")
			}
			return &http.Response{StatusCode: a.status, Status: http.StatusText(a.status), Body: io.NopCloser(strings.NewReader(a.text)), Request: r}, nil
		})}
		s, err := NewSource(Config{URL: "https://rates.example/daily.xml?key=secret", Client: client, OnError: func(err error) {
			complaints.Add(1)
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the complaint %q shows the key", err)
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		if s.Current() != Embedded() {
			t.Error("the embedded table does not come first")
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); s.Run(ctx) }()
		expect := func(after time.Duration, day string, wantComplaints int32) {
			t.Helper()
			time.Sleep(after)
			synctest.Wait()
			if got := s.Current().Date().String(); got != day || complaints.Load() != wantComplaints {
				t.Errorf("table of %s, %d complaints; want %s, %d", got, complaints.Load(), day, wantComplaints)
			}
		}
		expect(0, "2026-11-19", 0)
		serve(http.StatusOK, "2026-11-20")
		expect(urlEvery, "2026-11-20", 0)
		serve(http.StatusOK, "2026-11-18")
		expect(urlEvery, "2026-11-20", 1)
		serve(http.StatusBadGateway, "2026-11-20")
		expect(urlRetry, "2026-11-20", 2)
		serve(0, "2026-11-20")
		expect(urlRetry, "2026-11-20", 3)
		serve(http.StatusOK, "2026-11-23")
		expect(urlRetry, "2026-11-23", 3)
		cancel()
		<-done
	})
}

// TestSourceFetch uses a real server, which sends without end.
func TestSourceFetch(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/good" {
			io.WriteString(w, document("2026-11-20", cube("USD", "1.3")))
			return
		}
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat(" ", 1<<16)); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	for path, want := range map[string]string{"/good": "", "/endless": "over 1048576 bytes"} {
		s, err := NewSource(Config{URL: server.URL + path})
		if err != nil {
			t.Fatal(err)
		}
		err = s.fetch(t.Context())
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("fetch(%s) = %v, want %q", path, err, want)
		}
	}
}
