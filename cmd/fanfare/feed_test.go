package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"fanfare/providers/feeds"
)

// TestFeedProtocols: every protocol that a feed may name stands in the list, with words
// for each thing that it may declare.
func TestFeedProtocols(t *testing.T) {
	got := ranWith(t, "", "feed", "protocols")
	if got.code != exitDone || got.err != "" {
		t.Fatalf("feed protocols = %d, %q", got.code, got.err)
	}
	for _, p := range feeds.Describe() {
		i := strings.Index("\n"+got.out, "\n"+p.Name+": ")
		if i < 0 {
			t.Errorf("%s is not listed", p.Name)
			continue
		}
		entry, _, _ := strings.Cut(got.out[i:], "\n\n")
		for _, s := range slices.Concat(p.Credentials, p.Options) {
			if !strings.Contains(entry, " "+s.Name+" ") || len(s.About) < 8 || !strings.Contains(entry, s.About) {
				t.Errorf("%s: %s has no words in\n%s", p.Name, s.Name, entry)
			}
		}
	}
	var list []protocolJSON
	one := ranWith(t, "", "feed", "protocols", "hotelbeds", "--json")
	if err := json.Unmarshal([]byte(one.out), &list); err != nil || len(list) != 1 || len(list[0].Credentials) != 2 || !list[0].Credentials[0].Required || list[0].Options[0].Required {
		t.Errorf("feed protocols hotelbeds --json = %s, %v", one.out, err)
	}
	ranWith(t, "", "feed", "protocols", "telex").oneLine(t, "an unknown protocol", exitUsage, "^fanfare: telex: no protocol; one of .*duffel")
}
