package document

import "strings"

// Word is what a field says about thing i of n that it is about. A field with one word says the
// same of all of them; one with as many words as things is a list in their order. Of any other
// number of words nobody knows which is whose: "".
func Word(text string, i, n int) string {
	words, word := 0, ""
	for w := range strings.FieldsSeq(text) {
		if words == i {
			word = w
		}
		if words++; words > n && words > 1 {
			return ""
		}
	}
	switch words {
	case 1:
		return strings.TrimSpace(text)
	case n:
		return word
	}
	return ""
}

// IsList reports whether a field has several words.
func IsList(text string) bool { return strings.ContainsAny(strings.TrimSpace(text), " \t\r\n") }
