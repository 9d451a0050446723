package amadeus

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

var (
	boards = map[string]string{"RO": "ROOM_ONLY", "BB": "BREAKFAST", "HB": "HALF_BOARD", "FB": "FULL_BOARD", "AI": "ALL_INCLUSIVE"}

	// breakfasts are what hotels call it, when nobody asks for a board by name.
	breakfasts = []string{"BREAKFAST", "BREAKFAST", "BREAKFAST", "BUFFET_BREAKFAST", "CONTINENTAL_BREAKFAST", "FULL_BREAKFAST"}

	errNoRooms = errorDoc{http.StatusBadRequest, 3664, "NO ROOMS AVAILABLE AT REQUESTED PROPERTY", "", nil}
	errNoHotel = errorDoc{http.StatusBadRequest, 1257, "INVALID PROPERTY CODE", "", nil}
	roomsName  = map[string]room{
		"SGL.ST": {"B1T", estimated{"STANDARD_ROOM", 1, "SINGLE"}, textDoc{"Standard room with a single bed", "EN"}},
		"DBT.ST": {"B2T", estimated{"STANDARD_ROOM", 2, "TWIN"}, textDoc{"Standard room with two beds, or one for two", "EN"}},
		"DBL.KG": {"C1K", estimated{"STANDARD_ROOM", 1, "KING"}, textDoc{"Room with a king size bed", "EN"}},
		"DBL.SU": {"A1Q", estimated{"SUPERIOR_ROOM", 1, "QUEEN"}, textDoc{"Superior room with a queen size bed", "EN"}},
		"TPL.ST": {"B3T", estimated{"STANDARD_ROOM", 3, "SINGLE"}, textDoc{"Room for three", "EN"}},
		"FAM.ST": {"N4D", estimated{"FAMILY_ROOM", 4, ""}, textDoc{"Family room", "EN"}},
		"JSU.ST": {"S1K", estimated{"JUNIOR_SUITE", 1, "KING"}, textDoc{"Junior suite", "EN"}},
		"SUI.DX": {"ROH", estimated{}, textDoc{"Deluxe suite", "EN"}},
	}
)

// MaxRates is how many offers of one hotel there are at most.
const MaxRates = 8

// hotelWriter renders one answer.
type hotelWriter struct {
	*Hotel
	q    *hotelAsk
	now  time.Time
	lean bool
	doc  HotelDoc
}

// offers answers a question for the offers of some hotels. exactly, if not zero, asks for lean ones.
func (p *Hotel) offers(r *http.Request, exactly int) exchange.Reply {
	q, errs := p.parse(r, p.World.Now())
	if len(errs) > 0 {
		return p.errors(errs...)
	}
	w := &hotelWriter{Hotel: p, q: q, now: p.World.Moment(), lean: exactly > 0}
	query := r.URL.Query()
	for _, id := range q.ids {
		h := p.Property(id, exactly)
		if h == nil {
			w.warn(errNoHotel, id)
			continue
		}
		query.Set("hotelIds", id)
		entry := HotelOffers{Type: "hotel-offers", Hotel: w.hotel(h, id), Offers: w.rates(h), Self: host + HotelPath + "?" + query.Encode()}
		if entry.Available = len(entry.Offers) > 0; entry.Available || q.closed {
			w.doc.Data = append(w.doc.Data, entry)
		} else {
			w.warn(errNoRooms, id)
		}
	}
	if len(w.doc.Data) == 0 {
		return p.errors(w.doc.Warnings...)
	}
	for i := range w.doc.Warnings {
		w.doc.Warnings[i].Status = 0 // nothing has failed
	}
	return asJson(http.StatusOK, Media, &w.doc)
}

func (w *hotelWriter) warn(e errorDoc, id string) {
	e.Source = &sourceDoc{Parameter: "hotelIds=" + id}
	w.doc.Warnings = append(w.doc.Warnings, e)
}

func (w *hotelWriter) hotel(h *world.Property, id string) hotelContent {
	lat, lon := w.position(h)
	c := hotelContent{"hotel", id, id[:2], "", strconv.Itoa(dupeOf(h)), h.NameBy(w.RNG.Num(int64(h.ID)).Str("name")), string(h.Town.Code), lat, lon}
	if !w.lean && h.ID.Str("brand").Chance(300) {
		c.Brand = "ZZ"
	}
	return c
}

// rates are the offers of a hotel that the question lets through; a benchmark gets one
// of every hotel, for another kind of room if need be.
func (w *hotelWriter) rates(h *world.Property) []*HotelOffer {
	asked := w.RatesOf(h, w.q.StayAsk, w.q.Parties[0], w.now)
	for k := int64(1); w.lean && len(asked) == 0 && k < 50; k++ {
		other := *h
		other.ID = h.ID.Num(k)
		asked = w.RatesOf(&other, w.q.StayAsk, w.q.Parties[0], w.now)
	}
	currency := w.currency(h)
	var all []*HotelOffer
	for _, o := range asked {
		if w.q.board != "" && boards[o.Board.Code] != w.q.board || !w.q.affordable(world.InCurrency(o.Cents, currency)) {
			continue
		}
		offer := w.offer(h, o, currency)
		if w.q.payment != "" && w.q.payment != "NONE" && !strings.EqualFold(offer.Policies.PaymentType, w.q.payment) {
			continue
		}
		switch {
		case (w.q.best || w.lean) && len(all) == 1:
			if offer.cents < all[0].cents {
				all[0] = offer
			}
		case len(all) < MaxRates:
			all = append(all, offer)
		}
	}
	return all
}

// currency is what a hotel sells in: its own, unless it knows the one that was asked for.
func (w *hotelWriter) currency(h *world.Property) travel.Currency {
	own, asked := cmp.Or(world.LocalCurrency[h.Town.Country], w.Seller.Currency), w.q.currency
	switch {
	case world.Rates[asked] == 0 || asked == own || world.Rates[own] == 0:
		return own
	case h.ID.Str("converts").Chance(850):
		return asked
	case w.doc.Dictionaries == nil:
		w.doc.Dictionaries = &conversions{map[string]conversion{}}
	}
	digits, _ := asked.Exponent()
	millionths := world.Rates[asked] * 1_000_000 / world.Rates[own]
	w.doc.Dictionaries.Rates[string(own)] = conversion{fmt.Sprintf("%d.%06d", millionths/1_000_000, millionths%1_000_000), string(asked), digits}
	return own
}

// offer writes a rate: its price is of all rooms, its guests are those of one.
func (w *hotelWriter) offer(h *world.Property, o world.Offered, currency travel.Currency) *HotelOffer {
	total := world.InCurrency(o.Cents, currency)
	x := &HotelOffer{
		ID:      "T" + strings.ToUpper(rng.ID("", o.ID.Num(int64(w.q.In)).Num(int64(w.q.Out)).Num(int64(o.Party.Rooms)).Num(int64(o.Party.Adults)), 9)),
		CheckIn: w.q.In.String(), CheckOut: w.q.Out.String(), RateCode: rng.Pick(o.ID.Str("rate"), []string{"RAC", "BAR", "WKD", "ROR"}),
		Room: roomsName[o.Room.Code], Guests: guests{o.Party.Adults}, cents: o.Cents,
	}
	if o.Party.Rooms > 1 {
		x.Rooms = strconv.Itoa(o.Party.Rooms)
	}
	if !o.Refundable {
		x.RateCode = "PRO"
	}
	if o.ID.Str("board").Chance(850) {
		x.Board = boards[o.Board.Code]
		if o.Board.Code == "BB" && w.q.board == "" {
			x.Board = rng.Pick(h.ID.Str("breakfast"), breakfasts)
		}
	}
	x.Room.Description.Text += "\n" + world.RoomTitle(o.Board.Name)
	w.price(&x.Price, h, o, total)
	w.policies(&x.Policies, h, o, total)
	x.Self = host + HotelPath + "/" + x.ID
	if w.lean {
		return x
	}
	if o.ID.Str("family").Chance(600) {
		x.Family = &rateFamily{x.RateCode, "P"}
	}
	if o.ID.Str("category").Chance(60) {
		x.Category = "FAMILY_PLAN"
	}
	if o.ID.Str("commission").Chance(300) {
		x.Commission = &commission{strconv.Itoa(o.ID.Str("commission").Between(5, 12))}
	}
	if o.ID.Str("description").Chance(200) {
		x.Description = &textDoc{"Best flexible rate\nSubject to availability", "EN"}
	}
	return x
}
