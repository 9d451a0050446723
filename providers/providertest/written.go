package providertest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// Written is an answer in lines, for golden files and comparisons: what people review.
func Written(a *travel.Answer) string {
	var b strings.Builder
	fmt.Fprintf(&b, "in %d kept %d", a.OffersIn, a.OffersKept())
	for _, counts := range []map[string]int{a.Drops, a.Notes} {
		b.WriteString(" |")
		for _, name := range slices.Sorted(maps.Keys(counts)) {
			fmt.Fprintf(&b, " %s %d", name, counts[name])
		}
	}
	b.WriteByte('\n')
	for i := range a.Offers {
		b.WriteString(Line(&a.Offers[i]))
	}
	for i := range a.Stays {
		p := &a.Stays[i].Property
		fmt.Fprintf(&b, "%s %q %v stars", p.ID, p.Name, p.Stars)
		if p.HasGeo {
			fmt.Fprintf(&b, " at %v,%v", p.Lat, p.Lon)
		}
		if extra := strings.Trim(p.Address+"; "+p.Chain, "; "); extra != "" {
			b.WriteString(" [" + extra + "]")
		}
		b.WriteString(identity(p))
		b.WriteByte('\n')
		for j := range a.Stays[i].Rates {
			b.WriteString(RateLine(&a.Stays[i].Rates[j]))
		}
	}
	return b.String()
}

// identity is what tells a property from others, and what guests say, as far as stated.
func identity(p *travel.Property) string {
	var b strings.Builder
	for _, fact := range [][2]string{{"city", p.City}, {"postcode", p.PostCode}, {"tel", p.Phone}, {"web", p.Website}, {"giata", p.GIATA}} {
		if fact[1] != "" {
			fmt.Fprintf(&b, " %s %q", fact[0], fact[1])
		}
	}
	if p.GuestScore > 0 {
		fmt.Fprintf(&b, " guests %v (%d)", p.GuestScore, p.GuestReviews)
	}
	return b.String()
}

// RateLine is a rate in a line.
func RateLine(r *travel.Rate) string {
	var b strings.Builder
	c := &r.Cancellation
	fmt.Fprintf(&b, "  - %s %q %s %q: %s (base %s, taxes %s%s, at the property %s) %q refundable %s", r.PartnerRef, r.Room, r.RoomCode, r.Board,
		r.Price.Total, r.Price.Base, r.Price.Taxes, fees(&r.Price), r.PayAtProperty, r.Payment, answered[c.Refundable])
	if !c.FreeUntil.IsZero() {
		b.WriteString(" free until " + c.FreeUntil.Format(time.RFC3339))
	}
	for _, s := range c.Steps {
		fmt.Fprintf(&b, " from %s %s", s.From.Format(time.RFC3339), s.Fee)
	}
	for _, room := range r.Rooms {
		fmt.Fprintf(&b, " %dx(%d+%v)", room.Count, room.Occupancy.Adults, room.Occupancy.ChildAges)
	}
	if r.RoomsLeft > 0 {
		fmt.Fprintf(&b, " left %d", r.RoomsLeft)
	}
	if !r.ExpiresAt.IsZero() {
		b.WriteString(" until " + r.ExpiresAt.Format(time.RFC3339Nano))
	}
	if r.Test {
		b.WriteString(" test")
	}
	return b.String() + "\n"
}

var answered = [...]string{"?", "no", "yes"}

// Line is an offer in a line, and each of its slices in another.
func Line(o *travel.Offer) string {
	var b strings.Builder
	f := &o.Fare
	bags := func(p travel.Pieces) string {
		if n, ok := p.Count(); ok {
			return fmt.Sprint(n)
		}
		return "?"
	}
	expires := ""
	if !o.ExpiresAt.IsZero() {
		expires = " until " + o.ExpiresAt.Format(time.RFC3339Nano)
	}
	fmt.Fprintf(&b, "%s by %s %q: %s (base %s, taxes %s%s) brand %q basis %q cabin %q bags %s+%s refund %s %s change %s %s seats %d%s\n", o.PartnerRef, o.Seller.Code, o.Seller.Name,
		o.Price.Total, o.Price.Base, o.Price.Taxes, fees(&o.Price), f.Brand, f.Basis, f.Cabin, bags(f.CabinBags), bags(f.CheckedBags), answered[f.Refundable], f.RefundFee, answered[f.Changeable], f.ChangeFee,
		o.SeatsLeft, expires)
	if f.CabinBagPrice.Known() || f.CheckedBagPrice.Known() {
		fmt.Fprintf(&b, "  a cabin bag %s, a checked bag %s\n", f.CabinBagPrice, f.CheckedBagPrice)
	}
	if f.Seat != travel.SeatUnknown {
		fmt.Fprintf(&b, "  seat %s\n", f.Seat)
	}
	if len(o.SelfTransfer) > 0 {
		fmt.Fprintf(&b, "  changes tickets before %v\n", o.SelfTransfer)
	}
	if o.Test {
		b.WriteString("  test\n")
	}
	for _, s := range o.Itinerary.Slices {
		b.WriteString("  -")
		for _, g := range s.Segments {
			fmt.Fprintf(&b, " %s/%s %s %s %s %s", g.Marketing, g.Operating, g.Origin, g.Departs, g.Destination, g.Arrives)
			if extra := strings.Trim(g.DepartureTerminal+","+g.ArrivalTerminal+","+g.Aircraft, ","); extra != "" {
				b.WriteString(" [" + extra + "]")
			}
			b.WriteByte(';')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// fees are those of a price that states some.
func fees(p *travel.Price) string {
	if !p.Fees.Known() {
		return ""
	}
	return ", fees " + p.Fees.String()
}
