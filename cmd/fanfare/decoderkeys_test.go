package main

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestKeysOfDecodersHaveNames holds that no decoder compares a key of a document with a bare
// number, and that each constant it compares a key with is in the list that the reader was given.
func TestKeysOfDecodersHaveNames(t *testing.T) {
	compared := 0
	for _, dir := range decoderPackages(t) {
		fset := token.NewFileSet()
		c := newKeyCheck(fset, parseSources(t, fset, dir))
		compared += c.run(func(n ast.Node, message string) { t.Errorf("%s: %s", fset.Position(n.Pos()), message) })
	}
	if compared < 700 {
		t.Errorf("found %d comparisons with keys only", compared)
	}
}

// TestKeyCheck holds the check above to sources that are wrong, and to some that are right.
func TestKeyCheck(t *testing.T) {
	const lists = `package p
const ( placeID = iota; placeName )
var placeKeys = document.NewKeys([]string{placeID: "id", placeName: "name"}...)
const ( legFrom = iota; legTo )
var legKeys = document.NewKeys([]string{legFrom: "from", legTo: "to"}...)
var plainKeys = document.NewKeys("a", "b")
`
	for _, test := range []struct {
		name, body string
		wrong      int
	}{
		{"names of the list", `for o := r.Object(placeKeys); o.Next(); { switch o.Key() { case placeID, placeName: } }`, 0},
		{"a bare number in a switch", `for o := r.Object(placeKeys); o.Next(); { switch o.Key() { case placeID: case 1: } }`, 1},
		{"a bare number after a statement", `for o := r.Object(placeKeys); o.Next(); { switch x := 1; o.Key() { case x: case 1: } }`, 1},
		{"a bare number for a variable", `for o := r.Object(placeKeys); o.Next(); { switch key := o.Key(); key { case 0: } }`, 1},
		{"a bare number compared", `for o := r.Object(placeKeys); o.Next(); { if o.Key() == 0 { } }`, 1},
		{"a bare number in a tagless switch", `for o := r.Object(placeKeys); o.Next(); { switch { case o.Key() <= 1: } }`, 1},
		{"a bare number taken off", `for o := r.Object(placeKeys); o.Next(); { d.amount(o.Key()-6) }`, 1},
		{"a bare number for a parameter", `switch key { case 3: }`, 1},
		{"the first key", `if r.First(placeKeys) == 0 { }`, 1},
		{"no first key", `if r.First(placeKeys) < 0 { }; if at := r.First(placeKeys); at >= 0 { }`, 0},
		{"a name of another list", `for o := r.Object(placeKeys); o.Next(); { switch o.Key() { case legFrom: } }`, 1},
		{"a name for a list without names", `for o := r.Object(plainKeys); o.Next(); { if o.Key() == legFrom { } }`, 1},
		{"a list inside another of the same variable", `for o := r.Object(placeKeys); o.Next(); { for o := r.Object(legKeys); o.Next(); { if o.Key() == legTo { } } }`, 0},
		{"the last list of two", `for o := r.UnwrapFor(legKeys, placeKeys); o.Next(); { if o.Key() == placeID { } }`, 0},
		{"a list that is not known", `for o := r.Object(keys); o.Next(); { if o.Key() == placeID { } }`, 0},
		{"a number that is no key", `switch n := len(text); n { case 3: }`, 0},
	} {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "p.go", lists+"func (d *decoder) read(r *document.JSON, keys *document.Keys, key int, text string) { "+test.body+" }", 0)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		var found []string
		newKeyCheck(fset, []*ast.File{f}).run(func(_ ast.Node, message string) { found = append(found, message) })
		if len(found) != test.wrong {
			t.Errorf("%s: found %q, want %d", test.name, found, test.wrong)
		}
	}
}

// decoderPackages are the directories of what reads partners' documents.
func decoderPackages(t *testing.T) (dirs []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join("..", "..", "providers"), func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "partnersim" || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir():
			dirs = append(dirs, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return dirs
}

func parseSources(t *testing.T, fset *token.FileSet, dir string) (files []*ast.File) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// keyCheck looks for keys in one package.
type keyCheck struct {
	files []*ast.File
	info  *types.Info
	lists map[types.Object][]types.Object // constants of each list of keys, none if it has only names
	value map[types.Object]ast.Expr       // what each local variable is defined as
}

// noImports leaves imports unresolved: what this check asks about is within one package.
type noImports struct{}

func (noImports) Import(string) (*types.Package, error) { return nil, errors.New("not needed") }

func newKeyCheck(fset *token.FileSet, files []*ast.File) *keyCheck {
	c := &keyCheck{
		files: files, lists: map[types.Object][]types.Object{}, value: map[types.Object]ast.Expr{},
		info: &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}},
	}
	config := types.Config{Importer: noImports{}, Error: func(error) {}}
	config.Check("p", fset, files, c.info) // its errors are those of the imports
	c.inspect(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.ValueSpec:
			for i, value := range n.Values {
				c.addList(c.info.Defs[n.Names[i]], value)
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if id, ok := left.(*ast.Ident); ok && len(n.Lhs) == len(n.Rhs) && c.info.Defs[id] != nil {
					c.value[c.info.Defs[id]] = n.Rhs[i]
				}
			}
		}
	})
	return c
}

func (c *keyCheck) inspect(visit func(ast.Node)) {
	for _, f := range c.files {
		ast.Inspect(f, func(n ast.Node) bool {
			visit(n)
			return true
		})
	}
}

// addList notes the constants of a call such as NewKeys([]string{placeID: "id"}...).
func (c *keyCheck) addList(list types.Object, value ast.Expr) {
	call, ok := value.(*ast.CallExpr)
	if name := calledName(call); !ok || name != "NewKeys" && name != "NewNames" {
		return
	}
	c.lists[list] = nil
	for _, arg := range call.Args {
		literal, ok := arg.(*ast.CompositeLit)
		if !ok {
			continue
		}
		for _, element := range literal.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				if id, ok := pair.Key.(*ast.Ident); ok {
					c.lists[list] = append(c.lists[list], c.info.Uses[id])
				}
			}
		}
	}
}

// calledName is the name of the function or method that a call calls, "" of no call.
func calledName(call *ast.CallExpr) string {
	if call == nil {
		return ""
	}
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// run reports what is wrong, and returns how many comparisons with keys there are.
func (c *keyCheck) run(report func(n ast.Node, message string)) (compared int) {
	check := func(key, with ast.Expr) {
		list, is := c.keyOf(key)
		if !is {
			return
		}
		compared++
		if hasNumber(with) {
			report(with, "a key is compared with a bare number: use the constant of its list")
		} else if id, ok := with.(*ast.Ident); ok && list != nil {
			if of, isConst := c.info.Uses[id].(*types.Const); isConst && !slices.Contains(c.lists[list], types.Object(of)) {
				report(with, id.Name+" is no constant of "+list.Name())
			}
		}
	}
	c.inspect(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.SwitchStmt:
			for _, clause := range n.Body.List {
				for _, e := range clause.(*ast.CaseClause).List {
					check(n.Tag, e)
				}
			}
		case *ast.BinaryExpr:
			if n.Op == token.GEQ || n.Op == token.LSS {
				if zero, ok := n.Y.(*ast.BasicLit); ok && zero.Value == "0" {
					return // whether there is a key
				}
			}
			check(n.X, n.Y)
			check(n.Y, n.X)
		}
	})
	return compared
}

// keyOf reports whether an expression is a key, and the list that it is of, nil if that cannot be
// told here. Keys are what the readers' Key and First return, variables defined as that, and
// integers named key.
func (c *keyCheck) keyOf(e ast.Expr) (list types.Object, is bool) {
	switch e := e.(type) {
	case *ast.Ident:
		object := c.info.Uses[e]
		if value := c.value[object]; value != nil {
			return c.keyOf(value)
		}
		return nil, e.Name == "key" && object != nil && object.Type() == types.Typ[types.Int]
	case *ast.CallExpr:
		method, ok := e.Fun.(*ast.SelectorExpr)
		switch {
		case !ok:
		case method.Sel.Name == "First" && len(e.Args) == 1:
			return c.listOf(e), true
		case method.Sel.Name == "Key" && len(e.Args) == 0:
			if reader, ok := method.X.(*ast.Ident); ok {
				return c.listOf(c.value[c.info.Uses[reader]]), true
			}
			return nil, true
		}
	}
	return nil, false
}

// listOf is the list that a call such as r.Object(placeKeys) gets last, nil without.
func (c *keyCheck) listOf(e ast.Expr) types.Object {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return nil
	}
	if id, ok := call.Args[len(call.Args)-1].(*ast.Ident); ok {
		if list := c.info.Uses[id]; list != nil {
			if _, known := c.lists[list]; known {
				return list
			}
		}
	}
	return nil
}

// hasNumber reports whether there is an integer literal in the expression.
func hasNumber(e ast.Expr) (has bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		literal, ok := n.(*ast.BasicLit)
		has = has || ok && literal.Kind == token.INT
		return true
	})
	return has
}
