package travelport

import (
	"slices"
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// conditions fills in what the pricings of a point say: seller, expiry, fares of each
// segment, bags, seats, and what changing and cancelling costs.
func (d *decoder) conditions(o *travel.Offer, p *point, chosen []*option) {
	infos := d.infos[p.infos.from:p.infos.to]
	o.Seller.Code = infos[0].carrier
	var bags travel.Fewest
	seat := travel.SeatIncluded
	for i := range infos {
		info := &infos[i]
		if at := document.ParseInstant(info.expires); !at.IsZero() && (o.ExpiresAt.IsZero() || at.Before(o.ExpiresAt)) {
			o.ExpiresAt = at
		}
		sold := d.sold(info, chosen)
		if i == 0 {
			d.booked(o, sold)
		}
		if info.onLap && len(infos) > 1 {
			continue // no seat, and no say in bags
		}
		for _, b := range sold {
			bags.Add(d.pieces(b))
			seat = seat.And(d.seat(b))
		}
	}
	o.Fare.Seat = seat
	o.Fare.CheckedBags = bags.Pieces()
	d.terms(o, infos)
}

// unbooked is a segment of which the document does not say how it is booked.
var unbooked = booking{segmentAt: -1, fareAt: -1}

// sold is how a passenger type is booked on each segment of the chosen options, in order.
func (d *decoder) sold(info *pricing, chosen []*option) []*booking {
	all := make([]*booking, 0, 8)
	for _, way := range chosen {
		flown := d.bookings[way.bookings.from:way.bookings.to]
		if same := d.sameOption(info, flown); same != nil {
			for i := range same {
				all = append(all, &same[i])
			}
			continue
		}
		direct := d.bookings[info.bookings.from:info.bookings.to]
		for i := range flown {
			if at := slices.IndexFunc(direct, func(x booking) bool { return x.segment == flown[i].segment }); at >= 0 {
				all = append(all, &direct[at])
			} else {
				all = append(all, &unbooked)
			}
		}
	}
	return all
}

// sameOption is the bookings of a passenger type on the same segments, nil without.
func (d *decoder) sameOption(info *pricing, flown []booking) []booking {
	for _, c := range d.choices[info.choices.from:info.choices.to] {
		for i := c.options.from; i < c.options.to; i++ {
			way := &d.options[i]
			bookings := d.bookings[way.bookings.from:way.bookings.to]
			if len(bookings) == len(flown) && (&bookings[0] == &flown[0] || sameFlights(bookings, flown)) {
				return bookings
			}
		}
	}
	return nil
}

func sameFlights(a, b []booking) bool {
	for i := range a {
		if a[i].segmentAt != b[i].segmentAt {
			return false
		}
	}
	return true
}

// booked fills in basis, cabin and brand, and the seats that are left.
func (d *decoder) booked(o *travel.Offer, sold []*booking) {
	basis, cabin := make([]string, len(sold)), make([]travel.Cabin, len(sold))
	var based, known bool
	for i, b := range sold {
		cabin[i] = b.cabin
		known = known || b.cabin.Known()
		if b.fareAt >= 0 {
			f := &d.fares[b.fareAt]
			basis[i] = f.basis
			based = based || f.basis != ""
			o.Fare.Brand = alsoCalled(o.Fare.Brand, first(f.brand, d.brands[f.brandID].name))
		}
		if b.left > 0 && (o.SeatsLeft == 0 || b.left < o.SeatsLeft) {
			o.SeatsLeft = b.left
		}
	}
	if based {
		o.Fare.Basis = basis
	}
	if known {
		o.Fare.Cabin = cabin
	}
}

// alsoCalled joins the names of differing brands.
func alsoCalled(names, name string) string {
	switch {
	case name == "" || names == name || strings.Contains(" / "+names+" / ", " / "+name+" / "):
		return names
	case names == "":
		return name
	}
	return names + " / " + name
}

// pieces is the checked bags of a booking's fare, -1 if unknown.
func (d *decoder) pieces(b *booking) int {
	if b.fareAt < 0 {
		return -1
	}
	return d.fares[b.fareAt].pieces
}

// seat is the choice of a seat with a booking's brand.
func (d *decoder) seat(b *booking) travel.SeatChoice {
	if b.fareAt < 0 {
		return travel.SeatUnknown
	}
	return d.brands[d.fares[b.fareAt].brandID].seat
}

// terms are the worst of all passenger types': one that may not be changed makes the
// whole offer so, and one that says nothing leaves it unknown.
func (d *decoder) terms(o *travel.Offer, infos []pricing) {
	currency := o.Price.Total.Currency
	for i := range infos {
		refund, refundFee := infos[i].cancel.result(infos[i].refundable, currency)
		change, changeFee := infos[i].change.result(infos[i].exchangeable, currency)
		if i == 0 {
			o.Fare.Refundable, o.Fare.RefundFee, o.Fare.Changeable, o.Fare.ChangeFee = refund, refundFee, change, changeFee
			continue
		}
		o.Fare.Refundable, o.Fare.RefundFee = worse(o.Fare.Refundable, o.Fare.RefundFee, refund, refundFee)
		o.Fare.Changeable, o.Fare.ChangeFee = worse(o.Fare.Changeable, o.Fare.ChangeFee, change, changeFee)
	}
}

func worse(a travel.Answered, fee travel.Money, b travel.Answered, other travel.Money) (travel.Answered, travel.Money) {
	switch {
	case a == travel.No || b == travel.No:
		return travel.No, travel.Money{}
	case a == travel.Unknown || b == travel.Unknown:
		return travel.Unknown, travel.Money{}
	case !fee.Known() || !other.Known() || fee.Currency != other.Currency:
		return travel.Yes, travel.Money{}
	case other.Minor > fee.Minor:
		return travel.Yes, other
	}
	return travel.Yes, fee
}
