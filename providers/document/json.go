package document

import (
	"fmt"
	"strings"
	"sync"
)

// JSON reads one document, forward and once, as its decoder asks for it:
//
//	r := document.NewJSON(body)
//	defer r.Close()
//	for o := r.Object(offerKeys); o.Next(); {
//		switch o.Key() {
//		case keyID:
//			offer.PartnerRef = r.Text()
//		case keySlices:
//			for a := r.Array(); a.Next(); {
//				...
//			}
//		}
//	}
//	return r.End()
//
// Keys that the set does not name, and values that the decoder leaves unread, are
// stepped over at speed, but their syntax is checked too. A loop must run until
// Next says false. Errors are sticky: after one, every Next is false and every
// value zero, and End returns it.
//
// What is refused (docs/decisions.md): a known key twice in one object, or one that
// differs from a known one only by case, after unescaping; data behind the
// document; a byte order mark; invalid UTF-8, escapes, lone surrogates and control
// characters in strings; more than 32 levels; numbers of more than 32 characters.
//
// A value of another type than the one asked for is not an error of the document:
// it is stepped over, reads as "not stated" and is counted in Mistyped. So one odd
// field costs at most its own offer (a total that is an object gives no_price),
// and null is always "not stated". Text accepts numbers too, as some partners
// quote amounts and others do not.
//
// A JSON is not safe for concurrent use.
type JSON struct {
	data     []byte
	pos      int
	depth    int
	mistyped int
	wrapEnd  int // behind what Unwrap went into; 0 without
	err      *SyntaxError
	frames   [MaxDepth + 1]frame
	scratch  []byte // unescaped strings; grows only, so that views stay good until Close
	shared   interns
	sets     []names // keys of the open Members
}

// frame is one open object or array.
type frame struct {
	keys  *Keys // nil for an array
	lone  bool  // one value that stands where a list usually does
	seen  uint64
	at    int // index of the current key or element, -1 before the first
	value int // where the current value begins: still there, it was left unread
}

// SyntaxError says why a document cannot be read, and where. It holds no values of
// the document, only keys that the decoder knows.
type SyntaxError struct {
	Path   string // data.offers[3].slices[0].segments[1].departing_at, "" at the top
	Offset int    // byte offset in the document
	Reason string
}

// Error is path, offset and reason in one line.
func (e *SyntaxError) Error() string {
	if e.Path == "" {
		return fmt.Sprintf("at byte %d: %s", e.Offset, e.Reason)
	}
	return fmt.Sprintf("%s at byte %d: %s", e.Path, e.Offset, e.Reason)
}

var jsonPool = sync.Pool{New: func() any { return new(JSON) }}

// NewJSON reads from body, which must not change until Close.
func NewJSON(body []byte) *JSON {
	r := jsonPool.Get().(*JSON)
	r.data, r.pos, r.depth, r.mistyped, r.err, r.scratch = body, 0, 0, 0, nil, r.scratch[:0]
	r.wrapEnd, r.sets = 0, r.sets[:0]
	r.pos = r.space(0)
	return r
}

// maxScratch is the largest buffer of unescaped strings that is kept for the next document.
const maxScratch = 64 << 10

// Close gives the reader back. Views end here; nothing of r may be used afterwards.
func (r *JSON) Close() {
	if r.data = nil; cap(r.scratch) > maxScratch {
		r.scratch = nil
	}
	for i := range r.sets[:cap(r.sets)] { // their views end here too
		s := &r.sets[:cap(r.sets)][i]
		clear(s.few[:cap(s.few)])
		s.many, s.last = nil, ""
	}
	jsonPool.Put(r)
}

// End returns the first error: one met on the way, or data behind the document.
func (r *JSON) End() error {
	if r.err == nil {
		if r.wrapEnd > 0 {
			r.pos = r.wrapEnd
		}
		if p := r.space(r.pos); p < len(r.data) {
			r.failAt(p, "data behind the document")
		}
	}
	if r.err != nil {
		return r.err
	}
	return nil
}

// Err returns the error met so far, or nil.
func (r *JSON) Err() error {
	if r.err != nil {
		return r.err
	}
	return nil
}

// Mistyped counts the values that had another type than the decoder asked for.
func (r *JSON) Mistyped() int { return r.mistyped }

// failAt records the first error and returns -1.
func (r *JSON) failAt(p int, reason string) int {
	if r.err == nil {
		if p >= len(r.data) {
			p, reason = len(r.data), "unexpected end: "+reason
		}
		r.err = &SyntaxError{Path: r.path(), Offset: p, Reason: reason}
	}
	return -1
}

func (r *JSON) path() string {
	var b strings.Builder
	for i := 1; i <= r.depth; i++ {
		switch f := &r.frames[i]; {
		case f.at < 0:
		case f.lone:
		case f.keys == nil:
			fmt.Fprintf(&b, "[%d]", f.at)
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(f.keys.names[f.at])
		}
	}
	return b.String()
}

// open enters the container that begins with the given bracket, or steps over a
// value of another type.
func (r *JSON) open(bracket byte, keys *Keys) int {
	if r.err != nil {
		return 0
	}
	if r.peek(r.pos) != bracket {
		r.other()
		return 0
	}
	if r.depth >= MaxDepth {
		r.failAt(r.pos, "nested deeper than 32")
		return 0
	}
	r.depth++
	r.frames[r.depth] = frame{keys: keys, at: -1}
	r.pos = r.space(r.pos + 1)
	return r.depth
}

// other steps over a value that is not of the type asked for; null is no surprise.
func (r *JSON) other() {
	if r.err != nil {
		return
	}
	if r.peek(r.pos) != 'n' {
		r.mistyped++
	}
	r.Skip()
}

// Skip steps over the value.
func (r *JSON) Skip() {
	if r.err != nil {
		return
	}
	if p := r.scanValue(r.pos); p >= 0 {
		r.pos = p
	}
}

// leave closes the innermost container, whose bracket is at p.
func (r *JSON) leave(p int) bool {
	r.pos = p + 1
	r.depth--
	return false
}

// Object is an object being read, by its known keys.
type Object struct {
	r     *JSON
	level int
}

// Object enters an object. Anything else is stepped over and has no keys.
func (r *JSON) Object(keys *Keys) Object { return Object{r, r.open('{', keys)} }

// Key is the index of the current key in its Keys.
func (o Object) Key() int { return o.r.frames[o.level].at }

// Next moves to the next known key, and is false after the last.
func (o Object) Next() bool {
	r := o.r
	if r.err != nil || o.level == 0 {
		return false
	}
	f := &r.frames[o.level]
	p, comma := r.pos, false
	if f.at >= 0 {
		if p, comma = r.resume(f, '}'); p < 0 {
			return false
		}
	} else if r.peek(p) == '}' {
		return r.leave(p)
	}
	if f.at >= 0 && !comma {
		return r.leave(p)
	}
	for {
		if r.peek(p) != '"' {
			r.failAt(p, "expected a key")
			return false
		}
		end, escaped := r.scanString(p + 1)
		if end < 0 {
			return false
		}
		key := r.findKey(f.keys, r.data[p+1:end], escaped)
		q := end + 1
		if r.peek(q) != ':' {
			if q = r.space(q); r.peek(q) != ':' {
				r.failAt(q, "expected a colon")
				return false
			}
		}
		q = r.space(q + 1)
		switch {
		case key >= 0:
			f.at = key
			if bit := uint64(1) << key; f.seen&bit == 0 {
				f.seen |= bit
				f.value, r.pos = q, q
				return true
			}
			r.failAt(p, "key twice in one object")
			return false
		case key == keyVariant:
			r.failAt(p, "key that differs from a known one only by case")
			return false
		}
		if q = r.scanValue(q); q < 0 {
			return false
		}
		q = r.space(q)
		switch r.peek(q) {
		case ',':
			p = r.space(q + 1)
		case '}':
			return r.leave(q)
		default:
			r.failAt(q, "expected a comma or the end of the object")
			return false
		}
	}
}

// findKey looks up the key as written between the quotes.
func (r *JSON) findKey(keys *Keys, raw []byte, escaped bool) int {
	if escaped {
		return keys.findFolded(unescape(nil, raw))
	}
	key := keys.find(raw)
	if key == keyUnknown && !ascii(raw) {
		return keys.findFolded(raw)
	}
	return key
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// resume stands behind a value of the container f: it steps over the value if it
// was left unread, and over the comma. Without a comma it stands on the bracket.
func (r *JSON) resume(f *frame, bracket byte) (p int, comma bool) {
	if &r.frames[r.depth] != f {
		return r.failAt(r.pos, "a list or object was left before its end"), false // a decoder's mistake
	}
	if r.pos == f.value {
		if r.Skip(); r.err != nil {
			return -1, false
		}
	}
	p = r.space(r.pos)
	switch r.peek(p) {
	case ',':
		return r.space(p + 1), true
	case bracket:
		return p, false
	}
	return r.failAt(p, "expected a comma or the end of the list or object"), false
}

// Array is an array being read.
type Array struct {
	r     *JSON
	level int
}

// Array enters an array. An object counts as an array of it alone, as writers that come
// from XML leave the brackets of one element out. Anything else is stepped over and has no
// elements.
func (r *JSON) Array() Array {
	if r.err != nil || r.peek(r.pos) != '{' {
		return Array{r, r.open('[', nil)}
	}
	if r.depth >= MaxDepth {
		r.failAt(r.pos, "nested deeper than 32")
		return Array{r, 0}
	}
	r.depth++
	r.frames[r.depth] = frame{at: -1, lone: true}
	return Array{r, r.depth}
}

// Next moves to the next element, and is false after the last.
func (a Array) Next() bool {
	r := a.r
	if r.err != nil || a.level == 0 {
		return false
	}
	f := &r.frames[a.level]
	switch {
	case f.lone && f.at >= 0:
		return r.leaveLone(f)
	case f.lone:
	case f.at < 0:
		if r.peek(r.pos) == ']' {
			return r.leave(r.pos)
		}
	default:
		p, comma := r.resume(f, ']')
		if p < 0 {
			return false
		}
		if !comma {
			return r.leave(p)
		}
		r.pos = p
	}
	f.at++
	f.value = r.pos
	if c := r.peek(r.pos); c == ',' || c == ']' {
		r.failAt(r.pos, "expected a value")
		return false
	}
	return true
}

// leaveLone ends an array that is one value without brackets.
func (r *JSON) leaveLone(f *frame) bool {
	if &r.frames[r.depth] != f {
		r.failAt(r.pos, "a list or object was left before its end") // a decoder's mistake
		return false
	}
	if r.pos == f.value {
		r.Skip()
	}
	r.depth--
	return false
}

// Mark is a place in the document to come back to.
type Mark struct{ pos, depth, mistyped, sets int }

// Mark remembers where r stands, before a value.
func (r *JSON) Mark() Mark { return Mark{r.pos, r.depth, r.mistyped, len(r.sets)} }

// Rewind goes back to m, in the same object or array, to read the value once more as
// something else. An error stays.
func (r *JSON) Rewind(m Mark) {
	r.pos, r.depth, r.mistyped, r.sets = m.pos, m.depth, m.mistyped, r.sets[:m.sets]
}
