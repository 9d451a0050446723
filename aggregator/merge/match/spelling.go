package match

import (
	"cmp"
	"strings"
)

// otherWords are a letter from a known word, and are no slip of it.
const otherWords = `hermitage marine parador regina mirage`

// correctedLength is from which length on a word that differs by one letter from a known
// one is taken for it. Shorter words have too many neighbours: hotel and hostel.
const correctedLength = 6

// spellings finds known words by their letters with any one left out: two words that are
// one slip apart, a letter too many, too few, changed or swapped, share such a rest.
var spellings = newSpellings()

type spellingIndex struct {
	known     map[string]bool
	rests     map[string]string
	skeletons map[string]string // known words by their consonants, "" if several have them
}

func newSpellings() spellingIndex {
	x := spellingIndex{map[string]bool{}, map[string]string{}, map[string]string{}}
	var words []string
	for _, list := range brands {
		for _, b := range list {
			words = append(words, b.words...)
		}
	}
	for _, set := range []map[string]bool{generic, modifiers, numbered, {suites: true}} {
		for w := range set {
			words = append(words, w)
		}
	}
	for w := range kindWords {
		words = append(words, w)
	}
	for w := range weights {
		words = append(words, w)
	}
	for form, w := range alike {
		words = append(words, form, w)
	}
	words = append(words, strings.Fields(otherWords)...)
	for _, w := range words {
		x.known[w] = true
	}
	for w := range x.known {
		x.abbreviate(w)
		if len(w) < correctedLength {
			continue
		}
		for i := range len(w) {
			rest := w[:i] + w[i+1:]
			if other, taken := x.rests[rest]; !taken || w < other { // whichever, but always the same
				x.rests[rest] = w
			}
		}
	}
	return x
}

// abbreviate notes by which consonants a known word may be abbreviated.
func (x *spellingIndex) abbreviate(w string) {
	s := skeleton(w)
	if len(s) < 3 || len(s) == len(w) {
		return
	}
	switch other, taken := x.skeletons[s]; {
	case taken && cmp.Or(alike[other], other) != cmp.Or(alike[w], w):
		x.skeletons[s] = ""
	case !taken || other != "" && w < other:
		x.skeletons[s] = w
	}
}

// skeleton is a word's first letter and its other consonants: hmptn.
func skeleton(w string) string {
	b := make([]byte, 0, len(w))
	for i := range len(w) {
		if i == 0 || !vowel(w[i]) {
			b = append(b, w[i])
		}
	}
	return string(b)
}

// correct is the known word that w is a slip away from, or abbreviates, or w.
func (x *spellingIndex) correct(w string) string {
	if len(w) >= 3 && !x.known[w] && plainLetters(w) && unvoiced(w) {
		return cmp.Or(x.skeletons[w], w)
	}
	if len(w) < correctedLength || x.known[w] || !plainLetters(w) {
		return w
	}
	if known := x.rests[w]; known != "" { // a letter is missing
		return known
	}
	var rest [32]byte
	if len(w) > len(rest) {
		return w
	}
	for i := range len(w) {
		n := copy(rest[:], w[:i])
		n += copy(rest[n:], w[i+1:])
		if x.known[string(rest[:n])] && n >= correctedLength { // one too many
			return string(rest[:n])
		}
		if known := x.rests[string(rest[:n])]; known != "" && len(known) == len(w) && edits(w, known, 1) == 1 {
			return known
		}
	}
	return w
}

func plainLetters(w string) bool {
	for i := range len(w) {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return true
}
