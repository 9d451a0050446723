package partnersim

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// audit is the vendor's account of a request; its times are Spanish.
func (p *hotelbeds) audit(d dice) hotelbedsAudit {
	token := strings.ToUpper(fmt.Sprintf("%016x%016x", uint64(d), uint64(d.num(1))))
	return hotelbedsAudit{
		ProcessTime: strconv.Itoa(d.between(40, 900)), Timestamp: p.w.moment().Add(time.Hour).Format("2006-01-02 15:04:05.000"),
		RequestHost: "192.0.2." + strconv.Itoa(d.between(1, 254)), ServerID: "sim-" + p.name + ".env", Environment: "[sim]",
		Release: strings.ToLower(token + token[:8]), Token: token, Internal: "0|" + token + "||||||||||",
	}
}

// render makes the whole document. exactly, if not zero, is the number of properties to return, whatever the partner's bound.
func (p *hotelbeds) render(q *hotelbedsRequest, question dice, now time.Time, exactly int) hotelbedsDoc {
	limit := cmp.Or(exactly, p.spec.MaxOffers)
	if m := q.Filter.MaxHotels; m != nil {
		limit = min(limit, *m)
	}
	found := &hotelbedsHotels{}
	used := map[int]bool{}
	for _, prop := range p.asked(q) {
		if len(found.Hotels) == limit {
			break
		}
		if exactly == 0 && !p.sells(staysMarket, prop.id) {
			continue
		}
		h, ok := p.hotel(q, prop, now)
		if !ok || used[h.Code] {
			continue
		}
		used[h.Code] = true
		p.codes.get(h.Code, func() *property { return prop })
		found.Hotels = append(found.Hotels, h)
	}
	if found.Total = len(found.Hotels); found.Total > 0 {
		found.CheckIn, found.CheckOut = q.in.String(), q.out.String()
	}
	return hotelbedsDoc{AuditData: p.audit(question), Hotels: found}
}

// asked is the properties of the area or of the codes in the request.
func (p *hotelbeds) asked(q *hotelbedsRequest) []*property {
	if q.where != nil {
		return p.w.within(*q.where)
	}
	var all []*property
	for _, code := range q.Hotels.Hotel {
		if prop := p.codes.peek(code); prop != nil {
			all = append(all, prop)
		}
	}
	return all
}

// hotel is a property with its rates; false if it has none for one of the parties, or the filter rules it out.
func (p *hotelbeds) hotel(q *hotelbedsRequest, prop *property, now time.Time) (hotelbedsHotel, bool) {
	if m := q.Filter.MinCategory; m != nil && prop.stars < *m {
		return hotelbedsHotel{}, false
	}
	if m := q.Filter.MaxCategory; m != nil && prop.stars > *m {
		return hotelbedsHotel{}, false
	}
	d := p.dice.num(int64(prop.id))
	h := hotelbedsHotel{
		Code: d.str("code").between(1000, 999_999_999), Name: prop.nameBy(d.str("name")),
		CategoryCode: strconv.Itoa(prop.stars) + "EST", CategoryName: strconv.Itoa(prop.stars) + " STARS",
		DestinationCode: string(prop.town.code), DestinationName: prop.town.name,
		ZoneCode: 10 * (prop.district + 1), ZoneName: zoneNames[prop.district], Currency: string(p.spec.Currency),
		// Partners place the same house up to some 60 m apart.
		Latitude:  degrees(prop.lat + (d.str("lat").unit()-0.5)*0.0008),
		Longitude: degrees(prop.lon + (d.str("lon").unit()-0.5)*0.0008),
	}
	if prop.stars == 5 && d.str("luxury").chance(200) {
		h.CategoryCode, h.CategoryName = "5LUX", "5 STARS LUXURY"
	}
	least, most := int64(math.MaxInt64), int64(0)
	for _, who := range q.parties {
		some := false
		for _, o := range p.ratesOf(prop, q.stay, who, now) {
			net := inCurrency(o.cents, p.spec.Currency)
			if !q.wanted(o) || !q.affordable(net) || !h.add(q, o, func() hotelbedsRate { return p.rate(q, prop, h.Code, o, net, now) }) {
				continue
			}
			some = true
			least, most = min(least, net.Minor), max(most, net.Minor)
		}
		if !some {
			return h, false
		}
	}
	h.MinRate = travel.Money{Minor: least, Currency: p.spec.Currency}.Decimal()
	h.MaxRate = travel.Money{Minor: most, Currency: p.spec.Currency}.Decimal()
	return h, true
}

// add puts a rate under its room, unless a bound of the filter is reached.
func (h *hotelbedsHotel) add(q *hotelbedsRequest, o offered, rate func() hotelbedsRate) bool {
	at := -1
	for i := range h.Rooms {
		if h.Rooms[i].Code == o.room.code {
			at = i
		}
	}
	if at < 0 {
		if m := q.Filter.MaxRooms; m != nil && len(h.Rooms) >= *m {
			return false
		}
		h.Rooms = append(h.Rooms, hotelbedsRoom{Code: o.room.code, Name: o.room.name})
		at = len(h.Rooms) - 1
	}
	if m := q.Filter.MaxRatesPerRoom; m != nil {
		same := 0 // of the same party: each gets its share
		for _, r := range h.Rooms[at].Rates {
			if r.Rooms == o.party.rooms && r.Adults == o.party.adults && r.ChildrenAges == join(o.party.ages) {
				same++
			}
		}
		if same >= *m {
			return false
		}
	}
	h.Rooms[at].Rates = append(h.Rooms[at].Rates, rate())
	return true
}

func (q *hotelbedsRequest) affordable(net travel.Money) bool {
	for _, bound := range []struct {
		n    string
		sign int64
	}{{q.Filter.MinRate.String(), 1}, {q.Filter.MaxRate.String(), -1}} {
		if m, err := travel.ParseMoney(bound.n, net.Currency); err == nil && (net.Minor-m.Minor)*bound.sign < 0 {
			return false
		}
	}
	return true
}

func (p *hotelbeds) rate(q *hotelbedsRequest, prop *property, code int, o offered, net travel.Money, now time.Time) hotelbedsRate {
	class, contract := "NOR", "CG-BAR"
	if !o.refundable {
		class, contract = "NRF", "NRF-BAR"
	}
	compact := func(d travel.Date) string { return strings.ReplaceAll(d.String(), "-", "") }
	r := hotelbedsRate{
		RateClass: class, RateType: "BOOKABLE", Net: net.Decimal(), Allotment: o.left, PaymentType: "AT_WEB",
		BoardCode: o.board.code, BoardName: o.board.name, Packaging: o.id.str("packaging").chance(40),
		Rooms: o.party.rooms, Adults: o.party.adults, Children: len(o.party.ages), ChildrenAges: join(o.party.ages),
	}
	r.RateKey = fmt.Sprintf("%s|%s|W|1|%d|%s|%s|%s||%d~%d~%d|%s|N@%016X%016X", compact(q.in), compact(q.out), code, o.room.code, contract,
		o.board.code, o.party.rooms, o.party.adults, len(o.party.ages), strings.ReplaceAll(r.ChildrenAges, ",", "~"),
		uint64(o.id.num(int64(q.in))), uint64(o.id.num(int64(q.out)).num(now.Unix()).num(int64(o.party.adults))))
	if o.id.str("recheck").chance(200) {
		r.RateType = "RECHECK"
	}
	if o.id.str("payment").chance(150) {
		r.PaymentType = "AT_HOTEL"
	}
	if o.id.str("mandatory").chance(90) {
		r.SellingRate, r.HotelMandatory = travel.Money{Minor: permille(net.Minor, 1150), Currency: net.Currency}.Decimal(), true
	}
	if o.id.str("promotion").chance(120) {
		r.Promotions = []hotelbedsPromotion{{"042", "Special Offer"}}
		r.Offers = []hotelbedsDiscount{{"10017", "Early booking", "-" + travel.Money{Minor: permille(net.Minor, 80), Currency: net.Currency}.Decimal()}}
	}
	r.Cancellation = p.penalties(q, prop, o, net, now)
	r.Taxes = p.taxes(q, prop, o, net)
	if q.DailyRate {
		r.DailyRates = daily(net, q.stay.nights())
	}
	return r
}

// penalties are the steps of a cancellation; some rates say nothing about it.
func (p *hotelbeds) penalties(q *hotelbedsRequest, prop *property, o offered, net travel.Money, now time.Time) []hotelbedsPenalty {
	if o.id.str("policy").chance(70) {
		return nil
	}
	const form = "2006-01-02T15:04:05-07:00"
	before := func(days int) string {
		day := q.in.AddDays(-days).Time()
		return time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 0, 0, prop.town.zone).Format(form)
	}
	if !o.refundable {
		return []hotelbedsPenalty{{net.Decimal(), now.In(prop.town.zone).Format(form)}}
	}
	half := travel.Money{Minor: net.Minor / 2, Currency: net.Currency}.Decimal()
	days := o.id.str("days").between(1, 5)
	if o.id.str("steps").chance(400) {
		return []hotelbedsPenalty{{half, before(days + 7)}, {net.Decimal(), before(days)}}
	}
	return []hotelbedsPenalty{{net.Decimal(), before(days)}}
}

// taxes are those in the price, and the town's own where it has one, to be paid at the property.
func (p *hotelbeds) taxes(q *hotelbedsRequest, prop *property, o offered, net travel.Money) *hotelbedsTaxes {
	if o.id.str("taxes").chance(100) {
		return nil // says nothing
	}
	t := &hotelbedsTaxes{AllIncluded: true, Taxes: []hotelbedsTax{{
		Included: true, Percent: "10.00", Amount: travel.Money{Minor: net.Minor / 11, Currency: net.Currency}.Decimal(), Currency: string(net.Currency), Type: "TAX",
	}}}
	cents := cityTaxCents(prop) * int64(o.party.adults*o.party.rooms*q.stay.nights())
	if cents > 0 {
		local := localCurrency[prop.town.country]
		if local == "" {
			local = "EUR"
		}
		t.AllIncluded = false
		t.Taxes = append(t.Taxes, hotelbedsTax{
			Amount: inCurrency(cents, local).Decimal(), Currency: string(local), Type: "TAX",
			ClientAmount: inCurrency(cents, net.Currency).Decimal(), ClientCurrency: string(net.Currency),
		})
	}
	return t
}

// daily splits a price over the nights; the last one takes what is left.
func daily(net travel.Money, nights int) []hotelbedsDailyRate {
	all := make([]hotelbedsDailyRate, nights)
	each := net.Minor / int64(nights)
	for i := range all {
		if i == nights-1 {
			each = net.Minor - each*int64(nights-1)
		}
		all[i] = hotelbedsDailyRate{i, travel.Money{Minor: each, Currency: net.Currency}.Decimal()}
	}
	return all
}
