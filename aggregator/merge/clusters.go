package merge

import (
	"cmp"
	"slices"

	"fanfare/aggregator/merge/match"
	"fanfare/providers/travel"
)

// DoNotMerge is two listings that must not become one property, whatever speaks for it: what
// a person has judged. The order of the two does not matter.
type DoNotMerge [2]travel.Listing

// matched is two listings, by position, and how likely they are one house.
type matched struct {
	i, j int
	same float64
}

// matching is the listings of one component, sorted: those that pairs which may be one
// house hold together.
type matching struct {
	listings   []travel.Listing
	profiles   []*match.Profile
	trusted    []bool
	doNotMerge map[DoNotMerge]bool
	cluster    []int         // the lowest member of each listing's cluster
	members    map[int][]int // of the clusters of two and more
}

// match puts the listings into clusters: pairs from the surest on, and a pair joins its
// clusters only if no two members veto each other, and no partner would have two
// listings in one. So the outcome does not depend on any order but that of sureness.
// It returns the pairs of different clusters that may be the same.
func (m *matching) match(pairs []matched) []matched {
	m.cluster, m.members = make([]int, len(m.listings)), map[int][]int{}
	for i := range m.cluster {
		m.cluster[i] = i
	}
	slices.SortFunc(pairs, func(a, b matched) int {
		return cmp.Or(cmp.Compare(b.same, a.same), cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j)) // listings are sorted
	})
	rivals := m.rivals(pairs)
	for _, p := range pairs {
		if p.same >= match.BandSame && !rivals[[2]int{p.i, p.j}] {
			m.join(p.i, p.j)
		}
	}
	return slices.DeleteFunc(pairs, func(p matched) bool { return m.cluster[p.i] == m.cluster[p.j] || m.contradict(p.i, p.j) })
}

// rivals are pairs that have an equally good one at the same partner: a house cannot be
// both of two that the partner keeps apart, and nothing says which it is.
func (m *matching) rivals(pairs []matched) map[[2]int]bool {
	type side struct {
		listing int
		partner string
	}
	best := map[side]matched{}
	out := map[[2]int]bool{}
	note := func(s side, p matched) {
		first, taken := best[s]
		if !taken {
			best[s] = p // the surest: pairs are sorted
			return
		}
		if first.same-p.same < rivalMargin {
			out[[2]int{p.i, p.j}], out[[2]int{first.i, first.j}] = true, true
		}
	}
	for _, p := range pairs {
		if p.same < match.BandSame {
			break
		}
		note(side{p.i, m.listings[p.j].Partner}, p)
		note(side{p.j, m.listings[p.i].Partner}, p)
	}
	return out
}

// rivalMargin is how much surer one of two must be to be taken.
const rivalMargin = 0.001

// forbidden reports whether two listings cannot be one house.
func (m *matching) forbidden(i, j int) bool {
	return forbidden(m.doNotMerge, m.listings[i], m.listings[j], m.profiles[i], m.profiles[j])
}

func forbidden(doNotMerge map[DoNotMerge]bool, a, b travel.Listing, p, q *match.Profile) bool {
	return len(doNotMerge) > 0 && doNotMerge[DoNotMerge{a, b}.sorted()] || match.Veto(p, q) != ""
}

// sorted is the pair with the lower listing first.
func (a DoNotMerge) sorted() DoNotMerge {
	if a[0].Compare(a[1]) > 0 {
		a[0], a[1] = a[1], a[0]
	}
	return a
}

// keepsApart reports whether two members would not be merged by themselves, and so are not
// by way of a third.
func (m *matching) keepsApart(i, j int) bool {
	if m.listings[i].Partner == m.listings[j].Partner || m.forbidden(i, j) {
		return true
	}
	a, b := m.profiles[i], m.profiles[j]
	return match.MaybeAtMost(a, b)
}

func (m *matching) of(i int) []int {
	if all := m.members[m.cluster[i]]; all != nil {
		return all
	}
	return []int{i}
}

// listed is what the partners of a cluster call it, in the order of listings.
func (m *matching) listed(i int) []travel.Listing {
	var all []travel.Listing
	for _, x := range m.of(i) {
		all = append(all, m.listings[x])
	}
	return all
}

// join makes two clusters one, unless members of them rule it out.
func (m *matching) join(i, j int) {
	if m.cluster[i] == m.cluster[j] {
		return
	}
	ours, theirs := m.of(i), m.of(j)
	for _, x := range ours {
		for _, y := range theirs {
			if m.keepsApart(x, y) {
				return
			}
		}
	}
	all := slices.Concat(ours, theirs)
	slices.Sort(all)
	delete(m.members, m.cluster[i])
	delete(m.members, m.cluster[j])
	for _, x := range all {
		m.cluster[x] = all[0]
	}
	m.members[all[0]] = all
}

// contradict reports whether the clusters of two listings have members that rule each
// other out by what they say; that a partner lists both does not count.
func (m *matching) contradict(i, j int) bool {
	for _, x := range m.of(i) {
		for _, y := range m.of(j) {
			if m.forbidden(x, y) {
				return true
			}
		}
	}
	return false
}

// together is the property of a cluster: the words of its lowest member, and what that
// does not say from the next that does. A fact is always one partner's whole word.
func (m *matching) together(members []int) travel.Property {
	p := *m.profiles[members[0]].Property
	for _, i := range members[1:] {
		q := m.profiles[i].Property
		if p.Stars == 0 {
			p.Stars = q.Stars
		}
		if (!p.HasGeo || !m.trusted[members[0]]) && m.trusted[i] {
			p.SetGeo(q.Lat, q.Lon)
		}
		if p.GuestScore == 0 {
			p.GuestScore, p.GuestReviews = q.GuestScore, q.GuestReviews
		}
		for _, fact := range [][2]*string{{&p.Name, &q.Name}, {&p.Address, &q.Address}, {&p.City, &q.City}, {&p.PostCode, &q.PostCode}, {&p.Country, &q.Country}, {&p.Phone, &q.Phone}, {&p.Website, &q.Website}, {&p.Chain, &q.Chain}, {&p.GIATA, &q.GIATA}} {
			if *fact[0] == "" {
				*fact[0] = *fact[1]
			}
		}
	}
	return p
}
