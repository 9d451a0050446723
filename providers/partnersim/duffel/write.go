package duffel

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// writer renders one answer.
type writer struct {
	*air
	req      *request
	now      time.Time
	lean     bool
	question rng.RNG
	people   []*passengerDoc
	places   map[*world.Airport]*PlaceDoc
	carriers map[*world.Carrier]*carrierDoc
}

// timeName is how the vendor writes instants.
const timeName = "2006-01-02T15:04:05.000000Z"

// render makes the whole document. exactly, if not zero, is the number of lean offers to make.
func (p *air) render(req *request, question rng.RNG, now time.Time, withOffers bool, exactly int) Document {
	w := &writer{
		air: p, req: req, now: now, lean: exactly > 0, question: p.RNG.Num(int64(question)),
		places: map[*world.Airport]*PlaceDoc{}, carriers: map[*world.Carrier]*carrierDoc{},
	}
	for i, pax := range req.passengers {
		w.people = append(w.people, w.passenger(i, pax))
	}
	doc := offerRequest{
		CreatedAt: now.Format(timeName), CabinClass: req.cabin, LiveMode: true, Passengers: w.people,
		ClientKey: "sim." + rng.ID("", w.question.Str("key"), 80), ID: rng.ID("orq_0000", w.question, 18),
	}
	for i, s := range req.Slices {
		origin, destination := w.asked(req.origins[i]), w.asked(req.destinations[i])
		doc.Slices = append(doc.Slices, requestedSlice{destination.Type, origin.Type, s.Date.String(), destination, origin})
	}
	if withOffers {
		trips := p.Trips(req.Ask, now, max(exactly, p.Seller.MaxOffers))
		if exactly > 0 {
			trips = world.ExactlyTrips(trips, exactly)
		} else {
			trips = w.bounded(trips)
		}
		offers := make([]OfferDoc, 0, len(trips))
		for i := range trips {
			offers = append(offers, w.offer(&trips[i]))
		}
		doc.Offers = &offers
	}
	return Document{doc}
}

// maxDuffelBytes is about the most that an answer has: many slices and passengers
// mean fewer offers, so that documents stay below what clients accept (8 MiB by default).
const maxDuffelBytes = 5 << 20

// bounded keeps the first trips whose offers, by an estimate of their sizes, fit into maxDuffelBytes.
func (w *writer) bounded(trips []world.Trip) []world.Trip {
	bytes, people := 0, len(w.people)
	for i, t := range trips {
		bytes += 1500 + 190*people
		for _, s := range t.Slices {
			bytes += 1700 + len(s.Legs)*(2500+330*people)
		}
		if bytes > maxDuffelBytes {
			return trips[:i]
		}
	}
	return trips
}

func (w *writer) passenger(i int, asked passengerAsked) *passengerDoc {
	kind := asked.Type
	if kind == nil {
		name := [3]string{"adult", "child", "infant_without_seat"}[w.req.Pax[i]]
		kind = &name
	}
	return &passengerDoc{
		FareType: asked.FareType, Loyalty: []string{}, FamilyName: asked.FamilyName, GivenName: asked.GivenName,
		Age: asked.Age, Type: kind, ID: rng.ID("pas_0000", w.question.Str("pax").Num(int64(i)), 18),
	}
}

func (w *writer) offer(t *world.Trip) OfferDoc {
	d := w.question.Num(int64(t.ID))
	total, taxes := world.InCurrency(t.Total, w.Seller.Currency), world.InCurrency(t.Taxes, w.Seller.Currency)
	base := travel.Money{Minor: total.Minor - taxes.Minor, Currency: total.Currency}
	cur := string(total.Currency)
	o := OfferDoc{
		Documents: []string{}, PrivateFares: []string{}, TaxCurrency: cur, BaseCurrency: cur, TotalCurrency: cur,
		TotalAmount: total.Decimal(), TaxAmount: taxes.Decimal(), BaseAmount: base.Decimal(),
		CreatedAt: w.now.Format(timeName), UpdatedAt: w.now.Format(timeName), LiveMode: true, Passengers: w.people,
		ExpiresAt: w.now.Add(30*time.Minute - time.Duration(d.Roll(300_000))*time.Millisecond).Format(timeName),
		Owner:     w.carrier(t.Seller), ID: rng.ID("off_0000", d, 18), Payment: w.payment(d.Str("pay")),
	}
	if !w.lean {
		o.IntendedPayment, o.Loyalty = &[]string{}, &[]string{}
	}
	grams := 0
	refund, change := world.Rule(world.ForFree), world.Rule(world.ForFree)
	for i := range t.Slices {
		s := &t.Slices[i]
		o.Slices = append(o.Slices, w.slice(s, d.Num(int64(i))))
		refund, change = world.Stricter(refund, s.Brand.Refund), world.Stricter(change, s.Brand.Change)
		for _, leg := range s.Legs {
			grams += leg.Km * 88 * len(w.people)
			if leg.From.Country != leg.To.Country {
				o.NeedsDocuments = true
			}
		}
	}
	if o.NeedsDocuments && !w.lean {
		o.Documents = []string{"passport"}
	}
	o.Emissions = strconv.Itoa(grams / 1000)
	o.Conditions = conditionsDoc{w.condition(refund, t, 90), w.condition(change, t, 60)}
	return o
}

func (w *writer) payment(d rng.RNG) paymentDoc {
	if w.lean || d.Chance(600) {
		return paymentDoc{Instant: true}
	}
	guarantee, by := w.now.Add(24*time.Hour).Format(timeName), w.now.Add(48*time.Hour).Format(timeName)
	return paymentDoc{Guarantee: &guarantee, By: &by}
}

// condition is a rule with its fee: some euros a passenger and slice.
func (w *writer) condition(r world.Rule, t *world.Trip, euros int64) *conditionDoc {
	if r == world.Unsaid {
		return nil
	}
	if r == world.Never {
		return &conditionDoc{}
	}
	fee := int64(0)
	if r == world.ForFee {
		fee = euros * 100 * int64(len(t.Slices)*len(w.people))
	}
	m := world.InCurrency(fee, w.Seller.Currency)
	cur, text := string(m.Currency), m.Decimal()
	return &conditionDoc{&cur, &text, true}
}

func (w *writer) slice(s *world.TripSlice, d rng.RNG) sliceDoc {
	out := sliceDoc{
		DestinationType: "airport", OriginType: "airport", Brand: s.Brand.Name, Duration: Duration(s.Minutes()),
		Destination: w.place(s.To()), Origin: w.place(s.From()), ID: rng.ID("sli_0000", d, 18),
	}
	if !w.lean {
		out.ComparisonKey = base64.StdEncoding.EncodeToString([]byte{byte(d), byte(d >> 8), byte(d >> 16), byte(d >> 24)})
		out.Shelf = 1 + s.Brand.Checked
		one := world.Trip{Slices: []world.TripSlice{*s}}
		out.Conditions = &sliceConditions{Seats: seatsOf(&s.Brand), Change: w.condition(s.Brand.Change, &one, 60)}
	}
	for i, leg := range s.Legs {
		out.Segments = append(out.Segments, w.segment(s, leg, d.Str("segment").Num(int64(i))))
	}
	return out
}

// seatsOf: a fare with a checked bag has a choice of seats too; one that leaves out its
// changes leaves this out as well.
func seatsOf(b *world.Brand) *bool {
	if b.Change == world.Unsaid {
		return nil
	}
	has := b.Checked > 0
	return &has
}

func (w *writer) segment(s *world.TripSlice, leg world.Sold, d rng.RNG) segmentDoc {
	out := segmentDoc{
		OriginTerminal: orNull(leg.FromTerm), DestinationTerminal: orNull(leg.Term), Stops: []string{},
		DepartingAt: leg.Dep.Format("2006-01-02T15:04:05"), ArrivingAt: leg.Arr.Format("2006-01-02T15:04:05"),
		Marketing: w.carrier(leg.By), MarketingNumber: w.number(leg.ByNumber), Duration: Duration(leg.Minutes()),
		Destination: w.place(leg.To), Origin: w.place(leg.From), ID: rng.ID("seg_0000", d, 18),
	}
	if !leg.OperatorUnsaid {
		out.Operating = w.carrier(leg.Carrier)
		if !leg.OpNumberUnsaid {
			out.OperatingNumber = orNull(w.number(leg.Number))
		}
	}
	if !w.lean && !w.RNG.Str("plane").Num(int64(leg.ID)).Chance(100) {
		out.Aircraft = &aircraft{leg.Plane.Code, leg.Plane.Name, rng.ID("arc_0000", rng.RNG(0).Str(leg.Plane.Code), 18)}
		out.Distance = orNull(fmt.Sprintf("%d.%d", leg.Km, leg.ID.Roll(10)))
	}
	cabin := s.CabinOn(leg)
	for _, who := range w.people {
		out.Passengers = append(out.Passengers, w.flyer(s.Brand, cabin, leg, who))
	}
	return out
}

// flyer is what one passenger has on one segment. One flight in twelve says nothing about bags.
func (w *writer) flyer(b world.Brand, cabin travel.Cabin, leg world.Sold, who *passengerDoc) segmentPassenger {
	name := world.CabinTitle[cabin]
	out := segmentPassenger{
		Baggages: []baggage{}, CabinName: name, Basis: world.FareBasis(b, leg), Passenger: who.ID, Class: string(cabin),
	}
	if !w.lean {
		out.Cabin = &cabinDoc{nil, name, string(cabin)}
	}
	if w.RNG.Str("bags").Num(int64(leg.ID)).Chance(920) && *who.Type != "infant_without_seat" {
		out.Baggages = []baggage{{b.Checked, "checked"}, {b.CabinBags, "carry_on"}}
	}
	return out
}

// number writes a flight number; some partners keep four digits with leading zeros.
func (w *writer) number(n int) string {
	if w.RNG.Str("zeros").Chance(250) {
		return fmt.Sprintf("%04d", n)
	}
	return strconv.Itoa(n)
}
