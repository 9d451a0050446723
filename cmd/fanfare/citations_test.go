package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A comment that cites a page cites one that is in the repository.
func TestCitedPagesAreThere(t *testing.T) {
	root := filepath.Join("..", "..")
	out, err := exec.CommandContext(t.Context(), "git", "-C", root, "ls-files", "*.go", "*.md").Output()
	if err != nil {
		t.Skipf("no git checkout: %v", err)
	}
	page := regexp.MustCompile(`\b(?:docs|examples)/[a-z0-9-]+\.[a-z]+\b|\b[A-Z]{4,}\.md\b`)
	cited := 0
	for _, name := range strings.Fields(string(out)) {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			continue // deleted, and not committed yet
		}
		for _, found := range page.FindAllString(string(text), -1) {
			cited++
			if _, err := os.Stat(filepath.Join(root, found)); err != nil {
				t.Errorf("%s cites %s, which is not there", name, found)
			}
		}
	}
	if cited < 50 {
		t.Errorf("%d citations found; the pattern is wrong", cited)
	}
}

// TestRulesAreExplained: each rule that drops an offer has its place in PARTNERS.md.
func TestRulesAreExplained(t *testing.T) {
	source, err := os.ReadFile("../../providers/travel/rules.go")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../PARTNERS.md")
	if err != nil {
		t.Fatal(err)
	}
	rules := regexp.MustCompile(`= "([a-z_]+)"`).FindAllSubmatch(source, -1)
	if len(rules) < 20 {
		t.Fatalf("%d rules in rules.go; there are more", len(rules))
	}
	for _, rule := range rules {
		if !bytes.Contains(page, fmt.Appendf(nil, "`%s`", rule[1])) {
			t.Errorf("PARTNERS.md does not say what %s is", rule[1])
		}
	}
}
