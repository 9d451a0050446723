package travel

import (
	"math"
	"time"
)

// Board is a board basis in Fanfare's own words; BoardUnknown is its zero value.
type Board string

// The board bases.
const (
	BoardUnknown    Board = ""
	RoomOnly        Board = "room_only"
	BedAndBreakfast Board = "bed_and_breakfast"
	HalfBoard       Board = "half_board"
	FullBoard       Board = "full_board"
	AllInclusive    Board = "all_inclusive"
)

// Boards lists the known boards, least first. Callers must not modify it.
var Boards = []Board{RoomOnly, BedAndBreakfast, HalfBoard, FullBoard, AllInclusive}

// Payment is when and to whom a stay is paid; PaymentUnknown is its zero value.
type Payment string

// The payment types.
const (
	PaymentUnknown Payment = ""
	PayNow         Payment = "pay_now"
	PayAtProperty  Payment = "pay_at_property"
	PayDeposit     Payment = "deposit"
	PayGuarantee   Payment = "guarantee"
)

// Property is a hotel or other place to stay, as one partner describes it.
type Property struct {
	ID      string  // the partner's own id
	Name    string  // "" is unknown
	Stars   float64 // 0 is unknown; halves occur
	Lat     float64 // degrees; HasGeo reports whether both were stated
	Lon     float64
	HasGeo  bool
	Address string // in a line, parts by comma; "" is unknown
	Chain   string // chain or brand code, "" is unknown

	City     string // "" is unknown, as below
	PostCode string
	Country  string // a code or a name, as written
	Phone    string // as written
	Website  string // the property's own, not the partner's page about it
	GIATA    string // the id of the GIATA directory, which several partners may state

	GuestScore   float64 // what guests give, 0 to 10; 0 is unknown
	GuestReviews int     // how many guests; 0 is unknown
}

// SetGeo places the property, unless the point is none on Earth, or zero and zero: that is
// what partners say who do not know.
func (p *Property) SetGeo(lat, lon float64) {
	if OnEarth(lat, lon) {
		p.Lat, p.Lon, p.HasGeo = lat, lon, true
	}
}

// SetGuests notes what guests give, on a scale up to best, and how many have. A score of
// nothing, or beyond the scale, is none.
func (p *Property) SetGuests(score, best float64, reviews int) {
	if score > 0 && score <= best {
		p.GuestScore, p.GuestReviews = math.Round(score*1000/best)/100, max(reviews, 0)
	}
}

// OnEarth reports whether degrees are of a point where a property can be.
func OnEarth(lat, lon float64) bool {
	return lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180 && (lat != 0 || lon != 0)
}

// Cancellation is what a traveller loses by cancelling.
type Cancellation struct {
	Refundable Answered
	FreeUntil  time.Time // the last instant at which cancelling costs nothing; zero is never or unknown
	Steps      []CancellationStep
}

// CancellationStep is a fee that applies from an instant on.
type CancellationStep struct {
	From time.Time `json:"from"`
	Fee  Money     `json:"fee"`
}

// Occupancy is one room's guests: adults, and the ages of children in years at check-in.
type Occupancy struct {
	Adults    int   `json:"adults"`
	ChildAges []int `json:"child_ages"`
}

// Rate is a room with price and conditions at a property from one partner, for
// the whole stay and all rooms asked.
type Rate struct {
	PartnerRef    string
	Room          string // the partner's name of the room type
	RoomCode      string // "" is unknown
	Board         Board
	Price         Price
	PayAtProperty Money // the part of Total that is paid at the property, not stated if unknown
	Payment       Payment
	Cancellation  Cancellation
	Rooms         []RateRoom // what makes up the rate, one entry for each kind of room
	RoomsLeft     int        // 0 is unknown
	ExpiresAt     time.Time  // zero is unknown
	Test          bool
}

// RateRoom is one kind of room within a rate, Count times with the same occupancy.
type RateRoom struct {
	Count     int
	Occupancy Occupancy
}

// Stay is a property with its rates from one partner.
type Stay struct {
	Property Property
	Rates    []Rate
}
