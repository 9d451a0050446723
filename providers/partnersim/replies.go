package partnersim

import (
	"net/http"
	"strings"
)

func empty(status int) reply { return reply{status, map[string]string{}, &body{}} }

// acceptsGzip reads Accept-Encoding as far as simulated partners need: gzip named and not ruled out.
func acceptsGzip(r *http.Request) bool {
	for _, part := range strings.Split(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		coding, q, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		if strings.EqualFold(coding, "gzip") && q != "q=0" {
			return true
		}
	}
	return false
}

// protocol answers one kind of request; the rest of the package knows nothing of any vendor.
type protocol interface {
	// answer is the reply to a request whose body has been read whole.
	answer(r *http.Request, question []byte, offers int) reply
	// refusal is the vendor's own document for a failure of its own: 429, 500 or 503.
	// question is the request's body: the vendor answers in its kind.
	refusal(question []byte, status int) reply
	// beside is the reply to whatever is not a well-formed search: a refusal, or another
	// step, such as a login or a list of hotels. ok is false for a search: a replay
	// answers that with its recording.
	beside(r *http.Request, question []byte) (rep reply, ok bool)
	// recorded is the status that a recorded document came with.
	recorded(document []byte) int
}

// reply is a response before latency and faults.
type reply struct {
	status int
	header map[string]string
	body   *body
}
