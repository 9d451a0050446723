package api

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"

	"fanfare/providers/travel"
)

// Writing a page's results takes the largest part of a short answer's time, so they
// are written by hand; the rest of a view is left to encoding/json. What is written is
// what encoding/json would write, byte for byte (TestResultsAreWrittenAsEncodingJSONWould).

// marshalView writes a view: all but the results by encoding/json, and the results in
// their place. results must be empty in v.
func marshalView(v any, size int, results func([]byte) []byte) ([]byte, error) {
	envelope, err := marshal(v)
	if err != nil {
		return nil, err
	}
	const empty = `"results":[]`
	at := bytes.LastIndex(envelope, []byte(empty)) // a text that looked like it would have its quotes escaped
	out := make([]byte, 0, len(envelope)+size)
	out = append(out, envelope[:at+len(empty)-1]...)
	out = results(out)
	return append(out, envelope[at+len(empty)-1:]...), nil
}

// marshal writes the view.
func (v *FlightView) marshal() ([]byte, error) {
	envelope := *v
	envelope.Results = []FlightResult{}
	size := 0
	for i := range v.Results {
		size += resultBytes + offerBytes*len(v.Results[i].Offers) + fareBytes*len(v.Results[i].Fares)
	}
	return marshalView(&envelope, size, func(b []byte) []byte { return joined(b, v.Results, appendFlightResult) })
}

// marshal writes the view.
func (v *StayView) marshal() ([]byte, error) {
	envelope := *v
	envelope.Results = []StayResult{}
	size := 0
	for i := range v.Results {
		size += resultBytes + offerBytes*len(v.Results[i].Rates)
	}
	return marshalView(&envelope, size, func(b []byte) []byte { return joined(b, v.Results, appendStayResult) })
}

// About what a result without offers, an offer or rate, and a fare take as JSON: a guess
// that spares growing, no bound.
const (
	resultBytes = 1900
	fareBytes   = 600
	offerBytes  = 950
)

// joined appends elements with commas between them.
func joined[T any](b []byte, all []T, one func([]byte, *T) []byte) []byte {
	for i := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(b, &all[i])
	}
	return b
}

// appendList appends a whole JSON array.
func appendList[T any](b []byte, key string, all []T, one func([]byte, *T) []byte) []byte {
	b = append(b, key...)
	return append(joined(append(b, '['), all, one), ']')
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

func appendTextPtr(b []byte, key string, s *string) []byte {
	b = append(b, key...)
	if s == nil {
		return append(b, "null"...)
	}
	return appendText(b, *s)
}

func appendKeyText(b []byte, key, s string) []byte { return appendText(append(b, key...), s) }

func appendString(b []byte, s *string) []byte { return appendText(b, *s) }

func appendKeyInt(b []byte, key string, n int) []byte {
	return strconv.AppendInt(append(b, key...), int64(n), 10)
}

func appendIntPtr(b []byte, key string, n *int) []byte {
	if n == nil {
		return append(append(b, key...), "null"...)
	}
	return appendKeyInt(b, key, *n)
}

func appendInt(b []byte, n *int) []byte { return strconv.AppendInt(b, int64(*n), 10) }

func appendBoolPtr(b []byte, key string, v *bool) []byte {
	b = append(b, key...)
	if v == nil {
		return append(b, "null"...)
	}
	return strconv.AppendBool(b, *v)
}

// appendFloatPtr leaves the form of numbers to encoding/json; there are few.
func appendFloatPtr(b []byte, key string, f *float64) []byte {
	b = append(b, key...)
	if f == nil {
		return append(b, "null"...)
	}
	text, err := json.Marshal(*f)
	if err != nil {
		return append(b, "null"...) // neither NaN nor Inf passes a decoder
	}
	return append(b, text...)
}

func appendMoney(b []byte, key string, m travel.Money) []byte {
	b = append(b, key...)
	if !m.Known() {
		return append(b, "null"...)
	}
	exponent, _ := m.Currency.Exponent()
	b = append(b, `{"amount":"`...)
	b = travel.AppendDecimal(b, m.Minor, exponent)
	return append(appendKeyText(b, `","currency":`, string(m.Currency)), '}')
}

func appendInstant(b []byte, key string, t Instant) []byte {
	b = append(b, key...)
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

func appendLocal(b []byte, key string, t travel.LocalTime) []byte {
	b = append(append(b, key...), '"')
	text, _ := t.MarshalText() // it never fails
	return append(append(b, text...), '"')
}

// appendTexts writes a map with its keys sorted, as encoding/json does.
func appendTexts(b []byte, key string, m map[string]string) []byte {
	b = append(append(b, key...), '{')
	for i, name := range sortedKeys(m) {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(append(appendText(b, name), ':'), m[name])
	}
	return append(b, '}')
}
