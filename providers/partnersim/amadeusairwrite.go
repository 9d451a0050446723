package partnersim

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// amadeusAirWriter renders one answer.
type amadeusAirWriter struct {
	*amadeusAir
	q        *amadeusAirAsk
	now      time.Time
	lean     bool
	question dice
	segments map[string]string // id of a flight in this document
	names    *amadeusDictionaries
}

// render makes the whole document. exactly, if not zero, is the number of lean offers to make.
func (p *amadeusAir) render(q *amadeusAirAsk, question dice, now time.Time, exactly int) amadeusAirDoc {
	w := &amadeusAirWriter{
		amadeusAir: p, q: q, now: now, lean: exactly > 0, question: p.dice.num(int64(question)), segments: map[string]string{},
		names: &amadeusDictionaries{map[string]amadeusLocation{}, map[string]string{}, map[string]string{}, map[string]string{}},
	}
	var trips []trip
	if exactly > 0 {
		trips = exactlyTrips(p.trips(q.ask, now, max(exactly, p.spec.MaxOffers)), exactly)
	} else {
		trips = w.wanted(p.trips(q.ask, now, 2*amadeusMaxOffers))
	}
	doc := amadeusAirDoc{Meta: amadeusMeta{Count: len(trips)}, Data: []amadeusOffer{}}
	if q.self != "" {
		doc.Meta.Links = &amadeusLinks{q.self}
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
func (w *amadeusAirWriter) wanted(trips []trip) []trip {
	trips = slices.DeleteFunc(slices.Clone(trips), func(t trip) bool { return !w.fits(&t) })
	trips = trips[:min(len(trips), w.q.most, w.spec.MaxOffers)]
	bytes := 0
	for i, t := range trips {
		bytes += 1000 + 300*len(w.q.pax)
		for _, s := range t.slices {
			bytes += len(s.legs) * (450 + 230*len(w.q.pax))
		}
		if bytes > maxAmadeusBytes {
			trips = trips[:i]
			break
		}
	}
	slices.SortStableFunc(trips, func(a, b trip) int { return cmp.Compare(a.total, b.total) })
	return trips
}

// fits tells whether a trip is what the question's filters ask for. The bound of the price is one adult's.
func (w *amadeusAirWriter) fits(t *trip) bool {
	if total, _ := t.each(adult); w.q.maxPrice > 0 {
		bound := travel.Money{Minor: int64(w.q.maxPrice), Currency: w.q.currency}
		exponent, _ := w.q.currency.Exponent()
		for range exponent {
			bound.Minor *= 10
		}
		if inCurrency(total, w.q.currency).Minor > bound.Minor {
			return false
		}
	}
	for _, s := range t.slices {
		if w.q.bagsOnly && s.brand.Checked == 0 || w.q.refundableOnly && s.brand.Refund < forFee {
			return false
		}
		for _, leg := range s.legs {
			code := string(leg.by.Code)
			if len(w.q.included) > 0 && !slices.Contains(w.q.included, code) || slices.Contains(w.q.excluded, code) {
				return false
			}
		}
	}
	return true
}

func (w *amadeusAirWriter) offer(t *trip, id string) amadeusOffer {
	d := w.question.num(int64(t.id))
	first := travel.DateOf(t.slices[0].dep())
	today := travel.DateOf(w.now)
	o := amadeusOffer{
		Type: "flight-offer", ID: id, Source: "GDS", Seats: min(9, max(seated(w.q.pax), d.str("seats").between(1, 14))),
		LastTicketing: min(first, today.AddDays(d.str("ticket").between(0, 20))).String(), Validating: []string{string(t.seller.Code)},
	}
	o.Instant = o.LastTicketing == today.String()
	if w.dice.str("until").chance(500) && !w.lean {
		o.LastTicketingAt = o.LastTicketing + "T23:59:00"
	}
	refund, change, bags := rule(forFree), rule(forFree), true
	for i := range t.slices {
		s := &t.slices[i]
		o.Itineraries = append(o.Itineraries, w.itinerary(s))
		refund, change, bags = stricter(refund, s.brand.Refund), stricter(change, s.brand.Change), bags && s.brand.Checked > 0
	}
	o.Options = amadeusPricingOptions{FareType: []string{"PUBLISHED"}, Bags: bags}
	if d.str("fare").chance(80) {
		o.Options.FareType[0] = "NEGOTIATED"
	}
	if refund != unsaid && (w.q.rules || d.str("rules").chance(300)) {
		refundable, free, both := refund != never, refund == forFree, refund == forFree && change == forFree
		o.Options.Refundable, o.Options.NoPenalty, o.Options.Free = &refundable, &free, &both
	}
	if !w.lean && d.str("fare rules").chance(500) {
		o.Rules = w.rules(refund, change, len(t.slices))
	}
	w.price(&o, t, d)
	return o
}

func seated(pax []paxType) int {
	n := 0
	for _, p := range pax {
		if p != infant {
			n++
		}
	}
	return n
}

// rules is what the fare costs to change or give back: at most so much a traveller.
func (w *amadeusAirWriter) rules(refund, change rule, slices int) *amadeusRules {
	out := &amadeusRules{}
	for _, r := range []struct {
		category string
		rule     rule
		euros    int64
	}{{"EXCHANGE", change, 60}, {"REFUND", refund, 90}, {"REVALIDATION", change, 60}} {
		switch r.rule {
		case unsaid:
		case never:
			out.Rules = append(out.Rules, amadeusRule{Category: r.category, Never: true})
		case forFee:
			fee := inCurrency(r.euros*100*int64(slices), w.q.currency)
			out.Rules = append(out.Rules, amadeusRule{Category: r.category, Penalty: fee.Decimal()})
		case forFree:
			none := travel.Money{Currency: w.q.currency}
			out.Rules = append(out.Rules, amadeusRule{Category: r.category, Penalty: none.Decimal()})
		}
	}
	if len(out.Rules) == 0 {
		return nil
	}
	return out
}

func (w *amadeusAirWriter) itinerary(s *tripSlice) amadeusItinerary {
	out := amadeusItinerary{Duration: amadeusDuration(s.minutes())}
	for _, leg := range s.legs {
		out.Segments = append(out.Segments, w.segment(s, leg))
	}
	return out
}

func (w *amadeusAirWriter) segment(s *tripSlice, leg sold) amadeusSegment {
	w.name(leg.from)
	w.name(leg.to)
	w.names.Carriers[string(leg.by.Code)] = strings.ToUpper(leg.by.Name)
	out := amadeusSegment{
		Departure: amadeusEndpoint{string(leg.from.Code), leg.fromTerm, amadeusLocal(leg.dep)},
		Arrival:   amadeusEndpoint{string(leg.to.Code), leg.term, amadeusLocal(leg.arr)},
		Carrier:   string(leg.by.Code), Number: strconv.Itoa(leg.byNumber), Duration: amadeusDuration(leg.minutes()), ID: w.id(leg),
	}
	if !leg.operatorUnsaid {
		out.Operating = &amadeusOperating{string(leg.carrier.Code)}
		w.names.Carriers[string(leg.carrier.Code)] = strings.ToUpper(leg.carrier.Name)
	}
	if w.lean {
		return out
	}
	out.Aircraft = &amadeusAircraft{leg.plane.Code}
	w.names.Aircraft[leg.plane.Code] = strings.ToUpper(leg.plane.Name)
	if w.dice.str("co2").num(int64(leg.id)).chance(300) {
		out.Emissions = []amadeusEmission{{leg.km * 88 / 1000, "KG", amadeusCabins[s.cabinOn(leg)]}}
	}
	return out
}

// id is that of a flight in this document: offers that share a flight share it.
func (w *amadeusAirWriter) id(leg sold) string {
	key := string(leg.by.Code) + strconv.Itoa(leg.byNumber) + amadeusLocal(leg.dep) + string(leg.from.Code)
	if w.segments[key] == "" {
		w.segments[key] = strconv.Itoa(len(w.segments) + 1)
	}
	return w.segments[key]
}

func (w *amadeusAirWriter) name(a *airport) {
	w.names.Locations[string(a.Code)] = amadeusLocation{string(a.Metro), string(a.Country)}
}
