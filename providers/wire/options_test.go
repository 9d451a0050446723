package wire

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestOptions(t *testing.T) {
	read := map[string]func(o *Options) any{
		"choice":   func(o *Options) any { return o.Choice("choice", "a", "b") },
		"int":      func(o *Options) any { return o.Int("int", 5, 1, 10) },
		"duration": func(o *Options) any { return o.Duration("duration", time.Hour) },
		"path":     func(o *Options) any { return o.Path("path", "/standard") },
		"type":     func(o *Options) any { return o.PassengerType("type", "CNN") },
		"currency": func(o *Options) any {
			c := o.Currency("currency")
			return fmt.Sprintf("%s %s", c("GB"), c("??"))
		},
		"action": func(o *Options) any {
			a, declared := o.Action("action")
			return fmt.Sprintf("%s %v", a, declared)
		},
	}
	for name, c := range map[string]struct {
		key, value string
		want       any
		complaint  string // behind the key
	}{
		"choice":                 {"choice", "b", "b", ""},
		"choice, bad":            {"choice", "c", nil, "must be one of a, b"},
		"choice, empty":          {"choice", "", nil, "must be one of a, b"},
		"int":                    {"int", "10", 10, ""},
		"int, low":               {"int", "0", nil, "must be 1 to 10"},
		"int, high":              {"int", "11", nil, "must be 1 to 10"},
		"int, words":             {"int", "ten", nil, "must be 1 to 10"},
		"int, empty":             {"int", "", nil, "must be 1 to 10"},
		"duration":               {"duration", "2h", 2 * time.Hour, ""},
		"duration, zero":         {"duration", "0s", nil, "must be a duration such as 24h"},
		"duration, words":        {"duration", "soon", nil, "must be a duration such as 24h"},
		"path":                   {"path", "/a?b=c", "/a?b=c", ""},
		"path, empty":            {"path", "", "/standard", ""},
		"path, relative":         {"path", "a", nil, "must begin with / and be part of a URL"},
		"path, fragment":         {"path", "/a#b", nil, "must begin with / and be part of a URL"},
		"path, control":          {"path", "/a\n", nil, "must begin with / and be part of a URL"},
		"type":                   {"type", "CHD", "CHD", ""},
		"type, empty":            {"type", "", "CNN", ""},
		"type, long":             {"type", "CHILD", nil, "must be a code of three characters"},
		"currency":               {"currency", "EUR", "EUR EUR", ""},
		"currency of the market": {"currency", "market", "GBP ", ""},
		"currency, empty":        {"currency", "", " ", ""},
		"currency, bad":          {"currency", "ABC", nil, "must be a currency of ISO 4217, or market"},
		"action":                 {"action", "search", `"search" true`, ""},
		"action, empty":          {"action", "", `"" true`, ""},
		"action, bad":            {"action", `"`, nil, "holds a character that no header can carry"},
	} {
		o := &Options{declared: map[string]string{c.key: c.value}}
		got, err := read[c.key](o), o.Err()
		switch {
		case c.complaint == "" && (err != nil || got != c.want):
			t.Errorf("%s: %q = %v, %v, want %v", name, c.value, got, err, c.want)
		case c.complaint != "" && (err == nil || err.Error() != "options."+c.key+": "+c.complaint):
			t.Errorf("%s: %q: %v, want %s", name, c.value, err, c.complaint)
		}
	}
	none := &Options{}
	got := fmt.Sprintf("%v %v %v %v %v %q %v, %v", read["choice"](none), read["int"](none), read["duration"](none), read["path"](none), read["type"](none), read["currency"](none), read["action"](none), none.Err())
	if want := `a 5 1h0m0s /standard CNN " " "" false, <nil>`; got != want {
		t.Errorf("undeclared options are %s, want %s", got, want)
	}
}

func TestOptionsComplainAtOnce(t *testing.T) {
	_, o := Config{BaseURL: "ftp://x", Options: map[string]string{"int": "x", "colour": "red", "word": "b"}}.
		WithDefaults([]Setting{{Name: "token"}}, []Setting{{Name: "int"}, {Name: "word"}})
	o.Int("int", 1, 1, 2)
	o.Choice("word", "a")
	o.Check(nil)
	for _, want := range []string{"credentials.token: missing", "options.colour: unknown", "base_url", "options.int: must be 1 to 2", "options.word: must be one of a"} {
		if err := o.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Err() = %v, want %s within it", err, want)
		}
	}
}
