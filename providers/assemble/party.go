package assemble

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// UnknownAge stands for a child whose age a document does not state.
const UnknownAge = -1

// CombineRooms makes rates for the whole party out of a document's rates, each of which
// is for the rooms of one occupancy (one element in Rooms). With one occupancy asked for, each rate of it is
// whole already. With several, the rates of a property that share board, refund class
// and payment make, for each such signature, the cheapest whole, and one of equal
// rooms for each room code that covers everybody; only if no signature covers the
// party, one whole of the cheapest rates of any.
//
// OffersIn counts wholes here, together with the document's drops and the rates that
// no whole could use (rule wrong_occupancy). Rates that fit but lost to a cheaper one
// are in the note expansion_capped, those that became part of a whole of several in
// rates_combined.
func CombineRooms(a travel.Answer, rooms []travel.Occupancy) travel.Answer {
	groups := GroupRooms(rooms)
	kept := a.Stays[:0:0]
	a.OffersIn -= a.OffersKept()
	for _, stay := range a.Stays {
		whole := combineStay(&a, stay.Rates, groups)
		a.OffersIn += len(whole)
		if len(whole) > 0 {
			kept = append(kept, travel.Stay{Property: stay.Property, Rates: whole})
		}
	}
	a.Stays = kept
	LimitStays(&a, MaxOffers)
	return a
}

// GroupRooms turns the sorted rooms of a query into occupancies with the number of rooms.
func GroupRooms(rooms []travel.Occupancy) []travel.RateRoom {
	var groups []travel.RateRoom
	for _, o := range rooms {
		i := slices.IndexFunc(groups, func(g travel.RateRoom) bool {
			return g.Occupancy.Adults == o.Adults && slices.Equal(g.Occupancy.ChildAges, o.ChildAges)
		})
		if i < 0 {
			groups = append(groups, travel.RateRoom{Count: 1, Occupancy: o})
		} else {
			groups[i].Count++
		}
	}
	return groups
}

// fits reports whether a document's rate is for the rooms of a group. Ages that the
// document leaves out count as right.
func fits(r *travel.Rate, g travel.RateRoom) bool {
	o := r.Rooms[0].Occupancy
	if r.Rooms[0].Count != g.Count || o.Adults != g.Occupancy.Adults || len(o.ChildAges) != len(g.Occupancy.ChildAges) {
		return false
	}
	return slices.Contains(o.ChildAges, UnknownAge) || slices.Equal(o.ChildAges, g.Occupancy.ChildAges)
}

// part is a rate of the document that fits a group.
type part struct {
	rate *travel.Rate
	fits bool // some group
	used bool
}

func combineStay(a *travel.Answer, rates []travel.Rate, groups []travel.RateRoom) []travel.Rate {
	fitting := make([][]*part, len(groups)) // by group, cheapest first
	var all []*part
	for i := range rates {
		p := &part{rate: &rates[i]}
		all = append(all, p)
		for g := range groups {
			if fits(p.rate, groups[g]) {
				p.fits = true
				fitting[g] = append(fitting[g], p)
			}
		}
	}
	for _, list := range fitting {
		slices.SortStableFunc(list, func(x, y *part) int { return cmp.Compare(x.rate.Price.Total.Minor, y.rate.Price.Total.Minor) })
	}
	var wholes [][]*part
	if len(groups) == 1 {
		for _, p := range all {
			if p.fits {
				wholes = append(wholes, []*part{p})
			}
		}
	} else {
		wholes = choose(fitting)
	}
	out := make([]travel.Rate, 0, len(wholes))
	for _, w := range wholes {
		for _, p := range w {
			p.used = true
		}
		out = append(out, join(w, groups))
	}
	tally(a, all, fitting, len(groups))
	return out
}

// tally counts what became of the rates of a property.
func tally(a *travel.Answer, all []*part, fitting [][]*part, groups int) {
	covered := !slices.ContainsFunc(fitting, func(list []*part) bool { return len(list) == 0 })
	for _, p := range all {
		switch {
		case p.used && groups > 1:
			a.Note("rates_combined", 1)
		case p.used:
		case p.fits && covered:
			a.Note("expansion_capped", 1)
		default:
			a.Drop(travel.RuleWrongOccupancy, 1)
			a.OffersIn++
		}
	}
}

// signature is what the rates of one whole have in common.
type signature struct {
	currency   travel.Currency
	board      travel.Board
	refundable travel.Answered
	payment    travel.Payment
	room       string // "" is any
}

func signatureOf(r *travel.Rate) signature {
	return signature{r.Price.Total.Currency, r.Board, r.Cancellation.Refundable, r.Payment, ""}
}

// maxSignatures bounds the search within one property; real ones have some dozens.
const maxSignatures = 500

// choose makes the wholes of several groups, cheapest signature first as it comes.
func choose(fitting [][]*part) [][]*part {
	var wholes [][]*part
	seen := map[signature]bool{}
	add := func(w []*part) {
		if w != nil && !slices.ContainsFunc(wholes, func(v []*part) bool { return slices.Equal(v, w) }) {
			wholes = append(wholes, w)
		}
	}
	for _, p := range fitting[0] {
		any := signatureOf(p.rate)
		same := any
		same.room = p.rate.RoomCode
		for _, s := range []signature{any, same} {
			if !seen[s] && len(seen) < maxSignatures {
				seen[s] = true
				add(cheapest(fitting, func(r *travel.Rate) bool {
					return signatureOf(r) == any && (s.room == "" || s.room == r.RoomCode)
				}))
			}
		}
	}
	for _, p := range fitting[0] {
		if len(wholes) == 0 {
			add(cheapest(fitting, func(r *travel.Rate) bool { return r.Price.Total.Currency == p.rate.Price.Total.Currency }))
		}
	}
	return wholes
}

// cheapest takes the first good rate of each group, or is nil if a group has none.
func cheapest(fitting [][]*part, good func(*travel.Rate) bool) []*part {
	var w []*part
	for _, list := range fitting {
		i := slices.IndexFunc(list, func(p *part) bool { return good(p.rate) })
		if i < 0 {
			return nil
		}
		w = append(w, list[i])
	}
	return w
}

// join is the rate of several together, one part for each group.
func join(w []*part, groups []travel.RateRoom) travel.Rate {
	out := *w[0].rate
	out.Rooms = slices.Clone(groups)
	for _, p := range w[1:] {
		r := p.rate
		out.PartnerRef += refSeparator + r.PartnerRef
		out.Price.Total.Minor += r.Price.Total.Minor // of one currency: see choose
		out.Price.Base = out.Price.Base.Plus(r.Price.Base)
		out.Price.Taxes = out.Price.Taxes.Plus(r.Price.Taxes)
		out.Price.StateFees(out.Price.Fees, r.Price.Fees)
		out.PayAtProperty = out.PayAtProperty.Plus(r.PayAtProperty)
		if !slices.Contains(strings.Split(out.Room, " + "), r.Room) {
			out.Room += " + " + r.Room
		}
		if !slices.Contains(strings.Split(out.RoomCode, " + "), r.RoomCode) {
			out.RoomCode += " + " + r.RoomCode
		}
		if out.Board != r.Board {
			out.Board = travel.BoardUnknown
		}
		if out.Payment != r.Payment {
			out.Payment = travel.PaymentUnknown
		}
		if out.RoomsLeft == 0 || r.RoomsLeft > 0 && r.RoomsLeft < out.RoomsLeft {
			out.RoomsLeft = r.RoomsLeft
		}
		out.Cancellation = both(out.Cancellation, r.Cancellation)
	}
	return out
}

// refSeparator stands between the rate keys of a whole; no rate key holds it.
const refSeparator = " + "

// both are the conditions of cancelling two rates at once: the stricter of each, and
// at any time the sum of the fees then due.
func both(a, b travel.Cancellation) travel.Cancellation {
	var c travel.Cancellation
	switch {
	case a.Refundable == travel.No || b.Refundable == travel.No:
		c.Refundable = travel.No
	case a.Refundable == travel.Yes && b.Refundable == travel.Yes:
		c.Refundable, c.FreeUntil = travel.Yes, a.FreeUntil
		if b.FreeUntil.Before(a.FreeUntil) {
			c.FreeUntil = b.FreeUntil
		}
	}
	var instants []time.Time
	for _, s := range slices.Concat(a.Steps, b.Steps) {
		instants = append(instants, s.From)
	}
	slices.SortFunc(instants, time.Time.Compare)
	for _, at := range slices.CompactFunc(instants, time.Time.Equal) {
		c.Steps = append(c.Steps, travel.CancellationStep{From: at, Fee: due(a, b, at)})
	}
	return c
}

func due(a, b travel.Cancellation, at time.Time) travel.Money {
	var total travel.Money
	for _, c := range []travel.Cancellation{a, b} {
		i := -1
		for j := range c.Steps {
			if !c.Steps[j].From.After(at) {
				i = j
			}
		}
		switch {
		case i < 0: // nothing is due yet
		case !c.Steps[i].Fee.Known():
			return travel.Money{}
		case total.Known():
			total = total.Plus(c.Steps[i].Fee)
		default:
			total = c.Steps[i].Fee
		}
	}
	return total
}

// JoinStays makes one stay of those that are at the same property, by the partner's id.
func JoinStays(a travel.Answer) travel.Answer {
	at := map[string]int{}
	kept := a.Stays[:0:0]
	for _, s := range a.Stays {
		n, ok := at[s.Property.ID]
		if !ok || s.Property.ID == "" {
			at[s.Property.ID] = len(kept)
			kept = append(kept, s)
			continue
		}
		kept[n].Rates = append(kept[n].Rates[:len(kept[n].Rates):len(kept[n].Rates)], s.Rates...)
	}
	a.Stays = kept
	return a
}
