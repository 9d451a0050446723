package kiwi

import (
	"errors"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Decode reads the answer of a search, of release 1 or 2, or its offers alone, and applies the rules that need
// nothing but the document. An error document, and one that is no such answer, is a
// *fault.Error. atlas may be nil: places.Default.
func Decode(body []byte, atlas *places.Atlas) (travel.Answer, error) {
	a, seats, err := decode(body, atlas)
	bagsForAll(a.Offers, seats.adults+seats.children)
	return a, err
}

func decode(body []byte, atlas *places.Atlas) (travel.Answer, seats, error) {
	atlas = places.OrDefault(atlas)
	r := document.NewJSON(body)
	defer r.Close()
	d := decoder{r: r, atlas: atlas}
	done := assemble.PooledOffers(&d.answer)
	err := d.document()
	assemble.LimitOffers(&d.answer, assemble.MaxOffers)
	if done(); err != nil {
		return travel.Answer{}, seats{}, err
	}
	d.answer.Note("mistyped_values", d.mistyped)
	return d.answer, d.seats, nil
}

// seats is who a document says that it is for; all zero if it does not.
type seats struct{ adults, children, infants int }

// others reports whether the document says that it is for another party than p.
func (s seats) others(p travel.Passengers) bool {
	adults, children, infants := party(p)
	return s != seats{} && s != seats{adults, children, infants}
}

// decoder reads one document. Its slices are reused from offer to offer; what is kept is
// copied out of them.
type decoder struct {
	r        *document.JSON
	atlas    *places.Atlas
	answer   travel.Answer
	currency string
	seats    seats
	refusal  refusal

	data     bool // the document has a list of offers
	listed   int  // what stands in it
	offers   int  // of those: that have a route
	mistyped int

	legs        []leg
	tooMuch     bool // more of them than are read
	segments    []travel.Segment
	counts      []int // segments of each slice
	routes      [][2]string
	times       [directions]float64 // stated durations of the directions in seconds, 0 is none
	timeRule    string
	conversions []conversion
	differs     bool // an offset is not that of our table
	cut         []travel.Slice
	cabinOf     []travel.Cabin
	basisOf     []string
	shared      assemble.Shared
}

const (
	rootData = iota
	rootCurrency
	rootSearchParams
	rootMessage
	rootError
	rootErrors
	rootDetail
	rootErrorCode
	rootStatusCode
	rootStatusCodeCamel
)

var rootKeys = document.NewKeys([]string{
	rootData: "data", rootCurrency: "currency", rootSearchParams: "search_params", rootMessage: "message", rootError: "error",
	rootErrors: "errors", rootDetail: "detail", rootErrorCode: "error_code", rootStatusCode: "status_code",
	rootStatusCodeCamel: "statusCode",
}...)

const (
	tellRoute = iota
	tellData
	tellCurrency
	tellSearchParams
	tellMessage
	tellError
	tellErrors
	tellDetail
)

var tellKeys = document.NewKeys([]string{
	tellRoute: "route", tellData: "data", tellCurrency: "currency", tellSearchParams: "search_params", tellMessage: "message",
	tellError: "error", tellErrors: "errors", tellDetail: "detail",
}...)

var paramsKeys = document.NewKeys("seats")

const (
	seatsAdults = iota
	seatsChildren
	seatsInfants
)

var seatsKeys = document.NewKeys([]string{seatsAdults: "adults", seatsChildren: "children", seatsInfants: "infants"}...)

func (d *decoder) document() error {
	r := d.r
	if r.SkipMark(); r.First(tellKeys) == tellRoute {
		d.data = true
		d.readOffers()
		d.mistyped = r.Mistyped()
	} else {
		d.readRoot()
	}
	if err := r.End(); err != nil {
		return fault.New(fault.Malformed, err)
	}
	switch {
	case d.refusal.said() && d.answer.OffersIn == 0:
		return d.refusal.fault()
	case d.refusal.said():
		d.answer.Note("partner_errors", 1)
	case !d.data:
		return fault.New(fault.Malformed, errors.New("no offers in the document, not even an empty list"))
	case d.listed > 0 && d.offers == 0:
		return fault.New(fault.Malformed, errors.New("what the document lists are no offers with a route"))
	}
	return nil
}

// readRoot reads the offers when it knows what their prices are in, which may stand
// behind them.
func (d *decoder) readRoot() {
	r := d.r
	var data document.Mark
	later := false
	for o := r.Unwrap(rootKeys); o.Next(); {
		switch o.Key() {
		case rootData:
			d.data = r.Kind() == '[' || r.Kind() == '{'
			if later = d.currency == ""; later {
				data = r.Mark()
			} else {
				d.readOffers()
			}
		case rootCurrency:
			d.currency = r.Intern()
		case rootSearchParams:
			for p := r.Object(paramsKeys); p.Next(); {
				d.readSeats()
			}
		case rootMessage, rootError, rootErrors, rootDetail:
			d.refusal.readWords(r, 0)
		case rootErrorCode, rootStatusCode, rootStatusCodeCamel:
			if n, ok := r.Int(); ok {
				d.refusal.status = n
			}
		}
	}
	d.mistyped = r.Mistyped()
	if later && r.Err() == nil {
		behind := r.Mark()
		r.Rewind(data)
		ahead := r.Mistyped()
		d.readOffers()
		d.mistyped += r.Mistyped() - ahead
		if r.Err() == nil {
			r.Rewind(behind)
		}
	}
}

func (d *decoder) readSeats() {
	r := d.r
	for o := r.Object(seatsKeys); o.Next(); {
		n, _ := r.Int()
		switch o.Key() {
		case seatsAdults:
			d.seats.adults = n
		case seatsChildren:
			d.seats.children = n
		case seatsInfants:
			d.seats.infants = n
		}
	}
}

func (d *decoder) readOffers() {
	for a := d.r.Array(); a.Next(); {
		d.readOffer()
		assemble.TrimOffers(&d.answer, assemble.MaxOffers)
	}
}
