package travel_test

import (
	"errors"
	"fmt"
	"time"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Equal questions become equal queries, whatever their spelling and order.
func ExampleQuery_Normalise() {
	now := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	q := travel.Query{Product: travel.Flights}
	q.Slices = []travel.SliceQuery{{Origin: " lhr", Destination: "jfk", Date: travel.NewDate(2027, 3, 1)}}
	q.Passengers = travel.Passengers{Adults: 1, ChildAges: []int{9, 7}}
	canonical, err := q.Normalise(now, places.Default(), "GB")
	fmt.Println(canonical.Slices[0].Origin, canonical.Slices[0].Destination, canonical.Cabin, canonical.Passengers.ChildAges, canonical.Market, err)

	q.Slices[0].Destination, q.Passengers.Adults = "XXQ", 0
	_, err = q.Normalise(now, places.Default(), "GB")
	var wrong travel.Invalid
	if errors.As(err, &wrong) {
		for _, w := range wrong { // all complaints at once
			fmt.Println(w.Field)
		}
	}
	// Output:
	// LHR JFK economy [7 9] GB <nil>
	// passengers.adults
	// slices[0].destination
}
