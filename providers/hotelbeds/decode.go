package hotelbeds

import (
	"errors"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Decode reads an availability or a checkrates document and applies the rules that
// need nothing but the document. Each rate is one of the document, for the rooms of
// one occupancy; whole parties are put together by assemble.CombineRooms. An error document, and
// one that is none of these, is a *fault.Error. Hotelbeds needs no atlas: its
// documents state positions, and instants with their offset.
func Decode(body []byte, _ *places.Atlas) (travel.Answer, error) {
	answer, _, err := decode(body, assemble.MaxOffers)
	return answer, err
}

// dates is the stay that a document is about, as far as it says.
type dates struct{ checkIn, checkOut travel.Date }

// other reports whether the document says that it is about another stay than q asks for.
func (d dates) other(q travel.Query) bool {
	return d.checkIn != 0 && d.checkIn != q.CheckIn || d.checkOut != 0 && d.checkOut != q.CheckOut
}

// decode keeps up to limit rates.
func decode(body []byte, limit int) (travel.Answer, dates, error) {
	r := document.NewJSON(body)
	defer r.Close()
	d := decoder{r: r, limit: limit}
	if err := d.document(); err != nil {
		return travel.Answer{}, dates{}, err
	}
	assemble.LimitStays(&d.answer, limit)
	d.answer.Note("mistyped_values", r.Mistyped())
	return d.answer, d.stay, nil
}

// decoder reads one document. Its slices are reused from hotel to hotel; what is
// kept is copied out of them.
type decoder struct {
	r      *document.JSON
	answer travel.Answer
	limit  int
	read   int // rates kept since the last bound
	known  bool
	bare   int // hotels without a stay around them
	stay   dates
	refuse *fault.Error

	rooms []room
	rates []rate
	taxes []tax
	fees  []fee
}

var tellKeys = document.NewKeys("hotels", "auditData")

const (
	rootHotels = iota
	rootHotel
	rootError
	rootAuditData
	rootCode
	rootMessage
)

var rootKeys = document.NewKeys([]string{
	rootHotels: "hotels", rootHotel: "hotel", rootError: "error", rootAuditData: "auditData", rootCode: "code", rootMessage: "message",
}...)

const (
	hotelsHotels = iota
	hotelsCheckIn
	hotelsCheckOut
	hotelsRooms
)

var hotelsKeys = document.NewKeys([]string{
	hotelsHotels: "hotels", hotelsCheckIn: "checkIn", hotelsCheckOut: "checkOut", hotelsRooms: "rooms",
}...)

const (
	errorCode = iota
	errorMessage
)

var errorKeys = document.NewKeys([]string{errorCode: "code", errorMessage: "message"}...)

func (d *decoder) document() error {
	r := d.r
	var code, message string // of an error that nothing stands around
	for o := r.UnwrapFor(tellKeys, rootKeys); o.Next(); {
		switch o.Key() {
		case rootHotels:
			d.readHotels()
		case rootHotel:
			if r.Kind() == '{' {
				d.known = true
				d.bare++
			}
			d.readHotel()
		case rootError:
			d.readError()
		case rootAuditData: // an answer without hotels still has it; an empty object does not
			d.known = d.known || r.Kind() == '{'
		case rootCode:
			code = r.Name()
		case rootMessage:
			message = document.Clean(r.Text(), document.MaxDetail)
		}
	}
	if message != "" && !d.known && d.refuse == nil {
		d.refuse = assemble.PartnerError(code, message)
	}
	if err := r.End(); err != nil {
		return fault.New(fault.Malformed, err)
	}
	switch {
	case d.refuse != nil && d.answer.OffersIn == 0:
		return d.refuse
	case d.refuse != nil:
		d.answer.Note("partner_errors", 1)
	case !d.known:
		return fault.New(fault.Malformed, errors.New("neither hotels nor audit data in the document"))
	case d.bare > 0 && d.answer.OffersIn == 0:
		return fault.New(fault.Malformed, errors.New("hotels without rates, such as content, in the document"))
	}
	return nil
}

// readHotels reads the hotels of a stay, a list of them, or the one whose rates were checked.
func (d *decoder) readHotels() {
	r := d.r
	if r.Kind() == '[' {
		d.known = true
		for a := r.Array(); a.Next(); d.bare++ {
			d.readHotel()
		}
		return
	}
	d.known = d.known || r.Kind() == '{'
	start, one := r.Mark(), false
	for h := r.Object(hotelsKeys); h.Next(); {
		switch h.Key() {
		case hotelsHotels:
			for a := r.Array(); a.Next(); {
				d.readHotel()
			}
		case hotelsCheckIn:
			d.stay.checkIn, _ = travel.ParseDate(r.View())
		case hotelsCheckOut:
			d.stay.checkOut, _ = travel.ParseDate(r.View())
		case hotelsRooms:
			one = true
		}
	}
	if one && r.Err() == nil {
		d.bare++
		r.Rewind(start)
		d.readHotel()
	}
}

// readError reads {"code", "message"}, or a string as the gateway before it sends.
func (d *decoder) readError() {
	r := d.r
	var code, message string
	switch r.Kind() {
	case '{':
		for o := r.Object(errorKeys); o.Next(); {
			if o.Key() == errorCode {
				code = r.Name()
			} else {
				message = document.Clean(r.Text(), document.MaxDetail)
			}
		}
	case '"':
		message = document.Clean(r.Text(), document.MaxDetail)
	default:
		return // null, or nothing that speaks
	}
	d.refuse = assemble.PartnerError(code, message)
}

const (
	hotelCode = iota
	hotelName
	hotelCategoryCode
	hotelLatitude
	hotelLongitude
	hotelCurrency
	hotelRooms
	hotelDestinationName
	hotelReviews
	hotelGiata
)

var hotelKeys = document.NewKeys([]string{
	hotelCode: "code", hotelName: "name", hotelCategoryCode: "categoryCode", hotelLatitude: "latitude", hotelLongitude: "longitude",
	hotelCurrency: "currency", hotelRooms: "rooms", hotelDestinationName: "destinationName", hotelReviews: "reviews", hotelGiata: "giata",
}...)

const (
	reviewRate = iota
	reviewCount
)

var reviewKeys = document.NewKeys([]string{reviewRate: "rate", reviewCount: "reviewCount"}...)

// readHotel reads a property with its rates. Its currency may stand behind them.
func (d *decoder) readHotel() {
	r := d.r
	var (
		p          travel.Property
		currency   string
		lat, lon   float64
		hasA, hasB bool
	)
	d.rooms, d.rates, d.taxes, d.fees = d.rooms[:0], d.rates[:0], d.taxes[:0], d.fees[:0]
	for o := r.Object(hotelKeys); o.Next(); {
		switch o.Key() {
		case hotelCode:
			p.ID = r.Text()
		case hotelName:
			p.Name = r.Name()
		case hotelCategoryCode:
			p.Stars = stars(r.View())
		case hotelLatitude:
			lat, hasA = r.Float()
		case hotelLongitude:
			lon, hasB = r.Float()
		case hotelCurrency:
			currency = r.Intern()
		case hotelRooms:
			for a := r.Array(); a.Next(); {
				d.readRoom()
			}
		case hotelDestinationName:
			p.City = r.Name()
		case hotelReviews:
			for a := r.Array(); a.Next(); {
				d.readReview(&p)
			}
		case hotelGiata:
			p.GIATA = r.Text()
		}
	}
	if r.Err() != nil {
		return
	}
	if hasA && hasB {
		p.SetGeo(lat, lon)
	}
	stay := travel.Stay{Property: p}
	for i := range d.rates {
		d.answer.OffersIn++
		rate, rule := d.price(&d.rates[i], currency)
		if rule == "" {
			rule = rate.Check()
		}
		if rule != "" {
			d.answer.Drop(rule, 1)
			continue
		}
		stay.Rates = append(stay.Rates, rate)
	}
	if len(stay.Rates) == 0 {
		return
	}
	d.answer.Stays = append(d.answer.Stays, stay)
	if d.read += len(stay.Rates); d.read > 2*d.limit { // so that a document of tiny rates stays small in memory
		assemble.LimitStays(&d.answer, d.limit)
		d.read = d.limit
	}
}

// readReview reads what the guests of one portal give, of five. Of several, the one of
// most guests counts.
func (d *decoder) readReview(p *travel.Property) {
	score, reviews := 0.0, 0
	for o := d.r.Object(reviewKeys); o.Next(); {
		if o.Key() == reviewRate {
			score, _ = d.r.Float()
		} else {
			reviews, _ = d.r.Int()
		}
	}
	if reviews >= p.GuestReviews {
		p.SetGuests(score, 5, reviews)
	}
}

// stars reads the category codes: 4EST, 5LUX, H3_5 (three and a half), HS2. 0 is unknown.
func stars(code string) float64 {
	for i := range len(code) {
		if c := code[i]; c >= '1' && c <= '5' {
			n := float64(c - '0')
			if i+2 < len(code) && (code[i+1] == '_' || code[i+1] == '.') && code[i+2] == '5' {
				n += 0.5
			}
			return n
		}
	}
	return 0
}
