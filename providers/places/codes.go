package places

import "fanfare/providers/travel"

// codeEntry is what an airport or metro code means.
type codeEntry struct {
	airport int32            // index into Atlas.airports, -1 for a code that is only a metro area
	area    int32            // number of the metro area, 0 for none
	members []travel.Airport // the airports that the code stands for
	zone    *zone
}

// codeTable finds a code of three letters without hashing: answers are checked
// airport by airport, thousands of times a search.
type codeTable struct {
	slot    [26 * 26 * 26]uint16 // position in entries, plus one
	entries []codeEntry
}

// slotOf is the code's position, -1 if it is not three upper-case letters.
func slotOf(code travel.Airport) int {
	if len(code) != 3 {
		return -1
	}
	x, y, z := uint(code[0])-'A', uint(code[1])-'A', uint(code[2])-'A'
	if x > 25 || y > 25 || z > 25 {
		return -1
	}
	return int(x*676 + y*26 + z)
}

// get returns nil for an unknown code.
func (t *codeTable) get(code travel.Airport) *codeEntry {
	i := slotOf(code)
	if i < 0 || t.slot[i] == 0 {
		return nil
	}
	return &t.entries[t.slot[i]-1]
}

// add returns the entry of the code, which it makes if it is new.
func (t *codeTable) add(code travel.Airport) *codeEntry {
	i := slotOf(code)
	if t.slot[i] == 0 {
		t.entries = append(t.entries, codeEntry{airport: -1})
		t.slot[i] = uint16(len(t.entries))
	}
	return &t.entries[t.slot[i]-1]
}
