package duffel

import (
	"slices"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

const (
	timelineBefore = iota
	timelineRefundAmount
	timelineCurrency
)

var timelineKeys = document.NewKeys([]string{timelineBefore: "before", timelineRefundAmount: "refund_amount", timelineCurrency: "currency"}...)

// refund is what is given back before an instant; views.
type refund struct{ before, amount, currency string }

// maxRefunds bounds a timeline; real ones have three or four.
const maxRefunds = 64

// readTimeline is told if there is a timeline, which may be empty.
func (d *staysDecoder) readTimeline() (told bool) {
	r := d.r
	told = r.Kind() == '[' || r.Kind() == '{'
	for a := r.Array(); a.Next(); {
		var x refund
		for o := r.Object(timelineKeys); o.Next(); {
			switch o.Key() {
			case timelineBefore:
				x.before = r.View()
			case timelineRefundAmount:
				x.amount = r.View()
			case timelineCurrency:
				x.currency = r.Intern()
			}
		}
		if len(d.timeline) < maxRefunds {
			d.timeline = append(d.timeline, x)
		}
	}
	return told
}

// entry is the fee from an instant on, and the one before it.
type entry struct {
	at  travel.CancellationStep
	fee travel.Money
}

// cancellation turns refunds before instants into fees from instants on. Behind the last
// nothing is given back. A refund below the total ahead of the first instant is a fee from
// the booking on, which no instant stands for: it is noted, and nothing is free.
func (d *staysDecoder) cancellation(c *travel.Cancellation, told bool, total travel.Money) {
	if !told {
		return
	}
	d.entries = d.entries[:0]
	readable := true
	c.Refundable = travel.No // what an empty timeline says
	for _, x := range d.timeline {
		w, ok := document.ParseWall(x.before)
		back := document.Advisory(x.amount, x.currency)
		if !back.Known() || back.Minor > 0 {
			c.Refundable = travel.Yes
		}
		if !ok || w.Zone == document.NoZone {
			d.found.answer.Note("cancellation_unreadable", 1)
			readable = false
			continue
		}
		var fee travel.Money // unknown if the refund is in another currency
		if back.Known() && back.Currency == total.Currency {
			fee = travel.Money{Minor: max(total.Minor-back.Minor, 0), Currency: total.Currency}
		}
		d.entries = append(d.entries, entry{travel.CancellationStep{From: w.Instant(nil), Fee: total}, fee})
	}
	entries := d.entries
	slices.SortStableFunc(entries, func(a, b entry) int { return a.at.From.Compare(b.at.From) })
	for i := range entries {
		free := entries[i].fee.Known() && entries[i].fee.Minor == 0
		switch {
		case i > 0:
			entries[i-1].at.Fee = entries[i].fee
		case entries[i].fee.Known() && !free:
			d.found.answer.Note("fee_from_booking", 1)
		}
		if free && readable && (i == 0 || c.FreeUntil.Equal(entries[i-1].at.From)) {
			c.FreeUntil = entries[i].at.From
		}
	}
	if len(entries) == 0 {
		return
	}
	c.Steps = make([]travel.CancellationStep, 0, len(entries))
	for _, e := range entries {
		if !e.at.Fee.Known() || e.at.Fee.Minor > 0 {
			c.Steps = append(c.Steps, e.at)
		}
	}
}
