// Package faultinject is what an HTTP partner can do wrong, each thing once: late, broken, endless and
// hostile answers, and connections that end too early. Faults combine into scripts. Simulated partners,
// the conformance suite of protocols and the fault laboratory take theirs from here.
//
// It knows no protocol. What a fault means to Fanfare is package fault's to say.
package faultinject

import (
	"context"
	"net/http"
	"time"
)

// Answer is what a partner that is well would send. Faults change none of it.
type Answer struct {
	Status int // 0 is 200
	Header map[string]string
	Body   []byte // as it goes over the wire
}

// Fault answers one request, where good is what a partner that is well would answer. The body of the
// request must have been read whole, as a server does not notice before that its client has left.
// A Fault is safe for concurrent use.
type Fault func(w http.ResponseWriter, r *http.Request, good Answer)

// Send is no fault: it sends the good answer.
func Send(w http.ResponseWriter, _ *http.Request, good Answer) {
	writeHead(w, good)
	w.Write(good.Body) //nolint:errcheck // the client may have left
}

func writeHead(w http.ResponseWriter, a Answer) {
	for name, value := range a.Header {
		w.Header().Set(name, value)
	}
	if a.Status == 0 {
		a.Status = http.StatusOK
	}
	w.WriteHeader(a.Status)
}

// Delay waits for a time that is drawn for each request, and goes on with f unless the client leaves first.
func Delay(draw func() time.Duration, f Fault) Fault {
	return func(w http.ResponseWriter, r *http.Request, good Answer) {
		if wait(r.Context(), draw()) {
			f(w, r, good)
		}
	}
}

// After is Delay by a fixed time.
func After(d time.Duration, f Fault) Fault {
	return Delay(func() time.Duration { return d }, f)
}

// wait lets time pass, and reports whether the client is still there then.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Hang never answers. It ends when the client leaves.
func Hang(_ http.ResponseWriter, r *http.Request, _ Answer) { <-r.Context().Done() }

// HangInBody sends the headers and the first n bytes of the body, and no more until the client leaves.
func HangInBody(n int) Fault {
	return func(w http.ResponseWriter, r *http.Request, good Answer) {
		writeHead(w, good)
		w.Write(good.Body[:n])                //nolint:errcheck // the client may have left
		http.NewResponseController(w).Flush() //nolint:errcheck // as above
		<-r.Context().Done()
	}
}

// Drip sends the body byte by byte, with a pause after each.
func Drip(every time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, good Answer) {
		writeHead(w, good)
		flush := http.NewResponseController(w)
		for i := range good.Body {
			if _, err := w.Write(good.Body[i : i+1]); err != nil {
				return
			}
			flush.Flush() //nolint:errcheck // the next write fails too
			if !wait(r.Context(), every) {
				return
			}
		}
	}
}
