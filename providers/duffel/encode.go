package duffel

import (
	"context"
	"encoding/json"
	"time"

	"fanfare/providers/travel"
)

type requestJSON struct {
	Data offerRequestJSON `json:"data"`
}

type offerRequestJSON struct {
	Slices     []sliceJSON     `json:"slices"`
	Passengers []passengerJSON `json:"passengers"`
	CabinClass travel.Cabin    `json:"cabin_class"`

	MaxConnections int `json:"max_connections"`
}

// maxConnections is asked for in each slice. Duffel's own default of 1 leaves out
// every pair of places that two flights do not link.
const maxConnections = 2

type sliceJSON struct {
	Origin        travel.Airport `json:"origin"`
	Destination   travel.Airport `json:"destination"`
	DepartureDate travel.Date    `json:"departure_date"`
}

// passengerJSON has a type or an age, never both.
type passengerJSON struct {
	Type string `json:"type,omitempty"`
	Age  *int   `json:"age,omitempty"`
}

// encode writes the offer request for q. Our cabins are Duffel's words.
func encode(q travel.Query) ([]byte, error) {
	var r offerRequestJSON
	for _, s := range q.Slices {
		r.Slices = append(r.Slices, sliceJSON{s.Origin, s.Destination, s.Date})
	}
	for range q.Passengers.Adults {
		r.Passengers = append(r.Passengers, passengerJSON{Type: "adult"})
	}
	for _, age := range q.Passengers.ChildAges {
		r.Passengers = append(r.Passengers, passengerJSON{Age: &age})
	}
	for range q.Passengers.InfantsLap {
		r.Passengers = append(r.Passengers, passengerJSON{Type: "infant_without_seat"})
	}
	r.CabinClass, r.MaxConnections = q.Cabin, maxConnections
	return json.Marshal(requestJSON{r})
}

// The range of supplier_timeout (Duffel API), and what is kept back of our own
// deadline so that partial results still travel.
const (
	minSupplierTimeout = 2 * time.Second
	maxSupplierTimeout = time.Minute
	travelReserve      = 500 * time.Millisecond
)

// supplierTimeout is how long Duffel may wait for airlines, in milliseconds: up to a
// little before our own deadline, in steps of 100 ms.
func supplierTimeout(ctx context.Context, deadline time.Duration) int {
	left := deadline
	if end, ok := ctx.Deadline(); ok {
		left = min(left, time.Until(end))
	}
	left = min(max(left-travelReserve, minSupplierTimeout), maxSupplierTimeout)
	return int(left.Truncate(100 * time.Millisecond).Milliseconds())
}
