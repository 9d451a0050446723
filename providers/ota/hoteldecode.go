package ota

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/opentravel"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// hotelDocument is an OTA_HotelAvailRS or OTA_HotelSearchRS as read: what amounts and codes
// mean may stand behind them. Texts that are kept are copies; those of spans are views
// until the rates are made.
type hotelDocument struct {
	d      *opentravel.Document
	atlas  *places.Atlas
	failed opentravel.Failures
	found  bool // it is one
	dotted bool // some amount has a point
	notes  map[string]int

	properties []travel.Property // of a search
	stays      []roomStay
	houses     []house // of a list beside the stays
	pieces     []piece // of all rates
	days       []int   // scratch
}

// roomStay is a property with kinds of rooms, conditions, and rates that join them.
type roomStay struct {
	property   travel.Property
	in, out    travel.Date
	rooms      []roomType
	plans      []ratePlan
	rates      []roomRate
	total      amounts
	conditions terms // of the stay as a whole
	guests     travel.Occupancy
	closed     bool
	rph        string

	zone  *time.Location // of deadlines without an offset, once it has been looked for
	zoned bool
}

// roomType is a kind of room.
type roomType struct {
	code, id, name string
	left           int
}

const (
	hotelEnvelopeOTAHotelAvailRS = iota
	hotelEnvelopeFault
	hotelEnvelopeOTAErrorRS
	hotelEnvelopeOTAHotelSearchRS
)

var hotelEnvelopeNames = document.NewKeys([]string{
	hotelEnvelopeOTAHotelAvailRS: "OTA_HotelAvailRS", hotelEnvelopeFault: "Fault", hotelEnvelopeOTAErrorRS: "OTA_ErrorRS",
	hotelEnvelopeOTAHotelSearchRS: "OTA_HotelSearchRS",
}...)

var hotelWrapper = opentravel.NewWrapper("OTA_HotelAvailRS")

const (
	hotelSuccess = iota
	hotelWarnings
	hotelErrors
	hotelRoomStays
	hotelProperties
	hotelStays
)

var hotelNames = opentravel.NewNames([]string{
	hotelSuccess: "Success", hotelWarnings: "Warnings", hotelErrors: "Errors", hotelRoomStays: "RoomStays", hotelProperties: "Properties",
	hotelStays: "HotelStays",
}...)

var hotelFind = opentravel.NewNames("RoomStays", "Properties", "Errors", "Success")

// decodeHotel reads one document.
func decodeHotel(body []byte, atlas *places.Atlas) (*hotelDocument, error) {
	h := &hotelDocument{atlas: atlas}
	var err error
	if opentravel.IsXML(body) {
		x := document.NewXML(body)
		defer x.Close()
		h.d = opentravel.NewXML(x)
		for w := x.Within(hotelEnvelopeNames); w.Next(); {
			if w.Key() == hotelEnvelopeFault {
				h.failed.Fault(h.d)
				continue
			}
			h.message(h.d.Fields(hotelNames))
		}
		err = x.End()
	} else {
		r := document.NewJSON(body)
		defer r.Close()
		h.d = opentravel.NewJSON(r, inCamelCase(body))
		h.d.Message(body, hotelWrapper, hotelNames, func() *opentravel.Names { return hotelFind }, h.message)
		err = r.End()
	}
	if err != nil {
		return nil, fault.New(fault.Malformed, err)
	}
	h.settle()
	sold := travel.Answer{}
	for i := range h.stays {
		sold.OffersIn += len(h.stays[i].rates)
	}
	if err := h.failed.Judge(&sold); err != nil {
		return nil, err
	}
	h.notes = sold.Notes
	if h.found || h.failed.Nothing() {
		return h, nil
	}
	if !opentravel.IsXML(body) {
		if e := refusal(body); e != nil {
			return nil, e
		}
	}
	return nil, fault.New(fault.Malformed, errors.New("no OTA_HotelAvailRS or OTA_HotelSearchRS in the document that says success or errors"))
}

// inCamelCase tells by the keys of a message whether their first letters are small.
func inCamelCase(body []byte) bool {
	for _, key := range [...]string{`"RoomStays"`, `"Properties"`, `"Errors"`, `"Success"`} {
		if bytes.Contains(body, []byte(key)) {
			return false
		}
	}
	return true
}

var (
	staysNames      = opentravel.NewNames("RoomStay")
	propertiesNames = opentravel.NewNames("Property")
	warningsNames   = opentravel.NewNames("Warning")
)

func (h *hotelDocument) message(f opentravel.Fields) {
	for f.Next() {
		switch f.Key() {
		case hotelSuccess:
			h.found = true
		case hotelWarnings: // for those that say why there is nothing; the others are the partner's business
			var said opentravel.Failures
			for w := h.d.Fields(warningsNames); w.Next(); {
				said.Error(h.d)
			}
			if said.Nothing() && len(h.stays) == 0 {
				h.found = true
			}
		case hotelErrors:
			h.failed.Errors(h.d)
		case hotelRoomStays:
			h.found = true
			for s := h.d.Items(staysNames); s.Next(); {
				h.stay()
			}
		case hotelProperties:
			h.found = true
			for p := h.d.Items(propertiesNames); p.Next(); {
				if one := h.property(); one.ID != "" && len(h.properties) < maxListed {
					h.properties = append(h.properties, one)
				}
			}
		case hotelStays:
			h.found = true
			for s := h.d.Fields(hotelStaysNames); s.Next(); {
				h.house()
			}
		}
	}
}

// Bounds of what one document may hold in memory: far above real ones.
const (
	maxListed = 5000
	maxRates  = 20_000 // of a document
	maxInside = 500    // kinds of rooms, plans, nights or penalties of one stay
)

const (
	stayRoomTypes = iota
	stayRatePlans
	stayRoomRates
	stayGuestCounts
	stayTimeSpan
	stayBasicPropertyInfo
	stayTotal
	stayCancelPenalties
	stayGuarantee
	stayDepositPayments
	stayAvailabilityStatus
	stayRPH
)

var stayNames = opentravel.NewNames([]string{
	stayRoomTypes: "RoomTypes", stayRatePlans: "RatePlans", stayRoomRates: "RoomRates", stayGuestCounts: "GuestCounts",
	stayTimeSpan: "TimeSpan", stayBasicPropertyInfo: "BasicPropertyInfo", stayTotal: "Total", stayCancelPenalties: "CancelPenalties",
	stayGuarantee: "Guarantee", stayDepositPayments: "DepositPayments", stayAvailabilityStatus: "AvailabilityStatus", stayRPH: "RPH",
}...)

var (
	roomTypesNames = opentravel.NewNames("RoomType")
	plansNames     = opentravel.NewNames("RatePlan")
	ratesNames     = opentravel.NewNames("RoomRate")
)

const (
	spanStart = iota
	spanEnd
	spanDuration
)

var spanNames = opentravel.NewNames([]string{spanStart: "Start", spanEnd: "End", spanDuration: "Duration"}...)

func (h *hotelDocument) stay() {
	var s roomStay
	for f := h.d.Fields(stayNames); f.Next(); {
		switch f.Key() {
		case stayRoomTypes:
			for r := h.d.Items(roomTypesNames); r.Next(); {
				if one := h.roomType(); len(s.rooms) < maxInside {
					s.rooms = append(s.rooms, one)
				}
			}
		case stayRatePlans:
			for p := h.d.Items(plansNames); p.Next(); {
				if one := h.plan(); len(s.plans) < maxInside {
					s.plans = append(s.plans, one)
				}
			}
		case stayRoomRates:
			for r := h.d.Items(ratesNames); r.Next(); {
				s.rates = append(s.rates, h.rate())
			}
		case stayGuestCounts:
			s.guests = h.guests()
		case stayTimeSpan:
			h.span(&s)
		case stayBasicPropertyInfo:
			s.property = h.property()
		case stayTotal:
			s.total = h.amounts()
		case stayCancelPenalties:
			h.penalties(&s.conditions)
		case stayGuarantee:
			h.guarantee(&s.conditions)
		case stayDepositPayments:
			h.deposit(&s.conditions)
		case stayAvailabilityStatus:
			s.closed = closed(h.d.View())
		case stayRPH:
			s.rph = h.d.Intern()
		}
	}
	held := len(s.rates)
	for i := range h.stays {
		held += len(h.stays[i].rates)
	}
	if held <= maxRates {
		h.stays = append(h.stays, s)
	}
}

// span reads a TimeSpan: its ends, or the first with a number of nights, such as P3N.
func (h *hotelDocument) span(s *roomStay) {
	nights := 0
	for t := h.d.Fields(spanNames); t.Next(); {
		switch t.Key() {
		case spanStart:
			s.in = dateOf(h.d.View())
		case spanEnd:
			s.out = dateOf(h.d.View())
		case spanDuration:
			text := strings.TrimPrefix(h.d.View(), "P")
			if n, err := strconv.Atoi(strings.TrimRight(text, "ND")); err == nil && n > 0 && n <= maxInside {
				nights = n
			}
		}
	}
	if s.in != 0 && s.out == 0 && nights > 0 {
		s.out = s.in.AddDays(nights)
	}
}

// closed reports whether an AvailabilityStatus says that nothing is sold.
func closed(status string) bool {
	var room [24]byte
	switch string(word(&room, status)) {
	case "noavailability", "closedout", "otherrestrictions", "closed":
		return true
	}
	return false
}

const (
	roomTypeCode = iota
	roomTypeRoomID
	roomTypeRoomType
	roomTypeNumberOfUnits
	roomTypeQuantity
	roomTypeRoomDescription
)

var roomTypeNames = opentravel.NewNames([]string{
	roomTypeCode: "RoomTypeCode", roomTypeRoomID: "RoomID", roomTypeRoomType: "RoomType", roomTypeNumberOfUnits: "NumberOfUnits",
	roomTypeQuantity: "Quantity", roomTypeRoomDescription: "RoomDescription",
}...)

const (
	descriptionName = iota
	descriptionText
)

var descriptionNames = opentravel.NewNames([]string{descriptionName: "Name", descriptionText: "Text"}...)

func (h *hotelDocument) roomType() roomType {
	var r roomType
	kind := ""
	for f := h.d.Fields(roomTypeNames); f.Next(); {
		switch f.Key() {
		case roomTypeCode:
			r.code = h.d.Intern()
		case roomTypeRoomID:
			r.id = h.d.Intern()
		case roomTypeRoomType:
			kind = h.d.Name()
		case roomTypeNumberOfUnits, roomTypeQuantity:
			if n, ok := h.d.Int(); ok && n > 0 {
				r.left = n
			}
		case roomTypeRoomDescription:
			r.name = h.description()
		}
	}
	if r.name == "" {
		r.name = kind
	}
	return r
}

// description is the name, else the first text, of a description.
func (h *hotelDocument) description() string {
	name, text := "", ""
	for f := h.d.Fields(descriptionNames); f.Next(); {
		if f.Key() == descriptionName {
			name = h.d.Name()
		} else if said := h.d.Name(); text == "" {
			text = said
		}
	}
	if name == "" {
		return text
	}
	return name
}

var guestsNames = opentravel.NewNames("GuestCount")

const (
	guestAgeQualifyingCode = iota
	guestCount
	guestAge
)

var guestNames = opentravel.NewNames([]string{guestAgeQualifyingCode: "AgeQualifyingCode", guestCount: "Count", guestAge: "Age"}...)

// guests are those of one room.
func (h *hotelDocument) guests() travel.Occupancy {
	o := travel.Occupancy{ChildAges: []int{}}
	for f := h.d.Items(guestsNames); f.Next(); {
		kind, count, age := guestAdult, 1, assemble.UnknownAge
		for g := h.d.Fields(guestNames); g.Next(); {
			n, ok := h.d.Int()
			if !ok || n < 0 {
				continue
			}
			switch g.Key() {
			case guestAgeQualifyingCode:
				kind = n
			case guestCount:
				count = min(n, 20)
			case guestAge:
				age = n
			}
		}
		if kind == guestAdult {
			o.Adults += count
			continue
		}
		for range count {
			if len(o.ChildAges) < 20 {
				o.ChildAges = append(o.ChildAges, age)
			}
		}
	}
	return o
}

// dateOf is the day of a date, or of a date and time; 0 if it is none.
func dateOf(text string) travel.Date {
	d, err := travel.ParseDate(text[:min(len(text), len("2027-03-01"))])
	if err != nil {
		return 0
	}
	return d
}
