package amadeus

import (
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

const (
	variationAverage = iota
	variationChanges
)

var variationKeys = document.NewKeys([]string{variationAverage: "average", variationChanges: "changes"}...)

const (
	changeStartDate = iota
	changeEndDate
	changeBase
	changeTotal
)

var changeKeys = document.NewKeys([]string{changeStartDate: "startDate", changeEndDate: "endDate", changeBase: "base", changeTotal: "total"}...)

// nightly is what a price says of single nights: of all of them on average, or of some.
type nightly struct {
	nights      int // that it is for, 0 if it does not say
	base, total string
}

// maxChanges bounds the changes of a price: a stay has no more nights.
const maxChanges = 40

// readVariations reads the prices of nights.
func (d *hotelDecoder) readVariations(x *hotelOffer) {
	for o := d.r.Object(variationKeys); o.Next(); {
		if o.Key() == variationAverage {
			x.average = d.readNightly()
			continue
		}
		for a := d.r.Array(); a.Next(); {
			if n := d.readNightly(); len(x.changes) < maxChanges {
				x.changes = append(x.changes, n)
			}
		}
	}
}

func (d *hotelDecoder) readNightly() (n nightly) {
	var from, to travel.Date
	for o := d.r.Object(changeKeys); o.Next(); {
		switch o.Key() {
		case changeStartDate:
			from, _ = travel.ParseDate(d.r.View())
		case changeEndDate:
			to, _ = travel.ParseDate(d.r.View())
		case changeBase:
			n.base = d.r.View()
		case changeTotal:
			n.total = d.r.View()
		}
	}
	if from != 0 && to > from {
		n.nights = int(to - from)
	}
	return n
}

// baseOf is the price without taxes of the whole stay. Where it is not stated it is the sum over
// the changes, each times its nights, else the average times the nights, which may be rounded:
// slack is by how much that may be wrong. A base that is stated, or of changes, has none.
func (x *hotelOffer) baseOf(nights int) (base travel.Money, slack int64) {
	if m := document.Advisory(x.base, x.currency); m.Known() {
		return m, 0
	}
	if m := x.changed(nights, func(n *nightly) string { return n.base }); m.Known() {
		return m, 0
	}
	if m := document.Advisory(x.average.base, x.currency); m.Known() && m.Minor >= 0 && nights > 0 {
		m.Minor *= int64(nights)
		return m, int64(nights - 1)
	}
	return travel.Money{}, 0
}

// changed is the sum of an amount over the changes, if they make up all nights.
func (x *hotelOffer) changed(nights int, amount func(*nightly) string) travel.Money {
	sum, covered := travel.Money{Currency: travel.Currency(x.currency)}, 0
	for i := range x.changes {
		n := &x.changes[i]
		m := document.Advisory(amount(n), x.currency)
		if !m.Known() || m.Minor < 0 || n.nights == 0 {
			return travel.Money{}
		}
		sum.Minor += m.Minor * int64(n.nights)
		covered += n.nights
	}
	if covered == 0 || covered != nights {
		return travel.Money{}
	}
	return sum
}
