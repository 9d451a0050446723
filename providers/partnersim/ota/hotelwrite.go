package ota

import (
	"net/http"
	"strconv"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// search answers an OTA_HotelSearchRQ: names, places and stars.
func (p *hotel) search(m *exchange.XMLNode, wrap exchange.Envelope, now time.Time, exactly int) exchange.Reply {
	q := &hotelQuestion{most: 1000}
	criterion := m.Kid("Criteria", "Criterion")
	if criterion == nil {
		return p.errors(wrap, "OTA_HotelSearchRS", missing("Criterion"))
	}
	if e := q.place([]*exchange.XMLNode{criterion}); e != nil {
		return p.errors(wrap, "OTA_HotelSearchRS", *e)
	}
	if n, err := strconv.Atoi(m.Attr("MaxResponses")); err == nil && n > 0 {
		q.most = n
	}
	found := p.properties(q, exactly)
	if len(found) == 0 {
		return p.errors(wrap, "OTA_HotelSearchRS", errNothing)
	}
	return p.message(wrap, "OTA_HotelSearchRS", now, func(x *exchange.XMLWriter) {
		x.In("Properties", nil, func() {
			for _, prop := range found {
				d := p.RNG.Num(int64(prop.ID))
				x.In("Property", exchange.At{"HotelCode", p.code(prop), "HotelName", prop.NameBy(d.Str("name"))}, func() { p.about(x, prop) })
			}
		})
	})
}

// about writes where a property is and how many stars it has.
func (p *hotel) about(x *exchange.XMLWriter, prop *world.Property) {
	d := p.RNG.Num(int64(prop.ID))
	x.Empty("Position", "Latitude", world.Degrees(prop.Lat+(d.Str("lat").Unit()-0.5)*0.0008), "Longitude", world.Degrees(prop.Lon+(d.Str("lon").Unit()-0.5)*0.0008))
	x.In("Address", nil, func() {
		x.Leaf("AddressLine", prop.StreetBy(d))
		x.Leaf("CityName", prop.Town.Name)
	})
	x.Empty("Award", "Provider", "Local Star Rating", "Rating", strconv.Itoa(prop.Stars))
}

func (p *hotel) message(wrap exchange.Envelope, name string, now time.Time, inside func(x *exchange.XMLWriter)) exchange.Reply {
	x := &exchange.XMLWriter{Buf: []byte(`<?xml version="1.0" encoding="UTF-8"?>`)}
	wrap.Around(x, now, func() {
		asRoot(x, p.Inventory, name, "1.0", now, func() {
			x.Empty("Success")
			inside(x)
		})
	})
	return asReply(http.StatusOK, &exchange.Body{Plain: x.Buf})
}

// avail answers an OTA_HotelAvailRQ: the rates of one kind of room.
func (p *hotel) avail(m *exchange.XMLNode, wrap exchange.Envelope, now time.Time, exactly int) exchange.Reply {
	const name = "OTA_HotelAvailRS"
	segment := m.Kid("AvailRequestSegments", "AvailRequestSegment")
	q := &hotelQuestion{most: 1000}
	if e := q.dates(segment.Kid("StayDateRange"), p.World.Now()); e != nil {
		return p.errors(wrap, name, *e)
	}
	candidates := segment.Kid("RoomStayCandidates").All("RoomStayCandidate")
	if len(candidates) != 1 {
		return p.errors(wrap, name, missing("One RoomStayCandidate"))
	}
	if e := q.guests(candidates[0]); e != nil {
		return p.errors(wrap, name, *e)
	}
	if e := q.place(segment.Kid("HotelSearchCriteria").All("Criterion")); e != nil {
		return p.errors(wrap, name, *e)
	}
	type sold struct {
		*world.Property
		rates []world.Offered
	}
	var found []sold
	who := q.Parties[0]
	who.Rooms = 1 // prices are of one room each
	for _, prop := range p.properties(q, exactly) {
		if rates := p.RatesOf(prop, q.StayAsk, who, now); len(rates) > 0 {
			found = append(found, sold{prop, rates[:min(len(rates), 8)]})
		}
	}
	if len(found) == 0 {
		return p.errors(wrap, name, errNothing)
	}
	return p.message(wrap, name, now, func(x *exchange.XMLWriter) {
		if gone := len(q.codes) - len(found); gone > 0 {
			x.In("Warnings", nil, func() {
				x.Empty("Warning", "Type", "12", "Code", "263", "ShortText", "No rate could be found for "+strconv.Itoa(gone)+" of the properties")
			})
		}
		x.In("RoomStays", nil, func() {
			for _, s := range found {
				x.In("RoomStay", nil, func() { p.roomStay(x, q, s.Property, s.rates) })
			}
		})
	})
}

// mealCodes are the boards in the list MPT.
var mealCodes = map[string]string{"RO": "14", "BB": "19", "HB": "12", "FB": "10", "AI": "1"}

func planCode(o world.Offered) string {
	if o.Refundable {
		return "FLEX" + o.Board.Code
	}
	return "SAVE" + o.Board.Code
}

// roomStay writes the rooms, the plans, and the rates that join them.
func (p *hotel) roomStay(x *exchange.XMLWriter, q *hotelQuestion, prop *world.Property, rates []world.Offered) {
	seen := map[string]bool{}
	once := func(key string) bool {
		first := !seen[key]
		seen[key] = true
		return first
	}
	x.In("RoomTypes", nil, func() {
		for _, o := range rates {
			if once("room " + o.Room.Code) {
				x.In("RoomType", exchange.At{"RoomTypeCode", o.Room.Code, "NumberOfUnits", strconv.Itoa(o.Left)}, func() {
					x.In("RoomDescription", exchange.At{"Name", o.Room.Name}, func() { x.Leaf("Text", "A room to sleep well in.") })
				})
			}
		}
	})
	x.In("RatePlans", nil, func() {
		for _, o := range rates {
			if once("plan " + planCode(o)) {
				p.plan(x, q, prop, o)
			}
		}
	})
	x.In("RoomRates", nil, func() {
		for _, o := range rates {
			p.roomRate(x, q, prop, o)
		}
	})
	x.Empty("TimeSpan", "Start", q.In.String(), "End", q.Out.String())
	attrs := exchange.At{"HotelCode", p.code(prop)}
	if d := p.RNG.Num(int64(prop.ID)); q.where != nil || d.Str("said").Chance(500) { // the others leave it to the search
		attrs = append(attrs, "HotelName", prop.NameBy(d.Str("name")))
		x.In("BasicPropertyInfo", attrs, func() { p.about(x, prop) })
		return
	}
	x.Empty("BasicPropertyInfo", attrs...)
}

// plan writes conditions: until when it may be cancelled, what is eaten, and when it is paid.
func (p *hotel) plan(x *exchange.XMLWriter, q *hotelQuestion, prop *world.Property, o world.Offered) {
	x.In("RatePlan", exchange.At{"RatePlanCode", planCode(o), "PrepaidIndicator", strconv.FormatBool(!o.Refundable)}, func() {
		x.In("CancelPenalties", nil, func() {
			if !o.Refundable {
				x.In("CancelPenalty", exchange.At{"NonRefundable", "true"}, func() { x.Empty("AmountPercent", "Percent", "100") })
				return
			}
			x.In("CancelPenalty", nil, func() {
				switch days := o.ID.Str("days").Between(1, 5); o.ID.Roll(3) {
				case 0:
					x.Empty("Deadline", "OffsetTimeUnit", "Day", "OffsetUnitMultiplier", strconv.Itoa(days), "OffsetDropTime", "BeforeArrival")
				case 1:
					x.Empty("Deadline", "AbsoluteDeadline", q.In.AddDays(-days).String()+"T18:00:00")
				default:
					when := q.In.AddDays(-days).Time()
					x.Empty("Deadline", "AbsoluteDeadline", time.Date(when.Year(), when.Month(), when.Day(), 18, 0, 0, 0, prop.Town.Zone).Format("2006-01-02T15:04:05-07:00"))
				}
				x.Empty("AmountPercent", "NmbrOfNights", "1")
			})
		})
		x.Empty("MealsIncluded", "MealPlanIndicator", strconv.FormatBool(o.Board.Code != "RO"), "MealPlanCodes", mealCodes[o.Board.Code])
		if o.Refundable {
			x.Empty("Guarantee", "GuaranteeType", "GuaranteeRequired")
		}
	})
}

// roomRate writes the nights of a rate and their sum, with taxes and without, and what the
// town takes at the property.
func (p *hotel) roomRate(x *exchange.XMLWriter, q *hotelQuestion, prop *world.Property, o world.Offered) {
	total := world.InCurrency(o.Cents, p.Seller.Currency)
	nights := int64(q.Nights())
	money := func(minor int64) string { return travel.Money{Minor: minor, Currency: total.Currency}.Decimal() }
	net := func(minor int64) string { return money(minor * 10 / 11) }
	x.In("RoomRate", exchange.At{"RoomTypeCode", o.Room.Code, "RatePlanCode", planCode(o), "EffectiveDate", q.In.String(), "ExpireDate", q.Out.String()}, func() {
		x.In("Rates", nil, func() {
			left := total.Minor
			for n := range nights {
				night := left / (nights - n)
				left -= night
				day := q.In.AddDays(int(n))
				x.In("Rate", exchange.At{"RateTimeUnit", "Day", "EffectiveDate", day.String(), "ExpireDate", day.AddDays(1).String()}, func() {
					x.Empty("Base", "AmountBeforeTax", net(night), "AmountAfterTax", money(night), "CurrencyCode", string(total.Currency))
				})
			}
		})
		if tax := world.CityTaxCents(prop); tax > 0 {
			x.In("Fees", nil, func() {
				fee := world.InCurrency(tax*int64(o.Party.Adults), p.Seller.Currency)
				x.Empty("Fee", "Type", "Exclusive", "MandatoryIndicator", "true", "Code", "City tax", "Amount", fee.Decimal(), "CurrencyCode", string(fee.Currency), "ChargeUnit", "19")
			})
		}
		if o.ID.Str("total").Chance(700) {
			x.Empty("Total", "AmountBeforeTax", net(total.Minor), "AmountAfterTax", total.Decimal(), "CurrencyCode", string(total.Currency))
		}
	})
}
