// Package exchange is what the simulated vendors share of HTTP and of documents: replies and their
// cache, request parameters, XML, and SOAP envelopes. It knows nothing of what is sold.
package exchange

import (
	"net/http"
	"strings"
)

func Empty(status int) Reply { return Reply{status, map[string]string{}, &Body{}} }

// AcceptsGzip reads Accept-Encoding as far as simulated partners need: gzip named and not ruled out.
func AcceptsGzip(r *http.Request) bool {
	for _, part := range strings.Split(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		coding, q, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		if strings.EqualFold(coding, "gzip") && q != "q=0" {
			return true
		}
	}
	return false
}

// Protocol answers one kind of request; the rest of the package knows nothing of any vendor.
type Protocol interface {
	// Answer is the reply to a request whose body has been read whole.
	Answer(r *http.Request, question []byte, offers int) Reply
	// Refusal is the vendor's own document for a failure of its own: 429, 500 or 503.
	// question is the request's body: the vendor answers in its kind.
	Refusal(question []byte, status int) Reply
	// OtherEndpoint is the reply to whatever is not a well-formed search: a refusal, or another
	// step, such as a login or a list of hotels. ok is false for a search: a replay
	// answers that with its recording.
	OtherEndpoint(r *http.Request, question []byte) (rep Reply, ok bool)
	// ReplayStatus is the status that a recorded document came with.
	ReplayStatus(document []byte) int
}

// Reply is a response before latency and faults.
type Reply struct {
	Status int
	Header map[string]string
	Body   *Body
}
