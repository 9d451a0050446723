package api

import (
	"encoding/json"
	"testing"

	"fanfare/providers/travel"
)

// TestFarePerSegment: cabin and basis are null for a segment of which nothing is stated, and
// altogether if it is for none; both ways of writing agree.
func TestFarePerSegment(t *testing.T) {
	for _, test := range []struct {
		cabins       []travel.Cabin
		bases        []string
		cabin, basis string
	}{
		{nil, nil, `null`, `null`},
		{[]travel.Cabin{"", ""}, []string{""}, `null`, `null`},
		{[]travel.Cabin{travel.Economy, ""}, []string{"", `O"1`}, `["economy",null]`, `[null,"O\"1"]`},
		{[]travel.Cabin{travel.First}, []string{"FLX"}, `["first"]`, `["FLX"]`},
	} {
		fare := FareOf(&travel.Fare{Cabin: test.cabins, Basis: test.bases}, func(m travel.Money) travel.Money { return m })
		plain, err := json.Marshal(fare)
		if err != nil {
			t.Fatal(err)
		}
		for how, text := range map[string][]byte{"encoding/json": plain, "our own": appendFare(nil, &fare)} {
			var got struct{ Cabin, Basis json.RawMessage }
			if err := json.Unmarshal(text, &got); err != nil || string(got.Cabin) != test.cabin || string(got.Basis) != test.basis {
				t.Errorf("%s: cabin %s, basis %s, %v; want %s, %s", how, got.Cabin, got.Basis, err, test.cabin, test.basis)
			}
		}
	}
}
