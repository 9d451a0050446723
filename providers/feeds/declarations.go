package feeds

import (
	"encoding/json"
	"fmt"
	"regexp"

	"go.yaml.in/yaml/v4"
)

// Locate fills in the lines of complaints that have none, by their paths in the document: the
// line of the deepest part of the path that stands there.
func (c Complaints) Locate(document []byte) {
	var root yaml.Node
	if yaml.Unmarshal(document, &root) != nil || len(root.Content) == 0 {
		return
	}
	lines := map[string]int{}
	noteLines(root.Content[0], "", lines, 0)
	for i := range c {
		for path := c[i].Path; c[i].Line == 0 && path != ""; path = parentPath(path) {
			c[i].Line = lines[path]
		}
	}
}

// noteLines notes where each value begins.
func noteLines(n *yaml.Node, path string, lines map[string]int, depth int) {
	if depth > maxNesting {
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			at := n.Content[i].Value
			if path != "" {
				at = path + "." + at
			}
			lines[at] = n.Content[i].Line
			noteLines(n.Content[i+1], at, lines, depth+1)
		}
	case yaml.SequenceNode:
		for i, item := range n.Content {
			at := fmt.Sprintf("%s[%d]", path, i)
			lines[at] = item.Line
			noteLines(item, at, lines, depth+1)
		}
	}
}

// parentPath is the path without its last part, "" of a path of one part.
func parentPath(path string) string {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '.' || path[i] == '[' {
			return path[:i]
		}
	}
	return ""
}

// Declarations reads the feeds of a document: one partner's block, or a configuration with a
// list of partners; and the path of each, "" of a single block. The paths of complaints are
// those of the document.
func Declarations(document []byte) (all []Feed, paths []string, errs, warnings Complaints) {
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil || len(root.Content) == 0 {
		one := new(Feed)
		one.SetDefaults()
		errs, warnings = Decode(document, one)
		return nil, nil, errs, warnings
	}
	for i := 0; i+1 < len(root.Content[0].Content); i += 2 {
		if root.Content[0].Kind == yaml.MappingNode && root.Content[0].Content[i].Value == "partners" {
			var list struct {
				Partners []Feed `yaml:"partners"`
			}
			partners := yaml.Node{Kind: yaml.MappingNode, Content: root.Content[0].Content[i : i+2]}
			d := decoder{}
			d.into(&partners, &list)
			for i := range list.Partners {
				paths = append(paths, fmt.Sprintf("partners[%d]", i))
			}
			return list.Partners, paths, d.errs, d.warnings
		}
	}
	one := make([]Feed, 1)
	one[0].SetDefaults()
	errs, warnings = Decode(document, &one[0])
	return one, []string{""}, errs, warnings
}

// QueryJSON is a declared test_query as JSON: numbers and booleans that YAML has as texts are
// written as what they are.
func QueryJSON(v any) ([]byte, error) { return json.Marshal(typed(v)) }

func typed(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, member := range v {
			out[key] = typed(member)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, member := range v {
			out[i] = typed(member)
		}
		return out
	case string:
		if number.MatchString(v) {
			return json.Number(v)
		}
	}
	return v
}

var number = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,9})?$`)
