package duffel

import (
	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

const (
	roomName = iota
	roomRates
)

var roomKeys = document.NewKeys([]string{roomName: "name", roomRates: "rates"}...)

const (
	rateID = iota
	rateTotalAmount
	rateTotalCurrency
	rateBaseAmount
	rateBaseCurrency
	rateTaxAmount
	rateTaxCurrency
	rateFeeAmount
	rateFeeCurrency
	rateDueAtAccommodationAmount
	rateDueAtAccommodationCurrency
	rateBoardType
	ratePaymentType
	rateQuantityAvailable
	rateExpiresAt
	rateCancellationTimeline
)

var rateKeys = document.NewKeys([]string{
	rateID: "id", rateTotalAmount: "total_amount", rateTotalCurrency: "total_currency", rateBaseAmount: "base_amount",
	rateBaseCurrency: "base_currency", rateTaxAmount: "tax_amount", rateTaxCurrency: "tax_currency", rateFeeAmount: "fee_amount",
	rateFeeCurrency: "fee_currency", rateDueAtAccommodationAmount: "due_at_accommodation_amount",
	rateDueAtAccommodationCurrency: "due_at_accommodation_currency", rateBoardType: "board_type", ratePaymentType: "payment_type",
	rateQuantityAvailable: "quantity_available", rateExpiresAt: "expires_at", rateCancellationTimeline: "cancellation_timeline",
}...)

// readRooms reads the rooms with their rates of an accommodation, or the number of rooms
// that a result is for.
func (d *staysDecoder) readRooms(p *place) {
	r := d.r
	if k := r.Kind(); k != '[' && k != '{' {
		p.count, _ = r.Int()
		return
	}
	for a := r.Array(); a.Next(); {
		name, from := "", len(d.rates)
		for o := r.Object(roomKeys); o.Next(); {
			if o.Key() == roomName {
				name = r.Name()
				continue
			}
			for b := r.Array(); b.Next(); {
				d.readRate(p)
				d.bound(from, assemble.MaxOffers)
			}
		}
		for i := range d.rates[from:] {
			d.rates[from+i].Room = name
		}
		d.bound(p.from, assemble.MaxOffers)
	}
}

// bound keeps the cheapest of the rates from some position on, once there are twice as many.
func (d *staysDecoder) bound(from, limit int) {
	if len(d.rates)-from > 2*limit {
		d.rates = d.rates[:from+len(assemble.LimitRates(&d.found.answer, d.rates[from:], limit))]
	}
}

// readRate reads a rate and keeps it, if no rule is against it.
func (d *staysDecoder) readRate(p *place) {
	r := d.r
	out := travel.Rate{Price: travel.Price{Kind: travel.Live}}
	d.timeline = d.timeline[:0]
	var total, base, tax, fee, due [2]string // amount, a view, and currency
	told := false
	for o := r.Object(rateKeys); o.Next(); {
		switch o.Key() {
		case rateID:
			out.PartnerRef = r.Text()
		case rateTotalAmount:
			total[0], p.priced = r.View(), true
		case rateTotalCurrency:
			total[1] = r.Intern()
		case rateBaseAmount:
			base[0] = r.View()
		case rateBaseCurrency:
			base[1] = r.Intern()
		case rateTaxAmount:
			tax[0] = r.View()
		case rateTaxCurrency:
			tax[1] = r.Intern()
		case rateFeeAmount:
			fee[0] = r.View()
		case rateFeeCurrency:
			fee[1] = r.Intern()
		case rateDueAtAccommodationAmount:
			due[0] = r.View()
		case rateDueAtAccommodationCurrency:
			due[1] = r.Intern()
		case rateBoardType:
			out.Board = boardOf(r.View())
		case ratePaymentType:
			out.Payment = paymentOf(r.View())
		case rateQuantityAvailable:
			if n, ok := r.Int(); ok {
				out.RoomsLeft = max(n, 0)
			}
		case rateExpiresAt:
			out.ExpiresAt = document.ParseInstant(r.View())
		case rateCancellationTimeline:
			told = d.readTimeline()
		}
	}
	if r.Err() != nil {
		return
	}
	price, rule := document.Money(total[0], total[1])
	d.cancellation(&out.Cancellation, told, price)
	out.Price.Total, out.Price.Base, out.Price.Taxes = price, document.Advisory(base[0], base[1]), document.Advisory(tax[0], tax[1])
	out.Price.Fees = document.Advisory(fee[0], fee[1]) // as stated; see offer
	d.offer(p, out, rule, due[0], due[1])
}

// keepCheapest keeps the one rate of a place that is known by its cheapest only.
func (d *staysDecoder) keepCheapest(p *place) {
	c := p.cheap[0]
	if c.total == "" {
		c = p.cheap[1]
	}
	out := travel.Rate{PartnerRef: p.id, Price: travel.Price{Kind: travel.Live}}
	price, rule := document.Money(c.total, c.currency)
	out.Price.Total, out.Price.Base = price, document.Advisory(c.base, c.baseCurrency)
	d.offer(p, out, rule, c.due, c.dueCurrency)
	if p.accommodation && p.id != "" && len(d.rates) > p.from {
		if d.found.open == nil {
			d.found.open = map[string]bool{}
		}
		d.found.open[p.id] = true
	}
}

// offer adds what is due at the accommodation to a rate, and keeps it, if neither the rule
// nor another is against it.
func (d *staysDecoder) offer(p *place, out travel.Rate, rule, due, dueCurrency string) {
	a := &d.found.answer
	a.OffersIn++
	p.rates++
	if rule == "" {
		rule = out.Check() // before what is due makes it look like a price
	}
	if rule != "" {
		a.Drop(rule, 1)
		return
	}
	if due != "" {
		extra := document.Advisory(due, dueCurrency)
		switch {
		case extra.Known() && extra.Minor == 0:
			out.PayAtProperty = travel.Money{Currency: out.Price.Total.Currency}
		case extra.Minor > 0 && extra.Currency == out.Price.Total.Currency:
			out.PayAtProperty = extra
			out.Price.Total.Minor += extra.Minor
		default:
			a.Note("tax_not_in_total", 1)
		}
	}
	out.Price.StateFees(out.Price.Fees, out.PayAtProperty)
	d.rates = append(d.rates, out)
}

func boardOf(kind string) travel.Board {
	switch kind {
	case "room_only":
		return travel.RoomOnly
	case "breakfast":
		return travel.BedAndBreakfast
	case "half_board":
		return travel.HalfBoard
	case "full_board":
		return travel.FullBoard
	case "all_inclusive":
		return travel.AllInclusive
	}
	return travel.BoardUnknown
}

func paymentOf(kind string) travel.Payment {
	switch kind {
	case "pay_now":
		return travel.PayNow
	case "deposit":
		return travel.PayDeposit
	case "guarantee":
		return travel.PayGuarantee
	}
	return travel.PaymentUnknown
}
