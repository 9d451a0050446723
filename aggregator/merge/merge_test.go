package merge

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fanfare/providers/travel"
)

var day = time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)

// flightAt is BA177-like: who flies, what it is sold as, and when on the day.
func flightAt(operating, sold string, minute int) travel.Segment {
	f := func(s string) travel.Flight {
		if s == "" {
			return travel.Flight{}
		}
		return travel.NewFlight(s[:2], s[2:])
	}
	at := day.Add(time.Duration(minute) * time.Minute)
	return travel.Segment{
		Marketing: f(sold), Operating: f(operating), Origin: "LHR", Destination: "JFK",
		Departs: travel.LocalTimeOf(at), Arrives: travel.LocalTimeOf(at.Add(8 * time.Hour)),
	}
}

func offer(price int64, brand, seller string, segments ...travel.Segment) travel.Offer {
	return travel.Offer{
		PartnerRef: fmt.Sprintf("%s-%s-%d", brand, seller, price),
		Itinerary:  travel.Itinerary{Slices: []travel.Slice{{Segments: segments}}},
		Price:      travel.Price{Total: travel.Money{Minor: price, Currency: "EUR"}, Kind: travel.Live},
		Seller:     travel.Seller{Code: seller},
		Fare:       travel.Fare{Brand: brand},
	}
}

func micros(m travel.Money) (int64, bool) { return m.Minor * 10_000, m.Currency != "XXX" }

func prepare(partner string, offers ...travel.Offer) *Prepared {
	asOf := day.Add(-24 * time.Hour)
	return Prepare(travel.Answer{
		Partner: partner, Offers: slices.Clone(offers), OffersIn: len(offers),
		AsOf: asOf, FreshUntil: asOf.Add(10 * time.Minute), HardUntil: asOf.Add(20 * time.Minute),
	}, Context{SearchID: "search", Micros: micros})
}

// drawSegment draws from at most six flights that collide: the same flight under
// several numbers, with and without a known operator, at times that conflict or do not.
func drawSegment(t *rapid.T) travel.Segment {
	switch rapid.IntRange(0, 5).Draw(t, "flight") {
	case 0:
		return flightAt("BA177", "BA177", 600)
	case 1:
		return flightAt("BA177", rapid.SampledFrom([]string{"AA6134", "IB4218"}).Draw(t, "sold"), 600+rapid.IntRange(0, 1).Draw(t, "late")*10)
	case 2:
		return flightAt("", "AA6134", 600) // operator unconfirmed
	case 3:
		return flightAt("VS3", "VS3", 720)
	case 4:
		return flightAt("VS3", "DL4372", 720)
	}
	return flightAt("AA101", "AA101", 900)
}

func drawAnswers(t *rapid.T) []*Prepared {
	var answers []*Prepared
	for _, partner := range []string{"albatross", "heron", "kestrel"} {
		offers := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) travel.Offer {
			return offer(int64(rapid.IntRange(1, 40).Draw(t, "price"))*1000, rapid.SampledFrom([]string{"", "Light", "Flex"}).Draw(t, "brand"),
				rapid.SampledFrom([]string{"BA", "AA", "VS"}).Draw(t, "seller"), drawSegment(t))
		}), 0, 8).Draw(t, partner)
		answers = append(answers, prepare(partner, offers...))
	}
	return answers
}

// shape is what must not depend on order: results with their flights and quotes.
func shape(results []travel.Result) string {
	s := ""
	for _, r := range results {
		s += r.ID + fmt.Sprint(r.Slices)
		for _, q := range r.Quotes {
			s += fmt.Sprint(q.ID, q.Partner, q.EURMicros, q.Offer.PartnerRef)
		}
		s += "\n"
	}
	return s
}

func TestMergeDoesNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		answers := drawAnswers(t)
		want := shape(Flights(answers))
		shuffled := rapid.Permutation(answers).Draw(t, "order")
		if got := shape(Flights(shuffled)); got != want {
			t.Fatalf("another order of answers:\n%s\nwant\n%s", got, want)
		}
		twice := append(slices.Clone(shuffled), answers...)
		if got := shape(Flights(twice)); got != want {
			t.Fatalf("merged with itself:\n%s\nwant\n%s", got, want)
		}
	})
}

// Within one answer, too, the order of the document must not show.
func TestSealDoesNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offers := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) travel.Offer {
			return offer(int64(rapid.IntRange(1, 3).Draw(t, "price"))*1000, "Light", "BA", drawSegment(t))
		}), 1, 12).Draw(t, "offers")
		a, b := prepare("heron", offers...), prepare("heron", rapid.Permutation(offers).Draw(t, "order")...)
		if a.Digest != b.Digest {
			t.Fatalf("digest depends on the order of offers")
		}
		if x, y := shape(Flights([]*Prepared{a})), shape(Flights([]*Prepared{b})); x != y {
			t.Fatalf("results depend on the order of offers:\n%s\nwant\n%s", y, x)
		}
	})
}

// Merging is associative: answers that come in two batches give what all at once give,
// because what is merged is always the set of answers.
func TestMergeKeepsEveryOfferOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		answers := drawAnswers(t)
		seen := map[string]int{}
		total := 0
		for _, r := range Flights(answers) {
			for i, q := range r.Quotes {
				seen[q.ID]++
				total++
				if i > 0 && r.Quotes[i-1].EURMicros > q.EURMicros {
					t.Fatalf("quotes of %s are not cheapest first", r.ID)
				}
			}
		}
		want := 0
		for _, a := range answers {
			want += a.Offers()
		}
		if total != want || len(seen) != want {
			t.Fatalf("%d offers in results, %d of them distinct; want %d", total, len(seen), want)
		}
	})
}

// Inserting an offer changes at most the result that it joins: all others keep their
// flights, times and offers. Offers that bridge two groups are left out (docs/definitions.md 4).
func TestInsertingAnOfferLeavesOthersAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		strong := func(t *rapid.T) travel.Segment {
			n := rapid.IntRange(0, 3).Draw(t, "flight")
			return flightAt(fmt.Sprintf("BA%d", 100+n), rapid.SampledFrom([]string{fmt.Sprintf("BA%d", 100+n), fmt.Sprintf("AA%d", 6000+n)}).Draw(t, "sold"),
				600+60*n+rapid.IntRange(0, 10).Draw(t, "late"))
		}
		draw := rapid.Custom(func(t *rapid.T) travel.Offer {
			return offer(int64(rapid.IntRange(1, 40).Draw(t, "price"))*1000, rapid.SampledFrom([]string{"Light", "Flex"}).Draw(t, "brand"), "BA", strong(t))
		})
		base := rapid.SliceOfN(draw, 1, 6).Draw(t, "base")
		other := rapid.SliceOfN(draw, 0, 6).Draw(t, "other")
		extra := draw.Draw(t, "extra")
		before := Flights([]*Prepared{prepare("heron", base...), prepare("kestrel", other...)})
		after := Flights([]*Prepared{prepare("heron", append(slices.Clone(base), extra)...), prepare("kestrel", other...)})
		joined := prepare("heron", extra).variants[0].variant.id()
		for _, r := range before {
			i := slices.IndexFunc(after, func(x travel.Result) bool { return x.ID == r.ID })
			if i < 0 {
				t.Fatalf("result %s is gone", r.ID)
			}
			if r.ID != joined && shape([]travel.Result{r}) != shape(after[i:i+1]) {
				t.Fatalf("result %s changed:\n%s\nwas\n%s", r.ID, shape(after[i:i+1]), shape([]travel.Result{r}))
			}
		}
	})
}

func TestFlightsMergesByOperatingFlight(t *testing.T) {
	for _, test := range []struct {
		name    string
		answers []*Prepared
		want    int // results
	}{
		{"the same flight under two numbers", []*Prepared{
			prepare("a", offer(1000, "L", "BA", flightAt("BA177", "BA177", 600))), prepare("b", offer(1100, "L", "AA", flightAt("BA177", "AA6134", 600)))}, 1},
		{"times that differ by 15 minutes", []*Prepared{
			prepare("a", offer(1000, "L", "BA", flightAt("BA177", "BA177", 600))), prepare("b", offer(1100, "L", "BA", flightAt("BA177", "BA177", 615)))}, 1},
		{"times that differ by 16 minutes conflict", []*Prepared{
			prepare("a", offer(1000, "L", "BA", flightAt("BA177", "BA177", 600))), prepare("b", offer(1100, "L", "BA", flightAt("BA177", "BA177", 616)))}, 2},
		{"a third in between bridges them", []*Prepared{
			prepare("a", offer(1000, "L", "BA", flightAt("BA177", "BA177", 600))), prepare("b", offer(1100, "L", "BA", flightAt("BA177", "BA177", 616))),
			prepare("c", offer(1200, "L", "BA", flightAt("BA177", "BA177", 608)))}, 1},
		{"an unconfirmed codeshare stays by itself", []*Prepared{
			prepare("a", offer(1000, "L", "BA", flightAt("BA177", "BA177", 600))), prepare("b", offer(1100, "L", "AA", flightAt("", "AA6134", 600)))}, 2},
		{"one names the other's carrier as operator", []*Prepared{
			prepare("a", offer(1000, "L", "BA", flightAt("BA177", "BA177", 600))), prepare("b", offer(1100, "L", "AA", flightAt("BA", "AA6134", 600)))}, 1},
		{"the operator is named, but at another minute", []*Prepared{
			prepare("a", offer(1000, "L", "BA", flightAt("BA177", "BA177", 600))), prepare("b", offer(1100, "L", "AA", flightAt("BA", "AA6134", 601)))}, 2},
		{"two flights of the operator at one minute are not told apart", []*Prepared{
			prepare("a", offer(1000, "L", "BA", flightAt("BA177", "BA177", 600)), offer(1000, "L", "BA", flightAt("BA179", "BA179", 600))),
			prepare("b", offer(1100, "L", "AA", flightAt("BA", "AA6134", 600)))}, 3},
		{"two sellers that name the same operator", []*Prepared{
			prepare("a", offer(1000, "L", "IB", flightAt("BA", "IB4218", 600))), prepare("b", offer(1100, "L", "AA", flightAt("BA", "AA6134", 600)))}, 1},
		{"different flights", []*Prepared{
			prepare("a", offer(1000, "L", "BA", flightAt("BA177", "BA177", 600))), prepare("b", offer(1100, "L", "VS", flightAt("VS3", "VS3", 600)))}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Flights(test.answers); len(got) != test.want {
				t.Errorf("Flights = %d results, want %d:\n%s", len(got), test.want, shape(got))
			}
		})
	}
}

func TestResultShowsOperatingNumberAndSmallestTimes(t *testing.T) {
	got := Flights([]*Prepared{
		prepare("a", offer(2000, "L", "AA", flightAt("BA177", "AA6134", 610))),
		prepare("b", offer(1000, "L", "IB", flightAt("BA177", "IB4218", 600))),
		prepare("c", offer(3000, "L", "AA", flightAt("BA", "QR5911", 610))),
	})
	if len(got) != 1 {
		t.Fatalf("Flights = %d results, want 1", len(got))
	}
	s := got[0].Slices[0][0]
	if want := travel.NewFlight("BA", "177"); s.Marketing != want || s.Operating != want {
		t.Errorf("marketing %v, operating %v; want %v for both", s.Marketing, s.Operating, want)
	}
	if want := []travel.Flight{{Carrier: "AA", Number: "6134"}, {Carrier: "IB", Number: "4218"}, {Carrier: "QR", Number: "5911"}}; !slices.Equal(s.SoldAs, want) {
		t.Errorf("sold as %v, want %v", s.SoldAs, want)
	}
	if got, want := s.Departs, flightAt("BA177", "BA177", 600).Departs; got != want {
		t.Errorf("departs %v, want the smallest, %v", got, want)
	}
}

func TestCollapseKeepsTheCheapestWithinAnOfferKey(t *testing.T) {
	f := flightAt("BA177", "BA177", 600)
	s := prepare("heron", offer(1200, "Light", "BA", f), offer(1000, "Light", "BA", f), offer(900, "Flex", "BA", f), offer(1100, "Light", "AA", f))
	if s.Offers() != 3 || s.Answer.OffersKept() != 4 {
		t.Fatalf("%d after collapse of %d, want 3 of 4", s.Offers(), s.Answer.OffersKept())
	}
	quotes := Flights([]*Prepared{s})[0].Quotes
	var prices []int64
	for _, q := range quotes {
		prices = append(prices, q.Offer.Price.Total.Minor)
	}
	if want := []int64{900, 1000, 1100}; !slices.Equal(prices, want) {
		t.Errorf("prices %v, want %v", prices, want)
	}
	// A new price of the same fare is a change, and not another offer.
	cheaper := Flights([]*Prepared{prepare("heron", offer(950, "Light", "BA", f))})[0].Quotes[0]
	if cheaper.ID != quotes[1].ID {
		t.Errorf("the id of an offer changed with its price")
	}
}

// Only offers with equal fare keys are the same fare (docs/definitions.md 4).
func TestOffersOfAnotherKeyAreKept(t *testing.T) {
	base := offer(1000, "Light", "BA", flightAt("BA177", "BA177", 600))
	for name, change := range map[string]func(*travel.Offer){
		"currency":     func(o *travel.Offer) { o.Price.Total.Currency = "GBP" },
		"seller":       func(o *travel.Offer) { o.Seller.Code = "AA" },
		"brand":        func(o *travel.Offer) { o.Fare.Brand = "Flex" },
		"cabin":        func(o *travel.Offer) { o.Fare.Cabin = []travel.Cabin{travel.Business} },
		"cabin bags":   func(o *travel.Offer) { o.Fare.CabinBags = travel.PiecesOf(0) },
		"checked bags": func(o *travel.Offer) { o.Fare.CheckedBags = travel.PiecesOf(1) },
		"refunds":      func(o *travel.Offer) { o.Fare.Refundable = travel.No },
		"changes":      func(o *travel.Offer) { o.Fare.Changeable = travel.Yes },
	} {
		other := base
		change(&other)
		if n := prepare("heron", base, other).Offers(); n != 2 {
			t.Errorf("another %s: %d offers kept, want 2", name, n)
		}
	}
}

func TestSelfTransferIsAnotherTicketingVariant(t *testing.T) {
	through := offer(1000, "L", "BA", flightAt("BA177", "BA177", 600))
	split := through
	split.SelfTransfer = []int{1}
	if got := Flights([]*Prepared{prepare("a", through), prepare("b", split)}); len(got) != 2 {
		t.Errorf("Flights = %d results, want 2: through and split tickets are never one", len(got))
	}
}

func TestNoRateDropsAndCounts(t *testing.T) {
	o := offer(1000, "L", "BA", flightAt("BA177", "BA177", 600))
	unrated := o
	unrated.Price.Total.Currency = "XXX"
	s := prepare("a", o, unrated)
	if s.Answer.Drops[travel.RuleNoRate] != 1 || s.Answer.OffersKept() != 1 || s.Answer.OffersIn != 2 {
		t.Errorf("drops %v, kept %d of %d", s.Answer.Drops, s.Answer.OffersKept(), s.Answer.OffersIn)
	}
}

func TestStateHash(t *testing.T) {
	f := flightAt("BA177", "BA177", 600)
	state := func(price int64, status string) string {
		return StateHash("search", []PartnerState{{"heron", status, prepare("heron", offer(price, "L", "BA", f))}, {"kestrel", "timeout", nil}})
	}
	first := state(1000, "ok")
	if again := state(1000, "ok"); again != first {
		t.Error("the same answers have different hashes")
	}
	for name, other := range map[string]string{"price": state(1001, "ok"), "status": state(1000, "stale_served"),
		"search": StateHash("other", []PartnerState{{"heron", "ok", prepare("heron", offer(1000, "L", "BA", f))}, {"kestrel", "timeout", nil}})} {
		if other == state(1000, "ok") {
			t.Errorf("another %s has the same hash", name)
		}
	}
	// Neither instants nor the partner's own ids are in it.
	later := offer(1000, "L", "BA", f)
	later.PartnerRef, later.ExpiresAt = "another", day
	same := StateHash("search", []PartnerState{{"heron", "ok", prepare("heron", later)}, {"kestrel", "timeout", nil}})
	if same != state(1000, "ok") {
		t.Error("the partner's own id or an instant is in the hash")
	}
}

// Of offers of one key the same is kept whatever the partner's ids and instants are:
// the digest covers neither.
func TestCollapseGoesByNothingThatTheDigestLeavesOut(t *testing.T) {
	f := flightAt("BA177", "BA177", 600)
	fee := func(minor int64, ref string, expires time.Time) travel.Offer {
		o := offer(1000, "Light", "BA", f)
		o.Fare.Changeable, o.Fare.ChangeFee = travel.Yes, travel.Money{Minor: minor, Currency: "EUR"}
		o.PartnerRef, o.ExpiresAt = ref, expires
		return o
	}
	one := prepare("heron", fee(500, "a", day), fee(700, "b", day.Add(time.Hour)))
	two := prepare("heron", fee(500, "y", day.Add(time.Hour)), fee(700, "x", day))
	if one.Digest != two.Digest {
		t.Error("offers: the digest depends on an instant or the partner's own id")
	}
	taxed := func(minor int64, ref string, expires time.Time) travel.Rate {
		r := rate(1000, travel.RoomOnly)
		r.Price.Taxes = travel.Money{Minor: minor, Currency: "EUR"}
		r.PartnerRef, r.ExpiresAt = ref, expires
		return r
	}
	stays := func(rates ...travel.Rate) *Prepared {
		return sealStays("pillow", stay("1", "Grand Paris", 48.85, rates...))
	}
	if stays(taxed(50, "a", day), taxed(70, "b", day.Add(time.Hour))).Digest != stays(taxed(50, "y", day.Add(time.Hour)), taxed(70, "x", day)).Digest {
		t.Error("rates: the digest depends on an instant or the partner's own id")
	}
}

func TestSeatsLeftAndExpiryShortenLife(t *testing.T) {
	o := offer(1000, "L", "BA", flightAt("BA177", "BA177", 600))
	o.SeatsLeft = 3
	q := Flights([]*Prepared{prepare("a", o)})[0].Quotes[0]
	if got, want := q.FreshUntil.Sub(q.AsOf), 10*time.Minute/3; got != want {
		t.Errorf("fresh for %v, want %v", got, want)
	}
	o.SeatsLeft, o.ExpiresAt = 0, q.AsOf.Add(time.Minute)
	q = Flights([]*Prepared{prepare("a", o)})[0].Quotes[0]
	if !q.FreshUntil.Equal(o.ExpiresAt) || !q.HardUntil.Equal(o.ExpiresAt) {
		t.Errorf("fresh until %v, hard until %v; want the expiry %v", q.FreshUntil, q.HardUntil, o.ExpiresAt)
	}
}

func stay(id, name string, lat float64, rates ...travel.Rate) travel.Stay {
	return travel.Stay{Property: travel.Property{ID: id, Name: name, Lat: lat, Lon: 2.35, HasGeo: true, Stars: 4}, Rates: rates}
}

func nowhere(s travel.Stay) travel.Stay {
	s.Property.HasGeo, s.Property.Lon = false, 0
	return s
}

func starred(stars float64, s travel.Stay) travel.Stay {
	s.Property.Stars = stars
	return s
}

func rate(price int64, board travel.Board) travel.Rate {
	return travel.Rate{Room: "Double", Board: board, Price: travel.Price{Total: travel.Money{Minor: price, Currency: "EUR"}, Kind: travel.Live}}
}

func sealStays(partner string, stays ...travel.Stay) *Prepared {
	return Prepare(travel.Answer{Partner: partner, Stays: stays}, Context{SearchID: "search", Micros: micros})
}

func TestStaysMergesOnlyBeyondDoubt(t *testing.T) {
	for _, test := range []struct {
		name string
		in   []*Prepared
		want int
	}{
		{"the same name on the same spot", []*Prepared{
			sealStays("a", stay("1", "Hotel Grand Paris", 48.85, rate(1000, travel.RoomOnly))), sealStays("b", stay("x", "Grand Paris", 48.8505, rate(900, travel.RoomOnly)))}, 1},
		{"the same name elsewhere", []*Prepared{
			sealStays("a", stay("1", "Grand Paris", 48.85, rate(1000, travel.RoomOnly))), sealStays("b", stay("x", "Grand Paris", 48.86, rate(900, travel.RoomOnly)))}, 2},
		{"a brand modifier", []*Prepared{
			sealStays("a", stay("1", "Grand Paris", 48.85, rate(1000, travel.RoomOnly))), sealStays("b", stay("x", "Grand Paris Express", 48.85, rate(900, travel.RoomOnly)))}, 2},
		{"nobody says where", []*Prepared{
			sealStays("a", nowhere(stay("1", "Grand Paris", 0, rate(1000, travel.RoomOnly)))), sealStays("b", nowhere(stay("x", "Grand Paris", 0, rate(900, travel.RoomOnly))))}, 2},
		{"stars contradict", []*Prepared{
			sealStays("a", stay("1", "Grand Paris", 48.85, rate(1000, travel.RoomOnly))), sealStays("b", starred(2, stay("x", "Grand Paris", 48.85, rate(900, travel.RoomOnly))))}, 2},
		{"two listings of one partner are two places", []*Prepared{
			sealStays("a", stay("1", "Grand Paris", 48.85, rate(1000, travel.RoomOnly)), stay("2", "Grand Paris", 48.85, rate(1000, travel.RoomOnly))),
			sealStays("b", stay("x", "Grand Paris", 48.85, rate(900, travel.RoomOnly)))}, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := Stays(test.in)
			slices.Reverse(test.in)
			again := Stays(test.in)
			if len(got) != test.want {
				t.Errorf("Stays = %d properties, want %d", len(got), test.want)
			}
			if !slices.EqualFunc(got, again, func(a, b travel.StayResult) bool { return a.ID == b.ID && len(a.Quotes) == len(b.Quotes) }) {
				t.Error("another order of answers gives other properties")
			}
		})
	}
}

func BenchmarkFlights10000(b *testing.B) {
	var answers []*Prepared
	for p := range 10 {
		var offers []travel.Offer
		for i := range 1000 {
			f := flightAt(fmt.Sprintf("BA%d", i%250), fmt.Sprintf("AA%d", 6000+i%250), 300+i%250*4)
			offers = append(offers, offer(int64(10_000+(i*7919+p*104729)%50_000), []string{"Light", "Standard", "Flex", "Plus"}[i/250], "BA", f))
		}
		answers = append(answers, prepare(fmt.Sprintf("partner%d", p), offers...))
	}
	b.ReportAllocs()
	for b.Loop() {
		results := Flights(answers)
		if len(results) != 250 {
			b.Fatalf("%d results", len(results))
		}
	}
	slices.SortFunc(answers, func(a, b *Prepared) int { return cmp.Compare(a.Answer.Partner, b.Answer.Partner) })
}
