package merge

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"fanfare/providers/travel"
)

// flown is an offer of one flight at one minute: sold as the second word, flown by the
// first, which is "" or a carrier or a whole flight.
func flown(operating, sold string) travel.Offer {
	return offer(1000, "L", "BA", flightAt(operating, sold, 600))
}

// A partner for each offer; want is how many aircraft there are.
func TestTwoAircraftAreNeverOne(t *testing.T) {
	for _, test := range []struct {
		name   string
		offers []travel.Offer
		want   int
	}{
		{"a codeshare of the airline that flies another aircraft at that minute", []travel.Offer{flown("BA177", "BA177"), flown("AA", "BA1511")}, 2},
		{"a third that says nothing links neither to the other", []travel.Offer{flown("BA177", "BA177"), flown("AA", "BA1511"), flown("", "BA1511")}, 2},
		{"a third that could be either", []travel.Offer{flown("BA", "IB4218"), flown("AA", "IB4218"), flown("", "IB4218")}, 3},
		{"two known flights, and a seller that may mean either", []travel.Offer{flown("BA177", "BA177"), flown("BA179", "BA179"), flown("BA", "AA6134")}, 3},
		{"two known flights, and a seller's number says which", []travel.Offer{flown("BA177", "BA177"), flown("BA179", "BA179"), flown("BA", "BA179")}, 2},
		{"another number of the airline that flies, operator not stated", []travel.Offer{flown("BA177", "AA6134"), flown("", "BA1511")}, 2},
		{"two numbers of one airline, operators not stated", []travel.Offer{flown("", "BA177"), flown("", "BA1511")}, 2},
		{"all that names the operator joins, beside a number that may be anybody's", []travel.Offer{flown("BA177", "BA177"), flown("BA", "AA6134"), flown("", "BA1511")}, 2},
		{"one number, of which one seller names the operator", []travel.Offer{flown("", "AA6134"), flown("BA", "AA6134")}, 1},
		{"each joins the one with its own number", []travel.Offer{flown("BA", "AA6134"), flown("", "BA177"), flown("", "AA6134"), flown("AA", "BA177")}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				var answers []*Prepared
				for i, o := range test.offers {
					answers = append(answers, prepare(fmt.Sprint("p", i), o))
				}
				if got := Flights(rapid.Permutation(answers).Draw(t, "order")); len(got) != test.want {
					t.Fatalf("%d results, want %d:\n%s", len(got), test.want, shape(got))
				}
			})
		})
	}
}

// drawContradiction draws sellers of up to three flights at one minute who say as much as
// they like of who flies, and contradict each other.
func drawContradiction(t *rapid.T) travel.Segment {
	operating := rapid.SampledFrom([]string{"", "", "BA", "AA", "IB", "BA1", "BA2", "AA1"}).Draw(t, "operating")
	sold := rapid.SampledFrom([]string{"BA1", "BA2", "AA1", "AA2", "IB1"}).Draw(t, "sold")
	s := flightAt("", sold, 600+10*rapid.IntRange(0, 1).Draw(t, "minute"))
	if operating != "" {
		s.Operating = travel.NewFlight(operating[:2], operating[2:])
	}
	return s
}

// No result holds two segments of which the sellers name different operators, or different
// flights of one, whatever links them; and which results there are does not depend on the
// order in which the answers come.
func TestNoResultHoldsSellersThatContradict(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var answers []*Prepared
		for p := range rapid.IntRange(2, 6).Draw(t, "partners") {
			offers := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) travel.Offer {
				return offer(1000, "", "BA", drawContradiction(t))
			}), 1, 3).Draw(t, fmt.Sprint("partner", p))
			answers = append(answers, prepare(fmt.Sprint("p", p), offers...))
		}
		results := Flights(answers)
		for _, r := range results {
			for i, q := range r.Quotes {
				for _, other := range r.Quotes[:i] {
					a, b := q.Offer.Itinerary.Slices[0].Segments[0], other.Offer.Itinerary.Slices[0].Segments[0]
					if a.Operating.Carrier != "" && b.Operating.Carrier != "" && a.Operating.Carrier != b.Operating.Carrier {
						t.Fatalf("%v by %v and %v by %v are one result", a.Marketing, a.Operating, b.Marketing, b.Operating)
					}
					if a.Operating.Number != "" && b.Operating.Number != "" && a.Operating != b.Operating {
						t.Fatalf("%v by %v and %v by %v are one result", a.Marketing, a.Operating, b.Marketing, b.Operating)
					}
				}
				if shown, said := r.Slices[0][0].Operating, q.Offer.Itinerary.Slices[0].Segments[0].Operating; said.Carrier != "" && shown.Carrier != said.Carrier {
					t.Fatalf("shown as flown by %v, %s says %v", shown, q.Partner, said)
				}
			}
		}
		shuffled := rapid.Permutation(answers).Draw(t, "order")
		var m Merger
		for n := 1; n < len(shuffled); n++ {
			m.Flights(shuffled[:n])
		}
		if got, want := linked(m.Flights(shuffled)), linked(results); got != want {
			t.Fatalf("in another order, one after the other:\n%s\nwant\n%s", got, want)
		}
	})
}

// A partner that makes up flights for one minute costs no more than a bounded comparison,
// and takes nothing from flights that are known.
func TestManyStatementsOfOneMinuteAreNotCompared(t *testing.T) {
	var made []travel.Offer
	for i := range 2 * maxStatements {
		made = append(made, flown("BA", fmt.Sprint("AA", 1000+i)))
	}
	honest, other := prepare("honest", flown("BA177", "BA177")), prepare("other", flown("BA177", "IB4218"))
	got := Flights([]*Prepared{honest, prepare("liar", made...), other})
	if want := Flights([]*Prepared{prepare("liar", made...), other, honest}); linked(got) != linked(want) {
		t.Errorf("another order gives other results")
	}
	if len(got) != 1+2*maxStatements {
		t.Errorf("%d results, want every made-up flight by itself and BA177 once", len(got))
	}
}
