package travelport

import (
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

var (
	staysNames  = wire.NewKeys("HotelSearchResult", "NextResultReference", "ResponseMessage", "RequestedHotelDetails", "HotelDetailsSearchResult")
	resultNames = wire.NewKeys("HotelProperty", "RateInfo", "HotelRateDetail", "AggregateHotelDetails")
	propNames   = wire.NewKeys("PropertyAddress", "CoordinateLocation", "HotelRating")
	lineNames   = wire.NewKeys("Address")
	ratingNames = wire.NewKeys("Rating")
)

// readStays reads the answer to a search of properties, or the details of one.
func (d *decoder) readStays() {
	x := d.x
	for c := x.Children(staysNames); c.Next(); {
		switch c.Key() {
		case 0, 3, 4:
			d.readResult()
		case 1:
			if text := x.Text(); len(text) <= maxNext {
				d.next = text
			}
		case 2:
			d.readMessage()
		}
	}
}

// maxNext bounds what is sent back to ask for a further page; real ones have 400 bytes.
const maxNext = 8 << 10

// readResult reads a property with its rates.
func (d *decoder) readResult() {
	x := d.x
	var (
		p     travel.Property
		rates []travel.Rate
		due   []wire.Wall // when cancelling begins to cost, of each rate
		sold  = true
	)
	for c := x.Children(resultNames); c.Next(); {
		switch c.Key() {
		case 0:
			if p.ID != "" { // the same house at another source
				break
			}
			p.ID, p.Name = strings.Clone(x.Attr("HotelCode")), x.AttrName("Name")
			p.Chain = x.AttrIntern("HotelChain")
			sold = x.Attr("Availability") != "NotAvailable"
			d.readProperty(&p)
		default:
			d.answer.OffersIn++
			r, until, rule := d.readRate(c.Key() != 1)
			if rule == "" {
				rule = r.Check()
			}
			if rule != "" {
				d.answer.Drop(rule, 1)
				continue
			}
			rates, due = append(rates, r), append(due, until)
		}
	}
	for i := range rates {
		rates[i].PartnerRef = p.ID + "/" + rates[i].PartnerRef
		d.deadline(&rates[i].Cancellation, due[i], &p)
	}
	if !sold {
		d.answer.Note("not_available", 1)
	}
	if len(rates) > 0 {
		d.answer.Stays = append(d.answer.Stays, travel.Stay{Property: p, Rates: rates})
	}
}

// readProperty reads what the property is. Of several ratings the first that is a number
// of stars counts.
func (d *decoder) readProperty(p *travel.Property) {
	x := d.x
	for c := x.Children(propNames); c.Next(); {
		switch c.Key() {
		case 0:
			var lines []string
			for l := x.Children(lineNames); l.Next(); {
				if line := x.Name(); line != "" {
					lines = append(lines, line)
				}
			}
			p.Address = wire.Clean(strings.Join(lines, ", "), wire.MaxName)
		case 1:
			lat, err := strconv.ParseFloat(x.Attr("latitude"), 64)
			lon, err2 := strconv.ParseFloat(x.Attr("longitude"), 64)
			if err == nil && err2 == nil {
				p.SetGeo(lat, lon)
			}
		case 2:
			for r := x.Children(ratingNames); r.Next(); {
				if stars, err := strconv.ParseFloat(x.View(), 64); err == nil && p.Stars == 0 && stars > 0 && stars <= 5 {
					p.Stars = stars
				}
			}
		}
	}
}

var (
	rateNames   = wire.NewKeys("RoomRateDescription", "CancelInfo", "Inclusions", "MealPlans", "RoomDispatch")
	textNames   = wire.NewKeys("Text")
	insideNames = wire.NewKeys("MealPlans")
)

// readRate reads a RateInfo of a search, or a HotelRateDetail: a rate of a property, and
// until when it may be cancelled, whose zone may be the property's.
func (d *decoder) readRate(detail bool) (r travel.Rate, until wire.Wall, rule string) {
	x := d.x
	r = travel.Rate{Price: travel.Price{Kind: travel.Live}}
	total := first(x.Attr("MinimumStayAmount"), x.Attr("ApproximateMinimumStayAmount"))
	var base, taxes string
	if detail {
		total = first(x.Attr("Total"), x.Attr("ApproximateTotal"))
		base, taxes = x.Attr("Base"), first(x.Attr("Tax"), x.Attr("Taxes"))
		r.PartnerRef, r.RoomCode = strings.Clone(x.Attr("RatePlanType")), strings.Clone(x.Attr("RatePlanType"))
	} else {
		r.PartnerRef = strings.Clone(first(x.Attr("RateSupplier"), x.Attr("RateCategory")))
	}
	r.Payment = paymentOf(first(x.Attr("PaymentType"), x.Attr("RateGuaranteed")))
	packaged := wire.XMLBool(x.Attr("PackageOffer")) == travel.Yes
	if wire.XMLBool(x.Attr("TaxesIncluded")) == travel.No {
		d.answer.Note("tax_not_in_total", 1)
	}
	for c := x.Children(rateNames); c.Next(); {
		switch c.Key() {
		case 0:
			if name := x.Attr("Name"); strings.EqualFold(name, "Room") || strings.EqualFold(name, "Description") {
				for t := x.Children(textNames); t.Next(); {
					if r.Room == "" {
						r.Room = x.Name()
					}
				}
			}
		case 1:
			until = d.readCancellation(&r.Cancellation)
		case 2:
			for m := x.Children(insideNames); m.Next(); {
				r.Board = d.board()
			}
		case 3:
			r.Board = d.board()
		}
	}
	if packaged {
		return r, until, travel.RulePackageOnly
	}
	if r.Price.Total, rule = money(total); rule != "" {
		return r, until, rule
	}
	r.Price.Base, r.Price.Taxes = advisory(base), advisory(taxes)
	return r, until, ""
}

// paymentOf reads when a stay is paid.
func paymentOf(kind string) travel.Payment {
	switch kind {
	case "PrePay":
		return travel.PayNow
	case "PostPay":
		return travel.PayAtProperty
	case "Deposit":
		return travel.PayDeposit
	case "Guarantee":
		return travel.PayGuarantee
	}
	return travel.PaymentUnknown
}

// board reads MealPlans, whose attributes are true for what is included.
func (d *decoder) board() travel.Board {
	x := d.x
	has := func(name string) bool { return wire.XMLBool(x.Attr(name)) == travel.Yes }
	switch meals := [3]bool{has("Breakfast"), has("Lunch"), has("Dinner")}; {
	case has("AllInclusive"):
		return travel.AllInclusive
	case meals == [3]bool{true, true, true}:
		return travel.FullBoard
	case meals[0] && (meals[1] || meals[2]):
		return travel.HalfBoard
	case meals[0]:
		return travel.BedAndBreakfast
	}
	return travel.BoardUnknown
}

// readCancellation reads CancelInfo. The deadline is returned, the zero value without one.
func (d *decoder) readCancellation(c *travel.Cancellation) wire.Wall {
	x := d.x
	text, fee := x.Attr("CancelDeadline"), advisory(x.Attr("CancelPenaltyAmount"))
	switch wire.XMLBool(x.Attr("NonRefundableStayIndicator")) {
	case travel.Yes:
		c.Refundable = travel.No
		return wire.Wall{}
	case travel.No:
		c.Refundable = travel.Yes
	}
	until, ok := wire.ParseWall(text)
	if !ok {
		if text != "" {
			d.answer.Note("cancellation_unreadable", 1)
		}
		return wire.Wall{}
	}
	c.Refundable = travel.Yes
	c.Steps = []travel.CancellationStep{{Fee: fee}}
	return until
}

// deadline completes a cancellation: a time without an offset is the property's own.
func (d *decoder) deadline(c *travel.Cancellation, until wire.Wall, p *travel.Property) {
	if until == (wire.Wall{}) {
		return
	}
	var zone *time.Location
	if until.Zone == wire.NoZone {
		if p.HasGeo {
			zone = d.atlas.ZoneNear(p.Lat, p.Lon)
		}
		if zone == nil {
			c.Steps = nil
			d.answer.Note("cancellation_unreadable", 1)
			return
		}
		d.answer.Note("deadline_zone_assumed", 1)
	}
	c.FreeUntil = until.Instant(zone)
	c.Steps[0].From = c.FreeUntil
}
