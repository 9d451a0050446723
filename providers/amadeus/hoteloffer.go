package amadeus

import (
	"slices"
	"strconv"
	"strings"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/travel"
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

const (
	hotelOfferID = iota
	hotelOfferCheckInDate
	hotelOfferCheckOutDate
	hotelOfferRoomQuantity
	hotelOfferBoardType
	hotelOfferRoom
	hotelOfferGuests
	hotelOfferPrice
	hotelOfferPolicies
)

var hotelOfferKeys = document.NewKeys([]string{
	hotelOfferID: "id", hotelOfferCheckInDate: "checkInDate", hotelOfferCheckOutDate: "checkOutDate",
	hotelOfferRoomQuantity: "roomQuantity", hotelOfferBoardType: "boardType", hotelOfferRoom: "room", hotelOfferGuests: "guests",
	hotelOfferPrice: "price", hotelOfferPolicies: "policies",
}...)

func (d *hotelDecoder) readOffer() {
	r := d.r
	x := hotelOffer{firstTax: len(d.taxes), firstFee: len(d.fees)}
	for o := r.Object(hotelOfferKeys); o.Next(); {
		switch o.Key() {
		case hotelOfferID:
			x.id = r.View()
		case hotelOfferCheckInDate:
			x.checkIn, _ = travel.ParseDate(r.View())
		case hotelOfferCheckOutDate:
			x.checkOut, _ = travel.ParseDate(r.View())
		case hotelOfferRoomQuantity:
			if n, ok := r.Int(); ok && n > 0 && n < 100 {
				x.rooms = n
			}
		case hotelOfferBoardType:
			x.board = boardOf(r.View())
		case hotelOfferRoom:
			d.readRoom(&x)
		case hotelOfferGuests:
			d.readGuests(&x)
		case hotelOfferPrice:
			d.readStayPrice(&x)
		case hotelOfferPolicies:
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
	maxOffersOfHotel = 2 * assemble.MaxOffers
	maxTaxes         = 64
	maxFees          = 64
)

const (
	roomType = iota
	roomTypeEstimated
	roomDescription
)

var roomKeys = document.NewKeys([]string{roomType: "type", roomTypeEstimated: "typeEstimated", roomDescription: "description"}...)

const (
	estimatedCategory = iota
	estimatedBeds
	estimatedBedType
)

var estimatedKeys = document.NewKeys([]string{estimatedCategory: "category", estimatedBeds: "beds", estimatedBedType: "bedType"}...)

var textKeys = document.NewKeys("text")

const (
	guestAdults = iota
	guestChildAges
)

var guestKeys = document.NewKeys([]string{guestAdults: "adults", guestChildAges: "childAges"}...)

func (d *hotelDecoder) readRoom(x *hotelOffer) {
	r := d.r
	for o := r.Object(roomKeys); o.Next(); {
		switch o.Key() {
		case roomType:
			x.roomCode = r.Intern()
		case roomTypeEstimated:
			for w := r.Object(estimatedKeys); w.Next(); {
				switch w.Key() {
				case estimatedCategory:
					x.room.category = r.View()
				case estimatedBeds:
					x.room.beds = r.View()
				case estimatedBedType:
					x.room.bedType = r.View()
				}
			}
		case roomDescription:
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
		if o.Key() == guestAdults {
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

const (
	stayPriceCurrency = iota
	stayPriceTotal
	stayPriceSellingTotal
	stayPriceBase
	stayPriceTaxes
	stayPriceVariations
)

var stayPriceKeys = document.NewKeys([]string{
	stayPriceCurrency: "currency", stayPriceTotal: "total", stayPriceSellingTotal: "sellingTotal", stayPriceBase: "base",
	stayPriceTaxes: "taxes", stayPriceVariations: "variations",
}...)

const (
	taxAmount = iota
	taxCurrency
	taxPercentage
	taxIncluded
	taxPricingFrequency
	taxPricingMode
	taxCode
)

var taxKeys = document.NewKeys([]string{
	taxAmount: "amount", taxCurrency: "currency", taxPercentage: "percentage", taxIncluded: "included",
	taxPricingFrequency: "pricingFrequency", taxPricingMode: "pricingMode", taxCode: "code",
}...)

func (d *hotelDecoder) readStayPrice(x *hotelOffer) {
	r := d.r
	for o := r.Object(stayPriceKeys); o.Next(); {
		switch o.Key() {
		case stayPriceCurrency:
			x.currency = r.Intern()
		case stayPriceTotal:
			x.total = r.View()
		case stayPriceSellingTotal:
			x.selling = r.View()
		case stayPriceBase:
			x.base = r.View()
		case stayPriceTaxes:
			for a := r.Array(); a.Next(); {
				if len(d.taxes)-x.firstTax < maxTaxes {
					d.readTax()
				}
			}
		case stayPriceVariations:
			d.readVariations(x)
		}
	}
}

func (d *hotelDecoder) readTax() {
	r := d.r
	var t tax
	for o := r.Object(taxKeys); o.Next(); {
		switch o.Key() {
		case taxAmount:
			t.amount = r.View()
		case taxCurrency:
			t.currency = r.Intern()
		case taxPercentage:
			t.percentage = r.View()
		case taxIncluded:
			t.included = r.Bool()
		case taxPricingFrequency:
			t.perNight = r.View() == "PER_NIGHT"
		case taxPricingMode:
			mode := r.View()
			t.perGuest, t.perRoom = mode == "PER_OCCUPANT", mode == "PER_PRODUCT"
		case taxCode:
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
		return document.Clean(strings.Clone(x.description), document.MaxName)
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
	name := document.Clean(strings.Clone(strings.Join(parts, ", ")), document.MaxName)
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
