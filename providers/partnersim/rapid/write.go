package rapid

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// soldDoc is one rate of a room type for all rooms that are asked, priced for each occupancy.
type soldDoc struct {
	world.Offered         // of the first occupancy
	each          []int64 // euro cents for one room of each occupancy, taxes included
	total         int64   // of all rooms
}

// writer renders one answer.
type writer struct {
	*service
	q   *request
	now time.Time
}

// stampName is how the vendor writes instants in UTC.
const stampName = "2006-01-02T15:04:05.000Z"

// render makes the whole document. With exactly not zero every property has rates, a few lean ones.
func (p *service) render(q *request, now time.Time, exactly int) []PropertyDoc {
	w := &writer{p, q, now}
	all := []PropertyDoc{}
	for _, id := range q.ids {
		prop := p.Coded(id)
		if prop == nil || exactly == 0 && !p.Sells(world.StaysMarket, prop.ID) {
			continue
		}
		sold := w.sold(prop)
		if exactly > 0 {
			if sold = sold[:min(len(sold), 2)]; len(sold) == 0 {
				sold = []soldDoc{w.always(prop)}
			}
		}
		if out, ok := w.property(prop, id, sold); ok {
			all = append(all, out)
		}
	}
	slices.SortStableFunc(all, func(a, b PropertyDoc) int { return cmp.Compare(b.Score, a.Score) })
	return all
}

// sold are the rates that there are for every room asked, the cheapest of them up to
// the number asked, in the order of the rooms.
func (w *writer) sold(prop *world.Property) []soldDoc {
	var all []soldDoc
	for i, who := range w.q.Parties {
		one := world.Party{Rooms: 1, Adults: who.Adults, Ages: who.Ages}
		rates := map[rng.RNG]world.Offered{}
		for _, o := range w.RatesOf(prop, w.q.StayAsk, one, w.now) {
			rates[o.ID] = o
			if i == 0 && o.Left >= w.q.rooms && w.filtered(o) {
				all = append(all, soldDoc{Offered: o})
			}
		}
		all = slices.DeleteFunc(all, func(s soldDoc) bool { return rates[s.ID].Cents == 0 })
		for k := range all {
			cents := rates[all[k].ID].Cents
			all[k].each = append(all[k].each, cents)
			all[k].total += cents * int64(who.Rooms)
		}
	}
	if len(all) > w.q.rates {
		cheap := slices.SortedStableFunc(slices.Values(all), func(a, b soldDoc) int { return cmp.Compare(a.total, b.total) })
		most := cheap[w.q.rates-1].total
		all = slices.DeleteFunc(all, func(s soldDoc) bool { return s.total > most })
		all = all[:min(len(all), w.q.rates)]
	}
	return all
}

// filtered reports whether the request's filters let a rate through.
func (w *writer) filtered(o world.Offered) bool {
	for _, f := range w.q.filters {
		if f == "refundable" && !w.refundable(o) || f == "expedia_collect" && atProperty(o) || f == "property_collect" && !atProperty(o) {
			return false
		}
	}
	return true
}

// always is a rate that a property has even when it is sold out: for benchmarks.
func (w *writer) always(prop *world.Property) soldDoc {
	s := soldDoc{Offered: world.Offered{Room: world.RoomTypes[1], Board: world.BoardTypes[0], Refundable: true, Left: 9, ID: w.RNG.Num(int64(prop.ID)).Str("always")}}
	for _, who := range w.q.Parties {
		s.Party = world.Party{Rooms: 1, Adults: who.Adults, Ages: who.Ages}
		s.each = append(s.each, w.StayCents(prop, w.q.StayAsk, s.Offered, w.now))
	}
	return s
}

// property is false if there is nothing to say about it.
func (w *writer) property(prop *world.Property, id int64, sold []soldDoc) (PropertyDoc, bool) {
	out := PropertyDoc{ID: strconv.FormatInt(id, 10), Status: "available", Score: 1 + w.RNG.Num(int64(prop.ID)).Str("score").Roll(20000)}
	if len(sold) == 0 {
		out.Status, out.Reason = "partially_unavailable", w.reason(prop)
		return out, slices.Contains(w.q.include, "unavailable_reason")
	}
	for i := range sold {
		s := &sold[i]
		if n := len(out.Rooms); n == 0 || out.Rooms[n-1].ID != roomID(prop, s.Room) {
			out.Rooms = append(out.Rooms, roomDoc{ID: roomID(prop, s.Room), Name: roomsName[s.Room.Code].name})
		}
		room := &out.Rooms[len(out.Rooms)-1]
		room.Rates = append(room.Rates, w.rate(prop, out.ID, room.ID, s))
	}
	if len(sold) == w.q.rates {
		out.Links = map[string]link{"additional_rates": {"GET", "/v3/properties/" + out.ID + "/availability?token=" + w.token(prop.ID.Str("more")), ""}}
	}
	return out, true
}

// reason is why a property has no rates.
func (w *writer) reason(prop *world.Property) *reasonDoc {
	for _, who := range w.q.Parties {
		if who.Adults > 4 {
			return &reasonDoc{"adults_exceed_threshold", "4"}
		}
	}
	return &reasonDoc{Code: "no_inventory_available"}
}

func roomID(prop *world.Property, r world.RoomType) string {
	return strconv.Itoa(prop.ID.Str("room").Str(r.Code).Between(200_000_000, 400_000_000))
}

func (w *writer) token(d rng.RNG) string {
	return rng.ID("", d.Num(int64(w.q.In)).Num(int64(w.q.Out)).Num(w.now.Unix()), 40)
}

// atProperty reports whether the property takes the payment, and so in its own currency.
func atProperty(o world.Offered) bool { return o.ID.Str("merchant").Chance(220) }

// refundable reports whether all of a rate is: some have nights that are not.
func (w *writer) refundable(o world.Offered) bool { return o.Refundable && w.lockedNights(o) == nil }

// lockedNights are the nights for which nothing is ever given back, in a few rates of longer stays.
func (w *writer) lockedNights(o world.Offered) []rangeDoc {
	if n := w.q.Nights(); o.Refundable && n > 2 && o.ID.Str("locked").Chance(60) {
		first := w.q.In.AddDays(1 + o.ID.Str("night").Roll(n-1))
		return []rangeDoc{{Start: first.String(), End: first.String()}}
	}
	return nil
}

func (w *writer) rate(prop *world.Property, property, room string, s *soldDoc) rateDoc {
	bill := w.Seller.Currency
	r := rateDoc{
		ID: strconv.Itoa(s.ID.Str("rate").Between(200_000_000, 400_000_000)), Status: "available", Rooms: s.Left, Refundable: w.refundable(s.Offered),
		MemberDeal: s.ID.Str("member").Chance(80), Merchant: "expedia", Amenities: w.amenities(s.Offered),
		Scenario: scenario{Corporate: s.ID.Str("corporate").Chance(30), Distribution: s.ID.Str("distribution").Chance(150)},
		Beds:     map[string]bedsDoc{}, Pricing: map[string]PriceDoc{}, NoRefund: w.lockedNights(s.Offered),
	}
	if s.ID.Str("left").Chance(60) {
		r.Rooms = 1<<31 - 1 // the vendor's word for not known
	}
	if atProperty(s.Offered) {
		r.Merchant, bill = "property", localTo(prop)
	}
	base := "/v3/properties/" + property
	r.Links = map[string]link{"payment_options": {"GET", base + "/payment-options?token=" + w.token(s.ID.Str("payment")), ""}}
	for i, beds := range roomsName[s.Room.Code].beds {
		beds.ID = strconv.Itoa(37300 + len(beds.Description) + 10*i)
		beds.Links = map[string]link{"price_check": {"GET",
			base + "/rooms/" + room + "/rates/" + r.ID + "?token=" + w.token(s.ID.Str("bed").Num(int64(i))), w.now.Add(15 * time.Minute).UTC().Format(stampName)}}
		r.Beds[beds.ID] = beds
	}
	var charged int64
	for i, said := range w.q.occupancies {
		price, minor := w.price(prop, s, i, bill)
		r.Pricing[said] = price
		charged += minor * int64(w.q.Parties[i].Rooms)
	}
	r.Penalties = w.penalties(prop, s.Offered, travel.Money{Minor: charged, Currency: bill})
	w.extras(&r, s, travel.Money{Minor: charged, Currency: bill})
	return r
}

// extras are what some rates have, and what is there only if it was asked for.
func (w *writer) extras(r *rateDoc, s *soldDoc, charged travel.Money) {
	for _, what := range w.q.include {
		switch what {
		case Mobile:
			yes := s.ID.Str("mobile").Chance(100)
			r.Scenario.Mobile = &yes
		case Refundability:
			r.Refundability = "non_refundable"
			if r.NoRefund != nil {
				r.Refundability = "partially_refundable"
			} else if r.Refundable {
				r.Refundability = "refundable"
			}
		case Incentives:
			if s.ID.Str("incentive").Chance(150) {
				r.Incentives = []rangeDoc{{"property", w.q.In.String(), w.q.Out.AddDays(-1).String()}}
			}
		}
	}
	if s.ID.Str("add").Chance(120) {
		id := strconv.Itoa(s.ID.Str("add id").Between(1000, 999999))
		r.Promotions = &promotions{ValueAdds: map[string]valueAdd{id: {id, "Spa credit of 10 for your stay.", "credit", "credit", "per_stay", 1}}}
	}
	if s.ID.Str("deal").Chance(150) {
		if r.Promotions == nil {
			r.Promotions = &promotions{}
		}
		r.Promotions.Deal = &deal{strconv.Itoa(s.ID.Str("deal id").Between(1000, 999999)), fmt.Sprintf("Book early and save %d%%", s.ID.Str("save").Between(2, 6)*5)}
	}
	if r.Merchant == "property" && s.ID.Str("deposit").Chance(250) {
		due := max(w.q.In.AddDays(-7), travel.DateOf(w.now))
		r.Deposits = []deposit{{travel.Money{Minor: charged.Minor / 5, Currency: charged.Currency}.Decimal(), due.String(), string(charged.Currency)}}
	}
}
