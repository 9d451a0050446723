package world

import (
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/travel"
)

// Rule is what a fare says about refunds or changes before departure.
type Rule byte

const (
	Unsaid  Rule = iota // the partner leaves it out
	Never               // not allowed
	ForFee              // allowed for a fee
	ForFree             // allowed, nothing to pay
)

// Brand is one of a carrier's fares: what is in it and what it costs beside the standard one.
type Brand struct {
	Name      string
	Cabin     travel.Cabin
	Factor    int // price in permille of the carrier's standard economy fare
	CabinBags int
	Checked   int
	Refund    Rule
	Change    Rule
}

// families are names of economy fares, cheapest first. Carriers take one each.
var families = [][3]string{
	{"Light", "Classic", "Flex"},
	{"Basic", "Standard", "Flexible"},
	{"Saver", "Value", "Comfort"},
	{"Eco Light", "Eco Smart", "Eco Full"},
	{"Go Lite", "Go", "Go Free"},
}

// cabinNames are what carriers call their cabins above economy.
var cabinNames = map[travel.Cabin][]string{
	travel.PremiumEconomy: {"Premium Economy", "Premium", "Economy Premium"},
	travel.Business:       {"Business", "Club", "Upper Cabin"},
	travel.First:          {"First", "First Suite"},
}

// brandsOf are all of a carrier's fares, cabin by cabin, cheapest first. They do
// not depend on the seed: a carrier is the same in every world.
func brandsOf(c *Carrier) []Brand {
	d := rng.RNG(0).Str("brands").Str(string(c.Code))
	names := rng.Pick(d, families)
	if c.Kind == lean {
		return []Brand{
			{names[0], travel.Economy, 720, d.Roll(2), 0, Never, ForFee},
			{names[1], travel.Economy, 1000, 1, 1, Never, ForFee},
			{names[2], travel.Economy, 1330, 1, 1, ForFee, ForFree},
		}
	}
	all := []Brand{
		{names[0], travel.Economy, 800, 1, 0, Never, rng.Pick(d.Str("light"), []Rule{Never, ForFee, Unsaid})},
		{names[1], travel.Economy, 1000, 1, 1, Never, ForFee},
		{names[2], travel.Economy, 1390, 1, 1 + d.Roll(2), rng.Pick(d.Str("flex"), []Rule{ForFree, ForFee}), ForFree},
	}
	premium := rng.Pick(d.Str("premium"), cabinNames[travel.PremiumEconomy])
	business := rng.Pick(d.Str("business"), cabinNames[travel.Business])
	all = append(all,
		Brand{premium, travel.PremiumEconomy, 1850, 1, 2, Never, ForFee},
		Brand{premium + " Flex", travel.PremiumEconomy, 2300, 1, 2, ForFee, ForFree},
		Brand{business, travel.Business, 3300, 2, 2, ForFee, ForFee},
		Brand{business + " Flex", travel.Business, 4200, 2, 2, ForFree, ForFree},
		Brand{rng.Pick(d.Str("first"), cabinNames[travel.First]), travel.First, 6800, 2, 3, ForFree, ForFree})
	return all
}

// hasCabin reports whether a flight has the cabin: lean carriers fly one cabin;
// premium economy needs a long flight and a carrier that has it; first needs more of both.
func (c *Carrier) hasCabin(cabin travel.Cabin, km int) bool {
	d := rng.RNG(0).Str("cabins").Str(string(c.Code))
	switch cabin {
	case travel.Economy:
		return true
	case travel.PremiumEconomy:
		return c.Kind == full && km > 4500 && d.Chance(650)
	case travel.Business:
		return c.Kind == full
	case travel.First:
		return c.Kind == full && km > 5000 && c.Level >= 100 && d.Str("first").Chance(550)
	}
	return false
}

// brandsIn are the carrier's fares of a cabin, cheapest first.
func (c *Carrier) brandsIn(cabin travel.Cabin) []Brand {
	var in []Brand
	for _, b := range c.Brands {
		if b.Cabin == cabin {
			in = append(in, b)
		}
	}
	return in
}
