package merge

import (
	"cmp"
	"slices"

	"fanfare/aggregator/merge/match"
	"fanfare/providers/travel"
)

// Houses is which listings of several partners are one house, as Stays merges them.
type Houses struct {
	Clusters [][]travel.Listing // every listing is in one; sorted by their first
	Doubts   []Doubt            // listings of two clusters that may be one house; sorted
	Judged   []Judgement        // the pairs that were compared; sorted
}

// Doubt is two listings that may be one house, and how likely that is.
type Doubt struct {
	Listings    DoNotMerge
	Probability float64
}

// Judgement is why two listings are one house or not.
type Judgement struct {
	Doubt
	Veto     string // why they cannot be one, "" without a veto
	Evidence []Evidence
	Merged   bool
}

// Evidence is one part of a judgement, in log-odds: 0 for what decides by itself.
type Evidence struct {
	What    string
	LogOdds float64
}

// MatchListings puts the properties of each partner into houses. It goes the way of stays:
// the same blocks, evidence and vetoes. An id may come once a partner. Judged is nil
// unless explain is set.
func MatchListings(partners map[string][]travel.Property, explain bool) Houses {
	var m stayMerger
	answers := make([]*Prepared, 0, len(partners))
	for partner, properties := range partners {
		answers = append(answers, sealListings(partner, properties))
	}
	results := m.merge(onePerPartner(answers), nil)
	var h Houses
	for i := range results {
		h.Clusters = append(h.Clusters, results[i].Listings)
	}
	slices.SortFunc(h.Clusters, func(a, b []travel.Listing) int { return a[0].Compare(b[0]) })
	for i := range m.all {
		for _, p := range m.all[i].pairs {
			if a, b := &m.all[i], &m.all[p.other]; a.Compare(b.Listing) < 0 && a.cluster != b.cluster && !m.contradict(a.cluster, b.cluster) {
				h.Doubts = append(h.Doubts, Doubt{DoNotMerge{a.Listing, b.Listing}, p.same})
			}
		}
	}
	slices.SortFunc(h.Doubts, compareDoubts)
	if explain {
		h.Judged = m.explain()
	}
	return h
}

func compareDoubts(a, b Doubt) int {
	return cmp.Or(a.Listings[0].Compare(b.Listings[0]), a.Listings[1].Compare(b.Listings[1]))
}

// sealListings is an answer of properties without rates.
func sealListings(partner string, properties []travel.Property) *Prepared {
	s := &Prepared{Answer: travel.Answer{Partner: partner}}
	words := make(map[string]*travel.Property, len(properties))
	for i := range properties {
		words[properties[i].ID] = &properties[i]
	}
	s.listed = match.Profiles(words)
	s.ratesOf = make([][]int32, len(s.listed))
	return s
}

// contradict reports whether listings of two clusters rule each other out by what they say.
func (m *stayMerger) contradict(a, b *stayCluster) bool {
	for _, i := range a.members {
		for _, j := range b.members {
			if x, y := &m.all[i], &m.all[j]; forbidden(m.doNotMerge, x.Listing, y.Listing, x.profile, y.profile) {
				return true
			}
		}
	}
	return false
}

// explain judges the pairs that share a block once more, and says why.
func (m *stayMerger) explain() (all []Judgement) {
	for i := range m.all {
		a := &m.all[i]
		seen := map[int32]bool{}
		m.blocks.Meet(a.profile, a.trusted, func(members []int32, alike bool) {
			for _, j := range members {
				b := &m.all[j]
				if a.Partner >= b.Partner || seen[j] || alike && !match.SketchesAlike(a.profile.Sketch, b.profile.Sketch) {
					continue
				}
				seen[j] = true
				all = append(all, m.judge(a, b))
			}
		})
	}
	slices.SortFunc(all, func(a, b Judgement) int { return compareDoubts(a.Doubt, b.Doubt) })
	return all
}

func (m *stayMerger) judge(a, b *stayListing) Judgement {
	j := Judgement{Doubt: Doubt{Listings: DoNotMerge{a.Listing, b.Listing}}, Veto: match.Veto(a.profile, b.profile), Merged: a.cluster == b.cluster}
	j.Probability = match.Explain(a.profile, b.profile, a.trusted && b.trusted, func(what string, odds float64) {
		j.Evidence = append(j.Evidence, Evidence{what, odds})
	})
	return j
}
