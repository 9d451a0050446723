package mapped

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// The bounds of a document that becomes a tree, besides those of the readers.
const (
	maxNodes = 2_000_000
	maxText  = 64 << 10 // bytes of one text
)

// readTree makes a tree of a document: map[string]any, []any, string, bool and nil. Numbers are
// texts, as they are printed, so that no float touches a price. The error says where.
func readTree(format string, body []byte, lists []string) (any, error) {
	switch format {
	case "xml":
		return readXML(body, lists)
	case "csv":
		return readCSV(body)
	}
	return readJSON(body)
}

// counter counts the nodes of a tree.
type counter int

func (c *counter) one() error {
	if *c++; *c > maxNodes {
		return fmt.Errorf("more than %d values", maxNodes)
	}
	return nil
}

func readJSON(body []byte) (any, error) {
	r := document.NewJSON(body)
	defer r.Close()
	var n counter
	v, err := jsonValue(r, &n)
	if err == nil {
		err = r.End()
	} else if syntax := r.Err(); syntax != nil {
		err = syntax
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

func jsonValue(r *document.JSON, n *counter) (any, error) {
	if err := n.one(); err != nil {
		return nil, err
	}
	switch r.Kind() {
	case '{':
		out := map[string]any{}
		for m := r.Members(); m.Next(); {
			name := strings.Clone(m.Name())
			v, err := jsonValue(r, n)
			if err != nil {
				return nil, err
			}
			out[name] = v
		}
		return out, r.Err()
	case '[':
		out := []any{}
		for a := r.Array(); a.Next(); {
			v, err := jsonValue(r, n)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		return out, r.Err()
	case 't', 'f':
		return r.Bool() == travel.Yes, r.Err()
	case 'n':
		r.Skip()
		return nil, r.Err()
	}
	text := r.Text()
	if len(text) > maxText {
		return nil, fmt.Errorf("a text of %d bytes", len(text))
	}
	return text, r.Err()
}

// readXML makes an object of each element: attributes as "@name", text as "#text", elements by
// name; a name that is repeated, or in lists, has a list. An element with nothing but text is
// its text. Namespaces are left out.
func readXML(body []byte, lists []string) (any, error) {
	text, err := document.UTF8(body)
	if err != nil {
		return nil, err
	}
	always := map[string]bool{}
	for _, name := range lists {
		always[name] = true
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	var n counter
	for {
		token, err := d.Token()
		if err != nil {
			return nil, xmlError(d, err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return nil, errors.New("document type declarations are refused")
		case xml.StartElement:
			v, err := xmlElement(d, t, always, &n, 1)
			if err != nil {
				return nil, xmlError(d, err)
			}
			if err := onlyMisc(d); err != nil {
				return nil, xmlError(d, err)
			}
			return map[string]any{t.Name.Local: v}, nil
		}
	}
}

// onlyMisc holds that nothing but space and comments follows the document.
func onlyMisc(d *xml.Decoder) error {
	for {
		token, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return errors.New("text behind the document")
			}
		case xml.StartElement, xml.Directive:
			return errors.New("a second document behind the first")
		}
	}
}

func xmlError(d *xml.Decoder, err error) error {
	line, column := d.InputPos()
	if err == io.EOF {
		err = errors.New("it ends too early")
	}
	return fmt.Errorf("line %d, column %d: %w", line, column, err)
}

func xmlElement(d *xml.Decoder, start xml.StartElement, always map[string]bool, n *counter, depth int) (any, error) {
	if depth > document.MaxDepth {
		return nil, fmt.Errorf("more than %d levels", document.MaxDepth)
	}
	out := map[string]any{}
	for _, a := range start.Attr {
		if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
			continue
		}
		if err := n.one(); err != nil {
			return nil, err
		}
		if len(a.Value) > maxText {
			return nil, fmt.Errorf("an attribute of %d bytes", len(a.Value))
		}
		out["@"+a.Name.Local] = a.Value
	}
	var text []byte
	for {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.CharData:
			if text = append(text, t...); len(text) > maxText {
				return nil, fmt.Errorf("a text of more than %d bytes", maxText)
			}
		case xml.StartElement:
			if err := n.one(); err != nil {
				return nil, err
			}
			v, err := xmlElement(d, t, always, n, depth+1)
			if err != nil {
				return nil, err
			}
			addElement(out, t.Name.Local, v, always[t.Name.Local])
		case xml.EndElement:
			said := strings.TrimSpace(string(text))
			switch {
			case len(out) == 0:
				return said, nil
			case said != "":
				out["#text"] = said
			}
			return out, nil
		}
	}
}

// addElement puts an element among its siblings. Lists of elements are of an own type while
// they grow, so that an element whose value is a list cannot be taken for one.
func addElement(out map[string]any, name string, v any, list bool) {
	switch old, taken := out[name]; {
	case taken:
		if all, ok := old.([]any); ok {
			out[name] = append(all, v)
		} else {
			out[name] = []any{old, v}
		}
	case list:
		out[name] = []any{v}
	default:
		out[name] = v
	}
}

// readCSV makes an object of each row, by the names of the first row. Columns are parted by
// commas, or by semicolons or tabs if the first row has more of them.
func readCSV(body []byte) (any, error) {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	first, _, _ := bytes.Cut(body, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(body))
	for _, c := range ";\t" {
		if bytes.Count(first, []byte(string(c))) > bytes.Count(first, []byte(string(r.Comma))) {
			r.Comma = c
		}
	}
	header, err := r.Read()
	if err == io.EOF {
		return []any{}, nil
	}
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for i, name := range header {
		header[i] = strings.TrimSpace(name)
		if seen[header[i]] {
			return nil, fmt.Errorf("line 1: the column %q twice", clip(header[i], 40))
		}
		seen[header[i]] = true
	}
	var n counter
	rows := []any{}
	for {
		record, err := r.Read() // a row with another number of columns is an error
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		row := make(map[string]any, len(record))
		for i, value := range record {
			if err := n.one(); err != nil {
				return nil, err
			}
			if len(value) > maxText {
				line, _ := r.FieldPos(i)
				return nil, fmt.Errorf("line %d: a value of %d bytes", line, len(value))
			}
			row[header[i]] = value
		}
		rows = append(rows, row)
	}
}
