package aggregator

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/merge"
	"fanfare/aggregator/rank"
	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

// market is a made-up return search with so many offers in all: partners sell 500 each,
// of flights that several of them sell, in three fares. Of ten itineraries about six
// have a stop on the way, and a fifth of what partners sell does not say who flies.
func market(offers int) []*merge.Prepared {
	const each, fares = 500, 3
	r := rand.New(rand.NewPCG(1, 2))
	itineraries := make([]travel.Itinerary, offers/7)
	for i := range itineraries {
		itineraries[i] = travel.Itinerary{Slices: []travel.Slice{way(r, "LHR", "JFK", 1, offers), way(r, "JFK", "LHR", 8, offers)}}
	}
	var answers []*merge.Prepared
	for p := range offers / each {
		a := travel.Answer{Partner: fmt.Sprintf("partner%03d", p), AsOf: time.Unix(1_800_000_000, 0)}
		a.FreshUntil, a.HardUntil = a.AsOf.Add(10*time.Minute), a.AsOf.Add(20*time.Minute)
		for len(a.Offers) < each {
			it := itineraries[r.IntN(len(itineraries))]
			if r.IntN(5) == 0 {
				it = unconfirmed(it)
			}
			base := 20_000 + r.IntN(60_000)
			for f := range min(fares, each-len(a.Offers)) {
				a.Offers = append(a.Offers, travel.Offer{Itinerary: it, Seller: travel.Seller{Code: "BA"},
					Price: travel.Price{Total: travel.Money{Minor: int64(base + f*7000), Currency: []travel.Currency{"EUR", "GBP", "USD"}[p%3]}, Kind: travel.Live},
					Fare: travel.Fare{Brand: []string{"Light", "Standard", "Flex"}[f], Cabin: cabins(it.SegmentCount()), CabinBags: travel.PiecesOf(1),
						CheckedBags: travel.PiecesOf(f), Refundable: travel.AnsweredBool(f == 2)}})
			}
		}
		answers = append(answers, merge.Prepare(a, merge.Context{SearchID: "search", Micros: fx.Embedded().EURMicros}))
	}
	return answers
}

func cabins(n int) []travel.Cabin {
	all := make([]travel.Cabin, n)
	for i := range all {
		all[i] = travel.Economy
	}
	return all
}

// way is one direction, nonstop or over one of several airports, of so many flight
// numbers of each carrier that few are drawn twice: a number is not flown at many times.
func way(r *rand.Rand, from, to travel.Airport, day, numbers int) travel.Slice {
	at := time.Date(2027, 3, day, 0, r.IntN(24*60), 0, 0, time.UTC)
	fly := func(from, to travel.Airport, hours int) travel.Segment {
		flight := travel.Flight{Carrier: []travel.Carrier{"BA", "AA", "VS", "DL", "UA", "LH", "AF", "KL", "EI", "FI"}[r.IntN(10)], Number: fmt.Sprint(1 + r.IntN(numbers))}
		s := travel.Segment{Marketing: flight, Operating: flight, Origin: from, Destination: to, Departs: travel.LocalTimeOf(at)}
		at = at.Add(time.Duration(hours*60+r.IntN(60)) * time.Minute)
		s.Arrives = travel.LocalTimeOf(at)
		return s
	}
	if r.IntN(10) < 4 {
		return travel.Slice{Segments: []travel.Segment{fly(from, to, 7)}}
	}
	via := []travel.Airport{"DUB", "KEF", "BOS", "ORD", "CDG", "AMS", "FRA"}[r.IntN(7)]
	first := fly(from, via, 3)
	at = at.Add(time.Duration(60+r.IntN(300)) * time.Minute)
	return travel.Slice{Segments: []travel.Segment{first, fly(via, to, 6)}}
}

// unconfirmed is the itinerary as a seller shows it who names neither the operating
// carrier nor its number.
func unconfirmed(it travel.Itinerary) travel.Itinerary {
	out := travel.Itinerary{Slices: make([]travel.Slice, len(it.Slices))}
	for i := range it.Slices {
		for _, s := range it.Slices[i].Segments {
			s.Operating = travel.Flight{}
			out.Slices[i].Segments = append(out.Slices[i].Segments, s)
		}
	}
	return out
}

func marketSnapshot(answers []*merge.Prepared) *Snapshot {
	s := &Snapshot{ID: "search", answers: answers}
	s.Query = query()
	s.Query.Slices = append(s.Query.Slices, travel.SliceQuery{Origin: "JFK", Destination: "LHR", Date: s.Query.Slices[0].Date + 7})
	s.mergeOnce(new(merge.Merger), nil, func() {})
	return s
}

func perOffer(b *testing.B, offers int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(offers), "ns/offer")
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms/op")
}

var marketSizes = []int{1000, 10_000, 100_000}

// BenchmarkMergeAndScore is what the first look at a revision costs: all offers merged,
// and every result scored. 10,000 offers stay under 10 ms.
func BenchmarkMergeAndScore(b *testing.B) {
	for _, n := range marketSizes {
		answers := market(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			results := 0
			for b.Loop() {
				merged := marketSnapshot(answers).pages.Flights()
				for i := range merged.Results {
					rank.Total(&merged.Facts[i], rank.Cost{Price: merged.Results[i].Quotes[0].EURMicros}, rank.Options{ValueOfTimeMicros: 20_000_000, Seats: 1})
				}
				results = len(merged.Results)
			}
			perOffer(b, n)
			b.ReportMetric(float64(results), "results")
		})
	}
}

// BenchmarkPage is a page with filters, order and facets of a search that is merged.
// 10,000 offers stay under 5 ms.
func BenchmarkPage(b *testing.B) {
	one := 1
	for name, v := range map[string]view.Flights{
		"plain":    {Sort: "best"},
		"filtered": {Sort: "cheapest", MaxStops: &one, CheckedBag: true, ExcludeCarriers: []travel.Carrier{"FI"}, MaxPrice: travel.Money{Minor: 90_000, Currency: "GBP"}, Explain: true},
		"choice":   {Sort: "choice"},
	} {
		for _, n := range marketSizes {
			s := marketSnapshot(market(n))
			s.pages.Flights()
			v.Currency, v.Limit = "GBP", 20
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if p, err := s.Flights(v, fx.Embedded()); err != nil || len(p.Rows) == 0 {
						b.Fatal(p, err)
					}
				}
				perOffer(b, n)
			})
		}
	}
}

// BenchmarkOneMoreAnswer is one partner's 500 offers coming into a search that has so
// many already: a new revision, merged.
func BenchmarkOneMoreAnswer(b *testing.B) {
	for _, n := range marketSizes {
		answers := market(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				var merger merge.Merger
				merger.Flights(answers[:len(answers)-1])
				s := marketSnapshot(answers)
				s.mergeOnce(&merger, nil, func() {})
				b.StartTimer()
				s.pages.Flights()
			}
			perOffer(b, 500)
		})
	}
}
