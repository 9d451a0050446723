package partnersim

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
)

var (
	amadeusBoards = map[string]string{"RO": "ROOM_ONLY", "BB": "BREAKFAST", "HB": "HALF_BOARD", "FB": "FULL_BOARD", "AI": "ALL_INCLUSIVE"}

	// amadeusBreakfasts are what hotels call it, when nobody asks for a board by name.
	amadeusBreakfasts = []string{"BREAKFAST", "BREAKFAST", "BREAKFAST", "BUFFET_BREAKFAST", "CONTINENTAL_BREAKFAST", "FULL_BREAKFAST"}

	errAmadeusNoRooms = amadeusError{http.StatusBadRequest, 3664, "NO ROOMS AVAILABLE AT REQUESTED PROPERTY", "", nil}
	errAmadeusNoHotel = amadeusError{http.StatusBadRequest, 1257, "INVALID PROPERTY CODE", "", nil}
	amadeusRooms      = map[string]amadeusRoom{
		"SGL.ST": {"B1T", amadeusEstimated{"STANDARD_ROOM", 1, "SINGLE"}, amadeusText{"Standard room with a single bed", "EN"}},
		"DBT.ST": {"B2T", amadeusEstimated{"STANDARD_ROOM", 2, "TWIN"}, amadeusText{"Standard room with two beds, or one for two", "EN"}},
		"DBL.KG": {"C1K", amadeusEstimated{"STANDARD_ROOM", 1, "KING"}, amadeusText{"Room with a king size bed", "EN"}},
		"DBL.SU": {"A1Q", amadeusEstimated{"SUPERIOR_ROOM", 1, "QUEEN"}, amadeusText{"Superior room with a queen size bed", "EN"}},
		"TPL.ST": {"B3T", amadeusEstimated{"STANDARD_ROOM", 3, "SINGLE"}, amadeusText{"Room for three", "EN"}},
		"FAM.ST": {"N4D", amadeusEstimated{"FAMILY_ROOM", 4, ""}, amadeusText{"Family room", "EN"}},
		"JSU.ST": {"S1K", amadeusEstimated{"JUNIOR_SUITE", 1, "KING"}, amadeusText{"Junior suite", "EN"}},
		"SUI.DX": {"ROH", amadeusEstimated{}, amadeusText{"Deluxe suite", "EN"}},
	}
)

// amadeusMaxRates is how many offers of one hotel there are at most.
const amadeusMaxRates = 8

// amadeusHotelWriter renders one answer.
type amadeusHotelWriter struct {
	*amadeusHotel
	q    *amadeusHotelAsk
	now  time.Time
	lean bool
	doc  amadeusHotelDoc
}

// offers answers a question for the offers of some hotels. exactly, if not zero, asks for lean ones.
func (p *amadeusHotel) offers(r *http.Request, exactly int) reply {
	q, errs := p.parse(r, p.w.now())
	if len(errs) > 0 {
		return p.errors(errs...)
	}
	w := &amadeusHotelWriter{amadeusHotel: p, q: q, now: p.w.moment(), lean: exactly > 0}
	query := r.URL.Query()
	for _, id := range q.ids {
		h := p.property(id, exactly)
		if h == nil {
			w.warn(errAmadeusNoHotel, id)
			continue
		}
		query.Set("hotelIds", id)
		entry := amadeusHotelOffers{Type: "hotel-offers", Hotel: w.hotel(h, id), Offers: w.rates(h), Self: amadeusHost + amadeusHotelPath + "?" + query.Encode()}
		if entry.Available = len(entry.Offers) > 0; entry.Available || q.closed {
			w.doc.Data = append(w.doc.Data, entry)
		} else {
			w.warn(errAmadeusNoRooms, id)
		}
	}
	if len(w.doc.Data) == 0 {
		return p.errors(w.doc.Warnings...)
	}
	for i := range w.doc.Warnings {
		w.doc.Warnings[i].Status = 0 // nothing has failed
	}
	return amadeusJSON(http.StatusOK, amadeusMedia, &w.doc)
}

func (w *amadeusHotelWriter) warn(e amadeusError, id string) {
	e.Source = &amadeusSource{Parameter: "hotelIds=" + id}
	w.doc.Warnings = append(w.doc.Warnings, e)
}

func (w *amadeusHotelWriter) hotel(h *property, id string) amadeusHotelContent {
	lat, lon := w.position(h)
	c := amadeusHotelContent{"hotel", id, id[:2], "", strconv.Itoa(dupeOf(h)), h.nameBy(w.dice.num(int64(h.id)).str("name")), string(h.town.code), lat, lon}
	if !w.lean && h.id.str("brand").chance(300) {
		c.Brand = "ZZ"
	}
	return c
}

// rates are the offers of a hotel that the question lets through; a benchmark gets one
// of every hotel, for another kind of room if need be.
func (w *amadeusHotelWriter) rates(h *property) []*amadeusHotelOffer {
	asked := w.ratesOf(h, w.q.stay, w.q.parties[0], w.now)
	for k := int64(1); w.lean && len(asked) == 0 && k < 50; k++ {
		other := *h
		other.id = h.id.num(k)
		asked = w.ratesOf(&other, w.q.stay, w.q.parties[0], w.now)
	}
	currency := w.currency(h)
	var all []*amadeusHotelOffer
	for _, o := range asked {
		if w.q.board != "" && amadeusBoards[o.board.code] != w.q.board || !w.q.affordable(inCurrency(o.cents, currency)) {
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
		case len(all) < amadeusMaxRates:
			all = append(all, offer)
		}
	}
	return all
}

// currency is what a hotel sells in: its own, unless it knows the one that was asked for.
func (w *amadeusHotelWriter) currency(h *property) travel.Currency {
	own, asked := cmp.Or(localCurrency[h.town.country], w.spec.Currency), w.q.currency
	switch {
	case rates[asked] == 0 || asked == own || rates[own] == 0:
		return own
	case h.id.str("converts").chance(850):
		return asked
	case w.doc.Dictionaries == nil:
		w.doc.Dictionaries = &amadeusConversions{map[string]amadeusConversion{}}
	}
	digits, _ := asked.Exponent()
	millionths := rates[asked] * 1_000_000 / rates[own]
	w.doc.Dictionaries.Rates[string(own)] = amadeusConversion{fmt.Sprintf("%d.%06d", millionths/1_000_000, millionths%1_000_000), string(asked), digits}
	return own
}

// offer writes a rate: its price is of all rooms, its guests are those of one.
func (w *amadeusHotelWriter) offer(h *property, o offered, currency travel.Currency) *amadeusHotelOffer {
	total := inCurrency(o.cents, currency)
	x := &amadeusHotelOffer{
		ID:      "T" + strings.ToUpper(duffelID("", o.id.num(int64(w.q.in)).num(int64(w.q.out)).num(int64(o.party.rooms)).num(int64(o.party.adults)), 9)),
		CheckIn: w.q.in.String(), CheckOut: w.q.out.String(), RateCode: pick(o.id.str("rate"), []string{"RAC", "BAR", "WKD", "ROR"}),
		Room: amadeusRooms[o.room.code], Guests: amadeusGuests{o.party.adults}, cents: o.cents,
	}
	if o.party.rooms > 1 {
		x.Rooms = strconv.Itoa(o.party.rooms)
	}
	if !o.refundable {
		x.RateCode = "PRO"
	}
	if o.id.str("board").chance(850) {
		x.Board = amadeusBoards[o.board.code]
		if o.board.code == "BB" && w.q.board == "" {
			x.Board = pick(h.id.str("breakfast"), amadeusBreakfasts)
		}
	}
	x.Room.Description.Text += "\n" + roomTitle(o.board.name)
	w.price(&x.Price, h, o, total)
	w.policies(&x.Policies, h, o, total)
	x.Self = amadeusHost + amadeusHotelPath + "/" + x.ID
	if w.lean {
		return x
	}
	if o.id.str("family").chance(600) {
		x.Family = &amadeusRateFamily{x.RateCode, "P"}
	}
	if o.id.str("category").chance(60) {
		x.Category = "FAMILY_PLAN"
	}
	if o.id.str("commission").chance(300) {
		x.Commission = &amadeusCommission{strconv.Itoa(o.id.str("commission").between(5, 12))}
	}
	if o.id.str("description").chance(200) {
		x.Description = &amadeusText{"Best flexible rate\nSubject to availability", "EN"}
	}
	return x
}
