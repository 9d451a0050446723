package web_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fanfare/providers/travel"
)

// explained is what a page with explain=1 says about its order.
type explained struct {
	Counts  struct{ Matching, Hopeless int }
	Results []explainedResult
}

type explainedResult struct {
	ID     string
	Slices []struct {
		Departs         string
		DurationMinutes int `json:"duration_minutes"`
	}
	Price money
	Score struct {
		Micros int64
		Parts  []struct {
			Name   string
			Micros int64
		}
	}
	Pareto, Hopeless bool
	Explain          struct {
		DominatedBy []struct {
			ID       string
			BetterIn []string `json:"better_in"`
		} `json:"dominated_by"`
		FirstAt *money `json:"first_at"`
	}
}

// departing is the result whose first flight leaves at the hour.
func (v *explained) departing(hour string) *explainedResult {
	i := slices.IndexFunc(v.Results, func(r explainedResult) bool { return r.Slices[0].Departs[11:13] == hour })
	return &v.Results[i]
}

// TestOrderFollowsFromTheExplanation: the micro-euros of the parts, and the ties of the
// definitions, are enough to put a page in its order.
func TestOrderFollowsFromTheExplanation(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := drawPlan(rt)
		p.hotels = false
		view := "?explain=1&limit=200"
		if rapid.Bool().Draw(rt, "bags") {
			view += "&cabin_bag=1"
		}
		vot := rapid.SampledFrom([]string{"", "&value_of_time=0", "&value_of_time=77.7"}).Draw(rt, "vot")
		inBubble(t, func(t *testing.T) {
			var partners []*partner
			for i := range p.partners {
				partners = append(partners, asks(fmt.Sprintf("p%d", i), 0, p.partners[i].answer(false)))
			}
			b := newBench(t, noConfig, partners...)
			id := b.post(flightPath, flightBody).view().ID
			time.Sleep(time.Second)
			recompute(t, decode[explained](b.get(flightPath+"/"+id+view+vot)))
		})
		if t.Failed() {
			rt.Fatalf("plan: %+v with %s", p, view+vot)
		}
	})
}

func recompute(t *testing.T, v explained) {
	t.Helper()
	type place struct {
		score, price, minutes, departs int64
		id                             string
	}
	var places []place
	for _, r := range v.Results {
		it := place{id: r.ID, departs: at(r.Slices[0].Departs).Unix}
		for _, s := range r.Slices {
			it.minutes += int64(s.DurationMinutes)
		}
		for _, part := range r.Score.Parts {
			it.score += part.Micros
			if part.Name == "price" || part.Name == "bags" { // ties go by the price with the bags asked for
				it.price += part.Micros
			}
		}
		if it.score != r.Score.Micros {
			t.Fatalf("parts add up to %d, the score is %d", it.score, r.Score.Micros)
		}
		places = append(places, it)
	}
	if !slices.IsSortedFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(a.price, b.price), cmp.Compare(a.minutes, b.minutes), cmp.Compare(a.departs, b.departs), cmp.Compare(a.id, b.id))
	}) {
		t.Fatalf("the page is not in the order of its parts: %v", places)
	}
}

// TestTheOrderKnowsNoPartner: which partner answers what, who sells it and by which id
// changes nothing but names: the same results stand in the same order. A partner or
// seller that paid more could not stand higher.
func TestTheOrderKnowsNoPartner(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := drawPlan(rt)
		p.hotels = false
		names := rapid.Permutation([]string{"p0", "p1", "p2", "p3", "p4"}).Draw(rt, "names")
		sellers := rapid.Permutation([]string{"BA", "AA", "VS", "", "ZZ"}).Draw(rt, "sellers")
		order := func(t *testing.T, name func(i int) string, seller func(i int) string) (ids []string) {
			var partners []*partner
			for i := range p.partners {
				a := p.partners[i].answer(false)
				for j := range a.Offers {
					o := &a.Offers[j]
					o.Seller, o.PartnerRef, o.SeatsLeft = travel.Seller{Code: seller(i), Name: seller(i)}, fmt.Sprint(seller(i), j), len(seller(i))
				}
				partners = append(partners, asks(name(i), 0, a))
			}
			b := newBench(t, noConfig, partners...)
			id := b.post(flightPath, flightBody).view().ID
			time.Sleep(time.Second)
			for _, r := range decode[explained](b.get(flightPath + "/" + id + "?limit=200")).Results {
				ids = append(ids, r.ID)
			}
			return ids
		}
		inBubble(t, func(t *testing.T) {
			plain := order(t, func(i int) string { return fmt.Sprintf("p%d", i) }, func(int) string { return "" })
			renamed := order(t, func(i int) string { return names[i] }, func(i int) string { return sellers[i] })
			if !slices.Equal(plain, renamed) {
				t.Fatalf("with other names %v, before %v", renamed, plain)
			}
		})
		if t.Failed() {
			rt.Fatalf("plan: %+v, names %v", p, names)
		}
	})
}

// TestExplanations: at the price that first_at says a result leads, and at a penny more
// it does not; who dominates it is named, and in what.
func TestExplanations(t *testing.T) {
	const late = "20"
	look := func(t *testing.T, price, view string) explained {
		b := newBench(t, noConfig, asks("albatross", 0, flights(
			offer("GBP 300.00", nil, "BA177 LHR 2000-03-01T08:00:00+00:00 JFK 2000-03-01T11:00:00-05:00"),
			offer("GBP 290.00", nil, "EI155 LHR 2000-03-01T09:00:00+00:00 DUB 2000-03-01T10:20:00+00:00", "EI105 DUB 2000-03-01T12:00:00+00:00 JFK 2000-03-01T15:00:00-05:00"),
			offer("GBP 1900.00", nil, "AA101 LHR 2000-03-01T12:00:00+00:00 JFK 2000-03-01T15:00:00-05:00"),
			offer(price, nil, "VS003 LHR 2000-03-01T"+late+":00:00+00:00 JFK 2000-03-01T23:30:00-05:00"))))
		return decode[explained](b.get(oneWay + "&explain=1" + view))
	}
	inBubble(t, func(t *testing.T) {
		for _, currency := range []string{"GBP", "JPY", "KWD"} {
			v := look(t, "GBP 500.00", "&currency="+currency)
			wanted := v.departing(late).Explain.FirstAt
			if wanted == nil || wanted.Currency != currency || v.Results[0].Explain.FirstAt != nil {
				t.Fatalf("first_at in %s = %v, want an amount, and none for the first", currency, wanted)
			}
			price := currency + " " + wanted.Amount
			if v := look(t, price, "&currency="+currency); &v.Results[0] != v.departing(late) {
				t.Errorf("at %s the result is not first", price)
			}
			more := cash(price)
			more.Minor++
			if v := look(t, more.String(), "&currency="+currency); &v.Results[0] == v.departing(late) {
				t.Errorf("at %s the result is still first: %s is not the highest price", more, price)
			}
		}
		v := look(t, "GBP 500.00", "")
		early, dear := v.departing("08"), v.departing("12")
		if d := v.departing(late).Explain.DominatedBy; len(d) != 1 || d[0].ID != early.ID || !slices.Equal(d[0].BetterIn, []string{"price", "duration"}) {
			t.Errorf("dominated by %+v, want the early flight %s in price and duration", d, early.ID)
		}
		if !early.Pareto || !v.departing("09").Pareto || dear.Pareto || v.departing(late).Pareto {
			t.Error("the Pareto set is not the early flight and the one by Dublin")
		}
		if v.Counts.Hopeless != 1 || !dear.Hopeless || early.Hopeless || &v.Results[3] != dear {
			t.Errorf("%d hopeless, want the dearest flight alone, which stays in the list", v.Counts.Hopeless)
		}
		if v := look(t, "GBP 500.00", "&sort=fastest"); v.departing(late).Explain.FirstAt != nil {
			t.Error("a price that makes a slow flight the fastest")
		}
	})
}
