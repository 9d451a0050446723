package rank_test

import (
	"fmt"

	"fanfare/aggregator/rank"
)

// The worked example of the score: at 20 EUR an hour, 190 EUR nonstop beats 100 EUR with a stop and
// four more hours.
func ExampleOf() {
	const euro = 1_000_000
	adult := rank.Options{ValueOfTimeMicros: 20 * euro, Seats: 1}
	for _, r := range []struct {
		facts rank.Facts
		price int64
	}{
		{rank.Facts{DurationMinutes: 7 * 60, Connections: 1}, 100 * euro},
		{rank.Facts{DurationMinutes: 3 * 60}, 190 * euro},
	} {
		score := rank.Of(&r.facts, rank.Cost{Price: r.price}, adult)
		fmt.Print(score.Micros/euro, " =")
		for _, part := range score.Parts() {
			fmt.Print(" ", part.Name, " ", part.Micros/euro)
		}
		fmt.Println()
	}
	// Output:
	// 255 = price 100 time 140 stops 15
	// 250 = price 190 time 60
}
