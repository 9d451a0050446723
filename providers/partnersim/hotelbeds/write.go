package hotelbeds

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// audit is the vendor's account of a request; its times are Spanish.
func (p *service) audit(d rng.RNG) auditDoc {
	token := strings.ToUpper(fmt.Sprintf("%016x%016x", uint64(d), uint64(d.Num(1))))
	return auditDoc{
		ProcessTime: strconv.Itoa(d.Between(40, 900)), Timestamp: p.World.Moment().Add(time.Hour).Format("2006-01-02 15:04:05.000"),
		RequestHost: "192.0.2." + strconv.Itoa(d.Between(1, 254)), ServerID: "sim-" + p.Name + ".env", Environment: "[sim]",
		Release: strings.ToLower(token + token[:8]), Token: token, Internal: "0|" + token + "||||||||||",
	}
}

// render makes the whole document. exactly, if not zero, is the number of properties to return, whatever the partner's bound.
func (p *service) render(q *request, question rng.RNG, now time.Time, exactly int) Document {
	limit := cmp.Or(exactly, p.Seller.MaxOffers)
	if m := q.Filter.MaxHotels; m != nil {
		limit = min(limit, *m)
	}
	found := &Hotels{}
	used := map[int]bool{}
	for _, prop := range p.asked(q) {
		if len(found.Hotels) == limit {
			break
		}
		if exactly == 0 && !p.Sells(world.StaysMarket, prop.ID) {
			continue
		}
		h, ok := p.hotel(q, prop, now)
		if !ok || used[h.Code] {
			continue
		}
		used[h.Code] = true
		p.codes.Get(h.Code, func() *world.Property { return prop })
		found.Hotels = append(found.Hotels, h)
	}
	if found.Total = len(found.Hotels); found.Total > 0 {
		found.CheckIn, found.CheckOut = q.In.String(), q.Out.String()
	}
	return Document{AuditData: p.audit(question), Hotels: found}
}

// asked is the properties of the area or of the codes in the request.
func (p *service) asked(q *request) []*world.Property {
	if q.where != nil {
		return p.World.Within(*q.where)
	}
	var all []*world.Property
	for _, code := range q.Hotels.Hotel {
		if prop := p.codes.Peek(code); prop != nil {
			all = append(all, prop)
		}
	}
	return all
}

// hotel is a property with its rates; false if it has none for one of the parties, or the filter rules it out.
func (p *service) hotel(q *request, prop *world.Property, now time.Time) (hotelDoc, bool) {
	if m := q.Filter.MinCategory; m != nil && prop.Stars < *m {
		return hotelDoc{}, false
	}
	if m := q.Filter.MaxCategory; m != nil && prop.Stars > *m {
		return hotelDoc{}, false
	}
	d := p.RNG.Num(int64(prop.ID))
	h := hotelDoc{
		Code: d.Str("code").Between(1000, 999_999_999), Name: prop.NameBy(d.Str("name")),
		CategoryCode: strconv.Itoa(prop.Stars) + "EST", CategoryName: strconv.Itoa(prop.Stars) + " STARS",
		DestinationCode: string(prop.Town.Code), DestinationName: prop.Town.Name,
		ZoneCode: 10 * (prop.District + 1), ZoneName: world.ZoneNames[prop.District], Currency: string(p.Seller.Currency),
		// Partners place the same house up to some 60 m apart.
		Latitude:  world.Degrees(prop.Lat + (d.Str("lat").Unit()-0.5)*0.0008),
		Longitude: world.Degrees(prop.Lon + (d.Str("lon").Unit()-0.5)*0.0008),
	}
	if prop.Stars == 5 && d.Str("luxury").Chance(200) {
		h.CategoryCode, h.CategoryName = "5LUX", "5 STARS LUXURY"
	}
	least, most := int64(math.MaxInt64), int64(0)
	for _, who := range q.Parties {
		some := false
		for _, o := range p.RatesOf(prop, q.StayAsk, who, now) {
			net := world.InCurrency(o.Cents, p.Seller.Currency)
			if !q.wanted(o) || !q.affordable(net) || !h.add(q, o, func() rateDoc { return p.rate(q, prop, h.Code, o, net, now) }) {
				continue
			}
			some = true
			least, most = min(least, net.Minor), max(most, net.Minor)
		}
		if !some {
			return h, false
		}
	}
	h.MinRate = travel.Money{Minor: least, Currency: p.Seller.Currency}.Decimal()
	h.MaxRate = travel.Money{Minor: most, Currency: p.Seller.Currency}.Decimal()
	return h, true
}

// add puts a rate under its room, unless a bound of the filter is reached.
func (h *hotelDoc) add(q *request, o world.Offered, rate func() rateDoc) bool {
	at := -1
	for i := range h.Rooms {
		if h.Rooms[i].Code == o.Room.Code {
			at = i
		}
	}
	if at < 0 {
		if m := q.Filter.MaxRooms; m != nil && len(h.Rooms) >= *m {
			return false
		}
		h.Rooms = append(h.Rooms, room{Code: o.Room.Code, Name: o.Room.Name})
		at = len(h.Rooms) - 1
	}
	if m := q.Filter.MaxRatesPerRoom; m != nil {
		same := 0 // of the same party: each gets its share
		for _, r := range h.Rooms[at].Rates {
			if r.Rooms == o.Party.Rooms && r.Adults == o.Party.Adults && r.ChildrenAges == join(o.Party.Ages) {
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

func (q *request) affordable(net travel.Money) bool {
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

func (p *service) rate(q *request, prop *world.Property, code int, o world.Offered, net travel.Money, now time.Time) rateDoc {
	class, contract := "NOR", "CG-BAR"
	if !o.Refundable {
		class, contract = "NRF", "NRF-BAR"
	}
	compact := func(d travel.Date) string { return strings.ReplaceAll(d.String(), "-", "") }
	r := rateDoc{
		RateClass: class, RateType: "BOOKABLE", Net: net.Decimal(), Allotment: o.Left, PaymentType: "AT_WEB",
		BoardCode: o.Board.Code, BoardName: o.Board.Name, Packaging: o.ID.Str("packaging").Chance(40),
		Rooms: o.Party.Rooms, Adults: o.Party.Adults, Children: len(o.Party.Ages), ChildrenAges: join(o.Party.Ages),
	}
	r.RateKey = fmt.Sprintf("%s|%s|W|1|%d|%s|%s|%s||%d~%d~%d|%s|N@%016X%016X", compact(q.In), compact(q.Out), code, o.Room.Code, contract,
		o.Board.Code, o.Party.Rooms, o.Party.Adults, len(o.Party.Ages), strings.ReplaceAll(r.ChildrenAges, ",", "~"),
		uint64(o.ID.Num(int64(q.In))), uint64(o.ID.Num(int64(q.Out)).Num(now.Unix()).Num(int64(o.Party.Adults))))
	if o.ID.Str("recheck").Chance(200) {
		r.RateType = "RECHECK"
	}
	if o.ID.Str("payment").Chance(150) {
		r.PaymentType = "AT_HOTEL"
	}
	if o.ID.Str("mandatory").Chance(90) {
		r.SellingRate, r.HotelMandatory = travel.Money{Minor: rng.Permille(net.Minor, 1150), Currency: net.Currency}.Decimal(), true
	}
	if o.ID.Str("promotion").Chance(120) {
		r.Promotions = []promotion{{"042", "Special Offer"}}
		r.Offers = []discount{{"10017", "Early booking", "-" + travel.Money{Minor: rng.Permille(net.Minor, 80), Currency: net.Currency}.Decimal()}}
	}
	r.Cancellation = p.penalties(q, prop, o, net, now)
	r.Taxes = p.taxes(q, prop, o, net)
	if q.DailyRate {
		r.DailyRates = daily(net, q.StayAsk.Nights())
	}
	return r
}

// penalties are the steps of a cancellation; some rates say nothing about it.
func (p *service) penalties(q *request, prop *world.Property, o world.Offered, net travel.Money, now time.Time) []penalty {
	if o.ID.Str("policy").Chance(70) {
		return nil
	}
	const form = "2006-01-02T15:04:05-07:00"
	before := func(days int) string {
		day := q.In.AddDays(-days).Time()
		return time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 0, 0, prop.Town.Zone).Format(form)
	}
	if !o.Refundable {
		return []penalty{{net.Decimal(), now.In(prop.Town.Zone).Format(form)}}
	}
	half := travel.Money{Minor: net.Minor / 2, Currency: net.Currency}.Decimal()
	days := o.ID.Str("days").Between(1, 5)
	if o.ID.Str("steps").Chance(400) {
		return []penalty{{half, before(days + 7)}, {net.Decimal(), before(days)}}
	}
	return []penalty{{net.Decimal(), before(days)}}
}

// taxes are those in the price, and the town's own where it has one, to be paid at the property.
func (p *service) taxes(q *request, prop *world.Property, o world.Offered, net travel.Money) *taxesDoc {
	if o.ID.Str("taxes").Chance(100) {
		return nil // says nothing
	}
	t := &taxesDoc{AllIncluded: true, Taxes: []tax{{
		Included: true, Percent: "10.00", Amount: travel.Money{Minor: net.Minor / 11, Currency: net.Currency}.Decimal(), Currency: string(net.Currency), Type: "TAX",
	}}}
	cents := world.CityTaxCents(prop) * int64(o.Party.Adults*o.Party.Rooms*q.StayAsk.Nights())
	if cents > 0 {
		local := world.LocalCurrency[prop.Town.Country]
		if local == "" {
			local = "EUR"
		}
		t.AllIncluded = false
		t.Taxes = append(t.Taxes, tax{
			Amount: world.InCurrency(cents, local).Decimal(), Currency: string(local), Type: "TAX",
			ClientAmount: world.InCurrency(cents, net.Currency).Decimal(), ClientCurrency: string(net.Currency),
		})
	}
	return t
}

// daily splits a price over the nights; the last one takes what is left.
func daily(net travel.Money, nights int) []dailyRate {
	all := make([]dailyRate, nights)
	each := net.Minor / int64(nights)
	for i := range all {
		if i == nights-1 {
			each = net.Minor - each*int64(nights-1)
		}
		all[i] = dailyRate{i, travel.Money{Minor: each, Currency: net.Currency}.Decimal()}
	}
	return all
}
