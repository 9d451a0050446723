package assemble

import (
	"testing"

	"fanfare/providers/travel"
)

func TestShared(t *testing.T) {
	segments := []travel.Segment{{Origin: "LHR", Destination: "CDG"}, {Origin: "CDG", Destination: "JFK"}}
	it := travel.Itinerary{Slices: CutSlices(nil, segments, []int{1, 1})}
	cabins, bases := []travel.Cabin{travel.Economy, travel.CabinUnknown}, []string{"", "Y1"}
	var shared Shared
	offer := func() (o travel.Offer) {
		o.Itinerary = shared.Itinerary(it)
		shared.Fare(&o.Fare, cabins, bases)
		return o
	}
	first, second := offer(), offer()
	segments[1].Destination, cabins[1], bases[1] = "EWR", travel.Business, "Y2" // a decoder's memory is used again
	third := offer()
	for name, o := range map[string]travel.Offer{"first": first, "second": second} {
		if got := o.Itinerary.Slices[1].Segments[0].Destination; got != "JFK" || o.Fare.Cabin[1] != travel.CabinUnknown || o.Fare.Basis[1] != "Y1" {
			t.Errorf("the %s offer became %s, %v, %v", name, got, o.Fare.Cabin, o.Fare.Basis)
		}
	}
	if &first.Itinerary.Slices[0] != &second.Itinerary.Slices[0] || &first.Fare.Cabin[0] != &second.Fare.Cabin[0] || &first.Fare.Basis[0] != &second.Fare.Basis[0] {
		t.Error("equal offers share nothing")
	}
	if got := third.Itinerary.Slices[1].Segments[0].Destination; got != "EWR" || third.Fare.Cabin[1] != travel.Business || third.Fare.Basis[1] != "Y2" {
		t.Errorf("the third offer is %s, %v, %v, want its own", got, third.Fare.Cabin, third.Fare.Basis)
	}
	var none travel.Fare
	if shared.Fare(&none, make([]travel.Cabin, 2), make([]string, 2)); none.Cabin != nil || none.Basis != nil {
		t.Errorf("a fare that states nothing has %v, %v", none.Cabin, none.Basis)
	}
}
