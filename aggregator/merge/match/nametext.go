package match

import (
	"cmp"
	"slices"
	"strings"

	"fanfare/providers/places"
)

// digraphs are umlauts written out: folding leaves them as they are, and takes the dots
// off those that are not. So both are one, at the price of a Noel that reads Nol; and so
// is the Dutch ij.
var digraphs = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u", "ij", "y")

// foldWords folds a part of a name into words as they are written.
func foldWords(part string) []string {
	words := strings.Fields(places.Fold(elided(part)))
	kept := make([]string, 0, len(words)+1)
	for _, w := range words {
		if stem := strings.TrimRight(w, "0123456789"); len(stem) > 3 && len(stem) < len(w) && numbered[stem] { // Terminal21
			kept = append(kept, stem, w[len(stem):])
			continue
		}
		if n := len(kept); w == "s" && n > 0 && len(kept[n-1]) > 3 && alike[kept[n-1]] == "" && weights[kept[n-1]] == 0 { // "Claridge s"
			kept[n-1] += w
			continue
		}
		kept = append(kept, w)
	}
	return kept
}

// knownWords writes words as the tables do.
func knownWords(folded []string) []string {
	words := make([]string, 0, len(folded)+2)
	for _, w := range folded {
		w = spellings.correct(w)
		w = cmp.Or(alike[w], w)
		if stem, ok := strings.CutSuffix(w, "hotel"); ok && len(stem) > 2 && kindWords[w] == 0 {
			stem = strings.TrimSuffix(stem, "s")
			words = append(words, cmp.Or(alike[stem], stem), "hotel") // Stadthotel, Parkhotel
			continue
		}
		if n := len(words); n > 0 {
			if pair := words[n-1] + w; alike[pair] != "" || kindWords[pair] != 0 || weights[pair] != 0 {
				words[n-1] = cmp.Or(alike[pair], pair) // guest house, city centre, old town
				continue
			}
		}
		words = append(words, w)
	}
	words = countWords(words)
	for i, w := range words {
		if n := numerals[w]; n != "" && (i > 0 || !roman(w)) {
			words[i] = n
		} else if n := lastNumerals[w]; n != "" && i > 0 && i == len(words)-1 {
			words[i] = n
		}
	}
	streetWords(words)
	for i, w := range words {
		words[i] = plainEnding(w)
	}
	return bedAndBreakfast(words)
}

// roman reports whether a number is a Roman one: as a first word it is a word, Xi Hu.
func roman(w string) bool { return strings.Trim(w, "ivx") == "" }

// plainEnding writes the endings of Slavic adjectives, which are romanised in many ways, as y.
func plainEnding(w string) string {
	if len(w) > 4 {
		for _, end := range [...]string{"iy", "yi", "ii", "yy", "ij", "yj"} {
			if stem, ok := strings.CutSuffix(w, end); ok {
				return stem + "y"
			}
		}
	}
	return w
}

// tens are number words that another may follow: twenty one.
var tens = map[string]string{"twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90"}

// countWords writes "twenty one" as 21.
func countWords(words []string) []string {
	kept := words[:0]
	for _, w := range words {
		if n := len(kept); n > 0 && len(numerals[w]) == 1 {
			if t := tens[kept[n-1]]; t != "" {
				kept[n-1] = t[:1] + numerals[w]
				continue
			}
		}
		kept = append(kept, w)
	}
	return kept
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

// bedAndBreakfast writes B&B as a sort of place, unless a brand of hotels is meant.
func bedAndBreakfast(words []string) []string {
	for i := 0; i+1 < len(words); i++ {
		if words[i] == "bed" && words[i+1] == "and" {
			words = append(slices.Clone(words[:i+1]), words[i+2:]...)
			if i+1 == len(words) {
				break
			}
		}
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
