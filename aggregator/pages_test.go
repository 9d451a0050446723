package aggregator

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/aggregator/fx"
	"fanfare/aggregator/page"
	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

func pageOf(t *testing.T, s *Snapshot, v view.Flights) *page.Flights {
	t.Helper()
	p, err := s.Flights(v, s.Rates)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPagesCoverEveryResultOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := search(t, start(t, nil, sells("a", 0, 500, 400, 300, 200, 100), sells("b", 0, 450, 350, 250, 150)))
		synctest.Wait()
		v := view.Flights{Currency: "EUR", Sort: "cheapest", Limit: 2}
		var ids []string
		for {
			p := pageOf(t, s.Snapshot(), v)
			for _, row := range p.Rows {
				ids = append(ids, row.Result.ID)
			}
			if p.NextCursor == "" {
				break
			}
			c, err := view.ParseCursor(p.NextCursor)
			if err != nil {
				t.Fatal(err)
			}
			v.Cursor = c
		}
		all := pageOf(t, s.Snapshot(), view.Flights{Currency: "EUR", Sort: "cheapest", Limit: 200})
		var want []string
		for _, row := range all.Rows {
			want = append(want, row.Result.ID)
		}
		if !slices.Equal(ids, want) || len(want) != 5 {
			t.Errorf("pages %v\nwant %v", ids, want)
		}
		v.Sort = "fastest"
		if _, err := s.Snapshot().Flights(v, fx.Embedded()); err != page.ErrCursorView {
			t.Errorf("a cursor of another view: %v, want ErrCursorView", err)
		}
	})
}

func TestResidual(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := search(t, start(t, nil, sells("a", 0, 10_000), sells("b", 0, 11_000), sells("c", 0, 13_000), sells("d", time.Minute, 1)))
		synctest.Wait()
		time.Sleep(time.Second)
		got, known := pageOf(t, s.Snapshot(), view.Flights{Currency: "EUR", Sort: "best", Limit: 20}).Residual()
		if want := (travel.Money{Minor: 250, Currency: "EUR"}); !known || got != want {
			t.Errorf("Residual() = %v, %v; want %v", got, known, want)
		}
	})
}

// Revisions grow also within one millisecond, and bodies go with theirs.
func TestRevisionsGrowAndBodiesGoWithThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := sells("a", 0, 100), sells("b", time.Second, 90)
		agg := start(t, nil, a, b)
		s := search(t, agg)
		synctest.Wait()
		first := s.Snapshot()
		before := agg.CacheBytes()
		agg.PutBody(first, "v", make([]byte, 10_000), 10_000)
		if _, ok := agg.Body(first, "v"); !ok || agg.CacheBytes() < before+10_000 {
			t.Error("a body is not kept, or not accounted for")
		}
		time.Sleep(2 * time.Second) // b makes another revision
		second := s.Snapshot()
		if _, ok := agg.Body(second, "v"); ok || agg.CacheBytes() >= before+10_000 {
			t.Error("a body outlives its revision")
		}
		agg.PutBody(first, "v", make([]byte, 10_000), 10_000)
		if agg.CacheBytes() >= before+10_000 {
			t.Error("a body of an older revision was kept")
		}
		agg.PutBody(second, "v", []byte("second"), 6)
		if body, ok := agg.Body(first, "v"); ok {
			t.Errorf("an older revision has the body %s", body)
		}
		agg.SetPartners([]Partner{a})
		third := s.Snapshot()
		agg.SetPartners(nil)
		if last := s.Snapshot(); third.Revision <= second.Revision || last.Revision <= third.Revision {
			t.Errorf("revisions %d, %d, %d", second.Revision, third.Revision, last.Revision)
		}
		for i := range 2 * maxViews {
			s.View(fmt.Sprint(i))
		}
		if len(s.travellers.views) > maxViews {
			t.Errorf("%d views count as acts of the traveller", len(s.travellers.views))
		}
	})
}

// Labels of stays point at what the order of that name puts first, also among equals.
func TestLabelsOfStaysAreTheFirstOfTheirOrder(t *testing.T) {
	var a travel.Answer
	for i := range 12 { // equal prices, two distances and no stars
		p := travel.Property{ID: fmt.Sprint(i), Name: fmt.Sprint("House ", i), Stars: 5, HasGeo: true, Lat: 48.85 + 0.01*float64(i%2), Lon: 2.35}
		a.Stays = append(a.Stays, travel.Stay{Property: p, Rates: []travel.Rate{{Room: "Double", Price: travel.Price{Total: travel.Money{Minor: 10_000, Currency: "EUR"}}}}})
	}
	a.OffersIn = len(a.Stays)
	synctest.Test(t, func(t *testing.T) {
		q := travel.Query{Product: travel.Hotels, Market: "GB"}
		q.Destination = travel.Destination{Lat: 48.85, Lon: 2.35, RadiusKM: 15}
		q.CheckIn, q.CheckOut = travel.NewDate(2000, 4, 10), travel.NewDate(2000, 4, 12)
		q.Rooms = []travel.Occupancy{{Adults: 2}}
		agg := start(t, nil, &fake{name: "a", ask: func(int) (travel.Answer, time.Duration) { return a, 0 }})
		s, _, err := agg.Search(q)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		for _, by := range []string{"best", "cheapest"} {
			p, err := s.Snapshot().Stays(view.Stays{Currency: "EUR", Sort: by, Limit: 20}, fx.Embedded())
			if err != nil || len(p.Rows) != 12 {
				t.Fatalf("%d rows, %v", len(p.Rows), err)
			}
			if first := p.Rows[0].Result.ID; p.Labels[by] != first || p.Tops[by].ID != first {
				t.Errorf("label %s is %s, the order's first is %s", by, p.Labels[by], first)
			}
		}
	})
}
