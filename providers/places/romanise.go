package places

import (
	"strings"
	"unicode/utf8"
)

// Fold is text in the form in which names are compared: lower case without accents,
// words separated by one space, "saint" as "st", Cyrillic, Greek, kana and Arabic in
// Latin letters, nothing else but letters and digits. "São Paulo" becomes "sao paulo",
// "Москва" "moskva", "ホテル" "hoteru". Text of other scripts stays as it is.
func Fold(text string) string {
	if ascii(text) {
		return fold(text)
	}
	return fold(romanise(strings.ToLower(text)))
}

// romanise writes letters of other scripts in Latin ones. The tables are simple on
// purpose: whoever compares must expect that people romanise one word in several ways.
func romanise(text string) string {
	b := make([]byte, 0, 2*len(text))
	for i, r := range text {
		if r == 'ل' && i >= len("ا") && text[i-len("ا"):i] == "ا" && (i == len("ا") || text[i-len("ا")-1] == ' ') {
			b = append(b, "l "...) // the article is a word of its own
		} else if r < utf8.RuneSelf {
			b = append(b, byte(r))
		} else if s, ok := latin[r]; ok {
			b = append(b, s...)
		} else {
			switch {
			case r >= 'ァ' && r <= 'ヶ':
				b = appendKana(b, r-'ァ'+'ぁ')
			case r >= 'ぁ' && r <= 'ゖ':
				b = appendKana(b, r)
			default:
				b = utf8.AppendRune(b, r)
			}
		}
	}
	return string(b)
}

// latin is Cyrillic as in passports (ICAO 9303, without its special cases), Greek as in
// ISO 843, simplified, and Arabic consonant by consonant: short vowels are not written.
var latin = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "i", 'к': "k",
	'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts",
	'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
	'і': "i", 'ї': "i", 'є': "ie", 'ґ': "g", 'ђ': "dj", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'џ': "dz",

	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l", 'μ': "m",
	'ν': "n", 'ξ': "x", 'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "ch", 'ψ': "ps", 'ω': "o",
	'ά': "a", 'έ': "e", 'ή': "i", 'ί': "i", 'ό': "o", 'ύ': "y", 'ώ': "o", 'ϊ': "i", 'ϋ': "y", 'ΐ': "i", 'ΰ': "y",

	'ا': "a", 'أ': "a", 'إ': "i", 'آ': "a", 'ب': "b", 'ت': "t", 'ث': "th", 'ج': "j", 'ح': "h", 'خ': "kh", 'د': "d", 'ذ': "dh",
	'ر': "r", 'ز': "z", 'س': "s", 'ش': "sh", 'ص': "s", 'ض': "d", 'ط': "t", 'ظ': "z", 'ع': "a", 'غ': "gh", 'ف': "f", 'ق': "q",
	'ك': "k", 'ل': "l", 'م': "m", 'ن': "n", 'ه': "h", 'و': "w", 'ي': "y", 'ى': "a", 'ة': "a", 'ء': "", 'ؤ': "w", 'ئ': "y",

	'ー': "", '・': " ",
}

// kana holds the syllables of the hiragana block from ぁ on (Hepburn, without long vowels).
var kana = strings.Fields(`a a i i u u e e o o ka ga ki gi ku gu ke ge ko go sa za shi ji su zu se ze so zo ta da chi ji
	- tsu zu te de to do na ni nu ne no ha ba pa hi bi pi fu bu pu he be pe ho bo po ma mi mu me mo
	ya ya yu yu yo yo ra ri ru re ro wa wa i e o n vu ka ke`)

// appendKana appends a hiragana letter. A small ya, yu or yo takes the vowel before it away.
func appendKana(b []byte, r rune) []byte {
	s := kana[r-'ぁ']
	switch {
	case s == "-": // a small tsu doubles the consonant after it, which comparing ignores
		return b
	case (r == 'ゃ' || r == 'ゅ' || r == 'ょ') && len(b) > 1 && b[len(b)-1] == 'i':
		b = b[:len(b)-1]
		if c := b[len(b)-1]; c == 'h' || c == 'j' { // sha, cha, ja
			s = s[1:]
		}
	case (r == 'ぁ' || r == 'ぃ' || r == 'ぅ' || r == 'ぇ' || r == 'ぉ') && len(b) > 0 && strings.IndexByte("aeiou", b[len(b)-1]) >= 0:
		b = b[:len(b)-1] // ti, fa, we as loan words are written
	}
	return append(b, s...)
}
