package web_test

import (
	"maps"
	"slices"
	"testing"

	"fanfare/providers/travel"
)

// A connection on one ticket that leaves little time is marked at the segment that it leads
// to: below 45 minutes within a country, below 60 across a border. Where tickets change, it is not.
func TestShortConnectionsAreMarked(t *testing.T) {
	const toGlasgow, toDublin = "BA1474 LHR 2000-03-01T08:00:00+00:00 GLA 2000-03-01T09:20:00+00:00", "EI155 LHR 2000-03-01T08:00:00+00:00 DUB 2000-03-01T09:20:00+00:00"
	for _, test := range []struct {
		name     string
		transfer []int
		segments []string
		want     []bool
	}{
		{"45 minutes within a country", nil, []string{toGlasgow, "LM300 GLA 2000-03-01T10:05:00+00:00 SYY 2000-03-01T11:05:00+00:00"}, []bool{false, false}},
		{"44 minutes within a country", nil, []string{toGlasgow, "LM300 GLA 2000-03-01T10:04:00+00:00 SYY 2000-03-01T11:05:00+00:00"}, []bool{false, true}},
		{"59 minutes to another country", nil, []string{toGlasgow, "AA201 GLA 2000-03-01T10:19:00+00:00 JFK 2000-03-01T14:00:00-05:00"}, []bool{false, true}},
		{"59 minutes from another country", nil, []string{toDublin, "EI105 DUB 2000-03-01T10:19:00+00:00 JFK 2000-03-01T14:00:00-05:00"}, []bool{false, true}},
		{"60 minutes across a border", nil, []string{toDublin, "EI105 DUB 2000-03-01T10:20:00+00:00 JFK 2000-03-01T14:00:00-05:00"}, []bool{false, false}},
		{"another ticket", []int{1}, []string{toDublin, "EI105 DUB 2000-03-01T10:00:00+00:00 JFK 2000-03-01T14:00:00-05:00"}, []bool{false, false}},
		{"the second of two", nil, []string{toDublin, "EI105 DUB 2000-03-01T11:00:00+00:00 BOS 2000-03-01T14:00:00-05:00", "B61 BOS 2000-03-01T14:40:00-05:00 JFK 2000-03-01T16:00:00-05:00"}, []bool{false, false, true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				to := travel.Airport("JFK")
				if test.segments[0] == toGlasgow {
					to = travel.Airport(test.segments[1][len("LM300 GLA 2000-03-01T10:05:00+00:00 "):][:3])
				}
				b := newBench(t, noConfig, asks("albatross", 0, flights(offer("GBP 300.00", func(o *travel.Offer) { o.SelfTransfer = test.transfer }, test.segments...))))
				v := decode[struct {
					Results []struct {
						Slices []struct {
							Segments []struct {
								ShortConnection bool `json:"short_connection"`
							}
						}
					}
				}](b.get(with(oneWay, "destination", string(to))))
				var got []bool
				for _, s := range v.Results[0].Slices[0].Segments {
					got = append(got, s.ShortConnection)
				}
				if !slices.Equal(got, test.want) {
					t.Errorf("short connections %v, want %v", got, test.want)
				}
			})
		})
	}
}

// Every airline that sells or flies a segment has its name beside the result, also where no
// facet lists it: BA and EI together are no choice of one airline.
func TestResultsNameTheirAirlines(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, flights(offer("GBP 300.00", nil, "EI155 LHR 2000-03-01T08:00:00+00:00 DUB 2000-03-01T09:20:00+00:00", "BA177 DUB 2000-03-01T11:20:00+00:00 JFK 2000-03-01T14:00:00-05:00"))))
		v := decode[struct {
			Facets  struct{ Carriers []struct{ Value string } }
			Results []struct{ Airlines map[string]string }
		}](b.get(oneWay))
		if want := map[string]string{"BA": "British Airways", "EI": "Aer Lingus"}; !maps.Equal(v.Results[0].Airlines, want) {
			t.Errorf("airlines %v, want %v", v.Results[0].Airlines, want)
		}
		if len(v.Facets.Carriers) != 0 {
			t.Errorf("carriers %v, want none: neither alone shows the flight", v.Facets.Carriers)
		}
	})
}
