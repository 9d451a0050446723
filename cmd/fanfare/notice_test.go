package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// NOTICE names every module that the binary links, and no other.
func TestNoticeNamesTheLinkedModules(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-tags", "nomsgpack", "-deps",
		"-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	notice, err := os.ReadFile("../../NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(notice), "Linked modules\n")
	if !found {
		t.Fatal("NOTICE has no section of linked modules")
	}
	named := map[string]bool{}
	for _, line := range strings.Split(section, "\n") {
		if fields := strings.Fields(line); strings.HasPrefix(line, "    ") && len(fields) == 2 {
			named[fields[0]] = true
		}
	}
	linked := map[string]bool{}
	for _, path := range strings.Fields(string(out)) {
		linked[path] = true
		if !named[path] {
			t.Errorf("NOTICE does not name %s", path)
		}
	}
	for path := range named {
		if !linked[path] {
			t.Errorf("NOTICE names %s, which is not linked", path)
		}
	}
}
