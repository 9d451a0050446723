package merge

import (
	"math/bits"
	"slices"
)

// Blocking (definitions 5.2): which listings are compared at all. Two are, if they share
// a block: a word of the name within neighbouring cells, the same spot, a telephone, a
// website, a house number on a street, a shared id; and, where one has no position to
// trust, a word of the name anywhere, for all answers are of one search's area.

// crowd is the largest block that is compared pair by pair, with its neighbours. A word
// that more listings of a neighbourhood share tells nothing, and pairs of a crowd would
// be many: they meet in smaller blocks, such as that of the whole name.
const crowd = 40

// blockID names a block: a hash of what its members share. Two blocks of one id only
// cost a comparison.
type blockID uint64

// The sorts of blocks, which keep blocks of equal texts apart.
const (
	blockWord uint64 = iota
	blockSpot
	blockPhone
	blockDomain
	blockHouse
	blockGIATA
)

// mix is FNV-1a over numbers instead of bytes.
func mix(parts ...uint64) blockID {
	h := uint64(14695981039346656037)
	for _, p := range parts {
		h = (h ^ p) * 1099511628211
		h ^= h >> 29
	}
	return blockID(h)
}

func textHash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func (c cell) in(sort, text uint64) blockID {
	return mix(sort, text, uint64(uint32(c.x)), uint64(uint32(c.y)))
}

// spotsPerDegree make spots of about 110 m from south to north: renamed houses and
// misspelt short names meet there.
const spotsPerDegree = 1000

func (p *profile) spot() cell {
	return cell{int32((p.lon + 180) * spotsPerDegree), int32((p.lat + 90) * spotsPerDegree)}
}

// sketch is the letter pairs of a listing's names, hashed into 64 bits: names that are
// written alike have many in common, whatever the words.
func (p *profile) sketch() (s uint64) {
	add := func(word string) {
		for i := 1; i < len(word); i++ {
			s |= 1 << ((uint64(word[i-1])*31 + uint64(word[i])) % 61)
		}
	}
	for i := range p.names {
		f := &p.names[i]
		add(f.key)
		for _, b := range f.brands {
			add(b.name)
		}
		for _, n := range f.numbers {
			s |= 1 << (61 + uint64(n[0])%3)
		}
	}
	return s
}

// leastSketch is which share of its letter pairs, in percent, the shorter of two names
// has to have in common with the other to be worth comparing.
const leastSketch = 40

func sketchesAlike(a, b uint64) bool {
	return 100*bits.OnesCount64(a&b) >= leastSketch*min(bits.OnesCount64(a), bits.OnesCount64(b))
}

// candidates calls compare once for every pair of listings of different partners worth
// comparing, i > j. partner numbers the partners.
func candidates(all []*profile, partner []int, trusted []bool, compare func(i, j int)) {
	b := newBlocks(all, trusted)
	seen := make([]int32, len(all)) // the last listing that one was compared with, counted from 1
	for i, p := range all {
		b.around(i, func(alike bool, group ...[]int32) (small bool) {
			n := 0
			for _, list := range group {
				n += len(list)
			}
			if n > crowd {
				return false
			}
			for _, list := range group {
				for _, j := range list {
					if int(j) < i && seen[j] != int32(i)+1 && partner[j] != partner[i] {
						seen[j] = int32(i) + 1
						if !alike || sketchesAlike(p.drawn, all[j].drawn) {
							compare(i, int(j))
						}
					}
				}
			}
			return true
		})
	}
}

// blocks are the listings by what they share, each as positions, ascending.
type blocks struct {
	all     []*profile
	trusted []bool
	numbers map[uint64]int32 // of texts
	texts   []int32          // the numbers of all listings' texts
	start   []int32          // where each listing's begin in texts, and the end
	placed  [][]int32        // listings of a text with a position to trust, by its number
	lost    [][]int32        // and those without
	local   map[blockID][]int32
	spots   map[blockID][]int32
	facts   map[blockID][]int32
}

func newBlocks(all []*profile, trusted []bool) *blocks {
	b := &blocks{all: all, trusted: trusted, numbers: make(map[uint64]int32, len(all)), start: make([]int32, 1, len(all)+1),
		local: map[blockID][]int32{}, spots: make(map[blockID][]int32, len(all)/2), facts: map[blockID][]int32{}}
	for i, p := range all {
		for _, text := range p.texts {
			n, known := b.numbers[text]
			if !known {
				n = int32(len(b.numbers))
				b.numbers[text] = n
			}
			b.texts = append(b.texts, n)
		}
		b.start = append(b.start, int32(len(b.texts)))
		for _, id := range p.facts {
			b.facts[id] = append(b.facts[id], int32(i))
		}
		if trusted[i] {
			id := p.spot().in(blockSpot, 0)
			b.spots[id] = append(b.spots[id], int32(i))
		}
	}
	b.placed, b.lost = b.lists(true), b.lists(false)
	for n, list := range b.placed {
		if len(list) <= crowd {
			continue
		}
		for _, i := range list {
			id := all[i].cell.in(blockWord, uint64(n))
			b.local[id] = append(b.local[id], i)
		}
	}
	return b
}

func (b *blocks) of(i int) []int32 { return b.texts[b.start[i]:b.start[i+1]] }

// lists are the listings of each text that have a position to trust, or have none.
func (b *blocks) lists(trusted bool) [][]int32 {
	size := make([]int32, len(b.numbers))
	total := int32(0)
	for i := range b.all {
		if b.trusted[i] == trusted {
			for _, n := range b.of(i) {
				size[n]++
				total++
			}
		}
	}
	room, lists := make([]int32, total), make([][]int32, len(size))
	for n, k := range size {
		lists[n], room = room[:0:k], room[k:]
	}
	for i := range b.all {
		if b.trusted[i] == trusted {
			for _, n := range b.of(i) {
				lists[n] = append(lists[n], int32(i))
			}
		}
	}
	return lists
}

// around hands the blocks in which a listing looks for others to meet, those together
// that are neighbours; alike asks for names with a likeness. A word that few listings
// have needs no neighbourhood: meet tells whether a block was small enough.
func (b *blocks) around(i int, meet func(alike bool, group ...[]int32) (small bool)) {
	p := b.all[i]
	for _, id := range p.facts {
		meet(false, b.facts[id])
	}
	for _, n := range b.of(i) {
		meet(true, b.lost[n])
	}
	if !b.trusted[i] {
		for _, n := range b.of(i) {
			meet(true, b.placed[n])
		}
		return
	}
	var group [9][]int32
	near := func(blocks map[blockID][]int32, cells [9]cell, sort, text uint64) {
		for k, c := range cells {
			group[k] = blocks[c.in(sort, text)]
		}
		meet(true, group[:]...)
	}
	near(b.spots, p.spot().around(), blockSpot, 0)
	for _, n := range b.of(i) {
		if !meet(true, b.placed[n]) {
			near(b.local, p.cell.around(), blockWord, uint64(n))
		}
	}
}

// block notes by what a listing is looked up: whole names and words of them, and what it
// states besides.
func (p *profile) block() {
	for i := range p.names {
		f := &p.names[i]
		p.texts = append(p.texts, textHash(" "+f.key)) // no word begins so
		if f.joined != "" && f.joined != f.key {
			p.texts = append(p.texts, textHash(" "+f.joined))
		}
		for word := range f.blockWords {
			p.texts = append(p.texts, textHash(word))
		}
	}
	p.drawn = p.sketch()
	fact := func(sort uint64, text string) {
		if text != "" {
			p.facts = append(p.facts, mix(sort, textHash(text)))
		}
	}
	fact(blockGIATA, p.property.GIATA)
	fact(blockPhone, p.phone)
	fact(blockDomain, p.domain)
	if a := &p.address; len(a.houses) > 0 {
		for i := range min(len(a.street), 2) {
			p.facts = append(p.facts, mix(blockHouse, textHash(cmpOr(a.street[i].bones, a.street[i].text)), uint64(a.houses[0].from)))
		}
	}
}

// blockWords are the words by which a name is looked up: up to three own words by what
// they sound like, heaviest first, and a brand.
func (f *nameForm) blockWords(yield func(string) bool) {
	var taken [4]int
	n := 0
	for n < len(taken) {
		best := -1
		for i := range f.words {
			if !slices.Contains(taken[:n], i) && f.words[i].weight >= 0.3 && (best < 0 || f.words[i].weight > f.words[best].weight) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		taken[n] = best
		n++
		if !yield(cmpOr(f.words[best].bones, f.words[best].text)) {
			return
		}
	}
	for _, b := range f.brands {
		if !yield(b.name) {
			return
		}
	}
}

// maxCentroid is how many different names may share one exact position: more are the
// middle of a town, and nobody's address (definitions 5.3).
const maxCentroid = 5

// trust says of each listing whether its position may be believed.
func trust(all []*profile) []bool {
	type point struct{ lat, lon float64 }
	names := map[point][]string{}
	for _, p := range all {
		if !p.geo {
			continue
		}
		at := point{p.lat, p.lon}
		if list := names[at]; len(list) <= maxCentroid && !slices.Contains(list, p.names[0].key) {
			names[at] = append(list, p.names[0].key)
		}
	}
	trusted := make([]bool, len(all))
	for i, p := range all {
		trusted[i] = p.geo && len(names[point{p.lat, p.lon}]) <= maxCentroid
	}
	return trusted
}
