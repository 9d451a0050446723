package travel

import "time"

// Answer is what one provider returned for one Query: offers or stays, or an
// error, and how long it took. There is one a partner and search, always, also
// when the partner failed. It is immutable.
//
// OffersIn = OffersKept() + the sum of Drops, always.
type Answer struct {
	Partner    string
	Offers     []Offer
	Stays      []Stay
	OffersIn   int            // offers or rates after expansion of alternatives
	Drops      map[string]int // rule -> offers or rates that it dropped
	Notes      map[string]int // counters that are not drops, such as expansion_capped
	Err        error          // nil, or why there is nothing: a *fault.Error
	AskedAs    []string       // the routes ("LHR-JFK") that were asked for in place of metro areas; nil if the query was asked as it is
	AsOf       time.Time      // when the partner's document had ended
	FreshUntil time.Time
	HardUntil  time.Time
	Took       time.Duration
	Attempts   int
	Unasked    bool      // a background call that was not made: it says nothing about the partner
	RetryAt    time.Time // when a failed partner may be asked again; zero is now
	Since      time.Time // since when the breaker is open; zero when it is not
}

// OffersKept counts the offers or rates in the answer.
func (a *Answer) OffersKept() int {
	n := len(a.Offers)
	for i := range a.Stays {
		n += len(a.Stays[i].Rates)
	}
	return n
}

// Drop counts n offers or rates that the named rule dropped.
func (a *Answer) Drop(rule string, n int) {
	if n == 0 {
		return
	}
	if a.Drops == nil {
		a.Drops = map[string]int{}
	}
	a.Drops[rule] += n
}

// Note counts something worth showing to the partner that is not a drop.
func (a *Answer) Note(name string, n int) {
	if n == 0 {
		return
	}
	if a.Notes == nil {
		a.Notes = map[string]int{}
	}
	a.Notes[name] += n
}

// AddCounts adds what another answer counted: offers that came in, drops and notes.
func (a *Answer) AddCounts(other *Answer) {
	a.OffersIn += other.OffersIn
	for rule, n := range other.Drops {
		a.Drop(rule, n)
	}
	for name, n := range other.Notes {
		a.Note(name, n)
	}
}

// Filter is slices.DeleteFunc, the other way round, for large elements: they are looked
// at where they are. all is changed in place, and what is let go of is cleared.
func Filter[T any](all []T, good func(*T) bool) []T {
	n := 0
	for i := range all {
		if !good(&all[i]) {
			continue
		}
		if n != i {
			all[n] = all[i]
		}
		n++
	}
	clear(all[n:])
	return all[:n]
}
