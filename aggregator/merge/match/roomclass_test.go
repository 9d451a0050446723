package match

import "testing"

func TestRoomClass(t *testing.T) {
	for _, test := range []struct{ a, b, class string }{
		{"DOUBLE OR TWIN STANDARD", "Standard twin or double room", "double twin"},
		{"DBL KING SIZE BED", "Double room, 1 king bed", "double king"},
		{"Doppelzimmer Superior", "Superior double", "double superior"},
		{"JUNIOR SUITE", "Junior Suite with balcony", ""},
		{"Room with 2 double beds", "Double room", ""},
		{"Twin Room Sea View", "Twin room - ocean view", "sea twin view"},
		{"Suite", "Junior suite", ""},
		{"Standard Room", "STANDARD ROOM", "standard room"},
		{"Familienzimmer", "Family Room (non refundable)", "family"},
	} {
		a, b := RoomClass(test.a), RoomClass(test.b)
		if same := test.class != ""; (a == b) != same || same && a != test.class {
			t.Errorf("%q is %q and %q is %q, want %q", test.a, a, test.b, b, test.class)
		}
	}
}
