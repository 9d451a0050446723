package partnersim

import "strconv"

// xmlWriter writes a document element by element.
type xmlWriter struct {
	buf    []byte
	prefix string // of the elements to come, colon included
	pretty bool
	depth  int
}

// at is attributes: name, value, name, value.
type at []string

// in writes an element with what inside writes.
func (x *xmlWriter) in(name string, attrs at, inside func()) {
	name = x.prefix + name
	x.begin(name, attrs)
	x.buf = append(x.buf, '>')
	x.depth++
	inside()
	x.depth--
	x.line()
	x.end(name)
}

// leaf writes an element that holds text.
func (x *xmlWriter) leaf(name, text string, attrs ...string) {
	name = x.prefix + name
	x.begin(name, attrs)
	x.buf = append(x.buf, '>')
	x.buf = escapeXML(x.buf, text)
	x.end(name)
}

// cdata writes an element that holds text as a CDATA section.
func (x *xmlWriter) cdata(name, text string) {
	name = x.prefix + name
	x.begin(name, nil)
	x.buf = append(append(append(x.buf, "><![CDATA["...), text...), "]]>"...)
	x.end(name)
}

// empty writes an element without content.
func (x *xmlWriter) empty(name string, attrs ...string) {
	x.begin(x.prefix+name, attrs)
	x.buf = append(x.buf, "/>"...)
}

func (x *xmlWriter) comment(text string) {
	x.line()
	x.buf = append(append(append(x.buf, "<!-- "...), text...), " -->"...)
}

func (x *xmlWriter) begin(name string, attrs at) {
	x.line()
	x.buf = append(append(x.buf, '<'), name...)
	for i := 0; i+1 < len(attrs); i += 2 {
		x.buf = append(append(append(x.buf, ' '), attrs[i]...), '=', '"')
		x.buf = append(escapeXML(x.buf, attrs[i+1]), '"')
	}
}

func (x *xmlWriter) end(name string) {
	x.buf = append(append(append(x.buf, '<', '/'), name...), '>')
}

func (x *xmlWriter) line() {
	if !x.pretty {
		return
	}
	x.buf = append(x.buf, '\n')
	for range x.depth {
		x.buf = append(x.buf, ' ', ' ')
	}
}

func escapeXML(to []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '&':
			to = append(to, "&amp;"...)
		case c == '<':
			to = append(to, "&lt;"...)
		case c == '>':
			to = append(to, "&gt;"...)
		case c == '"':
			to = append(to, "&quot;"...)
		case c < ' ' && c != '\t' && c != '\n':
			to = append(to, ' ') // XML has no way to write these
		default:
			to = append(to, c)
		}
	}
	return to
}

// latin1 is a document in ISO 8859-1; what that lacks becomes character references.
func latin1(utf8 []byte) []byte {
	out := make([]byte, 0, len(utf8))
	for _, r := range string(utf8) {
		if r < 256 {
			out = append(out, byte(r))
			continue
		}
		out = append(strconv.AppendInt(append(out, '&', '#'), int64(r), 10), ';')
	}
	return out
}
