package travel

import (
	"cmp"
	"slices"
	"time"
)

// Quote is one offer as it stands in a result: who answered, when, and what it
// costs in the one currency that all offers are ranked in.
type Quote struct {
	ID         string // hash of search and offer key; neither the price nor the partner's own id is in it
	Partner    string
	Offer      *Offer
	EURMicros  int64 // the total in millionths of a euro
	AsOf       time.Time
	FreshUntil time.Time
	HardUntil  time.Time
	// Parts are the tickets that a combination is made of, in the order flown; nil for an
	// offer of one partner. The combination's Partner is theirs, joined with "+", its Offer
	// their sum, without a total where their currencies differ: then only Parts have prices.
	Parts []Quote
}

// Sellers are the partners that one has to buy from: one, or those of the parts.
func (q *Quote) Sellers() []string {
	if q.Parts == nil {
		return []string{q.Partner}
	}
	var names []string
	for i := range q.Parts {
		if name := q.Parts[i].Partner; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// ResultSegment is one flight as all its sellers together know it: Marketing is
// the operating carrier's own number if known, else the smallest.
type ResultSegment struct {
	Segment
	SoldAs []Flight // the other numbers that it is sold under, sorted
}

// Result is one itinerary after merging, with every partner's offers, cheapest
// first. It is immutable.
type Result struct {
	ID           string
	Slices       [][]ResultSegment
	SelfTransfer []int // as in Offer
	Quotes       []*Quote
	Linked       []Link // results that may be the same trip; nil for none
}

// Link is another result that may be the same trip, and why it stays apart.
type Link struct {
	ID  string
	Why LinkReason
}

// LinkReason is why two results that may be one stay apart.
type LinkReason string

// The reasons: partners state times of one flight that differ too far; or the flights have
// equal times and nobody says that one airline sells the other's.
const (
	ScheduleConflict  LinkReason = "schedule_conflict"
	ProbableCodeshare LinkReason = "probable_codeshare"
)

// Combined reports whether the result is a combination of several partners' tickets, as
// then all its quotes are.
func (r *Result) Combined() bool { return r.Quotes[0].Parts != nil }

// Departs is the departure of the first segment.
func (r *Result) Departs() LocalTime { return r.Slices[0][0].Departs }

// RateQuote is one rate as it stands in a result.
type RateQuote struct {
	ID         string
	Partner    string
	Rate       *Rate
	Room       string // equal for the same room for the same guests, whoever sells it
	RoomKey    string // equal for the same room under the same conditions (docs/definitions.md 5.7)
	EURMicros  int64
	AsOf       time.Time
	FreshUntil time.Time
	HardUntil  time.Time
}

// StayResult is one property after merging, with every partner's rates, cheapest
// first. It is immutable.
type StayResult struct {
	ID       string
	Property Property
	Quotes   []RateQuote
	Listings []Listing // that are this property, sorted
	MayBe    []string  // ids of results that may be the same property, sorted
}

// Listing is a property as one partner lists it.
type Listing struct{ Partner, ID string }

// Compare orders listings by partner, then by id.
func (l Listing) Compare(m Listing) int {
	return cmp.Or(cmp.Compare(l.Partner, m.Partner), cmp.Compare(l.ID, m.ID))
}

// String is the listing as configurations name it: pillow:4711.
func (l Listing) String() string { return l.Partner + ":" + l.ID }
