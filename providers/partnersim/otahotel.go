package partnersim

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"fanfare/providers/travel"
)

// otaHotel speaks OTA_HotelSearch, which finds properties, and OTA_HotelAvail, which prices
// them by their codes or around a point.
type otaHotel struct {
	*assortment
	codes *memo[string, *property] // of what it has listed
}

// otaHotelQuestion is a question that the vendor would accept.
type otaHotelQuestion struct {
	stay
	where *circle  // nil where codes are asked for
	codes []string // of HotelRefs
	most  int
}

// answer checks the request as the vendor does, and answers in the message's own kind.
func (p *otaHotel) answer(r *http.Request, question []byte, offers int) reply {
	root, wrap, e := otaMessage(p.assortment, r, question)
	if e != nil {
		return p.errors(wrap, "OTA_HotelAvailRS", *e)
	}
	now := p.w.moment()
	switch root.Local {
	case "OTA_HotelSearchRQ":
		return p.search(root, wrap, now, offers)
	case "OTA_HotelAvailRQ":
		return p.avail(root, wrap, now, offers)
	}
	return p.errors(wrap, "OTA_HotelAvailRS", errOTARoot)
}

func (p *otaHotel) errors(wrap ndcWrap, name string, errs ...otaError) reply {
	return otaErrors(p.assortment, wrap, name, "1.0", errs...)
}

// refusal is the vendor's document for a failure of its own.
func (p *otaHotel) refusal(question []byte, status int) reply {
	return p.errors(wrapOf(question), "OTA_HotelAvailRS", cmp.Or(otaFailures[status], errOTASystem))
}

// beside answers all but a question for rates.
func (p *otaHotel) beside(r *http.Request, question []byte) (reply, bool) {
	root, wrap, e := otaMessage(p.assortment, r, question)
	switch {
	case e != nil:
		return p.errors(wrap, "OTA_HotelAvailRS", *e), true
	case root.Local != "OTA_HotelAvailRQ":
		return p.answer(r, question, 0), true
	}
	return reply{}, false
}

// recorded is 200: OpenTravel's errors come with it.
func (p *otaHotel) recorded([]byte) int { return http.StatusOK }

// place reads criteria: a point with a radius, or references to hotels.
func (q *otaHotelQuestion) place(criteria []*xmlNode) *otaError {
	for _, c := range criteria {
		if code := c.kid("HotelRef").attrOr("HotelCode"); code != "" {
			q.codes = append(q.codes, code)
			continue
		}
		lat, err := strconv.ParseFloat(c.kid("Position").attrOr("Latitude"), 64)
		lon, err2 := strconv.ParseFloat(c.kid("Position").attrOr("Longitude"), 64)
		if err != nil || err2 != nil || lat < -90 || lat > 90 || lon < -180 || lon > 180 {
			e := otaWrong("A Criterion has neither a HotelRef nor a Position")
			return &e
		}
		km := 15.0
		if n, err := strconv.ParseFloat(c.kid("Radius").attrOr("Distance"), 64); err == nil && n > 0 {
			if km = n; c.kid("Radius").attrOr("UnitOfMeasureCode") == "1" {
				km = n * 1.609
			}
		}
		q.where = &circle{lat, lon, km}
	}
	if q.where == nil && len(q.codes) == 0 {
		e := otaMissing("Criterion")
		return &e
	}
	return nil
}

// dates reads a StayDateRange.
func (q *otaHotelQuestion) dates(n *xmlNode, now time.Time) *otaError {
	in, err := travel.ParseDate(n.attrOr("Start"))
	out, err2 := travel.ParseDate(n.attrOr("End"))
	if err != nil || err2 != nil || out <= in || in < travel.DateOf(now).AddDays(-1) {
		e := otaWrong("StayDateRange has no Start and End in order, or is in the past")
		return &e
	}
	q.in, q.out = in, out
	return nil
}

// guests reads a RoomStayCandidate.
func (q *otaHotelQuestion) guests(n *xmlNode) *otaError {
	wrong := func(text string) *otaError {
		e := otaWrong("%s", text)
		return &e
	}
	who := party{rooms: 1}
	if text := n.attrOr("Quantity"); text != "" {
		rooms, err := strconv.Atoi(text)
		if err != nil || rooms < 1 || rooms > 9 {
			return wrong("RoomStayCandidate@Quantity must be 1 to 9")
		}
		who.rooms = rooms
	}
	for _, g := range n.kid("GuestCounts").all("GuestCount") {
		count, err := strconv.Atoi(g.attr("Count"))
		if err != nil || count < 1 || count > 9 {
			return wrong("GuestCount@Count must be 1 to 9")
		}
		if g.attr("AgeQualifyingCode") == "10" {
			who.adults += count
			continue
		}
		age, err := strconv.Atoi(g.attr("Age"))
		if err != nil || age < 0 || age > 17 {
			return wrong("GuestCount of a child needs an Age of 0 to 17")
		}
		for range count {
			who.ages = append(who.ages, age)
		}
	}
	if who.adults < 1 {
		return wrong("RoomStayCandidate has no adult")
	}
	q.parties = append(q.parties, who)
	return nil
}

// code is the partner's own of a property.
func (p *otaHotel) code(prop *property) string {
	code := strconv.Itoa(p.dice.num(int64(prop.id)).str("code").between(10_000, 999_999_999))
	return p.codes.name(code, prop)
}

// properties are those asked for that the partner sells, nearest first.
func (p *otaHotel) properties(q *otaHotelQuestion, exactly int) []*property {
	var all []*property
	if q.where == nil {
		for _, code := range q.codes {
			if prop := p.codes.peek(code); prop != nil {
				all = append(all, prop)
			}
		}
		return all
	}
	limit := cmp.Or(exactly, min(p.spec.MaxOffers, q.most))
	for _, prop := range p.w.within(*q.where) {
		if len(all) == limit {
			break
		}
		if exactly > 0 || p.sells(staysMarket, prop.id) {
			all = append(all, prop)
		}
	}
	return all
}

// newOTAHotel is a partner that speaks the protocol and sells what the assortment has.
func newOTAHotel(a *assortment) protocol { return &otaHotel{a, newMemo[string, *property](200000)} }
