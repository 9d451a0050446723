package ndc

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"fanfare/providers/places"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
)

// oneWay is an offer of one slice, from LHR to JFK on the first day or back a week later.
func oneWay(id string, back bool, minor int64, currency travel.Currency, hour int) travel.Offer {
	day, from, to := 1, travel.Airport("LHR"), travel.Airport("JFK")
	if back {
		day, from, to = 8, to, from
	}
	at := func(h int) travel.LocalTime { return travel.LocalTimeOf(time.Date(2027, 3, day, h, 0, 0, 0, time.UTC)) }
	s := travel.Segment{Marketing: travel.NewFlight("GN", id[1:]), Origin: from, Destination: to, Departs: at(hour), Arrives: at(hour + 6)}
	return travel.Offer{PartnerRef: id, Price: travel.Price{Total: travel.Money{Minor: minor, Currency: currency}, Kind: travel.Live}, Seller: travel.Seller{Code: "GN"},
		Itinerary: travel.Itinerary{Slices: []travel.Slice{{Segments: []travel.Segment{s}}}}}
}

func answerOf(offers ...travel.Offer) travel.Answer {
	return travel.Answer{Offers: offers, OffersIn: len(offers)}
}

func TestCombineSums(t *testing.T) {
	a, err := Decode(providertest.Load(t, "ndc/19.2_flat.xml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	got := combine(a, query(2), places.Default())
	providertest.Consistent(t, &got)
	var trips []string
	for _, o := range got.Offers {
		trips = append(trips, fmt.Sprint(o.PartnerRef, " ", o.Price.Total, " ", o.Price.Base, " ", len(o.Itinerary.Slices), " ", o.Fare.Cabin, " ", len(o.SelfTransfer)))
	}
	want := "o1 + b2 EUR 350.00 EUR 350.00 2 [economy economy economy] 0, o1 + b1 EUR 380.00 EUR 380.00 2 [economy economy] 0, " +
		"o2 + b2 EUR 390.00 EUR 390.00 2 [economy economy economy] 0, o2 + b1 EUR 420.00 EUR 420.00 2 [economy economy] 0"
	if s := strings.Join(trips, ", "); s != want || got.Drops[travel.RuleWrongDate] != 1 || got.OffersIn != 5 {
		t.Errorf("combine() = %s, drops %v of %d\nwant %s", s, got.Drops, got.OffersIn, want)
	}
}

func TestCombineIsBoundedAndKnowsNoOrder(t *testing.T) {
	var offers []travel.Offer
	for i := range 100 {
		offers = append(offers, oneWay(fmt.Sprintf("o%d", i), false, int64(10000+i%50), "GBP", 1+i%12), oneWay(fmt.Sprintf("b%d", i), true, int64(20000+i*7%60), "GBP", 1+i%11))
	}
	var want string
	for range 5 {
		rand.Shuffle(len(offers), func(i, j int) { offers[i], offers[j] = offers[j], offers[i] })
		got := combine(answerOf(append([]travel.Offer(nil), offers...)...), query(2), places.Default())
		providertest.Consistent(t, &got)
		if len(got.Offers) != maxPairs || got.Notes["expansion_capped"] != 100*100-maxPairs {
			t.Fatalf("%d trips, notes %v, want %d and the rest noted", len(got.Offers), got.Notes, maxPairs)
		}
		if w := providertest.Written(&got); want != "" && w != want {
			t.Fatal("another order gave other trips")
		} else {
			want = w
		}
	}
	few := combine(answerOf(oneWay("o1", false, 100, "GBP", 5), oneWay("b1", true, 100, "GBP", 5), oneWay("o2", false, 100, "EUR", 5), oneWay("b2", true, 100, "USD", 5)), query(2), places.Default())
	providertest.Consistent(t, &few)
	if len(few.Offers) != 1 || few.Drops[travel.RuleWrongRoute] != 2 {
		t.Errorf("%d trips, drops %v, want one, and none over currencies", len(few.Offers), few.Drops)
	}
}

func TestCombineRules(t *testing.T) {
	out, back := oneWay("o1", false, 100, "GBP", 5), oneWay("b1", true, 250, "GBP", 5)
	out.Fare = travel.Fare{Refundable: travel.Yes, Changeable: travel.Yes, ChangeFee: travel.Money{Minor: 10, Currency: "GBP"}, CheckedBags: travel.PiecesOf(2), CabinBags: travel.PiecesOf(1), Brand: "Lite"}
	back.Fare = travel.Fare{Refundable: travel.No, Changeable: travel.Yes, ChangeFee: travel.Money{Minor: 30, Currency: "GBP"}, CheckedBags: travel.PiecesOf(1), Brand: "Flex", Basis: []string{"B"}}
	out.SeatsLeft, back.SeatsLeft = 4, 2
	out.ExpiresAt = time.Unix(200, 0)
	back.ExpiresAt = time.Unix(100, 0)
	got := combine(answerOf(out, back), query(2), places.Default())
	if len(got.Offers) != 1 {
		t.Fatalf("%d trips, drops %v", len(got.Offers), got.Drops)
	}
	o := got.Offers[0]
	want := travel.Fare{Refundable: travel.No, Changeable: travel.Yes, ChangeFee: travel.Money{Minor: 30, Currency: "GBP"}, CheckedBags: travel.PiecesOf(1), Brand: "Lite / Flex", Basis: []string{"", "B"}}
	if fmt.Sprint(o.Fare) != fmt.Sprint(want) || o.SeatsLeft != 2 || o.ExpiresAt.Unix() != 100 || o.Price.Total.Minor != 350 {
		t.Errorf("trip %+v, want fare %+v", o, want)
	}
	sameDay := query(2)
	sameDay.Slices[1].Date = sameDay.Slices[0].Date
	early := oneWay("b2", false, 100, "GBP", 11) // leaves as the other arrives
	s := &early.Itinerary.Slices[0].Segments[0]
	s.Origin, s.Destination = s.Destination, s.Origin
	got = combine(answerOf(out, early), sameDay, places.Default())
	if providertest.Consistent(t, &got); got.Drops[travel.RuleShortTurn] != 1 {
		t.Errorf("drops %v, want a short turn", got.Drops)
	}
	for n := 3; n <= 6; n++ {
		q := query(n)
		var offers []travel.Offer
		for s := range n {
			for i := range 20 {
				o := oneWay(fmt.Sprintf("x%d%d", s, i), s%2 == 1, int64(100+i), "GBP", 1+i%12)
				g := &o.Itinerary.Slices[0].Segments[0]
				shift := int64(7*s)*86400 - (g.Departs.Unix/86400-int64(q.Slices[0].Date))*86400
				g.Departs.Unix, g.Arrives.Unix = g.Departs.Unix+shift, g.Arrives.Unix+shift
				offers = append(offers, o)
			}
		}
		got := combine(answerOf(offers...), q, places.Default())
		if providertest.Consistent(t, &got); len(got.Offers) == 0 || len(got.Offers) > maxPairs || got.Offers[0].Price.Total.Minor != int64(100*n) {
			t.Errorf("%d slices: %d trips, drops %v", n, len(got.Offers), got.Drops)
		}
	}
}

// TestExpansionIsBounded: alternatives of six slices, and many such offers.
func TestExpansionIsBounded(t *testing.T) {
	var segments, flights, refs strings.Builder
	for s := range 3 {
		from, to := "LHR", "JFK"
		if s%2 == 1 {
			from, to = to, from
		}
		for i := range 10 {
			id := fmt.Sprintf("%d_%d", s, i)
			fmt.Fprintf(&segments, `<PaxSegment><PaxSegmentID>S%s</PaxSegmentID><Dep><IATA_LocationCode>%s</IATA_LocationCode><AircraftScheduledDateTime>2027-03-%02dT%02d:00:00</AircraftScheduledDateTime></Dep><Arrival><IATA_LocationCode>%s</IATA_LocationCode><AircraftScheduledDateTime>2027-03-%02dT%02d:00:00</AircraftScheduledDateTime></Arrival><MarketingCarrierInfo><CarrierDesigCode>GN</CarrierDesigCode><MarketingCarrierFlightNumberText>%d%d</MarketingCarrierFlightNumberText></MarketingCarrierInfo></PaxSegment>`,
				id, from, 1+s*5, i, to, 1+s*5, i+13, s+1, i)
			fmt.Fprintf(&flights, `<PaxJourney><PaxJourneyID>J%s</PaxJourneyID><PaxSegmentRefID>S%s</PaxSegmentRefID></PaxJourney>`, id, id)
			fmt.Fprintf(&refs, `<PaxJourneyRefID>J%s</PaxJourneyRefID>`, id)
		}
	}
	offer := func(refs string) string {
		return `<Offer><OfferID>x</OfferID><TotalPrice><TotalAmount CurCode="EUR">9</TotalAmount></TotalPrice><OfferItem><Service><ServiceAssociations>` + refs + `</ServiceAssociations></Service></OfferItem></Offer>`
	}
	doc := func(n int, refs string) []byte {
		return []byte(`<IATA_AirShoppingRS><Response><OffersGroup><CarrierOffers>` + strings.Repeat(offer(refs), n) + `</CarrierOffers></OffersGroup><DataLists><PaxJourneyList>` +
			flights.String() + `</PaxJourneyList><PaxSegmentList>` + segments.String() + `</PaxSegmentList></DataLists></Response></IATA_AirShoppingRS>`)
	}
	two := refs.String()[:20*len(`<PaxJourneyRefID>J0_0</PaxJourneyRefID>`)]
	a, err := Decode(doc(1, two), nil)
	if providertest.Consistent(t, &a); err != nil || a.OffersIn != maxExpansion || a.Notes["expansion_capped"] != 100-maxExpansion {
		t.Errorf("%d in, drops %v, notes %v, %v, want %d of 100", a.OffersIn, a.Drops, a.Notes, err, maxExpansion)
	}
	start := time.Now()
	a, err = Decode(doc(3000, two), nil)
	if providertest.Consistent(t, &a); err != nil || a.OffersIn > maxExpansionTotal+4000 {
		t.Errorf("%d in, drops %v, %v", a.OffersIn, a.Drops, err)
	}
	t.Logf("%d offers expanded in %v", a.OffersIn, time.Since(start))
}
