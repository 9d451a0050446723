package mapped

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// template is a text with names of variables in braces.
type template []part

type part struct {
	text string
	name string // "" for a text
}

var namePattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// parseTemplate reads a template whose names must be among known. Two braces are one that is
// meant.
func parseTemplate(text string, known []string) (t template, err error) {
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			t = append(t, part{text: plain.String()})
			plain.Reset()
		}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case (c == '{' || c == '}') && i+1 < len(text) && text[i+1] == c:
			plain.WriteByte(c)
			i++
		case c == '{':
			name, _, found := strings.Cut(text[i+1:], "}")
			if !found {
				return nil, fmt.Errorf("a { without its }; write {{ for a brace")
			}
			if !namePattern.MatchString(name) || !slices.Contains(known, name) {
				return nil, fmt.Errorf("{%s} is unknown; possible are %s", clip(name, 40), strings.Join(known, ", "))
			}
			flush()
			t = append(t, part{name: name})
			i += len(name) + 1
		case c == '}':
			return nil, fmt.Errorf("a } without its {; write }} for a brace")
		case c < ' ' || c == 0x7f || c == '\\':
			return nil, fmt.Errorf("a control character or a backslash")
		default:
			plain.WriteByte(c)
		}
	}
	flush()
	return t, nil
}

// fill puts values into the places of names, each encoded by encode.
func (t template) fill(values map[string]string, encode func(string) string) string {
	var b strings.Builder
	for _, p := range t {
		if p.name == "" {
			b.WriteString(p.text)
		} else {
			b.WriteString(encode(values[p.name]))
		}
	}
	return b.String()
}

// plain is a value for a place where nothing needs encoding, without what could end the place.
func plain(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return -1
		}
		return c
	}, s)
}

// address is the URL of a request: exactly the host and port of base, whatever stands in the
// values.
func address(base *url.URL, path template, query map[string]template, values map[string]string) (*url.URL, error) {
	text := strings.TrimRight(base.String(), "/") + path.fill(values, url.PathEscape)
	u, err := url.Parse(text)
	if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || u.User != nil {
		return nil, fmt.Errorf("the path leads away from %s", base.Host)
	}
	q := u.Query()
	for name, t := range query {
		if value := t.fill(values, plain); value != "" {
			q.Set(name, value)
		}
	}
	u.RawQuery = q.Encode()
	return u, nil
}
