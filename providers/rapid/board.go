package rapid

import (
	"slices"
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

const (
	amenityID = iota
	amenityName
)

var amenityKeys = document.NewKeys([]string{amenityID: "id", amenityName: "name"}...)

// readBoard is the most that the amenities of a rate say about meals. Rapid has no amenity
// for a room without any: one that says nothing is unknown.
func (d *decoder) readBoard() travel.Board {
	r := d.r
	best := travel.BoardUnknown
	for m := r.Members(); m.Next(); {
		id, name := m.Name(), ""
		for o := r.Object(amenityKeys); o.Next(); {
			if o.Key() == amenityID {
				id = r.View()
			} else {
				name = r.View()
			}
		}
		if b := boardOf(id, name); b != "" && slices.Index(travel.Boards, b) > slices.Index(travel.Boards, best) {
			best = b
		}
	}
	return best
}

// boardOf knows the ids that the specification names, in any language, and for the rest
// the English words. A credit, a discount or a meal for one guest of several is no board.
func boardOf(id, name string) travel.Board {
	switch id {
	case "2098", "2103", "2104", "2105": // free, continental, full, English breakfast
		return travel.BedAndBreakfast
	}
	if name == "" || len(name) > document.MaxName {
		return travel.BoardUnknown
	}
	name = strings.ToLower(name)
	for _, word := range []string{"fee", "surcharge", "charge", "credit", "discount", "voucher", "coupon", "not included", "for 1", "for one", "% off", "available"} {
		if at := strings.Index(name, word); at >= 0 && (at == 0 || name[at-1] == ' ' || name[at-1] == '/' || name[at-1] == '(') {
			return travel.BoardUnknown
		}
	}
	name = strings.ReplaceAll(name, "-", " ")
	has := func(words string) bool { return strings.Contains(name, words) }
	switch breakfast, lunch, dinner := has("breakfast"), has("lunch"), has("dinner"); {
	case has("all inclusive"):
		return travel.AllInclusive
	case has("full board"), has("all meals"), breakfast && lunch && dinner && !has(" or "):
		return travel.FullBoard
	case has("half board"), breakfast && (lunch || dinner):
		return travel.HalfBoard
	case breakfast:
		return travel.BedAndBreakfast
	}
	return travel.BoardUnknown
}
