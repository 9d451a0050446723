package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The encoder of package api is that of its shapes as they are.
func TestTheEncoderIsUpToDate(t *testing.T) {
	files, err := generate("..")
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("../*" + generated)
	if err != nil {
		t.Fatal(err)
	}
	for i := range names {
		names[i] = filepath.Base(names[i])
	}
	if want := slices.Sorted(maps.Keys(files)); !slices.Equal(names, want) {
		t.Errorf("there are %v, want %v", names, want)
	}
	for name, want := range files {
		if got, err := os.ReadFile(filepath.Join("..", name)); err != nil || string(got) != string(want) {
			t.Errorf("%s is stale (%v): run go generate ./web/api", name, err)
		}
	}
}

func TestGenerate(t *testing.T) {
	for _, test := range []struct {
		name, source string
		want         string // in the encoder, or in the error
		fails        bool
	}{
		{name: "a value", source: "Count int `json:\"count\"`", want: "appendInt(at.begin(b, \"count\"), v.Count)"},
		{name: "a list of structs", source: "All []Part `json:\"all\"`", want: "appendNoted(at.begin(b, \"all\"), v.All, appendPart, at)"},
		{name: "left out", source: "A int `json:\"a\"`\n B string `json:\"b,omitempty\"`", want: `if v.B != "" {`},
		{name: "embedded", source: "Part\n B string `json:\"b\"`", want: `at.begin(b, "name"), v.Name)`},
		{name: "not of JSON", source: "A int `json:\"a\"`\n B chan int `json:\"-\"`", want: `v.A)`},

		{name: "an unknown type", source: "At time.Time `json:\"at\"`", fails: true, want: "no rule for the type time.Time"},
		{name: "nested lists", source: "All [][]int `json:\"all\"`", fails: true, want: "no rule for the type []int"},
		{name: "keys that are no text", source: "All map[int]int `json:\"all\"`", fails: true, want: "no rule for the type map[int]int"},
		{name: "no tag", source: "A int", fails: true, want: "without a tag"},
		{name: "an option", source: "A int `json:\"a,string\"`", fails: true, want: "no rule for the tag"},
		{name: "nothing is sure to stand first", source: "A int `json:\"a,omitempty\"`", fails: true, want: "must be there always"},
		{name: "a struct left out", source: "A int `json:\"a\"`\n B Part `json:\"b,omitempty\"`", fails: true, want: "when a Part is left out"},
		{name: "one name twice", source: "Part\n B string `json:\"name\"`", fails: true, want: "two fields are called name"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			source := "package api\n\ntype Part struct {\n Name string `json:\"name\"`\n}\n\n//fanfare:view\ntype V struct {\n" + test.source + "\n}\n"
			if err := os.WriteFile(filepath.Join(dir, "shapes.go"), []byte(source), 0o600); err != nil {
				t.Fatal(err)
			}
			files, err := generate(dir)
			got := string(files["v"+generated])
			if test.fails {
				if err == nil {
					t.Fatalf("generate = %s, want an error", got)
				}
				got = err.Error()
			} else if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got, test.want) {
				t.Errorf("generate = %s, want %s", got, test.want)
			}
		})
	}
}
