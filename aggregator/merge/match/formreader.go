package match

import (
	"slices"
	"strings"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// formReader reads a name's words into its form.
type formReader struct {
	*NameForm
	text   nameText
	where  *surroundings
	at     int
	local  []NameWord // words for the town
	asides []NameWord
}

func (r *formReader) town(w string) bool { return r.where != nil && r.where.towns.has(w) }

// brand takes the brand that the next words name, and "inn" or "hotel" behind it.
func (r *formReader) brand(b brandWords) {
	said := r.text.by[r.at] || r.text.aside[r.at]
	group := b.parent == b.name
	// "by Hilton" says who sells the house's brand, and so does another brand of its group.
	if !said || !group && (b.soft || len(r.Brands) == 0) {
		r.Brands = append(r.Brands, b.Brand)
	}
	r.suites = r.suites || b.suites
	for _, w := range b.words {
		r.hotel = r.hotel || w == "inn" || w == "hotel"
	}
	r.at += min(len(b.words), len(r.text.words)-r.at)
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
		r.Numbers = append(r.Numbers, number)
		r.unit = r.unit || numbered[before]
	case isNumber(w): // a year, or the number of a flat
		r.long = append(r.long, w)
		r.unit = r.unit || numbered[before]
	case r.cut && last && r.cutTown(w):
	case len(w) == 1 && !t.aside[i] && (numbered[before] || last && i > 0 && !r.cut && w > "a" && !generic[w] && r.house(before)): // Tower A
		r.Numbers, r.unit = append(r.Numbers, w), true
	case w == "nr" || w == "no" || w == "number" || w == "n" && i+1 < len(t.words) && isNumber(t.words[i+1]):
	case modifiers[w]:
		r.Mods = append(r.Mods, w)
	case w == suites:
		r.suites = true
	case kindWords[w] != 0 || w == "hotels":
		if !t.by[i] && !t.aside[i] {
			r.kind(w, last)
		}
	case w == "at":
		for j := range r.Words {
			r.Words[j].at = true
		}
	case generic[w]:
	case stateCodes[w], shortWords[w] && last && i > 0:
	case r.town(w) || r.townPart(i) || r.misspeltTown(&w):
		r.local = append(r.local, NameWord{Text: w, last: last})
		if r.town(w) {
			r.NameForm.towns |= cmpBits(r.where.towns.town(w))
		}
	case t.by[i] || t.aside[i]:
		r.asides = append(r.asides, NameWord{Text: w, Weight: weightOf(w), last: last})
	case r.cut && last && len(w) < 3 && !strings.ContainsAny(w, "0123456789"): // what is left of a word
	case last && directions[w] != "":
		r.direction(directions[w])
	default:
		r.other(w, last)
	}
}

// kind takes a word for a sort of place.
func (r *formReader) kind(w string, last bool) {
	k := cmpKind(kindWords[w], kindHotel)
	r.Kinds |= k
	r.hotel = r.hotel || k&kindHotel != 0
	if w != "hotel" && w != "hotels" {
		r.own(NameWord{Text: w, Weight: kindWeight, last: last})
	}
}

// other takes a word that is none of the above: the code of an airport, or one of the
// house's own.
func (r *formReader) other(w string, last bool) {
	r.hotel, r.resort = r.hotel || w == "inn", r.resort || w == "resort" || w == "lodge"
	r.flats, r.section = r.flats || w == "residence", r.section || sections[w]
	name := r.airport(w)
	if name == nil {
		r.direction(w)
		r.Words[len(r.Words)-1].last = last
	}
	for _, w := range name {
		if !slices.Contains(r.text.words, w) {
			r.own(NameWord{Text: w, Weight: weightOf(w), place: true})
		}
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

// townPart reports whether a word that many names have is here one of the town's, beside
// another: New York, San Jose.
func (r *formReader) townPart(i int) bool {
	w := r.text.words[i]
	if weights[w] == 0 || r.where == nil || r.where.towns.area == nil {
		return false
	}
	bits := r.where.towns.parts[w]
	return bits != 0 && (i+1 < len(r.text.words) && r.where.towns.town(r.text.words[i+1])&bits != 0 || i > 0 && r.where.towns.town(r.text.words[i-1])&bits != 0)
}

// misspeltTown reports whether a word that stands in no table is a slip away from a town's,
// and writes it as that.
func (r *formReader) misspeltTown(w *string) bool {
	if len(*w) < correctedLength || r.where == nil || r.where.towns.area == nil || weights[*w] != 0 || regions[*w] {
		return false
	}
	best := ""
	for town := range r.where.towns.towns {
		if d := len(town) - len(*w); town[0] == (*w)[0] && d >= -1 && d <= 1 && (best == "" || town < best) && edits(*w, town, 1) <= 1 {
			best = town
		}
	}
	if best != "" {
		*w = best
	}
	return best != ""
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
	r.own(NameWord{Text: w, Weight: weightOf(w), place: r.where != nil && r.where.towns.airport(w)})
}

// house reports whether a word is one that a letter for a part of a house stands behind.
func (r *formReader) house(w string) bool {
	return kindWords[w]&^kindHotel != 0 || kindWords[w] == 0 && !generic[w] && !r.town(w) && weightOf(w) == OwnWeight
}

// own adds a word of the house's own.
func (r *formReader) own(w NameWord) {
	w.part = r.text.part[max(r.at-1, 0)]
	if w.Weight == OwnWeight {
		w.Text = digraphs.Replace(w.Text)
	}
	w.bones, w.rare = bonesOf(w.Text), rareness(w.Text, w.Weight)
	r.Words = append(r.Words, w)
}

// addSpare adds the words for the town and the asides, with their full weight if there
// is nothing else that tells the house from others.
func (r *formReader) addSpare() {
	tells := r.tells()
	for _, w := range r.asides {
		if tells {
			w.Weight = min(w.Weight, asideWeight)
			w.bones = bonesOf(w.Text)
			r.Words = append(r.Words, w)
			continue
		}
		r.own(w)
	}
	tells = r.tells()
	for _, w := range r.local {
		if tells {
			w.Weight, w.town = townWeight, true
			r.Words = append(r.Words, w)
			continue
		}
		w.Weight = OwnWeight
		r.own(w)
		r.Words[len(r.Words)-1].rare = rareCommon
	}
}

// finish puts the words together to what equal names have in common.
func (r *formReader) finish() {
	for i, w := range r.text.words {
		if r.text.aside[i] || r.text.by[i] || r.town(w) || w == "the" || len(w) > 3 && generic[w] || kindWords[w] != 0 {
			continue
		}
		r.joined += w
	}
	all := make([]string, 0, len(r.Words))
	for _, w := range r.Words {
		if !w.town && w.Weight > asideWeight {
			all = append(all, w.Text)
		}
	}
	slices.Sort(all)
	r.Key = strings.Join(all, " ")
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
	if r.where.hasPosition {
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
		if !generic[word] && !towns.has(word) && word != "airport" && weightOf(word) == OwnWeight {
			words = append(words, word)
		}
	}
	return words
}

func vowelsOnly(w string) bool { return strings.Trim(w, "aeiou") == "" }
