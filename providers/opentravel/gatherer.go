package opentravel

import (
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Gatherer makes offers of itineraries and their prices. Whoever reads a document adds an
// itinerary's segments and quotes in any order and then calls Finish; the slices are the
// gatherer's own and are reused, and what is kept is copied out of them. It is not safe
// for concurrent use.
type Gatherer struct {
	Answer travel.Answer
	Money  Money
	Now    time.Time // for quotes that say how long they last; zero is unknown
	atlas  *places.Atlas

	segments []Segment // of the itinerary being gathered, over all slices
	counts   []int     // segments of each slice
	stated   []int     // minutes of each slice, 0 is unstated
	tooMany  bool
	quotes   []Quote
	pax      []Pax
	bases    []Basis
	infos    []Info
	bags     []Bag
	brands   []Brand
	terms    []Term
	places   []place

	flown    []travel.Segment
	cut      []travel.Slice // flown by slices
	timeRule string         // why a time cannot be told
	unlike   bool           // a stated offset or duration differs
	cabins   []travel.Cabin
	codes    []string
	names    []string

	cabinsBefore []travel.Cabin
	codesBefore  []string

	shared assemble.Shared
}

// maxSegments bounds an itinerary; real ones have up to 16.
const maxSegments = 64

// NewGatherer has nothing yet. A nil atlas is places.Default.
func NewGatherer(atlas *places.Atlas) *Gatherer {
	return &Gatherer{atlas: places.OrDefault(atlas)}
}

// Segment is one as a document states it.
type Segment struct {
	travel.Segment               // but for its times
	Out, In        document.Wall // departure and arrival; a Year of 0 is unstated
	OutHours       string        // offset from Greenwich in hours, a view; "" is unstated
	InHours        string
	Minutes        int    // stated duration, 0 is unstated
	Class          string // booking class, a view
	RPH            string // what others refer to it by, a view
	Cabin          travel.Cabin
	Seats          int // left, 0 is unknown
	Stops          int
}

// Where tells which segments of an itinerary something is about.
type Where struct {
	Flights  uint64 // by position, a bit each
	RPH      string // by their own ids, parted by spaces; a view
	From, To string // by airports; views
}

// Basis is a fare basis, Info a cabin and seats left, Bag an allowance, Brand the name of a
// fare. Without a Where they stand in the order of segments, or of slices, or for all.
type (
	Basis struct {
		Where
		Code   string // may be a list, one for each segment; see document.Word
		Cabin  travel.Cabin
		Cabins string // a list instead of Cabin, a view
	}
	Info struct {
		Where
		Cabin  travel.Cabin
		Cabins string // a list instead of Cabin, a view
		Seats  int
	}
	Bag struct {
		Where
		Checked bool // else for the cabin
		Pieces  int  // -1 is unknown
	}
	Brand struct {
		Where
		Name string
		Seat travel.SeatChoice
	}
)

// Term is what a fare says of refunds or changes.
type Term struct {
	Change  bool // else a refund
	After   bool // departure
	Allowed travel.Answered
	Fee     Amount
}

type span struct{ from, to int }

// Pax is one type of passenger with a fare.
type Pax struct {
	Code          string // a view
	Count         int
	Common        bool // what is said of all types, with no fare of its own
	NonRefundable travel.Answered
	Sum           Sum // for one of them

	bases, infos, bags, brands, terms span
}

// Quote is one price of the itinerary.
type Quote struct {
	Sum        Sum // for the whole party
	Seller     travel.Seller
	Brand      string
	LastDate   string // to ticket, views
	LastTime   string
	Lasts      time.Duration // from Now on, 0 is unstated
	NotPriced  bool          // the document says that there is no fare
	Dangling   bool          // it refers to what is not there
	Partial    bool          // it is for a part of the party
	Additional bool          // beside the itinerary's first
	PartnerRef string        // a view; "" if the protocol has none

	pax span
}

// Begin starts another itinerary.
func (g *Gatherer) Begin() {
	g.Money.Currency = ""
	g.segments, g.counts, g.stated, g.tooMany = g.segments[:0], g.counts[:0], g.stated[:0], false
	g.quotes, g.pax, g.bases, g.infos = g.quotes[:0], g.pax[:0], g.bases[:0], g.infos[:0]
	g.bags, g.brands, g.terms = g.bags[:0], g.brands[:0], g.terms[:0]
	g.places = g.places[:0]
}

// AddSegment adds the next segment of the slice being gathered.
func (g *Gatherer) AddSegment(s *Segment) {
	if len(g.segments) >= maxSegments {
		g.tooMany = true
		return
	}
	g.segments = append(g.segments, *s)
}

// EndSlice ends the slice with the segments added since the last; minutes is its stated
// duration, 0 if there is none.
func (g *Gatherer) EndSlice(minutes int) {
	n := len(g.segments)
	for _, c := range g.counts {
		n -= c
	}
	if len(g.counts) <= maxSegments {
		g.counts, g.stated = append(g.counts, n), append(g.stated, minutes)
	}
}

// BeginQuote starts another price; what is added until EndQuote is its own.
func (g *Gatherer) BeginQuote() {
	g.quotes = append(g.quotes, Quote{pax: span{len(g.pax), len(g.pax)}})
}

// EndQuote fills in the price that was begun last, and ends it.
func (g *Gatherer) EndQuote(q Quote) {
	last := &g.quotes[len(g.quotes)-1]
	q.pax = span{last.pax.from, len(g.pax)}
	*last = q
}

// Quotes is the prices gathered so far, to be completed with what stands around them.
func (g *Gatherer) Quotes() []Quote { return g.quotes }

// BeginPax starts another type of passenger of the quote.
func (g *Gatherer) BeginPax() {
	g.pax = append(g.pax, Pax{Count: 1, bases: span{from: len(g.bases)}, infos: span{from: len(g.infos)}, bags: span{from: len(g.bags)},
		brands: span{from: len(g.brands)}, terms: span{from: len(g.terms)}})
}

// Pax is the type that was begun last, to fill in.
func (g *Gatherer) Pax() *Pax { return &g.pax[len(g.pax)-1] }

// EndPax ends it.
func (g *Gatherer) EndPax() {
	p := g.Pax()
	p.bases.to, p.infos.to, p.bags.to, p.brands.to, p.terms.to = len(g.bases), len(g.infos), len(g.bags), len(g.brands), len(g.terms)
}

// AddBasis and the others add to the passengers that were begun last.
func (g *Gatherer) AddBasis(b Basis) { g.bases = append(g.bases, b) }

// AddInfo adds a cabin with seats left.
func (g *Gatherer) AddInfo(i Info) { g.infos = append(g.infos, i) }

// AddBag adds an allowance.
func (g *Gatherer) AddBag(b Bag) { g.bags = append(g.bags, b) }

// AddBrand adds the name of a fare.
func (g *Gatherer) AddBrand(b Brand) { g.brands = append(g.brands, b) }

// AddTerm adds what is said of refunds or changes.
func (g *Gatherer) AddTerm(t Term) { g.terms = append(g.terms, t) }

// Tax adds one of the taxes that a sum only lists.
func (g *Gatherer) Tax(s *Sum, a Amount) { g.Money.list(&s.TaxList, a) }

// BrandAt says that the brand added last is that of a slice's segment, both counted from 0.
func (g *Gatherer) BrandAt(leg, flight int) {
	g.places = append(g.places, place{len(g.brands) - 1, leg, flight})
}

// place is a segment that a brand is about, by slice.
type place struct{ brand, leg, flight int }

// findPlaces turns places into positions, when all segments are there. A brand of a place
// that there is not is about nothing.
func (g *Gatherer) findPlaces() {
	for _, p := range g.places {
		w := &g.brands[p.brand].Where
		if bit := FlightBit(g.atLeg(p.leg, p.flight)); bit != 0 {
			w.Flights |= bit
		} else if w.Flights == 0 {
			w.RPH = "none"
		}
	}
}

// FlightBit is the bit of a segment in Where, by its position; none if there is no such place.
func FlightBit(position int) uint64 {
	if position < 0 || position >= maxSegments {
		return 0
	}
	return 1 << position
}

// atLeg is the position of a slice's segment, both counted from 0, and -1 if there is none.
func (g *Gatherer) atLeg(leg, flight int) int {
	if leg < 0 || leg >= len(g.counts) || flight < 0 || flight >= g.counts[leg] {
		return -1
	}
	for _, n := range g.counts[:leg] {
		flight += n
	}
	return flight
}
