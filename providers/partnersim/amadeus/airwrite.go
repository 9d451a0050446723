package amadeus

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// airWriter renders one answer.
type airWriter struct {
	*air
	q        *airAsk
	now      time.Time
	lean     bool
	question rng.RNG
	segments map[string]string // id of a flight in this document
	names    *Dictionaries
}

// render makes the whole document. exactly, if not zero, is the number of lean offers to make.
func (p *air) render(q *airAsk, question rng.RNG, now time.Time, exactly int) AirDoc {
	w := &airWriter{
		air: p, q: q, now: now, lean: exactly > 0, question: p.RNG.Num(int64(question)), segments: map[string]string{},
		names: &Dictionaries{map[string]location{}, map[string]string{}, map[string]string{}, map[string]string{}},
	}
	var trips []world.Trip
	if exactly > 0 {
		trips = world.ExactlyTrips(p.Trips(q.Ask, now, max(exactly, p.Seller.MaxOffers)), exactly)
	} else {
		trips = w.wanted(p.Trips(q.Ask, now, 2*maxOffers))
	}
	doc := AirDoc{Meta: meta{Count: len(trips)}, Data: []OfferDoc{}}
	if q.self != "" {
		doc.Meta.Links = &links{q.self}
	}
	for i := range trips {
		doc.Data = append(doc.Data, w.offer(&trips[i], strconv.Itoa(i+1)))
	}
	if len(trips) > 0 {
		doc.Dictionaries = w.names
	}
	return doc
}

// maxAmadeusBytes is about the most that an answer has, by an estimate of its offers.
const maxAmadeusBytes = 5 << 20

// wanted is the trips that the question lets through, cheapest first.
func (w *airWriter) wanted(trips []world.Trip) []world.Trip {
	trips = slices.DeleteFunc(slices.Clone(trips), func(t world.Trip) bool { return !w.fits(&t) })
	trips = trips[:min(len(trips), w.q.most, w.Seller.MaxOffers)]
	bytes := 0
	for i, t := range trips {
		bytes += 1000 + 300*len(w.q.Pax)
		for _, s := range t.Slices {
			bytes += len(s.Legs) * (450 + 230*len(w.q.Pax))
		}
		if bytes > maxAmadeusBytes {
			trips = trips[:i]
			break
		}
	}
	slices.SortStableFunc(trips, func(a, b world.Trip) int { return cmp.Compare(a.Total, b.Total) })
	return trips
}

// fits reports whether a trip is what the question's filters ask for. The bound of the price is one adult's.
func (w *airWriter) fits(t *world.Trip) bool {
	if total, _ := t.Each(world.Adult); w.q.maxPrice > 0 {
		bound := travel.Money{Minor: int64(w.q.maxPrice), Currency: w.q.currency}
		exponent, _ := w.q.currency.Exponent()
		for range exponent {
			bound.Minor *= 10
		}
		if world.InCurrency(total, w.q.currency).Minor > bound.Minor {
			return false
		}
	}
	for _, s := range t.Slices {
		if w.q.bagsOnly && s.Brand.Checked == 0 || w.q.refundableOnly && s.Brand.Refund < world.ForFee {
			return false
		}
		for _, leg := range s.Legs {
			code := string(leg.By.Code)
			if len(w.q.included) > 0 && !slices.Contains(w.q.included, code) || slices.Contains(w.q.excluded, code) {
				return false
			}
		}
	}
	return true
}

func (w *airWriter) offer(t *world.Trip, id string) OfferDoc {
	d := w.question.Num(int64(t.ID))
	first := travel.DateOf(t.Slices[0].Dep())
	today := travel.DateOf(w.now)
	o := OfferDoc{
		Type: "flight-offer", ID: id, Source: "GDS", Seats: min(9, max(seated(w.q.Pax), d.Str("seats").Between(1, 14))),
		LastTicketing: min(first, today.AddDays(d.Str("ticket").Between(0, 20))).String(), Validating: []string{string(t.Seller.Code)},
	}
	o.Instant = o.LastTicketing == today.String()
	if w.RNG.Str("until").Chance(500) && !w.lean {
		o.LastTicketingAt = o.LastTicketing + "T23:59:00"
	}
	refund, change, bags := world.Rule(world.ForFree), world.Rule(world.ForFree), true
	for i := range t.Slices {
		s := &t.Slices[i]
		o.Itineraries = append(o.Itineraries, w.itinerary(s))
		refund, change, bags = world.Stricter(refund, s.Brand.Refund), world.Stricter(change, s.Brand.Change), bags && s.Brand.Checked > 0
	}
	o.Options = pricingOptions{FareType: []string{"PUBLISHED"}, Bags: bags}
	if d.Str("fare").Chance(80) {
		o.Options.FareType[0] = "NEGOTIATED"
	}
	if refund != world.Unsaid && (w.q.rules || d.Str("rules").Chance(300)) {
		refundable, free, both := refund != world.Never, refund == world.ForFree, refund == world.ForFree && change == world.ForFree
		o.Options.Refundable, o.Options.NoPenalty, o.Options.Free = &refundable, &free, &both
	}
	if !w.lean && d.Str("fare rules").Chance(500) {
		o.Rules = w.rules(refund, change, len(t.Slices))
	}
	w.price(&o, t, d)
	return o
}

func seated(pax []world.PaxType) int {
	n := 0
	for _, p := range pax {
		if p != world.Infant {
			n++
		}
	}
	return n
}

// rules is what the fare costs to change or give back: at most so much a traveller.
func (w *airWriter) rules(refund, change world.Rule, slices int) *rulesDoc {
	out := &rulesDoc{}
	for _, r := range []struct {
		category string
		rule     world.Rule
		euros    int64
	}{{"EXCHANGE", change, 60}, {"REFUND", refund, 90}, {"REVALIDATION", change, 60}} {
		switch r.rule {
		case world.Unsaid:
		case world.Never:
			out.Rules = append(out.Rules, ruleDoc{Category: r.category, Never: true})
		case world.ForFee:
			fee := world.InCurrency(r.euros*100*int64(slices), w.q.currency)
			out.Rules = append(out.Rules, ruleDoc{Category: r.category, Penalty: fee.Decimal()})
		case world.ForFree:
			none := travel.Money{Currency: w.q.currency}
			out.Rules = append(out.Rules, ruleDoc{Category: r.category, Penalty: none.Decimal()})
		}
	}
	if len(out.Rules) == 0 {
		return nil
	}
	return out
}

func (w *airWriter) itinerary(s *world.TripSlice) itineraryDoc {
	out := itineraryDoc{Duration: duration(s.Minutes())}
	for _, leg := range s.Legs {
		out.Segments = append(out.Segments, w.segment(s, leg))
	}
	return out
}

func (w *airWriter) segment(s *world.TripSlice, leg world.Sold) segmentDoc {
	w.name(leg.From)
	w.name(leg.To)
	w.names.Carriers[string(leg.By.Code)] = strings.ToUpper(leg.By.Name)
	out := segmentDoc{
		Departure: endpoint{string(leg.From.Code), leg.FromTerm, local(leg.Dep)},
		Arrival:   endpoint{string(leg.To.Code), leg.Term, local(leg.Arr)},
		Carrier:   string(leg.By.Code), Number: strconv.Itoa(leg.ByNumber), Duration: duration(leg.Minutes()), ID: w.id(leg),
	}
	if !leg.OperatorUnsaid {
		out.Operating = &operating{string(leg.Carrier.Code)}
		w.names.Carriers[string(leg.Carrier.Code)] = strings.ToUpper(leg.Carrier.Name)
	}
	if w.lean {
		return out
	}
	out.Aircraft = &aircraft{leg.Plane.Code}
	w.names.Aircraft[leg.Plane.Code] = strings.ToUpper(leg.Plane.Name)
	if w.RNG.Str("co2").Num(int64(leg.ID)).Chance(300) {
		out.Emissions = []emission{{leg.Km * 88 / 1000, "KG", cabins[s.CabinOn(leg)]}}
	}
	return out
}

// id is that of a flight in this document: offers that share a flight share it.
func (w *airWriter) id(leg world.Sold) string {
	key := string(leg.By.Code) + strconv.Itoa(leg.ByNumber) + local(leg.Dep) + string(leg.From.Code)
	if w.segments[key] == "" {
		w.segments[key] = strconv.Itoa(len(w.segments) + 1)
	}
	return w.segments[key]
}

func (w *airWriter) name(a *world.Airport) {
	w.names.Locations[string(a.Code)] = location{string(a.Metro), string(a.Country)}
}
