package ota

import (
	"cmp"
	"slices"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/travel"
)

// ratesAsked is what a document answers, as far as it matters to read it. The zero value is
// nothing: a document by itself.
type ratesAsked struct {
	in, out travel.Date
	kind    *travel.RateRoom // the rooms that were asked for
	all     bool             // totals are for all of them
	known   func(code string) (travel.Property, bool)
}

// answer makes rates of the document.
func (h *hotelDocument) answer(asked ratesAsked) travel.Answer {
	var a travel.Answer
	for note, n := range h.notes {
		a.Note(note, n)
	}
	for i := range h.stays {
		s := &h.stays[i]
		var rates []travel.Rate
		s.join(s.span(asked))
		for j := range s.rates {
			a.OffersIn++
			r, rule := h.rateOf(&a, s, &s.rates[j], asked)
			if rule == "" {
				rule = r.Check()
			}
			if rule != "" {
				a.Drop(rule, 1)
				continue
			}
			rates = append(rates, r)
		}
		if len(rates) == 0 {
			continue
		}
		a.Stays = append(a.Stays, travel.Stay{Property: s.property, Rates: rates})
	}
	a = assemble.JoinStays(a) // a property comes in several stays
	limit := assemble.MaxOffers
	if asked.kind != nil {
		limit = 10 * assemble.MaxOffers // so that the rates of one kind of room do not push out another's
	}
	assemble.LimitStays(&a, limit)
	return a
}

// rateOf is one rate, or the rule against it.
func (h *hotelDocument) rateOf(a *travel.Answer, s *roomStay, r *roomRate, asked ratesAsked) (out travel.Rate, rule string) {
	room, plan := s.roomOf(r), s.planOf(r)
	if r.closed || plan.closed || s.closed {
		return out, travel.RuleSoldOut
	}
	in, end := r.span(s)
	if asked.in != 0 {
		if s.in != 0 && s.in != asked.in || s.out != 0 && s.out != asked.out {
			return out, travel.RuleWrongDate
		}
		in, end = asked.in, asked.out
	}
	if n := len(r.next); n > 0 {
		end = r.next[n-1].out
	} else if !r.covers(in, end) {
		return out, travel.RuleOtherDates
	}
	price, nights, rule := h.price(a, s, r, in, end)
	if rule != "" {
		return out, rule
	}
	out = travel.Rate{
		PartnerRef: reference(s, r, room, plan), Room: first(room.name, r.described), RoomCode: first(room.code, room.id, r.room), Board: r.board, Price: price.Price,
		PayAtProperty: price.later, Payment: r.conditions.payment, RoomsLeft: room.left,
	}
	if out.Board == travel.BoardUnknown {
		out.Board = plan.board
	}
	for _, p := range []travel.Payment{plan.conditions.payment, s.conditions.payment} {
		if out.Payment == travel.PaymentUnknown {
			out.Payment = p
		}
	}
	if out.Payment == travel.PayAtProperty {
		out.PayAtProperty = out.Price.Total
	}
	out.Rooms = rooms(s, r, asked)
	h.spread(&out, r, asked)
	zone := func() *time.Location { return h.zone(s, asked) }
	for _, from := range [][]penalty{r.conditions.penalties, plan.conditions.penalties, s.conditions.penalties} {
		if len(from) > 0 {
			out.Cancellation = h.cancellation(a, from, in, end, zone, out.Price.Total, nights)
			break
		}
	}
	return out, ""
}

// rooms are those that a rate is for: what was asked for, else what the document says.
func rooms(s *roomStay, r *roomRate, asked ratesAsked) []travel.RateRoom {
	switch {
	case asked.kind != nil:
		return []travel.RateRoom{*asked.kind}
	case r.guests.Adults > 0:
		return []travel.RateRoom{{Count: max(r.units, 1), Occupancy: r.guests}}
	case s.guests.Adults > 0:
		return []travel.RateRoom{{Count: max(r.units, 1), Occupancy: s.guests}}
	}
	return nil
}

// spread makes a price for one room one for all rooms asked for, unless it is already: the
// partner says so by its units, or the operator for all of its answers.
func (h *hotelDocument) spread(out *travel.Rate, r *roomRate, asked ratesAsked) {
	if asked.kind == nil || asked.kind.Count == 1 || asked.all || r.units == asked.kind.Count {
		return
	}
	n := int64(asked.kind.Count)
	for _, m := range []*travel.Money{&out.Price.Total, &out.Price.Base, &out.Price.Taxes, &out.Price.Fees, &out.PayAtProperty} {
		m.Minor *= n
	}
}

// zone is where deadlines without an offset are: at the property. It is looked up once.
func (h *hotelDocument) zone(s *roomStay, asked ratesAsked) *time.Location {
	if s.zoned {
		return s.zone
	}
	s.zoned = true
	p := s.property
	if !p.HasGeo && asked.known != nil {
		p, _ = asked.known(p.ID)
	}
	if p.HasGeo {
		s.zone = h.atlas.ZoneNear(p.Lat, p.Lon)
	}
	return s.zone
}

// span is the stay of a rate: its own dates, else those of the room stay.
func (r *roomRate) span(s *roomStay) (in, out travel.Date) {
	in, out = s.in, s.out
	if in == 0 {
		in = r.in
	}
	if out == 0 {
		out = r.out
	}
	return in, out
}

// covers reports whether a rate that has dates of its own, such as a season's, is for the stay.
// Its last may be the last night.
func (r *roomRate) covers(in, out travel.Date) bool {
	return (r.in == 0 || in == 0 || r.in <= in) && (r.out == 0 || out == 0 || r.out >= out-1)
}

// span is the days of a stay: what was asked for, what it says itself, or else from the first
// to the last day of its rates.
func (s *roomStay) span(asked ratesAsked) (in, out travel.Date) {
	if in, out = s.in, s.out; asked.in != 0 {
		in, out = asked.in, asked.out
	}
	for i := range s.rates {
		if r := &s.rates[i]; s.in == 0 && asked.in == 0 && r.in != 0 {
			in, out = min(cmp.Or(in, r.in), r.in), max(out, r.out)
		}
	}
	return in, out
}

// join makes one rate of RoomRates of one room and plan that are for the days of a stay one
// after another.
func (s *roomStay) join(in, out travel.Date) {
	if in == 0 || out == 0 || len(s.rates) > maxInside {
		return
	}
	var taken []bool
	for i := range s.rates {
		for beyond := range travel.Date(2) {
			if r := &s.rates[i]; r.in != in || r.out == 0 || r.out+beyond >= out || taken != nil && taken[i] {
				continue
			}
			if taken == nil {
				taken = make([]bool, len(s.rates))
			}
			for _, k := range s.chain(i, out, beyond, taken) {
				next := &s.rates[k]
				taken[k], next.out = true, next.out+beyond
				if k != i {
					s.rates[i].next = append(s.rates[i].next, *next)
				}
			}
			taken[i] = false
		}
	}
	if taken == nil {
		return
	}
	kept := s.rates[:0]
	for i, r := range s.rates {
		if !taken[i] {
			kept = append(kept, r)
		}
	}
	s.rates = kept
}

// chain is the rates of one room and plan, from the first on, that make up the stay until
// out, nil if they do not. beyond is 1 if the day that one expires on is its last night.
func (s *roomStay) chain(first int, out, beyond travel.Date, taken []bool) (all []int) {
	one := &s.rates[first]
	for at, k := one.out+beyond, first; ; at = s.rates[k].out + beyond {
		if all = append(all, k); at >= out {
			if at > out {
				return nil
			}
			return all
		}
		if k = slices.IndexFunc(s.rates, func(r roomRate) bool {
			return r.in == at && r.out+beyond > at && r.room == one.room && r.plan == one.plan
		}); k < 0 || taken[k] {
			return nil
		}
	}
}

// roomOf is the kind of room that a rate names, or the only one.
func (s *roomStay) roomOf(r *roomRate) roomType {
	for _, t := range s.rooms {
		if r.room != "" && (t.code == r.room || t.id == r.room) {
			return t
		}
	}
	if len(s.rooms) == 1 && (r.room == "" || s.rooms[0].code == "" && s.rooms[0].id == "") {
		return s.rooms[0]
	}
	return roomType{code: r.room}
}

func (s *roomStay) planOf(r *roomRate) ratePlan {
	for _, p := range s.plans {
		if r.plan != "" && (p.code == r.plan || p.id == r.plan) {
			return p
		}
	}
	if len(s.plans) == 1 && (r.plan == "" || s.plans[0].code == "" && s.plans[0].id == "") {
		return s.plans[0]
	}
	return ratePlan{code: r.plan}
}

// reference is the partner's booking code, else what names the rate within its answer.
func reference(s *roomStay, r *roomRate, room roomType, plan ratePlan) string {
	if r.booking != "" {
		return r.booking
	}
	return s.property.ID + "/" + first(room.code, room.id, r.room) + "/" + first(plan.code, plan.id, r.plan)
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
