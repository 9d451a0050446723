package document

import "testing"

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"Blue Basic": "Blue Basic", "  a \x00 b\r\n": "a b", "Zürich": "Zürich", "a\u202eb\u200bc": "abc", "\xffa": "a", "abcdefghijklmnop": "abcdefghijkl", "ééééééé": "éééééé",
		"<b>": "<b>", "": "", "a  b": "a b",
	} {
		if got := Clean(in, 12); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}
