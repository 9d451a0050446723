package amadeus

import (
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// rate turns an offer of the document into a rate of ours, or names the rule against it.
func (d *hotelDecoder) rate(x *hotelOffer, p *travel.Property) (travel.Rate, string) {
	nights := 0
	if x.checkIn != 0 && x.checkOut > x.checkIn {
		nights = int(x.checkOut - x.checkIn)
	}
	room := travel.RateRoom{Count: x.rooms, Occupancy: travel.Occupancy{Adults: x.adults, ChildAges: x.childAges}}
	if d.asked != nil {
		if x.checkIn != 0 && x.checkIn != d.asked.checkIn || x.checkOut != 0 && x.checkOut != d.asked.checkOut {
			return travel.Rate{}, travel.RuleWrongDate
		}
		nights = int(d.asked.checkOut - d.asked.checkIn)
		if room.Count == 0 {
			room.Count = d.asked.room.Count
		}
		if room.Occupancy.Adults == 0 {
			room.Occupancy = d.asked.room.Occupancy
		}
	}
	room.Count = max(room.Count, 1) // the vendor's default
	if room.Occupancy.ChildAges == nil {
		room.Occupancy.ChildAges = []int{}
	}
	price, extra, settled, rule := d.price(x, room, nights)
	if rule != "" || price.Total.Minor <= 0 {
		return travel.Rate{Price: price}, rule
	}
	out := travel.Rate{
		PartnerRef: strings.Clone(x.id),
		Room:       d.roomName(x),
		RoomCode:   x.roomCode,
		Board:      x.board,
		Price:      price,
		Payment:    x.payment,
		Rooms:      []travel.RateRoom{room},
	}
	d.cancellation(&out.Cancellation, x, p, price.Total, nights)
	out.Price.Total.Minor += extra.Minor
	switch deposit := document.Advisory(x.deposit, x.currency); {
	case x.payment == travel.PayGuarantee, x.payment == travel.PayAtProperty:
		out.PayAtProperty = out.Price.Total
	case x.payment == travel.PayDeposit:
		if deposit.Known() && deposit.Minor >= 0 && deposit.Minor <= out.Price.Total.Minor {
			out.PayAtProperty = travel.Money{Minor: out.Price.Total.Minor - deposit.Minor, Currency: deposit.Currency}
		}
	case settled && x.payment == travel.PayNow, extra.Minor > 0:
		out.PayAtProperty = extra
	}
	return out, ""
}

// price is the price of an offer without what is paid at the property on top of it, and
// that; settled tells that the document has said so of every tax.
func (d *hotelDecoder) price(x *hotelOffer, room travel.RateRoom, nights int) (out travel.Price, extra travel.Money, settled bool, rule string) {
	out = travel.Price{Kind: travel.Live}
	var slack int64
	out.Base, slack = x.baseOf(nights)
	t := d.sumTaxes(x, out.Base, room, nights)
	switch {
	case x.selling != "":
		out.Total, rule = document.Money(x.selling, x.currency)
	case x.total != "":
		out.Total, rule = document.Money(x.total, x.currency)
	case out.Base.Known() && out.Base.Minor > 0 && slack == 0 && x.afterTax > x.firstTax && !t.open:
		out.Total = travel.Money{Minor: out.Base.Minor + t.beside.Minor + t.unsaid, Currency: out.Base.Currency}
		t.beside.Minor = 0 // it is in the total now
	default:
		_, rule = document.Money("", x.currency)
		return out, extra, false, rule
	}
	if rule != "" {
		return out, extra, false, rule
	}
	if t.listed && t.all.Known() {
		out.Taxes = t.all
	}
	extra = travel.Money{Currency: out.Total.Currency}
	stated := document.Advisory(x.total, x.currency) // what base and taxes make; sellingTotal is more
	if !stated.Known() {
		stated = out.Total
	}
	base := out.Base
	if sum := x.changed(nights, func(n *nightly) string { return n.total }); !base.Known() && sum.Minor < stated.Minor {
		base = sum // "total" of a night that is less than the total has no taxes in it
	}
	if t.beside.Minor > 0 && !t.within(stated, base, slack) {
		extra.Minor = t.beside.Minor
	}
	open := t.open && !(base.Known() && stated.Minor > base.Minor+slack)
	if slack > 0 && (!t.all.Known() || out.Base.Minor+t.all.Minor != stated.Minor) {
		out.Base = travel.Money{} // of a rounded average, and nothing bears it out
	}
	if open {
		d.answer.Note("tax_not_in_total", 1)
	}
	return out, extra, t.listed && !open, ""
}

// taxSums is what the taxes of an offer add up to.
type taxSums struct {
	listed   bool         // there are some
	all      travel.Money // not stated unless all are amounts
	beside   travel.Money // those that are not included
	plain    int64        // as beside, without counting nights, guests and rooms
	included int64
	unsaid   int64 // those that do not say: in the total, by the specification
	open     bool  // one that is not included has no amount
	whole    bool  // one of those is the sum of all taxes
}

// sumTaxes adds the taxes of an offer up. One that is only a percentage is that of the base,
// unless it is included: then nobody knows whether the base holds it.
func (d *hotelDecoder) sumTaxes(x *hotelOffer, base travel.Money, room travel.RateRoom, nights int) taxSums {
	currency := travel.Currency(x.currency)
	t := taxSums{all: travel.Money{Currency: currency}, beside: travel.Money{Currency: currency}}
	for _, tax := range d.taxes[x.firstTax:x.afterTax] {
		t.listed = true
		m := document.Advisory(tax.amount, x.currency)
		if tax.currency != "" && tax.currency != x.currency || m.Minor < 0 {
			m = travel.Money{}
		}
		times := int64(1)
		switch {
		case tax.whole:
		case tax.perGuest:
			times = int64(room.Count * (room.Occupancy.Adults + len(room.Occupancy.ChildAges)))
		case tax.perRoom:
			times = int64(room.Count)
		}
		if tax.perNight {
			times *= int64(nights)
		}
		if times == 0 { // of nights or guests that nobody states
			m = travel.Money{}
		}
		if tax.amount == "" && tax.included != travel.Yes {
			m, times = document.Percent(base, tax.percentage), 1
		}
		if !m.Known() {
			t.all = travel.Money{}
		} else if t.all.Known() {
			t.all.Minor += m.Minor * times
		}
		switch {
		case tax.included == travel.Yes:
			t.included += m.Minor * times
		case !m.Known():
			t.open = t.open || tax.included == travel.No
		case tax.included == travel.Unknown:
			t.unsaid += m.Minor * times
		default:
			t.beside.Minor += m.Minor * times
			t.plain += m.Minor
			t.whole = t.whole || tax.whole
		}
	}
	return t
}

// within reports whether a total that holds base and taxes, as the specification says, also
// holds those taxes that say that they are not included: if it does, the word is about the
// base. The base may be wrong by slack.
func (t *taxSums) within(total, base travel.Money, slack int64) bool {
	if !base.Known() {
		return t.whole
	}
	switch over := total.Minor - base.Minor; over {
	case t.beside.Minor, t.plain, t.plain + t.included:
		return true
	default:
		return over+slack >= t.beside.Minor+t.included
	}
}
