package merge

import (
	"strings"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// address is where a property says it is, as far as the line can be read.
type address struct {
	street   []nameWord // own words of the street's name, without those for "street"
	way      string     // which sort of street, "" is unknown: street, square, avenue
	houses   []houses
	postcode string   // letters and digits, upper case
	city     []string // folded words
}

// houses is a range of numbers on one street; letter is that of 12a, 0 without one.
type houses struct {
	from, to int
	letter   byte
}

// ways are the words for streets. A name and its square are two addresses.
var ways = renamed(
	`street: street st str strasse straat rue via calle c ulica ulitsa ul gata gatan gade utca ulice rua carrer soi jalan odos`,
	`square: square sq platz pl place plaza piazza plaza praca namesti plac plein ploshchad torg torget ter plateia`,
	`avenue: avenue av ave avenida avda avinguda allee prospekt prospect leoforos`, `road: road rd weg chemin cesta droga tie dori tee`,
	`boulevard: boulevard blvd bd bulevar viale bulvar`, `lane: lane ln gasse vicolo ruelle steeg`, `way: way`, `drive: drive dr`, `quay: quay quai kai`,
)

// readAddress reads a line as decoders put it together: parts by comma, the street
// first, then postcode and town, then the country.
func readAddress(p *travel.Property) address {
	a := address{postcode: postcodeOf(p.PostCode), city: strings.Fields(places.Fold(p.City))}
	parts := strings.Split(p.Address, ",")
	at := streetPart(parts)
	for i, part := range parts {
		switch {
		case i == at:
			a.readStreet(part)
		case i == at+1 && len(a.houses) == 0 && isHouseNumber(part):
			a.readStreet(strings.Fields(part)[0]) // "Avenida Paulista, 1000 - Bela Vista"
		case i > at:
			a.readTown(part)
		}
	}
	if at > 0 && len(a.houses) == 0 && isHouseNumber(parts[at-1]) {
		a.readStreet(parts[at-1])
	}
	return a
}

// streetPart is the position of the part that names the street: the first that has both
// letters and a house number, else the first with a word for a street, else the first.
func streetPart(parts []string) int {
	for i, part := range parts {
		letters, number, way := false, false, false
		for _, w := range strings.Fields(places.Fold(part)) {
			_, named := streetWord(w)
			way = way || named != ""
			if _, ok := houseNumber(w); ok {
				number = true
			} else if len(w) > 1 {
				letters = true
			}
		}
		if way && letters && !number && i+1 < len(parts) && isHouseNumber(parts[i+1]) {
			return i
		}
		if letters && number && (i == 0 || i < len(parts)-1) {
			return i
		}
	}
	for i, part := range parts {
		for _, w := range strings.Fields(places.Fold(part)) {
			if stem, way := streetWord(w); way != "" && len(stem) != 1 {
				return i
			}
		}
	}
	return 0
}

// isHouseNumber tells whether a part begins with a house number.
func isHouseNumber(part string) bool {
	words := strings.Fields(places.Fold(part))
	if len(words) == 0 {
		return false
	}
	_, ok := houseNumber(words[0])
	return ok
}

func (a *address) readStreet(part string) {
	words := strings.Fields(places.Fold(strings.NewReplacer("/", "-", " - ", "-").Replace(part)))
	streetWords(words)
	for i := 0; i < len(words); i++ {
		w := words[i]
		if h, ok := houseNumber(w); ok {
			if i+1 < len(words) && strings.Contains(part, "-") {
				if to, ok := houseNumber(words[i+1]); ok && to.from >= h.from && to.from-h.from < 100 {
					h.to, i = to.from, i+1
				}
			}
			if i+1 < len(words) && len(words[i+1]) == 1 && h.letter == 0 && words[i+1][0] >= 'a' && words[i+1][0] <= 'd' {
				h.letter, i = words[i+1][0], i+1
			}
			a.houses = append(a.houses, h)
			continue
		}
		stem, way := streetWord(w)
		if way != "" {
			if a.way == "" {
				a.way = way
			}
			if stem == "" {
				continue
			}
		}
		if w = cmpOr(alike[stem], stem); !generic[w] && w != "nr" && w != "no" && w != "number" {
			w = digraphs.Replace(w)
			a.street = append(a.street, nameWord{text: w, bones: bonesOf(w)})
		}
	}
}

// streetWord takes the word for a street off a word: "friedrichstrasse" is "friedrich".
func streetWord(w string) (stem, way string) {
	if way := ways[w]; way != "" {
		return "", way
	}
	for _, end := range [...]string{"strasse", "straat", "gasse", "str", "platz", "allee", "weg", "gatan", "plein", "gade"} {
		if stem, ok := strings.CutSuffix(w, end); ok && len(stem) > 2 {
			return stem, cmpOr(ways[end], "street")
		}
	}
	return w, ""
}

// houseNumber reads 12, 12a; not 39th, and no postcode.
func houseNumber(w string) (h houses, ok bool) {
	i := 0
	for i < len(w) && w[i] >= '0' && w[i] <= '9' {
		h.from = h.from*10 + int(w[i]-'0')
		if i++; i > 4 {
			return h, false
		}
	}
	switch {
	case i == 0 || h.from == 0:
		return h, false
	case i == len(w)-1 && w[i] >= 'a' && w[i] <= 'z':
		h.letter = w[i]
	case i < len(w):
		return h, false
	}
	h.to = h.from
	return h, true
}

// readTown reads the parts behind the street: a postcode is letters with digits.
func (a *address) readTown(part string) {
	words := strings.Fields(places.Fold(part))
	code := ""
	for i, w := range words {
		digits := strings.ContainsAny(w, "0123456789")
		switch {
		case digits:
			code += w
		case code != "" && len(w) <= 2 && i == 1: // 1012 AB
			code += w
		case len(w) > 2 && len(a.city) < 8:
			a.city = append(a.city, w)
		}
	}
	if a.postcode == "" && len(code) >= 4 && len(code) <= 10 {
		a.postcode = postcodeOf(code)
	}
}

// postcodeOf is a postcode by its letters and digits, without a country's letter before
// the digits: D-10117 is 10117.
func postcodeOf(s string) string {
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			b = append(b, c)
		}
	}
	if len(b) >= 5 && (b[0] < '0' || b[0] > '9') && strings.Trim(string(b[1:]), "0123456789") == "" {
		b = b[1:]
	}
	return string(b)
}

// verdict is what two addresses say about each other.
type verdict int

const (
	unsaid      verdict = iota
	sameHouse           // street and number agree
	sameStreet          // the street agrees, and a number is missing
	otherHouse          // one street, different numbers
	otherStreet         // two streets: houses on a corner have two
)

func (a *address) compare(b *address) verdict {
	if len(a.street) == 0 || len(b.street) == 0 {
		return unsaid
	}
	if !sameStreetName(a, b) {
		return otherStreet
	}
	if len(a.houses) == 0 || len(b.houses) == 0 {
		return sameStreet
	}
	for _, x := range a.houses {
		for _, y := range b.houses {
			if x.from <= y.to && y.from <= x.to && (x.letter == 0 || y.letter == 0 || x.letter == y.letter) {
				return sameHouse
			}
		}
	}
	return otherHouse
}

// sameStreetName compares the own words: all of the shorter name stand in the longer
// one, give or take the spelling, and the sort of street is not another.
func sameStreetName(a, b *address) bool {
	if a.way != "" && b.way != "" && a.way != b.way {
		return false
	}
	short, long := a.street, b.street
	if len(short) > len(long) {
		short, long = long, short
	}
	for i := range short {
		found := false
		for j := range long {
			v, w := &short[i], &long[j]
			found = found || v.text == w.text || len(v.text) > 3 && len(w.text) > 3 && spelledAlike(v, w) >= 0.8
		}
		if !found {
			return false
		}
	}
	return true
}
