package merge

import (
	"math"
	"slices"

	"fanfare/providers/places"
)

// The bands of definitions 5.6: what is surely the same is merged, what may be is shown
// separately and marked.
const (
	bandSame  = 0.92
	bandMaybe = 0.75
)

// The weights of evidence, in log-odds. They are few and were set by hand from what the
// definitions say, then checked on the tuning half of testdata/hotel-pairs; revisit them
// with pairs from real partners. Each piece counts only where both listings state it.
const (
	namePerRatio   = 9.0  // from 0 to 1
	nameOffset     = -5.5 // of names that share nothing
	sharedPerWord  = 0.8  // a name of many own words says more than a common one
	sharedMost     = 3
	nearMost       = 3.5 // on the same spot,
	halfMetres     = 75  // half of it 75 m away (definitions 5.4), and so on
	nearOffset     = -0.8
	farPerMetre    = -0.0025
	farMost        = -4   // an address that agrees to the house still outweighs a position that does not
	placeless      = -2.2 // one has no position to trust: another house of the name may be elsewhere in town,
	sameTown       = 0.5  // though the middle of a town that it gives is near
	houseAgrees    = 2.5
	streetAgrees   = 0.6
	streetDiffers  = -1.2
	postcodeAgrees = 0.6
	postcodeOff    = -1.0
	phoneAgrees    = 3.5
	domainAgrees   = 1.5
	starsAgree     = 0.3
	starsOff       = -0.6 // a star apart
)

// townMetres is how far from a town's middle its houses are.
const townMetres = 5_000

// vetoStars apart, two listings are two houses (definitions 5.5).
const vetoStars = 2

// veto is why two listings cannot be one house, "" if they may.
func veto(a, b *profile) string {
	p, q := a.property, b.property
	switch {
	case p.Stars > 0 && q.Stars > 0 && math.Abs(p.Stars-q.Stars) >= vetoStars:
		return "stars"
	case p.GIATA != "" && q.GIATA != "" && p.GIATA != q.GIATA:
		return "giata"
	case a.address.compare(&b.address) == otherHouse:
		return "street number"
	}
	why := ""
	for i := range a.names {
		for j := range b.names {
			if why = a.names[i].veto(&b.names[j]); why == "" {
				return "" // a house that tells of its former name may be found by either
			}
		}
	}
	return why
}

func (f *nameForm) veto(g *nameForm) string {
	switch {
	case len(f.brands) > 0 && len(g.brands) > 0 && !slices.ContainsFunc(f.brands, func(b *brand) bool { return slices.Contains(g.brands, b) }) && !f.softOnly() && !g.softOnly():
		return "brand"
	case !slices.Equal(f.mods, g.mods):
		return "modifier"
	case len(f.numbers) > 0 && len(g.numbers) > 0 && !slices.Equal(f.numbers, g.numbers):
		return "numeral"
	case len(f.streets) > 0 && len(g.streets) > 0 && !slices.Equal(f.streets, g.streets):
		return "numeral"
	case f.kinds != 0 && g.kinds != 0 && f.kinds&g.kinds == 0:
		return "kind"
	case f.parted(g):
		return "part"
	}
	return ""
}

func (f *nameForm) softOnly() bool {
	return !slices.ContainsFunc(f.brands, func(b *brand) bool { return !b.soft })
}

// parted tells whether the names have different words of one group of parted.
func (f *nameForm) parted(g *nameForm) bool {
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
const clashWeight = 0.8

// doubtful tells whether two listings are shown as perhaps the same at most: where only
// one name has what makes another house of it, a number or the word suites, each has a
// word of its own, they share a brand and one says which house of it, or a short word
// that differs in a letter is all that they share. A shared id or telephone settles it.
func doubtful(a, b *profile, name alikeness) bool {
	if a.property.GIATA != "" && a.property.GIATA == b.property.GIATA || a.phone != "" && a.phone == b.phone {
		return false
	}
	if name.clash >= clashWeight || (name.brandOnly || name.slip) && a.address.compare(&b.address) != sameHouse {
		return true
	}
	for i := range a.names {
		for j := range b.names {
			f, g := &a.names[i], &b.names[j]
			if f.suites == g.suites && (len(f.numbers) == 0) == (len(g.numbers) == 0) {
				return false
			}
		}
	}
	return true
}

// mostDoubtful is the sameness that doubtful listings reach: within the band that is
// marked, not merged.
const mostDoubtful = 0.91

// sameness is how likely two listings are one house, 0 to 1, by the evidence of
// definitions 5.4. trusted says whether both positions may be believed. Vetoes are
// another matter: see veto.
func sameness(a, b *profile, trusted bool) float64 {
	p, q := a.property, b.property
	if p.GIATA != "" && p.GIATA == q.GIATA {
		return 1
	}
	name := compareNames(a, b)
	odds := nameOffset + namePerRatio*float64(name.ratio) + sharedPerWord*(min(float64(name.shared), sharedMost)-1)
	if odds+mostElse(a, b) < leastOdds {
		return 0 // most pairs that share a block
	}
	if trusted {
		metres := places.DistanceMetres(a.lat, a.lon, b.lat, b.lon)
		odds += max(nearOffset+nearMost*math.Exp2(-metres/halfMetres)+farPerMetre*metres, farMost)
	} else {
		odds += placeless
		if a.geo && b.geo && places.DistanceMetres(a.lat, a.lon, b.lat, b.lon) < townMetres {
			odds += sameTown
		}
	}
	switch a.address.compare(&b.address) {
	case sameHouse:
		odds += houseAgrees
	case sameStreet:
		odds += streetAgrees
	case otherStreet:
		odds += streetDiffers
	}
	if x, y := a.address.postcode, b.address.postcode; x != "" && y != "" {
		if samePostcode(x, y) {
			odds += postcodeAgrees
		} else {
			odds += postcodeOff
		}
	}
	if a.phone != "" && a.phone == b.phone {
		odds += phoneAgrees
	}
	if a.domain != "" && a.domain == b.domain {
		odds += domainAgrees
	}
	if p.Stars > 0 && q.Stars > 0 {
		if apart := math.Abs(p.Stars - q.Stars); apart < 0.5 {
			odds += starsAgree
		} else {
			odds += starsOff * apart
		}
	}
	same := 1 / (1 + math.Exp(-odds))
	if same > mostDoubtful && doubtful(a, b, name) {
		return mostDoubtful
	}
	return same
}

// leastOdds are those of bandMaybe, rounded down.
const leastOdds = 1.09

// mostElse is an upper bound of what anything but the name can say for two listings.
func mostElse(a, b *profile) float64 {
	most := nearOffset + nearMost + starsAgree + postcodeAgrees
	if len(a.address.street) > 0 && len(b.address.street) > 0 {
		most += houseAgrees
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
