package opentravel

import (
	"bytes"
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// Document reads XML and JSON alike. What is an attribute, a child or a text of an element
// in XML is a key of an object in JSON, and an element that comes again and again is a
// list; see Fields. It is not safe for concurrent use.
type Document struct {
	x        *document.XML
	r        *document.JSON
	spelling spelling
	atValue  bool   // Fields has come to an attribute or to the text of an element:
	value    string // this, a view
	listed   bool   // Fields has come to an element of a list
}

// IsXML tells XML from JSON by its first character. Nothing at all is JSON, and refused as such.
func IsXML(body []byte) bool {
	if bytes.HasPrefix(body, []byte("\xfe\xff")) || bytes.HasPrefix(body, []byte("\xff\xfe")) {
		return true
	}
	body = bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(body) > 0 && body[0] == '<'
}

// NewXML reads XML from x, whose elements the caller has entered.
func NewXML(x *document.XML) *Document { return &Document{x: x} }

// NewJSON reads JSON from r. Camel tells that keys begin with a small letter.
func NewJSON(r *document.JSON, camel bool) *Document {
	d := &Document{r: r}
	if camel {
		d.spelling = camelCase
	}
	return d
}

// spelling is how a document writes its names.
type spelling int

const (
	asXML     spelling = iota // and JSON of the same names
	camelCase                 // as JAXB makes it: ptcfareBreakdowns
	camelPTC                  // and as people would: ptcFareBreakdowns
	spellings
)

// Names is the names that a decoder reads of one kind of element. The index of a name is
// its position in NewNames.
type Names struct {
	keys  [spellings]*document.Keys
	index [spellings][]int // of each key
	text  int              // index of the element's text, -1 if it is not read
	name  string           // of a wrapper
}

// Text stands among names for the text of an element, which JSON has under a key of its own.
const Text = "#text"

// The keys of a text in JSON, by spelling.
var textKeys = [spellings][]string{
	{"content", "Value", "#text", "_text", "$"},
	{"value", "content", "#text", "_text", "$"},
	{"value", "content", "#text", "_text", "$"},
}

// NewNames makes the set, as document.NewKeys does of keys. A name such as "ScheduleDesc|scheduleDescs" is another in camel
// case than the rules make it; several for one are parted by further bars.
func NewNames(names ...string) *Names {
	n := &Names{text: -1}
	for s := range spellings {
		var keys []string
		for i, name := range names {
			spelt := []string{name}
			switch xml, other, two := strings.Cut(name, "|"); {
			case name == Text:
				n.text, spelt = i, textKeys[s]
			case two && s == asXML:
				spelt = []string{xml}
			case two:
				spelt = strings.Split(other, "|")
			case s != asXML:
				spelt = []string{camel(name, s)}
			}
			for _, key := range spelt {
				keys = append(keys, key)
				n.index[s] = append(n.index[s], i)
			}
		}
		n.keys[s] = document.NewKeys(keys...)
	}
	return n
}

// camel is a name of the schema as JAXB and Jackson write it: TPA_Extensions is
// tpaExtensions, RPH is rph, GMTOffset is gmtOffset.
func camel(name string, s spelling) string {
	switch {
	case strings.HasPrefix(name, "PTC_") && s == camelCase:
		return "ptcf" + name[len("PTC_F"):]
	case strings.HasPrefix(name, "PTC_"):
		return "ptc" + name[len("PTC_"):]
	}
	name = strings.ReplaceAll(name, "_", "")
	upper := 0
	for upper < len(name) && name[upper] >= 'A' && name[upper] <= 'Z' {
		upper++
	}
	if upper > 1 && upper < len(name) {
		upper-- // the last begins the next word
	}
	return strings.ToLower(name[:upper]) + name[upper:]
}

// Fields is what an element or object has inside, by known names: attributes, then
// children, or keys. A list comes as its elements one by one, all under its name.
//
//	for f := d.Fields(segmentNames); f.Next(); {
//		switch f.Key() {
//		case segmentNumber:
//			number = d.View()
//
// What is left unread is stepped over. A loop must run until Next says false.
type Fields struct {
	d     *Document
	names *Names
	key   int
	stage stage
	attr  int
	kids  document.Children
	obj   document.Object
	list  document.Array
}

type stage uint8

const (
	ended stage = iota
	inAttributes
	inChildren
	inObject
	inList
	asItself
	atText // of a scalar in JSON, where others have an object
)

// Fields enters the element, object or root that d has come to.
func (d *Document) Fields(names *Names) Fields {
	f := Fields{d: d, names: names}
	switch {
	case d.atValue: // a plain value has nothing inside
	case d.x != nil:
		f.stage = inAttributes
	case names.text >= 0 && d.r.Kind() != '{' && d.r.Kind() != '[':
		f.stage = atText
	default:
		f.stage, f.obj = inObject, d.r.Object(names.keys[d.spelling])
	}
	return f
}

// Items is Fields of an element that only wraps a list of others. Writers of JSON who leave
// the wrapper out have the others in the list themselves.
func (d *Document) Items(names *Names) Fields {
	if d.listed && d.r.Kind() == '{' && !d.r.Has(names.keys[d.spelling]) {
		return Fields{d: d, names: names, stage: asItself}
	}
	return d.Fields(names)
}

// Message reads the message in a document of JSON: what the one key of wrapper holds, if
// the document begins with that, else the object that has one of the names that find
// gives, in whatever it is wrapped.
func (d *Document) Message(body []byte, wrapper, names *Names, find func() *Names, read func(Fields)) {
	d.r.SkipMark()
	begin := bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), "{ \t\r\n")
	if first, _, _ := bytes.Cut(bytes.TrimPrefix(begin, []byte{'"'}), []byte{'"'}); string(first) == wrapper.name {
		for f := d.Fields(wrapper); f.Next(); {
			read(d.Fields(names))
		}
		return
	}
	read(Fields{d: d, names: names, stage: inObject, obj: d.r.UnwrapFor(find().keys[d.spelling], names.keys[d.spelling])})
}

// NewWrapper is the names of a wrapper, which is spelt one way only.
func NewWrapper(name string) *Names {
	n := NewNames(name + "|" + name)
	n.name = name
	return n
}

// Key is the index of the current name.
func (f *Fields) Key() int { return f.key }

// Next moves to the next known field, and is false after the last.
func (f *Fields) Next() bool {
	d := f.d
	d.listed = false
	index := f.names.index[d.spelling]
	for {
		switch f.stage {
		case inAttributes:
			if f.nextAttribute() {
				return true
			}
		case inChildren:
			d.atValue = false
			if !f.kids.Next() {
				f.stage = ended
				return false
			}
			f.key = index[f.kids.Key()]
			return true
		case inList:
			if f.list.Next() {
				d.listed = true
				return true
			}
			f.stage = inObject
		case inObject:
			if !f.obj.Next() {
				f.stage = ended
				return false
			}
			f.key = index[f.obj.Key()]
			if d.r.Kind() != '[' {
				return true
			}
			f.stage, f.list = inList, d.r.Array()
		case atText:
			f.stage, f.key = ended, f.names.text
			return true
		case asItself:
			f.stage, f.key = ended, 0
			return true
		default:
			if d.x != nil && f.attr > 0 {
				d.atValue = false
			}
			return false
		}
	}
}

// nextAttribute comes to the next attribute of an element, and behind the last to its
// text, if that is wanted and all that is there.
func (f *Fields) nextAttribute() bool {
	d, keys := f.d, f.names.keys[asXML]
	for f.attr < d.x.Attrs() {
		key, value := d.x.AttrAt(f.attr, keys)
		f.attr++
		if key >= 0 {
			f.key, d.atValue, d.value = f.names.index[asXML][key], true, value
			return true
		}
	}
	d.atValue = false
	if f.names.text >= 0 && !d.x.Nested() {
		f.attr++ // there is a value to be left behind
		f.stage, f.key, d.atValue, d.value = ended, f.names.text, true, d.x.View()
		return true
	}
	f.stage, f.kids = inChildren, d.x.Children(keys)
	return false
}

// IsXML tells in which notation the document is.
func (d *Document) IsXML() bool { return d.x != nil }

// Err is the first error met, nil without: what was read last may be half.
func (d *Document) Err() error {
	if d.x != nil {
		return d.x.Err()
	}
	return d.r.Err()
}

// isElement tells an element, or an object that stands for one, from a plain value.
func (d *Document) isElement() bool { return !d.atValue && (d.x != nil || d.r.Kind() == '{') }

var onlyText = NewNames(Text)

// View is the value of the field, as text: of an attribute or element, of a string, a
// number, true and false, or the text of an object. It must not be kept. "" if there is none.
func (d *Document) View() string {
	switch {
	case d.atValue:
		return d.value
	case d.x != nil:
		return d.x.View()
	}
	switch d.r.Kind() {
	case '{':
		text := ""
		for f := d.Fields(onlyText); f.Next(); {
			if t := d.View(); text == "" {
				text = t
			}
		}
		return text
	case 't', 'f':
		if d.r.Bool() == travel.Yes {
			return "true"
		}
		return "false"
	}
	return d.r.View()
}

// Intern is View to keep: equal texts share memory.
func (d *Document) Intern() string { return d.Keep(d.View()) }

// Keep is a copy of a view to keep.
func (d *Document) Keep(view string) string {
	if d.x != nil {
		return d.x.Share(view)
	}
	return d.r.Share(view)
}

// Name is the value as a text for people, cleaned and bounded, to keep.
func (d *Document) Name() string { return d.Keep(document.Clean(d.View(), document.MaxName)) }

// Bool is a stated yes or no.
func (d *Document) Bool() travel.Answered { return document.XMLBool(d.View()) }

// Int is a whole number, false if none is stated.
func (d *Document) Int() (int, bool) { return number(d.View()) }

// number reads a whole number of at most nine digits; a point may follow with zeros only,
// as some writers of JSON have no other numbers.
func number(text string) (int, bool) {
	if whole, zeros, pointed := strings.Cut(text, "."); pointed && strings.Trim(zeros, "0") == "" {
		text = whole
	}
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || len(digits) > 9 {
		return 0, false
	}
	n := 0
	for _, c := range []byte(digits) {
		if c-'0' > 9 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	if len(digits) < len(text) {
		n = -n
	}
	return n, true
}

// Fault is what the SOAP fault says that d has come to.
func (d *Document) Fault() string { return d.x.SOAPFault() }
