package match

import (
	"math"
	"slices"
	"strings"

	"fanfare/providers/places"
)

// The bands of docs/definitions.md 5.5: what is surely the same is merged, what may be is shown
// separately and marked.
const (
	BandSame  = 0.92
	BandMaybe = 0.75
)

// The weights of evidence, in log-odds. They are few and were set by hand from what the
// definitions say, then checked on the sets of testdata/hotel-pairs that are there for it;
// revisit them with pairs from real partners. Each piece counts only where both listings
// state it.
const (
	namePerRatio   = 9.0  // from 0 to 1
	nameOffset     = -5.5 // of names that share nothing
	sharedPerWord  = 0.8  // a name of many own words says more than a common one
	sharedMost     = 3
	commonMost     = 0.7 // words that are not rare say no more together than this
	nearMost       = 3.5 // on the same spot,
	halfMetres     = 75  // half of it 75 m away (docs/definitions.md 5.3), and so on
	nearOffset     = -0.8
	farPerMetre    = -0.0025
	farMost        = -4    // an address that agrees to the house still outweighs a position that does not
	rareHolds      = 1.3   // for each rare word that the names share, a wrong position says so much less
	rareMost       = 2.5   // words
	rareAgrees     = 0.3   // and the name so much more, for each beyond the first
	elsewhere      = -1    // a common name in two streets that are not near each other
	farApart       = -1    // positions that say this of two streets' houses
	rareElsewhere  = 0.4   // leave rare words so much of what they say
	beyondTown     = -4e-4 // a metre further away than a town's houses are,
	beyondMost     = -6    // at most
	roundedNear    = -0.9  // a position of few digits is near,
	rareRounded    = 0.4   // and rare words agree
	placeless      = -2.2  // one has no position to trust: another house of the name may be elsewhere in town,
	rarePlaceless  = 0.3   // less so for each rare word
	sameTown       = 0.5   // and if both say the same town, or its middle is near
	otherTown      = -2.5
	houseAgrees    = 2.5
	houseSurely    = 3.1
	houseOfName    = 3.6  // whose names share a word of their own
	farHouse       = -3.1 // positions that differ, of houses with one long number on one street
	otherSuburb    = -1.2 // towns that differ, of such houses
	streetAgrees   = 0.6
	streetDiffers  = -1.2
	laneDiffers    = -3
	rareStreets    = 0.4 // less so for each of two rare words: one house's address is written in many ways
	postcodeAgrees = 0.6
	postcodeOff    = -1.0
	phoneAgrees    = 3.5
	domainAgrees   = 1.5
	starsAgree     = 0.3
	starsOff       = -0.6 // a star apart
)

// townMetres is how far from a town's middle its houses are.
const townMetres = 5_000

// aroundTown is how far the house may be from a position that is its region's.
const aroundTown = 25_000

// ownRare is how rare what names share must be to be a word of the house's own.
const ownRare = 0.8

// rareRatio is how far names must agree for their rare words to speak against the position.
const rareRatio = 0.8

// vetoStars apart, two listings are two houses (docs/definitions.md 5.4).
const vetoStars = 2

// Veto is why two listings cannot be one house, "" if they may.
func Veto(a, b *Profile) string {
	p, q := a.Property, b.Property
	switch {
	case p.Stars > 0 && q.Stars > 0 && math.Abs(p.Stars-q.Stars) >= vetoStars:
		return "stars"
	case p.GIATA != "" && q.GIATA != "" && p.GIATA != q.GIATA:
		return "giata"
	case otherCountry(a.country, b.country):
		return "country"
	case a.address.compare(&b.address) == otherHouse:
		return "street number"
	}
	why := ""
	for i := range a.Names {
		for j := range b.Names {
			if why = a.Names[i].veto(&b.Names[j]); why == "" {
				return "" // a house that tells of its former name may be found by either
			}
		}
	}
	return why
}

func (f *NameForm) veto(g *NameForm) string {
	switch {
	case len(f.Brands) > 0 && len(g.Brands) > 0 && !slices.ContainsFunc(f.Brands, func(b *Brand) bool { return slices.Contains(g.Brands, b) }) && !f.softOnly() && !g.softOnly():
		return "brand"
	case !slices.Equal(f.Mods, g.Mods):
		return "modifier"
	case lacks(f, g) && lacks(g, f), len(f.long) > 0 && len(g.long) > 0 && !slices.Equal(f.long, g.long), f.label != "" && g.label != "" && f.label != g.label:
		return "numeral"
	case len(f.streets) > 0 && len(g.streets) > 0 && !slices.Equal(f.streets, g.streets):
		return "numeral"
	case f.Kinds != 0 && g.Kinds != 0 && f.Kinds&g.Kinds == 0:
		return "kind"
	case f.parted(g):
		return "part"
	}
	return ""
}

// lacks reports whether g has a number that f does not, nor the beginning of one where a
// name is cut.
func lacks(f, g *NameForm) bool {
	return slices.ContainsFunc(g.Numbers, func(n string) bool {
		return !slices.ContainsFunc(f.Numbers, func(m string) bool {
			return m == n || f.cut && strings.HasPrefix(n, m) || g.cut && strings.HasPrefix(m, n)
		})
	})
}

func (f *NameForm) softOnly() bool {
	return !slices.ContainsFunc(f.Brands, func(b *Brand) bool { return !b.soft })
}

// parted reports whether the names have different words of one group of parted.
func (f *NameForm) parted(g *NameForm) bool {
	if f.parts == 0 || g.parts == 0 {
		return false
	}
	n := 0
	for _, group := range parted {
		mask := uint64(1)<<len(group) - 1
		x, y := f.parts>>n&mask, g.parts>>n&mask
		if x != 0 && y != 0 && x&y == 0 {
			return true
		}
		n += len(group)
	}
	return false
}

// clashWeight of words that each name has instead of the other's make another house
// likely, however much else agrees: two flats on one floor.
const clashWeight = 0.65

// MaybeAtMost reports whether two listings are shown as perhaps the same at most, never
// merged.
func MaybeAtMost(a, b *Profile) bool { return doubtful(a, b, compareNames(a, b)) }

// doubtful reports whether two listings are shown as perhaps the same at most: where only
// one name has what makes another house of it, a number or the word suites, each has a
// word of its own, they share a brand and one says which house of it, or a short word
// that differs in a letter is all that they share. A shared id or telephone settles it.
func doubtful(a, b *Profile, name alikeness) bool {
	if a.Property.GIATA != "" && a.Property.GIATA == b.Property.GIATA || a.phone != "" && a.phone == b.phone {
		return false
	}
	house := a.address.compare(&b.address) == sameHouse
	if name.clash >= clashWeight || name.within && !house || (name.brandOnly || name.slip) && !house {
		return true
	}
	for i := range a.Names {
		for j := range b.Names {
			f, g := &a.Names[i], &b.Names[j]
			if f.section && g.section && name.clash >= clashWord {
				continue // another part of a house
			}
			if !house && f.otherKind(g) || f.flats != g.flats && f.sharesBrand(g) {
				continue
			}
			if (f.sameSuites(g, house) || house && name.ratio >= equalRatio) && a.explains(b, f, g) {
				return false
			}
		}
	}
	return true
}

// sameSuites reports whether both names say suites, or neither does. In one house, a name
// that says hotel besides, or a brand that both have, may leave suites out.
func (f *NameForm) sameSuites(g *NameForm, house bool) bool {
	if f.suites == g.suites {
		return true
	}
	if g.suites {
		f, g = g, f
	}
	return house && (f.hotel && g.Kinds&^kindHotel == 0 || f.sharesBrand(g))
}

// sharesBrand reports whether both names have a brand whose houses are called by it.
func (f *NameForm) sharesBrand(g *NameForm) bool {
	return slices.ContainsFunc(f.Brands, func(b *Brand) bool { return !b.soft && slices.Contains(g.Brands, b) })
}

// otherKind reports whether one name says villas, flats or a hostel, and the other a hotel
// or resort: the two may stand side by side.
func (f *NameForm) otherKind(g *NameForm) bool {
	other := func(f, g *NameForm) bool {
		return f.Kinds != 0 && f.Kinds&kindHotel == 0 && f.Kinds&kindGuesthouse == 0 && !f.resort && g.Kinds&^kindHotel == 0 && (g.hotel || g.resort)
	}
	return other(f, g) || other(g, f)
}

// explains reports whether no number of one name is missing in the other's, but for those
// of the address.
func (p *Profile) explains(q *Profile, f, g *NameForm) bool {
	if len(f.Numbers)+len(f.long) > 0 && len(g.Numbers)+len(g.long) > 0 {
		return true // veto has compared them
	}
	if f.unit || g.unit {
		return false
	}
	for _, n := range [2][]string{f.Numbers, g.Numbers} {
		for _, number := range n {
			if !p.address.has(number) && !q.address.has(number) {
				return false
			}
		}
	}
	return true
}

// mostDoubtful is the probability that doubtful listings reach: within the band that is
// marked, not merged.
const mostDoubtful = 0.91

// Probability is how likely two listings are one house, 0 to 1, by the evidence of
// docs/definitions.md 5.3. trusted says whether both positions may be believed. Vetoes are
// another matter: see Veto.
func Probability(a, b *Profile, trusted bool) float64 { return Explain(a, b, trusted, nil) }

// Explain is Probability, and calls why, which may be nil, with each piece of evidence in
// log-odds; 0 for one that decides by itself.
func Explain(a, b *Profile, trusted bool, why func(what string, odds float64)) float64 {
	if a.Property.GIATA != "" && a.Property.GIATA == b.Property.GIATA {
		if why != nil {
			why("giata", 0)
		}
		return 1
	}
	name := compareNames(a, b)
	says := min(name.shared, commonMost+name.rare)
	odds := nameOffset + namePerRatio*float64(name.ratio) + sharedPerWord*(min(float64(says), sharedMost)-1)
	if why == nil && odds+mostElse(a, b) < leastOdds {
		return 0 // most pairs that share a block
	}
	if why != nil {
		why("name", odds)
	}
	add := func(what string, part float64) {
		if part != 0 && why != nil {
			why(what, part)
		}
		odds += part
	}
	address := a.address.compare(&b.address)
	named := address == sameHouse && a.address.longNumber() && b.address.longNumber()
	rare := 0.0
	if name.ratio >= rareRatio {
		rare = min(float64(name.rare), rareMost)
	}
	add("rare name", rareAgrees*max(rare-1, 0))
	if trusted {
		position := positionOdds(a, b, rare, named)
		if address == otherStreet && position < farApart { // the two agree
			position = min(position, positionOdds(a, b, rare*rareElsewhere, named))
			add("common name", elsewhere*max(1-rare, 0))
		}
		add("position", position)
	} else {
		add("no position", placeless+rarePlaceless*rare)
		add("town", townOdds(a, b, named))
	}
	if address == sameHouse && name.rare >= ownRare && name.clash < clashWord {
		add("address", houseOfName)
	} else {
		add("address", addressOdds(address, named, rare))
	}
	addFacts(a, b, add)
	same := 1 / (1 + math.Exp(-odds))
	if same > mostDoubtful && doubtful(a, b, name) {
		if why != nil {
			why("doubtful", 0)
		}
		return mostDoubtful
	}
	return same
}

// addFacts adds what two listings state besides name, position and address.
func addFacts(a, b *Profile, add func(what string, odds float64)) {
	if x, y := a.address.postcode, b.address.postcode; x != "" && y != "" {
		if samePostcode(x, y) {
			add("postcode", postcodeAgrees)
		} else {
			add("postcode", postcodeOff)
		}
	}
	if a.phone != "" && a.phone == b.phone {
		add("phone", phoneAgrees)
	}
	if a.domain != "" && a.domain == b.domain {
		add("website", domainAgrees)
	}
	if p, q := a.Property, b.Property; p.Stars > 0 && q.Stars > 0 {
		if apart := math.Abs(p.Stars - q.Stars); apart < 0.5 {
			add("stars", starsAgree)
		} else {
			add("stars", starsOff*apart)
		}
	}
}

// positionOdds is what two positions say. One of few digits says where the house is not,
// hardly where it is.
func positionOdds(a, b *Profile, rare float64, house bool) float64 {
	slack := max(a.slack, b.slack)
	apart := places.DistanceMetres(a.Lat, a.Lon, b.Lat, b.Lon)
	metres := max(apart-slack, 0)
	odds := nearOffset + nearMost*math.Exp2(-metres/halfMetres) + farPerMetre*metres
	if slack > 0 {
		odds = min(odds, roundedNear+rareRounded*rare)
		if near := nearOffset + nearMost*math.Exp2(-apart/halfMetres); near > 0 {
			odds = max(odds, near*0.75) // few digits may be all that there are
		}
	}
	least := farMost + rareHolds*rare
	if metres > townMetres {
		least += max(beyondTown*(metres-townMetres), beyondMost)
	}
	if house && metres < aroundTown {
		least = max(least, farHouse)
	}
	return max(odds, least)
}

// townOdds is what the towns say of two listings without positions.
func townOdds(a, b *Profile, house bool) float64 {
	if same, stated := sameCity(a, b); stated {
		if same {
			return sameTown
		}
		if house {
			return otherSuburb
		}
		return otherTown
	}
	if a.HasPosition && b.HasPosition && places.DistanceMetres(a.Lat, a.Lon, b.Lat, b.Lon) < townMetres {
		return sameTown
	}
	return 0
}

// addressOdds is what two addresses say. One house says more if its number is a long one.
func addressOdds(v verdict, long bool, rare float64) float64 {
	switch v {
	case sameHouse:
		if long {
			return houseSurely
		}
		return houseAgrees
	case sameStreet:
		return streetAgrees
	case otherLane:
		return laneDiffers
	case otherStreet:
		return streetDiffers + rareStreets*min(max(rare-ownRare, 0), 2)
	}
	return 0
}

// leastOdds are those of bandMaybe, rounded down.
const leastOdds = 1.09

// mostElse is an upper bound of what anything but the name can say for two listings.
func mostElse(a, b *Profile) float64 {
	most := nearOffset + nearMost + starsAgree + postcodeAgrees + rareAgrees*(rareMost-1)
	if a.address.named() && b.address.named() {
		most += houseOfName
	}
	if a.phone != "" && a.phone == b.phone {
		most += phoneAgrees
	}
	if a.domain != "" && a.domain == b.domain {
		most += domainAgrees
	}
	return most
}

// samePostcode takes the shorter of two for the whole: 1012 and 1012AB.
func samePostcode(x, y string) bool {
	if len(x) > len(y) {
		x, y = y, x
	}
	return y[:len(x)] == x
}
