package combine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fanfare/aggregator/rank"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

var day = travel.NewDate(2027, 3, 1)

func at(d travel.Date, minute int) travel.LocalTime {
	return travel.LocalTimeOf(d.Time().Add(time.Duration(minute) * time.Minute))
}

// fare is one partner's offer of one flight.
type fare struct {
	partner string
	euros   int64
	bags    travel.Pieces
	change  func(*travel.Quote)
}

// flight is a result of one segment, in UTC, with its fares.
func flight(carrier, from, to string, departs, arrives travel.LocalTime, fares ...fare) travel.Result {
	s := travel.Segment{Marketing: travel.NewFlight(carrier, "1"), Origin: travel.Airport(from), Destination: travel.Airport(to), Departs: departs, Arrives: arrives}
	s.Operating = s.Marketing
	name := fmt.Sprint(carrier, from, to, departs.Unix/60)
	r := travel.Result{ID: name, Slices: [][]travel.ResultSegment{{{Segment: s}}}}
	for i, f := range fares {
		q := &travel.Quote{ID: fmt.Sprint(name, f.partner, i), Partner: f.partner, EURMicros: f.euros * 1_000_000,
			AsOf: time.Unix(0, 0), FreshUntil: time.Unix(600, 0), HardUntil: time.Unix(1200, 0),
			Offer: &travel.Offer{Itinerary: travel.Itinerary{Slices: []travel.Slice{{Segments: []travel.Segment{s}}}},
				Price: travel.Price{Total: travel.Money{Minor: f.euros * 100, Currency: "EUR"}, Kind: travel.Live}, Fare: travel.Fare{CheckedBags: f.bags}}}
		if f.change != nil {
			f.change(q)
		}
		r.Quotes = append(r.Quotes, q)
	}
	slices.SortFunc(r.Quotes, func(a, b *travel.Quote) int {
		return cmp.Or(cmp.Compare(a.EURMicros, b.EURMicros), cmp.Compare(a.ID, b.ID))
	})
	return r
}

func part(results ...travel.Result) Part {
	p := Part{Results: results}
	for i := range results {
		p.Facts = append(p.Facts, rank.FactsOf(&results[i]))
	}
	return p
}

func trip(connect bool, parts ...Part) *Trip {
	return &Trip{SearchID: "search", Parts: parts, Connect: connect, Now: time.Unix(60, 0), Options: rank.Options{ValueOfTimeMicros: 20_000_000, Seats: 1}, Atlas: places.Default()}
}

// texts are the combinations in one line each: partners, price, flights.
func texts(results []travel.Result) []string {
	var all []string
	for i := range results {
		for _, q := range results[i].Quotes {
			text := fmt.Sprintf("%s %d", q.Partner, q.EURMicros/1_000_000)
			for k := range q.Parts {
				s := q.Parts[k].Offer.Itinerary.Slices[0].Segments[0]
				text += fmt.Sprintf(" %s-%s@%d", s.Origin, s.Destination, s.Departs.MinuteOfDay()/60)
			}
			all = append(all, text)
		}
	}
	slices.Sort(all)
	return all
}

func TestReturnsOfTwoTickets(t *testing.T) {
	noBag := travel.PiecesOf(0)
	out := func(hour int, fares ...fare) travel.Result {
		return flight("BA", "LHR", "JFK", at(day, hour*60), at(day, hour*60+480), fares...)
	}
	back := func(days, hour int, fares ...fare) travel.Result {
		d := day.AddDays(days)
		return flight("VS", "JFK", "LHR", at(d, hour*60), at(d, hour*60+420), fares...)
	}
	a, b := func(euros int64) fare { return fare{"a", euros, noBag, nil} }, func(euros int64) fare { return fare{"b", euros, noBag, nil} }
	whole := out(8, a(290), b(500))
	{
		second := back(7, 18).Slices[0]
		whole.Slices = append(whole.Slices, second)
		for i := range whole.Quotes {
			o := whole.Quotes[i].Offer
			o.Itinerary.Slices = append(o.Itinerary.Slices, travel.Slice{Segments: []travel.Segment{second[0].Segment}})
		}
	}
	for _, test := range []struct {
		name string
		trip *Trip
		want []string
	}{
		{"the best of each set of partners", trip(false, part(out(8, a(100), b(120))), part(back(7, 18, a(200), b(150)))),
			[]string{"a 300 LHR-JFK@8 JFK-LHR@18", "a+b 250 LHR-JFK@8 JFK-LHR@18", "b 270 LHR-JFK@8 JFK-LHR@18"}},
		{"a partner that sells it cheaper on one ticket is in none", &Trip{SearchID: "search", Parts: []Part{part(out(8, a(100), b(120))), part(back(7, 18, a(200), b(150)))}, Whole: []travel.Result{whole},
			Now: time.Unix(60, 0), Options: rank.Options{Seats: 1}, Atlas: places.Default()}, []string{"a+b 250 LHR-JFK@8 JFK-LHR@18", "b 270 LHR-JFK@8 JFK-LHR@18"}},
		{"the same day, not in time", trip(false, part(out(8, a(100))), part(back(0, 18, a(200)))), nil},
		{"the same day, in time, late enough for the night", trip(false, part(out(5, a(100))), part(back(0, 17, a(200)))), []string{"a 300 LHR-JFK@5 JFK-LHR@17"}},
		{"one direction is sold by nobody", trip(false, part(out(8, a(100))), part()), nil},
		{"too old to be shown", trip(false, part(out(8, fare{"a", 100, noBag, func(q *travel.Quote) { q.HardUntil = time.Unix(60, 0) }})), part(back(7, 18, a(200)))), nil},
		{"a part that is two tickets already", trip(false, part(out(8, a(100)), func() travel.Result {
			r := out(9, a(50))
			r.SelfTransfer = []int{1}
			return r
		}()), part(back(7, 18, a(200)))), []string{"a 300 LHR-JFK@8 JFK-LHR@18"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := texts(Results(test.trip)); !slices.Equal(got, test.want) {
				t.Errorf("Results = %q\nwant      %q", got, test.want)
			}
		})
	}
}

func TestSelfTransfers(t *testing.T) {
	noBag := travel.PiecesOf(0)
	in := func(arrives int, terminal string, f fare) travel.Result {
		r := flight("BA", "LHR", "DUB", at(day, arrives-80), at(day, arrives), f)
		r.Slices[0][0].ArrivalTerminal = terminal
		return r
	}
	out := func(from string, departs int, terminal string, f fare) travel.Result {
		r := flight("EI", from, "JFK", at(day, departs), at(day, departs+480), f)
		r.Slices[0][0].DepartureTerminal = terminal
		return r
	}
	bare, bag, silent := fare{"a", 50, noBag, nil}, fare{"a", 50, travel.PiecesOf(1), nil}, fare{"a", 50, 0, nil}
	for _, test := range []struct {
		name    string
		in, out travel.Result
		want    bool
	}{
		{"three hours without bags", in(600, "2", bare), out("DUB", 780, "2", bare), true},
		{"a minute less", in(600, "2", bare), out("DUB", 779, "2", bare), false},
		{"with bags four", in(600, "", bare), out("DUB", 839, "", bag), false},
		{"with bags in time", in(600, "", bag), out("DUB", 840, "", bare), true},
		{"bags that nobody states may be there", in(600, "", silent), out("DUB", 839, "", bare), false},
		{"at night an hour more", in(1150, "", bare), out("DUB", 1330, "", bare), false},
		{"from another place", in(600, "", bare), out("SNN", 1000, "", bare), false},
		{"back over where it began", in(600, "", bare), flight("EI", "DUB", "LHR", at(day, 900), at(day, 980), bare), false},
		{"after a day", in(600, "", bare), out("DUB", 600+24*60+1, "", bare), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := Results(trip(true, part(test.in), part(test.out)))
			if (len(got) == 1) != test.want {
				t.Fatalf("%d combinations, want %v", len(got), test.want)
			}
			if test.want && (len(got[0].Slices) != 1 || len(got[0].Slices[0]) != 2 || !slices.Equal(got[0].SelfTransfer, []int{1})) {
				t.Errorf("%d slices, tickets change at %v; want one slice, and at segment 1", len(got[0].Slices), got[0].SelfTransfer)
			}
		})
	}
}

// TestConditionsOfTheWorstTicket: nothing is promised that one of the tickets does not.
func TestConditionsOfTheWorstTicket(t *testing.T) {
	one := flight("BA", "LHR", "JFK", at(day, 480), at(day, 960), fare{"a", 100, travel.PiecesOf(2), func(q *travel.Quote) {
		o := q.Offer
		o.Price.Base, o.Price.Kind, o.SeatsLeft = travel.Money{Minor: 8000, Currency: "EUR"}, travel.Live, 4
		o.Fare.Brand, o.Fare.Refundable, o.Fare.Changeable, o.Fare.CabinBags = "Flex", travel.Yes, travel.Yes, travel.PiecesOf(1)
	}})
	two := flight("VS", "JFK", "LHR", at(day+7, 480), at(day+7, 900), fare{"b", 50, travel.PiecesOf(1), func(q *travel.Quote) {
		o := q.Offer
		o.Price.Total, o.Price.Kind, o.SeatsLeft = travel.Money{Minor: 4000, Currency: "GBP"}, travel.Cached, 2
		o.Fare.Brand, o.Fare.Refundable = "Light", travel.No
		q.HardUntil = time.Unix(300, 0)
	}})
	q := Results(trip(false, part(one), part(two)))[0].Quotes[0]
	o := q.Offer
	if o.Price.Total.Known() || o.Price.Base.Known() || o.Price.Kind != travel.Cached {
		t.Errorf("price %+v; want no total of two currencies, no base, and cached", o.Price)
	}
	if n, known := o.Fare.CheckedBags.Count(); !known || n != 1 {
		t.Errorf("%d checked bags, %v; want 1", n, known)
	}
	if _, known := o.Fare.CabinBags.Count(); known {
		t.Error("cabin bags are known although one ticket does not state them")
	}
	if o.Fare.Refundable != travel.No || o.Fare.Changeable != travel.Unknown || o.SeatsLeft != 2 || o.Fare.Brand != "Flex / Light" {
		t.Errorf("fare %+v, %d seats", o.Fare, o.SeatsLeft)
	}
	if o.Fare.Seat != travel.SeatUnknown || o.Fare.CheckedBagPrice.Known() {
		t.Errorf("seat %q, a checked bag %s; want what one ticket does not state unknown", o.Fare.Seat, o.Fare.CheckedBagPrice)
	}
	if q.EURMicros != 150_000_000 || !q.HardUntil.Equal(time.Unix(300, 0)) {
		t.Errorf("%d micros, hard until %v", q.EURMicros, q.HardUntil)
	}
}

// world draws parts in which everything collides: few partners, prices and hours.
func world(t *rapid.T, connect bool, parts int) *Trip {
	stops := []string{"LHR", "DUB", "JFK", "ORD", "LHR", "DUB", "JFK"}
	whole := trip(connect)
	for i := range parts {
		var results []travel.Result
		seen := map[string]bool{}
		for range rapid.IntRange(0, 8).Draw(t, "flights") {
			days := rapid.IntRange(0, 1).Draw(t, "days")
			hour := rapid.IntRange(0, 23).Draw(t, "hour")
			d := day.AddDays(i*rapid.IntRange(0, 1).Draw(t, "later") + days)
			var fares []fare
			for range rapid.IntRange(1, 4).Draw(t, "fares") {
				fares = append(fares, fare{string(rune('a' + rapid.IntRange(0, 4).Draw(t, "partner"))), int64(rapid.IntRange(1, 5).Draw(t, "price")) * 10,
					rapid.SampledFrom([]travel.Pieces{0, travel.PiecesOf(0), travel.PiecesOf(1)}).Draw(t, "bags"), nil})
			}
			r := flight("BA", stops[i], stops[i+1], at(d, hour*60), at(d, hour*60+200), fares...)
			if !seen[r.ID] {
				seen[r.ID] = true
				results = append(results, r)
			}
		}
		whole.Parts = append(whole.Parts, part(results...))
	}
	return whole
}

// TestCombinationsHoldWhatTheyPromise over worlds that collide.
func TestCombinationsHoldWhatTheyPromise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		connect := rapid.Bool().Draw(t, "connect")
		parts := 2
		if !connect {
			parts = rapid.IntRange(2, 4).Draw(t, "parts")
		}
		w := world(t, connect, parts)
		results := Results(w)
		ids := map[string]bool{}
		for i := range results {
			for _, q := range results[i].Quotes {
				if ids[q.ID] || len(q.Parts) != parts || len(q.Sellers()) > maxSellers {
					t.Fatalf("quote %s: twice %v, %d parts of %v", q.ID, ids[q.ID], len(q.Parts), q.Sellers())
				}
				ids[q.ID] = true
				promised(t, w, &results[i], q)
			}
		}
		bound := len(sets(5, parts)) * criteria
		if len(ids) > bound {
			t.Fatalf("%d combinations, at most %d", len(ids), bound)
		}
		cheapestIsThere(t, w, results)
	})
}

func promised(t *rapid.T, w *Trip, r *travel.Result, q *travel.Quote) {
	sum, micros := int64(0), int64(0)
	for k := range q.Parts {
		sum += q.Parts[k].Offer.Price.Total.Minor
		micros += q.Parts[k].EURMicros
		if k == 0 {
			continue
		}
		before, now := q.Parts[k-1].Offer, q.Parts[k].Offer
		in, out := &before.Itinerary.Slices[0].Segments[0], &now.Itinerary.Slices[0].Segments[0]
		known := func(o *travel.Offer) bool { n, ok := o.Fare.CheckedBags.Count(); return ok && n == 0 }
		least := 180 * time.Minute
		if !known(before) || !known(now) {
			least += time.Hour
		}
		night := func(t travel.LocalTime) bool { h := t.MinuteOfDay() / 60; return h >= 22 || h < 6 }
		if night(in.Arrives) || night(out.Departs) {
			least += time.Hour
		}
		if gap := out.Departs.Sub(in.Arrives); gap < least {
			t.Fatalf("%v between %v and %v, want %v", gap, in.Arrives, out.Departs, least)
		}
	}
	if micros != q.EURMicros || sum != q.Offer.Price.Total.Minor {
		t.Fatalf("a combination of %d costs %d", micros, q.EURMicros)
	}
	if n := len(r.SelfTransfer); n != len(q.Parts)-1 || w.Connect != (len(r.Slices) == 1) {
		t.Fatalf("tickets change at %v of %d slices", r.SelfTransfer, len(r.Slices))
	}
}

// cheapestIsThere: of two tickets, none that can be caught is cheaper than what is kept,
// unless nothing that could be caught was shortlisted: that takes more flights than these.
func cheapestIsThere(t *rapid.T, w *Trip, results []travel.Result) {
	if len(w.Parts) != 2 {
		return
	}
	least, found := int64(0), false
	for i := range w.Parts[0].Results {
		for j := range w.Parts[1].Results {
			for _, a := range w.Parts[0].Results[i].Quotes {
				for _, b := range w.Parts[1].Results[j].Quotes {
					in, out := &ticket{result: &w.Parts[0].Results[i], quote: a}, &ticket{result: &w.Parts[1].Results[j], quote: b}
					if _, ok := w.meet(in, out); ok && (!found || a.EURMicros+b.EURMicros < least) {
						least, found = a.EURMicros+b.EURMicros, true
					}
				}
			}
		}
	}
	got, any := int64(0), false
	for i := range results {
		if price := results[i].Quotes[0].EURMicros; !any || price < got {
			got, any = price, true
		}
	}
	if any != found || got > least+10_000_000 {
		t.Fatalf("the cheapest combination costs %d, %v; possible is %d, %v", got, any, least, found)
	}
}

// TestAPartnerThatGoesTakesExactlyItsCombinations: nobody else's appear or change.
func TestAPartnerThatGoesTakesExactlyItsCombinations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := world(t, false, rapid.IntRange(2, 3).Draw(t, "parts"))
		gone := string(rune('a' + rapid.IntRange(0, 4).Draw(t, "gone")))
		want := texts(Results(w))
		want = slices.DeleteFunc(want, func(s string) bool {
			partners, _, _ := strings.Cut(s, " ")
			return slices.Contains(strings.Split(partners, "+"), gone)
		})
		without := trip(false)
		for _, p := range w.Parts {
			var kept []travel.Result
			for _, r := range p.Results {
				r.Quotes = slices.DeleteFunc(slices.Clone(r.Quotes), func(q *travel.Quote) bool { return q.Partner == gone })
				if len(r.Quotes) > 0 {
					kept = append(kept, r)
				}
			}
			without.Parts = append(without.Parts, part(kept...))
		}
		if got := texts(Results(without)); !slices.Equal(got, want) {
			t.Fatalf("without %s: %q\nwant %q", gone, got, want)
		}
	})
}

// TestTheOrderOfResultsDoesNotMatter.
func TestTheOrderOfResultsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := world(t, rapid.Bool().Draw(t, "connect"), 2)
		want := texts(Results(w))
		shuffled := *w
		shuffled.Parts = nil
		for _, p := range w.Parts {
			order := rapid.Permutation(p.Results).Draw(t, "order")
			shuffled.Parts = append(shuffled.Parts, part(order...))
		}
		if got := texts(Results(&shuffled)); !slices.Equal(got, want) {
			t.Fatalf("in another order: %q\nwant %q", got, want)
		}
	})
}

func TestSets(t *testing.T) {
	for _, test := range []struct{ partners, parts, want int }{{1, 2, 1}, {8, 2, 36}, {8, 3, 92}, {11, 6, 231}, {12, 6, 78}} {
		if got := len(sets(test.partners, test.parts)); got != test.want {
			t.Errorf("sets(%d, %d) = %d sets, want %d", test.partners, test.parts, got, test.want)
		}
	}
}

// BenchmarkResults combines twice 500 offers of 8 partners: 250 flights each way.
func BenchmarkResults(b *testing.B) {
	for _, bench := range []struct {
		name    string
		connect bool
		parts   int
	}{{"return", false, 2}, {"self-transfer", true, 2}, {"six slices", false, 6}} {
		b.Run(bench.name, func(b *testing.B) {
			stops := []string{"LHR", "DUB", "JFK", "ORD", "LAX", "SFO", "SEA"}
			w := trip(bench.connect)
			n := 0
			for i := range bench.parts {
				var results []travel.Result
				for j := range 250 {
					d := day
					if !bench.connect {
						d = day.AddDays(2 * i)
					}
					fares := []fare{{string(rune('a' + j%8)), int64(100 + j*7%90), travel.PiecesOf(j % 2), nil}, {string(rune('a' + (j+3)%8)), int64(90 + j*11%90), 0, nil}}
					results = append(results, flight(fmt.Sprintf("%c%c", 'A'+j%26, 'A'+j/26), stops[i], stops[i+1], at(d, j*5), at(d, j*5+200+j%50), fares...))
				}
				w.Parts = append(w.Parts, part(results...))
			}
			b.ReportAllocs()
			for b.Loop() {
				n = len(Results(w))
			}
			b.ReportMetric(float64(n), "results")
		})
	}
}

// A ticket that has the bag adds nothing to what the other asks for one; silence hides the sum.
func TestBagsOfTwoTickets(t *testing.T) {
	none, has, silent := travel.PiecesOf(0), travel.PiecesOf(1), travel.PiecesOf(-1)
	forty, unstated := travel.Money{Minor: 4000, Currency: "EUR"}, travel.Money{}
	for name, test := range map[string]struct {
		bags, other        travel.Pieces
		price, next, total travel.Money
	}{
		"both for money":       {none, none, forty, forty, travel.Money{Minor: 8000, Currency: "EUR"}},
		"the second has it":    {none, has, forty, unstated, forty},
		"the first has it":     {has, none, unstated, forty, forty},
		"the second is silent": {none, silent, forty, unstated, unstated},
		"no price":             {none, none, unstated, forty, unstated},
		"both have it":         {has, has, unstated, unstated, unstated},
	} {
		a, b := travel.Fare{CheckedBags: test.bags, CheckedBagPrice: test.price, Seat: travel.SeatIncluded}, travel.Fare{CheckedBags: test.other, CheckedBagPrice: test.next, Seat: travel.SeatAtAPrice}
		if sum := addFares(&a, &b); sum.CheckedBagPrice != test.total || sum.Seat != travel.SeatAtAPrice {
			t.Errorf("%s: %s and seat %s, want %s and the worse seat", name, sum.CheckedBagPrice, sum.Seat, test.total)
		}
	}
}
