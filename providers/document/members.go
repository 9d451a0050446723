package document

// Members is an object whose keys are data, such as ids, being read:
//
//	for m := r.Members(); m.Next(); {
//		id := m.Name()
//		...
//	}
//
// A key twice makes the document malformed, as with keys that are known.
type Members struct {
	r    *JSON
	list Array // where a list stands for the object
	set  int   // position in r.sets, -1 without
	open int   // level of the object
}

// names is the keys that one object had so far.
type names struct {
	few  []string // views
	many map[string]struct{}
	last string
}

// Bounds of names: those looked through one by one, and what an object may have at all.
const (
	fewNames = 24
	maxNames = 1 << 16
)

// Members enters an object. A list counts as an object whose keys are "", as values often
// say inside what they are called. Anything else is stepped over and has no members.
func (r *JSON) Members() Members {
	if r.err == nil && r.peek(r.pos) == '[' {
		return Members{r: r, list: r.Array(), set: -1}
	}
	level := r.open('{', nil)
	if level == 0 {
		return Members{r: r, set: -1}
	}
	if len(r.sets) < cap(r.sets) {
		r.sets = r.sets[:len(r.sets)+1]
	} else {
		r.sets = append(r.sets, names{})
	}
	s := &r.sets[len(r.sets)-1]
	s.few, s.many, s.last = s.few[:0], nil, ""
	return Members{r: r, set: len(r.sets) - 1, open: level}
}

// Name is the key of the member that Next came to, good as long as a View.
func (m Members) Name() string {
	if m.set < 0 || m.set >= len(m.r.sets) {
		return ""
	}
	return m.r.sets[m.set].last
}

// Next moves to the next member, and is false after the last.
func (m Members) Next() bool {
	r := m.r
	if m.list.level > 0 {
		return m.list.Next()
	}
	if r.err != nil || m.open == 0 {
		return false
	}
	f := &r.frames[m.open]
	p := r.pos
	if f.at >= 0 {
		q, comma := r.resume(f, '}')
		if q < 0 {
			return false
		}
		if p = q; !comma {
			return m.leave(p)
		}
	} else if r.peek(p) == '}' {
		return m.leave(p)
	}
	if r.peek(p) != '"' {
		r.failAt(p, "expected a key")
		return false
	}
	end, escaped := r.scanString(p + 1)
	if end < 0 {
		return false
	}
	key := r.data[p+1 : end]
	if escaped {
		start := len(r.scratch)
		r.scratch = unescape(r.scratch, key)
		key = r.scratch[start:]
	}
	q := r.space(end + 1)
	if r.peek(q) != ':' {
		r.failAt(q, "expected a colon")
		return false
	}
	switch s := &r.sets[m.set]; {
	case !s.add(view(key)):
		r.failAt(p, "key twice in one object")
		return false
	case f.at >= maxNames:
		r.failAt(p, "more than 65536 keys in one object")
		return false
	}
	f.at++
	r.pos = r.space(q + 1)
	f.value = r.pos
	return true
}

func (m Members) leave(p int) bool {
	m.r.sets = m.r.sets[:m.set]
	return m.r.leave(p)
}

// add is false for a name that is there already.
func (s *names) add(name string) bool {
	s.last = name
	if s.many == nil {
		for _, n := range s.few {
			if n == name {
				return false
			}
		}
		if s.few = append(s.few, name); len(s.few) < fewNames {
			return true
		}
		s.many = make(map[string]struct{}, 4*fewNames)
		for _, n := range s.few {
			s.many[n] = struct{}{}
		}
		return true
	}
	if _, twice := s.many[name]; twice {
		return false
	}
	s.many[name] = struct{}{}
	return true
}
