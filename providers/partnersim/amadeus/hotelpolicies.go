package amadeus

import (
	"strings"
	"time"

	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// policies write how a rate is paid and cancelled, in the release that the partner speaks.
func (w *hotelWriter) policies(x *hotelPolicies, h *world.Property, o world.Offered, total travel.Money) {
	accepted := acceptedDoc{[]string{"VI", "CA", "AX"}, []string{"CREDIT_CARD"}}
	switch way := o.ID.Str("payment").Roll(10); {
	case !o.Refundable && way < 5:
		x.PaymentType = "PREPAY"
		x.Prepay = &deposit{Amount: total.Decimal(), Accepted: accepted}
	case !o.Refundable:
		x.PaymentType = "DEPOSIT"
		x.Deposit = &deposit{Accepted: accepted}
	case way == 0:
		x.PaymentType = "DEPOSIT"
		half := travel.Money{Minor: total.Minor / 2, Currency: total.Currency}
		x.Deposit = &deposit{half.Decimal(), w.q.In.AddDays(-1).String() + "T18:00:00", accepted}
	case way == 1:
		x.PaymentType = "HOLDTIME"
		x.Hold = &hold{w.q.In.String() + "T18:00:00"}
	default:
		x.PaymentType = "GUARANTEE"
		x.Guarantee = &guarantee{accepted}
	}
	steps := w.penalties(h, o, total)
	if newer := w.RNG.Str("release").Chance(500); !newer {
		x.PaymentType = strings.ToLower(x.PaymentType)
		if len(steps) > 0 {
			x.Cancellation = &steps[0]
		}
		return
	}
	x.Cancellations = steps
	if len(steps) > 0 && o.ID.Str("refundable").Chance(500) {
		x.Refundable = &refundableDoc{"NON_REFUNDABLE"}
		if o.Refundable {
			x.Refundable.Refund = "REFUNDABLE_UP_TO_DEADLINE"
		}
	}
	if !w.lean && h.ID.Str("check-in").Chance(500) {
		x.CheckInOut = &checkInOut{"15:00:00", "11:00:00"}
	}
}

// penalties are the steps of a cancellation, the dearest first: from when, and what it
// costs then. Some rates say nothing, and some only until when it is free.
func (w *hotelWriter) penalties(h *world.Property, o world.Offered, total travel.Money) []Cancellation {
	if o.ID.Str("policy").Chance(70) {
		return nil
	}
	if !o.Refundable {
		c := Cancellation{Type: "FULL_STAY"}
		if o.ID.Str("words").Chance(600) {
			c.Description = &textDoc{Text: "NON-REFUNDABLE RATE"}
		}
		return []Cancellation{c}
	}
	before := func(days, hour, minute int) string {
		day := w.q.In.AddDays(-days).Time()
		return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, h.Town.Zone).Format("2006-01-02T15:04:05-07:00")
	}
	days := o.ID.Str("days").Between(1, 5)
	last := Cancellation{Deadline: before(days, 23, 59)}
	if o.ID.Str("same day").Chance(150) {
		last.Deadline = before(0, 16, 0)
	}
	switch o.ID.Str("penalty").Roll(5) {
	case 0:
		last.Amount = total.Decimal()
	case 1:
		last.Nights = 1
	case 2:
		last.Percentage = "100"
	case 3:
		last.Type = "FULL_STAY"
	}
	steps := []Cancellation{last}
	if o.ID.Str("steps").Chance(250) {
		quarter := travel.Money{Minor: total.Minor / 4, Currency: total.Currency}
		steps = append(steps, Cancellation{Deadline: before(days+7, 23, 59), Amount: quarter.Decimal()})
	}
	return steps
}
