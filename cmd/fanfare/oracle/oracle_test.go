package oracle

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestFlights(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the go command is not there")
	}
	a := &api{T: t, base: demo(t)}
	questions := []map[string]string{
		{"origin": "LHR", "destination": "JFK", "date": soon(70), "market": "DE"},
		{"origin": "LON", "destination": "NYC", "date": soon(40), "return_date": soon(47), "adults": "2", "market": "DE"},
	}
	views := 12
	if full {
		views = 150
		questions = append(questions,
			map[string]string{"origin": "MAD", "destination": "FRA", "date": soon(9), "adults": "1", "child_ages": "7", "market": "DE"},
			map[string]string{"origin": "SIN", "destination": "CDG", "date": soon(120), "cabin": "business", "market": "DE"},
			map[string]string{"origin": "LHR", "destination": "DUB", "date": soon(1), "return_date": soon(3), "market": "DE"},
		)
	}
	r := rand.New(rand.NewPCG(seed(t), 0))
	for _, q := range questions {
		t.Run(q["origin"]+"-"+q["destination"], func(t *testing.T) {
			b := &api{T: t, base: a.base}
			b.flightSearch(q, r, views)
			t.Logf("%d checks", b.checks)
			a.checks += b.checks
		})
	}
	t.Logf("%d checks", a.checks)
}

func tripOf(q map[string]string) trip {
	t := trip{seats: 1, directions: 1, voT: 20_000_000}
	if n, err := strconv.Atoi(q["adults"]); err == nil {
		t.seats = n
	}
	if q["child_ages"] != "" {
		t.seats += strings.Count(q["child_ages"], ",") + 1
	}
	if q["return_date"] != "" {
		t.directions = 2
	}
	if q["cabin"] == "business" {
		t.voT = 50_000_000
	}
	return t
}

func (a *api) flightSearch(q map[string]string, r *rand.Rand, views int) {
	id, t := a.settled("flights", q), tripOf(q)
	var all []*flight
	a.steady(func() bool {
		var view *flightView
		if all, view = a.flights(id, nil); view == nil {
			return false
		}
		a.head(&view.head)
		a.check(view.Counts.Results == len(all) && view.Counts.Matching == len(all), "%d results, %d matching, %d on all pages", view.Counts.Results, view.Counts.Matching, len(all))
		return true
	})
	if len(all) < 20 {
		a.Fatalf("%d flights; the demo world has more", len(all))
	}
	for _, f := range all {
		a.flight(f, t, q)
	}
	for range views {
		c := drawn(r, all, t)
		sort := []string{"best", "cheapest", "fastest", "departure", "arrival"}[r.IntN(5)]
		a.steady(func() bool {
			base, _ := a.flights(id, nil)
			got, view := a.flights(id, merged(c.parameters(), map[string]string{"sort": sort}))
			again, after := a.flights(id, nil)
			if base == nil || view == nil || after == nil || after.Revision != view.Revision || len(again) != len(base) {
				return false
			}
			a.view(&c, sort, c.shown(again, t), got, view, t, again)
			return true
		})
	}
}

// head checks what every view says of the partners.
func (a *api) head(h *head) {
	usable, others := 0, 0
	for _, p := range h.Partners {
		dropped := 0
		for _, n := range p.Drops {
			dropped += n
		}
		a.check(p.OffersIn == p.OffersKept+dropped, "%s: %d offers in, %d kept and %d dropped", p.Name, p.OffersIn, p.OffersKept, dropped)
		switch p.Status {
		case "ok", "no_hit":
			usable++
		case "stale_served":
			usable, others = usable+1, others+1
		case "not_applicable":
		default:
			if others++; p.OffersKept > 0 {
				usable++
			}
		}
	}
	want := "complete"
	if others > 0 {
		want = "degraded"
	}
	a.check(h.Status == want && h.Coverage.Answered == usable, "status %s with %d answered; want %s, %d", h.Status, h.Coverage.Answered, want, usable)
}

// lives are minutes that prices are fresh and shown at all, by days ahead (docs/definitions.md 6).
var flightLives = [][3]int{{2, 2, 5}, {13, 5, 10}, {59, 10, 10}, {1 << 20, 10, 20}}
var stayLives = [][3]int{{2, 5, 15}, {13, 10, 30}, {59, 20, 60}, {1 << 20, 30, 60}}

// fresh checks the freshness of a price.
func (a *api) fresh(what string, p *price, lives [][3]int, first string, left *int, expires *time.Time) {
	day, err := time.Parse("2006-01-02", first)
	if err != nil {
		a.Fatal(err)
	}
	ahead := int(day.Sub(p.AsOf.Truncate(24*time.Hour)) / (24 * time.Hour))
	life := lives[slices.IndexFunc(lives, func(l [3]int) bool { return ahead <= l[0] })]
	fresh, hard := time.Duration(life[1])*time.Minute, time.Duration(life[2])*time.Minute
	if left != nil && *left <= 3 {
		fresh, hard = fresh/3, hard/3
	}
	third := p.AsOf.Add(hard / 3)
	if expires != nil && expires.Before(p.AsOf.Add(hard)) {
		hard = expires.Sub(p.AsOf)
		fresh = min(fresh, hard)
	}
	exact := p.FreshUntil.Sub(p.AsOf) == fresh && p.HardUntil.Sub(p.AsOf) == hard
	a.check(exact || p.HardUntil.Sub(p.AsOf) == third.Sub(p.AsOf), // a flight with two schedules in one answer is trusted for a third
		"%s: fresh for %v and shown for %v, want %v and %v", what, p.FreshUntil.Sub(p.AsOf), p.HardUntil.Sub(p.AsOf), fresh, hard)
	a.check(time.Now().Before(p.HardUntil), "%s: shown %v past its hard limit", what, time.Since(p.HardUntil))
}

// flight checks one flight by itself.
func (a *api) flight(f *flight, t trip, q map[string]string) {
	cheapest := f.Offers[0].Price.Total.minor
	for _, o := range f.Offers {
		cheapest = min(cheapest, o.Price.Total.minor)
		if f.Combination != nil {
			sum := int64(0)
			for _, ticket := range o.Tickets {
				sum += ticket.Price.Total.minor
			}
			a.check(sum == o.Price.Total.minor, "%s: tickets of %d make %v", f.ID, sum, o.Price.Total)
			continue
		}
		a.fresh(f.ID+" of "+o.Partner, &o.Price, flightLives, q["date"], o.SeatsLeft, o.ExpiresAt)
	}
	a.check(f.Price.minor == cheapest && f.OffersTotal == len(f.Offers), "%s: price %v, %d offers; want %d and %d", f.ID, f.Price, f.OffersTotal, cheapest, len(f.Offers))
	for _, s := range f.Slices {
		a.check(s.DurationMinutes == int(s.Arrives.Sub(s.Departs)/time.Minute) && s.Stops == len(s.Segments)-1 && s.Arrives.After(s.Departs),
			"%s: slice of %d minutes and %d stops", f.ID, s.DurationMinutes, s.Stops)
		for i, seg := range s.Segments {
			if i == 0 {
				continue
			}
			ground := int(seg.Departs.Sub(s.Segments[i-1].Arrives) / time.Minute)
			a.check(seg.LayoverMinutes != nil && *seg.LayoverMinutes == ground && ground >= 0, "%s: layover %v, want %d", f.ID, seg.LayoverMinutes, ground)
		}
	}
	sum, shown := int64(0), int64(0)
	want := f.expected(t)
	for _, p := range f.Score.Parts {
		sum += p.Micros
		minor, err := cents(p.Amount)
		a.check(err == nil, "%s: %v", f.ID, err)
		shown += minor
		switch p.Name {
		case "price":
			a.check(near(p.Micros, f.Price.micros()) || f.Combination != nil || abs(p.Micros-f.Price.micros()) <= 20_000, "%s: price part %d, price %v", f.ID, p.Micros, f.Price)
		case "self_transfer":
			a.check(f.Combination != nil || slices.ContainsFunc(f.Offers, func(o *offer) bool { return o.SelfTransfer }), "%s: a self-transfer that is none", f.ID)
		case "bags":
			a.check(false, "%s: bags that nobody asked for", f.ID)
		default:
			a.check(p.Micros == want[p.Name], "%s: %s is %d, want %d", f.ID, p.Name, p.Micros, want[p.Name])
		}
		delete(want, p.Name)
	}
	for name, micros := range want {
		a.check(micros == 0, "%s: no part %s, want %d", f.ID, name, micros)
	}
	total, err := cents(f.Score.Total)
	a.check(err == nil && total == shown && sum == f.Score.Micros, "%s: score %s (%d micros), parts make %d (%d micros)", f.ID, f.Score.Total, f.Score.Micros, shown, sum)
}

func abs(x int64) int64 { return max(x, -x) }

// view checks a view against what the model shows.
func (a *api) view(c *choice, sort string, want []row, got []*flight, view *flightView, t trip, all []*flight) {
	what := fmt.Sprint(c.parameters(), " by ", sort)
	a.check(view.Counts.Matching == len(want), "%s: %d matching, want %d", what, view.Counts.Matching, len(want))
	byID := map[string]row{}
	for _, r := range want {
		byID[r.ID] = r
	}
	best := int64(-1)
	for i, f := range got {
		r, ok := byID[f.ID]
		a.check(ok, "%s: %s is shown, and no offer of it passes", what, f.ID)
		if !ok {
			continue
		}
		cheapest := r.passing[0].Price.Total.minor
		for _, o := range r.passing {
			cheapest = min(cheapest, o.Price.Total.minor)
		}
		a.check(f.Price.minor == cheapest && f.OffersTotal == len(r.passing), "%s: %s costs %v with %d offers, want %d with %d", what, f.ID, f.Price, f.OffersTotal, cheapest, len(r.passing))
		withBags := f.Score.part("price") + f.Score.part("bags")
		a.check(abs(withBags-r.from*10_000) <= 30_000, "%s: %s costs %d micros with bags, want %d", what, f.ID, withBags, r.from*10_000)
		if i > 0 {
			a.check(compare(sort, got[i-1], f) < 0, "%s: %s stands before %s", what, got[i-1].ID, f.ID)
		}
		if best < 0 || f.Score.Micros < best {
			best = f.Score.Micros
		}
	}
	hopeless := 0
	for _, f := range got {
		beyond := f.Score.Micros > 60_000_000*int64(t.seats)+best/100*160+best%100*160/100
		a.check(f.Hopeless == beyond, "%s: %s is hopeless: %v", what, f.ID, f.Hopeless)
		if beyond {
			hopeless++
		}
	}
	a.check(view.Counts.Hopeless == hopeless, "%s: %d hopeless, want %d", what, view.Counts.Hopeless, hopeless)
	for _, label := range []string{"best", "cheapest", "fastest"} {
		id := ""
		if len(got) > 0 {
			id = slices.MinFunc(got, func(x, y *flight) int { return compare(label, x, y) }).ID
		}
		a.check(view.Labels[label] == id, "%s: %s is %s, want %s", what, label, view.Labels[label], id)
	}
	a.flightFacets(c, what, view, t, all)
}

// flightFacets checks that each value of each facet says what choosing it alone shows.
func (a *api) flightFacets(c *choice, what string, view *flightView, t trip, all []*flight) {
	alone := map[string]func(c *choice, value string){
		"stops":      func(c *choice, v string) { fmt.Sscan(v, &c.maxStops) },
		"carriers":   func(c *choice, v string) { c.carriers = []string{v} },
		"partners":   func(c *choice, v string) { c.partners = []string{v} },
		"airports":   func(c *choice, v string) { c.via = []string{v} },
		"departures": func(c *choice, v string) { c.depart = v },
		"arrivals":   func(c *choice, v string) { c.arrive = v },
		"conditions": func(c *choice, v string) {
			c.cabin, c.checked, c.refundable = c.cabin || v == "cabin_bag", c.checked || v == "checked_bag", c.refundable || v == "refundable"
		},
		"tickets": func(c *choice, v string) { c.combine = map[string]int{"one": 1, "several": 2}[v] },
	}
	possible := map[string]map[string]bool{}
	for name := range alone {
		possible[name] = map[string]bool{}
	}
	for _, f := range all {
		possible["stops"][strconv.Itoa(f.stops())] = true
		for i := range f.segments() {
			for _, o := range f.Offers {
				for _, code := range codes(f, o, i) {
					possible["carriers"][code] = true
				}
			}
		}
		for _, o := range f.Offers {
			if !strings.Contains(o.Partner, "+") {
				possible["partners"][o.Partner] = true
			}
		}
		for _, s := range f.Slices {
			for i := 1; i < len(s.Segments); i++ {
				possible["airports"][s.Segments[i].Origin], possible["airports"][s.Segments[i-1].Destination] = true, true
			}
		}
	}
	for _, v := range []string{"cabin_bag", "checked_bag", "refundable"} {
		possible["conditions"][v] = true
	}
	possible["tickets"]["one"], possible["tickets"]["several"] = true, true
	for _, v := range []string{"00:00-06:00", "06:00-12:00", "12:00-18:00", "18:00-24:00"} {
		possible["departures"][v], possible["arrivals"][v] = true, true
	}
	for name, choose := range alone {
		var listed []facet
		if err := json.Unmarshal(view.Facets[name], &listed); err != nil {
			a.Fatalf("facet %s: %v", name, err)
		}
		said := map[string]facet{}
		for _, f := range listed {
			said[f.value()] = f
			chosen := *c
			choose(&chosen, f.value())
			a.check(possible[name][f.value()] || maps.Equal(chosen.parameters(), c.parameters()), // a chosen value stays
				"%s: facet %s has the value %s, which no flight has", what, name, f.value())
		}
		for value := range possible[name] {
			one := *c
			choose(&one, value)
			rows := one.shown(all, t)
			from := int64(0)
			for i, r := range rows {
				if i == 0 || r.from < from {
					from = r.from
				}
			}
			f, ok := said[value]
			lists := len(rows) > 0
			if name == "stops" { // listed only where it adds something to fewer stops
				lists = slices.ContainsFunc(rows, func(r row) bool { return strconv.Itoa(r.stops()) == value })
			}
			a.check(ok == lists || ok && f.Count == len(rows), "%s: facet %s lists %s: %v, and choosing it shows %d", what, name, value, ok, len(rows))
			if ok && len(rows) > 0 {
				a.check(f.Count == len(rows) && abs(f.From.minor-from) <= 2, "%s: facet %s, %s: %d from %v; choosing it shows %d from %.2f", what, name, value, f.Count, f.From, len(rows), float64(from)/100)
			}
		}
	}
	a.ranges(c, what, view, t, all)
}

// ranges checks the facets of price and duration.
func (a *api) ranges(c *choice, what string, view *flightView, t trip, all []*flight) {
	var prices *struct{ Min, Max money }
	var minutes *struct{ Min, Max int }
	if err := json.Unmarshal(view.Facets["price"], &prices); err != nil {
		a.Fatal(err)
	}
	if err := json.Unmarshal(view.Facets["duration_minutes"], &minutes); err != nil {
		a.Fatal(err)
	}
	one := *c
	one.maxPrice = 0
	rows := one.shown(all, t)
	a.check((prices == nil) == (len(rows) == 0), "%s: a range of prices over %d results: %v", what, len(rows), prices != nil)
	if prices != nil && len(rows) > 0 {
		low := slices.MinFunc(rows, func(x, y row) int { return int(x.from - y.from) }).from
		high := slices.MaxFunc(rows, func(x, y row) int { return int(x.from - y.from) }).from
		a.check(abs(prices.Min.minor-low) <= 2 && abs(prices.Max.minor-high) <= 2, "%s: prices from %v to %v, want %d to %d", what, prices.Min, prices.Max, low, high)
	}
	one = *c
	one.maxDuration = 0
	rows = one.shown(all, t)
	if minutes != nil && len(rows) > 0 {
		low := slices.MinFunc(rows, func(x, y row) int { return x.minutes() - y.minutes() }).minutes()
		high := slices.MaxFunc(rows, func(x, y row) int { return x.minutes() - y.minutes() }).minutes()
		a.check(minutes.Min == low && minutes.Max == high, "%s: durations from %d to %d, want %d to %d", what, minutes.Min, minutes.Max, low, high)
	}
}

// drawn is a view with some filters, whose values come from the flights.
func drawn(r *rand.Rand, all []*flight, t trip) choice {
	c := choice{maxStops: -1}
	any := func() *flight { return all[r.IntN(len(all))] }
	anyCode := func() string {
		f := any()
		o := f.Offers[r.IntN(len(f.Offers))]
		return codes(f, o, r.IntN(len(f.segments())))[0]
	}
	anyChange := func() []string {
		for range 20 {
			for _, s := range any().Slices {
				if len(s.Segments) > 1 {
					return []string{s.Segments[1].Origin}
				}
			}
		}
		return nil
	}
	windows := []string{"00:00-06:00", "06:00-12:00", "12:00-18:00", "18:00-24:00", "22:30-05:15"}
	for range r.IntN(4) {
		switch r.IntN(13) {
		case 0:
			c.maxStops = r.IntN(3)
		case 1:
			c.carriers = []string{anyCode(), anyCode()}
		case 2:
			c.except = []string{anyCode()}
		case 3:
			c.partners = append(c.partners, strings.Split(any().Offers[0].Partner, "+")...)
		case 4:
			c.maxPrice = any().Price.minor + int64(r.IntN(3)-1)
		case 5:
			c.maxDuration = any().minutes()
		case 6:
			c.depart = windows[r.IntN(len(windows))]
		case 7:
			c.arrive = windows[r.IntN(len(windows))]
		case 8:
			c.cabin = true
		case 9:
			c.checked = true
		case 10:
			c.refundable = true
		case 11:
			c.via = anyChange()
		case 12:
			c.avoid = anyChange()
		}
	}
	c.strict, c.combine = r.IntN(4) == 0, []int{0, 0, 0, 1, 2}[r.IntN(5)]
	if c.carriers != nil {
		slices.Sort(c.carriers)
		c.carriers = slices.Compact(c.carriers)
	}
	return c
}
