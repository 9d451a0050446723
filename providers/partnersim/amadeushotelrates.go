package partnersim

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
)

var amadeusBoards = map[string]string{"RO": "ROOM_ONLY", "BB": "BREAKFAST", "HB": "HALF_BOARD", "FB": "FULL_BOARD", "AI": "ALL_INCLUSIVE"}

// Limits of a question for offers.
const (
	amadeusMaxHotels = 20
	amadeusMaxNights = 99
	amadeusMaxRates  = 8 // of one property
)

var errAmadeusNoRooms = amadeusError{http.StatusBadRequest, 3664, "NO ROOMS AVAILABLE AT REQUESTED PROPERTY", "", nil}

type amadeusHotelOffers struct {
	Type  string `json:"type"`
	Hotel struct {
		Type  string  `json:"type"`
		ID    string  `json:"hotelId"`
		Chain string  `json:"chainCode"`
		Dupe  string  `json:"dupeId"`
		Name  string  `json:"name"`
		City  string  `json:"cityCode"`
		Lat   float64 `json:"latitude"`
		Lon   float64 `json:"longitude"`
	} `json:"hotel"`
	Available bool                 `json:"available"`
	Offers    []*amadeusHotelOffer `json:"offers"`
	Self      string               `json:"self"`
}

type amadeusHotelOffer struct {
	ID       string `json:"id"`
	CheckIn  string `json:"checkInDate"`
	CheckOut string `json:"checkOutDate"`
	Rooms    string `json:"roomQuantity,omitempty"` // unless it is one
	RateCode string `json:"rateCode"`
	Board    string `json:"boardType,omitempty"` // some rates do not say
	Room     struct {
		Type      string `json:"type"`
		Estimated struct {
			Category string `json:"category"`
			Beds     int    `json:"beds"`
			BedType  string `json:"bedType,omitempty"`
		} `json:"typeEstimated"`
		Description amadeusText `json:"description"`
	} `json:"room"`
	Guests struct {
		Adults int `json:"adults"` // of one room
	} `json:"guests"`
	Price    amadeusHotelPrice `json:"price"`
	Policies struct {
		PaymentType   string                `json:"paymentType"`
		Cancellations []amadeusCancellation `json:"cancellations,omitempty"`
	} `json:"policies"`
	Self string `json:"self"`

	minor int64 // to find the best
}

type amadeusText struct {
	Text string `json:"text"`
	Lang string `json:"lang"`
}

type amadeusHotelPrice struct {
	Currency   string            `json:"currency"`
	Base       string            `json:"base,omitempty"`
	Total      string            `json:"total"`
	Taxes      []amadeusHotelTax `json:"taxes,omitempty"`
	Variations struct {
		Average struct {
			Total string `json:"total"`
		} `json:"average"`
	} `json:"variations"`
}

type amadeusHotelTax struct {
	Code      string `json:"code"`
	Amount    string `json:"amount"`
	Currency  string `json:"currency"`
	Included  bool   `json:"included"`
	Frequency string `json:"pricingFrequency,omitempty"`
	Mode      string `json:"pricingMode,omitempty"`
}

type amadeusCancellation struct {
	Type     string `json:"type,omitempty"`
	Amount   string `json:"amount,omitempty"`
	Nights   int    `json:"numberOfNights,omitempty"`
	Deadline string `json:"deadline,omitempty"`
}

// amadeusHotelAsk is a question for offers that the vendor would accept.
type amadeusHotelAsk struct {
	stay
	ids   []string
	board string // the vendor's word, "" is any
	best  bool
}

// parse reads the parameters of a question for offers.
func (p *amadeusHotel) parse(r *http.Request, now time.Time) (*amadeusHotelAsk, []amadeusError) {
	wrong := &complaints{}
	in := readParams(r, func(name, format string, args ...any) {
		wrong.parameter(amadeusFormat, name, fmt.Sprintf(format, args...))
	})
	q := &amadeusHotelAsk{ids: in.list("hotelIds", amadeusMaxHotels), best: in.flag("bestRateOnly", true)}
	if len(q.ids) == 0 {
		wrong.parameter(amadeusMissing, "hotelIds", "Missing mandatory query parameter")
	}
	for _, id := range q.ids {
		if !amadeusHotelID.MatchString(id) {
			wrong.parameter(amadeusFormat, "hotelIds", "A hotel id has eight capital letters and digits")
			break
		}
	}
	day := func(name string, byDefault travel.Date) travel.Date {
		text := in.text(name)
		if text == "" {
			return byDefault
		}
		d, err := travel.ParseDate(text)
		if err != nil {
			wrong.parameter(amadeusDate, name, "The date has to be in the ISO 8601 YYYY-MM-DD format")
		}
		return d
	}
	today := travel.DateOf(now)
	q.in = day("checkInDate", today)
	q.out = day("checkOutDate", q.in.AddDays(1))
	switch {
	case q.in < today.AddDays(-1):
		wrong.parameter(amadeusDate, "checkInDate", "The date is in the past")
	case q.out <= q.in || q.nights() > amadeusMaxNights:
		wrong.parameter(amadeusDate, "checkOutDate", "The date has to be 1 to 99 nights after checkInDate")
	}
	q.parties = []party{{adults: in.whole("adults", 1, 9, 1), rooms: in.whole("roomQuantity", 1, 9, 1)}}
	q.board = in.oneOf("boardType", "ROOM_ONLY", "BREAKFAST", "HALF_BOARD", "FULL_BOARD", "ALL_INCLUSIVE")
	// Understood and without effect: a partner here sells in its own currency, to all, at one price.
	for _, name := range []string{"countryOfResidence", "currency", "lang", "priceRange", "paymentPolicy"} {
		in.text(name)
	}
	in.flag("includeClosed", false)
	in.strangers()
	return q, wrong.errs
}

// offers answers a question for the offers of some hotels.
func (p *amadeusHotel) offers(r *http.Request) reply {
	q, errs := p.parse(r, p.w.now())
	if len(errs) > 0 {
		return p.errors(errs...)
	}
	doc := struct {
		Data []amadeusHotelOffers `json:"data"`
	}{[]amadeusHotelOffers{}}
	for _, id := range q.ids {
		h := p.codes.peek(id)
		if h == nil {
			continue
		}
		entry := amadeusHotelOffers{Type: "hotel-offers", Available: true, Self: amadeusHost + amadeusHotelPath + "?hotelIds=" + id}
		for _, o := range p.ratesOf(h, q.stay, q.parties[0], p.w.moment()) {
			if q.board != "" && amadeusBoards[o.board.code] != q.board || len(entry.Offers) == amadeusMaxRates && !q.best {
				continue
			}
			offer := p.offer(q, h, o)
			switch {
			case !q.best || len(entry.Offers) == 0:
				entry.Offers = append(entry.Offers, offer)
			case offer.minor < entry.Offers[0].minor:
				entry.Offers[0] = offer
			}
		}
		if len(entry.Offers) == 0 {
			continue
		}
		at := &entry.Hotel
		at.Type, at.ID, at.Chain, at.Dupe, at.City, at.Lat, at.Lon = "hotel", id, id[:2], strconv.Itoa(dupeOf(h)), string(h.town.code), h.lat, h.lon
		at.Name = h.nameBy(p.dice.num(int64(h.id)).str("name"))
		doc.Data = append(doc.Data, entry)
	}
	if len(doc.Data) == 0 {
		return p.errors(errAmadeusNoRooms)
	}
	return amadeusJSON(http.StatusOK, amadeusMedia, doc)
}

// offer writes a rate: its price is of all rooms, its guests are those of one.
func (p *amadeusHotel) offer(q *amadeusHotelAsk, h *property, o offered) *amadeusHotelOffer {
	total := inCurrency(o.cents, p.spec.Currency)
	x := &amadeusHotelOffer{
		ID:      strings.ToUpper(duffelID("", o.id.num(int64(q.in)).num(int64(q.out)).num(int64(o.party.rooms)), 10)),
		CheckIn: q.in.String(), CheckOut: q.out.String(), RateCode: "RAC", minor: total.Minor,
	}
	if o.party.rooms > 1 {
		x.Rooms = strconv.Itoa(o.party.rooms)
	}
	if !o.refundable {
		x.RateCode = "PRO"
	}
	if o.id.str("board").chance(850) {
		x.Board = amadeusBoards[o.board.code]
	}
	x.Room.Type = strings.ReplaceAll(o.room.code, ".", "")[:3]
	x.Room.Estimated.Category, x.Room.Estimated.Beds = "STANDARD_ROOM", (o.room.adults+1)/2
	if strings.Contains(o.room.code, "KG") {
		x.Room.Estimated.BedType = "KING"
	}
	x.Room.Description = amadeusText{roomTitle(o.room.name) + "\n" + roomTitle(o.board.name), "EN"}
	x.Guests.Adults = o.party.adults
	p.price(&x.Price, h, o, total, q.nights())
	x.Policies.PaymentType = "guarantee"
	if !o.refundable {
		x.Policies.PaymentType = "prepay"
	}
	x.Policies.Cancellations = p.penalties(q, h, o, total)
	x.Self = amadeusHost + amadeusHotelPath + "/" + x.ID
	return x
}

// price splits a total into base and the tax in it; what the town takes comes on top.
func (p *amadeusHotel) price(x *amadeusHotelPrice, h *property, o offered, total travel.Money, nights int) {
	money := func(minor int64) string { return travel.Money{Minor: minor, Currency: total.Currency}.Decimal() }
	x.Currency, x.Total, x.Variations.Average.Total = string(total.Currency), total.Decimal(), money(total.Minor/int64(nights))
	if o.id.str("split").chance(200) {
		return // says nothing of taxes
	}
	tax := total.Minor / 11
	x.Base = money(total.Minor - tax)
	x.Taxes = []amadeusHotelTax{{Code: "VALUE_ADDED_TAX", Amount: money(tax), Currency: x.Currency, Included: true}}
	if cents := cityTaxCents(h) * int64(o.party.adults*o.party.rooms*nights); cents > 0 {
		x.Taxes = append(x.Taxes, amadeusHotelTax{"CITY_TAX", inCurrency(cents, total.Currency).Decimal(), x.Currency, false, "PER_STAY", "PER_PRODUCT"})
	}
}

// penalties are what a cancellation costs, and from when.
func (p *amadeusHotel) penalties(q *amadeusHotelAsk, h *property, o offered, total travel.Money) []amadeusCancellation {
	switch {
	case o.id.str("policy").chance(70):
		return nil // says nothing
	case !o.refundable:
		return []amadeusCancellation{{Type: "FULL_STAY"}}
	}
	t := q.in.AddDays(-o.id.str("days").between(1, 5)).Time()
	c := amadeusCancellation{Deadline: time.Date(t.Year(), t.Month(), t.Day(), 23, 59, 0, 0, h.town.zone).Format("2006-01-02T15:04:05-07:00")}
	switch o.id.str("penalty").roll(3) {
	case 0:
		c.Amount = total.Decimal()
	case 1:
		c.Nights = 1
	}
	return []amadeusCancellation{c}
}
