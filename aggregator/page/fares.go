package page

import (
	"slices"
	"strings"

	"fanfare/aggregator/view"
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

// fareKey is what makes fares different: what docs/definitions.md 4 puts into a fare key, but
// for the point of sale and the passengers, which are the query's; and the seat.
type fareKey struct {
	brand, cabins        string
	cabinBags, checked   travel.Pieces
	refundable, changing travel.Condition
	seat                 travel.SeatChoice
}

func fareKeyOf(f *travel.Fare) fareKey {
	var cabins strings.Builder
	for _, c := range f.Cabin {
		cabins.WriteString(string(c) + " ")
	}
	return fareKey{f.Brand, cabins.String(), f.CabinBags, f.CheckedBags, f.RefundCondition(), f.ChangeCondition(), f.Seat}
}

// fares is the matrix of a result's passing offers, cheapest fare first.
func (p *Flights) fares(quotes []*travel.Quote) []FareRow {
	at := map[fareKey]int{}
	var rows []FareRow
	for _, q := range quotes { // cheapest first: the first of a fare is its cheapest
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

func (p *Flights) fare(quotes []*travel.Quote, q *travel.Quote) FareRow {
	return FareRow{
		Fare: &q.Offer.Fare, OfferID: q.ID, Price: p.Quote(q).Total,
		CabinBag: p.bagPrice(quotes, q, view.Bags{Cabin: true}), CheckedBag: p.bagPrice(quotes, q, view.Bags{Checked: true}),
	}
}
