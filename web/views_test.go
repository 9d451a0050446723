package web_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"fanfare/providers/travel"
)

// shelf is flights of which each differs from the others in something to filter by.
// Its names stand in the brand.
func shelf() []travel.Offer {
	named := func(name string, change func(*travel.Offer)) func(*travel.Offer) {
		return func(o *travel.Offer) {
			o.Fare.Brand = name
			o.Fare.CabinBags, o.Fare.CheckedBags, o.Fare.Refundable = travel.PiecesOf(0), travel.PiecesOf(0), travel.No
			if change != nil {
				change(o)
			}
		}
	}
	return []travel.Offer{
		offer("GBP 300.00", named("morning", nil), "BA177 LHR 2000-03-01T08:00:00+00:00 JFK 2000-03-01T11:00:00-05:00"),
		offer("GBP 310.00", named("bags", func(o *travel.Offer) {
			o.Fare.CabinBags, o.Fare.CheckedBags, o.Fare.Refundable = travel.PiecesOf(1), travel.PiecesOf(1), travel.Yes
		}), "AA101 LHR 2000-03-01T14:00:00+00:00 JFK 2000-03-01T17:30:00-05:00"),
		offer("GBP 320.00", named("unknown", func(o *travel.Offer) {
			o.Fare.CabinBags, o.Fare.CheckedBags, o.Fare.Refundable = travel.Pieces(0), travel.Pieces(0), travel.Unknown
			o.Itinerary.Slices[0].Segments[0].Operating = travel.Flight{}
		}), "VS003 LHR 2000-03-01T20:00:00+00:00 JFK 2000-03-01T23:00:00-05:00"),
		offer("GBP 200.00", named("dublin", nil), "EI155 LHR 2000-03-01T09:00:00+00:00 DUB 2000-03-01T10:20:00+00:00",
			"EI105 DUB 2000-03-01T12:00:00+00:00 JFK 2000-03-01T15:00:00-05:00"),
		offer("GBP 150.00", named("reykjavik", nil), "FI451 LHR 2000-03-01T22:30:00+00:00 KEF 2000-03-02T01:40:00+00:00",
			"FI615 KEF 2000-03-02T09:00:00+00:00 BOS 2000-03-02T09:40:00-05:00", "B6617 BOS 2000-03-02T12:00:00-05:00 JFK 2000-03-02T13:10:00-05:00"),
	}
}

// brands reads which of the shelf a view shows, in order.
func brands(a *answer) []string {
	var v struct {
		Results []struct {
			Offers []struct{ Fare struct{ Brand string } }
		}
	}
	if err := json.Unmarshal(a.body, &v); err != nil {
		a.t.Fatal(err)
	}
	var all []string
	for _, r := range v.Results {
		all = append(all, r.Offers[0].Fare.Brand)
	}
	return all
}

func TestFlightViews(t *testing.T) {
	cases := []struct{ view, want string }{
		{"", "dublin morning bags unknown reykjavik"},
		{"sort=best", "dublin morning bags unknown reykjavik"},
		{"sort=cheapest", "reykjavik dublin morning bags unknown"},
		{"sort=fastest", "morning unknown bags dublin reykjavik"},
		{"sort=departure", "morning dublin bags unknown reykjavik"},
		{"sort=arrival", "morning dublin bags unknown reykjavik"},
		{"value_of_time=0", "reykjavik dublin morning bags unknown"},
		{"value_of_time=0&max_stops=1", "dublin morning bags unknown"},
		{"value_of_time=1000", "morning unknown bags dublin reykjavik"},
		{"max_stops=0", "morning bags unknown"},
		{"max_stops=1", "dublin morning bags unknown"},
		{"carriers=BA,AA", "morning bags"},
		{"carriers=fi,b6", "reykjavik"},
		{"carriers=FI", ""},
		{"exclude_carriers=B6,BA", "dublin bags unknown"},
		{"exclude_carriers=BA&strict=1", "dublin bags reykjavik"},
		{"partners=bluebird", "dublin reykjavik"},
		{"partners=nobody", ""},
		{"max_price=200", "dublin reykjavik"},
		{"max_price=199.99", "reykjavik"},
		{"max_duration_minutes=480", "morning unknown"},
		{"max_duration_minutes=479", ""},
		{"depart_between=06:00-12:00", "dublin morning"},
		{"depart_between=08:00-08:00", "morning"},
		{"depart_between=20:00-06:00", "unknown reykjavik"},
		{"arrive_between=10:00-15:00", "dublin morning reykjavik"},
		{"cabin_bag=1", "bags unknown"},
		{"cabin_bag=1&strict=1", "bags"},
		{"checked_bag=1&strict=1", "bags"},
		{"refundable=1", "bags unknown"},
		{"refundable=1&strict=1", "bags"},
		{"refundable=0", "dublin morning bags unknown reykjavik"},
		{"via=KEF,DUB", "dublin reykjavik"},
		{"via=kef", "reykjavik"},
		{"avoid=KEF", "dublin morning bags unknown"},
		{"combine=0", "dublin morning bags unknown reykjavik"},
		{"limit=2", "dublin morning"},
		{"currency=JPY", "dublin morning bags unknown reykjavik"},
		{"currency=KWD&sort=cheapest", "reykjavik dublin morning bags unknown"},
	}
	inBubble(t, func(t *testing.T) {
		all := shelf()
		b := newBench(t, noConfig, asks("albatross", 0, flights(all[:3]...)), asks("bluebird", 0, flights(all[3:]...)))
		first := b.get(oneWay).view()
		at := flightPath + "/" + first.ID
		for _, c := range cases {
			a := b.get(at + "?" + c.view).want(200)
			got := strings.Join(brands(a), " ")
			if got != c.want {
				t.Errorf("%s = %q, want %q", c.view, got, c.want)
			}
			v := a.view()
			if n := len(strings.Fields(c.want)); !strings.Contains(c.view, "limit") && v.Counts.Matching != n || v.Counts.Results != 5 {
				t.Errorf("%s: counts = %+v, want %d of 5", c.view, v.Counts, n)
			}
			if v.StateHash != first.StateHash {
				t.Errorf("%s: another state hash", c.view)
			}
			if !strings.Contains(c.view, "partners=") { // whose facet is over other partners too
				b.facets(c.view, a)
			}
		}
		if n := b.calls(); n != 2 {
			t.Errorf("views asked partners: %d calls", n)
		}
		chosen := brands(b.get(at + "?sort=choice&limit=2"))
		if len(chosen) != 2 || !slices.Contains(chosen, "morning") || slices.Contains(chosen, "unknown") || b.get(at+"?sort=choice&limit=2").view().NextCursor != nil {
			t.Errorf("choice = %v, want the best compromises on one page", chosen)
		}
		if all := brands(b.get(at + "?sort=choice")); len(all) != 5 {
			t.Errorf("choice = %v, want five", all)
		}
	})
}

// facets asserts that facets describe the passing results and their passing offers.
func (b *bench) facets(what string, a *answer) {
	b.t.Helper()
	v := a.view()
	if v.NextCursor != nil {
		return
	}
	cheapest := map[string]string{}
	for _, r := range v.Results {
		for _, o := range r.Offers {
			if old, known := cheapest[o.Partner]; !known || less(o.Price.Total.Amount, old) {
				cheapest[o.Partner] = o.Price.Total.Amount
			}
		}
	}
	var partners []struct {
		Value string
		Count int
		From  money
	}
	if err := json.Unmarshal(v.Facets["partners"], &partners); err != nil {
		b.t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range partners {
		got[f.Value] = f.From.Amount
	}
	if !reflect.DeepEqual(got, cheapest) {
		b.t.Errorf("%s: partner facets = %v, want %v", what, got, cheapest)
	}
}

func less(a, b string) bool {
	x, _ := new(big.Rat).SetString(a)
	y, _ := new(big.Rat).SetString(b)
	return x.Cmp(y) < 0
}

func TestConstraintReceipts(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, flights(shelf()...)))
		at := flightPath + "/" + b.get(oneWay).view().ID
		receipts := func(view string) map[string]map[string]string {
			a := b.get(at + "?" + view)
			all := map[string]map[string]string{}
			for i, r := range a.view().Results {
				all[brands(a)[i]] = r.Offers[0].Constraints
			}
			return all
		}
		got := receipts("cabin_bag=1&refundable=1&checked_bag=1")
		want := map[string]map[string]string{
			"bags":    {"cabin_bag": "verified", "refundable": "verified", "checked_bag": "verified"},
			"unknown": {"cabin_bag": "unverifiable", "refundable": "unverifiable", "checked_bag": "unverifiable"},
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("receipts = %v, want %v", got, want)
		}
		if got := receipts("exclude_carriers=BA"); got["unknown"]["exclude_carriers"] != "unverifiable" || got["bags"]["exclude_carriers"] != "verified" {
			t.Errorf("receipts = %v, want unverifiable where the operator is not known", got)
		}
		if got := receipts(""); len(got["bags"]) != 0 {
			t.Errorf("receipts without filters = %v", got)
		}
	})
}

// TestFiltersActOnOffers: a result's price and score are of its passing offers.
func TestFiltersActOnOffers(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		bare, full := direct(1, "GBP 100.00"), direct(1, "GBP 150.00")
		bare.Fare.CabinBags, full.Fare.CabinBags = travel.PiecesOf(0), travel.PiecesOf(1)
		b := newBench(t, noConfig, asks("albatross", 0, flights(bare, full)), asks("bluebird", 0, flights(direct(2, "GBP 120.00"))))
		at := flightPath + "/" + b.get(oneWay).view().ID
		r := b.get(at + "?cabin_bag=1&strict=1").view()
		if len(r.Results) != 1 || r.Results[0].Price.Amount != "150.00" || r.Results[0].OfferCount != 1 || r.Results[0].Score.Parts[0].Amount != "150.00" {
			t.Errorf("results = %+v, want the passing offer's price", r.Results)
		}
		if r.Labels["cheapest"] != r.Results[0].ID {
			t.Errorf("labels = %v, want those of passing results", r.Labels)
		}
	})
}

// TestMaxPriceComparesWhatIsShown: to the last digit, in every currency.
func TestMaxPriceComparesWhatIsShown(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var offers []travel.Offer
		for i, c := range []string{"EUR", "GBP", "USD", "JPY", "KWD", "SEK", "CHF"} {
			if rates().Has(travel.Currency(c)) {
				offers = append(offers, direct(i, c+" 137"))
			}
		}
		b := newBench(t, noConfig, asks("albatross", 0, flights(offers...)))
		at := flightPath + "/" + b.get(oneWay).view().ID
		order := b.get(at + "?sort=cheapest").view().ids()
		for _, c := range []string{"EUR", "GBP", "USD", "JPY", "SEK"} {
			v := b.get(at + "?sort=cheapest&currency=" + c).view()
			if !reflect.DeepEqual(v.ids(), order) {
				t.Errorf("%s changes the order", c)
			}
			for i, r := range v.Results {
				limited := b.get(at + "?sort=cheapest&currency=" + c + "&max_price=" + r.Price.Amount).view()
				for _, passed := range limited.Results {
					if less(r.Price.Amount, passed.Price.Amount) {
						t.Errorf("max_price %s lets %s %s pass", r.Price.Amount, passed.Price.Amount, c)
					}
				}
				if len(limited.Results) < i+1 || !reflect.DeepEqual(limited.ids(), order[:len(limited.Results)]) {
					t.Errorf("max_price %s %s = %d results, want the %d cheapest", r.Price.Amount, c, len(limited.Results), i+1)
				}
			}
		}
	})
}

// TestScoresAddUp: the total is the sum of the rounded parts, in every currency.
func TestScoresAddUp(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, flights(shelf()...)))
		b2 := newBench(t, noConfig, asks("bluebird", 0, richStay()))
		for _, c := range append([]string{"BHD", "ISK", "HUF"}, currencies...) {
			if !rates().Has(travel.Currency(c)) {
				if p := b.get(with(oneWay, "currency", c)).problem(400); p.Errors[0].Field != "currency" {
					t.Errorf("%s: %+v", c, p)
				}
				continue
			}
			results := append(b.get(with(oneWay, "currency", c, "adults", "3")).view().Results, b2.get(with(hotelStay, "currency", c)).view().Results...)
			for _, r := range results {
				total := new(big.Rat)
				for _, part := range r.Score.Parts {
					x, ok := new(big.Rat).SetString(part.Amount)
					if !ok {
						t.Fatalf("part %+v", part)
					}
					total.Add(total, x)
				}
				want, _ := new(big.Rat).SetString(r.Score.Total)
				exponent, _ := travel.Currency(c).Exponent()
				if total.Cmp(want) != 0 || total.FloatString(exponent) != r.Score.Total || r.Score.Currency != c {
					t.Errorf("parts add up to %s, total %s %s", total.FloatString(exponent), r.Score.Total, r.Score.Currency)
				}
			}
		}
	})
}

func TestStayViews(t *testing.T) {
	free := func(r *travel.Rate) {
		r.Board = travel.HalfBoard
		r.Cancellation = travel.Cancellation{Refundable: travel.Yes, FreeUntil: time.Date(2000, 2, 20, 0, 0, 0, 0, time.UTC)}
	}
	bound := func(r *travel.Rate) { r.Board, r.Cancellation.Refundable = travel.RoomOnly, travel.No }
	cases := []struct{ view, want string }{
		{"sort=cheapest", "inn grand palace"},
		{"sort=stars", "palace grand inn"},
		{"sort=distance", "grand palace inn"},
		{"min_stars=4&sort=cheapest", "inn grand palace"},
		{"min_stars=4&sort=cheapest&strict=1", "grand palace"},
		{"min_stars=4.5&strict=1", "palace"},
		{"board=half_board&sort=cheapest", "inn grand"},
		{"board=half_board&strict=1", "grand"},
		{"board=room_only,half_board&strict=1&sort=cheapest", "grand palace"},
		{"free_cancellation=1&sort=cheapest", "inn grand"},
		{"free_cancellation=1&strict=1", "grand"},
		{"max_price=300&sort=cheapest&currency=EUR", "inn grand"},
		{"max_price=299.99&currency=EUR", "inn"},
		{"name=GRAND", "grand"},
		{"name=%20pal", "palace"},
		{"bbox=48.85,2.3,48.87,2.36&sort=cheapest", "grand palace"},
		{"limit=1&sort=cheapest", "inn"},
		{"sort=cheapest&currency=JPY", "inn grand palace"},
	}
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, travel.Answer{Stays: []travel.Stay{
			stay("1", "grand", 4, 48.857, 2.352, rate("EUR 300.00", "Double", free)),
			stay("2", "palace", 5, 48.86, 2.35, rate("EUR 900.00", "Double", bound)),
			stay("3", "inn", 0, 48.9, 2.4, rate("EUR 80.00", "Double", nil)),
		}}))
		first := b.get(hotelStay).view()
		for _, c := range cases {
			a := b.get(stayPath + "/" + first.ID + "?" + c.view).want(200)
			var names []string
			for _, r := range a.view().Results {
				names = append(names, r.Name)
			}
			if got := strings.Join(names, " "); got != c.want {
				t.Errorf("%s = %q, want %q", c.view, got, c.want)
			}
			if a.view().StateHash != first.StateHash {
				t.Errorf("%s: another state hash", c.view)
			}
		}
		v := b.get(stayPath + "/" + first.ID + "?min_stars=4&board=half_board&free_cancellation=1").view()
		for _, r := range v.Results {
			want := "verified"
			if r.Name == "inn" {
				want = "unverifiable"
			}
			if got := r.Rates[0].Constraints; len(got) != 3 || got["min_stars"] != want || got["board"] != want || got["free_cancellation"] != want {
				t.Errorf("%s: receipts = %v, want %s", r.Name, got, want)
			}
		}
	})
}

// TestCursorsWhileAnswersArrive: nothing that stays is shown twice or skipped, and
// what came in before the cursor is counted.
func TestCursorsWhileAnswersArrive(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var early, late []travel.Offer
		for i := range 10 {
			early = append(early, direct(2*i, fmt.Sprintf("GBP %d.00", 100+10*i)))
			late = append(late, direct(2*i+1, fmt.Sprintf("GBP %d.00", 105+10*i)))
		}
		b := newBench(t, noConfig, asks("albatross", 0, flights(early...)), asks("bluebird", 2*time.Second, flights(late...)))
		at := flightPath + "/" + b.post(flightPath, flightBody).view().ID + "?sort=cheapest&limit=3"
		first := b.get(at).view()
		time.Sleep(3 * time.Second)
		seen := first.ids()
		cursor := *first.NextCursor
		for page := 0; ; page++ {
			v := b.get(at + "&cursor=" + cursor).want(200).view()
			seen = append(seen, v.ids()...)
			if v.Counts.NewBefore != 2 && page == 0 { // 105 and 115 came in before 120
				t.Errorf("new_before = %d, want 2", v.Counts.NewBefore)
			}
			if v.NextCursor == nil {
				break
			}
			cursor = *v.NextCursor
		}
		unique := slices.Compact(slices.Sorted(slices.Values(seen)))
		if len(seen) != 18 || len(unique) != 18 {
			t.Errorf("%d results shown, %d of them different, want the 20 without the 2 that came in before", len(seen), len(unique))
		}
		for _, wrong := range []string{"sort=best&limit=3", "sort=cheapest&limit=4", "sort=cheapest&limit=3&max_stops=1", "sort=cheapest&limit=3&currency=EUR"} {
			if p := b.get(strings.Split(at, "?")[0] + "?" + wrong + "&cursor=" + cursor).problem(400); p.Errors[0].Field != "cursor" {
				t.Errorf("a cursor of another view, %s: %+v", wrong, p.Errors)
			}
		}
		other := b.get(with(oneWay, "adults", "2", "sort", "cheapest", "limit", "3"))
		b.get(flightPath + "/" + other.view().ID + "?sort=cheapest&limit=3&cursor=" + cursor).problem(400)
		b.get(at + "&cursor=" + strings.Repeat("A", 1000)).problem(400)
		b.get(at + "&cursor=" + strings.Repeat("A", 2049)).problem(400)
	})
}
