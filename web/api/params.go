package api

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// kind is how a parameter's text is read.
type kind int

const (
	text     kind = iota
	integer       // Min to Max
	decimal       // a number without exponent, Min to Max
	flag          // 0 or 1
	duration      // 8s, 500ms; Min to Max in seconds
	date          // 2027-03-01
	enum          // one of Enum
	list          // comma-separated text, 1 to 50 parts, each of Enum or matching Part
	window        // 06:00-12:00
	box           // south,west,north,east
	amount        // money in the currency of display, above zero
	rooms         // 2,1-7-9
)

// Param is one parameter of an operation: what the parser checks, and what
// /openapi.json and the docs say.
type Param struct {
	Name     string
	Kind     kind
	Required bool
	Min, Max float64 // for numbers and durations
	Enum     []string
	Part     func(string) bool // for lists: what each part must be
	PartDoc  string
	Default  string // "" is none
	Example  string
	Doc      string
	MaxLen   int // of the text; 0 is 200
	InPath   bool
}

// Values are the parameters of one request, checked.
type Values map[string]string

// parseQuery reads a raw query string against params. Unknown, repeated, empty and
// out-of-range parameters are complaints, all of them at once.
func parseQuery(rawQuery string, params []Param) (Values, travel.Invalid) {
	var errs complaints
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, travel.Invalid{{Field: "query", Message: "the query string is not well-formed: " + err.Error()}}
	}
	values := Values{}
	for _, name := range sortedKeys(query) {
		given := query[name]
		p := find(params, name)
		switch {
		case p == nil:
			errs.add(clip(name), "unknown parameter%s", nearest(name, names(params)))
		case len(given) > 1:
			errs.add(name, "given %d times; once is possible", len(given))
		default:
			if message := p.check(given[0]); message != "" {
				errs.add(name, "%s", message)
				continue
			}
			values[name] = strings.TrimSpace(given[0])
		}
	}
	for i := range params {
		p := &params[i]
		if _, given := query[p.Name]; p.Required && !given && !p.InPath {
			errs.add(p.Name, "missing; for example %s", p.Example)
		}
	}
	return values, errs.list
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func find(params []Param, name string) *Param {
	for i := range params {
		if params[i].Name == name && !params[i].InPath {
			return &params[i]
		}
	}
	return nil
}

// names of what may stand in a query string.
func names(params []Param) []string {
	var all []string
	for i := range params {
		if !params[i].InPath {
			all = append(all, params[i].Name)
		}
	}
	return all
}

// nearest suggests the name that was probably meant: the one with the longest common
// beginning, of at least three letters.
func nearest(name string, names []string) string {
	best, bestShared := "", 2
	for _, n := range names {
		shared := 0
		for shared < min(len(name), len(n)) && name[shared] == n[shared] {
			shared++
		}
		if shared > bestShared {
			best, bestShared = n, shared
		}
	}
	switch {
	case best != "":
		return "; did you mean " + best + "?"
	case len(names) == 0:
		return "; none is possible here"
	}
	return "; possible are " + strings.Join(names, ", ")
}

func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

// check returns what is wrong with a value and what would be right, "" if nothing.
func (p *Param) check(value string) string {
	value = strings.TrimSpace(value)
	if value == "" {
		return "empty; leave it out, or give for example " + p.Example
	}
	if limit := p.maxLen(); len(value) > limit {
		return fmt.Sprintf("%d bytes long; at most %d are possible", len(value), limit)
	}
	switch p.Kind {
	case integer:
		n, ok := wholeNumber(value)
		if !ok || float64(n) < p.Min || float64(n) > p.Max {
			return fmt.Sprintf("%q; a whole number from %s to %s", clip(value), number(p.Min), number(p.Max))
		}
	case decimal:
		n, err := strconv.ParseFloat(value, 64)
		if err != nil || !plainNumber(value) || n < p.Min || n > p.Max {
			return fmt.Sprintf("%q; a number from %s to %s", clip(value), number(p.Min), number(p.Max))
		}
	case flag:
		if value != "0" && value != "1" {
			return fmt.Sprintf("%q; 0 or 1", clip(value))
		}
	case duration:
		d, err := time.ParseDuration(value)
		if err != nil || !durationText(value) || d.Seconds() < p.Min || d.Seconds() > p.Max {
			return fmt.Sprintf("%q; a duration from %s to %s, such as %s", clip(value), seconds(p.Min), seconds(p.Max), p.Example)
		}
	case date:
		if _, err := travel.ParseDate(value); err != nil {
			return err.Error()
		}
	case enum:
		if !slices.Contains(p.Enum, value) {
			return fmt.Sprintf("%q; one of %s", clip(value), strings.Join(p.Enum, ", "))
		}
	case list:
		return p.checkList(value)
	case window:
		if _, _, ok := parseWindow(value); !ok {
			return fmt.Sprintf("%q; two times of day such as %s", clip(value), p.Example)
		}
	case box:
		if _, ok := parseBox(value); !ok {
			return fmt.Sprintf("%q; south,west,north,east in degrees such as %s", clip(value), p.Example)
		}
	case amount:
		if m, err := travel.ParseMoney(value, "EUR"); err != nil || m.Minor < 0 || !plainNumber(value) {
			return fmt.Sprintf("%q; an amount such as %s", clip(value), p.Example)
		}
	case rooms:
		if _, err := parseRooms(value); err != nil {
			return err.Error()
		}
	}
	return ""
}

func (p *Param) maxLen() int {
	if p.MaxLen > 0 {
		return p.MaxLen
	}
	return 200
}

// number writes a bound without an exponent.
func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func seconds(s float64) string { return time.Duration(s * float64(time.Second)).String() }

// A number has one spelling, so that a question has one too: no leading zeros, no plus, no
// exponent, no minus before zero, and digits on both sides of a point.
var (
	plainNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`).MatchString
	plainWhole  = regexp.MustCompile(`^(0|-?[1-9][0-9]*)$`).MatchString
)

// wholeNumber reads a whole number, and reports whether it is one, in its only spelling.
func wholeNumber(s string) (n int, ok bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && plainWhole(s)
}

// durationPattern is what of Go's durations is taken: no signs, no hours, no microseconds, no
// leading zeros.
const durationPattern = `^((0|[1-9][0-9]*)(\.[0-9]+)?(ms|s|m))+$`

var durationText = regexp.MustCompile(durationPattern).MatchString

// maxListParts bounds lists, in parameters and in bodies.
const maxListParts = 50

func (p *Param) checkList(value string) string {
	parts := strings.Split(value, ",")
	if len(parts) > maxListParts {
		return fmt.Sprintf("%d parts; at most %d are possible", len(parts), maxListParts)
	}
	for _, part := range parts {
		part = strings.TrimSpace(part)
		if p.Enum != nil && !slices.Contains(p.Enum, part) {
			return fmt.Sprintf("%q; of %s", clip(part), strings.Join(p.Enum, ", "))
		}
		if p.Part != nil && !p.Part(part) {
			return fmt.Sprintf("%q; %s, separated by commas, such as %s", clip(part), p.PartDoc, p.Example)
		}
	}
	return ""
}

// parseWindow reads "06:00-12:00" in minutes after midnight.
func parseWindow(s string) (from, to int, ok bool) {
	a, b, found := strings.Cut(s, "-")
	from, okFrom := parseClock(a)
	to, okTo := parseClock(b)
	return from, to, found && okFrom && okTo
}

func parseClock(s string) (minute int, ok bool) {
	if s == "24:00" {
		return 24*60 - 1, true
	}
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != 5 {
		return 0, false
	}
	return t.Hour()*60 + t.Minute(), true
}

func parseBox(s string) (b [4]float64, ok bool) {
	parts := strings.Split(s, ",")
	if len(parts) != 4 {
		return b, false
	}
	for i, part := range parts {
		x, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		limit := 90.0
		if i%2 == 1 {
			limit = 180
		}
		if err != nil || !plainNumber(strings.TrimSpace(part)) || x < -limit || x > limit {
			return b, false
		}
		b[i] = x
	}
	return b, b[0] <= b[2]
}

// parseRooms reads "2,1-7-9": rooms by comma; in each adults, then children's ages, joined by "-".
func parseRooms(s string) ([]travel.Occupancy, error) {
	var all []travel.Occupancy
	for _, room := range strings.Split(s, ",") {
		parts := strings.Split(strings.TrimSpace(room), "-")
		o := travel.Occupancy{ChildAges: []int{}}
		for i, part := range parts {
			n, ok := wholeNumber(part)
			if !ok || n < 0 || n > 99 {
				return nil, fmt.Errorf("%q; rooms by comma, in each adults, then children's ages joined by -, such as 2,1-7-9", clip(room))
			}
			if i == 0 {
				o.Adults = n
			} else {
				o.ChildAges = append(o.ChildAges, n)
			}
		}
		all = append(all, o)
	}
	return all, nil
}

// Has reports whether the parameter was given.
func (v Values) Has(name string) bool { _, ok := v[name]; return ok }

// Int is a checked whole number, or the fallback when absent.
func (v Values) Int(name string, fallback int) int {
	if s, ok := v[name]; ok {
		n, _ := strconv.Atoi(s) // checked by the parser
		return n
	}
	return fallback
}

// Flag reports whether the parameter is 1.
func (v Values) Flag(name string) bool { return v[name] == "1" }

// Duration is a checked duration, or the fallback when absent.
func (v Values) Duration(name string, fallback time.Duration) time.Duration {
	if s, ok := v[name]; ok {
		d, _ := time.ParseDuration(s) // checked by the parser
		return d
	}
	return fallback
}

// Float is a checked number, or zero when absent.
func (v Values) Float(name string) float64 {
	f, _ := strconv.ParseFloat(v[name], 64) // checked by the parser
	return f
}

// List is the parts of a list, trimmed, sorted and without repetition; nil when absent.
func (v Values) List(name string, normalise func(string) string) []string {
	s, ok := v[name]
	if !ok {
		return nil
	}
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = normalise(strings.TrimSpace(parts[i]))
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}
