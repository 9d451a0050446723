package mapped

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// results runs an expression on a document and returns what it yields, as JSON in lines.
func results(expression string, input any) (string, error) {
	p, err := Compile(expression)
	if err != nil {
		return "", err
	}
	var lines []string
	err = p.Run(context.Background(), input, map[string]any{"currency": "EUR"}, func(v any) bool {
		text, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		lines = append(lines, string(text))
		return true
	})
	return strings.Join(lines, "\n"), err
}

var sample = map[string]any{"a": "x", "n": "12.50", "list": []any{"1", "2", map[string]any{"k": "v"}}, "none": nil}

func TestExpressions(t *testing.T) {
	for expression, want := range map[string]string{
		`.a`:                                   `"x"`,
		`.list[2].k + "-" + .a`:                `"v-x"`,
		`"\(.a):\(.n)"`:                        `"x:12.50"`,
		`[.list[] | strings]`:                  `["1","2"]`,
		`{a, b: .n}`:                           `{"a":"x","b":"12.50"}`,
		`.missing // "none"`:                   `"none"`,
		`.list | map(strings) | join(",")`:     `"1,2"`,
		`if .a == "x" then 1 else 2 end`:       `1`,
		`.none + .a`:                           `"x"`,
		`.list[0:2] | length`:                  `2`,
		`[.list[] | strings | tonumber] | add`: `3`,
		`$query.currency`:                      `"EUR"`,
		`(.a | ascii_upcase), .n`:              "\"X\"\n\"12.50\"",
		`.list as [$one] | $one`:               `"1"`,
		`[1, 2] + [3] | reverse`:               `[3,2,1]`,
		`{a: 1} + {b: 2} | keys`:               `["a","b"]`,
		`try (.a.b) catch "no"`:                `"no"`,
		`2 * 3.5`:                              `7`,
		`[.. | strings] | length`:              `5`,
		`.list[]?`:                             "\"1\"\n\"2\"\n{\"k\":\"v\"}",
	} {
		if got, err := results(expression, sample); got != want || err != nil {
			t.Errorf("%s = %s, %v, want %s", expression, got, err, want)
		}
	}
}

// What is refused is refused when the declaration is read, by name.
func TestExpressionsThatAreRefused(t *testing.T) {
	for expression, want := range map[string]string{
		`def f: f; f`: "def", `reduce .[] as $x (0; . + $x)`: "reduce", `foreach .[] as $x (0; 1)`: "foreach", `label $f | break $f`: "label",
		`range(1000000000)`: "range", `recurse(.)`: "recurse", `while(true; .)`: "while", `until(false; .)`: "until", `limit(3; .[])`: "limit",
		`env`: "env", `$ENV`: "$ENV", `input`: "input", `inputs`: "inputs", `now`: "now", `debug`: "debug", `halt`: "halt", `halt_error`: "halt_error",
		`"a" | @base64`: "@base64", `.a = 1`: "= is", `.a |= 1`: "|=", `.a += 1`: "+=", `import "x" as x; .`: "import", `$__budget`: "$__budget", `. as $__budget | 1`: "$__budget",
		`{$__budget}`: "$__budget", `gsub("a"; "b")`: "gsub", `splits("a")`: "splits", `.[`: "not jq", `path(..)`: "path", `getpath(["a"])`: "getpath", `input_filename`: "input_filename",
		`[limit(1; repeat(1))]`: "repeat", `{"\(.a)": 1}`: "key", `"` + strings.Repeat("a", maxProgram) + `"`: "at most", `$undefined`: "not jq", `ltrimstr`: "ltrimstr",
		strings.Repeat("(", 200) + "." + strings.Repeat(")", 200): "deep", `"` + strings.Repeat(`\(.a)`, 40) + `"`: "parts", `modulemeta`: "modulemeta", `@text "\(.a)"`: "@text",
		`.a | tojson | fromjson`: "fromjson", `infinite`: "infinite", `splits("a";"b")`: "splits", `getpath(["a"]) |= 1`: "getpath", `$__loc__`: "$__loc__", `input_line_number`: "input_line_number",
	} {
		if _, err := Compile(expression); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Compile(%.60s) = %v, want an error that names %s", expression, err, want)
		}
	}
}

// What runs for ever or makes too much ends at its bound, and takes little memory until then.
func TestBoundsHold(t *testing.T) {
	many := make([]any, 3000)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	long := strings.Repeat("x", 1<<20)
	doc := map[string]any{"many": many, "long": long}
	for expression, want := range map[string]string{
		`[.many[] as $a | .many[] as $b | [$a, $b]] | length`:                "steps",
		`[.many[] | . as $x | $x] | [.[] as $a | .[] as $b | .[] as $c | 1]`: "steps",
		`. as $d | [.many[] | $d.long + .] | length`:                         "MiB",
		`. as $d | [.many[] | $d.long | ascii_upcase] | length`:              "MiB",
		`. as $d | [.many[] | "\($d.long)\(.)"] | length`:                    "MiB",
		`. as $d | [.many[] | $d | tojson] | length`:                         "MiB",
		`. as $d | [.many[] | $d.many | reverse] | length`:                   "MiB",
		`. as $d | [.many[] | $d.many + [.]] | length`:                       "MiB",
		`. as $d | [.many[] | [$d.many, $d.many] | flatten]`:                 "MiB",
		`. as $d | [.many[] | [$d.long, .] | join("")] | length`:             "MiB",
		`. as $d | [.many[] | [$d.long, .] | add] | length`:                  "MiB",
		`. as $d | [.many[] | $d.long | split("")] | length`:                 "MiB",
		`.long * 200000000`: "not allowed",
		`[.many[] | tonumber] | map(. * 9007199254740993 * 9007199254740993)`: "too large",
	} {
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		p, err := Compile(expression)
		if err != nil {
			t.Fatal(err)
		}
		err = p.runWithin(context.Background(), time.Hour, doc, nil, func(any) bool { return true }) // the machine may be slow
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", expression, err, want)
		}
		if made := (after.TotalAlloc - before.TotalAlloc) >> 20; made > 600 {
			t.Errorf("%s made %d MiB before it ended", expression, made)
		}
	}
}

func TestARunEndsAtItsTime(t *testing.T) {
	p, err := Compile(`[.[] as $a | .[] as $b | .[] as $c | 1]`)
	if err != nil {
		t.Fatal(err)
	}
	err = p.runWithin(context.Background(), 0, make([]any, 1000), nil, func(any) bool { return true })
	if err == nil || err.Error() != "takes more than 0s" {
		t.Errorf("Run = %v", err)
	}
}

func TestARunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p, err := Compile(`[.[] as $a | .[] as $b | .[] as $c | 1]`)
	if err != nil {
		t.Fatal(err)
	}
	many := make([]any, 1000)
	began := time.Now()
	if err := p.Run(ctx, many, nil, func(any) bool { return true }); err != context.Canceled {
		t.Errorf("Run = %v after %v, want %v", err, time.Since(began), context.Canceled)
	}
}

func FuzzCompile(f *testing.F) {
	for _, seed := range []string{`.a.b[0]`, `[.x[] | {a: .b, c: "\(.d)"}]`, `if .a then .b else .c end`, `.a as {b: $c} | $c * 2`, `.. | strings`} {
		f.Add(seed, `{"a":{"b":["1",null]},"x":[{"d":"y"}]}`)
	}
	f.Fuzz(func(t *testing.T, expression, document string) {
		p, err := Compile(expression)
		if err != nil {
			return
		}
		var doc any
		if json.Unmarshal([]byte(document), &doc) != nil {
			return
		}
		n := 0
		_ = p.Run(context.Background(), doc, map[string]any{}, func(any) bool { n++; return n < 1000 }) // whatever it says
	})
}
