package merge

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fanfare/providers/travel"
)

// drawFare draws offers that mostly have one offer key, and differ in one or two things.
func drawFare(t *rapid.T) travel.Offer {
	o := offer(1000, "Light", "BA", flightAt("BA177", "BA177", 600))
	o.PartnerRef = ""
	money := travel.Money{Minor: rapid.SampledFrom([]int64{3000, 9000}).Draw(t, "amount"), Currency: "EUR"}
	o.Fare.Refundable, o.Fare.Changeable, o.Fare.RefundFee, o.Fare.ChangeFee = travel.Yes, travel.Yes, travel.Money{Minor: 1, Currency: "EUR"}, travel.Money{Minor: 1, Currency: "EUR"}
	for _, change := range rapid.SliceOfN(rapid.SampledFrom([]func(){
		func() { o.Price.Total = money },
		func() { o.Price.Base = money },
		func() { o.Price.Taxes = money },
		func() { o.Price.Kind = travel.Cached },
		func() { o.Fare.Seat = travel.SeatIncluded },
		func() { o.Fare.CabinBagPrice = money },
		func() { o.Fare.CheckedBagPrice = money },
		func() { o.Fare.RefundFee = money },
		func() { o.Fare.ChangeFee = money },
		func() { o.Fare.Basis = []string{fmt.Sprint(money.Minor)} },
		func() { o.SeatsLeft = int(money.Minor) / 1000 },
		func() { o.Test = true },
		func() { o.Itinerary.Slices[0].Segments[0].Marketing = travel.NewFlight("AA", "6134") },
		func() { o.Itinerary.Slices[0].Segments[0].Aircraft = fmt.Sprint(money.Minor) },
		func() { o.Seller.Name = fmt.Sprint(money.Minor) },
		func() { o.Travellers = int(money.Minor) },
		func() { o.ExpiresAt = day.Add(time.Duration(money.Minor)) },
	}), 0, 2).Draw(t, "changes") {
		change()
	}
	return o
}

// kept is what merging shows of the answer, but for the partner's own ids.
func kept(s *Prepared) (all []string) {
	for _, r := range Flights([]*Prepared{s}) {
		for _, q := range r.Quotes {
			o := *q.Offer
			o.PartnerRef = ""
			all = append(all, fmt.Sprint(r.ID, r.Slices, q.ID, o, q.FreshUntil, q.HardUntil))
		}
	}
	for _, r := range Stays([]*Prepared{s}) {
		for _, q := range r.Quotes {
			rate := *q.Rate
			rate.PartnerRef = ""
			all = append(all, fmt.Sprint(r.ID, r.Property, q.ID, rate, q.FreshUntil, q.HardUntil))
		}
	}
	return all
}

// Equal answers have equal digests and keep equal offers, whatever the partner's own ids of
// its offers are this time, and in which order they stand.
func TestEqualAnswersKeepEqualOffers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offers := rapid.SliceOfN(rapid.Custom(drawFare), 2, 8).Draw(t, "offers")
		again := rapid.Permutation(offers).Draw(t, "order")
		name(again, rapid.Permutation(refs[:len(offers)]).Draw(t, "ids"), func(o *travel.Offer) *string { return &o.PartnerRef })
		name(offers, refs, func(o *travel.Offer) *string { return &o.PartnerRef })
		checkEqual(t, prepare("heron", offers...), prepare("heron", again...))
	})
}

// The same for rates, and for the properties that an answer lists twice.
func TestEqualAnswersKeepEqualRates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stays := rapid.SliceOfN(rapid.Custom(drawStay), 2, 8).Draw(t, "stays")
		again := rapid.Permutation(stays).Draw(t, "order")
		for i := range again {
			again[i].Rates = slices.Clone(again[i].Rates)
		}
		ids := func(s *travel.Stay) *string { return &s.Rates[0].PartnerRef }
		name(again, rapid.Permutation(refs[:len(stays)]).Draw(t, "ids"), ids)
		name(stays, refs, ids)
		checkEqual(t, sealStays("pillow", stays...), sealStays("pillow", again...))
	})
}

// drawStay draws a rate of a property, which differs from others in one or two things.
func drawStay(t *rapid.T) travel.Stay {
	money := travel.Money{Minor: rapid.SampledFrom([]int64{300, 900}).Draw(t, "amount"), Currency: "EUR"}
	s := stay("1", "Grand Paris", 48.85, rate(1000, travel.RoomOnly))
	r := &s.Rates[0]
	for _, change := range rapid.SliceOfN(rapid.SampledFrom([]func(){
		func() { r.Price.Base = money },
		func() { r.Price.Taxes = money },
		func() { r.PayAtProperty = money },
		func() { r.RoomsLeft = int(money.Minor) / 100 },
		func() { r.Cancellation.Steps = []travel.CancellationStep{{From: day, Fee: money}} },
		func() { r.Test = true },
		func() { r.ExpiresAt = day.Add(time.Duration(money.Minor)) },
		func() { s.Property.PostCode = fmt.Sprint(money.Minor) },
		func() { s.Property.Name = fmt.Sprint(money.Minor) },
		func() { s.Property.ID = "2" },
	}), 0, 2).Draw(t, "changes") {
		change()
	}
	return s
}

var refs = []string{"a", "b", "c", "d", "e", "f", "g", "h"}

func name[T any](all []T, ids []string, ref func(*T) *string) {
	for i := range all {
		*ref(&all[i]) = ids[i]
	}
}

func checkEqual(t *rapid.T, a, b *Prepared) {
	if a.Digest != b.Digest {
		t.Fatalf("the digest differs:\n%v\n%v", kept(a), kept(b))
	}
	if x, y := kept(a), kept(b); !slices.Equal(x, y) {
		t.Fatalf("what is kept differs:\n%v\n%v", x, y)
	}
}

// Of offers of one key that differ in what bags cost, the one with cheaper bags is kept; of
// those that differ in the choice of a seat, both.
func TestTheBetterOfTwoEqualFaresIsKept(t *testing.T) {
	f := flightAt("BA177", "BA177", 600)
	with := func(change func(*travel.Fare)) travel.Offer {
		o := offer(1000, "Light", "BA", f)
		change(&o.Fare)
		return o
	}
	bag := func(minor int64) travel.Offer {
		return with(func(f *travel.Fare) { f.CheckedBagPrice = travel.Money{Minor: minor, Currency: "EUR"} })
	}
	s := prepare("heron", bag(9000), bag(3000), offer(1000, "Light", "BA", f))
	if got := Flights([]*Prepared{s})[0].Quotes; len(got) != 1 || got[0].Offer.Fare.CheckedBagPrice.Minor != 3000 {
		t.Errorf("%d offers kept, the first with a bag at %v; want the one at 30.00", len(got), got[0].Offer.Fare.CheckedBagPrice)
	}
	seat := func(c travel.SeatChoice) travel.Offer { return with(func(f *travel.Fare) { f.Seat = c }) }
	if n := prepare("heron", seat(travel.SeatIncluded), seat(travel.SeatNotOffered), seat(travel.SeatUnknown)).Offers(); n != 3 {
		t.Errorf("%d offers kept, want one for each choice of seats", n)
	}
}

// A flight that the answer itself states at two times may be about to change: its prices
// are trusted for a third of the time, and those of other flights for all of it.
func TestTwoSchedulesInOneAnswerShortenLife(t *testing.T) {
	s := prepare("a", offer(1000, "L", "BA", flightAt("BA177", "BA177", 600)), offer(1000, "L", "BA", flightAt("BA177", "BA177", 630)), offer(1000, "L", "BA", flightAt("BA179", "BA179", 600)))
	for _, r := range Flights([]*Prepared{s}) {
		want := 10 * time.Minute
		if r.Slices[0][0].Operating.Number == "177" {
			want /= 3
		}
		if got := r.Quotes[0].FreshUntil.Sub(r.Quotes[0].AsOf); got != want {
			t.Errorf("%v at %v is fresh for %v, want %v", r.Slices[0][0].Operating, r.Slices[0][0].Departs, got, want)
		}
	}
}
