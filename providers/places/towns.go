package places

import (
	"slices"
	"strings"
)

// TownNames are the folded words that a town, or the town of an airport, is called by.
type TownNames struct {
	Town  string // the town's folded name, the same for all places that are in it
	Words []string
}

// TownsNear are the names of the towns around a position, in every language that the
// tables have: "munich", "munchen", "muenchen". The distance is from the middle of each
// town. A town may come several times, with other words. Nil if there is none.
func (a *Atlas) TownsNear(lat, lon, metres float64) []TownNames {
	x := a.index()
	var towns []TownNames
	for i := range a.places {
		p := &a.places[i]
		if d := p.Lat - lat; d > 1 || d < -1 { // a degree of latitude is 111 km
			continue
		}
		if DistanceMetres(lat, lon, p.Lat, p.Lon) > metres {
			continue
		}
		town := TownNames{Town: fold(p.City)}
		for _, w := range strings.Fields(x.words[i]) {
			if w != strings.ToLower(p.ID) && len(w) > 2 && (p.Type != TypeAirport || !slices.Contains(strings.Fields(fold(p.Name)), w)) {
				town.Words = append(town.Words, w)
			}
		}
		town.Words = append(town.Words, strings.Fields(town.Town)...)
		if town.Town == "" {
			town.Town = fold(p.Name)
		}
		towns = append(towns, town)
	}
	return towns
}
