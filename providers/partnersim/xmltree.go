package partnersim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// xmlNode is an element of a question.
type xmlNode struct {
	xml.Name
	attrs []xml.Attr
	text  string // of its own, outside of kids; trimmed
	kids  []*xmlNode
}

var (
	errXML    = errors.New("not well-formed")
	errXMLDTD = errors.New("a DTD is not allowed")
)

// maxXMLDepth is deeper than any question of a protocol.
const maxXMLDepth = 64

// parseXML reads a whole document. It knows no encoding but UTF-8, and no DTD.
func parseXML(document []byte) (*xmlNode, error) {
	dec := xml.NewDecoder(bytes.NewReader(document))
	var root *xmlNode
	var open []*xmlNode
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
			n := &xmlNode{Name: token.Name, attrs: token.Copy().Attr}
			switch {
			case len(open) > 0:
				above := open[len(open)-1]
				above.kids = append(above.kids, n)
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
			last.text = strings.TrimSpace(last.text)
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text += string(token)
			} else if len(bytes.TrimSpace(token)) > 0 {
				return nil, errXML
			}
		case xml.Directive:
			return nil, errXMLDTD
		}
	}
}

// kid is the first child of a name, whatever its namespace; nil if there is none. A nil node has no children.
func (n *xmlNode) kid(path ...string) *xmlNode {
	for _, name := range path {
		all := n.all(name)
		if len(all) == 0 {
			return nil
		}
		n = all[0]
	}
	return n
}

// all are the children of a name.
func (n *xmlNode) all(name string) []*xmlNode {
	if n == nil {
		return nil
	}
	var found []*xmlNode
	for _, k := range n.kids {
		if k.Local == name {
			found = append(found, k)
		}
	}
	return found
}

// say is the text of a node, "" of none.
func (n *xmlNode) say() string {
	if n == nil {
		return ""
	}
	return n.text
}

func (n *xmlNode) attr(name string) string {
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// attrOr is an attribute of a node that may not be there.
func (n *xmlNode) attrOr(name string) string {
	if n == nil {
		return ""
	}
	return n.attr(name)
}
