package partnersim

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"fanfare/providers/partnersim/exchange"
)

// send writes a reply, broken as the fault says.
func (k *Knobs) send(rw http.ResponseWriter, r *http.Request, rep exchange.Reply, f Fault) {
	switch f {
	case FaultMalformed:
		rep.Body = &exchange.Body{Plain: spoil(rep.Body.Plain)}
	case FaultHTML:
		rep = exchange.Reply{Status: http.StatusOK, Header: map[string]string{"Content-Type": "text/html; charset=utf-8"}, Body: &exchange.Body{Plain: []byte(maintenance)}}
	case FaultTruncated, FaultChunkCut, FaultReset:
		breakOff(rw, rep, f)
		return
	}
	h := rw.Header()
	for name, value := range rep.Header {
		h.Set(name, value)
	}
	out := rep.Body.Plain
	if !k.NoGzip && exchange.AcceptsGzip(r) && len(out) > 1024 {
		out = rep.Body.Zipped()
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Vary", "Accept-Encoding")
	h.Set("Content-Length", strconv.Itoa(len(out)))
	rw.WriteHeader(rep.Status)
	if f != FaultDrip {
		rw.Write(out) // an error here is the client's leaving
		return
	}
	k.drip(rw, r, out)
}

func (k *Knobs) drip(rw http.ResponseWriter, r *http.Request, out []byte) {
	every := k.DripEvery
	if every == 0 {
		every = 50 * time.Millisecond
	}
	flush := http.NewResponseController(rw)
	for i := range out {
		if _, err := rw.Write(out[i : i+1]); err != nil {
			return
		}
		flush.Flush()
		if !wait(r.Context(), every) {
			return
		}
	}
}

// spoil makes a document that begins well and is neither JSON nor XML.
func spoil(doc []byte) []byte {
	at := len(doc) * 2 / 3
	return bytes.Join([][]byte{doc[:at], doc[at:]}, []byte("\x00]]}{oops"))
}

const maintenance = `<!doctype html><html><head><title>Back soon</title></head><body><h1>We are polishing the trumpets</h1>
<p>Our systems are being maintained. Please come back in a few minutes.</p></body></html>
`

// hangUp resets the connection without a word.
func hangUp(rw http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(rw).Hijack(); err == nil {
		reset(conn)
	}
}

// reset closes so that the client sees a reset, not an end.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	conn.Close()
}

// breakOff writes the head and 60 % of the body by hand, and then ends or resets the connection.
func breakOff(rw http.ResponseWriter, rep exchange.Reply, f Fault) {
	conn, _, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		return
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "HTTP/1.1 %d %s\r\n", rep.Status, http.StatusText(rep.Status))
	for name, value := range rep.Header {
		fmt.Fprintf(&out, "%s: %s\r\n", name, value)
	}
	doc := rep.Body.Plain
	part := doc[:len(doc)*6/10]
	if f == FaultChunkCut {
		fmt.Fprintf(&out, "Transfer-Encoding: chunked\r\n\r\n%x\r\n", len(doc))
	} else {
		fmt.Fprintf(&out, "Content-Length: %d\r\n\r\n", len(doc))
	}
	out.Write(part)
	conn.SetDeadline(time.Now().Add(5 * time.Second)) // a client that does not read must not hold us
	conn.Write(out.Bytes())
	if f == FaultReset {
		reset(conn)
		return
	}
	conn.Close()
}
