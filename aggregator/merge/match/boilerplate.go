package match

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"fanfare/providers/places"
)

// Sellers add words to a house's name that are not its own: certificates, what is
// included, who owns it, and in which collection it is sold. This file finds them.

// nameText is the words of a name, folded and as the tables write them. aside marks the
// words of a seller's addition, by marks those behind the word by.
type nameText struct {
	words     []string
	part      []uint8 // in which part of the name each word stands
	aside, by []bool
}

func (t *nameText) add(word string, part uint8, aside, by bool) {
	t.words, t.part, t.aside, t.by = append(t.words, word), append(t.part, part), append(t.aside, aside), append(t.by, by)
}

// slice is the words from one position to another.
func (t *nameText) slice(from, to int) nameText {
	return nameText{t.words[from:to], t.part[from:to], t.aside[from:to], t.by[from:to]}
}

// phrases are what sellers say about any house, by their first word: longer ones first.
var phrases = phraseTable(`
sha extra plus certified; sha extra plus; sha plus certified; sha plus; sha certified; sha extra; chse certified; sg clean certified; sg clean; staycation approved;
clean safe certified; clean and safe; clean safe; safe tourism certified; safe tourism; safe travels; certified safe; covid free; vaccinated staff; quarantine hotel; asq hotel; travel sustainable; sustainable certified;
ultra all inclusive; natural hot springs; natural hot spring; all inclusive 24 hours; all inclusive 24h; all inclusive; half board; full board; bed and breakfast included; breakfast included; breakfast only; room only;
adults only 16; adults only 18; adults only; adults recommended; adult only; only adults; adults friendly; couples only; family friendly; pet friendly; kids friendly; gay friendly; women only; non smoking; smoke free;
free breakfast; free wifi; free wi fi; free parking; free shuttle and parking; free shuttle parking; free airport shuttle; free shuttle; with free parking; with parking; no parking; parking included; spa included; ski in ski out; ski in; ski out; beach front; ocean front;
newly renovated; recently renovated; fully renovated; newly refurbished; newly opened; new opening; brand new; now open; renovated 2024; renovated 2025; world heritage site; free cancellation; free cancelation; self check in; contactless check in; self catering; long stay; special offer; best rate; official site;
5 star hotel; 4 star hotel; 3 star hotel
`)

func phraseTable(text string) map[string][][]string {
	all := map[string][][]string{}
	for _, phrase := range strings.Split(text, ";") {
		if words := strings.Fields(phrase); len(words) > 0 {
			all[words[0]] = append(all[words[0]], words)
		}
	}
	for _, list := range all {
		slices.SortStableFunc(list, func(a, b []string) int { return len(b) - len(a) })
	}
	return all
}

// withoutPhrases leaves out what sellers say about any house, unless nothing else is said.
func withoutPhrases(words []string) []string {
	kept := make([]string, 0, len(words))
	for i := 0; i < len(words); {
		n := 0
		for _, p := range phrases[words[i]] {
			if len(p) <= len(words)-i && slices.Equal(p, words[i:i+len(p)]) {
				n = len(p)
				break
			}
		}
		if n == 0 {
			kept = append(kept, words[i])
			n = 1
		}
		i += n
	}
	return kept
}

// ownerWords stand before a group's name, or before "by" and a group's name.
var ownerWords = wordSet(`member members affiliated managed operated powered curated part presented represented hosted marketed`)

// houseWords end an addition such as "a Luxury Collection Hotel".
var houseWords = wordSet(`hotel hotels resort resorts property collection residence portfolio inn house hostel`)

// collectionWords make an addition of a part of a name wherever it stands.
var collectionWords = wordSet(`hotels collection collections portfolio preferred group hospitality worldhotels`)

// isAside reports whether a part of a name, between separators, is a seller's addition.
func isAside(words []string) bool {
	n := len(words)
	switch {
	case n == 0:
		return false
	case (words[0] == "a" || words[0] == "an") && n > 1 && (houseWords[words[n-1]] || n > 2 && words[1] == "member"):
		return true
	case words[0] == "by" || ownerWords[words[0]] && n > 1 && (words[1] == "of" || words[1] == "by"):
		return true
	case words[0] == "the" && n > 2 && words[1] == "leading":
		return true
	}
	offers := true // nothing but what there is
	for _, w := range words {
		w = cmp.Or(alike[w], w)
		offers = offers && (weights[w] > 0 && weights[w] < 0.2 || generic[w] || w == "business" || w == "superior")
	}
	return offers || slices.ContainsFunc(words, func(w string) bool { return collectionWords[w] })
}

// separators end a part of a name. A dash does only between spaces.
var separators = strings.NewReplacer(",", "\n", "|", "\n", "(", "\n", ")", "\n", "[", "\n", "]", "\n", ";", "\n", "•", "\n", "·", "\n", "@", "\n", " - ", "\n", " – ", "\n", " — ", "\n", ": ", "\n")

// textOf takes a name apart into words and marks the seller's additions.
func textOf(name string) nameText {
	var t nameText
	var parts [][]string
	own := 0 // parts that are no addition
	for _, part := range strings.Split(separators.Replace(withoutStars(inOneScript(name))), "\n") {
		words := withoutPhrases(foldWords(part))
		if len(words) == 0 || len(words) == 1 && isNumber(words[0]) && strings.Contains(part, "+") { // (+16)
			continue
		}
		parts = append(parts, words)
		if !isAside(words) {
			own++
		}
	}
	if len(parts) == 0 {
		parts = [][]string{foldWords(withoutStars(name))}
	}
	for n, part := range parts {
		aside, by, brand := own > 0 && isAside(part), false, 0
		known := knownWords(part)
		for i, w := range known {
			switch {
			case w == "by" && i+1 < len(known):
				by = true
				brand = len(brands.at(known[i+1:], false).words)
			case ownerWords[w] && (i > 0 || aside) && i+1 < len(known) && (known[i+1] == "by" || known[i+1] == "of"):
				aside = true
			default:
				t.add(w, uint8(n), aside, by)
				if brand--; brand == 0 {
					by = false // what stands behind "by Hilton" is the house's again
				}
			}
		}
	}
	return t
}

// leastLatin is how many Latin letters, without those of "hotel", make a name.
const leastLatin = 4

// inOneScript leaves out what a name says again in another script, if it is told in Latin
// letters.
func inOneScript(name string) string {
	if !strings.ContainsFunc(name, func(r rune) bool { return r > 0x36f && unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }) {
		return name
	}
	latin := 0
	fields := strings.Fields(name)
	kept := fields[:0:0]
	for _, f := range fields {
		if strings.ContainsFunc(f, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }) {
			continue
		}
		kept = append(kept, f)
		if w := places.Fold(f); !generic[w] && kindWords[w] == 0 {
			latin += len(strings.Trim(w, "0123456789"))
		}
	}
	if latin < leastLatin {
		return name
	}
	return strings.Join(kept, " ")
}

// label is the name of a seller that puts its own name, and often a number of its own,
// before those of houses.
type label struct {
	words  []string
	number numbering
}

// numbering says whether a label has a number of the seller's own behind it.
type numbering int

const (
	unnumbered numbering = iota
	mayNumber
	mustNumber // without a number the words are no label
)

// labels by their first word, longer ones first.
var labels = labelTable(map[numbering]string{
	mayNumber:  "super oyo; oyo flagship; oyo townhouse; oyo rooms; oyo home; oyo hotel; oyo",
	mustNumber: "capital o; collection o; spot on; silverkey; palette",
	unnumbered: "fab hotel prime; fab hotel; fabhotels; fabexpress; treebo trend; treebo tryst; treebo trip; treebo premium; treebo; zen rooms; airy; zuzu",
})

func labelTable(lists map[numbering]string) map[string][]label {
	all := map[string][]label{}
	for number, list := range lists {
		for _, words := range strings.Split(list, ";") {
			w := strings.Fields(words)
			all[w[0]] = append(all[w[0]], label{w, number})
		}
	}
	for _, list := range all {
		slices.SortStableFunc(list, func(a, b label) int { return len(b.words) - len(a.words) })
	}
	return all
}

// withoutLabel leaves out the name of such a seller, and returns its number.
func withoutLabel(t nameText) (rest nameText, number string) {
	for i := range t.words {
		for _, l := range labels[t.words[i]] {
			end := i + len(l.words)
			if end > len(t.words) || !slices.Equal(l.words, t.words[i:end]) {
				continue
			}
			if l.number != unnumbered && end < len(t.words) && isNumber(t.words[end]) {
				number = t.words[end]
				end++
			}
			if l.number == mustNumber && number == "" || end-i == len(t.words) {
				continue
			}
			for j := range t.words {
				if j < i || j >= end {
					rest.add(t.words[j], t.part[j], t.aside[j], t.by[j])
				}
			}
			return rest, number
		}
	}
	return t, ""
}

func isNumber(w string) bool { return w != "" && strings.Trim(w, "0123456789") == "" }
