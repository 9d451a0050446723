package document

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"strconv"
	"unicode/utf8"
)

var (
	cdataBegin   = []byte("<![CDATA[")
	cdataEnd     = []byte("]]>")
	commentBegin = []byte("<!--")
	piEnd        = []byte("?>")
)

func (x *XML) peek(p int) byte {
	if p < len(x.data) {
		return x.data[p]
	}
	return 0
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// prologue steps over a byte order mark and the XML declaration.
func (x *XML) prologue() int {
	p := 0
	if bytes.HasPrefix(x.data, []byte("\xef\xbb\xbf")) {
		p = 3
	}
	if bytes.HasPrefix(x.data[p:], []byte("<?xml")) && isSpace(x.peek(p+5)) {
		if version, ok := pseudoAttribute(declaration(x.data[p:]), "version"); ok && version != "1.0" {
			return x.fail(p, "XML of another version than 1.0")
		}
		return x.behind(p+5, piEnd, "expected the end of the XML declaration")
	}
	return p
}

// behind is the position behind the next mark.
func (x *XML) behind(p int, mark []byte, reason string) int {
	i := bytes.Index(x.data[min(p, len(x.data)):], mark)
	if i < 0 {
		return x.fail(len(x.data), reason)
	}
	return p + i + len(mark)
}

// misc steps over spaces, comments and instructions outside the root.
func (x *XML) misc(p int) int {
	for p >= 0 && p < len(x.data) {
		switch {
		case isSpace(x.data[p]):
			p++
		case x.data[p] == '<' && (x.peek(p+1) == '!' || x.peek(p+1) == '?'):
			if bytes.HasPrefix(x.data[p:], cdataBegin) {
				return x.fail(p, "text outside the root")
			}
			p = x.aside(p)
		default:
			return p
		}
	}
	return p
}

// aside steps over a comment or an instruction, and refuses declarations.
func (x *XML) aside(p int) int {
	if x.peek(p+1) == '?' {
		end := x.nameEnd(p + 2)
		switch {
		case end < 0:
			return -1
		case bytes.EqualFold(x.data[p+2:end], []byte("xml")):
			return x.fail(p, "an XML declaration in mid-document")
		}
		return x.behind(end, piEnd, "expected the end of an instruction")
	}
	if !bytes.HasPrefix(x.data[p:], commentBegin) {
		return x.fail(p, "document type declarations are refused")
	}
	from := p + len(commentBegin)
	i := bytes.Index(x.data[from:], []byte("--"))
	if i < 0 {
		return x.fail(len(x.data), "expected the end of a comment")
	}
	if x.peek(from+i+2) != '>' {
		return x.fail(from+i, "two hyphens within a comment")
	}
	return from + i + 3
}

// cdata is the position behind the CDATA section at p.
func (x *XML) cdata(p int) int {
	return x.behind(p+len(cdataBegin), cdataEnd, "expected the end of a CDATA section")
}

// content steps over text, comments and the like to the next tag.
func (x *XML) content(p int) int {
	for {
		i := bytes.IndexByte(x.data[p:], '<')
		if i < 0 {
			return x.fail(len(x.data), "expected an end tag")
		}
		q := p + i
		if !x.goodText(p, q) {
			return -1
		}
		switch c := x.peek(q + 1); {
		case c != '!' && c != '?':
			return q
		case bytes.HasPrefix(x.data[q:], cdataBegin):
			p = x.cdata(q)
		default:
			p = x.aside(q)
		}
		if p < 0 {
			return -1
		}
	}
}

// goodText checks the references in text, and that "]]>" stands only behind CDATA.
func (x *XML) goodText(p, q int) bool {
	text := x.data[p:q]
	if !x.noEnds {
		if i := bytes.Index(text, cdataEnd); i >= 0 {
			x.fail(p+i, "]]> outside a CDATA section")
			return false
		}
	}
	return x.goodReferences(p, q)
}

func (x *XML) goodReferences(p, q int) bool {
	if x.plain {
		return true
	}
	for {
		i := bytes.IndexByte(x.data[p:q], '&')
		if i < 0 {
			return true
		}
		p += i
		_, n := reference(x.data[p:q])
		if n == 0 {
			x.fail(p, "a reference that is neither a character's nor one of the five of XML")
			return false
		}
		p += n
	}
}

// reference reads a reference at the beginning of b, and returns how long it is; 0 if it is none.
func reference(b []byte) (char rune, length int) {
	const longest = 12 // &#x0010FFFF; and some zeros
	end := bytes.IndexByte(b[:min(len(b), longest)], ';')
	if end < 2 {
		return 0, 0
	}
	switch name := string(b[1:end]); name {
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "amp":
		return '&', end + 1
	case "apos":
		return '\'', end + 1
	case "quot":
		return '"', end + 1
	}
	if b[1] != '#' {
		return 0, 0
	}
	digits, base := b[2:end], 10
	if len(digits) > 0 && digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	for _, c := range digits {
		if c < '0' || c > '9' && (base == 10 || (c|0x20) < 'a' || (c|0x20) > 'f') {
			return 0, 0
		}
	}
	n, err := strconv.ParseUint(string(digits), base, 32)
	if err != nil || !isXMLChar(rune(n)) {
		return 0, 0
	}
	return rune(n), end + 1
}

// isXMLChar is the production Char of XML 1.0.
func isXMLChar(c rune) bool {
	return c == '\t' || c == '\n' || c == '\r' || c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000 && c <= 0x10FFFF
}

// decoded is the text with its references and line ends resolved, in place if there are none.
func (x *XML) decoded(b []byte) []byte {
	if (x.plain || bytes.IndexByte(b, '&') < 0) && bytes.IndexByte(b, '\r') < 0 {
		return b
	}
	begin := len(x.scratch)
	x.scratch = x.appendDecoded(x.scratch, b)
	return x.scratch[begin:]
}

func (x *XML) appendDecoded(dst, b []byte) []byte {
	for {
		i := bytes.IndexByte(b, '&')
		if i < 0 {
			return appendLines(dst, b)
		}
		dst = appendLines(dst, b[:i])
		char, n := reference(b[i:]) // has been checked
		dst = utf8.AppendRune(dst, char)
		b = b[i+max(n, 1):]
	}
}

// appendLines appends text with its line ends as XML has them: \r\n and \r are \n.
func appendLines(dst, b []byte) []byte {
	for {
		i := bytes.IndexByte(b, '\r')
		if i < 0 {
			return append(dst, b...)
		}
		dst = append(append(dst, b[:i]...), '\n')
		if b = b[i+1:]; len(b) > 0 && b[0] == '\n' {
			b = b[1:]
		}
	}
}

// nameBytes are the ASCII characters of names; the first of a name is of nameFirst.
var nameBytes, nameFirst = func() (all, first [256]bool) {
	for c := range 256 {
		first[c] = c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_'
		all[c] = first[c] || c >= '0' && c <= '9' || c == '-' || c == '.' || c == ':'
	}
	return all, first
}()

// nameEnd is the position behind the name at p.
func (x *XML) nameEnd(p int) int {
	q, colons := p, 0
	for q < len(x.data) && nameBytes[x.data[q]] {
		if x.data[q] == ':' {
			colons++
		}
		q++
	}
	if q < len(x.data) && x.data[q] >= utf8.RuneSelf {
		for q < len(x.data) && (nameBytes[x.data[q]] || x.data[q] >= utf8.RuneSelf) {
			q++
		}
		if x.data[p] == ':' || x.data[q-1] == ':' || !rareName(x.data[p:q]) {
			return x.fail(p, "not a name")
		}
		return q
	}
	if q == p || !nameFirst[x.data[p]] || x.data[q-1] == ':' || colons > 1 {
		return x.fail(p, "expected a name")
	}
	return q
}

// rareName checks a name with characters beyond ASCII as the standard library does,
// whose tables are not exported.
func rareName(name []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(append(append([]byte("<"), name...), "/>"...)))
	_, err := d.Token()
	return err == nil
}

// attributes reads the rest of a start tag from behind its name, and returns the
// position behind it. Attributes are remembered only if keep says so.
func (x *XML) attributes(p int, keep bool) (end int, empty bool) {
	for {
		q := p
		for isSpace(x.peek(q)) {
			q++
		}
		switch c := x.peek(q); {
		case c == '>':
			return q + 1, false
		case c == '/':
			if x.peek(q+1) != '>' {
				return x.fail(q, "expected /> "), false
			}
			return q + 2, true
		case q == p:
			return x.fail(q, "expected a space, > or />"), false
		}
		nameStop := x.nameEnd(q)
		if nameStop < 0 {
			return -1, false
		}
		value, stop := x.attributeValue(nameStop)
		if stop < 0 {
			return -1, false
		}
		if keep && !x.keep(x.data[q:nameStop], value, q) {
			return -1, false
		}
		p = stop
	}
}

// attributeValue reads ="…" from behind an attribute's name.
func (x *XML) attributeValue(p int) (value []byte, end int) {
	for isSpace(x.peek(p)) {
		p++
	}
	if x.peek(p) != '=' {
		return nil, x.fail(p, "expected = behind an attribute's name")
	}
	for p++; isSpace(x.peek(p)); p++ {
	}
	quote := x.peek(p)
	if quote != '"' && quote != '\'' {
		return nil, x.fail(p, "expected a quote")
	}
	i := bytes.IndexByte(x.data[p+1:], quote)
	if i < 0 {
		return nil, x.fail(len(x.data), "expected the end of an attribute")
	}
	value = x.data[p+1 : p+1+i]
	if j := bytes.IndexByte(value, '<'); j >= 0 {
		return nil, x.fail(p+1+j, "< in an attribute")
	}
	if !x.goodReferences(p+1, p+1+i) {
		return nil, -1
	}
	return value, p + i + 2
}

// keep remembers an attribute. Names with a prefix are another namespace's and are
// left out, so that xml:lang is not taken for lang.
func (x *XML) keep(name, value []byte, p int) bool {
	prefixed := bytes.IndexByte(name, ':') >= 0
	for i := range x.attrs {
		if bytes.Equal(x.attrs[i].name, name) {
			x.fail(p, "an attribute twice")
			return false
		}
	}
	if !prefixed {
		x.attrs = append(x.attrs, attribute{name, value})
	}
	return true
}

// endTag closes the innermost open element, whose end tag is at p.
func (x *XML) endTag(p int) int {
	name := x.frames[x.depth].name
	q := p + 2 + len(name)
	if q > len(x.data) || !bytes.Equal(x.data[p+2:q], name) {
		return x.fail(p, "an end tag of another element")
	}
	for isSpace(x.peek(q)) {
		q++
	}
	if x.peek(q) != '>' {
		return x.fail(p, "an end tag of another element")
	}
	x.depth--
	return q + 1
}

// skipElement steps over the element whose start tag is at p and whose name ends at end.
func (x *XML) skipElement(p, end int) int {
	level := x.depth
	x.pos = p
	if x.enter(p, end); x.err != nil {
		return -1
	}
	x.skipRest(level)
	return x.pos
}

// enter opens an element without remembering its attributes.
func (x *XML) enter(p, end int) {
	if x.depth >= MaxDepth {
		x.fail(p, "nested deeper than 32")
		return
	}
	q, empty := x.attributes(end, false)
	if q < 0 {
		return
	}
	x.depth++
	x.frames[x.depth] = element{name: x.data[p+1 : end], empty: empty}
	x.pos = q
}

// skipRest closes open elements until only level are left.
func (x *XML) skipRest(level int) {
	for x.depth > level && x.err == nil {
		if x.frames[x.depth].empty {
			x.depth--
			continue
		}
		p := x.content(x.pos)
		if p < 0 {
			return
		}
		if x.peek(p+1) == '/' {
			x.pos = x.endTag(p)
			continue
		}
		if end := x.nameEnd(p + 1); end >= 0 {
			x.enter(p, end)
		}
	}
}

// badCharacter is the position of the first byte that is no XML character, -1 if
// there is none. It looks at eight bytes at once where they are plain.
func badCharacter(data []byte) int {
	const low, high = 0x0101010101010101, 0x8080808080808080
	p := 0
	for p < len(data) {
		for p+8 <= len(data) {
			w := binary.LittleEndian.Uint64(data[p:])
			if w&high|(w-low*0x20)&^w&high != 0 { // a byte beyond ASCII, or below a space
				break
			}
			p += 8
		}
		for n := 0; n < 8 && p < len(data); n++ {
			c := data[p]
			if c < utf8.RuneSelf {
				if c < 0x20 && !isSpace(c) {
					return p
				}
				p++
				continue
			}
			r, size := utf8.DecodeRune(data[p:])
			if r == utf8.RuneError && size == 1 || !isXMLChar(r) {
				return p
			}
			p += size
		}
	}
	return -1
}
