package partnersim

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fanfare/providers/travel"
)

// params are the parameters of a question in its URL, each read at most once.
type params struct {
	values url.Values
	known  map[string]bool
	wrong  func(parameter, format string, args ...any)
}

func readParams(r *http.Request, wrong func(parameter, format string, args ...any)) *params {
	return &params{r.URL.Query(), map[string]bool{}, wrong}
}

// text is a parameter, "" if it is absent; twice is wrong.
func (p *params) text(name string) string {
	p.known[name] = true
	if len(p.values[name]) > 1 {
		p.wrong(name, "given more than once")
	}
	return p.values.Get(name)
}

// whole is a number within bounds; without one it is byDefault.
func (p *params) whole(name string, low, high, byDefault int) int {
	v := p.text(name)
	if v == "" && !p.values.Has(name) {
		return byDefault
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < low || n > high {
		p.wrong(name, "must be a whole number between %d and %d", low, high)
		return byDefault
	}
	return n
}

// flag is true or false.
func (p *params) flag(name string, byDefault bool) bool {
	switch v := p.text(name); {
	case v == "true":
		return true
	case v == "false":
		return false
	case v != "" || p.values.Has(name):
		p.wrong(name, "must be true or false")
	}
	return byDefault
}

// oneOf is one of the allowed words, or "".
func (p *params) oneOf(name string, allowed ...string) string {
	v := p.text(name)
	if (v != "" || p.values.Has(name)) && !slices.Contains(allowed, v) {
		p.wrong(name, "must be one of %s", strings.Join(allowed, ", "))
		return ""
	}
	return v
}

// list is words with commas between, at most most of them.
func (p *params) list(name string, most int) []string {
	v := p.text(name)
	if v == "" {
		if p.values.Has(name) {
			p.wrong(name, "must not be empty")
		}
		return nil
	}
	words := strings.Split(v, ",")
	if len(words) > most {
		p.wrong(name, "at most %d values are allowed", most)
	}
	return words
}

// strangers complains of parameters that nobody asked for, in order of their names.
func (p *params) strangers() {
	var names []string
	for name := range p.values {
		if !p.known[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		p.wrong(name, "is not known")
	}
}

// among is a list of words that all have to be allowed.
func (p *params) among(name string, most int, allowed ...string) []string {
	words := p.list(name, most)
	if slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(allowed, w) }) {
		p.wrong(name, "must be some of %s", strings.Join(allowed, ", "))
	}
	return words
}

// date is a day, byDefault without one.
func (p *params) date(name string, byDefault travel.Date) travel.Date {
	text := p.text(name)
	if text == "" {
		return byDefault
	}
	d, err := travel.ParseDate(text)
	if err != nil {
		p.wrong(name, "must be a date of the form YYYY-MM-DD")
		return byDefault
	}
	return d
}

// matching is a word of a form, or "".
func (p *params) matching(name string, form *regexp.Regexp) string {
	v := p.text(name)
	if v != "" && !form.MatchString(v) {
		p.wrong(name, "must be of the form %s", form)
	}
	return v
}
