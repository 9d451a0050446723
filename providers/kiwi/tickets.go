package kiwi

import "strings"

// tickets is what an offer says about its tickets.
type tickets struct {
	count       int // 0 is not stated
	interlining bool
}

// changes is the positions of flights before which the traveller changes tickets.
func (d *decoder) changes(t *tickets) []int {
	var at []int
	for i := 1; i < len(d.legs); i++ {
		a, b := d.legs[i-1].ticket(), d.legs[i].ticket()
		several := t.count != 1
		if d.legs[i].interlining || several && (d.legs[i].recheck || a != "" && b != "" && a != b) {
			at = append(at, i)
		}
	}
	if len(at) > 0 || t.count <= 1 && !t.interlining || len(d.legs) < 2 {
		return at
	}
	d.answer.Note("tickets_unplaced", 1)
	if len(d.counts) > 1 && t.count <= len(d.counts) {
		first := 0
		for _, n := range d.counts[:len(d.counts)-1] {
			first += n
			at = append(at, first)
		}
		return at
	}
	for i := 1; i < len(d.segments); i++ {
		if d.segments[i].Marketing.Carrier != d.segments[i-1].Marketing.Carrier {
			at = append(at, i)
		}
	}
	if len(at) > 0 {
		return at
	}
	for i := 1; i < len(d.segments); i++ {
		at = append(at, i)
	}
	return at
}

// ticket is the combination of flights that were bought together: as stated, else what
// the flight's id begins with. "" is unknown.
func (l *leg) ticket() string {
	if l.combination != "" {
		return l.combination
	}
	if i := strings.LastIndexByte(l.id, '_'); i > 0 {
		return l.id[:i]
	}
	return ""
}
