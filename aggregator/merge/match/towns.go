package match

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// townSet is the words by which a listing's town may be called.
type townSet struct {
	*area
	city []string // of the listing's own words for its town
}

// area is the words by which towns and airports around a place are called. Listings share it.
type area struct {
	towns    map[string]uint64 // each with bits for the towns that it names
	parts    map[string]uint64 // the same of words that many names have: New York
	airports map[string]bool
}

// town is the towns that a word names, as bits; a may be nil.
func (a *area) town(w string) uint64 {
	if a == nil {
		return 0
	}
	return a.towns[w]
}

// airport reports whether a word is one of an airport's name.
func (a *area) airport(w string) bool { return a != nil && a.airports[w] }

// SameAreas remembers which of two answers' areas are equal.
type SameAreas map[[2]*area]bool

func (s SameAreas) equal(a, b *area) bool {
	if a == b || a == nil || b == nil {
		return a == b
	}
	same, known := s[[2]*area{a, b}]
	if !known {
		same = maps.Equal(a.towns, b.towns) && maps.Equal(a.parts, b.parts) && maps.Equal(a.airports, b.airports)
		s[[2]*area{a, b}] = same
	}
	return same
}

// Same reports whether two listings say the same of a house, and are judged alike.
func (s SameAreas) Same(p, q *Profile) bool {
	return *p.Property == *q.Property && s.equal(p.towns.area, q.towns.area) && slices.EqualFunc(p.Names, q.Names, func(f, g NameForm) bool {
		return slices.Equal(f.Words, g.Words) // how rare they are depends on the partner's other listings
	})
}

func (t *townSet) has(w string) bool {
	return t.town(w) != 0 || slices.Contains(t.city, w) && !generic[w]
}

// townsMetres is how far around a property towns lend their names to it: the suburbs of
// large cities call themselves by the city's name.
const townsMetres = 30_000

// mostLookups bounds how many areas of one answer are looked up. A search is of one area;
// an answer from everywhere is no traveller's question.
const mostLookups = 2000

// areas finds the words by which the towns around properties are called. It looks each
// quarter of a degree up once, and each town's name.
type areas struct {
	cells  map[[2]int]*area
	cities map[string]*area
	all    *area // of all cells so far, while they are few
}

func newAreas() *areas {
	return &areas{cells: map[[2]int]*area{}, cities: map[string]*area{}}
}

// areasOf looks up all areas of a partner's properties.
func areasOf(properties map[string]*travel.Property) *areas {
	x := newAreas()
	for _, p := range properties {
		if p.HasGeo {
			x.at(p.Lat, p.Lon)
		}
	}
	const oneSearch = 16 // quarter degrees that an area of 50 km has
	if len(x.cells) <= oneSearch {
		x.all = &area{map[string]uint64{}, map[string]uint64{}, map[string]bool{}}
		for _, words := range x.cells {
			for w, bits := range words.towns {
				x.all.towns[w] |= bits
			}
			for w, bits := range words.parts {
				x.all.parts[w] |= bits
			}
			maps.Copy(x.all.airports, words.airports)
		}
	}
	return x
}

// of is the words for a property: by its position, else by its city's name, else those of
// all the answer's other properties if they are in one area.
func (x *areas) of(p *travel.Property) *area {
	switch {
	case p.HasGeo:
		return x.at(p.Lat, p.Lon)
	case p.City != "":
		if words := x.named(p.City); words != nil {
			return words
		}
	}
	return x.all
}

func (x *areas) at(lat, lon float64) *area {
	const cells = 4 // in a degree
	at := [2]int{int(math.Floor(lat * cells)), int(math.Floor(lon * cells))}
	words, known := x.cells[at]
	if !known && len(x.cells) < mostLookups {
		words = areaAround((float64(at[0])+0.5)/cells, (float64(at[1])+0.5)/cells)
		x.cells[at] = words
	}
	return words
}

// named is the words around a town of that name, nil if none is known.
func (x *areas) named(city string) *area {
	folded := places.Fold(city)
	words, known := x.cities[folded]
	if !known && len(x.cities) < mostLookups {
		if found := places.Default().Search(city, 1); len(found) > 0 {
			if near := areaAround(found[0].Lat, found[0].Lon); hasAll(near.towns, strings.Fields(folded)) {
				words = near
			}
		}
		x.cities[folded] = words
	}
	return words
}

func hasAll(set map[string]uint64, words []string) bool {
	for _, w := range words {
		if set[cmp.Or(alike[w], w)]|set[w] == 0 {
			return false
		}
	}
	return len(words) > 0
}

func areaAround(lat, lon float64) *area {
	words, parts := map[string]uint64{}, map[string]uint64{}
	for _, town := range places.Default().TownsNear(lat, lon, townsMetres) {
		for _, w := range town.Words {
			w = cmp.Or(alike[w], w)
			switch bit := uint64(1) << (TextHash(town.Town) % 64); {
			case weights[w] != 0:
				parts[w] |= bit
			case !generic[w] && !modifiers[w] && kindWords[w] == 0:
				words[w] |= bit
			}
		}
	}
	a := &area{words, parts, map[string]bool{}}
	towns := townSet{area: a}
	for _, airport := range places.Default().AllAirports() {
		if airport.Scheduled && math.Abs(airport.Lat-lat) < 1 && places.DistanceMetres(lat, lon, airport.Lat, airport.Lon) < airportMetres {
			for _, w := range airportWords(airport.Name, &towns) {
				a.airports[w] = true
			}
		}
	}
	return a
}

// sameCity reports whether two listings state one town, if both state any: its name is
// that of the other, or has more words, or is one by which the other's town is called.
func sameCity(a, b *Profile) (same, stated bool) {
	x, y := a.cityName, b.cityName
	if len(x) == 0 || len(y) == 0 {
		return false, false
	}
	if len(x) > len(y) {
		x, y, a, b = y, x, b, a
	}
	within := func(words, others []string, area *townSet) bool {
		for _, w := range words {
			if !slices.Contains(others, w) && area.town(w) == 0 && !slices.ContainsFunc(others, func(o string) bool { return alikeTown(w, o) }) {
				return false
			}
		}
		return true
	}
	return within(x, y, &b.towns) || within(y, x, &a.towns), true
}

// alikeTown reports whether two words for towns differ by no more than a slip.
func alikeTown(w, o string) bool {
	most := min(len(w), len(o)) / 5
	return most > 0 && edits(w, o, most) <= most
}

// cityWords are the words of a stated city.
func cityWords(city string) []string {
	var words []string
	for _, w := range strings.Fields(places.Fold(city)) {
		if w = cmp.Or(alike[w], w); !generic[w] && w != "city" && w != "centre" && !isNumber(w) {
			if !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
	}
	return words
}

// countryCodes are codes of countries that are written in several ways.
var countryCodes = renamed(`gb: uk england scotland wales greatbritain unitedkingdom`, `us: usa unitedstates unitedstatesofamerica america`, `ae: uae unitedarabemirates`,
	`de: germany deutschland ger deu`, `fr: france fra`, `es: spain espana esp`, `it: italy italia ita`, `nl: netherlands holland nederland nld thenetherlands`, `at: austria osterreich aut`, `ch: switzerland schweiz suisse svizzera che`,
	`pt: portugal prt`, `th: thailand tha`, `cn: china chn peoplesrepublicofchina`, `jp: japan jpn`, `in: india ind`, `tr: turkey turkiye tur`, `gr: greece hellas grc`, `mx: mexico mex`, `br: brazil brasil bra`, `au: australia aus`, `ca: canada can`)

// countryOf is a country as countries are compared.
func countryOf(country string) string {
	folded := strings.Join(strings.Fields(places.Fold(country)), "")
	return cmp.Or(countryCodes[folded], folded)
}

// otherCountry reports whether two countries are stated in one way and are not one. A code
// and a name that is not known say nothing about each other.
func otherCountry(a, b string) bool {
	return a != "" && b != "" && a != b && (len(a) == 2) == (len(b) == 2)
}
