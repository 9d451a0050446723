package web_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// TestEqualQuestionsHaveEqualIDs: however they are asked.
func TestEqualQuestionsHaveEqualIDs(t *testing.T) {
	trip := `"slices":[{"origin":"LHR","destination":"JFK","date":"2000-03-01"},{"origin":"JFK","destination":"LHR","date":"2000-03-08"}]`
	groups := []struct {
		name string
		asks []string // GET paths, or POST bodies that begin with {
	}{
		{"one way", []string{oneWay, flightBody, with(oneWay, "adults", "1"), with(oneWay, "origin", " lhr "), with(oneWay, "cabin", "Economy"),
			with(oneWay, "market", "gb"), with(oneWay, "currency", "USD", "sort", "cheapest", "limit", "5", "wait", "0s"),
			strings.Replace(flightBody, "LHR", " lhr", 1), flying("passengers", `{}`), flying("passengers", `null`), flying("passengers", `{"child_ages":null}`),
			flying("passengers", `{"adults":1,"child_ages":[],"infants_lap":0,"infants_seat":0}`), flying("cabin", `"economy"`), flying("market", `"GB"`),
			flying("currency", `"USD"`), flying("strict", `true`)}},
		{"family", []string{with(oneWay, "adults", "2", "child_ages", "9,7", "infants_lap", "1"), with(oneWay, "adults", "2", "child_ages", "7, 9", "infants_lap", "1"),
			flying("passengers", `{"adults":2,"child_ages":[7,9],"infants_lap":1}`), flying("passengers", `{"infants_lap":1,"child_ages":[9,7],"adults":2}`)}},
		{"return", []string{with(oneWay, "return_date", "2000-03-08"), "{" + trip + "}"}},
		{"business", []string{with(oneWay, "cabin", "business"), flying("cabin", `"BUSINESS "`)}},
		{"another market", []string{with(oneWay, "market", "DE"), flying("market", `"de"`)}},
		{"stay", []string{hotelStay, stayBody, with(hotelStay, "rooms", "2"), with(hotelStay, "destination", "par"), staying("rooms", `[{"adults":2}]`),
			staying("rooms", `[{"adults":2,"child_ages":[]}]`), staying("rooms", `null`), staying("destination", `{"place":" par ","lat":null}`)}},
		{"rooms", []string{with(hotelStay, "rooms", "2,1-7-9"), with(hotelStay, "rooms", "1-9-7, 2"), staying("rooms", `[{"adults":1,"child_ages":[9,7]},{"adults":2}]`)}},
		{"circle", []string{with(hotelStay, "destination", "-", "lat", "48.85661", "lon", "2.35222", "radius_km", "5"),
			with(hotelStay, "destination", "-", "lat", "48.8566", "lon", "2.3522", "radius_km", "5"),
			staying("destination", `{"lat":48.85658,"lon":2.35218,"radius_km":5}`), staying("destination", `{"radius_km":5,"lon":2.3522,"lat":48.8566}`)}},
		{"the equator", []string{with(hotelStay, "destination", "-", "lat", "0", "lon", "0", "radius_km", "5"), with(hotelStay, "destination", "-", "lat", "-0", "lon", "-0.00001", "radius_km", "5"),
			staying("destination", `{"lat":-0.0,"lon":0,"radius_km":5}`)}},
	}
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, flights()))
		seen := map[string]string{}
		for _, g := range groups {
			first := ""
			for _, ask := range g.asks {
				var id string
				switch {
				case !strings.HasPrefix(ask, "{"):
					id = b.get(ask).want(200).view().ID
				case strings.Contains(ask, "check_in"):
					id = b.post(stayPath, ask).view().ID
				default:
					id = b.post(flightPath, ask).view().ID
				}
				if first == "" {
					first = id
				}
				if id != first || id == "" {
					t.Errorf("%s: %s has id %s, want %s", g.name, ask, id, first)
				}
			}
			if other, taken := seen[first]; taken {
				t.Errorf("%s and %s have one id", g.name, other)
			}
			seen[first] = g.name
		}
		if n := b.calls(); n != len(groups) {
			t.Errorf("partners were asked %d times for %d questions", n, len(groups))
		}
	})
}

func TestOneShot(t *testing.T) {
	late := func(a travel.Answer) *partner { return asks("bluebird", 3*time.Second, a) }
	never := func(travel.Query) fault.Cause { return fault.Route }
	cases := []struct {
		name     string
		path     string
		partners []*partner
		code     int
		status   string // of the view, or of the problem's type
		took     time.Duration
		retry    string
	}{
		{"complete", oneWay, []*partner{asks("albatross", 0, rich()), late(rich())}, 200, "complete", 3 * time.Second, ""},
		{"complete with nothing", oneWay, []*partner{asks("albatross", 0, flights())}, 200, "complete", 0, ""},
		{"degraded", oneWay, []*partner{asks("albatross", 0, rich()), late(fails(fault.HTTP5xx))}, 200, "degraded", 3 * time.Second, ""},
		{"degraded by nothing and a failure", oneWay, []*partner{asks("albatross", 0, flights()), late(fails(fault.Malformed))}, 200, "degraded", 3 * time.Second, ""},
		{"pending", with(oneWay, "wait", "0s"), []*partner{late(rich())}, 200, "pending", 0, ""},
		{"partial", with(oneWay, "wait", "1s"), []*partner{asks("albatross", 0, rich()), late(rich())}, 200, "partial", time.Second, ""},
		{"over budget", oneWay, []*partner{asks("albatross", 0, rich()), asks("condor", time.Minute, rich())}, 200, "degraded", budget, ""},
		{"wait beyond the budget", with(oneWay, "wait", "20s"), []*partner{asks("albatross", 0, rich()), asks("condor", time.Minute, rich())}, 200, "degraded", budget, ""},
		{"failed", oneWay, []*partner{asks("albatross", 0, fails(fault.Deadline)), late(fails(fault.Refused))}, 502, "urn:fanfare:all-partners-failed", 3 * time.Second, ""},
		{"failed with an open breaker", oneWay, []*partner{asks("albatross", 0, open(fault.CircuitOpen, fault.Deadline)), late(fails(fault.Refused))}, 502, "urn:fanfare:all-partners-failed", 3 * time.Second, ""},
		{"quarantined", oneWay, []*partner{asks("albatross", 0, fails(fault.Contract))}, 502, "urn:fanfare:all-partners-failed", 0, ""},
		{"none asked", oneWay, []*partner{asks("albatross", 0, open(fault.CircuitOpen, fault.Deadline)), asks("bluebird", 0, fails(fault.Quota)),
			asks("condor", 0, fails(fault.HTTP429))}, 503, "urn:fanfare:no-partner-could-be-asked", 0, "30"},
		{"none asked, others not applicable", oneWay, []*partner{asks("albatross", 0, fails(fault.HTTP429)), {name: "dodo", applicable: never}}, 503, "urn:fanfare:no-partner-could-be-asked", 0, "30"},
		{"none applicable", oneWay, []*partner{{name: "dodo", applicable: never}}, 200, "complete", 0, ""},
		{"hotels", hotelStay, []*partner{asks("albatross", 0, richStay()), late(fails(fault.HTTP5xx))}, 200, "degraded", 3 * time.Second, ""},
		{"hotels failed", hotelStay, []*partner{late(fails(fault.HTTP5xx))}, 502, "urn:fanfare:all-partners-failed", 3 * time.Second, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				b := newBench(t, noConfig, c.partners...)
				start := time.Now()
				a := b.get(c.path).want(c.code)
				if got := since(start); got != c.took {
					t.Errorf("took %s, want %s", got, c.took)
				}
				if got := a.Header().Get("Retry-After"); got != c.retry {
					t.Errorf("Retry-After = %q, want %q", got, c.retry)
				}
				if c.code == 200 {
					if v := a.view(); v.Status != c.status || v.Coverage.Asked < v.Coverage.Answered {
						t.Errorf("view = %s %+v, want %s", v.Status, v.Coverage, c.status)
					}
					return
				}
				if p := a.problem(c.code); p.Type != c.status || p.ID == "" || len(p.Partners) != len(c.partners) {
					t.Errorf("problem = %+v, want %s with id and %d partners", p, c.status, len(c.partners))
				} else if v := b.get(flightPath + "/" + p.ID); !strings.HasPrefix(c.name, "hotels") && v.want(200).view().Status != "failed" {
					t.Errorf("a poll of the failed search = %s, want failed with 200", v.body)
				}
			})
		})
	}
}

// TestCoverage has shares in the middle, and the ends.
func TestCoverage(t *testing.T) {
	for _, c := range []struct {
		good, bad int
		share     float64
	}{{7, 2, 0.78}, {1, 0, 1}, {1, 1, 0.5}, {2, 1, 0.67}, {250, 1, 0.99}} {
		inBubble(t, func(t *testing.T) {
			var partners []*partner
			for i := range c.good + c.bad {
				a := rich()
				if i >= c.good {
					a = fails(fault.HTTP5xx)
				}
				partners = append(partners, asks(fmt.Sprintf("p%03d", i), 0, a))
			}
			if got := newBench(t, noConfig, partners...).get(oneWay).view().Coverage; got.Share != c.share || got.Asked != c.good+c.bad || got.Answered != c.good {
				t.Errorf("coverage of %d and %d = %+v, want %v", c.good, c.bad, got, c.share)
			}
		})
	}
}

func TestCreateAndPoll(t *testing.T) {
	for _, product := range []struct {
		name, path, body, oneShot string
		early, late               travel.Answer
	}{
		{"flights", flightPath, flightBody, oneWay, rich(), flights(direct(1, "GBP 100.00"))},
		{"hotels", stayPath, stayBody, hotelStay, richStay(), travel.Answer{Stays: []travel.Stay{stay("9", "Late Inn", 3, 48.8, 2.3, rate("EUR 90.00", "Single", nil))}}},
	} {
		t.Run(product.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				b := newBench(t, noConfig, asks("albatross", 50*time.Millisecond, product.early), asks("bluebird", 5*time.Second, product.late))
				start := time.Now()
				a := b.post(product.path, product.body).want(201)
				v := a.view()
				if a.Header().Get("Location") != product.path+"/"+v.ID || v.Status != "partial" || since(start) != 50*time.Millisecond {
					t.Errorf("POST = %s at %q after %s, want partial with the first answers", v.Status, a.Header().Get("Location"), since(start))
				}
				joined := b.post(product.path, product.body).want(200)
				if joined.view().ID != v.ID || joined.Header().Get("Location") != product.path+"/"+v.ID {
					t.Errorf("joined = %+v", joined.view())
				}
				at := product.path + "/" + v.ID
				start = time.Now()
				if p := b.get(at).want(200).view(); p.Revision != v.Revision || since(start) != 0 {
					t.Errorf("poll = revision %d after %s, want %d at once", p.Revision, since(start), v.Revision)
				}
				if p := b.get(fmt.Sprintf("%s?after=%d", at, v.Revision)).view(); p.Revision != v.Revision || since(start) != 0 {
					t.Errorf("after without wait = %d after %s, want %d at once", p.Revision, since(start), v.Revision)
				}
				if p := b.get(fmt.Sprintf("%s?after=%d&wait=1s", at, v.Revision)).view(); p.Revision != v.Revision || since(start) != time.Second {
					t.Errorf("after, too short = %d after %s, want %d after 1s", p.Revision, since(start), v.Revision)
				}
				if p := b.get(fmt.Sprintf("%s?after=%d&wait=30s", at, v.Revision-1)).view(); p.Revision != v.Revision || since(start) != time.Second {
					t.Errorf("after the one before = %d after %s, want %d at once", p.Revision, since(start), v.Revision)
				}
				p := b.get(fmt.Sprintf("%s?after=%d&wait=30s", at, v.Revision)).view()
				if p.Revision <= v.Revision || p.Status != "complete" || p.StateHash == v.StateHash {
					t.Errorf("after = %d %s, want a later revision, complete", p.Revision, p.Status)
				}
				start = time.Now()
				if q := b.get(at + "?wait=30s").view(); q.Revision != p.Revision || since(start) != 0 {
					t.Errorf("wait on a terminal search took %s, want none", since(start))
				}
				if q := b.get(fmt.Sprintf("%s?after=%d&wait=3s", at, p.Revision)).view(); q.Revision != p.Revision || since(start) != 3*time.Second {
					t.Errorf("after on a terminal search took %s, want 3s: it waits for a refresh", since(start))
				}
				if q := b.get(product.oneShot).want(200).view(); q.StateHash != p.StateHash || q.Revision != p.Revision {
					t.Errorf("one-shot = %s at %d, want %s at %d", q.StateHash, q.Revision, p.StateHash, p.Revision)
				}
				if b.calls() != 2 {
					t.Errorf("partners were asked %d times, want 2", b.calls())
				}
			})
		})
	}
}

func TestETags(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, flights(manyDirect(0, 30)...)), asks("bluebird", time.Second, rich()))
		at := flightPath + "/" + b.post(flightPath, flightBody).view().ID
		tag := b.get(at).Header().Get("ETag")
		for _, match := range []string{tag, strings.TrimPrefix(tag, "W/"), `"x", ` + tag, "*"} {
			if a := b.get(at, "If-None-Match", match).want(304); a.Body.Len() > 0 || a.Header().Get("ETag") != tag {
				t.Errorf("If-None-Match %s: body %q, ETag %s, want none and %s", match, a.Body, a.Header().Get("ETag"), tag)
			}
		}
		packed := b.get(at, "Accept-Encoding", "br, gzip").want(200)
		if packed.Header().Get("Content-Encoding") != "gzip" || packed.Header().Get("ETag") != tag || packed.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("headers = %v, want gzip, the same weak ETag and Vary", packed.Header())
		}
		if plain := b.get(at).want(200); string(plain.body) != string(packed.body) || plain.Header().Get("Content-Length") != strconv.Itoa(len(plain.body)) {
			t.Error("the packed body differs from the plain one, or its length is not said")
		}
		for _, refused := range []string{"gzip;q=0", "gzip; q=0.0", "br", "gzipped", "identity, gzip;q=x"} {
			if a := b.get(at, "Accept-Encoding", refused); a.Header().Get("Content-Encoding") != "" {
				t.Errorf("Accept-Encoding %q is packed", refused)
			}
		}
		if b.get(at+"?sort=cheapest").Header().Get("ETag") == tag {
			t.Error("two views share an ETag")
		}
		b.get(at+"?sort=cheapest", "If-None-Match", tag).want(200)
		time.Sleep(2 * time.Second)
		b.get(at, "If-None-Match", tag).want(200)
		b.get(with(oneWay, "wait", "0s"), "If-None-Match", b.get(oneWay).Header().Get("ETag")).want(304)
	})
}

// manyDirect is nonstop offers number from to from+n-1, dearer by the hour.
func manyDirect(from, n int) []travel.Offer {
	var out []travel.Offer
	for i := from; i < from+n; i++ {
		out = append(out, direct(i, fmt.Sprintf("GBP %d.50", 100+i)))
	}
	return out
}

func TestOffersAllAndExplain(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var offers []travel.Offer
		for i := range 15 {
			o := direct(1, fmt.Sprintf("GBP %d.00", 100+i))
			o.Fare.Brand = fmt.Sprintf("Brand %d", i)
			offers = append(offers, o)
		}
		b := newBench(t, noConfig, asks("albatross", 0, flights(offers...)))
		v := b.get(oneWay + "&explain=1&adults=2").want(200).view()
		r := v.Results[0]
		if len(v.Results) != 1 || len(r.Offers) != 10 || r.OfferCount != 15 || r.Price != (money{"100.00", "GBP"}) {
			t.Errorf("%d results, %d of %d offers, want 1, 10 of 15", len(v.Results), len(r.Offers), r.OfferCount)
		}
		if all := b.get(flightPath + "/" + v.ID + "?offers=all").view(); len(all.Results[0].Offers) != 15 {
			t.Errorf("offers=all has %d, want 15", len(all.Results[0].Offers))
		}
		for _, part := range r.Score.Parts {
			if part.Explanation == "" {
				t.Errorf("part %s is not explained", part.Name)
			}
		}
		if plain := b.get(flightPath + "/" + v.ID).view(); plain.Results[0].Score.Parts[0].Explanation != "" {
			t.Error("explained without explain=1")
		}
	})
}

func TestEarlyStop(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, flights(direct(1, "GBP 100.00"))), asks("bluebird", time.Second, flights(direct(2, "GBP 101.00"))),
			asks("condor", 6*time.Second, rich()))
		start := time.Now()
		v := b.get(oneWay + "&stop_when_saving_below=10").want(200).view()
		if since(start) != time.Second || v.EarlyStop == nil || v.EarlyStop.Residual != (money{"0.33", "GBP"}) || v.Status != "partial" {
			t.Errorf("after %s: %s, early stop %+v, want partial after 1s with a residual of 0.33", since(start), v.Status, v.EarlyStop)
		}
		if p := b.get(flightPath + "/" + v.ID).view(); p.EarlyStop != nil || p.StateHash != v.StateHash {
			t.Errorf("a poll = %+v, want the same hash and no early stop", p)
		}
		if v := b.get(oneWay + "&stop_when_saving_below=0.01").view(); v.EarlyStop != nil || v.Status != "complete" {
			t.Errorf("with a small limit: %s, early stop %+v, want complete", v.Status, v.EarlyStop)
		}
	})
}

// TestOverload: a new search is refused, a join is not.
func TestOverload(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", time.Second, rich()))
		for i := range 100 {
			b.get(with(oneWay, "wait", "0s", "date", travel.NewDate(2000, 2, 1+i).String())).want(200)
		}
		a := b.get(with(oneWay, "date", "2000-07-01"))
		if p := a.problem(503); p.Type != "urn:fanfare:overloaded" || a.Header().Get("Retry-After") != "2" {
			t.Errorf("problem = %+v, Retry-After %q, want overloaded and 2", p, a.Header().Get("Retry-After"))
		}
		b.get(with(oneWay, "date", "2000-02-01")).want(200)
	})
}
