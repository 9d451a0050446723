package api

import (
	"encoding/json"
	"strconv"
	"time"

	"fanfare/providers/travel"
)

// Views are written by an encoder that is made from their shapes, because a page takes the largest
// part of a short answer's time. What it writes is what encoding/json would write, byte for byte
// (TestViewsAreWrittenAsEncodingJSONWould). The functions below write what is no struct of ours.

//go:generate go run ./encodegen

// viewJSON is a view as JSON. It is immutable.
type viewJSON struct {
	text []byte
	at   spans
	ids  []string // of the results, in the order of the page
}

// writeView writes a view.
func writeView(v rendered) *viewJSON {
	out := &viewJSON{text: make([]byte, 0, v.size()), ids: v.ids()}
	out.text = v.appendTo(out.text, &out.at)
	return out
}

// bytes is about how much memory the view holds.
func (v *viewJSON) bytes() int64 { return int64(cap(v.text)) + v.at.bytes() + 16*int64(len(v.ids)) }

// About what parts of a view take as JSON: a guess that spares growing, no bound.
const (
	envelopeBytes = 6000 // with facets
	partnerBytes  = 400
	resultBytes   = 1900 // without offers
	fareBytes     = 600
	offerBytes    = 950 // or a rate
)

func (v *FlightView) size() int {
	size := envelopeBytes + partnerBytes*len(v.Partners)
	for i := range v.Results {
		size += resultBytes + offerBytes*len(v.Results[i].Offers) + fareBytes*len(v.Results[i].Fares)
	}
	return size
}

func (v *StayView) size() int {
	size := envelopeBytes + partnerBytes*len(v.Partners)
	for i := range v.Results {
		size += resultBytes + offerBytes*len(v.Results[i].Rates)
	}
	return size
}

func (v *FlightView) ids() []string {
	ids := make([]string, len(v.Results))
	for i := range v.Results {
		ids[i] = v.Results[i].ID
	}
	return ids
}

func (v *StayView) ids() []string {
	ids := make([]string, len(v.Results))
	for i := range v.Results {
		ids[i] = v.Results[i].ID
	}
	return ids
}

func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c > 0x7e || c == '"' || c == '\\' {
			quoted, _ := marshal(s) // a string always marshals
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// appendFloat leaves the form of numbers to encoding/json; there are few.
func appendFloat(b []byte, f float64) []byte {
	text, err := json.Marshal(f)
	if err != nil {
		return append(b, "null"...) // neither NaN nor Inf passes a decoder
	}
	return append(b, text...)
}

func appendMoney(b []byte, m travel.Money) []byte {
	if !m.Known() {
		return append(b, "null"...)
	}
	exponent, _ := m.Currency.Exponent()
	b = append(b, `{"amount":"`...)
	b = travel.AppendDecimal(b, m.Minor, exponent)
	b = append(b, `","currency":`...)
	return append(appendText(b, string(m.Currency)), '}')
}

func appendInstant(b []byte, t Instant) []byte {
	if t.IsZero() {
		return append(b, "null"...)
	}
	u := t.UTC()
	year, month, day := u.Date()
	hour, minute, second := u.Clock()
	if year < 1000 || year > 9999 {
		text, _ := t.MarshalJSON() // it never fails
		return append(b, text...)
	}
	b = append(b, '"')
	b = appendDateTime(b, year, int(month), day, hour, minute, second)
	if ms := u.Nanosecond() / int(time.Millisecond); ms > 0 {
		b = append(b, '.', byte('0'+ms/100))
		if ms%100 > 0 {
			b = append(b, byte('0'+ms/10%10))
		}
		if ms%10 > 0 {
			b = append(b, byte('0'+ms%10))
		}
	}
	return append(b, 'Z', '"')
}

func appendDateTime(b []byte, year, month, day, hour, minute, second int) []byte {
	b = append(b, byte('0'+year/1000), byte('0'+year/100%10), byte('0'+year/10%10), byte('0'+year%10), '-')
	b = append(b, byte('0'+month/10), byte('0'+month%10), '-', byte('0'+day/10), byte('0'+day%10), 'T')
	b = append(b, byte('0'+hour/10), byte('0'+hour%10), ':', byte('0'+minute/10), byte('0'+minute%10), ':')
	return append(b, byte('0'+second/10), byte('0'+second%10))
}

func appendLocal(b []byte, t travel.LocalTime) []byte {
	text, _ := t.MarshalText() // it never fails
	return append(append(append(b, '"'), text...), '"')
}

func appendDate(b []byte, d travel.Date) []byte { return appendText(b, d.String()) }

func appendQuery(b []byte, q travel.Query) []byte {
	text, _ := q.MarshalJSON() // a query always marshals: see travel.Query.ID
	return append(b, text...)
}

// appendPerSegment writes null for what is not known.
func appendPerSegment(b []byte, p PerSegment) []byte {
	if p == nil {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i, text := range p {
		if i > 0 {
			b = append(b, ',')
		}
		if text == "" {
			b = append(b, "null"...)
		} else {
			b = appendText(b, text)
		}
	}
	return append(b, ']')
}

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }

func appendInt64(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }

func appendBool(b []byte, v bool) []byte { return strconv.AppendBool(b, v) }
