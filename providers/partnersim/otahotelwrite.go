package partnersim

import (
	"net/http"
	"strconv"
	"time"

	"fanfare/providers/travel"
)

// search answers an OTA_HotelSearchRQ: names, places and stars.
func (p *otaHotel) search(m *xmlNode, wrap ndcWrap, now time.Time, exactly int) reply {
	q := &otaHotelQuestion{most: 1000}
	criterion := m.kid("Criteria", "Criterion")
	if criterion == nil {
		return p.errors(wrap, "OTA_HotelSearchRS", otaMissing("Criterion"))
	}
	if e := q.place([]*xmlNode{criterion}); e != nil {
		return p.errors(wrap, "OTA_HotelSearchRS", *e)
	}
	if n, err := strconv.Atoi(m.attr("MaxResponses")); err == nil && n > 0 {
		q.most = n
	}
	found := p.properties(q, exactly)
	if len(found) == 0 {
		return p.errors(wrap, "OTA_HotelSearchRS", errOTANothing)
	}
	return p.message(wrap, "OTA_HotelSearchRS", now, func(x *xmlWriter) {
		x.in("Properties", nil, func() {
			for _, prop := range found {
				d := p.dice.num(int64(prop.id))
				x.in("Property", at{"HotelCode", p.code(prop), "HotelName", prop.nameBy(d.str("name"))}, func() { p.about(x, prop) })
			}
		})
	})
}

// about writes where a property is and how many stars it has.
func (p *otaHotel) about(x *xmlWriter, prop *property) {
	d := p.dice.num(int64(prop.id))
	x.empty("Position", "Latitude", degrees(prop.lat+(d.str("lat").unit()-0.5)*0.0008), "Longitude", degrees(prop.lon+(d.str("lon").unit()-0.5)*0.0008))
	x.in("Address", nil, func() {
		x.leaf("AddressLine", prop.streetBy(d))
		x.leaf("CityName", prop.town.name)
	})
	x.empty("Award", "Provider", "Local Star Rating", "Rating", strconv.Itoa(prop.stars))
}

func (p *otaHotel) message(wrap ndcWrap, name string, now time.Time, inside func(x *xmlWriter)) reply {
	x := &xmlWriter{buf: []byte(`<?xml version="1.0" encoding="UTF-8"?>`)}
	wrap.around(x, now, func() {
		otaRoot(x, p.assortment, name, "1.0", now, func() {
			x.empty("Success")
			inside(x)
		})
	})
	return otaReply(http.StatusOK, &body{plain: x.buf})
}

// avail answers an OTA_HotelAvailRQ: the rates of one kind of room.
func (p *otaHotel) avail(m *xmlNode, wrap ndcWrap, now time.Time, exactly int) reply {
	const name = "OTA_HotelAvailRS"
	segment := m.kid("AvailRequestSegments", "AvailRequestSegment")
	q := &otaHotelQuestion{most: 1000}
	if e := q.dates(segment.kid("StayDateRange"), p.w.now()); e != nil {
		return p.errors(wrap, name, *e)
	}
	candidates := segment.kid("RoomStayCandidates").all("RoomStayCandidate")
	if len(candidates) != 1 {
		return p.errors(wrap, name, otaMissing("One RoomStayCandidate"))
	}
	if e := q.guests(candidates[0]); e != nil {
		return p.errors(wrap, name, *e)
	}
	if e := q.place(segment.kid("HotelSearchCriteria").all("Criterion")); e != nil {
		return p.errors(wrap, name, *e)
	}
	type sold struct {
		*property
		rates []offered
	}
	var found []sold
	who := q.parties[0]
	who.rooms = 1 // prices are of one room each
	for _, prop := range p.properties(q, exactly) {
		if rates := p.ratesOf(prop, q.stay, who, now); len(rates) > 0 {
			found = append(found, sold{prop, rates[:min(len(rates), 8)]})
		}
	}
	if len(found) == 0 {
		return p.errors(wrap, name, errOTANothing)
	}
	return p.message(wrap, name, now, func(x *xmlWriter) {
		if gone := len(q.codes) - len(found); gone > 0 {
			x.in("Warnings", nil, func() {
				x.empty("Warning", "Type", "12", "Code", "263", "ShortText", "No rate could be found for "+strconv.Itoa(gone)+" of the properties")
			})
		}
		x.in("RoomStays", nil, func() {
			for _, s := range found {
				x.in("RoomStay", nil, func() { p.roomStay(x, q, s.property, s.rates) })
			}
		})
	})
}

// mealCodes are the boards in the list MPT.
var mealCodes = map[string]string{"RO": "14", "BB": "19", "HB": "12", "FB": "10", "AI": "1"}

func planCode(o offered) string {
	if o.refundable {
		return "FLEX" + o.board.code
	}
	return "SAVE" + o.board.code
}

// roomStay writes the rooms, the plans, and the rates that join them.
func (p *otaHotel) roomStay(x *xmlWriter, q *otaHotelQuestion, prop *property, rates []offered) {
	seen := map[string]bool{}
	once := func(key string) bool {
		first := !seen[key]
		seen[key] = true
		return first
	}
	x.in("RoomTypes", nil, func() {
		for _, o := range rates {
			if once("room " + o.room.code) {
				x.in("RoomType", at{"RoomTypeCode", o.room.code, "NumberOfUnits", strconv.Itoa(o.left)}, func() {
					x.in("RoomDescription", at{"Name", o.room.name}, func() { x.leaf("Text", "A room to sleep well in.") })
				})
			}
		}
	})
	x.in("RatePlans", nil, func() {
		for _, o := range rates {
			if once("plan " + planCode(o)) {
				p.plan(x, q, prop, o)
			}
		}
	})
	x.in("RoomRates", nil, func() {
		for _, o := range rates {
			p.roomRate(x, q, prop, o)
		}
	})
	x.empty("TimeSpan", "Start", q.in.String(), "End", q.out.String())
	attrs := at{"HotelCode", p.code(prop)}
	if d := p.dice.num(int64(prop.id)); q.where != nil || d.str("said").chance(500) { // the others leave it to the search
		attrs = append(attrs, "HotelName", prop.nameBy(d.str("name")))
		x.in("BasicPropertyInfo", attrs, func() { p.about(x, prop) })
		return
	}
	x.empty("BasicPropertyInfo", attrs...)
}

// plan writes conditions: until when it may be cancelled, what is eaten, and when it is paid.
func (p *otaHotel) plan(x *xmlWriter, q *otaHotelQuestion, prop *property, o offered) {
	x.in("RatePlan", at{"RatePlanCode", planCode(o), "PrepaidIndicator", strconv.FormatBool(!o.refundable)}, func() {
		x.in("CancelPenalties", nil, func() {
			if !o.refundable {
				x.in("CancelPenalty", at{"NonRefundable", "true"}, func() { x.empty("AmountPercent", "Percent", "100") })
				return
			}
			x.in("CancelPenalty", nil, func() {
				switch days := o.id.str("days").between(1, 5); o.id.roll(3) {
				case 0:
					x.empty("Deadline", "OffsetTimeUnit", "Day", "OffsetUnitMultiplier", strconv.Itoa(days), "OffsetDropTime", "BeforeArrival")
				case 1:
					x.empty("Deadline", "AbsoluteDeadline", q.in.AddDays(-days).String()+"T18:00:00")
				default:
					when := q.in.AddDays(-days).Time()
					x.empty("Deadline", "AbsoluteDeadline", time.Date(when.Year(), when.Month(), when.Day(), 18, 0, 0, 0, prop.town.zone).Format("2006-01-02T15:04:05-07:00"))
				}
				x.empty("AmountPercent", "NmbrOfNights", "1")
			})
		})
		x.empty("MealsIncluded", "MealPlanIndicator", strconv.FormatBool(o.board.code != "RO"), "MealPlanCodes", mealCodes[o.board.code])
		if o.refundable {
			x.empty("Guarantee", "GuaranteeType", "GuaranteeRequired")
		}
	})
}

// roomRate writes the nights of a rate and their sum, with taxes and without, and what the
// town takes at the property.
func (p *otaHotel) roomRate(x *xmlWriter, q *otaHotelQuestion, prop *property, o offered) {
	total := inCurrency(o.cents, p.spec.Currency)
	nights := int64(q.nights())
	money := func(minor int64) string { return travel.Money{Minor: minor, Currency: total.Currency}.Decimal() }
	net := func(minor int64) string { return money(minor * 10 / 11) }
	x.in("RoomRate", at{"RoomTypeCode", o.room.code, "RatePlanCode", planCode(o), "EffectiveDate", q.in.String(), "ExpireDate", q.out.String()}, func() {
		x.in("Rates", nil, func() {
			left := total.Minor
			for n := range nights {
				night := left / (nights - n)
				left -= night
				day := q.in.AddDays(int(n))
				x.in("Rate", at{"RateTimeUnit", "Day", "EffectiveDate", day.String(), "ExpireDate", day.AddDays(1).String()}, func() {
					x.empty("Base", "AmountBeforeTax", net(night), "AmountAfterTax", money(night), "CurrencyCode", string(total.Currency))
				})
			}
		})
		if tax := cityTaxCents(prop); tax > 0 {
			x.in("Fees", nil, func() {
				fee := inCurrency(tax*int64(o.party.adults), p.spec.Currency)
				x.empty("Fee", "Type", "Exclusive", "MandatoryIndicator", "true", "Code", "City tax", "Amount", fee.Decimal(), "CurrencyCode", string(fee.Currency), "ChargeUnit", "19")
			})
		}
		if o.id.str("total").chance(700) {
			x.empty("Total", "AmountBeforeTax", net(total.Minor), "AmountAfterTax", total.Decimal(), "CurrencyCode", string(total.Currency))
		}
	})
}
