package view_test

import (
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

func prepared(world map[string][]travel.Offer, keep func(partner string, o *travel.Offer) bool) []*merge.Prepared {
	var answers []*merge.Prepared
	for _, partner := range slices.Sorted(maps.Keys(world)) {
		a := travel.Answer{Partner: partner}
		for _, o := range world[partner] {
			if keep == nil || keep(partner, &o) {
				a.Offers = append(a.Offers, o)
			}
		}
		answers = append(answers, merge.Prepare(a, merge.Context{SearchID: "search", Micros: fx.Embedded().EURMicros}))
	}
	return answers
}

func rowsOf(v *view.Flights, answers []*merge.Prepared) []view.FlightMatch {
	rows, _ := v.Select(merge.Flights(answers), view.Context{Rates: fx.Embedded()})
	return rows
}

// collapsed is the world with one offer of each offer key, as preparing keeps it: of two that
// differ in what they are sold as, a filter may pass the one that is not kept.
func collapsed(world map[string][]travel.Offer) map[string][]travel.Offer {
	kept := map[string][]travel.Offer{}
	for partner, offers := range world {
		for _, r := range merge.Flights(prepared(map[string][]travel.Offer{partner: offers}, nil)) {
			for _, q := range r.Quotes {
				kept[partner] = append(kept[partner], *q.Offer)
			}
		}
	}
	return kept
}

// shown is which results and which of their offers are to be seen.
func shown(rows []view.FlightMatch) (all []string) {
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
		world, v := collapsed(drawWorld(t)), drawView(t)
		want := shown(rowsOf(&v, prepared(world, nil)))
		unfiltered := view.Flights{Currency: "EUR"}
		got := shown(rowsOf(&unfiltered, prepared(world, func(partner string, o *travel.Offer) bool {
			return len(rowsOf(&v, prepared(map[string][]travel.Offer{partner: {*o}}, nil))) > 0
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
		for _, row := range rowsOf(&v, prepared(world, nil)) {
			for _, q := range row.Quotes {
				if q.Partner != "heron" {
					want = append(want, row.Result.ID+" "+q.ID)
				}
			}
		}
		delete(world, "heron")
		if got := shown(rowsOf(&v, prepared(world, nil))); !slices.Equal(got, want) {
			t.Fatalf("without heron %v, want %v", got, want)
		}
	})
}
