package api

import "unsafe"

// span is where a value stands in a text: from its first byte to behind its last.
type span struct{ from, to int }

// spans is where the fields of a view stand in its JSON, and the elements of those that are lists.
// The encoder fills it while it writes, so that nobody has to parse what was written.
type spans struct {
	fields []fieldSpan // in the order written; a field that is left out is not there
}

type fieldSpan struct {
	name     string
	value    span
	elements []span
}

// begin appends the key of a field to the object in b, and notes that its value begins.
func (s *spans) begin(b []byte, name string) []byte {
	if s.fields == nil {
		s.fields = make([]fieldSpan, 0, viewFields)
	} else {
		b = append(b, ',')
	}
	b = append(append(append(b, '"'), name...), `":`...)
	s.fields = append(s.fields, fieldSpan{name: name, value: span{from: len(b)}})
	return b
}

// viewFields is how many fields a view has: a guess that spares growing.
const viewFields = 16

// list notes that the field that has begun last is a list of so many elements.
func (s *spans) list(n int) { s.fields[len(s.fields)-1].elements = make([]span, 0, n) }

// element notes an element of the field that has begun last.
func (s *spans) element(from, to int) {
	f := &s.fields[len(s.fields)-1]
	f.elements = append(f.elements, span{from, to})
}

// end notes that the value of the field that has begun last has ended.
func (s *spans) end(b []byte) []byte {
	s.fields[len(s.fields)-1].value.to = len(b)
	return b
}

// field returns where a field stands, zero if it was left out.
func (s *spans) field(name string) fieldSpan {
	for i := range s.fields {
		if s.fields[i].name == name {
			return s.fields[i]
		}
	}
	return fieldSpan{}
}

// bytes is how much memory the spans take.
func (s *spans) bytes() int64 {
	n := cap(s.fields) * int(unsafe.Sizeof(fieldSpan{}))
	for i := range s.fields {
		n += cap(s.fields[i].elements) * int(unsafe.Sizeof(span{}))
	}
	return int64(n)
}
