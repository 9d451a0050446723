package document

import (
	"strconv"
	"unsafe"

	"fanfare/providers/travel"
)

// This file reads the single values of a JSON document, for people and for keeping.

// Kind is the first byte of the value ahead: '{', '[', '"', 't', 'f', 'n', '-' or a
// digit, or something that is no value.
func (r *JSON) Kind() byte { return r.peek(r.pos) }

// IsNull steps over a null and reports whether there was one.
func (r *JSON) IsNull() bool {
	if r.err != nil || r.peek(r.pos) != 'n' {
		return false
	}
	r.Skip()
	return true
}

// raw returns the text of a string or number, and nil of anything else.
func (r *JSON) raw() []byte {
	if r.err != nil {
		return nil
	}
	p := r.pos
	switch c := r.peek(p); {
	case c == '"':
		end, escaped := r.scanString(p + 1)
		if end < 0 {
			return nil
		}
		r.pos = end + 1
		if escaped {
			start := len(r.scratch)
			r.scratch = unescape(r.scratch, r.data[p+1:end])
			return r.scratch[start:]
		}
		return r.data[p+1 : end]
	case c == '-' || c-'0' <= 9:
		end := r.scanNumber(p)
		if end < 0 {
			return nil
		}
		r.pos = end
		return r.data[p:end]
	}
	r.other()
	return nil
}

// View is the text of a string or number without copying: good until Close and as
// long as the body, so never to be kept. "" if not stated.
func (r *JSON) View() string {
	b := r.raw()
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// Text is the text of a string or number, to keep. "" if not stated.
func (r *JSON) Text() string { return string(r.raw()) }

// Intern is Text for what comes up again and again: equal texts share memory.
func (r *JSON) Intern() string { return r.shared.of(r.raw()) }

// Share is a copy of a view to keep, as Intern makes one.
func (r *JSON) Share(view string) string {
	return r.shared.of(unsafe.Slice(unsafe.StringData(view), len(view)))
}

// Name is a text for people, cleaned and bounded as Clean does. "" if not stated.
func (r *JSON) Name() string {
	b := r.raw()
	if clean(b, MaxName) {
		return r.shared.of(b)
	}
	return Clean(string(b), MaxName)
}

// Bool is a stated true or false, else Unknown.
func (r *JSON) Bool() travel.Answered {
	if r.err != nil {
		return travel.Unknown
	}
	answer := travel.Unknown
	switch r.peek(r.pos) {
	case 't':
		answer = travel.Yes
	case 'f':
		answer = travel.No
	default:
		r.other()
		return travel.Unknown
	}
	if r.Skip(); r.err != nil {
		return travel.Unknown
	}
	return answer
}

// Int is a whole number, quoted or not, and false if none is stated or it does not fit.
func (r *JSON) Int() (int, bool) {
	n, err := strconv.Atoi(r.View())
	return n, err == nil
}

// Float is a number that is no price, such as a latitude, quoted or not.
func (r *JSON) Float() (float64, bool) {
	f, err := strconv.ParseFloat(r.View(), 64)
	return f, err == nil && f-f == 0 // neither infinite nor NaN
}
