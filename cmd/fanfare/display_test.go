package main

import (
	"testing"

	"fanfare/providers/travel"
)

func TestWhatIsSaidOfAPartner(t *testing.T) {
	for _, test := range []struct {
		name, status, cause string
		kept                int
		state               lineState
		want                string
	}{
		{"some of its calls failed", "error_http", "http_5xx", 3, late, "3 offers, the rest is missing: has a problem of its own"},
		{"some of its calls took too long", "timeout", "deadline", 1, late, "1 offer, the rest is missing: took too long"},
		{"all of its calls failed", "error_http", "http_5xx", 0, failed, "has a problem of its own"},
		{"its prices have expired", "expired", "", 0, late, "its prices have expired"},
		{"it is late", "timeout", "deadline", 0, late, "late: took too long"},
		{"a status of a newer server", "on_holiday", "", 0, failed, "on holiday"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := partner("Albatross", test.status, test.cause, test.kept, 100)
			if state, words := progress(&p, travel.Flights); state != test.state || words != test.want {
				t.Errorf("progress = %v %q, want %v %q", state, words, test.state, test.want)
			}
		})
	}
}
