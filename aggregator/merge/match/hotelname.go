package match

import (
	"cmp"
	"slices"
	"strings"
)

// NameForm is a property's name taken apart: what tells it from others, and what makes
// another house of it.
type NameForm struct {
	Words   []NameWord // the own words, in the order of the name
	Brands  []*Brand   // by name
	Numbers []string   // sorted; those of brands are no numbers of the house
	streets []string   // ordinals such as 39th, sorted
	Mods    []string   // sorted
	long    []string   // numbers of four digits and more, such as years
	label   string     // the number that a seller gives the house in its name
	Kinds   kind
	parts   uint64 // bits of parted words
	towns   uint64 // bits of the towns that the name says, 0 without any
	suites  bool
	hotel   bool   // the name says hotel or inn
	resort  bool   // or resort or lodge
	flats   bool   // or residences, which a brand's hotel may have beside it
	cut     bool   // the name is as long as some systems let it be
	Key     string // all words but those for the town and asides, sorted: equal keys are equal names
	unit    bool   // a number is that of a part of a house: Tower 2
	section bool   // the name says tower, wing, terminal or the like
	joined  string // the words in order, without spaces
}

// NameWord is one word and what it is worth.
type NameWord struct {
	Text   string
	bones  string // consonants as they sound: see bonesOf
	Weight float32
	rare   float32 // how much it says that two names share it: 1 for a word that few houses have
	town   bool    // a word for the town: it is no matter if only one name has it
	place  bool    // a word for an airport near by, which names leave out often
	at     bool    // it stands before the word at
	part   uint8   // which part of the name it stands in, between separators
	last   bool    // the last word of the name, which may be cut short
}

// surroundings are what a name is read by: where the house is.
type surroundings struct {
	towns       townSet
	lat, lon    float64
	hasPosition bool
}

// townWeight is what a shared word for the town is worth, and asideWeight one of what
// sellers add.
const (
	townWeight  = 0.25
	asideWeight = 0.1
)

// Names that are cut are as long as this at least, and at most: systems keep 30 letters.
const (
	cutLength = 28
	cutMost   = 32
)

// mostNameWords bounds the words of a name that are read: no house has more.
const mostNameWords = 64

// The words before a former name, folded, and what stands between two names of one house.
var formerWords = wordSet(`formerly former ex previously fka formally ehemals ehem ancien anciennement antes antiguo gia byvshaya byvsh aka now`)

// ReadName reads a name without knowing where the property is: its form, and those of its
// former names.
func ReadName(name string) []NameForm { return nameForms(name, nil) }

// nameForms are the forms of a name: one, and for a house that tells of its former name
// the two by themselves.
func nameForms(name string, where *surroundings) []NameForm {
	t := textOf(name)
	t = t.slice(0, min(len(t.words), mostNameWords))
	cut := len([]rune(name)) >= cutLength && len([]rune(name)) <= cutMost
	at := slices.IndexFunc(t.words, func(w string) bool { return formerWords[w] })
	if at <= 0 || at == len(t.words)-1 {
		return []NameForm{formOf(t, where, cut)}
	}
	return []NameForm{formOf(t.slice(0, at), where, false), formOf(t.slice(at+1, len(t.words)), where, cut)}
}

// formOf reads the words of a name. Words for the town, and what sellers add, are no part
// of what tells the house from others unless nothing else remains.
func formOf(t nameText, where *surroundings, cut bool) NameForm {
	f := NameForm{cut: cut}
	t, f.label = withoutLabel(t)
	r := formReader{NameForm: &f, text: t, where: where}
	for r.at < len(t.words) {
		if b := brands.at(t.words[r.at:], cut); b.Brand != nil {
			r.brand(b)
			continue
		}
		r.word()
	}
	f.Brands = withoutParents(f.Brands)
	r.addSpare()
	for _, list := range []*[]string{&f.Numbers, &f.streets, &f.Mods, &f.long} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	r.finish()
	return f
}

// Rareness of words that stand in tables, of short ones, and of long ones: the longer a
// word that stands in no table, the fewer houses have it.
const (
	rareCommon  = 0.3
	rareShort   = 0.6
	rareLong    = 1.5 // 8 letters and more
	rareLongest = 2   // 10 letters and more
)

// rareness is how much it says that two houses' names share a word.
func rareness(w string, weight float32) float32 {
	switch {
	case weight < OwnWeight:
		return rareCommon * weight
	case common[w] || regions[w]:
		return rareCommon
	case len(w) < 4:
		return rareShort
	case len(w) >= 10:
		return rareLongest
	case len(w) >= 8:
		return rareLong
	}
	return 1
}

// kindWeight is what the word for a sort of place is worth where only one name has it.
const kindWeight = 0.5

// letterWeight is what a single letter is worth: an initial, or what is left of a word.
const letterWeight = 0.35

// regionWeight is the same of a word for a country or an island.
const regionWeight = 0.3

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
	if regions[w] {
		return regionWeight
	}
	if len(w) == 1 {
		return letterWeight
	}
	return OwnWeight
}

// reports whether the form has words enough to be told from others without its town.
func (f *NameForm) tells() bool {
	sum := float32(0)
	for _, w := range f.Words {
		if kindWords[w.Text] == 0 {
			sum += w.Weight
		}
	}
	return sum >= 0.3 || len(f.Brands) > 0
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
		return cmp.Or(strings.TrimLeft(w, "0"), "0"), false
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
func withoutParents(all []*Brand) []*Brand {
	if len(all) < 2 {
		return all
	}
	slices.SortFunc(all, func(a, b *Brand) int { return strings.Compare(a.name, b.name) })
	all = slices.Compact(all)
	return slices.DeleteFunc(slices.Clone(all), func(b *Brand) bool {
		return slices.ContainsFunc(all, func(c *Brand) bool {
			return c != b && (c.parent == b.name || c.soft && !b.soft && c.parent == b.parent)
		})
	})
}
