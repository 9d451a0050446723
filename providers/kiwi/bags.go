package kiwi

import (
	"strings"

	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// bagPrices is what bags cost.
type bagPrices struct {
	free   [4]bool // of the first, second and so on: it costs nothing
	stated [4]bool
	hand   int  // 1 costs nothing, 0 costs something, -1 is not stated
	sized  bool // the size or weight of a cabin bag is given
}

var (
	bagKeys   = wire.NewKeys("1", "2", "3", "4", "hand")
	limitKeys = wire.NewKeys("hand_weight", "hand_width", "hand_height", "hand_length")
)

func (d *decoder) readBagPrices(b *bagPrices) {
	r := d.r
	for o := r.Object(bagKeys); o.Next(); {
		price := r.View()
		free := strings.Trim(price, "0.") == ""
		switch {
		case price == "" || strings.HasPrefix(price, "-"):
		case o.Key() == 4:
			b.hand = 0
			if free {
				b.hand = 1
			}
		default:
			b.stated[o.Key()], b.free[o.Key()] = true, free
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
	if !b.stated[0] {
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
	if b.hand < 0 && b.sized {
		return travel.PiecesOf(1)
	}
	return travel.PiecesOf(b.hand)
}
