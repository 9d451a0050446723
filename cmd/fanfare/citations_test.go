package main

import (
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
