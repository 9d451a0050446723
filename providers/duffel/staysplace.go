package duffel

import (
	"slices"
	"strings"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

var nameKeys = document.NewKeys("name")

const (
	locationGeographicCoordinates = iota
	locationAddress
)

var locationKeys = document.NewKeys([]string{locationGeographicCoordinates: "geographic_coordinates", locationAddress: "address"}...)

const (
	pointLatitude = iota
	pointLongitude
)

var pointKeys = document.NewKeys([]string{pointLatitude: "latitude", pointLongitude: "longitude"}...)

const (
	addressLineOne = iota
	addressLineTwo
	addressPostalCode
	addressCityName
	addressCountryCode
	addressParts // how many there are
)

var addressKeys = document.NewKeys([]string{
	addressLineOne: "line_one", addressLineTwo: "line_two", addressPostalCode: "postal_code", addressCityName: "city_name",
	addressCountryCode: "country_code",
}...)

const (
	guestType = iota
	guestAge
)

var guestKeys = document.NewKeys([]string{guestType: "type", guestAge: "age"}...)

func (d *staysDecoder) readLocation(p *travel.Property) {
	r := d.r
	var lat, lon float64
	var hasA, hasB bool
	for o := r.Object(locationKeys); o.Next(); {
		if o.Key() == locationAddress {
			d.readAddress(p)
			continue
		}
		for c := r.Object(pointKeys); c.Next(); {
			if c.Key() == pointLatitude {
				lat, hasA = r.Float()
			} else {
				lon, hasB = r.Float()
			}
		}
	}
	if hasA && hasB {
		p.SetGeo(lat, lon)
	}
}

func (d *staysDecoder) readAddress(p *travel.Property) {
	var parts [addressParts]string
	for o := d.r.Object(addressKeys); o.Next(); {
		parts[o.Key()] = d.r.Name()
	}
	p.PostCode, p.City = parts[addressPostalCode], parts[addressCityName]
	lines := []string{parts[addressLineOne], parts[addressLineTwo], strings.TrimSpace(p.PostCode + " " + p.City), parts[addressCountryCode]}
	p.Address = document.Clean(strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), ", "), document.MaxName)
}

// maxGuests bounds a party; nobody sells such rooms.
const maxGuests = 100

func (d *staysDecoder) readGuests(p *place) {
	r := d.r
	p.guests = travel.Occupancy{ChildAges: []int{}}
	for a := r.Array(); a.Next(); {
		kind, age, aged := "", 0, false
		for o := r.Object(guestKeys); o.Next(); {
			if o.Key() == guestType {
				kind = r.View()
			} else {
				age, aged = r.Int()
			}
		}
		switch {
		case p.guests.Adults+len(p.guests.ChildAges) >= maxGuests:
		case kind == "adult":
			p.guests.Adults++
		case aged && age >= 0 && age < 18:
			p.guests.ChildAges = append(p.guests.ChildAges, age)
		default:
			p.guests.ChildAges = append(p.guests.ChildAges, assemble.UnknownAge)
		}
	}
	slices.Sort(p.guests.ChildAges)
}

// rooms is who the rates of a place are for: what was asked, else what the document says
// of one room. Who sleeps in which of several it does not say.
func (d *staysDecoder) rooms(p *place) []travel.RateRoom {
	switch {
	case d.asked != nil:
		return []travel.RateRoom{{Count: len(d.asked.Rooms), Occupancy: d.asked.Rooms[0]}}
	case p.count == 1 && p.guests.Adults > 0:
		return []travel.RateRoom{{Count: 1, Occupancy: p.guests}}
	}
	return nil
}
