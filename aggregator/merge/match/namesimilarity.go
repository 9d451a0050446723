package match

import (
	"slices"
	"strings"
)

// alikeness is how far two names agree.
type alikeness struct {
	ratio  float32 // 0 to 1
	shared float32 // the weight of what they share: how much the agreement says
	rare   float32 // how rare what they share is: 1 for each word that few houses have
	clash  float32 // the weight of words that each name has instead of the other's
	// brandOnly: the brand is nearly all that they share, and one of them says which of
	// its houses it is.
	brandOnly bool
	// within: one name is "at" the other, and has words of its own before that.
	within bool
	// slip: hardly more than one short word is alike, but for a letter.
	slip bool
}

// The weights of a brand: what it is worth if both names have it, and what it costs if
// only one has. Houses of a hard brand are hardly ever listed without it.
const (
	brandShared    = 0.6
	brandUnmatched = 1.5
	softUnmatched  = 0.1
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
func compareNames(a, b *Profile) alikeness {
	var best alikeness
	for i := range a.Names {
		for j := range b.Names {
			if s := a.Names[i].compare(&b.Names[j], a, b); s.ratio > best.ratio {
				best = s
			}
		}
	}
	return best
}

// Names that are equal as good as, with a brand and a word for one of its houses: few
// towns have two such.
const (
	equalRatio = 0.95
	rareBrand  = 0.5
)

// townsDiffer is what it costs on either side that the names say different towns.
const townsDiffer = 0.4

// leastJoined is from how many letters on two names are one if they are but for spaces.
const leastJoined = 5

// compare is token-set similarity (docs/definitions.md 5.3): the weight of shared words over
// that of all, where words that only one side has cost less than words against words.
//
//	"Adlon Kempinski" and "Adlon": shared 1, a soft brand of 0.1 left over, 1/1.05 = 0.95
func (f *NameForm) compare(g *NameForm, ours, theirs *Profile) alikeness {
	order := strings.Compare(f.Key, g.Key)
	if order > 0 { // words are paired as they come: alike from both sides
		f, g, ours, theirs = g, f, theirs, ours
	}
	var m wordMatch
	switch {
	case order == 0:
		m.shared, m.rare = f.worth()
		_, rare := g.worth()
		m.rare = min(m.rare, rare)
	case f.joined == g.joined && len(f.joined) >= leastJoined:
		m.shared, m.rare = f.worth()
		shared, rare := g.worth()
		m.shared, m.rare = min(m.shared, shared), min(m.rare, rare)
	default:
		m = matchWords(f, g, ours, theirs)
	}
	if f.towns != 0 && g.towns != 0 && f.towns&g.towns == 0 { // each says another town
		m.left, m.right = m.left+townsDiffer, m.right+townsDiffer
	}
	brandOnly := len(f.Brands) > 0 && len(g.Brands) > 0 && m.shared < OwnWeight/2 && max(m.left, m.right) >= clashWeight
	left, right, shared := matchBrands(f.Brands, g.Brands, m.left, m.right, m.shared)
	slip := m.slips > 0 && shared < slipEnough
	if len(f.Words)+len(f.Brands) == 0 && len(g.Words)+len(g.Brands) == 0 && len(f.Numbers) > 0 && slices.Equal(f.Numbers, g.Numbers) {
		shared = OwnWeight // Hotel 41
	}
	if len(f.long) > 0 && slices.Equal(f.long, g.long) {
		shared += brandShared // the year of its foundation
		m.rare += rareBrand
	}
	if shared == 0 {
		return alikeness{}
	}
	conflict, surplus := min(left, right), max(left, right)-min(left, right)
	ratio := shared / (shared + conflictCost*conflict + surplusCost*surplus)
	if ratio >= equalRatio && shared >= brandShared+weightOf("airport") && len(f.Brands) > 0 {
		m.rare += rareBrand
	}
	return alikeness{ratio, shared, m.rare, conflict, brandOnly, m.within, slip}
}

// worth is the weight of the form's own words, and how rare they are.
func (f *NameForm) worth() (weight, rare float32) {
	for _, w := range f.Words {
		if !w.town && w.Weight > asideWeight {
			weight += w.Weight
			rare += w.rare
		}
	}
	return weight, rare
}

func matchBrands(f, g []*Brand, left, right, shared float32) (float32, float32, float32) {
	lone := func(b *Brand, others []*Brand) float32 {
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

// wordMatch is what two names' words have in common, and what either has left over.
type wordMatch struct {
	shared, rare, left, right float32
	within                    bool    // one name is "at" the other, and says what is there
	slips                     float32 // what is shared of short words that are spelled differently
	usedF, usedG              [maxWords]bool
}

// matchWords pairs words, best pairs first come in the order of the names: equal ones,
// then neighbours that the other writes as one, then a last word that is cut short, then
// those that differ by spelling.
func matchWords(a, b *NameForm, ours, theirs *Profile) (m wordMatch) {
	f, g := a.Words[:min(len(a.Words), maxWords)], b.Words[:min(len(b.Words), maxWords)]
	for i := range f {
		for j := range g {
			if !m.usedF[i] && !m.usedG[j] && f[i].Text == g[j].Text {
				m.usedF[i], m.usedG[j] = true, true
				m.shared += min(f[i].Weight, g[j].Weight) // for one of them it may only say which town
				m.rare += min(f[i].rare, g[j].rare)
			}
		}
	}
	m.joined(f, g, &m.usedF, &m.usedG)
	m.joined(g, f, &m.usedG, &m.usedF)
	cutF, cutG := len(f), len(g) // words behind these are missing in the other name because it is cut
	if a.cut {
		cutG = m.cutShort(f, g, &m.usedF, &m.usedG)
	}
	if b.cut {
		cutF = m.cutShort(g, f, &m.usedG, &m.usedF)
	}
	m.spelled(f, g)
	m.within = besideAt(f, &m.usedF) || besideAt(g, &m.usedG)
	var places [2]float32
	m.left, places[0] = leftOver(f, &m.usedF, cutF, theirs, m.left)
	m.right, places[1] = leftOver(g, &m.usedG, cutG, ours, m.right)
	if m.right < clashWord && m.shared >= partShared {
		m.left -= (1 - besidesCost) * spareParts(f, &m.usedF, cutF, theirs)
	}
	if m.left < clashWord && m.shared >= partShared {
		m.right -= (1 - besidesCost) * spareParts(g, &m.usedG, cutG, ours)
	}
	if left, right := m.left, m.right; left+places[0] > clashWord && right+places[1] > clashWord {
		m.left, m.right = left+places[0], right+places[1] // one place instead of another
	} else {
		m.left, m.right = left+behindCut*places[0], right+behindCut*places[1]
	}
	return m
}

// longWord is from which length on a word with a slip can be no other word.
const longWord = 7

func (m *wordMatch) spelled(f, g []NameWord) {
	for i := range f {
		for j := range g {
			if m.usedF[i] || m.usedG[j] || f[i].town || g[j].town {
				continue
			}
			if s := spelledAlike(&f[i], &g[j]); s > 0 {
				m.usedF[i], m.usedG[j] = true, true
				weight := max(f[i].Weight, g[j].Weight)
				m.shared += s * weight
				m.rare += s * min(f[i].rare, g[j].rare)
				if min(len(f[i].Text), len(g[j].Text)) < longWord {
					m.slips += s * weight
				}
				m.left += (1 - s) * weight
				m.right += (1 - s) * weight
			}
		}
	}
}

// behindCut is how much of a word's cost is left that stands behind the end of a name
// that is cut short.
const behindCut = 0.3

// cutShort pairs the last word of f, whose name is cut, with a word of g that begins with
// it. It returns the position in g behind which nothing can be in f.
func (m *wordMatch) cutShort(f, g []NameWord, usedF, usedG *[maxWords]bool) int {
	for i := range f {
		if !f[i].last {
			continue
		}
		for j := range g {
			if usedF[i] || usedG[j] || len(g[j].Text) <= len(f[i].Text) || !strings.HasPrefix(g[j].Text, f[i].Text) {
				continue
			}
			usedF[i], usedG[j] = true, true
			m.shared += f[i].Weight * g[j].Weight
			m.rare += f[i].rare * g[j].rare
			return j + 1
		}
		if !usedF[i] {
			return len(g) // it has a word of its own there
		}
	}
	end := 0
	for j := range g {
		if usedG[j] && !g[j].town {
			end = j + 1
		}
	}
	return end
}

// leftOver is the cost of the words that the other name lacks and that do not name its
// town, besides that of slips; places is that of airports near by.
func leftOver(f []NameWord, used *[maxWords]bool, cut int, theirs *Profile, slips float32) (sum, places float32) {
	sum = slips
	for i := range f {
		switch {
		case used[i] || f[i].town || theirs.inAddress(f[i].Text):
		case f[i].place:
			places += f[i].Weight
		case i >= cut:
			sum += behindCut * f[i].Weight
		default:
			sum += f[i].Weight
		}
	}
	return sum, places
}

// besideAt reports whether a word before "at" is not the other name's: "Hideaway at Mango
// Bay" is not Mango Bay.
func besideAt(f []NameWord, used *[maxWords]bool) bool {
	for i := range f {
		if f[i].at && !used[i] && f[i].Weight >= kindWeight && kindWords[f[i].Text]&^kindVilla == 0 {
			return true
		}
	}
	return false
}

// A part of a name, between separators, that has nothing of the other name is who sells
// the house, or where it is, if the other name is all in another part.
const (
	besidesCost = 0.4 // what is left of the cost of its words
	partShared  = 0.8 // the weight that the other part must share at least
)

// spareParts is the cost of the words in parts of a name in which no word is the other's.
func spareParts(f []NameWord, used *[maxWords]bool, cut int, theirs *Profile) (sum float32) {
	var shared [256]bool
	for i := range f {
		shared[f[i].part] = shared[f[i].part] || used[i]
	}
	for i := range f[:min(cut, len(f))] {
		if !shared[f[i].part] && !f[i].town && !f[i].place && !theirs.inAddress(f[i].Text) {
			sum += f[i].Weight
		}
	}
	return sum
}

// clashWord is from which weight on words stand against words of the other name.
const clashWord = 0.3

// mostJoined is how many words may be written as one.
const mostJoined = 4

// joined pairs neighbours of f with one word of g: "sea side" and "seaside".
func (m *wordMatch) joined(f, g []NameWord, usedF, usedG *[maxWords]bool) {
	for j := range g {
		for i := 0; i < len(f) && !usedG[j]; i++ {
			rest, n := g[j].Text, i
			for n < len(f) && n < i+mostJoined && !usedF[n] && rest != "" && strings.HasPrefix(rest, f[n].Text) {
				rest = rest[len(f[n].Text):]
				n++
			}
			if rest != "" || n < i+2 {
				continue
			}
			for k := i; k < n; k++ {
				usedF[k] = true
			}
			usedG[j] = true
			m.shared += g[j].Weight
			m.rare += g[j].rare
		}
	}
}

// spelledAlike is how sure two words are one, 0 if they are not: a slip of the pen in a
// longer word, an abbreviation, or another way to romanise it.
func spelledAlike(a, b *NameWord) float32 {
	x, y := a.Text, b.Text
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 3 {
		return 0
	}
	if len(x) >= 5 && len(y) == len(x)+1 && y[1:] == x && (y[0] == 'l' || y[0] == 'd') && (vowel(x[0]) || x[0] == 'h') {
		return 0.95 // an article that has lost its apostrophe: lhermitage
	}
	if len(x) >= 4 && len(y) == len(x)+2 && y[2:] == x && (y[:2] == "al" || y[:2] == "el") {
		return 0.95 // or its dash: alhusn
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
	if unvoiced(x) && subsequence(x, y) {
		return 0.85
	}
	if a.bones == b.bones && (len(x) > 4 || unvoiced(x) || unvoiced(y) || vowels(x) == vowels(y)) && (len(a.bones) > 2 && vowel(x[0]) == vowel(y[0]) && edits(x, y, 2+len(x)/9) <= 2+len(x)/9 || len(a.bones) > 1 && (unvoiced(x) || unvoiced(y))) {
		return 0.85
	}
	if len(x) >= 4 && len(y) >= len(x)+2 && y[:len(x)] == x {
		return 0.7 // cut short, or the first part of a compound
	}
	return 0
}

func vowel(c byte) bool { return strings.IndexByte("aeiouy", c) >= 0 }

// vowels are a word's vowels in order.
func vowels(w string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && vowel(byte(r)) {
			return r
		}
		return -1
	}, w)
}

// subsequence reports whether y has the letters of x in that order, and begins with its first.
func subsequence(x, y string) bool {
	at := 0
	for i := range len(y) {
		if at < len(x) && y[i] == x[at] {
			at++
		}
	}
	return at == len(x) && x[0] == y[0]
}

// unvoiced reports whether a word has no vowel behind its first letter, as from a script
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
