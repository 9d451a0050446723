package ota

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// hotel speaks OTA_HotelSearch, which finds properties, and OTA_HotelAvail, which prices
// them by their codes or around a point.
type hotel struct {
	*world.Inventory
	codes *world.Memo[string, *world.Property] // of what it has listed
}

// hotelQuestion is a question that the vendor would accept.
type hotelQuestion struct {
	world.StayAsk
	where *world.Circle // nil where codes are asked for
	codes []string      // of HotelRefs
	most  int
}

// Answer checks the request as the vendor does, and answers in the message's own kind.
func (p *hotel) Answer(r *http.Request, question []byte, offers int) exchange.Reply {
	root, wrap, e := asMessage(p.Inventory, r, question)
	if e != nil {
		return p.errors(wrap, "OTA_HotelAvailRS", *e)
	}
	now := p.World.Moment()
	switch root.Local {
	case "OTA_HotelSearchRQ":
		return p.search(root, wrap, now, offers)
	case "OTA_HotelAvailRQ":
		return p.avail(root, wrap, now, offers)
	}
	return p.errors(wrap, "OTA_HotelAvailRS", errRoot)
}

func (p *hotel) errors(wrap exchange.Envelope, name string, errs ...errorDoc) exchange.Reply {
	return asErrors(p.Inventory, wrap, name, "1.0", errs...)
}

// Refusal is the vendor's document for a failure of its own.
func (p *hotel) Refusal(question []byte, status int) exchange.Reply {
	return p.errors(exchange.WrapOf(question), "OTA_HotelAvailRS", cmp.Or(failures[status], errSystem))
}

// OtherEndpoint answers all but a question for rates.
func (p *hotel) OtherEndpoint(r *http.Request, question []byte) (exchange.Reply, bool) {
	root, wrap, e := asMessage(p.Inventory, r, question)
	switch {
	case e != nil:
		return p.errors(wrap, "OTA_HotelAvailRS", *e), true
	case root.Local != "OTA_HotelAvailRQ":
		return p.Answer(r, question, 0), true
	}
	return exchange.Reply{}, false
}

// ReplayStatus is 200: OpenTravel's errors come with it.
func (p *hotel) ReplayStatus([]byte) int { return http.StatusOK }

// place reads criteria: a point with a radius, or references to hotels.
func (q *hotelQuestion) place(criteria []*exchange.XMLNode) *errorDoc {
	for _, c := range criteria {
		if code := c.Kid("HotelRef").AttrOr("HotelCode"); code != "" {
			q.codes = append(q.codes, code)
			continue
		}
		lat, err := strconv.ParseFloat(c.Kid("Position").AttrOr("Latitude"), 64)
		lon, err2 := strconv.ParseFloat(c.Kid("Position").AttrOr("Longitude"), 64)
		if err != nil || err2 != nil || lat < -90 || lat > 90 || lon < -180 || lon > 180 {
			e := asWrong("A Criterion has neither a HotelRef nor a Position")
			return &e
		}
		km := 15.0
		if n, err := strconv.ParseFloat(c.Kid("Radius").AttrOr("Distance"), 64); err == nil && n > 0 {
			if km = n; c.Kid("Radius").AttrOr("UnitOfMeasureCode") == "1" {
				km = n * 1.609
			}
		}
		q.where = &world.Circle{Lat: lat, Lon: lon, Km: km}
	}
	if q.where == nil && len(q.codes) == 0 {
		e := missing("Criterion")
		return &e
	}
	return nil
}

// dates reads a StayDateRange.
func (q *hotelQuestion) dates(n *exchange.XMLNode, now time.Time) *errorDoc {
	in, err := travel.ParseDate(n.AttrOr("Start"))
	out, err2 := travel.ParseDate(n.AttrOr("End"))
	if err != nil || err2 != nil || out <= in || in < travel.DateOf(now).AddDays(-1) {
		e := asWrong("StayDateRange has no Start and End in order, or is in the past")
		return &e
	}
	q.In, q.Out = in, out
	return nil
}

// guests reads a RoomStayCandidate.
func (q *hotelQuestion) guests(n *exchange.XMLNode) *errorDoc {
	wrong := func(text string) *errorDoc {
		e := asWrong("%s", text)
		return &e
	}
	who := world.Party{Rooms: 1}
	if text := n.AttrOr("Quantity"); text != "" {
		rooms, err := strconv.Atoi(text)
		if err != nil || rooms < 1 || rooms > 9 {
			return wrong("RoomStayCandidate@Quantity must be 1 to 9")
		}
		who.Rooms = rooms
	}
	for _, g := range n.Kid("GuestCounts").All("GuestCount") {
		count, err := strconv.Atoi(g.Attr("Count"))
		if err != nil || count < 1 || count > 9 {
			return wrong("GuestCount@Count must be 1 to 9")
		}
		if g.Attr("AgeQualifyingCode") == "10" {
			who.Adults += count
			continue
		}
		age, err := strconv.Atoi(g.Attr("Age"))
		if err != nil || age < 0 || age > 17 {
			return wrong("GuestCount of a child needs an Age of 0 to 17")
		}
		for range count {
			who.Ages = append(who.Ages, age)
		}
	}
	if who.Adults < 1 {
		return wrong("RoomStayCandidate has no adult")
	}
	q.Parties = append(q.Parties, who)
	return nil
}

// code is the partner's own of a property.
func (p *hotel) code(prop *world.Property) string {
	code := strconv.Itoa(p.RNG.Num(int64(prop.ID)).Str("code").Between(10_000, 999_999_999))
	return p.codes.Name(code, prop)
}

// properties are those asked for that the partner sells, nearest first.
func (p *hotel) properties(q *hotelQuestion, exactly int) []*world.Property {
	var all []*world.Property
	if q.where == nil {
		for _, code := range q.codes {
			if prop := p.codes.Peek(code); prop != nil {
				all = append(all, prop)
			}
		}
		return all
	}
	limit := cmp.Or(exactly, min(p.Seller.MaxOffers, q.most))
	for _, prop := range p.World.Within(*q.where) {
		if len(all) == limit {
			break
		}
		if exactly > 0 || p.Sells(world.StaysMarket, prop.ID) {
			all = append(all, prop)
		}
	}
	return all
}

// NewHotel is a partner that speaks the protocol and sells what the inventory has.
func NewHotel(a *world.Inventory) exchange.Protocol {
	return &hotel{a, world.NewMemo[string, *world.Property](200000)}
}
