package providertest

import (
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// one is a fault of a partner and how it must be reported.
type one struct {
	name   string
	answer http.HandlerFunc
	want   fault.Cause // None: no error
	check  func(t *testing.T, a travel.Answer, e *fault.Error)
}

// send answers with a document.
func (p Protocol) send(body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", p.ContentType)
		w.Write(body)
	}
}

// status answers with a status and no document.
func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		io.WriteString(w, "<html>no</html>")
	}
}

func (p Protocol) answers() []one {
	holds := func(t *testing.T, a travel.Answer, _ *fault.Error) {
		if a.OffersKept() == 0 {
			t.Errorf("nothing kept: drops %v", a.Drops)
		}
	}
	return []one{
		{"good answer", p.send(p.Good), fault.None, holds},
		{"good answer, compressed", p.gzipped(squeeze(p.Good)), fault.None, holds},
		{"good answer, chunked", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", p.ContentType+"; charset=utf-8")
			w.Write(p.Good[:len(p.Good)/2])
			w.(http.Flusher).Flush()
			w.Write(p.Good[len(p.Good)/2:])
		}, fault.None, holds},
		{"empty answer", p.send(p.Empty), fault.None, func(t *testing.T, a travel.Answer, _ *fault.Error) {
			if a.OffersIn != 0 || a.OffersKept() != 0 {
				t.Errorf("%d offers in an empty answer", a.OffersIn)
			}
		}},
		{"error document", p.send(p.Error), fault.PartnerError, func(t *testing.T, _ travel.Answer, e *fault.Error) {
			if e.Detail == "" || len(e.Detail) > 1024 {
				t.Errorf("detail of %d bytes", len(e.Detail))
			}
		}},
		{"error document with a status of its own", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", p.ContentType)
			w.WriteHeader(http.StatusInternalServerError)
			w.Write(p.Error)
		}, fault.HTTP5xx, func(t *testing.T, _ travel.Answer, e *fault.Error) {
			if e.Detail == "" {
				t.Error("the partner's words are lost")
			}
		}},
	}
}

func (p Protocol) statuses() []one {
	after := func(low, high time.Duration) func(*testing.T, travel.Answer, *fault.Error) {
		return func(t *testing.T, _ travel.Answer, e *fault.Error) {
			if e.HTTPStatus != http.StatusTooManyRequests || e.RetryAfter < low || e.RetryAfter > high {
				t.Errorf("HTTP status %d, retry after %v, want %v to %v", e.HTTPStatus, e.RetryAfter, low, high)
			}
		}
	}
	date := time.Now().Add(30 * time.Minute).UTC().Format(http.TimeFormat)
	return []one{
		{"400", status(400), fault.HTTP4xx, nil},
		{"401", status(401), fault.Unauthorized, nil},
		{"403", status(403), fault.Unauthorized, nil},
		{"404", status(404), fault.HTTP4xx, nil},
		{"500", status(500), fault.HTTP5xx, func(t *testing.T, _ travel.Answer, e *fault.Error) {
			if e.HTTPStatus != 500 {
				t.Errorf("HTTP status = %d, want 500", e.HTTPStatus)
			}
		}},
		{"503", status(503), fault.HTTP5xx, nil},
		{"429", status(429, "Retry-After", "3"), fault.HTTP429, after(3*time.Second, 3*time.Second)},
		{"429 with a date", status(429, "Retry-After", date), fault.HTTP429, after(time.Minute, 30*time.Minute)},
		{"429 of the past", status(429, "Retry-After", "-5"), fault.HTTP429, after(0, 0)},
		{"429 for ever", status(429, "Retry-After", "1000000000"), fault.HTTP429, after(time.Minute, time.Hour)},
		{"429 without a word", status(429), fault.HTTP429, after(0, 0)},
	}
}

func (p Protocol) broken() []one {
	return []one{
		{"wrong content type", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Write(p.Good)
		}, fault.Malformed, nil},
		{"page instead of a document", p.send([]byte("<!doctype html><title>Welcome</title>")), fault.Malformed, nil},
		{"nothing at all", p.send(nil), fault.Malformed, nil},
		{"byte order mark and no more", p.send([]byte("\ufeff")), fault.Malformed, nil},
		{"half a document", p.send(p.Good[:len(p.Good)/2]), fault.Malformed, nil},
		{"two documents", p.send(append(bytes.Clone(p.Good), p.Good...)), fault.Malformed, nil},
		{"no content", status(204), fault.Malformed, nil},
		{"truncated body", p.cut(func(c net.Conn) {
			io.WriteString(c, "Content-Length: "+strconv.Itoa(len(p.Good))+"\r\n\r\n")
			c.Write(p.Good[:len(p.Good)*6/10])
		}), fault.Truncated, nil},
		{"truncated chunks", p.cut(func(c net.Conn) {
			io.WriteString(c, "Transfer-Encoding: chunked\r\n\r\n"+strconv.FormatInt(int64(len(p.Good)), 16)+"\r\n")
			c.Write(p.Good)
			io.WriteString(c, "\r\n") // whole, but for the chunk that ends it
		}), fault.Truncated, nil},
		{"truncated compression", p.gzipped(squeeze(p.Good)[:40]), fault.Truncated, nil},
		{"broken compression", p.gzipped([]byte("this is no gzip at all")), fault.Malformed, nil},
		{"compressed twice", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip, gzip")
			p.send(squeeze(squeeze(p.Good)))(w, r)
		}, fault.Malformed, nil},
		{"reset in the body", func(w http.ResponseWriter, r *http.Request) {
			c := hijack(w)
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: "+p.ContentType+"\r\nContent-Length: "+strconv.Itoa(len(p.Good))+"\r\n\r\n")
			c.Write(p.Good[:len(p.Good)/2])
			reset(c)
		}, fault.Reset, nil},
		{"hung up before the answer", func(w http.ResponseWriter, r *http.Request) { hijack(w).Close() }, fault.Reset, nil},
		{"reset before the answer", func(w http.ResponseWriter, r *http.Request) { reset(hijack(w)) }, fault.Reset, nil},
	}
}

func (p Protocol) oversized() []one {
	space := bytes.Repeat([]byte(" "), 64<<10)
	return []one{
		{"huge body, announced", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(64<<20))
			p.send(space)(w, r)
		}, fault.TooLarge, nil},
		{"huge body, endless", func(w http.ResponseWriter, r *http.Request) {
			for err := error(nil); err == nil; _, err = w.Write(space) {
				w.Header().Set("Content-Type", p.ContentType)
			}
		}, fault.TooLarge, nil},
		{"huge body, compressed", p.gzipped(squeeze(bytes.Repeat(p.Good, 2+maxBody/len(p.Good)))), fault.TooLarge, nil},
		{"compression bomb", p.gzipped(squeeze(make([]byte, 32<<20))), fault.TooLarge, nil},
		{"huge headers", func(w http.ResponseWriter, r *http.Request) {
			for i := range 100 {
				w.Header().Set("X-Filler-"+strconv.Itoa(i), strings.Repeat("x", 1000))
			}
			p.send(p.Good)(w, r)
		}, fault.TooLarge, nil},
		{"deep document", p.send([]byte(strings.Repeat(`{"data":[`, 10_000))), fault.Malformed, nil},
	}
}

// gzipped answers with bytes that claim to be compressed.
func (p Protocol) gzipped(body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "gzip" {
			http.Error(w, "gzip was not asked for", http.StatusNotAcceptable)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		p.send(body)(w, r)
	}
}

func squeeze(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

// cut answers with the headers of a good answer, whatever write adds, and hangs up.
func (p Protocol) cut(write func(net.Conn)) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		c := hijack(w)
		defer c.Close()
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: "+p.ContentType+"\r\n")
		write(c)
	}
}

func hijack(w http.ResponseWriter) net.Conn {
	c, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	return c
}

func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	c.Close()
}
