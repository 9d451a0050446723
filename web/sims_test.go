package web_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/semaphore"

	"fanfare/aggregator"
	"fanfare/providers"
	"fanfare/providers/admission"
	"fanfare/providers/feeds"
	"fanfare/providers/guard"
	"fanfare/providers/partnersim"
	"fanfare/providers/places"
)

// patience is for a machine that does much else: time is real here, and nothing is
// said about it.
const patience = 5 * time.Minute

// simulated is the engine over real providers that speak to simulated partners, all
// of them at once and without latency. Time is real.
func simulated(t *testing.T) *bench {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	world := partnersim.NewWorld(1, places.Default(), time.Now)
	deps := feeds.Deps{
		Deps:  providers.Deps{Atlas: places.Default(), Called: func(providers.Call) {}, Deps: guard.Deps{Now: time.Now, Outbound: semaphore.NewWeighted(100)}},
		Slots: admission.New(2, nil), RelaxedTimeouts: true,
	}
	var partners []aggregator.Partner
	for _, spec := range partnersim.DemoPartners(1) {
		if spec.Name == "stork" || spec.Name == "lantern" {
			continue
		}
		spec.Behaviour.Latency = partnersim.Latency{}
		sim, err := partnersim.Serve(ctx, "127.0.0.1:0", partnersim.NewPartner(world, spec))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(sim.Close)
		var f feeds.Feed
		f.SetDefaults()
		f.Name, f.DisplayName, f.Protocol, f.BaseURL, f.Credentials = spec.Name, spec.DisplayName, spec.Protocol, sim.URL(), spec.Credentials
		f.Options = spec.Options
		f.AllowPrivateNetwork, f.Deadline = true, patience
		p, err := feeds.Build(&f, deps)
		if err != nil {
			t.Fatal(err)
		}
		partners = append(partners, p)
	}
	b := newBenchWithin(t, patience, noConfig)
	b.agg.SetPartners(partners)
	return b
}

// TestSimulatedPartners holds what real protocols bring against the schema, by every
// way to ask, and each way shows the same state.
func TestSimulatedPartners(t *testing.T) {
	b := simulated(t)
	ahead := func(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	cases := []struct{ name, get, path, body, views string }{
		{"return", "/v1/flights?origin=LON&destination=NYC&date=" + ahead(40) + "&return_date=" + ahead(50) + "&adults=2&child_ages=7&infants_lap=1", flightPath,
			`{"slices":[{"origin":"LON","destination":"NYC","date":"` + ahead(40) + `"},{"origin":"NYC","destination":"LON","date":"` + ahead(50) + `"}],"passengers":{"adults":2,"child_ages":[7],"infants_lap":1}}`,
			"sort=cheapest&limit=200&explain=1 currency=JPY&cabin_bag=1&max_stops=1 sort=choice currency=EUR&strict=1&refundable=1&sort=arrival"},
		{"hotels", "/v1/hotels?destination=PAR&check_in=" + ahead(30) + "&check_out=" + ahead(33) + "&rooms=2,1-7", stayPath,
			`{"destination":{"place":"PAR"},"check_in":"` + ahead(30) + `","check_out":"` + ahead(33) + `","rooms":[{"adults":1,"child_ages":[7]},{"adults":2}]}`,
			"sort=stars&limit=200&explain=1 currency=JPY&free_cancellation=1&min_stars=3 sort=distance&board=bed_and_breakfast&strict=1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			once := b.get(c.get + "&limit=50").want(200).view()
			if once.Counts.Results < 10 || once.Status != "degraded" && once.Status != "complete" {
				t.Fatalf("one-shot = %s with %d results, want many", once.Status, once.Counts.Results)
			}
			joined := b.post(c.path, c.body).want(200).view()
			at := c.path + "/" + joined.ID
			polled := b.get(at + "?limit=50").want(200)
			if joined.ID != once.ID || joined.StateHash != once.StateHash || polled.view().StateHash != once.StateHash {
				t.Errorf("state hashes %s, %s, %s of %s and %s", once.StateHash, joined.StateHash, polled.view().StateHash, once.ID, joined.ID)
			}
			for _, view := range strings.Fields(c.views) {
				if v := b.get(at + "?" + view).want(200).view(); v.StateHash != once.StateHash {
					t.Errorf("%s: another state hash", view)
				}
			}
			b.get(at+"?limit=200&offers=all", "Accept-Encoding", "gzip").want(200)
			var pages []string
			for cursor := ""; ; {
				v := b.get(at + "?limit=50&sort=cheapest" + cursor).want(200).view()
				pages = append(pages, v.ids()...)
				if v.NextCursor == nil {
					break
				}
				cursor = "&cursor=" + *v.NextCursor
			}
			if all := b.get(at + "?limit=200&sort=cheapest").view().ids(); len(pages) != once.Counts.Matching || !reflect.DeepEqual(pages[:min(200, len(pages))], all) {
				t.Errorf("%d results on pages, want %d in one order", len(pages), once.Counts.Matching)
			}
		})
	}
}

// TestEveryProtocol: each protocol that feeds can speak has a simulated partner whose
// offers all come through, but for those that are sold with flights only.
func TestEveryProtocol(t *testing.T) {
	b := simulated(t)
	ahead := func(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	speaks, kept := map[string]string{}, map[string]int{}
	for _, spec := range partnersim.DemoPartners(1) {
		speaks[spec.Name] = spec.Protocol
	}
	for _, question := range []string{
		"/v1/flights?origin=LHR&destination=JFK&date=" + ahead(40) + "&return_date=" + ahead(50) + "&adults=2",
		"/v1/hotels?destination=PAR&check_in=" + ahead(30) + "&check_out=" + ahead(33) + "&rooms=2",
	} {
		for _, p := range b.get(question).want(200).view().Partners {
			if p.Name == "dodo" || p.Status == "not_applicable" {
				continue
			}
			kept[speaks[p.Name]] += p.OffersKept
			if p.Status != "ok" || p.OffersKept == 0 || p.OffersKept+p.Drops["package_only"] != p.OffersIn {
				t.Errorf("%s, %s: %+v", p.Name, speaks[p.Name], p)
			}
		}
	}
	for _, protocol := range feeds.Protocols() {
		if kept[protocol] == 0 && protocol != "mapped" { // which no simulated partner speaks: see providers/feeds
			t.Errorf("no offer of a partner that speaks %s", protocol)
		}
	}
}
