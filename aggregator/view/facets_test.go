package view_test

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/merge"
	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

var priors = view.BagPriors{Cabin: 20_000_000, Checked: 40_000_000}

// drawLoose is drawOffer of sellers who say less of who flies, change airports on the way,
// and state what some bags cost.
func drawLoose(t *rapid.T) travel.Offer {
	o := drawOffer(t)
	segments := o.Itinerary.Slices[0].Segments
	for i := range segments {
		switch rapid.IntRange(0, 3).Draw(t, "operator") {
		case 0:
			segments[i].Operating = travel.Flight{}
		case 1:
			segments[i].Operating.Number = ""
		}
	}
	if len(segments) > 1 && rapid.Bool().Draw(t, "other airport") {
		segments[1].Origin = "ORK"
	}
	bag := rapid.SampledFrom([]travel.Money{{}, {Minor: 3_000, Currency: o.Price.Total.Currency}, {Minor: 15_000, Currency: o.Price.Total.Currency}})
	o.Fare.CabinBagPrice, o.Fare.CheckedBagPrice = bag.Draw(t, "cabin bag price"), bag.Draw(t, "checked bag price")
	return o
}

// drawResults draws what several sellers' answers are merged to, and combinations of two
// tickets by one seller or two.
func drawResults(t *rapid.T) []travel.Result {
	world := map[string][]travel.Offer{}
	common := rapid.SliceOfN(rapid.Custom(drawLoose), 1, 3).Draw(t, "common") // flights that several sell, at several fares
	for _, partner := range []string{"albatross", "heron", "kestrel"} {
		world[partner] = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) travel.Offer {
			o := drawLoose(t)
			if rapid.IntRange(0, 3).Draw(t, "own flights") > 0 {
				o.Itinerary, o.Fare.Cabin = rapid.SampledFrom(common).Draw(t, "flights").Itinerary, nil
			}
			return o
		}), 0, 6).Draw(t, partner)
	}
	results := merge.Flights(prepared(world, nil))
	own := len(results)
	for n := range rapid.IntRange(0, 2).Draw(t, "combinations") {
		if own > 0 {
			results = append(results, combination(t, string(rune('x'+n)), &results[n%own], &results[(n+1)%own]))
		}
	}
	return results
}

func combination(t *rapid.T, id string, out, back *travel.Result) travel.Result {
	first, second := out.Quotes[0], back.Quotes[0]
	o := *first.Offer
	o.Itinerary.Slices = slices.Concat(o.Itinerary.Slices, second.Offer.Itinerary.Slices)
	o.Price.Total = first.Offer.Price.Total.Plus(second.Offer.Price.Total)
	q := &travel.Quote{ID: id, Partner: first.Partner + "+" + second.Partner, Offer: &o, EURMicros: first.EURMicros + second.EURMicros, Parts: []travel.Quote{*first, *second}}
	return travel.Result{ID: id, Slices: slices.Concat(out.Slices, back.Slices), Quotes: []*travel.Quote{q}}
}

// withBags is what a traveller pays for the offer with the bags that the view asks for.
func withBags(v *view.Flights, q *travel.Quote) int64 {
	sum := q.EURMicros
	add := func(asked bool, pieces travel.Pieces, stated travel.Money, prior int64) {
		switch micros, ok := fx.Embedded().EURMicros(stated); {
		case !asked || pieces.Some():
		case ok:
			sum += micros
		default:
			sum += prior
		}
	}
	add(v.CabinBag, q.Offer.Fare.CabinBags, q.Offer.Fare.CabinBagPrice, priors.Cabin)
	add(v.CheckedBag, q.Offer.Fare.CheckedBags, q.Offer.Fare.CheckedBagPrice, priors.Checked)
	return sum
}

// least is the smallest price with bags among all that is shown.
func least(v *view.Flights, rows []view.FlightMatch) (micros int64) {
	for i, row := range rows {
		for j, q := range row.Quotes {
			if n := withBags(v, q); i == 0 && j == 0 || n < micros {
				micros = n
			}
		}
	}
	return micros
}

func selectFlights(v *view.Flights, results []travel.Result) ([]view.FlightMatch, view.FlightFacets) {
	return v.Select(results, view.Context{Rates: fx.Embedded(), Priors: priors})
}

// facetValue is a value that a facet may have, and the view that chooses it alone.
type facetValue[V any] struct {
	facet, value string
	choose       func(v *V)
}

// flightValues is every value that facets of these worlds may have, by position of facets.
func flightValues() (all []facetValue[view.Flights]) {
	add := func(facet, value string, choose func(v *view.Flights)) {
		all = append(all, facetValue[view.Flights]{facet, value, choose})
	}
	for n := range 3 {
		add("stops", string(rune('0'+n)), func(v *view.Flights) { v.MaxStops = &n })
	}
	for _, code := range []travel.Carrier{"BA", "AA", "EI", "IB"} {
		add("carriers", string(code), func(v *view.Flights) { v.Carriers = []travel.Carrier{code} })
	}
	for _, partner := range []string{"albatross", "heron", "kestrel", "nobody"} {
		add("partners", partner, func(v *view.Flights) { v.Partners = []string{partner} })
	}
	for _, airport := range []travel.Airport{"DUB", "KEF", "ORK", "JFK"} {
		add("airports", string(airport), func(v *view.Flights) { v.Via = []travel.Airport{airport} })
	}
	for from := 0; from < 1440; from += 360 {
		w := view.Window{From: from, To: min(from+360, 1439)}
		add("departures", w.String(), func(v *view.Flights) { v.DepartBetween = &w })
		add("arrivals", w.String(), func(v *view.Flights) { v.ArriveBetween = &w })
	}
	add("conditions", "cabin_bag", func(v *view.Flights) { v.CabinBag = true })
	add("conditions", "checked_bag", func(v *view.Flights) { v.CheckedBag = true })
	add("conditions", "refundable", func(v *view.Flights) { v.Refundable = true })
	add("tickets", "one", func(v *view.Flights) { v.HideCombined, v.CombinedOnly = true, false })
	add("tickets", "several", func(v *view.Flights) { v.HideCombined, v.CombinedOnly = false, true })
	return all
}

// drawLooseView draws any set of filters, in two currencies.
func drawLooseView(t *rapid.T) view.Flights {
	v := drawView(t)
	v.Currency = rapid.SampledFrom([]travel.Currency{"EUR", "GBP"}).Draw(t, "currency")
	if v.MaxPrice.Known() {
		v.MaxPrice = travel.Money{Minor: int64(rapid.IntRange(100, 500).Draw(t, "limit")) * 100, Currency: v.Currency}
	}
	if v.MaxStops != nil {
		n := rapid.IntRange(0, 2).Draw(t, "stops")
		v.MaxStops = &n
	}
	switch rapid.IntRange(0, 5).Draw(t, "tickets") {
	case 0:
		v.HideCombined = true
	case 1:
		v.CombinedOnly = true
	}
	return v
}

func texts(facets []view.Facet[int]) []view.Facet[string] {
	out := make([]view.Facet[string], len(facets))
	for i, f := range facets {
		out[i] = view.Facet[string]{Value: string(rune('0' + f.Value)), Count: f.Count, From: f.From}
	}
	return out
}

// of is what a facet says of a value, and whether it lists it.
func of(facets []view.Facet[string], value string) (view.Facet[string], bool) {
	i := slices.IndexFunc(facets, func(f view.Facet[string]) bool { return f.Value == value })
	if i < 0 {
		return view.Facet[string]{}, false
	}
	return facets[i], true
}

// A facet says of each value what choosing it alone shows, whatever the other filters are,
// and leaves a value out only if that is nothing.
func TestFacetsOfFlightsSayWhatChoosingShows(t *testing.T) {
	values := flightValues()
	rapid.Check(t, func(t *rapid.T) {
		results, v := drawResults(t), drawLooseView(t)
		rows, facets := selectFlights(&v, results)
		for _, row := range rows {
			if want := least(&v, []view.FlightMatch{row}); row.Micros != want {
				t.Fatalf("a row costs %d with bags, want %d", row.Micros, want)
			}
		}
		lists := map[string][]view.Facet[string]{"stops": texts(facets.Stops), "carriers": facets.Carriers, "partners": facets.Partners, "airports": facets.Airports,
			"departures": facets.Departures, "arrivals": facets.Arrivals, "conditions": facets.Conditions, "tickets": facets.Tickets}
		named := 0
		for _, value := range values {
			chosen := v
			value.choose(&chosen)
			shown, _ := selectFlights(&chosen, results)
			f, listed := of(lists[value.facet], value.value)
			if last := len(facets.Stops) - 1; value.facet == "stops" && !listed && last >= 0 && value.value > texts(facets.Stops)[last].Value {
				f = texts(facets.Stops)[last] // nothing has more stops
			}
			if f.Count != len(shown) || f.From.Micros != least(&chosen, shown) {
				t.Fatalf("%s=%s says %d from %d, choosing it shows %d from %d (view %+v)", value.facet, value.value, f.Count, f.From.Micros, len(shown), least(&chosen, shown), v)
			}
			if q := f.From.Quote; q != nil && (f.From.Bags != chosen.Bags() || withBags(&chosen, q) != f.From.Micros) {
				t.Fatalf("%s=%s is from %d with %+v, its offer costs %d with %+v", value.facet, value.value, f.From.Micros, f.From.Bags, withBags(&chosen, q), chosen.Bags())
			}
			if listed {
				named++
			}
		}
		for _, list := range lists {
			named -= len(list)
		}
		if named != 0 {
			t.Fatalf("facets list values that nothing has, or twice: %+v", facets)
		}
		checkRanges(t, v, results, &facets)
	})
}

func checkRanges(t *rapid.T, v view.Flights, results []travel.Result, facets *view.FlightFacets) {
	free := v
	free.MaxPrice = travel.Money{}
	rows, _ := selectFlights(&free, results)
	if facets.AnyPrice != (len(rows) > 0) {
		t.Fatalf("a range of prices: %v, without a limit there are %d results", facets.AnyPrice, len(rows))
	}
	if len(rows) > 0 {
		byPrice := func(a, b view.FlightMatch) int { return cmp.Compare(a.Micros, b.Micros) }
		first, last := slices.MinFunc(rows, byPrice).Micros, slices.MaxFunc(rows, byPrice).Micros
		if facets.Prices.Min.Micros != first || facets.Prices.Max.Micros != last {
			t.Fatalf("prices from %d to %d, without a limit there are %d to %d", facets.Prices.Min.Micros, facets.Prices.Max.Micros, first, last)
		}
	}
	free = v
	free.MaxDurationMinutes = 0
	if rows, _ := selectFlights(&free, results); facets.AnyDuration != (len(rows) > 0) {
		t.Fatalf("a range of durations: %v, without a limit there are %d results", facets.AnyDuration, len(rows))
	}
}

// A limit of price is one of what the traveller pays: with the bags asked for.
func TestMaxPriceIsWithBags(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		results, v := drawResults(t), drawLooseView(t)
		v.MaxPrice = travel.Money{Minor: int64(rapid.IntRange(100, 500).Draw(t, "limit")) * 100, Currency: "EUR"}
		v.Currency = "EUR"
		rows, _ := selectFlights(&v, results)
		for _, row := range rows {
			for _, q := range row.Quotes {
				if got := withBags(&v, q); got > v.MaxPrice.Minor*10_000+30_000 { // three amounts are rounded
					t.Fatalf("an offer at %d with bags passes a limit of %v", got, v.MaxPrice)
				}
				mark, unsure := v.Constraints(row.Result, q.Offer, "")["max_price"], v.Bags().Cost(&q.Offer.Fare, priors).Prior > 0
				if want := map[bool]view.Verdict{true: view.Unverifiable, false: view.Verified}[unsure]; mark != want {
					t.Fatalf("max_price is %s, want %s", mark, want)
				}
			}
		}
	})
}

// What the merged result knows of who flies decides, not what the seller says.
func TestCarriersGoByTheResult(t *testing.T) {
	af, vn := travel.Flight{Carrier: "AF", Number: "7"}, travel.Flight{Carrier: "VN", Number: "4156"}
	results := merge.Flights(prepared(map[string][]travel.Offer{"albatross": {drawn(af, af, 40_000)}, "heron": {drawn(vn, travel.Flight{Carrier: "AF"}, 30_000)},
		"kestrel": {drawn(vn, travel.Flight{}, 20_000)}}, nil))
	if len(results) != 1 {
		t.Fatalf("%d results, want 1", len(results))
	}
	for _, test := range []struct {
		name string
		v    view.Flights
		want int // offers
	}{
		{"its seller's code", view.Flights{Carriers: []travel.Carrier{"VN"}}, 2},
		{"the code of who flies", view.Flights{Carriers: []travel.Carrier{"AF"}}, 3},
		{"not who flies", view.Flights{ExcludeCarriers: []travel.Carrier{"AF"}}, 0},
		{"not one seller's code", view.Flights{ExcludeCarriers: []travel.Carrier{"VN"}}, 1},
	} {
		offers := 0
		rows, _ := selectFlights(&test.v, results)
		for _, row := range rows {
			offers += len(row.Quotes)
		}
		if offers != test.want {
			t.Errorf("%s: %d offers, want %d", test.name, offers, test.want)
		}
	}
}

// drawn is an offer of one segment.
func drawn(marketing, operating travel.Flight, minor int64) travel.Offer {
	s := travel.Segment{Marketing: marketing, Operating: operating, Origin: "LHR", Destination: "JFK", Departs: travel.LocalTime{Unix: 1_803_895_200}, Arrives: travel.LocalTime{Unix: 1_803_924_000}}
	return travel.Offer{Itinerary: travel.Itinerary{Slices: []travel.Slice{{Segments: []travel.Segment{s}}}}, Price: travel.Price{Total: travel.Money{Minor: minor, Currency: "EUR"}}}
}

// What the view names is listed though it shows nothing; what nobody names is not.
func TestFacetsListWhatIsChosen(t *testing.T) {
	results := merge.Flights(prepared(map[string][]travel.Offer{"albatross": {drawn(travel.Flight{Carrier: "BA", Number: "1"}, travel.Flight{Carrier: "BA", Number: "1"}, 10_000)}}, nil))
	v := view.Flights{Carriers: []travel.Carrier{"AF"}, Partners: []string{"heron"}, Via: []travel.Airport{"DUB"}, Avoid: []travel.Airport{"KEF"}, Refundable: true, CombinedOnly: true, Strict: true}
	v.MaxStops = new(int)
	_, facets := selectFlights(&v, results)
	for name, list := range map[string][]view.Facet[string]{"AF": facets.Carriers, "heron": facets.Partners, "DUB": facets.Airports, "KEF": facets.Airports, "refundable": facets.Conditions, "several": facets.Tickets, "0": texts(facets.Stops)} {
		if f, listed := of(list, name); !listed || f.Count != 0 || f.From.Total.Known() {
			t.Errorf("%s: %+v, listed %v; want it without results", name, f, listed)
		}
	}
	if len(facets.Carriers) != 1 || len(facets.Departures) != 0 {
		t.Errorf("carriers %+v, departures %+v; want only what is chosen", facets.Carriers, facets.Departures)
	}
}
