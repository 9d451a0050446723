package places

import (
	"slices"
	"strings"
)

// TownsNear are the folded words that towns around a position are called by, in every
// language that the tables have, sorted: "munich", "munchen", "muenchen". The distance
// is from the middle of each town. Nil if there is none.
func (a *Atlas) TownsNear(lat, lon, metres float64) []string {
	x := a.index()
	var words []string
	for i := range a.places {
		p := &a.places[i]
		if d := p.Lat - lat; d > 1 || d < -1 { // a degree of latitude is 111 km
			continue
		}
		if DistanceMetres(lat, lon, p.Lat, p.Lon) > metres {
			continue
		}
		for _, w := range strings.Fields(x.words[i]) {
			if w != strings.ToLower(p.ID) && len(w) > 2 && (p.Type != TypeAirport || !slices.Contains(strings.Fields(fold(p.Name)), w)) {
				words = append(words, w)
			}
		}
		words = append(words, strings.Fields(fold(p.City))...)
	}
	slices.Sort(words)
	return slices.Compact(words)
}
