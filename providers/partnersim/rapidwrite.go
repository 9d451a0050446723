package partnersim

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"fanfare/providers/travel"
)

// rapidSold is one rate of a room type for all rooms that are asked, priced for each occupancy.
type rapidSold struct {
	offered         // of the first occupancy
	each    []int64 // euro cents for one room of each occupancy, taxes included
	total   int64   // of all rooms
}

// rapidWriter renders one answer.
type rapidWriter struct {
	*rapid
	q   *rapidRequest
	now time.Time
}

// rapidStamp is how the vendor writes instants in UTC.
const rapidStamp = "2006-01-02T15:04:05.000Z"

// render makes the whole document. With exactly not zero every property has rates, a few lean ones.
func (p *rapid) render(q *rapidRequest, now time.Time, exactly int) []rapidProperty {
	w := &rapidWriter{p, q, now}
	all := []rapidProperty{}
	for _, id := range q.ids {
		prop := p.coded(id)
		if prop == nil || exactly == 0 && !p.sells(staysMarket, prop.id) {
			continue
		}
		sold := w.sold(prop)
		if exactly > 0 {
			if sold = sold[:min(len(sold), 2)]; len(sold) == 0 {
				sold = []rapidSold{w.always(prop)}
			}
		}
		if out, ok := w.property(prop, id, sold); ok {
			all = append(all, out)
		}
	}
	slices.SortStableFunc(all, func(a, b rapidProperty) int { return cmp.Compare(b.Score, a.Score) })
	return all
}

// sold are the rates that there are for every room asked, the cheapest of them up to
// the number asked, in the order of the rooms.
func (w *rapidWriter) sold(prop *property) []rapidSold {
	var all []rapidSold
	for i, who := range w.q.parties {
		one := party{1, who.adults, who.ages}
		rates := map[dice]offered{}
		for _, o := range w.ratesOf(prop, w.q.stay, one, w.now) {
			rates[o.id] = o
			if i == 0 && o.left >= w.q.rooms && w.filtered(o) {
				all = append(all, rapidSold{offered: o})
			}
		}
		all = slices.DeleteFunc(all, func(s rapidSold) bool { return rates[s.id].cents == 0 })
		for k := range all {
			cents := rates[all[k].id].cents
			all[k].each = append(all[k].each, cents)
			all[k].total += cents * int64(who.rooms)
		}
	}
	if len(all) > w.q.rates {
		cheap := slices.SortedStableFunc(slices.Values(all), func(a, b rapidSold) int { return cmp.Compare(a.total, b.total) })
		most := cheap[w.q.rates-1].total
		all = slices.DeleteFunc(all, func(s rapidSold) bool { return s.total > most })
		all = all[:min(len(all), w.q.rates)]
	}
	return all
}

// filtered tells whether the request's filters let a rate through.
func (w *rapidWriter) filtered(o offered) bool {
	for _, f := range w.q.filters {
		if f == "refundable" && !w.refundable(o) || f == "expedia_collect" && atProperty(o) || f == "property_collect" && !atProperty(o) {
			return false
		}
	}
	return true
}

// always is a rate that a property has even when it is sold out: for benchmarks.
func (w *rapidWriter) always(prop *property) rapidSold {
	s := rapidSold{offered: offered{room: roomTypes[1], board: boardTypes[0], refundable: true, left: 9, id: w.dice.num(int64(prop.id)).str("always")}}
	for _, who := range w.q.parties {
		s.party = party{1, who.adults, who.ages}
		s.each = append(s.each, w.stayCents(prop, w.q.stay, s.offered, w.now))
	}
	return s
}

// property is false if there is nothing to say about it.
func (w *rapidWriter) property(prop *property, id int64, sold []rapidSold) (rapidProperty, bool) {
	out := rapidProperty{ID: strconv.FormatInt(id, 10), Status: "available", Score: 1 + w.dice.num(int64(prop.id)).str("score").roll(20000)}
	if len(sold) == 0 {
		out.Status, out.Reason = "partially_unavailable", w.reason(prop)
		return out, slices.Contains(w.q.include, "unavailable_reason")
	}
	for i := range sold {
		s := &sold[i]
		if n := len(out.Rooms); n == 0 || out.Rooms[n-1].ID != roomID(prop, s.room) {
			out.Rooms = append(out.Rooms, rapidRoom{ID: roomID(prop, s.room), Name: rapidRooms[s.room.code].name})
		}
		room := &out.Rooms[len(out.Rooms)-1]
		room.Rates = append(room.Rates, w.rate(prop, out.ID, room.ID, s))
	}
	if len(sold) == w.q.rates {
		out.Links = map[string]rapidLink{"additional_rates": {"GET", "/v3/properties/" + out.ID + "/availability?token=" + w.token(prop.id.str("more")), ""}}
	}
	return out, true
}

// reason is why a property has no rates.
func (w *rapidWriter) reason(prop *property) *rapidReason {
	for _, who := range w.q.parties {
		if who.adults > 4 {
			return &rapidReason{"adults_exceed_threshold", "4"}
		}
	}
	return &rapidReason{Code: "no_inventory_available"}
}

func roomID(prop *property, r roomType) string {
	return strconv.Itoa(prop.id.str("room").str(r.code).between(200_000_000, 400_000_000))
}

func (w *rapidWriter) token(d dice) string {
	return duffelID("", d.num(int64(w.q.in)).num(int64(w.q.out)).num(w.now.Unix()), 40)
}

// atProperty tells whether the property takes the payment, and so in its own currency.
func atProperty(o offered) bool { return o.id.str("merchant").chance(220) }

// refundable tells whether all of a rate is: some have nights that are not.
func (w *rapidWriter) refundable(o offered) bool { return o.refundable && w.lockedNights(o) == nil }

// lockedNights are the nights for which nothing is ever given back, in a few rates of longer stays.
func (w *rapidWriter) lockedNights(o offered) []rapidRange {
	if n := w.q.nights(); o.refundable && n > 2 && o.id.str("locked").chance(60) {
		first := w.q.in.AddDays(1 + o.id.str("night").roll(n-1))
		return []rapidRange{{Start: first.String(), End: first.String()}}
	}
	return nil
}

func (w *rapidWriter) rate(prop *property, property, room string, s *rapidSold) rapidRate {
	bill := w.spec.Currency
	r := rapidRate{
		ID: strconv.Itoa(s.id.str("rate").between(200_000_000, 400_000_000)), Status: "available", Rooms: s.left, Refundable: w.refundable(s.offered),
		MemberDeal: s.id.str("member").chance(80), Merchant: "expedia", Amenities: w.amenities(s.offered),
		Scenario: rapidScenario{Corporate: s.id.str("corporate").chance(30), Distribution: s.id.str("distribution").chance(150)},
		Beds:     map[string]rapidBeds{}, Pricing: map[string]rapidPrice{}, NoRefund: w.lockedNights(s.offered),
	}
	if s.id.str("left").chance(60) {
		r.Rooms = 1<<31 - 1 // the vendor's word for not known
	}
	if atProperty(s.offered) {
		r.Merchant, bill = "property", localTo(prop)
	}
	base := "/v3/properties/" + property
	r.Links = map[string]rapidLink{"payment_options": {"GET", base + "/payment-options?token=" + w.token(s.id.str("payment")), ""}}
	for i, beds := range rapidRooms[s.room.code].beds {
		beds.ID = strconv.Itoa(37300 + len(beds.Description) + 10*i)
		beds.Links = map[string]rapidLink{"price_check": {"GET",
			base + "/rooms/" + room + "/rates/" + r.ID + "?token=" + w.token(s.id.str("bed").num(int64(i))), w.now.Add(15 * time.Minute).UTC().Format(rapidStamp)}}
		r.Beds[beds.ID] = beds
	}
	var charged int64
	for i, said := range w.q.occupancies {
		price, minor := w.price(prop, s, i, bill)
		r.Pricing[said] = price
		charged += minor * int64(w.q.parties[i].rooms)
	}
	r.Penalties = w.penalties(prop, s.offered, travel.Money{Minor: charged, Currency: bill})
	w.extras(&r, s, travel.Money{Minor: charged, Currency: bill})
	return r
}

// extras are what some rates have, and what is there only if it was asked for.
func (w *rapidWriter) extras(r *rapidRate, s *rapidSold, charged travel.Money) {
	for _, what := range w.q.include {
		switch what {
		case rapidMobile:
			yes := s.id.str("mobile").chance(100)
			r.Scenario.Mobile = &yes
		case rapidRefundability:
			r.Refundability = "non_refundable"
			if r.NoRefund != nil {
				r.Refundability = "partially_refundable"
			} else if r.Refundable {
				r.Refundability = "refundable"
			}
		case rapidIncentives:
			if s.id.str("incentive").chance(150) {
				r.Incentives = []rapidRange{{"property", w.q.in.String(), w.q.out.AddDays(-1).String()}}
			}
		}
	}
	if s.id.str("add").chance(120) {
		id := strconv.Itoa(s.id.str("add id").between(1000, 999999))
		r.Promotions = &rapidPromotions{ValueAdds: map[string]rapidValueAdd{id: {id, "Spa credit of 10 for your stay.", "credit", "credit", "per_stay", 1}}}
	}
	if s.id.str("deal").chance(150) {
		if r.Promotions == nil {
			r.Promotions = &rapidPromotions{}
		}
		r.Promotions.Deal = &rapidDeal{strconv.Itoa(s.id.str("deal id").between(1000, 999999)), fmt.Sprintf("Book early and save %d%%", s.id.str("save").between(2, 6)*5)}
	}
	if r.Merchant == "property" && s.id.str("deposit").chance(250) {
		due := max(w.q.in.AddDays(-7), travel.DateOf(w.now))
		r.Deposits = []rapidDeposit{{travel.Money{Minor: charged.Minor / 5, Currency: charged.Currency}.Decimal(), due.String(), string(charged.Currency)}}
	}
}
