package merge

import (
	"cmp"
	"slices"

	"fanfare/providers/travel"
)

// results makes the results of one component, whose listings are sorted.
func (u *stayUpdate) results(h *hasher, component []int32) []*stayCluster {
	m := matching{doNotMerge: u.doNotMerge}
	position := make(map[int32]int, len(component))
	for n, i := range component {
		l := &u.all[i]
		position[i] = n
		m.listings, m.profiles, m.trusted = append(m.listings, l.Listing), append(m.profiles, l.profile), append(m.trusted, l.trusted)
	}
	var pairs []matched
	for n, i := range component {
		for _, p := range u.all[i].pairs {
			if j := position[p.other]; j < n {
				pairs = append(pairs, matched{n, j, p.same})
			}
		}
	}
	maybe := m.match(pairs)
	clusters := make([]*stayCluster, len(component)) // by their lowest member
	var all []*stayCluster
	for n := range component {
		if m.cluster[n] != n {
			continue
		}
		c := &stayCluster{}
		for _, x := range m.of(n) {
			c.members = append(c.members, component[x])
			u.all[component[x]].cluster = c
		}
		h.text(m.listings[n].Partner)
		h.text(m.listings[n].ID)
		c.result = travel.StayResult{ID: h.key().id(), Property: m.together(m.of(n)), Listings: m.listed(n), Quotes: u.quotes(c.members)}
		clusters[n] = c
		all = append(all, c)
	}
	for _, p := range maybe {
		a, b := &clusters[m.cluster[p.i]].result, &clusters[m.cluster[p.j]].result
		a.MayBe, b.MayBe = append(a.MayBe, b.ID), append(b.MayBe, a.ID)
	}
	for _, c := range all {
		slices.Sort(c.result.MayBe)
		c.result.MayBe = slices.Compact(c.result.MayBe)
	}
	return all
}

// quotes are the rates of a property's listings, cheapest first.
func (u *stayUpdate) quotes(members []int32) []travel.RateQuote {
	n := 0
	for _, i := range members {
		l := &u.all[i]
		n += len(l.answer.ratesOf[l.at])
	}
	quotes := make([]travel.RateQuote, 0, n)
	for _, i := range members {
		l := &u.all[i]
		for _, r := range l.answer.ratesOf[l.at] {
			quotes = append(quotes, l.answer.rates[r].quote)
		}
	}
	slices.SortFunc(quotes, func(a, b travel.RateQuote) int {
		return cmp.Or(cmp.Compare(a.EURMicros, b.EURMicros), cmp.Compare(a.Partner, b.Partner), cmp.Compare(a.ID, b.ID))
	})
	return quotes
}
