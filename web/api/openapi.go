package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"reflect"
	"strconv"
	"strings"

	"fanfare/providers/travel"
)

// APIVersion is the version of the interface, not of the server.
const APIVersion = "1.0.0"

// Spec is the OpenAPI 3.1 document of the table of operations.
func Spec(operations []Operation) ([]byte, error) {
	all := handWritten()
	paths := map[string]map[string]any{}
	for i := range operations {
		op := &operations[i]
		if paths[op.Path] == nil {
			paths[op.Path] = map[string]any{}
		}
		paths[op.Path][strings.ToLower(op.Method)] = operation(op, all)
	}
	doc := map[string]any{
		"openapi": "3.1.0",
		"info": map[string]any{
			"title": "Fanfare", "version": APIVersion,
			"description": "One search over many partner airline and hotel APIs. Money is a decimal string with its currency; instants are UTC; airport times are local with their offset; unknown is null.",
		},
		"paths":      paths,
		"components": map[string]any{"schemas": all},
	}
	spec, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	return spec, nil
}

func operation(op *Operation, all schemas) map[string]any {
	out := map[string]any{"operationId": op.ID, "summary": op.Summary, "tags": []string{op.Tag}, "responses": responses(op, all)}
	if op.Doc != "" {
		out["description"] = op.Doc
	}
	var parameters []any
	for i := range op.Params {
		parameters = append(parameters, parameter(&op.Params[i]))
	}
	if parameters != nil {
		out["parameters"] = parameters
	}
	if op.Body != nil {
		out["requestBody"] = map[string]any{
			"required": true, "description": op.Body.Doc,
			"content": map[string]any{"application/json": map[string]any{"schema": bodySchema(op.Body, all), "example": json.RawMessage(op.Body.Example)}},
		}
	}
	return out
}

// bodySchema is the query's schema with the view fields beside it.
func bodySchema(b *Body, all schemas) schema {
	query := all["FlightQuery"]
	if b.Query == travel.Hotels {
		query = all["StayQuery"]
	}
	out := maps.Clone(query)
	properties := maps.Clone(query["properties"].(map[string]any))
	for i := range b.View {
		properties[b.View[i].Name] = schema{"description": b.View[i].Doc, "anyOf": []schema{b.View[i].schema(), {"type": []string{"number", "boolean", "array"}}}}
	}
	out["properties"] = properties
	return out
}

func responses(op *Operation, all schemas) map[string]any {
	out := map[string]any{}
	for _, r := range op.Responses {
		response := map[string]any{"description": r.Doc}
		media := r.Media
		if media == "" {
			media = "application/json"
		}
		switch {
		case r.Type != nil:
			response["content"] = map[string]any{media: map[string]any{"schema": all.of(reflect.TypeOf(r.Type))}}
		case r.Media != "":
			response["content"] = map[string]any{media: map[string]any{"schema": schema{"type": "string"}}}
		}
		if len(r.Headers) > 0 {
			headers := map[string]any{}
			for _, name := range r.Headers {
				headers[name] = map[string]any{"schema": schema{"type": "string"}}
			}
			response["headers"] = headers
		}
		out[strconv.Itoa(r.Status)] = response
	}
	return out
}

func parameter(p *Param) map[string]any {
	in := "query"
	if p.InPath {
		in = "path"
	}
	return map[string]any{"name": p.Name, "in": in, "required": p.Required, "description": p.Doc, "schema": p.schema(), "example": p.Example}
}

// schema is what the parser accepts, as far as JSON Schema can say it.
func (p *Param) schema() schema {
	s := schema{"type": "string", "maxLength": p.maxLen()}
	switch p.Kind {
	case integer:
		s = schema{"type": "integer", "minimum": p.Min, "maximum": p.Max}
	case decimal:
		s = schema{"type": "number", "minimum": p.Min, "maximum": p.Max}
	case flag:
		s = schema{"type": "integer", "enum": []int{0, 1}}
	case date:
		s = schema{"type": "string", "format": "date"}
	case enum:
		s = schema{"type": "string", "enum": p.Enum}
	case duration:
		s["pattern"] = `^([0-9]+(\.[0-9]+)?(ms|s|m))+$`
	case amount:
		s["pattern"] = `^[0-9]+(\.[0-9]+)?$`
	case window:
		s["pattern"] = `^\d\d:\d\d-\d\d:\d\d$`
	}
	if p.Default != "" {
		s["default"] = p.Default
		if n, err := strconv.Atoi(p.Default); err == nil && s["type"] == "integer" {
			s["default"] = n
		}
	}
	return s
}

// Docs is the table of operations as a page for people.
func Docs(operations []Operation) []byte {
	var b bytes.Buffer
	if err := docsPage.Execute(&b, operations); err != nil {
		panic(fmt.Sprintf("api: docs page: %v", err)) // impossible: the template is tested
	}
	return b.Bytes()
}

var docsPage = template.Must(template.New("docs").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Fanfare API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/ui/docs.css"></head><body>
<h1>Fanfare API</h1>
<p>The machine-readable form is <a href="/openapi.json">openapi.json</a>. Errors are <code>application/problem+json</code>.</p>
{{range .}}<section id="{{.ID}}"><h2><code>{{.Method}} {{.Path}}</code></h2><p>{{.Summary}}. {{.Doc}}</p>
{{with .Body}}<h3>Body</h3><p>{{.Doc}}</p><pre>{{.Example}}</pre>{{end}}
{{if .Params}}<h3>Parameters</h3><table><tr><th>name</th><th></th><th>default</th><th>example</th></tr>
{{range .Params}}<tr><td><code>{{.Name}}</code>{{if .Required}} *{{end}}</td><td>{{.Doc}}</td><td>{{.Default}}</td><td><code>{{.Example}}</code></td></tr>
{{end}}</table>{{end}}
<h3>Answers</h3><ul>{{range .Responses}}<li><b>{{.Status}}</b> {{.Doc}}</li>{{end}}</ul></section>
{{end}}</body></html>
`))
