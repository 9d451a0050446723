package travelport

import (
	"strconv"
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// span is a part of one of the tables.
type span struct{ from, to int32 }

// amounts are the prices of a point or of one passenger type, as written.
type amounts struct{ total, base, equivalent, taxes, fees string }

func (d *decoder) readAmounts() amounts {
	x := d.x
	return amounts{first(x.Attr("TotalPrice"), x.Attr("ApproximateTotalPrice")), x.Attr("BasePrice"),
		first(x.Attr("EquivalentBasePrice"), x.Attr("ApproximateBasePrice")), first(x.Attr("Taxes"), x.Attr("ApproximateTaxes")), first(x.Attr("Fees"), x.Attr("ApproximateFees"))}
}

// point is a price for everybody: an AirPricePoint with alternatives, or an
// AirPricingSolution with journeys.
type point struct {
	key string
	amounts
	partial  bool
	infos    span
	journeys span // of choices, of a solution
}

// pricing is an AirPricingInfo: the price and fares of one passenger type.
type pricing struct {
	amounts
	passengers     int
	onLap          bool
	expires        string
	carrier        string
	refundable     travel.Answered
	exchangeable   travel.Answered
	change, cancel terms
	choices        span
	bookings       span // of a solution, for all segments
}

// choice is a direction with its options.
type choice struct {
	leg     string
	options span
}

// option is one way to fly a direction.
type option struct {
	key      string
	stated   string // duration
	bookings span
	slice    travel.Slice // shared by the offers that have it
	rule     string       // against it; see resolve
}

// booking is a segment with the class and fare that it is sold in.
type booking struct {
	segment, fare, code string
	cabin               travel.Cabin
	left                int   // seats, 0 is unknown
	segmentAt, fareAt   int32 // positions in the lists, -1 without; see resolve
}

const (
	pointAirPricingInfo = iota
	pointJourney
	pointAirSegmentRef
	pointAirSegment
)

var pointNames = document.NewKeys([]string{
	pointAirPricingInfo: "AirPricingInfo", pointJourney: "Journey", pointAirSegmentRef: "AirSegmentRef", pointAirSegment: "AirSegment",
}...)

const (
	journeyAirSegmentRef = iota
	journeyAirSegment
)

var journeyNames = document.NewKeys([]string{journeyAirSegmentRef: "AirSegmentRef", journeyAirSegment: "AirSegment"}...)

func (d *decoder) readPoint() {
	x := d.x
	p := point{key: x.Attr("Key"), amounts: d.readAmounts(), partial: document.XMLBool(x.Attr("CompleteItinerary")) == travel.No}
	infos := int32(len(d.infos))
	var own []choice    // journeys: their table grows while infos are read
	var loose []booking // segments of a solution without journeys
	for c := x.Children(pointNames); c.Next(); {
		switch c.Key() {
		case pointAirPricingInfo:
			d.readPricing()
		case pointJourney:
			o := option{stated: x.Attr("TravelTime"), bookings: span{from: int32(len(d.bookings))}}
			for s := x.Children(journeyNames); s.Next(); {
				d.bookings = append(d.bookings, booking{segment: x.Attr("Key")})
				if s.Key() == journeyAirSegment {
					d.readSegment()
				}
			}
			o.bookings.to = int32(len(d.bookings))
			d.options = append(d.options, o)
			own = append(own, choice{options: span{int32(len(d.options)) - 1, int32(len(d.options))}})
		default:
			loose = append(loose, booking{segment: x.Attr("Key")})
			if c.Key() == pointAirSegment {
				d.readSegment()
			}
		}
	}
	if len(own) == 0 {
		own = d.byGroup(loose)
	}
	p.journeys.from = int32(len(d.choices))
	d.choices = append(d.choices, own...)
	p.journeys.to = int32(len(d.choices))
	p.infos = span{infos, int32(len(d.infos))}
	d.points = append(d.points, p)
}

// byGroup parts the segments of a solution into directions by their groups.
func (d *decoder) byGroup(segments []booking) (directions []choice) {
	last := ""
	for _, b := range segments {
		group := ""
		if at, ok := d.segmentAt[b.segment]; ok {
			group = d.segments[at].group
		}
		if len(directions) == 0 || group != last {
			at := int32(len(d.options))
			d.options = append(d.options, option{bookings: span{from: int32(len(d.bookings))}})
			directions = append(directions, choice{options: span{at, at + 1}})
		}
		last = group
		d.bookings = append(d.bookings, b)
		d.options[len(d.options)-1].bookings.to = int32(len(d.bookings))
	}
	return directions
}

const (
	pricingPassengerType = iota
	pricingChangePenalty
	pricingCancelPenalty
	pricingFlightOptionsList
	pricingBookingInfo
	pricingFareInfo
)

var pricingNames = document.NewKeys([]string{
	pricingPassengerType: "PassengerType", pricingChangePenalty: "ChangePenalty", pricingCancelPenalty: "CancelPenalty",
	pricingFlightOptionsList: "FlightOptionsList", pricingBookingInfo: "BookingInfo", pricingFareInfo: "FareInfo",
}...)

var (
	choiceNames  = document.NewKeys("FlightOption")
	optionNames  = document.NewKeys("Option")
	bookingNames = document.NewKeys("BookingInfo")
)

func (d *decoder) readPricing() {
	x := d.x
	p := pricing{
		amounts: d.readAmounts(), expires: x.Attr("LatestTicketingTime"), carrier: x.AttrIntern("PlatingCarrier"),
		refundable: document.XMLBool(x.Attr("Refundable")), exchangeable: document.XMLBool(x.Attr("Exchangeable")),
	}
	p.choices.from = int32(len(d.choices))
	var direct []booking
	for c := x.Children(pricingNames); c.Next(); {
		switch c.Key() {
		case pricingPassengerType:
			p.passengers++
			p.onLap = x.Attr("Code") == "INF"
		case pricingChangePenalty:
			d.readPenalty(&p.change)
		case pricingCancelPenalty:
			d.readPenalty(&p.cancel)
		case pricingFlightOptionsList:
			for o := x.Children(choiceNames); o.Next(); {
				d.readChoice()
			}
		case pricingBookingInfo:
			direct = append(direct, d.readBooking())
		case pricingFareInfo:
			d.readFare()
		}
	}
	p.choices.to = int32(len(d.choices))
	p.bookings = span{int32(len(d.bookings)), int32(len(d.bookings) + len(direct))}
	d.bookings = append(d.bookings, direct...)
	d.infos = append(d.infos, p)
}

func (d *decoder) readChoice() {
	x := d.x
	c := choice{leg: x.Attr("LegRef"), options: span{from: int32(len(d.options))}}
	for o := x.Children(optionNames); o.Next(); {
		way := option{key: x.Attr("Key"), stated: x.Attr("TravelTime"), bookings: span{from: int32(len(d.bookings))}}
		for b := x.Children(bookingNames); b.Next(); {
			d.bookings = append(d.bookings, d.readBooking())
		}
		way.bookings.to = int32(len(d.bookings))
		d.options = append(d.options, way)
	}
	c.options.to = int32(len(d.options))
	d.choices = append(d.choices, c)
}

func (d *decoder) readBooking() booking {
	x := d.x
	return booking{segment: x.Attr("SegmentRef"), fare: x.Attr("FareInfoRef"), code: x.Attr("BookingCode"),
		cabin: cabinOf(x.Attr("CabinClass")), left: countOf(x.Attr("BookingCount"))}
}

// countOf is a count of seats, 0 if it is none.
func countOf(text string) int {
	if text == "" || text[0] < '0' || text[0] > '9' { // as is usual, and errors cost
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// cabinOf reads the schema's cabin classes, and the names that older releases have.
func cabinOf(name string) travel.Cabin {
	switch strings.ToLower(strings.ReplaceAll(name, " ", "")) {
	case "economy", "coach":
		return travel.Economy
	case "premiumeconomy", "economypremium":
		return travel.PremiumEconomy
	case "business", "premiumbusiness":
		return travel.Business
	case "first", "premiumfirst":
		return travel.First
	}
	return travel.CabinUnknown
}

// terms is what penalties of one kind say, for one passenger before departure.
type terms struct {
	stated  bool
	never   bool // all is lost
	free    bool // nothing is lost, without an amount that says so
	largest travel.Money
}

// result is what is allowed and its fee, which is not stated where only a part of the fare
// is named. allowed is what the pricing itself says.
func (t *terms) result(allowed travel.Answered, currency travel.Currency) (travel.Answered, travel.Money) {
	switch {
	case allowed == travel.No || t.never:
		return travel.No, travel.Money{}
	case t.largest.Known():
		return travel.Yes, t.largest
	case t.free:
		return travel.Yes, travel.Money{Currency: currency}
	case t.stated:
		return travel.Yes, travel.Money{}
	}
	return allowed, travel.Money{}
}

const (
	penaltyAmount = iota
	penaltyPercentage
)

var penaltyNames = document.NewKeys([]string{penaltyAmount: "Amount", penaltyPercentage: "Percentage"}...)

func (d *decoder) readPenalty(t *terms) {
	x := d.x
	applies, noShow := x.Attr("PenaltyApplies"), document.XMLBool(x.Attr("NoShow"))
	counts := noShow != travel.Yes && !strings.EqualFold(strings.TrimSpace(applies), "After Departure")
	percent := -1.0
	var fee travel.Money
	for c := x.Children(penaltyNames); c.Next(); {
		if c.Key() == penaltyAmount {
			fee = advisory(x.View())
		} else if n, err := strconv.ParseFloat(x.View(), 64); err == nil {
			percent = n
		}
	}
	if !counts || !fee.Known() && percent < 0 {
		return
	}
	t.stated = true
	switch {
	case percent >= 100:
		t.never = true
	case percent == 0 && !fee.Known():
		t.free = true
	case fee.Known() && fee.Minor >= 0 && (!t.largest.Known() || fee.Currency == t.largest.Currency && fee.Minor > t.largest.Minor):
		t.largest = fee
	}
}
