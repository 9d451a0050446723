package partnersim

import (
	"slices"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// roomType is a kind of room: how many it sleeps and what it costs beside a standard one.
type roomType struct {
	code, name          string
	adults, guests      int // most adults, most guests in all
	permille, fromStars int
}

var roomTypes = []roomType{
	{"SGL.ST", "SINGLE STANDARD", 1, 1, 780, 1},
	{"DBT.ST", "DOUBLE OR TWIN STANDARD", 2, 3, 1000, 1},
	{"DBL.KG", "DOUBLE KING SIZE BED", 2, 3, 1130, 3},
	{"DBL.SU", "DOUBLE SUPERIOR", 2, 3, 1220, 3},
	{"TPL.ST", "TRIPLE STANDARD", 3, 4, 1340, 2},
	{"FAM.ST", "FAMILY ROOM", 4, 6, 1620, 2},
	{"JSU.ST", "JUNIOR SUITE", 3, 4, 1900, 4},
	{"SUI.DX", "SUITE DELUXE", 4, 5, 2900, 5},
}

// boardType is a board basis: what it adds a night for each guest, in euro cents, and where it is usual.
type boardType struct {
	code, name string
	cents      int64
	permille   int // of the properties that have it
}

var boardTypes = []boardType{
	{"RO", "ROOM ONLY", 0, 900},
	{"BB", "BED AND BREAKFAST", 1150, 800},
	{"HB", "HALF BOARD", 3300, 300},
	{"FB", "FULL BOARD", 5200, 90},
	{"AI", "ALL INCLUSIVE", 7400, 70},
}

// party is the guests of one kind of room, and how many such rooms are asked.
type party struct {
	rooms, adults int
	ages          []int // of the children
}

// stay is a question about hotels, whatever the protocol.
type stay struct {
	in, out travel.Date
	parties []party
}

func (s stay) nights() int { return int(s.out - s.in) }

// offered is a rate of a property for one party: euro cents for the whole stay and all its rooms.
type offered struct {
	room       roomType
	board      boardType
	refundable bool
	cents      int64
	left       int
	id         dice
	party      party
}

// fits tells whether a party may sleep in the room. Babies under two need no bed.
func (r roomType) fits(p party) bool {
	beds := p.adults
	for _, age := range p.ages {
		if age >= 2 {
			beds++
		}
	}
	return p.adults <= r.adults && beds <= r.guests
}

// boards are those that a property has.
func (p *property) boards() []boardType {
	return slices.DeleteFunc(slices.Clone(boardTypes), func(b boardType) bool { return !p.id.str("board").str(b.code).chance(b.permille) })
}

// ratesOf are the partner's rates of a property for one party, room by room. Now
// and then a property is sold out.
func (a *assortment) ratesOf(p *property, s stay, who party, now time.Time) []offered {
	var all []offered
	if p.id.str("sold out").num(int64(s.in)).chance(90) {
		return nil
	}
	boards := p.boards()
	for _, r := range roomTypes {
		if p.stars < r.fromStars || !r.fits(who) || !p.id.str("room").str(r.code).chance(720) {
			continue
		}
		left := p.id.str("left").str(r.code).num(int64(s.in)).between(0, 14)
		if left < who.rooms {
			continue
		}
		for _, b := range boards {
			for _, refundable := range []bool{false, true} {
				id := a.dice.num(int64(p.id)).str(r.code).str(b.code)
				if refundable {
					id = id.str("refundable")
				}
				if !id.chance(640) {
					continue
				}
				o := offered{room: r, board: b, refundable: refundable, left: left, id: id, party: who}
				o.cents = a.stayCents(p, s, o, now)
				all = append(all, o)
			}
		}
	}
	return all
}

// stayCents is a rate's price with included taxes: nights by weekday and season,
// then guests, room, board, refundability, and the partner.
func (a *assortment) stayCents(p *property, s stay, o offered, now time.Time) int64 {
	var total int64
	for d := s.in; d < s.out; d++ {
		n := permille(p.night, o.room.permille)
		n = permille(n, [7]int{930, 960, 1000, 1010, 1030, 1110, 1120}[d.Time().Weekday()])
		n = permille(n, season(d))
		total += permille(n, p.id.str("night").num(int64(d)).between(920, 1100))
	}
	guests := int64(o.party.adults + len(o.party.ages))
	switch {
	case guests == 1:
		total = permille(total, 890)
	case guests > 2:
		total = permille(total, 1000+220*int(guests-2))
	}
	total += o.board.cents * guests * int64(s.nights())
	if !o.refundable {
		total = permille(total, 895)
	}
	if days := int(s.in - travel.DateOf(now)); days < 14 {
		total = permille(total, 1000+12*(14-max(days, 0)))
	}
	total = permille(total, 1000+a.spec.Markup)
	total = permille(total, o.id.str("seller").between(960, 1050))
	total = permille(total, a.w.drift(p.id, now))
	return total * int64(o.party.rooms)
}

// cityTaxCents is what the town takes from each adult a night, paid at the property; 0 in most towns.
func cityTaxCents(p *property) int64 {
	d := dice(0).str("city tax").str(string(p.town.code))
	if !d.chance(350) {
		return 0
	}
	return int64(d.str("cents").between(8, 24)) * 10 * int64(p.stars)
}

// roomTitle is "Double Superior" for "DOUBLE SUPERIOR".
func roomTitle(name string) string {
	words := strings.Fields(strings.ToLower(name))
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}
