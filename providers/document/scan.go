package document

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// This file walks over the grammar of JSON (RFC 8259) without building anything.
// Positions are offsets in the document; a negative result means that r.err is set.

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special returns a mask whose lowest set bit marks the first of eight bytes that
// is a quote, a backslash, a control character or not ASCII; 0 if none is.
// Bits above the lowest may be wrong: borrows only travel upwards.
func special(x uint64) uint64 {
	quote := x ^ '"'*ones
	slash := x ^ '\\'*ones
	return ((quote-ones)&^quote | (slash-ones)&^slash | (x-0x20*ones)&^x | x) & highs
}

// scanString returns the position of the closing quote of the string whose
// content begins at p, and whether it holds escapes. It checks control
// characters, escapes, surrogates and UTF-8.
func (r *JSON) scanString(p int) (end int, escaped bool) {
	data := r.data
	for {
		for p+8 <= len(data) {
			m := special(binary.LittleEndian.Uint64(data[p:]))
			if m != 0 {
				p += bits.TrailingZeros64(m) >> 3
				break
			}
			p += 8
		}
		if p >= len(data) {
			return r.failAt(len(data), "unexpected end in a string"), false
		}
		switch c := data[p]; {
		case c == '"':
			return p, escaped
		case c == '\\':
			escaped = true
			if p = r.scanEscape(p); p < 0 {
				return p, false
			}
		case c < 0x20:
			return r.failAt(p, "control character in a string"), false
		case c >= utf8.RuneSelf:
			if p = r.scanRunes(p); p < 0 {
				return p, false
			}
		default:
			p++ // within the last seven bytes of the document
		}
	}
}

// scanRunes steps over the characters beyond ASCII that begin at p.
func (r *JSON) scanRunes(p int) int {
	for p < len(r.data) && r.data[p] >= utf8.RuneSelf {
		c, size := utf8.DecodeRune(r.data[p:])
		if c == utf8.RuneError && size == 1 {
			return r.failAt(p, "invalid UTF-8")
		}
		p += size
	}
	return p
}

// scanEscape steps over the escape at p, and over both halves of a surrogate pair.
func (r *JSON) scanEscape(p int) int {
	if p+1 >= len(r.data) {
		return r.failAt(len(r.data), "unexpected end in a string")
	}
	switch r.data[p+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return p + 2
	case 'u':
		c := hex4(r.data, p+2)
		switch {
		case c < 0:
			return r.failAt(p, "invalid escape")
		case c < 0xd800 || c > 0xdfff:
			return p + 6
		case c >= 0xdc00 || p+7 >= len(r.data) || r.data[p+6] != '\\' || r.data[p+7] != 'u':
			return r.failAt(p, "lone surrogate")
		}
		if low := hex4(r.data, p+8); low < 0xdc00 || low > 0xdfff {
			return r.failAt(p, "lone surrogate")
		}
		return p + 12
	}
	return r.failAt(p, "invalid escape")
}

// hex4 reads four hexadecimal digits at p, or returns -1.
func hex4(data []byte, p int) rune {
	if p+4 > len(data) {
		return -1
	}
	var v rune
	for _, c := range data[p : p+4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return -1
		}
		v = v<<4 | rune(c)
	}
	return v
}

// unescape appends the content of a string that scanString has accepted.
func unescape(dst, s []byte) []byte {
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			dst = append(dst, s[i])
			i++
			continue
		}
		c := s[i+1]
		i += 2
		switch c {
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'n':
			c = '\n'
		case 'r':
			c = '\r'
		case 't':
			c = '\t'
		case 'u':
			v := hex4(s, i)
			i += 4
			if v >= 0xd800 && v <= 0xdfff {
				v = (v-0xd800)<<10 | (hex4(s, i+2) - 0xdc00) + 0x10000
				i += 6
			}
			dst = utf8.AppendRune(dst, v)
			continue
		}
		dst = append(dst, c)
	}
	return dst
}

// scanNumber returns the position behind the number at p.
func (r *JSON) scanNumber(p int) int {
	data, start := r.data, p
	if data[p] == '-' {
		p++
	}
	switch {
	case p < len(data) && data[p] == '0':
		p++
	case p < len(data) && data[p] >= '1' && data[p] <= '9':
		p = digits(data, p)
	default:
		return r.failAt(p, "invalid number")
	}
	if p < len(data) && data[p] == '.' {
		q := digits(data, p+1)
		if q == p+1 {
			return r.failAt(q, "invalid number")
		}
		p = q
	}
	if p < len(data) && data[p]|0x20 == 'e' {
		p++
		if p < len(data) && (data[p] == '+' || data[p] == '-') {
			p++
		}
		q := digits(data, p)
		if q == p {
			return r.failAt(q, "invalid number")
		}
		p = q
	}
	if p-start > MaxNumber {
		return r.failAt(start, "number of more than 32 characters")
	}
	return p
}

func digits(data []byte, p int) int {
	for p < len(data) && data[p]-'0' <= 9 {
		p++
	}
	return p
}

// space returns the first position from p on that is not white space.
func (r *JSON) space(p int) int {
	data := r.data
	for p < len(data) {
		switch data[p] {
		case ' ', '\n', '\t', '\r':
			p++
		default:
			return p
		}
	}
	return p
}

// peek is the byte at p, 0 behind the end. No value and no punctuation is 0.
func (r *JSON) peek(p int) byte {
	if p < len(r.data) {
		return r.data[p]
	}
	return 0
}

// scanScalar steps over the string, number or literal at p.
func (r *JSON) scanScalar(p int) int {
	switch c := r.peek(p); c {
	case '"':
		end, _ := r.scanString(p + 1)
		if end < 0 {
			return end
		}
		return end + 1
	case 't':
		return r.literal(p, "true")
	case 'f':
		return r.literal(p, "false")
	case 'n':
		return r.literal(p, "null")
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return r.scanNumber(p)
	case 0xef:
		return r.failAt(p, "byte order mark or stray character")
	}
	return r.failAt(p, "expected a value")
}

func (r *JSON) literal(p int, word string) int {
	if p+len(word) <= len(r.data) && string(r.data[p:p+len(word)]) == word {
		return p + len(word)
	}
	return r.failAt(p, "expected a value")
}

// scanKey steps over a key that nobody asked for, its colon and the space behind.
func (r *JSON) scanKey(p int) int {
	if r.peek(p) != '"' {
		return r.failAt(p, "expected a key")
	}
	end, _ := r.scanString(p + 1)
	if end < 0 {
		return end
	}
	if p = r.space(end + 1); r.peek(p) != ':' {
		return r.failAt(p, "expected a colon")
	}
	return r.space(p + 1)
}

// scanValue returns the position behind the value at p, whatever it is. It is the
// path of every unknown key, so it keeps its nesting in one word and never recurs.
func (r *JSON) scanValue(p int) int {
	var (
		objects uint64 // one bit a level, innermost lowest: set for an object
		levels  int
	)
	for {
		switch c := r.peek(p); c {
		case '{', '[':
			if r.depth+levels >= MaxDepth {
				return r.failAt(p, "nested deeper than 32")
			}
			levels++
			objects <<= 1
			p = r.space(p + 1)
			if c == '{' {
				objects |= 1
				if r.peek(p) != '}' {
					if p = r.scanKey(p); p < 0 {
						return p
					}
					continue
				}
			} else if r.peek(p) != ']' {
				continue
			}
		default:
			if p = r.scanScalar(p); p < 0 || levels == 0 {
				return p
			}
		}
		// Behind a value, or at the end of an empty container: close, or go on.
		for {
			p = r.space(p)
			c := r.peek(p)
			if c == ',' {
				p = r.space(p + 1)
				if objects&1 != 0 {
					if p = r.scanKey(p); p < 0 {
						return p
					}
				}
				break
			}
			if objects&1 != 0 && c != '}' || objects&1 == 0 && c != ']' {
				return r.failAt(p, "expected a comma or the end of the list or object")
			}
			p++
			objects >>= 1
			if levels--; levels == 0 {
				return p
			}
		}
	}
}
