package api

import (
	"reflect"
	"strconv"
	"strings"

	"fanfare/providers/travel"
)

// schema is a JSON Schema of dialect 2020-12, as OpenAPI 3.1 has it.
type schema map[string]any

// schemas makes a component for each named struct type that it meets.
type schemas map[string]schema

// of returns the schema of a type: a reference for structs, in line for the rest.
func (all schemas) of(t reflect.Type) schema {
	if t == reflect.TypeFor[travel.Money]() {
		t = reflect.TypeFor[Money]()
	}
	if s, ok := special(t); ok {
		return s
	}
	switch t.Kind() {
	case reflect.Pointer:
		return all.of(t.Elem())
	case reflect.Slice:
		return schema{"type": "array", "items": all.of(t.Elem())}
	case reflect.Map:
		return schema{"type": "object", "additionalProperties": all.of(t.Elem())}
	case reflect.Struct:
		name := t.Name()
		if _, known := all[name]; !known {
			all[name] = nil // recursion ends here
			all[name] = all.object(t)
		}
		return schema{"$ref": "#/components/schemas/" + name}
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return schema{"type": "integer"}
	case reflect.Float64:
		return schema{"type": "number"}
	case reflect.Interface:
		return schema{}
	}
	return schema{"type": "string"}
}

// special is the schema of types that write themselves.
func special(t reflect.Type) (schema, bool) {
	switch t {
	case reflect.TypeFor[travel.Query]():
		return schema{"oneOf": []schema{{"$ref": "#/components/schemas/FlightQuery"}, {"$ref": "#/components/schemas/StayQuery"}}}, true
	case reflect.TypeFor[Instant]():
		return schema{"type": "string", "format": "date-time", "pattern": `Z$`}, true
	case reflect.TypeFor[travel.LocalTime]():
		return schema{"type": "string", "format": "date-time", "pattern": `[+-]\d\d:\d\d$`}, true
	case reflect.TypeFor[travel.Date]():
		return schema{"type": "string", "format": "date"}, true
	case reflect.TypeFor[PerSegment]():
		return schema{"type": "array", "items": schema{"type": []string{"string", "null"}}}, true
	}
	return nil, false
}

// object is the schema of a struct: all fields required but those that may be left out.
func (all schemas) object(t reflect.Type) schema {
	properties := map[string]any{}
	required := []string{}
	all.fields(t, properties, &required)
	return schema{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

func (all schemas) fields(t reflect.Type, properties map[string]any, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			all.fields(f.Type, properties, required)
			continue
		}
		name, rest, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || name == "" {
			continue
		}
		properties[name] = all.field(f)
		if rest != "omitempty" {
			*required = append(*required, name)
		}
	}
}

func (all schemas) field(f reflect.StructField) schema {
	s := all.of(f.Type)
	if values := f.Tag.Get("enum"); values != "" {
		s["enum"] = strings.Split(values, ",")
	}
	switch pattern := f.Tag.Get("pattern"); pattern {
	case "":
	case "decimal":
		s["pattern"] = decimalPattern
	default:
		s["pattern"] = pattern
	}
	if example := f.Tag.Get("example"); example != "" {
		s["example"] = example
	}
	for tag, keyword := range map[string]string{"min": "minimum", "max": "maximum"} {
		if text := f.Tag.Get(tag); text != "" {
			s[keyword], _ = strconv.ParseFloat(text, 64) // our own tags; the test of the spec reads them
		}
	}
	if f.Tag.Get("null") == "true" {
		s = schema{"anyOf": []schema{s, {"type": "null"}}}
	}
	if doc := f.Tag.Get("doc"); doc != "" {
		s["description"] = doc
	}
	return s
}

const decimalPattern = `^-?\d+(\.\d+)?$`

// querySchemas are the components of what is read: parsers of their own do that (body.go), so that
// no struct has their shapes.
func querySchemas() schemas {
	code := func(pattern, example, doc string) schema {
		return schema{"type": "string", "pattern": pattern, "example": example, "description": doc}
	}
	integer := func(least, most int) schema {
		return schema{"type": "integer", "minimum": least, "maximum": most}
	}
	object := func(properties map[string]any, required ...string) schema {
		s := schema{"type": "object", "properties": properties, "additionalProperties": false}
		if len(required) > 0 {
			s["required"] = required
		}
		return s
	}
	ages := func(least int) schema { return schema{"type": "array", "items": integer(least, 17)} }
	country := code(`^[A-Z]{2}$`, "GB", "ISO 3166 country.")
	place := code(`^[A-Z]{3}$`, "LHR", "IATA airport or metro code.")
	day := schema{"type": "string", "format": "date"}
	return schemas{
		"FlightQuery": object(map[string]any{
			"slices": schema{"type": "array", "minItems": 1, "maxItems": 6, "items": object(map[string]any{"origin": place, "destination": place, "date": day}, "origin", "destination", "date")},
			"passengers": object(map[string]any{
				"adults": integer(1, 9), "child_ages": ages(2), "infants_lap": integer(0, 9), "infants_seat": integer(0, 8),
			}),
			"cabin":  schema{"type": "string", "enum": []travel.Cabin(travel.Cabins)},
			"market": country,
		}, "slices"),
		"StayQuery": object(map[string]any{
			"destination": schema{"oneOf": []schema{
				object(map[string]any{"place": schema{"type": "string", "example": "PAR"}}, "place"),
				object(map[string]any{
					"lat": schema{"type": "number", "minimum": -90, "maximum": 90}, "lon": schema{"type": "number", "minimum": -180, "maximum": 180},
					"radius_km": integer(1, 50),
				}, "lat", "lon", "radius_km"),
			}},
			"check_in": day, "check_out": day,
			"rooms":  schema{"type": "array", "minItems": 1, "maxItems": 9, "items": object(map[string]any{"adults": integer(1, 9), "child_ages": ages(0)}, "adults")},
			"market": country,
		}, "destination", "check_in", "check_out"),
	}
}
