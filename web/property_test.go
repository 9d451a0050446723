package web_test

import (
	"fmt"
	"net/url"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// plan is a scripted search and a way to look at it, drawn before any bubble begins.
type plan struct {
	hotels   bool
	partners []planned
	view     url.Values
	joinAt   time.Duration // when the stream begins
}

type planned struct {
	after time.Duration
	cause fault.Cause // None: offers
	items []item
}

type item struct{ flight, price, extra int }

var currencies = []string{"EUR", "GBP", "USD", "JPY", "KWD"}

func drawPlan(t *rapid.T) plan {
	p := plan{hotels: rapid.Bool().Draw(t, "hotels"), view: url.Values{}, joinAt: time.Duration(rapid.IntRange(0, 1500).Draw(t, "join")) * time.Millisecond}
	for range rapid.IntRange(1, 5).Draw(t, "partners") {
		one := planned{after: time.Duration(rapid.IntRange(0, 3000).Draw(t, "after")) * time.Millisecond,
			cause: rapid.SampledFrom([]fault.Cause{fault.None, fault.None, fault.None, fault.HTTP5xx, fault.Deadline}).Draw(t, "cause")}
		if one.cause == fault.None {
			for range rapid.IntRange(0, 6).Draw(t, "items") {
				one.items = append(one.items, item{rapid.IntRange(0, 7).Draw(t, "flight"), rapid.IntRange(50, 900).Draw(t, "price"), rapid.IntRange(0, 11).Draw(t, "extra")})
			}
		}
		p.partners = append(p.partners, one)
	}
	set := func(name string, values ...string) {
		if v := rapid.SampledFrom(append(values, "", "")).Draw(t, name); v != "" {
			p.view.Set(name, v)
		}
	}
	set("limit", "1", "2", "3", "7")
	set("currency", currencies...)
	set("max_price", "200", "500")
	set("strict", "1", "0")
	set("explain", "1")
	if p.hotels {
		set("sort", "best", "cheapest", "stars", "distance")
		set("min_stars", "3")
		set("board", "half_board", "half_board,room_only")
		set("free_cancellation", "1")
		set("name", "hotel 1", "hotel")
		set("bbox", "48.8,2.2,48.86,2.4")
		return p
	}
	set("sort", "best", "cheapest", "fastest", "departure", "arrival", "choice")
	set("value_of_time", "0", "80")
	set("max_stops", "0")
	set("partners", "p0", "p1,p2")
	set("cabin_bag", "1")
	set("refundable", "1")
	set("depart_between", "00:20-01:00")
	set("exclude_carriers", "AA")
	return p
}

// answer is what a planned partner says.
func (p *planned) answer(hotels bool) travel.Answer {
	if p.cause != fault.None {
		return fails(p.cause)
	}
	var a travel.Answer
	for _, it := range p.items {
		currency := currencies[it.extra%len(currencies)]
		price := fmt.Sprintf("%s %d", currency, it.price)
		if hotels {
			r := rate(price, fmt.Sprintf("Room %d", it.extra), func(r *travel.Rate) {
				r.Board = append([]travel.Board{travel.BoardUnknown}, travel.Boards...)[it.extra%6]
				r.Cancellation.Refundable = travel.Answered(it.extra % 3)
			})
			a.Stays = append(a.Stays, stay(fmt.Sprint(it.flight), fmt.Sprintf("Hotel %d", it.flight), float64(it.flight%6), 48.8+float64(it.flight)/100, 2.3, r))
			continue
		}
		o := direct(it.flight, price)
		o.Fare.CabinBags = travel.Pieces(it.extra % 3)
		o.Fare.Refundable = travel.Answered(it.extra % 3)
		if it.extra%4 == 0 {
			o.Itinerary.Slices[0].Segments[0].Operating = travel.Flight{}
		}
		a.Offers = append(a.Offers, o)
	}
	return a
}

// TestUpdatesAddUpToThePolledView: the snapshot of a stream with all its updates
// applied is the polled view, whatever comes in whatever order and however it is
// looked at; and every view of one revision has one state hash.
func TestUpdatesAddUpToThePolledView(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := drawPlan(rt)
		inBubble(t, func(t *testing.T) { followPlan(t, p) })
		if t.Failed() {
			rt.Fatalf("plan: %+v", p)
		}
	})
}

func followPlan(t *testing.T, p plan) {
	var partners []*partner
	for i := range p.partners {
		partners = append(partners, asks(fmt.Sprintf("p%d", i), p.partners[i].after, p.partners[i].answer(p.hotels)))
	}
	b := newBench(t, noConfig, partners...)
	path, body, oneShot := flightPath, flightBody, oneWay
	if p.hotels {
		path, body, oneShot = stayPath, stayBody, hotelStay
	}
	at := path + "/" + b.post(path, body).view().ID
	time.Sleep(p.joinAt)
	query := p.view.Encode()
	e := b.follow(at + "/events?" + query)
	for step := range 8 { // in between, and when all is said
		time.Sleep(time.Duration(130+90*step) * time.Millisecond)
		all := e.read()
		polled := b.get(at + "?" + query).want(200)
		view := apply(t, all)
		want := parse(t, string(polled.body))
		if view["revision"] == want["revision"] && !reflect.DeepEqual(view, want) {
			t.Fatalf("after %d events with %s:\napplied %v\npolled  %v", len(all), query, view, want)
		}
		if hash := b.get(at).view().StateHash; hash != want["state_hash"] {
			t.Fatalf("state hash %s in one view, %s in another", want["state_hash"], hash)
		}
	}
	all := e.read()
	apart(t, all)
	polled := b.get(at + "?" + query)
	if view, want := apply(t, all), parse(t, string(polled.body)); !reflect.DeepEqual(view, want) {
		t.Fatalf("in the end with %s:\napplied %v\npolled  %v", query, view, want)
	}
	if once := b.get(oneShot); once.Code == 200 && once.view().StateHash != polled.view().StateHash {
		t.Fatalf("one-shot has another state hash than the poll")
	}
}

// TestPagesAreThePartsOfOneList: each result once, in the order of one long page.
func TestPagesAreThePartsOfOneList(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := drawPlan(rt)
		limit := rapid.IntRange(1, 4).Draw(rt, "page")
		inBubble(t, func(t *testing.T) { pagePlan(t, p, limit) })
		if t.Failed() {
			rt.Fatalf("plan: %+v", p)
		}
	})
}

func pagePlan(t *testing.T, p plan, limit int) {
	if p.view.Get("sort") == "choice" { // one page
		p.view.Del("sort")
	}
	var partners []*partner
	for i := range p.partners {
		partners = append(partners, asks(fmt.Sprintf("p%d", i), 0, p.partners[i].answer(p.hotels)))
	}
	b := newBench(t, noConfig, partners...)
	path, body := flightPath, flightBody
	if p.hotels {
		path, body = stayPath, stayBody
	}
	at := path + "/" + b.post(path, body).view().ID
	time.Sleep(time.Second)
	p.view.Set("limit", "200")
	want := b.get(at + "?" + p.view.Encode()).want(200).view()
	p.view.Set("limit", fmt.Sprint(limit))
	got := []string{}
	for {
		v := b.get(at + "?" + p.view.Encode()).want(200).view()
		got = append(got, v.ids()...)
		if v.Counts != want.Counts || len(v.Results) > limit {
			t.Fatalf("page of %d with counts %+v, want %d and %+v", len(v.Results), v.Counts, limit, want.Counts)
		}
		if v.NextCursor == nil {
			break
		}
		p.view.Set("cursor", *v.NextCursor)
	}
	if !reflect.DeepEqual(got, want.ids()) || len(got) != want.Counts.Matching {
		t.Fatalf("pages of %d = %v, want %v", limit, got, want.ids())
	}
}
