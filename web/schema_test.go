package web_test

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"fanfare/web"
	"fanfare/web/api"
)

// noConfig is an engine with default limits.
var noConfig = web.Config{}

const specURL = "http://fanfare.test/openapi.json"

// spec is the document that the engine serves.
var spec = sync.OnceValue(func() []byte {
	doc, err := api.Spec(api.Operations(budget, maxWait))
	if err != nil {
		panic(err)
	}
	return doc
})

// compiler of a document; formats are asserted.
func compiler(doc []byte) *jsonschema.Compiler {
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		panic(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource(specURL, parsed); err != nil {
		panic(err)
	}
	return c
}

var (
	compiled   sync.Map // JSON pointer -> *jsonschema.Schema
	compilerMu sync.Mutex
	shared     = sync.OnceValue(func() *jsonschema.Compiler { return compiler(spec()) })
)

func schemaAt(t *testing.T, pointer string) *jsonschema.Schema {
	t.Helper()
	if s, ok := compiled.Load(pointer); ok {
		return s.(*jsonschema.Schema)
	}
	compilerMu.Lock()
	defer compilerMu.Unlock()
	s, err := shared().Compile(specURL + "#" + pointer)
	if err != nil {
		t.Fatalf("schema %s: %v", pointer, err)
	}
	compiled.Store(pointer, s)
	return s
}

// document is the part of /openapi.json that tests walk through.
type document struct {
	Paths map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Parameters  []struct {
			Name, In string
			Required bool
			Schema   json.RawMessage
			Example  any
		}
		RequestBody *struct {
			Content map[string]struct{ Example any }
		} `json:"requestBody"`
		Responses map[string]struct {
			Description string
			Content     map[string]struct{ Schema json.RawMessage }
			Headers     map[string]any
		}
	}
}

var paths = sync.OnceValue(func() document {
	var d document
	if err := json.Unmarshal(spec(), &d); err != nil {
		panic(err)
	}
	return d
})

// match finds the path template that a request's path is an instance of.
func match(path string) (string, bool) {
	given := strings.Split(path, "/")
next:
	for template := range paths().Paths {
		wanted := strings.Split(template, "/")
		if len(wanted) != len(given) {
			continue
		}
		for i, part := range wanted {
			if part != given[i] && (!strings.HasPrefix(part, "{") || given[i] == "") {
				continue next
			}
		}
		return template, true
	}
	return "", false
}

func pointer(parts ...string) string {
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	var b strings.Builder
	for _, p := range parts {
		b.WriteString("/" + escape.Replace(p))
	}
	return b.String()
}

// validate asserts that a response is one that the document describes: operation,
// status, media type, required headers and body. What has no operation must be a problem.
func validate(t *testing.T, r *http.Request, status int, header http.Header, body []byte) {
	t.Helper()
	where := r.Method + " " + r.URL.Path + " " + strconv.Itoa(status)
	for _, name := range []string{"X-Request-Id", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"} {
		if header.Get(name) == "" {
			t.Errorf("%s: no %s", where, name)
		}
	}
	template, known := match(r.URL.Path)
	op, has := paths().Paths[template][strings.ToLower(r.Method)]
	if !known || !has {
		if status >= 400 {
			validateAs(t, where, pointer("components", "schemas", "Problem"), body)
		}
		return
	}
	response, key := op.Responses[strconv.Itoa(status)], strconv.Itoa(status)
	if response.Description == "" {
		if status < 400 {
			t.Errorf("%s: the status is not described", where)
			return
		}
		response, key = op.Responses["default"], "default"
	}
	for name := range response.Headers {
		optional := status == http.StatusServiceUnavailable || header.Get("Cache-Control") == "no-store" && name == "ETag"
		if header.Get(name) == "" && !optional {
			t.Errorf("%s: no %s", where, name)
		}
	}
	if len(response.Content) == 0 {
		if len(body) > 0 {
			t.Errorf("%s: a body where none is described: %.100s", where, body)
		}
		return
	}
	media, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		t.Errorf("%s: Content-Type %q", where, header.Get("Content-Type"))
		return
	}
	if _, described := response.Content[media]; !described {
		t.Errorf("%s: %s is not described", where, media)
		return
	}
	if strings.HasSuffix(media, "json") {
		at := pointer("paths", template, strings.ToLower(r.Method), "responses", key, "content", media, "schema")
		validateAs(t, where, at, body)
		record(at, body)
	}
}

func validateAs(t *testing.T, where, at string, body []byte) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Errorf("%s: %v in %.200s", where, err, body)
		return
	}
	if err := schemaAt(t, at).Validate(v); err != nil {
		t.Errorf("%s: %v\nin %.2000s", where, err, body)
	}
}

// recorded keeps bodies by the schema that they were held against, for the mutation test.
var recorded struct {
	mu     sync.Mutex
	bodies map[string][][]byte // nil while nobody records
}

func record(at string, body []byte) {
	recorded.mu.Lock()
	defer recorded.mu.Unlock()
	if recorded.bodies != nil {
		recorded.bodies[at] = append(recorded.bodies[at], body)
	}
}
