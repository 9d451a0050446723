package travelport

import (
	"strconv"
	"strings"
	"time"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// cancelling is what a rate says of it: a deadline, or an offset ahead of arrival, and what
// it then costs.
type cancelling struct {
	until   document.Wall // the zero value without one
	ahead   time.Duration
	offset  bool
	fee     travel.Money
	percent float64 // of the stay, or of the nights; -1 without
	nights  int
}

// offsetUnits of OffsetTimeUnit.
var offsetUnits = map[string]time.Duration{"Hour": time.Hour, "Day": 24 * time.Hour, "Week": 7 * 24 * time.Hour}

// readCancellation reads CancelInfo.
func (d *decoder) readCancellation(c *travel.Cancellation) (due cancelling) {
	x := d.x
	switch document.XMLBool(x.Attr("NonRefundableStayIndicator")) {
	case travel.Yes:
		c.Refundable = travel.No
		return cancelling{}
	case travel.No:
		c.Refundable = travel.Yes
	}
	due.percent = -1
	if n, err := strconv.ParseFloat(x.Attr("CancelPenaltyPercent"), 64); err == nil && n >= 0 && n <= 100 {
		due.percent = n
	}
	due.fee, due.nights = advisory(x.Attr("CancelPenaltyAmount")), countOf(x.Attr("NumberOfNights"))
	times, err := strconv.Atoi(x.Attr("OffsetUnitMultiplier"))
	unit := offsetUnits[x.Attr("OffsetTimeUnit")]
	if drop := x.Attr("OffsetDropTime"); unit > 0 && err == nil && times >= 0 && times < 1000 && (drop == "" || drop == "BeforeArrival") {
		due.offset, due.ahead = true, time.Duration(times)*unit
	}
	text := x.Attr("CancelDeadline")
	if len(text) == len("2027-03-01") {
		text += "T00:00" // from the beginning of that day on it costs
	}
	until, ok := document.ParseWall(text)
	switch {
	case ok:
		due.until, c.Refundable = until, travel.Yes
	case text != "":
		d.answer.Note("cancellation_unreadable", 1)
	case due.offset:
		c.Refundable = travel.Yes
	}
	return due
}

// cancel completes a cancellation: a time without an offset is the property's own, and an
// offset counts from midnight of the day of arrival.
func (d *decoder) cancel(r *travel.Rate, said *rateSaid, p *travel.Property) {
	due, nights := said.due, 0
	if said.in != 0 && said.out > said.in {
		nights = int(said.out - said.in)
	}
	if due.until == (document.Wall{}) {
		if !due.offset || said.in == 0 {
			return
		}
		day := said.in.Time().Add(-due.ahead)
		due.until = document.Wall{Year: day.Year(), Month: day.Month(), Day: day.Day(), Hour: day.Hour()}
	}
	var zone *time.Location
	if due.until.Zone == document.NoZone {
		if p.HasGeo {
			zone = d.atlas.ZoneNear(p.Lat, p.Lon)
		}
		if zone == nil {
			d.answer.Note("cancellation_unreadable", 1)
			return
		}
		d.answer.Note("deadline_zone_assumed", 1)
	}
	c := &r.Cancellation
	c.FreeUntil = due.until.Instant(zone)
	c.Steps = []travel.CancellationStep{{From: c.FreeUntil, Fee: due.costs(r.Price.Total, nights)}}
}

// costs is the fee for a stay of so many nights, 0 if unknown; not stated if it cannot be told.
func (due *cancelling) costs(total travel.Money, nights int) travel.Money {
	switch {
	case due.fee.Known():
		return due.fee
	case due.nights > 0 && (nights == 0 || due.nights < nights), due.nights == 0 && due.percent < 0:
		return travel.Money{}
	case due.percent >= 0:
		total.Minor = (total.Minor*int64(due.percent*100+0.5) + 5000) / 10000
	}
	return total
}

// paymentOf reads when a stay is paid.
func paymentOf(kind string) travel.Payment {
	switch strings.ToLower(kind) {
	case "prepay", "prepayment":
		return travel.PayNow
	case "postpay":
		return travel.PayAtProperty
	case "deposit":
		return travel.PayDeposit
	case "guarantee":
		return travel.PayGuarantee
	}
	return travel.PaymentUnknown
}

// board reads MealPlans, whose attributes are true for what is included.
func (d *decoder) board() travel.Board {
	x := d.x
	said := func(name string) travel.Answered { return document.XMLBool(x.Attr(name)) }
	breakfast, lunch, dinner := said("Breakfast"), said("Lunch"), said("Dinner")
	switch {
	case said("AllInclusive") == travel.Yes:
		return travel.AllInclusive
	case breakfast == travel.Yes && lunch == travel.Yes && dinner == travel.Yes:
		return travel.FullBoard
	case breakfast == travel.Yes && (lunch == travel.Yes || dinner == travel.Yes):
		return travel.HalfBoard
	case breakfast == travel.Yes:
		return travel.BedAndBreakfast
	case breakfast == travel.No && lunch == travel.No && dinner == travel.No:
		return travel.RoomOnly
	}
	return travel.BoardUnknown
}
