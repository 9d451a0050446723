// Package view says which part of a search somebody wants to see: filters, facets,
// cursors and the currency of display. It is pure. A view never causes a call to a
// partner, and is no part of a search's id. Scores and orders are left to rank.
package view

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"fanfare/aggregator/fx"
	"fanfare/providers/travel"
)

// Window is a time of day, in minutes after midnight, local. From may lie after To:
// then it spans midnight.
type Window struct {
	From, To int
}

// contains reports whether the minute lies in the window, ends included.
func (w *Window) contains(minute int) bool {
	if w.From <= w.To {
		return minute >= w.From && minute <= w.To
	}
	return minute >= w.From || minute <= w.To
}

// Flights is a view of a flight search. Its JSON is the canonical form: absent and
// default are the same. Lists are sorted and upper-case.
type Flights struct {
	Currency        travel.Currency  `json:"c"`
	Sort            string           `json:"s"`
	ValueOfTime     int64            `json:"v,omitempty"`  // micro-euros per hour and seat; 0 is the cabin's
	MaxStops        *int             `json:"ms,omitempty"` // connections in any one slice
	Carriers        []travel.Carrier `json:"ca,omitempty"` // every segment is marketed by the offer, or operated, under one of these
	ExcludeCarriers []travel.Carrier `json:"xc,omitempty"` // no segment is

	Partners           []string         `json:"p,omitempty"`
	MaxPrice           travel.Money     `json:"mp"` // in Currency, with the bags asked for; not stated is no limit
	MaxDurationMinutes int              `json:"md,omitempty"`
	DepartBetween      *Window          `json:"db,omitempty"` // first slice
	ArriveBetween      *Window          `json:"ab,omitempty"` // first slice
	CabinBag           bool             `json:"cb,omitempty"`
	CheckedBag         bool             `json:"kb,omitempty"`
	Refundable         bool             `json:"r,omitempty"`
	Via                []travel.Airport `json:"vi,omitempty"` // one of these is changed at
	Avoid              []travel.Airport `json:"av,omitempty"` // none of these is changed at
	HideCombined       bool             `json:"hc,omitempty"`
	CombinedOnly       bool             `json:"co,omitempty"`
	Strict             bool             `json:"st,omitempty"`
	AllOffers          bool             `json:"ao,omitempty"`
	Explain            bool             `json:"ex,omitempty"`
	Limit              int              `json:"l"`
	Cursor             *Cursor          `json:"-"`
}

// Bags is the bags that the view asks for: prices are compared with them.
func (v *Flights) Bags() Bags { return Bags{v.CabinBag, v.CheckedBag} }

// Stays is a view of a hotel search, canonical as Flights is.
type Stays struct {
	Currency         travel.Currency `json:"c"`
	Sort             string          `json:"s"`
	MinStars         float64         `json:"ms,omitempty"`
	Boards           []travel.Board  `json:"b,omitempty"`
	FreeCancellation bool            `json:"fc,omitempty"`
	Partners         []string        `json:"p,omitempty"`
	MaxPrice         travel.Money    `json:"mp"`
	Name             string          `json:"n,omitempty"` // lower case, part of the property's name
	BBox             *BBox           `json:"bb,omitempty"`
	Strict           bool            `json:"st,omitempty"`
	AllOffers        bool            `json:"ao,omitempty"`
	Explain          bool            `json:"ex,omitempty"`
	Limit            int             `json:"l"`
	Cursor           *Cursor         `json:"-"`
}

// BBox is a box on the map in degrees. West may lie after East: then it spans the date line.
type BBox struct {
	South, West, North, East float64
}

func (b *BBox) contains(lat, lon float64) bool {
	if lat < b.South || lat > b.North {
		return false
	}
	if b.West <= b.East {
		return lon >= b.West && lon <= b.East
	}
	return lon >= b.West || lon <= b.East
}

// Hash names the view: equal views have equal hashes. Paging is no part of it.
func (v Flights) Hash() string { return hash(v) }

// Hash names the view: equal views have equal hashes. Paging is no part of it.
func (v Stays) Hash() string { return hash(v) }

func hash(v any) string {
	body, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("view: a view always marshals: %v", err)) // impossible: plain structs
	}
	sum := sha256.Sum256(body)
	return travel.EncodeID(sum[:10])
}

// Verdict is whether an offer keeps to a constraint. Unverifiable and Partly pass and
// are marked, unless the view is strict.
type Verdict string

// The verdicts; a failing offer is not shown.
const (
	Verified     Verdict = "verified"     // we have seen that it does
	Honoured     Verdict = "honoured"     // the partner was asked for it, and its answer does not say otherwise
	Unverifiable Verdict = "unverifiable" // nobody says
	Partly       Verdict = "partly"       // on some of its flights
	AtAPrice     Verdict = "at_a_price"   // for what the partner says that it costs beside the total
	fails        Verdict = "fails"
)

// passes reports whether an offer of this verdict is shown: if strict, only what the fare has
// for sure, at the price that it states.
func passes(verdict Verdict, strict bool) bool {
	if strict {
		return verdict == Verified || verdict == Honoured
	}
	return verdict != fails
}

func verdictOf(a travel.Answered) Verdict {
	switch a {
	case travel.Yes:
		return Verified
	case travel.No:
		return fails
	}
	return Unverifiable
}

func verdictIf(ok bool) Verdict {
	if ok {
		return Verified
	}
	return fails
}

// tooDear compares what people see: amounts rounded to the currency of display.
func tooDear(total, limit travel.Money, rates *fx.Table) bool {
	if !limit.Known() {
		return false
	}
	shown, ok := rates.Convert(total, limit.Currency)
	return !ok || shown.Minor > limit.Minor
}
