package match

import (
	"cmp"
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
	Crowd      = 40
	localCrowd = 12 // of a word that many have: there are many such blocks
)

// BlockID names a block: a hash of what its members share. Two blocks of one id only
// cost a comparison.
type BlockID uint64

// localBit is set in the ids of blocks of a word and a neighbourhood.
const localBit BlockID = 1

// Crowd is how many members the block may have to be small.
func (id BlockID) Crowd() int {
	if id&localBit != 0 {
		return localCrowd
	}
	return Crowd
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
func mix(parts ...uint64) BlockID {
	h := uint64(14695981039346656037)
	for _, p := range parts {
		h = (h ^ p) * 1099511628211
		h ^= h >> 29
	}
	return BlockID(h) &^ localBit
}

// TextHash is a hash of a text, equal in every run.
func TextHash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// spotsPerDegree make spots of about 110 m from south to north: renamed houses and
// misspelt short names meet there.
const spotsPerDegree = 1000

func (p *Profile) spot() cell {
	return cell{int32((p.Lon + 180) * spotsPerDegree), int32((p.Lat + 90) * spotsPerDegree)}
}

// makeSketch is the letter pairs of a listing's names, hashed into 64 bits: names that are
// written alike have many in common, whatever the words.
func (p *Profile) makeSketch() (s uint64) {
	add := func(word string) {
		for i := 1; i < len(word); i++ {
			s |= 1 << ((uint64(word[i-1])*31 + uint64(word[i])) % 61)
		}
	}
	for i := range p.Names {
		f := &p.Names[i]
		add(f.Key)
		for _, b := range f.Brands {
			add(b.name)
		}
		for _, n := range f.Numbers {
			s |= 1 << (61 + uint64(n[0])%3)
		}
	}
	return s
}

// leastSketch is which share of its letter pairs, in percent, the shorter of two names
// has to have in common with the other to be worth comparing.
const leastSketch = 40

// SketchesAlike reports whether two names, by their sketches, share enough letter pairs to be
// worth comparing.
func SketchesAlike(a, b uint64) bool {
	return 100*bits.OnesCount64(a&b) >= leastSketch*min(bits.OnesCount64(a), bits.OnesCount64(b))
}

// quads are the squares of two by two cells that hold the cell: two cells that touch have
// one in common.
func (c cell) quads(sort uint64) [4]BlockID {
	return [4]BlockID{c.in(sort), cell{c.x - 1, c.y}.in(sort), cell{c.x, c.y - 1}.in(sort), cell{c.x - 1, c.y - 1}.in(sort)}
}

func (c cell) in(sort uint64) BlockID {
	return mix(sort, uint64(uint32(c.x)&(cellsRound-1)), uint64(uint32(c.y)))
}

// Places are where a listing may meet those that share a word which many have.
func (p *Profile) Places(trusted bool, yield func(BlockID)) {
	if trusted {
		for _, id := range p.cell.quads(inCells) {
			yield(id)
		}
	} else {
		yield(mix(inSearch))
	}
	for _, w := range p.cityName {
		yield(mix(inTown, TextHash(w)))
	}
	if p.address.postcode != "" {
		yield(mix(inPostcode, TextHash(p.address.postcode)))
	}
}

// Blocks are the positions of listings by what they share.
type Blocks struct {
	Members map[BlockID][]int32 // positions in the list of listings, in no order
}

// TextBlock is the block of a name or word, by its hash.
func TextBlock(text uint64) BlockID { return mix(blockWord, text) }

// LocalBlock is the block of a word in one neighbourhood, for words that many listings have.
func LocalBlock(text uint64, place BlockID) BlockID {
	return mix(blockLocal, text, uint64(place)) | localBit
}

// Small reports whether members of the block are compared.
func (b *Blocks) Small(id BlockID) bool { return len(b.Members[id]) <= id.Crowd() }

// FactBlocks calls yield with the blocks of a listing that are no words: alike says whether
// the names must have a likeness.
func (p *Profile) FactBlocks(trusted bool, yield func(id BlockID, alike bool)) {
	for _, id := range p.facts {
		yield(id, false)
	}
	if trusted {
		for _, id := range p.spot().quads(blockSpot) {
			yield(id, true)
		}
	}
}

// Meet calls yield with all small blocks of a listing.
func (b *Blocks) Meet(p *Profile, trusted bool, yield func(members []int32, alike bool)) {
	p.FactBlocks(trusted, func(id BlockID, alike bool) {
		if members := b.Members[id]; len(members) <= Crowd {
			yield(members, alike)
		}
	})
	for _, text := range p.Texts {
		members := b.Members[TextBlock(text)]
		if len(members) <= Crowd {
			yield(members, true)
			continue
		}
		p.Places(trusted, func(place BlockID) {
			if members := b.Members[LocalBlock(text, place)]; len(members) <= localCrowd {
				yield(members, true)
			}
		})
	}
}

// Candidates reports whether two listings share a small block, and so are compared. The
// flags say whose position is trusted.
func (b *Blocks) Candidates(p *Profile, pTrusted bool, q *Profile, qTrusted bool) (found bool) {
	alike := SketchesAlike(p.Sketch, q.Sketch)
	p.FactBlocks(pTrusted, func(id BlockID, needed bool) {
		if found || needed && !alike || !b.Small(id) {
			return
		}
		q.FactBlocks(qTrusted, func(other BlockID, _ bool) { found = found || other == id })
	})
	if !alike {
		return found
	}
	for _, text := range p.Texts {
		if found || !slices.Contains(q.Texts, text) {
			continue
		}
		if b.Small(TextBlock(text)) {
			return true
		}
		p.Places(pTrusted, func(place BlockID) {
			if !found && b.Small(LocalBlock(text, place)) {
				q.Places(qTrusted, func(other BlockID) { found = found || other == place })
			}
		})
	}
	return found
}

// setBlocks notes by what a listing is looked up: whole names and words of them, and what it
// states besides.
func (p *Profile) setBlocks() {
	for i := range p.Names {
		f := &p.Names[i]
		p.Texts = append(p.Texts, TextHash(" "+f.Key)) // no word begins so
		if f.joined != "" && f.joined != f.Key {
			p.Texts = append(p.Texts, TextHash(" "+f.joined))
		}
		for word := range f.blockWords {
			p.Texts = append(p.Texts, TextHash(word))
		}
	}
	slices.Sort(p.Texts)
	p.Texts = slices.Compact(p.Texts)
	p.Sketch = p.makeSketch()
	fact := func(sort uint64, text string) {
		if text != "" {
			p.facts = append(p.facts, mix(sort, TextHash(text)))
		}
	}
	fact(blockGIATA, p.Property.GIATA)
	fact(blockPhone, p.phone)
	fact(blockDomain, p.domain)
	if a := &p.address; len(a.Houses) > 0 {
		for i := range min(len(a.Street), 2) {
			p.facts = append(p.facts, mix(blockHouse, TextHash(cmp.Or(a.Street[i].bones, a.Street[i].Text)), uint64(a.Houses[0].From)))
		}
	}
	slices.Sort(p.facts)
	p.facts = slices.Compact(p.facts)
}

// blockWords are the words by which a name is looked up: up to three own words by what
// they sound like, heaviest first, and a brand.
func (f *NameForm) blockWords(yield func(string) bool) {
	var taken [4]int
	n := 0
	for n < len(taken) {
		best := -1
		for i := range f.Words {
			if !slices.Contains(taken[:n], i) && f.Words[i].Weight >= 0.3 && (best < 0 || f.Words[i].Weight > f.Words[best].Weight) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		taken[n] = best
		n++
		if !yield(cmp.Or(f.Words[best].bones, f.Words[best].Text)) {
			return
		}
	}
	for _, b := range f.Brands {
		if !yield(b.name) {
			return
		}
	}
}
