package merge

import (
	"slices"

	"fanfare/aggregator/merge/match"
)

// leave takes a listing out of its pairs.
func (u *stayUpdate) leave(i int32) {
	l := &u.all[i]
	for _, p := range l.pairs {
		u.unpair(p.other, i)
		u.dirty = append(u.dirty, p.other)
	}
	l.pairs = nil
	u.dirty = append(u.dirty, l.cluster.members...)
	u.discard(l.cluster)
}

// unpair takes a listing out of the pairs of another.
func (u *stayUpdate) unpair(of, i int32) {
	pairs := &u.all[of].pairs
	*pairs = slices.DeleteFunc(*pairs, func(p stayPair) bool { return p.other == i })
}

// blockChange is what an update does to a block.
type blockChange struct {
	joins  []int32
	locals []match.BlockID // of a word: the blocks of its neighbourhoods that change
}

// regrouped is what a change of blocks means for listings that were there before.
type regrouped struct {
	gained [][]int32 // blocks that have become small: all their members meet
	lost   [][]int32 // blocks that are no longer small: their members' pairs are looked at again
}

// rearrange moves listings in and out of blocks.
func (u *stayUpdate) rearrange() (out regrouped) {
	texts, others := u.blockChanges()
	for text, c := range texts {
		id := match.TextBlock(text)
		before := u.blocks.Members[id]
		wasSmall := len(before) <= match.Crowd
		if !wasSmall && len(before) <= match.Crowd+len(u.removed)+len(u.moved) && u.remaining(before)+len(c.joins) <= match.Crowd {
			for _, i := range before {
				u.all[i].profile.Places(u.all[i].trustedBefore(), func(place match.BlockID) { delete(u.blocks.Members, match.LocalBlock(text, place)) })
			}
			for _, local := range c.locals {
				delete(others, local)
			}
		}
		out.note(u, id, c.joins)
		if after := u.blocks.Members[id]; wasSmall && len(after) > match.Crowd {
			for _, i := range after {
				u.all[i].profile.Places(u.all[i].trusted, func(place match.BlockID) {
					local := match.LocalBlock(text, place)
					u.blocks.Members[local] = append(u.blocks.Members[local], i)
				})
			}
		}
	}
	for id, c := range others {
		out.note(u, id, c.joins)
	}
	return out
}

// blockChanges are the words' blocks that listings leave and join, and the others.
func (u *stayUpdate) blockChanges() (texts map[uint64]*blockChange, others map[match.BlockID]*blockChange) {
	texts, others = map[uint64]*blockChange{}, map[match.BlockID]*blockChange{}
	change := func(l *stayListing, trusted bool, joins ...int32) {
		note := func(id match.BlockID) {
			c := others[id]
			if c == nil {
				c = new(blockChange)
				others[id] = c
			}
			c.joins = append(c.joins, joins...)
		}
		l.profile.FactBlocks(trusted, func(id match.BlockID, _ bool) { note(id) })
		for _, text := range l.profile.Texts {
			c := texts[text]
			if c == nil {
				c = new(blockChange)
				texts[text] = c
			}
			c.joins = append(c.joins, joins...)
			if !u.blocks.Small(match.TextBlock(text)) {
				l.profile.Places(trusted, func(place match.BlockID) {
					local := match.LocalBlock(text, place)
					note(local)
					c.locals = append(c.locals, local)
				})
			}
		}
	}
	for _, i := range slices.Concat(u.removed, u.moved) {
		change(&u.all[i], u.all[i].trustedBefore())
	}
	for _, i := range u.added {
		change(&u.all[i], u.all[i].trusted, i)
	}
	return texts, others
}

// remaining counts the members of a block that stay where they are.
func (u *stayUpdate) remaining(members []int32) (n int) {
	for _, i := range members {
		if u.all[i].change == unchanged {
			n++
		}
	}
	return n
}

// note changes the members of a block, and notes whether it has become small or large.
func (out *regrouped) note(u *stayUpdate, id match.BlockID, joins []int32) {
	before := u.blocks.Members[id]
	wasSmall := len(before) <= id.Crowd()
	after := before
	if len(u.removed)+len(u.moved) > 0 {
		after = slices.DeleteFunc(before, func(i int32) bool { return u.all[i].change != unchanged })
	}
	after = append(after, joins...)
	if len(after) == 0 {
		delete(u.blocks.Members, id)
		return
	}
	u.blocks.Members[id] = after
	switch small := len(after) <= id.Crowd(); {
	case wasSmall && !small:
		out.lost = append(out.lost, after)
	case !wasSmall && small:
		out.gained = append(out.gained, after)
	}
}

// pair compares the listings that meet now, and parts those that do not meet any more.
func (u *stayUpdate) pair(r regrouped) {
	met := make([]int32, len(u.all)) // whom a listing has been compared with, counted from 1
	place := make([]int32, len(u.all))
	for n, i := range u.added {
		place[i] = int32(n) + 1
	}
	for n, i := range u.added {
		l, brief := &u.all[i], u.briefs[i]
		u.dirty = append(u.dirty, i)
		u.blocks.Meet(l.profile, l.trusted, func(members []int32, alike bool) {
			for _, j := range members {
				if other := &u.briefs[j]; met[j] != int32(n)+1 && place[j] <= int32(n) && other.partner != brief.partner && (!alike || match.SketchesAlike(brief.sketch, other.sketch)) {
					met[j] = int32(n) + 1
					u.compare(i, j)
				}
			}
		})
	}
	for _, members := range r.gained {
		for n, i := range members {
			for _, j := range members[:n] {
				if u.all[i].Partner != u.all[j].Partner && place[i] == 0 && place[j] == 0 && !u.paired(i, j) && u.candidates(i, j) {
					u.compare(i, j)
				}
			}
		}
	}
	for _, members := range r.lost {
		for _, i := range members {
			if place[i] != 0 {
				continue // its pairs are those of today's blocks
			}
			for _, p := range slices.Clone(u.all[i].pairs) {
				if place[p.other] == 0 && !u.candidates(i, p.other) {
					u.unpair(i, p.other)
					u.unpair(p.other, i)
					u.dirty = append(u.dirty, i, p.other)
				}
			}
		}
	}
}

func (u *stayUpdate) paired(i, j int32) bool {
	return slices.ContainsFunc(u.all[i].pairs, func(p stayPair) bool { return p.other == j })
}

// candidates reports whether two listings share a small block.
func (u *stayUpdate) candidates(i, j int32) bool {
	a, b := &u.all[i], &u.all[j]
	return u.blocks.Candidates(a.profile, a.trusted, b.profile, b.trusted)
}

// compare makes two listings a pair if they may be one house.
func (u *stayUpdate) compare(i, j int32) {
	a, b := &u.all[i], &u.all[j]
	same := match.Probability(a.profile, b.profile, a.trusted && b.trusted)
	if same < match.BandMaybe || forbidden(u.doNotMerge, a.Listing, b.Listing, a.profile, b.profile) {
		return
	}
	a.pairs = append(a.pairs, stayPair{j, same})
	b.pairs = append(b.pairs, stayPair{i, same})
	u.dirty = append(u.dirty, i, j)
}

// discard marks a result that is to be made anew.
func (u *stayUpdate) discard(c *stayCluster) {
	if c != nil {
		c.stale = true
	}
}

// cluster makes the results of the components that have changed.
func (u *stayUpdate) cluster() (fresh []*stayCluster) {
	seen := make([]bool, len(u.all))
	var h hasher
	for _, start := range u.dirty {
		if seen[start] || u.all[start].change == removed {
			continue
		}
		component := []int32{start}
		seen[start] = true
		for n := 0; n < len(component); n++ {
			for _, p := range u.all[component[n]].pairs {
				if !seen[p.other] {
					seen[p.other] = true
					component = append(component, p.other)
				}
			}
		}
		slices.SortFunc(component, func(i, j int32) int { return u.all[i].Compare(u.all[j].Listing) })
		for _, i := range component {
			u.discard(u.all[i].cluster)
		}
		fresh = append(fresh, u.results(&h, component)...)
	}
	return fresh
}
