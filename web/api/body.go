package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"fanfare/providers/travel"
)

// maxBody bounds the body of a search (docs/reliability.md 3).
const maxBody = 64 << 10

// maxDepth bounds nesting; a query has 4 levels.
const maxDepth = 16

// node is a JSON value whose objects keep no key twice.
type node struct {
	value any // nil, bool, json.Number, string, []node, map[string]node
}

// parseBody reads one JSON document: no repeated keys, nothing behind it.
func parseBody(body []byte) (node, error) {
	if !utf8.Valid(body) {
		return node{}, errors.New("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	n, err := parseNode(d, 0)
	if err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("the document ends too early")
		}
		return node{}, fmt.Errorf("not JSON at byte %d: %w", d.InputOffset(), err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return node{}, fmt.Errorf("not JSON at byte %d: something follows the document", d.InputOffset())
	}
	return n, nil
}

func parseNode(d *json.Decoder, depth int) (node, error) {
	if depth > maxDepth {
		return node{}, errors.New("nested too deeply")
	}
	token, err := d.Token()
	if err != nil {
		return node{}, err
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return node{token}, nil
	}
	if delim == '[' {
		list := []node{}
		for d.More() {
			n, err := parseNode(d, depth+1)
			if err != nil {
				return node{}, err
			}
			list = append(list, n)
		}
		_, err := d.Token()
		return node{list}, err
	}
	object := map[string]node{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return node{}, err
		}
		name := key.(string) // the decoder allows nothing else here
		if _, twice := object[name]; twice {
			return node{}, fmt.Errorf("the key %q stands twice", clip(name))
		}
		if object[name], err = parseNode(d, depth+1); err != nil {
			return node{}, err
		}
	}
	_, err = d.Token()
	return node{object}, err
}

// reader takes a query out of a body and collects complaints with their paths.
type reader struct{ errs complaints }

func (r *reader) complain(path, format string, args ...any) { r.errs.add(path, format, args...) }

// object hands each known field to its reader. null is taken as absent; unknown
// fields are complaints. given tells which fields are there; nil if n is no object.
func (r *reader) object(path string, n node, fields map[string]func(path string, n node)) (given map[string]bool) {
	object, ok := n.value.(map[string]node)
	if !ok {
		r.complain(path, "%s; an object", n.kind())
		return nil
	}
	given = map[string]bool{}
	for _, name := range sortedKeys(object) {
		read, known := fields[name]
		at := strings.TrimPrefix(path+"."+name, ".")
		switch {
		case !known:
			r.complain(clip(at), "unknown field%s", nearest(name, sortedKeys(fields)))
		case object[name].value != nil:
			given[name] = true
			read(at, object[name])
		}
	}
	return given
}

func (n node) kind() string {
	switch n.value.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case json.Number:
		return "a number"
	case string:
		return "a text"
	case []node:
		return "a list"
	}
	return "an object"
}

func (r *reader) list(path string, n node, most int, each func(path string, n node)) {
	items, ok := n.value.([]node)
	if !ok {
		r.complain(path, "%s; a list", n.kind())
		return
	}
	if len(items) > most {
		r.complain(path, "%d elements; at most %d are possible", len(items), most)
		return
	}
	for i, item := range items {
		each(fmt.Sprintf("%s[%d]", path, i), item)
	}
}

// textInto, intInto and the like make readers of one field.
func textInto[T ~string](r *reader, out *T) func(string, node) {
	return func(path string, n node) {
		s, ok := n.value.(string)
		if !ok {
			r.complain(path, "%s; a text", n.kind())
			return
		}
		if len(s) > 100 {
			r.complain(path, "%d bytes long; at most 100 are possible", len(s))
			return
		}
		*out = T(s)
	}
}

func intInto(r *reader, out *int) func(string, node) {
	return func(path string, n node) {
		if v, ok := r.whole(path, n); ok {
			*out = v
		}
	}
}

// farOff is beyond every number of a query; what it is compared with says what is possible.
const farOff = 1000

func (r *reader) whole(path string, n node) (int, bool) {
	number, _ := n.value.(json.Number)
	v, ok := wholeNumber(number.String())
	if !ok || v > farOff || v < -farOff {
		r.complain(path, "%s; a whole number", n.shown())
		return 0, false
	}
	return v, true
}

func (n node) shown() string {
	if number, ok := n.value.(json.Number); ok {
		return clip(number.String())
	}
	return n.kind()
}

func floatInto(r *reader, out *float64) func(string, node) {
	return func(path string, n node) {
		number, _ := n.value.(json.Number)
		v, err := number.Float64()
		if err != nil || math.IsInf(v, 0) {
			r.complain(path, "%s; a number", n.shown())
			return
		}
		*out = v
	}
}

func dateInto(r *reader, out *travel.Date) func(string, node) {
	return func(path string, n node) {
		s, ok := n.value.(string)
		d, err := travel.ParseDate(s)
		switch {
		case !ok:
			r.complain(path, "%s; a day such as \"2027-03-01\"", n.kind())
		case err != nil:
			r.complain(path, "%s", err)
		default:
			*out = d
		}
	}
}

func (r *reader) ages(out *[]int) func(string, node) {
	return func(path string, n node) {
		*out = []int{}
		r.list(path, n, maxListParts, func(path string, n node) {
			if age, ok := r.whole(path, n); ok {
				*out = append(*out, age)
			}
		})
	}
}

// readBody takes a query and the view fields beside it. What is no query field must
// be a view field. The values are nil if the body could not be read at all.
func readBody(body []byte, product travel.Product, viewParams []Param) (travel.Query, Values, travel.Invalid) {
	doc, err := parseBody(body)
	if err != nil {
		return travel.Query{}, nil, travel.Invalid{{Field: "body", Message: err.Error()}}
	}
	if _, ok := doc.value.(map[string]node); !ok {
		return travel.Query{}, nil, travel.Invalid{{Field: "body", Message: doc.kind() + "; an object such as the example in /docs"}}
	}
	r := &reader{}
	q := travel.Query{Product: product}
	fields := map[string]func(string, node){"market": textInto(r, &q.Market)}
	if product == travel.Hotels {
		r.stayFields(&q, fields)
	} else {
		r.flightFields(&q, fields)
	}
	values := Values{}
	for i := range viewParams {
		p := &viewParams[i]
		fields[p.Name] = func(path string, n node) { r.viewField(values, p, path, n) }
	}
	given := r.object("", doc, fields)
	if product == travel.Hotels && !given["destination"] {
		r.complain("destination", "missing; a place such as {\"place\":\"PAR\"}, or lat, lon and radius_km")
	}
	return q, values, r.errs.list
}

func (r *reader) flightFields(q *travel.Query, fields map[string]func(string, node)) {
	q.Passengers = travel.Passengers{Adults: 1, ChildAges: []int{}}
	fields["cabin"] = textInto(r, &q.Cabin)
	fields["slices"] = func(path string, n node) {
		r.list(path, n, maxListParts, func(path string, n node) {
			var s travel.SliceQuery
			r.object(path, n, map[string]func(string, node){
				"origin": textInto(r, &s.Origin), "destination": textInto(r, &s.Destination), "date": dateInto(r, &s.Date),
			})
			q.Slices = append(q.Slices, s)
		})
	}
	fields["passengers"] = func(path string, n node) {
		p := &q.Passengers
		r.object(path, n, map[string]func(string, node){
			"adults": intInto(r, &p.Adults), "child_ages": r.ages(&p.ChildAges),
			"infants_lap": intInto(r, &p.InfantsLap), "infants_seat": intInto(r, &p.InfantsSeat),
		})
	}
}

func (r *reader) stayFields(q *travel.Query, fields map[string]func(string, node)) {
	q.Rooms = []travel.Occupancy{{Adults: 2, ChildAges: []int{}}}
	fields["check_in"], fields["check_out"] = dateInto(r, &q.CheckIn), dateInto(r, &q.CheckOut)
	fields["destination"] = func(path string, n node) { r.destination(&q.Destination, path, n) }
	fields["rooms"] = func(path string, n node) {
		q.Rooms = nil
		r.list(path, n, maxListParts, func(path string, n node) {
			o := travel.Occupancy{ChildAges: []int{}}
			r.object(path, n, map[string]func(string, node){"adults": intInto(r, &o.Adults), "child_ages": r.ages(&o.ChildAges)})
			q.Rooms = append(q.Rooms, o)
		})
	}
}

// destination is either a place, or all of a circle.
func (r *reader) destination(d *travel.Destination, path string, n node) {
	given := r.object(path, n, map[string]func(string, node){
		"place": textInto(r, &d.Place), "lat": floatInto(r, &d.Lat), "lon": floatInto(r, &d.Lon), "radius_km": intInto(r, &d.RadiusKM),
	})
	switch {
	case given == nil:
	case given["place"]:
		if len(given) > 1 {
			r.complain(path, "either a place, or lat, lon and radius_km")
		} else if strings.TrimSpace(d.Place) == "" {
			r.complain(path, "an empty place; one such as PAR, or lat, lon and radius_km")
		}
	case len(given) == 0:
		r.complain(path, "empty; a place, or lat, lon and radius_km")
	default:
		for _, name := range circleFields {
			if !given[name] {
				r.complain(path+"."+name, "missing; lat, lon and radius_km go together")
			}
		}
	}
}

var circleFields = []string{"lat", "lon", "radius_km"}

// viewField takes a view field in the JSON type that suits it, or as the text that
// the parameter of the same name would be, and checks it as that.
func (r *reader) viewField(values Values, p *Param, path string, n node) {
	value, ok := p.fromJSON(n)
	if !ok {
		r.complain(path, "%s; %s such as %s", n.kind(), p.Kind.words(), p.Example)
		return
	}
	if message := p.check(value); message != "" {
		r.complain(path, "%s", message)
		return
	}
	values[p.Name] = strings.TrimSpace(value)
}

// fromJSON is the parameter's text for a JSON value, false if the type does not suit.
func (p *Param) fromJSON(n node) (value string, ok bool) {
	switch v := n.value.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), p.Kind == integer || p.Kind == decimal || p.Kind == amount || p.Kind == flag
	case bool:
		return map[bool]string{true: "1", false: "0"}[v], p.Kind == flag
	case []node:
		parts := make([]string, len(v))
		for i, part := range v {
			number, isNumber := part.value.(json.Number)
			text, isText := part.value.(string)
			if !(isText && p.Kind == list || isNumber && p.Kind == box) || strings.Contains(text, ",") {
				return "", false
			}
			parts[i] = text + number.String()
		}
		return strings.Join(parts, ","), p.Kind == list || p.Kind == box
	}
	return "", false
}

func (k kind) words() string {
	switch k {
	case integer:
		return "a whole number"
	case decimal, amount:
		return "a number"
	case flag:
		return "0 or 1"
	case list:
		return "a list of texts"
	case box:
		return "four numbers"
	}
	return "a text"
}

// ParseQuery reads a query as it is POSTed, without view fields, for the tools that
// take one from a file. It is not yet normalised; what is wrong with the document is
// travel.Invalid.
func ParseQuery(body []byte, product travel.Product) (travel.Query, error) {
	q, _, errs := readBody(body, product, nil)
	if len(errs) > 0 {
		return travel.Query{}, errs
	}
	return q, nil
}
