package duffel

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"fanfare/providers/providertest"
	"fanfare/providers/travel"
)

// TestShapesOfDocuments: the same offer, as clients of HTTP and logs wrap it.
func TestShapesOfDocuments(t *testing.T) {
	var one struct{ Data json.RawMessage }
	if err := json.Unmarshal(providertest.Load(t, "duffel/one.json"), &one); err != nil {
		t.Fatal(err)
	}
	offer := string(one.Data)
	for _, doc := range []string{
		`{"data":{"offers":[` + offer + `]}}`, `{"data":[` + offer + `]}`, `{"meta":{"status":200},"data":` + offer + `}`, offer, `[` + offer + `]`, `{"offers":[` + offer + `]}`,
		`{"result":{"data":[` + offer + `]}}`, `{"status":200,"data":{"data":[` + offer + `]}}`, `[{"body":{"data":{"offers":[` + offer + `]}}}]`,
	} {
		if a, err := Decode([]byte(doc), nil); err != nil || a.OffersIn != 1 || len(a.Offers) != 1 {
			t.Errorf("%.40s…: %d in, drops %v, %v, want one offer", doc, a.OffersIn, a.Drops, err)
		}
	}
}

// TestSlicesSpeakForAll: what all slices say about a change stands for the offer that says nothing.
func TestSlicesSpeakForAll(t *testing.T) {
	yes, no := `{"allowed":true,"penalty_amount":"%s","penalty_currency":"GBP"}`, `{"allowed":false,"penalty_amount":null,"penalty_currency":null}`
	for _, test := range []struct {
		offer  string
		slices []string
		want   string
	}{
		{`null`, []string{fmt.Sprintf(yes, "30.00"), fmt.Sprintf(yes, "50.00")}, "yes GBP 50.00"},
		{`null`, []string{fmt.Sprintf(yes, "30.00"), no}, "no unknown"},
		{`null`, []string{fmt.Sprintf(yes, "30.00"), `null`}, "? unknown"},
		{fmt.Sprintf(yes, "20.00"), []string{no}, "yes GBP 20.00"},
	} {
		var list []string
		for i, s := range test.slices {
			list = append(list, fmt.Sprintf(`{"conditions":{"change_before_departure":%s},"segments":[{"origin":{"iata_code":"LHR"},"destination":{"iata_code":"JFK"},"departing_at":"2027-03-0%dT10:00","arriving_at":"2027-03-0%dT13:00","marketing_carrier":{"iata_code":"BA"},"marketing_carrier_flight_number":"1"}]}`, s, i+1, i+1))
		}
		doc := `{"data":{"total_amount":"100.00","total_currency":"GBP","conditions":{"change_before_departure":` + test.offer + `},"slices":[` + strings.Join(list, ",") + `]}}`
		a, err := Decode([]byte(doc), nil)
		if err != nil || len(a.Offers) != 1 {
			t.Fatalf("%s: drops %v, %v", doc, a.Drops, err)
		}
		f := &a.Offers[0].Fare
		allowed := map[travel.Answered]string{travel.Yes: "yes", travel.No: "no", travel.Unknown: "?"}[f.Changeable]
		if got := allowed + " " + f.ChangeFee.String(); got != test.want {
			t.Errorf("offer %s, slices %v: %s, want %s", test.offer, test.slices, got, test.want)
		}
	}
}

// TestInfantByAge: a passenger below two without a type sits on a lap, whose bags do not count.
func TestInfantByAge(t *testing.T) {
	doc := strings.Replace(string(providertest.Load(t, "duffel/one.json")), `"passengers": [`, `"passengers": [{"passenger_id":"pas_2","baggages":[]},`, 1)
	for age, want := range map[string]travel.Pieces{"1": travel.PiecesOf(1), "7": travel.PiecesOf(-1)} {
		at := strings.LastIndex(doc, `"passengers": [`) + len(`"passengers": [`)
		a, err := Decode([]byte(doc[:at]+`{"id":"pas_2","type":null,"age":`+age+`},`+doc[at:]), nil)
		if err != nil || len(a.Offers) != 1 || a.Offers[0].Fare.CabinBags != want {
			t.Errorf("aged %s: %+v, %v, want cabin bags %v", age, a.Offers, err, want)
		}
	}
}
