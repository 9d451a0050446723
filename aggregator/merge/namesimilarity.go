package merge

import (
	"slices"
	"strings"
)

// alikeness is how far two names agree.
type alikeness struct {
	ratio  float32 // 0 to 1
	shared float32 // the weight of what they share: how much the agreement says
	clash  float32 // the weight of words that each name has instead of the other's
	// brandOnly: the brand is nearly all that they share, and one of them says which of
	// its houses it is.
	brandOnly bool
	// slip: hardly more than one short word is alike, but for a letter.
	slip bool
}

// The weights of a brand: what it is worth if both names have it, and what it costs if
// only one has. Houses of a hard brand are hardly ever listed without it.
const (
	brandShared    = 0.6
	brandUnmatched = 1.5
	softUnmatched  = 0.3
)

// conflictCost is how much dearer words are that each name has instead of the other's:
// the same house is written with words left out, rarely with others put in.
const (
	conflictCost = 2
	surplusCost  = 0.5
)

// slipEnough is how much two names must share for a slip in a short word to be one.
const slipEnough = 1.3

// compareNames is the best agreement of any two forms of two names.
func compareNames(a, b *profile) alikeness {
	var best alikeness
	for i := range a.names {
		for j := range b.names {
			if s := a.names[i].compare(&b.names[j], a.towns, b.towns); s.ratio > best.ratio {
				best = s
			}
		}
	}
	return best
}

// compare is token-set similarity (definitions 5.4): the weight of shared words over
// that of all, where words that only one side has cost less than words against words.
//
//	"Adlon Kempinski" and "Adlon": shared 1, a soft brand of 0.3 left over, 1/1.15 = 0.87
func (f *nameForm) compare(g *nameForm, ours, theirs map[string]bool) alikeness {
	order := strings.Compare(f.key, g.key)
	if order > 0 { // words are paired as they come: alike from both sides
		f, g, ours, theirs = g, f, theirs, ours
	}
	shared, left, right, slips := float32(0), float32(0), float32(0), float32(0)
	if order == 0 {
		for _, w := range f.words {
			if !w.town {
				shared += w.weight
			}
		}
	} else {
		shared, left, right, slips = matchWords(f.words, g.words, ours, theirs)
	}
	brandOnly := len(f.brands) > 0 && len(g.brands) > 0 && shared < ownWeight/2 && max(left, right) >= clashWeight
	left, right, shared = matchBrands(f.brands, g.brands, left, right, shared)
	slip := slips > 0 && shared < slipEnough
	if len(f.words)+len(f.brands) == 0 && len(g.words)+len(g.brands) == 0 && len(f.numbers) > 0 && slices.Equal(f.numbers, g.numbers) {
		shared = ownWeight // Hotel 41
	}
	if shared == 0 {
		return alikeness{}
	}
	conflict, surplus := min(left, right), max(left, right)-min(left, right)
	return alikeness{shared / (shared + conflictCost*conflict + surplusCost*surplus), shared, conflict, brandOnly, slip}
}

func matchBrands(f, g []*brand, left, right, shared float32) (float32, float32, float32) {
	lone := func(b *brand, others []*brand) float32 {
		for _, o := range others {
			if o == b {
				return 0
			}
		}
		if b.soft {
			return softUnmatched
		}
		return brandUnmatched
	}
	for _, b := range f {
		cost := lone(b, g)
		left += cost
		if cost == 0 {
			shared += brandShared
		}
	}
	for _, b := range g {
		right += lone(b, f)
	}
	return left, right, shared
}

// maxWords bounds the words that are compared: no house needs more to be told apart.
const maxWords = 16

// matchWords pairs words, best pairs first come in the order of the names: equal ones,
// then two that the other writes as one, then those that differ by spelling.
func matchWords(f, g []nameWord, ours, theirs map[string]bool) (shared, left, right, slips float32) {
	f, g = f[:min(len(f), maxWords)], g[:min(len(g), maxWords)]
	var usedF, usedG [maxWords]bool
	for i := range f {
		for j := range g {
			if !usedF[i] && !usedG[j] && f[i].text == g[j].text {
				usedF[i], usedG[j] = true, true
				shared += min(f[i].weight, g[j].weight) // for one of them it may only say which town
			}
		}
	}
	shared += matchJoined(f, g, &usedF, &usedG) + matchJoined(g, f, &usedG, &usedF)
	for i := range f {
		for j := range g {
			if usedF[i] || usedG[j] || f[i].town || g[j].town {
				continue
			}
			if s := spelledAlike(&f[i], &g[j]); s > 0 {
				usedF[i], usedG[j] = true, true
				weight := max(f[i].weight, g[j].weight)
				shared += s * weight
				if min(len(f[i].text), len(g[j].text)) < longWord {
					slips += s * weight
				}
				left += (1 - s) * weight
				right += (1 - s) * weight
			}
		}
	}
	for i := range f {
		if !usedF[i] && !f[i].town && !theirs[f[i].text] {
			left += f[i].weight
		}
	}
	for j := range g {
		if !usedG[j] && !g[j].town && !ours[g[j].text] {
			right += g[j].weight
		}
	}
	return shared, left, right, slips
}

// longWord is from which length on a word with a slip can be no other word.
const longWord = 7

// matchJoined pairs two neighbours of f with one word of g: "sea side" and "seaside".
func matchJoined(f, g []nameWord, usedF, usedG *[maxWords]bool) (shared float32) {
	for i := 0; i+1 < len(f); i++ {
		for j := range g {
			if usedF[i] || usedF[i+1] || usedG[j] || len(g[j].text) != len(f[i].text)+len(f[i+1].text) {
				continue
			}
			if g[j].text[:len(f[i].text)] == f[i].text && g[j].text[len(f[i].text):] == f[i+1].text {
				usedF[i], usedF[i+1], usedG[j] = true, true, true
				shared += g[j].weight
			}
		}
	}
	return shared
}

// spelledAlike is how sure two words are one, 0 if they are not: a slip of the pen in a
// longer word, an abbreviation, or another way to romanise it.
func spelledAlike(a, b *nameWord) float32 {
	x, y := a.text, b.text
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 3 {
		return 0
	}
	most := 0
	switch {
	case len(x) >= 9:
		most = 2
	case len(x) >= 5:
		most = 1
	}
	if most > 0 && len(y)-len(x) <= most && (x[0] == y[0] || x[len(x)-1] == y[len(y)-1]) {
		if n := edits(x, y, most); n <= most {
			if len(x) < longWord {
				return 0.8
			}
			return 0.9
		}
	}
	if a.bones == b.bones && (len(a.bones) > 2 && vowel(x[0]) == vowel(y[0]) && edits(x, y, 2+len(x)/9) <= 2+len(x)/9 || len(a.bones) > 1 && (unvoiced(x) || unvoiced(y))) {
		return 0.85
	}
	if len(x) >= 4 && len(y) >= len(x)+2 && y[:len(x)] == x {
		return 0.7 // cut short, or the first part of a compound
	}
	return 0
}

func vowel(c byte) bool { return strings.IndexByte("aeiouy", c) >= 0 }

// unvoiced tells whether a word has no vowel behind its first letter, as from a script
// that leaves them out.
func unvoiced(w string) bool { return !strings.ContainsAny(w[1:], "aeiouy") }

// edits counts the letters to change, add, leave out or swap with their neighbour
// between two words, up to most; more is most+1. The words are short: a row fits the stack.
func edits(a, b string, most int) int {
	const longest = 32
	if len(a) > longest || len(b) > longest {
		return most + 1
	}
	var rows [3][longest + 1]int
	before, above, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			d := above[j-1]
			if a[i-1] != b[j-1] {
				d = min(d, above[j], row[j-1]) + 1
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d = min(d, before[j-2]+1)
				}
			}
			row[j] = d
			least = min(least, d)
		}
		if least > most {
			return most + 1
		}
		before, above, row = above, row, before
	}
	return min(above[len(b)], most+1)
}
