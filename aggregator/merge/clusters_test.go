package merge

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fanfare/providers/travel"
)

// house is a listing for tests about clusters: all stand on one street of Lyon.
func house(id, name string, metres float64, change ...func(*travel.Property)) travel.Stay {
	p := travel.Property{ID: id, Name: name, Stars: 3}
	p.SetGeo(45.7613+metres/111_200, 4.8427)
	for _, f := range change {
		f(&p)
	}
	return travel.Stay{Property: p, Rates: []travel.Rate{rate(1000, travel.RoomOnly)}}
}

// clustersOf are the partners' listings of each result that has several, and which
// results are marked, both readable.
func clustersOf(results []travel.StayResult) (merged []string, marked int) {
	for _, r := range results {
		var members []string
		for _, q := range r.Quotes {
			members = append(members, q.Partner)
		}
		slices.Sort(members)
		if members = slices.Compact(members); len(members) > 1 {
			merged = append(merged, fmt.Sprint(members))
		}
		if len(r.MayBe) > 0 {
			marked++
		}
	}
	slices.Sort(merged)
	return merged, marked
}

func TestClusters(t *testing.T) {
	stars := func(n float64) func(*travel.Property) { return func(p *travel.Property) { p.Stars = n } }
	giata := func(id string) func(*travel.Property) { return func(p *travel.Property) { p.GIATA = id } }
	address := func(a string) func(*travel.Property) { return func(p *travel.Property) { p.Address = a } }
	phone := func(p *travel.Property) { p.Phone = "+33 4 72 00 00 00" }
	for _, test := range []struct {
		name       string
		in         []*Prepared
		doNotMerge []DoNotMerge
		want       []string
		marked     int
	}{
		{"three partners, one house", []*Prepared{sealStays("a", house("1", "Hotel Bayard", 0)), sealStays("b", house("2", "Bayard Lyon", 10)), sealStays("c", house("3", "BAYARD", 20))},
			nil, []string{"[a b c]"}, 0},
		{"a chain of merges stops at a veto", []*Prepared{sealStays("a", house("1", "Hotel Bayard", 0, stars(2))), sealStays("b", house("2", "Hotel Bayard", 5, stars(0))), sealStays("c", house("3", "Hotel Bayard", 10, stars(4)))},
			nil, []string{"[a b]"}, 0},
		{"two names that one without a tail links", []*Prepared{sealStays("a", house("1", "Bayard Tilleuls", 0)), sealStays("b", house("2", "Bayard", 0)), sealStays("c", house("3", "Bayard Marronnier", 0))},
			nil, []string{"[a b]"}, 2},
		{"one partner lists both: neither is taken", []*Prepared{sealStays("a", house("1", "Hotel Bayard", 0), house("2", "Hotel Bayard", 0)), sealStays("b", house("3", "Hotel Bayard", 0))},
			nil, nil, 3},
		{"one partner lists both: the nearer is taken", []*Prepared{sealStays("a", house("1", "Hotel Bayard", 0), house("2", "Hotel Bayard", 150)), sealStays("b", house("3", "Hotel Bayard", 0))},
			nil, []string{"[a b]"}, 2},
		{"a shared id", []*Prepared{sealStays("a", house("1", "Bayard", 0, giata("7"))), sealStays("b", house("2", "Maison des Canuts", 900, giata("7")))}, nil, []string{"[a b]"}, 0},
		{"a shared id, and a veto", []*Prepared{sealStays("a", house("1", "Bayard", 0, giata("7"), stars(1))), sealStays("b", house("2", "Bayard", 0, giata("7"), stars(5)))}, nil, nil, 0},
		{"judged to be two by a person", []*Prepared{sealStays("a", house("1", "Hotel Bayard", 0)), sealStays("b", house("2", "Hotel Bayard", 0))},
			[]DoNotMerge{{{Partner: "b", ID: "2"}, {Partner: "a", ID: "1"}}}, nil, 0},
		{"a judgement splits what a third listing links", []*Prepared{sealStays("a", house("1", "Hotel Bayard", 0)), sealStays("b", house("2", "Hotel Bayard", 1)), sealStays("c", house("3", "Hotel Bayard", 60))},
			[]DoNotMerge{{{Partner: "a", ID: "1"}, {Partner: "b", ID: "2"}}}, []string{"[b c]"}, 0},
		{"may be the same", []*Prepared{sealStays("a", house("1", "Pension Bayard", 0)), sealStays("b", house("2", "Pension Bayard", 600))}, nil, nil, 2},
		{"only one is called suites", []*Prepared{sealStays("a", house("1", "Bayard Palais", 0)), sealStays("b", house("2", "Bayard Palais Suites", 0))}, nil, nil, 2},
		{"two brands under one roof with one telephone", []*Prepared{sealStays("a", house("1", "Ibis Bayard Tilleuls", 0, address("12 Rue Mercière"), phone)), sealStays("b", house("2", "Novotel Bayard Tilleuls", 0, address("12 Rue Mercière"), phone))}, nil, nil, 0},
		{"house numbers of one street", []*Prepared{sealStays("a", house("1", "Bayard", 0, address("12 Rue Mercière, 69002 Lyon"))), sealStays("b", house("2", "Bayard", 0, address("Rue Merciere 40, Lyon")))}, nil, nil, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			for range 2 {
				got, marked := clustersOf(Stays(test.in, test.doNotMerge...))
				if !slices.Equal(got, test.want) || marked != test.marked {
					t.Errorf("merged %v with %d marked, want %v with %d", got, marked, test.want, test.marked)
				}
				slices.Reverse(test.in)
			}
		})
	}
}

// A position that more than five names share is a town's, and nobody's.
func TestCentroidsAreNoEvidence(t *testing.T) {
	town := func(names int) *Prepared {
		var stays []travel.Stay
		for i := range names {
			stays = append(stays, house(fmt.Sprint(i), []string{"Hotel Bayard", "Hotel Carnot", "Villa Florentine", "Hotel Perrache", "Hotel Ampere", "Hotel Foch"}[i], 0))
		}
		return sealStays("a", stays...)
	}
	other := sealStays("b", house("x", "Bayard", 0))
	if got, _ := clustersOf(Stays([]*Prepared{town(5), other})); len(got) != 1 {
		t.Errorf("with five names on the spot %v are merged, want the two called Bayard", got)
	}
	if got, marked := clustersOf(Stays([]*Prepared{town(6), other})); len(got) != 0 || marked != 2 {
		t.Errorf("with six names on the spot %v are merged and %d marked, want none, and two", got, marked)
	}
}

// drawTown is a few partners' answers about the houses of one town.
func drawTown(t *rapid.T) []*Prepared {
	names := []string{"Hotel Bayard", "Bayard Lyon", "Hotel Bayard Express", "Carnot", "CARNOT", "Hotel Carnot II", "Villa Florentine", "Villa Florentine Annex", "Ibis Lyon Nord", "Ibis Lyon Sud"}
	var all []*Prepared
	for i := range rapid.IntRange(1, 4).Draw(t, "partners") {
		var stays []travel.Stay
		for j := range rapid.IntRange(0, 4).Draw(t, "stays") {
			s := house(fmt.Sprint(j), rapid.SampledFrom(names).Draw(t, "name"), float64(rapid.IntRange(0, 8).Draw(t, "metres")*60))
			s.Property.Stars = float64(rapid.IntRange(0, 5).Draw(t, "stars"))
			s.Rates = nil
			for range rapid.IntRange(1, 3).Draw(t, "rates") {
				r := rate(int64(rapid.IntRange(50, 60).Draw(t, "price")), rapid.SampledFrom(travel.Boards).Draw(t, "board"))
				r.Room = rapid.SampledFrom([]string{"Double", "Twin", "Suite"}).Draw(t, "room")
				s.Rates = append(s.Rates, r)
			}
			stays = append(stays, s)
		}
		all = append(all, Prepare(travel.Answer{Partner: fmt.Sprint("p", i), Stays: stays, AsOf: day}, Context{SearchID: "search", Micros: micros}))
	}
	return all
}

// resultsOf tells of every rate in which result it is, by the ids.
func resultsOf(results []travel.StayResult) map[string]string {
	at := map[string]string{}
	for _, r := range results {
		for _, q := range r.Quotes {
			at[q.ID] = r.ID
		}
	}
	return at
}

// Rates are exactly those of the answers, each whole and as its partner said it,
// whatever the order of the answers; and no partner has two listings in one result.
func TestStaysKeepsEveryRateWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		answers := drawTown(t)
		want := map[string]*travel.Rate{}
		property := map[string]string{}
		for _, a := range answers {
			for _, r := range a.rates {
				want[r.quote.ID], property[r.quote.ID] = r.quote.Rate, r.property.ID
			}
		}
		results := Stays(answers)
		n := 0
		for _, r := range results {
			of := map[string]string{}
			for _, q := range r.Quotes {
				n++
				if want[q.ID] != q.Rate {
					t.Fatalf("rate %s is not the partner's own", q.ID)
				}
				if id, known := of[q.Partner]; known && id != property[q.ID] {
					t.Fatalf("two listings of %s in one property", q.Partner)
				}
				of[q.Partner] = property[q.ID]
			}
		}
		if n != len(want) {
			t.Fatalf("%d rates, want %d", n, len(want))
		}
		if again := Stays(rapid.Permutation(answers).Draw(t, "order")); !slices.EqualFunc(results, again, equalResults) {
			t.Fatal("another order of answers gives other results")
		}
	})
}

func equalResults(a, b travel.StayResult) bool {
	return a.ID == b.ID && a.Property == b.Property && slices.Equal(a.MayBe, b.MayBe) && slices.EqualFunc(a.Quotes, b.Quotes, func(p, q travel.RateQuote) bool { return p.ID == q.ID && p.Rate == q.Rate })
}

// Without a partner exactly its rates are gone; and where nothing rules out what the
// evidence says, rates of others stay together or apart as they were, unless it was its
// listing that held them together.
func TestRemovingAPartnerRemovesItsRates(t *testing.T) {
	names := []string{"Hotel Bayard", "Carnot", "Villa Florentine", "Maison des Canuts"}
	rapid.Check(t, func(t *rapid.T) {
		var answers []*Prepared
		for i := range rapid.IntRange(2, 4).Draw(t, "partners") {
			var stays []travel.Stay
			for j, name := range names {
				if rapid.Bool().Draw(t, "lists") { // houses 2 km apart, each where its partner puts it
					stays = append(stays, house(fmt.Sprint(j), name, float64(j*2000+rapid.IntRange(0, 10).Draw(t, "metres")*60)))
				}
			}
			answers = append(answers, sealStays(fmt.Sprint("p", i), stays...))
		}
		gone := rapid.SampledFrom(answers).Draw(t, "gone")
		rest := slices.DeleteFunc(slices.Clone(answers), func(a *Prepared) bool { return a == gone })
		was, is := resultsOf(Stays(answers)), resultsOf(Stays(rest))
		held := map[string]bool{} // results that the partner has rates in
		for _, r := range gone.rates {
			held[was[r.quote.ID]] = true
		}
		if len(is) != len(was)-len(gone.rates) {
			t.Fatalf("%d rates of %d without the %d of %s", len(is), len(was), len(gone.rates), gone.Answer.Partner)
		}
		for x := range is {
			for y := range is {
				if was[x] == was[y] && is[x] != is[y] && !held[was[x]] {
					t.Fatalf("%s and %s part though %s was not with them", x, y, gone.Answer.Partner)
				}
				if was[x] != was[y] && is[x] == is[y] {
					t.Fatalf("%s and %s meet without %s", x, y, gone.Answer.Partner)
				}
			}
		}
	})
}

// BenchmarkStays merges rates of as many properties in one area: a fifth as many, sold
// by up to four partners each. The cost of a rate should hardly grow.
func BenchmarkStays(b *testing.B) {
	for _, rates := range []int{10_000, 100_000} {
		answers := town(rates / 5)
		b.Run(fmt.Sprint(rates), func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n = len(Stays(answers))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rates), "ns/rate")
			b.ReportMetric(float64(n), "properties")
		})
	}
}

// BenchmarkOneMoreStaysAnswer merges an answer of 1,000 rates on so many that have been
// merged, beside merging all anew.
func BenchmarkOneMoreStaysAnswer(b *testing.B) {
	for _, rates := range []int{1000, 10_000, 100_000} {
		answers := town(rates / 5)
		more := moreOfTown(rates/5, min(rates/5, 1000))
		b.Run(fmt.Sprint(rates), func(b *testing.B) {
			var m Merger
			m.Stays(answers)
			all := append(slices.Clone(answers), more)
			for b.Loop() {
				m.Stays(all)
				b.StopTimer()
				m.Stays(answers) // without it again
				b.StartTimer()
			}
		})
		b.Run(fmt.Sprint("anew-", rates), func(b *testing.B) {
			all := append(slices.Clone(answers), more)
			for b.Loop() {
				Stays(all)
			}
		})
	}
}

// moreOfTown is one more partner's answer about the first houses of a town, whatever they
// are called there.
func moreOfTown(properties, most int) *Prepared {
	other := town(properties)[0].Answer.Stays
	stays := make([]travel.Stay, 0, most)
	for i := range most {
		s := other[i]
		s.Property.SetGeo(s.Property.Lat+0.0002, s.Property.Lon)
		stays = append(stays, s)
	}
	return sealStays("p9", stays...)
}

// town is answers of five partners with five rates a property in all, of houses that
// stand about as densely as those of a large town, however many there are.
func town(properties int) []*Prepared {
	first := []string{"Grand", "Royal", "Alte", "Golden", "Blue", "Quiet", "Little", "Imperial", "Central", "Marble", "Amber", "Velvet", "Crystal", "Garden", "Harbour", "Castle"}
	second := []string{"Lantern", "Trumpet", "Falcon", "Heron", "Anchor", "Compass", "Larch", "Linden", "Elm", "Chestnut", "Mill", "Mitre", "Bell", "Crown", "Rose", "Thistle", "Swan", "Stag", "Fox", "Otter"}
	side := math.Sqrt(float64(properties) / 40) // kilometres, at 40 houses in a square kilometre
	r := rand.New(rand.NewPCG(1, 2))
	stays := make([][]travel.Stay, 5)
	for i := range properties {
		name := fmt.Sprintf("Hotel %s %s", first[r.IntN(len(first))], second[r.IntN(len(second))])
		lat, lon := r.Float64()*side/111.2, r.Float64()*side/78
		for p := range stays {
			s := house(fmt.Sprint(p, "-", i), name, 0)
			s.Property.SetGeo(45.7+lat+float64(p)*0.0001, 4.7+lon)
			s.Rates[0].Room = fmt.Sprint("Room ", i%7)
			stays[p] = append(stays[p], s)
		}
	}
	var answers []*Prepared
	for p := range stays {
		answers = append(answers, sealStays(fmt.Sprint("p", p), stays[p]...))
	}
	return answers
}

// How rare a name is weighs more than how far apart two positions are; a name that every
// town has does not.
func TestRareNamesOutweighDistance(t *testing.T) {
	at := func(name string, metres float64) *pairSide {
		s := pairSide{Property: travel.Property{Name: name, Stars: 3}}
		s.SetGeo(47.2613+metres/111_200, 11.3927)
		return &s
	}
	for _, test := range []struct {
		name   string
		metres float64
		want   judged
	}{
		{"Landhaus Sonnleitnerhof Kirchdorf", 2000, merged}, {"Landhaus Sonnleitnerhof Kirchdorf", 60_000, distinct},
		{"Hotel Krone", 20, merged}, {"Hotel Krone", 2000, distinct}, {"Park Hotel", 800, distinct},
	} {
		if got := judge(at(test.name, 0), at(test.name, test.metres)); got != test.want {
			t.Errorf("%s, %g m apart: %v, want %v", test.name, test.metres, got, test.want)
		}
	}
}
