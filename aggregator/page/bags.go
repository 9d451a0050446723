package page

import (
	"fanfare/aggregator/rank"
	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

// BagStatus is how well it is known what an offer costs with bags.
type BagStatus string

// The statuses, best known first.
const (
	BagsIncluded  BagStatus = "included"  // the fare has them
	BagsKnown     BagStatus = "known"     // the partner says what they cost, or sells these flights with them
	BagsEstimated BagStatus = "estimated" // as much as bags usually cost is added
	BagsUnknown   BagStatus = "unknown"   // the fare says nothing about bags
)

// BagPrice is what an offer costs with bags.
type BagPrice struct {
	Status BagStatus
	Price  travel.Money // not stated if unknown
}

// Bags is what an offer of the row costs with the bags that the view asks for, and
// false if it asks for none.
func (p *Flights) Bags(row *FlightRow, q *travel.Quote) (BagPrice, bool) {
	asked := p.View.Bags()
	if !asked.Any() {
		return BagPrice{}, false
	}
	return p.bagPrice(row.quotes, q, asked), true
}

// bagPrice is what q costs with the bags; quotes are its result's, cheapest first. Of the
// partner's own price for them and its fare that has them the cheaper counts.
func (p *Flights) bagPrice(quotes []*travel.Quote, q *travel.Quote, asked view.Bags) BagPrice {
	f, total := &q.Offer.Fare, p.Quote(q).Total
	if !asked.Lacking(f).Any() {
		return BagPrice{BagsIncluded, total}
	}
	cost := asked.Cost(f, p.priors)
	total.Minor += cost.Minor(p.Rates, p.Currency)
	known := BagPrice{Status: BagsUnknown}
	if cost.Prior == 0 {
		known = BagPrice{BagsKnown, total}
	}
	for _, other := range quotes {
		if other.Partner == q.Partner && other.EURMicros >= q.EURMicros && !asked.Lacking(&other.Offer.Fare).Any() {
			if dearer := p.Quote(other).Total; known.Status == BagsUnknown || dearer.Minor < known.Price.Minor {
				known = BagPrice{BagsKnown, dearer}
			}
			break
		}
	}
	if known.Status == BagsKnown || f.CabinBags == 0 && f.CheckedBags == 0 && !cost.IsStated() {
		return known
	}
	return BagPrice{BagsEstimated, total}
}

// bagPriors is what bags of which nobody says what they cost are taken to cost.
func bagPriors(directions, seats int) view.BagPriors {
	bags := rank.Bags{Directions: directions, Seats: seats}
	cabin, checked := bags, bags
	cabin.Cabin, checked.Checked = true, true
	return view.BagPriors{Cabin: cabin.Micros(), Checked: checked.Micros()}
}
