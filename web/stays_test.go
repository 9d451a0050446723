package web_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fanfare/providers/travel"
)

// stayView is what these tests read of a page of properties.
type stayView struct {
	Counts struct{ Results, Matching int }
	Facets struct {
		Stars                        []stayFacet[int]
		Boards, Conditions, Partners []stayFacet[string]
	}
	Results []struct {
		ID, Name string
		Score    struct {
			Micros int64
			Parts  []struct {
				Name, Explanation string
				Micros            int64
			}
		}
		Explain struct {
			DominatedBy []struct {
				ID       string
				BetterIn []string `json:"better_in"`
			} `json:"dominated_by"`
		}
		GuestScore     *float64 `json:"guest_score"`
		GuestReviews   *int     `json:"guest_reviews"`
		MayBeSame      []string `json:"may_be_same"`
		MayBeSameNames []string `json:"may_be_same_names"`
		RatesTotal     int      `json:"rates_total"`
		Rooms          []struct {
			ID    string
			Name  *string
			From  money
			Rates int
		}
		Rates []stayRate
	}
}

type stayRate struct {
	RoomID  string `json:"room_id"`
	RoomKey string `json:"room_key"`
	Price   struct{ Total money }
}

type stayFacet[T any] struct {
	Value T
	Count int
}

// TestOrderOfStaysFollowsFromTheExplanation: the micro-euros of the parts are enough to
// put a page in its order, and every part says what it is made of.
func TestOrderOfStaysFollowsFromTheExplanation(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := drawPlan(rt)
		p.hotels = true
		inBubble(t, func(t *testing.T) {
			b, at := held(t, p)
			v := decode[stayView](b.get(at + "?explain=1&limit=200"))
			for i, r := range v.Results {
				sum := int64(0)
				for _, part := range r.Score.Parts {
					sum += part.Micros
					if part.Explanation == "" {
						t.Errorf("nobody explains %s", part.Name)
					}
				}
				if sum != r.Score.Micros {
					t.Errorf("parts of %s add up to %d, want %d", r.Name, sum, r.Score.Micros)
				}
				if i > 0 && v.Results[i-1].Score.Micros > r.Score.Micros {
					t.Errorf("%s stands behind a dearer one", r.Name)
				}
				for _, d := range r.Explain.DominatedBy {
					if d.ID == r.ID || len(d.BetterIn) == 0 {
						t.Errorf("%s is dominated by %+v", r.Name, d)
					}
				}
			}
		})
		if t.Failed() {
			rt.Fatalf("plan: %+v", p)
		}
	})
}

// held is a hotel search whose partners have all answered.
func held(t *testing.T, p plan) (*bench, string) {
	var partners []*partner
	for i := range p.partners {
		partners = append(partners, asks(fmt.Sprintf("p%d", i), 0, p.partners[i].answer(true)))
	}
	b := newBench(t, noConfig, partners...)
	at := stayPath + "/" + b.post(stayPath, stayBody).view().ID
	time.Sleep(time.Second)
	return b, at
}

// TestFacetsOfStaysCountWhatTheirFilterWouldShow: choosing a value of a facet, with all
// other filters as they are, shows as many properties as the facet said.
func TestFacetsOfStaysCountWhatTheirFilterWouldShow(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := drawPlan(rt)
		p.hotels = true
		filters := map[string]string{"strict": rapid.SampledFrom([]string{"0", "1"}).Draw(rt, "strict")}
		for name, values := range map[string][]string{
			"min_stars": {"3"}, "board": {"half_board", "room_only,half_board"}, "free_cancellation": {"1"}, "max_price": {"300", "600"}, "partners": {"p0", "p1,p2"},
		} {
			if v := rapid.SampledFrom(append(values, "", "")).Draw(rt, name); v != "" {
				filters[name] = v
			}
		}
		inBubble(t, func(t *testing.T) {
			b, at := held(t, p)
			with := func(name, value string) stayView {
				query := []string{"limit=200"}
				for _, k := range slices.Sorted(maps.Keys(filters)) {
					if k != name {
						query = append(query, k+"="+filters[k])
					}
				}
				if value != "" {
					query = append(query, name+"="+value)
				}
				return decode[stayView](b.get(at + "?" + strings.Join(query, "&")))
			}
			v := with("", "")
			said := map[string]int{}
			for _, f := range slices.Concat(v.Facets.Boards, v.Facets.Partners) {
				said[f.Value] = f.Count
			}
			for name, values := range map[string][]string{"board": {"room_only", "bed_and_breakfast", "half_board", "full_board", "all_inclusive"}, "partners": {"p0", "p1", "p2", "p3", "p4"}} {
				for _, value := range values {
					if got := with(name, value).Counts.Matching; got != said[value] {
						t.Errorf("%v: %s=%s shows %d, the facet says %d", filters, name, value, got, said[value])
					}
				}
			}
			free := 0
			if len(v.Facets.Conditions) > 0 {
				free = v.Facets.Conditions[0].Count
			}
			if got := with("free_cancellation", "1").Counts.Matching; got != free {
				t.Errorf("%v: free_cancellation shows %d, the facet says %d", filters, got, free)
			}
			for least := 1; least <= 5; least++ {
				want := 0
				for _, f := range v.Facets.Stars {
					if f.Value == least {
						want = f.Count
					}
				}
				if got := with("min_stars", fmt.Sprint(least)).Counts.Matching; got != want {
					t.Errorf("%v: min_stars=%d shows %d, the facet says %d", filters, least, got, want)
				}
			}
		})
		if t.Failed() {
			rt.Fatalf("plan: %+v", p)
		}
	})
}

// TestRatesAreGroupedByRoom: rooms hold all rates, cheapest first; equal rooms of two
// partners are one, and equal conditions too, whatever the words.
func TestRatesAreGroupedByRoom(t *testing.T) {
	board := func(b travel.Board) func(*travel.Rate) { return func(r *travel.Rate) { r.Board = b } }
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig,
			asks("albatross", 0, travel.Answer{Stays: []travel.Stay{stay("1", "Hotel Bayard", 3, 48.86, 2.34,
				rate("EUR 210.00", "DOUBLE STANDARD", board(travel.RoomOnly)), rate("EUR 400.00", "SUITE", board(travel.RoomOnly)), rate("EUR 240.00", "DOUBLE STANDARD", board(travel.HalfBoard)))}}),
			asks("bluebird", 0, travel.Answer{Stays: []travel.Stay{stay("x", "Bayard Paris", 3, 48.8601, 2.3401, rate("EUR 205.00", "Standard double room", board(travel.RoomOnly)))}}))
		v := decode[stayView](b.get(hotelStay + "&currency=EUR"))
		if len(v.Results) != 1 {
			t.Fatalf("%d results, want one house", len(v.Results))
		}
		r := v.Results[0]
		var rooms []string
		for _, room := range r.Rooms {
			rooms = append(rooms, fmt.Sprintf("%s from %s, %d", *room.Name, room.From.Amount, room.Rates))
		}
		if want := []string{"Standard double room from 205.00, 3", "SUITE from 400.00, 1"}; !slices.Equal(rooms, want) {
			t.Errorf("rooms %q, want %q", rooms, want)
		}
		slices.SortFunc(r.Rates, func(a, b stayRate) int { return cmp.Compare(a.Price.Total.Amount, b.Price.Total.Amount) })
		if a, b, c := r.Rates[0], r.Rates[1], r.Rates[2]; a.RoomKey != b.RoomKey || b.RoomKey == c.RoomKey || a.RoomID != c.RoomID {
			t.Errorf("keys %s, %s, %s; want the first two equal, and all of one room", a.RoomKey, b.RoomKey, c.RoomKey)
		}
	})
}

// TestMayBeTheSame: two listings that are alike, but not enough, name each other.
func TestMayBeTheSame(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig,
			asks("albatross", 0, travel.Answer{Stays: []travel.Stay{guested(8.4, 12, stay("1", "Pension Bayard", 3, 48.8613, 2.3427, rate("EUR 210.00", "Double", nil)))}}),
			asks("bluebird", 0, travel.Answer{Stays: []travel.Stay{stay("x", "Bayard, Pension", 3, 48.8667, 2.3427, rate("EUR 205.00", "Double", nil))}}))
		v := decode[stayView](b.get(hotelStay))
		if len(v.Results) != 2 {
			t.Fatalf("%d results, want two", len(v.Results))
		}
		for i, r := range v.Results {
			if other := v.Results[1-i]; !slices.Equal(r.MayBeSame, []string{other.ID}) || !slices.Equal(r.MayBeSameNames, []string{other.Name}) {
				t.Errorf("%s may be %v %v, want %s", r.Name, r.MayBeSame, r.MayBeSameNames, other.Name)
			}
			if known := r.Name == "Pension Bayard"; (r.GuestScore != nil) != known || known && (*r.GuestScore != 8.4 || *r.GuestReviews != 12) {
				t.Errorf("%s: guests give %v", r.Name, r.GuestScore)
			}
		}
	})
}
