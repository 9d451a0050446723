package document

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
)

// UTF8 is an XML document in UTF-8: as it is, or transcoded from what its byte
// order mark or prologue says. Nothing else in a document decides (XML 1.0, F).
func UTF8(data []byte) ([]byte, error) {
	if e := utf16Of(data); e != nil {
		return transcode(data, e)
	}
	name, stated := pseudoAttribute(declaration(data), "encoding")
	switch {
	case !stated, strings.EqualFold(name, "utf-8"), strings.EqualFold(name, "utf8"), strings.EqualFold(name, "us-ascii"), strings.EqualFold(name, "ascii"):
		return data, nil
	case strings.HasPrefix(strings.ToLower(name), "utf-16"), strings.HasPrefix(strings.ToLower(name), "utf-32"):
		return nil, errors.New("the prologue says " + Clean(name, 32) + ", and is not written in it")
	}
	e, err := ianaindex.IANA.Encoding(name)
	if err != nil || e == nil {
		return nil, fmt.Errorf("unknown encoding %q", Clean(name, 32))
	}
	return transcode(data, e)
}

// utf16Of recognises UTF-16 by its byte order mark, or by how "<?" looks in it.
func utf16Of(data []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}), bytes.HasPrefix(data, []byte{0, '<', 0, '?'}):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{'<', 0, '?', 0}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	return nil
}

// transcode makes a copy: a byte becomes at most three in UTF-8.
func transcode(data []byte, e encoding.Encoding) ([]byte, error) {
	out, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return nil, errors.New("text that is not in the encoding that the document states")
	}
	return out, nil
}

// declaration is the inside of the XML declaration, nil if there is none.
func declaration(data []byte) []byte {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !bytes.HasPrefix(data, []byte("<?xml")) || len(data) < 6 || !isSpace(data[5]) {
		return nil
	}
	end := bytes.Index(data[:min(len(data), maxDeclaration)], piEnd)
	if end < 0 {
		return nil
	}
	return data[5:end]
}

// maxDeclaration is more than any real declaration has.
const maxDeclaration = 256

// pseudoAttribute is the value of name="value" in a declaration.
func pseudoAttribute(declaration []byte, name string) (string, bool) {
	_, rest, found := bytes.Cut(declaration, []byte(name))
	if !found {
		return "", false
	}
	rest = bytes.TrimLeft(rest, xmlSpace)
	if len(rest) == 0 || rest[0] != '=' {
		return "", false
	}
	rest = bytes.TrimLeft(rest[1:], xmlSpace)
	if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
		return "", false
	}
	value, _, closed := bytes.Cut(rest[1:], rest[:1])
	return string(value), closed
}
