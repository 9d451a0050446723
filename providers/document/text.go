package document

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes a partner's text fit to keep and show: control characters become
// spaces, characters that reorder or hide text are taken out, runs of spaces are
// one, and what is over max bytes is cut at a character. Escaping stays the
// business of whoever writes the text somewhere. A text that needs no change is returned
// as it is: of a view it is a view.
func Clean(s string, max int) string {
	if clean([]byte(s), max) {
		return s
	}
	var b strings.Builder
	space := true // swallows leading spaces
	for _, c := range s {
		if c == utf8.RuneError || unicode.Is(unicode.Cf, c) {
			continue
		}
		if unicode.IsSpace(c) || unicode.IsControl(c) {
			if space {
				continue
			}
			c = ' '
		}
		if space = c == ' '; b.Len()+utf8.RuneLen(c) > max {
			break
		}
		b.WriteRune(c)
	}
	return strings.TrimRight(b.String(), " ")
}

// clean reports whether Clean would leave an ASCII text as it is.
func clean(b []byte, max int) bool {
	if len(b) > max {
		return false
	}
	last := byte(' ')
	for _, c := range b {
		if c < ' ' || c >= 0x7f || c == ' ' && last == ' ' {
			return false
		}
		last = c
	}
	return len(b) == 0 || last != ' '
}

// MaxDetail bounds what is kept of a partner's own words about an error.
const MaxDetail = 512

// Words joins what an error document says, without what is empty: "NO_CONTENT: nothing
// found". It is cleaned, and bounded as MaxDetail says.
func Words(words ...string) string {
	var said []string
	for _, w := range words {
		if w = Clean(w, MaxDetail); w != "" {
			said = append(said, w)
		}
	}
	return strings.Clone(Clean(strings.Join(said, ": "), MaxDetail)) // words may be views
}
