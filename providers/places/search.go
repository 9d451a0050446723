package places

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// How well a text fits a place, before the place's size is added: a better fit
// counts more than size, but a great city with one typing error comes before a
// village that begins like the text. Names that begin within another cost inner.
const (
	fitCode      = 3000 // a code in capitals is meant as a code
	fitCodeLower = 1050 // in small letters it may be the beginning of a name
	fitExact     = 1000
	fitPrefix    = 800
	fitWords     = 780 // every word is the beginning of one of the place's words
	fitNear      = 700 // one error
	fitNearPart  = 560 // one error, and the name goes on
	fitFar       = 450 // two errors
	fitFarPart   = 300
	inner        = 90
	perSize      = 4 // sizes go from 0 to 100
)

// maxText bounds what is looked at, in bytes of the traveller's text.
const maxText = 128

// maxDropped is how many words behind a city may be unknown: "Aruba (Dutch West Indies)".
const maxDropped = 3

// search is the working memory of one search.
type search struct {
	text    []byte // folded, after one space
	scores  []int32
	touched []int32
}

var searches = sync.Pool{New: func() any { return new(search) }}

// Search returns up to limit places that the text may mean, the best first. It
// knows codes, names and other names of places, beginnings of words, and typing
// errors; of equal fits the bigger place comes first, a metro area before its airports.
func (a *Atlas) Search(q string, limit int) []Place {
	s := searches.Get().(*search)
	defer searches.Put(s)
	best := a.find(s, q, limit)
	if len(best) == 0 {
		return nil
	}
	found := make([]Place, len(best))
	for i, p := range best {
		found[i] = a.places[p]
	}
	return found
}

// find returns the positions of the best places, valid until s is used again.
func (a *Atlas) find(s *search, q string, limit int) []int32 {
	if len(q) > maxText {
		q = strings.ToValidUTF8(q[:maxText], "")
	}
	if !utf8.ValidString(q) || limit <= 0 {
		return nil
	}
	s.text = appendFold(append(s.text[:0], ' '), q)
	text := s.text[1:]
	if len(text) == 0 {
		return nil
	}
	if len(s.scores) != len(a.places) {
		s.scores = make([]int32, len(a.places))
	}
	s.touched = s.touched[:0]
	a.byCode(s, strings.TrimSpace(q))
	for dropped := 0; ; dropped++ {
		a.index().byPrefix(s, text)
		a.index().byWords(s)
		a.index().byError(s, text[:min(len(text), maxQuery)])
		space := bytes.LastIndexByte(text, ' ')
		if len(s.touched) > 0 || space < 0 || dropped == maxDropped {
			break
		}
		s.text = s.text[:space+1] // "paris france" or "portland oregon": without the last word
		text = s.text[1:]
	}
	best := a.best(s, limit)
	for _, p := range s.touched {
		s.scores[p] = 0
	}
	return best
}

// hit notes that a place fits.
func (s *search) hit(place int32, score int32) {
	if s.scores[place] == 0 {
		s.touched = append(s.touched, place)
	}
	s.scores[place] = max(s.scores[place], score)
}

func (a *Atlas) byCode(s *search, q string) {
	if len(q) < 3 {
		return
	}
	var buf [3]byte
	id := q
	if len(q) == 3 && ascii(q) {
		for i := range buf {
			buf[i] = q[i] &^ 0x20 // to upper case; what becomes of other bytes is no code
		}
		id = string(buf[:])
	}
	p, ok := a.byID[id]
	switch {
	case !ok:
	case id == q:
		s.hit(p, fitCode)
	case a.index().sizes[p] > 0:
		s.hit(p, fitCodeLower+perSize*int32(a.index().sizes[p]))
	}
}

func (x *searchIndex) byPrefix(s *search, text []byte) {
	for i := x.first(text); i < len(x.keys) && strings.HasPrefix(x.keys[i].text, string(text)); i++ {
		fit := int32(fitPrefix)
		if len(x.keys[i].text) == len(text) {
			fit = fitExact
		}
		x.keys[i].hit(s, x, fit)
	}
}

func (k *searchKey) hit(s *search, x *searchIndex, fit int32) {
	for _, kp := range k.places {
		score := fit + perSize*int32(x.sizes[kp.place])
		if kp.inner {
			score -= inner
		}
		s.hit(kp.place, score)
	}
}

// byWords finds "heathrow london": the places that have the longest word, if they have the others.
func (x *searchIndex) byWords(s *search) {
	longest, words := []byte(nil), 0
	for word := range wordsOf(s.text) {
		if words++; len(word) > len(longest) {
			longest = word
		}
	}
	if words < 2 || len(longest) < 4 {
		return
	}
	for i := x.first(longest[1:]); i < len(x.keys) && strings.HasPrefix(x.keys[i].text, string(longest[1:])); i++ {
		for _, kp := range x.keys[i].places {
			if x.hasWords(kp.place, s.text) {
				s.hit(kp.place, fitWords+perSize*int32(x.sizes[kp.place]))
			}
		}
	}
}

func (x *searchIndex) hasWords(place int32, text []byte) bool {
	for word := range wordsOf(text) {
		if !strings.Contains(x.words[place], string(word)) {
			return false
		}
	}
	return true
}

// wordsOf yields the words of a text that starts with a space, each with the space ahead of it.
func wordsOf(text []byte) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		start := 0
		for i := 1; i <= len(text); i++ {
			if i == len(text) || text[i] == ' ' {
				if !yield(text[start:i]) {
					return
				}
				start = i
			}
		}
	}
}

func (x *searchIndex) byError(s *search, text []byte) {
	most := maxEdits(len(text))
	if most == 0 {
		return
	}
	mask := maskOf(text)
	for i := range x.keys {
		k := &x.keys[i]
		if !k.mayBeNear(text, mask, most) {
			continue
		}
		switch whole, prefix := edits(text, k.text, most); {
		case whole == 1:
			k.hit(s, x, fitNear)
		case prefix == 1:
			k.hit(s, x, fitNearPart)
		case whole == 2 && most == 2:
			k.hit(s, x, fitFar)
		case prefix == 2 && most == 2:
			k.hit(s, x, fitFarPart)
		}
	}
}

// best returns the touched places with the highest scores, in order.
func (a *Atlas) best(s *search, limit int) []int32 {
	order := func(p, q int32) int {
		if c := cmp.Compare(s.scores[q], s.scores[p]); c != 0 {
			return c
		}
		return cmp.Compare(a.places[p].ID, a.places[q].ID)
	}
	top := s.touched
	if limit < len(top) {
		top = slices.Clone(s.touched[:limit])
		slices.SortFunc(top, order)
		for _, p := range s.touched[limit:] {
			if order(p, top[limit-1]) < 0 {
				i, _ := slices.BinarySearchFunc(top, p, order)
				copy(top[i+1:], top[i:limit-1])
				top[i] = p
			}
		}
		return top
	}
	top = slices.Clone(top)
	slices.SortFunc(top, order)
	return top
}
