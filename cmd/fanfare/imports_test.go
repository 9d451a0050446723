package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// layer is a row of the import table: what packages may import of ours, and of others'
// besides the standard library. Tests may import more.
type layer struct {
	packages []string // below the module; with /... what lies under it too
	own      []string
	outside  []string // modules or packages; what lies under them too
}

var leaves = []string{"providers/travel", "providers/fault", "providers/lru"}

// layers are searched from the top; the first row that names a package is its own.
var layers = []layer{
	// The server knows neither the command line nor simulated partners.
	{packages: []string{"cmd/fanfare/server"}, own: with(leaves, "providers", "providers/places", "providers/admission", "providers/guard",
		"providers/feeds", "providers/registry", "providers/wire", "aggregator", "aggregator/fx", "aggregator/merge", "web/..."), outside: []string{"golang.org/x/sync"}},
	{packages: []string{"cmd/fanfare/..."}, own: []string{"..."}, outside: []string{"..."}},

	{packages: leaves},
	{packages: []string{"providers/places/..."}, own: leaves, outside: []string{"golang.org/x/text"}},
	{packages: []string{"providers/admission"}},
	{packages: []string{"providers/document"}, own: leaves, outside: []string{"golang.org/x/text"}},
	{packages: []string{"providers/assemble"}, own: with(leaves, "providers/document")},
	// A partner that misbehaves, whatever it speaks.
	{packages: []string{"providers/faultinject"}},
	{packages: []string{"providers/wire"}, own: with(leaves, "providers/admission", "providers/document"), outside: []string{"github.com/klauspost/compress"}},
	// What several protocols of one family share.
	{packages: []string{"providers/opentravel"}, own: with(leaves, "providers/places", "providers/document", "providers/assemble")},
	// A call and an answer: no client, no query, no places.
	{packages: []string{"providers/guard"}, own: leaves, outside: []string{"github.com/sony/gobreaker/v2", "golang.org/x/sync"}},
	{packages: []string{"providers"}, own: with(leaves, "providers/places", "providers/guard")},
	// What the simulator writes and what we read have different authors in the code:
	// no protocol package, and no wire.
	{packages: []string{"providers/partnersim/rng"}},
	{packages: []string{"providers/partnersim/exchange"}, own: with(leaves, "providers/partnersim/rng")},
	{packages: []string{"providers/partnersim/world"}, own: with(leaves, "providers/places", "providers/partnersim/rng", "providers/partnersim/exchange")},
	{packages: []string{"providers/partnersim"}, own: with(leaves, "providers/places", "providers/faultinject", "providers/partnersim/...")},
	// One vendor never uses another.
	{packages: []string{"providers/partnersim/..."}, own: with(leaves, "providers/places", "providers/partnersim/rng", "providers/partnersim/exchange", "providers/partnersim/world")},
	{packages: []string{"providers/feeds"}, own: []string{"providers/..."},
		outside: []string{"go.yaml.in/yaml/v4"}},
	{packages: []string{"providers/mapped"}, own: with(leaves, "providers/places", "providers/wire", "providers/document", "providers/assemble"),
		outside: []string{"github.com/itchyny/gojq", "golang.org/x/net/http/httpguts"}},
	{packages: []string{"providers/registry"}, own: leaves, outside: []string{"github.com/jackc/pgx/v5", "modernc.org/sqlite"}},
	{packages: []string{"providers/providertest"}, own: with(leaves, "providers/places", "providers/wire", "providers/assemble", "providers/faultinject", "providers")},
	// Each protocol, never another.
	{packages: []string{"providers/..."}, own: with(leaves, "providers/places", "providers/wire", "providers/document", "providers/assemble", "providers/opentravel")},

	{packages: []string{"aggregator/cache"}, own: with(leaves, "providers/places"), outside: []string{"golang.org/x/sync", "github.com/patrickmn/go-cache"}},
	{packages: []string{"aggregator/view"}, own: with(leaves, "providers/places", "aggregator/fx"), outside: []string{"golang.org/x/sync"}},
	{packages: []string{"aggregator/merge"}, own: with(leaves, "providers/places", "aggregator/merge/match")},
	{packages: []string{"aggregator/fanout", "aggregator/merge/match", "aggregator/rank", "aggregator/fx"},
		own: with(leaves, "providers/places"), outside: []string{"golang.org/x/sync"}},
	{packages: []string{"aggregator/combine"}, own: with(leaves, "providers/places", "aggregator/rank")}, // it keeps what rank finds best
	// The life of a search is none of a page's business.
	{packages: []string{"aggregator/page"}, own: with(leaves, "providers/places", "aggregator/rank", "aggregator/view", "aggregator/fx")},
	{packages: []string{"aggregator"}, own: with(leaves, "providers/places", "aggregator/..."), outside: []string{"golang.org/x/sync"}},

	{packages: []string{"web/ops/..."}, own: with(leaves, "web/..."), outside: []string{"github.com/gin-gonic/gin", "github.com/prometheus"}},
	{packages: []string{"web/..."}, own: with(leaves, "providers/places", "aggregator/...", "web/..."),
		outside: []string{"github.com/gin-gonic/gin", "github.com/klauspost/compress", "golang.org/x/time"}},
}

// soleImporter are libraries that come in through one folder each, so that replacing one
// touches one folder.
var soleImporter = map[string]string{
	"github.com/gin-gonic/gin":      "web/...",
	"github.com/sony/gobreaker/v2":  "providers/guard",
	"github.com/patrickmn/go-cache": "aggregator/cache",
	"github.com/prometheus":         "web/ops/...",
	"go.yaml.in/yaml/v4":            "providers/feeds",
	"github.com/itchyny/gojq":       "providers/mapped",
	"github.com/jackc/pgx/v5":       "providers/registry",
	"modernc.org/sqlite":            "providers/registry",
	"github.com/alecthomas/kong":    "cmd/fanfare",
}

// exceptions are where the one binary puts a library's parts together, which is its task.
var exceptions = map[string]string{"github.com/gin-gonic/gin": "cmd/fanfare"}

func with(list []string, more ...string) []string { return append(slices.Clone(list), more...) }

// under reports whether name is pattern, or lies below it where it ends in /... .
func under(name, pattern string) bool {
	if pattern == "..." {
		return true
	}
	top, deep := strings.CutSuffix(pattern, "/...")
	return name == top || deep && strings.HasPrefix(name, top+"/")
}

func anyUnder(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return under(name, p) })
}

// nothing is what a package's name says about it when it is one of these.
var nothing = []string{"util", "utils", "common", "models", "types", "helpers"}

type listed struct {
	ImportPath, Name, Doc string
	Imports               []string
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Name,Doc,Imports", "./...")
	cmd.Dir = path.Join("..", "..")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// TestImports holds the tree together: who may import whom.
func TestImports(t *testing.T) {
	if testing.Short() {
		t.Skip("go list takes a second")
	}
	packages := listPackages(t)
	if len(packages) < 15 {
		t.Fatalf("go list found %d packages only", len(packages))
	}
	for _, p := range packages {
		name := strings.TrimPrefix(p.ImportPath, "fanfare/")
		if strings.TrimSpace(p.Doc) == "" {
			t.Errorf("package %s has no package comment", name)
		}
		if slices.Contains(nothing, path.Base(name)) || slices.Contains(nothing, p.Name) {
			t.Errorf("package %s is named for nothing that it provides", name)
		}
		at := slices.IndexFunc(layers, func(l layer) bool { return anyUnder(name, l.packages) })
		if at < 0 {
			t.Errorf("package %s stands in no row of the import table", name)
			continue
		}
		for _, imported := range p.Imports {
			checkImport(t, name, imported, &layers[at])
		}
	}
}

func checkImport(t *testing.T, name, imported string, l *layer) {
	t.Helper()
	if own, is := strings.CutPrefix(imported, "fanfare/"); is {
		if !anyUnder(own, l.own) {
			t.Errorf("package %s imports %s; of ours it may import %v", name, own, l.own)
		}
		return
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return // the standard library
	}
	if !slices.ContainsFunc(l.outside, func(module string) bool { return module == "..." || under(imported, module+"/...") }) {
		t.Errorf("package %s imports %s; of others it may import %v", name, imported, l.outside)
	}
	for library, importer := range soleImporter {
		if under(imported, library+"/...") && !under(name, importer) && exceptions[library] != name {
			t.Errorf("package %s imports %s, which comes in through %s only", name, imported, importer)
		}
	}
}

// TestImportRules makes sure that the table can fail.
func TestImportRules(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"providers/...", "providers", true}, {"providers/...", "providers/wire", true}, {"providers/...", "providersx", false},
		{"providers", "providers/wire", false}, {"...", "web", true},
	} {
		if got := under(c.name, c.pattern); got != c.want {
			t.Errorf("under(%s, %s) = %v, want %v", c.name, c.pattern, got, c.want)
		}
	}
	row := func(name string) *layer {
		return &layers[slices.IndexFunc(layers, func(l layer) bool { return anyUnder(name, l.packages) })]
	}
	for name, forbidden := range map[string]string{
		"providers/partnersim": "providers/wire", "providers/duffel": "providers/hotelbeds", "aggregator/rank": "aggregator/merge",
		"providers/travel": "providers/fault", "web/api": "providers", "aggregator": "providers", "aggregator/page": "aggregator", "providers": "aggregator", "providers/guard": "providers/places",
		"cmd/fanfare/server": "providers/partnersim", "providers/faultinject": "providers/wire",
	} {
		if anyUnder(forbidden, row(name).own) {
			t.Errorf("the table lets %s import %s", name, forbidden)
		}
	}
}
