package lab

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mutant is one guard taken away, and the test that must turn red for it.
type mutant struct {
	guard    string
	file     string
	old, new string
	test     string // go test's arguments
	env      string // of the laboratory
}

var mutants = []mutant{
	{"body limit", "providers/wire/body.go", "return b.fill(wire, limit, nil)", "return b.fill(wire, 1<<30, nil)",
		"-run TestContentFaults/26 ./cmd/fanfare/lab", ""},
	{"decoded limit", "providers/wire/body.go", "b.fill(&g.z, limit, wire)", "b.fill(&g.z, 1<<30, wire)",
		"-run TestContentFaults/27 ./cmd/fanfare/lab", ""},
	{"dial check", "providers/wire/http.go", `if h.private == "" || !strings.EqualFold(address, h.private) {`, "if h.private == address+address {",
		"-run TestFaults ./cmd/fanfare/lab", "ROW=15"},
	{"redirect rule", "providers/wire/redirect.go", "return a.Scheme == b.Scheme && strings.EqualFold(hostPort(a.String()), hostPort(b.String()))",
		`return a.Scheme == b.Scheme && !strings.EqualFold("a", "b")`, "-run TestFaults ./cmd/fanfare/lab", "ROW=17"},
	{"breaker exclusion of leavers", "providers/fault/fault.go", `Cancelled:      {Timeout, Neither,`, `Cancelled:      {Timeout, Failure,`,
		"-run TestFaults ./cmd/fanfare/lab", "ROW=37"},
	{"deadline on the body", "providers/wire/http.go", "req := c.Request.WithContext(ctx)", "req := c.Request.WithContext(context.WithoutCancel(ctx))",
		"-run TestFaults ./cmd/fanfare/lab", "FAULTS=full ROW=10"},
	{"duplicate keys", "providers/document/json.go", "if bit := uint64(1) << key; f.seen&bit == 0 {", "if bit := uint64(1) << key; f.seen&bit == 0 || f.seen != 0 {",
		"-run TestContentFaults/23 ./cmd/fanfare/lab", ""},
	{"currency check", "providers/travel/currency.go", "return int(e), ok\n", "return int(e), ok || e == 0\n",
		"-run TestContentFaults/21 ./cmd/fanfare/lab", ""},
	{"binding to the query", "providers/accept.go", "return questionRule(o, q, p.deps.Atlas)", `return ""`, "-run TestContentFaults/2[45] ./cmd/fanfare/lab", ""},
	{"detachment of the shared call", "aggregator/travellers.go", "return t.departed >= t.askers && !t.idDisclosed", "return t.departed >= 0 && !t.idDisclosed",
		"-run TestFaults ./cmd/fanfare/lab", "ROW=37"},
}

// TestMutants takes each guard away and wants its test red, where MUTANTS is set: it takes some
// minutes. Else it holds only that each guard is still where the list says.
func TestMutants(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	for _, m := range mutants {
		t.Run(m.guard, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(m.file)))
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(text), m.old); n != 1 {
				t.Fatalf("%s has the guard %d times, want once: %s", m.file, n, m.old)
			}
			if os.Getenv("MUTANTS") == "" {
				return
			}
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(root)); err != nil {
				t.Fatal(err)
			}
			without := strings.Replace(string(text), m.old, m.new, 1)
			if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(m.file)), []byte(without), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command("go", append([]string{"test", "-tags", "nomsgpack", "-count", "1"}, strings.Fields(m.test)...)...)
			cmd.Dir = dir
			cmd.Env = append(append(os.Environ(), "MUTANTS="), strings.Fields(m.env)...)
			out, err := cmd.CombinedOutput()
			switch {
			case err == nil:
				t.Errorf("without it %s %s is green", m.env, m.test)
			case strings.Contains(string(out), "build failed"):
				t.Errorf("the mutant does not build:\n%s", out)
			case !strings.Contains(string(out), "--- FAIL"):
				t.Errorf("no test failed, but go test did:\n%s", out)
			default:
				t.Logf("red, as it should be: %s %s", m.env, m.test)
			}
		})
	}
}
