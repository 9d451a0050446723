package document

import "bytes"

// maxWrappers is how many objects may stand around the one that a document is about.
const maxWrappers = 4

// Unwrap comes to the object that the document is about: the root if it has one of the
// keys, else the first object inside the root that has one, as gateways and client
// libraries wrap answers ({"result":{…}}) or put them into a list. A byte order mark is
// stepped over, which neither JSON's own reader nor UnwrapFor does. Where there is no such object r
// stays at the root, and whoever reads it finds nothing. The rest of the document is
// checked to be well formed by End, as ever.
//
//	for o := r.Unwrap(rootKeys); o.Next(); {
func (r *JSON) Unwrap(keys *Keys) Object {
	r.SkipMark()
	return r.UnwrapFor(keys, keys)
}

// UnwrapFor is Unwrap for documents whose wrappers may have keys of the object's own: only
// those of find tell it, and keys are read of it.
func (r *JSON) UnwrapFor(find, keys *Keys) Object {
	root := r.Mark()
	at, ok := r.findObject(r.pos, find, 0)
	r.Rewind(root)
	if !ok || r.err != nil || at == r.pos {
		return r.Object(keys)
	}
	r.wrapEnd = r.scanValue(r.pos)
	if r.err != nil {
		return r.Object(keys)
	}
	r.pos = at
	return r.Object(keys)
}

// Has reports whether the value that r has come to is an object with one of the keys, and
// leaves r where it is.
func (r *JSON) Has(keys *Keys) bool {
	here := r.Mark()
	at, ok := r.findObject(r.pos, keys, maxWrappers)
	found := ok && at == r.pos && r.err == nil
	r.Rewind(here)
	return found
}

// SkipMark steps over a byte order mark at the beginning of the document: RFC 8259
// forbids to send one and lets readers forgive it.
func (r *JSON) SkipMark() {
	if mark := []byte("\xef\xbb\xbf"); r.pos == 0 && bytes.HasPrefix(r.data, mark) {
		r.pos = r.space(len(mark))
	}
}

// First is the first of the keys that the object ahead has, or the object that the list
// ahead begins with; negative if there is none. It tells what a document is about that may
// come with nothing around it. r stays where it is.
func (r *JSON) First(keys *Keys) int {
	start, first := r.Mark(), keyUnknown
	if r.Kind() == '[' {
		if a := r.Array(); !a.Next() {
			r.Rewind(start)
			return first
		}
	}
	if r.Kind() == '{' {
		if o := r.Object(keys); o.Next() {
			first = o.Key()
		}
	}
	r.Rewind(start)
	return first
}

// findObject is where the object with one of the keys begins, looking at p first and
// then inside it. Syntax errors are left to whoever reads the document.
func (r *JSON) findObject(p int, keys *Keys, level int) (at int, ok bool) {
	switch {
	case level > maxWrappers:
		return 0, false
	case r.peek(p) == '[':
		return r.findObject(r.space(p+1), keys, level+1)
	case r.peek(p) != '{':
		return 0, false
	}
	var inside []int
	for q := r.space(p + 1); r.peek(q) == '"'; {
		end, escaped := r.scanString(q + 1)
		if end < 0 {
			return 0, false
		}
		if r.findKey(keys, r.data[q+1:end], escaped) >= 0 {
			return p, true
		}
		if q = r.space(end + 1); r.peek(q) != ':' {
			return 0, false
		}
		q = r.space(q + 1)
		if c := r.peek(q); (c == '{' || c == '[') && len(inside) < maxInside {
			inside = append(inside, q)
		}
		if q = r.scanValue(q); q < 0 {
			return 0, false
		}
		if q = r.space(q); r.peek(q) != ',' {
			break
		}
		q = r.space(q + 1)
	}
	for _, q := range inside {
		if at, ok = r.findObject(q, keys, level+1); ok {
			return at, true
		}
	}
	return 0, false
}

// maxInside bounds the search through objects that hold none of the keys.
const maxInside = 16
