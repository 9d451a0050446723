package aggregator

import (
	"slices"
	"strings"

	"fanfare/aggregator/rank"
	"fanfare/providers/travel"
)

// FareRow is one fare of a result beside its others: offers of one brand, cabins, bags
// and conditions, whoever sells them.
type FareRow struct {
	Fare       *travel.Fare // of the cheapest offer
	OfferID    string       // the cheapest offer's
	Price      travel.Money // its total
	Step       travel.Money // what it is above the cheapest fare
	Offers     int
	Partners   []string // who sells it, sorted
	CabinBag   BagPrice // with a cabin bag
	CheckedBag BagPrice // with a checked bag
}

// fareKey is what makes fares different: what definitions 4 puts into a fare key, but
// for the point of sale and the passengers, which are the query's.
type fareKey struct {
	brand, cabins        string
	cabinBags, checked   travel.Pieces
	refundable, changing travel.Condition
}

func fareKeyOf(f *travel.Fare) fareKey {
	var cabins strings.Builder
	for _, c := range f.Cabin {
		cabins.WriteString(string(c) + " ")
	}
	return fareKey{f.Brand, cabins.String(), f.CabinBags, f.CheckedBags, f.RefundCondition(), f.ChangeCondition()}
}

// fares is the matrix of a result's passing offers, cheapest fare first.
func (p *FlightPage) fares(quotes []travel.Quote) []FareRow {
	at := map[fareKey]int{}
	var rows []FareRow
	for i := range quotes { // cheapest first: the first of a fare is its cheapest
		q := &quotes[i]
		k := fareKeyOf(&q.Offer.Fare)
		n, known := at[k]
		if !known {
			n = len(rows)
			at[k] = n
			rows = append(rows, p.fare(quotes, q))
			rows[n].Step = travel.Money{Minor: rows[n].Price.Minor - rows[0].Price.Minor, Currency: p.Currency}
		}
		rows[n].Offers++
		if j, found := slices.BinarySearch(rows[n].Partners, q.Partner); !found {
			rows[n].Partners = slices.Insert(rows[n].Partners, j, q.Partner)
		}
	}
	return rows
}

func (p *FlightPage) fare(quotes []travel.Quote, q *travel.Quote) FareRow {
	return FareRow{
		Fare: &q.Offer.Fare, OfferID: q.ID, Price: p.Quote(q).Total,
		CabinBag: p.bagPrice(quotes, q, true, false), CheckedBag: p.bagPrice(quotes, q, false, true),
	}
}

// BagStatus is how well it is known what an offer costs with bags.
type BagStatus string

// The statuses, best known first.
const (
	BagsIncluded  BagStatus = "included"  // the fare has them
	BagsKnown     BagStatus = "known"     // the fare has them not, and the same partner sells these flights with them
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
func (p *FlightPage) Bags(row *FlightRow, q *travel.Quote) (BagPrice, bool) {
	if !p.View.CabinBag && !p.View.CheckedBag {
		return BagPrice{}, false
	}
	return p.bagPrice(row.quotes, q, p.View.CabinBag, p.View.CheckedBag), true
}

// bagPrice is what q costs with the bags; quotes are its result's, cheapest first.
func (p *FlightPage) bagPrice(quotes []travel.Quote, q *travel.Quote, cabin, checked bool) BagPrice {
	f := &q.Offer.Fare
	cabin, checked = cabin && !has(f.CabinBags), checked && !has(f.CheckedBags) // that it does not have for sure
	if !cabin && !checked {
		return BagPrice{BagsIncluded, p.Quote(q).Total}
	}
	for i := range quotes {
		other := &quotes[i]
		if g := &other.Offer.Fare; other.Partner == q.Partner && other.EURMicros >= q.EURMicros &&
			(!cabin || has(g.CabinBags)) && (!checked || has(g.CheckedBags)) {
			return BagPrice{BagsKnown, p.Quote(other).Total}
		}
	}
	if f.CabinBags == 0 && f.CheckedBags == 0 {
		return BagPrice{Status: BagsUnknown}
	}
	total := p.Quote(q).Total
	total.Minor += p.FromMicros(p.bagsOf(cabin, checked).Micros()).Minor
	return BagPrice{BagsEstimated, total}
}

func has(p travel.Pieces) bool {
	n, known := p.Count()
	return known && n > 0
}

func (p *FlightPage) bagsOf(cabin, checked bool) rank.Bags {
	return rank.Bags{Cabin: cabin, Checked: checked, Directions: len(p.Snapshot.Query.Slices), Seats: p.Options.Seats}
}
