package api

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fanfare/aggregator/page"
	"fanfare/providers/travel"
)

// Link is another result that may be the same trip, and why it stands apart.
type Link struct {
	ID  string `json:"id"`
	Why string `json:"why" enum:"schedule_conflict,probable_codeshare" doc:"The partners' times of one flight are over 15 minutes apart; or the times are equal and nobody says that one airline sells the other's flight."`
}

func linksOf(links []travel.Link) []Link {
	var out []Link
	for _, l := range links {
		out = append(out, Link{l.ID, string(l.Why)})
	}
	return out
}

// Combination says how a result is put together from several tickets, and what that means
// for who buys them.
type Combination struct {
	Kind    string `json:"kind" enum:"separate_tickets,self_transfer" doc:"One ticket for each slice, or tickets that change within a slice."`
	Tickets int    `json:"tickets"`
	Risk    string `json:"risk" doc:"What the traveller has to know, in words."`
}

// Ticket is one of the tickets that a combination is made of: an offer of one partner.
type Ticket struct {
	ID          string           `json:"id"`
	Partner     string           `json:"partner"`
	Seller      Seller           `json:"seller"`
	Origin      string           `json:"origin"`
	Destination string           `json:"destination"`
	Departs     travel.LocalTime `json:"departs"`
	Arrives     travel.LocalTime `json:"arrives"`
	Marketing   []string         `json:"marketing" doc:"The flight numbers that this ticket is sold under."`
	Price       Price            `json:"price"`
	Fare        Fare             `json:"fare"`
	SeatsLeft   *int             `json:"seats_left" null:"true"`
	ExpiresAt   Instant          `json:"expires_at" null:"true"`
	Go          *string          `json:"go" null:"true"`
}

const (
	separateTickets = "separate_tickets"
	selfTransfer    = "self_transfer"
)

// combination describes a result of several tickets, nil for one of one.
func (r *renderer) combination(result *travel.Result) *Combination {
	if !result.Combined() {
		return nil
	}
	c := &Combination{Kind: separateTickets, Tickets: len(result.Quotes[0].Parts)}
	for _, segments := range result.Slices {
		for i := 1; i < len(segments); i++ {
			if slices.Contains(result.SelfTransfer, position(result, segments, i)) {
				c.Kind, c.Risk = selfTransfer, r.transferRisk(&segments[i-1].Segment, &segments[i].Segment)
				return c
			}
		}
	}
	c.Risk = separateRisk(result)
	return c
}

// position is that of segments[i] over all slices of the result.
func position(result *travel.Result, segments []travel.ResultSegment, i int) int {
	n := i
	for _, before := range result.Slices {
		if &before[0] == &segments[0] {
			break
		}
		n += len(before)
	}
	return n
}

// transferRisk is what changing tickets between two flights means.
func (r *renderer) transferRisk(in, out *travel.Segment) string {
	var b strings.Builder
	b.WriteString("Two separate tickets: if the first flight is late the second airline does not have to help you. ")
	fmt.Fprintf(&b, "Collect and check in your bags again at %s", r.named(out.Origin))
	if in.Destination != out.Origin {
		fmt.Fprintf(&b, ", after going there from %s", r.named(in.Destination))
	}
	b.WriteString(".")
	if !r.sameCountry(in.Origin, in.Destination) || !r.sameCountry(out.Origin, out.Destination) {
		b.WriteString(" You enter the country there: check whether you need a visa.")
	}
	return b.String()
}

// closeTurn is within how long after an arrival a delay can cost the next ticket's flight.
const closeTurn = 24 * time.Hour

// separateRisk is what a ticket for each slice means.
func separateRisk(result *travel.Result) string {
	words := "Two separate tickets, one for each direction: "
	if n := len(result.Slices); n > 2 {
		words = fmt.Sprintf("%d separate tickets, one for each flight of the trip: ", n)
	}
	words += "each has its own rules for bags, changes and refunds. If one is changed or cancelled, by you or by the airline, nobody has to change or refund the other."
	for i := 1; i < len(result.Slices); i++ {
		before := result.Slices[i-1]
		if result.Slices[i][0].Departs.Sub(before[len(before)-1].Arrives) < closeTurn {
			return words + " If the first flight is late the second airline does not have to help you."
		}
	}
	return words
}

func (r *renderer) named(code travel.Airport) string {
	if a, ok := r.atlas.Airport(code); ok {
		return fmt.Sprintf("%s (%s)", a.Name, code)
	}
	return string(code)
}

func (r *renderer) sameCountry(x, y travel.Airport) bool {
	a, known := r.atlas.Airport(x)
	b, other := r.atlas.Airport(y)
	return known && other && a.Country == b.Country
}

// tickets are the parts of a combination, nil for an offer on one ticket.
func tickets(p *page.Flights, q *travel.Quote) []Ticket {
	var out []Ticket
	for i := range q.Parts {
		part := &q.Parts[i]
		o := part.Offer
		s := &o.Itinerary.Slices[0]
		out = append(out, Ticket{
			ID: part.ID, Partner: part.Partner, Seller: SellerOf(o.Seller), Marketing: marketing(&o.Itinerary),
			Origin: string(s.Origin()), Destination: string(s.Destination()), Departs: s.Departs(), Arrives: s.Arrives(),
			Price: quotePrice(&p.Paging, part), Fare: FareOf(&o.Fare, p.Amount),
			SeatsLeft: Positive(o.SeatsLeft), ExpiresAt: Instant{o.ExpiresAt},
		})
	}
	return out
}

// transfers reports whether the traveller changes tickets on the way: of a combination only
// within a slice, as a ticket for each direction is no transfer.
func transfers(q *travel.Quote) bool {
	if q.Parts == nil {
		return len(q.Offer.SelfTransfer) > 0
	}
	return len(q.Offer.Itinerary.Slices) < len(q.Parts)
}
