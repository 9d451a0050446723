package feeds

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Size is a number of bytes, written as 256MiB, 8KiB or plain.
type Size int64

// Complaint is one thing wrong with a configuration: where, and what would be right.
type Complaint struct {
	Path    string
	Line    int // 0 is unknown
	Message string
}

// String is the complaint in one line.
func (c Complaint) String() string {
	if c.Line > 0 {
		return fmt.Sprintf("%s: %s (line %d)", c.Path, c.Message, c.Line)
	}
	return c.Path + ": " + c.Message
}

// Complaints is everything wrong with a configuration at once.
type Complaints []Complaint

// Error is one complaint a line.
func (c Complaints) Error() string {
	lines := make([]string, len(c))
	for i := range c {
		lines[i] = c[i].String()
	}
	return strings.Join(lines, "\n")
}

// Add notes a complaint.
func (c *Complaints) Add(path, format string, args ...any) {
	*c = append(*c, Complaint{Path: path, Message: fmt.Sprintf(format, args...)})
}

// Decode reads a YAML document into out, a pointer to a struct whose fields carry
// yaml tags and hold the defaults. Unknown and repeated keys, values of another type
// and unset variables are complaints, all at once. ${VAR} reads the environment; a
// credential that stands in the document itself is a warning.
func Decode(document []byte, out any) (errs, warnings Complaints) {
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil {
		return Complaints{{Path: "document", Message: "not YAML: " + strings.ReplaceAll(err.Error(), "\n", " ")}}, nil
	}
	if len(root.Content) == 0 {
		return nil, nil // an empty document is all defaults
	}
	d := decoder{}
	d.into(root.Content[0], out)
	return d.errs, d.warnings
}

// into reads a node into out, a pointer to a struct.
func (d *decoder) into(n *yaml.Node, out any) { d.value("", n, reflect.ValueOf(out).Elem(), 0) }

type decoder struct {
	errs, warnings Complaints
	literal        bool // ${VAR} is a text like any other
}

func (d *decoder) complain(path string, n *yaml.Node, format string, args ...any) {
	if path == "" {
		path = "document"
	}
	d.errs = append(d.errs, Complaint{path, n.Line, fmt.Sprintf(format, args...)})
}

// maxNesting bounds aliases that contain each other; a mapping of a partner has 11 levels.
const maxNesting = 24

func (d *decoder) value(path string, n *yaml.Node, out reflect.Value, depth int) {
	if depth > maxNesting {
		d.complain(path, n, "nested too deeply")
		return
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return // a key without a value keeps its default
	}
	switch out.Kind() {
	case reflect.Struct:
		d.mapping(path, n, out, depth)
	case reflect.Map:
		d.texts(path, n, out)
	case reflect.Interface:
		if v := d.plain(path, n, depth); v != nil {
			out.Set(reflect.ValueOf(v))
		}
	case reflect.Slice:
		if n.Kind != yaml.SequenceNode {
			d.complain(path, n, "%s; a list", kindOf(n))
			return
		}
		list := reflect.MakeSlice(out.Type(), len(n.Content), len(n.Content))
		for i, item := range n.Content {
			element := list.Index(i)
			if initial, ok := element.Addr().Interface().(interface{ SetDefaults() }); ok {
				initial.SetDefaults()
			}
			d.value(fmt.Sprintf("%s[%d]", path, i), item, element, depth+1)
		}
		out.Set(list)
	default:
		d.scalar(path, n, out)
	}
}

func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return fmt.Sprintf("%q", clip(n.Value))
}

func clip(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}

func (d *decoder) mapping(path string, n *yaml.Node, out reflect.Value, depth int) {
	if n.Kind != yaml.MappingNode {
		d.complain(path, n, "%s; a mapping", kindOf(n))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		at := strings.TrimPrefix(path+"."+key.Value, ".")
		field, known := fieldOf(out, key.Value)
		switch {
		case !known:
			d.complain(at, key, "unknown key; possible are %s", strings.Join(keysOf(out.Type()), ", "))
		case seen[key.Value]:
			d.complain(at, key, "given twice")
		default:
			seen[key.Value] = true
			d.value(at, n.Content[i+1], field, depth+1)
		}
	}
}

func fieldOf(out reflect.Value, key string) (reflect.Value, bool) {
	for i := range out.NumField() {
		if out.Type().Field(i).Tag.Get("yaml") == key {
			return out.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// plain reads anything as texts, lists and mappings of them.
func (d *decoder) plain(path string, n *yaml.Node, depth int) any {
	if depth > maxNesting {
		d.complain(path, n, "nested too deeply")
		return nil
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch {
	case n.Kind == yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			list[i] = d.plain(fmt.Sprintf("%s[%d]", path, i), item, depth+1)
		}
		return list
	case n.Kind == yaml.MappingNode:
		out := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i].Value
			if _, twice := out[key]; twice {
				d.complain(path+"."+key, n.Content[i], "given twice")
			}
			out[key] = d.plain(path+"."+key, n.Content[i+1], depth+1)
		}
		return out
	case n.Tag == "!!null":
		return nil
	}
	text, _ := d.expand(path, n)
	return text
}

// texts reads a mapping of names to texts: credentials and options.
func (d *decoder) texts(path string, n *yaml.Node, out reflect.Value) {
	if n.Kind != yaml.MappingNode {
		d.complain(path, n, "%s; a mapping", kindOf(n))
		return
	}
	texts := map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i].Value, n.Content[i+1]
		at := path + "." + key
		if _, twice := texts[key]; twice {
			d.complain(at, value, "given twice")
			continue
		}
		if value.Kind != yaml.ScalarNode {
			d.complain(at, value, "%s; a text", kindOf(value))
			continue
		}
		if value.Tag == "!!null" {
			continue // as if the key were not there, and not the text "null"
		}
		texts[key], _ = d.expand(at, value)
		if strings.HasSuffix(path, ".credentials") && !variable.MatchString(value.Value) {
			d.warnings = append(d.warnings, Complaint{at, value.Line, "a secret stands in the file itself; better ${VAR}, from the environment"})
		}
	}
	out.Set(reflect.ValueOf(texts))
}

// authSecret are the secrets of a mapped feed.
var authSecret = regexp.MustCompile(`(^|\.)auth\.(token|value|password|client_secret|secret)$`)

var variable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// expand puts the environment's values in place of ${VAR}.
func (d *decoder) expand(path string, n *yaml.Node) (text string, ok bool) {
	ok = true
	if d.literal {
		return n.Value, true
	}
	text = variable.ReplaceAllStringFunc(n.Value, func(m string) string {
		name := m[2 : len(m)-1]
		value, set := os.LookupEnv(name)
		if !set {
			d.complain(path, n, "the environment variable %s is not set", name)
			ok = false
		}
		return value
	})
	return text, ok
}

func (d *decoder) scalar(path string, n *yaml.Node, out reflect.Value) {
	if n.Kind != yaml.ScalarNode {
		d.complain(path, n, "%s; a single value", kindOf(n))
		return
	}
	text, ok := d.expand(path, n)
	if !ok {
		return
	}
	if wanted := set(out, text); wanted != "" {
		d.complain(path, n, "%q; %s", clip(text), wanted)
	}
	if authSecret.MatchString(path) && !variable.MatchString(n.Value) {
		d.warnings = append(d.warnings, Complaint{path, n.Line, "a secret stands in the file itself; better ${VAR}, from the environment"})
	}
}

// set puts the text into out, or tells what was wanted.
func set(out reflect.Value, text string) (wanted string) {
	switch out.Interface().(type) {
	case time.Duration:
		v, err := time.ParseDuration(text)
		if err != nil && text == "0" {
			err = nil
		}
		if err != nil {
			return "a duration such as 8s or 500ms"
		}
		out.SetInt(int64(v))
		return ""
	case Size:
		v, ok := parseSize(text)
		if !ok {
			return "a number of bytes such as 256MiB"
		}
		out.SetInt(v)
		return ""
	}
	switch out.Kind() {
	case reflect.String:
		out.SetString(text)
	case reflect.Bool:
		if text != "true" && text != "false" {
			return "true or false"
		}
		out.SetBool(text == "true")
	case reflect.Int, reflect.Int64:
		v, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return "a whole number"
		}
		out.SetInt(v)
	case reflect.Float64:
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || v != v || v > 1e12 || v < -1e12 {
			return "a number"
		}
		out.SetFloat(v)
	default:
		panic("feeds: no reader for " + out.Type().String()) // a field of ours that the tests would have met
	}
	return ""
}

var units = []struct {
	suffix string
	factor int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}, {"", 1}}

func parseSize(text string) (int64, bool) {
	for _, u := range units {
		number, has := strings.CutSuffix(text, u.suffix)
		if !has {
			continue
		}
		v, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		if err != nil || v < 0 || v > (1<<50)/u.factor {
			return 0, false
		}
		return v * u.factor, true
	}
	return 0, false
}
