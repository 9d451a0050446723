package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"fanfare/providers/fault"
)

func specTree(t *testing.T) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(spec(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// walk visits every object of the document with its JSON pointer.
func walk(at string, v any, visit func(at string, object map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		visit(at, v)
		for _, k := range slices.Sorted(maps.Keys(v)) {
			walk(at+pointer(k), v[k], visit)
		}
	case []any:
		for i, item := range v {
			walk(at+"/"+strconv.Itoa(i), item, visit)
		}
	}
}

func resolve(doc any, ref string) any {
	for _, part := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		object, ok := doc.(map[string]any)
		if !ok {
			return nil
		}
		doc = object[strings.NewReplacer("~1", "/", "~0", "~").Replace(part)]
	}
	return doc
}

// TestDocumentIsValid: the rules of OpenAPI 3.1 that a document can break.
func TestDocumentIsValid(t *testing.T) {
	doc := specTree(t)
	if doc["openapi"] != "3.1.0" || doc["info"].(map[string]any)["title"] == nil || doc["info"].(map[string]any)["version"] == nil {
		t.Errorf("openapi %v, info %v", doc["openapi"], doc["info"])
	}
	walk("", doc, func(at string, object map[string]any) {
		if ref, ok := object["$ref"].(string); ok && (!strings.HasPrefix(ref, "#/") || resolve(doc, ref) == nil) {
			t.Errorf("%s: $ref %s leads nowhere", at, ref)
		}
		if properties, ok := object["properties"].(map[string]any); ok {
			for _, name := range asList(object["required"]) {
				if properties[name.(string)] == nil {
					t.Errorf("%s: %v is required and no property", at, name)
				}
			}
			if object["additionalProperties"] != false {
				t.Errorf("%s: other properties are allowed", at)
			}
		}
	})
	ids := map[string]bool{}
	for path, item := range paths().Paths {
		for method, op := range item {
			where := method + " " + path
			if !slices.Contains([]string{"get", "post", "put", "delete", "patch"}, method) {
				t.Errorf("%s is no method", where)
			}
			if op.OperationID == "" || ids[op.OperationID] {
				t.Errorf("%s: operationId %q is empty or taken", where, op.OperationID)
			}
			ids[op.OperationID] = true
			if len(op.Responses) == 0 || op.Responses["default"].Description == "" {
				t.Errorf("%s has no responses or default", where)
			}
			for status, r := range op.Responses {
				if r.Description == "" || !regexp.MustCompile(`^[1-5]\d\d$|^default$`).MatchString(status) {
					t.Errorf("%s: response %s without description", where, status)
				}
				for media := range r.Content {
					if strings.HasSuffix(media, "json") {
						schemaAt(t, pointer("paths", path, method, "responses", status, "content", media, "schema"))
					}
				}
			}
			templated, declared := regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1), 0
			names := map[string]bool{}
			for i, p := range op.Parameters {
				if names[p.Name] || p.In != "query" && p.In != "path" {
					t.Errorf("%s: parameter %s in %s", where, p.Name, p.In)
				}
				names[p.Name] = true
				if p.In == "path" {
					declared++
					if !p.Required {
						t.Errorf("%s: path parameter %s is not required", where, p.Name)
					}
				}
				s := schemaAt(t, pointer("paths", path, method, "parameters", strconv.Itoa(i), "schema"))
				if err := s.Validate(p.Example); err != nil && p.Name != "cursor" && p.Name != "id" {
					t.Errorf("%s: example of %s: %v", where, p.Name, err)
				}
				var schema struct{ Default any }
				if err := json.Unmarshal(p.Schema, &schema); err != nil || schema.Default != nil && s.Validate(schema.Default) != nil {
					t.Errorf("%s: default %v of %s is not of its own schema", where, schema.Default, p.Name)
				}
			}
			if declared != len(templated) {
				t.Errorf("%s: %d path parameters declared", where, declared)
			}
			if op.RequestBody != nil {
				s := schemaAt(t, pointer("paths", path, method, "requestBody", "content", "application/json", "schema"))
				if err := s.Validate(op.RequestBody.Content["application/json"].Example); err != nil {
					t.Errorf("%s: example of the body: %v", where, err)
				}
			}
		}
	}
}

func asList(v any) []any {
	list, _ := v.([]any)
	return list
}

// TestRoutesAreThoseOfTheDocument: the pages and their files are the only others.
func TestRoutesAreThoseOfTheDocument(t *testing.T) {
	b := newBench(t, noConfig)
	served := map[string]bool{}
	for _, r := range b.engine.Routes() {
		if r.Path == "/" || r.Path == "/favicon.ico" || strings.HasPrefix(r.Path, "/ui/") || strings.HasPrefix(r.Path, "/about/") {
			continue
		}
		served[strings.ToLower(r.Method)+" "+strings.ReplaceAll(r.Path, ":id", "{id}")] = true
	}
	described := map[string]bool{}
	for path, item := range paths().Paths {
		for method := range item {
			described[method+" "+path] = true
		}
	}
	if !maps.Equal(served, described) {
		t.Errorf("served %v,\ndescribed %v", slices.Sorted(maps.Keys(served)), slices.Sorted(maps.Keys(described)))
	}
}

// TestParsedParametersAreThoseOfTheDocument: each example is accepted alone where the
// document says so.
func TestParsedParametersAreThoseOfTheDocument(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, rich()))
		s := newBench(t, noConfig, asks("albatross", 0, richStay()))
		for _, product := range []struct{ bench *bench }{{b}, {s}} {
			bench, path, oneShot := product.bench, "/v1/flights", oneWay
			if bench == s {
				path, oneShot = "/v1/hotels", hotelStay
			}
			id := bench.get(oneShot).want(200).view().ID
			for _, p := range paths().Paths[path]["get"].Parameters {
				example := strings.ReplaceAll(text(p.Example), "2027-", "2000-")
				switch p.Name {
				case "cursor", "lat", "lon", "radius_km":
					continue
				}
				bench.get(with(oneShot, p.Name, example)).want(200)
			}
			for _, p := range paths().Paths[path+"/searches/{id}"]["get"].Parameters {
				if p.Name != "cursor" && p.Name != "id" {
					bench.get(with(path+"/searches/"+id+"?wait=0s", p.Name, text(p.Example))).want(200)
				}
			}
		}
		s.get(with(hotelStay, "destination", "-", "lat", "48.8566", "lon", "2.3522", "radius_km", "10")).want(200)
	})
}

// text is an example as it stands in a query string.
func text(example any) string {
	if n, ok := example.(float64); ok {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return fmt.Sprint(example)
}

// TestDeletedPropertiesAreMissed: no property of any response can leave the document
// without a test noticing: some recorded answer has it, and then no longer validates.
func TestDeletedPropertiesAreMissed(t *testing.T) {
	samples := recordSamples(t)
	doc := specTree(t)
	reached := map[string]bool{} // components of responses
	var reach func(v any)
	reach = func(v any) {
		walk("", v, func(_ string, object map[string]any) {
			if ref, ok := object["$ref"].(string); ok && !reached[ref] {
				reached[ref] = true
				reach(resolve(doc, ref))
			}
		})
	}
	for _, item := range doc["paths"].(map[string]any) {
		for _, op := range item.(map[string]any) {
			reach(op.(map[string]any)["responses"])
		}
	}
	checked := 0
	for _, ref := range slices.Sorted(maps.Keys(reached)) {
		walk(strings.TrimPrefix(ref, "#"), resolve(doc, ref), func(at string, object map[string]any) {
			properties, ok := object["properties"].(map[string]any)
			if !ok {
				return
			}
			for _, name := range slices.Sorted(maps.Keys(properties)) {
				kept := properties[name]
				delete(properties, name)
				if !samples.notice(t, doc) {
					t.Errorf("nobody misses %s of %s", name, at)
				}
				properties[name] = kept
				checked++
			}
		})
	}
	if checked < 150 {
		t.Errorf("only %d properties were deleted", checked)
	}
}

// sampled is recorded bodies by what they are held against.
type sampled map[string][]any

// notice reports whether some sample does not fit the document.
func (s sampled) notice(t *testing.T, doc map[string]any) bool {
	t.Helper()
	body, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	c := compiler(body)
	for at, bodies := range s {
		schema, err := c.Compile(specURL + "#" + at)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range bodies {
			if schema.Validate(b) != nil {
				return true
			}
		}
	}
	return false
}

// recordSamples asks for an answer of each kind.
func recordSamples(t *testing.T) sampled {
	recorded.bodies = map[string][][]byte{}
	defer func() { recorded.bodies = nil }()
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, rich()), asks("bluebird", time.Second, flights(direct(1, "GBP 99.00"))), asks("condor", 5*time.Second, rich()))
		id := b.post(flightPath, flightBody).view().ID
		e := b.follow(flightPath + "/" + id + "/events?explain=1&stop_when_saving_below=500")
		time.Sleep(10 * time.Second)
		e.read()
		b.get(oneWay + "&limit=1&explain=1&currency=USD&max_price=5000")
		b.get(with(oneWay, "cabin", "business", "cabin_bag", "1"))
		b.get(oneWay + "&limit=0")
		b.get("/v1/places?q=par&limit=1")
		b.get("/healthz")
		combining := newBench(t, noConfig, combiningPartners()...)
		combining.get(awayAndBack)
		newBench(t, noConfig, disagreeing()...).get(oneWay)
		time.Sleep(time.Second) // the parts are in
		combining.get(awayAndBack)
		b.get(with(oneWay, "adults", "2", "stop_when_saving_below", "500"))
	})
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, richStay()), asks("bluebird", time.Second, richStay()))
		b.get(with(hotelStay, "destination", "-", "lat", "48.8566", "lon", "2.3522", "radius_km", "10"))
		e := b.follow(stayPath + "/" + b.post(stayPath, stayBody).view().ID + "/events?explain=1")
		time.Sleep(10 * time.Second)
		e.read()
	})
	inBubble(t, func(t *testing.T) {
		newBench(t, noConfig, asks("albatross", 0, fails(fault.HTTP5xx))).get(oneWay).problem(502)
		newBench(t, noConfig, asks("albatross", 0, fails(fault.HTTP429))).get(oneWay).problem(503)
		newBench(t, noConfig).get(flightPath + "/x").problem(404)
	})
	samples := sampled{}
	for at, bodies := range recorded.bodies {
		for _, body := range bodies {
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			samples[at] = append(samples[at], v)
		}
	}
	return samples
}
