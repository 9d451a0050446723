package faultinject

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// Close ends the connection without a word.
func Close(w http.ResponseWriter, _ *http.Request, _ Answer) { hijack(w).Close() }

// Reset ends the connection without a word, so that the client sees a reset and not an end.
func Reset(w http.ResponseWriter, _ *http.Request, _ Answer) { reset(hijack(w)) }

// ResetInHeaders resets the connection in the middle of a header.
func ResetInHeaders(w http.ResponseWriter, _ *http.Request, _ Answer) {
	c := hijack(w)
	io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Ty") //nolint:errcheck // it breaks off anyway
	resetLater(c)
}

// ResetInBody announces the whole body, sends a share of it and resets the connection.
func ResetInBody(share float64) Fault {
	return func(w http.ResponseWriter, _ *http.Request, good Answer) {
		c := hijack(w)
		c.Write(append(head(good, announced(good)), part(good, share)...)) //nolint:errcheck // it breaks off anyway
		resetLater(c)
	}
}

// Truncate announces the whole body, sends a share of it and ends the connection.
func Truncate(share float64) Fault {
	return func(w http.ResponseWriter, _ *http.Request, good Answer) {
		end(w, append(head(good, announced(good)), part(good, share)...))
	}
}

// TruncateChunk announces the whole body as one chunk, sends a share of it and ends the connection.
func TruncateChunk(share float64) Fault {
	return func(w http.ResponseWriter, _ *http.Request, good Answer) {
		text := fmt.Appendf(head(good, chunked), "%x\r\n", len(good.Body))
		end(w, append(text, part(good, share)...))
	}
}

// NoLastChunk sends a share of the body as one whole chunk, and ends the connection without the chunk
// that ends a body.
func NoLastChunk(share float64) Fault {
	return func(w http.ResponseWriter, _ *http.Request, good Answer) {
		sent := part(good, share)
		end(w, fmt.Appendf(head(good, chunked), "%x\r\n%s\r\n", len(sent), sent))
	}
}

// EndlessHeaders sends headers of a thousand bytes until the client leaves.
func EndlessHeaders(w http.ResponseWriter, _ *http.Request, _ Answer) {
	flood(w, "HTTP/1.1 200 OK\r\n", "X-More: "+strings.Repeat("x", 1000)+"\r\n")
}

// EndlessEarlyHints sends informational answers (status 103) until the client leaves.
func EndlessEarlyHints(w http.ResponseWriter, _ *http.Request, _ Answer) {
	flood(w, "", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
}

func flood(w http.ResponseWriter, first, then string) {
	c := hijack(w)
	defer c.Close()
	for text := first + then; ; text = then {
		if _, err := io.WriteString(c, text); err != nil {
			return
		}
	}
}

// mostWriting bounds how long a client that does not read holds a connection that was taken over.
const mostWriting = 5 * time.Second

// hijack takes the connection over, for what no HTTP library would send. Where that cannot be done the
// request is aborted, which is as near as it gets.
func hijack(w http.ResponseWriter) net.Conn {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	c.SetDeadline(time.Now().Add(mostWriting)) //nolint:errcheck // writing says it
	return c
}

const chunked = "Transfer-Encoding: chunked"

func announced(a Answer) string { return fmt.Sprintf("Content-Length: %d", len(a.Body)) }

// head is the status line and the headers of an answer, with the framing of its body.
func head(a Answer, framing string) []byte {
	var b bytes.Buffer
	if a.Status == 0 {
		a.Status = http.StatusOK
	}
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", a.Status, http.StatusText(a.Status))
	for name, value := range a.Header {
		fmt.Fprintf(&b, "%s: %s\r\n", name, value)
	}
	b.WriteString(framing + "\r\n\r\n")
	return b.Bytes()
}

func part(a Answer, share float64) []byte { return a.Body[:int(share*float64(len(a.Body)))] }

func end(w http.ResponseWriter, text []byte) {
	c := hijack(w)
	defer c.Close()
	c.Write(text) //nolint:errcheck // it breaks off anyway
}

// resetLater resets the connection once the client has had time to read what was sent: a reset throws
// away what is still on its way.
func resetLater(c net.Conn) {
	time.Sleep(5 * time.Millisecond)
	reset(c)
}

// reset closes so that the other side sees a reset, not an end.
func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetLinger(0) //nolint:errcheck // it is about to be closed
	}
	c.Close()
}
