package api

import (
	"encoding/json"
	"fmt"
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
	all := querySchemas()
	paths := map[string]map[string]any{}
	for i := range operations {
		op := &operations[i]
		if paths[op.Path] == nil {
			paths[op.Path] = map[string]any{}
		}
		paths[op.Path][strings.ToLower(op.Method)] = operation(op, all)
	}
	doc := map[string]any{
		"openapi": "3.1.0", "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
		"info": map[string]any{
			"title": "Fanfare", "version": APIVersion,
			"description": "One search over many partner airline and hotel APIs. Money is a decimal string with its currency; instants are UTC; airport times are local with their offset; unknown is null.",
		},
		"paths":    paths,
		"security": []map[string][]string{{}, {"key": {}}}, // both: a server may be open to all
		"components": map[string]any{"schemas": all, "securitySchemes": map[string]any{"key": map[string]any{
			"type": "http", "scheme": "bearer",
			"description": "A public key, ffk_pub_…, with the scope search. A server with access: {public: open} answers without one, by address.",
		}}},
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
		properties[b.View[i].Name] = b.View[i].bodySchema()
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
			content := map[string]any{"schema": schema{"type": "string"}}
			if r.Events != nil {
				content["x-events"] = eventSchemas(r.Events, all)
			}
			response["content"] = map[string]any{media: content}
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
	out["default"] = map[string]any{
		"description": "Any other error.",
		"content":     map[string]any{problemMedia: map[string]any{"schema": all.of(reflect.TypeFor[Problem]())}},
	}
	return out
}

func eventSchemas(events map[string]any, all schemas) map[string]schema {
	out := map[string]schema{}
	for name, data := range events {
		out[name] = all.of(reflect.TypeOf(data))
	}
	return out
}

func parameter(p *Param) map[string]any {
	in := "query"
	if p.InPath {
		in = "path"
	}
	return map[string]any{"name": p.Name, "in": in, "required": p.Required, "description": p.Doc, "schema": p.schema(), "example": p.typed(p.Example)}
}

// typed is a value as its JSON type.
func (p *Param) typed(text string) any {
	if p.Kind == integer || p.Kind == decimal || p.Kind == flag {
		return json.Number(text)
	}
	return text
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
		s["pattern"] = durationPattern
	case amount:
		s["pattern"] = amountPattern
	case window:
		s["pattern"] = `^\d\d:\d\d-\d\d:\d\d$`
	case box:
		s["pattern"] = `^-?[0-9.]+(,-?[0-9.]+){3}$`
	case rooms:
		s["pattern"] = `^\d+(-\d+)*(,\d+(-\d+)*)*$`
	}
	if p.Default != "" {
		s["default"] = p.typed(p.Default)
	}
	return s
}

const amountPattern = `^[0-9]+(\.[0-9]+)?$`

// bodySchema is what a body may hold: the parameter's text, or the JSON type that suits it.
func (p *Param) bodySchema() schema {
	s := p.schema()
	switch p.Kind {
	case integer, decimal:
		s["type"] = []any{s["type"], "string"}
	case flag:
		s = schema{"enum": []any{0, 1, "0", "1", false, true}}
	case amount:
		s["type"] = []string{"string", "number"}
	case list:
		s = schema{"anyOf": []schema{s, {"type": "array", "minItems": 1, "maxItems": maxListParts, "items": schema{"type": "string"}}}}
	case box:
		s = schema{"anyOf": []schema{s, {"type": "array", "minItems": 4, "maxItems": 4, "items": schema{"type": "number"}}}}
	}
	s["description"] = p.Doc
	return s
}
