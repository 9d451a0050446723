package merge

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fanfare/aggregator/merge/match"
	"fanfare/providers/travel"
)

// stayShape is all that travellers see of results.
func stayShape(results []travel.StayResult) string {
	s := ""
	for i := range results {
		r := &results[i]
		s += fmt.Sprintln(r.ID, r.Property, r.Listings, r.MayBe)
		for _, q := range r.Quotes {
			s += fmt.Sprintln(" ", q.ID, q.Partner, q.EURMicros)
		}
	}
	return s
}

// drawCrowdedStay is a house of few names on few spots, so that blocks are large and small
// by turns, positions are centroids by turns, and partners list a house twice.
func drawCrowdedStay(t *rapid.T, id int) travel.Stay {
	names := []string{"Hotel Bayard", "Bayard Lyon", "Hotel Bayard Express", "Carnot", "Hotel Carnot II", "Villa Florentine", "Villa Florentina", "Ibis Lyon Nord", "Ibis Lyon", "Hotel Central", "Grand Hotel Central", "Central Bayard"}
	metres := rapid.SampledFrom([]float64{0, 0, 0, 40, 300, 900, 2500}).Draw(t, "metres")
	s := house(fmt.Sprint(id), rapid.SampledFrom(names).Draw(t, "name"), metres)
	s.Property.Stars = float64(rapid.SampledFrom([]int{0, 3, 5}).Draw(t, "stars"))
	if rapid.IntRange(0, 4).Draw(t, "placed") == 0 {
		s.Property.HasGeo, s.Property.Lat, s.Property.Lon = false, 0, 0
		s.Property.City = rapid.SampledFrom([]string{"", "Lyon", "Villeurbanne"}).Draw(t, "city")
	}
	s.Rates = []travel.Rate{rate(int64(rapid.IntRange(50, 60).Draw(t, "price")), travel.RoomOnly)}
	return s
}

func drawCrowd(t *rapid.T, partner string, most int) *Prepared {
	var stays []travel.Stay
	for id := range rapid.IntRange(0, most).Draw(t, "stays") {
		stays = append(stays, drawCrowdedStay(t, id))
	}
	return sealStays(partner, stays...)
}

// Whatever comes, goes and is replaced, in any order and with any judgements: the results
// are those of merging anew what is there.
func TestStaysFollowTheirAnswers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var m Merger
		answers := map[string]*Prepared{}
		var doNotMerge []DoNotMerge
		for range rapid.IntRange(1, 8).Draw(t, "changes") {
			partner := fmt.Sprint("p", rapid.IntRange(0, 4).Draw(t, "partner"))
			switch was := answers[partner]; {
			case was != nil && rapid.IntRange(0, 3).Draw(t, "goes") == 0:
				delete(answers, partner)
			case was != nil && rapid.Bool().Draw(t, "fewer"): // rates past their hour are gone
				stays := slices.Clone(was.Answer.Stays)
				if n := len(stays); n > 0 {
					at := rapid.IntRange(0, n-1).Draw(t, "gone")
					stays = slices.Delete(stays, at, at+1)
				}
				answers[partner] = sealStays(partner, stays...)
			default:
				answers[partner] = drawCrowd(t, partner, 24)
			}
			if rapid.IntRange(0, 4).Draw(t, "judges") == 0 {
				listing := func() travel.Listing {
					return travel.Listing{Partner: fmt.Sprint("p", rapid.IntRange(0, 4).Draw(t, "of")), ID: fmt.Sprint(rapid.IntRange(0, 5).Draw(t, "id"))}
				}
				doNotMerge = append(slices.Clone(doNotMerge[:len(doNotMerge)/2]), DoNotMerge{listing(), listing()})
			}
			var all []*Prepared
			for _, a := range answers {
				all = append(all, a) // in any order
			}
			var anew Merger
			if got, want := stayShape(m.Stays(all, doNotMerge...)), stayShape(anew.Stays(all, doNotMerge...)); got != want {
				t.Fatalf("merged as it came:\n%s\nanew:\n%s", got, want)
			}
			if got, want := blockSizes(&m), blockSizes(&anew); !maps.Equal(got, want) {
				t.Fatalf("%d blocks as it came, %d anew, or of other sizes", len(got), len(want))
			}
		}
	})
}

// blockSizes are how many members each block has.
func blockSizes(m *Merger) map[match.BlockID]int {
	sizes := map[match.BlockID]int{}
	for id, members := range m.stays.blocks.Members {
		sizes[id] = len(members)
	}
	return sizes
}

// What a call has returned does not change by the next.
func TestStayResultsStayWhenAnswersChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawCrowd(t, "a", 12), drawCrowd(t, "b", 12), drawCrowd(t, "c", 12)
		var m Merger
		first := m.Stays([]*Prepared{a, b})
		before := stayShape(first)
		m.Stays([]*Prepared{a, b, c})
		m.Stays([]*Prepared{c, sealStays("a", a.Answer.Stays...)})
		if after := stayShape(first); after != before {
			t.Fatalf("results changed from\n%s\nto\n%s", before, after)
		}
	})
}

// An answer of the same listings with other rates keeps them where they are: no pair is
// weighed again.
func TestReplacedRatesKeepTheirListings(t *testing.T) {
	var m Merger
	first := sealStays("a", house("1", "Hotel Bayard", 0), house("2", "Carnot", 400))
	other := sealStays("b", house("1", "Bayard Lyon", 10))
	m.Stays([]*Prepared{first, other})
	before := m.stays.listings["a"]
	fewer := sealStays("a", house("1", "Hotel Bayard", 0))
	results := m.Stays([]*Prepared{fewer, other})
	if got := m.stays.listings["a"]; len(got) != 1 || got[0] != before[0] {
		t.Errorf("listings of a are at %v, want the first of %v", got, before)
	}
	if got, _ := clustersOf(results); !slices.Equal(got, []string{"[a b]"}) || len(results) != 1 {
		t.Errorf("merged %v in %d results, want a and b in one", got, len(results))
	}
}

// Two listings that meet by one word only part when a crowd comes that shares the word,
// and meet again when it leaves.
func TestCrowdsPartAndMeetListings(t *testing.T) {
	a := sealStays("a", house("1", "Bayard Kastanienhof", 0))
	b := sealStays("b", house("1", "Bayard Kastanienhob", 300))
	var crowded []travel.Stay
	for i := range match.Crowd {
		crowded = append(crowded, house(fmt.Sprint(i), fmt.Sprint("Bayard ", string(rune('a'+i%26)), "ulm", string(rune('a'+i/26))), float64(i*10)))
	}
	c := sealStays("c", crowded...)
	d := sealStays("d", house("1", "Bayard Quittenbaum", 900))
	together := func(results []travel.StayResult) bool {
		return slices.ContainsFunc(results, func(r travel.StayResult) bool {
			return slices.Contains(r.Listings, travel.Listing{Partner: "a", ID: "1"}) && (len(r.Listings) > 1 || len(r.MayBe) > 0)
		})
	}
	var m Merger
	for n, step := range []struct {
		answers []*Prepared
		want    bool
	}{
		{[]*Prepared{a, b}, true}, {[]*Prepared{a, b, c}, false}, {[]*Prepared{a, b}, true}, {[]*Prepared{c, b}, false}, {[]*Prepared{c, b, a}, false}, {[]*Prepared{b, a}, true}, {[]*Prepared{a, b, c}, false}, {[]*Prepared{a, b, d}, true},
	} {
		var fresh Merger
		got, anew := m.Stays(step.answers), fresh.Stays(step.answers)
		if got, want := blockSizes(&m), blockSizes(&fresh); !maps.Equal(got, want) {
			t.Errorf("step %d: %d blocks as it came, %d anew, or of other sizes", n, len(got), len(want))
		}
		if together(anew) != step.want {
			t.Fatalf("step %d: merged anew, a and b meet: %v, want %v", n, together(anew), step.want)
		}
		if got, want := stayShape(got), stayShape(anew); got != want {
			t.Errorf("step %d: merged as it came:\n%s\nanew:\n%s", n, got, want)
		}
	}
}

// A position that becomes a town's when more listings come is no position of those that
// were there, and is one again when they leave.
func TestCentroidsComeAndGo(t *testing.T) {
	a := sealStays("a", house("1", "Park Hotel", 0))
	b := sealStays("b", house("1", "Park Hotel", 30))
	var others []travel.Stay
	for i := range maxCentroid {
		others = append(others, house(fmt.Sprint(i), fmt.Sprint("Quelle", i, string(rune('a'+i)), "ulm"), 0))
	}
	c := sealStays("c", others...)
	var m Merger
	for n, answers := range [][]*Prepared{{a, b}, {a, b, c}, {a, b}, {a, c}, {a, b, c}} {
		got, anew := m.Stays(answers), Stays(answers)
		if merged, _ := clustersOf(anew); (len(merged) == 1) != (n == 0 || n == 2) {
			t.Fatalf("step %d: merged anew %v", n, merged)
		}
		if got, want := stayShape(got), stayShape(anew); got != want {
			t.Errorf("step %d: merged as it came:\n%s\nanew:\n%s", n, got, want)
		}
	}
}
