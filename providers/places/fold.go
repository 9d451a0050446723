package places

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// letters without a decomposition, as people type them on other keyboards.
var plain = map[rune]string{
	'ß': "ss", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'ı': "i", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ə': "e", 'ħ': "h",
}

// digraphs are the other way to write a letter: München is Muenchen too.
var digraphs = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "å", "aa", "ø", "oe", "Ä", "ae", "Ö", "oe", "Ü", "ue", "Å", "aa", "Ø", "oe")

// appendFold appends text in the form in which it is compared: lower case without
// accents, words separated by one space, "saint" as "st", nothing else but letters
// and digits. "São Paulo" becomes "sao paulo", "St. John's" "st johns".
func appendFold(dst []byte, text string) []byte {
	start := len(dst)
	if !ascii(text) {
		text = norm.NFKD.String(strings.ToLower(text))
	}
	word := len(dst)
	for i, r := range text {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			dst = append(dst, byte(r))
		case r >= 'A' && r <= 'Z':
			dst = append(dst, byte(r)+'a'-'A')
		case r == '\'', r == '’', r == '`', r == 'ʻ', r == '.' && !followed(text[i+1:]), unicode.Is(unicode.Mn, r):
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			if s, ok := plain[r]; ok {
				dst = append(dst, s...)
			} else {
				dst = utf8.AppendRune(dst, r)
			}
		default:
			dst = endWord(dst, word)
			if len(dst) > start && dst[len(dst)-1] != ' ' {
				dst = append(dst, ' ')
			}
			word = len(dst)
		}
	}
	dst = endWord(dst, word)
	if len(dst) > start && dst[len(dst)-1] == ' ' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// followed reports whether a letter comes next, so that "St.Gallen" has two words.
func followed(rest string) bool { return rest != "" && rest[0] > ' ' }

// endWord shortens the word that begins at start if it is a form of "saint".
func endWord(dst []byte, start int) []byte {
	if w := string(dst[start:]); w == "saint" || w == "sankt" || w == "sint" {
		return append(dst[:start], "st"...)
	}
	return dst
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func fold(text string) string { return string(appendFold(nil, text)) }
