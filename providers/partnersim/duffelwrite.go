package partnersim

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"fanfare/providers/travel"
)

// duffelWriter renders one answer.
type duffelWriter struct {
	*duffel
	req      *duffelRequest
	now      time.Time
	lean     bool
	question dice
	people   []*duffelPassenger
	places   map[*airport]*duffelPlace
	carriers map[*carrier]*duffelCarrier
}

// duffelTime is how the vendor writes instants.
const duffelTime = "2006-01-02T15:04:05.000000Z"

// render makes the whole document. exactly, if not zero, is the number of lean offers to make.
func (p *duffel) render(req *duffelRequest, question dice, now time.Time, withOffers bool, exactly int) duffelDoc {
	w := &duffelWriter{
		duffel: p, req: req, now: now, lean: exactly > 0, question: p.dice.num(int64(question)),
		places: map[*airport]*duffelPlace{}, carriers: map[*carrier]*duffelCarrier{},
	}
	for i, pax := range req.passengers {
		w.people = append(w.people, w.passenger(i, pax))
	}
	doc := duffelOfferRequest{
		CreatedAt: now.Format(duffelTime), CabinClass: req.cabin, LiveMode: true, Passengers: w.people,
		ClientKey: "sim." + duffelID("", w.question.str("key"), 80), ID: duffelID("orq_0000", w.question, 18),
	}
	for i, s := range req.slices {
		origin, destination := w.asked(req.origins[i]), w.asked(req.destinations[i])
		doc.Slices = append(doc.Slices, duffelRequestedSlice{destination.Type, origin.Type, s.date.String(), destination, origin})
	}
	if withOffers {
		trips := p.trips(req.ask, now, max(exactly, p.spec.MaxOffers))
		if exactly > 0 {
			trips = exactlyTrips(trips, exactly)
		} else {
			trips = w.bounded(trips)
		}
		offers := make([]duffelOffer, 0, len(trips))
		for i := range trips {
			offers = append(offers, w.offer(&trips[i]))
		}
		doc.Offers = &offers
	}
	return duffelDoc{doc}
}

// maxDuffelBytes is about the most that an answer has: many slices and passengers
// mean fewer offers, so that documents stay below what clients accept (8 MiB by default).
const maxDuffelBytes = 5 << 20

// bounded keeps the first trips whose offers, by an estimate of their sizes, fit into maxDuffelBytes.
func (w *duffelWriter) bounded(trips []trip) []trip {
	bytes, people := 0, len(w.people)
	for i, t := range trips {
		bytes += 1500 + 190*people
		for _, s := range t.slices {
			bytes += 1700 + len(s.legs)*(2500+330*people)
		}
		if bytes > maxDuffelBytes {
			return trips[:i]
		}
	}
	return trips
}

func (w *duffelWriter) passenger(i int, asked duffelPassengerAsked) *duffelPassenger {
	kind := asked.Type
	if kind == nil {
		name := [3]string{"adult", "child", "infant_without_seat"}[w.req.pax[i]]
		kind = &name
	}
	return &duffelPassenger{
		FareType: asked.FareType, Loyalty: []string{}, FamilyName: asked.FamilyName, GivenName: asked.GivenName,
		Age: asked.Age, Type: kind, ID: duffelID("pas_0000", w.question.str("pax").num(int64(i)), 18),
	}
}

func (w *duffelWriter) offer(t *trip) duffelOffer {
	d := w.question.num(int64(t.id))
	total, taxes := inCurrency(t.total, w.spec.Currency), inCurrency(t.taxes, w.spec.Currency)
	base := travel.Money{Minor: total.Minor - taxes.Minor, Currency: total.Currency}
	cur := string(total.Currency)
	o := duffelOffer{
		Documents: []string{}, PrivateFares: []string{}, TaxCurrency: cur, BaseCurrency: cur, TotalCurrency: cur,
		TotalAmount: total.Decimal(), TaxAmount: taxes.Decimal(), BaseAmount: base.Decimal(),
		CreatedAt: w.now.Format(duffelTime), UpdatedAt: w.now.Format(duffelTime), LiveMode: true, Passengers: w.people,
		ExpiresAt: w.now.Add(30*time.Minute - time.Duration(d.roll(300_000))*time.Millisecond).Format(duffelTime),
		Owner:     w.carrier(t.seller), ID: duffelID("off_0000", d, 18), Payment: w.payment(d.str("pay")),
	}
	if !w.lean {
		o.IntendedPayment, o.Loyalty = &[]string{}, &[]string{}
	}
	grams := 0
	refund, change := rule(forFree), rule(forFree)
	for i := range t.slices {
		s := &t.slices[i]
		o.Slices = append(o.Slices, w.slice(s, d.num(int64(i))))
		refund, change = stricter(refund, s.brand.Refund), stricter(change, s.brand.Change)
		for _, leg := range s.legs {
			grams += leg.km * 88 * len(w.people)
			if leg.from.Country != leg.to.Country {
				o.NeedsDocuments = true
			}
		}
	}
	if o.NeedsDocuments && !w.lean {
		o.Documents = []string{"passport"}
	}
	o.Emissions = strconv.Itoa(grams / 1000)
	o.Conditions = duffelConditions{w.condition(refund, t, 90), w.condition(change, t, 60)}
	return o
}

func (w *duffelWriter) payment(d dice) duffelPayment {
	if w.lean || d.chance(600) {
		return duffelPayment{Instant: true}
	}
	guarantee, by := w.now.Add(24*time.Hour).Format(duffelTime), w.now.Add(48*time.Hour).Format(duffelTime)
	return duffelPayment{Guarantee: &guarantee, By: &by}
}

// condition is a rule with its fee: some euros a passenger and slice.
func (w *duffelWriter) condition(r rule, t *trip, euros int64) *duffelCondition {
	if r == unsaid {
		return nil
	}
	if r == never {
		return &duffelCondition{}
	}
	fee := int64(0)
	if r == forFee {
		fee = euros * 100 * int64(len(t.slices)*len(w.people))
	}
	m := inCurrency(fee, w.spec.Currency)
	cur, text := string(m.Currency), m.Decimal()
	return &duffelCondition{&cur, &text, true}
}

func (w *duffelWriter) slice(s *tripSlice, d dice) duffelSlice {
	out := duffelSlice{
		DestinationType: "airport", OriginType: "airport", Brand: s.brand.Name, Duration: duffelDuration(s.minutes()),
		Destination: w.place(s.to()), Origin: w.place(s.from()), ID: duffelID("sli_0000", d, 18),
	}
	if !w.lean {
		out.ComparisonKey = base64.StdEncoding.EncodeToString([]byte{byte(d), byte(d >> 8), byte(d >> 16), byte(d >> 24)})
		out.Shelf = 1 + s.brand.Checked
		one := trip{slices: []tripSlice{*s}}
		out.Conditions = &duffelSliceConditions{Seats: seatsOf(&s.brand), Change: w.condition(s.brand.Change, &one, 60)}
	}
	for i, leg := range s.legs {
		out.Segments = append(out.Segments, w.segment(s, leg, d.str("segment").num(int64(i))))
	}
	return out
}

// seatsOf: a fare with a checked bag has a choice of seats too; one that leaves out its
// changes leaves this out as well.
func seatsOf(b *brand) *bool {
	if b.Change == unsaid {
		return nil
	}
	has := b.Checked > 0
	return &has
}

func (w *duffelWriter) segment(s *tripSlice, leg sold, d dice) duffelSegment {
	out := duffelSegment{
		OriginTerminal: orNull(leg.fromTerm), DestinationTerminal: orNull(leg.term), Stops: []string{},
		DepartingAt: leg.dep.Format("2006-01-02T15:04:05"), ArrivingAt: leg.arr.Format("2006-01-02T15:04:05"),
		Marketing: w.carrier(leg.by), MarketingNumber: w.number(leg.byNumber), Duration: duffelDuration(leg.minutes()),
		Destination: w.place(leg.to), Origin: w.place(leg.from), ID: duffelID("seg_0000", d, 18),
	}
	if !leg.operatorUnsaid {
		out.Operating = w.carrier(leg.carrier)
		if !leg.opNumberUnsaid {
			out.OperatingNumber = orNull(w.number(leg.number))
		}
	}
	if !w.lean && !w.dice.str("plane").num(int64(leg.id)).chance(100) {
		out.Aircraft = &duffelAircraft{leg.plane.Code, leg.plane.Name, duffelID("arc_0000", dice(0).str(leg.plane.Code), 18)}
		out.Distance = orNull(fmt.Sprintf("%d.%d", leg.km, leg.id.roll(10)))
	}
	cabin := s.cabinOn(leg)
	for _, who := range w.people {
		out.Passengers = append(out.Passengers, w.flyer(s.brand, cabin, leg, who))
	}
	return out
}

// flyer is what one passenger has on one segment. One flight in twelve says nothing about bags.
func (w *duffelWriter) flyer(b brand, cabin travel.Cabin, leg sold, who *duffelPassenger) duffelSegmentPassenger {
	name := cabinTitle[cabin]
	out := duffelSegmentPassenger{
		Baggages: []duffelBaggage{}, CabinName: name, Basis: fareBasis(b, leg), Passenger: who.ID, Class: string(cabin),
	}
	if !w.lean {
		out.Cabin = &duffelCabin{nil, name, string(cabin)}
	}
	if w.dice.str("bags").num(int64(leg.id)).chance(920) && *who.Type != "infant_without_seat" {
		out.Baggages = []duffelBaggage{{b.Checked, "checked"}, {b.CabinBags, "carry_on"}}
	}
	return out
}

// number writes a flight number; some partners keep four digits with leading zeros.
func (w *duffelWriter) number(n int) string {
	if w.dice.str("zeros").chance(250) {
		return fmt.Sprintf("%04d", n)
	}
	return strconv.Itoa(n)
}
