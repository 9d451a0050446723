package amadeus

import (
	"slices"
	"strings"
	"time"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

const (
	policyPaymentType = iota
	policyGuarantee
	policyDeposit
	policyPrepay
	policyHoldTime
	policyCancellations
	policyCancellation
	policyRefundable
)

var policyKeys = document.NewKeys([]string{
	policyPaymentType: "paymentType", policyGuarantee: "guarantee", policyDeposit: "deposit", policyPrepay: "prepay",
	policyHoldTime: "holdTime", policyCancellations: "cancellations", policyCancellation: "cancellation", policyRefundable: "refundable",
}...)

var (
	payKeys    = document.NewKeys("amount")
	refundKeys = document.NewKeys("cancellationRefund")
)

const (
	feeDeadline = iota
	feeAmount
	feePercentage
	feeNumberOfNights
	feeType
	feeDescription
)

var feeKeys = document.NewKeys([]string{
	feeDeadline: "deadline", feeAmount: "amount", feePercentage: "percentage", feeNumberOfNights: "numberOfNights", feeType: "type",
	feeDescription: "description",
}...)

// readPolicies reads the booking rules. A payment type that is not stated is that of the
// one policy there is.
func (d *hotelDecoder) readPolicies(x *hotelOffer) {
	r := d.r
	var (
		listed  travel.Payment
		deposit string
	)
	first, many := len(d.fees), false
	for o := r.Object(policyKeys); o.Next(); {
		switch o.Key() {
		case policyPaymentType:
			x.payment = paymentOf(r.View())
		case policyGuarantee:
			listed = travel.PayGuarantee
		case policyDeposit, policyPrepay:
			listed = travel.PayDeposit
			if o.Key() == policyPrepay {
				listed = travel.PayNow
			}
			for w := r.Object(payKeys); w.Next(); {
				deposit = r.View()
			}
		case policyHoldTime:
			listed = travel.PayAtProperty
		case policyCancellations:
			d.fees, many = d.fees[:first], true // the list says all that the single one says
			for a := r.Array(); a.Next(); {
				d.readFee(first)
			}
			many = len(d.fees) > first
		case policyCancellation:
			if many {
				break
			}
			for a := r.Array(); a.Next(); {
				d.readFee(first)
			}
		case policyRefundable:
			for w := r.Object(refundKeys); w.Next(); {
				x.refund = r.View()
			}
		}
	}
	if x.payment == travel.PaymentUnknown {
		x.payment = listed
	}
	x.deposit = deposit
}

func paymentOf(kind string) travel.Payment {
	switch strings.ToUpper(kind) {
	case "GUARANTEE":
		return travel.PayGuarantee
	case "DEPOSIT":
		return travel.PayDeposit
	case "PREPAY":
		return travel.PayNow
	case "HOLDTIME":
		return travel.PayAtProperty
	}
	return travel.PaymentUnknown
}

// readFee reads a fee of the offer whose fees begin at first.
func (d *hotelDecoder) readFee(first int) {
	r := d.r
	var f fee
	for o := r.Object(feeKeys); o.Next(); {
		switch o.Key() {
		case feeDeadline:
			f.deadline = r.View()
		case feeAmount:
			f.amount = r.View()
		case feePercentage:
			f.percentage = r.View()
		case feeNumberOfNights:
			if n, ok := r.Int(); ok && n > 0 {
				f.nights = n
			}
		case feeType:
			f.fullStay = r.View() == "FULL_STAY"
		case feeDescription:
			f.words = d.readWords()
		}
	}
	if len(d.fees)-first < maxFees {
		d.fees = append(d.fees, f)
	}
}

// cost is what a cancellation costs of a stay of some nights at a price, not known if the
// document does not say. An amount that is stated is what it costs, whatever is said beside it.
// Nights are only counted where they are all: prices of single nights differ.
func (f *fee) cost(total travel.Money, nights int) travel.Money {
	if m := document.Advisory(f.amount, string(total.Currency)); m.Known() && m.Minor >= 0 {
		return m
	}
	switch {
	case f.fullStay, f.nights > 0 && f.nights >= nights && nights > 0:
		return total
	case f.amount != "":
	case f.percentage != "":
		return document.Percent(total, f.percentage)
	}
	return travel.Money{}
}

// neverBack reports whether words say that nothing is given back.
func neverBack(words string) bool {
	words = strings.ToUpper(words)
	return strings.Contains(words, "NON-REFUNDABLE") || strings.Contains(words, "NON REFUNDABLE") || strings.Contains(words, "NONREFUNDABLE")
}

// cancellation: free until the first fee starts. A fee without a deadline is due at any
// time: all of the price is never refundable, none of it always.
func (d *hotelDecoder) cancellation(c *travel.Cancellation, x *hotelOffer, p *travel.Property, total travel.Money, nights int) {
	refund := strings.ToUpper(x.refund)
	never, always := strings.HasPrefix(refund, "NON"), false
	for i := x.firstFee; i < x.afterFee; i++ {
		f := &d.fees[i]
		cost := f.cost(total, nights)
		if f.deadline == "" {
			switch {
			case !cost.Known() && neverBack(f.words), cost.Known() && cost.Minor >= total.Minor:
				never = true
			case cost.Known() && cost.Minor == 0:
				always = true
			default:
				d.answer.Note("cancellation_unreadable", 1)
			}
			continue
		}
		deadline := f.deadline
		if len(deadline) == len("2027-03-01") {
			deadline += "T00:00"
		}
		w, ok := document.ParseWall(deadline)
		zone := time.UTC
		if w.Zone == document.NoZone {
			zone = d.zoneOf(p)
		}
		if !ok || zone == nil {
			d.answer.Note("cancellation_unreadable", 1)
			continue
		}
		if w.Zone == document.NoZone {
			d.answer.Note("deadline_zone_assumed", 1)
		}
		if cost.Known() && cost.Minor == 0 {
			continue
		}
		c.Steps = append(c.Steps, travel.CancellationStep{From: w.Instant(zone), Fee: cost})
	}
	slices.SortStableFunc(c.Steps, func(a, b travel.CancellationStep) int { return a.From.Compare(b.From) })
	switch {
	case never:
		c.Refundable = travel.No
	case len(c.Steps) > 0:
		c.Refundable, c.FreeUntil = travel.Yes, c.Steps[0].From
	case always || strings.HasPrefix(refund, "REFUND"):
		c.Refundable = travel.Yes
	}
}
