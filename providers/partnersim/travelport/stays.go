package travelport

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// PageName is how many properties an answer has before it refers to the next.
const PageName = 25

// stays answers a HotelSearchAvailabilityReq.
func (p *service) stays(m *exchange.XMLNode, now time.Time, exactly int) ([]byte, *errorDoc) {
	wrong := func(format string, args ...any) *errorDoc {
		return &errorDoc{"3003", "HOTEL", "Validation", fmt.Sprintf(format, args...)}
	}
	place := m.Kid("HotelSearchLocation", "CoordinateLocation")
	lat, err := strconv.ParseFloat(place.AttrOr("latitude"), 64)
	lon, err2 := strconv.ParseFloat(place.AttrOr("longitude"), 64)
	if err != nil || err2 != nil || lat < -90 || lat > 90 || lon < -180 || lon > 180 {
		return nil, wrong("HotelSearchLocation has no CoordinateLocation")
	}
	km := 15.0
	if n, err := strconv.ParseFloat(m.Kid("HotelSearchLocation", "Distance").AttrOr("Value"), 64); err == nil && n > 0 {
		km = n
	}
	in, err := travel.ParseDate(m.Kid("HotelStay", "CheckinDate").Say())
	out, err2 := travel.ParseDate(m.Kid("HotelStay", "CheckoutDate").Say())
	if err != nil || err2 != nil || out <= in || in < travel.DateOf(p.World.Now()).AddDays(-1) {
		return nil, wrong("HotelStay has no dates, or they are not in order")
	}
	s, complaint := asRooms(m)
	if complaint != "" {
		return nil, wrong("%s", complaint)
	}
	s.In, s.Out = in, out
	from := 0
	if next := m.Kid("NextResultReference").Say(); next != "" {
		text, err := base64.StdEncoding.DecodeString(next)
		if from, err2 = strconv.Atoi(string(text)); err != nil || err2 != nil || from < 0 {
			return nil, wrong("NextResultReference is not one of ours")
		}
	}
	currency := p.Seller.Currency
	if c := travel.Currency(m.Kid("HotelSearchModifiers").AttrOr("PreferredCurrency")); world.Rates[c] > 0 {
		currency = c
	}
	all := p.houses(world.Circle{Lat: lat, Lon: lon, Km: km}, s, now, exactly)
	page := all[min(from, len(all)):min(from+max(PageName, exactly), len(all))]
	return p.answerIn("HotelSearchAvailabilityRsp", "hotel", nil, func(x *exchange.XMLWriter) {
		if from+len(page) < len(all) {
			x.Prefix = "common_v52_0:"
			x.Leaf("NextResultReference", base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(from+len(page)))), "ProviderCode", "TRM")
			x.Prefix = "hotel:"
		}
		for _, h := range page {
			p.house(x, h, currency)
		}
	}), nil
}

// asRooms reads who sleeps in each room.
func asRooms(m *exchange.XMLNode) (world.StayAsk, string) {
	var s world.StayAsk
	number := func(text string) int {
		n, err := strconv.Atoi(text)
		if err != nil {
			return -1
		}
		return n
	}
	for _, room := range m.Kid("HotelSearchModifiers", "BookingGuestInformation").All("Room") {
		who := world.Party{Rooms: 1, Adults: number(room.Kid("Adults").Say())}
		for _, c := range room.All("Child") {
			age := number(c.Attr("Age"))
			if age < 0 || age > 17 {
				return s, "a Child has no Age of 0 to 17"
			}
			who.Ages = append(who.Ages, age)
		}
		if who.Adults < 1 || who.Adults > 9 {
			return s, "a Room has no Adults of 1 to 9"
		}
		s.Parties = append(s.Parties, who)
	}
	if len(s.Parties) == 0 || len(s.Parties) > 9 {
		return s, "BookingGuestInformation with 1 to 9 Rooms is required"
	}
	if n := m.Kid("HotelSearchModifiers").AttrOr("NumberOfRooms"); n != "" && number(n) != len(s.Parties) {
		return s, "NumberOfRooms is not that of the Rooms"
	}
	return s, ""
}

// house is a property with the least that its whole party pays.
type house struct {
	*world.Property
	cents   int64
	prepaid bool
}

// houses are those with a room for everybody, nearest first.
func (p *service) houses(where world.Circle, s world.StayAsk, now time.Time, exactly int) []house {
	limit := cmp.Or(exactly, p.Seller.MaxOffers)
	var all []house
	for _, prop := range p.World.Within(where) {
		if len(all) == limit {
			break
		}
		if exactly == 0 && !p.Sells(world.StaysMarket, prop.ID) {
			continue
		}
		h := house{Property: prop}
		for _, who := range s.Parties {
			least := int64(0)
			for _, o := range p.RatesOf(prop, s, who, now) {
				if least == 0 || o.Cents < least {
					least, h.prepaid = o.Cents, !o.Refundable
				}
			}
			if least == 0 {
				h.cents = 0
				break
			}
			h.cents += least
		}
		if h.cents > 0 {
			all = append(all, h)
		}
	}
	return all
}

func (p *service) house(x *exchange.XMLWriter, h house, currency travel.Currency) {
	d := p.RNG.Num(int64(h.ID))
	code := fmt.Sprintf("%s%s_%06d", h.Town.Country, h.Town.Code, d.Str("code").Between(1, 999_999))
	amount := func(cents int64) string {
		m := world.InCurrency(cents, currency)
		return string(m.Currency) + m.Decimal()
	}
	x.In("HotelSearchResult", nil, func() {
		x.Prefix = "common_v52_0:"
		x.Empty("VendorLocation", "ProviderCode", "TRM", "VendorCode", "00", "VendorLocationID", code, "Key", asKey(d))
		x.Prefix = "hotel:"
		x.In("HotelProperty", exchange.At{"HotelChain", "00", "HotelCode", code, "Name", h.NameBy(d.Str("name")), "VendorLocationKey", asKey(d), "Availability", "Available"}, func() {
			x.In("PropertyAddress", nil, func() {
				x.Leaf("Address", h.StreetBy(d))
				x.Leaf("Address", h.Town.Name)
			})
			x.Prefix = "common_v52_0:"
			x.Empty("CoordinateLocation", "latitude", world.Degrees(h.Lat+(d.Str("lat").Unit()-0.5)*0.0008), "longitude", world.Degrees(h.Lon+(d.Str("lon").Unit()-0.5)*0.0008))
			x.Prefix = "hotel:"
			x.In("HotelRating", exchange.At{"RatingProvider", "TRM"}, func() { x.Leaf("Rating", strconv.Itoa(h.Stars)) })
		})
		payment := map[bool]string{true: "PrePay", false: "PostPay"}[h.prepaid]
		total := amount(h.cents)
		x.In("RateInfo", exchange.At{"MinimumStayAmount", total, "ApproximateMinimumStayAmount", total, "RateSupplier", "AG", "PaymentType", payment, "TaxesIncluded", "true", "AmountConverted", "false"}, func() {
			x.In("RoomDispatch", nil, func() { x.Empty("Room", "Capacity", "2", "Quantity", "1") })
		})
		if d.Str("second").Chance(400) {
			x.Empty("RateInfo", "ApproximateMinimumStayAmount", amount(rng.Permille(h.cents, 1050)), "RateSupplier", "TO", "PaymentType", "PrePay", "TaxesIncluded", "true", "AmountConverted", "true", "PackageOffer", strconv.FormatBool(d.Str("package").Chance(500)))
		}
	})
}
