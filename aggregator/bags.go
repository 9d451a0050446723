package aggregator

import (
	"math"

	"fanfare/aggregator/fx"
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

// wanted is which bags are asked for.
type wanted struct{ cabin, checked bool }

// lacking is those of them that the fare does not have for sure.
func (w wanted) lacking(f *travel.Fare) wanted {
	return wanted{w.cabin && !f.CabinBags.Some(), w.checked && !f.CheckedBags.Some()}
}

// priced are the prices that the fare states for them, and rest those without one.
func (w wanted) priced(f *travel.Fare) (prices []travel.Money, rest wanted) {
	rest = w
	if w.cabin && f.CabinBagPrice.Known() {
		prices, rest.cabin = append(prices, f.CabinBagPrice), false
	}
	if w.checked && f.CheckedBagPrice.Known() {
		prices, rest.checked = append(prices, f.CheckedBagPrice), false
	}
	return prices, rest
}

// Bags is what an offer of the row costs with the bags that the view asks for, and
// false if it asks for none.
func (p *FlightPage) Bags(row *FlightRow, q *travel.Quote) (BagPrice, bool) {
	asked := wanted{p.View.CabinBag, p.View.CheckedBag}
	if asked == (wanted{}) {
		return BagPrice{}, false
	}
	return p.bagPrice(row.quotes, q, asked), true
}

// bagPrice is what q costs with the bags; quotes are its result's, cheapest first. Of the
// partner's own price for them and its fare that has them the cheaper counts.
func (p *FlightPage) bagPrice(quotes []*travel.Quote, q *travel.Quote, asked wanted) BagPrice {
	f, total := &q.Offer.Fare, p.Quote(q).Total
	lacking := asked.lacking(f)
	if lacking == (wanted{}) {
		return BagPrice{BagsIncluded, total}
	}
	prices, rest := lacking.priced(f)
	for _, m := range prices {
		total.Minor += p.Amount(m).Minor
	}
	known := BagPrice{Status: BagsUnknown}
	if rest == (wanted{}) {
		known = BagPrice{BagsKnown, total}
	}
	for _, other := range quotes {
		if other.Partner == q.Partner && other.EURMicros >= q.EURMicros && asked.lacking(&other.Offer.Fare) == (wanted{}) {
			if dearer := p.Quote(other).Total; known.Status == BagsUnknown || dearer.Minor < known.Price.Minor {
				known = BagPrice{BagsKnown, dearer}
			}
			break
		}
	}
	if known.Status == BagsKnown || f.CabinBags == 0 && f.CheckedBags == 0 && len(prices) == 0 {
		return known
	}
	total.Minor += p.FromMicros(p.bagsOf(rest).Micros()).Minor
	return BagPrice{BagsEstimated, total}
}

func (p *FlightPage) bagsOf(w wanted) rank.Bags {
	return rank.Bags{Cabin: w.cabin, Checked: w.checked, Directions: len(p.Snapshot.Query.Slices), Seats: p.Options.Seats}
}

// addedBags is what the bags asked for add to the cheapest of the quotes: the least that
// any of them costs with bags, above the cheapest without. Where a fare says nothing of a
// bag it is counted as if it had to be paid for, so that silence wins nothing.
func addedBags(v *view.Flights, quotes []*travel.Quote, bags rank.Bags, rates *fx.Table) int64 {
	least := int64(math.MaxInt64)
	for _, q := range quotes {
		prices, rest := wanted{v.CabinBag, v.CheckedBag}.lacking(&q.Offer.Fare).priced(&q.Offer.Fare)
		bags.Cabin, bags.Checked = rest.cabin, rest.checked
		cost := q.EURMicros + bags.Micros()
		for _, m := range prices {
			micros, _ := rates.EURMicros(m) // one without a rate: the total has none either, and the offer was dropped
			cost += micros
		}
		least = min(least, cost)
	}
	return least - quotes[0].EURMicros
}
