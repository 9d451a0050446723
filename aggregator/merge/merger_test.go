package merge

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fanfare/providers/travel"
)

// drawCollision is like drawSegment with more that collides: known and unknown operators
// at the same minutes, and times of one flight that conflict, with others between them.
func drawCollision(t *rapid.T) travel.Segment {
	carriers := []string{"BA", "AA"}
	operating := rapid.SampledFrom([]string{"", "BA", "AA", "BA1", "BA2", "AA1"}).Draw(t, "operating")
	sold := rapid.SampledFrom(carriers).Draw(t, "sold") + rapid.SampledFrom([]string{"1", "2"}).Draw(t, "number")
	minute := 600 + 10*rapid.IntRange(0, 4).Draw(t, "minute")
	s := flightAt("", sold, minute)
	if operating != "" {
		s.Operating = travel.NewFlight(operating[:2], operating[2:])
	}
	return s
}

func drawColliding(t *rapid.T, partners int) []*Prepared {
	var answers []*Prepared
	for p := range partners {
		offers := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) travel.Offer {
			return offer(int64(rapid.IntRange(1, 3).Draw(t, "price"))*1000, "", "BA", drawCollision(t))
		}), 0, 5).Draw(t, fmt.Sprint("partner", p))
		answers = append(answers, prepare(fmt.Sprint("p", p), offers...))
	}
	return answers
}

// linked is the shape of results with what they are linked to.
func linked(results []travel.Result) string {
	s := shape(results)
	for _, r := range results {
		s += fmt.Sprintln(r.ID, r.Linked)
	}
	return s
}

// Answers merged one after another, in any order and any batches, are what they are
// merged at once; and so are those that remain when one is taken away or replaced.
func TestOneMoreAnswerIsAsMergedAnew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		answers := rapid.Permutation(drawColliding(t, 5)).Draw(t, "order")
		var m Merger
		for n := 0; n < len(answers); {
			n = rapid.IntRange(n+1, len(answers)).Draw(t, "until")
			if got, want := linked(m.Flights(answers[:n])), linked(Flights(answers[:n])); got != want {
				t.Fatalf("after %d answers:\n%s\nanew:\n%s", n, got, want)
			}
		}
		gone := slices.Delete(slices.Clone(answers), 0, 1)
		if got, want := linked(m.Flights(gone)), linked(Flights(gone)); got != want {
			t.Fatalf("after one answer is gone:\n%s\nanew:\n%s", got, want)
		}
	})
}

// What a call has returned does not change by the next.
func TestResultsStayWhenOneMoreAnswerComes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		answers := drawColliding(t, 3)
		var m Merger
		first := m.Flights(answers[:2])
		before := linked(first)
		m.Flights(answers)
		if after := linked(first); after != before {
			t.Fatalf("results changed from\n%s\nto\n%s", before, after)
		}
	})
}

// Taking a partner away takes exactly its offers.
func TestRemovingAPartnerRemovesItsOffers(t *testing.T) {
	quotes := func(results []travel.Result, without string) (all []string) {
		for _, r := range results {
			for _, q := range r.Quotes {
				if q.Partner != without {
					all = append(all, q.ID)
				}
			}
		}
		slices.Sort(all)
		return all
	}
	rapid.Check(t, func(t *rapid.T) {
		answers := drawColliding(t, 4)
		want := quotes(Flights(answers), "p0")
		if got := quotes(Flights(answers[1:]), ""); !slices.Equal(got, want) {
			t.Fatalf("without p0: %v, want %v", got, want)
		}
	})
}
