package document

import "testing"

func TestKeysOfAnIndexedListAreItsConstants(t *testing.T) {
	const (
		placeID = iota
		placeName
		placeZone
	)
	keys := NewKeys([]string{placeZone: "time_zone", placeID: "id", placeName: "name"}...)
	for key, want := range map[string]int{"id": placeID, "name": placeName, "time_zone": placeZone, "zone": keyUnknown} {
		if got := keys.find([]byte(key)); got != want {
			t.Errorf("%s is key %d, want %d", key, got, want)
		}
	}
}

func TestKeysThatCannotBeReadPanic(t *testing.T) {
	for _, test := range []struct {
		name string
		keys []string
	}{
		{"a constant left out of the list", []string{0: "id", 2: "time_zone"}},
		{"the same name twice", []string{"id", "ID"}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", test.name)
				}
			}()
			NewKeys(test.keys...)
		}()
	}
}
