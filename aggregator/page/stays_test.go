package page

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/merge"
	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

// Filtering what was merged shows the same rates, together in the same properties, as
// merging what was filtered: filters judge a rate and its property, never its neighbours.
func TestFiltersOfStaysCommuteWithMerging(t *testing.T) {
	houses := []string{"Hotel Bayard", "Carnot", "Villa Florentine"}
	rapid.Check(t, func(t *rapid.T) {
		v := view.Stays{Currency: "EUR", Strict: true}
		if rapid.Bool().Draw(t, "board on") {
			v.Boards = []travel.Board{travel.HalfBoard, travel.RoomOnly}
		}
		if rapid.Bool().Draw(t, "price on") {
			v.MaxPrice = travel.Money{Minor: 15_000, Currency: "EUR"}
		}
		if rapid.Bool().Draw(t, "partners on") {
			v.Partners = []string{"p0", "p2"}
		}
		v.FreeCancellation = rapid.Bool().Draw(t, "free")
		passes := func(partner string, r *travel.Rate) bool {
			return (v.Boards == nil || slices.Contains(v.Boards, r.Board)) && (!v.MaxPrice.Known() || r.Price.Total.Minor <= 15_000) &&
				(v.Partners == nil || slices.Contains(v.Partners, partner)) && (!v.FreeCancellation || r.Cancellation.Refundable == travel.Yes && !r.Cancellation.FreeUntil.IsZero())
		}
		var all, some []*merge.Prepared
		for i := range rapid.IntRange(1, 3).Draw(t, "partners") {
			a := travel.Answer{Partner: fmt.Sprint("p", i)}
			for j, name := range houses {
				p := travel.Property{ID: fmt.Sprint(j), Name: name, Stars: 3}
				p.SetGeo(45.76+float64(j)/50, 4.84+float64(i)/20_000)
				s := travel.Stay{Property: p}
				for range rapid.IntRange(0, 3).Draw(t, "rates") {
					r := travel.Rate{Room: rapid.SampledFrom([]string{"Double", "Suite"}).Draw(t, "room"), Board: rapid.SampledFrom(travel.Boards).Draw(t, "board")}
					r.Price.Total = travel.Money{Minor: int64(rapid.IntRange(100, 200).Draw(t, "price") * 100), Currency: "EUR"}
					r.Cancellation.Refundable = travel.Answered(rapid.IntRange(0, 2).Draw(t, "refundable"))
					if rapid.Bool().Draw(t, "until") {
						r.Cancellation.FreeUntil = travel.NewDate(2027, 3, 1).Time()
					}
					s.Rates = append(s.Rates, r)
				}
				a.Stays = append(a.Stays, s)
			}
			all = append(all, prepared(a, func(string, *travel.Rate) bool { return true }))
			some = append(some, prepared(a, passes))
		}
		rows, _ := v.Select(merge.Stays(all), fx.Embedded())
		filtered, merged := map[string]string{}, map[string]string{}
		for _, row := range rows {
			note(filtered, row.Quotes)
		}
		for _, r := range merge.Stays(some) {
			note(merged, r.Quotes)
		}
		if !maps.Equal(filtered, merged) {
			t.Fatalf("filtered after merging: %v\nmerged after filtering: %v", filtered, merged)
		}
	})
}

// prepared is the answer with the cheapest rate of each key, as preparing keeps it, of which
// those that pass are left.
func prepared(a travel.Answer, passes func(string, *travel.Rate) bool) *merge.Prepared {
	c := merge.Context{SearchID: "search", Micros: func(m travel.Money) (int64, bool) { return m.Minor * 10_000, true }}
	out := a
	out.Stays = nil
	for _, s := range a.Stays {
		kept := travel.Stay{Property: s.Property}
		for _, r := range merge.Stays([]*merge.Prepared{merge.Prepare(travel.Answer{Partner: a.Partner, Stays: []travel.Stay{{Property: s.Property, Rates: slices.Clone(s.Rates)}}}, c)}) {
			for _, q := range r.Quotes {
				if passes(a.Partner, q.Rate) {
					kept.Rates = append(kept.Rates, *q.Rate)
				}
			}
		}
		if len(kept.Rates) > 0 {
			out.Stays = append(out.Stays, kept)
		}
	}
	return merge.Prepare(out, c)
}

// note says of each rate which is the smallest of those it stands with.
func note(at map[string]string, quotes []travel.RateQuote) {
	least := ""
	for i := range quotes {
		if least == "" || quotes[i].ID < least {
			least = quotes[i].ID
		}
	}
	for i := range quotes {
		at[quotes[i].ID] = least
	}
}
