package document

import (
	"bytes"
	"strings"

	"fanfare/providers/travel"
)

// StatesPrices reports whether a document, in JSON or XML, states the price of something: a
// positive amount under a name such as total or price, and a currency. It knows no protocol and
// looks at names and values alone. It is for documents of which a decoder has read nothing: one
// that states prices was not understood, and is no empty answer. It stops at the first price.
func StatesPrices(body []byte) bool {
	s := priceScan{rest: bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), " \t\r\n")}
	if len(s.rest) > 0 && s.rest[0] == '<' {
		return s.xml()
	}
	return s.json()
}

// nearby is how many values lie at most between an amount under a weak name and its currency.
const nearby = 2

// priceScan goes through a document for pairs of a name and a value.
type priceScan struct {
	rest     []byte
	at       int  // pairs so far
	currency int  // the last pair that was a currency, 0 without
	price    bool // there was an amount under a strong name
	weak     int  // the last amount under a weak name, 0 without
}

// pair is a name with its value. It reports whether the document has stated a price by now.
func (s *priceScan) pair(name, value []byte) bool {
	s.at++
	value = bytes.TrimSpace(value)
	switch {
	case len(value) < 3 && !digit(first(value)) || len(value) > 20:
		return false
	case len(value) == 3 && isCurrency(value):
		s.currency = s.at
		return s.price || s.weak > 0 && s.at-s.weak <= nearby
	}
	amount := value
	if len(value) > 3 && isCurrency(value[:3]) {
		amount = bytes.TrimSpace(value[3:])
	}
	if !positive(amount) {
		return false
	}
	named := moneyName(string(name))
	if named == noMoney {
		return false
	}
	if len(amount) < len(value) {
		return true // the currency stands in front
	}
	if named == strongName || bytes.ContainsAny(value, ".,") {
		s.price = true
		return s.currency > 0
	}
	s.weak = s.at
	return s.currency > 0 && s.at-s.currency <= nearby
}

func first(b []byte) byte {
	if len(b) == 0 {
		return 0
	}
	return b[0]
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func isCurrency(code []byte) bool {
	for _, c := range code {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	_, ok := travel.Currency(code).Exponent()
	return ok
}

// positive reports whether a value is a decimal above zero.
func positive(value []byte) bool {
	above, points := false, 0
	for _, c := range value {
		switch {
		case digit(c):
			above = above || c != '0'
		case c == '.' || c == ',':
			points++
		default:
			return false
		}
	}
	return above && points <= 1
}

// How sure it is that a number under a name is money.
const (
	noMoney    = iota
	weakName   // with decimals, or with a currency beside it
	strongName // if the document has a currency at all
)

// The words of names. A word that says what else a number is goes over the others.
var (
	strongWords = map[string]bool{"amount": true, "price": true, "fare": true, "selling": true}
	weakWords   = map[string]bool{"total": true, "value": true, "base": true, "net": true, "inclusive": true, "exclusive": true, "rate": true, "cost": true}
	otherWords  = map[string]bool{"fx": true, "exchange": true, "conversion": true, "percent": true, "percentage": true, "ratio": true, "min": true, "max": true,
		"from": true, "to": true, "limit": true, "filter": true, "budget": true, "count": true, "number": true, "id": true, "code": true, "type": true,
		"basis": true, "key": true, "ref": true, "date": true, "time": true, "days": true, "page": true, "pages": true, "rating": true, "version": true}
)

func moneyName(name string) (named int) {
	for start := 0; start < len(name); {
		end := start + 1
		for end < len(name) && !(upper(name[end]) && !upper(name[end-1])) && name[end] != '_' && name[end] != '-' {
			end++
		}
		word := strings.ToLower(strings.Trim(name[start:end], "_-"))
		switch {
		case otherWords[word]:
			return noMoney
		case strongWords[word]:
			named = strongName
		case weakWords[word]:
			named = max(named, weakName)
		}
		start = end
	}
	return named
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }

// json goes through keys with strings and numbers. What is not well formed has no further pairs.
func (s *priceScan) json() bool {
	for {
		key, ok := s.quoted()
		if !ok {
			return false
		}
		s.space()
		if first(s.rest) != ':' {
			continue // a value of a list
		}
		s.rest = s.rest[1:]
		s.space()
		var value []byte
		switch c := first(s.rest); {
		case c == '"':
			if value, ok = s.quoted(); !ok {
				return false
			}
		case digit(c):
			end := bytes.IndexAny(s.rest, ",}] \t\r\n")
			if end < 0 {
				return false
			}
			value, s.rest = s.rest[:end], s.rest[end:]
		default:
			continue
		}
		if s.pair(key, value) {
			return true
		}
	}
}

func (s *priceScan) space() { s.rest = bytes.TrimLeft(s.rest, " \t\r\n") }

// quoted moves behind the next string.
func (s *priceScan) quoted() (text []byte, ok bool) {
	start := bytes.IndexByte(s.rest, '"')
	if start < 0 {
		return nil, false
	}
	for end := start + 1; end < len(s.rest); end++ {
		switch s.rest[end] {
		case '\\':
			end++
		case '"':
			text, s.rest = s.rest[start+1:end], s.rest[end+1:]
			return text, true
		}
	}
	return nil, false
}

// xml goes through attributes, and elements with text.
func (s *priceScan) xml() bool {
	for {
		open := bytes.IndexByte(s.rest, '<')
		if open < 0 {
			return false
		}
		s.rest = s.rest[open+1:]
		switch first(s.rest) {
		case '/', '!', '?':
			continue
		}
		end := bytes.IndexAny(s.rest, " \t\r\n/>")
		if end < 0 {
			return false
		}
		element := localName(s.rest[:end])
		s.rest = s.rest[end:]
		if s.attributes() {
			return true
		}
		if first(s.rest) != '>' {
			continue
		}
		s.rest = s.rest[1:]
		if end = bytes.IndexByte(s.rest, '<'); end > 0 && s.pair(element, s.rest[:end]) {
			return true
		}
	}
}

// attributes moves to the end of the tag.
func (s *priceScan) attributes() bool {
	for {
		s.space()
		is := bytes.IndexAny(s.rest, "=/>")
		if is < 0 || s.rest[is] != '=' {
			s.rest = s.rest[max(is, 0):]
			return false
		}
		name := localName(bytes.TrimSpace(s.rest[:is]))
		s.rest = s.rest[is+1:]
		s.space()
		quote := first(s.rest)
		if quote != '"' && quote != '\'' {
			return false
		}
		end := bytes.IndexByte(s.rest[1:], quote)
		if end < 0 {
			return false
		}
		value := s.rest[1 : 1+end]
		s.rest = s.rest[end+2:]
		if s.pair(name, value) {
			return true
		}
	}
}

func localName(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }
