package merge

import (
	"slices"
	"strings"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// nameForm is a property's name taken apart: what tells it from others, and what makes
// another house of it.
type nameForm struct {
	words   []nameWord // the own words, in the order of the name
	brands  []*brand   // by name
	numbers []string   // sorted; those of brands are no numbers of the house
	streets []string   // ordinals such as 39th, sorted
	mods    []string   // sorted
	long    []string   // numbers of four digits and more, such as years
	label   string     // the number that a seller gives the house in its name
	kinds   kind
	parts   uint64 // bits of parted words
	towns   uint64 // bits of the towns that the name says, 0 without any
	suites  bool
	hotel   bool   // the name says hotel or inn
	cut     bool   // the name is as long as some systems let it be
	key     string // all words but those for the town and asides, sorted: equal keys are equal names
	unit    bool   // a number is that of a part of a house: Tower 2
	section bool   // the name says tower, wing, terminal or the like
	joined  string // the words in order, without spaces
}

// nameWord is one word and what it is worth.
type nameWord struct {
	text   string
	bones  string // consonants as they sound: see bonesOf
	weight float32
	rare   float32 // how much it says that two names share it: 1 for a word that few houses have
	town   bool    // a word for the town: it is no matter if only one name has it
	place  bool    // a word for an airport near by, which names leave out often
	last   bool    // the last word of the name, which may be cut short
}

// surroundings are what a name is read by: where the house is.
type surroundings struct {
	towns    townSet
	lat, lon float64
	geo      bool
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

// The words before a former name, folded, and what stands between two names of one house.
var formerWords = wordSet(`formerly former ex previously fka formally ehemals ehem ancien anciennement antes antiguo gia byvshaya byvsh aka now`)

// nameForms are the forms of a name: one, and for a house that tells of its former name
// the two by themselves.
func nameForms(name string, where *surroundings) []nameForm {
	t := textOf(name)
	cut := len([]rune(name)) >= cutLength && len([]rune(name)) <= cutMost
	at := slices.IndexFunc(t.words, func(w string) bool { return formerWords[w] })
	if at <= 0 || at == len(t.words)-1 {
		return []nameForm{formOf(t, where, cut)}
	}
	return []nameForm{formOf(t.slice(0, at), where, false), formOf(t.slice(at+1, len(t.words)), where, cut)}
}

// formOf reads the words of a name. Words for the town, and what sellers add, are no part
// of what tells the house from others unless nothing else remains.
func formOf(t nameText, where *surroundings, cut bool) nameForm {
	f := nameForm{cut: cut}
	t, f.label = withoutLabel(t)
	r := formReader{nameForm: &f, text: t, where: where}
	for r.at < len(t.words) {
		if b := brands.at(t.words[r.at:]); b.brand != nil {
			r.brand(b)
			continue
		}
		r.word()
	}
	f.brands = withoutParents(f.brands)
	r.addSpare()
	for _, list := range []*[]string{&f.numbers, &f.streets, &f.mods, &f.long} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	r.finish()
	return f
}

// formReader reads a name's words into its form.
type formReader struct {
	*nameForm
	text   nameText
	where  *surroundings
	at     int
	local  []nameWord // words for the town
	asides []nameWord
}

func (r *formReader) town(w string) bool { return r.where != nil && r.where.towns.has(w) }

// brand takes the brand that the next words name, and "inn" or "hotel" behind it.
func (r *formReader) brand(b brandWords) {
	said := r.text.by[r.at] || r.text.aside[r.at]
	group := b.parent == b.name
	// "by Hilton" says who sells the house's brand, and so does another brand of its group.
	if !said || !group && (b.soft || len(r.brands) == 0) {
		r.brands = append(r.brands, b.brand)
	}
	r.suites = r.suites || b.suites
	for _, w := range b.words {
		r.hotel = r.hotel || w == "inn" || w == "hotel"
	}
	r.at += len(b.words)
}

// word takes the next word for what it is.
func (r *formReader) word() {
	t, i := &r.text, r.at
	r.at++
	w := t.words[i]
	last := i == len(t.words)-1
	number, ordinal := numberIn(w)
	before := ""
	if i > 0 {
		before = t.words[i-1]
	}
	switch {
	case ordinal:
		r.streets = append(r.streets, number)
	case number != "":
		r.numbers = append(r.numbers, number)
		r.unit = r.unit || numbered[before]
	case isNumber(w): // a year, or the number of a flat
		r.long = append(r.long, w)
		r.unit = r.unit || numbered[before]
	case r.cut && last && r.cutTown(w):
	case len(w) == 1 && (numbered[before] || last && i > 0 && !r.cut && w > "a" && !generic[w] && r.house(before)): // Tower A
		r.numbers, r.unit = append(r.numbers, w), true
	case w == "nr" || w == "no" || w == "number" || w == "n" && i+1 < len(t.words) && isNumber(t.words[i+1]):
	case modifiers[w]:
		r.mods = append(r.mods, w)
	case w == suites:
		r.suites = true
	case kinds[w] != 0 || w == "hotels":
		if !t.by[i] && !t.aside[i] {
			r.kinds |= cmpKind(kinds[w], kindHotel)
			r.hotel = r.hotel || cmpKind(kinds[w], kindHotel)&kindHotel != 0
			if w != "hotel" && w != "hotels" {
				r.own(nameWord{text: w, weight: kindWeight, last: last})
			}
		}
	case generic[w]:
	case stateCodes[w], shortWords[w] && last && i > 0:
	case r.town(w):
		r.local = append(r.local, nameWord{text: w, last: last})
		r.nameForm.towns |= cmpBits(r.where.towns.town(w))
	case t.by[i] || t.aside[i]:
		r.asides = append(r.asides, nameWord{text: w, weight: weightOf(w), last: last})
	case r.cut && last && len(w) < 3 && !strings.ContainsAny(w, "0123456789"): // what is left of a word
	case last && directions[w] != "":
		r.direction(directions[w])
	default:
		r.hotel = r.hotel || w == "inn"
		if name := r.airport(w); name != nil {
			for _, w := range name {
				if !slices.Contains(t.words, w) {
					r.own(nameWord{text: w, weight: weightOf(w), place: true})
				}
			}
			return
		}
		r.section = r.section || sections[w]
		r.direction(w)
		r.words[len(r.words)-1].last = last
	}
}

// cutTown reports whether the last word is the beginning of one for the town.
func (r *formReader) cutTown(w string) bool {
	if r.where == nil || r.where.towns.area == nil || weights[w] != 0 {
		return false
	}
	for town := range r.where.towns.towns {
		if len(town) > len(w) && strings.HasPrefix(town, w) {
			return true
		}
	}
	return slices.ContainsFunc(r.where.towns.city, func(town string) bool { return len(town) > len(w) && strings.HasPrefix(town, w) })
}

// cmpBits is bits, or all of them for a word that names an unknown town.
func cmpBits(bits uint64) uint64 {
	if bits == 0 {
		return ^uint64(0)
	}
	return bits
}

// direction adds a word that may tell one of two neighbours from the other.
func (r *formReader) direction(w string) {
	for _, group := range partBits(w) {
		r.parts |= group
	}
	r.own(nameWord{text: w, weight: weightOf(w), place: r.where != nil && r.where.towns.airport(w)})
}

// house reports whether a word is one that a letter for a part of a house stands behind.
func (r *formReader) house(w string) bool {
	return kinds[w]&^kindHotel != 0 || kinds[w] == 0 && !generic[w] && !r.town(w) && weightOf(w) == ownWeight
}

// own adds a word of the house's own.
func (r *formReader) own(w nameWord) {
	if w.weight == ownWeight {
		w.text = digraphs.Replace(w.text)
	}
	w.bones, w.rare = bonesOf(w.text), rareness(w.text, w.weight)
	r.words = append(r.words, w)
}

// addSpare adds the words for the town and the asides, with their full weight if there
// is nothing else that tells the house from others.
func (r *formReader) addSpare() {
	tells := r.tells()
	for _, w := range r.asides {
		if tells {
			w.weight = min(w.weight, asideWeight)
			w.bones = bonesOf(w.text)
			r.words = append(r.words, w)
			continue
		}
		r.own(w)
	}
	tells = r.tells()
	for _, w := range r.local {
		if tells {
			w.weight, w.town = townWeight, true
			r.words = append(r.words, w)
			continue
		}
		w.weight = ownWeight
		r.own(w)
		r.words[len(r.words)-1].rare = rareCommon
	}
}

// finish puts the words together to what equal names have in common.
func (r *formReader) finish() {
	for i, w := range r.text.words {
		if r.text.aside[i] || r.text.by[i] || r.town(w) || w == "the" || len(w) > 3 && generic[w] || kinds[w] != 0 {
			continue
		}
		r.joined += w
	}
	all := make([]string, 0, len(r.words))
	for _, w := range r.words {
		if !w.town && w.weight > asideWeight {
			all = append(all, w.text)
		}
	}
	slices.Sort(all)
	r.key = strings.Join(all, " ")
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
	case weight < ownWeight:
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

// airportMetres is how far from its airport a house may be that is called by its code.
const airportMetres = 60_000

// airport is the name of the airport whose code a word is, as far as it is not its
// town's, if the house is near it or names its town; nil if it is none.
func (r *formReader) airport(w string) []string {
	if len(w) != 3 || r.where == nil || vowelsOnly(w) {
		return nil
	}
	a, known := places.Default().Airport(travel.Airport(strings.ToUpper(w)))
	if !known || !a.Scheduled {
		return nil
	}
	if r.where.geo {
		if places.DistanceMetres(r.where.lat, r.where.lon, a.Lat, a.Lon) > airportMetres {
			return nil
		}
	} else if city := strings.Fields(places.Fold(a.City)); len(city) == 0 || !r.town(city[0]) {
		return nil
	}
	return append([]string{"airport"}, airportWords(a.Name, &r.where.towns)...)
}

// airportWords are the own words of an airport's name: "heathrow".
func airportWords(name string, towns *townSet) (words []string) {
	for _, word := range knownWords(foldWords(name)) {
		if !generic[word] && !towns.has(word) && word != "airport" && weightOf(word) == ownWeight {
			words = append(words, word)
		}
	}
	return words
}

func vowelsOnly(w string) bool { return strings.Trim(w, "aeiou") == "" }

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
	return ownWeight
}

// reports whether the form has words enough to be told from others without its town.
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
