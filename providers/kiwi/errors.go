package kiwi

import (
	"slices"
	"strconv"
	"strings"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/wire"
)

// refusal is what an error document says.
type refusal struct {
	status int // 0 is not stated
	words  []string
}

// maxWords bounds what is read of a long list of complaints, maxComplaint how deep it lies.
const (
	maxWords     = 20
	maxComplaint = 4
)

// labels are the names under which complaints stand; any other is of what they are about.
var labels = []string{"errors", "error", "message", "detail", "loc", "ctx"}

// readWords reads a text, or all texts of lists and objects: {"param","errors":["…"]} of
// one release, {"date_from":["…"]} of another, {"loc":["…"],"msg"} of what checks parameters.
func (s *refusal) readWords(r *document.JSON, level int) {
	switch r.Kind() {
	case '"':
		s.add(r.Name())
	case '[':
		if level == maxComplaint {
			return
		}
		for a := r.Array(); a.Next(); {
			s.readWords(r, level+1)
		}
	case '{':
		if level == maxComplaint {
			return
		}
		for m := r.Members(); m.Next(); {
			if k := r.Kind(); (k == '[' || k == '{') && !slices.Contains(labels, m.Name()) {
				s.add(strings.Clone(document.Clean(m.Name(), document.MaxName)))
			}
			s.readWords(r, level+1)
		}
	}
}

func (s *refusal) add(words string) {
	if words != "" && len(s.words) < maxWords {
		s.words = append(s.words, words)
	}
}

// said reports whether the document complains. A status of 200 beside offers is none.
func (s *refusal) said() bool { return len(s.words) > 0 || s.status >= 300 }

// fault is the error of the document: by the status that it states, else by its words.
func (s *refusal) fault() *fault.Error {
	code := ""
	if s.status != 0 {
		code = strconv.Itoa(s.status)
	}
	e := assemble.PartnerError(code, s.words...)
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
