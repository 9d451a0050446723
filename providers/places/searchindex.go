package places

import (
	"cmp"
	"math/bits"
	"slices"
	"sort"
	"strings"
)

// searchIndex finds places by text. A key is a folded name, or the rest of one
// from a word on, so that a prefix of any word is a prefix of a key.
type searchIndex struct {
	keys  []searchKey // sorted by text
	sizes []int16     // of each place; 0 is not offered
	words []string    // of each place: all its folded names, each word after a space
}

// searchKey is a text and the places that have it.
type searchKey struct {
	text   string
	mask   uint32 // which letters the text has
	places []keyPlace
}

type keyPlace struct {
	place int32
	inner bool // the text begins within the name
}

// unsaid are words of airports' names that do not tell one from another.
var unsaid = map[string]bool{
	"airport": true, "international": true, "intl": true, "regional": true, "municipal": true, "domestic": true, "airfield": true,
	"aerodrome": true, "county": true, "metropolitan": true, "memorial": true, "national": true, "the": true, "of": true, "de": true,
	"do": true, "da": true, "del": true, "la": true, "le": true, "al": true, "air": true, "base": true, "field": true, "and": true,
}

func newSearchIndex(places []Place, names map[string][]string, sizes map[string]int) *searchIndex {
	x := &searchIndex{sizes: make([]int16, len(places)), words: make([]string, len(places))}
	byText := map[string][]keyPlace{}
	for i := range places {
		p := &places[i]
		size := sizes[p.ID]
		if size == 0 {
			continue
		}
		x.sizes[i] = int16(size)
		all := []string{p.City, p.Name}
		for _, name := range append(all, names[p.ID]...) {
			x.add(byText, int32(i), fold(name))
			if other := fold(digraphs.Replace(name)); other != fold(name) {
				x.add(byText, int32(i), other)
			}
		}
		x.words[i] += " " + strings.ToLower(p.ID)
	}
	for text, list := range byText {
		x.keys = append(x.keys, searchKey{text, maskOf(text), list})
	}
	slices.SortFunc(x.keys, func(a, b searchKey) int { return cmp.Compare(a.text, b.text) })
	return x
}

// add makes the keys of one folded name: the whole, and the rest from each later word that says something.
func (x *searchIndex) add(byText map[string][]keyPlace, place int32, name string) {
	for last := " airport"; strings.HasSuffix(name, last); last = " international" {
		name = strings.TrimSuffix(name, last)
	}
	if name == "" || strings.Contains(x.words[place]+" ", " "+name+" ") {
		return
	}
	x.words[place] += " " + name
	byText[name] = append(byText[name], keyPlace{place, false})
	for i := range len(name) {
		if name[i] != ' ' {
			continue
		}
		rest := name[i+1:]
		if first, _, _ := strings.Cut(rest, " "); unsaid[first] || len(rest) < 3 {
			continue
		}
		if list := byText[rest]; len(list) == 0 || list[len(list)-1].place != place {
			byText[rest] = append(list, keyPlace{place, true})
		}
	}
}

// maskOf has a bit for each letter that occurs; bytes that are no letters share bits.
func maskOf[T ~string | ~[]byte](text T) uint32 {
	var mask uint32
	for i := range len(text) {
		mask |= 1 << (text[i] & 31)
	}
	return mask
}

// first returns the position of the first key that is not below the text.
func (x *searchIndex) first(text []byte) int {
	return sort.Search(len(x.keys), func(i int) bool { return x.keys[i].text >= string(text) })
}

// mayBeNear tells cheaply whether the key can be within most errors of the query
// or of a prefix: enough of the letters occur, and the beginnings agree but for one error.
func (k *searchKey) mayBeNear(query []byte, mask uint32, most int) bool {
	if bits.OnesCount32(mask&^k.mask) > most || len(k.text) < len(query)-most || len(k.text) < 2 {
		return false
	}
	return k.text[0] == query[0] || k.text[1] == query[1] || k.text[0] == query[1] || k.text[1] == query[0]
}
