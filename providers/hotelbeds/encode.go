package hotelbeds

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/travel"
)

type requestJSON struct {
	Stay         stayJSON        `json:"stay"`
	Occupancies  []occupancyJSON `json:"occupancies"`
	Geolocation  geolocationJSON `json:"geolocation"`
	Filter       filterJSON      `json:"filter"`
	SourceMarket travel.Country  `json:"sourceMarket,omitempty"`
}

type stayJSON struct {
	CheckIn  travel.Date `json:"checkIn"`
	CheckOut travel.Date `json:"checkOut"`
}

type occupancyJSON struct {
	Rooms    int       `json:"rooms"`
	Adults   int       `json:"adults"`
	Children int       `json:"children"`
	Paxes    []paxJSON `json:"paxes,omitempty"`
}

type paxJSON struct {
	Type string `json:"type"`
	Age  int    `json:"age"`
}

// geolocationJSON holds strings: so the vendor's schema says, though its examples
// show numbers.
type geolocationJSON struct {
	Latitude  string `json:"latitude"`
	Longitude string `json:"longitude"`
	Radius    string `json:"radius"`
	Unit      string `json:"unit"`
}

type filterJSON struct {
	MaxHotels       int `json:"maxHotels"`
	MaxRatesPerRoom int `json:"maxRatesPerRoom"`
}

// encode writes the availability request for q. Equal rooms are one occupancy;
// the ages of children are those of one room, and equal in all of its rooms.
func (c *Client) encode(q travel.Query) ([]byte, error) {
	r := requestJSON{
		Stay: stayJSON{q.CheckIn, q.CheckOut},
		Geolocation: geolocationJSON{
			Latitude:  strconv.FormatFloat(q.Destination.Lat, 'f', -1, 64),
			Longitude: strconv.FormatFloat(q.Destination.Lon, 'f', -1, 64),
			Radius:    strconv.Itoa(q.Destination.RadiusKM),
			Unit:      "km",
		},
		Filter:       filterJSON{c.maxHotels, c.maxRates},
		SourceMarket: q.Market,
	}
	for _, g := range assemble.GroupRooms(q.Rooms) {
		o := occupancyJSON{Rooms: g.Count, Adults: g.Occupancy.Adults, Children: len(g.Occupancy.ChildAges)}
		for _, age := range g.Occupancy.ChildAges {
			o.Paxes = append(o.Paxes, paxJSON{"CH", age})
		}
		r.Occupancies = append(r.Occupancies, o)
	}
	return json.Marshal(r)
}

// signature256 is the hex SHA-256 of key, secret and the time in Unix seconds.
func signature256(key, secret string, now time.Time) string {
	sum := sha256.Sum256([]byte(key + secret + strconv.FormatInt(now.Unix(), 10)))
	return hex.EncodeToString(sum[:])
}
