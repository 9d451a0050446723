package travel

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"strings"
)

// Query is what a traveller asks, for one product. Only the part of its Product
// is filled. A Query from Normalise is canonical: equal questions are equal
// Queries and have the same ID.
type Query struct {
	Product Product
	Market  Country // fixes the point of sale, and currency and language in which partners are asked
	FlightQuery
	StayQuery
}

// FlightQuery is the part of a Query for flights.
type FlightQuery struct {
	Slices     []SliceQuery // 1 to 6, in date order
	Passengers Passengers
	Cabin      Cabin
}

// SliceQuery is one direction asked for. Origin and Destination may be metro areas.
type SliceQuery struct {
	Origin      Airport `json:"origin"`
	Destination Airport `json:"destination"`
	Date        Date    `json:"date"`
}

// Passengers is who flies. Ages are in years at the first departure, sorted.
type Passengers struct {
	Adults      int   `json:"adults"`
	ChildAges   []int `json:"child_ages"`
	InfantsLap  int   `json:"infants_lap"`
	InfantsSeat int   `json:"infants_seat"`
}

// Seats is the number of seats taken: everybody but infants on a lap.
func (p Passengers) Seats() int { return p.Adults + len(p.ChildAges) + p.InfantsSeat }

// StayQuery is the part of a Query for hotels.
type StayQuery struct {
	Destination Destination
	CheckIn     Date
	CheckOut    Date
	Rooms       []Occupancy // sorted; 1 to 9
}

// Nights is the length of the stay.
func (s StayQuery) Nights() int { return int(s.CheckOut - s.CheckIn) }

// Destination is a place, or a circle. A place stands for its centre and 15 km;
// Lat, Lon and RadiusKM are set for both.
type Destination struct {
	Place    string // an id of the places table, "" for a circle of the traveller's own
	Lat, Lon float64
	RadiusKM int
}

// placeRadiusKM is how far around its centre a place is searched (design: a place stands for its centre and 15 km).
const placeRadiusKM = 15

// flightQueryJSON is the Query as it stands in requests and views.
type flightQueryJSON struct {
	Slices     []SliceQuery `json:"slices"`
	Passengers Passengers   `json:"passengers"`
	Cabin      Cabin        `json:"cabin"`
	Market     Country      `json:"market"`
}

type stayQueryJSON struct {
	Destination any         `json:"destination"`
	CheckIn     Date        `json:"check_in"`
	CheckOut    Date        `json:"check_out"`
	Rooms       []Occupancy `json:"rooms"`
	Market      Country     `json:"market"`
}

type placeJSON struct {
	Place string `json:"place"`
}

type circleJSON struct {
	Lat      float64 `json:"lat"`
	Lon      float64 `json:"lon"`
	RadiusKM int     `json:"radius_km"`
}

// MarshalJSON writes the canonical form of the query's product, as in requests.
func (q Query) MarshalJSON() ([]byte, error) {
	if q.Product == Hotels {
		var d any = circleJSON{q.Destination.Lat, q.Destination.Lon, q.Destination.RadiusKM}
		if q.Destination.Place != "" {
			d = placeJSON{q.Destination.Place}
		}
		return json.Marshal(stayQueryJSON{d, q.CheckIn, q.CheckOut, q.Rooms, q.Market})
	}
	return json.Marshal(flightQueryJSON{q.Slices, q.Passengers, q.Cabin, q.Market})
}

// ID names the question: the first 20 bytes of the SHA-256 of the canonical
// query, in lower-case base32 (32 characters).
func (q Query) ID() string {
	body, err := q.MarshalJSON()
	if err != nil {
		panic(fmt.Sprintf("travel: a query always marshals: %v", err)) // impossible: plain structs
	}
	sum := sha256.Sum256(append([]byte(q.Product+" "), body...))
	return EncodeID(sum[:20])
}

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// EncodeID writes an identifier's bytes the way all ids of Fanfare are written.
func EncodeID(b []byte) string { return idEncoding.EncodeToString(b) }

// FieldError is one complaint about a query: the field's path, and what would be right.
type FieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Invalid is all complaints about one query.
type Invalid []FieldError

// Error joins the complaints.
func (e Invalid) Error() string {
	var b strings.Builder
	for i, f := range e {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(f.Field + ": " + f.Message)
	}
	return b.String()
}
