package document

import "encoding/binary"

// interns shares equal short strings within documents: airport codes, carriers,
// brands, currencies come up thousands of times. It is a direct-mapped table, so
// it is bounded and a miss only costs a copy.
type interns [512]string

func (t *interns) of(b []byte) string {
	n := len(b)
	if n == 0 {
		return ""
	}
	if n > maxInterns {
		return string(b)
	}
	var h uint64
	switch {
	case n >= 8:
		h = binary.LittleEndian.Uint64(b)*0x9e3779b97f4a7c15 ^ binary.LittleEndian.Uint64(b[n-8:])
	case n >= 4:
		h = uint64(binary.LittleEndian.Uint32(b))<<32 | uint64(binary.LittleEndian.Uint32(b[n-4:]))
	default:
		h = uint64(b[0])<<16 | uint64(b[n/2])<<8 | uint64(b[n-1])
	}
	slot := &t[(h+uint64(n))*0x9e3779b97f4a7c15>>(64-9)]
	if *slot != string(b) {
		*slot = string(b)
	}
	return *slot
}
