package kiwi

import (
	"strconv"
	"strings"

	"fanfare/providers/fault"
	"fanfare/providers/wire"
)

// refusal is what an error document says.
type refusal struct {
	status int // 0 is not stated
	words  []string
}

var complaintKeys = wire.NewKeys("param", "errors", "message", "error", "detail")

// maxWords bounds what is read of a long list of complaints.
const maxWords = 20

// readWords reads a text, a list of texts, or complaints about parameters, each with
// errors of its own: the gateway and the API behind it differ.
func (s *refusal) readWords(r *wire.JSON) {
	switch r.Kind() {
	case '"':
		s.add(r.Name())
	case '[', '{':
		for a := r.Array(); a.Next(); {
			if r.Kind() != '{' {
				s.add(r.Name())
				continue
			}
			for o := r.Object(complaintKeys); o.Next(); {
				if r.Kind() == '[' {
					for w := r.Array(); w.Next(); {
						s.add(r.Name())
					}
					continue
				}
				s.add(r.Name())
			}
		}
	}
}

func (s *refusal) add(words string) {
	if words != "" && len(s.words) < maxWords {
		s.words = append(s.words, words)
	}
}

// said tells whether the document complains. A status of 200 beside offers is none.
func (s *refusal) said() bool { return len(s.words) > 0 || s.status >= 300 }

// fault is the error of the document: by the status that it states, else by its words.
func (s *refusal) fault() *fault.Error {
	code := ""
	if s.status != 0 {
		code = strconv.Itoa(s.status)
	}
	e := wire.PartnerError(code, s.words...)
	text := strings.ToLower(e.Detail)
	switch {
	case s.status >= 300 && s.status < 600:
		e.Cause, e.HTTPStatus = wire.StatusCause(s.status), s.status
	case strings.Contains(text, "rate limit"):
		e.Cause = fault.HTTP429
	case strings.Contains(text, "api key"), strings.Contains(text, "apikey"), strings.Contains(text, "unauthorized"), strings.Contains(text, "cannot consume"):
		e.Cause = fault.Unauthorized
	}
	e.Status = e.Cause.Status()
	return e
}
