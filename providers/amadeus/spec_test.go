package amadeus

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"fanfare/providers/providertest"
)

// spec is one of the vendor's OpenAPI documents, of release 2.0 or 3.0.
type spec struct {
	t    *testing.T
	root map[string]any
}

func specification(t *testing.T, name string) spec {
	t.Helper()
	s := spec{t: t}
	if err := json.Unmarshal(providertest.Vendor(t, name), &s.root); err != nil {
		t.Fatal(err)
	}
	return s
}

// at is what stands under the keys, references followed.
func (s spec) at(v any, keys ...string) any {
	for _, k := range keys {
		m, _ := s.resolve(v).(map[string]any)
		v = m[k]
	}
	return s.resolve(v)
}

func (s spec) resolve(v any) any {
	m, ok := v.(map[string]any)
	ref, isRef := m["$ref"].(string)
	if !ok || !isRef {
		return v
	}
	return s.at(s.root, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
}

// checkQuery complains about parameters that an operation does not have, does not get, or
// gets with a value that it does not take.
func (s spec) checkQuery(path, method string, got url.Values) (complaints []string) {
	complain := func(format string, args ...any) { complaints = append(complaints, fmt.Sprintf(format, args...)) }
	list, _ := s.at(s.root, "paths", path, method, "parameters").([]any)
	if len(list) == 0 {
		s.t.Fatalf("no %s %s in the specification", method, path)
	}
	known := map[string]bool{}
	for _, v := range list {
		p := s.resolve(v).(map[string]any)
		if p["in"] != "query" {
			continue
		}
		name := p["name"].(string)
		known[name] = true
		values, given := got[name]
		if !given {
			if p["required"] == true {
				complain("%s is missing", name)
			}
			continue
		}
		schema := p
		if inner, ok := p["schema"].(map[string]any); ok { // OpenAPI 3
			schema = s.resolve(inner).(map[string]any)
		}
		if len(values) != 1 {
			complain("%s is there %d times", name, len(values))
		}
		for _, complaint := range valueComplaints(schema, values[0]) {
			complain("%s=%s: %s", name, values[0], complaint)
		}
	}
	for name := range got {
		if !known[name] {
			complain("%s is no parameter", name)
		}
	}
	return complaints
}

func valueComplaints(schema map[string]any, value string) (complaints []string) {
	complain := func(format string, args ...any) { complaints = append(complaints, fmt.Sprintf(format, args...)) }
	if schema["type"] == "array" {
		items := strings.Split(value, ",")
		if most, ok := schema["maxItems"].(float64); ok && len(items) > int(most) {
			complain("%d items, at most %v", len(items), most)
		}
		inner, _ := schema["items"].(map[string]any)
		for _, item := range items {
			complaints = append(complaints, valueComplaints(inner, item)...)
		}
		return complaints
	}
	switch schema["type"] {
	case "integer", "number":
		n, err := strconv.ParseFloat(value, 64)
		if err != nil || schema["type"] == "integer" && n != float64(int(n)) {
			complain("no %s", schema["type"])
		}
		if low, ok := schema["minimum"].(float64); ok && n < low {
			complain("below %v", low)
		}
		if high, ok := schema["maximum"].(float64); ok && n > high {
			complain("above %v", high)
		}
	case "boolean":
		if value != "true" && value != "false" {
			complain("no boolean")
		}
	case "string":
		if value == "" {
			complain("empty")
		}
	default:
		complain("of a type that this test does not know")
	}
	if pattern, ok := schema["pattern"].(string); ok && !regexp.MustCompile(`^(?:`+pattern+`)$`).MatchString(value) {
		complain("does not match %s", pattern)
	}
	if schema["format"] == "date" && !regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`).MatchString(value) {
		complain("no date")
	}
	if enum, ok := schema["enum"].([]any); ok && !slices.Contains(enum, any(value)) {
		complain("none of %v", enum)
	}
	return complaints
}

// checkBody validates a body against a definition of Swagger 2.0, and complains about
// fields that it does not have, which the vendor's schemas allow.
func (s spec) checkBody(definition string, body []byte) (complaints []string) {
	s.t.Helper()
	text, err := json.Marshal(map[string]any{"definitions": s.root["definitions"]})
	if err != nil {
		s.t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		s.t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft4) // what Swagger 2.0 is nearest to
	// Patterns such as [[A-Z0-9] are none in Go; those of what we send are.
	if err := c.AddResource("spec.json", doc); err != nil {
		s.t.Fatal(err)
	}
	schema, err := c.Compile("spec.json#/definitions/" + definition)
	if err != nil {
		s.t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(body)))
	if err != nil {
		s.t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		complaints = append(complaints, err.Error())
	}
	return append(complaints, s.unknownFields(s.at(s.root, "definitions", definition), value, definition)...)
}

func (s spec) unknownFields(schema, value any, path string) (complaints []string) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			complaints = append(complaints, s.unknownFields(s.at(schema, "items"), item, path+"[]")...)
		}
	case map[string]any:
		fields := map[string]any{}
		s.fields(schema, fields)
		for name, inner := range v {
			if fields[name] == nil {
				complaints = append(complaints, path+"."+name+" is no field")
				continue
			}
			complaints = append(complaints, s.unknownFields(s.resolve(fields[name]), inner, path+"."+name)...)
		}
	}
	return complaints
}

// fields collects the properties of a schema and of all that it consists of.
func (s spec) fields(schema any, into map[string]any) {
	m, _ := s.resolve(schema).(map[string]any)
	properties, _ := m["properties"].(map[string]any)
	for name, p := range properties {
		into[name] = p
	}
	parts, _ := m["allOf"].([]any)
	for _, part := range parts {
		s.fields(part, into)
	}
}
