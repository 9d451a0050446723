package mapped

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// mapping makes an offer's shape of a raw offer.
type mapping interface {
	apply(ctx context.Context, raw any, query map[string]any) (any, error)
}

// jqMapping is a mapping by an expression.
type jqMapping struct{ *Program }

func (m jqMapping) apply(ctx context.Context, raw any, query map[string]any) (any, error) {
	return m.First(ctx, raw, query)
}

// pathMapping is a mapping by an object of plain paths: nothing is interpreted.
type pathMapping struct{ node node }

func (m pathMapping) apply(_ context.Context, raw any, query map[string]any) (any, error) {
	return m.node.of(raw, query), nil
}

// node is a part of a mapping by paths.
type node interface {
	of(raw any, query map[string]any) any
}

// path is the keys and positions that lead to a value, from the raw offer or, with query, from
// the question.
type path struct {
	query bool
	steps []step
}

type step struct {
	key   string
	index int // where key is ""
}

func (p path) of(raw any, query map[string]any) any {
	v := raw
	if p.query {
		v = query
	}
	for _, s := range p.steps {
		switch at := v.(type) {
		case map[string]any:
			if s.key == "" {
				return nil
			}
			v = at[s.key]
		case []any:
			if s.key != "" || s.index >= len(at) {
				return nil
			}
			v = at[s.index]
		default:
			return nil
		}
	}
	return v
}

// constant is a text that stands in the mapping itself.
type constant string

func (c constant) of(any, map[string]any) any { return string(c) }

type objectNode map[string]node

func (o objectNode) of(raw any, query map[string]any) any {
	out := make(map[string]any, len(o))
	for key, n := range o {
		if v := n.of(raw, query); v != nil {
			out[key] = v
		}
	}
	return out
}

type listNode []node

func (l listNode) of(raw any, query map[string]any) any {
	out := make([]any, len(l))
	for i, n := range l {
		out[i] = n.of(raw, query)
	}
	return out
}

// eachNode makes a list: one value of each member of the list that the path leads to. A single
// value counts as a list of one, as XML writes it.
type eachNode struct {
	path path
	as   node
}

func (e eachNode) of(raw any, query map[string]any) any {
	members, ok := e.path.of(raw, query).([]any)
	if !ok {
		one := e.path.of(raw, query)
		if one == nil {
			return nil
		}
		members = []any{one}
	}
	out := make([]any, len(members))
	for i, m := range members {
		out[i] = e.as.of(m, query)
	}
	return out
}

// compileMap makes a mapping of what stands in response.map: a text is jq, unless it is a plain
// path; an object has a path for each key.
func compileMap(v any, complaints *Complaints) mapping {
	const at = "response.map"
	switch v := v.(type) {
	case nil:
		complaints.add(at, "missing: a jq expression, or an object of paths")
	case string:
		p, err := Compile(v)
		if err != nil {
			complaints.add(at, "%v", err)
			return nil
		}
		return jqMapping{p}
	default:
		return pathMapping{compileNode(at, v, complaints)}
	}
	return nil
}

var (
	pathPattern  = regexp.MustCompile(`^(\$query)?(\.([A-Za-z_@#][A-Za-z0-9_]*|"[^"\\]*")?|\[[0-9]{1,4}\]|\["[^"\\]*"\])+$`)
	stepPattern  = regexp.MustCompile(`\.?\["([^"\\]*)"\]|\.?\[([0-9]+)\]|\."([^"\\]*)"|\.([A-Za-z_@#][A-Za-z0-9_]*)`)
	constPattern = regexp.MustCompile(`^"([^"\\]*)"$`)
)

// parsePath reads a plain path: .a.b[0]["c d"].@e, or $query.currency for what was asked.
func parsePath(text string) (path, bool) {
	if !pathPattern.MatchString(text) {
		return path{}, false
	}
	rest, query := strings.CutPrefix(text, "$query")
	p := path{query: query}
	for _, m := range stepPattern.FindAllStringSubmatch(rest, -1) {
		index, _ := strconv.Atoi(m[2])
		p.steps = append(p.steps, step{m[1] + m[3] + m[4], index})
	}
	return p, true
}

func compileNode(at string, v any, complaints *Complaints) node {
	switch v := v.(type) {
	case string:
		if m := constPattern.FindStringSubmatch(v); m != nil {
			return constant(m[1])
		}
		if p, ok := parsePath(v); ok {
			return p
		}
		complaints.add(at, "%q is no plain path such as .price.total, and no text in quotes; write all of response.map as one jq expression for more", clip(v, 40))
	case []any:
		out := make(listNode, len(v))
		for i, member := range v {
			out[i] = compileNode(fmt.Sprintf("%s[%d]", at, i), member, complaints)
		}
		return out
	case map[string]any:
		if each, is := v["each"]; is {
			return compileEach(at, each, v, complaints)
		}
		out := make(objectNode, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out[key] = compileNode(at+"."+key, v[key], complaints)
		}
		return out
	default:
		complaints.add(at, "must be a path, an object or a list")
	}
	return constant("")
}

// compileEach reads {each: PATH, as: …}.
func compileEach(at string, each any, v map[string]any, complaints *Complaints) node {
	text, _ := each.(string)
	p, ok := parsePath(text)
	if !ok {
		complaints.add(at+".each", "must be a plain path to a list, such as .legs")
	}
	if len(v) != 2 || v["as"] == nil {
		complaints.add(at, "each goes with as: what to make of each member, and nothing else")
		return constant("")
	}
	return eachNode{p, compileNode(at+".as", v["as"], complaints)}
}
