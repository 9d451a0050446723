package hotelbeds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// questionDoc is the vendor's availability request, every field that its
// specification has. Numbers that it calls strings are taken either way, as in its examples.
type questionDoc struct {
	Stay *struct {
		CheckIn        string `json:"checkIn"`
		CheckOut       string `json:"checkOut"`
		ShiftDays      *int   `json:"shiftDays"`
		AllowOnlyShift *bool  `json:"allowOnlyShift"`
	} `json:"stay"`
	Occupancies []struct {
		Rooms    *int `json:"rooms"`
		Adults   *int `json:"adults"`
		Children *int `json:"children"`
		Paxes    []struct {
			Type string `json:"type"`
			Age  *int   `json:"age"`
		} `json:"paxes"`
	} `json:"occupancies"`
	Geolocation *place `json:"geolocation"`
	Hotels      *struct {
		Hotel []int `json:"hotel"`
	} `json:"hotels"`
	Destination *struct {
		Code string `json:"code"`
		Zone *int   `json:"zone"`
	} `json:"destination"`
	Filter filter `json:"filter"`
	Boards *struct {
		Board    []string `json:"board"`
		Included bool     `json:"included"`
	} `json:"boards"`
	Rooms *struct {
		Room     []string `json:"room"`
		Included bool     `json:"included"`
	} `json:"rooms"`
	DailyRate      bool            `json:"dailyRate"`
	SourceMarket   string          `json:"sourceMarket"`
	AifUse         bool            `json:"aifUse"`
	Platform       *int            `json:"platform"`
	Language       string          `json:"language"`
	Keywords       json.RawMessage `json:"keywords"`
	Review         json.RawMessage `json:"review"`
	Reviews        json.RawMessage `json:"reviews"`
	Accommodations []string        `json:"accommodations"`
	Inclusions     []string        `json:"inclusions"`
}

type place struct {
	Latitude           json.Number `json:"latitude"`
	Longitude          json.Number `json:"longitude"`
	Radius             json.Number `json:"radius"`
	Unit               string      `json:"unit"`
	SecondaryLatitude  json.Number `json:"secondaryLatitude"`
	SecondaryLongitude json.Number `json:"secondaryLongitude"`
}

type filter struct {
	MaxHotels       *int        `json:"maxHotels"`
	MaxRooms        *int        `json:"maxRooms"`
	MinRate         json.Number `json:"minRate"`
	MaxRate         json.Number `json:"maxRate"`
	MaxRatesPerRoom *int        `json:"maxRatesPerRoom"`
	MinCategory     *int        `json:"minCategory"`
	MaxCategory     *int        `json:"maxCategory"`
	Contract        string      `json:"contract"`
}

// request is a question that the vendor would accept.
type request struct {
	world.StayAsk
	questionDoc
	where *world.Circle // nil when hotels were asked for by code
}

// Codes of the vendor's complaints.
const (
	invalidRequest = "INVALID_REQUEST" // not of the specified form
	invalidData    = "INVALID_DATA"    // of the form, but wrong
)

// maxNights and maxRooms are the longest stay and the most rooms that are sold at once.
const (
	maxNights = 30
	maxRooms  = 9
)

// parse reads a request body as strictly as the vendor does; complaint is "" if there is none.
func (p *service) parse(question []byte, now time.Time) (q *request, code, complaint string) {
	q = &request{}
	dec := json.NewDecoder(bytes.NewReader(question))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&q.questionDoc); err != nil {
		return nil, invalidRequest, "The request is not compliant with the specified version of the API. " + err.Error()
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, invalidRequest, "The request is not compliant with the specified version of the API. Something follows the document"
	}
	for _, check := range []func(*request, time.Time) error{p.checkStay, checkOccupancies, p.checkPlace, checkFilter} {
		if err := check(q, now); err != nil {
			return nil, invalidData, "Invalid data. " + err.Error()
		}
	}
	return q, "", ""
}

func (p *service) checkStay(q *request, now time.Time) error {
	if q.Stay == nil {
		return says("Error at property stay: may not be null")
	}
	var err error
	if q.In, err = travel.ParseDate(q.Stay.CheckIn); err != nil {
		return says("Error at property stay.checkIn: must be a date of the form yyyy-MM-dd")
	}
	if q.Out, err = travel.ParseDate(q.Stay.CheckOut); err != nil {
		return says("Error at property stay.checkOut: must be a date of the form yyyy-MM-dd")
	}
	yesterday := travel.DateOf(now.UTC()).AddDays(-1) // it is still that day somewhere
	switch n := q.StayAsk.Nights(); {
	case q.In < yesterday:
		return says("Error at property stay: Check-in must be in the future")
	case n <= 0:
		return says("Error at property stay: Check-out must be after check-in")
	case n > maxNights:
		return says("Error at property stay: The stay must not be longer than %d nights", maxNights)
	}
	if s := q.Stay.ShiftDays; s != nil && (*s < 1 || *s > 5) {
		return says("Error at property stay.shiftDays: must be between 1 and 5")
	}
	return nil
}

func checkOccupancies(q *request, _ time.Time) error {
	if len(q.Occupancies) == 0 {
		return says("Error at property occupancies: may not be empty")
	}
	rooms := 0
	for i, o := range q.Occupancies {
		at := fmt.Sprintf("Error at property occupancies[%d].", i)
		switch {
		case o.Rooms == nil || *o.Rooms < 1:
			return errors.New(at + "rooms: must be greater than or equal to 1")
		case o.Adults == nil || *o.Adults < 1 || *o.Adults > 20:
			return errors.New(at + "adults: must be between 1 and 20")
		case o.Children == nil || *o.Children < 0 || *o.Children > 10:
			return errors.New(at + "children: must be between 0 and 10")
		}
		who := world.Party{Rooms: *o.Rooms, Adults: *o.Adults}
		for n, pax := range o.Paxes {
			switch {
			case pax.Type == "AD":
			case pax.Type != "CH":
				return fmt.Errorf("%spaxes[%d].type: must be AD or CH", at, n)
			case pax.Age == nil || *pax.Age < 0 || *pax.Age > 17:
				return fmt.Errorf("%spaxes[%d].age: must be between 0 and 17", at, n)
			default:
				who.Ages = append(who.Ages, *pax.Age)
			}
		}
		if want := *o.Children * *o.Rooms; len(who.Ages) != *o.Children && len(who.Ages) != want {
			return errors.New(at + "paxes: the ages of all children are mandatory")
		}
		who.Ages = who.Ages[:*o.Children]
		rooms += who.Rooms
		q.Parties = append(q.Parties, who)
	}
	if rooms > maxRooms {
		return says("Error at property occupancies: at most %d rooms can be requested", maxRooms)
	}
	return nil
}

// checkPlace finds the area asked for; exactly one way of naming it is allowed.
func (p *service) checkPlace(q *request, _ time.Time) error {
	named := 0
	for _, given := range []bool{q.Geolocation != nil, q.Hotels != nil, q.Destination != nil} {
		if given {
			named++
		}
	}
	switch {
	case named != 1:
		return says("Exactly one of geolocation, hotels and destination is mandatory")
	case q.Hotels != nil:
		if n := len(q.Hotels.Hotel); n == 0 || n > 2000 {
			return says("Error at property hotels.hotel: between 1 and 2000 codes are allowed")
		}
		return nil
	case q.Destination != nil:
		lat, lon, _, ok := p.World.Atlas.Centre(q.Destination.Code)
		if !ok {
			return says("Error at property destination.code: unknown destination")
		}
		q.where = &world.Circle{Lat: lat, Lon: lon, Km: 15}
		return nil
	}
	return q.geolocate()
}

func (q *request) geolocate() error {
	g := q.Geolocation
	lat, err1 := g.Latitude.Float64()
	lon, err2 := g.Longitude.Float64()
	if err1 != nil || err2 != nil || lat < -90 || lat > 90 || lon < -180 || lon > 180 {
		return says("Error at property geolocation: latitude and longitude are mandatory, in degrees")
	}
	if g.SecondaryLatitude != "" || g.SecondaryLongitude != "" {
		lat2, err1 := g.SecondaryLatitude.Float64()
		lon2, err2 := g.SecondaryLongitude.Float64()
		if err1 != nil || err2 != nil || lat2 > lat || lon2 < lon {
			return says("Error at property geolocation: the second corner must be the bottom right one")
		}
		q.where = &world.Circle{Lat: (lat + lat2) / 2, Lon: (lon + lon2) / 2, Km: (lat - lat2) / 2 * 111.2}
		return nil
	}
	radius, err := g.Radius.Float64()
	if err != nil || radius <= 0 || radius > 200 {
		return says("Error at property geolocation.radius: must be greater than 0 and at most 200")
	}
	switch g.Unit {
	case "mi":
		radius *= 1.609344
	case "km", "":
	default:
		return says("Error at property geolocation.unit: must be mi or km")
	}
	q.where = &world.Circle{Lat: lat, Lon: lon, Km: radius}
	return nil
}

func checkFilter(q *request, _ time.Time) error {
	f := q.Filter
	for _, bound := range []struct {
		name      string
		value     *int
		low, high int
	}{
		{"maxHotels", f.MaxHotels, 1, 2000}, {"maxRooms", f.MaxRooms, 1, 50}, {"maxRatesPerRoom", f.MaxRatesPerRoom, 1, 1 << 30},
		{"minCategory", f.MinCategory, 1, 5}, {"maxCategory", f.MaxCategory, 1, 5},
	} {
		if v := bound.value; v != nil && (*v < bound.low || *v > bound.high) {
			return says("Error at property filter.%s: must be between %d and %d", bound.name, bound.low, bound.high)
		}
	}
	for _, n := range []json.Number{f.MinRate, f.MaxRate} {
		if v, err := n.Float64(); n != "" && (err != nil || v < 0) {
			return says("Error at property filter: minRate and maxRate must be greater than or equal to 0")
		}
	}
	return nil
}

// wanted reports whether the request's own filters let a rate through.
func (q *request) wanted(o world.Offered) bool {
	if b := q.Boards; b != nil && slices.Contains(b.Board, o.Board.Code) != b.Included {
		return false
	}
	if r := q.questionDoc.Rooms; r != nil && slices.Contains(r.Room, o.Room.Code) != r.Included {
		return false
	}
	return true
}

func join(ages []int) string {
	text := make([]string, len(ages))
	for i, a := range ages {
		text[i] = fmt.Sprint(a)
	}
	return strings.Join(text, ",")
}

// says is a complaint in the vendor's own words, capital letters and all.
func says(format string, args ...any) error { return fmt.Errorf(format, args...) }
