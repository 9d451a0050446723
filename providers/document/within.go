package document

// maxEnvelopes is how many elements may stand around the one that a document is about.
const maxEnvelopes = 6

// Within is the elements of some names, wherever in the document they stand.
type Within struct {
	x     *XML
	names *Keys
	key   int
	begun bool
	at    int // depth that the found element stands at
}

// Within enters the document and comes to each element that names has, whatever
// envelopes and wrappers stand around it (SOAP's, or a gateway's own), up to six of
// them. What is inside such an element is its own. Everything else is stepped over. A
// document that holds none of them has no elements here; whoever reads it refuses it.
func (x *XML) Within(names *Keys) Within { return Within{x: x, names: names} }

// Key is the index of the current element in the names.
func (w *Within) Key() int { return w.key }

// Next moves to the next such element, and is false after the last.
func (w *Within) Next() bool {
	x := w.x
	if x.err != nil {
		return false
	}
	if !w.begun {
		w.begun = true
		if x.pos = x.misc(x.prologue()); x.pos >= 0 && x.peek(x.pos) != '<' {
			x.fail(x.pos, "expected the root element")
		}
		if x.err != nil {
			return false
		}
		if found := w.element(x.pos); found || x.depth == 0 {
			return found
		}
	} else if w.at > 0 {
		if x.depth >= w.at {
			x.skipRest(w.at - 1)
		}
		w.at = 0
	}
	for x.err == nil && x.depth > 0 {
		if x.frames[x.depth].empty {
			x.depth--
			continue
		}
		p := x.content(x.pos)
		switch {
		case p < 0:
		case x.peek(p+1) == '/':
			x.pos = x.endTag(p)
		case w.element(p):
			return true
		}
	}
	return false
}

// element enters the element at p, or steps over it. True if it is one of the names.
func (w *Within) element(p int) bool {
	x := w.x
	end := x.nameEnd(p + 1)
	if end < 0 {
		return false
	}
	w.key = w.names.named(local(x.data[p+1 : end]))
	switch {
	case w.key >= 0:
		if !x.open(p, end) {
			return false
		}
		w.at = x.depth
		return true
	case x.depth < maxEnvelopes:
		x.pos = p
		x.enter(p, end)
	default:
		x.pos = x.skipElement(p, end)
	}
	return false
}
