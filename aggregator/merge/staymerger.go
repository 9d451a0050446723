package merge

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"fanfare/aggregator/merge/match"
	"fanfare/providers/travel"
)

// stayMerger keeps what has been merged of one search's stays, so that one more answer
// costs in proportion to that answer: the blocks, the pairs that may be one house, and the
// results. A change touches the components that its listings are in, and nothing else.
type stayMerger struct {
	mu         sync.Mutex // guards the fields below
	doNotMerge map[DoNotMerge]bool
	answers    map[string]*Prepared // by partner
	listings   map[string][]int32   // positions of each partner's listings, as in Prepared.listed
	all        []stayListing
	briefs     []stayBrief // of all
	free       []int32
	points     map[point][]int32
	blocks     match.Blocks
	order      []*stayCluster // by id
}

// stayListing is one listing of an answer, and what it may be one house with.
type stayListing struct {
	travel.Listing
	profile *match.Profile
	answer  *Prepared
	at      int // position in answer.listed
	trusted bool
	pairs   []stayPair
	cluster *stayCluster
	change  change
	moved   bool // its position is trusted as it was not before
}

// trustedBefore reports whether its position was trusted before the update.
func (l *stayListing) trustedBefore() bool { return l.trusted != l.moved }

// stayBrief is what decides first whether two listings are compared. Pairs that meet are
// many, and most of them are not.
type stayBrief struct {
	sketch  uint64 // see match.SketchesAlike
	partner uint64 // hash of its name
}

// stayPair is another listing, by position, and how likely the two are one house.
type stayPair struct {
	other int32
	same  float64
}

// change is what a merge does to a listing.
type change uint8

const (
	unchanged change = iota
	added            // it is new, or comes back because its position is judged otherwise
	removed
)

// stayCluster is a property with its listings.
type stayCluster struct {
	members []int32
	result  travel.StayResult
	stale   bool // its result is to be made anew, or dropped
}

// Stays merges the answers; see the function of that name. Only what has changed since the
// last call is looked at. It is safe for concurrent use.
func (m *Merger) Stays(answers []*Prepared, doNotMerge ...DoNotMerge) []travel.StayResult {
	return m.stays.merge(onePerPartner(answers), doNotMerge)
}

func (m *stayMerger) merge(answers []*Prepared, doNotMerge []DoNotMerge) []travel.StayResult {
	m.mu.Lock()
	defer m.mu.Unlock()
	keep := make(map[DoNotMerge]bool, len(doNotMerge))
	for _, a := range doNotMerge {
		keep[a.sorted()] = true
	}
	if m.answers == nil || !maps.Equal(keep, m.doNotMerge) {
		m.doNotMerge, m.answers, m.listings = keep, map[string]*Prepared{}, map[string][]int32{}
		m.all, m.briefs, m.free, m.order = nil, nil, nil, nil
		m.points, m.blocks = map[point][]int32{}, match.Blocks{Members: map[match.BlockID][]int32{}}
	}
	if u := m.differ(answers); u != nil {
		u.apply()
	}
	results := make([]travel.StayResult, len(m.order))
	for i, c := range m.order {
		results[i] = c.result
	}
	return results
}

// differ is the update that makes m what is to be merged; nil if it is so already.
func (m *stayMerger) differ(answers []*Prepared) *stayUpdate {
	u := &stayUpdate{stayMerger: m}
	any := false
	left := maps.Clone(m.answers)
	for _, a := range answers {
		partner := a.Answer.Partner
		was := left[partner]
		delete(left, partner)
		if was != a {
			any = true
			u.replace(partner, was, a)
		}
	}
	for partner, was := range left {
		any = true
		u.replace(partner, was, nil)
	}
	if !any {
		return nil
	}
	return u
}

// stayUpdate is one change of the answers.
type stayUpdate struct {
	*stayMerger
	added, removed, moved []int32 // moved ones are added too
	dirty                 []int32 // listings whose components change, if they remain
}

// replace puts a partner's answer in the place of another; either may be nil. Listings
// that are as they were keep their places: only their rates are others.
func (u *stayUpdate) replace(partner string, was, is *Prepared) {
	before := map[string]int32{}
	for _, i := range u.listings[partner] {
		before[u.all[i].ID] = i
	}
	delete(u.answers, partner)
	delete(u.listings, partner)
	if is != nil {
		same, hash := match.SameAreas{}, match.TextHash(partner)
		places := make([]int32, len(is.listed))
		for k := range is.listed {
			p := &is.listed[k]
			i, known := before[p.Property.ID]
			if known && same.Same(u.all[i].profile, p) {
				delete(before, p.Property.ID)
				u.all[i].profile, u.all[i].answer, u.all[i].at = p, is, k
				u.dirty = append(u.dirty, i)
			} else {
				i = u.take()
				u.all[i] = stayListing{Listing: travel.Listing{Partner: partner, ID: p.Property.ID}, profile: p, answer: is, at: k, change: added}
				u.briefs[i] = stayBrief{p.Sketch, hash}
				u.added = append(u.added, i)
			}
			places[k] = i
		}
		u.answers[partner], u.listings[partner] = is, places
	}
	for _, i := range before {
		u.all[i].change = removed
		u.removed = append(u.removed, i)
	}
}

// take is a free place for a listing.
func (u *stayUpdate) take() int32 {
	if n := len(u.free); n > 0 {
		i := u.free[n-1]
		u.free = u.free[:n-1]
		return i
	}
	u.all, u.briefs = append(u.all, stayListing{}), append(u.briefs, stayBrief{})
	return int32(len(u.all) - 1)
}

// apply makes the change: positions are trusted anew, blocks and pairs follow, and then
// the clusters of what has changed.
func (u *stayUpdate) apply() {
	u.trust()
	for _, i := range slices.Concat(u.removed, u.moved) {
		u.leave(i)
	}
	u.pair(u.rearrange())
	for _, i := range u.added {
		u.all[i].change, u.all[i].moved = unchanged, false
	}
	fresh := u.cluster()
	for _, i := range u.removed {
		u.all[i] = stayListing{}
	}
	u.free = append(u.free, u.removed...)
	u.list(fresh)
}

// trust judges the positions that come and go. Listings whose position was trusted and is
// not any more, or the other way round, are taken out and added again.
func (u *stayUpdate) trust() {
	at := map[point]bool{}
	for _, i := range slices.Concat(u.added, u.removed) {
		if l := &u.all[i]; l.profile.HasPosition {
			p := point{l.profile.Lat, l.profile.Lon}
			at[p] = true
			if l.change == added {
				u.points[p] = append(u.points[p], i)
			}
		}
	}
	for p := range at {
		list := slices.DeleteFunc(u.points[p], func(i int32) bool { return u.all[i].change == removed })
		if len(list) == 0 {
			delete(u.points, p)
			continue
		}
		u.points[p] = list
		trusted := !centroid(u.all, list)
		for _, i := range list {
			l := &u.all[i]
			if l.trusted != trusted && l.change == unchanged {
				l.change, l.moved = added, true
				u.moved, u.added = append(u.moved, i), append(u.added, i)
			}
			l.trusted = trusted
		}
	}
}

// list puts the new results in the places of those that were stale.
func (u *stayUpdate) list(fresh []*stayCluster) {
	compare := func(a, b *stayCluster) int { return cmp.Compare(a.result.ID, b.result.ID) }
	slices.SortFunc(fresh, compare)
	order := make([]*stayCluster, 0, len(u.order)+len(fresh))
	for _, c := range u.order {
		if c.stale {
			continue
		}
		for len(fresh) > 0 && compare(fresh[0], c) < 0 {
			order, fresh = append(order, fresh[0]), fresh[1:]
		}
		order = append(order, c)
	}
	u.order = append(order, fresh...)
}
