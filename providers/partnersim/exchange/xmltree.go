package exchange

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// XMLNode is an element of a question.
type XMLNode struct {
	xml.Name
	Attrs []xml.Attr
	Text  string // of its own, outside of kids; trimmed
	Kids  []*XMLNode
}

var (
	errXML    = errors.New("not well-formed")
	ErrXMLDTD = errors.New("a DTD is not allowed")
)

// maxXMLDepth is deeper than any question of a protocol.
const maxXMLDepth = 64

// ParseXML reads a whole document. It knows no encoding but UTF-8, and no DTD.
func ParseXML(document []byte) (*XMLNode, error) {
	dec := xml.NewDecoder(bytes.NewReader(document))
	var root *XMLNode
	var open []*XMLNode
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) && root != nil && len(open) == 0 {
			return root, nil
		}
		if err != nil {
			return nil, errXML
		}
		switch token := token.(type) {
		case xml.StartElement:
			n := &XMLNode{Name: token.Name, Attrs: token.Copy().Attr}
			switch {
			case len(open) > 0:
				above := open[len(open)-1]
				above.Kids = append(above.Kids, n)
			case root != nil:
				return nil, errXML // a second root
			default:
				root = n
			}
			if open = append(open, n); len(open) > maxXMLDepth {
				return nil, errXML
			}
		case xml.EndElement:
			last := open[len(open)-1]
			last.Text = strings.TrimSpace(last.Text)
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].Text += string(token)
			} else if len(bytes.TrimSpace(token)) > 0 {
				return nil, errXML
			}
		case xml.Directive:
			return nil, ErrXMLDTD
		}
	}
}

// Kid is the first child of a name, whatever its namespace; nil if there is none. A nil node has no children.
func (n *XMLNode) Kid(path ...string) *XMLNode {
	for _, name := range path {
		all := n.All(name)
		if len(all) == 0 {
			return nil
		}
		n = all[0]
	}
	return n
}

// All are the children of a name.
func (n *XMLNode) All(name string) []*XMLNode {
	if n == nil {
		return nil
	}
	var found []*XMLNode
	for _, k := range n.Kids {
		if k.Local == name {
			found = append(found, k)
		}
	}
	return found
}

// Say is the text of a node, "" of none.
func (n *XMLNode) Say() string {
	if n == nil {
		return ""
	}
	return n.Text
}

func (n *XMLNode) Attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// AttrOr is an attribute of a node that may not be there.
func (n *XMLNode) AttrOr(name string) string {
	if n == nil {
		return ""
	}
	return n.Attr(name)
}
