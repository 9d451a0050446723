package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"fanfare/cmd/fanfare/server"
	"fanfare/providers/partnersim"
	"fanfare/providers/places"
)

// TestListingsAreKeptApart: two listings that are shown as one property are two after the
// operator says so and the configuration is read again, also in a search that is held, and
// one again when the operator takes it back.
func TestListingsAreKeptApart(t *testing.T) {
	world := partnersim.NewWorld(1, places.Default(), time.Now)
	document := "listen: 127.0.0.1:0\ndata_dir: " + t.TempDir() + "\nops: {listen: 127.0.0.1:0}\nsearch: {budget: 60s, max_wait: 60s}\npartners:\n"
	for _, spec := range partnersim.DemoPartners(1) {
		if spec.Name != "pillow" && spec.Name != "dormouse" {
			continue
		}
		spec.Behaviour.Latency = partnersim.Latency{}
		sim, err := partnersim.Serve(t.Context(), "127.0.0.1:0", partnersim.NewPartner(world, spec))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(sim.Close)
		document += fmt.Sprintf("  - {name: %s, protocol: %s, base_url: %q, allow_private_network: true, deadline: 60s, credentials: {", spec.Name, spec.Protocol, sim.URL())
		for name, value := range spec.Credentials {
			document += fmt.Sprintf("%s: %q, ", name, value)
		}
		document += "}}\n"
	}
	path := written(t, "fanfare.yaml", document)
	cfg, _, err := server.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	s := startServer(t, cfg)

	base := "http://" + s.Addr().String() + "/v1/hotels"
	type view struct {
		ID        string
		Revision  int64
		StateHash string `json:"state_hash"`
		Results   []struct {
			ID        string
			MayBeSame []string `json:"may_be_same"`
			Explain   struct{ Listings []string }
		}
	}
	look := func(url string) (v view) {
		t.Helper()
		get(t, url, &v)
		return v
	}
	shown := func(v view, listing string) (id string, listings, maybe []string) {
		for _, r := range v.Results {
			if slices.Contains(r.Explain.Listings, listing) {
				return r.ID, r.Explain.Listings, r.MayBeSame
			}
		}
		return "", nil, nil
	}
	first := look(base + "?destination=PAR&check_in=" + soon(30) + "&check_out=" + soon(32) + "&wait=60s&limit=200&explain=1")
	var pair []string
	for _, r := range first.Results {
		if len(r.Explain.Listings) == 2 {
			pair = r.Explain.Listings
			break
		}
	}
	if pair == nil {
		t.Fatalf("of %d properties none is listed by both partners", len(first.Results))
	}
	reload := func(document string) view {
		t.Helper()
		if err := os.WriteFile(path, []byte(document), 0o600); err != nil {
			t.Fatal(err)
		}
		s.Reload(t.Context(), path)
		return look(base + "/searches/" + first.ID + "?limit=200&explain=1")
	}
	apart := reload(document + fmt.Sprintf("hotels: {do_not_merge: [[%q, %q]]}\n", pair[1], pair[0]))
	a, _, maybe := shown(apart, pair[0])
	b, listings, _ := shown(apart, pair[1])
	if a == b || len(listings) != 1 || slices.Contains(maybe, b) || apart.Revision <= first.Revision || apart.StateHash != first.StateHash {
		t.Errorf("kept apart: %s is %s, %s is %s (%v), may be the same %v; revision %d after %d, state hash %s after %s",
			pair[0], a, pair[1], b, listings, maybe, apart.Revision, first.Revision, apart.StateHash, first.StateHash)
	}
	if len(apart.Results) != len(first.Results)+1 {
		t.Errorf("%d properties, %d before", len(apart.Results), len(first.Results))
	}
	bad := reload(document + "hotels: {do_not_merge: [[" + strings.Join(pair, ", ") + ", pillow:1]]}\n")
	if c, _, _ := shown(bad, pair[0]); c != a || bad.Revision != apart.Revision {
		t.Error("a bad file changed what is kept apart")
	}
	again := reload(document)
	if _, listings, _ := shown(again, pair[0]); !slices.Equal(listings, pair) {
		t.Errorf("taken back: %s is a property of %v, want %v", pair[0], listings, pair)
	}
}
