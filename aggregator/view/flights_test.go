package view_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/merge"
	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

// drawOffer draws from a world that collides: few carriers, numbers, times, airports of
// change, prices and conditions. A flight has one time, as conflicts of times are about
// who else there is.
func drawOffer(t *rapid.T) travel.Offer {
	at := time.Date(2027, 3, 1, rapid.SampledFrom([]int{0, 6, 13, 18}).Draw(t, "hour"), 0, 0, 0, time.UTC)
	carrier := rapid.SampledFrom([]travel.Carrier{"BA", "AA", "EI"})
	fly := func(from, to travel.Airport) travel.Segment {
		operating := travel.Flight{Carrier: carrier.Draw(t, "operating"), Number: fmt.Sprint(100*rapid.IntRange(1, 2).Draw(t, "number") + at.Hour())}
		s := travel.Segment{Marketing: operating, Operating: operating, Origin: from, Destination: to, Departs: travel.LocalTimeOf(at)}
		if rapid.Bool().Draw(t, "codeshare") {
			s.Marketing = travel.Flight{Carrier: carrier.Draw(t, "sold"), Number: "7"}
		}
		at = at.Add(4 * time.Hour)
		s.Arrives = travel.LocalTimeOf(at)
		at = at.Add(time.Hour)
		return s
	}
	var segments []travel.Segment
	switch via := rapid.SampledFrom([]travel.Airport{"", "DUB", "KEF"}).Draw(t, "via"); via {
	case "":
		segments = []travel.Segment{fly("LHR", "JFK")}
	default:
		segments = []travel.Segment{fly("LHR", via), fly(via, "JFK")}
	}
	return travel.Offer{
		Itinerary: travel.Itinerary{Slices: []travel.Slice{{Segments: segments}}},
		Price: travel.Price{Total: travel.Money{Minor: int64(rapid.IntRange(1, 4).Draw(t, "price")) * 10_000,
			Currency: rapid.SampledFrom([]travel.Currency{"EUR", "GBP"}).Draw(t, "currency")}},
		Fare: travel.Fare{Brand: rapid.SampledFrom([]string{"", "Light"}).Draw(t, "brand"), CabinBags: travel.Pieces(rapid.IntRange(0, 2).Draw(t, "cabin bags")),
			CheckedBags: travel.Pieces(rapid.IntRange(0, 2).Draw(t, "checked bags")), Refundable: travel.Answered(rapid.IntRange(0, 2).Draw(t, "refundable")),
			Cabin: cabins(len(segments), rapid.SampledFrom([]travel.Cabin{"", travel.Economy, travel.Business}).Draw(t, "cabin"))},
	}
}

func cabins(n int, c travel.Cabin) []travel.Cabin {
	if c == "" {
		return nil
	}
	return slices.Repeat([]travel.Cabin{c}, n)
}

func drawWorld(t *rapid.T) map[string][]travel.Offer {
	world := map[string][]travel.Offer{}
	for _, partner := range []string{"albatross", "heron", "kestrel"} {
		world[partner] = rapid.SliceOfN(rapid.Custom(drawOffer), 0, 6).Draw(t, partner)
	}
	return world
}

// drawView draws any set of filters.
func drawView(t *rapid.T) view.Flights {
	v := view.Flights{Currency: "EUR", Sort: "best", Limit: 20}
	on := func(name string) bool { return rapid.IntRange(0, 4).Draw(t, name) == 0 }
	if on("max_stops") {
		v.MaxStops = new(int)
	}
	if on("carriers") {
		v.Carriers = []travel.Carrier{"AA", "BA"}
	}
	if on("exclude_carriers") {
		v.ExcludeCarriers = []travel.Carrier{"EI"}
	}
	if on("partners") {
		v.Partners = []string{"heron", "kestrel"}
	}
	if on("max_price") {
		v.MaxPrice = travel.Money{Minor: 30_000, Currency: "EUR"}
	}
	if on("max_duration") {
		v.MaxDurationMinutes = 300
	}
	if on("depart_between") {
		v.DepartBetween = &view.Window{From: 6 * 60, To: 14 * 60}
	}
	if on("arrive_between") {
		v.ArriveBetween = &view.Window{From: 12 * 60, To: 18 * 60}
	}
	if on("via") {
		v.Via = []travel.Airport{"DUB"}
	}
	if on("avoid") {
		v.Avoid = []travel.Airport{"KEF"}
	}
	v.CabinBag, v.CheckedBag, v.Refundable, v.Strict = on("cabin_bag"), on("checked_bag"), on("refundable"), on("strict")
	return v
}

func sealed(world map[string][]travel.Offer, keep func(partner string, o *travel.Offer) bool) []*merge.Sealed {
	var answers []*merge.Sealed
	for _, partner := range slices.Sorted(maps.Keys(world)) {
		a := travel.Answer{Partner: partner}
		for _, o := range world[partner] {
			if keep == nil || keep(partner, &o) {
				a.Offers = append(a.Offers, o)
			}
		}
		answers = append(answers, merge.Seal(a, merge.Context{SearchID: "search", Micros: fx.Embedded().EURMicros}))
	}
	return answers
}

func rowsOf(v *view.Flights, answers []*merge.Sealed) []view.FlightRow {
	rows, _ := v.Select(merge.Flights(answers), "", fx.Embedded())
	return rows
}

// shown is which results and which of their offers are to be seen.
func shown(rows []view.FlightRow) (all []string) {
	for _, row := range rows {
		for _, q := range row.Quotes {
			all = append(all, row.Result.ID+" "+q.ID)
		}
	}
	return all
}

// To filter what has been merged shows what merging the filtered shows.
func TestFiltersCommuteWithMerging(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		world, v := drawWorld(t), drawView(t)
		want := shown(rowsOf(&v, sealed(world, nil)))
		unfiltered := view.Flights{Currency: "EUR"}
		got := shown(rowsOf(&unfiltered, sealed(world, func(partner string, o *travel.Offer) bool {
			return len(rowsOf(&v, sealed(map[string][]travel.Offer{partner: {*o}}, nil))) > 0
		})))
		if !slices.Equal(got, want) {
			t.Fatalf("with %+v: merged after filtering %v, filtered after merging %v", v, got, want)
		}
	})
}

// Without a partner exactly its offers are gone.
func TestAPartnerTakesItsOffersAlong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		world, v := drawWorld(t), drawView(t)
		var want []string
		for _, row := range rowsOf(&v, sealed(world, nil)) {
			for _, q := range row.Quotes {
				if q.Partner != "heron" {
					want = append(want, row.Result.ID+" "+q.ID)
				}
			}
		}
		delete(world, "heron")
		if got := shown(rowsOf(&v, sealed(world, nil))); !slices.Equal(got, want) {
			t.Fatalf("without heron %v, want %v", got, want)
		}
	})
}

// of is what a facet says of a value; what it does not name shows nothing.
func of[T cmp.Ordered](facets []view.Facet[T], value T) (int, view.Price) {
	for _, f := range facets {
		if f.Value == value {
			return f.Count, f.From
		}
	}
	return 0, view.Price{}
}

// What a facet says is what one sees after choosing it, all other filters staying.
func TestFacetsSayWhatChoosingThemShows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		world, v := drawWorld(t), drawView(t)
		results := merge.Flights(sealed(world, nil))
		_, facets := v.Select(results, "", fx.Embedded())
		check := func(facet, value string, count int, from view.Price, choose func(*view.Flights)) {
			t.Helper()
			chosen := v
			choose(&chosen)
			rows, _ := chosen.Select(results, "", fx.Embedded())
			least := view.Price{}
			for i, row := range rows {
				if p := row.Quotes[0].EURMicros; i == 0 || p < least.Micros {
					least.Micros = p
				}
			}
			if len(rows) != count || least.Micros != from.Micros {
				t.Fatalf("%s=%s says %d from %d, choosing it shows %d from %d (view %+v)", facet, value, count, from.Micros, len(rows), least.Micros, v)
			}
		}
		for _, partner := range []string{"albatross", "heron", "kestrel"} {
			count, from := of(facets.Partners, partner)
			check("partners", partner, count, from, func(v *view.Flights) { v.Partners = []string{partner} })
		}
		direct, fromDirect := of(facets.Stops, 0)
		once, fromOnce := of(facets.Stops, 1)
		check("stops", "0", direct, fromDirect, func(v *view.Flights) { v.MaxStops = new(int) })
		if direct == 0 || once > 0 && fromOnce.Micros < fromDirect.Micros {
			fromDirect = fromOnce
		}
		check("stops", "up to 1", direct+once, fromDirect, func(v *view.Flights) { v.MaxStops = nil })
		for _, airport := range []travel.Airport{"DUB", "KEF"} {
			count, from := of(facets.Airports, string(airport))
			check("airports", string(airport), count, from, func(v *view.Flights) { v.Via, v.Avoid = []travel.Airport{airport}, nil })
		}
		for text, w := range map[string]view.Window{"00:00-06:00": {From: 0, To: 360}, "06:00-12:00": {From: 360, To: 720}, "12:00-18:00": {From: 720, To: 1080}, "18:00-24:00": {From: 1080, To: 1439}} {
			count, from := of(facets.Departures, text)
			check("departures", text, count, from, func(v *view.Flights) { v.DepartBetween = &w })
			count, from = of(facets.Arrivals, text)
			check("arrivals", text, count, from, func(v *view.Flights) { v.ArriveBetween = &w })
		}
		for condition, choose := range map[string]func(*view.Flights){
			"cabin_bag":   func(v *view.Flights) { v.CabinBag = true },
			"checked_bag": func(v *view.Flights) { v.CheckedBag = true },
			"refundable":  func(v *view.Flights) { v.Refundable = true },
		} {
			count, from := of(facets.Conditions, condition)
			check("conditions", condition, count, from, choose)
		}
		free := v
		free.MaxPrice = travel.Money{}
		if rows, _ := free.Select(results, "", fx.Embedded()); len(rows) > 0 {
			byPrice := func(a, b view.FlightRow) int { return cmp.Compare(a.Quotes[0].EURMicros, b.Quotes[0].EURMicros) }
			least, most := slices.MinFunc(rows, byPrice).Quotes[0].EURMicros, slices.MaxFunc(rows, byPrice).Quotes[0].EURMicros
			if facets.Prices.Min.Micros != least || facets.Prices.Max.Micros != most || !facets.AnyPrice {
				t.Fatalf("prices from %d to %d, without a limit there are %d to %d", facets.Prices.Min.Micros, facets.Prices.Max.Micros, least, most)
			}
		}
	})
}
