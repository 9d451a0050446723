package partnersim

import (
	"strings"
	"time"

	"fanfare/providers/travel"
)

// policies write how a rate is paid and cancelled, in the release that the partner speaks.
func (w *amadeusHotelWriter) policies(x *amadeusHotelPolicies, h *property, o offered, total travel.Money) {
	accepted := amadeusAccepted{[]string{"VI", "CA", "AX"}, []string{"CREDIT_CARD"}}
	switch way := o.id.str("payment").roll(10); {
	case !o.refundable && way < 5:
		x.PaymentType = "PREPAY"
		x.Prepay = &amadeusDeposit{Amount: total.Decimal(), Accepted: accepted}
	case !o.refundable:
		x.PaymentType = "DEPOSIT"
		x.Deposit = &amadeusDeposit{Accepted: accepted}
	case way == 0:
		x.PaymentType = "DEPOSIT"
		half := travel.Money{Minor: total.Minor / 2, Currency: total.Currency}
		x.Deposit = &amadeusDeposit{half.Decimal(), w.q.in.AddDays(-1).String() + "T18:00:00", accepted}
	case way == 1:
		x.PaymentType = "HOLDTIME"
		x.Hold = &amadeusHold{w.q.in.String() + "T18:00:00"}
	default:
		x.PaymentType = "GUARANTEE"
		x.Guarantee = &amadeusGuarantee{accepted}
	}
	steps := w.penalties(h, o, total)
	if newer := w.dice.str("release").chance(500); !newer {
		x.PaymentType = strings.ToLower(x.PaymentType)
		if len(steps) > 0 {
			x.Cancellation = &steps[0]
		}
		return
	}
	x.Cancellations = steps
	if len(steps) > 0 && o.id.str("refundable").chance(500) {
		x.Refundable = &amadeusRefundable{"NON_REFUNDABLE"}
		if o.refundable {
			x.Refundable.Refund = "REFUNDABLE_UP_TO_DEADLINE"
		}
	}
	if !w.lean && h.id.str("check-in").chance(500) {
		x.CheckInOut = &amadeusCheckInOut{"15:00:00", "11:00:00"}
	}
}

// penalties are the steps of a cancellation, the dearest first: from when, and what it
// costs then. Some rates say nothing, and some only until when it is free.
func (w *amadeusHotelWriter) penalties(h *property, o offered, total travel.Money) []amadeusCancellation {
	if o.id.str("policy").chance(70) {
		return nil
	}
	if !o.refundable {
		c := amadeusCancellation{Type: "FULL_STAY"}
		if o.id.str("words").chance(600) {
			c.Description = &amadeusText{Text: "NON-REFUNDABLE RATE"}
		}
		return []amadeusCancellation{c}
	}
	before := func(days, hour, minute int) string {
		day := w.q.in.AddDays(-days).Time()
		return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, h.town.zone).Format("2006-01-02T15:04:05-07:00")
	}
	days := o.id.str("days").between(1, 5)
	last := amadeusCancellation{Deadline: before(days, 23, 59)}
	if o.id.str("same day").chance(150) {
		last.Deadline = before(0, 16, 0)
	}
	switch o.id.str("penalty").roll(5) {
	case 0:
		last.Amount = total.Decimal()
	case 1:
		last.Nights = 1
	case 2:
		last.Percentage = "100"
	case 3:
		last.Type = "FULL_STAY"
	}
	steps := []amadeusCancellation{last}
	if o.id.str("steps").chance(250) {
		quarter := travel.Money{Minor: total.Minor / 4, Currency: total.Currency}
		steps = append(steps, amadeusCancellation{Deadline: before(days+7, 23, 59), Amount: quarter.Decimal()})
	}
	return steps
}
