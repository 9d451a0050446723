package world

import (
	"slices"
	"strings"
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/travel"
)

// RoomType is a kind of room: how many it sleeps and what it costs beside a standard one.
type RoomType struct {
	Code, Name          string
	adults, guests      int // most adults, most guests in all
	permille, fromStars int
}

var RoomTypes = []RoomType{
	{"SGL.ST", "SINGLE STANDARD", 1, 1, 780, 1},
	{"DBT.ST", "DOUBLE OR TWIN STANDARD", 2, 3, 1000, 1},
	{"DBL.KG", "DOUBLE KING SIZE BED", 2, 3, 1130, 3},
	{"DBL.SU", "DOUBLE SUPERIOR", 2, 3, 1220, 3},
	{"TPL.ST", "TRIPLE STANDARD", 3, 4, 1340, 2},
	{"FAM.ST", "FAMILY ROOM", 4, 6, 1620, 2},
	{"JSU.ST", "JUNIOR SUITE", 3, 4, 1900, 4},
	{"SUI.DX", "SUITE DELUXE", 4, 5, 2900, 5},
}

// BoardType is a board basis: what it adds a night for each guest, in euro cents, and where it is usual.
type BoardType struct {
	Code, Name string
	cents      int64
	permille   int // of the properties that have it
}

var BoardTypes = []BoardType{
	{"RO", "ROOM ONLY", 0, 900},
	{"BB", "BED AND BREAKFAST", 1150, 800},
	{"HB", "HALF BOARD", 3300, 300},
	{"FB", "FULL BOARD", 5200, 90},
	{"AI", "ALL INCLUSIVE", 7400, 70},
}

// Party is the guests of one kind of room, and how many such rooms are asked.
type Party struct {
	Rooms, Adults int
	Ages          []int // of the children
}

// StayAsk is a question about hotels, whatever the protocol.
type StayAsk struct {
	In, Out travel.Date
	Parties []Party
}

func (s StayAsk) Nights() int { return int(s.Out - s.In) }

// Offered is a rate of a property for one party: euro cents for the whole stay and all its rooms.
type Offered struct {
	Room       RoomType
	Board      BoardType
	Refundable bool
	Cents      int64
	Left       int
	ID         rng.RNG
	Party      Party
}

// fits reports whether a party may sleep in the room. Babies under two need no bed.
func (r RoomType) fits(p Party) bool {
	beds := p.Adults
	for _, age := range p.Ages {
		if age >= 2 {
			beds++
		}
	}
	return p.Adults <= r.adults && beds <= r.guests
}

// Boards are those that a property has.
func (p *Property) Boards() []BoardType {
	return slices.DeleteFunc(slices.Clone(BoardTypes), func(b BoardType) bool { return !p.ID.Str("board").Str(b.Code).Chance(b.permille) })
}

// RatesOf are the partner's rates of a property for one party, room by room. Now
// and then a property is sold out.
func (a *Inventory) RatesOf(p *Property, s StayAsk, who Party, now time.Time) []Offered {
	var all []Offered
	if p.ID.Str("sold out").Num(int64(s.In)).Chance(90) {
		return nil
	}
	boards := p.Boards()
	for _, r := range RoomTypes {
		if p.Stars < r.fromStars || !r.fits(who) || !p.ID.Str("room").Str(r.Code).Chance(720) {
			continue
		}
		left := p.ID.Str("left").Str(r.Code).Num(int64(s.In)).Between(0, 14)
		if left < who.Rooms {
			continue
		}
		for _, b := range boards {
			for _, refundable := range []bool{false, true} {
				id := a.RNG.Num(int64(p.ID)).Str(r.Code).Str(b.Code)
				if refundable {
					id = id.Str("refundable")
				}
				if !id.Chance(640) {
					continue
				}
				o := Offered{Room: r, Board: b, Refundable: refundable, Left: left, ID: id, Party: who}
				o.Cents = a.StayCents(p, s, o, now)
				all = append(all, o)
			}
		}
	}
	return all
}

// StayCents is a rate's price with included taxes: nights by weekday and season,
// then guests, room, board, refundability, and the partner.
func (a *Inventory) StayCents(p *Property, s StayAsk, o Offered, now time.Time) int64 {
	var total int64
	for d := s.In; d < s.Out; d++ {
		n := rng.Permille(p.night, o.Room.permille)
		n = rng.Permille(n, [7]int{930, 960, 1000, 1010, 1030, 1110, 1120}[d.Time().Weekday()])
		n = rng.Permille(n, season(d))
		total += rng.Permille(n, p.ID.Str("night").Num(int64(d)).Between(920, 1100))
	}
	guests := int64(o.Party.Adults + len(o.Party.Ages))
	switch {
	case guests == 1:
		total = rng.Permille(total, 890)
	case guests > 2:
		total = rng.Permille(total, 1000+220*int(guests-2))
	}
	total += o.Board.cents * guests * int64(s.Nights())
	if !o.Refundable {
		total = rng.Permille(total, 895)
	}
	if days := int(s.In - travel.DateOf(now)); days < 14 {
		total = rng.Permille(total, 1000+12*(14-max(days, 0)))
	}
	total = rng.Permille(total, 1000+a.Seller.Markup)
	total = rng.Permille(total, o.ID.Str("seller").Between(960, 1050))
	total = rng.Permille(total, a.World.drift(p.ID, now))
	return total * int64(o.Party.Rooms)
}

// CityTaxCents is what the town takes from each adult a night, paid at the property; 0 in most towns.
func CityTaxCents(p *Property) int64 {
	d := rng.RNG(0).Str("city tax").Str(string(p.Town.Code))
	if !d.Chance(350) {
		return 0
	}
	return int64(d.Str("cents").Between(8, 24)) * 10 * int64(p.Stars)
}

// RoomTitle is "Double Superior" for "DOUBLE SUPERIOR".
func RoomTitle(name string) string {
	words := strings.Fields(strings.ToLower(name))
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}
