package rank

import (
	"fmt"
	"math"

	"fanfare/providers/travel"
)

// StayVersion names the formula of stays and its constants.
const StayVersion = "s1"

// The generalised cost of a stay, in micro-euros: its total with all fees, and what a
// traveller pays in money, time or comfort elsewhere for what it lacks. As that of
// flights it depends on the result alone. StayWeights says the constants to people.
//
//	total + 4 x kilometres x nights + 12 x stars below 5 x nights x rooms
//	+ 6 x guests' points below 10 x nights x rooms + P(cancel) x what is lost
//	+ meals that are not included x guests x nights
//
// Worked example, one room for two and three nights: 300 EUR, 2 km from the middle, four
// stars, guests give 8.5, breakfast included, no refund. That is 300 + 4x2x3 = 24,
// + 12x1x3 = 36, + 6x1.5x3 = 27, + 5 % of 300 = 15, + 30x2x3 = 180: 582 EUR.
const (
	perKilometre = 4 * micro
	perStar      = 12 * micro
	perPoint     = 6 * micro
	breakfast    = 10 * micro
	lunch        = 12 * micro
	dinner       = 18 * micro
	// cancelPermille is how often travellers cancel, of a thousand.
	cancelPermille = 50
)

// What stands for a fact that nobody states: a little worse than usual, so that silence
// does not pay.
const (
	unknownMetres = 10_000
	unknownStars  = 20 // tenths
	unknownPoints = 70 // tenths
)

// StayFacts is what ranking needs to know of a property and its cheapest rate.
type StayFacts struct {
	Metres      int // from the middle of the search, -1 is unknown
	StarTenths  int // 0 is unknown
	GuestTenths int // what guests give, of 100; 0 is unknown
	Board       travel.Board
	Refund      Refund
}

// Refund is what a traveller gets back who cancels well before the stay.
type Refund int

// The refunds. For a fee is taken for half of the total.
const (
	RefundUnknown Refund = iota
	RefundAll
	RefundForFee
	RefundNone
)

// RefundOf is the class of a rate's conditions.
func RefundOf(c *travel.Cancellation) Refund {
	switch {
	case c.Refundable == travel.No:
		return RefundNone
	case !c.FreeUntil.IsZero():
		return RefundAll
	case c.Refundable == travel.Yes:
		return RefundForFee
	}
	return RefundUnknown
}

// StayFactsOf takes the facts of a property and one of its rates.
func StayFactsOf(p *travel.Property, r *travel.Rate, metres int) StayFacts {
	return StayFacts{
		Metres: metres, StarTenths: int(math.Round(p.Stars * 10)), GuestTenths: int(math.Round(p.GuestScore * 10)),
		Board: r.Board, Refund: RefundOf(&r.Cancellation),
	}
}

// StayOptions is what a score depends on besides the result.
type StayOptions struct {
	Nights, Rooms, Guests int
}

// StayOptionsOf are those of a query.
func StayOptionsOf(q *travel.Query) StayOptions {
	o := StayOptions{Nights: q.Nights(), Rooms: len(q.Rooms)}
	for _, room := range q.Rooms {
		o.Guests += room.Adults + len(room.ChildAges)
	}
	return o
}

// OfStay is the score of a property with these facts whose rate costs priceMicros.
func OfStay(f *StayFacts, priceMicros int64, o StayOptions) Score {
	metres, stars, points := f.Metres, f.StarTenths, f.GuestTenths
	if metres < 0 {
		metres = unknownMetres
	}
	if stars == 0 {
		stars = unknownStars
	}
	if points == 0 {
		points = unknownPoints
	}
	nights := int64(o.Nights)
	roomNights := nights * int64(o.Rooms)
	var s Score
	s.add("price", priceMicros, true)
	s.add("distance", perKilometre/1000*int64(metres)*nights, true)
	s.add("stars", perStar/10*int64(max(0, 50-stars))*roomNights, false)
	s.add("guests", perPoint/10*int64(max(0, 100-points))*roomNights, false)
	s.add("cancellation", priceMicros/1000*lostPermille(f.Refund), false)
	s.add("meals", mealsMissing(f.Board)*nights*int64(o.Guests), false)
	return s
}

// lostPermille is how much of the total a booking loses on average by being cancelled.
func lostPermille(r Refund) int64 {
	switch r {
	case RefundAll:
		return 0
	case RefundForFee:
		return cancelPermille / 2
	}
	return cancelPermille
}

// mealsMissing is what the meals cost elsewhere that a board does not include, for one
// guest and night.
func mealsMissing(b travel.Board) int64 {
	switch b {
	case travel.BedAndBreakfast:
		return lunch + dinner
	case travel.HalfBoard:
		return lunch
	case travel.FullBoard, travel.AllInclusive:
		return 0
	}
	return breakfast + lunch + dinner
}

// StayWeights is every constant of the stays' score, in the order of its parts.
func StayWeights() []Weight {
	return []Weight{
		{"distance", perKilometre, "%s a kilometre from the middle and night", "A ride there and back by public transport. Where nobody says, 10 km."},
		{"stars", perStar, "%s a star below five, night and room", "A prior of ours: about what a star more costs in large towns of Europe. Where nobody says, two stars."},
		{"guests", perPoint, "%s a point below ten that guests give, night and room", "A prior of ours: half a star. Where nobody says, seven points."},
		{"meals", breakfast, "%s a breakfast that is not included, guest and night", "What a plain one costs around the corner; so with the other meals. Where nobody says, none is included."},
		{"meals", lunch, "%s a lunch", "As breakfast."},
		{"meals", dinner, "%s a dinner", "As breakfast."},
	}
}

// StayExplanation says what a part of a stay's score is made of, in words, "" for a part
// that is not one of stays.
func StayExplanation(part string, o StayOptions) string {
	switch part {
	case "price":
		return "the cheapest rate's total, for the whole stay and all rooms, with all mandatory fees"
	case "distance":
		return fmt.Sprintf("%s a kilometre from the middle and night (%d nights)", Euros(perKilometre), o.Nights)
	case "stars":
		return fmt.Sprintf("%s a star below five, night and room (%d nights, %d rooms)", Euros(perStar), o.Nights, o.Rooms)
	case "guests":
		return fmt.Sprintf("%s a point below ten that guests give, night and room (%d nights, %d rooms)", Euros(perPoint), o.Nights, o.Rooms)
	case "cancellation":
		return "the chance to cancel, 5 %, of what is not given back"
	case "meals":
		return fmt.Sprintf("the meals that are not included: breakfast %s, lunch %s, dinner %s, guest and night (%d guests, %d nights)",
			Euros(breakfast), Euros(lunch), Euros(dinner), o.Guests, o.Nights)
	}
	return ""
}

// StaySort names an order of stays.
type StaySort string

// The orders of stays.
const (
	StaysBest     StaySort = "best"
	StaysCheapest StaySort = "cheapest"
	StaysStars    StaySort = "stars"
	StaysDistance StaySort = "distance"
)

// StayKey is what a property is ordered by: the order's own measure, then price and
// score. Unknown distances and stars come last.
func StayKey(by StaySort, price, score int64, f *StayFacts) Key {
	switch by {
	case StaysCheapest:
		return Key{price, score}
	case StaysStars:
		return Key{-int64(f.StarTenths), price, score}
	case StaysDistance:
		if f.Metres < 0 {
			return Key{math.MaxInt64, price, score}
		}
		return Key{int64(f.Metres), price, score}
	}
	return Key{score, price}
}

// StayBetter lists in what a, at price, is better than b, at its own. It is nil unless a is
// known to be at least as good in everything: price, distance, stars and guests' points. Of
// what nobody states of one of the two that is not known. What is better than what is better
// than a third is therefore better than the third.
func StayBetter(a, b *StayFacts, priceA, priceB int64) []string {
	if !a.allStated() || !b.allStated() {
		return nil
	}
	var better []string
	for _, c := range []struct {
		name string
		x, y int64 // smaller is better
	}{
		{"price", priceA, priceB},
		{"distance", int64(a.Metres), int64(b.Metres)},
		{"stars", -int64(a.StarTenths), -int64(b.StarTenths)},
		{"guests", -int64(a.GuestTenths), -int64(b.GuestTenths)},
	} {
		switch {
		case c.x > c.y:
			return nil
		case c.x < c.y:
			better = append(better, c.name)
		}
	}
	return better
}

// allStated reports whether everything that StayBetter compares is known.
func (f *StayFacts) allStated() bool { return f.Metres >= 0 && f.StarTenths > 0 && f.GuestTenths > 0 }
