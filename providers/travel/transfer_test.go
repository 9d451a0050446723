package travel

import (
	"testing"
	"time"
)

// TestTransferBuffer is the table of docs/definitions.md 4, separate-ticket buffers.
func TestTransferBuffer(t *testing.T) {
	at := func(hour, minute int) LocalTime {
		return LocalTime{Unix: int64(NewDate(2027, 3, 1))*86400 + int64(hour*3600+minute*60)}
	}
	for _, test := range []struct {
		name             string
		arrives, departs LocalTime
		from, to         string // terminals
		change           bool   // of airport
		domestic, bags   bool
		want             time.Duration
	}{
		{"one airport", at(9, 0), at(15, 0), "", "", false, false, false, 3 * time.Hour},
		{"one terminal, domestic", at(9, 0), at(15, 0), "2", "2", false, true, false, 2 * time.Hour},
		{"one terminal, over a border", at(9, 0), at(15, 0), "2", "2", false, false, false, 3 * time.Hour},
		{"two terminals, domestic", at(9, 0), at(15, 0), "2", "3", false, true, false, 3 * time.Hour},
		{"unknown terminals, domestic", at(9, 0), at(15, 0), "", "", false, true, false, 3 * time.Hour},
		{"another airport", at(9, 0), at(15, 0), "2", "2", true, true, false, 5 * time.Hour},
		{"with bags", at(9, 0), at(15, 0), "2", "2", false, true, true, 3 * time.Hour},
		{"in at night", at(22, 0), at(23, 59), "", "", false, false, false, 4 * time.Hour},
		{"out at night", at(2, 0), at(5, 59), "", "", false, false, false, 4 * time.Hour},
		{"just not at night", at(6, 0), at(21, 59), "", "", false, false, false, 3 * time.Hour},
		{"all at once", at(22, 0), at(23, 0), "", "", true, false, true, LongestTransferBuffer},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := Segment{Destination: "LHR", Arrives: test.arrives, ArrivalTerminal: test.from}
			out := Segment{Origin: "LHR", Departs: test.departs, DepartureTerminal: test.to}
			if test.change {
				out.Origin = "LGW"
			}
			if got := (Transfer{test.domestic, test.bags}).Buffer(&in, &out); got != test.want {
				t.Errorf("Buffer = %v, want %v", got, test.want)
			}
		})
	}
}
