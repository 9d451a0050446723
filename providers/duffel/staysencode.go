package duffel

import (
	"encoding/json"

	"fanfare/providers/travel"
)

type stayRequestJSON struct {
	Data staySearchJSON `json:"data"`
}

type staySearchJSON struct {
	Rooms        int          `json:"rooms"`
	Guests       []guestJSON  `json:"guests"`
	CheckInDate  travel.Date  `json:"check_in_date"`
	CheckOutDate travel.Date  `json:"check_out_date"`
	Location     locationJSON `json:"location"`
}

// guestJSON has an age only if it is a child.
type guestJSON struct {
	Type string `json:"type"`
	Age  *int   `json:"age,omitempty"`
}

type locationJSON struct {
	Radius      int             `json:"radius"` // km
	Coordinates coordinatesJSON `json:"geographic_coordinates"`
}

type coordinatesJSON struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// encodeStays writes the search for q, guests room by room.
func encodeStays(q travel.Query) ([]byte, error) {
	r := staySearchJSON{Rooms: len(q.Rooms), CheckInDate: q.CheckIn, CheckOutDate: q.CheckOut,
		Location: locationJSON{q.Destination.RadiusKM, coordinatesJSON{q.Destination.Lat, q.Destination.Lon}}}
	for _, room := range q.Rooms {
		for range room.Adults {
			r.Guests = append(r.Guests, guestJSON{Type: "adult"})
		}
		for _, age := range room.ChildAges {
			r.Guests = append(r.Guests, guestJSON{Type: "child", Age: &age})
		}
	}
	return json.Marshal(stayRequestJSON{r})
}
