package document

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"fanfare/providers/travel"
)

// XML reads one document, forward and once, as its decoder asks for it; it is the
// twin of JSON:
//
//	x := document.NewXML(body)
//	defer x.Close()
//	for e := x.Within(messageNames); e.Next(); { // in whatever envelope
//		for c := x.Children(offerNames); c.Next(); {
//			switch c.Key() {
//			case nameTotal:
//				currency := x.Attr("Code")
//				amount = x.View()
//			case nameItem:
//				for i := x.Children(itemNames); i.Next(); {
//					...
//				}
//			}
//		}
//	}
//	return x.End()
//
// Elements are known by their local names, whatever their namespace. Attributes are
// read before what is inside. Elements that the set does not name, and those that
// the decoder leaves unread, are stepped over at speed, but are checked to be well
// formed. A loop must run until Next says false. Errors are sticky, as JSON's are.
//
// What is refused: a document type declaration, and with it every entity but the
// five of XML; text or a second element behind the root; more than 32 levels; an
// attribute twice; characters that XML does not have. Documents in other encodings
// than UTF-8 are transcoded by their prologue or byte order mark.
//
// An XML is not safe for concurrent use.
type XML struct {
	data    []byte
	pos     int
	depth   int // of open elements
	err     *SyntaxError
	frames  [MaxDepth + 1]element
	attrs   []attribute // of the element that is open at depth, until it is entered
	scratch []byte      // texts that are not as written; grows only, as JSON's
	shared  interns
	plain   bool // no '&' in the document: texts are as written
	noEnds  bool // no "]]>" in the document
}

// element is one open element.
type element struct {
	name  []byte // as written, with its prefix
	empty bool   // <a/>: nothing inside, no end tag
}

type attribute struct {
	name  []byte // local
	value []byte // as written
}

var xmlPool = sync.Pool{New: func() any { return new(XML) }}

// NewXML reads from body, which must not change until Close.
func NewXML(body []byte) *XML {
	x := xmlPool.Get().(*XML)
	x.pos, x.depth, x.err, x.scratch, x.attrs = 0, 0, nil, x.scratch[:0], x.attrs[:0]
	var err error
	if x.data, err = UTF8(body); err != nil {
		x.data = body
		x.fail(0, err.Error())
		return x
	}
	if p := badCharacter(x.data); p >= 0 {
		x.fail(p, "a character that XML does not have, or invalid UTF-8")
		return x
	}
	x.plain = bytes.IndexByte(x.data, '&') < 0
	x.noEnds = !bytes.Contains(x.data, cdataEnd)
	return x
}

// Close gives the reader back. Views end here; nothing of x may be used afterwards.
func (x *XML) Close() {
	if x.data = nil; cap(x.scratch) > maxScratch {
		x.scratch = nil
	}
	clear(x.frames[:])
	clear(x.attrs[:cap(x.attrs)])
	xmlPool.Put(x)
}

// End returns the first error: one met on the way, or something behind the root.
func (x *XML) End() error {
	if x.err == nil {
		if p := x.misc(x.pos); p >= 0 && p < len(x.data) {
			x.fail(p, "something behind the document's root")
		}
	}
	return x.Err()
}

// Err returns the error met so far, or nil.
func (x *XML) Err() error {
	if x.err != nil {
		return x.err
	}
	return nil
}

// fail records the first error and returns -1.
func (x *XML) fail(p int, reason string) int {
	if x.err == nil {
		if p >= len(x.data) {
			p, reason = len(x.data), "unexpected end: "+reason
		}
		x.err = &SyntaxError{Path: x.path(), Offset: p, Reason: reason}
	}
	return -1
}

// path is the open elements that a decoder entered, as Envelope/Body/AirShoppingRS.
func (x *XML) path() string {
	var b strings.Builder
	for i := 1; i <= x.depth; i++ {
		if i > 1 {
			b.WriteByte('/')
		}
		b.WriteString(Clean(string(local(x.frames[i].name)), MaxName))
	}
	return b.String()
}

// local is a name without its prefix.
func local(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i > 0 && i < len(name)-1 {
		return name[i+1:]
	}
	return name
}

// Children is the elements inside one, by their known names.
type Children struct {
	x     *XML
	level int // depth of the element they are in
	names *Keys
	key   int
}

// Children enters the element that Next has just come to.
func (x *XML) Children(names *Keys) Children {
	return Children{x: x, level: x.depth, names: names}
}

// Key is the index of the current element in the names.
func (c *Children) Key() int { return c.key }

// Next moves to the next known child, and is false after the last.
func (c *Children) Next() bool {
	x := c.x
	if x.err != nil {
		return false
	}
	if x.depth > c.level { // the last child was left unread
		if x.skipRest(c.level); x.err != nil {
			return false
		}
	}
	if x.depth < c.level {
		return false // the end has been met already
	}
	if x.frames[c.level].empty {
		x.depth--
		return false
	}
	for {
		p := x.content(x.pos)
		if p < 0 {
			return false
		}
		if x.peek(p+1) == '/' {
			x.pos = x.endTag(p)
			return false
		}
		end := x.nameEnd(p + 1)
		if end < 0 {
			return false
		}
		if c.key = c.names.named(local(x.data[p+1 : end])); c.key >= 0 {
			return x.open(p, end)
		}
		if x.pos = x.skipElement(p, end); x.err != nil {
			return false
		}
	}
}

// named is the index of an element's name. A spelling that differs only by case counts:
// releases of one standard write both RefID and RefId.
func (k *Keys) named(name []byte) int {
	i := k.find(name)
	if i != keyVariant {
		return i
	}
	for i := range k.names {
		if strings.EqualFold(k.names[i], string(name)) {
			return i
		}
	}
	return keyUnknown
}

// open enters the start tag at p whose name ends at end, with its attributes.
func (x *XML) open(p, end int) bool {
	if x.depth >= MaxDepth {
		x.fail(p, "nested deeper than 32")
		return false
	}
	x.depth++
	x.frames[x.depth] = element{name: x.data[p+1 : end]}
	x.attrs = x.attrs[:0]
	q, empty := x.attributes(end, true)
	if q < 0 {
		return false
	}
	x.frames[x.depth].empty = empty
	x.pos = q
	return true
}

// Nested reports whether the element that Next has just come to has elements inside:
// some releases of a standard write a text where others have children.
func (x *XML) Nested() bool {
	if x.err != nil || x.depth == 0 || x.frames[x.depth].empty {
		return false
	}
	p := x.content(x.pos)
	return p >= 0 && x.peek(p+1) != '/'
}

// Attr is an attribute of the element that Next has just come to, a view; "" if it
// has none of that name.
func (x *XML) Attr(name string) string {
	for i := range x.attrs {
		if string(x.attrs[i].name) == name {
			return view(x.attr(i))
		}
	}
	return ""
}

// attr is the value of an attribute without the spaces around it, as schemas have it for all
// but free text.
func (x *XML) attr(i int) []byte {
	v := x.decoded(x.attrs[i].value)
	if n := len(v); n > 0 && (v[0] <= ' ' || v[n-1] <= ' ') {
		return bytes.Trim(v, xmlSpace)
	}
	return v
}

// AttrIntern is Attr for what comes up again and again.
func (x *XML) AttrIntern(name string) string {
	for i := range x.attrs {
		if string(x.attrs[i].name) == name {
			return x.shared.of(x.attr(i))
		}
	}
	return ""
}

// Attrs is how many attributes the element has that Next has just come to.
func (x *XML) Attrs() int { return len(x.attrs) }

// AttrAt is attribute i of that element: the index of its name in the names, negative if
// they do not have it, and its value, a view.
func (x *XML) AttrAt(i int, names *Keys) (key int, value string) {
	if key = names.named(x.attrs[i].name); key < 0 {
		return key, ""
	}
	return key, view(x.attr(i))
}

// Share is a copy of a view to keep, as Intern makes one.
func (x *XML) Share(view string) string {
	return x.shared.of(unsafe.Slice(unsafe.StringData(view), len(view)))
}

// AttrName is Attr for a text for people, cleaned and bounded as Clean does, to keep.
func (x *XML) AttrName(name string) string {
	for i := range x.attrs {
		if string(x.attrs[i].name) == name {
			return x.shared.of([]byte(Clean(view(x.attr(i)), MaxName)))
		}
	}
	return ""
}

func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// raw is the text of the element that Next has just come to, without the spaces
// around it and without what is inside child elements; it leaves the element.
func (x *XML) raw() []byte {
	if x.err != nil || x.depth == 0 {
		return nil
	}
	if x.frames[x.depth].empty {
		x.depth--
		return nil
	}
	start := x.pos
	if i := bytes.IndexByte(x.data[start:], '<'); i >= 0 && x.peek(start+i+1) == '/' {
		if !x.goodText(start, start+i) {
			return nil
		}
		if x.pos = x.endTag(start + i); x.err != nil {
			return nil
		}
		return trimmed(x.decoded(x.data[start : start+i]))
	}
	return trimmed(x.mixed())
}

// trimmed is b without the spaces around it: a bytes.Trim for the few bytes of most texts.
func trimmed(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

const xmlSpace = " \t\r\n"

// mixed gathers text around comments, CDATA sections and child elements.
func (x *XML) mixed() []byte {
	level, begin := x.depth, len(x.scratch)
	for x.err == nil && x.depth == level {
		p := x.pos
		i := bytes.IndexByte(x.data[p:], '<')
		if i < 0 {
			x.fail(len(x.data), "expected an end tag")
			return nil
		}
		q := p + i
		if !x.goodText(p, q) {
			return nil
		}
		x.scratch = x.appendDecoded(x.scratch, x.data[p:q])
		switch {
		case x.peek(q+1) == '/':
			x.pos = x.endTag(q)
		case bytes.HasPrefix(x.data[q:], cdataBegin):
			end := x.cdata(q)
			if end < 0 {
				return nil
			}
			x.scratch = appendLines(x.scratch, x.data[q+len(cdataBegin):end-len(cdataEnd)])
			x.pos = end
		case x.peek(q+1) == '!' || x.peek(q+1) == '?':
			x.pos = x.aside(q)
		default:
			if end := x.nameEnd(q + 1); end >= 0 {
				x.pos = x.skipElement(q, end)
			}
		}
	}
	if x.err != nil {
		return nil
	}
	return x.scratch[begin:]
}

// View is the element's text without copying: good until Close. "" if there is none.
func (x *XML) View() string { return view(x.raw()) }

// Text is the element's text, to keep.
func (x *XML) Text() string { return string(x.raw()) }

// Intern is Text for what comes up again and again: equal texts share memory.
func (x *XML) Intern() string { return x.shared.of(x.raw()) }

// Name is a text for people, cleaned and bounded as Clean does.
func (x *XML) Name() string {
	b := x.raw()
	if clean(b, MaxName) {
		return x.shared.of(b)
	}
	return Clean(string(b), MaxName)
}

// Bool is a stated true, false, 1 or 0, else Unknown.
func (x *XML) Bool() travel.Answered { return XMLBool(x.View()) }

// XMLBool reads xs:boolean; anything else is Unknown.
func XMLBool(text string) travel.Answered {
	switch text {
	case "true", "1":
		return travel.Yes
	case "false", "0":
		return travel.No
	}
	return travel.Unknown
}

// Int is a whole number, and false if none is stated or it does not fit.
func (x *XML) Int() (int, bool) {
	n, err := strconv.Atoi(x.View())
	return n, err == nil
}

// Skip leaves the element that Next has just come to.
func (x *XML) Skip() {
	if x.err == nil && x.depth > 0 {
		x.skipRest(x.depth - 1)
	}
}
