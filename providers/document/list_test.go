package document

import (
	"strings"
	"testing"
)

func TestWord(t *testing.T) {
	for _, test := range []struct {
		text string
		n    int
		want string // of each thing
	}{
		{"F Y", 2, "F|Y"},
		{" F\n Y\t", 2, "F|Y"},
		{"F Y", 1, ""},
		{"F Y", 3, "||"},
		{"F", 3, "F|F|F"},
		{" F ", 1, "F"},
		{"", 2, "|"},
		{"F Y J", 2, "|"},
	} {
		var got []string
		for i := range test.n {
			got = append(got, Word(test.text, i, test.n))
		}
		if strings.Join(got, "|") != test.want {
			t.Errorf("Word(%q) of %d = %q, want %q", test.text, test.n, got, test.want)
		}
	}
	if !IsList(" F Y ") || IsList(" F ") || IsList("") {
		t.Error("a list is what has several words")
	}
}
