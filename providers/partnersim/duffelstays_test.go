package partnersim

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fanfare/providers/partnersim/duffel"
	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

const duffelParis = `{"data":{"rooms":1,"guests":[{"type":"adult"},{"type":"adult"},{"type":"child","age":7}],"check_in_date":"2027-03-01","check_out_date":"2027-03-04","location":{"radius":10,"geographic_coordinates":{"latitude":48.8566,"longitude":2.3522}}}}`

// duffelStaysCall is a good request that the vendor answers: a search, or without a question all rates of a result.
func duffelStaysCall(path, question string) *http.Request {
	r := httptest.NewRequest("POST", path, strings.NewReader(question))
	r.Header.Set("Authorization", "Bearer secret")
	r.Header.Set("Duffel-Version", "v2")
	if question != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

func duffelStaysPartner(w *world.World) *Partner {
	return NewPartner(w, Spec{Name: "quilt", Protocol: "duffel-stays", Currency: "GBP", Credentials: map[string]string{"token": "secret"}})
}

// TestDuffelStays: the cheapest rate that a search tells is the cheapest of all rates, and
// a total is the sum of its parts, without what is due at the accommodation.
func TestDuffelStays(t *testing.T) {
	p := duffelStaysPartner(testWorld(3))
	var found struct {
		Data struct{ Results []duffel.StayResult }
	}
	if err := json.Unmarshal(call(p, duffelStaysCall(duffel.StaysPath, duffelParis)).Body.Bytes(), &found); err != nil || len(found.Data.Results) < 40 {
		t.Fatalf("search: %v, %d results", err, len(found.Data.Results))
	}
	minor := func(text string) int64 {
		m, err := travel.ParseMoney(text, "GBP")
		if err != nil {
			t.Fatal(err)
		}
		return m.Minor
	}
	free, due, split := 0, 0, 0
	for _, searched := range found.Data.Results {
		var all struct{ Data duffel.StayResult }
		rw := call(p, duffelStaysCall(duffel.RatesPath+searched.ID+duffel.RatesTail, ""))
		if err := json.Unmarshal(rw.Body.Bytes(), &all); err != nil || rw.Code != 200 {
			t.Fatalf("rates: %d %v", rw.Code, err)
		}
		if all.Data.ID != searched.ID || all.Data.Accommodation.ID != searched.Accommodation.ID {
			t.Errorf("the rates are of %s, asked was for %s", all.Data.ID, searched.ID)
		}
		least := int64(-1)
		for _, room := range all.Data.Accommodation.Rooms {
			for _, r := range room.Rates {
				total := minor(r.Total)
				if least < 0 || total < least {
					least = total
				}
				if r.Base != nil {
					split++
					if sum := minor(*r.Base) + minor(*r.Tax) + minor(*r.Fee); sum != total {
						t.Errorf("rate %s: parts make %d, the total is %d", r.ID, sum, total)
					}
				}
				if r.Due != nil {
					due++
				}
				if len(r.Timeline) > 0 {
					free++
				}
			}
		}
		if least != minor(searched.CheapestTotal) {
			t.Errorf("%s: the cheapest rate is %d, the search says %s", searched.ID, least, searched.CheapestTotal)
		}
	}
	if free == 0 || due == 0 || split == 0 {
		t.Errorf("%d can be cancelled, %d have something due, %d are split", free, due, split)
	}
}

// TestStaysExactly: a benchmark gets as many properties as it wants, fewer or more than
// the partner's bound.
func TestStaysExactly(t *testing.T) {
	w := testWorld(1)
	for _, n := range []int{7, 150} {
		p := duffelStaysPartner(w)
		p.SetBehaviour(Behaviour{Offers: n})
		var found struct {
			Data struct{ Results []struct{} }
		}
		if err := json.Unmarshal(call(p, duffelStaysCall(duffel.StaysPath, duffelParis)).Body.Bytes(), &found); err != nil || len(found.Data.Results) != n {
			t.Errorf("duffel-stays: Offers: %d gives %d, %v", n, len(found.Data.Results), err)
		}
		o := otaHotelPartner(w)
		o.SetBehaviour(Behaviour{Offers: n})
		listed, err := exchange.ParseXML(call(o, otaHotelCall(otaHotelsNear)).Body.Bytes())
		if got := len(listed.Kid("Properties").All("Property")); err != nil || got != n {
			t.Errorf("ota-hotel: Offers: %d gives %d, %v", n, got, err)
		}
	}
}

func TestDuffelStaysRefuses(t *testing.T) {
	p := duffelStaysPartner(testWorld(1))
	searched := func(from, to string) *http.Request {
		return duffelStaysCall(duffel.StaysPath, strings.Replace(duffelParis, from, to, 1))
	}
	for name, c := range map[string]struct {
		request *http.Request
		status  int
		says    string
	}{
		"no token":        {bare(searched("", ""), "Authorization"), 401, "missing_authorization_header"},
		"no version":      {bare(searched("", ""), "Duffel-Version"), 400, "missing_version"},
		"flights":         {duffelStaysCall(duffel.PathName, duffelParis), 404, "not_found"},
		"unknown result":  {duffelStaysCall(duffel.RatesPath+"srr_1"+duffel.RatesTail, ""), 404, "not_found"},
		"no JSON":         {duffelStaysCall(duffel.StaysPath, "<a/>"), 400, "not valid JSON"},
		"unknown field":   {searched(`"rooms"`, `"rums":2,"rooms"`), 422, "validation_unknown"},
		"no rooms":        {searched(`"rooms":1`, `"rooms":0`), 422, "rooms"},
		"dates swapped":   {searched("2027-03-04", "2027-02-28"), 422, "check_out_date"},
		"child, no age":   {searched(`,"age":7`, ""), 422, "guests"},
		"too few adults":  {searched(`"rooms":1`, `"rooms":3`), 422, "an adult for each room"},
		"radius of 500":   {searched(`"radius":10`, `"radius":500`), 422, "100 km"},
		"nothing around":  {searched("48.8566", "-60"), 200, `"results":[]`},
		"a party of five": {searched(`"age":7`, `"age":7},{"type":"child","age":3},{"type":"child","age":1`), 200, `"results":[{`},
	} {
		if rw := call(p, c.request); rw.Code != c.status || !strings.Contains(rw.Body.String(), c.says) {
			t.Errorf("%s: %d %.300s, want %d and %q", name, rw.Code, rw.Body, c.status, c.says)
		}
	}
}
