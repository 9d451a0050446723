package exchange

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fanfare/providers/travel"
)

// Params are the parameters of a question in its URL, each read at most once.
type Params struct {
	Values url.Values
	known  map[string]bool
	wrong  func(parameter, format string, args ...any)
}

func ReadParams(r *http.Request, wrong func(parameter, format string, args ...any)) *Params {
	return &Params{r.URL.Query(), map[string]bool{}, wrong}
}

// Text is a parameter, "" if it is absent; twice is wrong.
func (p *Params) Text(name string) string {
	p.known[name] = true
	if len(p.Values[name]) > 1 {
		p.wrong(name, "given more than once")
	}
	return p.Values.Get(name)
}

// Whole is a number within bounds; without one it is byDefault.
func (p *Params) Whole(name string, low, high, byDefault int) int {
	v := p.Text(name)
	if v == "" && !p.Values.Has(name) {
		return byDefault
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < low || n > high {
		p.wrong(name, "must be a whole number between %d and %d", low, high)
		return byDefault
	}
	return n
}

// Flag is true or false.
func (p *Params) Flag(name string, byDefault bool) bool {
	switch v := p.Text(name); {
	case v == "true":
		return true
	case v == "false":
		return false
	case v != "" || p.Values.Has(name):
		p.wrong(name, "must be true or false")
	}
	return byDefault
}

// OneOf is one of the allowed words, or "".
func (p *Params) OneOf(name string, allowed ...string) string {
	v := p.Text(name)
	if (v != "" || p.Values.Has(name)) && !slices.Contains(allowed, v) {
		p.wrong(name, "must be one of %s", strings.Join(allowed, ", "))
		return ""
	}
	return v
}

// List is words with commas between, at most most of them.
func (p *Params) List(name string, most int) []string {
	v := p.Text(name)
	if v == "" {
		if p.Values.Has(name) {
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

// Strangers complains of parameters that nobody asked for, in order of their names.
func (p *Params) Strangers() {
	var names []string
	for name := range p.Values {
		if !p.known[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		p.wrong(name, "is not known")
	}
}

// Among is a list of words that all have to be allowed.
func (p *Params) Among(name string, most int, allowed ...string) []string {
	words := p.List(name, most)
	if slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(allowed, w) }) {
		p.wrong(name, "must be some of %s", strings.Join(allowed, ", "))
	}
	return words
}

// Date is a day, byDefault without one.
func (p *Params) Date(name string, byDefault travel.Date) travel.Date {
	text := p.Text(name)
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

// Matching is a word of a form, or "".
func (p *Params) Matching(name string, form *regexp.Regexp) string {
	v := p.Text(name)
	if v != "" && !form.MatchString(v) {
		p.wrong(name, "must be of the form %s", form)
	}
	return v
}
