package oracle

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// party is what the score of a stay depends on besides the property.
type party struct{ nights, rooms, guests int64 }

// stayChoice is a view of stays, as the model understands it.
type stayChoice struct {
	minStars float64
	boards   []string
	free     bool
	partners []string
	maxPrice int64 // cents
	strict   bool
}

func (c *stayChoice) parameters() map[string]string {
	p := map[string]string{}
	if c.minStars > 0 {
		p["min_stars"] = fmt.Sprint(c.minStars)
	}
	if c.boards != nil {
		p["board"] = strings.Join(c.boards, ",")
	}
	if c.free {
		p["free_cancellation"] = "1"
	}
	if c.partners != nil {
		p["partners"] = strings.Join(c.partners, ",")
	}
	if c.maxPrice > 0 {
		p["max_price"] = fmt.Sprintf("%d.%02d", c.maxPrice/100, c.maxPrice%100)
	}
	if c.strict {
		p["strict"] = "1"
	}
	return p
}

// freed: who may cancel, but for nothing only until nobody says when, may not cancel for nothing.
func freed(r *rate) verdict {
	v := answered(r.Cancellation.Refundable)
	if v == verified && r.Cancellation.FreeUntil == nil {
		return fails
	}
	return v
}

func (c *stayChoice) passes(s *stay, r *rate) bool {
	either := func(known, meets bool) bool { return known && meets || !known && !c.strict }
	switch {
	case c.minStars > 0 && !either(s.Stars != nil, s.Stars != nil && *s.Stars >= c.minStars),
		c.boards != nil && !either(r.Board != nil, r.Board != nil && slices.Contains(c.boards, *r.Board)),
		c.free && !freed(r).passes(c.strict),
		c.partners != nil && !slices.Contains(c.partners, r.Partner),
		c.maxPrice > 0 && r.Price.Total.minor > c.maxPrice:
		return false
	}
	return true
}

type stayRow struct {
	*stay
	passing  []*rate
	cheapest int64
}

func (c *stayChoice) shown(all []*stay) (rows []stayRow) {
	for _, s := range all {
		row := stayRow{stay: s}
		for _, r := range s.Rates {
			if !c.passes(s, r) {
				continue
			}
			if total := r.Price.Total.minor; len(row.passing) == 0 || total < row.cheapest {
				row.cheapest = total
			}
			row.passing = append(row.passing, r)
		}
		if len(row.passing) > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// expectedOfStay is the score's parts that depend on the property alone, in micro-euros.
func (s *stay) expected(p party) map[string]int64 {
	metres, stars, points := int64(10_000), int64(20), int64(70)
	if s.DistanceMetres != nil {
		metres = int64(*s.DistanceMetres)
	}
	if s.Stars != nil {
		stars = int64(math.Round(*s.Stars * 10))
	}
	if s.GuestScore != nil {
		points = int64(math.Round(*s.GuestScore * 10))
	}
	return map[string]int64{
		"distance": 4_000 * metres * p.nights,
		"stars":    1_200_000 * max(0, 50-stars) * p.nights * p.rooms,
		"guests":   600_000 * max(0, 100-points) * p.nights * p.rooms,
	}
}

func compareStays(sort string, a, b *stay) int {
	price := func(s *stay) int64 { return s.Score.part("price") }
	switch sort {
	case "cheapest":
		return cmp.Or(cmp.Compare(price(a), price(b)), cmp.Compare(a.Score.Micros, b.Score.Micros))
	case "best":
		return cmp.Or(cmp.Compare(a.Score.Micros, b.Score.Micros), cmp.Compare(price(a), price(b)))
	case "stars":
		return -cmp.Compare(orZero(a.Stars), orZero(b.Stars))
	}
	far := func(s *stay) int {
		if s.DistanceMetres == nil {
			return math.MaxInt
		}
		return *s.DistanceMetres
	}
	return cmp.Compare(far(a), far(b))
}

func orZero(f *float64) float64 {
	if f == nil {
		return 0
	}
	return *f
}

func TestStays(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the go command is not there")
	}
	a := &api{T: t, base: demo(t)}
	questions := []map[string]string{{"destination": "PAR", "check_in": soon(70), "check_out": soon(73), "market": "DE"}}
	views := 12
	if full {
		views = 150
		questions = append(questions,
			map[string]string{"destination": "ROM", "check_in": soon(20), "check_out": soon(21), "rooms": "2-7,1", "market": "DE"},
			map[string]string{"destination": "NYC", "check_in": soon(1), "check_out": soon(5), "market": "DE"})
	}
	r := rand.New(rand.NewPCG(seed(t), 1))
	for _, q := range questions {
		a.staySearch(q, r, views)
	}
	t.Logf("%d checks", a.checks)
}

func partyOf(q map[string]string) party {
	p := party{rooms: 1, guests: 2}
	fmt.Sscan(map[bool]string{true: "3", false: "1"}[q["destination"] == "PAR"], &p.nights)
	if q["destination"] == "NYC" {
		p.nights = 4
	}
	if q["rooms"] == "2-7,1" {
		p.rooms, p.guests = 2, 4
	}
	return p
}

func (a *api) stays(id string, view map[string]string) ([]*stay, *stayView) {
	a.Helper()
	first := page[stayView](a, "hotels", id, view)
	all := first.Results
	for next := first.NextCursor; next != nil; {
		more := page[stayView](a, "hotels", id, merged(view, map[string]string{"cursor": *next}))
		if more.Revision != first.Revision {
			return nil, nil
		}
		all, next = append(all, more.Results...), more.NextCursor
	}
	return all, &first
}

func (a *api) staySearch(q map[string]string, r *rand.Rand, views int) {
	id, p := a.settled("hotels", q), partyOf(q)
	var all []*stay
	a.steady(func() bool {
		var view *stayView
		if all, view = a.stays(id, nil); view == nil {
			return false
		}
		a.head(&view.head)
		return true
	})
	if len(all) < 20 {
		a.Fatalf("%d properties; the demo world has more", len(all))
	}
	for _, s := range all {
		a.stay(s, p, q)
	}
	for range views {
		c := drawnStays(r, all)
		sort := []string{"best", "cheapest", "stars", "distance"}[r.IntN(4)]
		a.steady(func() bool {
			got, view := a.stays(id, merged(c.parameters(), map[string]string{"sort": sort}))
			again, after := a.stays(id, nil)
			if view == nil || after == nil || after.Revision != view.Revision {
				return false
			}
			a.stayView(&c, sort, got, view, again)
			return true
		})
	}
}

func (a *api) stay(s *stay, p party, q map[string]string) {
	cheapest := s.Rates[0].Price.Total.minor
	for _, r := range s.Rates {
		cheapest = min(cheapest, r.Price.Total.minor)
		a.fresh(s.Name+" of "+r.Partner, &r.Price, stayLives, q["check_in"], r.RoomsLeft, r.ExpiresAt)
	}
	a.check(s.Price.minor == cheapest && s.RatesTotal == len(s.Rates), "%s: price %v, %d rates; want %d and %d", s.Name, s.Price, s.RatesTotal, cheapest, len(s.Rates))
	want, sum, shown := s.expected(p), int64(0), int64(0)
	for _, part := range s.Score.Parts {
		minor, err := cents(part.Amount)
		a.check(err == nil, "%s: %v", s.Name, err)
		sum, shown = sum+part.Micros, shown+minor
		if micros, ok := want[part.Name]; ok {
			a.check(part.Micros == micros, "%s: %s is %d, want %d", s.Name, part.Name, part.Micros, micros)
			delete(want, part.Name)
		}
	}
	for name, micros := range want {
		a.check(micros == 0, "%s: no part %s, want %d", s.Name, name, micros)
	}
	total, err := cents(s.Score.Total)
	a.check(err == nil && total == shown && sum == s.Score.Micros, "%s: score %s (%d micros), parts make %d (%d micros)", s.Name, s.Score.Total, s.Score.Micros, shown, sum)
}

func (a *api) stayView(c *stayChoice, sort string, got []*stay, view *stayView, all []*stay) {
	what := fmt.Sprint(c.parameters(), " by ", sort)
	want := map[string]stayRow{}
	for _, r := range c.shown(all) {
		want[r.ID] = r
	}
	a.check(view.Counts.Matching == len(want) && len(got) == len(want), "%s: %d matching, %d shown, want %d", what, view.Counts.Matching, len(got), len(want))
	byID := map[string]*stay{}
	for i, s := range got {
		r, ok := want[s.ID]
		byID[s.ID] = s
		a.check(ok, "%s: %s is shown, and no rate of it passes", what, s.Name)
		if ok {
			a.check(s.Price.minor == r.cheapest && s.RatesTotal == len(r.passing), "%s: %s costs %v with %d rates, want %d with %d", what, s.Name, s.Price, s.RatesTotal, r.cheapest, len(r.passing))
		}
		if i > 0 {
			a.check(compareStays(sort, got[i-1], s) <= 0, "%s: %s stands before %s", what, got[i-1].Name, s.Name)
		}
	}
	for _, label := range []string{"best", "cheapest"} {
		if len(got) == 0 {
			continue
		}
		first := slices.MinFunc(got, func(x, y *stay) int { return compareStays(label, x, y) })
		labelled := byID[view.Labels[label]]
		a.check(labelled != nil && compareStays(label, labelled, first) == 0, "%s: %s is %s, want %s", what, label, view.Labels[label], first.ID)
	}
	for _, s := range got {
		a.dominated(what, s, byID)
	}
	a.stayFacets(c, what, view, all)
}

// dominated checks that what dominates a property is at least as good in what both state, states what
// the property states, and is better in something.
func (a *api) dominated(what string, s *stay, byID map[string]*stay) {
	if s.Explain == nil {
		return
	}
	for _, d := range s.Explain.DominatedBy {
		o := byID[d.ID]
		if o == nil {
			continue // on another page
		}
		good := o.Score.part("price") <= s.Score.part("price") &&
			(s.DistanceMetres == nil || o.DistanceMetres != nil && *o.DistanceMetres <= *s.DistanceMetres) &&
			(s.Stars == nil || o.Stars != nil && *o.Stars >= *s.Stars) &&
			(s.GuestScore == nil || o.GuestScore != nil && *o.GuestScore >= *s.GuestScore)
		a.check(good && len(d.BetterIn) > 0, "%s: %s is not known to be as good as %s in everything", what, o.Name, s.Name)
	}
}

func (a *api) stayFacets(c *stayChoice, what string, view *stayView, all []*stay) {
	alone := map[string]func(c *stayChoice, value string){
		"stars":      func(c *stayChoice, v string) { fmt.Sscan(v, &c.minStars) },
		"boards":     func(c *stayChoice, v string) { c.boards = []string{v} },
		"conditions": func(c *stayChoice, _ string) { c.free = true },
		"partners":   func(c *stayChoice, v string) { c.partners = []string{v} },
	}
	for name, choose := range alone {
		var listed []facet
		if err := json.Unmarshal(view.Facets[name], &listed); err != nil {
			a.Fatalf("facet %s: %v", name, err)
		}
		for _, f := range listed {
			one := *c
			choose(&one, f.value())
			rows := one.shown(all)
			from := int64(math.MaxInt64)
			for _, r := range rows {
				from = min(from, r.cheapest)
			}
			a.check(f.Count == len(rows) && (len(rows) == 0 || abs(f.From.minor-from) <= 1), "%s: facet %s, %s: %d from %v; choosing it shows %d from %.2f", what, name, f.value(), f.Count, f.From, len(rows), float64(from)/100)
		}
	}
}

func drawnStays(r *rand.Rand, all []*stay) stayChoice {
	var c stayChoice
	rated := func() (*stay, *rate) {
		s := all[r.IntN(len(all))]
		return s, s.Rates[r.IntN(len(s.Rates))]
	}
	for range r.IntN(4) {
		s, one := rated()
		switch r.IntN(5) {
		case 0:
			c.minStars = float64(1 + r.IntN(5))
		case 1:
			if one.Board != nil {
				c.boards = []string{*one.Board}
			}
		case 2:
			c.free = true
		case 3:
			c.partners = append(c.partners, one.Partner)
		case 4:
			c.maxPrice = s.Price.minor + int64(r.IntN(3)-1)
		}
	}
	slices.Sort(c.partners)
	c.partners = slices.Compact(c.partners)
	c.strict = r.IntN(4) == 0
	return c
}
