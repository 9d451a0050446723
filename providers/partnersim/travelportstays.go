package partnersim

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"fanfare/providers/travel"
)

// travelportPage is how many properties an answer has before it refers to the next.
const travelportPage = 25

// stays answers a HotelSearchAvailabilityReq.
func (p *travelport) stays(m *xmlNode, now time.Time, exactly int) ([]byte, *travelportError) {
	wrong := func(format string, args ...any) *travelportError {
		return &travelportError{"3003", "HOTEL", "Validation", fmt.Sprintf(format, args...)}
	}
	place := m.kid("HotelSearchLocation", "CoordinateLocation")
	lat, err := strconv.ParseFloat(place.attrOr("latitude"), 64)
	lon, err2 := strconv.ParseFloat(place.attrOr("longitude"), 64)
	if err != nil || err2 != nil || lat < -90 || lat > 90 || lon < -180 || lon > 180 {
		return nil, wrong("HotelSearchLocation has no CoordinateLocation")
	}
	km := 15.0
	if n, err := strconv.ParseFloat(m.kid("HotelSearchLocation", "Distance").attrOr("Value"), 64); err == nil && n > 0 {
		km = n
	}
	in, err := travel.ParseDate(m.kid("HotelStay", "CheckinDate").say())
	out, err2 := travel.ParseDate(m.kid("HotelStay", "CheckoutDate").say())
	if err != nil || err2 != nil || out <= in || in < travel.DateOf(p.w.now()).AddDays(-1) {
		return nil, wrong("HotelStay has no dates, or they are not in order")
	}
	s, complaint := travelportRooms(m)
	if complaint != "" {
		return nil, wrong("%s", complaint)
	}
	s.in, s.out = in, out
	from := 0
	if next := m.kid("NextResultReference").say(); next != "" {
		text, err := base64.StdEncoding.DecodeString(next)
		if from, err2 = strconv.Atoi(string(text)); err != nil || err2 != nil || from < 0 {
			return nil, wrong("NextResultReference is not one of ours")
		}
	}
	currency := p.spec.Currency
	if c := travel.Currency(m.kid("HotelSearchModifiers").attrOr("PreferredCurrency")); rates[c] > 0 {
		currency = c
	}
	all := p.houses(circle{lat, lon, km}, s, now, exactly)
	page := all[min(from, len(all)):min(from+max(travelportPage, exactly), len(all))]
	return p.answerIn("HotelSearchAvailabilityRsp", "hotel", nil, func(x *xmlWriter) {
		if from+len(page) < len(all) {
			x.prefix = "common_v52_0:"
			x.leaf("NextResultReference", base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(from+len(page)))), "ProviderCode", "TRM")
			x.prefix = "hotel:"
		}
		for _, h := range page {
			p.house(x, h, currency)
		}
	}), nil
}

// travelportRooms reads who sleeps in each room.
func travelportRooms(m *xmlNode) (stay, string) {
	var s stay
	number := func(text string) int {
		n, err := strconv.Atoi(text)
		if err != nil {
			return -1
		}
		return n
	}
	for _, room := range m.kid("HotelSearchModifiers", "BookingGuestInformation").all("Room") {
		who := party{rooms: 1, adults: number(room.kid("Adults").say())}
		for _, c := range room.all("Child") {
			age := number(c.attr("Age"))
			if age < 0 || age > 17 {
				return s, "a Child has no Age of 0 to 17"
			}
			who.ages = append(who.ages, age)
		}
		if who.adults < 1 || who.adults > 9 {
			return s, "a Room has no Adults of 1 to 9"
		}
		s.parties = append(s.parties, who)
	}
	if len(s.parties) == 0 || len(s.parties) > 9 {
		return s, "BookingGuestInformation with 1 to 9 Rooms is required"
	}
	if n := m.kid("HotelSearchModifiers").attrOr("NumberOfRooms"); n != "" && number(n) != len(s.parties) {
		return s, "NumberOfRooms is not that of the Rooms"
	}
	return s, ""
}

// house is a property with the least that its whole party pays.
type house struct {
	*property
	cents   int64
	prepaid bool
}

// houses are those with a room for everybody, nearest first.
func (p *travelport) houses(where circle, s stay, now time.Time, exactly int) []house {
	limit := cmp.Or(exactly, p.spec.MaxOffers)
	var all []house
	for _, prop := range p.w.within(where) {
		if len(all) == limit {
			break
		}
		if exactly == 0 && !p.sells(staysMarket, prop.id) {
			continue
		}
		h := house{property: prop}
		for _, who := range s.parties {
			least := int64(0)
			for _, o := range p.ratesOf(prop, s, who, now) {
				if least == 0 || o.cents < least {
					least, h.prepaid = o.cents, !o.refundable
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

func (p *travelport) house(x *xmlWriter, h house, currency travel.Currency) {
	d := p.dice.num(int64(h.id))
	code := fmt.Sprintf("%s%s_%06d", h.town.country, h.town.code, d.str("code").between(1, 999_999))
	amount := func(cents int64) string {
		m := inCurrency(cents, currency)
		return string(m.Currency) + m.Decimal()
	}
	x.in("HotelSearchResult", nil, func() {
		x.prefix = "common_v52_0:"
		x.empty("VendorLocation", "ProviderCode", "TRM", "VendorCode", "00", "VendorLocationID", code, "Key", travelportKey(d))
		x.prefix = "hotel:"
		x.in("HotelProperty", at{"HotelChain", "00", "HotelCode", code, "Name", h.nameBy(d.str("name")), "VendorLocationKey", travelportKey(d), "Availability", "Available"}, func() {
			x.in("PropertyAddress", nil, func() {
				x.leaf("Address", h.streetBy(d))
				x.leaf("Address", h.town.name)
			})
			x.prefix = "common_v52_0:"
			x.empty("CoordinateLocation", "latitude", degrees(h.lat+(d.str("lat").unit()-0.5)*0.0008), "longitude", degrees(h.lon+(d.str("lon").unit()-0.5)*0.0008))
			x.prefix = "hotel:"
			x.in("HotelRating", at{"RatingProvider", "TRM"}, func() { x.leaf("Rating", strconv.Itoa(h.stars)) })
		})
		payment := map[bool]string{true: "PrePay", false: "PostPay"}[h.prepaid]
		total := amount(h.cents)
		x.in("RateInfo", at{"MinimumStayAmount", total, "ApproximateMinimumStayAmount", total, "RateSupplier", "AG", "PaymentType", payment, "TaxesIncluded", "true", "AmountConverted", "false"}, func() {
			x.in("RoomDispatch", nil, func() { x.empty("Room", "Capacity", "2", "Quantity", "1") })
		})
		if d.str("second").chance(400) {
			x.empty("RateInfo", "ApproximateMinimumStayAmount", amount(permille(h.cents, 1050)), "RateSupplier", "TO", "PaymentType", "PrePay", "TaxesIncluded", "true", "AmountConverted", "true", "PackageOffer", strconv.FormatBool(d.str("package").chance(500)))
		}
	})
}
