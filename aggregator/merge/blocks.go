package merge

import (
	"math/bits"
	"slices"
)

// Blocking (docs/definitions.md 5.1): which listings are compared at all. Two are, if they share
// a small block: a word of the name, a word of the name within neighbouring cells or one
// town, the same spot, a telephone, a website, a house number on a street, a shared id.

// crowd is the largest block whose members are compared pair by pair. A word that more
// listings share tells nothing, and pairs of a crowd would be many: they meet in smaller
// blocks, such as that of the whole name, or of the word and the neighbourhood.
const (
	crowd      = 40
	localCrowd = 12 // of a word that many have: there are many such blocks
)

// blockID names a block: a hash of what its members share. Two blocks of one id only
// cost a comparison.
type blockID uint64

// localBit is set in the ids of blocks of a word and a neighbourhood.
const localBit blockID = 1

// crowd is how many members the block may have to be small.
func (id blockID) crowd() int {
	if id&localBit != 0 {
		return localCrowd
	}
	return crowd
}

// The sorts of blocks, which keep blocks of equal texts apart.
const (
	blockWord uint64 = iota
	blockLocal
	blockSpot
	blockPhone
	blockDomain
	blockHouse
	blockGIATA
)

// The sorts of places that a local block is of.
const (
	inCells uint64 = iota
	inTown
	inPostcode
	inSearch
)

// mix is FNV-1a over numbers instead of bytes.
func mix(parts ...uint64) blockID {
	h := uint64(14695981039346656037)
	for _, p := range parts {
		h = (h ^ p) * 1099511628211
		h ^= h >> 29
	}
	return blockID(h) &^ localBit
}

func textHash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
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

// quads are the squares of two by two cells that hold the cell: two cells that touch have
// one in common.
func (c cell) quads(sort uint64) [4]blockID {
	return [4]blockID{c.in(sort), cell{c.x - 1, c.y}.in(sort), cell{c.x, c.y - 1}.in(sort), cell{c.x - 1, c.y - 1}.in(sort)}
}

func (c cell) in(sort uint64) blockID {
	return mix(sort, uint64(uint32(c.x)&(cellsRound-1)), uint64(uint32(c.y)))
}

// places are where a listing may meet those that share a word which many have.
func (p *profile) places(trusted bool, yield func(blockID)) {
	if trusted {
		for _, id := range p.cell.quads(inCells) {
			yield(id)
		}
	} else {
		yield(mix(inSearch))
	}
	for _, w := range p.cityName {
		yield(mix(inTown, textHash(w)))
	}
	if p.address.postcode != "" {
		yield(mix(inPostcode, textHash(p.address.postcode)))
	}
}

// blocks are the positions of listings by what they share.
type blocks struct {
	of map[blockID][]int32
}

func textBlock(text uint64) blockID { return mix(blockWord, text) }

func localBlock(text uint64, place blockID) blockID {
	return mix(blockLocal, text, uint64(place)) | localBit
}

// small reports whether members of the block are compared.
func (b *blocks) small(id blockID) bool { return len(b.of[id]) <= id.crowd() }

// plain calls yield with the blocks of a listing that are no words: alike says whether
// the names must have a likeness.
func (p *profile) plain(trusted bool, yield func(id blockID, alike bool)) {
	for _, id := range p.facts {
		yield(id, false)
	}
	if trusted {
		for _, id := range p.spot().quads(blockSpot) {
			yield(id, true)
		}
	}
}

// meet calls yield with all small blocks of a listing.
func (b *blocks) meet(p *profile, trusted bool, yield func(members []int32, alike bool)) {
	p.plain(trusted, func(id blockID, alike bool) {
		if members := b.of[id]; len(members) <= crowd {
			yield(members, alike)
		}
	})
	for _, text := range p.texts {
		members := b.of[textBlock(text)]
		if len(members) <= crowd {
			yield(members, true)
			continue
		}
		p.places(trusted, func(place blockID) {
			if members := b.of[localBlock(text, place)]; len(members) <= localCrowd {
				yield(members, true)
			}
		})
	}
}

// candidates reports whether two listings share a small block, and so are compared.
func (b *blocks) candidates(p, q *stayListing) (found bool) {
	alike := sketchesAlike(p.profile.drawn, q.profile.drawn)
	p.profile.plain(p.trusted, func(id blockID, needed bool) {
		if found || needed && !alike || !b.small(id) {
			return
		}
		q.profile.plain(q.trusted, func(other blockID, _ bool) { found = found || other == id })
	})
	if !alike {
		return found
	}
	for _, text := range p.profile.texts {
		if found || !slices.Contains(q.profile.texts, text) {
			continue
		}
		if b.small(textBlock(text)) {
			return true
		}
		p.profile.places(p.trusted, func(place blockID) {
			if !found && b.small(localBlock(text, place)) {
				q.profile.places(q.trusted, func(other blockID) { found = found || other == place })
			}
		})
	}
	return found
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
	slices.Sort(p.texts)
	p.texts = slices.Compact(p.texts)
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
	slices.Sort(p.facts)
	p.facts = slices.Compact(p.facts)
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
