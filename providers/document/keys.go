package document

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Keys is the set of keys that a decoder reads of one kind of object. The index
// of a key is its position in NewKeys. It is immutable and safe to share.
type Keys struct {
	names []string
	slots [keySlots]uint8 // index+1 by hash, linear probing, 0 is free
}

// keySlots is four times the largest set, so that an unknown key nearly always
// meets a free slot at once.
const (
	maxKeys  = 64 // one bit each in a frame's "seen"
	keySlots = 256
)

// NewKeys makes the set, of names or of a list that is indexed by constants (see the
// package comment). It panics on more than 64 names, on an empty one, as an indexed list
// has for a constant that was left out, and on names that differ only by case, as such a
// set could never be read.
func NewKeys(names ...string) *Keys {
	if len(names) > maxKeys {
		panic("wire: more than 64 keys in one object")
	}
	k := &Keys{names: names}
	for i, name := range names {
		if name == "" {
			panic("wire: empty key")
		}
		slot := keyHash([]byte(name))
		for k.slots[slot] != 0 {
			if strings.EqualFold(names[k.slots[slot]-1], name) {
				panic(fmt.Sprintf("wire: key %q twice", name))
			}
			slot++
		}
		k.slots[slot] = uint8(i + 1)
	}
	return k
}

// keyHash is the same for spellings that differ only by the case of ASCII letters.
func keyHash(b []byte) uint8 {
	n := len(b)
	h := uint32(n)*0x9e3779b1 + uint32(b[0]|0x20)*0x85ebca6b + uint32(b[n-1]|0x20)*0xc2b2ae35 + uint32(b[n/2]|0x20)*0x27d4eb2f
	return uint8(h >> 24)
}

// Results of find besides an index.
const (
	keyUnknown = -1
	keyVariant = -2 // equal to a known key but for case
)

// find looks up a key that is plain ASCII without escapes.
func (k *Keys) find(b []byte) int {
	if len(b) == 0 {
		return keyUnknown
	}
	for slot := keyHash(b); ; slot++ {
		i := int(k.slots[slot]) - 1
		if i < 0 {
			return keyUnknown
		}
		name := k.names[i]
		if len(name) == len(b) {
			if name == string(b) {
				return i
			}
			if strings.EqualFold(name, string(b)) {
				return keyVariant
			}
		}
	}
}

// findFolded looks up an unescaped key of any characters. The two characters
// beyond ASCII that fold into ASCII letters count as those letters.
func (k *Keys) findFolded(key []byte) int {
	ascii := make([]byte, 0, len(key))
	variant := false
	for i := 0; i < len(key); {
		c, size := utf8.DecodeRune(key[i:])
		i += size
		switch {
		case c < utf8.RuneSelf:
			ascii = append(ascii, byte(c))
		case c == 'ſ':
			ascii, variant = append(ascii, 's'), true
		case c == '\u212a': // the Kelvin sign
			ascii, variant = append(ascii, 'k'), true
		default:
			return keyUnknown
		}
	}
	found := k.find(ascii)
	if found >= 0 && variant {
		return keyVariant
	}
	return found
}
