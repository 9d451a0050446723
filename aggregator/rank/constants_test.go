package rank

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"fanfare/providers/travel"
)

// Each weight that people read is what the score really counts: one more of what it is
// paid for costs exactly that.
func TestWeightsAreWhatTheScoreCounts(t *testing.T) {
	one := Options{Seats: 1}
	grows := func(change func(*Facts)) int64 {
		f := Facts{}
		change(&f)
		return Total(&f, Cost{}, one)
	}
	counted := map[string][]int64{
		"bags":            {Bags{Cabin: true, Directions: 1, Seats: 1}.Micros(), Bags{Checked: true, Directions: 1, Seats: 1}.Micros()},
		"time":            {ValueOfTime(travel.Economy), ValueOfTime(travel.PremiumEconomy), ValueOfTime(travel.Business)},
		"stops":           {grows(func(f *Facts) { f.Connections = 1 })},
		"overnight":       {grows(func(f *Facts) { f.OvernightLayovers = 1 })},
		"airport_change":  {grows(func(f *Facts) { f.AirportChanges = 1 })},
		"self_transfer":   {grows(func(f *Facts) { f.MissPermille = 1000 })},
		"early_departure": {grows(func(f *Facts) { f.NightDepartures = 1 })},
	}
	said := map[string][]int64{}
	for _, w := range FlightWeights() {
		said[w.Part] = append(said[w.Part], w.Micros)
		if w.Reason == "" || !strings.Contains(w.Text(), Euros(w.Micros)) {
			t.Errorf("weight %q of %s does not say its amount or reason", w.Text(), w.Part)
		}
	}
	if !reflect.DeepEqual(said, counted) {
		t.Errorf("weights say %v, the score counts %v", said, counted)
	}
	if got := Limit(200*euro, 2); got != (2*60+320)*euro {
		t.Errorf("Limit(200) for two = %d", got)
	}
	if want := "above EUR 60 a seat plus 1.6 times"; !strings.Contains(HopelessRule(), want) {
		t.Errorf("HopelessRule() = %q, want %q in it", HopelessRule(), want)
	}
}

// Every part of a score is explained, and the shortcut Total is the sum of them.
func TestPartsAreExplained(t *testing.T) {
	f := Facts{DurationMinutes: 605, Connections: 2, OvernightLayovers: 1, AirportChanges: 1, NightDepartures: 1, MissPermille: 120}
	o := Options{ValueOfTimeMicros: 35 * euro, Seats: 3}
	s := Of(&f, Cost{100 * euro, 7 * euro}, o)
	if got := Total(&f, Cost{100 * euro, 7 * euro}, o); got != s.Micros {
		t.Errorf("Total = %d, the parts add up to %d", got, s.Micros)
	}
	for _, p := range s.Parts() {
		if Explanation(p.Name, o) == "" {
			t.Errorf("part %s is not explained", p.Name)
		}
	}
	if got, want := Explanation("stops", o), "EUR 15 a connection and seat (3 seats)"; got != want {
		t.Errorf("Explanation(stops) = %q, want %q", got, want)
	}
}

// No partner, seller, name or commission reaches the ranker: what it takes is numbers
// about the itinerary and its price, and an id that only breaks ties. A new field has to
// be added here, and argued for.
func TestInputsOfTheRanker(t *testing.T) {
	allowed := map[string][]string{
		"Facts":   {"DurationMinutes", "Stops", "Connections", "OvernightLayovers", "AirportChanges", "NightDepartures", "MissPermille", "Departs", "Arrives"},
		"Item":    {"ID", "Price", "Bags", "Score", "Facts", "Index", "SortBy"},
		"Cost":    {"Price", "Bags"},
		"Options": {"ValueOfTimeMicros", "Seats"},
		"Bags":    {"Cabin", "Checked", "Directions", "Seats"},
	}
	for _, v := range []any{Facts{}, Item{}, Cost{}, Options{}, Bags{}} {
		typ := reflect.TypeOf(v)
		var fields []string
		for i := range typ.NumField() {
			fields = append(fields, typ.Field(i).Name)
		}
		if !slices.Equal(fields, allowed[typ.Name()]) {
			t.Errorf("%s has the fields %v, allowed are %v", typ.Name(), fields, allowed[typ.Name()])
		}
	}
}
