package exchange

import "strconv"

// XMLWriter writes a document element by element.
type XMLWriter struct {
	Buf    []byte
	Prefix string // of the elements to come, colon included
	Pretty bool
	depth  int
}

// At is attributes: name, value, name, value.
type At []string

// In writes an element with what inside writes.
func (x *XMLWriter) In(name string, attrs At, inside func()) {
	name = x.Prefix + name
	x.begin(name, attrs)
	x.Buf = append(x.Buf, '>')
	x.depth++
	inside()
	x.depth--
	x.line()
	x.end(name)
}

// Leaf writes an element that holds text.
func (x *XMLWriter) Leaf(name, text string, attrs ...string) {
	name = x.Prefix + name
	x.begin(name, attrs)
	x.Buf = append(x.Buf, '>')
	x.Buf = escapeXML(x.Buf, text)
	x.end(name)
}

// Cdata writes an element that holds text as a CDATA section.
func (x *XMLWriter) Cdata(name, text string) {
	name = x.Prefix + name
	x.begin(name, nil)
	x.Buf = append(append(append(x.Buf, "><![CDATA["...), text...), "]]>"...)
	x.end(name)
}

// Empty writes an element without content.
func (x *XMLWriter) Empty(name string, attrs ...string) {
	x.begin(x.Prefix+name, attrs)
	x.Buf = append(x.Buf, "/>"...)
}

func (x *XMLWriter) Comment(text string) {
	x.line()
	x.Buf = append(append(append(x.Buf, "<!-- "...), text...), " -->"...)
}

func (x *XMLWriter) begin(name string, attrs At) {
	x.line()
	x.Buf = append(append(x.Buf, '<'), name...)
	for i := 0; i+1 < len(attrs); i += 2 {
		x.Buf = append(append(append(x.Buf, ' '), attrs[i]...), '=', '"')
		x.Buf = append(escapeXML(x.Buf, attrs[i+1]), '"')
	}
}

func (x *XMLWriter) end(name string) {
	x.Buf = append(append(append(x.Buf, '<', '/'), name...), '>')
}

func (x *XMLWriter) line() {
	if !x.Pretty {
		return
	}
	x.Buf = append(x.Buf, '\n')
	for range x.depth {
		x.Buf = append(x.Buf, ' ', ' ')
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

// Latin1 is a document in ISO 8859-1; what that lacks becomes character references.
func Latin1(utf8 []byte) []byte {
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
