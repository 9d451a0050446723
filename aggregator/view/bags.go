package view

import (
	"fanfare/aggregator/fx"
	"fanfare/providers/travel"
)

// Bags is which bags a traveller asks for.
type Bags struct{ Cabin, Checked bool }

// Any reports whether a bag is asked for.
func (b Bags) Any() bool { return b.Cabin || b.Checked }

// Lacking returns those of the bags that the fare does not have for sure.
func (b Bags) Lacking(f *travel.Fare) Bags {
	return Bags{b.Cabin && !f.CabinBags.Some(), b.Checked && !f.CheckedBags.Some()}
}

// BagPriors is what a bag is taken to cost where nobody says, for all seats and
// directions, in micro-euros.
type BagPriors struct{ Cabin, Checked int64 }

// BagCost is what bags add to an offer's total: the prices that its fare states, and the
// prior for bags of which it says nothing, in micro-euros.
type BagCost struct {
	Stated [2]travel.Money // not stated where there are fewer
	Prior  int64
}

// Cost returns what the bags add to the total of an offer of this fare.
func (b Bags) Cost(f *travel.Fare, priors BagPriors) (c BagCost) {
	lacking := b.Lacking(f)
	c.add(0, lacking.Cabin, f.CabinBagPrice, priors.Cabin)
	c.add(1, lacking.Checked, f.CheckedBagPrice, priors.Checked)
	return c
}

func (c *BagCost) add(at int, lacking bool, stated travel.Money, prior int64) {
	switch {
	case !lacking:
	case stated.Known():
		c.Stated[at] = stated
	default:
		c.Prior += prior
	}
}

// IsStated reports whether the fare states a price.
func (c *BagCost) IsStated() bool { return c.Stated[0].Known() || c.Stated[1].Known() }

// Micros is the sum in micro-euros. A stated price whose currency has no rate counts
// nothing: the offer's total has that currency too, and such offers are not ranked.
func (c *BagCost) Micros(rates *fx.Table) int64 {
	sum := c.Prior
	for _, m := range c.Stated {
		if m.Known() {
			micros, _ := rates.EURMicros(m)
			sum += micros
		}
	}
	return sum
}

// Minor is the sum in minor units of a currency, each price rounded once, as it is shown.
func (c *BagCost) Minor(rates *fx.Table, to travel.Currency) int64 {
	sum := int64(0)
	for _, m := range c.Stated {
		if m.Known() {
			shown, _ := rates.Convert(m, to)
			sum += shown.Minor
		}
	}
	if c.Prior > 0 {
		prior, _ := rates.FromMicros(c.Prior, to)
		sum += prior.Minor
	}
	return sum
}
