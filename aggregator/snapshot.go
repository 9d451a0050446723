package aggregator

import (
	"slices"
	"sync"
	"time"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/merge"
	"fanfare/aggregator/page"
	"fanfare/aggregator/view"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// Status is how a search stands at one revision (docs/definitions.md 1).
type Status string

// The statuses of a search.
const (
	Pending  Status = "pending"
	Partial  Status = "partial"
	Complete Status = "complete"
	Degraded Status = "degraded"
	Failed   Status = "failed"
	Expired  Status = "expired"
)

// Over reports whether the search has expired and no partner is asked again.
func (s *Snapshot) Over() bool {
	return s.Status == Expired && !slices.ContainsFunc(s.Partners, func(p PartnerView) bool { return p.Status == fault.Asking })
}

// Terminal reports whether those who wait have nothing more to wait for.
func (s Status) Terminal() bool { return s != Pending && s != Partial }

// PartnerView is one partner in a snapshot.
type PartnerView struct {
	Name        string
	DisplayName string
	Status      fault.Status
	Cause       fault.Cause
	Partial     bool   // the status is that of a failed call, but others of the question brought an answer
	Code        string // the partner's own code of its error, "" without one
	OffersIn    int
	OffersKept  int
	Drops       map[string]int // never nil; must not be modified, as Notes
	Notes       map[string]int
	Took        time.Duration
	AsOf        time.Time // zero without an answer
	Attempts    int
	AskedAs     []string  // routes asked for in place of metro areas, nil if there are none
	RetryAt     time.Time // zero is none
	Since       time.Time // zero is none
}

// Snapshot is a search at one revision. It is immutable; what costs time is
// computed when it is first asked for.
type Snapshot struct {
	ID        string
	Query     travel.Query
	Revision  int64
	StateHash string
	Status    Status
	CreatedAt time.Time
	UpdatedAt time.Time
	Partners  []PartnerView // sorted by name

	// Rates is the exchange rates that prices are ranked with, and are to be shown with.
	Rates *fx.Table
	// MissingCheapest is how often the partners that are missing held the cheapest result on
	// this kind of route, nil while too little is known.
	MissingCheapest *float64
	// ExpectedShare is the share of results that the partners which have answered are expected
	// to have on this kind of route, nil while too little is known.
	ExpectedShare *float64

	validUntil    time.Time // when the first price passes its hard limit; zero without prices
	ownValidUntil time.Time // the same without combinations, as in what it is a part of
	seen          seen      // which of the prices somebody has been shown
	answers       []*merge.Prepared
	trips         []trip      // what its parts can be put together to
	pages         page.Source // the results, merged when first needed
}

// Flights is the page that v asks for, and notes its prices as seen. The error is ErrCursorView.
func (s *Snapshot) Flights(v view.Flights, rates *fx.Table) (*page.Flights, error) {
	p, err := page.OfFlights(&s.pages, v, rates)
	if err != nil {
		return nil, err
	}
	s.seen.note(p.Prices())
	return p, nil
}

// Stays is the page that v asks for, and notes its prices as seen. The error is ErrCursorView.
func (s *Snapshot) Stays(v view.Stays, rates *fx.Table) (*page.Stays, error) {
	p, err := page.OfStays(&s.pages, v, rates)
	if err != nil {
		return nil, err
	}
	s.seen.note(p.Prices())
	return p, nil
}

// mergeOnce makes the snapshot's results be merged once, when first needed, on what merger
// has of earlier revisions; merged is called then.
func (s *Snapshot) mergeOnce(merger *merge.Merger, doNotMerge []merge.DoNotMerge, merged func()) {
	s.pages.SearchID, s.pages.Query = s.ID, &s.Query
	if s.Query.Product == travel.Hotels {
		s.pages.Stays = sync.OnceValue(func() []travel.StayResult {
			defer merged()
			return merger.Stays(s.answers, doNotMerge...)
		})
		return
	}
	s.pages.Flights = sync.OnceValue(func() page.FlightResults {
		defer merged()
		return page.FactsOf(merger.Flights(s.answers))
	})
}

// Asked counts the partners that the question is for.
func (s *Snapshot) Asked() int {
	n := 0
	for i := range s.Partners {
		if s.Partners[i].Status != fault.NotApplicable {
			n++
		}
	}
	return n
}

// Answered counts the partners with a usable answer.
func (s *Snapshot) Answered() int {
	n := 0
	for i := range s.Partners {
		if s.Partners[i].Usable() {
			n++
		}
	}
	return n
}

// Offers counts the offers or rates over all partners, after collapse.
func (s *Snapshot) Offers() int {
	n := 0
	for _, a := range s.answers {
		n += a.Offers()
	}
	return n
}

// listings counts the properties that partners list, each partner's by themselves.
func (s *Snapshot) listings() int {
	n := 0
	for _, a := range s.answers {
		n += a.Listings()
	}
	return n
}

// Usable reports whether the partner has an answer that can be trusted: offers or rates, even if
// some of its calls failed, or an honest "nothing".
func (p *PartnerView) Usable() bool { return p.Partial || p.Status.Usable() }

// judge is the search's status from its partners' (docs/definitions.md 1). A partner whose answer
// has expired makes a search expired in which no partner has a price.
func judge(partners []PartnerView, terminal bool) Status {
	usable, flawless, ended, asked, priced, expired := 0, 0, 0, 0, 0, 0
	for i := range partners {
		s := partners[i].Status
		if s == fault.NotApplicable {
			continue
		}
		asked++
		if s.Ended() {
			ended++
		}
		if partners[i].Usable() {
			usable++
			if s != fault.NoHit {
				priced++
			}
		}
		if s == fault.Expired || s == fault.Asking && !partners[i].AsOf.IsZero() { // asking again
			expired++
		}
		if s == fault.OK || s == fault.NoHit {
			flawless++
		}
	}
	switch {
	case !terminal && ended == 0 && asked > 0:
		return Pending
	case !terminal && ended < asked:
		return Partial
	case flawless == asked:
		return Complete
	case expired > 0 && priced == 0:
		return Expired
	case usable > 0:
		return Degraded
	}
	return Failed
}
