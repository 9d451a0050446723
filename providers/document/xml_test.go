package document

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// tree is a document as both readers see it: local names, attributes without a
// prefix, direct text without the spaces around it, children in order.
type tree struct {
	name     string
	attrs    map[string]string
	text     string
	children []*tree
}

func (t *tree) String() string {
	s := fmt.Sprintf("<%s %v %q", t.name, t.attrs, t.text)
	for _, c := range t.children {
		s += " " + c.String()
	}
	return s + ">"
}

// xmlOracle reads a whole document with the standard library.
func xmlOracle(doc []byte) (*tree, error) {
	d := xml.NewDecoder(bytes.NewReader(doc))
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.New("another encoding") }
	var stack []*tree
	var root *tree
	for {
		token, err := d.Token()
		if err == io.EOF {
			if root == nil {
				return nil, errors.New("no root")
			}
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		switch v := token.(type) {
		case xml.StartElement:
			n := &tree{name: v.Name.Local, attrs: map[string]string{}}
			for _, a := range v.Attr {
				if a.Name.Space == "" {
					n.attrs[a.Name.Local] = strings.Trim(a.Value, xmlSpace)
				}
			}
			if len(stack) > 0 {
				parent := stack[len(stack)-1]
				parent.children = append(parent.children, n)
			} else if root != nil {
				return nil, errors.New("two roots")
			} else {
				root = n
			}
			stack = append(stack, n)
		case xml.EndElement:
			n := stack[len(stack)-1]
			n.text = strings.Trim(n.text, xmlSpace)
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(stack) > 0 {
				stack[len(stack)-1].text += string(v)
			}
		case xml.Directive:
			return nil, errors.New("a directive")
		}
	}
}

// names are all element names of a tree; nil if they cannot be one set of keys.
func (t *tree) names(all map[string]bool) bool {
	for other := range all {
		if other != t.name && strings.EqualFold(other, t.name) {
			return false
		}
	}
	all[t.name] = true
	for _, c := range t.children {
		if !c.names(all) {
			return false
		}
	}
	return len(all) <= maxKeys
}

// xmlRead walks the document with our reader: first the children, or the text, of each
// element, as text says; both cannot be had at once.
func xmlRead(doc []byte, keys *Keys, attrs map[string]bool, text bool) (*tree, error) {
	x := NewXML(doc)
	defer x.Close()
	var walk func(key int) *tree
	walk = func(key int) *tree {
		n := &tree{name: keys.names[key], attrs: map[string]string{}}
		for name := range attrs {
			for i := range x.attrs {
				if string(x.attrs[i].name) == name {
					n.attrs[name] = strings.Clone(x.Attr(name))
				}
			}
		}
		if text {
			n.text = x.Text()
			return n
		}
		for c := x.Children(keys); c.Next(); {
			n.children = append(n.children, walk(c.Key()))
		}
		return n
	}
	var root *tree
	for e := x.Within(keys); e.Next(); {
		root = walk(e.Key())
	}
	return root, x.End()
}

// xmlAgree compares what both readers make of a document that both accept.
func xmlAgree(t *testing.T, doc []byte, want *tree) {
	t.Helper()
	all, attrs := map[string]bool{}, map[string]bool{}
	if !want.names(all) {
		return
	}
	var names []string
	for n := range all {
		names = append(names, n)
	}
	want.each(func(n *tree) {
		for a := range n.attrs {
			attrs[a] = true
		}
	})
	keys := NewKeys(names...)
	got, err := xmlRead(doc, keys, attrs, false)
	if err != nil {
		return // what ours refuses and the standard library accepts is listed in TestXMLRefuses
	}
	var compare func(got, want *tree)
	compare = func(got, want *tree) {
		if got.name != want.name || len(got.children) != len(want.children) || fmt.Sprint(got.attrs) != fmt.Sprint(want.attrs) {
			t.Fatalf("%q:\n got %v\nwant %v", doc, got, want)
		}
		for i := range got.children {
			compare(got.children[i], want.children[i])
		}
	}
	compare(got, want)
	if top, err := xmlRead(doc, keys, attrs, true); err != nil || top.text != want.text {
		t.Fatalf("%q: root's text %q, %v; want %q", doc, top.text, err, want.text)
	}
}

func (t *tree) each(f func(*tree)) {
	f(t)
	for _, c := range t.children {
		c.each(f)
	}
}

var goodXML = []string{
	`<a/>`, `<a></a>`, `<a>x</a>`, " \n<a> x </a>\n ", `<?xml version="1.0"?><a/>`, `<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>` + "\n<a/>",
	"\xef\xbb\xbf<?xml version='1.0'?><a/>", `<a b="1" c='2'/>`, `<a b = "1" ></a >`, `<p:a xmlns:p="u"><p:b/></p:a>`, `<a><!-- x --><b/><!----></a>`,
	`<a><![CDATA[<b>&amp;]]>x</a>`, `<a>x<![CDATA[]]>y<![CDATA[ ]] > ]]></a>`, `<a>&lt;&gt;&amp;&apos;&quot;&#65;&#x41;&#x1F600;</a>`, `<a b="&lt;&#9;"/>`,
	`<a><?pi some <thing> ?>x</a>`, `<a>x<b>y</b>z</a>`, "<a>1\r\n2\r3</a>", `<a><b><c>1</c><c>2</c></b><b/></a>`, `<é>ü</é>`, `<a é="1"/>`, `<a>></a>`, `<a b=">"/>`,
	`<a><b.c-d_e1/></a>`, `<!-- before --><a/><!-- behind -->`, `<a xml:lang="en" lang="de"/>`, `<a xmlns="u" xmlns:x="v" x:b="1"/>`,
}

func TestXMLReadsWhatTheStandardLibraryReads(t *testing.T) {
	for _, doc := range goodXML {
		want, err := xmlOracle([]byte(doc))
		if err != nil {
			t.Fatalf("%q: the oracle says %v", doc, err)
		}
		all := map[string]bool{}
		want.names(all)
		var names []string
		for n := range all {
			names = append(names, n)
		}
		if _, err := xmlRead([]byte(doc), NewKeys(names...), nil, false); err != nil {
			t.Errorf("%q: %v", doc, err)
		}
		xmlAgree(t, []byte(doc), want)
	}
}

// Bad documents, and those that the standard library lets pass and ours refuses on
// purpose: declarations, text around the root, attributes twice or without a space
// between them, an XML declaration in mid-document, names that begin or end with a
// colon, more than 32 levels.
// TestXMLAttributeSpaces: spaces around a value are none of it, however they are written.
func TestXMLAttributeSpaces(t *testing.T) {
	x := NewXML([]byte("<R a=' 4.00 ' b='&#32;GBP\n' c='a  b' d='  '/>"))
	defer x.Close()
	for w := x.Within(NewKeys("R")); w.Next(); {
		if got := x.Attr("a") + "|" + x.AttrIntern("b") + "|" + x.AttrName("c") + "|" + x.Attr("d"); got != "4.00|GBP|a b|" {
			t.Errorf("attributes are %q", got)
		}
	}
}

func TestXMLRefuses(t *testing.T) {
	deep := strings.Repeat("<a>", MaxDepth+1) + strings.Repeat("</a>", MaxDepth+1)
	for _, doc := range []string{
		``, ` `, `x`, `<`, `<a`, `<a>`, `<a></b>`, `<a></a`, `<a/><b/>`, `<a/>x`, `x<a/>`, `<a><b></a></b>`, `<a b/>`, `<a b=1/>`, `<a b="1/>`, `<a b="<"/>`,
		`<a b="1"c="2"/>`, `<a b="1" b="2"/>`, `<a>&nbsp;</a>`, `<a>&</a>`, `<a>&#0;</a>`, `<a>&#xD800;</a>`, `<a>&#x110000;</a>`, `<a>& amp;</a>`, `<a>]]></a>`,
		`<!DOCTYPE a><a/>`, `<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`, `<a><!DOCTYPE b></a>`, `<a><!-- -- --></a>`, `<a><!-- </a>`, `<a><![CDATA[x</a>`, `<![CDATA[x]]><a/>`,
		"<a>\x00</a>", "<a>\x01</a>", "<a>\xff</a>", "<a>\xed\xa0\x80</a>", "<a>\xef\xbf\xbf</a>", `<1a/>`, `<a:b:c/>`, `<:a/>`, `<a :b="1"/>`, `<a b:="1"/>`, `<a><?xml version="1.0"?></a>`, `<?xml version="1.1"?><a/>`,
		`<?xml version="1.0" encoding="klingon"?><a/>`, `<?xml version="1.0" encoding="utf-16"?><a/>`, `<a><?pi</a>`, `<a/ >`, `< a/>`, deep,
	} {
		if tree, err := xmlRead([]byte(doc), NewKeys("a"), nil, false); err == nil {
			t.Errorf("%q was accepted as %v", doc, tree)
		}
	}
}

// What a decoder does not ask for is checked all the same.
func TestXMLChecksWhatItStepsOver(t *testing.T) {
	for _, inside := range []string{`<b></c>`, `<b>&x;</b>`, `<b c="&x;"/>`, `<b><c></b></c>`, `<b`, `<b>]]></b>`, `<b><!DOCTYPE c></b>`, strings.Repeat("<b>", 40) + strings.Repeat("</b>", 40)} {
		x := NewXML([]byte("<a>" + inside + "</a>"))
		for e := x.Within(NewKeys("a")); e.Next(); {
			for c := x.Children(NewKeys("known")); c.Next(); {
				t.Errorf("%q has a known child", inside)
			}
		}
		if x.End() == nil {
			t.Errorf("%q was stepped over", inside)
		}
		x.Close()
	}
}

func TestXMLTellsWhere(t *testing.T) {
	x := NewXML([]byte("<r><offers><offer><price>1</price></offer><offer><price>&x;</price></offer></offers></r>"))
	defer x.Close()
	for e := x.Within(NewKeys("r")); e.Next(); {
		for o := x.Children(NewKeys("offers")); o.Next(); {
			for c := x.Children(NewKeys("offer")); c.Next(); {
				for p := x.Children(NewKeys("price")); p.Next(); {
					x.View()
				}
			}
		}
	}
	var at *SyntaxError
	if err := x.End(); !errors.As(err, &at) || at.Path != "r/offers/offer/price" || at.Offset != 56 {
		t.Errorf("End() = %v, want r/offers/offer/price at byte 56", err)
	}
}

func TestXMLTranscodes(t *testing.T) {
	utf16 := func(s string, big bool) []byte {
		out := []byte{0xFF, 0xFE}
		if big {
			out = []byte{0xFE, 0xFF}
		}
		for _, c := range s {
			if big {
				out = append(out, byte(c>>8), byte(c))
			} else {
				out = append(out, byte(c), byte(c>>8))
			}
		}
		return out
	}
	for name, doc := range map[string][]byte{
		"latin 1":      []byte("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>caf\xe9</a>"),
		"windows-1252": []byte("<?xml version='1.0' encoding='windows-1252'?><a>caf\xe9</a>"),
		"utf-16 le":    utf16(`<?xml version="1.0" encoding="UTF-16"?><a>café</a>`, false),
		"utf-16 be":    utf16(`<?xml version="1.0" encoding="utf-16"?><a>café</a>`, true),
	} {
		got, err := xmlRead(doc, NewKeys("a"), nil, true)
		if err != nil || got.text != "café" {
			t.Errorf("%s: %v, %v; want café", name, got, err)
		}
	}
}

func TestXMLTextInManyPieces(t *testing.T) {
	doc := "<a> one &amp;<!-- no --> two<b>not this</b><![CDATA[ <three> ]]>&#52;\r\n</a>"
	got, err := xmlRead([]byte(doc), NewKeys("a"), nil, true)
	if want := "one & two <three> 4"; err != nil || got.text != want {
		t.Errorf("text %q, %v; want %q", got.text, err, want)
	}
}

func FuzzXML(f *testing.F) {
	for _, doc := range goodXML {
		f.Add([]byte(doc))
	}
	f.Add([]byte(`<a b="1"c="2"><!DOCTYPE x>]]>&#x;</a>`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		if len(doc) > 1<<14 {
			return
		}
		if d := declaration(doc); d != nil {
			if _, ok := pseudoAttribute(d, "encoding"); ok {
				return // the oracle is not asked to transcode
			}
		}
		if utf16Of(doc) != nil {
			return
		}
		want, oracleErr := xmlOracle(doc)
		if oracleErr == nil {
			xmlAgree(t, doc, want)
			return
		}
		// Accepts only what the oracle accepts, whatever the decoder asks for.
		x := NewXML(doc)
		defer x.Close()
		if p := x.misc(x.prologue()); p >= 0 && x.peek(p) == '<' {
			if end := x.nameEnd(p + 1); end >= 0 && utf8.Valid(doc) {
				name := string(local(x.data[p+1 : end]))
				if got, err := xmlRead(doc, NewKeys(name), nil, false); err == nil {
					t.Fatalf("%q was accepted as %v; the standard library says %v", doc, got, oracleErr)
				}
			}
		}
	})
}

func TestXMLNestedAndNamesByCase(t *testing.T) {
	names := NewKeys("root", "RefID", "amount")
	x := NewXML([]byte(`<root><RefId>1</RefId><amount/><amount>2<!-- <b/> --></amount><amount> <![CDATA[<b/>]]> </amount><amount> <b>3</b></amount><other/></root>`))
	defer x.Close()
	var got []string
	for r := x.Within(names); r.Next(); {
		for c := x.Children(names); c.Next(); {
			nested := x.Nested()
			got = append(got, fmt.Sprintf("%d %t %s", c.Key(), nested, x.View()))
		}
	}
	if err, want := x.End(), []string{"1 false 1", "2 false ", "2 false 2", "2 false <b/>", "2 true "}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}
