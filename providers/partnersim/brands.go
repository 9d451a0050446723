package partnersim

import "fanfare/providers/travel"

// rule is what a fare says about refunds or changes before departure.
type rule byte

const (
	unsaid  rule = iota // the partner leaves it out
	never               // not allowed
	forFee              // allowed for a fee
	forFree             // allowed, nothing to pay
)

// brand is one of a carrier's fares: what is in it and what it costs beside the standard one.
type brand struct {
	Name      string
	Cabin     travel.Cabin
	Factor    int // price in permille of the carrier's standard economy fare
	CabinBags int
	Checked   int
	Refund    rule
	Change    rule
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
func brandsOf(c *carrier) []brand {
	d := dice(0).str("brands").str(string(c.Code))
	names := pick(d, families)
	if c.Kind == lean {
		return []brand{
			{names[0], travel.Economy, 720, d.roll(2), 0, never, forFee},
			{names[1], travel.Economy, 1000, 1, 1, never, forFee},
			{names[2], travel.Economy, 1330, 1, 1, forFee, forFree},
		}
	}
	all := []brand{
		{names[0], travel.Economy, 800, 1, 0, never, pick(d.str("light"), []rule{never, forFee, unsaid})},
		{names[1], travel.Economy, 1000, 1, 1, never, forFee},
		{names[2], travel.Economy, 1390, 1, 1 + d.roll(2), pick(d.str("flex"), []rule{forFree, forFee}), forFree},
	}
	premium := pick(d.str("premium"), cabinNames[travel.PremiumEconomy])
	business := pick(d.str("business"), cabinNames[travel.Business])
	all = append(all,
		brand{premium, travel.PremiumEconomy, 1850, 1, 2, never, forFee},
		brand{premium + " Flex", travel.PremiumEconomy, 2300, 1, 2, forFee, forFree},
		brand{business, travel.Business, 3300, 2, 2, forFee, forFee},
		brand{business + " Flex", travel.Business, 4200, 2, 2, forFree, forFree},
		brand{pick(d.str("first"), cabinNames[travel.First]), travel.First, 6800, 2, 3, forFree, forFree})
	return all
}

// hasCabin tells whether a flight has the cabin: lean carriers fly one cabin;
// premium economy needs a long flight and a carrier that has it; first needs more of both.
func (c *carrier) hasCabin(cabin travel.Cabin, km int) bool {
	d := dice(0).str("cabins").str(string(c.Code))
	switch cabin {
	case travel.Economy:
		return true
	case travel.PremiumEconomy:
		return c.Kind == full && km > 4500 && d.chance(650)
	case travel.Business:
		return c.Kind == full
	case travel.First:
		return c.Kind == full && km > 5000 && c.Level >= 100 && d.str("first").chance(550)
	}
	return false
}

// brandsIn are the carrier's fares of a cabin, cheapest first.
func (c *carrier) brandsIn(cabin travel.Cabin) []brand {
	var in []brand
	for _, b := range c.Brands {
		if b.Cabin == cabin {
			in = append(in, b)
		}
	}
	return in
}
