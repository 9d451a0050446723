package rank

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fanfare/providers/travel"
)

const euro = int64(micro)

func TestScoreOfTheDefinitionsExample(t *testing.T) {
	o := Options{ValueOfTimeMicros: 20 * euro, Seats: 1}
	a := Of(&Facts{DurationMinutes: 7 * 60, Connections: 1}, Cost{Price: 100 * euro}, o)
	b := Of(&Facts{DurationMinutes: 3 * 60}, Cost{Price: 190 * euro}, o)
	if a.Micros != 255*euro || b.Micros != 250*euro {
		t.Errorf("scores %d and %d, want 255 and 250 euros", a.Micros, b.Micros)
	}
}

func TestPartsAddUpAndCountPerSeat(t *testing.T) {
	f := Facts{DurationMinutes: 605, Connections: 2, OvernightLayovers: 1, AirportChanges: 1, NightDepartures: 1, MissPermille: 120}
	bags := Bags{Cabin: true, Checked: true, Directions: 1, Seats: 1}
	thrice := bags
	thrice.Seats = 3
	one, three := Of(&f, Cost{Bags: bags.Micros()}, Options{35 * euro, 1}), Of(&f, Cost{Bags: thrice.Micros()}, Options{35 * euro, 3})
	if three.Micros != 3*one.Micros {
		t.Errorf("three seats cost %d, want three times %d", three.Micros, one.Micros)
	}
	sum := int64(0)
	var names []string
	for _, p := range three.Parts() {
		sum += p.Micros
		names = append(names, p.Name)
	}
	if sum != three.Micros {
		t.Errorf("parts add up to %d, want %d", sum, three.Micros)
	}
	if want := []string{"price", "bags", "time", "stops", "overnight", "airport_change", "self_transfer", "early_departure"}; !slices.Equal(names, want) {
		t.Errorf("parts %v, want %v", names, want)
	}
}

// itinerary is slices of segments given as "LHR 10:00 JFK 18:00" in hours from a day's start, UTC.
func itinerary(selfTransfer []int, slices ...[][4]any) *travel.Result {
	day := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	at := func(h any) travel.LocalTime {
		return travel.LocalTimeOf(day.Add(time.Duration(h.(float64) * float64(time.Hour))))
	}
	r := &travel.Result{SelfTransfer: selfTransfer}
	for _, s := range slices {
		var segments []travel.ResultSegment
		for _, x := range s {
			segments = append(segments, travel.ResultSegment{Segment: travel.Segment{
				Origin: travel.Airport(x[0].(string)), Departs: at(x[1]), Destination: travel.Airport(x[2].(string)), Arrives: at(x[3]),
			}})
		}
		r.Slices = append(r.Slices, segments)
	}
	return r
}

func TestFacts(t *testing.T) {
	for _, test := range []struct {
		name string
		r    *travel.Result
		want Facts
	}{
		{"nonstop", itinerary(nil, [][4]any{{"LHR", 10.0, "JFK", 18.0}}), Facts{DurationMinutes: 480}},
		{"one stop by day", itinerary(nil, [][4]any{{"LHR", 10.0, "DUB", 11.0}, {"DUB", 13.0, "JFK", 20.0}}), Facts{DurationMinutes: 600, Stops: 1, Connections: 1}},
		{"through the night", itinerary(nil, [][4]any{{"LHR", 20.0, "DUB", 22.0}, {"DUB", 31.0, "JFK", 38.0}}), Facts{DurationMinutes: 1080, Stops: 1, Connections: 1, OvernightLayovers: 1}},
		{"late, but no night", itinerary(nil, [][4]any{{"LHR", 20.0, "DUB", 22.0}, {"DUB", 25.0, "JFK", 32.0}}), Facts{DurationMinutes: 720, Stops: 1, Connections: 1}},
		{"another airport", itinerary(nil, [][4]any{{"CDG", 10.0, "LHR", 11.0}, {"LGW", 16.0, "JFK", 23.0}}), Facts{DurationMinutes: 780, Stops: 1, Connections: 1, AirportChanges: 1}},
		{"before five", itinerary(nil, [][4]any{{"LHR", 4.5, "JFK", 12.0}}), Facts{DurationMinutes: 450, NightDepartures: 1}},
		{"a self-transfer without buffer", itinerary([]int{1}, [][4]any{{"LHR", 10.0, "DUB", 11.0}, {"DUB", 12.5, "JFK", 20.0}}),
			Facts{DurationMinutes: 600, Stops: 1, Connections: 1, MissPermille: 160}},
		{"a self-transfer with its buffer", itinerary([]int{1}, [][4]any{{"LHR", 10.0, "DUB", 11.0}, {"DUB", 14.0, "JFK", 20.0}}),
			Facts{DurationMinutes: 600, Stops: 1, Connections: 1, MissPermille: 20}},
		{"there and back", itinerary(nil, [][4]any{{"LHR", 10.0, "JFK", 18.0}}, [][4]any{{"JFK", 58.0, "KEF", 63.0}, {"KEF", 65.0, "LHR", 68.0}}),
			Facts{DurationMinutes: 1080, Stops: 1, Connections: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := FactsOf(test.r)
			got.Departs, got.Arrives = 0, 0
			if got != test.want {
				t.Errorf("FactsOf = %+v, want %+v", got, test.want)
			}
		})
	}
}

func drawItems(t *rapid.T, least int) []Item {
	n := rapid.IntRange(least, 12).Draw(t, "n")
	items := make([]Item, n)
	for i := range items {
		f := &Facts{
			DurationMinutes: rapid.IntRange(1, 4).Draw(t, "hours") * 60, Connections: rapid.IntRange(0, 1).Draw(t, "stops"),
			Departs: int64(rapid.IntRange(0, 2).Draw(t, "departs")), Arrives: int64(rapid.IntRange(3, 5).Draw(t, "arrives")),
			MissPermille: rapid.IntRange(0, 1).Draw(t, "risk") * 100,
		}
		price := int64(rapid.IntRange(1, 4).Draw(t, "price")) * 100 * euro
		bags := int64(rapid.IntRange(0, 1).Draw(t, "bags")) * 20 * euro
		items[i] = Item{ID: fmt.Sprintf("r%02d", i), Price: price, Bags: bags, Facts: f, Score: Total(f, Cost{price, bags}, Options{20 * euro, 1}), Index: i}
	}
	return items
}

func ids(items []Item) []string {
	var out []string
	for i := range items {
		out = append(out, items[i].ID)
	}
	return out
}

var sorts = []Sort{Best, Cheapest, Fastest, Departure, Arrival}

func TestOrderDoesNotDependOnArrivalAndInsertionMovesNobodyElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := drawItems(t, 2)
		by := rapid.SampledFrom(sorts).Draw(t, "by")
		shuffled := rapid.Permutation(items).Draw(t, "order")
		Order(items, by)
		Order(shuffled, by)
		if !slices.Equal(ids(items), ids(shuffled)) {
			t.Fatalf("%s: %v and %v", by, ids(items), ids(shuffled))
		}
		gone := rapid.SampledFrom(ids(items)).Draw(t, "gone")
		without := slices.DeleteFunc(slices.Clone(shuffled), func(it Item) bool { return it.ID == gone })
		Order(without, by)
		want := slices.DeleteFunc(ids(items), func(id string) bool { return id == gone })
		if !slices.Equal(ids(without), want) {
			t.Fatalf("%s without %s: %v, want %v", by, gone, ids(without), want)
		}
		if first := First(shuffled, by); shuffled[first].ID != ids(items)[0] {
			t.Fatalf("First(%s) = %s, want %s", by, shuffled[first].ID, items[0].ID)
		}
	})
}

func BenchmarkOrder10000(b *testing.B) {
	items := make([]Item, 10_000)
	for i := range items {
		f := &Facts{DurationMinutes: 300 + i*7919%900, Connections: i % 3, Departs: int64(i * 104729 % 86400)}
		price := int64(50+i*15485863%900) * euro
		items[i] = Item{ID: fmt.Sprintf("%06d", i*7), Price: price, Facts: f, Score: Total(f, Cost{Price: price}, Options{20 * euro, 1})}
	}
	scratch := make([]Item, len(items))
	b.ReportAllocs()
	for b.Loop() {
		copy(scratch, items)
		Order(scratch, Best)
	}
}
