package travel

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Atlas is what Normalise must know about places. providers/places has one.
type Atlas interface {
	// Airports returns the airports that a code stands for: itself, or those of a
	// metro area; nil if the code is unknown. The slice must not be modified.
	Airports(code Airport) []Airport
	// Zone is the airport's or metro area's zone, nil if unknown.
	Zone(code Airport) *time.Location
	// Centre is the middle of a place by its id, and its zone, which may be nil.
	Centre(id string) (lat, lon float64, zone *time.Location, known bool)
	// Suggest names up to limit places that the unknown text may have meant.
	Suggest(text string, limit int) []string
}

// The limits of a Query.
const (
	maxSlices   = 6
	maxSeats    = 9
	maxAhead    = 365 // days
	maxNights   = 30
	maxRooms    = 9
	maxAdultsRm = 9
	maxRadiusKM = 50
)

// Normalise returns the canonical form of q, or every complaint at once as
// Invalid. Codes are trimmed and upper-cased, defaults filled in (1 adult,
// economy, defaultMarket), passengers and rooms sorted. now decides what is past,
// in the zone of the place; paths in complaints are those of the JSON body.
func (q Query) Normalise(now time.Time, atlas Atlas, defaultMarket Country) (Query, error) {
	n := normaliser{now: now, atlas: atlas}
	q.Market = Country(Upper(string(q.Market)))
	if q.Market == "" {
		q.Market = defaultMarket
	}
	if _, ok := MarketCurrency(q.Market); !ok {
		n.complain("market", "unknown country %q; an ISO 3166 code such as GB", string(q.Market))
	}
	if q.Product == Hotels {
		q.FlightQuery = FlightQuery{}
		q.StayQuery = n.stay(q.StayQuery)
	} else {
		q.Product, q.StayQuery = Flights, StayQuery{}
		q.FlightQuery = n.flights(q.FlightQuery)
	}
	if len(n.errs) > 0 {
		return Query{}, n.errs
	}
	return q, nil
}

type normaliser struct {
	now   time.Time
	atlas Atlas
	errs  Invalid
}

func (n *normaliser) complain(field, format string, args ...any) {
	n.errs = append(n.errs, FieldError{field, fmt.Sprintf(format, args...)})
}

// Upper trims a code and makes its ASCII letters upper case. Other letters stay, so that none of
// them turns into a code: the long s of "U\u017f" is not that of "US".
func Upper(s string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, strings.TrimSpace(s))
}

func (n *normaliser) flights(f FlightQuery) FlightQuery {
	f.Cabin = Cabin(strings.ToLower(strings.TrimSpace(string(f.Cabin))))
	if f.Cabin == CabinUnknown {
		f.Cabin = Economy
	}
	if !f.Cabin.Known() {
		n.complain("cabin", "unknown cabin %q; one of economy, premium_economy, business, first", clip(string(f.Cabin)))
	}
	if len(f.Slices) < 1 || len(f.Slices) > maxSlices {
		n.complain("slices", "%d slices; 1 to %d are possible", len(f.Slices), maxSlices)
	}
	f.Passengers = n.passengers(f.Passengers)
	f.Slices = slices.Clone(f.Slices)
	for i := range f.Slices {
		f.Slices[i] = n.slice(fmt.Sprintf("slices[%d]", i), f.Slices[i])
		if i > 0 && f.Slices[i].Date != 0 && f.Slices[i].Date < f.Slices[i-1].Date {
			n.complain(fmt.Sprintf("slices[%d].date", i), "%s is before the slice ahead of it (%s); slices stand in date order, the same day is possible",
				f.Slices[i].Date, f.Slices[i-1].Date)
		}
	}
	return f
}

func (n *normaliser) slice(path string, s SliceQuery) SliceQuery {
	s.Origin = n.airport(path+".origin", s.Origin)
	s.Destination = n.airport(path+".destination", s.Destination)
	from, to := n.atlas.Airports(s.Origin), n.atlas.Airports(s.Destination)
	for _, a := range from {
		if slices.Contains(to, a) {
			n.complain(path+".destination", "%s and %s are the same place; origin and destination differ, also as metro areas", s.Origin, s.Destination)
			break
		}
	}
	n.day(path+".date", s.Date, n.atlas.Zone(s.Origin), maxAhead)
	return s
}

// airport returns the code in canonical form, and complains with near matches if it is unknown.
func (n *normaliser) airport(path string, code Airport) Airport {
	code = Airport(Upper(string(code)))
	switch {
	case code == "":
		n.complain(path, "missing; an IATA airport or metro code such as LHR or LON")
	case n.atlas.Airports(code) == nil:
		n.complain(path, "unknown airport %q%s", clip(string(code)), n.near(string(code)))
	}
	return code
}

func (n *normaliser) near(text string) string {
	near := n.atlas.Suggest(text, 3)
	if len(near) == 0 {
		return "; an IATA airport or metro code such as LHR or LON"
	}
	return "; did you mean " + strings.Join(near, ", ") + "?"
}

// day complains unless d is from today in zone to ahead days later.
func (n *normaliser) day(path string, d Date, zone *time.Location, ahead int) {
	if zone == nil {
		zone = time.UTC
	}
	today := DateOf(n.now.In(zone))
	switch {
	case d == 0:
		n.complain(path, "missing; a day such as %s", today.AddDays(30))
	case d < today:
		n.complain(path, "%s is past; from today (%s) to %s", d, today, today.AddDays(ahead))
	case d > today.AddDays(ahead):
		n.complain(path, "%s is too far ahead; from today (%s) to %s", d, today, today.AddDays(ahead))
	}
}

func (n *normaliser) passengers(p Passengers) Passengers {
	if p.Adults == 0 && len(p.ChildAges) == 0 && p.InfantsLap == 0 && p.InfantsSeat == 0 {
		n.complain("passengers.adults", "0 adults; 1 to %d are possible", maxSeats)
		return p
	}
	if p.Adults < 1 {
		n.complain("passengers.adults", "%d adults; at least 1 travels", p.Adults)
	}
	for i, age := range p.ChildAges {
		if age < 2 || age > 17 {
			n.complain(fmt.Sprintf("passengers.child_ages[%d]", i), "age %d; children are 2 to 17 at the first departure, younger ones are infants_lap or infants_seat", age)
		}
	}
	if p.InfantsSeat < 0 {
		n.complain("passengers.infants_seat", "%d; 0 or more", p.InfantsSeat)
	}
	if p.InfantsLap < 0 || p.InfantsLap > max(p.Adults, 0) {
		n.complain("passengers.infants_lap", "%d infants on a lap with %d adults; at most one an adult", p.InfantsLap, p.Adults)
	}
	if seats := p.Seats(); seats > maxSeats {
		n.complain("passengers", "%d seats (adults, children and infants_seat); 1 to %d are possible", seats, maxSeats)
	}
	p.ChildAges = sortedAges(p.ChildAges)
	return p
}

// sortedAges never returns nil, so that absent and empty are the same.
func sortedAges(ages []int) []int {
	sorted := append([]int{}, ages...)
	slices.Sort(sorted)
	return sorted
}

func (n *normaliser) stay(s StayQuery) StayQuery {
	var zone *time.Location
	s.Destination, zone = n.destination(s.Destination)
	n.day("check_in", s.CheckIn, zone, maxAhead)
	switch nights := s.Nights(); {
	case s.CheckOut == 0:
		n.complain("check_out", "missing; 1 to %d nights after check_in", maxNights)
	case s.CheckIn != 0 && nights < 1:
		n.complain("check_out", "%s is not after check_in; 1 to %d nights are possible", s.CheckOut, maxNights)
	case s.CheckIn != 0 && nights > maxNights:
		n.complain("check_out", "%s is %d nights after check_in; 1 to %d are possible", s.CheckOut, nights, maxNights)
	}
	if len(s.Rooms) < 1 || len(s.Rooms) > maxRooms {
		n.complain("rooms", "%d rooms; 1 to %d are possible", len(s.Rooms), maxRooms)
	}
	s.Rooms = slices.Clone(s.Rooms)
	for i, r := range s.Rooms {
		if r.Adults < 1 || r.Adults > maxAdultsRm {
			n.complain(fmt.Sprintf("rooms[%d].adults", i), "%d adults; 1 to %d a room are possible", r.Adults, maxAdultsRm)
		}
		for j, age := range r.ChildAges {
			if age < 0 || age > 17 {
				n.complain(fmt.Sprintf("rooms[%d].child_ages[%d]", i, j), "age %d; 0 to 17 are possible", age)
			}
		}
		r.ChildAges = sortedAges(r.ChildAges)
		s.Rooms[i] = r
	}
	slices.SortFunc(s.Rooms, func(a, b Occupancy) int {
		if a.Adults != b.Adults {
			return a.Adults - b.Adults
		}
		return slices.Compare(a.ChildAges, b.ChildAges)
	})
	return s
}

func (n *normaliser) destination(d Destination) (Destination, *time.Location) {
	if place := Upper(d.Place); place != "" {
		lat, lon, zone, known := n.atlas.Centre(place)
		if !known {
			n.complain("destination.place", "unknown place %q%s", clip(d.Place), n.near(d.Place))
		}
		return Destination{place, round4(lat), round4(lon), placeRadiusKM}, zone
	}
	if !(d.Lat >= -90 && d.Lat <= 90) {
		n.complain("destination.lat", "%v; -90 to 90 degrees", d.Lat)
	}
	if !(d.Lon >= -180 && d.Lon <= 180) {
		n.complain("destination.lon", "%v; -180 to 180 degrees", d.Lon)
	}
	if d.RadiusKM < 1 || d.RadiusKM > maxRadiusKM {
		n.complain("destination.radius_km", "%d; 1 to %d km", d.RadiusKM, maxRadiusKM)
	}
	d.Lat, d.Lon = round4(d.Lat), round4(d.Lon)
	return d, nil
}

// round4 rounds to 4 decimals (about 11 m) and never returns minus zero.
func round4(x float64) float64 { return math.Round(x*1e4)/1e4 + 0 }
