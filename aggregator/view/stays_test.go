package view_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

func drawStays(t *rapid.T) (results []travel.StayResult) {
	for i := range rapid.IntRange(0, 5).Draw(t, "properties") {
		r := travel.StayResult{ID: fmt.Sprint(i), Property: travel.Property{Name: rapid.SampledFrom([]string{"Grand", "Villa"}).Draw(t, "name"),
			Stars: rapid.SampledFrom([]float64{0, 2, 3.5, 4, 5}).Draw(t, "stars"), HasGeo: rapid.Bool().Draw(t, "geo"), Lat: float64(i)}}
		for j := range rapid.IntRange(1, 4).Draw(t, "rates") {
			rate := &travel.Rate{Board: rapid.SampledFrom(append([]travel.Board{""}, travel.Boards...)).Draw(t, "board")}
			rate.Price.Total = travel.Money{Minor: int64(100*j + rapid.IntRange(0, 99).Draw(t, "price")), Currency: "EUR"}
			rate.Cancellation.Refundable = travel.Answered(rapid.IntRange(0, 2).Draw(t, "refundable"))
			if rapid.Bool().Draw(t, "until") {
				rate.Cancellation.FreeUntil = travel.NewDate(2027, 3, 1).Time()
			}
			r.Quotes = append(r.Quotes, travel.RateQuote{Partner: rapid.SampledFrom([]string{"pillow", "dormouse"}).Draw(t, "partner"), Rate: rate, EURMicros: rate.Price.Total.Minor * 10_000})
		}
		results = append(results, r)
	}
	return results
}

func drawStayView(t *rapid.T) view.Stays {
	on := func(name string) bool { return rapid.IntRange(0, 3).Draw(t, name) == 0 }
	v := view.Stays{Currency: "EUR"}
	if on("min_stars") {
		v.MinStars = rapid.SampledFrom([]float64{3, 3.5, 5}).Draw(t, "min stars")
	}
	if on("board") {
		v.Boards = []travel.Board{travel.HalfBoard, travel.RoomOnly}
	}
	if on("partners") {
		v.Partners = []string{"pillow"}
	}
	if on("max_price") {
		v.MaxPrice = travel.Money{Minor: 250, Currency: "EUR"}
	}
	if on("name") {
		v.Name = "grand"
	}
	if on("bbox") {
		v.BBox = &view.BBox{South: 0, West: -1, North: 2, East: 1}
	}
	v.FreeCancellation, v.Strict = on("free_cancellation"), on("strict")
	return v
}

func stayValues() (all []facetValue[view.Stays]) {
	add := func(facet, value string, choose func(v *view.Stays)) {
		all = append(all, facetValue[view.Stays]{facet, value, choose})
	}
	for n := 1; n <= 5; n++ {
		add("stars", fmt.Sprint(n), func(v *view.Stays) { v.MinStars = float64(n) })
	}
	for _, b := range travel.Boards {
		add("boards", string(b), func(v *view.Stays) { v.Boards = []travel.Board{b} })
	}
	for _, p := range []string{"pillow", "dormouse", "nobody"} {
		add("partners", p, func(v *view.Stays) { v.Partners = []string{p} })
	}
	add("conditions", "free_cancellation", func(v *view.Stays) { v.FreeCancellation = true })
	return all
}

// What facets of flights promise, those of stays do.
func TestFacetsOfStaysSayWhatChoosingShows(t *testing.T) {
	values := stayValues()
	rapid.Check(t, func(t *rapid.T) {
		results, v := drawStays(t), drawStayView(t)
		show := func(v view.Stays) (count int, least int64) {
			rows, _ := v.Select(results, fx.Embedded())
			for i, row := range rows {
				if micros := row.Quotes[0].EURMicros; i == 0 || micros < least {
					least = micros
				}
			}
			return len(rows), least
		}
		_, facets := v.Select(results, fx.Embedded())
		lists := map[string][]view.Facet[string]{"stars": texts(facets.Stars), "boards": facets.Boards, "partners": facets.Partners, "conditions": facets.Conditions}
		listed := 0
		for _, value := range values {
			chosen := v
			value.choose(&chosen)
			count, least := show(chosen)
			f, is := of(lists[value.facet], value.value)
			if f.Count != count || f.From.Micros != least {
				t.Fatalf("%s=%s says %d from %d, choosing it shows %d from %d (view %+v)", value.facet, value.value, f.Count, f.From.Micros, count, least, v)
			}
			if is {
				listed++
			}
		}
		for _, list := range lists {
			listed -= len(list)
		}
		if listed != 0 {
			t.Fatalf("facets list values that nothing has, or twice: %+v", facets)
		}
		free := v
		free.MaxPrice = travel.Money{}
		if count, least := show(free); facets.AnyPrice != (count > 0) || facets.Prices.Min.Micros != least {
			t.Fatalf("prices from %d, without a limit %d results from %d", facets.Prices.Min.Micros, count, least)
		}
	})
}
