package kiwi

import (
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// bagPrices is what bags cost.
type bagPrices struct {
	free   [bagHand]bool // of checked bags, from bagFirst on: it costs nothing
	stated [bagHand]bool
	first  string // what the first costs, a view; "" if it is not stated
	hand   string // what a cabin bag costs, likewise
	sized  bool   // the size or weight of a cabin bag is given
}

// The checked bags come first, in their order.
const (
	bagFirst = iota
	bagSecond
	bagThird
	bagFourth
	bagHand
)

var bagKeys = document.NewKeys([]string{bagFirst: "1", bagSecond: "2", bagThird: "3", bagFourth: "4", bagHand: "hand"}...)

var limitKeys = document.NewKeys("hand_weight", "hand_width", "hand_height", "hand_length")

func (d *decoder) readBagPrices(b *bagPrices) {
	r := d.r
	for o := r.Object(bagKeys); o.Next(); {
		price := r.View()
		switch {
		case price == "" || strings.HasPrefix(price, "-"):
		case o.Key() == bagHand:
			b.hand = price
		default:
			if o.Key() == bagFirst {
				b.first = price
			}
			b.stated[o.Key()], b.free[o.Key()] = true, isFree(price)
		}
	}
}

func (d *decoder) readBagLimit() (sized bool) {
	for o := d.r.Object(limitKeys); o.Next(); {
		if n, ok := d.r.Float(); ok && n > 0 {
			sized = true
		}
	}
	return sized
}

// checked is how many checked bags are included.
func (b *bagPrices) checked() travel.Pieces {
	if !b.stated[bagFirst] {
		return travel.PiecesOf(-1)
	}
	n := 0
	for n < len(b.free) && b.stated[n] && b.free[n] {
		n++
	}
	return travel.PiecesOf(n)
}

// cabin is how many bags may be taken into the cabin.
func (b *bagPrices) cabin() travel.Pieces {
	switch {
	case b.hand == "" && !b.sized:
		return travel.PiecesOf(-1)
	case b.hand != "" && !isFree(b.hand):
		return travel.PiecesOf(0)
	}
	return travel.PiecesOf(1)
}

func isFree(price string) bool { return strings.Trim(price, "0.") == "" }

// costs states what the bags that are not included cost one traveller.
func (b *bagPrices) costs(f *travel.Fare, currency travel.Currency) {
	if n, known := f.CheckedBags.Count(); known && n == 0 {
		f.CheckedBagPrice = document.Advisory(b.first, string(currency))
	}
	if n, known := f.CabinBags.Count(); known && n == 0 {
		f.CabinBagPrice = document.Advisory(b.hand, string(currency))
	}
}

// bagsForAll makes of what bags cost one traveller what they cost so many, nothing known
// if it is not known how many.
func bagsForAll(offers []travel.Offer, travellers int) {
	for i := range offers {
		f := &offers[i].Fare
		for _, m := range []*travel.Money{&f.CabinBagPrice, &f.CheckedBagPrice} {
			if m.Minor *= int64(travellers); travellers < 1 || travellers > maxParty {
				*m = travel.Money{}
			}
		}
	}
}
