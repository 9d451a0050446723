package opentravel

import (
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// CabinOf is the cabin that a code of Sabre and IATA or a word of OpenTravel stands for.
func CabinOf(text string) travel.Cabin {
	switch text {
	case "Y", "M":
		return travel.Economy
	case "S", "W":
		return travel.PremiumEconomy
	case "C", "J": // J is Sabre's premium business
		return travel.Business
	case "F", "P", "R": // P is Sabre's premium first
		return travel.First
	}
	var room [32]byte
	word := room[:0]
	for _, c := range []byte(text) {
		switch {
		case c == ' ' || c == '_' || c == '-':
		case len(word) == len(room):
			return travel.CabinUnknown
		default:
			word = append(word, lower(c))
		}
	}
	switch string(word) {
	case "economy", "coach", "economyclass", "main", "maincabin", "standard":
		return travel.Economy
	case "premiumeconomy", "premium", "economypremium", "premiumcoach":
		return travel.PremiumEconomy
	case "business", "businessclass", "premiumbusiness":
		return travel.Business
	case "first", "firstclass", "premiumfirst":
		return travel.First
	}
	return travel.CabinUnknown
}

// CabinsOf is the cabin of a text, or the text if it is a list of one for each segment.
func CabinsOf(text string) (one travel.Cabin, list string) {
	if one = CabinOf(text); !one.Known() && document.IsList(text) {
		return one, text
	}
	return one, ""
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// CabinWord is a cabin as CabinPref of the standard has it.
func CabinWord(c travel.Cabin) string {
	switch c {
	case travel.PremiumEconomy:
		return "Premium"
	case travel.Business:
		return "Business"
	case travel.First:
		return "First"
	}
	return "Economy"
}

// Counted is how many passengers of a type are asked for.
type Counted struct {
	Code     string
	Quantity int
}

// Passengers is the types of those who fly, in the codes of PassengerTypeQuantity: ADT, the
// code for children that the partner uses, INF for those on a lap and INS for infants with
// a seat.
func Passengers(p travel.Passengers, child string) []Counted {
	var all []Counted
	for _, c := range []Counted{{"ADT", p.Adults}, {child, len(p.ChildAges)}, {"INF", p.InfantsLap}, {"INS", p.InfantsSeat}} {
		if c.Quantity > 0 {
			all = append(all, c)
		}
	}
	return all
}

// onLap reports whether passengers of the type have no seat.
func onLap(code string) bool { return code == "INF" || code == "ITF" }
