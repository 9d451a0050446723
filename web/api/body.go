package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"fanfare/providers/travel"
)

// maxBody bounds the body of a search (reliability: search body 64 KiB).
const maxBody = 64 << 10

// maxDepth bounds nesting; a query has 4 levels.
const maxDepth = 16

// node is a JSON value whose objects keep no key twice.
type node struct {
	value any // nil, bool, json.Number, string, []node, map[string]node
}

// parseBody reads one JSON document: no repeated keys, nothing behind it.
func parseBody(body []byte) (node, error) {
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
type reader struct{ errs travel.Invalid }

func (r *reader) complain(path, format string, args ...any) {
	if path == "" {
		path = "body"
	}
	r.errs = append(r.errs, travel.FieldError{Field: path, Message: fmt.Sprintf(format, args...)})
}

// object hands each known field to its reader. null is taken as absent; unknown
// fields are complaints.
func (r *reader) object(path string, n node, fields map[string]func(path string, n node)) {
	object, ok := n.value.(map[string]node)
	if !ok {
		r.complain(path, "%s; an object", n.kind())
		return
	}
	for _, name := range sortedKeys(object) {
		read, known := fields[name]
		at := strings.TrimPrefix(path+"."+name, ".")
		switch {
		case !known:
			r.complain(clip(at), "unknown field; possible are %s", strings.Join(sortedKeys(fields), ", "))
		case object[name].value != nil:
			read(at, object[name])
		}
	}
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
		number, ok := n.value.(json.Number)
		v, err := strconv.Atoi(number.String())
		if !ok || err != nil || v > 1000 || v < -1000 {
			r.complain(path, "%s; a whole number", n.shown())
			return
		}
		*out = v
	}
}

func (n node) shown() string {
	if number, ok := n.value.(json.Number); ok {
		return clip(number.String())
	}
	return n.kind()
}

func floatInto(r *reader, out *float64) func(string, node) {
	return func(path string, n node) {
		number, ok := n.value.(json.Number)
		v, err := number.Float64()
		if !ok || err != nil || math.IsInf(v, 0) {
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
		r.list(path, n, 50, func(path string, n node) {
			var age int
			intInto(r, &age)(path, n)
			*out = append(*out, age)
		})
	}
}

// readBody takes a query and the view fields beside it. What is no query field must
// be a view field.
func readBody(body []byte, product travel.Product, viewParams []Param) (travel.Query, Values, travel.Invalid) {
	doc, err := parseBody(body)
	if err != nil {
		return travel.Query{}, nil, travel.Invalid{{Field: "body", Message: err.Error()}}
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
	r.object("", doc, fields)
	return q, values, r.errs
}

func (r *reader) flightFields(q *travel.Query, fields map[string]func(string, node)) {
	q.Passengers = travel.Passengers{Adults: 1, ChildAges: []int{}}
	fields["cabin"] = textInto(r, &q.Cabin)
	fields["slices"] = func(path string, n node) {
		r.list(path, n, 50, func(path string, n node) {
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
	fields["destination"] = func(path string, n node) {
		d := &q.Destination
		r.object(path, n, map[string]func(string, node){
			"place": textInto(r, &d.Place), "lat": floatInto(r, &d.Lat), "lon": floatInto(r, &d.Lon), "radius_km": intInto(r, &d.RadiusKM),
		})
		if object, ok := n.value.(map[string]node); ok && d.Place != "" && len(object) > 1 {
			r.complain(path, "either a place, or lat, lon and radius_km")
		}
	}
	fields["rooms"] = func(path string, n node) {
		q.Rooms = nil
		r.list(path, n, 50, func(path string, n node) {
			o := travel.Occupancy{ChildAges: []int{}}
			r.object(path, n, map[string]func(string, node){"adults": intInto(r, &o.Adults), "child_ages": r.ages(&o.ChildAges)})
			q.Rooms = append(q.Rooms, o)
		})
	}
}

// viewField takes a view field in the JSON type that suits it, and checks it as the
// parameter of the same name: numbers and booleans as themselves, lists as lists.
func (r *reader) viewField(values Values, p *Param, path string, n node) {
	var value string
	switch v := n.value.(type) {
	case string:
		value = v
	case json.Number:
		value = v.String()
	case bool:
		value = map[bool]string{true: "1", false: "0"}[v]
	case []node:
		parts := make([]string, len(v))
		for i, part := range v {
			s, ok := part.value.(string)
			if !ok {
				r.complain(fmt.Sprintf("%s[%d]", path, i), "%s; a text", part.kind())
				return
			}
			parts[i] = s
		}
		value = strings.Join(parts, ",")
	default:
		r.complain(path, "an object; %s such as %q", p.Kind.words(), p.Example)
		return
	}
	if message := p.check(value); message != "" {
		r.complain(path, "%s", message)
		return
	}
	values[p.Name] = strings.TrimSpace(value)
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
		return "a list"
	}
	return "a text"
}
