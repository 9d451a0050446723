package amadeus

import (
	"slices"
	"strconv"
	"strings"

	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// hotelOffer, tax and fee are as the document states them: their strings are views, but
// for codes of currencies.
type hotelOffer struct {
	id                string
	checkIn, checkOut travel.Date
	rooms             int // 0 is not stated, as in adults
	adults            int
	childAges         []int
	board             travel.Board
	room              roomWords
	roomCode          string
	description       string

	currency           string
	total, selling     string
	base               string
	average            nightly
	changes            []nightly
	firstTax, afterTax int // range in taxes

	payment            travel.Payment
	deposit            string
	refund             string // cancellationRefund
	firstFee, afterFee int    // range in fees
}

// roomWords is what names a kind of room; views.
type roomWords struct{ category, beds, bedType string }

// tax is a tax of an offer.
type tax struct {
	amount, currency string
	percentage       string
	included         travel.Answered
	perNight         bool
	perGuest         bool
	perRoom          bool
	whole            bool // the sum of all taxes
}

// fee is what a cancellation costs.
type fee struct {
	deadline, amount, percentage string
	nights                       int // 0 is not stated
	fullStay                     bool
	words                        string
}

var hotelOfferKeys = wire.NewKeys("id", "checkInDate", "checkOutDate", "roomQuantity", "boardType", "room", "guests", "price", "policies")

func (d *hotelDecoder) readOffer() {
	r := d.r
	x := hotelOffer{firstTax: len(d.taxes), firstFee: len(d.fees)}
	for o := r.Object(hotelOfferKeys); o.Next(); {
		switch o.Key() {
		case 0:
			x.id = r.View()
		case 1:
			x.checkIn, _ = travel.ParseDate(r.View())
		case 2:
			x.checkOut, _ = travel.ParseDate(r.View())
		case 3:
			if n, ok := r.Int(); ok && n > 0 && n < 100 {
				x.rooms = n
			}
		case 4:
			x.board = boardOf(r.View())
		case 5:
			d.readRoom(&x)
		case 6:
			d.readGuests(&x)
		case 7:
			d.readStayPrice(&x)
		case 8:
			d.readPolicies(&x)
		}
	}
	if len(d.offers) == maxOffersOfHotel {
		d.taxes, d.fees = d.taxes[:x.firstTax], d.fees[:x.firstFee]
		d.answer.OffersIn++
		d.answer.Drop(travel.RuleTooMany, 1)
		return
	}
	x.afterTax, x.afterFee = len(d.taxes), len(d.fees)
	d.offers = append(d.offers, x)
}

// What is read of one property, and of one offer: far more than there ever is.
const (
	maxOffersOfHotel = 2 * wire.MaxOffers
	maxTaxes         = 64
	maxFees          = 64
)

var (
	roomKeys      = wire.NewKeys("type", "typeEstimated", "description")
	estimatedKeys = wire.NewKeys("category", "beds", "bedType")
	textKeys      = wire.NewKeys("text")
	guestKeys     = wire.NewKeys("adults", "childAges")
)

func (d *hotelDecoder) readRoom(x *hotelOffer) {
	r := d.r
	for o := r.Object(roomKeys); o.Next(); {
		switch o.Key() {
		case 0:
			x.roomCode = r.Intern()
		case 1:
			for w := r.Object(estimatedKeys); w.Next(); {
				switch w.Key() {
				case 0:
					x.room.category = r.View()
				case 1:
					x.room.beds = r.View()
				case 2:
					x.room.bedType = r.View()
				}
			}
		case 2:
			if x.room.category == "" { // else it has a name already
				x.description = d.readWords()
			}
		}
	}
}

// readWords is a text, or the text of an object with its language; a view.
func (d *hotelDecoder) readWords() (text string) {
	if d.r.Kind() == '"' {
		return d.r.View()
	}
	for o := d.r.Object(textKeys); o.Next(); {
		text = d.r.View()
	}
	return text
}

// maxChildren bounds the ages of one room.
const maxChildren = 20

func (d *hotelDecoder) readGuests(x *hotelOffer) {
	r := d.r
	for o := r.Object(guestKeys); o.Next(); {
		if o.Key() == 0 {
			if n, ok := r.Int(); ok && n > 0 && n < 100 {
				x.adults = n
			}
			continue
		}
		add := func(text string) {
			if age, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && age >= 0 && age < 100 && len(x.childAges) < maxChildren {
				x.childAges = append(x.childAges, age)
			}
		}
		if r.Kind() == '"' {
			for age := range strings.SplitSeq(r.View(), ",") {
				add(age)
			}
			continue
		}
		for a := r.Array(); a.Next(); {
			add(r.View())
		}
	}
	slices.Sort(x.childAges)
}

var (
	stayPriceKeys = wire.NewKeys("currency", "total", "sellingTotal", "base", "taxes", "variations")
	taxKeys       = wire.NewKeys("amount", "currency", "percentage", "included", "pricingFrequency", "pricingMode", "code")
)

func (d *hotelDecoder) readStayPrice(x *hotelOffer) {
	r := d.r
	for o := r.Object(stayPriceKeys); o.Next(); {
		switch o.Key() {
		case 0:
			x.currency = r.Intern()
		case 1:
			x.total = r.View()
		case 2:
			x.selling = r.View()
		case 3:
			x.base = r.View()
		case 4:
			for a := r.Array(); a.Next(); {
				if len(d.taxes)-x.firstTax < maxTaxes {
					d.readTax()
				}
			}
		case 5:
			d.readVariations(x)
		}
	}
}

func (d *hotelDecoder) readTax() {
	r := d.r
	var t tax
	for o := r.Object(taxKeys); o.Next(); {
		switch o.Key() {
		case 0:
			t.amount = r.View()
		case 1:
			t.currency = r.Intern()
		case 2:
			t.percentage = r.View()
		case 3:
			t.included = r.Bool()
		case 4:
			t.perNight = r.View() == "PER_NIGHT"
		case 5:
			mode := r.View()
			t.perGuest, t.perRoom = mode == "PER_OCCUPANT", mode == "PER_PRODUCT"
		case 6:
			t.whole = r.View() == "TOTAL_TAX"
		}
	}
	d.taxes = append(d.taxes, t)
}

// boardOf is the vendor's board in our words. LUNCH, DINNER, FAMILY_PLAN and AS_BROCHURED
// are none of ours.
func boardOf(name string) travel.Board {
	switch name {
	case "ROOM_ONLY", "SELF_CATERING":
		return travel.RoomOnly
	case "BREAKFAST", "BUFFET_BREAKFAST", "CARIBBEAN_BREAKFAST", "CONTINENTAL_BREAKFAST", "ENGLISH_BREAKFAST", "FULL_BREAKFAST", "BERMUDA": // Bermuda plan: with an American breakfast
		return travel.BedAndBreakfast
	case "HALF_BOARD", "DINNER_BED_AND_BREAKFAST", "MODIFIED": // modified American plan
		return travel.HalfBoard
	case "FULL_BOARD", "AMERICAN", "FAMILY_AMERICAN": // American plan: three meals
		return travel.FullBoard
	case "ALL_INCLUSIVE":
		return travel.AllInclusive
	}
	return travel.BoardUnknown
}

// roomName is the name of a kind of room, to keep: "Deluxe Room, 1 Queen". Without the
// estimate it is the description.
func (d *hotelDecoder) roomName(x *hotelOffer) string {
	if x.room.category == "" && x.room.bedType == "" {
		return wire.Clean(strings.Clone(x.description), wire.MaxName)
	}
	if name, ok := d.rooms[x.room]; ok {
		return name
	}
	var parts []string
	if x.room.category != "" {
		parts = append(parts, capitals(x.room.category))
	}
	if bed := capitals(x.room.bedType); bed != "" {
		if x.room.beds != "" {
			bed = x.room.beds + " " + bed
		}
		parts = append(parts, bed)
	}
	name := wire.Clean(strings.Clone(strings.Join(parts, ", ")), wire.MaxName)
	if len(d.rooms) < maxRoomNames {
		d.rooms[x.room] = name
	}
	return name
}

// maxRoomNames bounds the names that a decoder remembers; real documents have some dozens.
const maxRoomNames = 500

// capitals turns DELUXE_ROOM into Deluxe Room.
func capitals(code string) string {
	words := strings.FieldsFunc(code, func(c rune) bool { return c == '_' || c == ' ' })
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + strings.ToLower(w[1:])
	}
	return strings.Join(words, " ")
}
