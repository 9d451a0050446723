package faultinject

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
)

// Status answers with a status and a text, with the headers of the good answer and more, in pairs of
// name and value: Status(429, "slow down", "Retry-After", "3").
func Status(code int, text string, headers ...string) Fault {
	return func(w http.ResponseWriter, r *http.Request, good Answer) {
		good.Status, good.Body = code, []byte(text)
		good.Header = maps.Clone(good.Header)
		if good.Header == nil {
			good.Header = map[string]string{}
		}
		for i := 0; i+1 < len(headers); i += 2 {
			good.Header[headers[i]] = headers[i+1]
		}
		Send(w, r, good)
	}
}

// Redirect sends the client to another address, which may depend on the request.
func Redirect(code int, to func(*http.Request) string) Fault {
	return func(w http.ResponseWriter, r *http.Request, good Answer) {
		Status(code, "", "Location", to(r))(w, r, good)
	}
}

// Body answers with another document under the status and headers of the good one.
func Body(document []byte) Fault {
	return Rewrite(func([]byte) []byte { return document })
}

// Rewrite answers with what change makes of the good document, which change must not write to.
func Rewrite(change func(good []byte) []byte) Fault {
	return func(w http.ResponseWriter, r *http.Request, good Answer) {
		good.Body = change(good.Body)
		Send(w, r, good)
	}
}

// Header sets a header of the answer that f gives.
func Header(name, value string, f Fault) Fault {
	return func(w http.ResponseWriter, r *http.Request, good Answer) {
		header := map[string]string{name: value}
		for n, v := range good.Header {
			if http.CanonicalHeaderKey(n) != http.CanonicalHeaderKey(name) {
				header[n] = v
			}
		}
		good.Header = header
		f(w, r, good)
	}
}

// Half is the first half of a document, for Rewrite.
func Half(document []byte) []byte { return document[:len(document)/2] }

// Twice is a document and the same once more, for Rewrite.
func Twice(document []byte) []byte { return bytes.Repeat(document, 2) }

// Garbled is a document that begins well and is neither JSON nor XML after two thirds, for Rewrite.
func Garbled(document []byte) []byte {
	at := len(document) * 2 / 3
	return bytes.Join([][]byte{document[:at], document[at:]}, []byte("\x00]]}{oops"))
}

// HTMLPage is a web page for people instead of a document, with status 200.
func HTMLPage(w http.ResponseWriter, r *http.Request, _ Answer) {
	Send(w, r, Answer{Header: map[string]string{"Content-Type": "text/html; charset=utf-8"}, Body: []byte(maintenance)})
}

const maintenance = `<!doctype html><html><head><title>Back soon</title></head><body><h1>We are polishing the trumpets</h1>
<p>Our systems are being maintained. Please come back in a few minutes.</p></body></html>
`

// TwoChunks sends the good answer in two chunks, which is no fault.
func TwoChunks(w http.ResponseWriter, _ *http.Request, good Answer) {
	half := Half(good.Body)
	writeHead(w, good)
	w.Write(half)                         //nolint:errcheck // the client may have left
	http.NewResponseController(w).Flush() //nolint:errcheck // as above
	w.Write(good.Body[len(half):])        //nolint:errcheck // as above
}

// Gzip answers with what encode makes of the good document and says that it is compressed. A client
// that does not ask for gzip, and for nothing else, gets 406.
func Gzip(encode func(good []byte) []byte) Fault {
	return func(w http.ResponseWriter, r *http.Request, good Answer) {
		if r.Header.Get("Accept-Encoding") != "gzip" {
			http.Error(w, "gzip was not asked for", http.StatusNotAcceptable)
			return
		}
		Header("Content-Encoding", "gzip", Rewrite(encode))(w, r, good)
	}
}

// Gzipped is the document compressed, for Gzip: then it is a good answer.
func Gzipped(document []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(document) //nolint:errcheck // a buffer takes everything
	z.Close()         //nolint:errcheck // as above
	return out.Bytes()
}

// CutGzip is a compressed document that ends early, for Gzip.
func CutGzip(document []byte) []byte { return Gzipped(document)[:40] }

// NoGzip is not compressed at all, for Gzip.
func NoGzip([]byte) []byte { return []byte("this is no gzip at all") }

// GzipBomb answers with so many zeros, which take a thousandth of that on the wire.
func GzipBomb(bytes int) Fault {
	zeros := Gzipped(make([]byte, bytes))
	return Gzip(func([]byte) []byte { return zeros })
}

// GzipTwice compresses the document twice, and says so.
func GzipTwice(w http.ResponseWriter, r *http.Request, good Answer) {
	Header("Content-Encoding", "gzip, gzip", Rewrite(func(b []byte) []byte { return Gzipped(Gzipped(b)) }))(w, r, good)
}

// Length announces a body of n bytes, whatever f sends.
func Length(n int, f Fault) Fault { return Header("Content-Length", strconv.Itoa(n), f) }

// Endless sends a piece again and again until the client leaves.
func Endless(piece []byte) Fault {
	return func(w http.ResponseWriter, _ *http.Request, good Answer) {
		writeHead(w, good)
		for {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	}
}

// LargeHeaders sends n headers of size bytes with the good answer.
func LargeHeaders(n, size int) Fault {
	return func(w http.ResponseWriter, r *http.Request, good Answer) {
		for i := range n {
			w.Header().Set(fmt.Sprint("X-Filler-", i), strings.Repeat("x", size))
		}
		Send(w, r, good)
	}
}
