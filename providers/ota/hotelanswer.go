package ota

import (
	"time"

	"fanfare/providers/travel"
	"fanfare/providers/wire"
	"fanfare/providers/wire/opentravel"
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
	for i := range h.stays {
		s := &h.stays[i]
		var rates []travel.Rate
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
	a = wire.JoinStays(a) // a property comes in several stays
	limit := wire.MaxOffers
	if asked.kind != nil {
		limit = 10 * wire.MaxOffers // so that the rates of one kind of room do not push out another's
	}
	wire.BoundRates(&a, limit)
	return a
}

// money reads an amount, in its own currency or in that of those around it.
func (h *hotelDocument) money(a opentravel.Amount, around string) (travel.Money, string) {
	return opentravel.Money{MinorUnits: !h.dotted}.In(a, opentravel.Amount{Currency: around, Decimals: a.Decimals})
}

// rateOf is one rate, or the rule against it.
func (h *hotelDocument) rateOf(a *travel.Answer, s *roomStay, r *roomRate, asked ratesAsked) (out travel.Rate, rule string) {
	room, plan := s.roomOf(r), s.planOf(r)
	if r.closed || plan.closed || s.closed {
		return out, travel.RuleSoldOut
	}
	in, end := r.span(s)
	if asked.in != 0 && (in != 0 && in != asked.in || end != 0 && end != asked.out) {
		return out, travel.RuleWrongDate
	}
	price, nights, rule := h.price(a, s, r, in, end)
	if rule != "" {
		return out, rule
	}
	out = travel.Rate{
		PartnerRef: reference(s, r, room, plan), Room: room.name, RoomCode: first(room.code, room.id), Board: r.board, Price: price.Price,
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
			out.Cancellation = h.cancellation(a, from, in, zone, out.Price.Total, nights)
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
	for _, m := range []*travel.Money{&out.Price.Total, &out.Price.Base, &out.Price.Taxes, &out.PayAtProperty} {
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

// roomOf is the kind of room that a rate names, or the only one.
func (s *roomStay) roomOf(r *roomRate) roomType {
	for _, t := range s.rooms {
		if r.room != "" && (t.code == r.room || t.id == r.room) {
			return t
		}
	}
	if len(s.rooms) == 1 && r.room == "" {
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
	if len(s.plans) == 1 && r.plan == "" {
		return s.plans[0]
	}
	return ratePlan{code: r.plan}
}

// reference is the partner's booking code, else what names the rate within its answer.
func reference(s *roomStay, r *roomRate, room roomType, plan ratePlan) string {
	if r.booking != "" {
		return r.booking
	}
	return s.property.ID + "/" + first(room.code, room.id) + "/" + first(plan.code, plan.id)
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// stayPrice is a price with what of it is paid at the property, not stated if unknown.
type stayPrice struct {
	travel.Price
	later travel.Money
}

// price is the total for the stay: the rate's own, else the sum of its nights or parts, else
// that of the room stay if it has one rate only. Fees that are in no amount are added, and
// paid at the property. nights is what each night costs, nil if it is not stated.
func (h *hotelDocument) price(a *travel.Answer, s *roomStay, r *roomRate, in, out travel.Date) (p stayPrice, nights []travel.Money, rule string) {
	sum, nights, rule := h.sum(h.pieces[r.from:r.to])
	pieces, total := h.pieces[r.from:r.to], r.total
	if !total.stated && len(pieces) == 0 && len(s.rates) == 1 {
		total = s.total
	}
	if total.stated {
		own, ownRule := h.whole(a, &total)
		if sum.Total.Known() && own.Total.Known() && sum.Total != own.Total {
			a.Note("total_differs", 1) // of rounding, mostly: the total is what is charged
		}
		sum, rule = own, ownRule
	} else if len(pieces) > 0 {
		h.noteTaxes(a, pieces)
	}
	if rule != "" {
		return p, nil, rule
	}
	p.Price = sum
	p.Kind = travel.Live
	if len(r.fees) > 0 {
		h.addFees(a, &p, r.fees, int64(out-in))
	}
	return p, nights, ""
}

// whole reads a Total: with taxes, else without and what taxes are listed.
func (h *hotelDocument) whole(a *travel.Answer, t *amounts) (p travel.Price, rule string) {
	before, beforeRule := h.money(t.before, t.before.Currency)
	if t.after.Text != "" {
		if p.Total, rule = h.money(t.after, t.after.Currency); rule != "" {
			return p, rule
		}
		if p.Base = before; before.Known() {
			p.Taxes = travel.Money{Minor: p.Total.Minor - before.Minor, Currency: before.Currency}
		}
		return p, ""
	}
	if beforeRule != "" {
		return p, beforeRule
	}
	p.Base, p.Total = before, before
	if len(t.taxes) == 0 {
		a.Note("tax_not_in_total", 1)
		return p, ""
	}
	p.Taxes = travel.Money{Currency: before.Currency}
	for _, tax := range t.taxes {
		m, rule := h.money(tax, string(before.Currency))
		if rule != "" || m.Currency != before.Currency {
			p.Taxes = travel.Money{}
			a.Note("tax_not_in_total", 1)
			return p, ""
		}
		p.Taxes.Minor += m.Minor
	}
	p.Total.Minor += p.Taxes.Minor
	return p, ""
}

// noteTaxes counts a rate of whose nights some are only stated without taxes.
func (h *hotelDocument) noteTaxes(a *travel.Answer, pieces []piece) {
	for i := range pieces {
		t := pieces[i].amounts()
		if t.after.Text == "" && len(t.taxes) == 0 {
			a.Note("tax_not_in_total", 1)
			return
		}
	}
}

// amounts of a piece: its base, which is by the night where the piece is, else its total.
func (p *piece) amounts() *amounts {
	if p.base.stated && (p.base.after.Text != "" || p.base.before.Text != "") && !(p.whole && p.total.stated) {
		return &p.base
	}
	return &p.total
}

// sum adds the pieces of a rate: nights by their number, whole stays as they are.
func (h *hotelDocument) sum(pieces []piece) (p travel.Price, nights []travel.Money, rule string) {
	if len(pieces) == 0 {
		return p, nil, travel.RuleNoPrice
	}
	var ignored travel.Answer // taxes are noted once for the whole
	nights = make([]travel.Money, 0, len(pieces))
	for i := range pieces {
		piece := &pieces[i]
		one, rule := h.whole(&ignored, piece.amounts())
		if rule != "" {
			return travel.Price{}, nil, rule
		}
		times := int64(1)
		if !piece.whole {
			if piece.from != 0 && piece.to > piece.from {
				times = int64(min(piece.to-piece.from, maxInside))
			}
			for range times {
				nights = append(nights, one.Total)
			}
		}
		if i > 0 && one.Total.Currency != p.Total.Currency {
			return travel.Price{}, nil, travel.RuleNoPrice
		}
		p.Total = travel.Money{Minor: p.Total.Minor + times*one.Total.Minor, Currency: one.Total.Currency}
		p.Base = plus(p.Base, one.Base, times, i == 0)
		p.Taxes = plus(p.Taxes, one.Taxes, times, i == 0)
	}
	return p, nights, ""
}

// plus is sum and n times m, not stated unless both are.
func plus(sum, m travel.Money, n int64, first bool) travel.Money {
	if !m.Known() || !first && sum.Currency != m.Currency {
		return travel.Money{}
	}
	return travel.Money{Minor: sum.Minor + n*m.Minor, Currency: m.Currency}
}

// addFees adds fees that are in no amount.
func (h *hotelDocument) addFees(a *travel.Answer, p *stayPrice, fees []fee, nights int64) {
	p.later = travel.Money{Currency: p.Total.Currency}
	for _, f := range fees {
		m, rule := h.money(f.amount, string(p.Total.Currency))
		if rule != "" || m.Currency != p.Total.Currency || m.Minor < 0 || f.nightly && nights <= 0 {
			a.Note("tax_not_in_total", 1)
			p.later = travel.Money{}
			continue
		}
		if f.nightly {
			m.Minor *= nights
		}
		p.Total.Minor += m.Minor
		if p.later.Known() {
			p.later.Minor += m.Minor
		}
	}
}
