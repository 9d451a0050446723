package faultinject

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

var healthy = Answer{Header: map[string]string{"Content-Type": "application/json"}, Body: []byte(`{"offers":[` + strings.Repeat(`{"price":"12.30"},`, 200) + `{}]}`)}

// serve answers every request with the fault, until the test ends.
func serve(t *testing.T, f Fault) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) //nolint:errcheck // so that the end of the connection is seen
		f(w, r, healthy)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// seen is what a client makes of an answer.
type seen struct {
	status int
	header http.Header
	body   []byte
	err    error
}

func ask(t *testing.T, url string) seen {
	t.Helper()
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: 64 << 10},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	resp, err := client.Do(r)
	if err != nil {
		return seen{err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 32<<20))
	return seen{resp.StatusCode, resp.Header, body, err}
}

func (s seen) whole(status int, body []byte) bool {
	return s.err == nil && s.status == status && bytes.Equal(s.body, body)
}

// cut reports whether a share of the good document came, and then an end that is none.
func (s seen) cut(share float64, err error) bool {
	return errors.Is(s.err, err) && s.status == http.StatusOK && bytes.Equal(s.body, part(healthy, share))
}

func unzipped(body []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil
	}
	out, err := io.ReadAll(z)
	if err != nil {
		return nil
	}
	return out
}

func TestFaults(t *testing.T) {
	good := healthy.Body
	for _, test := range []struct {
		name  string
		fault Fault
		holds func(s seen) bool
	}{
		{"send", Send, func(s seen) bool { return s.whole(200, good) && s.header.Get("Content-Type") == "application/json" }},
		{"two chunks", TwoChunks, func(s seen) bool { return s.whole(200, good) }},
		{"after", After(time.Millisecond, Send), func(s seen) bool { return s.whole(200, good) }},
		{"status", Status(429, "slow down", "Retry-After", "3"), func(s seen) bool {
			return s.whole(429, []byte("slow down")) && s.header.Get("Retry-After") == "3" && s.header.Get("Content-Type") == "application/json"
		}},
		{"redirect", Redirect(307, func(r *http.Request) string { return r.URL.Path + "x" }), func(s seen) bool { return s.whole(307, nil) && s.header.Get("Location") == "/x" }},
		{"body", Body([]byte("<html>")), func(s seen) bool {
			return s.whole(200, []byte("<html>")) && s.header.Get("Content-Type") == "application/json"
		}},
		{"half", Rewrite(Half), func(s seen) bool { return s.whole(200, good[:len(good)/2]) }},
		{"twice", Rewrite(Twice), func(s seen) bool { return s.whole(200, slices.Concat(good, good)) }},
		{"garbled", Rewrite(Garbled), func(s seen) bool {
			return s.err == nil && len(s.body) > len(good) && bytes.HasPrefix(s.body, good[:len(good)/2]) && bytes.Contains(s.body, []byte("\x00"))
		}},
		{"header", Header("content-type", "text/plain", Send), func(s seen) bool { return s.whole(200, good) && s.header.Get("Content-Type") == "text/plain" }},
		{"page", HTMLPage, func(s seen) bool {
			return s.whole(200, []byte(maintenance)) && strings.HasPrefix(s.header.Get("Content-Type"), "text/html")
		}},
		{"gzip", Gzip(Gzipped), func(s seen) bool {
			return s.header.Get("Content-Encoding") == "gzip" && bytes.Equal(unzipped(s.body), good)
		}},
		{"cut gzip", Gzip(CutGzip), func(s seen) bool {
			return s.header.Get("Content-Encoding") == "gzip" && len(s.body) == 40 && unzipped(s.body) == nil
		}},
		{"no gzip", Gzip(NoGzip), func(s seen) bool {
			return s.header.Get("Content-Encoding") == "gzip" && s.err == nil && unzipped(s.body) == nil
		}},
		{"gzip bomb", GzipBomb(8 << 20), func(s seen) bool { return len(s.body) < 64<<10 && len(unzipped(s.body)) == 8<<20 }},
		{"gzip twice", GzipTwice, func(s seen) bool {
			return s.header.Get("Content-Encoding") == "gzip, gzip" && bytes.Equal(unzipped(unzipped(s.body)), good)
		}},
		{"length", Length(1<<20, Send), func(s seen) bool { return errors.Is(s.err, io.ErrUnexpectedEOF) && bytes.Equal(s.body, good) }},
		{"endless", Endless(make([]byte, 64<<10)), func(s seen) bool { return s.status == 200 && len(s.body) == 32<<20 }},
		{"large headers", LargeHeaders(100, 1000), func(s seen) bool { return s.err != nil && s.status == 0 }},
		{"small large headers", LargeHeaders(10, 1000), func(s seen) bool { return s.whole(200, good) && len(s.header.Get("X-Filler-9")) == 1000 }},
		{"endless headers", EndlessHeaders, func(s seen) bool { return s.err != nil && s.status == 0 }},
		{"endless early hints", EndlessEarlyHints, func(s seen) bool { return s.err != nil && s.status == 0 }},
		{"close", Close, func(s seen) bool { return errors.Is(s.err, io.EOF) }},
		{"reset", Reset, func(s seen) bool { return errors.Is(s.err, syscall.ECONNRESET) || errors.Is(s.err, io.EOF) }},
		{"reset in headers", ResetInHeaders, func(s seen) bool { return s.err != nil && s.status == 0 }},
		{"reset in body", ResetInBody(.5), func(s seen) bool { return s.cut(.5, syscall.ECONNRESET) }},
		{"truncate", Truncate(.6), func(s seen) bool { return s.cut(.6, io.ErrUnexpectedEOF) }},
		{"truncate chunk", TruncateChunk(.6), func(s seen) bool { return s.cut(.6, io.ErrUnexpectedEOF) }},
		{"no last chunk", NoLastChunk(1), func(s seen) bool { return s.cut(1, io.ErrUnexpectedEOF) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			if s := ask(t, serve(t, test.fault)); !test.holds(s) {
				t.Errorf("status %d, %v, %d bytes %.100q, %v", s.status, s.header, len(s.body), s.body, s.err)
			}
		})
	}
}

func TestGzipIsOnlyForThoseWhoAccept(t *testing.T) {
	w := httptest.NewRecorder()
	Gzip(Gzipped)(w, httptest.NewRequest(http.MethodGet, "/", nil), healthy)
	if w.Code != http.StatusNotAcceptable {
		t.Errorf("status %d, want 406", w.Code)
	}
}

// Faults that wait end when the client leaves, and not before.
func TestWaitingEndsWithTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, test := range []struct {
			name  string
			fault Fault
			sent  int // bytes of the body by then
		}{
			{"hang", Hang, 0}, {"hang in body", HangInBody(5), 5}, {"after", After(time.Minute, Send), 0}, {"drip", Drip(300 * time.Millisecond), 4},
		} {
			ctx, leave := context.WithTimeout(t.Context(), time.Second)
			defer leave()
			began, w := time.Now(), httptest.NewRecorder()
			test.fault(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil), healthy)
			if took := time.Since(began); took != time.Second || w.Body.Len() != test.sent {
				t.Errorf("%s: ended after %v with %d bytes sent, want 1s and %d", test.name, took, w.Body.Len(), test.sent)
			}
		}
	})
}

func TestDripSendsTheWholeBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, w := time.Now(), httptest.NewRecorder()
		Drip(time.Millisecond)(w, httptest.NewRequest(http.MethodGet, "/", nil), healthy)
		if took := time.Since(began); took != time.Duration(len(healthy.Body))*time.Millisecond || !bytes.Equal(w.Body.Bytes(), healthy.Body) {
			t.Errorf("%d bytes in %v, want %d, one a millisecond", w.Body.Len(), took, len(healthy.Body))
		}
	})
}

func TestScripts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		codes := func(f Fault, n int, every time.Duration) (codes []int) {
			for range n {
				w := httptest.NewRecorder()
				f(w, httptest.NewRequest(http.MethodGet, "/", nil), healthy)
				codes = append(codes, w.Code)
				time.Sleep(every)
			}
			return codes
		}
		if got := codes(InTurn(Send, Status(500, ""), Status(503, "")), 5, 0); !slices.Equal(got, []int{200, 500, 503, 200, 500}) {
			t.Errorf("in turn: %v", got)
		}
		if got := codes(EachFor(2*time.Second, Status(500, ""), Send), 6, time.Second); !slices.Equal(got, []int{500, 500, 200, 200, 500, 500}) {
			t.Errorf("each for two seconds: %v", got)
		}
		failed := 0
		for _, code := range codes(OneIn(4, Status(500, ""), Send), 2000, 0) {
			if code == 500 {
				failed++
			}
		}
		if failed < 400 || failed > 600 {
			t.Errorf("one in four: %d of 2000", failed)
		}
	})
}

// A connection that cannot be taken over is aborted, not answered.
func TestNoConnectionToBreak(t *testing.T) {
	defer func() {
		if got := recover(); got != http.ErrAbortHandler {
			t.Errorf("recovered %v, want ErrAbortHandler", got)
		}
	}()
	Truncate(.5)(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil), healthy)
}

// A fault that adds to the good answer changes a copy: the answer may be that of a cache.
func TestGoodAnswersStayAsTheyAre(t *testing.T) {
	good := Answer{Header: map[string]string{"Content-Type": "application/json"}, Body: []byte("good")}
	for _, f := range []Fault{Status(500, "x", "Retry-After", "1"), Header("X", "y", Send), Rewrite(Garbled), Gzip(Gzipped)} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", "gzip")
		f(httptest.NewRecorder(), r, good)
		if len(good.Header) != 1 || string(good.Body) != "good" {
			t.Errorf("the good answer has become %v %s", good.Header, good.Body)
		}
	}
}
