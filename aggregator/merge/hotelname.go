package merge

import (
	"slices"
	"strings"

	"fanfare/providers/places"
)

// nameForm is a property's name taken apart: what tells it from others, and what makes
// another house of it.
type nameForm struct {
	words   []nameWord // the own words, in the order of the name
	brands  []*brand   // by name
	numbers []string   // sorted; those of brands are no numbers of the house
	streets []string   // ordinals such as 39th, sorted
	mods    []string   // sorted
	kinds   kind
	parts   uint64 // bits of parted words
	suites  bool
	key     string // all words but those for the town, sorted: equal keys are equal names
}

// nameWord is one word and what it is worth.
type nameWord struct {
	text   string
	bones  string // consonants as they sound: see bonesOf
	weight float32
	town   bool // a word for the town: it is no matter if only one name has it
}

// digraphs are umlauts written out: folding leaves them as they are, and takes the dots
// off those that are not. So both are one, at the price of a Noel that reads Nol; and so
// is the Dutch ij.
var digraphs = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u", "ij", "y")

// townWeight is what a shared word for the town is worth.
const townWeight = 0.25

// The words before a former name, folded, and what stands between two names of one house.
var formerWords = wordSet(`formerly former ex previously fka formally ehemals ehem ancien anciennement antes antiguo gia byvshaya byvsh aka now`)

// nameForms are the forms of a name: one, and for a house that tells of its former name
// the two by themselves. towns are words to leave out unless nothing else remains.
func nameForms(name string, towns map[string]bool) []nameForm {
	words := wordsOf(name)
	at := slices.IndexFunc(words, func(w string) bool { return formerWords[w] })
	if at <= 0 || at == len(words)-1 {
		return []nameForm{formOf(words, towns)}
	}
	return []nameForm{formOf(words[:at], towns), formOf(words[at+1:], towns)}
}

// wordsOf folds a name into words, each as the tables write it.
func wordsOf(name string) []string {
	folded := strings.Fields(places.Fold(elided(withoutStars(name))))
	words := make([]string, 0, len(folded)+2)
	for _, w := range folded {
		w = spellings.correct(w)
		w = cmpOr(alike[w], w)
		if stem, ok := strings.CutSuffix(w, "hotel"); ok && len(stem) > 2 && kinds[w] == 0 {
			stem = strings.TrimSuffix(stem, "s")
			words = append(words, cmpOr(alike[stem], stem), "hotel") // Stadthotel, Parkhotel
			continue
		}
		if n := len(words); n > 0 {
			if pair := words[n-1] + w; alike[pair] != "" || kinds[pair] != 0 || weights[pair] != 0 {
				words[n-1] = cmpOr(alike[pair], pair) // guest house, city centre, old town
				continue
			}
		}
		words = append(words, w)
	}
	for i, w := range words {
		if n := numerals[w]; n != "" {
			words[i] = n
		} else if n := lastNumerals[w]; n != "" && i > 0 && i == len(words)-1 {
			words[i] = n
		}
	}
	streetWords(words)
	return bedAndBreakfast(words)
}

// directions are the letters before a numbered street.
var directions = map[string]string{"n": "north", "s": "south", "e": "east", "w": "west"}

// streetWords writes "W 35th St" out: beside a numbered street, and as the last word, st
// is no saint.
func streetWords(words []string) {
	for i, w := range words {
		if _, ordinal := numberIn(w); !ordinal {
			continue
		}
		if i > 0 && directions[words[i-1]] != "" {
			words[i-1] = directions[words[i-1]]
		}
		if i+1 < len(words) && words[i+1] == "st" {
			words[i+1] = "street"
		}
	}
	if last := len(words) - 1; last > 0 && words[last] == "st" {
		words[last] = "street"
	}
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// bedAndBreakfast writes B&B as a sort of place, unless a brand of hotels is meant.
func bedAndBreakfast(words []string) []string {
	for i := 0; i+1 < len(words); i++ {
		short := words[i] == "b" && words[i+1] == "b" && (i+2 == len(words) || words[i+2] != "hotel" && words[i+2] != "hotels")
		if short || words[i] == "bed" && words[i+1] == "breakfast" {
			return append(append(slices.Clone(words[:i]), "guesthouse"), words[i+2:]...)
		}
	}
	return words
}

// elided puts a space behind articles that an apostrophe joins: l'Europe, d'Angleterre.
func elided(name string) string {
	if !strings.ContainsAny(name, "'’") {
		return name
	}
	fields := strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' })
	for i, f := range fields {
		if at := strings.IndexAny(f, "'’"); at >= 1 && at <= 4 {
			switch strings.ToLower(f[:at]) {
			case "l", "d", "n", "dell", "all", "sull", "nell", "sant", "int":
				fields[i] = f[:at] + " " + strings.TrimLeft(f[at:], "'’")
			}
		}
	}
	return strings.Join(fields, " ")
}

// withoutStars leaves out what a name says about its stars: "4*", "****", "4 stars".
func withoutStars(name string) string {
	fields := strings.Fields(name)
	kept := fields[:0]
	for i := 0; i < len(fields); i++ {
		f := strings.ToLower(strings.Trim(fields[i], "(),-"))
		if head, tail, ok := cutAny(f, "*★"); ok && (head == "" || starCount(head)) && len(strings.Trim(tail, "*★")) <= len("superior") {
			continue
		}
		if starCount(f) && i+1 < len(fields) && starWord(fields[i+1]) {
			i++
			continue
		}
		if head, tail, ok := strings.Cut(f, "-"); ok && starCount(head) && starWord(tail) {
			continue
		}
		kept = append(kept, fields[i])
	}
	if len(kept) == 0 {
		return name
	}
	return strings.Join(kept, " ")
}

// cutAny is strings.Cut at the first of chars.
func cutAny(s, chars string) (before, after string, found bool) {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return s[:i], s[i:], true
	}
	return s, "", false
}

func starCount(s string) bool {
	return len(s) == 1 && s[0] >= '1' && s[0] <= '5' || len(s) == 3 && s[0] >= '1' && s[0] <= '4' && s[2] == '5'
}

func starWord(s string) bool {
	switch places.Fold(s) {
	case "star", "stars", "sterne", "etoiles", "estrellas", "stelle", "estrelas", "sterren":
		return true
	}
	return false
}

func formOf(words []string, towns map[string]bool) nameForm {
	var f nameForm
	var local []string
	all := make([]string, 0, len(words))
	add := func(text string, weight float32) {
		if weight == ownWeight {
			text = digraphs.Replace(text)
		}
		f.words = append(f.words, nameWord{text: text, bones: bonesOf(text), weight: weight})
		all = append(all, text)
	}
	words, by := withoutBy(words)
	for i := 0; i < len(words); {
		if b, n := brands.at(words[i:]); b != nil {
			if !by[i] || b.parent != b.name { // "by Hilton" says who sells the house's brand
				f.brands = append(f.brands, b)
			}
			i += n
			continue
		}
		w := words[i]
		i++
		number, ordinal := numberIn(w)
		after := i > 1 && numbered[words[i-2]]
		switch {
		case ordinal:
			f.streets = append(f.streets, number)
		case number != "":
			f.numbers = append(f.numbers, number)
		case after && len(w) == 1: // Tower A
			f.numbers = append(f.numbers, w)
		case w == "nr" || w == "no" || w == "number":
		case modifiers[w]:
			f.mods = append(f.mods, w)
		case w == suites:
			f.suites = true
		case kinds[w] != 0 || w == "hotels":
			f.kinds |= cmpKind(kinds[w], kindHotel)
			if w != "hotel" && w != "hotels" {
				add(w, kindWeight)
			}
		case generic[w]:
		case towns[w]:
			local = append(local, w)
		default:
			for _, group := range partBits(w) {
				f.parts |= group
			}
			add(w, weightOf(w))
		}
	}
	f.brands = withoutParents(f.brands)
	if f.tells() {
		for _, w := range local {
			f.words = append(f.words, nameWord{text: w, weight: townWeight, town: true})
		}
	} else {
		for _, w := range local {
			add(w, ownWeight)
		}
	}
	for _, list := range []*[]string{&f.numbers, &f.streets, &f.mods} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	slices.Sort(all)
	f.key = strings.Join(all, " ")
	return f
}

// withoutBy takes the word by out, and tells of each word whether it stood behind it.
func withoutBy(words []string) (kept []string, by []bool) {
	kept, by = make([]string, 0, len(words)), make([]bool, 0, len(words))
	for i, w := range words {
		if w != "by" {
			kept, by = append(kept, w), append(by, i > 0 && words[i-1] == "by")
		}
	}
	return kept, by
}

// kindWeight is what the word for a sort of place is worth where only one name has it.
const kindWeight = 0.5

func cmpKind(a, b kind) kind {
	if a != 0 {
		return a
	}
	return b
}

func weightOf(w string) float32 {
	if x, ok := weights[w]; ok {
		return x
	}
	return ownWeight
}

// tells whether the form has words enough to be told from others without its town.
func (f *nameForm) tells() bool {
	sum := float32(0)
	for _, w := range f.words {
		if kinds[w.text] == 0 {
			sum += w.weight
		}
	}
	return sum >= 0.3 || len(f.brands) > 0
}

// numberIn is the number that a word is, and whether it counts streets: 39th. Years and
// other long numbers are words.
func numberIn(w string) (number string, ordinal bool) {
	digits := 0
	for digits < len(w) && w[digits] >= '0' && w[digits] <= '9' {
		digits++
	}
	switch rest := w[digits:]; {
	case digits == 0:
		if len(w) == 2 && w[0] == 't' && w[1] >= '1' && w[1] <= '9' { // T2
			return w[1:], false
		}
		return "", false
	case digits > 3:
		return "", false
	case rest == "":
		return cmpOr(strings.TrimLeft(w, "0"), "0"), false
	case rest == "th" || rest == "st" || rest == "nd" || rest == "rd":
		return w[:digits], true
	}
	return "", false
}

func partBits(w string) (bits []uint64) {
	n := 0
	for _, group := range parted {
		for _, word := range group {
			if word == w {
				bits = append(bits, 1<<n)
			}
			n++
		}
	}
	return bits
}

// withoutParents leaves out a group's name beside its brand: Courtyard by Marriott. The
// rest is sorted by name.
func withoutParents(all []*brand) []*brand {
	if len(all) < 2 {
		return all
	}
	slices.SortFunc(all, func(a, b *brand) int { return strings.Compare(a.name, b.name) })
	all = slices.Compact(all)
	return slices.DeleteFunc(slices.Clone(all), func(b *brand) bool {
		return slices.ContainsFunc(all, func(c *brand) bool {
			return c != b && (c.parent == b.name || c.soft && !b.soft && c.parent == b.parent)
		})
	})
}

// bonesOf is a word by its consonants, as they sound to most: what remains the same
// when people romanise one word in several ways, or write a vowel differently. Words
// with fewer than two have none.
func bonesOf(word string) string {
	b := make([]byte, 0, len(word))
	for i := 0; i < len(word); i++ {
		c := word[i]
		next := byte(0)
		if i+1 < len(word) {
			next = word[i+1]
		}
		switch {
		case c == 'p' && next == 'h':
			c, i = 'f', i+1
		case c == 'c' && next == 'h', c == 's' && next == 'h', c == 't' && next == 's', c == 't' && next == 'z', c == 'c' && next == 'z', c == 's' && next == 'z':
			c, i = 's', i+1
		case c == 'z' && next == 'h', c == 'd' && next == 'j', c == 'd' && next == 'z':
			c, i = 'z', i+1
		case c == 'c' || c == 'q' || c == 'g' && next == 'h' || c == 'k' && next == 'h':
			c = 'k'
		case c == 'x':
			c = 's'
		case c == 'w':
			c = 'v'
		case c == 'j':
			c = 'z'
		case c == 'h' || vowel(c):
			continue
		}
		if n := len(b); n == 0 || b[n-1] != c {
			b = append(b, c)
		}
	}
	if len(b) < 2 {
		return ""
	}
	return string(b)
}
