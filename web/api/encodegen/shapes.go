package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// viewMark stands in the comment of a type whose encoder notes where its fields stand.
const viewMark = "//fanfare:view"

// shapes are the struct types of a package.
type shapes struct {
	structs map[string]*ast.StructType
	views   []string // sorted
}

// field is one member of an object.
type field struct {
	goName    string
	key       string // in JSON
	of        ast.Expr
	omitEmpty bool
	embedded  string // the name of a struct whose fields stand here; then nothing else is set
}

// readShapes reads the package in dir, but for its tests and what is generated.
func readShapes(dir string) (*shapes, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	all := &shapes{structs: map[string]*ast.StructType{}}
	for _, name := range names {
		if strings.HasSuffix(name, generated) || strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		all.add(file)
	}
	slices.Sort(all.views)
	if len(all.views) == 0 {
		return nil, fmt.Errorf("no type in %s is marked %s", dir, viewMark)
	}
	return all, nil
}

func (s *shapes) add(file *ast.File) {
	for _, d := range file.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range decl.Specs {
			t, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			if shape, ok := t.Type.(*ast.StructType); ok {
				s.structs[t.Name.Name] = shape
			}
			if decl.Doc != nil && slices.ContainsFunc(decl.Doc.List, func(c *ast.Comment) bool { return c.Text == viewMark }) {
				s.views = append(s.views, t.Name.Name)
			}
		}
	}
}

// fields are the members of a struct, in the order that encoding/json writes them.
func (s *shapes) fields(name string) (all []field, err error) {
	for _, f := range s.structs[name].Fields.List {
		if len(f.Names) == 0 {
			embedded, ok := f.Type.(*ast.Ident)
			if !ok || s.structs[embedded.Name] == nil || f.Tag != nil {
				return nil, fmt.Errorf("%s: only structs of the package, without tags, may be embedded", name)
			}
			all = append(all, field{embedded: embedded.Name})
			continue
		}
		for _, ident := range f.Names {
			one, err := fieldOf(ident.Name, f)
			if err != nil {
				return nil, fmt.Errorf("%s.%s: %w", name, ident.Name, err)
			}
			if one.key != "-" {
				all = append(all, one)
			}
		}
	}
	if len(all) == 0 || all[0].omitEmpty {
		return nil, fmt.Errorf("%s: the first field must be there always", name)
	}
	return all, nil
}

// fieldOf reads a field's tag.
func fieldOf(name string, f *ast.Field) (field, error) {
	if f.Tag == nil || !ast.IsExported(name) {
		return field{}, errors.New("not exported, or without a tag")
	}
	text, err := strconv.Unquote(f.Tag.Value)
	if err != nil {
		return field{}, err
	}
	key, options, _ := strings.Cut(reflect.StructTag(text).Get("json"), ",")
	if key == "" || options != "" && options != "omitempty" {
		return field{}, fmt.Errorf("no rule for the tag %s", text)
	}
	return field{goName: name, key: key, of: f.Type, omitEmpty: options == "omitempty"}, nil
}

// keys are the names of all members of a struct's object. Two of one name are an error, as it
// takes a rule of Go's to tell which of them counts.
func (s *shapes) keys(name string) (all []string, err error) {
	fields, err := s.fields(name)
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		keys := []string{f.key}
		if f.embedded != "" {
			if keys, err = s.keys(f.embedded); err != nil {
				return nil, err
			}
		}
		for _, key := range keys {
			if slices.Contains(all, key) {
				return nil, fmt.Errorf("%s: two fields are called %s", name, key)
			}
			all = append(all, key)
		}
	}
	return all, nil
}
