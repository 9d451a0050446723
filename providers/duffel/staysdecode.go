package duffel

import (
	"errors"
	"slices"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// DecodeStays reads a search, a search result with its rates, an accommodation, or a list
// of either, bare or within other objects, and applies the rules that need nothing but the
// document. A result or accommodation without rates has one, its cheapest. An error
// document, and one that is none of these, is a *fault.Error. It needs no atlas: Duffel's
// documents state positions, and instants with their offset.
func DecodeStays(body []byte, _ *places.Atlas) (travel.Answer, error) {
	found, err := decodeStays(body, nil)
	return found.answer, err
}

// staysFound is what a document said, and of which results it knows the cheapest rate only.
type staysFound struct {
	answer travel.Answer
	open   map[string]bool // ids of results
}

// cheapest is the positions of the limit cheapest stays whose rates are still to be fetched.
func (f *staysFound) cheapest(limit int) (at []int) {
	var prices []travel.Money
	for i, s := range f.answer.Stays {
		if len(s.Rates) == 1 && f.open[s.Rates[0].PartnerRef] {
			at = append(at, i)
			prices = append(prices, s.Rates[0].Price.Total)
		}
	}
	keep := assemble.Cheapest(prices, limit)
	n := -1
	return slices.DeleteFunc(at, func(int) bool { n++; return keep != nil && !keep[n] })
}

func decodeStays(body []byte, asked *travel.Query) (staysFound, error) {
	r := document.NewJSON(body)
	defer r.Close()
	r.SkipMark()
	d := staysDecoder{complaint: complaint{r: r}, asked: asked}
	d.readAny(0)
	if err := r.End(); err != nil {
		return staysFound{}, fault.New(fault.Malformed, err)
	}
	switch failed := d.failed(); {
	case failed && d.found.answer.OffersIn == 0:
		return staysFound{}, d.refused()
	case failed:
		d.found.answer.Note("partner_errors", 1)
	case !d.known:
		return staysFound{}, fault.New(fault.Malformed, errors.New("no accommodation with prices in the document, not even an empty list"))
	}
	assemble.LimitStays(&d.found.answer, assemble.MaxOffers)
	d.found.answer.Note("mistyped_values", r.Mistyped())
	return d.found, nil
}

// staysDecoder reads one document.
type staysDecoder struct {
	complaint
	asked *travel.Query // nil if nobody asked
	found staysFound
	known bool // the document had prices of accommodation, or a list of none
	read  int  // rates kept since the last bound

	rates    []travel.Rate // of the places being read; each takes its own off the end
	timeline []refund      // of the rate being read, as entries
	entries  []entry
}

// tellStayKeys are the keys by which an object is one to read, and not just around one.
var tellStayKeys = document.NewKeys("data", "results", "errors", "accommodation", "rooms", "location", "cheapest_rate_total_amount")

// maxWrappers is how many objects or lists may stand around what a document is about.
const maxWrappers = 5

func (d *staysDecoder) readAny(level int) {
	r := d.r
	if level > maxWrappers {
		return
	}
	switch r.Kind() {
	case '[':
		empty := true
		for a := r.Array(); a.Next(); {
			empty = false
			d.readAny(level + 1)
		}
		d.known = d.known || empty
	case '{':
		mark := r.Mark()
		o := r.Object(tellStayKeys)
		tells := o.Next()
		if r.Err() != nil {
			return
		}
		r.Rewind(mark)
		if tells {
			d.readPlace(level)
			return
		}
		for m := r.Members(); m.Next(); {
			if r.Kind() != '[' { // a list in an object that we do not know may be of anything
				d.readAny(level + 1)
				continue
			}
			for a := r.Array(); a.Next(); {
				d.readAny(level + 2)
			}
		}
	default:
		r.Skip()
	}
}

// place is a search result, or an accommodation by itself.
type place struct {
	id                string // of the result
	stay              travel.Stay
	cheap             [2]cheapest // of the result, and of the accommodation in it
	count             int         // rooms
	guests            travel.Occupancy
	expires           time.Time
	checkIn, checkOut travel.Date
	priced            bool // rates, or a cheapest one, are stated, if only in part
	accommodation     bool
	score             float64 // of ten, what guests give
	reviews           int
	from, rates       int // the first in d.rates; how many were read, kept or not
}

// cheapest is the cheapest rate of a result, as views but for currencies.
type cheapest struct{ total, currency, base, baseCurrency, due, dueCurrency string }

const (
	stayID = iota
	stayName
	stayRating
	stayLocation
	stayChain
	stayRooms
	stayGuests
	stayAccommodation
	stayExpiresAt
	stayCheckInDate
	stayCheckOutDate
	stayCheapestRateTotalAmount
	stayCheapestRateCurrency
	stayCheapestRateTotalCurrency
	stayCheapestRateBaseAmount
	stayCheapestRateBaseCurrency
	stayCheapestRateDueAtAccommodationAmount
	stayCheapestRateDueAtAccommodationCurrency
	stayData
	stayResults
	stayErrors
	stayMeta
	stayPhoneNumber
	stayReviewScore
	stayReviewCount
)

var stayKeys = document.NewKeys([]string{
	stayID: "id", stayName: "name", stayRating: "rating", stayLocation: "location", stayChain: "chain", stayRooms: "rooms",
	stayGuests: "guests", stayAccommodation: "accommodation", stayExpiresAt: "expires_at", stayCheckInDate: "check_in_date",
	stayCheckOutDate: "check_out_date", stayCheapestRateTotalAmount: "cheapest_rate_total_amount",
	stayCheapestRateCurrency: "cheapest_rate_currency", stayCheapestRateTotalCurrency: "cheapest_rate_total_currency",
	stayCheapestRateBaseAmount: "cheapest_rate_base_amount", stayCheapestRateBaseCurrency: "cheapest_rate_base_currency",
	stayCheapestRateDueAtAccommodationAmount:   "cheapest_rate_due_at_accommodation_amount",
	stayCheapestRateDueAtAccommodationCurrency: "cheapest_rate_due_at_accommodation_currency", stayData: "data", stayResults: "results",
	stayErrors: "errors", stayMeta: "meta", stayPhoneNumber: "phone_number", stayReviewScore: "review_score",
	stayReviewCount: "review_count",
}...)

// readPlace reads an object that is, or holds, accommodation.
func (d *staysDecoder) readPlace(level int) {
	p := place{from: len(d.rates)}
	defer func() { d.rates = d.rates[:p.from] }()
	d.readInto(&p, 0, level)
	if d.r.Err() != nil || !p.accommodation && !p.priced {
		return
	}
	if !p.accommodation {
		p.stay.Property.ID = p.id
	}
	p.stay.Property.SetGuests(p.score, 10, p.reviews)
	d.keep(&p)
}

// readInto reads a result into p, and with inner 1 the accommodation in it.
func (d *staysDecoder) readInto(p *place, inner, level int) {
	r := d.r
	c := &p.cheap[inner]
	for o := r.Object(stayKeys); o.Next(); {
		switch o.Key() {
		case stayID:
			if inner == 1 {
				p.stay.Property.ID = r.Text()
			} else {
				p.id = r.Text()
			}
		case stayName:
			p.stay.Property.Name = r.Name()
		case stayRating:
			if stars, ok := r.Float(); ok && stars >= 0.5 && stars <= 5 {
				p.stay.Property.Stars = stars
			}
		case stayLocation:
			d.readLocation(&p.stay.Property)
		case stayChain:
			for n := r.Object(nameKeys); n.Next(); {
				p.stay.Property.Chain = r.Name()
			}
		case stayRooms:
			d.readRooms(p)
		case stayGuests:
			d.readGuests(p)
		case stayAccommodation:
			if inner == 0 && r.Kind() == '{' {
				p.accommodation = true
				d.readInto(p, 1, level+1)
			}
		case stayExpiresAt:
			p.expires = document.ParseInstant(r.View())
		case stayCheckInDate:
			p.checkIn, _ = travel.ParseDate(r.View())
		case stayCheckOutDate:
			p.checkOut, _ = travel.ParseDate(r.View())
		case stayCheapestRateTotalAmount:
			c.total = r.View()
			p.priced = p.priced || c.total != ""
		case stayCheapestRateCurrency, stayCheapestRateTotalCurrency:
			if currency := r.Intern(); currency != "" {
				c.currency = currency
			}
		case stayCheapestRateBaseAmount:
			c.base = r.View()
		case stayCheapestRateBaseCurrency:
			c.baseCurrency = r.Intern()
		case stayCheapestRateDueAtAccommodationAmount:
			c.due = r.View()
		case stayCheapestRateDueAtAccommodationCurrency:
			c.dueCurrency = r.Intern()
		case stayData, stayResults:
			d.readAny(level + 1)
		case stayErrors:
			d.readErrors()
		case stayMeta:
			d.readMeta()
		case stayPhoneNumber:
			p.stay.Property.Phone = r.Name()
		case stayReviewScore:
			if score, ok := r.Float(); ok {
				p.score = score
			}
		case stayReviewCount:
			p.reviews, _ = r.Int()
		}
	}
}

// keep adds a place with its rates, once all of it is known.
func (d *staysDecoder) keep(p *place) {
	d.known = d.known || p.priced || p.accommodation
	a := &d.found.answer
	if p.rates == 0 && (p.cheap[0].total != "" || p.cheap[1].total != "") {
		d.keepCheapest(p)
	}
	rates := d.rates[p.from:]
	rooms := d.rooms(p)
	for i := range rates {
		r := &rates[i]
		r.Rooms = rooms
		if r.ExpiresAt.IsZero() {
			r.ExpiresAt = p.expires
		}
	}
	if q := d.asked; q != nil && (p.checkIn != 0 && p.checkIn != q.CheckIn || p.checkOut != 0 && p.checkOut != q.CheckOut) {
		a.Drop(travel.RuleWrongDate, len(rates))
		return
	}
	if len(rates) == 0 {
		return
	}
	p.stay.Rates = slices.Clone(rates)
	a.Stays = append(a.Stays, p.stay)
	if d.read += len(p.stay.Rates); d.read > 2*assemble.MaxOffers { // so that a document of tiny rates stays small in memory
		assemble.LimitStays(a, assemble.MaxOffers)
		d.read = assemble.MaxOffers
	}
}
