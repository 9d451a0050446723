package merge

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fanfare/providers/travel"
)

// nearSegment is a flight from LHR to JFK at a minute after midnight, 8 hours long.
func nearSegment(marketing, operating travel.Flight, minute int64) travel.ResultSegment {
	departs := travel.LocalTime{Unix: int64(travel.NewDate(2027, 3, 1))*86400 + minute*60}
	return travel.ResultSegment{Segment: travel.Segment{Marketing: marketing, Operating: operating, Origin: "LHR", Destination: "JFK",
		Departs: departs, Arrives: travel.LocalTime{Unix: departs.Unix + 8*3600}}}
}

// near links results that nobody has merged.
func near(results []travel.Result) {
	var l linker
	groups := make([]group, len(results))
	for i := range results {
		groups[i] = group{id: results[i].ID, result: results[i]}
	}
	for i := range groups {
		l.take(groups, i)
	}
	l.link(groups)
	for i := range groups {
		results[i] = groups[i].result
	}
}

func TestNear(t *testing.T) {
	ba, aa, none := travel.NewFlight("BA", "177"), travel.NewFlight("AA", "6134"), travel.Flight{}
	onlyBA := travel.Flight{Carrier: "BA"}
	for _, test := range []struct {
		name string
		a, b travel.ResultSegment
		want travel.LinkReason
	}{
		{"one flight at two times", nearSegment(ba, ba, 600), nearSegment(ba, ba, 620), travel.ScheduleConflict},
		{"two airlines at the same minutes, of which one is silent", nearSegment(ba, ba, 600), nearSegment(aa, none, 600), travel.ProbableCodeshare},
		{"both silent", nearSegment(ba, none, 600), nearSegment(aa, none, 600), travel.ProbableCodeshare},
		{"two aircraft by both partners' words", nearSegment(ba, ba, 600), nearSegment(aa, aa, 600), ""},
		{"two aircraft of one airline", nearSegment(ba, ba, 600), nearSegment(aa, travel.NewFlight("BA", "179"), 600), ""},
		{"two operators, without numbers", nearSegment(ba, onlyBA, 600), nearSegment(aa, travel.Flight{Carrier: "AA"}, 600), ""},
		{"other minutes", nearSegment(ba, none, 600), nearSegment(aa, none, 601), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			results := []travel.Result{{ID: "a", Slices: [][]travel.ResultSegment{{test.a}}}, {ID: "b", Slices: [][]travel.ResultSegment{{test.b}}}}
			near(results)
			var want []travel.Link
			if test.want != "" {
				want = []travel.Link{{ID: "b", Why: test.want}}
			}
			if !slices.Equal(results[0].Linked, want) || (len(results[1].Linked) == 1) != (want != nil) {
				t.Errorf("linked %v and %v, want %v", results[0].Linked, results[1].Linked, want)
			}
		})
	}
	apart := []travel.Result{{ID: "a", Slices: [][]travel.ResultSegment{{nearSegment(ba, ba, 600)}}}, {ID: "b", Slices: [][]travel.ResultSegment{{nearSegment(aa, none, 600)}}, SelfTransfer: []int{1}}}
	if near(apart); apart[0].Linked != nil {
		t.Error("a through ticket is linked to tickets that change")
	}
}

// TestLinksAreMutual, and never to itself, in worlds where everything collides.
func TestLinksAreMutual(t *testing.T) {
	flights := []travel.Flight{{}, {Carrier: "BA"}, travel.NewFlight("BA", "1"), travel.NewFlight("AA", "2")}
	rapid.Check(t, func(t *rapid.T) {
		var results []travel.Result
		for i := range rapid.IntRange(1, 7).Draw(t, "results") {
			s := nearSegment(rapid.SampledFrom(flights[2:]).Draw(t, "marketing"), rapid.SampledFrom(flights).Draw(t, "operating"), rapid.SampledFrom([]int64{600, 620}).Draw(t, "minute"))
			results = append(results, travel.Result{ID: string(rune('a' + i)), Slices: [][]travel.ResultSegment{{s}}})
		}
		near(results)
		for i := range results {
			for _, l := range results[i].Linked {
				j := int(l.ID[0] - 'a')
				if j == i || !slices.Contains(results[j].Linked, travel.Link{ID: results[i].ID, Why: l.Why}) {
					t.Fatalf("%s is linked to %v, which is linked to %v", results[i].ID, l, results[j].Linked)
				}
			}
		}
	})
}
