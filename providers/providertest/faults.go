package providertest

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/faultinject"
	"fanfare/providers/travel"
)

// one is a fault of a partner and how it must be reported.
type one struct {
	name  string
	fault faultinject.Fault
	want  fault.Cause // None: no error
	check func(t *testing.T, a travel.Answer, e *fault.Error)
}

// good is what the partner answers when it is well.
func (p Protocol) good() faultinject.Answer {
	return faultinject.Answer{Header: map[string]string{"Content-Type": p.ContentType}, Body: p.Good}
}

// status answers with a status, headers in pairs and a page for people.
func status(code int, headers ...string) faultinject.Fault {
	return faultinject.Status(code, "<html>no</html>", append([]string{"Content-Type", "text/html"}, headers...)...)
}

func (p Protocol) answers() []one {
	holds := func(t *testing.T, a travel.Answer, _ *fault.Error) {
		if a.OffersKept() == 0 {
			t.Errorf("nothing kept: drops %v", a.Drops)
		}
	}
	return []one{
		{"good answer", faultinject.Send, fault.None, holds},
		{"good answer, compressed", faultinject.Gzip(faultinject.Gzipped), fault.None, holds},
		{"good answer, chunked", faultinject.Header("Content-Type", p.ContentType+"; charset=utf-8", faultinject.TwoChunks), fault.None, holds},
		{"empty answer", faultinject.Body(p.Empty), fault.None, func(t *testing.T, a travel.Answer, _ *fault.Error) {
			if a.OffersIn != 0 || a.OffersKept() != 0 {
				t.Errorf("%d offers in an empty answer", a.OffersIn)
			}
		}},
		{"error document", faultinject.Body(p.Error), fault.PartnerError, func(t *testing.T, _ travel.Answer, e *fault.Error) {
			if e.Detail == "" || len(e.Detail) > 1024 {
				t.Errorf("detail of %d bytes", len(e.Detail))
			}
		}},
		{"error document with a status of its own", faultinject.Status(http.StatusInternalServerError, string(p.Error)), fault.HTTP5xx, func(t *testing.T, _ travel.Answer, e *fault.Error) {
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
		{"wrong content type", faultinject.Header("Content-Type", "text/html", faultinject.Send), fault.Malformed, nil},
		{"page instead of a document", faultinject.Body([]byte("<!doctype html><title>Welcome</title>")), fault.Malformed, nil},
		{"nothing at all", faultinject.Body(nil), fault.Malformed, nil},
		{"byte order mark and no more", faultinject.Body([]byte("\ufeff")), fault.Malformed, nil},
		{"half a document", faultinject.Rewrite(faultinject.Half), fault.Malformed, nil},
		{"two documents", faultinject.Rewrite(faultinject.Twice), fault.Malformed, nil},
		{"no content", status(204), fault.Malformed, nil},
		{"truncated body", faultinject.Truncate(.6), fault.Truncated, nil},
		{"truncated chunks", faultinject.NoLastChunk(1), fault.Truncated, nil},
		{"truncated compression", faultinject.Gzip(faultinject.CutGzip), fault.Truncated, nil},
		{"broken compression", faultinject.Gzip(faultinject.NoGzip), fault.Malformed, nil},
		{"compressed twice", faultinject.GzipTwice, fault.Malformed, nil},
		{"reset in the body", faultinject.ResetInBody(.5), fault.Reset, nil},
		{"hung up before the answer", faultinject.Close, fault.Reset, nil},
		{"reset before the answer", faultinject.Reset, fault.Reset, nil},
	}
}

func (p Protocol) oversized() []one {
	space := bytes.Repeat([]byte(" "), 64<<10)
	large := func(good []byte) []byte { return faultinject.Gzipped(bytes.Repeat(good, 2+maxBody/len(good))) }
	return []one{
		{"huge body, announced", faultinject.Length(64<<20, faultinject.Body(space)), fault.TooLarge, nil},
		{"huge body, endless", faultinject.Endless(space), fault.TooLarge, nil},
		{"huge body, compressed", faultinject.Gzip(large), fault.TooLarge, nil},
		{"compression bomb", faultinject.GzipBomb(32 << 20), fault.TooLarge, nil},
		{"huge headers", faultinject.LargeHeaders(100, 1000), fault.TooLarge, nil},
		{"deep document", faultinject.Body([]byte(strings.Repeat(`{"data":[`, 10_000))), fault.Malformed, nil},
	}
}
