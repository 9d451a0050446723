package amadeus

import (
	"encoding/json"
	"testing"

	"fanfare/providers/places"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
)

// TestDataAlone: clients hand over what is in "data", all of it or one.
func TestDataAlone(t *testing.T) {
	for name, decode := range map[string]func([]byte, *places.Atlas) (travel.Answer, error){"air_search": DecodeAir, "hotel_search": DecodeHotel} {
		var doc struct{ Data []json.RawMessage }
		whole := providertest.Load(t, "amadeus/"+name+".json")
		if err := json.Unmarshal(whole, &doc); err != nil {
			t.Fatal(err)
		}
		list, err := json.Marshal(doc.Data)
		if err != nil {
			t.Fatal(err)
		}
		want, err := decode(whole, nil)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := decode(append([]byte("\ufeff"), list...), nil); err != nil || a.OffersIn != want.OffersIn || a.OffersKept() != want.OffersKept() {
			t.Errorf("%s: the list: %d in, %d kept, %v; want %d, %d", name, a.OffersIn, a.OffersKept(), err, want.OffersIn, want.OffersKept())
		}
		if a, err := decode(doc.Data[0], nil); err != nil || a.OffersIn == 0 {
			t.Errorf("%s: the first: %d in, %v", name, a.OffersIn, err)
		}
	}
}
